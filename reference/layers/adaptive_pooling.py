"""Pooling to a size that is given: global average, adaptive average and adaptive max pooling."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import FloatArray, IntArray
from reference.layers.geometry import as_pair
from reference.layers.regions import Spans, max_over_regions, route_to_winners
from reference.layers.validation import as_images, as_upstream


@dataclass(frozen=True)
class GlobalPoolCache:
    """The input's shape and dtype."""

    shape: tuple[int, ...]
    dtype: np.dtype[np.floating]


def global_average_pool_forward(x: ArrayLike) -> tuple[FloatArray, GlobalPoolCache]:
    """Global average pooling: the mean of each channel's whole map, (N, C, H, W) to (N, C).

    No parameters; it replaces the large fully connected layers of NiN and GoogLeNet.

    Raises ValueError: not (N, C, H, W), NaN or infinity.
    """
    x = as_images(x)
    return x.mean(axis=(2, 3)), GlobalPoolCache(x.shape, x.dtype)


def global_average_pool_backward(dout: ArrayLike, cache: GlobalPoolCache) -> FloatArray:
    """Gradient of global average pooling: every pixel receives dout / (H W).

    Raises ValueError: dout is not of shape (N, C).
    """
    height, width = cache.shape[2:]
    share = as_upstream(dout, cache.shape[:2], cache.dtype) / (height * width)
    return np.broadcast_to(share[:, :, None, None], cache.shape).copy()


def adaptive_spans(size: int, places: int) -> Spans:
    """Return the regions that split `size` pixels into `places`, as evenly as may be.

    Region i covers floor(i W / OW) up to, without, ceil((i + 1) W / OW): equal where OW divides
    W, overlapping by one pixel where it does not (torch's rule).
    """
    place = np.arange(places)
    return Spans(starts=place * size // places, ends=-(-(place + 1) * size // places))


@dataclass(frozen=True)
class AdaptiveAverageCache:
    """The averaging matrices (OH, H) and (OW, W) and the number of images and channels."""

    rows: FloatArray
    columns: FloatArray
    maps: tuple[int, int]


def adaptive_average_pool2d_forward(
    x: ArrayLike, out_size: int | tuple[int, int]
) -> tuple[FloatArray, AdaptiveAverageCache]:
    """Adaptive average pooling to (OH, OW): the mean of each of OH x OW regions.

    Rows and columns separate, so out = A x B^T, where row i of A (OH, H) holds 1 / length on
    region i. x (N, C, H, W), out (N, C, OH, OW).

    Raises ValueError: an output size under 1; not (N, C, H, W); NaN or infinity.
    """
    x = as_images(x)
    out_height, out_width = as_pair(out_size, "out_size")
    rows = _averaging_matrix(x.shape[2], out_height, x.dtype)
    columns = _averaging_matrix(x.shape[3], out_width, x.dtype)
    return rows @ x @ columns.T, AdaptiveAverageCache(rows, columns, (x.shape[0], x.shape[1]))


def adaptive_average_pool2d_backward(dout: ArrayLike, cache: AdaptiveAverageCache) -> FloatArray:
    """Gradient of adaptive average pooling: dx = A^T dout B.

    Raises ValueError: dout is not of shape (N, C, OH, OW).
    """
    rows, columns = cache.rows, cache.columns
    dout = as_upstream(dout, (*cache.maps, len(rows), len(columns)), rows.dtype)
    return rows.T @ dout @ columns


def _averaging_matrix(size: int, places: int, dtype: np.dtype[np.floating]) -> FloatArray:
    spans = adaptive_spans(size, places)
    pixel = np.arange(size)
    inside = (spans.starts[:, None] <= pixel) & (pixel < spans.ends[:, None])
    means: FloatArray = inside / inside.sum(axis=1, keepdims=True)
    return means.astype(dtype)


@dataclass(frozen=True)
class AdaptiveMaxCache:
    """Where each region's maximum stood (row * W + column), and the input's size and dtype."""

    winners: IntArray
    image_size: tuple[int, int]
    dtype: np.dtype[np.floating]


def adaptive_max_pool2d_forward(
    x: ArrayLike, out_size: int | tuple[int, int]
) -> tuple[FloatArray, AdaptiveMaxCache]:
    """Adaptive max pooling to (OH, OW): the maximum of each of OH x OW regions.

    Regions as in `adaptive_spans`; x (N, C, H, W), out (N, C, OH, OW).

    Raises ValueError: an output size under 1; not (N, C, H, W); NaN or infinity.
    """
    x = as_images(x)
    height, width = x.shape[2:]
    out_height, out_width = as_pair(out_size, "out_size")
    rows, columns = adaptive_spans(height, out_height), adaptive_spans(width, out_width)
    out, winners = max_over_regions(x, rows, columns)
    return out, AdaptiveMaxCache(winners, (height, width), x.dtype)


def adaptive_max_pool2d_backward(dout: ArrayLike, cache: AdaptiveMaxCache) -> FloatArray:
    """Gradient of adaptive max pooling: each region hands its gradient to its (first) maximum.

    Raises ValueError: dout is not of shape (N, C, OH, OW).
    """
    dout = as_upstream(dout, cache.winners.shape, cache.dtype)
    return route_to_winners(dout, cache.winners, cache.image_size)
