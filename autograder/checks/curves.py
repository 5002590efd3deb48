"""Training curves as records: few points, plain numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from autograder.records import Curve, CurveKind

MOST_POINTS = 200
_DIGITS = 6
"""Significant digits: the last bits of a sum differ from one machine to another."""


def make_curve(
    kind: CurveKind, values: NDArray[np.float64], steps: Sequence[int] | None = None
) -> Curve:
    """A curve of `values`, (N,), after `steps` steps each (0, 1, 2, … by default).

    Longer ones are thinned to 200 points: the first, the last, and the lowest and highest of each
    stretch between, so that no spike is lost.
    """
    places = thinned(values)
    at = range(len(values)) if steps is None else steps
    return Curve(
        kind,
        tuple(int(at[place]) for place in places),
        tuple(_plain(float(values[place])) for place in places),
    )


def thinned(values: NDArray[np.float64], most: int = MOST_POINTS) -> list[int]:
    """The places of at most `most` of the values; NaN and infinity are the highest of all."""
    if len(values) <= most:
        return list(range(len(values)))
    height = np.where(np.isfinite(values), values, np.inf)
    places = {0, len(values) - 1}
    for stretch in np.array_split(np.arange(1, len(values) - 1), (most - 2) // 2):
        places |= {
            int(stretch[np.argmin(height[stretch])]),
            int(stretch[np.argmax(height[stretch])]),
        }
    return sorted(places)


def _plain(value: float) -> float | None:
    return float(f"{value:.{_DIGITS}g}") if np.isfinite(value) else None
