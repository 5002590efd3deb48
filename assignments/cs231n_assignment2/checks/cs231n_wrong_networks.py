"""Fully connected and convolutional networks with one mistake each, for `components.py`."""

import numpy as np
from cs231n_networks import CONV_NET, FC_NET

from autograder.components import Component, wrong_version
from reference.misconceptions import COMPONENTS as KNOWN

_BLOCKS = {
    "affine": ("affine_forward", "affine_backward"),
    "relu": ("relu_forward", "relu_backward"),
    "batchnorm": ("batch_norm_forward", "batch_norm_backward"),
    "layernorm": ("layer_norm_forward", "layer_norm_backward"),
    "conv": ("conv2d_forward", "conv2d_backward"),
    "pool": ("max_pool2d_forward", "max_pool2d_backward"),
}


class Network:
    """A chain of layers; each is (kind, names of its parameters, further keywords)."""

    penalized = staticmethod(lambda name: name.startswith("W"))
    penalty_in_loss = penalty_in_gradient = 1.0
    gates = True

    def loss(self, X, y=None):
        X, tape = X.astype(self.dtype), []
        for kind, names, keywords in self.chain(training=y is not None):
            arguments = [self.params[name] for name in names]
            if kind == "dropout":
                X, factor = self.dropped(X)
                tape.append((kind, names, factor))
                continue
            if kind == "affine" and X.ndim > 2:
                tape.append(("flat", (), X.shape))
                X = X.reshape(len(X), -1)
            X, cache = KNOWN[_BLOCKS[kind][0]].right(X, *arguments, **keywords)
            tape.append((kind, names, cache))
        return X if y is None else self.back(X, y, tape)

    def back(self, scores, y, tape):
        loss, dout = KNOWN["softmax_cross_entropy"].right(scores, y)
        gradients = {}
        for kind, names, cache in reversed(tape):
            if kind == "flat":
                dout = dout.reshape(cache)
            elif kind == "dropout":
                dout = dout * cache
            elif kind != "relu" or self.gates:
                found = KNOWN[_BLOCKS[kind][1]].right(dout, cache)
                dout, *own = found if isinstance(found, tuple) else (found,)
                gradients |= dict(zip(names, own, strict=bool(names)))
        for name in filter(self.penalized, self.params):
            W = self.params[name]
            loss = loss + 0.5 * self.penalty_in_loss * self.reg * np.sum(W * W)
            gradients[name] = gradients[name] + self.penalty_in_gradient * self.reg * W
        return loss, gradients


class FullyConnected(Network):
    """`FullyConnectedNet`: the right one."""

    relu = drops = normalizes = True

    def __init__(
        self,
        hidden_dims,
        input_dim,
        num_classes=10,
        dropout_keep_ratio=1,
        normalization=None,
        reg=0.0,
        weight_scale=1e-2,
        dtype=np.float32,
        seed=None,
    ):
        self.normalization, self.reg = normalization, reg
        self.keep, self.seed = dropout_keep_ratio, seed
        self.dtype, self.depth = dtype, len(hidden_dims) + 1
        self.params = {}
        sizes = [input_dim, *hidden_dims, num_classes]
        for at in range(1, self.depth + 1):
            self.params[f"W{at}"] = 0.1 * np.random.randn(sizes[at - 1], sizes[at])
            self.params[f"b{at}"] = np.zeros(sizes[at])
            if self.normalization and at < self.depth:
                self.params |= {f"gamma{at}": np.ones(sizes[at]), f"beta{at}": np.zeros(sizes[at])}

    def chain(self, training):
        for at in range(1, self.depth):
            yield "affine", (f"W{at}", f"b{at}"), {}
            if self.normalization and self.normalizes:
                yield self.normalization, (f"gamma{at}", f"beta{at}"), {}
            if self.relu:
                yield "relu", (), {}
            if self.keep != 1 and training and self.drops:
                yield "dropout", (), {}
        yield "affine", (f"W{self.depth}", f"b{self.depth}"), {}

    def dropped(self, X):
        kept = np.random.default_rng(self.seed).random(X.shape) < self.keep
        return X * kept / self.keep, kept / self.keep


