"""The wrong versions known of the preprocessing, in the student's signatures."""

import numpy as np
from training_basics_own import some, worded

from autograder.components import Component, wrong_version
from reference.data.preprocessing import Decorrelation
from reference.misconceptions import COMPONENTS as KNOWN


def two_sets(rng):
    scale = np.array([1.0, 3.0, 10.0, 0.5])
    return scale * rng.normal(size=(12, 4)) + 2, scale * rng.normal(size=(6, 4)) + 1


# --- mean and deviation -------------------------------------------------------------------------


def as_mean_and_std(kind):
    def mean_and_std(train):
        fitted = kind.fit(np.asarray(train, float))
        return fitted.mean, fitted.std

    return mean_and_std


def with_a_constant(rng):
    train = rng.normal(size=(8, 4))
    train[:, 2] = 3.0
    return [(train,)]


MEAN_AND_STD = Component(
    "mean_and_std",
    question="preprocessing",
    right=as_mean_and_std(KNOWN["Standardization"].right),
    wrong=some(
        "Standardization",
        as_mean_and_std,
        "axis_missing",
        "constant_divided_by_zero",
        "variance_for_std",
        "ddof_1",
    ),
    probe=(lambda rng: [(two_sets(rng)[0],)], with_a_constant),
)


def means_given(rng):
    train, X = two_sets(rng)
    return [(X, train.mean(axis=0))]


def pixels(rng):
    return [(rng.integers(0, 256, (4, 5), dtype=np.uint8), np.linspace(100.25, 150.5, 5))]


CENTER = Component(
    "center",
    question="preprocessing",
    right=lambda X, mean: np.asarray(X, float) - mean,
    wrong=some(
        "Centering",
        lambda kind: lambda X, mean: kind(mean).transform(X),
        "test_statistics",
        "one_mean",
        "integers_kept",
    ),
    probe=(means_given, pixels),
)


def statistics_given(rng):
    train, X = two_sets(rng)
    return [(X, train.mean(axis=0), train.std(axis=0))]


STANDARDIZE = Component(
    "standardize",
    question="preprocessing",
    right=lambda X, mean, std: (X - mean) / std,
    wrong=some(
        "Standardization",
        lambda kind: lambda X, mean, std: kind(mean, std).transform(X),
        "test_statistics",
        "over_features",
        "not_centred",
        "divided_first",
    ),
    probe=statistics_given,
)


# --- channels -----------------------------------------------------------------------------------


def images(rng):
    return rng.normal(size=(4, 3, 3, 3)) + rng.normal(size=(3, 1, 1)) * 3


CHANNELS = [
    Component(
        "channel_means",
        question="preprocessing",
        right=lambda each: each.mean(axis=(0, 2, 3)),
        wrong=some(
            "ChannelCentering",
            lambda kind: lambda each: kind.fit(each).mean,
            "one_mean_for_all",
            "mean_image",
        ),
        probe=lambda rng: [(images(rng),)],
    ),
    Component(
        "subtract_channel_means",
        question="preprocessing",
        right=lambda each, means: each - means[:, None, None],
        wrong=(
            *some(
                "ChannelCentering",
                lambda kind: lambda each, means: kind(means, 1).transform(each),
                "test_statistics",
            ),
            worded("ChannelCentering.one_mean_for_all", lambda each, means: each - np.mean(means)),
            wrong_version(
                "subtract_channel_means.last_axis",
                "The means are subtracted along the last axis, the columns",
                "Channels stand on axis 1: give the means the shape (C, 1, 1) first.",
                "میانگین‌ها روی محور آخر یعنی ستون‌ها کم شده‌اند",
                "کانال‌ها روی محور 1 هستند: نخست به میانگین‌ها شکل (C, 1, 1) بدهید.",
            )(lambda each, means: each - means),
        ),
        probe=lambda rng: [(images(rng), 5 * rng.normal(size=3))],
    ),
]


# --- components and whitening -------------------------------------------------------------------


def learned(rng):
    turn, _ = np.linalg.qr(rng.normal(size=(4, 4)))
    train = rng.normal(size=(30, 4)) @ (np.array([8.0, 4.0, 2.0, 1.0])[:, None] * turn) + 3
    fitted = Decorrelation.fit(train)
    return train, fitted.mean, fitted.components, fitted.variances


