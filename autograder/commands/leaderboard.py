"""`autograder leaderboard`: the places of a class in a training check, from the stored results."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from rich.console import Console

from autograder.commands.report import choose_assignment, gradebook_url
from autograder.errors import UsageError
from autograder.gradebook import open_gradebook
from autograder.outputs import write_whole
from autograder.records import Grade
from autograder.report.document import grade_from_json
from autograder.report.leaderboard import (
    HEADER,
    Leaderboard,
    Naming,
    Order,
    leaderboard_table,
    make_leaderboard,
    render_leaderboard,
    training_checks,
)
from autograder.tables import csv_table

PAGE = "leaderboard.html"
TABLE = "leaderboard.csv"


def run_leaderboard(
    output: Path,
    *,
    gradebook: str | None,
    assignment_id: str | None,
    check: str | None,
    naming: Naming,
    order: Order,
    language: str,
    as_json: bool,
) -> int:
    """Write `leaderboard.html` and `leaderboard.csv` into `output`, and show the table."""
    console = Console(stderr=True)
    grades = _grades(output, gradebook, assignment_id, console)
    board = make_leaderboard(
        grades, _chosen(check, grades), language=language, naming=naming, order=order
    )
    rows = [place.cells for place in board.places]
    write_whole(output / PAGE, render_leaderboard(board, language=language).encode())
    write_whole(output / TABLE, csv_table(HEADER, rows))
    if as_json:
        json.dump(_document(board), sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    else:
        Console().print(leaderboard_table(board, language=language))
    console.print(f"{output / PAGE}, {output / TABLE}", soft_wrap=True, highlight=False)
    return 0


def _grades(
    output: Path, gradebook: str | None, assignment_id: str | None, console: Console
) -> list[Grade]:
    """The grades of the newest version: what another one measured is not comparable."""
    with open_gradebook(gradebook_url(output, gradebook)) as book:
        stored = list(book.latest(choose_assignment(book, assignment_id)))
    newest = max(stored, key=lambda result: result.created).version
    kept = [result for result in stored if result.version == newest]
    if len(kept) < len(stored):
        console.print(
            f"note: {len(stored) - len(kept)} submissions are left out, graded with an older "
            "version of the assignment; grade them again",
            style="yellow",
        )
    return [grade_from_json(result.document) for result in kept]


def _chosen(check: str | None, grades: list[Grade]) -> str:
    """The full id of the check that was asked for, else the only one that trains."""
    known = training_checks(grades)
    if not known:
        raise UsageError(
            "no submission has a training; a leaderboard needs a check that calls "
            "check_training_accuracy, and somebody whose network got so far"
        )
    if check is None and len(known) == 1:
        return known[0]
    found = [name for name in known if check in (name, name.partition("::")[2])]
    if len(found) == 1:
        return found[0]
    what = f"--check {check}: no such check" if check else "it has several training checks"
    raise UsageError(f"{what}; name one of them with --check: {', '.join(known)}")


def _document(board: Leaderboard) -> dict[str, object]:
    return {
        "schema": 1,
        "assignment": {"id": board.assignment.id, "version": board.assignment.version},
        "check": board.check.id,
        "order": board.order.value,
        "submissions": board.submissions,
        "places": [dict(zip(HEADER, place.cells, strict=True)) for place in board.places],
    }
