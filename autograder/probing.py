"""Answers to a component's probe, and how far apart two versions are on it.

The same probe is put to a student's code and, in the grader's process, to the right version and
to each wrong one. Answers are compared as numbers: shapes count, dtypes do not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograder.assignment import Limits
from autograder.checks.student import Student
from autograder.components import Component, Session, Version, WrongVersion
from autograder.errors import StudentError
from autograder.sandbox.subject import Subject
from autograder.sandbox.trusted import TrustedSubject

_LEAST_SCALE = 1e-11
"""Below it numbers are rounding: 1e-17 is as good as 0."""


@dataclass(frozen=True)
class Failed:
    """In the place of an answer: the code raised, or answered with what is not data."""

    kind: str


Leaf: TypeAlias = NDArray[Any] | str | None
Answer: TypeAlias = tuple[Leaf, ...] | Failed
Answers: TypeAlias = tuple[Answer, ...]

Part: TypeAlias = WrongVersion | Component
"""What a component is built on: a wrong version of another one, or that one where it is right."""


BUSY = 10.0
"""A probe gets so many times its processor seconds by the clock, on a machine that is busy."""


def ask(stage: Session, subject: Subject, *, seed: int, seconds: float) -> Answers:
    """Put one stage of a probe to what `subject` runs.

    An error of the student's code is an answer, and the last one of a session. Raises
    `SubjectLost` for a process that died or ran out of `seconds`.
    """
    student = Student()
    student.attach(subject)
    student.begin_check(seed, seconds)
    return _answers_of(stage, student, seed)


def ask_within(
    stage: Session, subject: Subject, *, seed: int, seconds: float
) -> tuple[Answers, float]:
    """As `ask`, and the seconds used: of the subject's processor time.

    A busy machine makes that no longer, so that what is found does not depend on it.
    """
    student = Student()
    student.attach(subject)
    student.begin_check(seed, BUSY * seconds)
    with student.within(seconds) as allowance:
        return _answers_of(stage, student, seed), allowance.used


def _answers_of(stage: Session, student: Student, seed: int) -> Answers:
    answers: list[Answer] = []
    try:
        for value in stage(student, np.random.default_rng(seed)):
            answers.append(answer_of(value))
    except StudentError as error:
        answers.append(Failed(error.kind))
    except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
        # a session took an answer apart that has another form than the right one's
        answers.append(Failed(type(error).__name__))
    return tuple(answers)


@dataclass(frozen=True)
class Table:
    """The answers of a component's right version and of its wrong ones, stage by stage."""

    component: Component
    seed: int
    limits: Limits = field(default_factory=Limits)
    _built: dict[tuple[Part, ...], tuple[Answers, ...]] = field(default_factory=dict)

    def of(self, version: Version) -> tuple[Answers, ...]:
        """The answers of one version."""
        subject = TrustedSubject(self.component.names(version), limits=self.limits)
        return tuple(
            ask(stage, subject, seed=self.seed, seconds=self.limits.check_seconds)
            for stage in self.component.stages
        )

    @cached_property
    def right(self) -> tuple[Answers, ...]:
        """The answers of the right version."""
        return self.of(self.component.right)

    @cached_property
    def wrong(self) -> tuple[tuple[WrongVersion, tuple[Answers, ...]], ...]:
        """Each wrong version that can show, with its answers."""
        return tuple((each, self.of(each.version)) for each in self.component.known)

    def built_on(self, parts: Mapping[str, Part]) -> tuple[Answers, ...]:
        """The answers of the right version on parts of which some are wrong."""
        if self.component.built is None:
            return ()
        key = tuple(parts.values())
        if key not in self._built:
            versions = {
                name: part.version if isinstance(part, WrongVersion) else part.right
                for name, part in parts.items()
            }
            self._built[key] = self.of(self.component.built(**versions))
        return self._built[key]


def joined(stages: Sequence[Answers]) -> Answers:
    """The answers of several stages as those of one."""
    return tuple(answer for stage in stages for answer in stage)


def distance(first: Answers, second: Answers) -> float:
    """The largest difference of two numbers, relative to the largest number of its array.

    Infinite where anything but the size of a number differs: shapes, which numbers are finite,
    words, the number of answers. Two failures are no distance apart, nor are NaN and infinity:
    which of them an overflow ends in is a matter of style.
    """
    if len(first) != len(second):
        return np.inf
    return max((_apart(a, b) for a, b in zip(first, second, strict=True)), default=0.0)


def same(first: Answers, second: Answers, *, within: float) -> bool:
    """Whether two versions answer the same; failures too must be of one kind."""
    failures = [
        (a.kind, b.kind)
        for a, b in zip(first, second, strict=False)
        if isinstance(a, Failed) and isinstance(b, Failed)
    ]
    return distance(first, second) <= within and all(a == b for a, b in failures)


def shows(answers: Answers, right: Answers, *, least: float) -> list[int]:
    """The places where a mistake shows in data, at least `least` from right.

    Also where the right version refuses what is answered all the same.
    """
    return [
        place
        for place, (a, b) in enumerate(zip(answers, right, strict=False))
        if not isinstance(a, Failed) and _apart(a, b) >= least
    ]


def answer_of(value: Any) -> Answer:
    """What a call returned, as numbers and words; an error, or what is not data, is `Failed`."""
    if isinstance(value, StudentError):
        return Failed(value.kind)
    try:
        return tuple(_leaves(value))
    except (TypeError, ValueError, OverflowError):
        return Failed("NotData")


def _leaves(value: Any) -> Iterator[Leaf]:
    """The numbers and words of an answer, however nested, in a fixed order.

    A list of plain numbers (of lists of them, ...) is an array.
    """
    if value is None or isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key in sorted(value, key=repr):
            yield from _leaves(value[key])
    elif isinstance(value, list | tuple) and not _is_table(value):
        for item in value:
            yield from _leaves(item)
    else:
        array = np.asarray(value)
        if array.dtype.kind not in "biufc":
            raise TypeError(f"not a number: {type(value).__name__}")
        yield array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)


def _is_table(value: Sequence[Any]) -> bool:
    """Whether nested lists hold numbers alone, in rows of one length."""
    if all(isinstance(item, bool | int | float | complex | np.number) for item in value):
        return bool(value)
    return (
        all(isinstance(item, list | tuple) and _is_table(item) for item in value)
        and len({np.shape(item) for item in value}) == 1
    )


def _apart(first: Answer, second: Answer) -> float:
    if isinstance(first, Failed) or isinstance(second, Failed):
        return 0.0 if isinstance(first, Failed) and isinstance(second, Failed) else np.inf
    if len(first) != len(second):
        return np.inf
    return max((_leaves_apart(a, b) for a, b in zip(first, second, strict=True)), default=0.0)


def _leaves_apart(first: Leaf, second: Leaf) -> float:
    if not isinstance(first, np.ndarray) or not isinstance(second, np.ndarray):
        same = type(first) is type(second) and first == second
        return 0.0 if same else np.inf
    if first.shape != second.shape:
        return np.inf
    finite = np.isfinite(first)
    if not np.array_equal(finite, np.isfinite(second)):
        return np.inf
    a, b = first[finite], second[finite]
    if not a.size:
        return 0.0
    scale = max(np.abs(a).max(), np.abs(b).max(), _LEAST_SCALE)
    return float((np.abs(a / scale - b / scale)).max())
