"""How numbers and arrays are shown to a student: short, and the same in every language."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.texts import clean

SMALL = 16
"""An array of at most this many values is shown whole."""

LIMIT = 400
"""No shown value is longer than this many characters."""

Index = tuple[int, ...]

_NUMBER = (bool, int, float, complex)


def number(value: Any, digits: int = 6) -> str:
    """One number with `digits` significant digits; integers and booleans in full.

    >>> number(1 / 3), number(456), number(float("nan"))
    ('0.333333', '456', 'NaN')
    """
    value = value.item() if isinstance(value, np.generic | np.ndarray) else value
    if isinstance(value, bool | int):
        return str(value) if abs(value) < 10**20 else _large(value)
    if isinstance(value, complex):
        return f"{value:.{digits}g}"
    if value != value:
        return "NaN"
    return f"{value or 0.0:.{digits}g}"  # no minus before a zero


def _large(value: int) -> str:
    """A whole number that may be too large for a float, by its first digit and its power of 10."""
    power = int(abs(value).bit_length() * math.log10(2))
    leading = abs(value) // 10 ** (power - 1)  # one digit or two, as the power is an estimate
    power += len(str(leading)) - 2
    return f"{'-' if value < 0 else ''}{str(leading)[0]}e+{power}"


def number_pair(got: Any, expected: Any) -> tuple[str, str]:
    """Both numbers with as many digits as it takes to tell them apart, at least 6.

    >>> number_pair(1.0000001, 1.0)
    ('1.0000001', '1')
    """
    for digits in range(6, 17):
        shown = number(got, digits), number(expected, digits)
        if shown[0] != shown[1]:
            return shown
    return number(got, 17), number(expected, 17)


def index(position: Index) -> str:
    """`[0, 2]`; nothing for the only value of a number."""
    return "[" + ", ".join(str(int(axis)) for axis in position) + "]"


def shape(dimensions: tuple[int, ...]) -> str:
    """`(5, 3)`, as numpy writes it."""
    return str(tuple(int(size) for size in dimensions))


def array(values: NDArray[Any], at: Index | None = None) -> str:
    """A small array whole; of a large one its shape and the value `at` an index.

    >>> array(np.array([[1.0, 2.5], [0.0, -1.0]]))
    '[[1, 2.5], [0, -1]]'
    >>> array(np.zeros((50, 3)), at=(4, 2))
    'value[4, 2] = 0, shape (50, 3)'
    """
    if values.ndim == 0:
        return number(values)
    if values.size <= SMALL:
        return clean(_nested(values.tolist()), limit=LIMIT)
    if at is None:
        return f"shape {shape(values.shape)}"
    return f"value{index(at)} = {number(values[at])}, shape {shape(values.shape)}"


def array_pair(got: NDArray[Any], expected: NDArray[Any], at: Index) -> tuple[str, str]:
    """`array` of both; where they would look the same, with the digits that differ `at` an index.

    Both have the same shape.
    """
    if got.ndim == 0:
        return number_pair(got, expected)
    shown = array(got, at), array(expected, at)
    if shown[0] != shown[1]:
        return shown
    left, right = number_pair(got[at], expected[at])
    return f"value{index(at)} = {left}", f"value{index(at)} = {right}"


def anything(value: Any) -> str:
    """Any plain data in short form."""
    if isinstance(value, np.ndarray | np.generic):
        plain = np.asarray(value)
        if plain.dtype.kind in "biufc":
            return array(plain)
        return f"array of the type {clean(str(plain.dtype), limit=60)}, shape {shape(plain.shape)}"
    if isinstance(value, bool | int | float | complex):
        return number(value)
    if isinstance(value, str | bytes):
        return clean(repr(value[:200]), limit=LIMIT)
    if isinstance(value, list | tuple):
        opening, closing = "[]" if isinstance(value, list) else "()"
        inside = ", ".join(anything(item) for item in value[:SMALL])
        more = ", …" if len(value) > SMALL else ""
        lonely = "," if isinstance(value, tuple) and len(value) == 1 else ""
        return clean(f"{opening}{inside}{more}{lonely}{closing}", limit=LIMIT)
    if isinstance(value, dict):
        pairs = list(value.items())[:SMALL]
        inside = ", ".join(f"{anything(key)}: {anything(item)}" for key, item in pairs)
        return clean("{" + inside + ("}" if len(value) <= SMALL else ", …}"), limit=LIMIT)
    return "None" if value is None else clean(type(value).__name__, limit=LIMIT)


def _nested(values: Any) -> str:
    if isinstance(values, list):
        return "[" + ", ".join(_nested(row) for row in values) + "]"
    return number(values) if isinstance(values, _NUMBER) else anything(values)
