"""Checks of spatial batch normalization and group normalization."""

import pytest
from cs231n_layers import OUT, backward, check_gradients, forward

from autograder.checks import check_value
from autograder.errors import CheckFailure, StudentError
from reference.normalization import (
    batch_norm_backward,
    batch_norm_forward,
    group_norm_backward,
    group_norm_forward,
)

C, G = 6, 2


def inputs(rng):
    x = 2 * rng.normal(size=(3, C, 2, 5)) + 1
    return x, rng.normal(size=C), rng.normal(size=C), rng.normal(size=x.shape)


def names(found):
    return {"dx": found.x, "dgamma": found.gamma, "dbeta": found.beta}


@pytest.mark.points(2, question="spatial")
def test_spatial_batchnorm_forward(student, rng):
    """`spatial_batchnorm_forward` normalizes each channel over all images and pixels.

    fa: تابع `spatial_batchnorm_forward` هر کانال را روی همهٔ تصویرها و پیکسل‌ها نرمال می‌کند.
    """
    x, gamma, beta, _ = inputs(rng)
    out, _ = forward(student, "spatial_batchnorm_forward", x, gamma, beta, {"mode": "train"})
    check_value(out, batch_norm_forward(x, gamma, beta)[0], what=OUT, rtol=1e-6)


@pytest.mark.points(2, question="spatial")
def test_spatial_batchnorm_backward(student, rng):
    """`spatial_batchnorm_backward` gives `dx`, `dgamma` and `dbeta`.

    fa: تابع `spatial_batchnorm_backward` گرادیان‌های `dx` و `dgamma` و `dbeta` را می‌دهد.
    """
    x, gamma, beta, dout = inputs(rng)
    _, pair = forward(student, "spatial_batchnorm_forward", x, gamma, beta, {"mode": "train"})
    right = batch_norm_backward(dout, batch_norm_forward(x, gamma, beta)[1])
    got = backward(student, "spatial_batchnorm_backward", dout, pair)
    check_gradients(got, names(right), rtol=1e-5, atol=1e-8)


def group_normed(student, x, gamma, beta):
    """Forward passes with `gamma` as (1, C, 1, 1) and as (C,). Raises where neither runs."""
    failure = None
    for shape in ((1, C, 1, 1), (C,)):
        scale, shift = gamma.reshape(shape), beta.reshape(shape)
        try:
            yield forward(student, "spatial_groupnorm_forward", x, scale, shift, G, {"eps": 1e-5})
        except StudentError as error:
            failure = failure or with_its_call(student, error)
    if failure is not None:
        raise failure


def with_its_call(student, error):
    """The error with the call that it is of, as later calls follow."""
    record = student.last_call
    error.with_context(call=record.call, example=record.example, printed=record.printed)
    return error


def first_right(attempts, check):
    """Nothing, if `check` takes one of `attempts`; else what the first one raised."""
    failure = None
    for attempt in attempts:
        try:
            return check(attempt)
        except (CheckFailure, StudentError) as error:
            failure = failure or error
    raise failure


@pytest.mark.points(2, question="spatial")
def test_groupnorm_forward(student, rng):
    """`spatial_groupnorm_forward` normalizes each group of channels of each image.

    fa: تابع `spatial_groupnorm_forward` هر گروه از کانال‌های هر تصویر را نرمال می‌کند.
    hint: Reshape to `(N * G, -1)`, normalize each row, and reshape back.
    hint-fa: به شکل `(N * G, -1)` درآورید، هر سطر را نرمال کنید و به شکل نخست برگردانید.
    """
    x, gamma, beta, _ = inputs(rng)
    right = group_norm_forward(x, gamma, beta, groups=G)[0]
    first_right(
        group_normed(student, x, gamma, beta),
        lambda found: check_value(found[0], right, what=OUT, rtol=1e-6),
    )


@pytest.mark.points(2, question="spatial", visibility="hidden")
def test_groupnorm_backward(student, rng):
    """`spatial_groupnorm_backward` gives `dx`, `dgamma` and `dbeta`.

    fa: تابع `spatial_groupnorm_backward` گرادیان‌های `dx` و `dgamma` و `dbeta` را می‌دهد.
    """
    x, gamma, beta, dout = inputs(rng)
    right = group_norm_backward(dout, group_norm_forward(x, gamma, beta, groups=G)[1])

    def check(found):
        got = backward(student, "spatial_groupnorm_backward", dout, found[1])
        check_gradients(got, names(right), rtol=1e-5, atol=1e-8)

    first_right(group_normed(student, x, gamma, beta), check)
