"""The wrong versions known of babysitting, search and early stopping."""

import math

import numpy as np
from training_basics_own import component

from autograder.components import Component, wrong_version, wrong_versions
from reference.misconceptions import COMPONENTS as KNOWN

LOSSES = [
    [2.0, 1.5, 1.0],
    [2.0, 6.5, 1.0],
    [2.0, 1.0, 3.5],
    [2.0, 1.5, math.nan],
    [2.0, 1.5, math.inf],
    [2.0, 1.5, 7.0],
    [2.0, 2.5, 1.9],
]


# --- babysitting --------------------------------------------------------------------------------


def diverged(losses):
    values = np.asarray(losses, float)
    return bool(not np.isfinite(values).all() or (values > 3 * values[0]).any())


DIVERGED = Component(
    "diverged",
    question="babysitting",
    right=diverged,
    wrong=(
        wrong_version(
            "diverged.nan_unnoticed",
            "NaN is not noticed",
            "Comparisons with NaN are False: ask `np.isfinite`.",
            "NaN دیده نشده است",
            "مقایسه با NaN همیشه False است: `np.isfinite` را بپرسید.",
        )(lambda losses: any(each > 3 * losses[0] for each in losses)),
        wrong_version(
            "diverged.last_only",
            "Only the last loss is looked at",
            "A loss above the limit counts wherever it stands.",
            "تنها به آخرین هزینه نگاه شده است",
            "هزینهٔ بیش از حد، هر جا که باشد به حساب می‌آید.",
        )(lambda losses: not losses[-1] <= 3 * losses[0]),
        wrong_version(
            "diverged.three_times_the_best",
            "The losses are compared with the smallest, not with the first",
            "The limit is 3 times the first loss.",
            "هزینه‌ها با کوچک‌ترین سنجیده شده‌اند، نه با نخستین",
            "حد، 3 برابر نخستین هزینه است.",
        )(lambda losses: not all(each <= 3 * np.nanmin(losses) for each in losses)),
        wrong_version(
            "diverged.any_rise",
            "Every rise above the first loss counts as divergence",
            "Losses go up and down: only above 3 times the first has it diverged.",
            "هر بالا رفتنی از نخستین هزینه واگرایی به حساب آمده است",
            "هزینه بالا و پایین می‌رود: تنها بالای 3 برابر نخستین واگرا شده است.",
        )(lambda losses: not all(each <= losses[0] for each in losses)),
    ),
    probe=lambda rng: [(losses,) for losses in LOSSES],
)

RUNS = [
    ([2.3, 0.2, 0.01], [0.1, 0.9, 1.0]),
    ([2.3, 1.0, 0.9], [0.1, 0.9, 1.0]),
    ([2.3, 0.2, 0.05], [0.1, 0.9, 0.95]),
    ([2.3, 0.01, 0.4], [0.1, 1.0, 0.9]),
    ([2.3, 0.2, 0.3], [0.1, 0.9, 1.0], 0.5),
]

