"""Checks of centring, standardizing, decorrelating and whitening (slides s.176-178)."""

import numpy as np
import pytest
from hypothesis import given, settings

from autograder.checks import Call, check_shape, check_unchanged, check_value
from autograder.checks.properties import (
    decorrelated_data_have_a_diagonal_covariance,
    new_data_are_transformed_one_by_one,
    standardized_training_data_have_deviation_1,
    whitened_data_have_unit_covariance,
)
from autograder.checks.properties.own import own, own_parts

MEAN = "the mean"
MEANS = {"en": "the means", "fa": "میانگین‌ها"}
STD = {"en": "the standard deviation", "fa": "انحراف معیار"}
VARIANCES = {"en": "the variances", "fa": "واریانس‌ها"}
DIRECTIONS = {"en": "the directions U", "fa": "جهت‌های U"}
COVARIANCE = {"en": "the covariance", "fa": "کوواریانس"}
DATA = {"en": "the transformed data", "fa": "دادهٔ تبدیل‌شده"}

TRAIN = np.array([[1.0, 10.0], [3.0, 30.0], [5.0, 20.0], [7.0, 60.0]])


def two_sets(rng, features=4):
    """Training data and other data, every feature with a unit of its own."""
    scale = np.array([1.0, 3.0, 10.0, 0.5])[:features]
    train = scale * rng.normal(size=(12, features)) + 2
    return train, scale * rng.normal(size=(5, features)) + 1


def turned(rng):
    """Data along four directions of clearly different variance, and what is learned from them."""
    turn, _ = np.linalg.qr(rng.normal(size=(4, 4)))
    train = rng.normal(size=(40, 4)) @ (np.array([8.0, 4.0, 2.0, 1.0])[:, None] * turn) + 3
    mean = np.mean(train, axis=0)
    _, singular, rows = np.linalg.svd(train - mean)
    return train, mean, rows.T.copy(), singular**2 / 40


@pytest.mark.points(2, question="preprocessing")
def test_mean_and_std(student, rng):
    """Every feature has a mean and a standard deviation of its own, over the training examples.

    fa: هر ویژگی میانگین و انحراف معیار خودش را دارد، روی نمونه‌های آموزش.
    hint: `axis=0` runs over the examples; np.std divides by N.
    hint-fa: `axis=0` روی نمونه‌ها می‌رود؛ np.std بر N تقسیم می‌کند.
    """
    expected = (np.array([4.0, 30.0]), np.array([5.0**0.5, 350.0**0.5]))
    check_value(student.mean_and_std(TRAIN), expected, what=(MEAN, STD))
    train, _ = two_sets(rng)
    check_value(
        student.mean_and_std(train), (train.mean(axis=0), train.std(axis=0)), what=(MEAN, STD)
    )


@pytest.mark.points(1, question="preprocessing", requires=["test_mean_and_std"])
def test_a_constant_feature_gets_std_1(student):
    """A feature that never changes gets the standard deviation 1: nothing is divided by 0.

    fa: ویژگی‌ای که تغییر نمی‌کند انحراف معیار 1 می‌گیرد: چیزی بر 0 تقسیم نمی‌شود.
    """
    train = np.column_stack([TRAIN, np.full(4, 3.0)])
    expected = (np.array([4.0, 30.0, 3.0]), np.array([5.0**0.5, 350.0**0.5, 1.0]))
    check_value(student.mean_and_std(train), expected, what=(MEAN, STD))


@pytest.mark.points(1, question="preprocessing")
def test_mean_image_of_pixels(student, rng):
    """The mean image has the shape of an image, and fractions though pixels are whole numbers.

    fa: تصویر میانگین شکل تصویر را دارد، و کسری است هرچند پیکسل‌ها عدد صحیح‌اند.
    """
    images = rng.integers(0, 256, (5, 3, 4, 4), dtype=np.uint8)
    expected = (images.mean(axis=0), images.std(axis=0))
    check_value(student.mean_and_std(images), expected, what=(MEAN, STD))


