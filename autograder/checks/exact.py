"""Comparisons without a tolerance: labels, plain data, shapes, finiteness, untouched arguments."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograder.checks import display
from autograder.checks.answers import numbers
from autograder.checks.observations import pattern
from autograder.checks.shapes import shape_cause, wrong_shape
from autograder.checks.topic import Topic, Wording, joined, listed, topic
from autograder.texts import Text, text

Array = NDArray[Any]

_NUMBER = (bool, int, float, complex)


@np.errstate(all="ignore")
def check_labels(
    got: object,
    expected: ArrayLike,
    *,
    allowed: Sequence[Collection[int]] | None = None,
    what: Wording = "the predicted labels",
    hint: Wording | None = None,
    call: str | None = None,
) -> None:
    """Whole-number labels, shape (N,), that equal `expected`.

    Floats that are whole numbers count as labels. `allowed` gives, for each sample, all labels
    that are right there (ties without a rule). Raises CheckFailure.
    """
    about = topic(what, hint, call)
    wanted: Array = np.asarray(expected)
    if wanted.dtype.kind not in "biu":
        raise ValueError(f"expected must be whole numbers, not of type {wanted.dtype}")
    answer = numbers(got, about)
    check_label_shape(answer, wanted, about)
    _check_whole(answer, wanted, about)
    wrong = np.asarray(answer != wanted)
    if allowed is not None:
        if len(allowed) != wanted.size:
            raise ValueError(f"allowed must have {wanted.size} entries, not {len(allowed)}")
        for at, labels in enumerate(allowed):
            wrong.flat[at] = int(answer.flat[at]) not in labels
    if wrong.any():
        _fail_labels(answer, wanted, wrong, about)


def check_label_shape(answer: Array, wanted: Array, about: Topic) -> None:
    """One label for each sample; a row of scores for each is called that. Raises CheckFailure."""
    if answer.shape == wanted.shape:
        return
    if answer.ndim == 2 and answer.shape[:1] == wanted.shape and answer.shape[1] > 1:
        raise about.failure(
            text(
                "A row of {count} numbers came back for each sample where one label is asked for: "
                "is an `argmax` along axis 1 missing?",
                count=answer.shape[1],
            ),
            expected=f"shape {display.shape(wanted.shape)}",
            got=f"shape {display.shape(answer.shape)}",
        )
    raise wrong_shape(answer, wanted, about)


def _check_whole(answer: Array, wanted: Array, about: Topic) -> None:
    whole = answer.dtype.kind in "biu" or (
        answer.dtype.kind == "f"
        and np.all(np.isfinite(answer))
        and np.all(answer == answer.round())
    )
    if not whole:
        raise about.failure(
            text(
                "Labels are whole numbers, and {what} hold others. "
                "Are these scores or probabilities instead of the class with the largest?",
                what=about.what,
            ),
            expected=display.array(wanted, (0,) * wanted.ndim),
            got=display.array(answer, (0,) * answer.ndim),
        )


def _fail_labels(answer: Array, wanted: Array, wrong: NDArray[np.bool_], about: Topic) -> None:
    first = tuple(int(axis) for axis in np.argwhere(wrong)[0])
    shown = display.array_pair(answer, wanted, first)
    raise about.failure(
        joined(
            text(
                "Wrong values in {what}: {count} of {total}.",
                count=int(np.count_nonzero(wrong)),
                total=wrong.size,
                what=about.what,
            ),
            _label_pattern(answer, wanted),
        ),
        expected=shown[1],
        got=shown[0],
        where=display.index(first) if answer.ndim else None,
    )


def _label_pattern(answer: Array, wanted: Array) -> Text | None:
    if answer.size < 2 or len(np.unique(wanted)) < 2:
        return None
    if len(np.unique(answer)) == 1:
        return text("All your labels are {label}.", label=display.number(answer.flat[0]))
    difference = np.unique(answer.astype(np.int64) - wanted.astype(np.int64))
    if len(difference) == 1:
        return text("Every label is off by {offset}.", offset=int(difference[0]))
    if answer.size > 2 and np.array_equal(answer, np.arange(answer.size)):
        return text("They are 0, 1, 2, …: positions of samples, not their labels?")
    return None


@np.errstate(all="ignore")
def check_equal(
    got: object,
    expected: object,
    *,
    what: Wording = "the answer",
    hint: Wording | None = None,
    call: str | None = None,
) -> None:
    """The answer equals `expected` exactly: numbers, text, lists, tuples, dicts, None, arrays.

    Number types do not matter (3, 3.0, np.int64(3)), nor does list against tuple.
    Raises CheckFailure.
    """
    about = topic(what, hint, call)
    place = _difference(got, expected)
    if place is not None:
        raise about.failure(
            about.wrong(),
            expected=display.anything(expected),
            got=display.anything(got),
            where=place or None,
        )


def _difference(got: object, expected: object, place: str = "") -> str | None:
    """Where the two differ first (`[2]['loss']`), None where they are equal."""
    got, expected = _python(got), _python(expected)
    if isinstance(expected, dict):
        if not isinstance(got, dict) or len(got) != len(expected):
            return place
        pairs = [(f"{place}[{display.anything(key)}]", key) for key in expected]
        absent = [deeper for deeper, key in pairs if key not in got]
        return (
            absent[0]
            if absent
            else _first(_difference(got[key], expected[key], deeper) for deeper, key in pairs)
        )
    if isinstance(expected, list):
        if not isinstance(got, list) or len(got) != len(expected):
            return place
        return _first(
            _difference(mine, yours, f"{place}[{at}]")
            for at, (mine, yours) in enumerate(zip(got, expected, strict=True))
        )
    return None if _equal(got, expected) else place


def _python(value: object) -> object:
    """Arrays and tuples as lists, numpy scalars as Python's."""
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    return list(value) if isinstance(value, tuple) else value


