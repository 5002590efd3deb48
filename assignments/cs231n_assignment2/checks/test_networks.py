"""Checks of `FullyConnectedNet` and `ThreeLayerConvNet`."""

import numpy as np
import pytest
from cs231n_networks import (
    CONV_NET,
    FC_NET,
    GRADIENTS,
    LOSS,
    TWO_LAYERS,
    Network,
    NetworkFunction,
    check_penalty,
)

from autograder.checks import check_gradient, check_value
from reference.layers.convolution import conv2d_forward
from reference.layers.pooling import max_pool2d_forward
from reference.losses import softmax_cross_entropy

SCORES = {"en": "the scores", "fa": "امتیازها"}
NORMALIZED = {
    "batchnorm": ({"normalization": "batchnorm"}, {"use_batchnorm": True}),
    "layernorm": ({"normalization": "layernorm"},),
}
FC_SIZES = [(6, 5), (5, 4), (4, 3)]
TWO_SIZES = [(6, 5), (5, 3)]
CONV_SIZES = [(4, 3, 3, 3), (16, 5), (5, 3)]
DROPPED = ({"dropout": 0.6, "seed": 5}, {"dropout_keep_ratio": 0.6, "seed": 5})


def fully_connected(student, ways=({},), reg=0.0):
    sizes = {"input_dim": 6, "num_classes": 3, "weight_scale": 0.1, "reg": reg}
    return Network(student, FC_NET, [[5, 4]], [{**sizes, **way} for way in ways])


def two_layers(student, edition):
    """The edition's network of two layers: since 2021 a `FullyConnectedNet` of that size."""
    if edition == "2015":
        return NetworkFunction(student, reg=0.2)
    if edition in ("2016", "2018"):
        sizes = {"input_dim": 6, "hidden_dim": 5, "num_classes": 3, "reg": 0.2}
        return Network(student, TWO_LAYERS, [], [sizes], typed=False)
    sizes = {"input_dim": 6, "num_classes": 3, "weight_scale": 0.1}  # its penalty has its own check
    return Network(student, FC_NET, [[5]], [sizes])


def convolutional(student, reg=0.0):
    sizes = {"input_dim": (3, 4, 4), "num_filters": 4, "filter_size": 3, "hidden_dim": 5}
    return Network(student, CONV_NET, [], [{**sizes, "num_classes": 3, "reg": reg}])


def vectors(rng):
    return rng.normal(size=(4, 6)), rng.permutation([0, 1, 2, 1])


def images(rng):
    return rng.normal(size=(3, 3, 4, 4)), rng.permutation(3)


def right_scores(params, X, layers=("1", "2", "3")):
    hidden = X
    for layer in layers:
        scores = hidden @ params[f"W{layer}"] + np.ravel(params[f"b{layer}"])
        hidden = np.maximum(scores, 0)
    return scores


@pytest.mark.points(2, question="networks")
def test_two_layer_net(student, rng, edition):
    """A network with one hidden layer, as the edition has it: scores, loss, gradients.

    fa: شبکه‌ای با یک لایهٔ پنهان، آن‌طور که آن سال دارد: امتیازها، هزینه و گرادیان‌ها.
    hint: `two_layer_net` in 2015, `TwoLayerNet` until 2020, then a `FullyConnectedNet`.
    hint-fa: در ۲۰۱۵ `two_layer_net`، تا ۲۰۲۰ `TwoLayerNet` و سپس `FullyConnectedNet`.
    """
    X, y = vectors(rng)
    net = two_layers(student, edition)
    params = net.some_params(rng, TWO_SIZES)
    check_value(net.scores(params, X), right_scores(params, X, ("1", "2")), what=SCORES)
    check_slopes(net, TWO_SIZES, rng, X, y)


@pytest.mark.points(2, question="networks")
def test_fc_net_loss(student, rng):
    """`FullyConnectedNet` gives scores without labels, and the softmax loss with them.

    fa: `FullyConnectedNet` بدون برچسب امتیازها و با برچسب هزینهٔ سافتمکس را می‌دهد.
    """
    X, y = vectors(rng)
    net = fully_connected(student)
    params = net.some_params(rng, FC_SIZES)
    right = right_scores(params, X)
    check_value(net.scores(params, X), right, what=SCORES)
    check_value(net.loss(params, X, y)[0], softmax_cross_entropy(right, y).loss, what=LOSS)


