"""`autograder check`: one submission on the terminal, for a student or a hurried instructor."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console

from autograder.assignment import MANIFEST, Assignment, load_assignment
from autograder.errors import SandboxError, UsageError
from autograder.grading import Grader, open_launcher
from autograder.records import Grade, Outcome, Status
from autograder.report.document import encode, result_document
from autograder.session import CollectedChecks, with_checks
from autograder.submission import submission_id
from autograder.texts import text


def run_check(
    folder: Path,
    submission: Path | None,
    *,
    language: str,
    isolation: str,
    as_json: bool,
    edition: str | None = None,
) -> int:
    """Check one submission; 0 if every check passed, 1 if not, 3 for our own fault."""
    assignment = load_assignment(folder, edition)
    path = submission or own_submission(assignment)
    if submission is None and not as_json:
        note = text("Checking `{file}`, the file that was saved last.", file=path.name)
        Console(stderr=True).print(note[language].replace("`", ""), style="dim", highlight=False)
    if not path.exists() and not path.is_symlink():
        raise UsageError(f"{path}: no such submission; name a file or folder that exists")
    grade = _grade(assignment, path, isolation)
    if as_json:
        sys.stdout.buffer.write(encode(result_document(grade, language)))
    else:
        from autograder.report.terminal import render_terminal

        Console().print(render_terminal(grade, language=language, audience="instructor"))
    if grade.status is Status.INTERNAL_ERROR:
        return 3
    passed = all(check.outcome is Outcome.PASSED for check in grade.checks)
    return 0 if grade.status is Status.GRADED and passed else 1


def told_apart(folder: Path, submission: Path | None) -> tuple[Path, Path | None]:
    """The assignment and the submission: in an assignment's folder, a file alone is the latter."""
    here = Path(".")
    if submission is None and folder.is_file() and (here / MANIFEST).is_file():
        return here, folder
    return folder, submission


def own_submission(assignment: Assignment) -> Path:
    """The file in the assignment's folder that a student works on: the one saved last.

    A released folder has the starter as a file and as a notebook, and a student changes one.
    """
    there = [assignment.root / name for name in assignment.submission.files]
    there = [path for path in there if path.exists()]
    if there:
        return max(there, key=lambda path: path.stat().st_mtime_ns)  # the first of equal ones
    wanted = ", ".join(assignment.submission.files) or "a .py file or a notebook"
    raise UsageError(
        f"{assignment.root}: none of the expected files ({wanted}); name the submission: "
        "autograder check ASSIGNMENT SUBMISSION"
    )


def _grade(assignment: Assignment, path: Path, isolation: str) -> Grade:
    grades: list[Grade] = []
    with open_launcher(assignment, isolation, own_code=True) as launcher:

        def body(checks: CollectedChecks) -> None:
            graded = Grader(assignment, checks, launcher).grade(path, submission_id(path))
            if graded is not None:
                grades.append(graded.grade)

        with_checks(assignment, body)
    if not grades:
        raise SandboxError("the checks did not run")
    return grades[0]
