"""What a report shows, before any markup: the same for HTML, Markdown and the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.errors import FailureDetails
from autograder.records import CheckResult, Environment, Grade, Outcome, Status, Visibility
from autograder.report.curves import TrainingView, curves_line, training_view
from autograder.report.document import hint_of, require_finite
from autograder.report.guidance import Start, same_stop, where_to_start
from autograder.report.language import check_language, in_language, translate
from autograder.report.untrusted import one_line, readable, readable_end
from autograder.report.visibility import (
    Score,
    Viewer,
    earned,
    grouped,
    waits_for_withheld,
    worth,
)
from autograder.report.wording import (
    ADVICE,
    INSTRUCTOR_ADVICE,
    NOT_JUDGED,
    WAITS_FOR_WITHHELD,
    isolation_warning,
    late_line,
    withheld_line,
)

BESIDE = 44
"""Values with lines up to this long stand beside each other on a page."""


@dataclass(frozen=True)
class Named:
    """A known wrong version, as the student reads it."""

    name: str
    hint: str


@dataclass(frozen=True)
class CheckView:
    """One shown check in one language, cleaned. Code fields keep their lines."""

    anchor: str
    """A name within the page: `check-3`."""
    id: str
    title: str
    outcome: Outcome
    points: float
    max_points: float
    seconds: float
    visibility: Visibility
    message: str | None = None
    call: str | None = None
    expected: str | None = None
    got: str | None = None
    where: str | None = None
    error: str | None = None
    example: str | None = None
    hint: str | None = None
    misconception: Named | None = None
    traceback: str | None = None
    printed: str | None = None
    training: TrainingView | None = None
    training_line: str | None = None
    """Its curves in a line of text."""

    @property
    def passed(self) -> bool:
        """Whether there is nothing to mend."""
        return self.outcome is Outcome.PASSED

    @property
    def wide(self) -> bool:
        """Whether expected and got are too wide to stand beside each other."""
        lines = f"{self.expected or ''}\n{self.got or ''}".split("\n")
        return max(map(len, lines)) > BESIDE


@dataclass(frozen=True)
class QuestionView:
    """A question with its shown checks."""

    anchor: str
    title: str
    checks: tuple[CheckView, ...]
    score: Score
    withheld: int
    """How many of its checks are not shown."""


@dataclass(frozen=True)
class ReportView:
    """One submission's report in one language for one reader."""

    language: str
    title: str
    submission_id: str
    sha256: str
    status: Status
    instructor: bool
    score: Score
    questions: tuple[QuestionView, ...]
    starts: tuple[tuple[Start, CheckView], ...]
    """What to mend first, with the reason."""
    message: str | None
    advice: tuple[str, ...]
    notes: tuple[str, ...]
    withheld: tuple[str, ...]
    """One sentence for each kind of check that is not shown."""
    adjusted_from: float | None
    """The sum over the checks, where the score differs from it (a late submission)."""
    late: str | None
    """How late it was handed in, and what that costs."""
    isolation: str | None
    environment: Environment
    seconds: float

    @property
    def checks(self) -> list[CheckView]:
        """All shown checks in their order."""
        return [check for question in self.questions for check in question.checks]

    @property
    def tally(self) -> Mapping[Outcome, int]:
        """How many shown checks ended in each outcome that occurs."""
        outcomes = [check.outcome for check in self.checks]
        return {outcome: outcomes.count(outcome) for outcome in Outcome if outcome in outcomes}


def build_view(grade: Grade, language: str, viewer: Viewer) -> ReportView:
    """Everything that `viewer` may read of `grade`, and nothing else."""
    check_language(language)
    require_finite(grade)
    shown, closed = viewer.split(grade)
    views = _without_repeats(
        [
            (result, _check(result, position, language, waits_for_withheld(result, closed)))
            for position, result in enumerate(shown, start=1)
        ],
        language,
    )
    by_id = {result.spec.id: view for result, view in views}
    score = viewer.score(grade)
    return ReportView(
        language=language,
        title=in_language(grade.assignment.title, language),
        submission_id=one_line(grade.submission_id),
        sha256=grade.submission_sha256,
        status=grade.status,
        instructor=viewer.audience == "instructor",
        score=score,
        questions=_questions(grade, views, closed, language, complete=score.complete),
        starts=tuple((start, by_id[start.check_id]) for start in where_to_start(shown)),
        message=None if grade.message is None else readable(in_language(grade.message, language)),
        advice=_advice(grade, language, viewer),
        notes=tuple(readable(in_language(note, language)) for note in grade.notes),
        withheld=tuple(
            withheld_line(group, grade.assignment, language) for group in grouped(closed)
        ),
        adjusted_from=_adjusted_from(grade, score),
        late=None if grade.penalty is None else late_line(grade.penalty, language),
        isolation=isolation_warning(grade.environment.isolation, language),
        environment=grade.environment,
        seconds=grade.seconds,
    )


