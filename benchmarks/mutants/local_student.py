"""A stand-in for the fixture `student`: the same calls, made in this process.

For right code with one mistake in it, which needs no wall; a submission goes behind the wall.
"""

from __future__ import annotations

import copy
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from autograder.checks.calls import Call, CallRecord
from autograder.errors import FailureDetails, StudentError
from autograder.texts import plain

CHANGEABLE = np.ndarray | list | dict


class TookTooLong(BaseException):
    """A call of the code under test did not come back in time."""


class LocalStudent:
    """The definitions of a namespace, called with copies of the arguments."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self.namespace = namespace
        self.last_call: CallRecord | None = None

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *arguments, **keywords: self.call(name, *arguments, **keywords)

    def call(self, name: str, *arguments: Any, seconds: float | None = None, **kw: Any) -> Any:
        """The answer of the function `name`."""
        return self.run(name, self._named(name), arguments, kw)

    def calls(self, calls: Sequence[Call], *, seconds: float | None = None) -> list[Any]:
        """The answers to several calls."""
        return [self.call(call.name, *call.arguments, **call.keywords) for call in calls]

    def new(self, name: str, *arguments: Any, **keywords: Any) -> LocalObject:
        """An object of the class `name`."""
        return LocalObject(self, self.run(name, self._named(name), arguments, keywords))

    def define(self, expression: str) -> Any:
        """A trusted expression."""
        return eval(expression, {"np": np})

    def has(self, name: str) -> bool:
        """Whether the namespace has `name`."""
        return name in self.namespace

    def _named(self, name: str) -> Any:
        if name not in self.namespace:
            raise StudentError(FailureDetails(plain(f"no {name}")), kind="MissingName")
        return self.namespace[name]

    def run(self, name: str, function: Any, arguments: Any, keywords: Any) -> Any:
        """One call; what the code raises comes as `StudentError`."""
        given = [a.held if isinstance(a, LocalObject) else copy.deepcopy(a) for a in arguments]
        before = [a.copy() if isinstance(a, np.ndarray) else None for a in given]
        try:
            answer = function(*given, **copy.deepcopy(keywords))
        except Exception as error:
            raise raised(error) from None
        changed = tuple(
            f"argument_{at + 1}"
            for at, old in enumerate(before)
            if old is not None and old.tobytes() != given[at].tobytes()
        )
        self.last_call = CallRecord(name, arguments, keywords, (), changed)
        return copy.deepcopy(answer) if isinstance(answer, CHANGEABLE) else answer


def raised(error: Exception) -> StudentError:
    """What the code under test raised, as a check sees it."""
    kind = type(error).__name__
    return StudentError(FailureDetails(plain(f"{kind}: {error}")), kind=kind)


class LocalObject:
    """An object of the code under test."""

    def __init__(self, student: LocalStudent, held: Any) -> None:
        self.student = student
        self.held = held

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *arguments, **keywords: self.call(name, *arguments, **keywords)

    def call(self, name: str, *arguments: Any, seconds: float | None = None, **kw: Any) -> Any:
        """Call the method `name`."""
        return self.student.run(name, getattr(self.held, name), arguments, kw)

    def get(self, name: str) -> Any:
        """The attribute `name`."""
        return copy.deepcopy(getattr(self.held, name))

    def set(self, name: str, value: Any) -> None:
        """Set the attribute `name`."""
        setattr(self.held, name, copy.deepcopy(value))


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TookTooLong` where the block takes more CPU time; only in the main thread.

    The clock of the wall would count what else the machine does.
    """

    def ring(*_: object) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, before)