@pytest.mark.points(2, question="preprocessing")
def test_center(student, rng):
    """Centring subtracts the mean that is given, from pixels and from other data.

    fa: مرکزی کردن همان میانگینی را که داده شده کم می‌کند، از پیکسل‌ها و از دادهٔ دیگر.
    hint: The mean comes from the training set: take no other. uint8 has no negative numbers.
    hint-fa: میانگین از مجموعهٔ آموزش می‌آید: میانگین دیگری نگیرید. uint8 عدد منفی ندارد.
    """
    train, X = two_sets(rng)
    mean = np.mean(train, axis=0)
    check_value(student.center(X, mean), X - mean, what=DATA)
    pixels = rng.integers(0, 256, (4, 6), dtype=np.uint8)
    mean = np.linspace(100.25, 150.5, 6)
    check_value(student.center(pixels, mean), pixels.astype(float) - mean, what=DATA)


@pytest.mark.points(2, question="preprocessing")
def test_standardize(student, rng):
    """New data are standardized by the statistics of the training set, not by their own.

    fa: دادهٔ تازه با آماره‌های مجموعهٔ آموزش استاندارد می‌شود، نه با آماره‌های خودش.
    hint: (X - mean) / std with the mean and std that are given: first subtract, then divide.
    hint-fa: (X - mean) / std با همان mean و std داده‌شده: نخست کم کنید، سپس تقسیم.
    """
    X = np.array([[4.0, 30.0], [5.0, 10.0]])
    mean, std = np.array([4.0, 30.0]), np.array([2.0, 20.0])
    check_value(student.standardize(X, mean, std), [[0.0, 0.0], [0.5, -1.0]], what=DATA)
    train, X = two_sets(rng)
    mean, std = train.mean(axis=0), train.std(axis=0)
    check_value(student.standardize(X, mean, std), (X - mean) / std, what=DATA)


@pytest.mark.points(
    1,
    question="preprocessing",
    visibility="hidden",
    requires=["test_mean_and_std", "test_standardize"],
)
@settings(max_examples=8)
@given(case=standardized_training_data_have_deviation_1.cases())
def test_standardized_training_data(student, case):
    """Standardized training data have deviation 1, and new examples go one by one.

    fa: انحراف معیار دادهٔ آموزش استانداردشده 1 است و نمونه‌های تازه یکی‌یکی تبدیل می‌شوند.
    """

    def transform(train, X):
        return student.standardize(X, *own_parts(student.mean_and_std(train), (MEAN, STD)))

    standardized_training_data_have_deviation_1(transform, *case)
    new_data_are_transformed_one_by_one(transform, *case)


@pytest.mark.points(1, question="preprocessing")
def test_channel_means(student, rng):
    """Colour images have three means: one for each channel.

    fa: تصویر رنگی سه میانگین دارد: یکی برای هر کانال.
    hint: Average over the images, the rows and the columns: axes (0, 2, 3).
    hint-fa: روی تصویرها، سطرها و ستون‌ها میانگین بگیرید: محورهای (0, 2, 3).
    """
    images = rng.normal(size=(5, 3, 4, 3)) + np.array([10.0, 20.0, -5.0])[:, None, None]
    got = student.channel_means(images)
    check_shape(got, (3,), what=MEANS)
    check_value(got, images.mean(axis=(0, 2, 3)), what=MEANS)


@pytest.mark.points(1, question="preprocessing")
def test_subtract_channel_means(student, rng):
    """Each channel loses the mean that is given for it, in images of any size.

    fa: از هر کانال همان میانگینی کم می‌شود که برایش داده شده، اندازهٔ تصویر هر چه باشد.
    hint: (C,) does not broadcast against (N, C, H, W): give the means the shape (C, 1, 1).
    hint-fa: (C,) در برابر (N, C, H, W) پخش نمی‌شود: به میانگین‌ها شکل (C, 1, 1) بدهید.
    """
    means = np.array([10.0, 20.0, -5.0])
    for images in (rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(1, 3, 3, 3))):
        expected = images - means.reshape(1, 3, 1, 1)
        check_value(student.subtract_channel_means(images, means), expected, what=DATA)


@pytest.mark.points(2, question="preprocessing")
def test_principal_components(student, rng):
    """The columns of U are the eigenvectors of the covariance, the largest variance first.

    fa: ستون‌های U بردارهای ویژهٔ کوواریانس‌اند، بزرگ‌ترین واریانس نخست.
    hint: `np.linalg.eigh` sorts upwards; the covariance is about the mean and divided by N.
    hint-fa: تابع `np.linalg.eigh` صعودی مرتب می‌کند؛ کوواریانس حول میانگین و تقسیم بر N است.
    """
    train, mean, U, variances = turned(rng)
    names = (MEAN, DIRECTIONS, VARIANCES)
    got_mean, got_U, got_variances = own_parts(student.principal_components(train), names)
    check_value(got_mean, mean, what=MEAN)
    check_value(got_variances, variances, what=VARIANCES)
    directions = own(got_U, (4, 4), what=DIRECTIONS)
    # The sign of a column is nobody's choice.
    signs = np.sign(np.sum(directions * U, axis=0))
    check_value(directions, U * np.where(signs == 0, 1, signs), what=DIRECTIONS)


