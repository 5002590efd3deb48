"""`autograder report`: reports from the gradebook, without grading."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from autograder.errors import UsageError
from autograder.gradebook import open_gradebook
from autograder.gradebook.store import Gradebook
from autograder.outputs import REPORT, RESULT, SUMMARY, write_whole
from autograder.records import Grade
from autograder.report.document import encode, grade_from_json, result_document
from autograder.report.html import render_html
from autograder.report.summary import SummaryRow, render_summary, summary_row
from autograder.report.visibility import Audience


def run_report(
    output: Path,
    *,
    gradebook: str | None,
    assignment_id: str | None,
    language: str,
    audience: Audience,
    published: bool,
    as_json: bool,
) -> int:
    """Write `result.json` and `report.html` of every stored result anew."""
    rows: list[SummaryRow] = []
    newest: Grade | None = None
    with open_gradebook(gradebook_url(output, gradebook)) as book:
        now = datetime.now(UTC)
        for stored in book.latest(choose_assignment(book, assignment_id)):
            grade = grade_from_json(stored.document)
            folder = output / grade.submission_id
            folder.mkdir(parents=True, exist_ok=True)
            page = render_html(
                grade, language=language, audience=audience, now=now, published=published
            )
            write_whole(folder / RESULT, encode(result_document(grade, language)))
            write_whole(folder / REPORT, page.encode())
            rows.append(summary_row(grade, report=f"{grade.submission_id}/{REPORT}"))
            newest = grade if newest is None or grade.checks else newest
    if newest is not None:
        specs = [check.spec for check in newest.checks]
        page = render_summary(rows, language=language, assignment=newest.assignment, checks=specs)
        write_whole(output / SUMMARY, page.encode())
    if as_json:
        json.dump(
            {"schema": 1, "language": language, "reports": [row.submission_id for row in rows]},
            sys.stdout,
        )
        sys.stdout.write("\n")
    Console(stderr=True).print(f"{len(rows)} reports written to {output}", highlight=False)
    return 0


def gradebook_url(output: Path, gradebook: str | None) -> str:
    """The gradebook that was asked for, else the one in `output`. Raises `UsageError`."""
    database = output / "gradebook.sqlite"
    if gradebook is None and not database.is_file():
        raise UsageError(
            f"{output}: no gradebook.sqlite in it; name the --output folder of an earlier "
            "`autograder grade`, or its --gradebook"
        )
    return gradebook or f"sqlite:///{database.resolve()}"


def choose_assignment(book: Gradebook, wanted: str | None) -> str:
    """The id that was asked for, else the only one there is. Raises `UsageError`."""
    known = book.assignments()
    if wanted is None and len(known) == 1:
        return known[0]
    if wanted in known:
        return str(wanted)
    there = ", ".join(known) or "none"
    raise UsageError(f"--assignment {wanted or ''}: the gradebook's assignments are: {there}")
