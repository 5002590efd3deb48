"""Wrong layer normalization, forward and backward."""

from dataclasses import replace

import numpy as np

from reference import normalization as right
from reference.misconceptions.catalogue import Array, Call, Component, call, output
from reference.normalization import NormCache


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


def _upstream(rng: np.random.Generator) -> list[Call]:
    # As many examples as features, so that a sum over the wrong ones has the right shape.
    (made,) = _examples(rng)
    _, cache = right.layer_norm_forward(*made.args, **made.kwargs)
    return [call(rng.normal(size=(4, 4)), cache)]


BACKWARD = Component("layer_norm_backward", right.layer_norm_backward, _upstream)


@BACKWARD.wrong(
    "statistics_constant",
    "D53",
    "Mean and variance are taken for constants",
    "Both depend on every feature of the example: two more terms belong into dx.",
    "میانگین و واریانس ثابت گرفته شده‌اند",
    "هر دو به همهٔ ویژگی‌های نمونه وابسته‌اند: دو جملهٔ دیگر در dx لازم است.",
)
def _statistics_constant(dout: Array, cache: NormCache) -> Array:
    constant = replace(cache, averaging=replace(cache.averaging, axes=()))
    return right.layer_norm_backward(dout, constant)


@BACKWARD.wrong(
    "means_over_the_batch",
    "D53",
    "The means in dx run over the examples",
    "That is batch normalization's dx; here the means run over the features, `axis=1`.",
    "میانگین‌های dx روی نمونه‌ها گرفته شده‌اند",
    "این dx نرمال‌سازی دسته است؛ این‌جا میانگین‌ها روی ویژگی‌هایند، `axis=1`.",
)
def _means_over_the_batch(dout: Array, cache: NormCache) -> Array:
    over_examples = replace(cache, averaging=replace(cache.averaging, axes=(0,)))
    return right.layer_norm_backward(dout, over_examples)


@BACKWARD.wrong(
    "gamma_missing",
    "D53",
    "dx lacks the factor gamma",
    "`dxhat = gamma * dout`, and its means are taken after the product: gamma differs by feature.",
    "ضریب gamma در dx نیامده است",
    "`dxhat = gamma * dout` و میانگین‌ها پس از این ضرب گرفته می‌شوند: gamma در هر ویژگی دیگر است.",
)
def _gamma_missing(dout: Array, cache: NormCache) -> Array:
    without = right.layer_norm_backward(dout, replace(cache, gamma=np.ones_like(cache.gamma)))
    return right.layer_norm_backward(dout, cache)._replace(x=without.x)


@BACKWARD.wrong(
    "parameters_summed_over_features",
    "D53",
    "dgamma and dbeta are summed over the features",
    "One gamma serves all examples: sum over the examples (`axis=0`), not over features.",
    "dgamma و dbeta روی ویژگی‌ها جمع شده‌اند",
    "هر gamma در همهٔ نمونه‌ها به کار می‌رود: روی نمونه‌ها جمع بزنید (`axis=0`)، نه روی ویژگی‌ها.",
)
def _parameters_summed_over_features(dout: Array, cache: NormCache) -> Array:
    dx = right.layer_norm_backward(dout, cache).x
    return dx, (dout * cache.normalized).sum(axis=1), dout.sum(axis=1)


LAYER_NORM = (LAYER, BACKWARD)
