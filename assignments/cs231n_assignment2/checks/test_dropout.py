"""Checks of dropout: `p` may be the probability to drop or to keep."""

import numpy as np
import pytest
from cs231n_layers import OUT, backward, check_gradients, forward

from autograder.checks import check_shape, check_value

KEPT = {"en": "the share of kept values", "fa": "سهم مقدارهای نگه‌داشته‌شده"}
ONE_MASK = {"en": "whether all examples share a mask", "fa": "یکی بودن ماسک همهٔ نمونه‌ها"}
SCALED = {"en": "the kept values", "fa": "مقدارهای نگه‌داشته‌شده"}


def dropped(student, x, p, mode="train"):
    return forward(student, "dropout_forward", x, {"mode": mode, "p": p, "seed": 123})


def keep_probability(out, p):
    """`p` or `1 - p`, whichever is nearer to the share that was kept."""
    share = np.mean(np.asarray(out, float) != 0)
    return p if abs(share - p) < abs(share - (1 - p)) else 1 - p


@pytest.mark.points(3, question="dropout")
def test_dropout_scales_what_it_keeps(student):
    """In training, dropout zeroes a share of the values and scales up the others.

    fa: در آموزش، دراپ‌اوت سهمی از مقدارها را صفر و بقیه را بزرگ‌تر می‌کند.
    hint: Inverted dropout divides by the probability to keep. `p` may be that or the other one.
    hint-fa: دراپ‌اوت وارونه بر احتمال نگه‌داشتن تقسیم می‌کند. `p` می‌تواند این احتمال یا مکمل آن باشد.
    """
    x = np.ones((60, 80))
    out, _ = dropped(student, x, 0.2)
    check_shape(out, (60, 80), what=OUT)
    out = np.asarray(out, float)
    keep = keep_probability(out, 0.2)
    one_for_all = bool(np.all((out != 0) == (out[:1] != 0)))
    check_value(one_for_all, False, what=ONE_MASK)
    check_value(np.mean(out != 0), keep, what=KEPT, atol=0.04, rtol=0)
    check_value(out[out != 0], np.full(np.count_nonzero(out), 1 / keep), what=SCALED, rtol=1e-6)


@pytest.mark.points(2, question="dropout")
def test_dropout_at_test_time(student, rng):
    """At test time, dropout changes nothing.

    fa: در زمان آزمون، دراپ‌اوت چیزی را تغییر نمی‌دهد.
    """
    x = rng.normal(size=(5, 6))
    check_value(dropped(student, x, 0.3, "test")[0], x, what=OUT)


@pytest.mark.points(2, question="dropout", requires=["test_dropout_scales_what_it_keeps"])
def test_dropout_backward(student, rng):
    """The gradient goes through the mask of the forward pass.

    fa: گرادیان از همان ماسک مسیر رفت می‌گذرد.
    """
    x, dout = rng.uniform(1, 2, (9, 8)), rng.normal(size=(9, 8))
    out, pair = dropped(student, x, 0.4)
    check_shape(out, x.shape, what=OUT)
    right = dout * np.asarray(out) / x
    check_gradients(backward(student, "dropout_backward", dout, pair), {"dx": right})


@pytest.mark.points(1, question="dropout", visibility="hidden")
def test_dropout_backward_at_test_time(student, rng):
    """At test time, the gradient passes unchanged.

    fa: در زمان آزمون، گرادیان بی‌تغییر می‌گذرد.
    """
    x, dout = rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    _, pair = dropped(student, x, 0.3, "test")
    check_gradients(backward(student, "dropout_backward", dout, pair), {"dx": dout})
