"""The wrong versions known of each function of the assignment, in the student's signatures.

The grader reads this file to name the cause of a failure, and `autograder validate` to see that
the checks catch every wrong version. Students never get it.
"""

import numpy as np

from autograder.components import Component, wrong_version, wrong_versions
from reference.layers import (
    average_pool2d_backward,
    average_pool2d_forward,
    conv2d_backward,
    conv2d_forward,
    max_pool2d_backward,
    max_pool2d_forward,
)
from reference.misconceptions import COMPONENTS as KNOWN


def component(name, question, known, adapt, probe, left_out=None, more=()):
    return Component(
        name,
        question=question,
        right=adapt(KNOWN[known].right),
        wrong=(*wrong_versions(KNOWN[known], adapt), *more),
        probe=probe,
        left_out=left_out or {},
    )


NO_DILATION = "the student's function has no dilation"
NO_GROUPS = "the student's function has no groups"
NO_PADDING = "the student's pooling has no padding"


# --- arithmetic ---------------------------------------------------------------------------------


@wrong_version(
    "output_size.rounded",
    "A window that does not fit is rounded away",
    "Raise ValueError where (W - F + 2P) / S is not whole.",
    "پنجره‌ای که جور درنمی‌آید گرد شده است",
    "اگر (W - F + 2P) / S عدد صحیح نیست `ValueError` بدهید.",
)
def rounded(size, kernel, stride, pad):
    return (size - kernel + 2 * pad) // stride + 1


def one_field(fields):
    """The receptive fields of the reference: the student gives the last one's size alone."""
    from reference.layers.geometry import Window

    def receptive_field(layers):
        return fields([Window(kernel, stride) for kernel, stride in layers])[-1].size

    return receptive_field


ARITHMETIC = [
    component(
        "output_size",
        "arithmetic",
        "output_size",
        lambda size: lambda W, F, S, P: size(W, F, stride=S, padding=P),
        lambda rng: [(7, 3, 2, 0), (7, 3, 1, 1), (15, 5, 2, 1), (9, 4, 3, 2), (7, 3, 3, 0)],
        {
            "output_size.dilation_ignored": NO_DILATION,
            "output_size.fraction_rounded": "output_size.rounded stands for it",
        },
        (rounded,),
    ),
    component(
        "conv_parameters",
        "arithmetic",
        "convolution_parameter_count",
        lambda count: lambda C, F, K, groups: count(C, F, K, groups=groups),
        lambda rng: [(3, 10, 5, 1), (48, 32, 3, 4)],
    ),
    component(
        "receptive_field",
        "arithmetic",
        "receptive_fields",
        one_field,
        lambda rng: [([(3, 1), (3, 1)],), ([(3, 2), (5, 1)],), ([(5, 1), (2, 2), (3, 3)],)],
    ),
]


# --- convolution --------------------------------------------------------------------------------


def output_of(answer):
    return answer[0] if isinstance(answer, tuple) else answer


def as_naive(layer):
    return lambda x, w, b, stride, pad: output_of(layer(x, w, b, stride=stride, padding=pad))


def as_pair(layer):
    """A wrong forward pass with the right backward pass."""

    def conv_forward(x, w, b, stride, pad):
        return output_of(layer(x, w, b, stride=stride, padding=pad)), (x, w, b, stride, pad)

    return {"conv_forward": conv_forward, "conv_backward": gradients_by(conv2d_backward)}


def gradients_by(backward):
    """The student's backward pass; the cache is plain data, the arguments of the forward pass."""

    def conv_backward(dout, cache):
        x, w, b, stride, pad = cache
        gradients = backward(dout, conv2d_forward(x, w, b, stride=stride, padding=pad)[1])
        return gradients.x, gradients.weight, gradients.bias

    return conv_backward


def as_backward(backward):
    """A wrong backward pass with the right forward pass, whose cache it fits."""

    def conv_forward(x, w, b, stride, pad):
        return conv2d_forward(x, w, b, stride=stride, padding=pad)[0], (x, w, b, stride, pad)

    return {"conv_forward": conv_forward, "conv_backward": gradients_by(backward)}


