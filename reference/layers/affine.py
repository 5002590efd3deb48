"""The fully connected layer, and flattening on the way to it."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import FloatArray, as_float_array, as_float_matrix
from reference.layers.validation import as_bias, as_upstream


class LayerGradients(NamedTuple):
    """Gradients of the loss with respect to a layer's input, weight and bias (None: no bias)."""

    x: FloatArray
    weight: FloatArray
    bias: FloatArray | None


@dataclass(frozen=True)
class AffineCache:
    """What the backward pass of an affine layer needs."""

    x: FloatArray
    weight: FloatArray
    has_bias: bool


def affine_forward(
    x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None
) -> tuple[FloatArray, AffineCache]:
    """Fully connected layer: out = x W + b.

    x (N, D), weight (D, M), bias (M,), out (N, M). Examples are rows, as in the slides' networks
    (syn0 is 3 inputs by 4 units, s.135); torch keeps the transpose (M, D).

    Raises ValueError: shapes that do not fit, NaN or infinity.
    """
    x = as_float_matrix(x, "x")
    weight = as_float_array(weight, "weight", ndim=2)
    if weight.shape[0] != x.shape[1]:
        raise ValueError(
            f"weight must have one row for each of the {x.shape[1]} inputs, got shape "
            f"{weight.shape}: the layout is (D, M)"
        )
    bias = as_bias(bias, weight.shape[1])
    out = x @ weight
    if bias is not None:
        out += bias
    return out, AffineCache(x, weight, bias is not None)


def affine_backward(dout: ArrayLike, cache: AffineCache) -> LayerGradients:
    """Gradients of the fully connected layer.

    dx = dout W^T (N, D), dW = x^T dout (D, M), db = sum of dout over the examples (M,): each
    gradient has its variable's shape, and only one product of the right shapes exists.

    Raises ValueError: dout is not of shape (N, M).
    """
    x, weight = cache.x, cache.weight
    dtype = np.result_type(x, weight)
    dout = as_upstream(dout, (x.shape[0], weight.shape[1]), dtype)
    return LayerGradients(
        x=dout @ weight.T,
        weight=x.T @ dout,
        bias=dout.sum(axis=0) if cache.has_bias else None,
    )


@dataclass(frozen=True)
class FlattenCache:
    """The shape that flattening took away, and the dtype."""

    shape: tuple[int, ...]
    dtype: np.dtype[np.floating]


def flatten_forward(x: ArrayLike) -> tuple[FloatArray, FlattenCache]:
    """Lay each example out as one row: (N, C, H, W) to (N, C*H*W), channels slowest.

    Raises ValueError: fewer than two axes, NaN or infinity.
    """
    x = as_float_array(x, "x")
    if x.ndim < 2:
        raise ValueError(
            f"x must have a batch axis and at least one more, got shape {x.shape}: "
            "pass one example as x[None]"
        )
    return x.reshape(x.shape[0], -1), FlattenCache(x.shape, x.dtype)


def flatten_backward(dout: ArrayLike, cache: FlattenCache) -> FloatArray:
    """Give the upstream gradient (N, D) the input's shape back.

    Raises ValueError: dout is not of the flattened shape.
    """
    flat = (cache.shape[0], int(np.prod(cache.shape[1:])))
    return as_upstream(dout, flat, cache.dtype).reshape(cache.shape)
