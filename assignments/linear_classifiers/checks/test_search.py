"""Checks of cross-validation and of the search for settings (slides s.29-32, s.199-204)."""

import numpy as np
import pytest

from autograder.checks import check_equal, check_value
from autograder.checks.answers import entries, numbers, parts
from autograder.checks.topic import topic

FOLDS = {"en": "the folds", "fa": "بخش‌ها"}
TRAINING = {"en": "the training indices", "fa": "اندیس‌های آموزش"}
VALIDATION = {"en": "the validation indices", "fa": "اندیس‌های اعتبارسنجی"}
ACCURACIES = {"en": "the accuracies", "fa": "دقت‌ها"}
CHOICE = {"en": "the choice", "fa": "انتخاب"}
SETTINGS = (
    {"en": "the learning rate", "fa": "نرخ یادگیری"},
    {"en": "the regularization", "fa": "ضریب تنظیم"},
    {"en": "the validation accuracy", "fa": "دقت اعتبارسنجی"},
    {"en": "the test accuracy", "fa": "دقت آزمون"},
)
BEST = {"en": "the best settings", "fa": "بهترین تنظیم‌ها"}

# The distances between these are all different, so no tie decides.
LINE = np.array([[15.0], [1.0], [32.0], [9.0], [0.0], [34.0], [22.0], [4.0]])
LABELS = np.array([0, 0, 0, 1, 1, 0, 0, 1])
LINE_ACCURACIES = {1: [0.0, 1.0, 0.5, 0.5], 3: [0.0, 0.5, 1.0, 1.0]}

# The rule of the handout: class 1 above learning_rate * mean + reg.
THRESHOLD = (
    "lambda X, y, learning_rate, reg: "
    "lambda rows: (rows[:, 0] > learning_rate * X.mean() + reg).astype(int)"
)
DATA = {
    "X_train": np.array([[0.0], [3.0], [4.0], [5.0]]),
    "y_train": np.array([0, 0, 1, 1]),
    "X_val": np.array([[1.5], [2.0], [2.5], [4.0]]),
    "y_val": np.array([0, 1, 0, 1]),
    "X_test": np.array([[1.5], [2.0], [2.5], [3.0]]),
    "y_test": np.array([1, 0, 1, 0]),
}


def indices(got, what):
    """In ascending order: their order does not matter."""
    return np.sort(numbers(got, topic(what)), axis=None)


@pytest.mark.points(1.5, question="search")
def test_folds_of_ten_examples(student):
    """`k_fold_indices(10, 4)` validates on 0 to 2, 3 to 5, 6 and 7, 8 and 9, once each.

    fa: تابع `k_fold_indices(10, 4)` یک بار روی 0 تا 2، یک بار روی 3 تا 5، یک بار روی 6 و 7 و یک بار
        روی 8 و 9 اعتبارسنجی می‌کند.
    hint: Train on the indices of all other runs, never on those that validate.
    hint-fa: روی اندیس‌های همهٔ بخش‌های دیگر آموزش دهید، نه روی آن‌ها که برای اعتبارسنجی‌اند.
    """
    folds = parts(student.k_fold_indices(10, 4), 4, topic(FOLDS))
    for fold, expected in zip(folds, ([0, 1, 2], [3, 4, 5], [6, 7], [8, 9]), strict=True):
        training, validation = parts(fold, 2, topic(FOLDS))
        check_value(indices(validation, VALIDATION), expected, what=VALIDATION)
        others = [i for i in range(10) if i not in expected]
        check_value(indices(training, TRAINING), others, what=TRAINING)


@pytest.mark.points(2, question="search", requires=["test_folds_of_ten_examples"])
def test_cross_validation_of_k_on_a_line(student):
    """`cross_validate_k` gives `0, 1, 0.5, 0.5` for k = 1 and `0, 0.5, 1, 1` for k = 3.

    fa: تابع `cross_validate_k` برای k = 1 دقت‌های `0, 1, 0.5, 0.5` و برای k = 3 دقت‌های
        `0, 0.5, 1, 1` را می‌دهد.
    hint: Neighbours come from the training part alone; the accuracy is that of the validation part.
        If the checks of `predict_labels` or of the L2 distance fail, mend those first.
    hint-fa: همسایه‌ها تنها از بخش آموزش می‌آیند؛ دقت، دقت روی بخش اعتبارسنجی است. اگر بررسی‌های
        `predict_labels` یا فاصلهٔ اقلیدسی درست نیستند، نخست آن‌ها را درست کنید.
    """
    got = student.cross_validate_k(LINE, LABELS, [1, 3], 4)
    by_k = entries(got, [1, 3], topic(ACCURACIES))
    for k, expected in LINE_ACCURACIES.items():
        call = f"cross_validate_k(X, y, [1, 3], 4)[{k}]"
        check_value(by_k[k], expected, what=ACCURACIES, call=call)


