"""Wrong augmentation and splits."""

from typing import Any

import numpy as np

from reference.data import augmentation, splits
from reference.data.splits import Fold, Split
from reference.misconceptions.catalogue import Array, Call, Component, call, result


def _images(rng: np.random.Generator) -> list[Call]:
    images = rng.normal(size=(8, 2, 4, 5))
    return [call(images, rng), call(images, rng, probability=0.0)]


MIRROR = Component("mirror", augmentation.mirror, _images)


@MIRROR.wrong(
    "upside_down",
    "D36",
    "The images are flipped upside down",
    "Left to right is the last axis of (N, C, H, W): `images[..., ::-1]`.",
    "تصویرها سر و ته شده‌اند",
    "چپ به راست محور آخرِ (N, C, H, W) است: `images[..., ::-1]`.",
)
def _upside_down(images: Array, rng: np.random.Generator, *, probability: float = 0.5) -> Array:
    chosen = rng.random(len(images)) < probability
    return np.where(chosen[:, None, None, None], images[:, :, ::-1], images)


@MIRROR.wrong(
    "all_mirrored",
    "teaching",
    "Every image is mirrored",
    "Each image is mirrored with the given probability, or there is nothing new to see.",
    "همهٔ تصویرها آینه شده‌اند",
    "هر تصویر با احتمال داده‌شده آینه می‌شود، وگرنه چیز تازه‌ای دیده نمی‌شود.",
)
def _all_mirrored(images: Array, rng: np.random.Generator, *, probability: float = 0.5) -> Array:
    return images[..., ::-1]


@MIRROR.wrong(
    "batch_at_once",
    "teaching",
    "The whole batch is mirrored or not at once",
    "Draw one number for each image: `rng.random(len(images))`.",
    "کل دسته یک‌جا آینه شده یا نشده است",
    "برای هر تصویر یک عدد بکشید: `rng.random(len(images))`.",
)
def _batch_at_once(images: Array, rng: np.random.Generator, *, probability: float = 0.5) -> Array:
    return images[..., ::-1] if rng.random() < probability else images


def _offsets(rng: np.random.Generator) -> list[Call]:
    offsets = rng.choice([-2, -1, 1, 2], (6, 2))
    offsets[:2] = [[1, -2], [2, 1]]
    return [call(rng.normal(size=(6, 2, 5, 5)), offsets)]


SHIFT_BY = Component("shift_by", augmentation.shift_by, _offsets)


@SHIFT_BY.wrong(
    "wraps_around",
    "teaching",
    "What leaves the image on one side enters on the other",
    "`np.roll` goes round; what is uncovered gets `fill`.",
    "آنچه از یک سو بیرون می‌رود از سوی دیگر وارد می‌شود",
    "`np.roll` دور می‌زند؛ جای خالی باید `fill` بگیرد.",
)
def _wraps_around(images: Array, offsets: Array, *, fill: float = 0.0) -> Array:
    return np.stack(
        [np.roll(image, move, axis=(1, 2)) for image, move in zip(images, offsets, strict=True)]
    )


@SHIFT_BY.wrong(
    "opposite_direction",
    "teaching",
    "The images are shifted in the opposite direction",
    "(1, 1) moves an image down and right.",
    "تصویرها در جهت مخالف جابه‌جا شده‌اند",
    "(1, 1) تصویر را به پایین و راست می‌برد.",
)
def _opposite_direction(images: Array, offsets: Array, *, fill: float = 0.0) -> Array:
    return augmentation.shift_by(images, -offsets, fill=fill)


@SHIFT_BY.wrong(
    "axes_swapped",
    "teaching",
    "Rows and columns are swapped",
    "The first offset moves rows (down), the second columns (right).",
    "سطر و ستون جابه‌جا شده‌اند",
    "نخستین مقدار سطرها را (پایین) و دومی ستون‌ها را (راست) جابه‌جا می‌کند.",
)
def _axes_swapped(images: Array, offsets: Array, *, fill: float = 0.0) -> Array:
    return augmentation.shift_by(images, offsets[:, ::-1], fill=fill)


def _folds(rng: np.random.Generator) -> list[Call]:
    return [call(11, 4), call(11, 4, rng=rng)]


def _folds_in_order(function: Any, made: Call) -> Any:
    """Return each part in ascending order: which examples it has counts, not their order."""
    return [(np.sort(fold.train), np.sort(fold.validation)) for fold in result(function, made)]


K_FOLD = Component("k_fold", splits.k_fold, _folds, _folds_in_order)


@K_FOLD.wrong(
    "validation_in_training",
    "D40, s.30",
    "The validation fold is trained on too",
    "Train on the other folds only, or the accuracy says nothing.",
    "روی بخش اعتبارسنجی هم آموزش داده شده است",
    "فقط روی بخش‌های دیگر آموزش دهید، وگرنه دقت معنایی ندارد.",
)
def _validation_in_training(
    examples: int, folds: int, *, rng: np.random.Generator | None = None
) -> Array:
    return [
        Fold(np.concatenate([fold.train, fold.validation]), fold.validation)
        for fold in splits.k_fold(examples, folds, rng=rng)
    ]


