"""One submission's way through: read it, start its subject, run the checks, add up."""

from __future__ import annotations

import contextlib
import platform
import socket
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import numpy as np

from autograder import __version__
from autograder.assignment import Assignment
from autograder.components import load_components
from autograder.diagnosis import Diagnosis
from autograder.editions import Edition, edition_notes, looks_like
from autograder.errors import SandboxError, SubmissionError
from autograder.policy import judge, subject_rules
from autograder.records import (
    AssignmentInfo,
    CheckResult,
    CheckSpec,
    EditionInfo,
    Environment,
    Grade,
    Outcome,
    Status,
    Submission,
)
from autograder.sandbox.connection import Launcher
from autograder.sandbox.launch import choose_isolation, open_level
from autograder.sandbox.subject import Subject
from autograder.scoring import tally, total, with_lateness
from autograder.session import CollectedChecks
from autograder.submission import read_submission
from autograder.texts import Text, clean, text

_UNREADABLE = "0" * 64
_MAX_OVERWRITING = 8


@dataclass
class Timings:
    """Where the time of one submission went, in seconds of the clock."""

    read: float = 0.0
    start: float = 0.0
    """Fork, lockdown, loading the submission."""
    subject: float = 0.0
    """Waiting for the student's code, the way there and back included."""
    checks: float = 0.0
    """The checks themselves, the subject's part taken out."""
    report: float = 0.0
    end: float = 0.0


@dataclass
class Graded:
    """A grade and where the time went."""

    grade: Grade
    timings: Timings = field(default_factory=Timings)


@contextlib.contextmanager
def open_launcher(
    assignment: Assignment,
    isolation: str,
    *,
    own_code: bool = False,
    nursery: socket.socket | None = None,
) -> Iterator[Launcher]:
    """The launcher of subjects for `assignment`, which none of them may see."""
    level = choose_isolation(isolation, own_code=own_code)
    with open_level(level, assignment, nursery=nursery) as made:
        yield made


def describe_assignment(assignment: Assignment, specs: tuple[CheckSpec, ...]) -> AssignmentInfo:
    """What results and reports say of the assignment."""
    edition = assignment.edition
    return AssignmentInfo(
        id=assignment.id,
        version=assignment.version,
        title=assignment.title,
        questions=assignment.questions,
        max_score=total(spec.points for spec in specs),
        due=None if assignment.due is None else assignment.due.isoformat(),
        edition=EditionInfo(edition.id, edition.title, edition.without) if edition else None,
    )


