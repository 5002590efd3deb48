"""Fractional max pooling: shrinking by a factor between 1 and 2 (Graham 2014)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import FloatArray, IntArray, check_count
from reference.layers.geometry import as_pair
from reference.layers.regions import Spans, max_over_regions, route_to_winners
from reference.layers.validation import as_images, as_upstream


@dataclass(frozen=True)
class FractionalPoolCache:
    """The regions, where each one's maximum stood (row * W + column), and the input's size."""

    winners: IntArray
    rows: Spans
    columns: Spans
    image_size: tuple[int, int]
    dtype: np.dtype[np.floating]


def fractional_max_pool2d_forward(
    x: ArrayLike,
    out_size: int | tuple[int, int],
    *,
    rng: np.random.Generator,
    pseudorandom: bool = True,
    overlapping: bool = False,
) -> tuple[FloatArray, FractionalPoolCache]:
    """Fractional max pooling: the maximum over a random grid of regions of sides 1 and 2.

    x (N, C, H, W), out (N, C, OH, OW) with H/2 <= OH <= H, W/2 <= OW <= W: regions of 1x1, 1x2,
    2x1 and 2x2 pixels tile the image. One grid is drawn from `rng` for the whole batch (see
    `fractional_spans`). With `overlapping` each region also takes the next one's first row
    and column, so its sides are 2 and 3.

    Raises ValueError: an output size outside [H/2, H]; not (N, C, H, W); NaN or infinity.
    """
    x = as_images(x)
    height, width = x.shape[2:]
    out_height, out_width = as_pair(out_size, "out_size")
    rows = fractional_spans(
        height, out_height, rng=rng, pseudorandom=pseudorandom, overlapping=overlapping
    )
    columns = fractional_spans(
        width, out_width, rng=rng, pseudorandom=pseudorandom, overlapping=overlapping
    )
    out, winners = max_over_regions(x, rows, columns)
    return out, FractionalPoolCache(winners, rows, columns, (height, width), x.dtype)


def fractional_max_pool2d_backward(dout: ArrayLike, cache: FractionalPoolCache) -> FloatArray:
    """Gradient of fractional max pooling: each region hands its gradient to its (first) maximum.

    The grid is the forward pass's, not a new one.

    Raises ValueError: dout is not of shape (N, C, OH, OW).
    """
    dout = as_upstream(dout, cache.winners.shape, cache.dtype)
    return route_to_winners(dout, cache.winners, cache.image_size)


def fractional_max_pool2d_average(
    x: ArrayLike,
    out_size: int | tuple[int, int],
    *,
    grids: int,
    rng: np.random.Generator,
    pseudorandom: bool = True,
    overlapping: bool = False,
) -> FloatArray:
    """Average fractional max pooling over several random grids: what is done when testing.

    Returns (N, C, OH, OW). Shapes and errors as in `fractional_max_pool2d_forward`.
    """
    check_count(grids, "grids")
    total = sum(
        fractional_max_pool2d_forward(
            x, out_size, rng=rng, pseudorandom=pseudorandom, overlapping=overlapping
        )[0]
        for _ in range(grids)
    )
    return np.asarray(total / grids)


def fractional_spans(
    size: int,
    places: int,
    *,
    rng: np.random.Generator,
    pseudorandom: bool = True,
    overlapping: bool = False,
) -> Spans:
    """Cut `size` pixels into `places` regions of 1 or 2 pixels at random.

    Pseudorandom: the cuts are ceil(alpha (i + u)) - ceil(alpha u) with alpha = W / OW and u
    uniform in [0, 1), so long and short alternate almost regularly. Random: the lengths, W - OW
    twos and 2 OW - W ones, are shuffled. Graham's cuts run from 1 to W, which leaves the last
    pixel out of disjoint regions; these run from 0 to W.

    Raises ValueError: places outside [W/2, W].
    """
    check_count(size, "size")
    check_count(places, "out_size")
    if not size <= 2 * places <= 2 * size:
        raise ValueError(
            f"out_size must lie between half the size and the size, got {places} for {size}: "
            "fractional pooling shrinks by a factor between 1 and 2"
        )
    draw = _pseudorandom_cuts if pseudorandom else _random_cuts
    cuts = draw(size, places, rng)
    return Spans(cuts[:-1], np.minimum(cuts[1:] + overlapping, size))


def _pseudorandom_cuts(size: int, places: int, rng: np.random.Generator) -> IntArray:
    # u is a fraction of whole numbers, so that no rounding can move a cut.
    parts = 2**20
    u = int(rng.integers(parts))
    place = np.arange(places + 1, dtype=np.intp)
    ceilings = -(-size * (place * parts + u) // (places * parts))
    cuts: IntArray = ceilings - ceilings[0]
    return cuts


def _random_cuts(size: int, places: int, rng: np.random.Generator) -> IntArray:
    lengths = np.repeat([2, 1], [size - places, 2 * places - size])
    return np.concatenate([[0], np.cumsum(rng.permutation(lengths))])
