"""Train an assignment's solutions many times, as its own training checks do, each time anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from autograder.assignment import Assignment
from autograder.authoring.thresholds import (
    Accuracies,
    Recommendation,
    Replay,
    chance_of_failing,
    recommend,
    replay,
)
from autograder.checks import training_record
from autograder.checks.training_record import Sample
from autograder.errors import AssignmentError, UsageError
from autograder.grading import open_launcher
from autograder.records import CheckSpec, Outcome
from autograder.sandbox.connection import Launcher
from autograder.sandbox.subject import Subject
from autograder.session import CollectedChecks, with_checks
from autograder.submission import read_submission, submission_id

FIXTURE = "training_seed"
"""A check that asks for it draws its training anew for each submission."""

_UNBOUNDED = 1e9
_TOGETHER = 25
"""Trainings with one subject; then a fresh one."""

Progress = Callable[[str, Path], None]
"""Called after each training, with the check and the solution."""


@dataclass(frozen=True)
class Measured:
    """One solution in one training check."""

    solution: Path
    accuracies: Accuracies
    chance: float
    """That it fails with the threshold that the check has now."""
    replayed: Replay


@dataclass(frozen=True)
class Calibration:
    """One training check: its threshold, what was measured, and what to make of it."""

    check: str
    at_least: float
    published: float | None
    max_runs: int
    measured: tuple[Measured, ...]
    recommendation: Recommendation | None

    @property
    def chance(self) -> float:
        """That the weakest of the solutions fails with the present threshold."""
        return max(one.chance for one in self.measured)


def solutions_of(assignment: Assignment) -> list[Path]:
    """The reference solution, and the weakest that should pass where the manifest names one."""
    folder = assignment.root / "solution"
    found = [folder / name for name in assignment.submission.files if (folder / name).is_file()]
    found = found or sorted(folder.glob("*.py"))
    found = [path for path in found if path != assignment.weakest]
    if not found:
        raise UsageError(f"{folder}: no solution in it; calibrate trains the assignment's own")
    return found[:1] + ([assignment.weakest] if assignment.weakest is not None else [])


def calibrate(
    assignment: Assignment, *, runs: int, isolation: str, progress: Progress
) -> list[Calibration]:
    """Train each solution `runs` times in each training check.

    Raises `AssignmentError` where there is no training check, or where a solution does not get
    through one.
    """
    patient = msgspec.structs.replace(assignment.limits, submission_seconds=_UNBOUNDED)
    assignment = replace(assignment, limits=patient)
    samples: dict[str, dict[Path, list[Sample]]] = {}
    with open_launcher(assignment, isolation, own_code=True) as launcher:

        def body(checks: CollectedChecks) -> None:
            for spec in checks.using(FIXTURE):
                for solution in solutions_of(assignment):
                    trainings = _Trainings(assignment, checks, launcher, solution)
                    for name, found in trainings.run(spec, runs, progress).items():
                        samples.setdefault(name, {})[solution] = found

        with_checks(assignment, body)
    if not samples:
        raise AssignmentError(
            f"{assignment.checks}: no training check; one asks for the fixture {FIXTURE} and "
            "calls check_training_accuracy"
        )
    return [_calibration(name, found) for name, found in samples.items()]


class _Trainings:
    """The trainings of one solution."""

    def __init__(
        self, assignment: Assignment, checks: CollectedChecks, launcher: Launcher, solution: Path
    ) -> None:
        self.assignment = assignment
        self.checks = checks
        self.launcher = launcher
        self.solution = solution

    def run(self, spec: CheckSpec, runs: int, progress: Progress) -> dict[str, list[Sample]]:
        """Train `runs` times in one check; the samples of each training in it."""
        found: dict[str, list[Sample]] = {}
        for first in range(0, runs, _TOGETHER):
            subject = self._start()
            try:
                for repetition in range(first, min(first + _TOGETHER, runs)):
                    for position, sample in enumerate(self._once(spec, subject, repetition)):
                        name = spec.id if position == 0 else f"{spec.id} ({position + 1})"
                        found.setdefault(name, []).append(sample)
                    progress(spec.id, self.solution)
            finally:
                subject.end()
        return found

    def _start(self) -> Subject:
        path, spec = self.solution, self.assignment.submission
        submission = read_submission(path, spec, id=submission_id(path))
        subject = Subject(self.launcher, submission, self.assignment.limits)
        subject.start()
        return subject

    def _once(self, spec: CheckSpec, subject: Subject, repetition: int) -> list[Sample]:
        with training_record.sampling() as samples:
            result = self.checks.repeat(spec, subject, repetition)
        if result.outcome is not Outcome.PASSED:
            said = "" if result.details is None else f": {result.details.message['en']}"
            raise AssignmentError(f"{self.solution}: {result.outcome} in {spec.id}{said}")
        return samples


def _calibration(name: str, found: dict[Path, list[Sample]]) -> Calibration:
    measured = []
    for solution, samples in found.items():
        first = samples[0]
        accuracies = Accuracies(tuple(s.accuracy for s in samples), first.held_out)
        measured.append(
            Measured(
                solution,
                accuracies,
                chance_of_failing(accuracies, first.at_least, first.max_runs),
                replay(accuracies, first.at_least, first.max_runs),
            )
        )
    recommendation = recommend([one.accuracies for one in measured], first.max_runs)
    return Calibration(
        check=name,
        at_least=first.at_least,
        published=first.published,
        max_runs=first.max_runs,
        measured=tuple(measured),
        recommendation=recommendation,
    )
