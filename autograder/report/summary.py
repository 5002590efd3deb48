"""The class at a glance for the instructor: one page over all submissions of an assignment."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from sys import intern
from urllib.parse import quote

from autograder.records import AssignmentInfo, CheckSpec, Grade, Outcome, Status
from autograder.report.html import environment, stylesheet
from autograder.report.language import in_language, share_of
from autograder.report.untrusted import one_line, readable
from autograder.texts import Text

BINS = 10
_SLOWEST = 5
_HARDEST = 10


@dataclass(frozen=True)
class SummaryRow:
    """What the overview keeps of one submission: thousands of these fit in memory."""

    submission_id: str
    status: Status
    score: float
    max_score: float
    seconds: float
    checks: tuple[tuple[str, Outcome, float], ...] = ()
    """Id, outcome and points of each check."""
    message: Text | None = None
    """Why it is ungradable, or ended in an internal error."""
    report: str | None = None
    """The path of its report, relative to the overview's own folder."""
    late_points: float = 0.0
    """Points that it lost for being late; the score is what is left."""
    resembles: str | None = None
    """Another edition of the assignment that it looks like."""


def summary_row(grade: Grade, *, report: str | None = None) -> SummaryRow:
    """The row of one grade; its report is at `report`, a path relative to the overview."""
    return SummaryRow(
        submission_id=grade.submission_id,
        status=grade.status,
        score=grade.score,
        max_score=grade.max_score,
        seconds=grade.seconds,
        checks=tuple((intern(r.spec.id), r.outcome, r.points) for r in grade.checks),
        message=grade.message,
        report=report,
        late_points=0.0 if grade.penalty is None else grade.penalty.points,
        resembles=grade.resembles,
    )


@dataclass(frozen=True)
class QuestionMean:
    """How the class did on one question, over the graded submissions."""

    title: str
    mean: float
    max_points: float


@dataclass(frozen=True)
class HardCheck:
    """A check that many did not pass."""

    id: str
    title: str
    missed: int
    """Submissions in which it did not pass; `not_run` of these never reached it."""
    not_run: int
    mean: float
    max_points: float


@dataclass(frozen=True)
class Line:
    """One submission as a line of the table."""

    submission_id: str
    status: Status
    score: float
    max_score: float
    seconds: float
    message: str | None
    href: str | None
    late_points: float


@dataclass(frozen=True)
class ClassView:
    """What the overview shows."""

    title: str
    lines: tuple[Line, ...]
    graded: int
    mean: float
    median: float
    low: float
    high: float
    max_score: float
    histogram: tuple[int, ...]
    """Graded submissions in each tenth of the full score; full marks count in the last."""
    questions: tuple[QuestionMean, ...]
    hardest: tuple[HardCheck, ...]
    attention: tuple[Line, ...]
    """Ungradable submissions and internal errors."""
    slowest: tuple[Line, ...]
    seconds: float


def render_summary(
    rows: Iterable[SummaryRow],
    *,
    language: str,
    assignment: AssignmentInfo,
    checks: Sequence[CheckSpec] = (),
) -> str:
    """The overview as one self-contained HTML page.

    `checks` are the assignment's collected checks; they give the questions' means and the titles
    of the hardest checks. Means are over the graded submissions alone.
    """
    template = environment(language).get_template("summary.html.j2")
    view = class_view(list(rows), language, assignment, checks)
    return template.render(view=view, style=stylesheet("report.css", "summary.css"))


def class_view(
    rows: Sequence[SummaryRow],
    language: str,
    assignment: AssignmentInfo,
    checks: Sequence[CheckSpec],
) -> ClassView:
    """The figures of the overview."""
    graded = [row for row in rows if row.status is Status.GRADED]
    scores = [row.score for row in graded] or [0.0]
    lines = sorted((_line(row, language) for row in rows), key=lambda line: line.submission_id)
    return ClassView(
        title=in_language(assignment.title, language),
        lines=tuple(lines),
        graded=len(graded),
        mean=statistics.fmean(scores),
        median=statistics.median(scores),
        low=min(scores),
        high=max(scores),
        max_score=assignment.max_score,
        histogram=_histogram(graded),
        questions=_question_means(graded, language, assignment, checks),
        hardest=_hardest(graded, language, checks),
        attention=tuple(line for line in lines if line.status is not Status.GRADED),
        slowest=tuple(sorted(lines, key=lambda line: -line.seconds)[:_SLOWEST]),
        seconds=sum(row.seconds for row in rows),
    )


def _line(row: SummaryRow, language: str) -> Line:
    return Line(
        submission_id=one_line(row.submission_id),
        status=row.status,
        score=row.score,
        max_score=row.max_score,
        seconds=row.seconds,
        message=readable(in_language(row.message, language)) if row.message else None,
        # A leading `./` keeps a name such as `javascript:x` from being read as a scheme.
        href="./" + quote(row.report, errors="replace") if row.report else None,
        late_points=row.late_points,
    )


def _histogram(graded: Iterable[SummaryRow]) -> tuple[int, ...]:
    counts = [0] * BINS
    for row in graded:
        counts[min(BINS - 1, int(share_of(row.score, row.max_score) * BINS + 1e-9))] += 1
    return tuple(counts)


def _question_means(
    graded: Sequence[SummaryRow],
    language: str,
    assignment: AssignmentInfo,
    checks: Sequence[CheckSpec],
) -> tuple[QuestionMean, ...]:
    if not graded:
        return ()
    question_of = {spec.id: spec.question for spec in checks}
    earned: dict[str, float] = {}
    for row in graded:
        for name, _, points in row.checks:
            question = question_of.get(name, "")
            earned[question] = earned.get(question, 0.0) + points
    worth: dict[str, float] = {}
    for spec in checks:
        worth[spec.question] = worth.get(spec.question, 0.0) + spec.points
    titles = {
        question.id: in_language(question.title, language) for question in assignment.questions
    }
    return tuple(
        QuestionMean(titles.get(name, name), earned.get(name, 0.0) / len(graded), worth[name])
        for name in [*(q for q in titles if q in worth), *(q for q in worth if q not in titles)]
    )


def _hardest(
    graded: Sequence[SummaryRow], language: str, checks: Sequence[CheckSpec]
) -> tuple[HardCheck, ...]:
    specs: Mapping[str, CheckSpec] = {spec.id: spec for spec in checks}
    missed: dict[str, int] = {}
    not_run: dict[str, int] = {}
    points: dict[str, float] = {}
    for row in graded:
        for name, outcome, earned in row.checks:
            points[name] = points.get(name, 0.0) + earned
            missed[name] = missed.get(name, 0) + (outcome is not Outcome.PASSED)
            not_run[name] = not_run.get(name, 0) + (outcome is Outcome.NOT_RUN)
    hard = [
        HardCheck(
            id=name,
            title=in_language(specs[name].title, language) if name in specs else name,
            missed=count,
            not_run=not_run[name],
            mean=points[name] / len(graded),
            max_points=specs[name].points if name in specs else 0.0,
        )
        for name, count in missed.items()
        if count
    ]
    return tuple(sorted(hard, key=lambda check: (-check.missed, check.id))[:_HARDEST])
