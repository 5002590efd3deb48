"""Slopes of a function that can only be called: central differences, their noise, kinks.

The function maps a point (a tuple of float64 arrays, the blocks) to an output array. What is
differentiated is `sum(weights * output)`. A slope along a direction `d` with the step `h` is

    central = (f(x + h d) - f(x - h d)) / 2h        error O(h^2) + rounding / h
    left    = (f(x) - f(x - h d)) / h
    right   = (f(x + h d) - f(x)) / h

`left` and `right` stay apart at a kink (ReLU, max, hinge), however small the step.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Point = tuple[Array, ...]


@dataclass(frozen=True)
class Grid:
    """How to take differences of outputs that carry a relative rounding error `eps`."""

    eps: float
    first: float
    """The step tried first."""
    ladder: tuple[float, ...]
    """The steps tried where the first does not settle it, large to small."""
    rtol: float
    """The relative error of a slope that is still right."""
    floor: float
    """Noise below this part of the output's size counts as little: the slope may be zero."""
    atol: float
    """Slopes below this count as zero."""


GRIDS = {
    # around eps ** (1/3), where truncation and rounding balance; smaller steps avoid kinks
    "float64": Grid(2.3e-16, 1e-6, (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8), 1e-5, 2e-8, 1e-9),
    "float32": Grid(6e-8, 4e-3, (3e-2, 1e-2, 4e-3, 1e-3, 4e-4), 1e-2, 1e-3, 2e-5),
    "float16": Grid(5e-4, 1e-1, (3e-1, 1e-1, 5e-2), 1e-1, 3e-2, 1e-3),
}


@dataclass(frozen=True)
class Claim:
    """The slope along a direction that a gradient says."""

    slope: float
    size: float
    """The size of the slope if nothing in it cancelled: the 2-norm of its terms."""


@dataclass(frozen=True)
class Slope:
    """The slope along one direction, measured with one step."""

    central: float
    left: float
    right: float
    noise: float
    """How far rounding may have moved `central`; twice as far for the one-sided slopes."""
    little: float
    """Noise that counts as little even where the slope is zero."""
    atol: float
    """A difference that counts as none."""

    def agrees(self, claim: Claim, rtol: float) -> bool:
        """Whether the claimed slope is this one, as far as the measurement can tell.

        A measurement that is mostly rounding agrees with nothing.
        """
        size = abs(self.central) + abs(claim.slope) + claim.size
        near = abs(self.central - claim.slope) <= rtol * size + self.noise + self.atol
        return near and math.isfinite(size) and self.tells(claim, rtol)

    def between(self, claim: Claim, rtol: float) -> bool:
        """Whether the claimed slope lies between the one-sided ones, as a subgradient's does."""
        slack = rtol * (abs(self.left) + abs(self.right) + claim.size) + 2 * self.noise + self.atol
        low, high = sorted((self.left, self.right))
        return low - slack <= claim.slope <= high + slack and self.tells(claim, rtol)

    def tells(self, claim: Claim, rtol: float) -> bool:
        """Whether the measurement is more than rounding."""
        size = abs(self.central) + abs(claim.slope) + claim.size
        return self.noise <= max(10 * rtol * size, self.little)

    @property
    def jump(self) -> float:
        """How far the one-sided slopes are apart."""
        return abs(self.right - self.left)

    @property
    def jump_noise(self) -> float:
        """How far rounding alone may have put them apart."""
        return 2 * self.noise


def block_scales(point: Point) -> list[float]:
    """The size of each block's values: the root of their mean square, within [0.01, 100]."""
    scales = []
    for block in point:
        size = float(np.sqrt(np.mean(np.square(block)))) if block.size else 0.0
        scales.append(min(max(size, 1e-2), 1e2) if size else 1.0)
    return scales


def random_direction(point: Point, block: int, rng: np.random.Generator) -> Point:
    """A direction within one block, every entry between 0.5 and 1.5 times the block's scale.

    No entry is small, so a wrong gradient entry cannot hide; no two are equal in size, so two
    wrong ones cannot cancel.
    """
    scale = block_scales(point)[block]
    return tuple(
        scale * rng.uniform(0.5, 1.5, size=values.shape) * rng.choice((-1.0, 1.0), values.shape)
        if at == block
        else np.zeros_like(values)
        for at, values in enumerate(point)
    )


def moved(point: Point, direction: Point, step: float) -> Point:
    """`point + step * direction`."""
    return tuple(values + step * d for values, d in zip(point, direction, strict=True))


def sample_points(point: Point, directions: Sequence[Point], steps: Sequence[float]) -> list[Point]:
    """The points to evaluate: for each direction and each step, `+step` and then `-step`."""
    return [
        moved(point, direction, sign * step)
        for direction in directions
        for step in steps
        for sign in (1.0, -1.0)
    ]


def slopes(
    base: Array, outputs: Sequence[Array], weights: Array, steps: Sequence[float], grid: Grid
) -> list[list[Slope]]:
    """The slopes for each direction and each step, from the outputs at `sample_points`.

    The rounding error is taken from the outputs' size, or from what the smallest step shows of
    it where that is more: with a step so small, `up + down - 2 base` is all rounding.
    """
    base, *outputs = [np.asarray(output, dtype=np.float64) for output in (base, *outputs)]
    pairs = list(zip(outputs[::2], outputs[1::2], strict=True))
    size = float(np.sum(np.abs(weights * base)))
    rises = [float(np.sum(weights * (up - base))) for up, _ in pairs]
    falls = [float(np.sum(weights * (base - down))) for _, down in pairs]
    rounding = 4 * grid.eps * size
    if len(steps) > 1:
        last = slice(len(steps) - 1, None, len(steps))
        bends = [abs(up - down) for up, down in zip(rises[last], falls[last], strict=True)]
        rounding = max(rounding, float(np.median(bends)))
    little = max(grid.floor * size, grid.atol)
    measured = [
        Slope((up + down) / (2 * h), down / h, up / h, rounding / h, little, grid.atol)
        for up, down, h in zip(rises, falls, itertools.cycle(steps), strict=False)
    ]
    return [measured[at : at + len(steps)] for at in range(0, len(measured), len(steps))]


def claim(gradient: Point, direction: Point) -> Claim:
    """What `gradient` says about the slope along `direction`."""
    terms = [np.asarray(g * d, dtype=np.float64) for g, d in zip(gradient, direction, strict=True)]
    total = sum(float(np.sum(term)) for term in terms)
    largest = max(float(np.max(np.abs(term), initial=0.0)) for term in terms)
    if not 0 < largest < math.inf:
        return Claim(total, largest)
    # scaled, so that the squares of large terms do not overflow
    squares = sum(float(np.sum(np.square(term / largest))) for term in terms)
    return Claim(total, largest * math.sqrt(squares))


def is_kinked(row: Sequence[Slope]) -> bool:
    """Whether the function has a kink at the point itself, from slopes of falling steps.

    Where it is smooth, the one-sided slopes close up with the step; at a kink they stay apart.
    """
    clear = [slope for slope in row if slope.jump > 10 * slope.jump_noise]
    if len(clear) < 2:
        return False
    before, last = clear[-2].jump, clear[-1].jump
    size = max(abs(clear[-1].left), abs(clear[-1].right))
    return last > 1e-4 * size and 0.5 < last / before < 2.0


def is_rough(row: Sequence[Slope]) -> bool:
    """Whether the steps of the float64 ladder give no steady slope.

    The function works in a lower precision inside, or is full of kinks.
    """
    central = [slope.central for slope in row[1:4]]
    return max(central) - min(central) > 1e-3 * max(abs(value) for value in central)
