"""Whether a gradient is the slope of the student's own function, by a few calls of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checks.slopes import (
    GRIDS,
    Claim,
    Grid,
    Point,
    Slope,
    claim,
    is_kinked,
    is_rough,
    random_direction,
    sample_points,
    slopes,
)
from autograder.checks.tolerances import precision
from autograder.errors import CheckFailure

Array = NDArray[Any]
Outputs = Callable[[list[Point]], list[Array]]
"""The student's function at many points, in one message."""

DIRECTIONS = 2
"""Random directions for each block: one finds a wrong gradient, the second makes sure."""

_GRADIENT_RTOL = {"float64": 1e-5, "float32": 1e-3, "float16": 5e-2}


@dataclass(frozen=True)
class Function:
    """The student's function around one point, and the gradient that the student gives for it."""

    outputs: Outputs
    point: Point
    base: Array
    """The output at the point."""
    weights: Array
    """What is differentiated is `sum(weights * output)`; ones for a loss."""
    gradient: Point


@dataclass(frozen=True)
class Measured:
    """One block's gradient held against the slopes of the function."""

    agrees: bool
    clear: bool
    """The slopes are more than rounding; else a gradient agrees for want of proof."""
    kinked: bool
    """There is a kink at the point itself, where a gradient is a matter of convention."""
    between: bool
    """At a kink: the claimed slopes lie between the one-sided ones."""
    directions: tuple[Point, ...]
    slopes: tuple[float, ...]
    """One for each direction, from the step that can be trusted most."""
    claims: tuple[float, ...]


@dataclass(frozen=True)
class Verdict:
    """What the calls of the function showed."""

    blocks: tuple[Measured, ...]
    flat: bool
    """No step changed the output at all."""
    precision: str

    @property
    def grid(self) -> Grid:
        """The steps that suit the output's precision."""
        return GRIDS[self.precision]

    @property
    def agrees(self) -> bool:
        """Whether the gradient of every block fits."""
        return all(block.agrees for block in self.blocks)

    @property
    def clear(self) -> bool:
        """Whether every slope could be measured."""
        return all(block.clear for block in self.blocks)

    @property
    def kinked(self) -> bool:
        """Whether the point sits on a kink that touches a gradient that does not fit."""
        return any(block.kinked and not block.agrees for block in self.blocks)


def directions_for(point: Point, rng: np.random.Generator) -> list[tuple[Point, ...]]:
    """The random directions of each block."""
    return [
        tuple(random_direction(point, block, rng) for _ in range(DIRECTIONS))
        for block in range(len(point))
    ]


def first_points(point: Point, directions: Sequence[Sequence[Point]]) -> list[Point]:
    """The points that settle the matter for most right gradients: 4 for each block."""
    return sample_points(point, list(chain(*directions)), (GRIDS["float64"].first,))


def consistency(
    function: Function,
    directions: Sequence[Sequence[Point]],
    first_outputs: Sequence[Array] | None = None,
) -> Verdict:
    """Hold the gradient against the function's own slopes.

    `first_outputs` are those at `first_points`. Where they do not settle it, steps of other sizes
    follow in one more message: smaller ones to get past kinks, larger ones against rounding.
    """
    lines = list(chain(*directions))
    if first_outputs is None:
        first_outputs = function.outputs(first_points(function.point, directions))
    name = precision(np.stack([function.base, *first_outputs]))
    rtol = max(_GRADIENT_RTOL[precision(g)] for g in function.gradient)
    claims = [claim(function.gradient, line) for line in lines]
    grid = GRIDS[name]
    if name == "float64":
        rows = slopes(function.base, first_outputs, function.weights, (grid.first,), grid)
        if _all_agree(rows, claims, rtol):
            flat = _unchanged(first_outputs, function) and is_flat(function, lines)
            return _verdict(directions, rows, claims, rtol, flat, name)
    rows = _ladder(function, lines, grid)
    rtol = max(rtol, grid.rtol)
    if name == "float64" and any(is_rough(row) for row in rows):
        if not _all_agree(rows, claims, rtol):
            name = "float32"
            rows = _ladder(function, lines, GRIDS[name])
            rtol = max(rtol, GRIDS[name].rtol)
    flat = all(slope.left == slope.right == 0 for row in rows for slope in row)
    flat = flat and is_flat(function, lines)
    return _verdict(directions, rows, claims, rtol, flat, name)


def is_flat(function: Function, lines: Sequence[Point]) -> bool:
    """Whether not even very large steps change the output.

    A hinge loss is flat where every margin is kept; far away it is not.
    """
    try:
        outputs = function.outputs(sample_points(function.point, lines, (0.3, 100.0)))
    except CheckFailure:  # an overflow far away: it does change
        return False
    return _unchanged(outputs, function)


def _unchanged(outputs: Sequence[Array], function: Function) -> bool:
    return all(np.array_equal(output, function.base) for output in outputs)


def _ladder(function: Function, lines: Sequence[Point], grid: Grid) -> list[list[Slope]]:
    outputs = function.outputs(sample_points(function.point, lines, grid.ladder))
    return slopes(function.base, outputs, function.weights, grid.ladder, grid)


def agrees(row: Sequence[Slope], claimed: Claim, rtol: float) -> bool:
    """Any step will do: a kink or rounding spoils some, and none makes a wrong slope right.

    In low precision no step is small enough to get past a near kink, so between the one-sided
    slopes will do. Where every step is mostly rounding, the claim need not be refuted by any:
    the probabilities of a saturated softmax leave slopes that nobody can measure.
    """
    if not all(math.isfinite(v) for s in row for v in (s.noise, claimed.slope, claimed.size)):
        return False
    if not _is_clear(row, claimed, rtol):
        return all(abs(slope.central - claimed.slope) <= 2 * slope.noise for slope in row)
    low = rtol >= GRIDS["float32"].rtol and row[-1].between(claimed, rtol)
    return low or any(slope.agrees(claimed, rtol) for slope in row)


def _is_clear(row: Sequence[Slope], claimed: Claim, rtol: float) -> bool:
    return any(slope.tells(claimed, rtol) for slope in row)


def _all_agree(rows: Sequence[Sequence[Slope]], claims: Sequence[Claim], rtol: float) -> bool:
    return all(agrees(row, claimed, rtol) for row, claimed in zip(rows, claims, strict=True))


def _verdict(
    directions: Sequence[Sequence[Point]],
    rows: list[list[Slope]],
    claims: list[Claim],
    rtol: float,
    flat: bool,
    name: str,
) -> Verdict:
    blocks = []
    remaining = iter(zip(rows, claims, strict=True))
    for lines in directions:
        pairs = [next(remaining) for _ in lines]
        blocks.append(
            Measured(
                agrees=all(agrees(row, claimed, rtol) for row, claimed in pairs),
                clear=all(
                    any(slope.tells(claimed, rtol) for slope in row) for row, claimed in pairs
                ),
                kinked=any(is_kinked(row) for row, _ in pairs),
                between=all(_steadiest(row).between(claimed, rtol) for row, claimed in pairs),
                directions=tuple(lines),
                slopes=tuple(_steadiest(row).central for row, _ in pairs),
                claims=tuple(claimed.slope for _, claimed in pairs),
            )
        )
    return Verdict(tuple(blocks), flat, name)


def _steadiest(row: Sequence[Slope]) -> Slope:
    """The slope that the next smaller step changes least."""
    if len(row) == 1:
        return row[0]
    changes = [abs(a.central - b.central) + b.noise for a, b in pairwise(row)]
    return row[int(np.argmin(changes)) + 1]
