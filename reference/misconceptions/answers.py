"""Answers to a probe, and when two of them agree."""

import copy
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from reference.misconceptions.catalogue import Call, Component

RTOL = 1e-6


@dataclass(frozen=True)
class Raised:
    """The answer of a version that raised, by the name of the exception."""

    exception: str


Answer: TypeAlias = tuple[NDArray[Any], ...] | Raised


def answers(
    component: Component, version: Callable[..., Any], calls: Sequence[Call]
) -> tuple[Answer, ...]:
    """Return what a version answers to each call: all its numbers as arrays, or what it raised.

    Every call gets copies of its arguments, so a version that writes into them spoils nothing.
    """
    return tuple(_answer(component, version, made) for made in copy.deepcopy(list(calls)))


def agree(first: Sequence[Answer], second: Sequence[Answer], *, rtol: float = RTOL) -> bool:
    """Return whether two versions gave the same answers.

    Equal shapes, and no number further apart than `rtol` times the largest of its array. NaN and
    infinity agree with themselves; an exception with one of the same name.
    """
    return len(first) == len(second) and all(
        _same(a, b, rtol) for a, b in zip(first, second, strict=True)
    )


def _answer(component: Component, version: Callable[..., Any], made: Call) -> Answer:
    # A wrong version may divide by zero or overflow; what comes out of it is its answer.
    with np.errstate(all="ignore"):
        try:
            return tuple(_arrays(component.observe(version, made)))
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            return Raised(type(error).__name__)


def _arrays(value: Any) -> Iterator[NDArray[Any]]:
    """Yield the numbers of a result, however nested, in a fixed order."""
    if value is None:
        return
    if isinstance(value, Mapping):
        for key in sorted(value, key=repr):
            yield from _arrays(value[key])
    elif is_dataclass(value):
        for each in fields(value):
            yield from _arrays(getattr(value, each.name))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _arrays(item)
    else:
        array = np.array(value)
        if array.dtype.kind not in "fiub":
            raise TypeError(f"an answer holds real numbers, got {type(value).__name__}")
        yield array


def _same(first: Answer, second: Answer, rtol: float) -> bool:
    if isinstance(first, Raised) or isinstance(second, Raised):
        return first == second
    return len(first) == len(second) and all(
        _close(a, b, rtol) for a, b in zip(first, second, strict=True)
    )


def _close(first: NDArray[Any], second: NDArray[Any], rtol: float) -> bool:
    if first.shape != second.shape:
        return False
    a, b = first.astype(np.float64).ravel(), second.astype(np.float64).ravel()
    finite = np.isfinite(a) & np.isfinite(b)
    if not np.array_equal(a[~finite], b[~finite], equal_nan=True):
        return False
    a, b = a[finite], b[finite]
    largest = max(np.abs(a).max(initial=0.0), np.abs(b).max(initial=0.0))
    apart = float(np.abs(a - b).max(initial=0.0))
    return math.isclose(apart, 0.0, abs_tol=rtol * float(largest))
