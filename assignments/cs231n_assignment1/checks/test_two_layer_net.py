"""Checks of `TwoLayerNet`, in `neural_net.py` or in `fc_net.py`."""

import numpy as np
import pytest
from cs231n_linear import ADDED, EITHER, LOSS, SLOPE, check_accuracy, loss_and_gradient, shape_of
from cs231n_two_layers import (
    FC_NET,
    NEURAL_NET,
    TwoLayers,
    right_loss,
    right_scores,
    some_weights,
)

from autograder.checks import check_gradient, check_shape, check_value
from autograder.errors import StudentError
from reference.losses import softmax_cross_entropy

D, H, C, N = 4, 7, 3, 5
LAYERS = "cs231n.layers."
OUT = {"en": "the output", "fa": "خروجی"}
SCORES = {"en": "the scores", "fa": "امتیازها"}
GRADIENTS = {"en": "the gradients", "fa": "گرادیان‌ها"}


def problem(rng):
    y = rng.permutation([*range(C), *rng.integers(0, C, N - C)])  # every class, as in real batches
    return some_weights(D, H, C, rng), rng.normal(size=(N, D)), y


def loss_and_gradients(net, params, X, y, reg):
    """The loss, and gradients whose biases may have come as (1, H)."""
    loss, gradients = loss_and_gradient(net.losses([params], X, y, reg)[0], (LOSS, GRADIENTS))
    if isinstance(gradients, dict):
        gradients = {name: flat_bias(name, value) for name, value in gradients.items()}
    return loss, gradients


def check_names(gradients, params):
    """There is a gradient for each parameter, of its shape. Raises CheckFailure."""
    if not isinstance(gradients, dict) or not set(params) <= set(gradients):
        check_value(gradients, params, what=GRADIENTS)
    for name, value in params.items():
        check_shape(gradients[name], value.shape, what={"en": f"`{name}`", "fa": f"`{name}`"})


def flat_bias(name, value):
    flat = name in ("b1", "b2") and len(shape_of(value) or ()) == 2
    return np.reshape(value, -1) if flat else value


@pytest.mark.points(3, question="network")
def test_network_scores(student, rng):
    """Without labels, `loss` returns the class scores.

    fa: بدون برچسب، `loss` امتیاز کلاس‌ها را برمی‌گرداند.
    hint: An affine layer, ReLU, an affine layer; no softmax.
    hint-fa: یک لایهٔ آفین، ReLU و یک لایهٔ آفین دیگر؛ بدون سافتمکس.
    """
    params, X, _ = problem(rng)
    check_value(TwoLayers(student, D, H, C).scores(params, X), right_scores(params, X), what=SCORES)


@pytest.mark.points(3, question="network")
def test_network_loss(student, rng):
    """With labels and without `reg`, the loss is the mean softmax loss.

    fa: با برچسب و بدون `reg`، هزینه میانگین هزینهٔ سافتمکس است.
    """
    params, X, y = problem(rng)
    loss, _ = loss_and_gradients(TwoLayers(student, D, H, C), params, X, y, 0.0)
    check_value(loss, right_loss(params, X, y)[0], what=LOSS, sizes={"N": N})


@pytest.mark.parametrize("name", ["W2", "b2", "W1", "b1"])
@pytest.mark.points(1, question="network")
def test_network_gradient(student, rng, name):
    """The gradient of each parameter is right.

    fa: گرادیان هر پارامتر درست است.
    """
    params, X, y = problem(rng)
    _, gradients = loss_and_gradients(TwoLayers(student, D, H, C), params, X, y, 0.0)
    right = right_loss(params, X, y)[1]
    check_value(gradients, {name: right[name]}, what=GRADIENTS, sizes={"N": N})


@pytest.mark.points(2, question="network", requires=["test_network_loss"])
def test_network_penalty(student, rng):
    """`reg` adds a penalty on both weight matrices to the loss, and its slope to the gradients.

    fa: ضریب `reg` جریمهٔ هر دو ماتریس وزن را به هزینه و شیب آن را به گرادیان‌ها می‌افزاید.
    """
    params, X, y = problem(rng)
    net, reg = TwoLayers(student, D, H, C), 0.4
    (loss, gradients), (more, steeper) = (
        loss_and_gradients(net, params, X, y, r) for r in (0.0, reg)
    )
    matrices = {name: params[name] for name in ("W1", "W2")}
    check_names(gradients, matrices)
    check_names(steeper, matrices)
    squares = sum(np.sum(params[name] ** 2) for name in ("W1", "W2"))
    added = np.asarray(more) - np.asarray(loss)
    factor = 0.5 if np.isclose(added, 0.5 * reg * squares, rtol=1e-5) else 1.0
    check_value(added, factor * reg * squares, what=ADDED, hint=EITHER, rtol=1e-5)
    for name in ("W1", "W2"):
        slope = np.asarray(steeper[name]) - np.asarray(gradients[name])
        check_value(
            slope, 2 * factor * reg * params[name], what=SLOPE, hint=EITHER, rtol=1e-5, atol=1e-7
        )


def of_layers(student):
    """Whether the network that is graded is made of `layers.py`; else it stands alone."""
    try:
        return TwoLayers(student, D, H, C).name == FC_NET
    except StudentError:  # no network works: what is there of the layers counts
        return True


