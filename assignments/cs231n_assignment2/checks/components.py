"""The wrong versions known of each layer, update rule and network of the assignment.

The grader reads this file to name the cause of a failure, and `autograder validate` to see that
the checks catch every wrong version.
"""

import numpy as np
from cs231n_layers import LAYERS
from cs231n_wrong_layers import (
    BATCH_NORMS,
    RUNNING,
    SPATIAL,
    Layer,
    as_batch_norm,
    batch_norm_with,
    rights,
)
from cs231n_wrong_networks import NETWORKS
from cs231n_wrong_rules import RULES

from autograder.components import Component, wrong_versions
from reference.misconceptions import COMPONENTS as KNOWN


def wrong(known, adapt):
    return wrong_versions(KNOWN[known], adapt)


def left_out(known, reasons):
    return {f"{known}.{name}": reason for name, reason in reasons.items()}


# --- pairs of layers ----------------------------------------------------------------------------


def both(name, question, known, layer, inputs, forward_left=None, backward_left=None):
    """The components of a forward pass and of its backward pass."""
    prefix = f"{LAYERS}{name}"

    def forward_once(student, rng):
        for arguments in inputs(rng):
            yield student.call(f"{prefix}_forward{layer.suffix}", *arguments)[0]

    def backward_once(student, rng):
        for arguments in inputs(rng):
            pair = student.new(f"{prefix}_forward{layer.suffix}", *arguments)
            out = pair.call("__getitem__", 0)
            cache = pair.keep("__getitem__", 1)
            dout = rng.normal(size=np.shape(out))
            yield student.call(f"{prefix}_backward{layer.suffix}", dout, cache)

    return [
        Component(
            f"{prefix}_forward{layer.suffix}",
            question=question,
            right=layer.wrong_forward(KNOWN[f"{known}_forward"].right),
            wrong=wrong(f"{known}_forward", layer.wrong_forward),
            session=forward_once,
            left_out=left_out(f"{known}_forward", forward_left or {}),
        ),
        Component(
            f"{prefix}_backward{layer.suffix}",
            question=question,
            right=layer.wrong_backward(KNOWN[f"{known}_backward"].right),
            wrong=wrong(f"{known}_backward", layer.wrong_backward),
            session=backward_once,
            left_out=left_out(f"{known}_backward", backward_left or {}),
        ),
    ]


def affine_inputs(rng):
    return [(rng.normal(size=(4, 2, 3)), rng.normal(size=(6, 5)), rng.normal(size=5))]


def relu_inputs(rng):
    return [(rng.normal(size=(3, 4)),), (3 * rng.normal(size=(3, 4)),)]


def normalized_inputs(rng):
    x = 3 * rng.normal(size=(6, 4)) + rng.normal(size=4)
    return [(x, rng.normal(size=4), rng.normal(size=4), {"eps": 1e-5})]


def convolution_inputs(rng):
    x, w, b = rng.normal(size=(2, 3, 5, 5)), rng.normal(size=(4, 3, 3, 3)), rng.normal(size=4)
    same, apart = {"stride": 1, "pad": 1}, {"stride": 2, "pad": 0}
    return [(x, w, b, same), (rng.normal(size=(2, 3, 5, 8)), w[..., :2, :], b, apart)]


def pooling_inputs(rng):
    x = rng.permutation(2 * 3 * 36).reshape(2, 3, 6, 6) - 100.0
    ways = ((2, 2), (2, 1), (1, 2), (3, 3))
    return [(x, {"pool_height": s, "pool_width": s, "stride": t}) for s, t in ways]


def grouped_inputs(rng):
    x, scale = 2 * rng.normal(size=(3, 6, 2, 5)) + 1, (1, 6, 1, 1)
    return [(x, rng.normal(size=scale), rng.normal(size=scale), 2, {"eps": 1e-5})]


NO_DILATION, NO_GROUPS = "no dilation in conv_param", "no groups in conv_param"
FITS = "(H - pool_height) % stride is 0, the assignment says"
PAIRS = [
    *both(
        "affine",
        "layers",
        "affine",
        Layer("affine", lambda layer, x, w, b: layer(x.reshape(len(x), -1), w, b)),
        affine_inputs,
    ),
    *both("relu", "layers", "relu", Layer("relu", lambda layer, x: layer(x)), relu_inputs),
    *both(
        "layernorm",
        "normalization",
        "layer_norm",
        Layer("layer_norm", lambda layer, x, gamma, beta, ln_param: layer(x, gamma, beta)),
        normalized_inputs,
    ),
    *both(
        "conv",
        "convolution",
        "conv2d",
        Layer(
            "conv2d",
            lambda layer, x, w, b, how: layer(x, w, b, stride=how["stride"], padding=how["pad"]),
            suffix="_naive",
        ),
        convolution_inputs,
        {"dilation_ignored": NO_DILATION, "groups_interleaved": NO_GROUPS},
    ),
    *both(
        "max_pool",
        "convolution",
        "max_pool2d",
        Layer(
            "max_pool2d",
            lambda layer, x, how: layer(
                x, (how["pool_height"], how["pool_width"]), stride=how["stride"]
            ),
            suffix="_naive",
        ),
        pooling_inputs,
        {
            "padding_wins": "the student's pooling has no padding",
            "rounded_up": FITS,
            "stride_one": "pool_param always has a stride",
            "last_of_equals": "of equal values any may get the gradient",
        },
        {"shared_equally": "equal values may share the gradient"},
    ),
    *both(
        "spatial_groupnorm",
        "spatial",
        "group_norm",
        Layer(
            "group_norm",
            lambda layer, x, gamma, beta, G, how: layer(x, gamma.ravel(), beta.ravel(), groups=G),
        ),
        grouped_inputs,
    ),
]


