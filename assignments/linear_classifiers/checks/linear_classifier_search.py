"""The wrong versions known of cross-validation and of the search for settings."""

import numpy as np

from autograder.components import Component, wrong_version, wrong_versions
from reference.misconceptions import COMPONENTS as KNOWN
from reference.neighbors import distances_one_loop, k_smallest, majority_vote

# --- folds --------------------------------------------------------------------------------------


def as_pairs(k_fold):
    return lambda count, num_folds: [
        (fold.train, fold.validation) for fold in k_fold(count, num_folds)
    ]


right_folds = as_pairs(KNOWN["k_fold"].right)


@wrong_version(
    "k_fold_indices.every_kth",
    "Every k-th index goes into a fold, instead of a run of indices",
    "`np.array_split(np.arange(count), num_folds)` cuts runs.",
    "اندیس‌ها یک در میان در بخش‌ها پخش شده‌اند، نه پشت سر هم",
    "`np.array_split(np.arange(count), num_folds)` تکه‌های پشت سر هم می‌دهد.",
)
def every_kth(count, num_folds):
    every = np.arange(count)
    return [(every[every % num_folds != i], every[i::num_folds]) for i in range(num_folds)]


FOLDS = Component(
    "k_fold_indices",
    question="search",
    right=right_folds,
    wrong=(*wrong_versions(KNOWN["k_fold"], as_pairs), every_kth),
    probe=lambda rng: [(11, 4), (9, 3)],
    left_out={"k_fold.not_shuffled": "the student's folds are runs of indices"},
)


# --- cross-validation of k ----------------------------------------------------------------------


def predicted(X, y, training, rows, k):
    distances = distances_one_loop(X[rows], X[training], metric="l2")
    return majority_vote(y[training][k_smallest(distances, k)])


def cross_validation(of_fold):
    """Accuracies for each k by `of_fold(X, y, training, validation, k)`."""

    def cross_validate_k(X, y, k_choices, num_folds):
        folds = right_folds(len(X), num_folds)
        return {k: [of_fold(X, y, *fold, k) for fold in folds] for k in k_choices}

    return cross_validate_k


def validated(X, y, training, validation, k):
    return float(np.mean(predicted(X, y, training, validation, k) == y[validation]))


def built(k_fold_indices, l2_distances_no_loops, predict_labels):
    """The right cross-validation on these parts."""

    def accuracy(X, y, training, validation, k):
        distances = l2_distances_no_loops(X[validation], X[training])
        return float(np.mean(predict_labels(distances, y[training], k) == y[validation]))

    def cross_validate_k(X, y, k_choices, num_folds):
        folds = k_fold_indices(len(X), num_folds)
        return {k: [accuracy(X, y, *fold, k) for fold in folds] for k in k_choices}

    return cross_validate_k


@wrong_version(
    "cross_validate_k.validated_on_training",
    "The accuracy is that of the training part",
    "With k = 1 it is always 1: predict the validation part from the training part.",
    "دقت روی بخش آموزش حساب شده است",
    "این دقت برای k = 1 همیشه 1 است: بخش اعتبارسنجی را از بخش آموزش پیش‌بینی کنید.",
)
@cross_validation
def validated_on_training(X, y, training, validation, k):
    return validated(X, y, training, training, k)


@wrong_version(
    "cross_validate_k.neighbours_from_all",
    "The neighbours come from all examples, the validation part among them",
    "Each point is then its own nearest neighbour: take the training part alone.",
    "همسایه‌ها از همهٔ نمونه‌ها آمده‌اند، بخش اعتبارسنجی هم در میان آن‌هاست",
    "آنگاه هر نقطه نزدیک‌ترین همسایهٔ خودش است: تنها بخش آموزش را بگیرید.",
)
@cross_validation
def neighbours_from_all(X, y, training, validation, k):
    return validated(X, y, np.arange(len(X)), validation, k)


@wrong_version(
    "cross_validate_k.error_for_accuracy",
    "The share that is wrong is returned instead of the share that is right",
    "Accuracy is `np.mean(predicted == y)`.",
    "به جای سهم پاسخ‌های درست، سهم پاسخ‌های نادرست برگردانده شده است",
    "دقت `np.mean(predicted == y)` است.",
)
@cross_validation
def error_for_accuracy(X, y, training, validation, k):
    return 1 - validated(X, y, training, validation, k)


