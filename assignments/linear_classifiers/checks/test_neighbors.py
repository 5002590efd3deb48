"""Checks of the k-nearest-neighbour vote that every student sees (slides s.20-27)."""

from functools import cache

import numpy as np
import pytest
from sklearn.datasets import load_digits

from autograder.checks import check_labels, check_shape
from autograder.errors import CheckFailure, FailureDetails

# Nearest first: row 0 sees the labels 2, 1, 1, 0, 0; row 1 sees 0, 0, 1, 2, 1.
DISTANCES = np.array([[4.0, 1.0, 3.0, 2.0, 9.0], [2.0, 7.0, 5.0, 8.0, 1.0]])
LABELS = np.array([0, 2, 1, 1, 0])
LABELS_FOUND = {"en": "the predicted labels", "fa": "برچسب‌های پیش‌بینی‌شده"}
TOO_FEW = {"en": "Too few digits were read right.", "fa": "تعداد رقم‌هایی که درست خوانده شد کم است."}


@cache
def digits():
    return load_digits(return_X_y=True)


@pytest.mark.points(3, question="neighbors")
def test_label_of_the_nearest_neighbour(student):
    """With `k=1`, the default, the label is that of the nearest training point.

    fa: برای `k=1`، که مقدار پیش‌فرض است، برچسب همان برچسب نزدیک‌ترین نمونهٔ آموزشی است.
    hint: The nearest point has the smallest distance; the answer is its label, not its index.
    hint-fa: نزدیک‌ترین نمونه کمترین فاصله را دارد؛ پاسخ، برچسب آن است، نه شمارهٔ آن.
    """
    check_labels(student.predict_labels(DISTANCES, LABELS), [2, 0])
    check_labels(student.predict_labels(DISTANCES, LABELS, k=1), [2, 0])


@pytest.mark.points(3, question="neighbors")
def test_majority_of_k_labels(student):
    """The commonest label among the k nearest points wins.

    fa: برچسبی برنده است که میان k نمونهٔ نزدیک‌تر بیشترین رأی را دارد.
    """
    check_labels(student.predict_labels(DISTANCES, LABELS, k=3), [1, 0])
    wide = np.array([[9.0, 1.0, 2.0, 8.0, 3.0, 4.0, 5.0, 7.0]])
    check_labels(student.predict_labels(wide, np.array([0, 5, 3, 0, 3, 5, 5, 0]), k=5), [5])


@pytest.mark.points(2, question="neighbors")
def test_neighbours_read_digits(student, rng):
    """With your own L2 distances and `k=3`, at least 90 % of 200 digits are read right.

    fa: با فاصله‌های اقلیدسی خودتان و `k=3`، دست‌کم ۹۰ درصد از ۲۰۰ رقم درست خوانده می‌شود.
    """
    images, labels = digits()
    order = rng.permutation(len(images))
    train, test = order[:400], order[400:600]
    distances = student.l2_distances_no_loops(images[test], images[train])
    got = student.predict_labels(distances, labels[train], k=3)
    check_shape(got, (200,), what=LABELS_FOUND)
    right = int(np.sum(np.asarray(got) == labels[test]))
    if right < 180:
        raise CheckFailure(FailureDetails(TOO_FEW, expected=">= 180 / 200", got=f"{right} / 200"))
