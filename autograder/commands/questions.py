"""`autograder questions`: the sheets that students answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from autograder.assignment import Assignment, load_assignment
from autograder.errors import UsageError
from autograder.outputs import write_whole
from autograder.questions.items import QUESTIONS, Item, read_items
from autograder.questions.pages import answer_template, question_page
from autograder.questions.variants import for_student, load_variants
from autograder.submission import submission_id
from autograder.texts import LANGUAGES


def run_questions(
    folder: Path, output: Path, *, students: Sequence[str], roster: Path | None
) -> int:
    """Write the sheets of an assignment, for everybody or for each student."""
    assignment = load_assignment(folder)
    items = read_items(assignment.checks / QUESTIONS)
    draws = load_variants(assignment.checks, items)
    ids = [*students, *(_roster(roster) if roster is not None else [])]
    if draws and not ids:
        raise UsageError(
            f"{folder}: its numbers differ from student to student; name them by --roster FILE"
        )
    for student in dict.fromkeys(ids):
        if submission_id(Path(student)) != student:
            raise UsageError(f"--student {student!r}: cannot be the name of a submission")
        mine = [for_student(item, draws, student, assignment.seed) for item in items.items]
        write_sheets(assignment, mine, output / student)
    if not ids:
        write_sheets(assignment, items.items, output)
    Console(stderr=True).print(f"{max(len(ids), 1)} sheets written to {output}", highlight=False)
    return 0


def write_sheets(assignment: Assignment, items: Sequence[Item], folder: Path) -> None:
    """The questions in every language and an `answers.toml` to fill in."""
    folder.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        page = question_page(assignment.title, assignment.questions, items, language)
        write_whole(folder / f"questions.{language}.md", page.encode())
    write_whole(folder / "answers.toml", answer_template(items, "en").encode())


def _roster(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: not UTF-8; save it so") from None
    ids = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if not ids:
        raise UsageError(f"{path}: no student in it; write one id on each line")
    return ids
