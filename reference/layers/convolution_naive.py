"""2-D convolution as the slides draw it: a filter slides, each stop is one dot product.

Written in loops, to be read beside `convolution`, which computes the same numbers fast.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import FloatArray
from reference.layers.affine import LayerGradients
from reference.layers.geometry import ConvRounding, check_conv_rounding
from reference.layers.patches import SlidingWindows, lay_windows
from reference.layers.validation import as_bias, as_filters, as_images, as_upstream


@dataclass(frozen=True)
class NaiveConvCache:
    """What the backward pass needs: padded images, filters, and how the windows lie."""

    padded: FloatArray
    weight: FloatArray
    has_bias: bool
    groups: int
    windows: SlidingWindows

    @property
    def out_shape(self) -> tuple[int, int, int, int]:
        """(N, F, OH, OW)."""
        return (len(self.padded), len(self.weight), *self.windows.out_size)

    def patch(self, f: int, p: int, q: int) -> tuple[slice, slice, slice]:
        """Where in a padded image (C, H, W) filter f looks when it stands at place (p, q)."""
        rows, columns = self.windows.rows, self.windows.columns
        filters, depth = self.weight.shape[:2]
        channel = f // (filters // self.groups) * depth
        top, left = p * rows.stride, q * columns.stride
        return (
            slice(channel, channel + depth),
            slice(top, top + rows.extent, rows.dilation),
            slice(left, left + columns.extent, columns.dilation),
        )


def conv2d_naive_forward(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
    groups: int = 1,
    rounding: ConvRounding = "exact",
) -> tuple[FloatArray, NaiveConvCache]:
    """Convolution layer in loops; see `conv2d_forward` for shapes, formula and errors."""
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
    cache = NaiveConvCache(windows.pad(x), weight, bias is not None, groups, windows)
    out = np.zeros(cache.out_shape, np.result_type(x, weight))
    for n, f, p, q in np.ndindex(cache.out_shape):
        out[n, f, p, q] = np.sum(weight[f] * cache.padded[n][cache.patch(f, p, q)])
        if bias is not None:
            out[n, f, p, q] += bias[f]
    return out, cache


def conv2d_naive_backward(dout: ArrayLike, cache: NaiveConvCache) -> LayerGradients:
    """Gradients of the convolution layer in loops.

    Each output is one dot product of a filter and a patch. So its upstream gradient goes, times
    the patch, to the filter; times the filter, to the patch; and unchanged to the bias.

    Raises ValueError: dout is not of shape (N, F, OH, OW).
    """
    padded, weight = cache.padded, cache.weight
    dtype = np.result_type(padded, weight)
    dout = as_upstream(dout, cache.out_shape, dtype)
    dpadded, dweight = np.zeros(padded.shape, dtype), np.zeros(weight.shape, dtype)
    dbias = np.zeros(len(weight), dtype)
    for n, f, p, q in np.ndindex(cache.out_shape):
        patch = cache.patch(f, p, q)
        dweight[f] += dout[n, f, p, q] * padded[n][patch]
        dpadded[n][patch] += dout[n, f, p, q] * weight[f]
        dbias[f] += dout[n, f, p, q]
    dx = cache.windows.unpad(dpadded).copy()
    return LayerGradients(dx, dweight, dbias if cache.has_bias else None)
