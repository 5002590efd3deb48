"""Checks of cross-validation and of the search that hold for all data and all choices."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import check_value
from autograder.checks.answers import entries, numbers, parts
from autograder.checks.calls import Call
from autograder.checks.topic import topic
from reference.data.splits import k_fold
from reference.neighbors import distances_one_loop, k_smallest, majority_vote

FOLDS = {"en": "the folds", "fa": "بخش‌ها"}
TRAINING = {"en": "the training indices", "fa": "اندیس‌های آموزش"}
VALIDATION = {"en": "the validation indices", "fa": "اندیس‌های اعتبارسنجی"}
ACCURACIES = {"en": "the accuracies", "fa": "دقت‌ها"}
CHOICE = {"en": "the choice", "fa": "انتخاب"}
BEST = {"en": "the best settings", "fa": "بهترین تنظیم‌ها"}
CHOSEN = {"en": "what is chosen", "fa": "آنچه انتخاب شده است"}
TEST = {"en": "the test accuracy", "fa": "دقت آزمون"}

# Class 1 above a threshold that only the training set and the settings decide.
THRESHOLD = (
    "lambda X, y, learning_rate, reg: "
    "lambda rows: (rows[:, 0] > learning_rate * X.mean() + reg).astype(int)"
)
RATES, STRENGTHS = (0.25, 0.5, 1.0), (0.0, 0.5, 1.0)


def indices(got, what):
    """In ascending order: their order does not matter."""
    return np.sort(numbers(got, topic(what)), axis=None)


def searched(student, *cases):
    """For each (data, learning rates, regs), what `search_settings` returns, as four numbers."""
    train = student.define(THRESHOLD)
    calls = [Call("search_settings", (data, *map(list, given), train)) for data, *given in cases]
    answers = student.calls(calls)
    return [numbers(parts(each, 4, topic(BEST)), topic(BEST)) for each in answers]


@pytest.mark.points(
    1,
    question="search",
    visibility="hidden",
    requires=["test_search.py::test_folds_of_ten_examples"],
)
@settings(max_examples=5)
@given(count=st.integers(5, 24), num_folds=st.integers(2, 5))
def test_folds_of_any_size(student, count, num_folds):
    """Each index validates exactly once, and trains in all other folds.

    fa: هر اندیس درست یک بار در اعتبارسنجی است و در همهٔ بخش‌های دیگر در آموزش.
    """
    folds = parts(student.k_fold_indices(count, num_folds), num_folds, topic(FOLDS))
    for fold, expected in zip(folds, k_fold(count, num_folds), strict=True):
        training, validation = parts(fold, 2, topic(FOLDS))
        check_value(indices(validation, VALIDATION), expected.validation, what=VALIDATION)
        check_value(indices(training, TRAINING), expected.train, what=TRAINING)


def labels_of(X, y, training, validation, k):
    distances = distances_one_loop(X[validation], X[training], metric="l2")
    return majority_vote(y[training][k_smallest(distances, k)])


@pytest.mark.points(
    1,
    question="search",
    visibility="hidden",
    requires=["test_search.py::test_cross_validation_of_k_on_a_line"],
)
def test_cross_validation_of_any_points(student, rng):
    """`cross_validate_k` gives the accuracies of every fold for other points, k and folds too.

    fa: تابع `cross_validate_k` برای نقطه‌ها و k و شمار بخش‌های دیگر هم دقت همهٔ بخش‌ها را می‌دهد.
    hint: If only some of the accuracies are wrong: does a function of yours change its arguments in
        place, so that what comes later sees other points?
    hint-fa: اگر تنها بعضی از دقت‌ها نادرست‌اند: آیا یکی از تابع‌های شما آرگومان‌هایش را درجا تغییر
        می‌دهد، طوری که بخش‌های بعدی نقطه‌های دیگری می‌بینند؟
    """
    X, y = rng.normal(size=(17, 3)), rng.permutation(np.arange(17) % 2)
    choices = [5, 1, 3]
    got = entries(student.cross_validate_k(X, y, choices, 5), choices, topic(ACCURACIES))
    for k in choices:
        expected = [
            np.mean(labels_of(X, y, fold.train, fold.validation, k) == y[fold.validation])
            for fold in k_fold(17, 5)
        ]
        check_value(got[k], expected, what=ACCURACIES)


@pytest.mark.points(
    1,
    question="search",
    visibility="after_due_date",
    requires=[
        "test_search.py::test_best_choice_has_the_highest_mean",
        "test_search.py::test_search_chooses_by_the_validation_set",
    ],
)
@settings(max_examples=4)
@given(order=st.sampled_from(list(permutations(range(3)))), drawn=st.binary(min_size=8, max_size=8))
def test_order_of_the_choices_does_not_matter(student, order, drawn):
    """The same choices in another order have the same best one.

    fa: همان انتخاب‌ها با ترتیبی دیگر همان بهترین را دارند.
    hint: Start from the first choice, not from an accuracy of 0, which no choice may exceed.
    hint-fa: از نخستین انتخاب آغاز کنید، نه از دقت 0 که شاید هیچ انتخابی از آن بیشتر نشود.
    """
    shares = np.frombuffer(drawn[:6], np.uint8).reshape(3, 2) % 4 / 4
    tried = dict(zip((1, 5, 9), shares.tolist(), strict=True))
    best = min(tried, key=lambda choice: (-sum(tried[choice]), choice))
    reordered = {choice: tried[choice] for choice in np.array([1, 5, 9])[list(order)].tolist()}
    check_value(student.best_choice(reordered), best, what=CHOICE)
    data = drawn_data(drawn)
    rates, strengths = [RATES[i] for i in order], [STRENGTHS[i] for i in reversed(order)]
    one, other = searched(student, (data, RATES, STRENGTHS), (data, rates, strengths))
    check_value(other, one, what=BEST)


def drawn_data(drawn):
    numbers = np.frombuffer(drawn, np.uint8)
    rows = numbers[:, None] % 8 / 4
    return {
        "X_train": np.array([[0.0], [2.0], [1.0]]),
        "y_train": np.array([0, 1, 1]),
        "X_val": rows[:4],
        "y_val": numbers[:4].astype(int) // 8 % 2,
        "X_test": rows[4:],
        "y_test": numbers[4:].astype(int) // 8 % 2,
    }


@pytest.mark.points(
    1,
    question="search",
    visibility="after_due_date",
    requires=["test_search.py::test_search_chooses_by_the_validation_set"],
)
def test_the_test_set_has_no_say_in_the_choice(student, rng):
    """Other test labels change the test accuracy, and nothing else that `search_settings` returns.

    fa: با برچسب‌های آزمون دیگر، تنها دقت آزمون تغییر می‌کند و نه چیز دیگری که `search_settings`
        برمی‌گرداند.
    hint: The last of the four numbers is the share of the test set that the chosen rule labels
        right.
    hint-fa: آخرین عدد از این چهار عدد، سهمی از مجموعهٔ آزمون است که قاعدهٔ انتخاب‌شده درست برچسب
        می‌زند.
    """
    drawn = [drawn_data(rng.bytes(8)) for _ in range(5)]
    turned = [{**data, "y_test": 1 - data["y_test"]} for data in drawn]
    answers = searched(student, *((data, RATES, STRENGTHS) for data in (*drawn, *turned)))
    for one, other in zip(answers[:5], answers[5:], strict=True):
        check_value(other[:3], one[:3], what=CHOSEN)
        check_value(other[3], 1 - one[3], what=TEST)