def settings(rng):
    x, w, b = rng.normal(size=(2, 3, 6, 6)), rng.normal(size=(4, 3, 3, 3)), rng.uniform(1, 2, 4)
    return [(x, w, b, 1, 2), (x[..., :5], w[..., :5, :], b, 1, 0), (x, w[..., :2, :2], b, 2, 0)]


def forward_once(student, rng):
    for setting in settings(rng):
        out, _ = student.conv_forward(*setting)
        yield out


def backward_once(student, rng):
    for setting in settings(rng):
        out, cache = student.conv_forward(*setting)
        yield student.conv_backward(rng.normal(size=np.shape(out)), cache)


LAYER_LEFT_OUT = {
    "conv2d_forward.dilation_ignored": NO_DILATION,
    "conv2d_forward.groups_ignored": NO_GROUPS,
    "conv2d_forward.groups_interleaved": NO_GROUPS,
}


def shows_without(known, reason):
    """Those of a component's wrong versions whose name says that they need something."""
    return {
        each.id: reason[word] for each in KNOWN[known].known for word in reason if word in each.id
    }


CONVOLUTION = [
    component(
        "conv_forward_naive",
        "forward",
        "conv2d_forward",
        as_naive,
        settings,
        shows_without("conv2d_forward", {"dilation": NO_DILATION, "group": NO_GROUPS}),
    ),
    Component(
        "conv_forward",
        question="im2col",
        right=as_pair(KNOWN["conv2d_forward"].right),
        wrong=wrong_versions(KNOWN["conv2d_forward"], as_pair),
        session=forward_once,
        left_out=shows_without("conv2d_forward", {"dilation": NO_DILATION, "group": NO_GROUPS}),
        builds_on=("im2col",),
    ),
    component(
        "im2col",
        "im2col",
        "im2col",
        lambda cols: lambda x, KH, KW, S, P: cols(x, KH, stride=S, padding=P),
        lambda rng: [
            (rng.normal(size=(2, 3, 5, 5)), 3, 3, 2, 0),
            (rng.normal(size=(2, 3, 5, 5)), 3, 3, 1, 1),
        ],
    ),
    component(
        "col2im",
        "im2col",
        "col2im",
        lambda back: (
            lambda cols, shape, KH, KW, S, P: back(cols, tuple(shape), KH, stride=S, padding=P)
        ),
        lambda rng: [(rng.normal(size=(3 * 9, 2 * 25)), (2, 3, 5, 5), 3, 3, 1, 1)],
    ),
    Component(
        "conv_backward",
        question="backward",
        right=as_backward(KNOWN["conv2d_backward"].right),
        wrong=wrong_versions(KNOWN["conv2d_backward"], as_backward),
        session=backward_once,
        left_out=shows_without("conv2d_backward", {"dilation": NO_DILATION, "group": NO_GROUPS}),
        builds_on=("conv_forward", "col2im"),
    ),
]


# --- pooling ------------------------------------------------------------------------------------


def pool_pair(kind, forward, backward):
    right = {"max": max_pool2d_forward, "average": average_pool2d_forward}[kind]

    def run(x, size, stride):
        return output_of(forward(x, size, stride=stride)), (x, size, stride)

    def back(dout, cache):
        x, size, stride = cache
        return backward(dout, right(x, size, stride=stride)[1])

    return {f"{kind}_pool_forward": run, f"{kind}_pool_backward": back}


def pooled(kind):
    def session(student, rng):
        x = rng.permutation(2 * 3 * 49).reshape(2, 3, 7, 7) - 400.0
        for size, stride in ((3, 2), (1, 2), (3, 1)):
            yield student.call(f"{kind}_pool_forward", x, size, stride)[0]

    return session


def pooled_back(kind):
    def session(student, rng):
        x = rng.permutation(2 * 3 * 49).reshape(2, 3, 7, 7) - 400.0
        equal = np.ones((1, 2, 4, 4))
        for images, size, stride in ((x, 3, 2), (x, 3, 1), (equal, 2, 2)):
            out, cache = student.call(f"{kind}_pool_forward", images, size, stride)
            dout = rng.uniform(1, 2, np.shape(out))
            gradient = np.asarray(student.call(f"{kind}_pool_backward", dout, cache), float)
            # At a tie one pixel may take it all, or all may share it: the sum shows the rest.
            yield gradient.sum(axis=(2, 3)) if images is equal else gradient

    return session


