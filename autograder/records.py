"""The frozen records that pass between the parts: what is graded, and what came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from autograder.errors import FailureDetails
from autograder.texts import Text


class Outcome(StrEnum):
    """How one check ended."""

    PASSED = "passed"
    PARTIAL = "partial"
    FAILED = "failed"
    """A wrong answer."""
    ERROR = "error"
    """The student's code raised."""
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    """The student's process died."""
    NOT_RUN = "not_run"
    """A prerequisite did not pass."""
    PENDING = "pending"
    """An answer that a human has to read."""
    INTERNAL_ERROR = "internal_error"
    """Our fault: never a zero, never full marks; a human looks at it."""


class Visibility(StrEnum):
    """When a student sees a check, named as on Gradescope."""

    VISIBLE = "visible"
    AFTER_DUE_DATE = "after_due_date"
    AFTER_PUBLISHED = "after_published"
    HIDDEN = "hidden"


class Status(StrEnum):
    """How the grading of one submission ended."""

    GRADED = "graded"
    UNGRADABLE = "ungradable"
    INTERNAL_ERROR = "internal_error"


class Isolation(StrEnum):
    """How strong the wall around submitted code is."""

    FULL = "full"
    """Own user, pid, net, mount, ipc and uts namespaces, read-only root, Landlock, seccomp."""
    REDUCED = "reduced"
    """Landlock and seccomp, without namespaces."""
    CONTAINER = "container"
    """`reduced` in a container of Docker or Podman, one for each worker."""
    NONE = "none"
    """A separate process, and no wall."""


@dataclass(frozen=True)
class Source:
    """One piece of submitted code that runs as a unit: a `.py` file or a notebook cell."""

    label: str
    """What tracebacks call it: `svm.py` or `cell 3`."""
    code: str


@dataclass(frozen=True)
class Submission:
    """A submission as it was read: plain data, nothing of it has run."""

    id: str
    """The name of the file or folder, without its ending."""
    sha256: str
    """Of all bytes that count: equal content has an equal digest, whatever the dates."""
    entry: str
    """The file that holds the student's code, relative to the submission."""
    sources: tuple[Source, ...]
    """The code in the order in which it runs: one for a `.py` file, one a cell of a notebook."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Everything beside the entry (helper modules, data): relative POSIX path -> content."""
    notes: tuple[Text, ...] = ()
    """What the student should know: a cell that does not parse, a file that was passed over."""
    answers: Mapping[str, object] = field(default_factory=dict)
    """What was written for the questions that are not code, by the question's id."""
    package: str | None = None
    """The package that `files` hold, where the submission is one instead of a file."""
    shims: tuple[str, ...] = ()
    """What the manifest lets its older code find (`autograder.sandbox.shims`)."""


@dataclass(frozen=True)
class Question:
    """A group of checks, as the student sees it."""

    id: str
    title: Text


@dataclass(frozen=True)
class CheckSpec:
    """One collected check."""

    id: str
    """`test_losses.py::test_svm_value`, with the case in brackets where parametrized."""
    title: Text
    question: str
    visibility: Visibility
    points: float
    requires: tuple[str, ...] = ()
    """Ids of the checks that must not have failed before this one runs."""
    hint: Text | None = None


@dataclass(frozen=True)
class Misconception:
    """A known wrong version that the student's code agrees with."""

    id: str
    name: Text
    hint: Text


class CurveKind(StrEnum):
    """What a training curve shows."""

    LOSS = "loss"
    TRAIN_ACCURACY = "train_accuracy"
    TEST_ACCURACY = "test_accuracy"
    UPDATE_RATIO = "update_ratio"
    """Norm of one step's change of the weights over the norm of the weights."""


@dataclass(frozen=True)
class Curve:
    """One curve of a training run."""

    kind: CurveKind
    steps: tuple[int, ...]
    """Ascending, from 0: how many steps were taken before the value."""
    values: tuple[float | None, ...]
    """One for each of `steps`; None where the number was NaN or infinite."""


@dataclass(frozen=True)
class Training:
    """What a training check saw: the accuracies of its runs, the decision, the last run's curves.

    Accuracies are of held-out samples, from 0 to 1.
    """

    accuracies: tuple[float, ...]
    """Of the runs, one seed each."""
    interval: tuple[float, float]
    confidence: float
    """Of the interval, in percent."""
    at_least: float
    passed: bool
    device: str = "cpu"
    curves: tuple[Curve, ...] = ()
    parameters: int | None = None
    """Numbers that the trained network keeps, as the grader counted them."""
    name: str | None = None
    """The name that the submission chose for a leaderboard."""


@dataclass(frozen=True)
class CheckResult:
    """How one check ended, with all that its student may read."""

    spec: CheckSpec
    outcome: Outcome
    points: float
    seconds: float
    details: FailureDetails | None = None
    misconception: Misconception | None = None
    training: Training | None = None


@dataclass(frozen=True)
class Environment:
    """What a result depends on besides the submission and the assignment."""

    python: str
    numpy: str
    torch: str | None
    autograder: str
    seed: int
    isolation: Isolation


@dataclass(frozen=True)
class EditionInfo:
    """The edition that a submission was graded by."""

    id: str
    title: Text
    without: tuple[str, ...]
    """Questions and checks that it does not ask for; the points of the others are scaled up."""


@dataclass(frozen=True)
class AssignmentInfo:
    """What results and reports say of the assignment."""

    id: str
    version: str
    title: Text
    questions: tuple[Question, ...]
    max_score: float
    due: str | None = None
    """ISO 8601 with an offset, where the assignment has a due date."""
    edition: EditionInfo | None = None


@dataclass(frozen=True)
class LatePenalty:
    """What handing in after the due date cost."""

    submitted: str
    """When it was handed in: ISO 8601 with an offset."""
    days: int
    """Days begun after the due date."""
    share: float
    """The part of the earned points that is lost."""
    points: float
    """The points that are lost."""


@dataclass(frozen=True)
class Grade:
    """The result of grading one submission: what is stored and what reports are made of."""

    assignment: AssignmentInfo
    submission_id: str
    submission_sha256: str
    status: Status
    score: float
    max_score: float
    seconds: float
    checks: tuple[CheckResult, ...]
    environment: Environment
    message: Text | None = None
    """Why a submission is ungradable or ended in an internal error, and what to do."""
    notes: tuple[Text, ...] = ()
    penalty: LatePenalty | None = None
    """What lateness cost; the score is what is left."""
    resembles: str | None = None
    """The id of another edition of the assignment, of which the submission shows a sign."""
