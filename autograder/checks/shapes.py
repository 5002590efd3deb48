"""What is wrong with a shape, in the words of the mistake behind it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checks import display
from autograder.checks.tolerances import allowed, tolerance
from autograder.checks.topic import Topic, joined
from autograder.errors import CheckFailure
from autograder.texts import Text, text

Array = NDArray[Any]
Shape = tuple[int, ...]


def wrong_shape(got: Array, expected: Array, topic: Topic) -> CheckFailure:
    """The failure for an answer whose shape differs from that of `expected`."""
    message = joined(
        text(
            "The shape of {what} is {got}; it should be {expected}.",
            what=topic.what,
            got=f"`{display.shape(got.shape)}`",
            expected=f"`{display.shape(expected.shape)}`",
        ),
        shape_cause(got.shape, expected.shape),
        _values_beside(got, expected),
    )
    return topic.failure(
        message,
        expected=f"shape {display.shape(expected.shape)}",
        got=f"shape {display.shape(got.shape)}",
    )


def shape_cause(got: Shape, expected: Shape) -> Text | None:
    """The mistake that turns `expected` into `got`, where one is likely."""
    size_got, size_expected = int(np.prod(got)), int(np.prod(expected))
    if expected == ():
        return _not_one_number(got)
    if got == ():
        return text(
            "One number came back for the whole array: is an `axis` missing in a sum or a mean?"
        )
    if size_got == size_expected and _squeezed(got) == _squeezed(expected):
        return _extra_axis(got, expected)
    if len(got) > 1 and got == expected[::-1]:
        return text("It is transposed: rows and columns have changed places.")
    if size_got == size_expected:
        return text("It has as many values as asked for, in another arrangement.")
    if len(got) == len(expected):
        return _one_axis(got, expected)
    if len(got) == len(expected) + 1 and got[: len(expected)] == expected:
        return text("There is one axis too many: is a sum over the last axis missing?")
    if len(got) == len(expected) + 1 and got[1:] == expected:
        return text("There is one axis too many: is a sum over the samples missing?")
    if len(got) + 1 == len(expected):
        return text("There is one axis too few: was one summed over that should stay?")
    return None


def _squeezed(dimensions: Shape) -> Shape:
    return tuple(size for size in dimensions if size != 1)


def _not_one_number(got: Shape) -> Text:
    if int(np.prod(got)) == 1:
        return text(
            "It is an array that holds one number. Return the number itself: without "
            "`keepdims=True`, or with `.item()`."
        )
    return text("One number is asked for: is a sum or a mean missing?")


def _extra_axis(got: Shape, expected: Shape) -> Text:
    if len(expected) == 1 and got == (*expected, 1) and expected[0] > 1:
        n = expected[0]
        return text(
            "It is a column. numpy stretches `{column}` and `{flat}` to `{square}` when it "
            "combines them, so the two are not the same: use `.reshape(-1)`, or leave "
            "`keepdims=True` out.",
            column=display.shape((n, 1)),
            flat=display.shape((n,)),
            square=display.shape((n, n)),
        )
    if len(got) > len(expected):
        return text("There is an axis of length 1 too many: a `.reshape` takes it away.")
    if len(got) < len(expected):
        return text("An axis of length 1 is missing: `keepdims=True` or a `.reshape` keeps it.")
    return text("An axis of length 1 stands in the wrong place.")


def _one_axis(got: Shape, expected: Shape) -> Text | None:
    different = [
        axis for axis, pair in enumerate(zip(got, expected, strict=True)) if len(set(pair)) > 1
    ]
    if len(different) != 1:
        return None
    axis = different[0]
    values = {"axis": axis, "got": got[axis], "expected": expected[axis]}
    # a bias is a row or column of a matrix, and 1 or 2 may be any sizes
    if len(got) == 1 or min(got[axis], expected[axis]) < 2:
        return text("Axis {axis} has the length {got}; it should be {expected}.", **values)
    if got[axis] == expected[axis] + 1:
        return text(
            "Axis {axis} has the length {got}, one more than {expected}. "
            "Is a bias or a column of ones left in?",
            **values,
        )
    if got[axis] == expected[axis] - 1:
        return text(
            "Axis {axis} has the length {got}, one less than {expected}. "
            "Is the bias or the last one left out?",
            **values,
        )
    return text("Axis {axis} has the length {got}; it should be {expected}.", **values)


def _values_beside(got: Array, expected: Array) -> Text | None:
    """Whether the numbers would be right if the shape were."""
    if got.size == expected.size:
        if _same(got.reshape(expected.shape), expected):
            return text("The numbers themselves are right.")
        if got.ndim > 1 and got.shape == expected.shape[::-1] and _same(got.T, expected):
            return text("The numbers themselves are right.")
        return None
    if expected.ndim == 0 and got.size > 1:
        if _same(np.asarray(got.sum()), expected):
            return text("The sum of your values is the expected number.")
        if _same(np.asarray(got.mean()), expected):
            return text("The mean of your values is the expected number.")
    return None


def _same(got: Array, expected: Array) -> bool:
    error = np.abs(got.astype(np.complex128) - expected)
    return bool(np.all(error <= allowed(expected, tolerance(got, expected))))
