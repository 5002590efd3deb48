"""The seconds that a training may use, measured by the grader, never by the student's code."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from autograder.errors import FailureDetails, SubjectTimeout
from autograder.records import Isolation
from autograder.sandbox.subject import Subject
from autograder.texts import text

_BUSY = 3.0
"""Behind the wall a call gets so many times its limit by the clock while others keep the machine
busy; without one, the grader has to give it."""


class Allowance:
    """What is left of a budget of seconds.

    On the CPU the subject's processor time counts, of all its threads, which a busy machine does
    not make longer; on a GPU, and where nobody can say, the clock.
    """

    def __init__(self, seconds: float, device: str) -> None:
        self.seconds = seconds
        self.device = device
        self.used = 0.0

    def limit(self, subject: Subject) -> float:
        """The limit of the next call, in seconds. Raises `SubjectTimeout` when nothing is left."""
        left = self.seconds - self.used
        if left <= 0:
            raise SubjectTimeout(self._used_up())
        return left * _BUSY if subject.launcher.level is Isolation.NONE else left

    @contextlib.contextmanager
    def charged(self, subject: Subject) -> Iterator[None]:
        """Charge what the calls inside use. Raises `SubjectTimeout` when it is too much."""
        started, before = time.monotonic(), self._processor_seconds(subject)
        try:
            yield
        except SubjectTimeout:
            raise SubjectTimeout(self._used_up()) from None
        after = self._processor_seconds(subject)
        if before is None or after is None:
            self.used += time.monotonic() - started
        else:
            self.used += after - before
        if self.used > self.seconds:
            raise SubjectTimeout(self._used_up())

    def _processor_seconds(self, subject: Subject) -> float | None:
        return subject.processor_seconds() if self.device == "cpu" else None

    def _used_up(self) -> FailureDetails:
        return FailureDetails(
            text(
                "Training took longer than its budget of {seconds:g} seconds on `{device}`.",
                seconds=self.seconds,
                device=self.device,
            ),
            hint=text(
                "Look for Python loops over samples or pixels where one operation on whole arrays "
                "does the same, and for work that is done anew in every step."
            ),
        )
