"""Checks of accuracy, confusion matrix, recall, and of splits (slides s.29-32, s.71)."""

import numpy as np
import pytest
from hypothesis import given, settings

from autograder.checks import check_shape, check_value
from autograder.checks.answers import parts
from autograder.checks.properties import (
    accuracy_counts_right_answers,
    confusion_diagonal_gives_the_accuracy,
    confusion_of_swapped_roles_is_transposed,
    confusion_rows_count_the_true_classes,
)
from autograder.checks.properties.own import own, own_parts
from autograder.checks.topic import topic
from autograder.errors import CheckFailure, FailureDetails

ACCURACY = "the accuracy"
MATRIX = {"en": "the confusion matrix", "fa": "ماتریس درهم‌ریختگی"}
RECALL = {"en": "the recall", "fa": "بازیابی"}
TRAIN = {"en": "the training indices", "fa": "اندیس‌های آموزش"}
VALIDATION = {"en": "the validation indices", "fa": "اندیس‌های اعتبارسنجی"}
TEST = {"en": "the test indices", "fa": "اندیس‌های آزمون"}
SETS = (TRAIN, VALIDATION, TEST)
FOLDS = {"en": "the folds", "fa": "بخش‌ها"}


@pytest.mark.points(1, question="evaluation")
@settings(max_examples=8)
@given(case=accuracy_counts_right_answers.cases())
def test_accuracy(student, case):
    """The accuracy is the share of right predictions: 3 of 4 is 0.75.

    fa: دقت نسبت پیش‌بینی‌های درست است: 3 از 4 می‌شود 0.75.
    """
    predicted, labels = np.array([0, 1, 2, 2]), np.array([0, 1, 2, 0])
    check_value(student.accuracy(predicted, labels), 0.75, what=ACCURACY)
    accuracy_counts_right_answers(student.accuracy, *case)


@pytest.mark.points(1, question="evaluation", requires=["test_accuracy"])
def test_accuracy_with_a_column_of_labels(student):
    """A column of labels (N, 1) has the same accuracy as a row (N,).

    fa: دقت با ستون برچسب‌ها (N, 1) همان دقت با سطر (N,) است.
    hint: (N,) against (N, 1) broadcasts to (N, N) without an error: flatten with `.ravel()`.
    hint-fa: (N,) در برابر (N, 1) بی هیچ خطایی به (N, N) پخش می‌شود: با `.ravel()` صاف کنید.
    """
    labels = np.array([0, 1, 2, 2, 1])
    check_value(student.accuracy(labels, labels[:, None]), 1.0, what=ACCURACY)
    check_value(student.accuracy((labels + 1) % 3, labels[:, None]), 0.0, what=ACCURACY)


@pytest.mark.points(2, question="evaluation")
def test_confusion_matrix(student):
    """Rows are the true classes, columns the predicted ones, and each example counts.

    fa: سطرها کلاس درست و ستون‌ها کلاس پیش‌بینی‌شده‌اند، و هر نمونه شمرده می‌شود.
    hint: `matrix[labels, predicted] += 1` counts repeated pairs once: use a loop or np.add.at.
    hint-fa: `matrix[labels, predicted] += 1` جفت تکراری را یک بار می‌شمارد: حلقه یا np.add.at.
    """
    labels = np.array([0, 0, 0, 1, 1, 2, 2])
    predicted = np.array([0, 1, 1, 1, 1, 0, 2])
    expected = [[1, 2, 0, 0], [0, 2, 0, 0], [1, 0, 1, 0], [0, 0, 0, 0]]
    check_value(student.confusion_matrix(predicted, labels, 4), expected, what=MATRIX)


@pytest.mark.points(
    1, question="evaluation", visibility="hidden", requires=["test_confusion_matrix"]
)
@settings(max_examples=8)
@given(case=confusion_rows_count_the_true_classes.cases())
def test_confusion_matrix_of_any_predictions(student, case):
    """The rows sum to the classes' sizes, and the diagonal gives the accuracy.

    fa: جمع هر سطر اندازهٔ کلاس است و قطر، دقت را می‌دهد.
    """
    confusion_rows_count_the_true_classes(student.confusion_matrix, *case)
    confusion_of_swapped_roles_is_transposed(student.confusion_matrix, *case)
    confusion_diagonal_gives_the_accuracy(
        student.confusion_matrix, lambda p, y: np.mean(p == y), *case
    )


@pytest.mark.points(1, question="evaluation")
def test_recall_per_class(student):
    """The recall of a class is the share of its examples that was found.

    fa: بازیابی هر کلاس نسبت نمونه‌هایی از آن است که پیدا شده‌اند.
    hint: Divide the diagonal by the sums of the rows; the columns would give the precision.
    hint-fa: قطر را بر جمع سطرها تقسیم کنید؛ ستون‌ها دقت مثبت را می‌دهند.
    """
    confusion = np.array([[6, 2, 0], [1, 3, 0], [5, 0, 15]])
    check_value(student.recall_per_class(confusion), [0.75, 0.75, 0.75], what=RECALL)
    confusion = np.array([[1, 1], [0, 8]])
    check_value(student.recall_per_class(confusion), [0.5, 1.0], what=RECALL)


