"""What checks made of another tool's notebook need: its tests ran beside the student's code."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from autograder.checks.student import Student
from autograder.errors import SandboxError, StudentFailure
from autograder.sandbox import protocol


def value_of(student: Student, name: str) -> Any:
    """What the student's code has assigned to `name`."""
    call, record = (protocol.GET, None, name, False), student.record(name, (), {}, ())
    return student.send([call], [record], None)[0]


def as_in_a_notebook(test: Callable[[Student], None]) -> Callable[[Student], None]:
    """A test for which whatever it raises is a wrong answer, as it was for its cell.

    In other checks only an assertion is: an exception of their own is the grader's fault. So try
    such checks with the solution, as `autograder validate` does.
    """

    @functools.wraps(test)
    def check(student: Student) -> None:
        try:
            test(student)
        except (StudentFailure, SandboxError, AssertionError):
            raise
        except Exception as error:
            raise AssertionError(f"{type(error).__name__}: {error}") from None

    return check
