"""Activation functions with their gradients (slides s.149-174).

Every `..._forward(x)` returns (out, cache) and every `..._backward(dout, cache)` the gradient with
respect to x (and to parameters, where there are any). All work elementwise on any shape except
`prelu`, which has one slope for each channel, and `maxout`, which is a layer. float32 stays
float32.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import FloatArray, as_float_array, as_float_matrix, check_same_shape


@dataclass(frozen=True)
class OutputCache:
    """The output, from which the gradients of sigmoid and tanh are computed."""

    out: FloatArray


@dataclass(frozen=True)
class SlopeCache:
    """The derivative at each element."""

    slope: FloatArray


def sigmoid(x: ArrayLike) -> FloatArray:
    """Return 1 / (1 + exp(-x)), in (0, 1).

    exp is only taken of -|x|, so it never overflows and both tails keep their digits.
    """
    x = as_float_array(x, "x")
    small = np.exp(-np.abs(x))
    out: FloatArray = np.where(x >= 0, x.dtype.type(1), small) / (1 + small)
    return out


def sigmoid_forward(x: ArrayLike) -> tuple[FloatArray, OutputCache]:
    """Sigmoid: out = 1 / (1 + exp(-x)); saturates, not centred on zero (s.150-155)."""
    out = sigmoid(x)
    return out, OutputCache(out)


def sigmoid_backward(dout: ArrayLike, cache: OutputCache) -> FloatArray:
    """Return dx = dout * out (1 - out): at most a quarter of dout, from the output (s.119)."""
    dx: FloatArray = _upstream(dout, cache.out) * (cache.out * (1 - cache.out))
    return dx


def tanh_forward(x: ArrayLike) -> tuple[FloatArray, OutputCache]:
    """Tanh: centred on zero, in (-1, 1), saturates like the sigmoid (s.156)."""
    out: FloatArray = np.tanh(as_float_array(x, "x"))
    return out, OutputCache(out)


def tanh_backward(dout: ArrayLike, cache: OutputCache) -> FloatArray:
    """Return dx = dout * (1 - out^2)."""
    dx: FloatArray = _upstream(dout, cache.out) * (1 - cache.out**2)
    return dx


def relu(x: ArrayLike) -> FloatArray:
    """Return max(0, x)."""
    x = as_float_array(x, "x")
    return np.maximum(x, x.dtype.type(0))


def relu_forward(x: ArrayLike) -> tuple[FloatArray, OutputCache]:
    """ReLU: out = max(0, x) (s.157)."""
    out = relu(x)
    return out, OutputCache(out)


def relu_backward(dout: ArrayLike, cache: OutputCache) -> FloatArray:
    """Return dx = dout where x > 0, else 0; at x = 0, where no derivative exists, 0 (s.170)."""
    dx: FloatArray = _upstream(dout, cache.out) * (cache.out > 0)
    return dx


def leaky_relu_forward(x: ArrayLike, *, slope: float = 0.01) -> tuple[FloatArray, SlopeCache]:
    """Leaky ReLU: out = max(slope x, x).

    The slides write slope 0.1 on s.160 and 0.01 on s.172 (Maas et al., 2013, take 0.01).
    Raises ValueError: a slope outside [0, 1), for which max(slope x, x) bends the other way.
    """
    if not 0 <= slope < 1:
        raise ValueError(f"slope must lie in [0, 1), got {slope}: 0.01 is usual")
    x = as_float_array(x, "x")
    slopes = np.where(x > 0, x.dtype.type(1), x.dtype.type(slope))
    return x * slopes, SlopeCache(slopes)


def leaky_relu_backward(dout: ArrayLike, cache: SlopeCache) -> FloatArray:
    """Return dx = dout where x > 0, else slope * dout."""
    dx: FloatArray = _upstream(dout, cache.slope) * cache.slope
    return dx


def elu_forward(x: ArrayLike, *, alpha: float = 1.0) -> tuple[FloatArray, SlopeCache]:
    """ELU: out = x where x > 0, else alpha (exp(x) - 1) (Clevert et al., 2015; s.172).

    Raises ValueError: alpha <= 0.
    """
    if not alpha > 0:
        raise ValueError(f"alpha must be above 0, got {alpha}: 1 is usual")
    x = as_float_array(x, "x")
    # Only x <= 0 is exponentiated, so large inputs cannot overflow in the unused branch.
    negative = np.minimum(x, 0)
    out = np.where(x > 0, x, alpha * np.expm1(negative)).astype(x.dtype)
    slope = np.where(x > 0, 1, alpha * np.exp(negative)).astype(x.dtype)
    return out, SlopeCache(slope)


def elu_backward(dout: ArrayLike, cache: SlopeCache) -> FloatArray:
    """Return dx = dout where x > 0, else dout * alpha exp(x)."""
    dx: FloatArray = _upstream(dout, cache.slope) * cache.slope
    return dx


@dataclass(frozen=True)
class PReLUCache:
    """Input and slopes, the slopes in a shape that broadcasts over the input's channels."""

    x: FloatArray
    slope: FloatArray