class Convolutional(Network):
    """`ThreeLayerConvNet`: the right one."""

    relu = padded = True

    def __init__(self, input_dim, num_filters, filter_size, hidden_dim, num_classes, **rest):
        C, H, W = input_dim
        self.reg, self.dtype = rest.get("reg", 0.0), rest.get("dtype", np.float32)
        self.params = {
            "W1": 0.1 * np.random.randn(num_filters, C, filter_size, filter_size),
            "b1": np.zeros(num_filters),
            "W2": 0.1 * np.random.randn(num_filters * (H // 2) * (W // 2), hidden_dim),
            "b2": np.zeros(hidden_dim),
            "W3": 0.1 * np.random.randn(hidden_dim, num_classes),
            "b3": np.zeros(num_classes),
        }

    def chain(self, training):
        pad = (self.params["W1"].shape[2] - 1) // 2
        yield "conv", ("W1", "b1"), {"padding": pad, "stride": 1}
        if self.relu:
            yield "relu", (), {}
        yield "pool", (), {"kernel": 2, "stride": 2}
        yield "affine", ("W2", "b2"), {}
        yield "relu", (), {}
        yield "affine", ("W3", "b3"), {}


_MISTAKES = (
    (
        "relu_gate_forgotten",
        {"gates": False},
        "The gradient goes through ReLU as if it were not there",
        "Each ReLU of the forward pass has its `relu_backward`, with its own cache.",
        "گرادیان چنان از ReLU می‌گذرد که گویی نیست",
        "هر ReLU مسیر رفت، `relu_backward` خود را با cache خودش دارد.",
    ),
    (
        "relu_missing",
        {"relu": False},
        "A ReLU of the forward pass is missing",
        "Between the layers stands a ReLU.",
        "یک ReLU در مسیر رفت نیست",
        "میان لایه‌ها ReLU هست.",
    ),
    (
        "penalty_gradient_missing",
        {"penalty_in_gradient": 0.0},
        "The penalty is in the loss and not in the gradients",
        "Add `reg * W` to the gradient of every weight matrix.",
        "جریمه در هزینه هست و در گرادیان‌ها نیست",
        "به گرادیان هر ماتریس وزن `reg * W` را بیفزایید.",
    ),
    (
        "penalty_gradient_doubled",
        {"penalty_in_gradient": 2.0},
        "The penalty's gradient is twice that of the loss",
        "The slope of `0.5 * reg * sum(W * W)` is `reg * W`.",
        "گرادیان جریمه دو برابر گرادیان هزینه است",
        "شیب `0.5 * reg * sum(W * W)` برابر `reg * W` است.",
    ),
    (
        "penalty_missing",
        {"penalty_in_gradient": 0.0, "penalty_in_loss": 0.0},
        "`reg` adds nothing",
        "The loss gets `0.5 * reg * sum(W * W)` of every weight matrix.",
        "`reg` چیزی نمی‌افزاید",
        "هزینه `0.5 * reg * sum(W * W)` هر ماتریس وزن را می‌گیرد.",
    ),
    (
        "last_weights_not_penalized",
        {"penalized": staticmethod(lambda name: name.startswith("W") and name != "W3")},
        "The penalty leaves out the last weight matrix",
        "Every weight matrix is penalized, the last one too.",
        "جریمه آخرین ماتریس وزن را در بر ندارد",
        "همهٔ ماتریس‌های وزن جریمه می‌شوند، آخری هم.",
    ),
    (
        "biases_penalized",
        {"penalized": staticmethod(lambda name: name[0] in "Wb" and "beta" not in name)},
        "The penalty is on the biases too",
        "Only the weight matrices are penalized.",
        "بایاس‌ها هم جریمه می‌شوند",
        "تنها ماتریس‌های وزن جریمه می‌شوند.",
    ),
)
_FULLY_CONNECTED = (
    (
        "dropout_ignored",
        {"drops": False},
        "Dropout is never applied",
        "After each ReLU of training: `dropout_forward`.",
        "دراپ‌اوت هرگز اعمال نمی‌شود",
        "در آموزش پس از هر ReLU: `dropout_forward`.",
    ),
)


def _wrong(right, name, mistakes):
    return tuple(
        wrong_version(f"{name}.{id}", name_en, hint_en, name_fa, hint_fa)(
            type("Wrong", (right,), dict(changed))
        )
        for id, changed, name_en, hint_en, name_fa, hint_fa in mistakes
    )


def _asked(net, X, y, rng):
    params = net.get("params")
    net.set("params", {name: rng.normal(size=np.shape(params[name])) for name in sorted(params)})
    yield net.loss(X)
    loss, gradients = net.loss(X, y)
    yield loss
    for name in sorted(params):
        yield gradients.get(name, np.zeros(1))


def _fully_connected(student, rng):
    X, y = rng.normal(size=(4, 6)), rng.permutation([0, 1, 2, 1])
    dtype = student.define("np.float64")
    for ways in ({}, {"reg": 0.3}, {"dropout_keep_ratio": 0.6, "seed": 5}):
        net = student.new(FC_NET, [5, 4], input_dim=6, num_classes=3, dtype=dtype, **ways)
        answers = [*_asked(net, X, y, rng)]
        # which values are dropped is the student's own affair
        yield from answers if "seed" not in ways else answers[:1]


def _convolutional(student, rng):
    X, y = rng.normal(size=(3, 3, 6, 6)), rng.permutation(3)
    sizes = {"num_filters": 4, "filter_size": 3, "hidden_dim": 5, "num_classes": 3}
    dtype = student.define("np.float64")
    for reg in (0.0, 0.3):
        net = student.new(CONV_NET, input_dim=(3, 6, 6), reg=reg, dtype=dtype, **sizes)
        yield from _asked(net, X, y, rng)


NETWORKS = [
    Component(
        FC_NET,
        question="networks",
        right=FullyConnected,
        wrong=_wrong(FullyConnected, "fully_connected_net", (*_MISTAKES, *_FULLY_CONNECTED)),
        session=_fully_connected,
    ),
    Component(
        CONV_NET,
        question="networks",
        right=Convolutional,
        wrong=_wrong(Convolutional, "three_layer_conv_net", _MISTAKES),
        session=_convolutional,
    ),
]
