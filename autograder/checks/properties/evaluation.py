"""Properties of accuracy, confusion matrix and recall."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from autograder.checks.compare import check_value
from autograder.checks.properties.own import Array, own, within
from autograder.checks.properties.registry import Cases, Function, course_property

__all__ = [
    "accuracy_counts_right_answers",
    "accuracy_ignores_the_order",
    "accuracy_of_two_sets_is_their_mean",
    "confusion_adds_over_the_examples",
    "confusion_diagonal_gives_the_accuracy",
    "confusion_of_swapped_roles_is_transposed",
    "confusion_rows_count_the_true_classes",
    "recall_is_the_accuracy_within_a_class",
    "recalls_average_to_the_accuracy",
]

ACCURACY = "accuracy(predicted (N,), labels (N,)) -> a number from 0 to 1"
CONFUSION = "confusion(predicted (N,), labels (N,), C) -> (C, C), a row for each true class"
RECALL = "recall(predicted (N,), labels (N,), C) -> (C,), every class occurring"
MATRIX = "the confusion matrix"
SCORE = "the accuracy"


def _labels() -> Cases:
    """Predictions and labels of up to 10 examples; every class occurs among the labels."""

    def made(drawn: tuple[list[int], list[int], int]) -> tuple[Array, Array, int]:
        predicted, labels, classes = drawn
        count = min(len(predicted), len(labels))
        y = np.append(np.array(labels[:count]) % classes, np.arange(classes))
        guesses = np.append(np.array(predicted[:count]), np.arange(classes) + predicted[0])
        return guesses % classes, y, classes

    numbers = st.lists(st.integers(0, 3), min_size=1, max_size=7)
    return st.tuples(numbers, numbers, st.integers(2, 4)).map(made)


@course_property(needs=ACCURACY, cases=_labels, relates=False)
def accuracy_counts_right_answers(accuracy: Function, p: Array, y: Array, classes: int) -> None:
    """The accuracy is 1 where all is right, 0 where all is wrong, and else the share between."""
    check_value(accuracy(y, y), 1.0, what=SCORE)
    check_value(accuracy((y + 1) % classes, y), 0.0, what=SCORE)
    check_value(accuracy(p, y), sum(map(int, p == y)) / len(y), what=SCORE)


@course_property(needs=ACCURACY, cases=_labels)
def accuracy_ignores_the_order(accuracy: Function, p: Array, y: Array, classes: int) -> None:
    """Another order of the examples and other numbers for the classes change no accuracy."""
    before = own(accuracy(p, y), (), what=SCORE)
    check_value(accuracy(p[::-1].copy(), y[::-1].copy()), before, what=SCORE)
    check_value(accuracy(9 - p, 9 - y), before, what=SCORE)


@course_property(needs=ACCURACY, cases=_labels)
def accuracy_of_two_sets_is_their_mean(
    accuracy: Function, p: Array, y: Array, classes: int
) -> None:
    """The accuracy over two sets of examples is their mean, weighed by their sizes."""
    first, rest = own(accuracy(p[:1], y[:1]), ()), own(accuracy(p[1:], y[1:]), ())
    expected = (first + (len(y) - 1) * rest) / len(y)
    check_value(accuracy(p, y), expected, what=SCORE)


@course_property(needs=CONFUSION, cases=_labels, relates=False)
def confusion_rows_count_the_true_classes(
    confusion: Function, p: Array, y: Array, classes: int
) -> None:
    """Each row of the confusion matrix sums to the number of examples of its class."""
    got = own(confusion(p, y, classes), (classes, classes), what=MATRIX)
    check_value(got.sum(axis=1), np.bincount(y, minlength=classes), what=MATRIX)
    check_value(got.sum(axis=0), np.bincount(p, minlength=classes), what=MATRIX)


@course_property(needs=CONFUSION, cases=_labels)
def confusion_of_swapped_roles_is_transposed(
    confusion: Function, p: Array, y: Array, classes: int
) -> None:
    """With predictions and labels swapped the confusion matrix is transposed."""
    before = own(confusion(p, y, classes), (classes, classes), what=MATRIX)
    check_value(confusion(y, p, classes), before.T, what=MATRIX)


@course_property(needs=CONFUSION, cases=_labels)
def confusion_adds_over_the_examples(confusion: Function, p: Array, y: Array, classes: int) -> None:
    """Every example counts: the matrix of all is the sum of the matrices of the parts."""
    shape = (classes, classes)
    first = own(confusion(p[:1], y[:1], classes), shape, what=MATRIX)
    rest = own(confusion(p[1:], y[1:], classes), shape, what=MATRIX)
    check_value(confusion(p, y, classes), first + rest, what=MATRIX)


@course_property(needs=f"{CONFUSION}; {ACCURACY}", cases=_labels)
def confusion_diagonal_gives_the_accuracy(
    confusion: Function, accuracy: Function, p: Array, y: Array, classes: int
) -> None:
    """The accuracy is the share of the examples on the diagonal of the confusion matrix."""
    matrix = own(confusion(p, y, classes), (classes, classes), what=MATRIX)
    check_value(accuracy(p, y), np.trace(matrix) / len(y), what=SCORE)


@course_property(needs=RECALL, cases=_labels, relates=False)
def recall_is_the_accuracy_within_a_class(
    recall: Function, p: Array, y: Array, classes: int
) -> None:
    """The recall of a class is the accuracy over the examples of that class."""
    got = own(recall(p, y, classes), (classes,), what="the recall")
    within(got, 0.0, 1.0, what="the recall")
    expected = np.array([(p[y == c] == c).mean() for c in range(classes)])
    check_value(got, expected, what="the recall")


@course_property(needs=f"{RECALL}; {ACCURACY}", cases=_labels)
def recalls_average_to_the_accuracy(
    recall: Function, accuracy: Function, p: Array, y: Array, classes: int
) -> None:
    """The recalls, weighed by the sizes of their classes, average to the accuracy."""
    shares = np.bincount(y, minlength=classes) / len(y)
    expected = (own(recall(p, y, classes), (classes,), what="the recall") * shares).sum()
    check_value(accuracy(p, y), expected, what=SCORE)
