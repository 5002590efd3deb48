"""Normalization: batch, layer, instance and group; they differ in what they average over.

y = gamma (x - mean) / sqrt(variance + eps) + beta, the variance being that of the averaged values
themselves (divided by their number m, not m - 1), eps inside the root. For images (N, C, H, W):

    batch     one mean for each channel, over the examples and all pixels (N, H, W)
    layer     one mean for each example, over everything else (C, H, W)
    instance  one mean for each example and channel, over its pixels (H, W)
    group     one mean for each example and group of channels (C/G, H, W)

Only batch normalization mixes examples, so only it must do something else at test time.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import (
    FloatArray,
    as_float_array,
    check_count,
    check_positive,
    check_probability,
)
from reference.layers.validation import as_upstream


class NormGradients(NamedTuple):
    """Gradients with respect to the input, the scale gamma and the shift beta."""

    x: FloatArray
    gamma: FloatArray
    beta: FloatArray


@dataclass(frozen=True)
class Averaging:
    """What a normalization averages over.

    The averages run over `axes` of x brought to `shape` (x's own shape, but for group
    normalization); over none at test time. `shared_axes` are the axes of x along which one gamma
    and one beta serve.
    """

    shape: tuple[int, ...]
    axes: tuple[int, ...]
    shared_axes: tuple[int, ...]


@dataclass(frozen=True)
class NormCache:
    """What the backward passes need: `normalized` is (x - mean) / sqrt(variance + eps)."""

    normalized: FloatArray
    mean: FloatArray
    variance: FloatArray
    inverse_std: FloatArray
    gamma: FloatArray
    averaging: Averaging


@dataclass(frozen=True)
class RunningStatistics:
    """Mean and variance (C,) of each channel, gathered in training for use at test time."""

    mean: FloatArray
    variance: FloatArray

    @classmethod
    def initial(cls, channels: int) -> "RunningStatistics":
        """Mean 0 and variance 1: what inference uses before any batch was seen."""
        check_count(channels, "channels")
        return cls(np.zeros(channels), np.ones(channels))

    def updated(self, cache: NormCache, *, momentum: float = 0.1) -> "RunningStatistics":
        """Return the statistics moved towards the batch of a `batch_norm_forward`.

        running = (1 - momentum) running + momentum batch, so `momentum` is the weight of the
        *new* batch, as in torch; Keras and cs231n call 1 minus it the momentum. The batch's
        variance enters unbiased, times m / (m - 1), as in Ioffe and Szegedy 2015.

        Raises ValueError: momentum outside [0, 1], or a batch with other channels.
        """
        check_probability(momentum, "momentum")
        if cache.mean.size != self.mean.size:
            raise ValueError(
                f"the batch must have the {self.mean.size} channels of the statistics, got "
                f"{cache.mean.size}: each layer keeps statistics of its own"
            )
        count = cache.normalized.size // cache.mean.size
        unbiased = cache.variance.reshape(-1) * (count / (count - 1))
        return RunningStatistics(
            mean=(1 - momentum) * self.mean + momentum * cache.mean.reshape(-1),
            variance=(1 - momentum) * self.variance + momentum * unbiased,
        )


def batch_norm_forward(
    x: ArrayLike, gamma: ArrayLike, beta: ArrayLike, *, eps: float = 1e-5
) -> tuple[FloatArray, NormCache]:
    """Batch normalization in training, with the batch's own statistics.

    x (N, D): over the examples, one mean for each feature. x (N, C, H, W), "spatial": over
    examples and pixels, one mean for each channel. gamma and beta (D,) or (C,). Feed the cache
    to `RunningStatistics.updated` (Ioffe and Szegedy 2015).

    Raises ValueError: shapes that do not fit; fewer than two values for each mean; NaN.
    """
    x = _as_batch(x)
    if x.size == x.shape[1]:
        raise ValueError(
            f"a batch must hold at least two values of each channel, got shape {x.shape}: "
            "their variance is 0; take a larger batch, or batch_norm_inference_forward"
        )
    axes = _all_but_channels(x)
    return _normalize(x, gamma, beta, Averaging(x.shape, axes, axes), eps)


def batch_norm_backward(dout: ArrayLike, cache: NormCache) -> NormGradients:
    """Gradients of batch normalization in training, through the batch's mean and variance.

    dx = (dxhat - mean(dxhat) - xhat mean(dxhat xhat)) / sqrt(variance + eps) with
    dxhat = gamma dout and the means over the batch; dgamma = sum of dout xhat, dbeta = sum of
    dout. Each example's gradient depends on the whole batch.

    Raises ValueError: dout is not of the input's shape.
    """
    return _backward(dout, cache)


def batch_norm_inference_forward(
    x: ArrayLike,
    gamma: ArrayLike,
    beta: ArrayLike,
    running: RunningStatistics,
    *,
    eps: float = 1e-5,
) -> tuple[FloatArray, NormCache]:
    """Batch normalization at test time: the running statistics are constants.

    x (N, D) or (N, C, H, W). An example's output does not depend on the other examples.

    Raises ValueError: shapes that do not fit; a negative variance; NaN or infinity.
    """
    x = _as_batch(x)
    axes = _all_but_channels(x)
    mean = _as_parameter(running.mean, "running.mean", x.shape, axes).astype(x.dtype, copy=False)
    variance = _as_parameter(running.variance, "running.variance", x.shape, axes)
    if variance.min() < 0:
        raise ValueError(
            f"running.variance must not be negative, got {variance.min()}: keep the variance, "
            "not its logarithm, and start at 1"
        )
    variance = variance.astype(x.dtype, copy=False)
    averaging = Averaging(x.shape, (), axes)
    statistics = mean, variance
    return _scale_and_shift(x - mean, statistics, gamma, beta, x.shape, averaging, eps)


def batch_norm_inference_backward(dout: ArrayLike, cache: NormCache) -> NormGradients:
    """Gradients of batch normalization at test time: dx = gamma dout / sqrt(variance + eps).

    Raises ValueError: dout is not of the input's shape.
    """
    return _backward(dout, cache)


def layer_norm_forward(
    x: ArrayLike, gamma: ArrayLike, beta: ArrayLike, *, eps: float = 1e-5
) -> tuple[FloatArray, NormCache]:
    """Layer normalization: each example by itself, over the axes that gamma has.

    x (N, D) with gamma and beta (D,), or x (N, C, H, W) with gamma and beta (C, H, W): one gamma
    for each value (Ba et al. 2016). As in torch, gamma's shape says which last axes are
    averaged, so gamma (W,) would average rows of pixels.

    Raises ValueError: gamma's shape is not that of x's last axes; NaN or infinity.
    """
    x = as_float_array(x, "x")
    averaged = np.shape(gamma)
    if not 0 < len(averaged) < x.ndim or x.shape[x.ndim - len(averaged) :] != averaged:
        raise ValueError(
            f"gamma must have the shape of the last axes of x, got {averaged} for x of shape "
            f"{x.shape}: one value for each feature of an example, {x.shape[1:]}"
        )
    split = x.ndim - len(averaged)
    averaging = Averaging(x.shape, tuple(range(split, x.ndim)), tuple(range(split)))
    return _normalize(x, gamma, beta, averaging, eps)


def layer_norm_backward(dout: ArrayLike, cache: NormCache) -> NormGradients:
    """Gradients of layer normalization: batch normalization's formula, the means over features.

    Raises ValueError: dout is not of the input's shape.
    """
    return _backward(dout, cache)


def instance_norm_forward(
    x: ArrayLike, gamma: ArrayLike, beta: ArrayLike, *, eps: float = 1e-5
) -> tuple[FloatArray, NormCache]:
    """Instance normalization: each channel of each image by itself, over its pixels.

    x (N, C, H, W), gamma and beta (C,) (Ulyanov et al. 2016).

    Raises ValueError: shapes that do not fit; images of one pixel; NaN or infinity.
    """
    x = as_float_array(x, "x", ndim=4)
    if x.shape[2] * x.shape[3] == 1:
        raise ValueError(
            f"an instance must hold at least two pixels, got shape {x.shape}: "
            "the variance of one pixel is 0; normalize before pooling"
        )
    return _normalize(x, gamma, beta, Averaging(x.shape, (2, 3), (0, 2, 3)), eps)


def instance_norm_backward(dout: ArrayLike, cache: NormCache) -> NormGradients:
    """Gradients of instance normalization: batch normalization's formula, the means over pixels.

    Raises ValueError: dout is not of the input's shape.
    """
    return _backward(dout, cache)


def group_norm_forward(
    x: ArrayLike, gamma: ArrayLike, beta: ArrayLike, *, groups: int, eps: float = 1e-5
) -> tuple[FloatArray, NormCache]:
    """Group normalization: each group of neighbouring channels of each image by itself.

    x (N, C, H, W), gamma and beta (C,). groups=1 averages as layer normalization does, groups=C
    as instance normalization does (Wu and He 2018).

    Raises ValueError: groups that do not divide C; groups of one value; NaN or infinity.
    """
    x = as_float_array(x, "x", ndim=4)
    n, channels, height, width = x.shape
    if channels % check_count(groups, "groups"):
        raise ValueError(
            f"groups must divide the {channels} channels, got {groups}: choose a divisor"
        )
    if x.size == n * groups:
        raise ValueError(
            f"a group must hold at least two values, got shape {x.shape} in {groups} groups: "
            "the variance of one value is 0; take fewer groups"
        )
    grouped_shape = (n, groups, channels // groups, height, width)
    return _normalize(x, gamma, beta, Averaging(grouped_shape, (2, 3, 4), (0, 2, 3)), eps)


def group_norm_backward(dout: ArrayLike, cache: NormCache) -> NormGradients:
    """Gradients of group normalization: batch normalization's formula, the means over groups.

    Raises ValueError: dout is not of the input's shape.
    """
    return _backward(dout, cache)


def _normalize(
    x: FloatArray, gamma: ArrayLike, beta: ArrayLike, averaging: Averaging, eps: float
) -> tuple[FloatArray, NormCache]:
    grouped = x.reshape(averaging.shape)
    mean = grouped.mean(axis=averaging.axes, keepdims=True)
    centred = grouped - mean
    # From the centred values: mean(x^2) - mean(x)^2 would cancel where the mean is large.
    variance = np.square(centred).mean(axis=averaging.axes, keepdims=True)
    statistics = mean, variance
    return _scale_and_shift(centred, statistics, gamma, beta, x.shape, averaging, eps)


def _scale_and_shift(
    centred: FloatArray,
    statistics: tuple[FloatArray, FloatArray],
    gamma: ArrayLike,
    beta: ArrayLike,
    shape: tuple[int, ...],
    averaging: Averaging,
    eps: float,
) -> tuple[FloatArray, NormCache]:
    """Finish the formula from x - mean, which is overwritten: it becomes the cache's xhat."""
    mean, variance = statistics
    gamma = _as_parameter(gamma, "gamma", shape, averaging.shared_axes)
    beta = _as_parameter(beta, "beta", shape, averaging.shared_axes)
    inverse_std = 1 / np.sqrt(variance + check_positive(eps, "eps"))
    centred *= inverse_std
    normalized = centred.reshape(shape)
    out = gamma * normalized
    out += beta
    return out, NormCache(normalized, mean, variance, inverse_std, gamma, averaging)