class PReLUGradients(NamedTuple):
    """Gradients with respect to the input and to the learned slopes."""

    x: FloatArray
    slope: FloatArray


def prelu_forward(x: ArrayLike, slope: ArrayLike) -> tuple[FloatArray, PReLUCache]:
    """PReLU: out = x where x > 0, else slope[c] x, with one learned slope a channel.

    x (N, C, ...), slope (C,), or (1,) for one slope shared by all (He et al., 2015).
    Raises ValueError: a slope of another shape, an x without a channel axis.
    """
    x = as_float_array(x, "x")
    slopes = as_float_array(slope, "slope", ndim=1)
    if x.ndim < 2 or len(slopes) not in (1, x.shape[1]):
        raise ValueError(
            f"slope must have shape (C,) or (1,) for x (N, C, ...), got {slopes.shape} for "
            f"{x.shape}: one slope for each channel"
        )
    spread = slopes.astype(x.dtype).reshape(-1, *[1] * (x.ndim - 2))
    return np.where(x > 0, x, spread * x), PReLUCache(x, spread)


def prelu_backward(dout: ArrayLike, cache: PReLUCache) -> PReLUGradients:
    """Return dx, and dslope[c] = sum of dout * x over channel c where x <= 0."""
    upstream = _upstream(dout, cache.x)
    on = cache.x > 0
    reached = np.where(on, 0, upstream * cache.x)
    axes = [axis for axis in range(reached.ndim) if axis != 1 or cache.slope.size == 1]
    dslope = reached.sum(axis=tuple(axes)).reshape(-1)
    return PReLUGradients(np.where(on, upstream, cache.slope * upstream), dslope)


@dataclass(frozen=True)
class MaxoutCache:
    """What the backward pass of maxout needs; `winners` (N, M) numbers the largest piece."""

    x: FloatArray
    weights: FloatArray
    winners: np.ndarray[Any, np.dtype[np.intp]]


class MaxoutGradients(NamedTuple):
    """Gradients with respect to the input, the weights and the biases."""

    x: FloatArray
    weights: FloatArray
    biases: FloatArray


def maxout_forward(
    x: ArrayLike, weights: ArrayLike, biases: ArrayLike
) -> tuple[FloatArray, MaxoutCache]:
    """Maxout: out = max over k of (x W_k + b_k) (Goodfellow et al., 2013; s.173).

    x (N, D), weights (K, D, M), biases (K, M), out (N, M). The slide has K = 2, which doubles the
    parameters of an affine layer. ReLU is the case K = 2, W_1 = 0, b_1 = 0.
    Raises ValueError: shapes that do not fit.
    """
    x = as_float_matrix(x, "x")
    weights = as_float_array(weights, "weights", ndim=3)
    biases = as_float_array(biases, "biases", ndim=2)
    if weights.shape[1] != x.shape[1] or biases.shape != (weights.shape[0], weights.shape[2]):
        raise ValueError(
            f"weights must be (K, {x.shape[1]}, M) and biases (K, M), got {weights.shape} and "
            f"{biases.shape}: K is the number of linear pieces"
        )
    pieces = np.einsum("nd,kdm->knm", x, weights) + biases[:, None]
    # argmax takes the first of equal pieces, and the gradient then goes to that one alone.
    return pieces.max(axis=0), MaxoutCache(x, weights, pieces.argmax(axis=0))


def maxout_backward(dout: ArrayLike, cache: MaxoutCache) -> MaxoutGradients:
    """Return the gradients; each output sends its gradient to its largest piece only."""
    upstream = as_float_array(dout, "dout")
    check_same_shape(upstream, "dout", cache.winners.shape, "the output")
    won = np.arange(len(cache.weights))[:, None, None] == cache.winners
    routed = won * upstream.astype(cache.x.dtype)
    return MaxoutGradients(
        x=np.einsum("knm,kdm->nd", routed, cache.weights),
        weights=np.einsum("knm,nd->kdm", routed, cache.x),
        biases=routed.sum(axis=1),
    )


def _upstream(dout: ArrayLike, like: FloatArray) -> FloatArray:
    array = as_float_array(dout, "dout")
    check_same_shape(array, "dout", like.shape, "the output")
    return array.astype(like.dtype, copy=False)
