"""2-D convolution as a matrix product: im2col, one product with all the filters, and back."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import FloatArray
from reference.layers.affine import LayerGradients
from reference.layers.geometry import ConvRounding, check_conv_rounding
from reference.layers.patches import SlidingWindows, join_groups, lay_windows, split_groups
from reference.layers.validation import as_bias, as_filters, as_images, as_upstream

# The columns of a whole batch would take KH*KW times the batch's memory. They are made for a few
# images at a time instead: no more than fit into a processor's second-level cache, where the
# matrix product then finds them. The backward pass makes them again, which costs less than
# fetching them from main memory.
COLUMN_BYTES = 2 * 2**20


@dataclass(frozen=True)
class ConvCache:
    """What the backward pass of a convolution needs."""

    x: FloatArray
    weight: FloatArray
    has_bias: bool
    groups: int
    windows: SlidingWindows


def conv2d_forward(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
    groups: int = 1,
    rounding: ConvRounding = "exact",
) -> tuple[FloatArray, ConvCache]:
    """Convolution layer: every filter's dot product with every patch, plus the filter's bias.

    out[n, f, p, q] = b[f] + sum over c, i, j of w[f, c, i, j] x[n, c, p S + i D - P, q S + j D - P]

    This is cross-correlation, the kernel is not flipped, as in every library (slides s.281).
    x (N, C, H, W), weight (F, C/groups, KH, KW), bias (F,) or None, out (N, F, OH, OW) with
    OH = (H - KH + 2P) / S + 1. Stride, padding and dilation are an integer or (rows, columns).
    With groups G, filter f sees the C/G channels of group f // (F/G) only; G = C is depthwise,
    KH = KW = 1 mixes channels only. float32 in, float32 out.

    Raises ValueError: a filter whose depth is not the input's; groups that do not divide both
    depths; sizes that leave a fraction, unless `rounding` is "floor"; NaN or infinity.
    """
    check_conv_rounding(rounding)
    x = as_images(x)
    weight = as_filters(weight, channels=x.shape[1], groups=groups)
    bias = as_bias(bias, weight.shape[0])
    windows = lay_windows(
        x.shape,
        (weight.shape[2], weight.shape[3]),
        stride=stride,
        padding=padding,
        dilation=dilation,
        rounding=rounding,
    )
    cache = ConvCache(x, weight, bias is not None, groups, windows)
    out = np.empty((len(x), weight.shape[0], *windows.out_size), np.result_type(x, weight))
    w_row = weight.reshape(groups, weight.shape[0] // groups, -1)
    for block in blocks_of_images(cache):
        product = np.matmul(w_row, _columns(x[block], cache))
        out[block] = join_groups(product, windows.out_size)
    if bias is not None:
        out += bias[:, None, None]
    return out, cache


def conv2d_backward(dout: ArrayLike, cache: ConvCache) -> LayerGradients:
    """Gradients of the convolution layer.

    out = W_row X_col, so dW_row = dout X_col^T and dX_col = W_row^T dout; col2im adds dX_col up
    to dx, which at stride 1 is a convolution of dout with the flipped filters. db is the sum
    of dout over images and places.

    Raises ValueError: dout is not of shape (N, F, OH, OW).
    """
    x, weight, groups, windows = cache.x, cache.weight, cache.groups, cache.windows
    dtype = np.result_type(x, weight)
    dout = as_upstream(dout, (len(x), weight.shape[0], *windows.out_size), dtype)
    w_row = weight.reshape(groups, weight.shape[0] // groups, -1)
    dx = np.empty(x.shape, dtype)
    dw_row = np.zeros(w_row.shape, dtype)
    for block in blocks_of_images(cache):
        upstream = split_groups(dout[block], groups)
        columns = _columns(x[block], cache)
        dw_row += np.matmul(upstream, columns.swapaxes(1, 2))
        dcolumns = np.matmul(w_row.swapaxes(1, 2), upstream)
        dx[block] = windows.add_columns(dcolumns.reshape(-1, dcolumns.shape[2]))
    return LayerGradients(
        x=dx,
        weight=dw_row.reshape(weight.shape),
        bias=dout.sum(axis=(0, 2, 3)) if cache.has_bias else None,
    )


def blocks_of_images(cache: ConvCache) -> Iterator[slice]:
    """Yield slices of the batch whose columns take about `COLUMN_BYTES` (at least one image)."""
    kernel_height, kernel_width = cache.windows.kernel_size
    out_height, out_width = cache.windows.out_size
    values = cache.x.shape[1] * kernel_height * kernel_width * out_height * out_width
    images = max(1, COLUMN_BYTES // (values * cache.x.itemsize))
    for start in range(0, len(cache.x), images):
        yield slice(start, start + images)


def _columns(images: FloatArray, cache: ConvCache) -> FloatArray:
    """Return X_col by groups, (G, C/G*KH*KW, n*OH*OW)."""
    columns = cache.windows.to_columns(images)
    return columns.reshape(cache.groups, -1, columns.shape[1])