class Grader:
    """Grades submissions of one assignment, one after the other."""

    def __init__(self, assignment: Assignment, checks: CollectedChecks, launcher: Launcher) -> None:
        self.assignment = assignment
        self.checks = checks
        self.launcher = launcher
        self.info = describe_assignment(assignment, checks.specs)
        self.diagnosis = Diagnosis(load_components(assignment), seed=assignment.seed)

    def environment(self) -> Environment:
        """What the results depend on besides submission and assignment."""
        return Environment(
            python=platform.python_version(),
            numpy=np.__version__,
            torch=self._torch_version(),
            autograder=__version__,
            seed=self.assignment.seed,
            isolation=self.launcher.level,
        )

    def _torch_version(self) -> str | None:
        with contextlib.suppress(SandboxError):  # a zygote that ended cannot say
            return self.launcher.versions.get("torch")
        return None

    def grade(
        self,
        path: Path,
        submission_id: str,
        *,
        known: str | None = None,
        submitted: datetime | None = None,
    ) -> Graded | None:
        """Grade one submission; whatever is wrong with it or with us becomes its grade.

        None: its content has the digest `known`, so that it is graded already. What ends in an
        error of our own is tried once more. Handed in at `submitted`, it may be late.
        """
        graded = self._grade(path, submission_id, known)
        if graded is not None and graded.grade.status is Status.INTERNAL_ERROR:
            graded = self._grade(path, submission_id, known)
        if graded is not None:
            assignment = self.assignment
            graded.grade = with_lateness(graded.grade, assignment.late, assignment.due, submitted)
        return graded

    def _grade(self, path: Path, submission_id: str, known: str | None) -> Graded | None:
        timings = Timings()
        started = time.perf_counter()
        sha256 = _UNREADABLE
        try:
            with _timed(timings, "read"):
                submission = read_submission(path, self.assignment.submission, id=submission_id)
            sha256 = submission.sha256
            if sha256 == known and not self.checks.reviews.of(submission_id):
                return None
            policy = self.assignment.policy
            judgement = judge(submission, policy, [q.id for q in self.assignment.questions])
            rules = subject_rules(submission, policy)
            subject = Subject(self.launcher, submission, self.assignment.limits, rules)
            try:
                with _timed(timings, "start"):
                    subject.start()
                loading = subject.seconds
                with _timed(timings, "checks"):
                    results = self.checks.run(subject, judgement.refused)
                    overwritten = dict(self.checks.overwritten)
                    results = self.diagnosis.explain(results, self.checks.called, subject)
                timings.subject = subject.seconds - loading
                timings.checks -= timings.subject
                notes = (
                    *self._about_edition(submission),
                    *submission.notes,
                    *judgement.notes,
                    *subject.loaded.notes,
                    *_overwriting(submission, overwritten),
                    *_waiting(results),
                )
            finally:
                with _timed(timings, "end"):
                    subject.leave()
        except SubmissionError as error:
            grade = self._without_checks(
                submission_id, sha256, Status.UNGRADABLE, error.message, started
            )
            return Graded(grade, timings)
        except (SandboxError, OSError, MemoryError) as error:
            return Graded(self.failed(submission_id, sha256, error, started), timings)
        grade = self._graded(submission_id, sha256, results, notes, started)
        other = self._resembled(submission)
        return Graded(replace(grade, resembles=None if other is None else other.id), timings)

    def _resembled(self, submission: Submission) -> Edition | None:
        chosen, known = self.assignment.edition, self.assignment.editions
        if chosen is None:
            return None
        return looks_like(chosen, known, submission.files, submission.package or "")

    def _about_edition(self, submission: Submission) -> tuple[Text, ...]:
        return edition_notes(self.assignment.edition, self._resembled(submission))

    def undecided(self) -> Grade:
        """The grade, but for its id and message, of a submission that nothing is known of."""
        nothing = text("Nothing was decided.")
        started = time.perf_counter()
        return self._without_checks("", _UNREADABLE, Status.INTERNAL_ERROR, nothing, started)

    def failed(
        self, submission_id: str, sha256: str, error: BaseException, started: float
    ) -> Grade:
        """The grade of a submission that our own fault kept from being graded."""
        message = text(
            "The grader itself failed, which is not the student's fault: `{error}`. Nothing was "
            "decided; grade this submission again, or by hand.",
            error=clean(f"{type(error).__name__}: {error}", limit=400).replace("`", "'"),
        )
        return self._without_checks(submission_id, sha256, Status.INTERNAL_ERROR, message, started)

    def _graded(
        self,
        submission_id: str,
        sha256: str,
        results: list[CheckResult],
        notes: tuple[Text, ...],
        started: float,
    ) -> Grade:
        sums = tally(self.checks.specs, results)
        broken = sums.status is Status.INTERNAL_ERROR
        return Grade(
            assignment=self.info,
            submission_id=submission_id,
            submission_sha256=sha256,
            status=sums.status,
            score=sums.score,
            max_score=sums.max_score,
            seconds=time.perf_counter() - started,
            checks=tuple(results),
            environment=self.environment(),
            message=_some_checks_failed() if broken else None,
            notes=notes,
        )

    def _without_checks(
        self, submission_id: str, sha256: str, status: Status, message: Text, started: float
    ) -> Grade:
        return Grade(
            assignment=self.info,
            submission_id=submission_id,
            submission_sha256=sha256,
            status=status,
            score=0.0,
            max_score=self.info.max_score,
            seconds=time.perf_counter() - started,
            checks=(),
            environment=self.environment(),
            message=message,
        )


def _overwriting(
    submission: Submission, overwritten: Mapping[str, Collection[str]]
) -> tuple[Text, ...]:
    """What a package of given signatures may do with its arguments, and should know of."""
    if submission.package is None or not overwritten:
        return ()
    functions = [
        f"`{name.rpartition('.')[2]}` ({', '.join(f'`{each}`' for each in sorted(arguments))})"
        for name, arguments in overwritten.items()
    ]
    return (
        text(
            "These functions overwrite arrays that they are given, and were judged by what they "
            "return: {functions}. Whoever uses such an array afterwards finds other numbers in it.",
            functions=", ".join(functions[:_MAX_OVERWRITING]),
        ),
    )


def _waiting(results: list[CheckResult]) -> tuple[Text, ...]:
    """That a score is not final, where answers wait for a human."""
    pending = [result for result in results if result.outcome is Outcome.PENDING]
    if not pending:
        return ()
    points = total(result.spec.points - result.points for result in pending)
    return (
        text(
            "{count} answers wait for a person to read them; they can add up to {points} points.",
            count=len(pending),
            points=f"{points:g}",
        ),
    )


def _some_checks_failed() -> Text:
    return text(
        "At least one check ended in an error of the grader, so this score is not final: a human "
        "will look at it."
    )


@contextlib.contextmanager
def _timed(timings: Timings, name: str) -> Iterator[None]:
    started = time.perf_counter()
    try:
        yield
    finally:
        setattr(timings, name, getattr(timings, name) + time.perf_counter() - started)
