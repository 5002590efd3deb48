"""Wrong measures of predictions and of training."""

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from reference import evaluation
from reference.misconceptions.catalogue import Array, Call, Component, call
from reference.training import babysitting, ratio
from reference.training.early_stopping import BestSoFar, EarlyStopping
from reference.training.search import LogRange


def _predictions(rng: np.random.Generator) -> list[Call]:
    labels, wrong = rng.permutation(np.arange(30) % 3), rng.permutation(30) < 6
    return [call(np.where(wrong, (labels + 1) % 3, labels), labels)]


def _counted(rng: np.random.Generator) -> list[Call]:
    return [call(*_predictions(rng)[0].args, classes=3)]


def _confusions(rng: np.random.Generator) -> list[Call]:
    confusion = rng.integers(1, 9, (3, 3)) + np.diag(rng.integers(10, 20, 3))
    confusion[0] *= 3
    return [call(confusion)]


ACCURACY = Component("accuracy", evaluation.accuracy, _predictions)
CONFUSION = Component("confusion_matrix", evaluation.confusion_matrix, _counted)
RECALL = Component("recall_per_class", evaluation.recall_per_class, _confusions)


@ACCURACY.wrong(
    "column_broadcast",
    "D19, B4, s.71",
    "A column of labels is compared with a row of predictions",
    "(N, 1) against (N,) broadcasts to (N, N): flatten with `.ravel()`.",
    "ستون برچسب‌ها با سطر پیش‌بینی‌ها مقایسه شده است",
    "(N, 1) در برابر (N,) به (N, N) پخش می‌شود: با `.ravel()` صاف کنید.",
)
def _column_broadcast(predicted: Array, labels: Array) -> Array:
    return np.mean(predicted == labels[:, None])


@ACCURACY.wrong(
    "error_rate",
    "teaching",
    "The share of wrong predictions is returned",
    "Accuracy is the share of right ones: `np.mean(predicted == labels)`.",
    "نسبت پیش‌بینی‌های نادرست برگردانده شده است",
    "دقت نسبت پیش‌بینی‌های درست است: `np.mean(predicted == labels)`.",
)
def _error_rate(predicted: Array, labels: Array) -> Array:
    return np.mean(predicted != labels)


@ACCURACY.wrong(
    "count",
    "teaching",
    "The number of right predictions is returned",
    "Divide by the number of examples.",
    "شمار پیش‌بینی‌های درست برگردانده شده است",
    "بر شمار نمونه‌ها تقسیم کنید.",
)
def _count(predicted: Array, labels: Array) -> Array:
    return np.sum(predicted == labels)


@CONFUSION.wrong(
    "transposed",
    "D44",
    "Rows and columns are swapped",
    "Rows are the true classes, columns the predicted ones.",
    "سطر و ستون جابه‌جا شده‌اند",
    "سطرها کلاس‌های درست و ستون‌ها پیش‌بینی‌ها هستند.",
)
def _transposed(predicted: Array, labels: Array, *, classes: int) -> Array:
    return evaluation.confusion_matrix(labels, predicted, classes=classes)


@CONFUSION.wrong(
    "pairs_counted_once",
    "teaching",
    "Every pair of classes is counted at most once",
    "`matrix[labels, predicted] += 1` counts repeated pairs once: use `np.add.at`.",
    "هر جفت کلاس حداکثر یک بار شمرده شده است",
    "`matrix[labels, predicted] += 1` جفت‌های تکراری را یک بار می‌شمارد: `np.add.at`.",
)
def _pairs_counted_once(predicted: Array, labels: Array, *, classes: int) -> Array:
    matrix = np.zeros((classes, classes), np.intp)
    matrix[labels, predicted] += 1
    return matrix


@RECALL.wrong(
    "precision",
    "teaching",
    "It is divided by the column sums: that is precision",
    "Recall asks how many of a class's examples were found: divide by the row sums.",
    "بر جمع ستون‌ها تقسیم شده است: این دقت مثبت است",
    "بازیابی می‌پرسد چند نمونهٔ کلاس پیدا شده است: بر جمع سطرها تقسیم کنید.",
)
def _precision(confusion: NDArray[np.integer]) -> Array:
    return np.diag(confusion) / confusion.sum(axis=0)