CAN_OVERFIT = Component(
    "can_overfit",
    question="babysitting",
    right=lambda losses, accuracies, largest_loss=0.1: bool(
        accuracies[-1] == 1 and losses[-1] <= largest_loss
    ),
    wrong=(
        wrong_version(
            "can_overfit.accuracy_alone",
            "Only the accuracy is looked at",
            "With accuracy 1 the loss can still be large: it must be at most `largest_loss` too.",
            "تنها به دقت نگاه شده است",
            "با دقت 1 هم هزینه می‌تواند بزرگ باشد: باید حداکثر `largest_loss` باشد.",
        )(lambda losses, accuracies, largest_loss=0.1: bool(accuracies[-1] == 1)),
        wrong_version(
            "can_overfit.loss_alone",
            "Only the loss is looked at",
            "All the examples must be right: the accuracy must be 1 too.",
            "تنها به هزینه نگاه شده است",
            "همهٔ نمونه‌ها باید درست باشند: دقت هم باید 1 باشد.",
        )(lambda losses, accuracies, largest_loss=0.1: bool(losses[-1] <= largest_loss)),
        wrong_version(
            "can_overfit.any_epoch",
            "The best epoch is looked at instead of the last",
            "What counts is the end of the training: losses[-1] and accuracies[-1].",
            "به جای آخرین دور به بهترین دور نگاه شده است",
            "پایان آموزش مهم است: losses[-1] و accuracies[-1].",
        )(
            lambda losses, accuracies, largest_loss=0.1: bool(
                max(accuracies) == 1 and np.nanmin(losses) <= largest_loss
            )
        ),
        wrong_version(
            "can_overfit.limit_fixed",
            "The limit is always 0.1",
            "Use the argument `largest_loss`.",
            "حد همیشه 0.1 است",
            "آرگومان `largest_loss` را به کار ببرید.",
        )(
            lambda losses, accuracies, largest_loss=0.1: bool(
                accuracies[-1] == 1 and losses[-1] <= 0.1
            )
        ),
    ),
    probe=lambda rng: RUNS,
)


def judged(blown_up, share, high="too high", low="too low"):
    def judge_learning_rate(losses):
        if blown_up(losses):
            return high
        return low if losses[-1] > share * losses[0] else "good"

    return judge_learning_rate


JUDGE = Component(
    "judge_learning_rate",
    question="babysitting",
    right=judged(diverged, 0.99),
    wrong=(
        wrong_version(
            "judge_learning_rate.nan_is_no_divergence",
            "A run that ends in NaN is not called too high",
            "NaN compares as False with everything: ask first whether the losses diverged.",
            "اجرایی که به NaN می‌رسد خیلی زیاد خوانده نشده است",
            "NaN در هر مقایسه‌ای False است: نخست بپرسید که آیا هزینه‌ها واگرا شده‌اند.",
        )(judged(lambda losses: any(each > 3 * losses[0] for each in losses), 0.99)),
        wrong_version(
            "judge_learning_rate.swapped",
            "Too high and too low are swapped",
            "A loss that explodes has a learning rate that is too high.",
            "خیلی زیاد و خیلی کم جابه‌جا شده‌اند",
            "هزینه‌ای که منفجر می‌شود نرخ یادگیری خیلی زیاد دارد.",
        )(judged(diverged, 0.99, "too low", "too high")),
        wrong_version(
            "judge_learning_rate.any_fall_is_good",
            "Any fall of the loss is called good",
            "A fall of less than 1 % is hardly any: compare with 0.99 times the first loss.",
            "هر کاهشی در هزینه خوب خوانده شده است",
            "کاهش کمتر از 1 % ناچیز است: با 0.99 برابر نخستین هزینه بسنجید.",
        )(judged(diverged, 1.0)),
        wrong_version(
            "judge_learning_rate.last_only",
            "Only the last loss decides whether it diverged",
            "A peak above 3 times the first loss counts wherever it stands.",
            "تنها آخرین هزینه واگرایی را تعیین کرده است",
            "قلهٔ بالای 3 برابر نخستین هزینه، هر جا که باشد به حساب می‌آید.",
        )(judged(lambda losses: not losses[-1] <= 3 * losses[0], 0.99)),
    ),
    probe=lambda rng: [(losses,) for losses in (*LOSSES, [2.0, 1.99, 1.985], [2.0, 2.2])],
    builds_on=("diverged",),
    built=lambda diverged: judged(diverged, 0.99),
)


def updates(rng):
    return [(rng.normal(size=(4, 5)), rng.normal(size=(4, 5)), 0.03)]


