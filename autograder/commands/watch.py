"""`autograder check --watch`: the checks of the folder, again whenever the file is saved."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.rule import Rule
from rich.text import Text as Styled

from autograder.assignment import Assignment, load_assignment
from autograder.commands.check import own_submission
from autograder.errors import UsageError
from autograder.grading import Grader, open_launcher
from autograder.records import Grade, Outcome, Status
from autograder.session import CollectedChecks, with_checks
from autograder.submission import submission_id
from autograder.texts import clean, text

POLL_SECONDS = 0.3

_State = tuple[tuple[str, int, int], ...]


def run_watch(
    folder: Path,
    submission: Path | None,
    *,
    language: str,
    isolation: str,
    as_json: bool,
    edition: str | None = None,
) -> int:
    """Check now and after every save, until Ctrl-C; 0."""
    if as_json:
        raise UsageError("--watch has no end and --json one document; choose one of them")
    assignment = load_assignment(folder, edition)
    watched = [submission] if submission else own_files(assignment)
    console = Console()

    def body(checks: CollectedChecks) -> None:
        grader = Grader(assignment, checks, launcher)
        for _ in saves(watched):
            path = submission or own_submission(assignment)
            graded = grader.grade(path, submission_id(path))
            if graded is not None:
                _show(graded.grade, path, language, console)

    try:
        with open_launcher(assignment, isolation, own_code=True) as launcher:
            with_checks(assignment, body)
    except KeyboardInterrupt:
        console.print()
    return 0


def own_files(assignment: Assignment) -> list[Path]:
    """The files in the assignment's folder that a student may work on."""
    own_submission(assignment)  # says what is missing
    return [assignment.root / name for name in assignment.submission.files]


def saves(
    paths: Sequence[Path], *, wait: Callable[[], None] = lambda: time.sleep(POLL_SECONDS)
) -> Iterator[None]:
    """Once at the start, and once for each time that any of `paths` was saved.

    An editor writes in several steps, or removes the file and makes it anew: a save counts when
    nothing has changed between two looks.
    """
    last: _State = ()
    while True:
        now = _state(paths)
        while not now or now == last:
            wait()
            now = _state(paths)
        while last:  # not at the start: nobody is writing then
            wait()
            before, now = now, _state(paths)
            if now == before and now:
                break
        if now != last:
            last = now
            yield


def _state(paths: Sequence[Path]) -> _State:
    """Name, time and size of every file; nothing for one that is not there."""
    found = []
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in inside:
            try:
                status = file.stat()
            except OSError:
                continue
            if not file.is_dir():
                found.append((str(file), status.st_mtime_ns, status.st_size))
    return tuple(found)


def _show(grade: Grade, path: Path, language: str, console: Console) -> None:
    console.print(Rule(Styled(f"{path.name}  {time.strftime('%H:%M:%S')}", style="dim")))
    if grade.status is not Status.GRADED and not grade.checks:
        reason = grade.message[language] if grade.message else str(grade.status)
        console.print(Styled(clean(" ".join(reason.split()), limit=400), style="red"))
    else:
        from autograder.report.terminal import render_terminal

        console.print(render_terminal(grade, language=language, audience="instructor"))
        missed = sum(check.outcome is not Outcome.PASSED for check in grade.checks)
        if missed:
            console.print(text("Not passed: {count}.", count=missed)[language])
    console.print(Styled(text("Waiting for the next save (Ctrl-C ends).")[language], style="dim"))