@RECALL.wrong(
    "share_of_all",
    "teaching",
    "It is divided by the number of all examples",
    "Each class is measured by its own examples: divide by the row sums.",
    "بر شمار همهٔ نمونه‌ها تقسیم شده است",
    "هر کلاس با نمونه‌های خودش سنجیده می‌شود: بر جمع سطرها تقسیم کنید.",
)
def _share_of_all(confusion: NDArray[np.integer]) -> Array:
    return np.diag(confusion) / confusion.sum()


def _class_counts(rng: np.random.Generator) -> list[Call]:
    classes = int(rng.integers(3, 50))
    return [call("softmax", classes), call("svm", classes)]


INITIAL = Component("expected_initial_loss", babysitting.expected_initial_loss, _class_counts)

Kind = Literal["softmax", "svm"]


@INITIAL.wrong(
    "losses_swapped",
    "D17, s.57, s.64",
    "The values of the two losses are swapped",
    "With equal scores the SVM loss is C - 1 and the softmax loss ln C.",
    "مقدار دو هزینه جابه‌جا شده است",
    "با امتیازهای برابر هزینهٔ SVM برابر `C - 1` و هزینهٔ سافتمکس ln C است.",
)
def _losses_swapped(kind: Kind, classes: int) -> Array:
    return babysitting.expected_initial_loss("svm" if kind == "softmax" else "softmax", classes)


@INITIAL.wrong(
    "true_class_counted",
    "D6, s.53, s.57",
    "The SVM loss is expected to be C",
    "The right class is not in the sum: C - 1 margins of 1 each.",
    "هزینهٔ SVM برابر C فرض شده است",
    "کلاس درست در جمع نیست: `C - 1` حاشیه، هر یک 1.",
)
def _true_class_counted(kind: Kind, classes: int) -> Array:
    return math.log(classes) if kind == "softmax" else classes


@INITIAL.wrong(
    "log10",
    "D16, s.64",
    "The logarithm has base 10",
    "The natural logarithm: ln 10 = 2.302585.",
    "لگاریتم در پایهٔ 10 است",
    "لگاریتم طبیعی: `ln 10 = 2.302585`.",
)
def _log10(kind: Kind, classes: int) -> Array:
    return math.log10(classes) if kind == "softmax" else classes - 1


def _updates(rng: np.random.Generator) -> list[Call]:
    return [call(rng.normal(size=(4, 5)), 1e-3 * rng.normal(size=(4, 5)))]


RATIO = Component("update_to_weight_ratio", ratio.update_to_weight_ratio, _updates)


@RATIO.wrong(
    "inverted",
    "s.209",
    "Weights are divided by the update",
    "The ratio is |update| / |weights|, about 1e-3.",
    "وزن‌ها بر به‌روزرسانی تقسیم شده‌اند",
    "نسبت `|update| / |weights|` است، حدود `1e-3`.",
)
def _inverted(weights: Array, update: Array) -> Array:
    return np.linalg.norm(weights) / np.linalg.norm(update)


@RATIO.wrong(
    "means",
    "s.209",
    "Means are divided instead of norms",
    "Positive and negative numbers cancel in a mean: use `np.linalg.norm`.",
    "به جای نُرم‌ها میانگین‌ها تقسیم شده‌اند",
    "در میانگین مثبت و منفی خنثی می‌شوند: `np.linalg.norm` را به کار ببرید.",
)
def _means(weights: Array, update: Array) -> Array:
    return np.mean(update) / np.mean(weights)


@RATIO.wrong(
    "squared",
    "s.209",
    "The squares of the norms are divided",
    "Take the norms themselves: the square of 1e-3 is 1e-6.",
    "مربع نُرم‌ها تقسیم شده است",
    "خود نُرم‌ها را بگیرید: مربع `1e-3` برابر `1e-6` است.",
)
def _squared(weights: Array, update: Array) -> Array:
    return np.sum(update**2) / np.sum(weights**2)


def _ranges(rng: np.random.Generator) -> list[Call]:
    return [call(1e-6, 1e-2, rng)]


def _draw(kind: Any, made: Call) -> Any:
    low, high, rng = made.args
    return [kind(low, high).sample(rng) for _ in range(5)]


RANGE = Component("LogRange", LogRange, _ranges, _draw)


