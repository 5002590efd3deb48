"""Checks of the affine layer, ReLU, the loss and `affine_relu`."""

import numpy as np
import pytest
from cs231n_layers import LAYERS, LOSS, OUT, backward, check_gradients, forward, number

from autograder.checks import check_shape, check_value
from reference.layers.affine import affine_backward, affine_forward
from reference.losses import softmax_cross_entropy


def affine_inputs(rng, shape=(4, 2, 3)):
    D = int(np.prod(shape[1:]))
    return rng.normal(size=shape), rng.normal(size=(D, 5)), rng.normal(size=5)


@pytest.mark.points(2, question="layers")
def test_affine_forward(student, rng):
    """`affine_forward` flattens each example, multiplies it by `w` and adds `b`.

    fa: تابع `affine_forward` هر نمونه را مسطح می‌کند، در `w` ضرب می‌کند و `b` را می‌افزاید.
    hint: Reshape `x` to `(N, -1)` first.
    hint-fa: نخست `x` را به شکل `(N, -1)` درآورید.
    """
    x, w, b = affine_inputs(rng)
    out, _ = forward(student, "affine_forward", x, w, b)
    check_value(out, x.reshape(4, -1) @ w + b, what=OUT)


def right_affine(x, w, b, dout):
    gradients = affine_backward(dout, affine_forward(x.reshape(len(x), -1), w, b)[1])
    return {"dx": gradients.x.reshape(x.shape), "dw": gradients.weight, "db": gradients.bias}


@pytest.mark.points(3, question="layers")
def test_affine_backward(student, rng):
    """`affine_backward` gives `dx` in the shape of `x`, `dw` and `db`.

    fa: تابع `affine_backward` گرادیان‌های `dx` با شکل `x` و `dw` و `db` را می‌دهد.
    """
    x, w, b = affine_inputs(rng)
    dout = rng.normal(size=(4, 5))
    _, pair = forward(student, "affine_forward", x, w, b)
    check_gradients(backward(student, "affine_backward", dout, pair), right_affine(x, w, b, dout))


@pytest.mark.points(1, question="layers")
def test_relu_forward(student, rng):
    """`relu_forward` keeps what is positive.

    fa: تابع `relu_forward` مقدارهای مثبت را نگه می‌دارد.
    """
    x = rng.normal(size=(3, 4, 2))
    check_value(forward(student, "relu_forward", x)[0], np.maximum(x, 0), what=OUT)


@pytest.mark.points(2, question="layers", requires=["test_relu_forward"])
def test_relu_backward(student, rng):
    """`relu_backward` lets the gradient through where the input was positive.

    fa: تابع `relu_backward` گرادیان را در جاهایی که ورودی مثبت بوده عبور می‌دهد.
    """
    x, dout = rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    _, pair = forward(student, "relu_forward", x)
    check_gradients(backward(student, "relu_backward", dout, pair), {"dx": dout * (x > 0)})


@pytest.mark.points(4, question="layers")
def test_softmax_loss(student, rng):
    """`softmax_loss` of scores and its gradient, means over the examples, for huge scores too.

    fa: `softmax_loss` امتیازها و گرادیان آن، میانگین روی نمونه‌ها؛ برای امتیازهای بزرگ هم.
    """
    x, y = rng.normal(size=(6, 4)), rng.permutation([0, 1, 2, 3, 3, 1])
    out, _ = forward(student, "affine_forward", *affine_inputs(rng))
    check_shape(out, (4, 5), what=OUT)  # until 2020 the loss is given: it alone earns nothing
    right = softmax_cross_entropy(x, y)
    got = student.call(f"{LAYERS}softmax_loss", x, y)
    if isinstance(got, (tuple, list)) and len(got) == 2:
        got = (number(got[0]), got[1])
    check_value(got, tuple(right), what=(LOSS, "dx"), sizes={"N": 6})
    loss = number(student.call(f"{LAYERS}softmax_loss", x + 3000, y)[0])  # exp overflows
    check_value(loss, right.loss, what=LOSS, rtol=1e-6)


@pytest.mark.points(2, question="layers", requires=["test_affine_forward", "test_relu_forward"])
def test_affine_relu(student, rng):
    """`affine_relu_forward` and `affine_relu_backward` join the two layers.

    fa: تابع‌های `affine_relu_forward` و `affine_relu_backward` دو لایه را به هم می‌پیوندند.
    """
    x, w, b = affine_inputs(rng)
    module = "cs231n.layer_utils."
    out, pair = forward(student, "affine_relu_forward", x, w, b, module=module)
    before = x.reshape(4, -1) @ w + b
    check_value(out, np.maximum(before, 0), what=OUT)
    dout = rng.normal(size=(4, 5))
    got = backward(student, "affine_relu_backward", dout, pair, module=module)
    check_gradients(got, right_affine(x, w, b, dout * (before > 0)))


@pytest.mark.points(2, question="layers", visibility="hidden", requires=["test_affine_backward"])
def test_affine_of_images(student, rng):
    """The affine layer takes images `(N, C, H, W)` too, one example included.

    fa: لایهٔ آفین تصویرهای `(N, C, H, W)` را هم می‌پذیرد؛ یک نمونهٔ تنها را هم.
    """
    x, w, b = affine_inputs(rng, (1, 2, 3, 2))
    out, pair = forward(student, "affine_forward", x, w, b)
    check_value(out, x.reshape(1, -1) @ w + b, what=OUT)
    dout = rng.normal(size=(1, 5))
    check_gradients(backward(student, "affine_backward", dout, pair), right_affine(x, w, b, dout))