@pytest.mark.points(2, question="networks", requires=["test_fc_net_loss"])
def test_fc_net_gradients(student, rng):
    """The gradients of `FullyConnectedNet` are the slopes of its loss.

    fa: گرادیان‌های `FullyConnectedNet` شیب هزینهٔ آن‌اند.
    """
    check_slopes(fully_connected(student), FC_SIZES, rng, *vectors(rng))


def check_slopes(net, sizes, rng, X, y):
    params = net.some_params(rng, sizes)
    _, gradients = net.loss(params, X, y)
    check_gradient(
        lambda points: net.losses(points, X, y), params, gradients, rng=rng, what=GRADIENTS
    )


@pytest.mark.points(2, question="networks", requires=["test_fc_net_loss"])
def test_fc_net_penalty(student, rng):
    """`reg` adds a penalty on every weight matrix of `FullyConnectedNet`.

    fa: ضریب `reg` جریمهٔ همهٔ ماتریس‌های وزن `FullyConnectedNet` را می‌افزاید.
    """
    X, y = vectors(rng)
    check_penalty(lambda reg: fully_connected(student, reg=reg), rng, FC_SIZES, X, y, 0.3)


@pytest.mark.parametrize("kind", NORMALIZED)
@pytest.mark.points(1, question="networks", requires=["test_fc_net_loss"])
def test_fc_net_normalization(student, rng, kind):
    """With normalization, the network has scales and shifts, and the right gradients.

    fa: شبکه با نرمال‌سازی، ضریب و جابه‌جایی دارد و گرادیان‌هایش درست‌اند.
    """
    net = fully_connected(student, NORMALIZED[kind])
    params = net.params()
    count = len(params) if isinstance(params, dict) else 0
    check_value(count, 10, what={"en": "the number of parameters", "fa": "تعداد پارامترها"})
    check_slopes(net, FC_SIZES, rng, *vectors(rng))


@pytest.mark.points(1, question="networks", visibility="hidden", requires=["test_fc_net_loss"])
def test_fc_net_dropout(student, rng):
    """With dropout, the loss changes, and the gradients go with it.

    fa: با دراپ‌اوت هزینه تغییر می‌کند و گرادیان‌ها با آن می‌خوانند.
    """
    X, y = vectors(rng)
    net = fully_connected(student, DROPPED)
    params = net.some_params(rng, FC_SIZES)
    plain = softmax_cross_entropy(right_scores(params, X), y).loss
    changed = not np.isclose(np.asarray(net.loss(params, X, y)[0], float), plain)
    check_value(changed, True, what={"en": "whether dropout acts", "fa": "اثر دراپ‌اوت"})
    check_slopes(net, FC_SIZES, rng, X, y)


def right_conv_scores(params, X):
    out = conv2d_forward(X, params["W1"], np.ravel(params["b1"]), padding=1)[0]
    out = max_pool2d_forward(np.maximum(out, 0), 2, stride=2)[0].reshape(len(X), -1)
    return right_scores(params, out, ("2", "3"))


@pytest.mark.points(2, question="networks")
def test_conv_net_loss(student, rng):
    """`ThreeLayerConvNet` is conv, ReLU, 2x2 max pooling, affine, ReLU, affine, softmax.

    fa: `ThreeLayerConvNet` کانولوشن، ReLU، ادغام بیشینهٔ ۲ در ۲، آفین، ReLU، آفین و سافتمکس است.
    """
    X, y = images(rng)
    net = convolutional(student)
    params = net.some_params(rng, CONV_SIZES)
    right = right_conv_scores(params, X)
    check_value(net.scores(params, X), right, what=SCORES)
    check_value(net.loss(params, X, y)[0], softmax_cross_entropy(right, y).loss, what=LOSS)


@pytest.mark.points(2, question="networks", requires=["test_conv_net_loss"])
def test_conv_net_gradients(student, rng):
    """The gradients of `ThreeLayerConvNet` are the slopes of its loss.

    fa: گرادیان‌های `ThreeLayerConvNet` شیب هزینهٔ آن‌اند.
    """
    check_slopes(convolutional(student), CONV_SIZES, rng, *images(rng))


@pytest.mark.points(1, question="networks", visibility="hidden", requires=["test_conv_net_loss"])
def test_conv_net_penalty(student, rng):
    """`reg` adds a penalty on every weight of `ThreeLayerConvNet`.

    fa: ضریب `reg` جریمهٔ همهٔ وزن‌های `ThreeLayerConvNet` را می‌افزاید.
    """
    X, y = images(rng)
    check_penalty(lambda reg: convolutional(student, reg=reg), rng, CONV_SIZES, X, y, 0.3)
