"""Inputs that exercise a component of the course: what a set of checks calls it with.

    for made in inputs("conv2d_forward", np.random.default_rng(0)):
        COMPONENTS["conv2d_forward"].right(*made.args, **made.kwargs)

They are the probe of the component's misconceptions, whose calls tell each wrong version from the
right one, and the edges that a probe leaves out: every option of the layer, sizes that leave a
fraction, ties, classes that do not occur, scores that overflow.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from reference.layers.affine import affine_forward
from reference.layers.convolution import conv2d_forward
from reference.layers.convolution_transposed import conv_transpose2d_forward
from reference.misconceptions import COMPONENTS
from reference.misconceptions.catalogue import Call, call
from reference.neighbors import METRICS
from reference.normalization import RunningStatistics

LARGEST_SHORT = 1e30
"""Arrays with larger values are left as they are: float32 ends at 3e38."""

Rng = np.random.Generator
Draw = Callable[[Rng], list[Call]]


def inputs(component: str, rng: Rng) -> list[Call]:
    """Return the calls of a component's probe, and then those of its edges.

    Raises ValueError: a component that is not in `COMPONENTS`.
    """
    if component not in COMPONENTS:
        raise ValueError(f"component must be one of COMPONENTS, got {component!r}: list its keys")
    return [*map(_shortened, COMPONENTS[component].probe(rng)), *edges(component, rng)]


def edges(component: str, rng: Rng) -> list[Call]:
    """Return the calls at the edges alone; none for a component that has no entry."""
    draw = EDGES.get(component)
    return [] if draw is None else [_shortened(made) for made in draw(rng)]


def _shortened(made: Call) -> Call:
    """The call with its arrays rounded to float32, so that code which works in it gets the same."""
    return Call(tuple(map(_short, made.args)), {k: _short(v) for k, v in made.kwargs.items()})


def _short(value: Any) -> Any:
    if not isinstance(value, np.ndarray) or value.dtype != np.float64:
        return value
    fits = np.all(np.abs(value) < LARGEST_SHORT)
    return value.astype(np.float32).astype(np.float64) if fits else value


def _large_scores(rng: Rng) -> list[Call]:
    # Each row lies somewhere else: one shift for the whole batch over- or underflows.
    scores = rng.normal(size=(5, 4)) + np.array([[0.0], [900.0], [-900.0], [5.0], [-3.0]])
    scores[3, 2] = -1200.0
    return [call(scores)]


def _large_labelled_scores(rng: Rng) -> list[Call]:
    (scores,) = _large_scores(rng)[0].args
    return [call(scores, rng.integers(0, 4, 5)), call(scores[:1], np.array([3]))]


def _linear(rng: Rng) -> list[Call]:
    # The single example has the worst class for its label: where an example is sure of its label
    # its gradient is a small difference of large terms, of which float32 keeps few digits.
    W, X, labels = rng.normal(size=(3, 4)), rng.normal(size=(5, 3)), rng.integers(0, 4, 5)
    return [
        call(W, X, labels, strength=0.3, penalty=penalty) for penalty in ("l1", "half_l2", "l2")
    ] + [call(W, X[:1], (X[:1] @ W).argmin(axis=1)), call(W, 500 * X, labels)]


def _convolutions(rng: Rng) -> list[Call]:
    x, weight, bias = (
        rng.normal(size=(2, 4, 7, 6)),
        rng.normal(size=(6, 4, 3, 2)),
        rng.normal(size=6),
    )
    return [
        call(x, weight),
        call(x, weight, bias, stride=(2, 1), padding=(1, 0)),
        call(x, weight, bias, stride=2, padding=1, rounding="floor"),
        call(x, weight, bias, dilation=(2, 3)),
        call(x, weight[:, :2], bias, groups=2, padding=1),
        call(x, weight[:4, :1], bias[:4], groups=4),
        call(x, weight[:, :, :1, :1], bias),
        call(x, rng.normal(size=(3, 4, 7, 6)), bias[:3]),
    ]


def _transposed(rng: Rng) -> list[Call]:
    x, weight, bias = (
        rng.normal(size=(2, 4, 3, 4)),
        rng.normal(size=(4, 3, 3, 2)),
        rng.normal(size=3),
    )
    options: list[dict[str, object]] = [
        {"stride": (3, 2), "padding": (1, 0), "output_padding": (2, 1)},
        {"dilation": (1, 2), "padding": 1},
        {"stride": 2},
    ]
    whole = [call(x, weight, bias, **each) for each in options]
    grouped = call(x, weight, rng.normal(size=6), stride=2, groups=2)
    return [*whole, grouped, call(x, weight)]


def _transposed_back(rng: Rng) -> list[Call]:
    made = []
    for each in _transposed(rng):
        out, cache = conv_transpose2d_forward(*each.args, **each.kwargs)
        made.append(call(rng.normal(size=out.shape), cache))
    return made


def _pools(rng: Rng) -> list[Call]:
    x = rng.normal(size=(2, 3, 7, 8))
    return [
        call(x, 3, stride=2, rounding="ceil"),
        call(x, (2, 3), stride=(3, 2), padding=1, rounding="ceil"),
        call(x, 2, stride=(4, 5), padding=1, rounding="ceil"),
        call(x, 3, stride=2, rounding="floor"),
        call(x, (3, 2), stride=(1, 2)),
        call(x, 3, stride=3, padding=1, rounding="floor"),
    ]


def _average_pools(rng: Rng) -> list[Call]:
    return [
        call(*made.args, **made.kwargs, count_padding=counted)
        for made in _pools(rng)
        for counted in (True, False)
    ] + _pools(rng)


def _l2_pools(rng: Rng) -> list[Call]:
    x = rng.normal(size=(2, 2, 4, 4))
    x[0, 0, :2, :2] = 0.0  # a window of zeros: the root has no slope there
    return [*_pools(rng), call(x, 2)]


def _tied_pools(rng: Rng) -> list[Call]:
    return [*_pools(rng), call(rng.integers(0, 3, (2, 3, 4, 4)).astype(float), 2)]


def _without_bias(rng: Rng) -> list[Call]:
    made = []
    for each in _convolutions(rng):
        out, cache = conv2d_forward(*each.args, **each.kwargs)
        made.append(call(rng.normal(size=out.shape), cache))
    # So large that a reference which works image by image takes both in turn.
    x, weight = rng.normal(size=(2, 4, 56, 56)), rng.normal(size=(1, 4, 5, 5))
    out, cache = conv2d_forward(x, weight)
    return [*made, call(rng.normal(size=out.shape), cache)]


def _affine_without_bias(rng: Rng) -> list[Call]:
    out, cache = affine_forward(rng.normal(size=(4, 3)), rng.normal(size=(3, 2)))
    return [call(rng.normal(size=out.shape), cache)]


def _affine(rng: Rng) -> list[Call]:
    x, weight = rng.normal(size=(4, 3)), rng.normal(size=(3, 2))
    return [call(x, weight), call(x[:1], weight, rng.normal(size=2))]


def _whitenings(rng: Rng) -> list[Call]:
    train = rng.normal(size=(6, 3))
    train[:, 1] = train[:, 0]
    return [call(train, train, kind=kind, eps=eps) for kind in ("pca", "zca") for eps in (0.0, 1.0)]


def _newtons(rng: Rng) -> list[Call]:
    A = np.diag(rng.uniform(1, 3, 3))
    low = rng.uniform(1, 2, 3)
    bowl = (lambda x: A @ (x - low)), (lambda x: A)
    starts = low - 1, low + np.array([0.0, 1.0, -2.0])
    return [call(*bowl, x, max_iterations=most) for x in starts for most in (1, 2, 5)]


def _axes(rng: Rng) -> list[Call]:
    sizes = [int(size) for size in rng.integers(8, 30, 4)]
    return [
        call(size, kernel, stride=stride, padding=kernel // 2, rounding=rounding)
        for size in sizes
        for kernel, stride in ((2, 3), (3, 2), (3, 5), (2, 4), (4, 3))
        for rounding in ("ceil", "floor")
    ]


def _paddings(rng: Rng) -> list[Call]:
    return [call(int(kernel)) for kernel in (1, 3, 4, 5)]


def _correlations(rng: Rng) -> list[Call]:
    image, kernel = rng.normal(size=(5, 6)), rng.normal(size=(3, 3))
    modes = [call(image, kernel, mode=mode) for mode in ("valid", "same", "full")]
    return [*modes, call(image, rng.normal(size=(2, 4)), mode="full")]


def _prelus(rng: Rng) -> list[Call]:
    x = rng.normal(size=(2, 3, 2, 4))
    x[0, 0, 0, 0] = 0.0
    return [call(x, rng.uniform(0.1, 0.4, 3)), call(x, np.array([0.25]))]


def _neighbours(rng: Rng) -> list[Call]:
    train, queries = rng.normal(size=(9, 3)), rng.normal(size=(4, 3))
    labels = rng.integers(0, 3, 9)
    options: tuple[dict[str, Any], ...] = (
        {},
        {"blocked": True},
        {"blocked": True, "block_bytes": 48},
    )
    return [
        call(train, labels, queries, k=k, metric=metric, **each)
        for k in (1, 2, 9)
        for metric in METRICS
        for each in options
    ]


def _distances(rng: Rng) -> list[Call]:
    a = rng.normal(size=(3, 5))
    return [call(a, np.vstack([a[1:], rng.normal(size=(4, 5))]), metric=name) for name in METRICS]


def _nearest(rng: Rng) -> list[Call]:
    ties = rng.integers(0, 3, (4, 6)).astype(float)
    return [call(ties, k) for k in (1, 2, 4, 6)]


def _confusions(rng: Rng) -> list[Call]:
    labels = rng.integers(0, 3, 9)
    return [call(rng.permutation(labels), labels, classes=7), call(labels, labels, classes=3)]


def _recalls(rng: Rng) -> list[Call]:
    counts = rng.integers(2, 9, (4, 4))
    counts[1] = (1, 0, 0, 0)
    counts[2] = (0, 1, 0, 0)
    counts[3] = 0
    return [call(counts), call(np.diag([1, 1, 2]))]


def _adams(rng: Rng) -> list[Call]:
    gradients = list(rng.normal(size=(4, 3)))
    return [
        call(rng.normal(size=3), gradients, learning_rate=0.1, bias_correction=corrected)
        for corrected in (True, False)
    ]


def _stops(rng: Rng) -> list[Call]:
    rising = (0.5 + 0.01 * np.round(rng.uniform(0, 1, 8), 2)).tolist()
    scores = [0.5, 0.6, 0.55, 0.625, 0.625, 0.61, 0.7, 0.2, 0.3, 0.4, 0.5]
    return [
        call(scores, patience=3, monitor="validation_accuracy"),
        call(scores, patience=2, min_delta=0.125, monitor="validation_accuracy"),
        call([float("nan"), float("nan"), 0.9, float("nan"), 0.8, 0.75, 0.76, 0.77], patience=3),
        call([1.0, 0.75, 0.75, 0.75], patience=2, min_delta=0.25),
        call(rising, patience=2),
    ]


def _gates(rng: Rng) -> list[Call]:
    # x is broadcast along a new axis and along a stretched one.
    x, y, dz = rng.normal(size=(1, 2)), rng.normal(size=(4, 3, 2)), rng.normal(size=(4, 3, 2))
    return [call((x, y), (y, x), dz), call((y, x), (x, y), dz)]


def _channels(rng: Rng) -> list[Call]:
    images = rng.uniform(0, 255, (4, 3, 3, 5))
    return [call(images, images + 5, channel_axis=1)]


def _columns(rng: Rng) -> list[Call]:
    # Constants whose mean is rounded, a tiny spread, and one beside a large value.
    columns = [np.full(7, 1e6 + 0.1), 1e-13 * rng.normal(size=7), rng.normal(size=7) * 1e-9 + 1.0]
    train = np.column_stack([*columns, 1e6 * rng.normal(size=7), np.zeros(7)])
    return [call(train, rng.normal(size=(2, 5)))]


def _inference(rng: Rng) -> list[Call]:
    running = RunningStatistics(rng.normal(size=3), rng.uniform(0.5, 2, 3))
    gamma, beta = rng.normal(size=3), rng.normal(size=3)
    return [call(rng.normal(size=shape), gamma, beta, running) for shape in ((1, 3), (2, 3, 2, 2))]


def _diverging(rng: Rng) -> list[Call]:
    (made, *_) = COMPONENTS["LinearSVM"].probe(rng)
    (data,) = made.args
    return [call({**data, "X": size * data["X"]}, **made.kwargs) for size in (1e110, 1e200)]


def _penalties(rng: Rng) -> list[Call]:
    weights = rng.normal(size=(3, 2))
    weights[0, 0] = 0.0
    return [call(weights, strength=0.3)]


EDGES: Mapping[str, Draw] = MappingProxyType(
    {
        "softmax": _large_scores,
        "softmax_cross_entropy": _large_labelled_scores,
        "hinge": _large_labelled_scores,
        "svm_loss": _linear,
        "softmax_loss": _linear,
        "l1": _penalties,
        "l2": _penalties,
        "half_l2": _penalties,
        "conv2d_forward": _convolutions,
        "conv_transpose2d_forward": _transposed,
        "conv_transpose2d_backward": _transposed_back,
        "convolve2d_forward": _correlations,
        "max_pool2d_forward": _tied_pools,
        "average_pool2d_forward": _average_pools,
        "l2_pool2d_forward": _l2_pools,
        "affine_forward": _affine,
        "affine_backward": _affine_without_bias,
        "conv2d_backward": _without_bias,
        "Whitening": _whitenings,
        "newton": _newtons,
        "output_size": _axes,
        "same_padding": _paddings,
        "prelu_forward": _prelus,
        "KNearestNeighbors": _neighbours,
        "distances_vectorized": _distances,
        "k_smallest": _nearest,
        "confusion_matrix": _confusions,
        "recall_per_class": _recalls,
        "adam": _adams,
        "EarlyStopping": _stops,
        "LinearSVM": _diverging,
        "Add": _gates,
        "Multiply": _gates,
        "ChannelCentering": _channels,
        "Standardization": _columns,
        "batch_norm_inference_forward": _inference,
    }
)
"""The edges of each component, and of the forward passes that belong to one."""