def indices(got, what):
    """Whole numbers, (n,); empty lists are floats."""
    values = own(got, what=what)
    check_shape(got, (values.size,), what=what)
    return values.astype(int)


def check_partition(sets, examples, en, fa):
    """Together the sets hold each index once."""
    together = np.sort(np.concatenate(sets))
    if not np.array_equal(together, np.arange(examples)):
        raise CheckFailure(
            FailureDetails(
                {"en": en, "fa": fa},
                expected=f"0 … {examples - 1}",
                got=str(together.tolist())[:300],
            )
        )


def check_shuffled(order):
    """Not in order; thirty shuffled indices are so with a chance of 1 in 10^32."""
    if np.array_equal(order, np.sort(order)) or np.array_equal(order, np.sort(order)[::-1]):
        raise CheckFailure(
            FailureDetails(
                {
                    "en": "The indices are not shuffled: data sorted by class would be divided "
                    "by class.",
                    "fa": "اندیس‌ها بر زده نشده‌اند: داده‌های مرتب بر حسب کلاس، به کلاس‌ها تقسیم "
                    "می‌شوند.",
                },
                got=str(order.tolist())[:300],
            )
        )


def split(student, *arguments):
    answers = own_parts(student.split_indices(*arguments), SETS)
    return [indices(each, name) for each, name in zip(answers, SETS, strict=True)]


@pytest.mark.points(1.5, question="evaluation")
def test_split_indices(student):
    """Each index is in one of the three sets, and the sets have the sizes that are asked for.

    fa: هر اندیس در یکی از سه مجموعه است، و مجموعه‌ها اندازهٔ خواسته‌شده را دارند.
    hint: Cut one permutation into three parts: what is trained on must validate nothing.
    hint-fa: یک جایگشت را سه پاره کنید: آنچه روی آن آموزش می‌بینید نباید اعتبارسنجی کند.
    """
    for examples, validation, test in ((30, 6, 9), (50, 20, 5)):
        sets = split(student, examples, validation, test, 3)
        sizes = [len(each) for each in sets]
        check_value(sizes, [examples - validation - test, validation, test], what="the answer")
        check_partition(
            sets,
            examples,
            "Each index must be in one of the three sets, once.",
            "هر اندیس باید یک بار و تنها در یکی از سه مجموعه باشد.",
        )


@pytest.mark.points(1.5, question="evaluation", requires=["test_split_indices"])
def test_the_split_is_shuffled(student):
    """The split is drawn at random, and the same seed gives the same split.

    fa: تقسیم تصادفی است و بذر یکسان تقسیم یکسان می‌دهد.
    """
    sets = split(student, 60, 20, 10, 3)
    for each in sets:
        check_shuffled(each)
    for again, before, name in zip(split(student, 60, 20, 10, 3), sets, SETS, strict=True):
        check_value(again, before, what=name)


def folds_of(student, examples, folds, seed):
    answer = student.k_fold(examples, folds, seed)
    pairs = [own_parts(pair, (TRAIN, VALIDATION)) for pair in parts(answer, folds, topic(FOLDS))]
    return [(indices(train, TRAIN), indices(held, VALIDATION)) for train, held in pairs]


@pytest.mark.parametrize(("examples", "folds"), [(30, 5), (11, 4)], ids=["30 in 5", "11 in 4"])
@pytest.mark.points(1, question="evaluation")
def test_k_fold(student, examples, folds):
    """Every index validates once, and trains in all the other folds.

    fa: هر اندیس یک بار اعتبارسنجی می‌کند و در همهٔ بخش‌های دیگر آموزش می‌دهد.
    hint: np.array_split makes parts of nearly equal size and drops no example.
    hint-fa: تابع np.array_split بخش‌های تقریباً برابر می‌سازد و نمونه‌ای را کنار نمی‌گذارد.
    """
    pairs = folds_of(student, examples, folds, 3)
    check_partition(
        [held for _, held in pairs],
        examples,
        "Each index must be in the validation part of one fold, once.",
        "هر اندیس باید یک بار و تنها در اعتبارسنجی یک بخش باشد.",
    )
    for pair in pairs:
        check_partition(
            pair,
            examples,
            "In a fold each index either trains or validates.",
            "در هر بخش، هر اندیس یا آموزش می‌دهد یا اعتبارسنجی می‌کند.",
        )
    sizes = sorted(len(held) for _, held in pairs)
    expected = sorted(len(each) for each in np.array_split(np.arange(examples), folds))
    check_value(sizes, expected, what="the answer")


@pytest.mark.points(1, question="evaluation", visibility="after_due_date", requires=["test_k_fold"])
def test_the_folds_are_shuffled(student):
    """The folds are no runs of indices, and the same seed gives the same folds.

    fa: بخش‌ها اندیس‌های پشت سر هم نیستند و بذر یکسان بخش‌های یکسان می‌دهد.
    """
    pairs = folds_of(student, 40, 4, 3)
    check_shuffled(np.concatenate([held for _, held in pairs]))
    for (_, again), (_, before) in zip(folds_of(student, 40, 4, 3), pairs, strict=True):
        check_value(again, before, what=VALIDATION)
