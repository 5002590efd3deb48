"""Wrong gradients of batch normalization at test time."""

from dataclasses import replace

import numpy as np

from reference import normalization as right
from reference.misconceptions.catalogue import Array, Call, Component, call
from reference.normalization import NormCache, RunningStatistics


def _upstream(rng: np.random.Generator) -> list[Call]:
    running = RunningStatistics(rng.normal(size=4), rng.uniform(0.05, 0.4, 4))
    calls = []
    for shape in ((6, 4), (3, 4, 2, 5)):
        gamma, beta = rng.uniform(1, 2, 4), rng.normal(size=4)
        x = rng.normal(size=shape)
        _, cache = right.batch_norm_inference_forward(x, gamma, beta, running, eps=1e-2)
        calls.append(call(rng.normal(size=shape), cache))
    return calls


BACKWARD = Component(
    "batch_norm_inference_backward", right.batch_norm_inference_backward, _upstream
)


@BACKWARD.wrong(
    "statistics_depend_on_x",
    "D52",
    "dx holds the terms of mean and variance, as in training",
    "At test time the running statistics are constants: `dx = gamma * dout / std`.",
    "در dx جمله‌های میانگین و واریانس آمده‌اند، مانند زمان آموزش",
    "در زمان آزمون آماره‌های جاری ثابت‌اند: `dx = gamma * dout / std`.",
)
def _statistics_depend_on_x(dout: Array, cache: NormCache) -> Array:
    shared = cache.averaging.shared_axes
    as_in_training = replace(cache, averaging=replace(cache.averaging, axes=shared))
    return right.batch_norm_inference_backward(dout, as_in_training)


@BACKWARD.wrong(
    "inverse_std_missing",
    "D52",
    "dx is not divided by the running standard deviation",
    "xhat = (x - mean) / std: the 1/std comes back into dx.",
    "dx بر انحراف معیار جاری تقسیم نشده است",
    "`xhat = (x - mean) / std`: ضریب `1/std` به dx برمی‌گردد.",
)
def _inverse_std_missing(dout: Array, cache: NormCache) -> Array:
    given = right.batch_norm_inference_backward(dout, cache)
    return given._replace(x=given.x / cache.inverse_std)


@BACKWARD.wrong(
    "gamma_missing",
    "D52",
    "dx lacks the factor gamma",
    "The output is gamma * xhat + beta: `dx = gamma * dout / std`.",
    "ضریب gamma در dx نیامده است",
    "خروجی `gamma * xhat + beta` است: `dx = gamma * dout / std`.",
)
def _gamma_missing(dout: Array, cache: NormCache) -> Array:
    given = right.batch_norm_inference_backward(dout, cache)
    return given._replace(x=given.x / cache.gamma)


@BACKWARD.wrong(
    "parameters_averaged",
    "D8",
    "dgamma and dbeta are means over the batch",
    "They are sums: the loss has divided by N already.",
    "dgamma و dbeta میانگین روی دسته هستند",
    "آن‌ها جمع‌اند: هزینه پیش‌تر بر N تقسیم شده است.",
)
def _parameters_averaged(dout: Array, cache: NormCache) -> Array:
    dx, dgamma, dbeta = right.batch_norm_inference_backward(dout, cache)
    count = dout.size // dgamma.size
    return dx, dgamma / count, dbeta / count


BATCH_NORM_INFERENCE = (BACKWARD,)
