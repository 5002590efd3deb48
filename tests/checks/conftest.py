"""`LocalStudent`: the `student` fixture's calls, made in this process on plain functions."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from autograder.assignment import Limits
from autograder.checks.calls import Call, CallRecord
from autograder.checks.student import Student
from autograder.errors import CheckFailure, FailureDetails
from autograder.records import Isolation, Source, Submission
from autograder.sandbox.launch import launcher
from autograder.sandbox.limits import SubjectLimits
from autograder.sandbox.subject import Subject


class LocalStudent:
    """Functions (and classes) under their names, called with copies of the arguments."""

    def __init__(self, **functions: Callable[..., Any]) -> None:
        self.functions = functions
        self.last_call: CallRecord | None = None
        self.messages = 0
        self.count = 0

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *arguments, **keywords: self.call(name, *arguments, **keywords)

    def call(self, name: str, *arguments: Any, seconds: float | None = None, **kw: Any) -> Any:
        return self.calls([Call(name, arguments, kw)], seconds=seconds)[0]

    def calls(self, calls: Sequence[Call], *, seconds: float | None = None) -> list[Any]:
        self.messages += 1
        return [
            self._run(call.name, self.functions[call.name], call.arguments, call.keywords)
            for call in calls
        ]

    def new(self, name: str, *arguments: Any, **keywords: Any) -> LocalObject:
        return LocalObject(self, self._run(name, self.functions[name], arguments, keywords))

    def has(self, name: str) -> bool:
        return name in self.functions

    def _run(self, name: str, function: Any, arguments: Any, keywords: Any) -> Any:
        self.count += 1
        arguments = [a.held if isinstance(a, LocalObject) else copy.deepcopy(a) for a in arguments]
        before = copy.deepcopy(arguments)
        names = function.__code__.co_varnames if hasattr(function, "__code__") else ()
        answer = function(*arguments, **keywords)
        changed = tuple(
            names[at] if at < len(names) else f"argument {at + 1}"
            for at, (old, new) in enumerate(zip(before, arguments, strict=True))
            if isinstance(old, np.ndarray) and old.tobytes() != new.tobytes()
        )
        self.last_call = CallRecord(name, before, keywords, names, changed)
        return copy.deepcopy(answer) if isinstance(answer, np.ndarray | list | dict) else answer


@dataclass
class LocalObject:
    """An object that stays with the student."""

    student: LocalStudent
    held: Any

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *arguments, **keywords: self.call(name, *arguments, **keywords)

    def call(self, name: str, *arguments: Any, seconds: float | None = None, **kw: Any) -> Any:
        return self.student._run(name, getattr(self.held, name), arguments, kw)

    def get(self, name: str) -> Any:
        return copy.deepcopy(getattr(self.held, name))

    def set(self, name: str, value: Any) -> None:
        setattr(self.held, name, value)


@pytest.fixture
def local_student() -> type[LocalStudent]:
    return LocalStudent


@pytest.fixture
def failure() -> Callable[..., FailureDetails]:
    """Run a check that must fail, and return what its student reads."""

    def run(check: Callable[..., None], *arguments: Any, **keywords: Any) -> FailureDetails:
        with pytest.raises(CheckFailure) as caught:
            check(*arguments, **keywords)
        return caught.value.details

    return run


@pytest.fixture(scope="session")
def plain_launcher():
    """Starts real subjects, processes of their own without a wall."""
    with launcher(Isolation.NONE, limits=SubjectLimits()) as made:
        yield made


@pytest.fixture
def submitted(plain_launcher):
    """A `Student` that speaks with a real subject, which runs the given code."""
    subjects = []

    def submit(code: str, files: dict[str, bytes] | None = None) -> Student:
        sources = (Source("network.py", code),)
        submission = Submission("student-01", "0" * 64, "network.py", sources, files or {})
        subject = Subject(plain_launcher, submission, Limits(memory_mb=1024))
        subject.start()
        subjects.append(subject)
        student = Student()
        student.attach(subject)
        student.begin_check(7, 100.0)
        return student

    yield submit
    for subject in subjects:
        subject.end()