@wrong_version(
    "cross_validate_k.parts_swapped",
    "One fold is trained on and the others validate",
    "The pair is (training indices, validation indices).",
    "روی یک بخش آموزش و روی بقیه اعتبارسنجی شده است",
    "هر جفت، (اندیس‌های آموزش، اندیس‌های اعتبارسنجی) است.",
)
@cross_validation
def parts_swapped(X, y, training, validation, k):
    return validated(X, y, validation, training, k)


@wrong_version(
    "cross_validate_k.k_ignored",
    "Every k is tried as k = 1",
    "Hand k on: `predict_labels(distances, y[training], k)`.",
    "همهٔ kها مانند k = 1 آزموده شده‌اند",
    "مقدار k را هم بدهید: `predict_labels(distances, y[training], k)`.",
)
@cross_validation
def k_ignored(X, y, training, validation, k):
    return validated(X, y, training, validation, 1)


@wrong_version(
    "cross_validate_k.one_fold_alone",
    "The first fold validates every time",
    "Each fold validates once: go through all pairs of `k_fold_indices`.",
    "هر بار بخش نخست اعتبارسنجی می‌کند",
    "هر بخش یک بار اعتبارسنجی می‌کند: همهٔ جفت‌های `k_fold_indices` را بپیمایید.",
)
def one_fold_alone(X, y, k_choices, num_folds):
    training, validation = right_folds(len(X), num_folds)[0]
    return {k: [validated(X, y, training, validation, k)] * num_folds for k in k_choices}


@wrong_version(
    "cross_validate_k.mean_for_list",
    "The mean over the folds is returned instead of all accuracies",
    "Keep a list for each k, one accuracy a fold; `best_choice` takes the mean.",
    "به جای همهٔ دقت‌ها، میانگین آن‌ها برگردانده شده است",
    "برای هر k فهرستی با یک دقت برای هر بخش نگه دارید؛ میانگین کار `best_choice` است.",
)
def mean_for_list(X, y, k_choices, num_folds):
    right = cross_validation(validated)(X, y, k_choices, num_folds)
    return {k: float(np.mean(each)) for k, each in right.items()}


def on_a_plane(rng):
    """Two labels and odd k, so that no vote is a draw."""
    return [(rng.normal(size=(14, 2)), rng.permutation(np.arange(14) % 2), [1, 3], 4)]


CROSS_VALIDATION = Component(
    "cross_validate_k",
    question="search",
    right=cross_validation(validated),
    wrong=(
        validated_on_training,
        neighbours_from_all,
        error_for_accuracy,
        parts_swapped,
        k_ignored,
        one_fold_alone,
        mean_for_list,
    ),
    probe=on_a_plane,
    builds_on=("k_fold_indices", "l2_distances_no_loops", "predict_labels"),
    built=built,
)


# --- the best choice ----------------------------------------------------------------------------


def best_choice(accuracies):
    return min(accuracies, key=lambda choice: (-np.mean(accuracies[choice]), choice))


@wrong_version(
    "best_choice.best_on_one_fold",
    "The highest accuracy of a single fold decides",
    "One good fold is luck: compare the means over all folds.",
    "بیشترین دقت یک بخش تنها تعیین‌کننده است",
    "یک بخش خوب بخت است: میانگین روی همهٔ بخش‌ها را مقایسه کنید.",
)
def best_on_one_fold(accuracies):
    return min(accuracies, key=lambda choice: (-max(accuracies[choice]), choice))


@wrong_version(
    "best_choice.last_fold_alone",
    "The last fold alone decides",
    "Compare the means over all folds.",
    "تنها بخش آخر تعیین‌کننده است",
    "میانگین روی همهٔ بخش‌ها را مقایسه کنید.",
)
def last_fold_alone(accuracies):
    return min(accuracies, key=lambda choice: (-accuracies[choice][-1], choice))


@wrong_version(
    "best_choice.lowest_accuracy",
    "The lowest accuracy wins: the largest error",
    "The numbers are accuracies, so the highest mean is best.",
    "کمترین دقت برنده شده است، یعنی بیشترین خطا",
    "عددها دقت‌اند، پس بیشترین میانگین بهترین است.",
)
def lowest_accuracy(accuracies):
    return min(accuracies, key=lambda choice: (np.mean(accuracies[choice]), choice))


