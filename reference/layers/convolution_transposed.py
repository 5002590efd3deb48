"""Transposed convolution: the convolution's backward pass used as a forward pass."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import FloatArray
from reference.layers.affine import LayerGradients
from reference.layers.geometry import as_pair
from reference.layers.patches import SlidingWindows, join_groups, make_windows, split_groups
from reference.layers.validation import (
    as_bias,
    as_images,
    as_transposed_filters,
    as_upstream,
)


@dataclass(frozen=True)
class TransposedConvCache:
    """What the backward pass needs; the windows lie on the *output* of this layer."""

    x: FloatArray
    weight: FloatArray
    has_bias: bool
    groups: int
    windows: SlidingWindows

    @property
    def out_shape(self) -> tuple[int, int, int, int]:
        """(N, F, OH, OW)."""
        filters = self.weight.shape[1] * self.groups
        return (len(self.x), filters, *self.windows.image_size)


def conv_transpose2d_forward(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    output_padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
    groups: int = 1,
) -> tuple[FloatArray, TransposedConvCache]:
    """Transposed (1/S-strided, "up-") convolution: each pixel stamps the filter, scaled by itself.

    out[n, f, p S + i D - P, q S + j D - P] = b[f] + the sum of w[c, f, i, j] x[n, c, p, q]

    x (N, C, H, W), weight (C, F/groups, KH, KW), bias (F,) or None, out (N, F, OH, OW) with
    OH = (H - 1) S + D (KH - 1) + 1 - 2P + A, A = `output_padding`. It is the transpose of the
    matrix of a convolution from F to C channels with the same weight, not its inverse: sizes
    are restored, values are not.

    Raises ValueError: a weight that does not fit the channels; A not under S; NaN or infinity.
    """
    x = as_images(x)
    weight = as_transposed_filters(weight, channels=x.shape[1], groups=groups)
    bias = as_bias(bias, weight.shape[1] * groups)
    kernel = (weight.shape[2], weight.shape[3])
    rows, columns = make_windows(kernel, stride=stride, padding=padding, dilation=dilation)
    more_rows, more_columns = as_pair(output_padding, "output_padding", minimum=0)
    out_size = (
        rows.transposed_output_size(x.shape[2], output_padding=more_rows),
        columns.transposed_output_size(x.shape[3], output_padding=more_columns),
    )
    # Rounded down, because no window reaches the pixels that `output_padding` adds.
    windows = SlidingWindows(rows, columns, out_size, "floor")
    cache = TransposedConvCache(x, weight, bias is not None, groups, windows)
    x_col = np.matmul(_w_row(cache).swapaxes(1, 2), split_groups(x, groups))
    out = windows.add_columns(x_col.reshape(-1, x_col.shape[2])).copy()
    if bias is not None:
        out += bias[:, None, None]
    return out, cache


def conv_transpose2d_backward(dout: ArrayLike, cache: TransposedConvCache) -> LayerGradients:
    """Gradients of the transposed convolution.

    dx is a convolution of dout with the same weight, dX = W_row im2col(dout); and
    dW_row = x im2col(dout)^T. db is the sum of dout over images and places.

    Raises ValueError: dout is not of shape (N, F, OH, OW).
    """
    x, weight, groups = cache.x, cache.weight, cache.groups
    dout = as_upstream(dout, cache.out_shape, np.result_type(x, weight))
    columns = cache.windows.to_columns(dout)
    columns = columns.reshape(groups, -1, columns.shape[1])
    dw_row = np.matmul(split_groups(x, groups), columns.swapaxes(1, 2))
    return LayerGradients(
        x=join_groups(np.matmul(_w_row(cache), columns), (x.shape[2], x.shape[3])),
        weight=dw_row.reshape(weight.shape),
        bias=dout.sum(axis=(0, 2, 3)) if cache.has_bias else None,
    )


def _w_row(cache: TransposedConvCache) -> FloatArray:
    """(G, C/G, F/G*KH*KW): the filters of the convolution whose transpose this is."""
    channels = len(cache.weight)
    return cache.weight.reshape(cache.groups, channels // cache.groups, -1)
