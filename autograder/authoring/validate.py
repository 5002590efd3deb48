"""`autograder validate`: the gate before publishing."""

from __future__ import annotations

import socket
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from autograder.assignment import Assignment
from autograder.authoring.collecting import collect_specs
from autograder.authoring.contents import contents_findings, question_points
from autograder.authoring.findings import Finding, Validation, finding
from autograder.authoring.question_trials import QuestionTrials, question_findings
from autograder.authoring.release import WITHOUT_STARTER, Release, build_release
from autograder.authoring.run_workers import run_all
from autograder.authoring.runs import Run
from autograder.authoring.solution import find_solution
from autograder.authoring.trials import SEEDS, Trials
from autograder.errors import AssignmentError
from autograder.sandbox.nursery import open_nursery

Report = Callable[[str, int, int], None]
"""Told what is going on, how much of it is done, and how much there is (0: nobody knows)."""


def validate_assignment(
    assignment: Assignment,
    *,
    jobs: int = 2,
    isolation: str = "auto",
    seeds: int = SEEDS,
    report: Report = lambda stage, done, whole: None,
) -> Validation:
    """Everything that must hold before students see the assignment.

    Raises `AssignmentError` where there is nothing to look at: no solution, checks that cannot be
    collected.
    """
    started = time.monotonic()
    validation = Validation(assignment.id, assignment.version, assignment.title["en"])
    report("collecting the checks", 0, 0)
    specs = collect_specs(assignment)
    solution = find_solution(assignment) if assignment.submission.needs_code else None
    validation.questions = question_points(assignment, specs)
    if solution is None:
        validation.findings += question_findings(assignment, specs, students=seeds)
    else:
        validation.findings += contents_findings(assignment, specs, solution)
    with (
        tempfile.TemporaryDirectory(prefix="autograder-validate-") as scratch,
        open_nursery() as nursery,
    ):
        report("making a release", 0, 0)
        release, released = _release(assignment, Path(scratch), nursery)
        validation.findings.append(released)
        place = Path(scratch) / "trials"
        trials = (
            QuestionTrials(assignment, specs, place)
            if solution is None
            else Trials(assignment, specs, solution, place)
        )
        if all(each.fit for each in validation.findings if each.id == "source"):
            trials.plan(release, seeds=seeds)

            def on_trial(run: Run | None = None) -> None:
                report("grading", trials.done, trials.total)

            on_trial()
            run_all(trials.runs, jobs=jobs, isolation=isolation, on_trial=on_trial, nursery=nursery)
            validation.findings += trials.findings(release)
            if trials.kill is not None:
                validation.matrix = trials.kill.rows
                validation.left_out = trials.kill.left_out
    validation.seconds = time.monotonic() - started
    return validation


def _release(
    assignment: Assignment, scratch: Path, nursery: socket.socket | None
) -> tuple[Release | None, Finding]:
    """A release in a temporary place, if one can be made, and whether it keeps its secrets."""
    title, mend = "Release leaks nothing", "take out what is named"
    if assignment.submission.package is not None:
        return None, Finding(
            "release", title, True, f"not looked at: {WITHOUT_STARTER}", optional=True
        )
    try:
        release = build_release(assignment, scratch / "release" / assignment.id, nursery=nursery)
    except AssignmentError as error:
        return None, finding("release", title, [str(error)], right="", mend="mend what it says")
    right = f"{len(release.files)} files, {release.visible} of {release.checks} checks"
    if release.frozen:
        right += f", {release.frozen} frozen values"
    leaks = [str(leak) for leak in release.leaks]
    return release, finding("release", title, leaks, right=right, mend=mend)