def as_principal_components(kind):
    def principal_components(train):
        fitted = kind.fit(train)
        return fitted.mean, fitted.components, fitted.variances

    return principal_components


def fitted_once(student, rng):
    mean, U, variances = student.principal_components(learned(rng)[0])
    yield mean
    yield np.abs(U)  # the signs of the columns are nobody's choice
    yield variances


PRINCIPAL = Component(
    "principal_components",
    question="preprocessing",
    right=as_principal_components(KNOWN["Decorrelation"].right),
    wrong=some(
        "Decorrelation",
        as_principal_components,
        "smallest_first",
        "not_centred",
        "rows_for_columns",
        "ddof_1",
    ),
    session=fitted_once,
)

DECORRELATE = Component(
    "decorrelate",
    question="preprocessing",
    right=lambda X, mean, U: (X - mean) @ U,
    wrong=(
        worded(
            "Decorrelation.test_statistics",
            lambda X, mean, U: (X - np.mean(X, axis=0)) @ U,
        ),
        worded("Decorrelation.not_centred", lambda X, mean, U: X @ U),
        worded("Decorrelation.rows_for_columns", lambda X, mean, U: (X - mean) @ U.T),
    ),
    probe=lambda rng: [(lambda train, mean, U, _: (train[:5] + 1, mean, U))(*learned(rng))],
)


def whitening_inputs(rng):
    train, *fitted = learned(rng)
    return [(train[:5] + 1, *fitted, eps) for eps in (1e-5, 2.0)]


def white(X, mean, U, variances, eps=1e-5):
    return (X - mean) @ U / np.sqrt(variances + eps)


def root_missing(X, mean, U, variances, eps=1e-5):
    return (X - mean) @ U / (variances + eps)


def not_scaled(X, mean, U, variances, eps=1e-5):
    return (X - mean) @ U


@wrong_version(
    "whiten.not_centred",
    "The mean is not subtracted",
    "Subtract the mean of the training set before you turn and divide.",
    "میانگین کم نشده است",
    "پیش از چرخاندن و تقسیم، میانگین مجموعهٔ آموزش را کم کنید.",
)
def not_centred(X, mean, U, variances, eps=1e-5):
    return X @ U / np.sqrt(variances + eps)


@wrong_version(
    "whiten.eps_outside",
    "eps is added to the root, not under it",
    "Divide by sqrt(variance + eps).",
    "eps به خود جذر افزوده شده، نه زیر آن",
    "بر sqrt(variance + eps) تقسیم کنید.",
)
def eps_outside(X, mean, U, variances, eps=1e-5):
    return (X - mean) @ U / (np.sqrt(variances) + eps)


def turned_back(whiten):
    return lambda X, mean, U, variances, eps=1e-5: whiten(X, mean, U, variances, eps) @ U.T


WHITENING = [
    Component(
        "whiten",
        question="preprocessing",
        right=white,
        wrong=(
            worded("Whitening.root_missing", root_missing),
            worded("Whitening.not_scaled", not_scaled),
            not_centred,
            eps_outside,
        ),
        probe=whitening_inputs,
    ),
    Component(
        "zca_whiten",
        question="preprocessing",
        right=turned_back(white),
        wrong=(
            worded("Whitening.not_rotated_back", white),
            worded("Whitening.root_missing", turned_back(root_missing)),
            worded("Whitening.not_scaled", turned_back(not_scaled)),
            wrong_version(
                "zca_whiten.turned_on",
                "The data are turned by U a second time instead of back",
                "U turns to the components, U^T turns back.",
                "داده به جای برگشتن، بار دیگر با U چرخیده است",
                "U به مؤلفه‌ها می‌برد و U^T برمی‌گرداند.",
            )(lambda X, mean, U, variances, eps=1e-5: white(X, mean, U, variances, eps) @ U),
        ),
        probe=whitening_inputs,
        builds_on=("whiten",),
        built=turned_back,
    ),
]

PREPROCESSING = [
    MEAN_AND_STD,
    CENTER,
    STANDARDIZE,
    *CHANNELS,
    PRINCIPAL,
    DECORRELATE,
    *WHITENING,
]
