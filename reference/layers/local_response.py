"""Local response normalization: neighbouring channels inhibit each other (AlexNet)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import FloatArray, check_count, check_positive
from reference.layers.validation import as_images, as_upstream


@dataclass(frozen=True)
class LocalResponseCache:
    """What the backward pass needs; `scale` is k + alpha times the sums of squares."""

    x: FloatArray
    scale: FloatArray
    size: int
    alpha: float
    beta: float


def local_response_norm_forward(
    x: ArrayLike,
    *,
    size: int = 5,
    alpha: float = 1e-4,
    beta: float = 0.75,
    k: float = 2.0,
) -> tuple[FloatArray, LocalResponseCache]:
    """Local response normalization across channels.

    out[c] = x[c] / (k + alpha * sum over c' of x[c']^2)^beta, where c' runs over the `size`
    channels around c that exist, at the same pixel. x and out (N, C, H, W). Formula and values
    of Krizhevsky et al. 2012; torch divides alpha by `size`, so its alpha is `size` times this
    one. Not local *contrast* normalization, which subtracts a mean and looks at other pixels.

    Raises ValueError: an even size; alpha or beta under 0; k not above 0; NaN or infinity.
    """
    x = as_images(x)
    if check_count(size, "size") % 2 == 0:
        raise ValueError(
            f"size must be odd, got {size}: the channel itself and as many on either side"
        )
    check_positive(alpha, "alpha", zero=True)
    check_positive(beta, "beta", zero=True)
    check_positive(k, "k")
    scale = k + alpha * _sum_of_neighbours(np.square(x), size)
    return x * scale**-beta, LocalResponseCache(x, scale, size, alpha, beta)


def local_response_norm_backward(dout: ArrayLike, cache: LocalResponseCache) -> FloatArray:
    """Gradient of local response normalization.

    dx[c] = dout[c] s[c]^-beta - 2 alpha beta x[c] * sum over c' of dout[c'] x[c'] s[c']^(-beta-1):
    x[c] stands in the scale s of each channel c' that has c for a neighbour.

    Raises ValueError: dout is not of the input's shape.
    """
    x, scale, alpha, beta = cache.x, cache.scale, cache.alpha, cache.beta
    dout = as_upstream(dout, x.shape, x.dtype)
    through_scale = _sum_of_neighbours(dout * x * scale ** (-beta - 1), cache.size)
    return dout * scale**-beta - 2 * alpha * beta * x * through_scale


def _sum_of_neighbours(x: FloatArray, size: int) -> FloatArray:
    """Sum each channel with those at most (size - 1) / 2 away."""
    total = x.copy()
    for distance in range(1, min(size // 2, x.shape[1] - 1) + 1):
        total[:, distance:] += x[:, :-distance]
        total[:, :-distance] += x[:, distance:]
    return total
