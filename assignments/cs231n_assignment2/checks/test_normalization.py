"""Checks of batch and layer normalization."""

import numpy as np
import pytest
from cs231n_layers import OUT, as_vector, backward, check_gradients, forward

from autograder.checks import check_value
from reference.normalization import (
    batch_norm_backward,
    batch_norm_forward,
    layer_norm_backward,
    layer_norm_forward,
)

MEAN = {"en": "`running_mean`", "fa": "`running_mean`"}
VARIANCE = {"en": "`running_var`", "fa": "`running_var`"}


def inputs(rng, N=6, D=4):
    x = 3 * rng.normal(size=(N, D)) + rng.normal(size=D)
    return x, rng.normal(size=D), rng.normal(size=D), rng.normal(size=(N, D))


def training():
    return {"mode": "train", "eps": 1e-5, "momentum": 0.9}


def gradients(found):
    return {"dx": found.x, "dgamma": found.gamma, "dbeta": found.beta}


@pytest.mark.points(3, question="normalization")
def test_batchnorm_train(student, rng):
    """In training, `batchnorm_forward` normalizes each feature by the batch's mean and variance.

    fa: در آموزش، `batchnorm_forward` هر ویژگی را با میانگین و واریانس دسته نرمال می‌کند.
    hint: The variance is divided by N, and `eps` stands under the root.
    hint-fa: واریانس بر N تقسیم می‌شود و `eps` زیر رادیکال است.
    """
    x, gamma, beta, _ = inputs(rng)
    out, _ = forward(student, "batchnorm_forward", x, gamma, beta, training())
    check_value(out, batch_norm_forward(x, gamma, beta)[0], what=OUT, rtol=1e-6)


@pytest.mark.points(2, question="normalization")
def test_batchnorm_running_averages(student, rng):
    """In training, `bn_param` remembers running averages of the mean and the variance.

    fa: در آموزش، `bn_param` میانگین‌های متحرک میانگین و واریانس را نگه می‌دارد.
    hint: `running = momentum * running + (1 - momentum) * sample`, from 0; store it in `bn_param`.
    hint-fa: رابطه `running = momentum * running + (1 - momentum) * sample` است و از ۰ شروع
        می‌شود؛ آن را در `bn_param` بگذارید.
    """
    parameters = student.keep(training())
    mean, variance = np.zeros(4), np.zeros(4)
    for _ in range(2):
        x, gamma, beta, _ = inputs(rng)
        forward(student, "batchnorm_forward", x, gamma, beta, parameters)
        mean = 0.9 * mean + 0.1 * x.mean(axis=0)
        variance = 0.9 * variance + 0.1 * x.var(axis=0)
    record = student.last_call
    got = [parameters.call("get", name) for name in ("running_mean", "running_var")]
    student.last_call = record
    got = [as_vector(each, mean) for each in got]
    check_value(tuple(got), (mean, variance), what=(MEAN, VARIANCE))


@pytest.mark.points(2, question="normalization")
def test_batchnorm_test(student, rng):
    """At test time, `batchnorm_forward` uses the running averages.

    fa: در زمان آزمون، `batchnorm_forward` از میانگین‌های متحرک استفاده می‌کند.
    """
    x, gamma, beta, _ = inputs(rng)
    mean, variance = rng.normal(size=4), rng.uniform(0.5, 2, 4)
    parameters = {**training(), "mode": "test", "running_mean": mean, "running_var": variance}
    out, _ = forward(student, "batchnorm_forward", x, gamma, beta, parameters)
    right = gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta
    check_value(out, right, what=OUT, rtol=1e-6)


@pytest.mark.parametrize("name", ["batchnorm_backward", "batchnorm_backward_alt"])
@pytest.mark.points(3, question="normalization")
def test_batchnorm_backward(student, rng, name):
    """The gradients of batch normalization go through the mean and the variance.

    fa: گرادیان‌های نرمال‌سازی دسته‌ای از میانگین و واریانس هم می‌گذرند.
    """
    x, gamma, beta, dout = inputs(rng)
    _, pair = forward(student, "batchnorm_forward", x, gamma, beta, training())
    right = batch_norm_backward(dout, batch_norm_forward(x, gamma, beta)[1])
    got = backward(student, name, dout, pair)
    check_gradients(got, gradients(right), rtol=1e-5, atol=1e-8)


@pytest.mark.points(3, question="normalization")
def test_layernorm_forward(student, rng):
    """`layernorm_forward` normalizes each example by its own mean and variance.

    fa: تابع `layernorm_forward` هر نمونه را با میانگین و واریانس خودش نرمال می‌کند.
    """
    x, gamma, beta, _ = inputs(rng)
    out, _ = forward(student, "layernorm_forward", x, gamma, beta, {"eps": 1e-5})
    check_value(out, layer_norm_forward(x, gamma, beta)[0], what=OUT, rtol=1e-6)


@pytest.mark.points(3, question="normalization")
def test_layernorm_backward(student, rng):
    """`layernorm_backward` gives `dx`, `dgamma` and `dbeta`.

    fa: تابع `layernorm_backward` گرادیان‌های `dx` و `dgamma` و `dbeta` را می‌دهد.
    """
    x, gamma, beta, dout = inputs(rng)
    _, pair = forward(student, "layernorm_forward", x, gamma, beta, {"eps": 1e-5})
    right = layer_norm_backward(dout, layer_norm_forward(x, gamma, beta)[1])
    got = backward(student, "layernorm_backward", dout, pair)
    check_gradients(got, gradients(right), rtol=1e-5, atol=1e-8)


@pytest.mark.points(1, question="normalization", visibility="hidden")
def test_batchnorm_of_a_constant_feature(student, rng):
    """A feature that is the same in the whole batch becomes `beta`.

    fa: ویژگی‌ای که در همهٔ دسته یکسان است، برابر `beta` می‌شود.
    hint: `eps` keeps the division from 0.
    hint-fa: `eps` نمی‌گذارد بر صفر تقسیم شود.
    """
    x, gamma, beta, _ = inputs(rng)
    x[:, 2] = 7.0
    out, _ = forward(student, "batchnorm_forward", x, gamma, beta, training())
    check_value(out, batch_norm_forward(x, gamma, beta)[0], what=OUT, rtol=1e-6)
