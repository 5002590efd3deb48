"""Where a gradient departs from the slopes of the student's own function, and what it looks like.

The number of calls is bounded: all coordinates of a small block; of a larger one eight parts at a
time, down to one coordinate, and then all but the row, column or diagonal that it lies in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checks.consistency import Function, Measured, agrees
from autograder.checks.display import Index
from autograder.checks.observations import (
    Sizes,
    factor_text,
    in_slice,
    multiple_of,
    multiple_text,
    observation,
    offset_text,
    one_wrong,
    pattern,
)
from autograder.checks.slopes import GRIDS, Grid, Point, block_scales, claim, sample_points, slopes
from autograder.texts import Text, text

Array = NDArray[Any]

ALL_COORDINATES = 32
"""A block of at most this many values is looked at value by value."""

PARTS = 8


@dataclass(frozen=True)
class Location:
    """One wrong entry of a gradient and the pattern of all wrong ones, as far as known."""

    index: Index | None
    slope: float | None
    """The slope of the student's own function along that coordinate."""
    seen: Text | None


def locate(
    function: Function, block: int, measured: Measured, grid: Grid, sizes: Sizes | None
) -> Location:
    """Find a wrong entry of the block's gradient and say what the wrong entries look like."""
    search = _Search(function, block, grid)
    gradient = function.gradient[block]
    if gradient.size <= ALL_COORDINATES:
        return search.every_coordinate(sizes or {})
    index, slope = search.narrow()
    if index is None or slope is None:
        return Location(None, None, None if gradient.any() else text("It is all zeros."))
    seen = _everywhere(gradient, measured, block, (index, slope), sizes or {})
    seen = seen or _multiple(function, measured, block, (index, slope))
    return Location(index, slope, seen or search.around(index))


def _everywhere(
    gradient: Array, measured: Measured, block: int, known: tuple[Index, float], sizes: Sizes
) -> Text | None:
    """What holds for all entries alike, as the directions and one `known` slope show."""
    if not gradient.any():
        return text("It is all zeros.")
    true, claimed = np.array(measured.slopes), np.array(measured.claims)
    index, slope = known
    got = float(gradient[index])
    if np.all(true != 0) and _constant(claimed / true):
        factor = float(np.mean(claimed / true))
        if abs(got - factor * slope) <= 1e-2 * abs(got):
            return factor_text(factor, sizes)
    offsets = (claimed - true) / [float(np.sum(line[block])) for line in measured.directions]
    if _constant(offsets) and abs(got - slope - offsets[0]) <= 1e-2 * abs(offsets[0]):
        return offset_text(float(f"{offsets.mean():.4g}"), gradient.ndim)
    if gradient.ndim == 2 and gradient.shape[0] == gradient.shape[1]:
        turned = [float(np.sum(gradient.T * line[block])) for line in measured.directions]
        if np.allclose(turned, true, rtol=1e-3):
            return text("It is the transpose of what it should be.")
    return None


def _multiple(
    function: Function, measured: Measured, block: int, known: tuple[Index, float]
) -> Text | None:
    """Whether the gradient is off by a multiple of the point, as without regularization."""
    point, (index, slope) = function.point[block], known
    along = np.array([float(np.sum(point * line[block])) for line in measured.directions])
    off = np.array(measured.claims) - np.array(measured.slopes)
    if not np.all(along != 0) or not _constant(off / along):
        return None
    factor = float(np.mean(off / along))
    here = float(function.gradient[block][index]) - slope
    if np.ptp(point) == 0 or abs(here - factor * point[index]) > 1e-2 * abs(here):
        return None
    return multiple_text(float(f"{factor:.3g}"))


def _constant(values: Array) -> bool:
    return bool(np.ptp(values) <= 1e-3 * abs(values[0]))