def layer(student, name, dout, *arguments):
    """`(output, gradients)` of a layer, its backward pass with its own cache."""
    pair = student.new(f"{LAYERS}{name}_forward", *arguments)
    out = pair.call("__getitem__", 0)
    return out, student.call(f"{LAYERS}{name}_backward", dout, pair.keep("__getitem__", 1))


@pytest.mark.points(2, question="network")
def test_affine_layer(student, rng):
    """`affine_forward` and `affine_backward`; until 2019 the network's second layer.

    fa: `affine_forward` و `affine_backward`؛ تا سال ۲۰۱۹ لایهٔ دوم شبکه.
    """
    params, X, y = problem(rng)
    if not of_layers(student):
        check_part(student, params, X, y, ("W2", "b2"))
        return
    x, dout = rng.normal(size=(N, 2, 2)), rng.normal(size=(N, H))
    w, b = params["W1"], params["b1"]
    flat = x.reshape(N, D)
    right = (dout @ w.T).reshape(x.shape), flat.T @ dout, dout.sum(axis=0)
    out, got = layer(student, "affine", dout, x, w, b)
    check_value(out, flat @ w + b, what=OUT)
    if isinstance(got, (tuple, list)) and len(got) == 3:
        got = (*got[:2], flat_bias("b1", got[2]))
    check_value(got, right, what=("dx", "dw", "db"))


@pytest.mark.points(1, question="network")
def test_relu_layer(student, rng):
    """`relu_forward` and `relu_backward`; until 2019 what the network's first layer shows of them.

    fa: `relu_forward` و `relu_backward`؛ تا سال ۲۰۱۹ آنچه لایهٔ نخست شبکه از آن‌ها نشان می‌دهد.
    """
    params, X, y = problem(rng)
    if not of_layers(student):
        check_part(student, params, X, y, ("W1", "b1"))
        return
    x, dout = rng.normal(size=(N, D)), rng.normal(size=(N, D))
    out, got = layer(student, "relu", dout, x)
    check_value(out, np.maximum(x, 0), what=OUT)
    check_value(got, dout * (x > 0), what="dx")


@pytest.mark.points(1, question="network")
def test_softmax_layer(student, rng):
    """`softmax_loss` of scores and its gradient; until 2019 the network's own.

    fa: `softmax_loss` امتیازها و گرادیان آن؛ تا سال ۲۰۱۹ از آن خود شبکه.
    """
    params, X, y = problem(rng)
    if not of_layers(student):
        check_part(student, params, X, y, ("b2",))
        return
    scores = rng.normal(size=(N, C))
    got = loss_and_gradient(student.call(f"{LAYERS}softmax_loss", scores, y))
    check_value(got, tuple(softmax_cross_entropy(scores, y)), what=(LOSS, "dx"))


def check_part(student, params, X, y, names):
    """The network's gradients of these parameters are right. Raises CheckFailure."""
    _, gradients = loss_and_gradients(TwoLayers(student, D, H, C), params, X, y, 0.0)
    right = right_loss(params, X, y)[1]
    check_value(gradients, {name: right[name] for name in names}, what=GRADIENTS)


@pytest.mark.points(2, question="network", visibility="hidden")
def test_network_gradient_is_the_slope(student, rng):
    """The gradients are the slopes of the loss, with `reg` too.

    fa: گرادیان‌ها شیب هزینه‌اند؛ با `reg` هم.
    """
    params, X, y = problem(rng)
    net = TwoLayers(student, D, H, C)
    _, gradients = loss_and_gradients(net, params, X, y, 0.1)

    def losses(points):
        return [loss_and_gradient(answer)[0] for answer in net.losses(points, X, y, 0.1)]

    check_gradient(losses, params, gradients, rng=rng, what=GRADIENTS)


@pytest.mark.points(2, question="network", requires=["test_network_gradient"])
def test_network_learns(student, rng):
    """The network learns to tell three groups of points apart.

    fa: شبکه یاد می‌گیرد سه گروه نقطه را از هم تشخیص دهد.
    hint: `train` draws a batch, asks `loss` for the gradients, and moves every parameter.
    hint-fa: تابع `train` یک دسته برمی‌دارد، گرادیان‌ها را از `loss` می‌گیرد و همهٔ پارامترها را
        جابه‌جا می‌کند.
    """
    y = np.repeat([0, 1, 2], 20)
    X = 2 * np.eye(3, D)[y] + rng.normal(scale=0.4, size=(60, D))
    params = {name: 0.5 * value for name, value in some_weights(D, H, C, rng).items()}
    net = TwoLayers(student, D, H, C)
    if net.name == NEURAL_NET:
        net.net.set("params", params)
        net.net.train(
            X,
            y,
            X,
            y,
            learning_rate=0.1,
            learning_rate_decay=1.0,
            reg=1e-5,
            num_iters=200,
            batch_size=30,
        )
        labels = net.net.predict(X)
    else:
        for _ in range(60):
            _, gradients = loss_and_gradients(net, params, X, y, 1e-5)
            check_names(gradients, params)
            params = {name: value - 0.3 * gradients[name] for name, value in params.items()}
        scores = net.scores(params, X)
        check_shape(scores, (60, C), what=SCORES)
        labels = np.argmax(scores, axis=1)
    check_accuracy(labels, y, 0.9)
