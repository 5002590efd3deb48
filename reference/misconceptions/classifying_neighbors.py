"""Wrong nearest-neighbour classifiers, and wrong ways to cross-validate them."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from reference import neighbors as right
from reference.data.splits import Fold, k_fold
from reference.misconceptions.catalogue import Array, Call, Component, call
from reference.neighbors import CrossValidation, KNearestNeighbors, Metric


def _clouds(rng: np.random.Generator, examples: int) -> tuple[Array, Array]:
    """Three overlapping classes, named by labels that are no codes 0 to 2."""
    classes = rng.permutation(np.arange(examples) % 3)
    return rng.normal(size=(examples, 3)) + 1.5 * np.eye(3)[classes], np.array([3, 5, 9])[classes]


def _classified(rng: np.random.Generator) -> list[Call]:
    train, labels = _clouds(rng, 40)
    queries = np.concatenate([_clouds(rng, 60)[0], train[:5]])
    return [
        call(train, labels, queries, k=k, metric=metric) for k in (1, 7) for metric in right.METRICS
    ]


def _predict(kind: Any, made: Call) -> Any:
    train, labels, queries = made.args
    model = kind(**made.kwargs)
    # Trained a second time: what was stored first must be gone.
    model.train(train, np.roll(labels, 1))
    model.train(train, labels)
    return model.predict(queries)


KNN = Component("KNearestNeighbors", KNearestNeighbors, _classified, _predict)


@KNN.wrong(
    "farthest",
    "D4, s.21",
    "The farthest points vote instead of the nearest",
    "Neighbours have the smallest distances: sort upwards, or take `argmin`.",
    "به جای نزدیک‌ترین نقطه‌ها دورترین‌ها رأی داده‌اند",
    "همسایه‌ها کوچک‌ترین فاصله را دارند: صعودی مرتب کنید یا `argmin` بگیرید.",
)
class _Farthest(KNearestNeighbors):
    def nearest(self, images: Array) -> Any:
        distances = right.distances_vectorized(images, self.images, metric=self.metric)
        return right.k_smallest(-distances, self.k)


@KNN.wrong(
    "k_ignored",
    "s.24",
    "Only the nearest neighbour decides, whatever k is",
    "All k nearest neighbours vote.",
    "هر k که باشد فقط نزدیک‌ترین همسایه تصمیم گرفته است",
    "هر k همسایهٔ نزدیک رأی می‌دهند.",
)
class _KIgnored(KNearestNeighbors):
    def nearest(self, images: Array) -> Any:
        return super().nearest(images)[:, :1]


@KNN.wrong(
    "metric_ignored",
    "s.23",
    "The distance is L2 whatever the metric is",
    "With metric 'l1' sum the absolute differences.",
    "هر معیاری داده شود فاصله L2 است",
    "با معیار 'l1' قدر مطلق اختلاف‌ها را جمع بزنید.",
)
class _MetricIgnored(KNearestNeighbors):
    def nearest(self, images: Array) -> Any:
        return right.nearest_blocked(images, self.images, k=self.k, metric="l2")


@KNN.wrong(
    "index_for_label",
    "teaching",
    "The index of the nearest point is returned instead of its label",
    "Look the labels up: `labels[nearest]`, then vote.",
    "به جای برچسب اندیس نزدیک‌ترین نقطه برگردانده شده است",
    "برچسب‌ها را بردارید: `labels[nearest]`، سپس رأی بگیرید.",
)
class _IndexForLabel(KNearestNeighbors):
    def predict(self, images: Array) -> Any:
        return self.nearest(images)[:, 0]


@KNN.wrong(
    "first_training_kept",
    "teaching",
    "A second call of train adds to what the first one stored",
    "Training stores the data given and forgets what was there before.",
    "فراخوانی دوم train به دادهٔ نخست افزوده است",
    "آموزش دادهٔ داده‌شده را ذخیره می‌کند و پیشین را فراموش می‌کند.",
)
class _FirstTrainingKept(KNearestNeighbors):
    def train(self, images: Array, labels: Array) -> Any:
        if hasattr(self, "images"):
            images = np.concatenate([self.images, images])
            labels = np.concatenate([self.labels, labels])
        return super().train(images, labels)


@KNN.wrong(
    "point_itself_skipped",
    "D5",
    "The nearest point is left out as if it were the query itself",
    "Only in leave-one-out is a query a training point of its own; here all k nearest count.",
    "نزدیک‌ترین نقطه کنار گذاشته شده گویی خود پرسش است",
    "فقط در روش یکی‌بیرون پرسش خود نقطهٔ آموزشی است؛ این‌جا هر k نزدیک‌ترین شمرده می‌شوند.",
)
class _PointItselfSkipped(KNearestNeighbors):
    def nearest(self, images: Array) -> Any:
        more = right.nearest_blocked(images, self.images, k=self.k + 1, metric=self.metric)
        return more[:, 1:]


def _validated(rng: np.random.Generator) -> list[Call]:
    # 62 examples do not fill 5 folds evenly.
    return [call(*_clouds(rng, 62), ks=[1, 4, 9])]


CROSS = Component("cross_validate", right.cross_validate, _validated)


def _scores(
    data: tuple[Array, Array],
    ks: Sequence[int],
    metrics: Sequence[Metric],
    rounds: Sequence[Fold],
) -> CrossValidation:
    """Return the accuracy of each setting in each of these rounds."""
    images, labels = data

    def accuracy(fold: Fold, metric: Metric, k: int) -> float:
        model = KNearestNeighbors(k=k, metric=metric)
        model.train(images[fold.train], labels[fold.train])
        return float(np.mean(model.predict(images[fold.validation]) == labels[fold.validation]))

    return CrossValidation(
        {(m, k): tuple(accuracy(fold, m, k) for fold in rounds) for m in metrics for k in ks}
    )


Rounds = Callable[[int, list[Fold]], list[Fold]]


def _with_rounds(rounds: Rounds) -> Callable[..., CrossValidation]:
    """Return cross-validation over other rounds than the right ones."""

    def cross_validate(
        images: Array,
        labels: Array,
        *,
        ks: Sequence[int],
        metrics: Sequence[Metric] = right.METRICS,
        folds: int = 5,
        rng: np.random.Generator | None = None,
    ) -> CrossValidation:
        chosen = rounds(len(images), k_fold(len(images), folds, rng=rng))
        return _scores((images, labels), ks, metrics, chosen)

    return cross_validate


def _enter(mistake: str, source: str, *texts: str) -> Callable[[Rounds], Rounds]:
    """Enter cross-validation over the rounds that the decorated function makes."""

    def enter(rounds: Rounds) -> Rounds:
        name, hint, name_fa, hint_fa = texts
        CROSS.wrong(mistake, source, name, hint, name_fa, hint_fa)(_with_rounds(rounds))
        return rounds

    return enter


@_enter(
    "scored_on_training_folds",
    "D40, s.30",
    "The accuracy is measured on the folds that were trained on",
    "Measure on the fold held out: with k = 1 every training point finds itself.",
    "دقت روی همان بخش‌های آموزش‌دیده سنجیده شده است",
    "روی بخش کنارگذاشته بسنجید: با `k = 1` هر نقطهٔ آموزشی خودش را می‌یابد.",
)
def _scored_on_training_folds(examples: int, folds: list[Fold]) -> list[Fold]:
    return [Fold(fold.train, fold.train) for fold in folds]


@_enter(
    "validation_fold_trained_on",
    "D40, s.30",
    "The fold held out is in the training data too",
    "Train on the other folds only; else k = 1 always looks best.",
    "بخش کنارگذاشته در دادهٔ آموزش هم هست",
    "فقط با بخش‌های دیگر آموزش دهید؛ وگرنه `k = 1` همیشه بهترین می‌نماید.",
)
def _validation_fold_trained_on(examples: int, folds: list[Fold]) -> list[Fold]:
    return [Fold(np.arange(examples), fold.validation) for fold in folds]


@_enter(
    "roles_swapped",
    "s.31",
    "One fold is trained on and the others are validated on",
    "Each round trains on all folds but one and validates on that one.",
    "با یک بخش آموزش و با بقیه اعتبارسنجی شده است",
    "هر دور با همهٔ بخش‌ها جز یکی آموزش می‌دهد و با همان یکی اعتبارسنجی می‌کند.",
)
def _roles_swapped(examples: int, folds: list[Fold]) -> list[Fold]:
    return [Fold(fold.validation, fold.train) for fold in folds]


@_enter(
    "one_fold_alone",
    "s.31",
    "Only one fold is ever validated on",
    "Every fold is held out once, which gives as many accuracies as folds.",
    "فقط با یک بخش اعتبارسنجی شده است",
    "هر بخش یک بار کنار گذاشته می‌شود و به شمار بخش‌ها دقت به دست می‌آید.",
)
def _one_fold_alone(examples: int, folds: list[Fold]) -> list[Fold]:
    return folds[:1]


@_enter(
    "remainder_dropped",
    "teaching",
    "The examples that do not fill a fold are left out",
    "Folds may differ by one example: `np.array_split` uses them all.",
    "نمونه‌هایی که بخشی را پر نمی‌کنند جا مانده‌اند",
    "بخش‌ها می‌توانند یک نمونه فرق کنند: `np.array_split` همه را به کار می‌برد.",
)
def _remainder_dropped(examples: int, folds: list[Fold]) -> list[Fold]:
    return k_fold(examples - examples % len(folds), len(folds))


@CROSS.wrong(
    "error_rates",
    "teaching",
    "The share of wrong predictions is kept",
    "The best setting is the one with the highest accuracy: count the right predictions.",
    "نسبت پیش‌بینی‌های نادرست نگه داشته شده است",
    "بهترین تنظیم بیشترین دقت را دارد: پیش‌بینی‌های درست را بشمارید.",
)
def _error_rates(
    images: Array,
    labels: Array,
    *,
    ks: Sequence[int],
    metrics: Sequence[Metric] = right.METRICS,
    folds: int = 5,
    rng: np.random.Generator | None = None,
) -> CrossValidation:
    found = right.cross_validate(images, labels, ks=ks, metrics=metrics, folds=folds, rng=rng)
    return CrossValidation(
        {
            setting: tuple(1 - each for each in scores)
            for setting, scores in found.accuracies.items()
        }
    )


CLASSIFYING_NEIGHBORS = (KNN, CROSS)
