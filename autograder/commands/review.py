"""`autograder review`: the answers that a person must read, in one table."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from autograder.assignment import load_assignment
from autograder.errors import SubmissionError
from autograder.outputs import write_whole
from autograder.questions.items import QUESTIONS, Item, read_items
from autograder.questions.judging import judge, keywords_in, text_of
from autograder.questions.reviews import COLUMNS, Review, read_reviews
from autograder.submission import find_submissions, read_submission, submission_ids
from autograder.tables import csv_table

_MORE = ("of", "keywords", "answer", "rubric")


def run_review(folder: Path, submissions: Path, output: Path) -> int:
    """Write or complete the table; points and comments that are in it stay."""
    assignment = load_assignment(folder)
    items = {item.id: item for item in read_items(assignment.checks / QUESTIONS).items}
    known = read_reviews(output, items) if output.exists() else None
    rows = []
    for path, name in submission_ids(find_submissions(submissions)).items():
        try:
            answers = read_submission(path, assignment.submission, id=name).answers
        except SubmissionError:
            continue  # `grade` says what is wrong with it
        for item in items.values():
            written = answers.get(item.id)
            if item.for_a_human == 0 or not judge(item, written).readable:
                continue
            given = None if known is None else known.of(name).get(item.id)
            rows.append(_row(item, name, written, given))
    rows.sort(key=lambda row: (str(row[1]), -str(row[5]).count(","), str(row[0])))
    write_whole(output, csv_table([*COLUMNS, *_MORE], rows))
    Console(stderr=True).print(f"{len(rows)} answers to read in {output}", highlight=False)
    return 0


def _row(item: Item, submission: str, written: object, given: Review | None) -> list[object]:
    return [
        submission,
        item.id,
        "" if given is None else f"{given.points:g}",
        "" if given is None else given.comment,
        f"{item.for_a_human:g}",
        ", ".join(keywords_in(item, written)),
        text_of(written),
        "; ".join(f"{criterion.points:g}: {criterion.en}" for criterion in item.rubric),
    ]
