"""What came back from the student's function, turned into arrays strictly.

Only plain data is looked at: nothing here calls a method or an operator of an object that is
neither a Python number, text or container nor a numpy array.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checks import display
from autograder.checks.topic import Topic
from autograder.errors import CheckFailure
from autograder.texts import clean, text

Array = NDArray[Any]

_NUMBERS = (bool, int, float, complex, np.generic)
_NUMERIC_KINDS = frozenset("biufc")


def numbers(got: object, topic: Topic, *, complex_allowed: bool = False) -> Array:
    """`got` as an array of numbers or booleans; raises `CheckFailure` that says what it is.

    Python numbers, numpy scalars, arrays, and nested lists or tuples of them are numbers.
    Complex numbers count only where they are allowed or have no imaginary part.
    """
    if not isinstance(got, (*_NUMBERS, np.ndarray, list, tuple)):
        raise _not_numbers(got, topic)
    values = np.asarray(got) if isinstance(got, np.ndarray | np.generic) else _packed(got, topic)
    if values.dtype.kind == "O":
        values = _large_integers(got, values, topic)
    if values.dtype.kind not in _NUMERIC_KINDS:
        raise _not_numbers(got, topic)
    if values.dtype.kind == "c" and not complex_allowed:
        values = _without_imaginary_part(values, topic)
    return values.astype(np.float64) if values.dtype == np.longdouble else values


def _packed(got: object, topic: Topic) -> Array:
    """Python numbers and lists as an array."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return np.asarray(got)
    except (ValueError, TypeError, OverflowError, Warning):
        raise _uneven(got, topic) from None


def parts(got: object, count: int, topic: Topic) -> list[Any]:
    """The `count` values that a function returns together, as a tuple or a list.

    What follows them may be `None`: the gradient of a bias that the layer was called without.
    """
    if isinstance(got, np.ndarray) and got.ndim == 1 and got.dtype.kind in _NUMERIC_KINDS:
        got = list(got)
    if not isinstance(got, tuple | list):
        if got is None:
            raise _not_numbers(got, topic)
        raise topic.failure(
            text("One value came back where {count} are asked for.", count=count),
            expected=f"({', '.join('…' * count)})",
            got=display.anything(got),
        )
    if len(got) != count and any(value is not None for value in got[count:] or [...]):
        raise topic.failure(
            text(
                "{returned} values came back where {count} are asked for.",
                returned=len(got),
                count=count,
            ),
            got=display.anything(got),
        )
    return list(got[:count])


def entries(got: object, keys: list[Any], topic: Topic) -> dict[Any, Any]:
    """The values of a dict that must have `keys`, in whatever order; others are left alone."""
    if not isinstance(got, dict):
        raise topic.failure(
            text(
                "{kind} came back where a dict of {what} should be.",
                what=topic.what,
                kind=kind(got),
            ),
            got=display.anything(got),
        )
    missing = [key for key in keys if key not in got]
    if missing:
        raise topic.failure(
            text(
                "The key {key} is missing from the dict.", key=f"`{display.anything(missing[0])}`"
            ),
            expected=display.anything(keys),
            got=display.anything(list(got)),
        )
    return {key: got[key] for key in keys}


def kind(got: object) -> str:
    """What `got` is, in Python's words between backticks: `None`, `str`, `list`."""
    return "`None`" if got is None else f"`{clean(type(got).__name__, limit=60)}`"


def _not_numbers(got: object, topic: Topic) -> CheckFailure:
    what = topic.what
    if got is None and topic.among:
        message = text(
            "`None` came back where {what} should be. Is it computed before the `return`?",
            what=what,
        )
    elif got is None:
        message = text(
            "`None` came back where {what} should be: your function returns nothing. "
            "Is a `return` missing?",
            what=what,
        )
    elif isinstance(got, str | bytes):
        message = text(
            "Text came back where {what} should be. "
            "Return the number itself, not its printed form.",
            what=what,
        )
    elif isinstance(got, dict):
        message = text("A dict came back where {what} should be.", what=what)
    elif isinstance(got, np.ndarray | list | tuple):
        message = text("Something else than numbers stands among the values of {what}.", what=what)
    else:
        message = text(
            "An object of the class {kind} came back where {what} should be.",
            what=what,
            kind=kind(got),
        )
    return topic.failure(message, got=display.anything(got))


def _uneven(got: object, topic: Topic) -> CheckFailure:
    if isinstance(got, tuple) and all(isinstance(item, (*_NUMBERS, np.ndarray)) for item in got):
        message = text(
            "{count} values came back together where only {what} is asked for.",
            count=len(got),
            what=topic.what,
        )
    else:
        message = text(
            "A list whose rows have different lengths came back for {what}: it makes no array.",
            what=topic.what,
        )
    return topic.failure(message, got=display.anything(got))


def _without_imaginary_part(values: Array, topic: Topic) -> Array:
    if values.imag.any():
        raise topic.failure(
            text(
                "Complex numbers came back for {what}. "
                "Is a root or a logarithm of a negative number taken?",
                what=topic.what,
            ),
            got=display.array(values, (0,) * values.ndim),
        )
    return values.real


def _large_integers(got: object, values: Array, topic: Topic) -> Array:
    flat = values.ravel()
    if any(item is None for item in flat):
        raise topic.failure(
            text("There is a `None` among the values of {what}.", what=topic.what),
            got=display.anything(got),
        )
    if all(isinstance(item, int | float) for item in flat):
        finite = [float(item) if abs(item) < 1 << 1000 else float("inf") for item in flat]
        return np.array(finite, dtype=np.float64).reshape(values.shape)
    raise _not_numbers(got, topic)