@wrong_version(
    "best_choice.largest_of_equals",
    "Of equal means the largest choice wins",
    "Of choices with equal means take the smallest.",
    "از میانگین‌های برابر، بزرگ‌ترین انتخاب برنده شده است",
    "از انتخاب‌هایی با میانگین برابر، کوچک‌ترین را بردارید.",
)
def largest_of_equals(accuracies):
    return max(accuracies, key=lambda choice: (np.mean(accuracies[choice]), choice))


@wrong_version(
    "best_choice.first_of_equals",
    "Of equal means the first in the dict wins",
    "Of choices with equal means take the smallest: sort them first.",
    "از میانگین‌های برابر، نخستین کلید دیکشنری برنده شده است",
    "از انتخاب‌هایی با میانگین برابر، کوچک‌ترین را بردارید: نخست آن‌ها را مرتب کنید.",
)
def first_of_equals(accuracies):
    return max(accuracies, key=lambda choice: np.mean(accuracies[choice]))


@wrong_version(
    "best_choice.accuracy_for_choice",
    "The highest mean is returned instead of the choice that has it",
    "Return the key of the dict, not its accuracy.",
    "به جای انتخاب، بیشترین میانگین برگردانده شده است",
    "کلید دیکشنری را برگردانید، نه دقت آن را.",
)
def accuracy_for_choice(accuracies):
    return float(max(np.mean(each) for each in accuracies.values()))


def several_choices(rng):
    lucky = {1: [0.5, 0.25, 0.875], 3: [0.75, 0.75, 0.75], 5: [0.0, 1.0, 0.5]}
    return [(lucky,), ({7: [0.75, 0.75], 3: [0.5, 1.0], 9: [1.0, 0.5], 5: [0.25, 0.75]},)]


BEST_CHOICE = Component(
    "best_choice",
    question="search",
    right=best_choice,
    wrong=(
        best_on_one_fold,
        last_fold_alone,
        lowest_accuracy,
        largest_of_equals,
        first_of_equals,
        accuracy_for_choice,
    ),
    probe=several_choices,
)

# --- the search for settings --------------------------------------------------------------------


def nearest_mean(X, y, learning_rate, reg):
    """Stands for the student's own training: it learns, unless the learning rate is 0."""
    means = np.array([learning_rate * X[y == label].mean(axis=0) for label in range(max(y) + 1)])
    return lambda rows: np.argmin(((rows[:, None] - means) ** 2).sum(axis=2), axis=1)


def accuracy_on(predict, data, part):
    return float(np.mean(predict(data[f"X_{part}"]) == data[f"y_{part}"]))


def search(by="val", trained_on=("train",), better=1, last=False, in_order=True):
    """The right search, and with one thing changed."""

    def search_settings(data, learning_rates, regs, train=nearest_mean):
        X = np.concatenate([data[f"X_{part}"] for part in trained_on])
        y = np.concatenate([data[f"y_{part}"] for part in trained_on])
        tried = []
        for rate in sorted(learning_rates) if in_order else learning_rates:
            for reg in sorted(regs) if in_order else regs:
                predict = train(X, y, rate, reg)
                tried.append((better * accuracy_on(predict, data, by), rate, reg, predict))
        top = max(each[0] for each in tried)
        _, rate, reg, predict = [each for each in tried if each[0] == top][-1 if last else 0]
        return rate, reg, accuracy_on(predict, data, "val"), accuracy_on(predict, data, "test")

    return search_settings


right_search = search()


@wrong_version(
    "search_settings.settings_exchanged",
    "The regularization is handed on as the learning rate, and the other way round",
    "The order is `train(X, y, learning_rate, reg)`.",
    "ضریب تنظیم و نرخ یادگیری جابه‌جا داده شده‌اند",
    "ترتیب `train(X, y, learning_rate, reg)` است.",
)
def settings_exchanged(data, learning_rates, regs, train=nearest_mean):
    def exchanged(X, y, learning_rate, reg):
        return train(X, y, reg, learning_rate)

    return right_search(data, learning_rates, regs, exchanged)


@wrong_version(
    "search_settings.validation_for_test",
    "The validation accuracy is reported as the test accuracy",
    "At the end, ask the best predictor for the labels of the test set.",
    "دقت اعتبارسنجی به جای دقت آزمون گزارش شده است",
    "در پایان، برچسب‌های مجموعهٔ آزمون را از بهترین پیش‌بین بپرسید.",
)
def validation_for_test(data, learning_rates, regs, train=nearest_mean):
    rate, reg, accuracy, _ = right_search(data, learning_rates, regs, train)
    return rate, reg, accuracy, accuracy


