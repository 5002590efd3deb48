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


# Made once: to make a strategy costs more than to draw from it.
_WHETHER = st.booleans()
_SEEDS = st.binary(min_size=4, max_size=4)


class Values:
    """Arrays from a drawn seed: short numbers where a failing example has shrunk to them.

    Short are whole numbers, or where there should be no ties, numbers with one decimal: then the
    strategy looks for ties that have come about, and takes `spread` numbers instead.
    """

    def __init__(self, draw: st.DrawFn, *, ties: bool = True) -> None:
        self.ties = ties
        self.short = not draw(_WHETHER)
        self.rng = generator(draw)

    def array(self, *dimensions: int) -> FloatArray:
        """Entries within [-4, 4]."""
        if self.short and self.ties:
            return self.rng.integers(-4, 5, size=dimensions).astype(np.float64)
        numbers = self.spread(*dimensions)
        return numbers.round(1) if self.short else numbers

    def spread(self, *dimensions: int) -> FloatArray:
        """Entries within [-4, 4], which are equal by a rounding accident only."""
        return self.rng.uniform(-4.0, 4.0, size=dimensions)

    def distinct(self, *dimensions: int) -> FloatArray:
        """Different entries within [-4, 4], whole numbers where they are short and few."""
        if not self.short:
            return self.spread(*dimensions)
        count = int(np.prod(dimensions))
        ranks = self.rng.permutation(count) - count // 2
        return np.asarray(ranks.reshape(dimensions) * min(1.0, 8.0 / count))

    def labels(self, samples: int, classes: int) -> IntArray:
        """Labels from 0 to classes - 1."""
        return self.rng.integers(0, classes, size=samples)


def generator(draw: st.DrawFn) -> np.random.Generator:
    """A generator with a drawn seed."""
    seed = draw(_SEEDS)
    return np.random.Generator(np.random.PCG64(int.from_bytes(seed, "big")))


def edge_case(draw: st.DrawFn, edges: Sequence[str] | None, known: Sequence[str]) -> str:
    """One of `edges`, of all `known` ones by default; raises ValueError for an unknown one."""
    chosen = tuple(known if edges is None else edges)
    unknown = [edge for edge in chosen if edge not in known]
    if unknown or not chosen:
        raise ValueError(
            f"edges must be among {', '.join(map(repr, known))}, "
            f"not {', '.join(map(repr, unknown)) or 'empty'}"
        )
    return draw(_one_of(chosen))


@lru_cache(maxsize=256)
def _one_of(edges: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.sampled_from(edges)


def sizes(draw: st.DrawFn, *ranges: tuple[int, int]) -> tuple[int, ...]:
    """One number from each range (both ends included), each shrinking by itself."""
    return tuple(draw(_numbers(place, *ends))[1] for place, ends in enumerate(ranges))


@lru_cache(maxsize=256)
def _numbers(place: int, low: int, high: int) -> st.SearchStrategy[tuple[int, int]]:
    """Numbers marked with their place, so that Hypothesis takes each place for its own kind."""
    if low > high:
        raise ValueError(f"sizes must go from {low} to a number no smaller, not to {high}")
    return st.sampled_from([(place, number) for number in range(low, high + 1)])
