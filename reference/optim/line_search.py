"""A step length that fulfils the strong Wolfe conditions (Nocedal and Wright 2006, section 3.5).

Quasi-Newton methods need it: the curvature condition makes the learned matrix positive definite.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from reference.arrays import FloatArray

Objective: TypeAlias = Callable[[FloatArray], tuple[float, FloatArray]]
"""Maps `x` of shape (D,) to its loss and its gradient of shape (D,)."""


@dataclass(frozen=True)
class LinePoint:
    """A point `x + step * direction` with its loss, gradient and slope along the direction."""

    step: float
    x: FloatArray
    loss: float
    gradient: FloatArray
    slope: float


def strong_wolfe(
    objective: Objective,
    start: LinePoint,
    direction: FloatArray,
    *,
    first_step: float = 1.0,
    sufficient_decrease: float = 1e-4,
    curvature: float = 0.9,
    max_evaluations: int = 40,
) -> tuple[LinePoint | None, int]:
    """Return a point that fulfils both conditions, or `None`, and the evaluations it cost.

    `loss(a) <= loss(0) + sufficient_decrease a slope(0)` and
    `|slope(a)| <= curvature |slope(0)|`. `start` is the point of step 0; its slope must be
    negative, else `ValueError`. A loss that is not finite counts as too high.
    """
    if not start.slope < 0:
        raise ValueError(
            f"direction must lead downhill (slope < 0), got slope {start.slope}: "
            "start again from the steepest descent direction"
        )

    def at(step: float) -> LinePoint:
        x = start.x + step * direction
        loss, gradient = objective(x)
        return LinePoint(step, x, float(loss), gradient, float(gradient @ direction))

    def too_high(point: LinePoint, low: LinePoint) -> bool:
        line = start.loss + sufficient_decrease * point.step * start.slope
        return not (point.loss <= line) or (low.step > 0 and point.loss >= low.loss)

    low, high = start, None
    step = first_step
    for evaluation in range(1, max_evaluations + 1):
        point = at(step)
        if too_high(point, low) or not math.isfinite(point.loss):
            high = point
        elif abs(point.slope) <= -curvature * start.slope:
            return point, evaluation
        else:
            # Where the slope points back to the old low end, that end is the far wall now.
            if point.slope * ((high.step if high else math.inf) - low.step) >= 0:
                high = low
            low = point
        step = 2 * step if high is None else _between(low, high)
    return None, max_evaluations


def _between(low: LinePoint, high: LinePoint) -> float:
    """Return the minimum of the cubic through both ends, kept a tenth away from each end."""
    width = high.step - low.step
    middle = low.step + 0.5 * width
    if not math.isfinite(high.loss):
        return middle
    d1 = low.slope + high.slope - 3 * (low.loss - high.loss) / (low.step - high.step)
    discriminant = d1 * d1 - low.slope * high.slope
    if not discriminant >= 0:
        return middle
    d2 = math.copysign(math.sqrt(discriminant), width)
    denominator = high.slope - low.slope + 2 * d2
    if denominator == 0:
        return middle
    minimum = high.step - width * (high.slope + d2 - d1) / denominator
    edge = 0.1 * abs(width)
    ends = sorted((low.step, high.step))
    return float(np.clip(minimum, ends[0] + edge, ends[1] - edge))
