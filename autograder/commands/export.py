"""`autograder export`: the grades of a class as a CSV table, or as JSON."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path

from autograder.commands.report import choose_assignment, gradebook_url
from autograder.gradebook import open_gradebook
from autograder.outputs import write_whole
from autograder.records import Grade, Status
from autograder.report.document import grade_from_json
from autograder.tables import csv_table

_BEFORE = ("submission", "status", "score", "max_score")
_AFTER = ("version", "sha256", "graded_at")


def run_export(
    output: Path,
    *,
    gradebook: str | None,
    assignment_id: str | None,
    file: Path | None,
    as_json: bool,
) -> int:
    """Write one line for each submission: its score, and its points in each question.

    A submission without a score (an internal error) has empty cells, never a zero.
    """
    lines: list[dict[str, object]] = []
    questions: dict[str, None] = {}
    with open_gradebook(gradebook_url(output, gradebook)) as book:
        for stored in book.latest(choose_assignment(book, assignment_id)):
            grade = grade_from_json(stored.document)
            questions.update(dict.fromkeys(question.id for question in grade.assignment.questions))
            lines.append(
                {
                    "submission": grade.submission_id,
                    "status": str(grade.status),
                    "score": _known(grade, grade.score),
                    "max_score": grade.max_score,
                    "questions": _by_question(grade),
                    "version": grade.assignment.version,
                    "sha256": _digest(grade),
                    "graded_at": stored.created.isoformat(timespec="seconds"),
                }
            )
    content = _as_json(lines) if as_json else _as_csv(lines, list(questions))
    if file is None or str(file) == "-":
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        write_whole(file, content)
    return 0


def _known(grade: Grade, points: float) -> float | None:
    return None if grade.status is Status.INTERNAL_ERROR else points


def _digest(grade: Grade) -> str | None:
    """None for a submission that could not be read: its digest is all zeros."""
    return grade.submission_sha256 if grade.submission_sha256.strip("0") else None


def _by_question(grade: Grade) -> dict[str, float | None]:
    points: dict[str, float] = defaultdict(float)
    for check in grade.checks:
        points[check.spec.question] += check.points
    return {
        question.id: _known(grade, round(points[question.id], 6))
        for question in grade.assignment.questions
    }


def _as_csv(lines: list[dict[str, object]], questions: list[str]) -> bytes:
    header = [*_BEFORE, *questions, *_AFTER]
    rows = []
    for line in lines:
        points = line["questions"]
        known = points if isinstance(points, dict) else {}
        rows.append(
            [
                *(line[name] for name in _BEFORE),
                *(known.get(question) for question in questions),
                *(line[name] for name in _AFTER),
            ]
        )
    return csv_table(header, rows)


def _as_json(lines: list[dict[str, object]]) -> bytes:
    document = {"schema": 1, "grades": lines}
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"
