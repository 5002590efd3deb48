from dataclasses import replace

import pytest

from autograder.records import CheckSpec, Grade, Outcome, Status
from autograder.report.document import grade_from_json, grade_to_json
from autograder.report.summary import SummaryRow, class_view, render_summary, summary_row


def checks(grade: Grade) -> list[CheckSpec]:
    return [result.spec for result in grade.checks]


@pytest.fixture
def rows(sample: Grade, ungradable: Grade) -> list[SummaryRow]:
    """Three graded submissions with 8.5, 26 and 0 points, one ungradable, one internal error."""
    full = tuple(
        replace(r, outcome=Outcome.PASSED, points=r.spec.points, details=None)
        for r in sample.checks
    )
    none = tuple(replace(r, outcome=Outcome.FAILED, points=0.0) for r in sample.checks)
    grades = [
        sample,
        replace(sample, submission_id="student-01", checks=full, score=26.0, seconds=1.0),
        replace(sample, submission_id="student-02", checks=none, score=0.0, seconds=0.5),
        replace(ungradable, submission_id="student-03", seconds=0.1),
        replace(ungradable, submission_id="student-04", status=Status.INTERNAL_ERROR),
    ]
    return [summary_row(g, report=f"{g.submission_id}/report.html") for g in grades]


def test_figures_are_over_the_graded(sample: Grade, rows: list[SummaryRow]) -> None:
    view = class_view(rows, "en", sample.assignment, checks(sample))
    assert (view.graded, len(view.lines)) == (3, 5)
    assert view.mean == pytest.approx(34.5 / 3)
    assert (view.median, view.low, view.high) == (8.5, 0.0, 26.0)
    assert view.histogram == (1, 0, 0, 1, 0, 0, 0, 0, 0, 1)
    assert [line.submission_id for line in view.attention] == ["student-03", "student-04"]
    assert [line.submission_id for line in view.slowest][:2] == ["student-04", "student-07"]


def test_question_means_and_hardest_checks(sample: Grade, rows: list[SummaryRow]) -> None:
    view = class_view(rows, "en", sample.assignment, checks(sample))
    assert [(q.title, round(q.mean, 2), q.max_points) for q in view.questions] == [
        ("Distances between images", round(10 / 3, 2), 6.0),
        ("Multiclass SVM loss", 3.5, 9.0),
        ("Softmax loss", round(8 / 3, 2), 6.0),
        ("Training", 2.0, 5.0),
    ]
    assert [check.missed for check in view.hardest] == [2, 2, 2, 2, 2, 2, 2, 2, 1, 1]
    waiting = next(check for check in view.hardest if "random" in check.id)
    assert (waiting.not_run, waiting.title) == (1, "Gradients of random batches agree")


def test_without_the_checks_their_ids_stand_in(sample: Grade, rows: list[SummaryRow]) -> None:
    view = class_view(rows, "en", sample.assignment, ())
    assert view.questions == ()
    assert view.hardest[0].title == view.hardest[0].id


@pytest.mark.parametrize("language", ["en", "fa"])
def test_page_links_each_report_and_gives_each_reason(
    sample: Grade, rows: list[SummaryRow], language: str
) -> None:
    html = render_summary(
        rows, language=language, assignment=sample.assignment, checks=checks(sample)
    )
    for row in rows:
        assert f'href="./{row.report}"' in html
    assert html.count("hw1.ipynb") == 2
    assert f'<html lang="{language}"' in html


def test_names_in_links_are_quoted(sample: Grade) -> None:
    row = replace(summary_row(sample), submission_id="a b", report='a b#1/"ü".html')
    html = render_summary([row], language="en", assignment=sample.assignment)
    assert 'href="./a%20b%231/%22%C3%BC%22.html"' in html


@pytest.mark.parametrize("language", ["en", "fa"])
def test_an_empty_class_and_one_without_a_grade(sample: Grade, language: str) -> None:
    empty = render_summary([], language=language, assignment=sample.assignment)
    assert "<table" not in empty
    broken = replace(summary_row(sample), status=Status.UNGRADABLE, checks=(), message=None)
    one = render_summary([broken], language=language, assignment=sample.assignment)
    assert one.count("<tr>") == 4


def test_two_thousand_submissions_are_one_page(sample: Grade) -> None:
    row = summary_row(sample)
    many = (replace(row, submission_id=f"student-{n:04}", score=n % 27) for n in range(2000))
    html = render_summary(many, language="en", assignment=sample.assignment, checks=checks(sample))
    assert html.count('<th scope="row">') == 2000
    assert len(html) < 2_000_000


def test_row_holds_no_text_of_the_checks(sample: Grade) -> None:
    row = summary_row(sample)
    assert row.checks[0] == (sample.checks[0].spec.id, Outcome.PASSED, 2.0)
    again = summary_row(grade_from_json(grade_to_json(sample)))
    assert again == row
    assert all(one[0] is other[0] for one, other in zip(again.checks, row.checks, strict=True))