PADDED = {"padding": NO_PADDING}

POOLING = [
    Component(
        "max_pool_forward",
        question="pooling",
        right=pool_pair("max", KNOWN["max_pool2d_forward"].right, max_pool2d_backward),
        wrong=wrong_versions(
            KNOWN["max_pool2d_forward"], lambda f: pool_pair("max", f, max_pool2d_backward)
        ),
        session=pooled("max"),
        left_out={
            **shows_without("max_pool2d_forward", PADDED),
            "max_pool2d_forward.last_of_equals": "either of two equal pixels may win",
            "max_pool2d_forward.rounded_up": "all sizes fit",
            "max_pool2d_forward.stride_one": "the stride is always given",
        },
    ),
    Component(
        "max_pool_backward",
        question="pooling",
        right=pool_pair("max", max_pool2d_forward, KNOWN["max_pool2d_backward"].right),
        wrong=wrong_versions(
            KNOWN["max_pool2d_backward"], lambda b: pool_pair("max", max_pool2d_forward, b)
        ),
        session=pooled_back("max"),
        left_out={"max_pool2d_backward.shared_equally": "equal pixels may share the gradient"},
        builds_on=("max_pool_forward",),
    ),
    Component(
        "average_pool_forward",
        question="pooling",
        right=pool_pair("average", KNOWN["average_pool2d_forward"].right, average_pool2d_backward),
        wrong=wrong_versions(
            KNOWN["average_pool2d_forward"],
            lambda f: pool_pair("average", f, average_pool2d_backward),
        ),
        session=pooled("average"),
        left_out=shows_without("average_pool2d_forward", PADDED),
    ),
    Component(
        "average_pool_backward",
        question="pooling",
        right=pool_pair("average", average_pool2d_forward, KNOWN["average_pool2d_backward"].right),
        wrong=wrong_versions(
            KNOWN["average_pool2d_backward"],
            lambda b: pool_pair("average", average_pool2d_forward, b),
        ),
        session=pooled_back("average"),
        builds_on=("average_pool_forward",),
    ),
    component(
        "global_average_pool",
        "pooling",
        "global_average_pool_forward",
        lambda pool: lambda x: output_of(pool(x)),
        lambda rng: [(rng.normal(size=(2, 3, 5, 4)),)],
    ),
]


# --- kinds --------------------------------------------------------------------------------------


def as_grouped(layer):
    return lambda x, w, b, stride, pad, groups: output_of(
        layer(x, w, b, stride=stride, padding=pad, groups=groups)
    )


@wrong_version(
    "conv_forward_grouped.all_channels_repeated",
    "Every group sees the first channels",
    "Group g sees the channels from g C / G on.",
    "همهٔ گروه‌ها کانال‌های نخست را می‌بینند",
    "گروه g کانال‌ها را از g C / G می‌بیند.",
)
def first_channels(x, w, b, stride, pad, groups):
    depth = w.shape[1]
    return conv2d_forward(x[:, :depth], w, b, stride=stride, padding=pad)[0]


def grouped(rng):
    x, b = rng.normal(size=(2, 6, 5, 5)), rng.uniform(1, 2, 4)
    return [
        (x, rng.normal(size=(4, 3, 3, 3)), b, 1, 1, 2),
        (x, rng.normal(size=(4, 6, 3, 3)), b, 2, 0, 1),
    ]


KINDS = [
    component(
        "conv_forward_grouped",
        "kinds",
        "conv2d_forward",
        as_grouped,
        grouped,
        shows_without("conv2d_forward", {"dilation": NO_DILATION}),
        (first_channels,),
    ),
    component(
        "convolve2d",
        "kinds",
        "convolve2d_forward",
        lambda convolve: lambda image, kernel: output_of(convolve(image, kernel)),
        lambda rng: [(rng.normal(size=(5, 5)), rng.normal(size=(3, 3)))],
    ),
    component(
        "fc_to_filters",
        "kinds",
        "affine_weight_to_filters",
        lambda turn: lambda W, C, H, K: turn(W, (C, H, K)),
        lambda rng: [(rng.normal(size=(3 * 4 * 2, 5)), 3, 4, 2)],
    ),
]

COMPONENTS = [*ARITHMETIC, *CONVOLUTION, *POOLING, *KINDS]
