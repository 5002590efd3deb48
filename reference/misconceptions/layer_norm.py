"""Wrong layer normalization."""

import numpy as np

from reference import normalization as right
from reference.misconceptions.catalogue import Array, Call, Component, call, output


def _examples(rng: np.random.Generator) -> list[Call]:
    x = 0.3 * rng.normal(size=(4, 4)) + rng.normal(size=(4, 1))
    return [call(x, rng.uniform(1, 2, 4), rng.uniform(1, 2, 4), eps=1e-2)]


LAYER = Component("layer_norm_forward", right.layer_norm_forward, _examples, output)


@LAYER.wrong(
    "over_the_batch",
    "D53",
    "The statistics are taken over the batch",
    "That is batch normalization; here each example is normalized by itself, `axis=1`.",
    "آماره‌ها روی دسته گرفته شده‌اند",
    "این نرمال‌سازی دسته است؛ این‌جا هر نمونه جدا نرمال می‌شود، `axis=1`.",
)
def _over_the_batch(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5) -> Array:
    return right.batch_norm_forward(x, gamma, beta, eps=eps)


@LAYER.wrong(
    "ddof_1",
    "D53",
    "The variance is divided by D - 1",
    "Divide by the number of features D.",
    "واریانس بر `D - 1` تقسیم شده است",
    "بر شمار ویژگی‌ها D تقسیم کنید.",
)
def _layer_ddof_1(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5) -> Array:
    centred, variance = x - x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True, ddof=1)
    return gamma * centred / np.sqrt(variance + eps) + beta, None


@LAYER.wrong(
    "eps_outside_root",
    "D53",
    "eps is added outside the root",
    "It is sqrt(variance + eps), with eps under the root.",
    "eps بیرون از جذر افزوده شده است",
    "باید `sqrt(variance + eps)` باشد و eps زیر جذر.",
)
def _layer_eps_outside_root(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5) -> Array:
    centred, std = x - x.mean(axis=1, keepdims=True), x.std(axis=1, keepdims=True)
    return gamma * centred / (std + eps) + beta, None


@LAYER.wrong(
    "one_gamma",
    "D53",
    "gamma and beta are applied along the examples",
    "Each feature has its gamma: shape (D,), one for each column.",
    "gamma و beta در راستای نمونه‌ها اعمال شده‌اند",
    "هر ویژگی gamma خود را دارد: شکل (D,)، یکی برای هر ستون.",
)
def _one_gamma(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5) -> Array:
    xhat, _ = right.layer_norm_forward(x, np.ones_like(gamma), np.zeros_like(beta), eps=eps)
    return gamma[:, None] * xhat + beta[:, None], None


LAYER_NORM = (LAYER,)