BABYSITTING = [
    component(
        "first_loss",
        "babysitting",
        "expected_initial_loss",
        lambda expected: expected,
        lambda rng: [(loss, classes) for loss in ("softmax", "svm") for classes in (10, 3)],
    ),
    component(
        "update_ratio",
        "babysitting",
        "update_to_weight_ratio",
        lambda ratio: lambda W, dW, learning_rate: ratio(W, learning_rate * dW),
        updates,
        more=(
            wrong_version(
                "update_ratio.rate_missing",
                "The gradient is taken for the update",
                "The update is learning_rate * dW.",
                "گرادیان به جای به‌روزرسانی گرفته شده است",
                "به‌روزرسانی learning_rate * dW است.",
            )(lambda W, dW, learning_rate: np.linalg.norm(dW) / np.linalg.norm(W)),
        ),
    ),
    DIVERGED,
    CAN_OVERFIT,
    JUDGE,
]


# --- search -------------------------------------------------------------------------------------


def as_log_uniform(kind):
    def log_uniform(low_exponent, high_exponent, count, seed):
        drawn, rng = kind(10.0**low_exponent, 10.0**high_exponent), np.random.default_rng(seed)
        return np.array([drawn.sample(rng) for _ in range(count)])

    return log_uniform


def narrowed(order):
    def narrowed_range(accuracies, values, best):
        chosen = np.asarray(values)[order(np.asarray(accuracies), np.asarray(values))[:best]]
        return float(chosen.min()), float(chosen.max())

    return narrowed_range


def placed(measure, low_end=0.1, high_end=0.9):
    def at_edge(value, low, high):
        place = (measure(value) - measure(low)) / (measure(high) - measure(low))
        return bool(place < low_end or place > high_end)

    return at_edge


def runs(rng):
    return [(rng.permutation(8).astype(float), rng.permutation(8) + 1.0, best) for best in (2, 3)]


PLACES = (1e-4, 1.1e-4, 1.5e-4, 5e-4, 9.5e-4)

SEARCH = [
    component(
        "log_uniform",
        "search",
        "LogRange",
        as_log_uniform,
        lambda rng: [(-6, -3, 5, 4), (-2, 3, 4, 9)],
        more=(
            wrong_version(
                "log_uniform.base_e",
                "The exponents belong to e instead of 10",
                "The values are 10 ** u; np.exp(u) is e ** u.",
                "نماها برای e به کار رفته‌اند، نه برای 10",
                "مقدارها 10 ** u هستند؛ np.exp(u) برابر e ** u است.",
            )(
                lambda low, high, count, seed: np.exp(
                    np.random.default_rng(seed).uniform(low, high, count)
                )
            ),
        ),
    ),
    Component(
        "narrowed_range",
        question="search",
        right=narrowed(lambda accuracies, values: np.argsort(-accuracies)),
        wrong=(
            wrong_version(
                "narrowed_range.worst_runs",
                "The least accurate runs are taken",
                "`np.argsort` sorts upwards: the best runs stand at its end.",
                "کم‌دقت‌ترین اجراها گرفته شده‌اند",
                "تابع `np.argsort` صعودی مرتب می‌کند: بهترین اجراها در پایان آن‌اند.",
            )(narrowed(lambda accuracies, values: np.argsort(accuracies))),
            wrong_version(
                "narrowed_range.largest_values",
                "The largest values are taken instead of the most accurate runs",
                "Sort by the accuracy, and look at the values of those runs.",
                "به جای دقیق‌ترین اجراها بزرگ‌ترین مقدارها گرفته شده‌اند",
                "بر حسب دقت مرتب کنید و به مقدارهای همان اجراها نگاه کنید.",
            )(narrowed(lambda accuracies, values: np.argsort(-values))),
            wrong_version(
                "narrowed_range.all_runs",
                "All runs take part",
                "Only the `best` most accurate runs count; else nothing is narrowed.",
                "همهٔ اجراها شرکت دارند",
                "تنها `best` اجرای دقیق‌تر به حساب می‌آیند؛ وگرنه بازه تنگ نمی‌شود.",
            )(lambda accuracies, values, best: (float(min(values)), float(max(values)))),
        ),
        probe=runs,
    ),
    Component(
        "at_edge",
        question="search",
        right=placed(np.log),
        wrong=(
            wrong_version(
                "at_edge.linear",
                "The range is measured evenly instead of by the logarithm",
                "From 1e-4 to 1e-2 the middle is 1e-3: compare logarithms.",
                "بازه به جای لگاریتمی، یکنواخت سنجیده شده است",
                "از 1e-4 تا 1e-2 میانه 1e-3 است: لگاریتم‌ها را بسنجید.",
            )(placed(lambda value: value)),
            wrong_version(
                "at_edge.high_end_alone",
                "Only the high end counts as an edge",
                "Better runs may lie below the range too.",
                "تنها سر بالا لبه به حساب آمده است",
                "اجراهای بهتر ممکن است پایین‌تر از بازه هم باشند.",
            )(placed(np.log, low_end=-np.inf)),
            wrong_version(
                "at_edge.outside_alone",
                "Only values on the ends themselves count",
                "The lowest and the highest tenth of the range are its edges.",
                "تنها مقدارهای روی خود دو سر به حساب آمده‌اند",
                "یک‌دهم پایین و یک‌دهم بالای بازه لبه‌های آن‌اند.",
            )(lambda value, low, high: bool(value <= low or value >= high)),
        ),
        probe=lambda rng: [(value, 1e-4, 1e-3) for value in PLACES],
    ),
]