@K_FOLD.wrong(
    "parts_swapped",
    "s.30",
    "One fold is trained on and the others validate",
    "Of k folds, k - 1 are for training and one for validation.",
    "روی یک بخش آموزش و روی بقیه اعتبارسنجی شده است",
    "از k بخش، `k - 1` بخش برای آموزش و یکی برای اعتبارسنجی است.",
)
def _parts_swapped(examples: int, folds: int, *, rng: np.random.Generator | None = None) -> Array:
    return [Fold(fold.validation, fold.train) for fold in splits.k_fold(examples, folds, rng=rng)]


@K_FOLD.wrong(
    "remainder_dropped",
    "teaching",
    "Examples that leave a remainder are dropped",
    "Every example is validated on once: `np.array_split` makes folds of nearly equal size.",
    "نمونه‌های باقی‌مانده کنار گذاشته شده‌اند",
    "هر نمونه یک بار اعتبارسنجی می‌شود: `np.array_split` بخش‌های تقریباً برابر می‌سازد.",
)
def _remainder_dropped(
    examples: int, folds: int, *, rng: np.random.Generator | None = None
) -> Array:
    order = np.arange(examples) if rng is None else rng.permutation(examples)
    parts = list(order[: examples - examples % folds].reshape(folds, -1))
    return [Fold(np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(folds)]


@K_FOLD.wrong(
    "not_shuffled",
    "teaching",
    "The generator is not used: the folds are runs of indices",
    "Data sorted by class gives folds without some classes: shuffle with `rng`.",
    "مولد تصادفی به کار نرفته است: بخش‌ها پشت سر هم‌اند",
    "داده‌های مرتب بر حسب کلاس بخش‌هایی بدون برخی کلاس‌ها می‌دهند: با `rng` بر بزنید.",
)
def _not_shuffled(examples: int, folds: int, *, rng: np.random.Generator | None = None) -> Array:
    return splits.k_fold(examples, folds)


def _sizes(rng: np.random.Generator) -> list[Call]:
    return [call(30, validation=0.2, test=0.3, rng=rng)]


def _split_in_order(function: Any, made: Call) -> Any:
    """Return each part in ascending order, as for the folds."""
    split = result(function, made)
    return tuple(np.sort(part) for part in (split.train, split.validation, split.test))


SPLIT = Component("train_validation_test", splits.train_validation_test, _sizes, _split_in_order)


@SPLIT.wrong(
    "validation_is_test",
    "D3, B24, s.29",
    "The validation set is the test set",
    "What hyperparameters are chosen on is no test any more: the sets must be disjoint.",
    "مجموعهٔ اعتبارسنجی همان مجموعهٔ آزمون است",
    "مجموعه‌ای که ابرپارامترها با آن انتخاب شوند دیگر آزمون نیست: مجموعه‌ها باید جدا باشند.",
)
def _validation_is_test(
    examples: int, *, validation: float = 0.2, test: float = 0.2, rng: np.random.Generator
) -> Array:
    right = splits.train_validation_test(examples, validation=validation, test=test, rng=rng)
    return Split(right.train, right.test, right.test)


@SPLIT.wrong(
    "validation_from_training",
    "D40, B26, s.194",
    "The validation examples are training examples",
    "Their accuracy is training accuracy: take the validation set out of the training set.",
    "نمونه‌های اعتبارسنجی همان نمونه‌های آموزش‌اند",
    "دقت آن‌ها دقت آموزش است: مجموعهٔ اعتبارسنجی را از آموزش جدا کنید.",
)
def _validation_from_training(
    examples: int, *, validation: float = 0.2, test: float = 0.2, rng: np.random.Generator
) -> Array:
    right = splits.train_validation_test(examples, validation=validation, test=test, rng=rng)
    train = np.concatenate([right.validation, right.train])
    return Split(train, right.validation, right.test)


@SPLIT.wrong(
    "not_shuffled",
    "teaching",
    "The examples are not shuffled before they are split",
    "Data sorted by class would leave classes out of the training set: `rng.permutation`.",
    "نمونه‌ها پیش از جدا کردن بر زده نشده‌اند",
    "داده‌های مرتب کلاس‌هایی را از آموزش بیرون می‌گذارند: `rng.permutation`.",
)
def _split_not_shuffled(
    examples: int, *, validation: float = 0.2, test: float = 0.2, rng: np.random.Generator
) -> Array:
    held, checked = round(examples * test), round(examples * validation)
    order = np.arange(examples)
    return Split(order[held + checked :], order[held : held + checked], order[:held])


DATA = (MIRROR, SHIFT_BY, K_FOLD, SPLIT)
