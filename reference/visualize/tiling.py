"""Many small pictures put together into one."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reference.arrays import FloatArray, IntArray, check_count
from reference.layers.validation import as_images


def tile(
    images: ArrayLike, *, columns: int | None = None, gap: int = 1, background: float = 1.0
) -> FloatArray:
    """Return images (N, C, H, W) side by side, row after row, as one picture.

    Grey images (C = 1) give (height, width), colour images (C = 3) give (height, width, 3): what
    matplotlib shows. Without `columns` the grid is about square. `gap` pixels of `background` stand
    between the images; places left over at the end are background too.

    Raises ValueError: another depth than 1 or 3, NaN or infinity.
    """
    batch = as_images(images, "images")
    across = math.ceil(math.sqrt(len(batch))) if columns is None else columns
    across = min(check_count(across, "columns"), len(batch))
    places = np.stack(np.divmod(np.arange(len(batch)), across), axis=1)
    return tile_at(batch, places, gap=gap, background=background)


def tile_at(
    images: ArrayLike,
    cells: NDArray[np.integer],
    *,
    gap: int = 1,
    background: float = 1.0,
) -> FloatArray:
    """Return one picture with image n in the cell cells[n] = (row, column).

    Raises ValueError: cells that are not (N, 2), negative or used twice; a depth other than 1, 3.
    """
    batch = as_images(images, "images")
    rows, columns = _grid(cells, len(batch))
    if batch.shape[1] not in (1, 3):
        raise ValueError(
            f"images must have 1 or 3 channels to be seen, got {batch.shape[1]}: "
            "show each channel as a grey image, images.reshape(-1, 1, H, W)"
        )
    height, width = batch.shape[2] + check_count(gap, "gap", minimum=0), batch.shape[3] + gap
    shape = (rows * height - gap, columns * width - gap, batch.shape[1])
    picture = np.full(shape, background, batch.dtype)
    for image, (row, column) in zip(batch, cells.tolist(), strict=True):
        top, left = row * height, column * width
        picture[top : top + image.shape[1], left : left + image.shape[2]] = image.transpose(1, 2, 0)
    return picture[:, :, 0] if batch.shape[1] == 1 else picture


def cell_corner(cell: IntArray, size: tuple[int, int], *, gap: int = 1) -> tuple[int, int]:
    """Return the first pixel (row, column) of a cell in a picture of tiles of `size`."""
    row, column = int(cell[0]), int(cell[1])
    return row * (size[0] + gap), column * (size[1] + gap)


def _grid(cells: NDArray[np.integer], images: int) -> tuple[int, int]:
    """Return how many rows and columns the cells need."""
    if cells.shape != (images, 2) or cells.dtype.kind not in "iu" or cells.min() < 0:
        raise ValueError(
            f"cells must be {images} pairs (row, column) of integers from 0 on, got shape "
            f"{cells.shape} of {cells.dtype}: one for each image"
        )
    if len(np.unique(cells, axis=0)) < images:
        raise ValueError("each cell holds one image, got a cell twice: give every image its own")
    return int(cells[:, 0].max()) + 1, int(cells[:, 1].max()) + 1
