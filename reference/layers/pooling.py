"""Pooling over sliding windows: max, average and L2, each channel by itself, no parameters.

OH = (H - F) / S + 1, the depth stays (slides s.311). `stride` is the kernel unless given, so
the windows tile the image: 2x2 halves each side and keeps a quarter of the values. Where the
windows leave a fraction, `rounding` must say what happens: "floor" leaves the last pixels out
(torch's default), "ceil" lets the last window hang over (Caffe's rule).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reference.arrays import FloatArray
from reference.layers.geometry import Rounding, Window
from reference.layers.patches import SlidingWindows, lay_windows
from reference.layers.validation import as_images, as_upstream


@dataclass(frozen=True)
class MaxPoolCache:
    """What the backward pass of max pooling needs.

    `winners` (N, C, OH, OW) numbers the element of each window, row by row, that held the
    maximum.
    """

    winners: NDArray[np.unsignedinteger]
    dtype: np.dtype[np.floating]
    windows: SlidingWindows


def max_pool2d_forward(
    x: ArrayLike,
    kernel: int | tuple[int, int],
    *,
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
    rounding: Rounding = "exact",
) -> tuple[FloatArray, MaxPoolCache]:
    """Max pooling: out[n, c, p, q] = the maximum of x[n, c] in window (p, q).

    x (N, C, H, W), out (N, C, OH, OW). Padding counts as minus infinity, so it never wins.

    Raises ValueError: sizes that leave a fraction, unless `rounding` is "floor" or "ceil";
    padding over half the kernel; NaN or infinity.
    """
    x = as_images(x)
    windows = _lay_pool(x, kernel, stride, padding, rounding)
    first, *others = windows.elements(windows.pad(x, fill=-np.inf))
    out = first.copy()
    winners = np.zeros(out.shape, np.min_scalar_type(len(others)))
    for index, pixels in enumerate(others, start=1):
        # Strictly greater: among equals the first one, row by row, stays the winner.
        better = pixels > out
        np.maximum(out, pixels, out=out)
        # As the index only grows, this sets it where better; a masked assignment is far slower.
        np.maximum(winners, better * winners.dtype.type(index), out=winners)
    return out, MaxPoolCache(winners, x.dtype, windows)


def max_pool2d_backward(dout: ArrayLike, cache: MaxPoolCache) -> FloatArray:
    """Gradient of max pooling: each window hands its gradient to its maximum, a router.

    A tie is a kink; the gradient goes to the first of the equals, row by row (as in torch), not
    to all of them. A pixel that wins in several overlapping windows receives the sum.

    Raises ValueError: dout is not of shape (N, C, OH, OW).
    """
    windows, winners = cache.windows, cache.winners
    dout = as_upstream(dout, winners.shape, cache.dtype)
    dpadded = np.zeros((*winners.shape[:2], *windows.padded_size), cache.dtype)
    for index, dpixels in enumerate(windows.elements(dpadded)):
        dpixels += dout * (winners == index)
    return windows.unpad(dpadded)


@dataclass(frozen=True)
class AveragePoolCache:
    """What the backward pass of average pooling needs; `counts` (OH, OW) divided the sums."""

    out_shape: tuple[int, ...]
    counts: FloatArray
    windows: SlidingWindows


def average_pool2d_forward(
    x: ArrayLike,
    kernel: int | tuple[int, int],
    *,
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
    rounding: Rounding = "exact",
    count_padding: bool = True,
) -> tuple[FloatArray, AveragePoolCache]:
    """Average pooling: out[n, c, p, q] = the mean of x[n, c] over window (p, q).

    x (N, C, H, W), out (N, C, OH, OW). With `count_padding` the padding's zeros count as values
    (torch's `count_include_pad`), without it the mean is over the image's pixels only. What a
    window hangs over under "ceil" never counts.

    Raises ValueError: sizes that leave a fraction, unless `rounding` is "floor" or "ceil";
    padding over half the kernel; NaN or infinity.
    """
    x = as_images(x)
    windows = _lay_pool(x, kernel, stride, padding, rounding)
    rows, columns = (
        _covered(window, size, places, count_padding)
        for window, size, places in zip(
            (windows.rows, windows.columns), windows.image_size, windows.out_size, strict=True
        )
    )
    counts = np.outer(rows, columns).astype(x.dtype)
    out = _sum(windows, windows.pad(x)) / counts
    return out, AveragePoolCache(out.shape, counts, windows)


def average_pool2d_backward(dout: ArrayLike, cache: AveragePoolCache) -> FloatArray:
    """Gradient of average pooling: each pixel of a window receives an equal share of dout.

    Raises ValueError: dout is not of shape (N, C, OH, OW).
    """
    windows, counts = cache.windows, cache.counts
    share = as_upstream(dout, cache.out_shape, counts.dtype) / counts
    dpadded = np.zeros((*cache.out_shape[:2], *windows.padded_size), counts.dtype)
    for dpixels in windows.elements(dpadded):
        dpixels += share
    return windows.unpad(dpadded)


@dataclass(frozen=True)
class L2PoolCache:
    """What the backward pass of L2 pooling needs."""

    x: FloatArray
    out: FloatArray
    windows: SlidingWindows


def l2_pool2d_forward(
    x: ArrayLike,
    kernel: int | tuple[int, int],
    *,
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
    rounding: Rounding = "exact",
) -> tuple[FloatArray, L2PoolCache]:
    """L2 pooling: out[n, c, p, q] = the square root of the sum of squares in window (p, q).

    x (N, C, H, W), out (N, C, OH, OW). A sum, not a mean: a window of k ones gives sqrt(k).

    Raises ValueError: sizes that leave a fraction, unless `rounding` is "floor" or "ceil";
    padding over half the kernel; NaN or infinity.
    """
    x = as_images(x)
    windows = _lay_pool(x, kernel, stride, padding, rounding)
    out = np.sqrt(_sum(windows, windows.pad(np.square(x))))
    return out, L2PoolCache(x, out, windows)


def l2_pool2d_backward(dout: ArrayLike, cache: L2PoolCache) -> FloatArray:
    """Gradient of L2 pooling: d out / d x = x / out; 0 where the whole window is 0, a kink.

    Raises ValueError: dout is not of shape (N, C, OH, OW).
    """
    x, out, windows = cache.x, cache.out, cache.windows
    dout = as_upstream(dout, out.shape, out.dtype)
    ratio = np.divide(dout, out, out=np.zeros_like(out), where=out > 0)
    dpadded = np.zeros((*out.shape[:2], *windows.padded_size), out.dtype)
    for dpixels in windows.elements(dpadded):
        dpixels += ratio
    return x * windows.unpad(dpadded)


def _lay_pool(
    x: FloatArray,
    kernel: int | tuple[int, int],
    stride: int | tuple[int, int] | None,
    padding: int | tuple[int, int],
    rounding: Rounding,
) -> SlidingWindows:
    windows = lay_windows(
        x.shape,
        kernel,
        stride=kernel if stride is None else stride,
        padding=padding,
        rounding=rounding,
    )
    for window in (windows.rows, windows.columns):
        if 2 * window.padding > window.kernel:
            raise ValueError(
                f"padding must be at most half the pooling window of {window.kernel}, got "
                f"{window.padding}: a window that sees only padding has no value"
            )
    return windows


def _sum(windows: SlidingWindows, padded: FloatArray) -> FloatArray:
    total = np.zeros((*padded.shape[:2], *windows.out_size), padded.dtype)
    for pixels in windows.elements(padded):
        total += pixels
    return total


def _covered(window: Window, size: int, places: int, count_padding: bool) -> NDArray[np.intp]:
    """How many pixels of the axis, and of its padding if it counts, each window covers."""
    edge = window.padding if count_padding else 0
    starts = np.arange(places) * window.stride - window.padding
    return np.minimum(starts + window.kernel, size + edge) - np.maximum(starts, -edge)