@wrong_version(
    "search_settings.last_predictor_tested",
    "The test accuracy is that of the last pair instead of the best one",
    "Keep the predictor of the best pair, and test that one.",
    "دقت آزمون مربوط به آخرین جفت است، نه بهترین جفت",
    "پیش‌بین بهترین جفت را نگه دارید و همان را بیازمایید.",
)
def last_predictor_tested(data, learning_rates, regs, train=nearest_mean):
    rate, reg, accuracy, _ = right_search(data, learning_rates, regs, train)
    last = train(data["X_train"], data["y_train"], max(learning_rates), max(regs))
    return rate, reg, accuracy, accuracy_on(last, data, "test")


WRONG_SEARCHES = (
    wrong_version(
        "search_settings.chosen_on_test",
        "The test set chooses the settings",
        "What settings are chosen on is no test any more: choose by the validation set.",
        "تنظیم‌ها با مجموعهٔ آزمون انتخاب شده‌اند",
        "مجموعه‌ای که تنظیم‌ها با آن انتخاب شوند دیگر آزمون نیست: با مجموعهٔ اعتبارسنجی انتخاب کنید.",
    )(search(by="test")),
    wrong_version(
        "search_settings.chosen_on_training",
        "The training accuracy chooses the settings",
        "It rewards learning by heart: choose by the validation set.",
        "تنظیم‌ها با دقت آموزش انتخاب شده‌اند",
        "دقت آموزش به حفظ کردن پاداش می‌دهد: با مجموعهٔ اعتبارسنجی انتخاب کنید.",
    )(search(by="train")),
    wrong_version(
        "search_settings.trained_on_validation",
        "The validation set is trained on too",
        "Its accuracy says nothing then: train on the training set alone.",
        "روی مجموعهٔ اعتبارسنجی هم آموزش داده شده است",
        "آنگاه دقت آن معنایی ندارد: تنها روی مجموعهٔ آموزش، آموزش دهید.",
    )(search(trained_on=("train", "val"))),
    wrong_version(
        "search_settings.trained_on_test",
        "The test set is trained on too",
        "It is for the very end: train on the training set alone.",
        "روی مجموعهٔ آزمون هم آموزش داده شده است",
        "مجموعهٔ آزمون برای پایان کار است: تنها روی مجموعهٔ آموزش، آموزش دهید.",
    )(search(trained_on=("train", "test"))),
    wrong_version(
        "search_settings.lowest_accuracy",
        "The lowest accuracy wins: the largest error",
        "The highest validation accuracy is best.",
        "کمترین دقت برنده شده است، یعنی بیشترین خطا",
        "بیشترین دقت اعتبارسنجی بهترین است.",
    )(search(better=-1)),
    wrong_version(
        "search_settings.last_of_equals",
        "Of equals the last pair wins",
        "Take a pair only if it is better (`>`), not where it is equal (`>=`).",
        "از جفت‌های برابر، آخرین جفت برنده شده است",
        "جفتی را تنها هنگامی بردارید که بهتر باشد (`>`)، نه برابر (`>=`).",
    )(search(last=True)),
    wrong_version(
        "search_settings.first_of_equals",
        "Of equals the pair that is tried first wins, in the order given",
        "Go through the learning rates and regularizations in ascending order.",
        "از جفت‌های برابر، جفتی برنده شده که به ترتیب داده‌شده زودتر آزموده شده است",
        "نرخ‌های یادگیری و ضریب‌های تنظیم را به ترتیب صعودی بپیمایید.",
    )(search(in_order=False)),
    settings_exchanged,
    validation_for_test,
    last_predictor_tested,
)


def with_a_threshold(student, rng):
    """Class 1 above learning_rate * mean + reg; what may decide all differs."""
    train = student.define(
        "lambda X, y, learning_rate, reg: "
        "lambda rows: (rows[:, 0] > learning_rate * X.mean() + reg).astype(int)"
    )
    for _ in range(6):
        data = {}
        for part, lowest in (("train", 0), ("val", 4), ("test", -4)):
            data[f"X_{part}"] = rng.integers(lowest, lowest + 13, (8, 1)) / 4
            data[f"y_{part}"] = rng.integers(0, 2, 8)
        yield student.search_settings(data, [1.0, 0.25, 0.5], [0.5, 0.0, 1.0], train)


SEARCH = Component(
    "search_settings",
    question="search",
    right=right_search,
    wrong=WRONG_SEARCHES,
    session=with_a_threshold,
)
