"""Drawings made of images: filters, activation maps, exciting images, embeddings, heat maps.

Each function returns a `matplotlib.figure.Figure` of its own and touches no global state; save it
with `figure.savefig(path)`.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from reference.arrays import FloatArray, as_float_array, check_same_shape
from reference.layers.validation import as_images
from reference.visualize.activity import Exciting
from reference.visualize.filters import filter_images, unit_range_images
from reference.visualize.tiling import cell_corner, tile, tile_at

INCHES = 4.0


def draw_filters(weight: ArrayLike, *, columns: int | None = None, title: str = "") -> Figure:
    """Draw filters (F, C, KH, KW) as a grid; weight 0 is the middle grey.

    With one or three channels each filter is a picture; deeper filters take one row each, a
    picture for every channel.
    """
    filters = as_images(weight, "weight")
    if columns is None and filters.shape[1] not in (1, 3):
        columns = filters.shape[1]
    return _one_picture(tile(filter_images(filters), columns=columns), title)


def draw_activation_maps(
    maps: ArrayLike,
    *,
    dead: ArrayLike = (),
    columns: int | None = None,
    title: str = "",
) -> Figure:
    """Draw one image's activation maps (F, H, W) as a grid, all on one scale from black to white.

    The maps numbered in `dead` (see `UnitActivity.dead`) get a red frame. Black is the smallest
    activation, white the largest.

    Raises ValueError: maps that are not (F, H, W), a dead map that does not exist.
    """
    array = as_float_array(maps, "maps", ndim=3)
    numbers = np.asarray(dead, dtype=np.intp)
    if numbers.size and not (0 <= numbers.min() and numbers.max() < len(array)):
        raise ValueError(
            f"dead must number some of the {len(array)} maps from 0 on, got {numbers.tolist()}"
        )
    across = math.ceil(math.sqrt(len(array))) if columns is None else columns
    picture = tile(unit_range_images(array[:, None]), columns=across)
    figure = _one_picture(picture, title)
    height, width = array.shape[1:]
    for number in numbers.tolist():
        cell = np.array(divmod(number, across))
        top, left = cell_corner(cell, (height, width))
        corner = (left - 0.5, top - 0.5)
        frame = Rectangle(corner, width, height, fill=False, edgecolor="red", linewidth=2)
        figure.axes[0].add_patch(frame)
    return figure


def draw_exciting(
    images: ArrayLike, units: Sequence[Exciting], *, patches: Sequence[ArrayLike] | None = None
) -> Figure:
    """Draw for each unit a row of the images that excite it most, strongest on the left.

    The number over an image is the unit's activation. With `patches`, one array (K, C, H, W) for
    each unit (see `exciting_patches`), these are drawn instead of the whole images.

    Raises ValueError: no units, patches that are not one array for each unit.
    """
    batch = unit_range_images(images)
    shown = [batch[unit.indices] for unit in units] if patches is None else _scaled(patches)
    if not units or len(shown) != len(units):
        raise ValueError(
            f"patches must be one array for each unit, got {len(shown)} for {len(units)} units"
        )
    columns = max(len(unit.indices) for unit in units)
    figure = Figure(figsize=(0.9 * columns + 0.6, 1.1 * len(units) + 0.2), layout="constrained")
    grid = figure.subplots(len(units), columns, squeeze=False)
    for axes, unit, pictures in zip(grid, units, shown, strict=True):
        _fill_row(axes, unit, pictures)
    return figure


def draw_embedding(images: ArrayLike, cells: NDArray[np.integer], *, title: str = "") -> Figure:
    """Draw image n in the grid cell cells[n] = (row, column), as `grid_layout` gives them."""
    return _one_picture(tile_at(unit_range_images(images), cells), title)


def draw_heat_map(heat: ArrayLike, *, image: ArrayLike | None = None, title: str = "") -> Figure:
    """Draw a heat map (H, W) with its scale; with image (C, H, W), the image on the left.

    Blue is below 0, white 0 and red above, on a scale as wide on both sides.

    Raises ValueError: a heat that is not (H, W) or not of the image's size.
    """
    values = as_float_array(heat, "heat", ndim=2)
    figure = Figure(figsize=(INCHES * (1 if image is None else 2), INCHES), layout="constrained")
    axes = figure.subplots(1, 1 if image is None else 2, squeeze=False)[0]
    if image is not None:
        pixels = as_float_array(image, "image", ndim=3)
        check_same_shape(values, "heat", pixels.shape[1:], "the image")
        _show(axes[0], tile(unit_range_images(pixels[None])))
    largest = float(np.abs(values).max()) or 1.0
    drawn = axes[-1].imshow(values, cmap="RdBu_r", vmin=-largest, vmax=largest)
    axes[-1].set_axis_off()
    axes[-1].set_title(title)
    figure.colorbar(drawn, ax=axes[-1], shrink=0.8)
    return figure


def _one_picture(picture: FloatArray, title: str) -> Figure:
    height, width = picture.shape[:2]
    scale = INCHES / max(height, width)
    figure = Figure(
        figsize=(scale * width + 0.2, scale * height + (0.4 if title else 0.2)),
        layout="constrained",
    )
    axes = figure.subplots()
    _show(axes, picture)
    axes.set_title(title)
    return figure


def _show(axes: Axes, picture: FloatArray) -> None:
    axes.imshow(picture, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    axes.set_axis_off()


def _scaled(patches: Sequence[ArrayLike]) -> list[FloatArray]:
    return [unit_range_images(each) for each in patches]


def _fill_row(axes: NDArray[Any], unit: Exciting, pictures: FloatArray) -> None:
    for place, picture, value in zip(axes, pictures, unit.values, strict=False):
        _show(place, tile(picture[None]))
        place.set_title(f"{value:.2f}", fontsize=8)
    for empty in axes[len(pictures) :]:
        empty.set_axis_off()
    axes[0].text(
        -0.15, 0.5, f"unit {unit.unit}", rotation=90, va="center", ha="right", fontsize=8,
        transform=axes[0].transAxes,
    )  # fmt: skip
