"""How properties read a student's answers and hold them against each other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checks import display
from autograder.checks.answers import numbers, parts
from autograder.checks.compare import What, check_value, joined_names
from autograder.checks.exact import check_finite, check_shape
from autograder.checks.tolerances import allowed, precision, tolerance
from autograder.checks.topic import Wording, topic, worded
from autograder.texts import Text, text

Array = NDArray[Any]

_ROUNDING = {"float64": 1e-5, "float32": 1e-4, "float16": 1e-2}
"""What a sum may be off by, as a share of the sum of its terms' sizes (float64 answers may have
been computed in float32)."""


def own(
    got: object, shape: tuple[int, ...] | None = None, *, what: Wording = "the answer"
) -> Array:
    """A student's answer as finite floats of this shape; raises CheckFailure."""
    if shape is not None:
        check_shape(got, shape, what=what)
    check_finite(got, what=what)
    values = numbers(got, topic(what))
    return values if values.dtype.kind == "f" else values.astype(np.float64)


def own_pair(
    got: object,
    shape: tuple[int, ...],
    *,
    what: tuple[Wording, Wording] = ("the loss", "the gradient"),
) -> tuple[Array, Array]:
    """A loss and its gradient of this shape; raises CheckFailure."""
    first, second = own_parts(got, what)
    return own(first, (), what=what[0]), own(second, shape, what=what[1])


def own_parts(got: object, names: tuple[Wording, ...]) -> list[Any]:
    """As many values as there are names; raises CheckFailure."""
    return parts(got, len(names), topic(joined_names([worded(name) for name in names])))


def own_gradients(got: object, *values: Array) -> list[Array]:
    """A backward pass's gradients, each of the shape of its value; raises CheckFailure."""
    names = tuple(gradient_name(place) for place in range(len(values)))
    answers = [got] if len(values) == 1 and not isinstance(got, tuple) else own_parts(got, names)
    return [
        own(answer, np.shape(value), what=name)
        for answer, value, name in zip(answers, values, names, strict=True)
    ]


def gradient_name(place: int) -> Text:
    """The gradient with respect to one of several inputs, counted from 1."""
    return text("the gradient with respect to input {number}", number=place + 1)


def close(got: Array, expected: Array | float, size: Array | float, *, what: What) -> None:
    """Two sums agree but for rounding, where their terms add up to `size` in absolute value."""
    wanted = np.asarray(expected, dtype=float)
    largest = float(np.max(size)) if np.size(size) else 0.0
    atol = _ROUNDING[precision(np.asarray(got))] * largest + 1e-12
    check_value(np.broadcast_to(got, wanted.shape), wanted, atol=atol, what=what)


def inner(first: Array, second: Array) -> tuple[float, float]:
    """The sum of the products of two arrays, and that of the products' sizes."""
    products = np.asarray(first, float) * np.asarray(second, float)
    return float(products.sum()), float(np.abs(products).sum())


def same_inner(got: tuple[Array, Array], expected: tuple[Array, Array], *, what: Wording) -> None:
    """`<a, b> = <c, d>`, as of a linear map and its transpose."""
    mine, size = inner(*got)
    yours, other_size = inner(*expected)
    rounding = min(got[0].dtype, got[1].dtype, key=lambda kind: kind.itemsize)
    value = np.asarray(mine, dtype=rounding if rounding.kind == "f" else float)
    close(value, yours, max(size, other_size), what=what)


@np.errstate(all="ignore")
def within(
    got: Array,
    low: Array | float | None = None,
    high: Array | float | None = None,
    *,
    what: Wording = "the answer",
) -> None:
    """No value below `low` or above `high`, but for rounding; raises CheckFailure."""
    about = topic(what)
    for bound, sign, relation in ((low, 1.0, ">="), (high, -1.0, "<=")):
        if bound is None:
            continue
        limit = np.broadcast_to(np.asarray(bound, dtype=float), got.shape)
        slack = allowed(limit, tolerance(got, limit))
        wrong = ~(sign * (got - limit) >= -slack)
        if wrong.any():
            first = tuple(int(axis) for axis in np.argwhere(wrong)[0])
            raise about.failure(
                _outside(relation, about.what, single=not got.ndim),
                expected=f"{relation} {display.number(limit[first])}",
                got=display.array(got, first),
                where=display.index(first) if got.ndim else None,
            )


def _outside(relation: str, what: Text, *, single: bool) -> Text:
    if relation == ">=":
        return (
            text("The value of {what} is too small.", what=what)
            if single
            else text("A value in {what} is too small.", what=what)
        )
    return (
        text("The value of {what} is too large.", what=what)
        if single
        else text("A value in {what} is too large.", what=what)
    )


def pattern(shape: tuple[int, ...], dtype: Any = np.float64, *, seed: int = 0) -> Array:
    """Small whole numbers without a pattern, the same each time: an upstream gradient, a shift.

    Not uniform: all ones would cancel in batch normalization and hide a wrong axis elsewhere.
    """
    drawn = np.random.default_rng(seed).integers(1, 4, size=shape)
    signs = np.random.default_rng(seed + 1).choice((-1, 1), size=shape)
    return np.asarray((drawn * signs).astype(dtype))


def turned(count: int) -> NDArray[np.int64]:
    """The numbers below `count` in another order, each in a new place where there are two."""
    order: NDArray[np.int64] = np.arange(count)[::-1]
    return np.roll(order, 1) if count % 2 and count > 1 else order
