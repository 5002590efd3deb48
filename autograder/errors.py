"""Every error of the project.

::

    AutograderError                what the user did cannot be done: one line, exit status 2
      AssignmentError              assignment.toml or the checks folder
      UsageError                   a folder, an option, a URL
      IsolationError               this machine cannot give the isolation asked for
    Interrupted                    Ctrl-C or SIGTERM in a run that can go on later
    SubmissionError                a submission that cannot be graded: `ungradable`
    StudentFailure                 the student's code did not do what a check asked: `failed`
      CheckFailure                 wrong answer (raised by `autograder.checks`)
      StudentError                 the student's code raised: `error`
    SubjectLost                    (BaseException) the student's process is gone: ends the check
      SubjectTimeout               a call ran past its limit: `timeout`
      SubjectCrashed               the process died: `crashed`
      CheckTimeout                 the whole check ran past its limit: `timeout`
    PropertyEnded                  (BaseException) a failure that no smaller example explains
    SandboxError                   our own fault: `internal_error`, never a zero
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from autograder.texts import Text


class AutograderError(Exception):
    """What the user asked for cannot be done; the message says what, where and the mend."""


class AssignmentError(AutograderError):
    """An assignment that cannot be read."""


class UsageError(AutograderError):
    """A wrong option, folder or URL."""


class IsolationError(AutograderError):
    """This machine cannot give the isolation level asked for."""


class Interrupted(Exception):
    """A run was interrupted; the message says how to go on."""


class SubmissionError(Exception):
    """A submission that cannot be graded. `message` tells the student what to do."""

    def __init__(self, message: Text) -> None:
        super().__init__(message["en"])
        self.message = message


@dataclass(frozen=True)
class FailureDetails:
    """What a student reads about one failure, in the order in which it is read.

    Everything but `message` may be absent. `call`, `expected`, `got`, `where`, `error` and
    `example` are code or numbers, the same in every language.
    """

    message: Text
    call: str | None = None
    """What was called: `svm_loss_naive(W, X, y, 0.1)`."""
    expected: str | None = None
    got: str | None = None
    where: str | None = None
    """The first bad index: `[0, 2]`."""
    error: str | None = None
    """The largest error: `max |got - expected| = 0.5, relative 0.33`."""
    example: str | None = None
    """The inputs of the call, smallest that Hypothesis could find where it searched."""
    hint: Text | None = None
    traceback: str | None = None
    """The student's own lines of the traceback."""
    printed: str | None = None
    """The end of what the student's code printed during the call."""


class StudentFailure(AssertionError):
    """The student's code did not do what a check asked.

    `fraction` of the check's points is earned all the same (partial credit). `relates` says that
    answers to several calls were held against each other, so that all of them are shown.
    """

    def __init__(
        self, details: FailureDetails, *, fraction: float = 0.0, relates: bool = False
    ) -> None:
        if not 0.0 <= fraction <= 1.0:
            raise ValueError(f"fraction must be from 0 to 1, not {fraction}")
        super().__init__(details.message["en"])
        self.details = details
        self.fraction = fraction
        self.relates = relates

    def with_context(self, **missing: str | None) -> None:
        """Fill in what the raiser did not know (`call`, `example`, `printed`)."""
        known = {name: value for name, value in missing.items() if value is not None}
        absent = {n: v for n, v in known.items() if getattr(self.details, n) is None}
        self.details = replace(self.details, **absent)  # type: ignore[arg-type]


class CheckFailure(StudentFailure):
    """A wrong answer. Checks raise it through `autograder.checks`."""


class StudentError(StudentFailure):
    """The student's code raised an exception, or answered with what is not data."""

    def __init__(self, details: FailureDetails, *, kind: str) -> None:
        super().__init__(details)
        self.kind = kind
        """The exception's class name (`ZeroDivisionError`), `MissingName` or `NotData`."""


class SubjectLost(BaseException):
    """The student's process is gone, or must go.

    A BaseException, so that neither a check nor Hypothesis catches it and tries again: shrinking
    a call that never ends would take the night.
    """

    def __init__(self, details: FailureDetails) -> None:
        super().__init__(details.message["en"])
        self.details = details


class SubjectTimeout(SubjectLost):
    """One call ran past its time limit."""


class CheckTimeout(SubjectLost):
    """All calls of one check together ran past the check's limit."""


class SubjectCrashed(SubjectLost):
    """The student's process ended during a call, or broke the protocol."""


class PropertyEnded(BaseException):
    """An error inside a property that does not depend on the example: nothing to shrink.

    Hypothesis would run the example again, and call an error that does not come back flaky.
    """

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


class SandboxError(Exception):
    """Our own fault: the zygote died, a namespace was refused, memory ran out."""