def as_early_stopping(kind):
    def early_stopping(losses, patience, min_delta=0.0):
        stopping, best, epoch = kind(patience=patience, min_delta=min_delta), None, 0
        for epoch, loss in enumerate(losses):
            best = stopping.watch(best, epoch, loss, {"epoch": epoch})
            if stopping.exhausted(best):
                break
        return best.parameters["epoch"], epoch

    return early_stopping


CURVE = [1.0, 0.8, 0.85, 0.6, 0.62, 0.64, 0.5, 0.495, 0.7, 0.8, 0.9, 0.4]
PEAKS = [1.0, 0.5, 0.9, 0.7, 0.8, 0.6, 0.55, 0.4]


@wrong_version(
    "early_stopping.counted_from_1",
    "The epochs are counted from 1",
    "The first epoch has the number 0, like an index.",
    "دورها از 1 شمرده شده‌اند",
    "نخستین دور شمارهٔ 0 دارد، مانند اندیس.",
)
def counted_from_1(losses, patience, min_delta=0.0):
    right = as_early_stopping(KNOWN["EarlyStopping"].right)
    best, stop = right(losses, patience, min_delta)
    return best + 1, stop + 1


@wrong_version(
    "early_stopping.compared_with_the_epoch_before",
    "Each loss is compared with that of the epoch before",
    "Compare with the best loss so far: a fall from a peak is no improvement.",
    "هر هزینه با هزینهٔ دور پیش سنجیده شده است",
    "با بهترین هزینه تا آن‌جا بسنجید: پایین آمدن از قله بهبود نیست.",
)
def compared_with_the_epoch_before(losses, patience, min_delta=0.0):
    best = 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[epoch - 1] - min_delta:
            best = epoch
        if epoch - best >= patience:
            return best, epoch
    return best, len(losses) - 1


STOPPING = Component(
    "early_stopping",
    question="search",
    right=as_early_stopping(KNOWN["EarlyStopping"].right),
    wrong=(
        *wrong_versions(KNOWN["EarlyStopping"], as_early_stopping),
        counted_from_1,
        compared_with_the_epoch_before,
    ),
    probe=lambda rng: [(CURVE, 3), (CURVE, 2), (CURVE, 3, 0.05), (CURVE, 6), (PEAKS, 3)],
)

WATCHING = [*BABYSITTING, *SEARCH, STOPPING]
