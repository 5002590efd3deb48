"""How the strategies draw: sizes, an edge case, whole numbers or not, and a seed.

Every draw of an example is of another kind: another strategy, or other elements. Hypothesis
varies an example by copying one draw to others of its kind; with one of each it draws afresh
every time, which spreads few examples over all edge cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from autograder.checks.display import shape

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

SHOWN = 40
"""Arrays of more values than this are shown by their shape."""


class Drawn:
    """A drawn example; its repr shows the sizes, the edge case and the small arrays."""

    def __repr__(self) -> str:
        shown = [
            f"{field.name}={_shown(getattr(self, field.name))}"
            for field in fields(self)  # type: ignore[arg-type]
        ]
        return f"{type(self).__name__}({', '.join(shown)})"


def _shown(value: Any) -> str:
    if not isinstance(value, np.ndarray):
        return repr(value)
    return str(value.tolist()) if value.size <= SHOWN else f"array of shape {shape(value.shape)}"


class Values:
    """Arrays from a drawn seed: whole numbers where a failing example has shrunk to them."""

    def __init__(self, draw: st.DrawFn, *, ties: bool = True) -> None:
        self.whole = ties and not draw(st.booleans())
        self.rng = generator(draw)

    def array(self, *dimensions: int) -> FloatArray:
        """Entries within [-4, 4]."""
        if self.whole:
            return self.rng.integers(-4, 5, size=dimensions).astype(np.float64)
        return self.rng.uniform(-4.0, 4.0, size=dimensions)

    def labels(self, samples: int, classes: int) -> IntArray:
        """Labels from 0 to classes - 1."""
        return self.rng.integers(0, classes, size=samples)


def generator(draw: st.DrawFn) -> np.random.Generator:
    """A generator with a drawn seed."""
    seed = draw(st.binary(min_size=4, max_size=4))
    return np.random.Generator(np.random.PCG64(int.from_bytes(seed, "big")))


def edge_case(draw: st.DrawFn, edges: Sequence[str] | None, known: Sequence[str]) -> str:
    """One of `edges`, of all `known` ones by default; raises ValueError for an unknown one."""
    chosen = known if edges is None else edges
    unknown = [edge for edge in chosen if edge not in known]
    if unknown or not chosen:
        raise ValueError(
            f"edges must be among {', '.join(map(repr, known))}, "
            f"not {', '.join(map(repr, unknown)) or 'empty'}"
        )
    return draw(st.sampled_from(list(chosen)))


def sizes(draw: st.DrawFn, *ranges: tuple[int, int]) -> tuple[int, ...]:
    """One number from each range (both ends included), each shrinking by itself."""
    return tuple(draw(_numbers(place, *ends))[1] for place, ends in enumerate(ranges))


@lru_cache(maxsize=256)
def _numbers(place: int, low: int, high: int) -> st.SearchStrategy[tuple[int, int]]:
    """Numbers marked with their place, so that Hypothesis takes each place for its own kind."""
    if low > high:
        raise ValueError(f"sizes must go from {low} to a number no smaller, not to {high}")
    return st.sampled_from([(place, number) for number in range(low, high + 1)])