def _without_repeats(
    views: Sequence[tuple[CheckResult, CheckView]], language: str
) -> list[tuple[CheckResult, CheckView]]:
    """The checks, those that stop where an earlier one stopped with a reference to that one."""
    first: dict[str, str] = {}
    told = []
    for result, view in views:
        stop = same_stop(result)
        if stop is not None and stop in first:
            view = _repeated(view, first[stop], language)
        elif stop is not None:
            first[stop] = view.title
        told.append((result, view))
    return told


def _repeated(view: CheckView, name: str, language: str) -> CheckView:
    message = translate(
        "{message} It is the same error, at the same line, as in the check “{name}”.",
        language,
        message=view.message or "",
        name=name,
    )
    return replace(view, message=message, example=None, hint=None, traceback=None, printed=None)


def _advice(grade: Grade, language: str, viewer: Viewer) -> tuple[str, ...]:
    advice = INSTRUCTOR_ADVICE if viewer.audience == "instructor" else ADVICE
    return tuple(translate(line, language) for line in advice.get(grade.status, ()))


def _check(result: CheckResult, position: int, language: str, nameless: bool) -> CheckView:
    spec, details = result.spec, result.details
    view = CheckView(
        anchor=f"check-{position}",
        id=spec.id,
        title=in_language(spec.title, language),
        outcome=result.outcome,
        points=result.points,
        max_points=spec.points,
        seconds=result.seconds,
        visibility=spec.visibility,
        message=_message(result, language, nameless),
    )
    if result.training is not None and not nameless:
        view = replace(
            view,
            training=training_view(result.training, language),
            training_line=curves_line(result.training, language) or None,
        )
    return view if details is None or nameless else _with_details(view, result, details, language)


def _with_details(
    view: CheckView, result: CheckResult, details: FailureDetails, language: str
) -> CheckView:
    hint = hint_of(result)
    found = result.misconception
    return replace(
        view,
        call=_code(details.call),
        expected=_rows(_code(details.expected)),
        got=_rows(_code(details.got)),
        where=_code(details.where),
        error=_code(details.error),
        example=_code(details.example),
        hint=readable(in_language(hint, language)) if hint else None,
        misconception=Named(in_language(found.name, language), in_language(found.hint, language))
        if found
        else None,
        traceback=readable_end(details.traceback) if details.traceback else None,
        printed=readable_end(details.printed) if details.printed else None,
    )


def _code(untrusted: str | None) -> str | None:
    return readable(untrusted) if untrusted else None


def _rows(shown: str | None) -> str | None:
    """The rows of a matrix below each other, where they are too wide for one line."""
    if shown is None or len(shown) <= BESIDE or not shown.startswith("[["):
        return shown
    return shown.replace("], [", "],\n [")


def _message(result: CheckResult, language: str, nameless: bool) -> str | None:
    if nameless:
        return translate(WAITS_FOR_WITHHELD, language)
    if result.details is not None:
        return readable(in_language(result.details.message, language))
    if result.outcome is Outcome.INTERNAL_ERROR:
        return translate(NOT_JUDGED, language)
    return None


def _questions(
    grade: Grade,
    shown: Sequence[tuple[CheckResult, CheckView]],
    closed: Sequence[CheckResult],
    language: str,
    *,
    complete: bool,
) -> tuple[QuestionView, ...]:
    titles = {q.id: in_language(q.title, language) for q in grade.assignment.questions}
    for result in grade.checks:
        titles.setdefault(result.spec.question, result.spec.question)
    questions = []
    for position, (name, title) in enumerate(titles.items(), start=1):
        seen = [(result, view) for result, view in shown if result.spec.question == name]
        unseen = [result for result in closed if result.spec.question == name]
        results = [result for result, _ in seen] + (unseen if complete else [])
        if seen or unseen:
            questions.append(
                QuestionView(
                    anchor=f"question-{position}",
                    title=title,
                    checks=tuple(view for _, view in seen),
                    score=Score(earned(results), worth(results), complete or not unseen),
                    withheld=len(unseen),
                )
            )
    return tuple(questions)


def _adjusted_from(grade: Grade, score: Score) -> float | None:
    total = earned(grade.checks)
    if grade.status is not Status.GRADED or not score.complete:
        return None
    return total if abs(total - grade.score) > 0.005 else None