@RANGE.wrong(
    "linear",
    "D39, s.200",
    "The values are drawn evenly instead of in log space",
    "Then nine of ten lie above a tenth of the range: draw the exponent evenly, `10 ** exponent`.",
    "مقدارها به جای فضای لگاریتمی یکنواخت کشیده شده‌اند",
    "آن‌گاه نه‌دهم آن‌ها بالای یک‌دهم بازه‌اند. نما را یکنواخت بکشید: `10 ** exponent`.",
)
class _Linear(LogRange):
    def sample(self, rng: np.random.Generator) -> float:
        return float(rng.uniform(self.low, self.high))


@RANGE.wrong(
    "exponent_returned",
    "s.200",
    "The exponent is returned instead of the value",
    "Raise 10 to the drawn exponent.",
    "به جای مقدار خود نما برگردانده شده است",
    "10 را به توان نمای کشیده‌شده برسانید.",
)
class _ExponentReturned(LogRange):
    def sample(self, rng: np.random.Generator) -> float:
        return math.log10(super().sample(rng))


def _losses(rng: np.random.Generator) -> list[Call]:
    # Short spells without improvement, a tiny improvement, a long spell, and the best too late.
    curve = np.array([1.0, 0.8, 0.85, 0.6, 0.62, 0.64, 0.5, 0.495, 0.7, 0.8, 0.9, 0.4])
    losses = (curve + rng.uniform(0, 0.002, 12)).tolist()
    return [call(losses, patience=3), call(losses, patience=3, min_delta=0.05)]


def _stop(kind: Any, made: Call) -> Any:
    """Return the epoch at which it stops and the epoch whose parameters are restored."""
    stopping, epoch = kind(**made.kwargs), 0
    best: Any = None
    for epoch, loss in enumerate(made.args[0], start=1):
        best = stopping.watch(best, epoch, loss, {"epoch": np.array(float(epoch))})
        if stopping.exhausted(best):
            break
    return epoch, best.parameters["epoch"]


STOPPING = Component("EarlyStopping", EarlyStopping, _losses, _stop)


@STOPPING.wrong(
    "last_parameters",
    "D41, s.207",
    "The last parameters are returned instead of the best",
    "Keep a copy of the parameters of the best epoch and restore them.",
    "به جای بهترین پارامترها آخرین پارامترها برگردانده شده‌اند",
    "نسخه‌ای از پارامترهای بهترین دور را نگه دارید و بازگردانید.",
)
class _LastParameters(EarlyStopping):
    def watch(self, best: Any, epoch: int, value: float, parameters: Any) -> BestSoFar:
        now = super().watch(best, epoch, value, parameters)
        return BestSoFar(now.epoch, now.value, parameters, now.waited)


@STOPPING.wrong(
    "patience_not_reset",
    "D41",
    "The patience is not renewed after an improvement",
    "Only bad epochs in a row count: start at 0 again with each new best.",
    "پس از بهبود، صبر از نو شمرده نمی‌شود",
    "فقط دورهای بدِ پشت سر هم شمرده می‌شوند: با هر بهترین تازه از 0 آغاز کنید.",
)
class _PatienceNotReset(EarlyStopping):
    def watch(self, best: Any, epoch: int, value: float, parameters: Any) -> BestSoFar:
        now = super().watch(best, epoch, value, parameters)
        waited = 0 if best is None else best.waited
        return BestSoFar(now.epoch, now.value, now.parameters, max(waited, now.waited))


@STOPPING.wrong(
    "first_rise",
    "D41, s.207",
    "Training stops at the first epoch that is no better",
    "A single bad epoch is noise: wait for `patience` of them in a row.",
    "آموزش در نخستین دور بدون بهبود متوقف می‌شود",
    "یک دور بد نوفه است: `patience` دور پشت سر هم صبر کنید.",
)
class _FirstRise(EarlyStopping):
    def exhausted(self, best: BestSoFar) -> bool:
        return best.waited >= 1


@STOPPING.wrong(
    "min_delta_ignored",
    "teaching",
    "Every improvement counts, however small",
    "An improvement must be larger than `min_delta`.",
    "هر بهبودی، هر اندازه کوچک، به حساب آمده است",
    "بهبود باید بیشتر از `min_delta` باشد.",
)
class _MinDeltaIgnored(EarlyStopping):
    def watch(self, best: Any, epoch: int, value: float, parameters: Any) -> BestSoFar:
        return EarlyStopping(self.patience).watch(best, epoch, value, parameters)


TRAINING = (ACCURACY, CONFUSION, RECALL, INITIAL, RATIO, RANGE, STOPPING)
