"""What a wrong answer looks like beside the right one: twice as large, negated, one row off.

An observation is a fact about the numbers, never a guess about the code; where a mistake is
known to leave that mark, it is put as a question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import e, log2, log10
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checks import display
from autograder.texts import Text, text

Array = NDArray[Any]
Near = Callable[[Array, Array], bool]
"""Whether two arrays of one shape agree within the tolerance of the comparison."""

Sizes = Mapping[str, int]
"""The sizes in the call that a factor may come from: `{"N": 5, "C": 3}`."""


SMALL = 10
"""Whole numbers up to this are often twice one another, or of the other sign, by chance."""


def observation(got: Array, expected: Array, near: Near, sizes: Sizes | None = None) -> Text | None:
    """The first thing that stands out about `got`, finite and of the shape of `expected`.

    About a single number, only where nothing else holds too: 4 for 2 is twice as large, 2 too
    large, and the square. About a small whole number, only that it is one off.
    """
    got, expected = got.astype(np.float64), expected.astype(np.float64)
    if not got.any():
        return text("It is all zeros.") if got.ndim else text("It is 0.")
    looks = (_ratio, _offset, _transposed, _order, _power, _cut, _signs)
    seen = ((look, look(got, expected, near, sizes or {})) for look in looks)
    found = ((look, sight) for look, sight in seen if sight is not None)
    look, first = next(found, (None, None))
    if np.ptp(expected) == 0 and np.ptp(got) == 0:
        if next(found, None) is not None:
            return None
        if look is not _offset and _few_to_choose_from(got, expected):
            return None
    return first


def pattern(wrong: NDArray[np.bool_]) -> Text | None:
    """Where the wrong entries of an array lie; `wrong` is True where the answer is wrong.

    None where they lie everywhere or without order.
    """
    if wrong.size < 3 or wrong.all() or not wrong.any():
        return None
    places = np.argwhere(wrong)
    if len(places) == 1:
        return one_wrong(tuple(int(axis) for axis in places[0]), wrong.shape)
    for axis in range(wrong.ndim):
        if wrong.shape[axis] > 1 and np.ptp(places[:, axis]) == 0:
            return in_slice(axis, int(places[0, axis]), wrong.ndim)
    if wrong.ndim == 2 and wrong.shape[0] == wrong.shape[1]:
        diagonal = np.eye(len(wrong), dtype=np.bool_)
        if np.array_equal(wrong, diagonal):
            return text("Only the diagonal is wrong.")
        if np.array_equal(wrong, ~diagonal):
            return text("Only the diagonal is right.")
    return None


def one_wrong(position: display.Index, shape: tuple[int, ...]) -> Text:
    """A single wrong entry."""
    if len(shape) == 1 and position[0] == 0:
        return text("Only the first value is wrong.")
    if len(shape) == 1 and position[0] == shape[0] - 1:
        return text("Only the last value is wrong.")
    return text("Only one value is wrong.")


def in_slice(axis: int, position: int, dimensions: int) -> Text | None:
    """Wrong entries in one row or column, or with one index on one axis."""
    if dimensions == 1:
        return None
    if dimensions == 2 and axis == 0:
        return text("All wrong values lie in row {index}.", index=position)
    if dimensions == 2:
        return text("All wrong values lie in column {index}.", index=position)
    return text(
        "All wrong values have the index {index} on axis {axis}.", index=position, axis=axis
    )


def factor_text(factor: float, sizes: Sizes) -> Text:
    """A factor between got and expected in words."""
    return next(_named_factors(factor, sizes), None) or text(
        "Every value is {ratio} times the expected one.", ratio=display.number(factor, 4)
    )


def multiple_of(difference: Array, values: Array) -> float | None:
    """The factor where `difference` is one number times `values`, three of them or more."""
    square = float(np.vdot(values, values))
    if values.size < 3 or np.ptp(values) == 0 or not difference.any():
        return None
    factor = float(np.vdot(difference, values)) / square
    rest = float(np.linalg.norm(difference - factor * values))
    return factor if rest <= 1e-3 * float(np.linalg.norm(difference)) else None


def multiple_text(factor: float) -> Text:
    """A gradient that is off by a multiple of what it is the gradient of."""
    return text(
        "It is off by {factor} times the variable itself: is the gradient of the regularization "
        "missing, or has it another factor?",
        factor=display.number(factor, 4),
    )


def offset_text(offset: float, dimensions: int) -> Text:
    """The same difference everywhere."""
    size = display.number(abs(offset))
    if dimensions == 0 and offset > 0:
        return text("It is {size} too large.", size=size)
    if dimensions == 0:
        return text("It is {size} too small.", size=size)
    if offset > 0:
        return text("Every value is {size} too large.", size=size)
    return text("Every value is {size} too small.", size=size)


def _named_factors(factor: float, sizes: Sizes) -> Iterator[Text]:
    def is_near(value: float) -> bool:
        return abs(factor - value) <= 1e-3 * abs(value)

    if is_near(-1):
        yield text("The sign is the wrong way round.")
    for name, size in sizes.items():
        if size > 1 and is_near(size):
            yield text(
                "It is {size} times too large, and {name} is {size} here: "
                "is a division by {name} missing?",
                size=size,
                name=f"`{name}`",
            )
        if size > 1 and is_near(1 / size):
            yield text(
                "It is {size} times too small, and {name} is {size} here: "
                "is there a division by {name} too many?",
                size=size,
                name=f"`{name}`",
            )
    if is_near(2):
        yield text("It is twice as large as it should be: is there a factor 2 too many?")
    if is_near(0.5):
        yield text("It is half as large as it should be: is a factor 2 missing?")
    if is_near(-2) or is_near(-0.5):
        yield text("The sign is the wrong way round, and a factor 2 is off.")
    if is_near(log10(e)):
        yield text("It is what a logarithm of base 10 gives: the natural one is meant.")
    if is_near(log2(e)):
        yield text("It is what a logarithm of base 2 gives: the natural one is meant.")


def _ratio(got: Array, expected: Array, near: Near, sizes: Sizes) -> Text | None:
    large = np.abs(expected) > 1e-3 * np.abs(expected).max(initial=0.0)
    if not large.any():
        return None
    ratio = float(np.median(got[large] / expected[large]))
    if ratio == 0 or abs(ratio - 1) < 1e-3 or not near(got / ratio, expected):
        return None
    if np.count_nonzero(large) < 2:  # any two numbers have a ratio
        return next(_named_factors(ratio, sizes), None)
    return factor_text(ratio, sizes)


def _few_to_choose_from(got: Array, expected: Array) -> bool:
    """Whether a factor may be chance: small whole numbers, such as shrunk examples have."""
    both = np.concatenate([np.ravel(got), np.ravel(expected)])
    return bool(np.all(both == np.rint(both)) and np.all(np.abs(expected) <= SMALL))


def _offset(got: Array, expected: Array, near: Near, sizes: Sizes) -> Text | None:
    offset = float(np.median(got - expected))
    if not near(got - offset, expected) or abs(offset) < 1e-12:
        return None
    if got.size < 3 and abs(abs(offset) - 1) > 1e-6:
        return None
    return offset_text(offset, got.ndim)


def _transposed(got: Array, expected: Array, near: Near, sizes: Sizes) -> Text | None:
    if got.ndim == 2 and got.shape[0] == got.shape[1] and near(got.T, expected):
        return text("It is the transpose of what it should be.")
    return None


def _order(got: Array, expected: Array, near: Near, sizes: Sizes) -> Text | None:
    if got.ndim == 0 or got.size < 2:
        return None
    for axis in range(got.ndim):
        if near(np.flip(got, axis), expected):
            return text("The expected values, in the opposite order along axis {axis}.", axis=axis)
    if near(np.flip(got), expected):
        return text("The expected values, flipped along every axis.")
    if near(got.T.reshape(got.shape), expected) or near(got.reshape(got.shape[::-1]).T, expected):
        return text("The expected values, with rows and columns mixed up by a `reshape`.")
    if near(np.sort(got, axis=None), np.sort(expected, axis=None)):
        return text("The expected values, in another order.")
    return None


def _power(got: Array, expected: Array, near: Near, sizes: Sizes) -> Text | None:
    size = np.abs(expected[expected != 0])
    if not size.size or np.all(np.abs(np.log(size)) < 0.1):  # near 1, every power is the same
        return None
    if near(got, np.square(expected)):
        return text("It is the square of what it should be: is a root missing?")
    if np.all(got >= 0) and near(np.square(got), expected):
        return text("It is the square root of what it should be.")
    return None


def _cut(got: Array, expected: Array, near: Near, sizes: Sizes) -> Text | None:
    if np.count_nonzero(expected != np.trunc(expected)) < 2:  # a single one may be chance
        return None
    if np.array_equal(got, np.trunc(expected)) or np.array_equal(got, np.floor(expected)):
        return text("The decimals are cut off: is an integer array or `//` in the way?")
    return None


def _signs(got: Array, expected: Array, near: Near, sizes: Sizes) -> Text | None:
    if got.size > 1 and near(np.abs(got), np.abs(expected)):
        return text("The sizes are right, and some signs are the wrong way round.")
    return None
