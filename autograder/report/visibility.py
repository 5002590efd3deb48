"""Which checks an audience may see, and which score follows from those alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from autograder.records import AssignmentInfo, CheckResult, Grade, Outcome, Visibility

Audience = Literal["student", "instructor"]


@dataclass(frozen=True)
class Withheld:
    """Checks of one visibility that are not shown: their number and worth, nothing else."""

    visibility: Visibility
    count: int
    points: float


@dataclass(frozen=True)
class Score:
    """Points to show. `complete` is False where they leave withheld checks out."""

    points: float
    max_points: float
    complete: bool


@dataclass(frozen=True)
class Viewer:
    """Who reads a report, and when.

    `now` (with a time zone) opens the checks that are shown after the due date; without it, or
    without a due date, they stay closed. `published` opens those shown after publishing, and the
    total score.
    """

    audience: Audience = "student"
    now: datetime | None = None
    published: bool = False

    def __post_init__(self) -> None:
        if self.audience not in ("student", "instructor"):
            raise ValueError(f"audience must be 'student' or 'instructor', not {self.audience!r}")
        if self.now is not None and self.now.tzinfo is None:
            raise ValueError(f"now must have a time zone, not {self.now}; use datetime.now(UTC)")

    def sees(self, visibility: Visibility, assignment: AssignmentInfo) -> bool:
        """Whether a check of this visibility is shown."""
        if self.audience == "instructor" or visibility is Visibility.VISIBLE:
            return True
        if visibility is Visibility.AFTER_DUE_DATE:
            due = due_date(assignment)
            return due is not None and self.now is not None and self.now >= due
        return visibility is Visibility.AFTER_PUBLISHED and self.published

    def split(self, grade: Grade) -> tuple[list[CheckResult], list[CheckResult]]:
        """The checks that are shown, and those that are not, in their order."""
        open_to = {v for v in Visibility if self.sees(v, grade.assignment)}
        shown = [result for result in grade.checks if result.spec.visibility in open_to]
        closed = [result for result in grade.checks if result.spec.visibility not in open_to]
        return shown, closed

    def score(self, grade: Grade) -> Score:
        """The total, or the sum over the shown checks where the total would tell of others."""
        shown, closed = self.split(grade)
        if not closed or self.published:
            return Score(grade.score, grade.max_score, complete=True)
        return Score(earned(shown), worth(shown), complete=False)


def due_date(assignment: AssignmentInfo) -> datetime | None:
    """The due date, or None; ValueError where it has no offset."""
    if assignment.due is None:
        return None
    due = datetime.fromisoformat(assignment.due)
    if due.tzinfo is None:
        raise ValueError(
            f"the due date must have an offset, not {assignment.due!r}; "
            "write it as 2025-11-21T23:59:00+03:30"
        )
    return due


def earned(results: Iterable[CheckResult]) -> float:
    """The points that `results` earned."""
    return sum(result.points for result in results)


def worth(results: Iterable[CheckResult]) -> float:
    """The points that there were to earn."""
    return sum(result.spec.points for result in results)


def grouped(closed: Iterable[CheckResult]) -> tuple[Withheld, ...]:
    """Number and worth of the withheld checks, one entry a visibility."""
    by_visibility: dict[Visibility, list[CheckResult]] = {}
    for result in closed:
        by_visibility.setdefault(result.spec.visibility, []).append(result)
    return tuple(
        Withheld(visibility, len(by_visibility[visibility]), worth(by_visibility[visibility]))
        for visibility in Visibility
        if visibility in by_visibility
    )


def waits_for_withheld(result: CheckResult, closed: Iterable[CheckResult]) -> bool:
    """Whether a check did not run, and saying why would name a check that is not shown."""
    if result.outcome is not Outcome.NOT_RUN:
        return False
    names = {other.spec.id for other in closed}
    return any(name in names for name in result.spec.requires)