def _first(places: Iterable[str | None]) -> str | None:
    return next((place for place in places if place is not None), None)


def _equal(got: object, expected: object) -> bool:
    if isinstance(expected, _NUMBER) and isinstance(got, _NUMBER):
        return got == expected or (got != got and expected != expected)
    return type(got) is type(expected) and got == expected


@np.errstate(all="ignore")
def check_shape(
    got: object,
    shape: tuple[int, ...],
    *,
    what: Wording = "the answer",
    hint: Wording | None = None,
    call: str | None = None,
) -> None:
    """The answer is numbers of exactly this shape, `()` for one number. Raises CheckFailure."""
    about = topic(what, hint, call)
    answer = numbers(got, about)
    if answer.shape != shape:
        raise about.failure(
            joined(
                text(
                    "The shape of {what} is {got}; it should be {expected}.",
                    what=about.what,
                    got=f"`{display.shape(answer.shape)}`",
                    expected=f"`{display.shape(shape)}`",
                ),
                shape_cause(answer.shape, shape),
            ),
            expected=f"shape {display.shape(shape)}",
            got=f"shape {display.shape(answer.shape)}",
        )


@np.errstate(all="ignore")
def check_finite(
    got: object,
    *,
    what: Wording = "the answer",
    hint: Wording | None = None,
    call: str | None = None,
) -> None:
    """No NaN and no infinity among the answer's numbers. Raises CheckFailure."""
    about = topic(what, hint, call)
    answer = numbers(got, about)
    bad = ~np.isfinite(answer)
    if bad.any():
        first = tuple(int(axis) for axis in np.argwhere(bad)[0])
        raise about.failure(
            joined(
                text(
                    "NaN or an infinity stands in {what}, in {count} of {total} values.",
                    what=about.what,
                    count=int(np.count_nonzero(bad)),
                    total=bad.size,
                ),
                pattern(bad),
            ),
            got=display.array(answer, first),
            where=display.index(first) if answer.ndim else None,
        )


class _Record(Protocol):
    @property
    def changed(self) -> tuple[str, ...]: ...


class _Called(Protocol):
    @property
    def last_call(self) -> _Record | None: ...


def check_unchanged(student: _Called, *, hint: Wording | None = None) -> None:
    """The last call left its arguments as they were. Raises CheckFailure that names the changed."""
    record = student.last_call
    if record is None:
        raise ValueError("check_unchanged looks at the last call, and there was none: call first")
    if record.changed:
        raise topic("", hint).failure(
            text(
                "Your function changes {names} in place: whoever called it finds other values "
                "there afterwards. Work on a copy (`x.copy()`).",
                names=listed(record.changed),
            )
        )
