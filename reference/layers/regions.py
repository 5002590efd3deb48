"""Maxima over unequal regions of an image, on which adaptive and fractional pooling rest."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reference.arrays import FloatArray, IntArray


@dataclass(frozen=True)
class Spans:
    """Regions along one axis: region i covers pixels `starts[i]` up to, without, `ends[i]`."""

    starts: IntArray
    ends: IntArray

    @property
    def pixels(self) -> IntArray:
        """(regions, longest): each region's pixels; a short one repeats its last pixel.

        A repetition changes no maximum, and the first of equals is never the repeated one.
        """
        longest = int((self.ends - self.starts).max())
        pixels: IntArray = self.starts[:, None] + np.arange(longest)
        return np.minimum(pixels, self.ends[:, None] - 1)


def max_over_regions(x: FloatArray, rows: Spans, columns: Spans) -> tuple[FloatArray, IntArray]:
    """Return the maximum (N, C, OH, OW) of each region of x (N, C, H, W), and where it was found.

    The second array numbers the winning pixels, row * W + column; the first among equals wins.
    """
    row_pixels, column_pixels = rows.pixels, columns.pixels
    regions = x[:, :, row_pixels[:, None, :, None], column_pixels[None, :, None, :]]
    flat = regions.reshape(*regions.shape[:4], -1)
    element = flat.argmax(axis=-1)
    out = np.take_along_axis(flat, element[..., None], axis=-1)[..., 0]
    in_row, in_column = np.divmod(element, column_pixels.shape[1])
    place_row, place_column = np.ogrid[: len(row_pixels), : len(column_pixels)]
    winners = row_pixels[place_row, in_row] * x.shape[3] + column_pixels[place_column, in_column]
    return out, winners


def route_to_winners(
    dout: FloatArray, winners: NDArray[np.intp], image_size: tuple[int, int]
) -> FloatArray:
    """Add each region's gradient at its winning pixel: (N, C, OH, OW) to (N, C, H, W)."""
    n, c = dout.shape[:2]
    height, width = image_size
    dx = np.zeros((n * c, height * width), dout.dtype)
    image = np.arange(n * c)[:, None]
    np.add.at(dx, (image, winners.reshape(n * c, -1)), dout.reshape(n * c, -1))
    return dx.reshape(n, c, height, width)
