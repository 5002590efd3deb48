import numpy as np
import pytest

from reference.evaluation import accuracy, confusion_matrix

DTYPES = ("float64",)


def alone(function):
    return (function,)


def counted(function):
    return (lambda p, y, classes: function(p, y, classes=classes),)


def counted_and_accuracy(function):
    return (*counted(function), accuracy)


def per_class(function):
    return (lambda p, y, classes: function(confusion_matrix(p, y, classes=classes)),)


def per_class_and_accuracy(function):
    return (*per_class(function), accuracy)


def last_examples_count_more(p, y):
    return np.average(p == y, weights=1.0 + np.arange(len(y)))


def shares_of_the_rows(p, y, classes):
    matrix = confusion_matrix(p, y, classes=classes)
    return matrix / matrix.sum(axis=1, keepdims=True)


TABLE = {
    "accuracy_counts_right_answers": ("accuracy", alone, "column_broadcast", "error_rate"),
    "accuracy_ignores_the_order": ("accuracy", alone, last_examples_count_more),
    "accuracy_of_two_sets_is_their_mean": ("accuracy", alone, "column_broadcast", "count"),
    "confusion_rows_count_the_true_classes": (
        "confusion_matrix",
        counted,
        "transposed",
        "pairs_counted_once",
    ),
    "confusion_of_swapped_roles_is_transposed": ("confusion_matrix", counted, shares_of_the_rows),
    "confusion_adds_over_the_examples": ("confusion_matrix", counted, "pairs_counted_once"),
    "confusion_diagonal_gives_the_accuracy": (
        "confusion_matrix",
        counted_and_accuracy,
        "pairs_counted_once",
    ),
    "recall_is_the_accuracy_within_a_class": (
        "recall_per_class",
        per_class,
        "precision",
        "share_of_all",
    ),
    "recalls_average_to_the_accuracy": (
        "recall_per_class",
        per_class_and_accuracy,
        "precision",
        "share_of_all",
    ),
}


def test_the_right_version_satisfies_it(law, dtype, accepts):
    accepts(law, dtype)


@pytest.mark.slow
def test_the_right_version_satisfies_it_on_many_examples(law, dtype, accepts):
    accepts(law, dtype, examples=150)


@pytest.mark.slow
def test_another_style_satisfies_it(law, style, accepts):
    accepts(law, "float64", examples=30, style=style)


def test_wrong_versions_break_it(law, rejects):
    rejects(law)
