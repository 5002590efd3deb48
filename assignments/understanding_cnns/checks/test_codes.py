"""Checks of neighbours in code space, and of what an embedding keeps of them (slides s.6-8)."""

import numpy as np
import pytest
from cnn_embedding import code_neighbors, neighbors_kept

from autograder.checks import (
    Call,
    check_against_reference,
    check_labels,
    check_unchanged,
    check_value,
)

NEIGHBORS = {"en": "the nearest images", "fa": "نزدیک‌ترین تصویرها"}
KEPT = {"en": "the share of neighbours kept", "fa": "سهم همسایه‌های مانده"}


@pytest.mark.points(1.5, question="codes")
def test_code_neighbors(student):
    """The nearest images, the nearest first, without the image itself.

    fa: نزدیک‌ترین تصویرها، نزدیک‌ترین جلوتر، بدون خود تصویر.
    hint: An image has the distance 0 to itself: leave `query` out.
    hint-fa: فاصلهٔ تصویر با خودش 0 است: `query` را کنار بگذارید.
    """
    hidden = np.array([[1.0, 4], [2, 2], [5, 5], [2, 3], [9, 1]])
    check_labels(student.code_neighbors(hidden, 1, 3), [3, 0, 2], what=NEIGHBORS)
    check_unchanged(student)
    check_labels(student.code_neighbors(hidden, 4, 1), [2], what=NEIGHBORS)


@pytest.mark.points(1.5, question="codes", requires=["test_code_neighbors"])
def test_codes_have_the_relu(student):
    """Negative numbers say nothing to the next layer: the codes are max(0, hidden).

    fa: عددهای منفی برای لایهٔ بعد چیزی نمی‌گویند: کدها `max(0, hidden)` هستند.
    hint: (1, -9) has the code (1, 0), which is near (1.2, 0) and far from (2, 0).
    hint-fa: کد `(1, -9)` برابر `(1, 0)` است که به `(1.2, 0)` نزدیک و از `(2, 0)` دور است.
    """
    hidden = np.array([[1.0, -9], [1.2, -0.5], [2, -9], [1, 0.1]])
    check_labels(student.code_neighbors(hidden, 0, 3), [3, 1, 2], what=NEIGHBORS)
    check_unchanged(student)


@pytest.mark.points(0.5, question="codes", requires=["test_codes_have_the_relu"])
def test_equal_codes_by_number(student):
    """Of equal distances the smaller number comes first; an equal code is a neighbour.

    fa: از فاصله‌های برابر شمارهٔ کوچک‌تر جلوتر است؛ تصویری با کد برابر هم همسایه است.
    """
    hidden = np.array([[-1.0, -2], [3, 0], [-5, -1], [0, 3], [0, -2], [-3, -3]])
    check_labels(student.code_neighbors(hidden, 2, 5), [0, 4, 5, 1, 3], what=NEIGHBORS)
    many = (np.arange(30.0) % 3)[:, None]
    expected = [1, 7, 10, 13, 16, 19, 22, 25, 28, 0, 2, 3]
    check_labels(student.code_neighbors(many, 4, 12), expected, what=NEIGHBORS)


@pytest.mark.points(0.5, question="codes", visibility="hidden", requires=["test_code_neighbors"])
def test_neighbors_of_any_codes(student, rng):
    """Any hidden layer, any image, any number of neighbours.

    fa: هر لایهٔ پنهان، هر تصویر، هر شمار همسایه.
    """
    hidden = [rng.normal(size=(12, 5)), rng.integers(-2, 2, (10, 2)).astype(float)]
    calls = [
        Call("code_neighbors", (codes, query, k))
        for codes in hidden
        for query, k in ((0, 4), (7, 9), (5, 1))
    ]
    check_against_reference(student, calls, code_neighbors, unchanged=True, what=NEIGHBORS)


@pytest.mark.points(1.5, question="codes")
def test_neighbors_kept(student):
    """Four points on a line, two of them swapped in the plane: half of the neighbours are kept.

    fa: چهار نقطه روی خط که دوتای آن‌ها در صفحه جابه‌جا شده‌اند: نیمی از همسایه‌ها مانده‌اند.
    hint: For each point: how many of its k nearest are among the k nearest of the other side.
    hint-fa: برای هر نقطه: چندتا از k نزدیک‌ترینش میان k نزدیک‌ترین سوی دیگر است.
    """
    codes = np.array([[0.0], [1], [3], [7]])
    places = np.array([[0.0, 0], [1, 0], [7, 0], [3, 0]])
    check_value(student.neighbors_kept(codes, places, 1), 0.5, what=KEPT)
    check_unchanged(student)
    check_value(student.neighbors_kept(codes, places, 2), 0.5, what=KEPT)
    check_value(student.neighbors_kept(codes, 3 * places[[0, 1, 3, 2]], 2), 1.0, what=KEPT)


@pytest.mark.points(0.5, question="codes", visibility="hidden", requires=["test_neighbors_kept"])
def test_neighbors_kept_of_any_embedding(student, rng):
    """A good and a bad embedding of codes, for several k.

    fa: یک جانمایی خوب و یک جانمایی بد از کدها، برای چند k.
    """
    codes = rng.normal(size=(12, 4))
    calls = [
        Call("neighbors_kept", (codes, places, k))
        for places in (codes[:, :2], rng.normal(size=(12, 2)))
        for k in (1, 3, 6)
    ]
    ties = [rng.integers(0, 3, (40, size)).astype(float) for size in (3, 2)]
    calls += [Call("neighbors_kept", (*ties, k)) for k in (3, 4, 7)]
    check_against_reference(student, calls, neighbors_kept, unchanged=True, what=KEPT)