@pytest.mark.points(2, question="preprocessing")
def test_decorrelate(student, rng):
    """Decorrelated data are (X - mean) U.

    fa: دادهٔ ناهمبسته (X - mean) U است.
    hint: The eigenvectors stand in the columns of U: X @ U, not X @ U.T.
    hint-fa: بردارهای ویژه در ستون‌های U هستند: X @ U، نه X @ U.T.
    """
    train, mean, U, _ = turned(rng)
    X = train[:5] + 1
    check_value(student.decorrelate(X, mean, U), (X - mean) @ U, what=DATA)


@pytest.mark.points(
    1,
    question="preprocessing",
    visibility="after_due_date",
    requires=["test_principal_components", "test_decorrelate"],
)
@settings(max_examples=6)
@given(case=decorrelated_data_have_a_diagonal_covariance.cases())
def test_decorrelated_and_white_covariance(student, case):
    """The covariance is diagonal after decorrelating, and the identity after whitening.

    fa: کوواریانس پس از ناهمبسته‌سازی قطری و پس از سفیدسازی همانی است.
    """

    def learned(train):
        names = (MEAN, DIRECTIONS, VARIANCES)
        return own_parts(student.principal_components(train), names)

    decorrelated_data_have_a_diagonal_covariance(
        lambda train, X: student.decorrelate(X, *learned(train)[:2]), *case
    )
    whitened_data_have_unit_covariance(
        lambda train, X: student.whiten(X, *learned(train), 1e-8), *case
    )


@pytest.mark.parametrize("eps", [1e-5, 3.0])
@pytest.mark.points(1, question="preprocessing")
def test_whiten(student, rng, eps):
    """Whitened data are the components divided by sqrt(variance + eps).

    fa: دادهٔ سفیدشده، مؤلفه‌ها تقسیم بر sqrt(variance + eps) است.
    hint: Divide by the root of the variance, with eps under the root.
    hint-fa: بر جذر واریانس تقسیم کنید و eps را زیر جذر بگذارید.
    """
    train, mean, U, variances = turned(rng)
    X = train[:5] + 1
    expected = (X - mean) @ U / np.sqrt(variances + eps)
    check_value(student.whiten(X, mean, U, variances, eps), expected, what=DATA)


@pytest.mark.points(1, question="preprocessing")
def test_zca_whiten(student, rng):
    """ZCA turns the whitened data back, so that images still look like images.

    fa: ZCA دادهٔ سفیدشده را به جای نخست می‌چرخاند تا تصویر همچنان به تصویر بماند.
    hint: Whiten, then multiply by U^T.
    hint-fa: سفید کنید، سپس در U^T ضرب کنید.
    """
    train, mean, U, variances = turned(rng)
    X = train[:5] + 1
    for eps in (1e-5, 0.5):
        expected = (X - mean) @ U / np.sqrt(variances + eps) @ U.T
        check_value(student.zca_whiten(X, mean, U, variances, eps), expected, what=DATA)


@pytest.mark.points(1, question="preprocessing", visibility="after_due_date")
def test_preprocessing_leaves_the_data_alone(student, rng):
    """The data that are given stay as they are.

    fa: داده‌هایی که به تابع داده می‌شوند دست‌نخورده می‌مانند.
    """
    train, X = two_sets(rng)
    mean, std = train.mean(axis=0), train.std(axis=0)
    images = rng.normal(size=(2, 3, 2, 2))
    for call, expected in (
        (Call("center", (X, mean)), X - mean),
        (Call("standardize", (X, mean, std)), (X - mean) / std),
        (Call("decorrelate", (X, mean, np.eye(4))), X - mean),
        (Call("subtract_channel_means", (images, np.ones(3))), images - 1),
    ):
        check_value(student.calls([call])[0], expected, what=DATA)
        check_unchanged(student)