# --- the loss -------------------------------------------------------------------------------------


def scores(rng):
    return [(rng.normal(size=(6, 4)), rng.permutation([0, 1, 2, 3, 3, 1]))]


def huge_scores(rng):
    x, y = scores(rng)[0]
    return [(1500 * x, y)]


LOSS = Component(
    f"{LAYERS}softmax_loss",
    question="layers",
    right=lambda x, y: KNOWN["softmax_cross_entropy"].right(x, y),
    wrong=wrong("softmax_cross_entropy", lambda loss: lambda x, y: loss(x, y)),
    probe=(scores, huge_scores),
    left_out=left_out(
        "softmax_cross_entropy",
        {"shifted_by_batch_maximum": "the batch's maximum suffices for scores of one size"},
    ),
)


# --- batch normalization ------------------------------------------------------------------------


def training(rng):
    x, gamma, beta, _ = normalized_inputs(rng)[0]
    return x, gamma, beta, {"mode": "train", "eps": 1e-5, "momentum": 0.9}


def trained(student, rng):
    for constant in (False, True):
        x, gamma, beta, how = training(rng)
        if constant:
            x[:, 1] = 3.0
        yield student.call(f"{LAYERS}batchnorm_forward", x, gamma, beta, how)[0]


def remembered(student, rng):
    how = student.keep({"mode": "train", "eps": 1e-5, "momentum": 0.9})
    for _ in range(2):
        x, gamma, beta, _ = training(rng)
        student.new(f"{LAYERS}batchnorm_forward", x, gamma, beta, how)
    yield how.call("get", "running_mean")
    yield how.call("get", "running_var")


def tested(student, rng):
    x, gamma, beta, how = training(rng)
    how |= {"mode": "test", "running_mean": rng.normal(size=4)}
    how["running_var"] = rng.uniform(0.5, 2, 4)
    yield student.call(f"{LAYERS}batchnorm_forward", x, gamma, beta, how)[0]


def went_back(name):
    def session(student, rng):
        pair = student.new(f"{LAYERS}batchnorm_forward", *training(rng))
        cache = pair.keep("__getitem__", 1)
        yield student.call(f"{LAYERS}{name}", rng.normal(size=(6, 4)), cache)

    return session


FOR_IMAGES = "shows in images alone, see spatial_batchnorm_forward"
NORMS = [
    Component(
        f"{LAYERS}batchnorm_forward",
        question="normalization",
        right=as_batch_norm(),
        wrong=(
            *wrong("batch_norm_forward", lambda norm: as_batch_norm(training=norm)),
            *wrong("batch_norm_inference_forward", lambda norm: as_batch_norm(testing=norm)),
            *RUNNING,
        ),
        session=(trained, remembered, tested),
        left_out={"batch_norm_forward.pixels_apart": FOR_IMAGES},
    ),
    *(
        Component(
            f"{LAYERS}{name}",
            question="normalization",
            right=batch_norm_with(name, KNOWN["batch_norm_backward"].right),
            wrong=wrong("batch_norm_backward", lambda back, name=name: batch_norm_with(name, back)),
            session=went_back(name),
        )
        for name in BATCH_NORMS
    ),
]


# --- dropout ------------------------------------------------------------------------------------


def as_dropout(forward):
    def dropout_forward(x, how):
        training, rng = how["mode"] == "train", np.random.default_rng(how["seed"])
        out = forward(x, how["p"], training=training, rng=rng)[0]
        return out, np.divide(out, x, out=np.ones(x.shape), where=x != 0)

    return {
        f"{LAYERS}dropout_forward": dropout_forward,
        f"{LAYERS}dropout_backward": lambda dout, factor: dout * factor,
    }


def as_dropout_backward(backward):
    right = as_dropout(KNOWN["inverted_dropout_forward"].right)

    def dropout_backward(dout, factor):
        return backward(dout, rights("dropout_cache")(factor))

    return {**right, f"{LAYERS}dropout_backward": dropout_backward}


def dropped(student, rng):
    x = rng.uniform(1, 2, (40, 50))
    for mode in ("train", "test"):
        how = {"mode": mode, "p": 0.3, "seed": int(rng.integers(99))}
        yield student.call(f"{LAYERS}dropout_forward", x, how)[0]


def dropped_back(student, rng):
    x, how = rng.uniform(1, 2, (9, 8)), {"mode": "train", "p": 0.4, "seed": 3}
    pair = student.new(f"{LAYERS}dropout_forward", x, how)
    cache = pair.keep("__getitem__", 1)
    yield student.call(f"{LAYERS}dropout_backward", rng.normal(size=(9, 8)), cache)


DROPOUT = [
    Component(
        f"{LAYERS}dropout_forward",
        question="dropout",
        right=as_dropout(KNOWN["inverted_dropout_forward"].right),
        wrong=wrong("inverted_dropout_forward", as_dropout),
        session=dropped,
        left_out={
            "inverted_dropout_forward.keep_and_drop_swapped": "`p` may be either probability",
        },
    ),
    Component(
        f"{LAYERS}dropout_backward",
        question="dropout",
        right=as_dropout_backward(KNOWN["dropout_backward"].right),
        wrong=wrong("dropout_backward", as_dropout_backward),
        session=dropped_back,
    ),
]

COMPONENTS = [*PAIRS, LOSS, *NORMS, *SPATIAL, *DROPOUT, *RULES, *NETWORKS]
