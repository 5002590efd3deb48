from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO

import pytest
from rich.console import Console

from autograder.errors import FailureDetails
from autograder.records import CheckResult, Grade, Outcome, Visibility
from autograder.report.html import render_html
from autograder.report.markdown import render_markdown
from autograder.report.terminal import render_terminal
from autograder.report.view import build_view
from autograder.report.visibility import Viewer, Withheld, grouped
from autograder.texts import text

EARLY = datetime(2025, 12, 1, 20, 28, 59, tzinfo=UTC)
DUE = datetime(2025, 12, 1, 20, 29, tzinfo=UTC)  # 23:59 in Tehran
SECRETS = ("SECRET-TITLE-A", "SECRET-MESSAGE-A", "SECRET-TITLE-B", "test_input_unchanged")


def terminal(grade: Grade, **options: object) -> str:
    shown = StringIO()
    Console(file=shown, width=100).print(render_terminal(grade, **options))
    return shown.getvalue()


RENDERERS = [render_html, render_markdown, terminal]
Render = Callable[..., str]


def shown_ids(grade: Grade, viewer: Viewer) -> set[str]:
    return {check.id.split("::test_")[1] for check in build_view(grade, "en", viewer).checks}


def test_a_student_sees_visible_checks_only(sample: Grade) -> None:
    hidden = {"no_loops_agrees", "input_unchanged", "other_seed"}
    every = {result.spec.id.split("::test_")[1] for result in sample.checks}
    assert shown_ids(sample, Viewer("student", EARLY)) == every - hidden


def test_checks_open_at_the_due_date_and_not_a_minute_before(sample: Grade) -> None:
    assert "no_loops_agrees" not in shown_ids(sample, Viewer("student", EARLY))
    assert "no_loops_agrees" in shown_ids(sample, Viewer("student", DUE))


def test_without_a_clock_or_a_due_date_such_checks_stay_closed(sample: Grade) -> None:
    endless = replace(sample, assignment=replace(sample.assignment, due=None))
    assert "no_loops_agrees" not in shown_ids(sample, Viewer("student"))
    assert "no_loops_agrees" not in shown_ids(endless, Viewer("student", DUE))
    assert "no_loops_agrees" not in shown_ids(endless, Viewer("student", DUE, published=True))


def test_publishing_opens_its_checks_and_not_the_hidden_ones(sample: Grade) -> None:
    shown = shown_ids(sample, Viewer("student", EARLY, published=True))
    assert "other_seed" in shown
    assert "input_unchanged" not in shown


def test_the_instructor_sees_all(sample: Grade) -> None:
    assert len(shown_ids(sample, Viewer("instructor"))) == len(sample.checks)


def test_a_withheld_check_leaves_the_total_out(sample: Grade) -> None:
    score = Viewer("student", EARLY).score(sample)
    assert (score.points, score.max_points, score.complete) == (5.5, 22.0, False)


def test_the_total_shows_once_nothing_is_withheld_or_it_is_published(sample: Grade) -> None:
    published = Viewer("student", EARLY, published=True).score(sample)
    assert (published.points, published.max_points, published.complete) == (8.5, 26.0, True)
    visible = tuple(
        replace(r, spec=replace(r.spec, visibility=Visibility.VISIBLE)) for r in sample.checks
    )
    assert Viewer("student").score(replace(sample, checks=visible)).complete


@pytest.mark.parametrize("render", RENDERERS)
@pytest.mark.parametrize("language", ["en", "fa"])
def test_nothing_of_a_withheld_check_is_rendered(
    sample: Grade, render: Render, language: str
) -> None:
    shown = render(sample, language=language, now=EARLY)
    assert not [secret for secret in (*SECRETS, "no_loops_agrees") if secret in shown]


@pytest.mark.parametrize("render", RENDERERS)
@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_report_is_the_same_whatever_the_withheld_outcomes(
    sample: Grade, render: Render, language: str
) -> None:
    """The strongest form: no byte of what a student reads depends on a withheld outcome."""
    _, closed = Viewer("student", EARLY).split(sample)
    turned = tuple(_turned(r) if r in closed else r for r in sample.checks)
    other = replace(sample, checks=turned, score=sum(r.points for r in turned), seconds=99.0)
    assert other.score != sample.score
    options = {"language": language, "now": EARLY}
    assert render(other, **options) == render(sample, **options)


def _turned(result: CheckResult) -> CheckResult:
    if result.outcome is Outcome.PASSED:
        return replace(result, outcome=Outcome.TIMEOUT, points=0.0, seconds=50.0)
    return replace(result, outcome=Outcome.PASSED, points=result.spec.points, details=None)


@pytest.mark.parametrize("render", RENDERERS)
def test_the_instructors_copy_tells_all(sample: Grade, render: Render) -> None:
    shown = render(sample, language="en", audience="instructor")
    assert all(secret in shown for secret in ("SECRET-TITLE-A", "SECRET-MESSAGE-A"))


@pytest.mark.parametrize("render", RENDERERS)
def test_a_check_that_waits_for_a_withheld_one_does_not_name_it(
    sample: Grade, render: Render
) -> None:
    hidden = next(r for r in sample.checks if r.spec.visibility is Visibility.HIDDEN)
    waiting = replace(
        sample.checks[0],
        spec=replace(sample.checks[0].spec, requires=(hidden.spec.id,)),
        outcome=Outcome.NOT_RUN,
        points=0.0,
        details=FailureDetails(
            text(
                "Not run: it builds on the check “{name}”, which did not pass.",
                name=hidden.spec.title["en"],
            )
        ),
    )
    shown = render(replace(sample, checks=(waiting, hidden)), language="en")
    assert "it builds on a check that is not shown" in " ".join(shown.split())
    assert "SECRET" not in shown


def test_a_late_penalty_is_explained_where_the_total_is_shown(sample: Grade) -> None:
    late = replace(sample, score=6.5)
    assert "The checks give 8.5 points" in render_html(late, language="en", audience="instructor")
    assert "The checks give" not in render_html(late, language="en")


def test_withheld_checks_are_counted_by_kind(sample: Grade) -> None:
    _, closed = Viewer("student", EARLY).split(sample)
    assert grouped(closed) == (
        Withheld(Visibility.AFTER_DUE_DATE, 1, 2.0),
        Withheld(Visibility.AFTER_PUBLISHED, 1, 1.0),
        Withheld(Visibility.HIDDEN, 1, 1.0),
    )
    assert build_view(sample, "en", Viewer("student", EARLY)).withheld == (
        "Shown after the due date, 1 Dec 2025, 23:59: 1 check (2 points).",
        "Shown when the grades are published: 1 check (1 point).",
        "Not shown to students: 1 check (1 point).",
    )


def test_wrong_arguments_are_refused(sample: Grade) -> None:
    with pytest.raises(ValueError, match="audience must be 'student' or 'instructor', not 'all'"):
        render_html(sample, language="en", audience="all")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="now must have a time zone"):
        render_html(sample, language="en", now=datetime(2025, 1, 1))
    unzoned = replace(sample, assignment=replace(sample.assignment, due="2025-12-01T23:59:00"))
    with pytest.raises(ValueError, match="the due date must have an offset"):
        render_html(unzoned, language="en", now=DUE)
