"""Partial credit: a check made of parts, each worth something on its own.

::

    with parts(student) as part:
        with part(1, "the loss"):
            check_value(loss, expected_loss)
        with part(3, "the gradient"):
            check_value(gradient, expected_gradient)

Every part runs, whatever became of the others. A time limit or a dead process ends the check.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Protocol

from autograder.checks.topic import Wording, joined, worded
from autograder.errors import CheckFailure, FailureDetails, StudentError, StudentFailure
from autograder.texts import Text, clean, text


class _HasLastCall(Protocol):
    @property
    def last_call(self) -> Any: ...


@dataclass(frozen=True)
class _Part:
    weight: float
    name: Text
    failure: StudentFailure | None

    @property
    def earned(self) -> float:
        if self.failure is None:
            return self.weight
        return self.weight * self.failure.fraction


class Parts:
    """Collects the parts of one check; call it for the context of each part."""

    def __init__(self, student: _HasLastCall | None = None) -> None:
        self._student = student
        self._parts: list[_Part] = []

    @contextmanager
    def __call__(self, weight: float, name: Wording) -> Iterator[None]:
        """A part worth `weight` of the sum of all weights; `name` says what it looks at.

        Raises ValueError for a weight that is not above 0.
        """
        if not weight > 0:
            raise ValueError(f"a part must weigh more than 0, not {weight}")
        failure: StudentFailure | None = None
        try:
            yield
        except StudentFailure as error:
            failure = error
        except AssertionError as error:
            failure = CheckFailure(_bare(error))
        if failure is not None:
            self._note_call(failure)
        self._parts.append(_Part(weight, worded(name), failure))

    def _note_call(self, failure: StudentFailure) -> None:
        """Say what was called, before the next part calls something else."""
        record = None if self._student is None else self._student.last_call
        if record is not None:
            failure.with_context(call=record.call, example=record.example, printed=record.printed)

    def finish(self) -> None:
        """Raise what the parts add up to: nothing if all passed."""
        if not self._parts:
            raise ValueError("a check in parts must have at least one part")
        failed = [(part, part.failure) for part in self._parts if part.failure is not None]
        if not failed:
            return
        whole = sum(part.weight for part in self._parts)
        fraction = sum(part.earned for part in self._parts) / whole
        if fraction == 0 and all(isinstance(failure, StudentError) for _, failure in failed):
            raise failed[0][1]
        passed = [part.name for part in self._parts if part.failure is None]
        raise CheckFailure(_summary(passed, failed), fraction=min(fraction, 1.0))


@contextmanager
def parts(student: _HasLastCall | None = None) -> Iterator[Parts]:
    """The parts of a check. With `student`, each failed part remembers its own call.

    Raises CheckFailure with the earned fraction where a part failed; where all failed and every
    one because the student's code raised, the first `StudentError`.
    """
    collected = Parts(student)
    yield collected
    collected.finish()


def _bare(error: AssertionError) -> FailureDetails:
    shown = clean(str(error), limit=1500)
    return FailureDetails(text("The answer is not what the check expects."), got=shown or None)


def _summary(passed: list[Text], failed: list[tuple[_Part, StudentFailure]]) -> FailureDetails:
    """The first failure's details under a message that tells of all parts."""
    messages = [text("Right: {names}.", names=_listed(passed))] if passed else []
    for part, failure in failed:
        messages += [text("Wrong: {names}.", names=part.name), failure.details.message]
    return replace(failed[0][1].details, message=joined(*messages))


def _listed(names: list[Text]) -> Text:
    whole = names[0]
    for name in names[1:]:
        whole = text("{first}, {second}", first=whole, second=name)
    return whole
