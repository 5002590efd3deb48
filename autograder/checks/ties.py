"""A gradient at a tie: whatever the convention, equal inputs together have one gradient.

Where several inputs are equal and largest, max has a kink, and each of them may get the gradient,
or a share of it. Moved together by the same step, they stay equal, and along that direction the
function is smooth; so its slope is what the gradients of any convention add up to.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autograder.checks.consistency import Function, Verdict, agrees
from autograder.checks.slopes import (
    Array,
    Point,
    block_scales,
    claim,
    is_kinked,
    is_rough,
    sample_points,
    slopes,
)

_RTOL = 1e-3
"""How far a slope must be off to count: a gradient handed out twice is off by far more."""


@dataclass(frozen=True)
class Tied:
    """A block whose gradient is wrong at ties, with both slopes along its ties."""

    block: int
    claimed: float
    slope: float


def tied_block(function: Function, verdict: Verdict, rng: np.random.Generator) -> Tied | None:
    """The first block with equal values along which the gradient is not the function's slope.

    None too where the function has a kink along that direction as well, such as ReLU at 0.
    """
    if verdict.precision != "float64":
        return None
    for block, measured in enumerate(verdict.blocks):
        values = function.point[block]
        if measured.agrees or np.unique(values).size == values.size:
            continue
        line = _together(function.point, block, rng)
        steps = verdict.grid.ladder
        outputs = function.outputs(sample_points(function.point, [line], steps))
        (row,) = slopes(function.base, outputs, function.weights, steps, verdict.grid)
        claimed = claim(function.gradient, line)
        if not (is_kinked(row) or is_rough(row) or agrees(row, claimed, _RTOL)):
            return Tied(block, claimed.slope, row[-3].central)
    return None


def _together(point: Point, block: int, rng: np.random.Generator) -> tuple[Array, ...]:
    """A direction in one block that is the same wherever the values are."""
    values = point[block]
    distinct, places = np.unique(values, return_inverse=True)
    steps = rng.uniform(0.5, 1.5, distinct.size) * rng.choice((-1.0, 1.0), distinct.size)
    directions = [np.zeros_like(each) for each in point]
    directions[block] = block_scales(point)[block] * steps[places].reshape(values.shape)
    return tuple(directions)
