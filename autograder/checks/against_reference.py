"""A student's function or class against a reference, on any number of calls."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Protocol

import numpy as np

from autograder.checks import display
from autograder.checks.answers import parts
from autograder.checks.calls import Call, CallRecord
from autograder.checks.compare import check_value
from autograder.checks.exact import check_equal, check_unchanged
from autograder.checks.observations import Sizes
from autograder.checks.topic import Topic, Wording, topic
from autograder.errors import CheckFailure, StudentError
from autograder.texts import text

Make = Callable[..., Any]
Observe = Callable[[Make, Call], object]
"""Makes a call, of the student's or of the reference, and picks out what is compared."""


REFUSALS = ("ValueError", "AssertionError")
"""Exceptions that say that arguments are refused, beside the reference's own."""


class Answers(Protocol):
    """The part of the `student` fixture that is used here."""

    @property
    def last_call(self) -> CallRecord | None:
        """What was called last."""

    def call(self, name: str, /, *arguments: Any, **keywords: Any) -> Any:
        """The answer of a function."""

    def new(self, name: str, /, *arguments: Any, **keywords: Any) -> Any:
        """An object of a class."""


def check_against_reference(
    student: Answers,
    calls: Sequence[Call],
    reference: Make,
    *,
    observe: Observe | None = None,
    unchanged: bool = False,
    rtol: float | None = None,
    atol: float | None = None,
    what: Wording = "the answer",
    hint: Wording | None = None,
    sizes: Sizes | None = None,
) -> None:
    """Each call has the answer that `reference` gives to the same arguments.

    All that comes back is compared: numbers and arrays within the table's tolerance, `None`, text
    and the structure exactly. Named tuples and dataclasses of the reference count as tuples. Where
    the reference raises an exception, the student's function has to raise the same, or a
    `ValueError`, or fail an `assert`. `observe(make,
    call)` says what is compared where it is not the answer itself, such as the attributes of an
    object; `make` is the student's function (for a class, `student.new` of it) or the reference.
    With `unchanged`, no call may change its arguments in place.

    Raises CheckFailure. The call that failed is the student's last one.
    """
    about = topic(what, hint)
    for call in calls:
        expected, refusal = _expected(reference, call, observe)
        try:
            got = _own(student, call, reference, observe)
        except StudentError as error:
            if refusal is None or error.kind not in (type(refusal).__name__, *REFUSALS):
                raise
            continue
        if refusal is not None:
            raise _not_refused(refusal, got, about)
        _compare(got, expected, about, (rtol, atol, sizes))
        if unchanged and student.last_call is not None:
            check_unchanged(student, hint=hint)


@np.errstate(all="ignore")
def _expected(
    reference: Make, call: Call, observe: Observe | None
) -> tuple[object, Exception | None]:
    given = copy.deepcopy(call)
    try:
        if observe is not None:
            return as_plain(observe(reference, given)), None
        return as_plain(reference(*given.arguments, **given.keywords)), None
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        return None, error


def _own(student: Answers, call: Call, reference: Make, observe: Observe | None) -> object:
    if observe is None:
        return student.call(call.name, *call.arguments, **call.keywords)
    ask = student.new if inspect.isclass(reference) else student.call

    def make(*arguments: Any, **keywords: Any) -> Any:
        return ask(call.name, *arguments, **keywords)

    return observe(make, copy.deepcopy(call))


def as_plain(value: object) -> object:
    """`value` with dataclasses and lists of anything but numbers as tuples."""
    if is_dataclass(value) and not isinstance(value, type):
        return tuple(as_plain(getattr(value, each.name)) for each in fields(value))
    if isinstance(value, Mapping):
        return {key: as_plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        items = tuple(as_plain(each) for each in value)
        numbers = all(isinstance(each, int | float | np.number) for each in items)
        return list(items) if numbers and isinstance(value, list) else items
    return value


def _compare(
    got: object,
    expected: object,
    about: Topic,
    rule: tuple[float | None, float | None, Sizes | None],
) -> None:
    if isinstance(expected, tuple):
        answers = parts(got, len(expected), about)
        for number, (answer, wanted) in enumerate(zip(answers, expected, strict=True), start=1):
            part = text("value {number} of {what}", number=number, what=about.what)
            _compare(answer, wanted, about.member(part), rule)
    elif expected is None or isinstance(expected, str):
        check_equal(got, expected, what=about.what, hint=about.hint)
    else:
        rtol, atol, sizes = rule
        check_value(
            got, expected, rtol=rtol, atol=atol, what=about.what, hint=about.hint, sizes=sizes
        )


def _not_refused(refusal: Exception, got: object, about: Topic) -> CheckFailure:
    return about.failure(
        text(
            "These arguments make no sense and should be refused with a `{error}`; an answer "
            "came back.",
            error=type(refusal).__name__,
        ),
        expected=f"raise {type(refusal).__name__}(…)",
        got=display.anything(got),
    )