def _backward(dout: ArrayLike, cache: NormCache) -> NormGradients:
    xhat, gamma, averaging = cache.normalized, cache.gamma, cache.averaging
    dout = as_upstream(dout, xhat.shape, np.result_type(xhat, gamma))
    dxhat: FloatArray = (dout * gamma).reshape(averaging.shape)
    if averaging.axes:
        dxhat = _through_statistics(dxhat, xhat.reshape(averaging.shape), averaging.axes)
    dxhat *= cache.inverse_std
    return NormGradients(
        x=dxhat.reshape(xhat.shape),
        gamma=(dout * xhat).sum(axis=averaging.shared_axes),
        beta=dout.sum(axis=averaging.shared_axes),
    )


def _through_statistics(dxhat: FloatArray, xhat: FloatArray, axes: tuple[int, ...]) -> FloatArray:
    """Take away what moving one x does to the mean, and to the variance."""
    by_mean = dxhat.mean(axis=axes, keepdims=True)
    by_variance = (dxhat * xhat).mean(axis=axes, keepdims=True)
    result: FloatArray = xhat * -by_variance
    result += dxhat
    result -= by_mean
    return result


def _as_batch(x: ArrayLike) -> FloatArray:
    array = as_float_array(x, "x")
    if array.ndim not in (2, 4):
        raise ValueError(
            f"x must be (N, D) or (N, C, H, W), got shape {array.shape}: reshape it so that "
            "axis 1 holds the features or channels"
        )
    return array


def _all_but_channels(x: FloatArray) -> tuple[int, ...]:
    return (0, *range(2, x.ndim))


def _as_parameter(
    value: ArrayLike, name: str, shape: tuple[int, ...], shared_axes: tuple[int, ...]
) -> FloatArray:
    """Return a parameter in a form that broadcasts against x of `shape`, or refuse its shape."""
    array = as_float_array(value, name)
    own_shape = tuple(size for axis, size in enumerate(shape) if axis not in shared_axes)
    if array.shape != own_shape:
        raise ValueError(
            f"{name} must have shape {own_shape}, got {array.shape}, for x of shape {shape}: "
            "one value for each feature or channel"
        )
    return array.reshape([1 if axis in shared_axes else n for axis, n in enumerate(shape)])
