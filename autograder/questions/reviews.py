"""What a human gave for the answers that only a human can judge: a CSV file.

::

    submission,item,points,comment
    student-01,h1,4,"The pruning during training is missing."

Points are those for a human (`reason_points`, or all of a text's).
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import UsageError
from autograder.questions.items import Item
from autograder.texts import clean

COLUMNS = ("submission", "item", "points", "comment")


@dataclass(frozen=True)
class Review:
    """What a human gave for one answer."""

    points: float
    comment: str = ""


@dataclass(frozen=True)
class Reviews:
    """All reviews of a class: submission -> item -> review."""

    by_submission: Mapping[str, Mapping[str, Review]] = field(default_factory=dict)

    def of(self, submission: str) -> Mapping[str, Review]:
        """The reviews of one submission, by item."""
        return self.by_submission.get(submission, {})


def read_reviews(path: Path, items: Mapping[str, Item]) -> Reviews:
    """Read a file of reviews. Raises `UsageError`: which line, what, the mend."""
    try:
        written = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: not UTF-8; export the table as CSV in UTF-8") from None
    try:
        return _read_rows(path, written, items)
    except csv.Error as error:
        raise UsageError(f"{path}: not a CSV file ({error}); export the table as CSV") from None


def _read_rows(path: Path, written: str, items: Mapping[str, Item]) -> Reviews:
    reader = csv.DictReader(io.StringIO(written, newline=""))
    missing = set(COLUMNS[:3]) - set(reader.fieldnames or ())
    if missing:
        raise UsageError(f"{path}: no column {sorted(missing)[0]!r}; it has {', '.join(COLUMNS)}")
    found: dict[str, dict[str, Review]] = {}
    for row in reader:
        where = f"{path}, line {reader.line_num}"
        submission, name = (
            (row["submission"] or "").strip().removeprefix("'"),
            (row["item"] or "").strip(),
        )
        points = (row["points"] or "").strip()
        if not points:
            continue  # not read yet
        if name not in items or items[name].for_a_human == 0:
            raise UsageError(f"{where}: {name!r} is no question that a human reads")
        reviews = found.setdefault(submission, {})
        if name in reviews:
            raise UsageError(f"{where}: a second review of {name!r} of {submission}; keep one")
        comment = clean((row.get("comment") or "").strip(), limit=2000)
        reviews[name] = Review(_points(points, items[name], where), comment)
    return Reviews(found)


def _points(written: str, item: Item, where: str) -> float:
    try:
        points = float(written)
    except ValueError:
        raise UsageError(f"{where}: points = {written!r} is not a number") from None
    if not math.isfinite(points) or not 0 <= points <= item.for_a_human:
        raise UsageError(f"{where}: points = {written}; {item.id!r} has 0 to {item.for_a_human:g}")
    return points