@pytest.mark.points(1.5, question="search")
def test_best_choice_has_the_highest_mean(student):
    """`best_choice` takes the highest mean accuracy and, of equal means, the smallest choice.

    fa: تابع `best_choice` بیشترین میانگین دقت را برمی‌گزیند و از میانگین‌های برابر،
        کوچک‌ترین انتخاب را.
    hint: One good fold is luck: compare the means over all folds.
    hint-fa: یک بخش خوب بخت است: میانگین روی همهٔ بخش‌ها را مقایسه کنید.
    """
    one_lucky_fold = {1: [0.5, 0.5, 0.25], 3: [0.75, 0.75, 0.75], 5: [0.0, 1.0, 0.5]}
    check_value(student.best_choice(one_lucky_fold), 3, what=CHOICE)
    equal_means = {5: [0.5, 1.0], 1: [0.75, 0.25], 3: [0.75, 0.75], 7: [1.0, 0.5]}
    check_value(student.best_choice(equal_means), 3, what=CHOICE)


@pytest.mark.points(2, question="search")
def test_search_chooses_by_the_validation_set(student):
    """With the rule of the handout, `search_settings` returns `0.5`, `0`, `0.75` and `0.25`.

    fa: تابع `search_settings` با قاعدهٔ صورت تمرین `0.5` و `0` و `0.75` و `0.25` را برمی‌گرداند.
    hint: Train on the training set alone, compare on the validation set alone, and look at the test
        set when all is chosen.
    hint-fa: تنها با مجموعهٔ آموزش آموزش دهید، تنها با مجموعهٔ اعتبارسنجی مقایسه کنید و تا همه چیز
        انتخاب نشده است به مجموعهٔ آزمون نگاه نکنید.
    """
    train = student.define(THRESHOLD)
    got = student.search_settings(DATA, [1.0, 0.5, 2.0], [1.0, 0.0], train)
    for value, expected, what in zip(
        parts(got, 4, topic(BEST)), (0.5, 0.0, 0.75, 0.25), SETTINGS, strict=True
    ):
        # a choice among a few: how far it is off says nothing
        check_equal(numbers(value, topic(what)).tolist(), expected, what=what)


@pytest.mark.points(
    1,
    question="search",
    requires=[
        "test_search_chooses_by_the_validation_set",
        "test_training.py::test_predict_takes_the_class_with_the_highest_score",
    ],
)
def test_search_trains_the_linear_classifier(student, rng):
    """Without a rule of ours, `search_settings` trains your `LinearClassifier`: 0.5 learns, 0 not.

    fa: بدون قاعدهٔ ما، `search_settings` دسته‌بند `LinearClassifier` شما را آموزش می‌دهد: 0.5 یاد
        می‌گیرد و 0 نه.
    hint: The search trains with your `LinearClassifier`: if its own checks fail, mend those first.
    hint-fa: این جست‌وجو با `LinearClassifier` خود شما آموزش می‌دهد: اگر بررسی‌های آن درست نیستند،
        نخست آن‌ها را درست کنید.
    """
    y = np.arange(84) % 6
    X = np.eye(6)[y] + 0.05 * rng.normal(size=(84, 6))
    ends = {"train": slice(60), "val": slice(60, 72), "test": slice(72, 84)}
    data = {f"X_{name}": X[rows] for name, rows in ends.items()}
    data |= {f"y_{name}": y[rows] for name, rows in ends.items()}
    got = parts(student.search_settings(data, [0.0, 0.5], [1e-4]), 4, topic(BEST))
    for value, expected, what in zip(got, (0.5, 1e-4, 1.0, 1.0), SETTINGS, strict=True):
        check_value(value, expected, what=what)
