"""Checks of the tie rules of the vote, and of what must not change it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import check_labels, check_shape, check_unchanged, check_value
from autograder.checks.calls import Call

LABELS = {"en": "the predicted labels", "fa": "برچسب‌های پیش‌بینی‌شده"}


@pytest.mark.points(2, question="neighbors", visibility="after_due_date")
def test_of_equal_distances_the_smaller_index_is_nearer(student):
    """Of two training points at equal distance, the one with the smaller index is nearer.

    fa: از دو نمونهٔ آموزشی با فاصلهٔ برابر، آن که شمارهٔ کوچک‌تری دارد نزدیک‌تر است.
    hint: `np.argsort(…, kind="stable")` keeps the order of equal distances.
    hint-fa: دستور `np.argsort(…, kind="stable")` ترتیب فاصله‌های برابر را نگه می‌دارد.
    """
    distances = np.array([[5.0, 2.0, 2.0, 2.0], [3.0, 1.0, 3.0, 3.0]])
    labels = np.array([0, 2, 1, 1])
    check_labels(student.predict_labels(distances, labels, k=1), [2, 2])
    # Row 1: the label 2, then the smallest index of the three at distance 3, which has label 0.
    check_labels(student.predict_labels(distances, np.array([0, 0, 1, 1]), k=2), [0, 0])
    labels = np.array([3, 3, 0, 0, 0])
    check_labels(student.predict_labels(np.ones((1, 5)), labels, k=3), [3])
    # Of few values every sort keeps the order; of 200 only a stable one does.
    distances = np.arange(200.0)[None, ::-1] % 4
    for k in (3, 5, 9):  # more than half of the k have the label 1, and nobody else
        labels = np.zeros(200, int)
        labels[np.flatnonzero(distances[0] == 0)[k // 2 : k]] = 1
        check_labels(student.predict_labels(distances, labels, k=k), [1])


@pytest.mark.points(2, question="neighbors", visibility="after_due_date")
def test_of_equal_votes_the_smallest_label_wins(student):
    """Of labels with equally many votes, the smallest wins.

    fa: از برچسب‌هایی که رأی برابر دارند، کوچک‌ترین برچسب برنده است.
    hint: `np.argmax(np.bincount(labels))` gives the smallest of the commonest labels.
    hint-fa: دستور `np.argmax(np.bincount(labels))` کوچک‌ترینِ پرتکرارترین برچسب‌ها را می‌دهد.
    """
    distances = np.array([[1.0, 2.0, 3.0, 4.0, 5.0]])
    check_labels(student.predict_labels(distances, np.array([2, 1, 0, 0, 0]), k=2), [1])
    check_labels(student.predict_labels(distances, np.array([4, 4, 1, 1, 7]), k=5), [1])
    check_labels(student.predict_labels(distances, np.array([9, 5, 7, 3, 8]), k=5), [3])


@st.composite
def votes(draw):
    """Distances (M, N) without ties, labels (N,), k, and an order of the training points."""
    queries, points, k = draw(st.tuples(st.integers(1, 3), st.integers(1, 7), st.integers(1, 7)))
    size = (queries + 2) * points
    drawn = np.frombuffer(draw(st.binary(min_size=size, max_size=size)), np.uint8)
    *rows, labels, order = drawn.reshape(queries + 2, points)
    # The ranks of any numbers are numbers without ties.
    distances = [np.argsort(np.argsort(row, kind="stable")) for row in rows]
    order = np.argsort(order, kind="stable")
    return np.array(distances, dtype=float), labels.astype(int) % 4, min(k, points), order


@pytest.mark.points(
    1,
    question="neighbors",
    visibility="hidden",
    requires=["test_neighbors.py::test_label_of_the_nearest_neighbour"],
)
@settings(max_examples=10)
@given(vote=votes())
def test_order_of_the_training_points_does_not_matter(student, vote):
    """The order in which the training points are stored does not change the prediction.

    fa: ترتیب نگه‌داری نمونه‌های آموزشی پیش‌بینی را تغییر نمی‌دهد.
    """
    distances, labels, k, order = vote
    first, second = student.calls(
        [
            Call("predict_labels", (distances, labels), {"k": k}),
            Call("predict_labels", (distances[:, order], labels[order]), {"k": k}),
        ]
    )
    check_shape(first, (len(distances),), what=LABELS)
    check_value(second, first, what=LABELS)


@pytest.mark.points(1, question="neighbors", visibility="hidden")
def test_predict_labels_leaves_its_arguments_alone(student):
    """`predict_labels` changes neither the distances nor the labels.

    fa: تابع `predict_labels` نه فاصله‌ها را تغییر می‌دهد و نه برچسب‌ها را.
    """
    distances = np.array([[4.0, 1.0, 3.0, 2.0, 5.0], [2.0, 7.0, 5.0, 8.0, 1.0]])
    got = student.predict_labels(distances, np.array([0, 2, 1, 1, 0]), k=3)
    check_labels(got, [1, 0])
    check_unchanged(student)