class _Search:
    """Slopes along parts of one block."""

    def __init__(self, function: Function, block: int, grid: Grid) -> None:
        self.function = function
        self.block = block
        self.grid = grid
        self.gradient = function.gradient[block]
        self.scale = block_scales(function.point)[block]
        # a large step against rounding and a small one against kinks: either may agree
        self.steps = (1e-5, 1e-7) if grid is GRIDS["float64"] else grid.ladder[1::2]

    def probe(self, parts: Sequence[NDArray[np.intp]]) -> list[tuple[bool, float]]:
        """For each part (flat indices): whether the gradient is wrong on it, and the slope."""
        lines = [self._direction(part) for part in parts]
        function = self.function
        outputs = function.outputs(sample_points(function.point, lines, self.steps))
        rows = slopes(function.base, outputs, function.weights, self.steps, self.grid)
        found = []
        for line, row in zip(lines, rows, strict=True):
            claimed = claim(function.gradient, line)
            rtol = max(1e-4, self.grid.rtol)
            found.append((not agrees(row, claimed, rtol), row[0].central))
        return found

    def _direction(self, part: NDArray[np.intp]) -> Point:
        values = np.zeros(self.gradient.size)
        # different sizes, so that wrong entries of one part do not cancel
        values[part] = self.scale * (1.0 + 0.5 * np.cos(np.arange(1, len(part) + 1)))
        blocks = [np.zeros_like(values_of) for values_of in self.function.point]
        blocks[self.block] = values.reshape(self.gradient.shape)
        return tuple(blocks)

    def _unit_slope(self, flat: int, slope: float) -> float:
        return slope / float(self._direction(np.array([flat]))[self.block].flat[flat])

    def every_coordinate(self, sizes: Sizes) -> Location:
        """All slopes of a small block, so that any pattern can be seen."""
        found = self.probe([np.array([flat]) for flat in range(self.gradient.size)])
        wrong = np.array([bad for bad, _ in found]).reshape(self.gradient.shape)
        true = np.array([self._unit_slope(flat, s) for flat, (_, s) in enumerate(found)])
        true = true.reshape(self.gradient.shape)
        # the small entries of the measured gradient are rounding; right ones count as equal
        true = np.where(wrong, true, self.gradient)
        if not wrong.any():
            return Location(None, None, None)
        first = tuple(int(axis) for axis in np.argwhere(wrong)[0])
        size = float(np.abs(true).max(initial=0.0))

        def near(left: Array, right: Array) -> bool:
            return bool(np.all(np.abs(left - right) <= 1e-3 * np.abs(right) + 1e-4 * size))

        seen = observation(self.gradient, true, near, sizes) or self._multiple(true)
        return Location(first, float(true[first]), seen or pattern(wrong))

    def _multiple(self, true: Array) -> Text | None:
        factor = multiple_of(self.gradient - true, self.function.point[self.block])
        return None if factor is None else multiple_text(float(f"{factor:.3g}"))

    def around(self, index: Index) -> Text | None:
        """The pattern of the wrong entries: the gradient is right everywhere but in it."""
        shape = self.gradient.shape
        guesses: list[tuple[NDArray[np.bool_], Text | None]] = []
        single = np.zeros(shape, dtype=np.bool_)
        single[index] = True
        guesses.append((single, one_wrong(index, shape)))
        for axis, position in enumerate(index):
            if shape[axis] > 1 and len(shape) > 1:
                places = np.indices(shape)[axis] == position
                guesses.append((places, in_slice(axis, position, len(shape))))
        if len(shape) == 2 and shape[0] == shape[1] and index[0] == index[1]:
            diagonal = np.eye(shape[0], dtype=np.bool_)
            guesses.append((diagonal, text("Only the diagonal is wrong.")))
        found = self.probe([np.flatnonzero(~places) for places, _ in guesses])
        return next(
            (seen for (_, seen), (bad, _) in zip(guesses, found, strict=True) if not bad), None
        )

    def narrow(self) -> tuple[Index | None, float | None]:
        """A wrong coordinate, and the function's slope along it."""
        part = np.arange(self.gradient.size)
        slope = 0.0
        while len(part) > 1:
            pieces = np.array_split(part, min(PARTS, len(part)))
            found = self.probe(pieces)
            bad = [at for at, (wrong, _) in enumerate(found) if wrong]
            if not bad:
                return None, None
            part, slope = pieces[bad[0]], found[bad[0]][1]
        flat = int(part[0])
        index = tuple(int(axis) for axis in np.unravel_index(flat, self.gradient.shape))
        return index, self._unit_slope(flat, slope)
