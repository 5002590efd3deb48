"""A late submission: its report, its result, its place in the overview, in both languages."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from autograder.records import Grade, LatePenalty
from autograder.report.document import grade_from_json, grade_to_json, result_document
from autograder.report.html import render_html
from autograder.report.markdown import render_markdown
from autograder.report.summary import render_summary, summary_row


@pytest.fixture
def late(sample: Grade) -> Grade:
    """The sample, handed in a day and an hour late: 20 % of its 8.5 points are lost."""
    penalty = LatePenalty("2025-11-23T00:59:00+03:30", days=2, share=0.2, points=1.7)
    return replace(sample, score=6.8, penalty=penalty)


def test_the_result_tells_the_score_before_and_after(late: Grade) -> None:
    document = result_document(late, "en")
    assert document["score"] == 6.8
    assert document["penalty"] == {
        "submitted": "2025-11-23T00:59:00+03:30",
        "days_late": 2,
        "share": 0.2,
        "points": 1.7,
        "score_before": 8.5,
    }


def test_who_is_in_time_has_no_penalty(sample: Grade) -> None:
    assert result_document(sample, "en")["penalty"] is None
    assert "late" not in render_markdown(sample, language="en", audience="instructor")


def test_the_penalty_survives_the_gradebook(late: Grade) -> None:
    assert grade_from_json(grade_to_json(late)) == late


@pytest.mark.parametrize("render", [render_html, render_markdown], ids=["html", "markdown"])
def test_the_report_says_how_late_and_what_it_costs(late: Grade, render) -> None:
    english = render(late, language="en", audience="instructor")
    assert "Handed in 2 days late, on 23 Nov 2025, 00:59: 20% of the points" in english
    assert "The checks give 8.5 points" in english
    persian = render(late, language="fa", audience="instructor")
    assert "۲ روز تأخیر" in persian
    assert "۲۰٪" in persian
    assert "۲ آذر ۱۴۰۴" in persian


def test_hidden_points_are_not_told_by_the_penalty(late: Grade) -> None:
    page = render_markdown(late, language="en", now=datetime(2025, 1, 1, tzinfo=UTC))
    assert "20% of the points are taken off" in page
    assert "The checks give" not in page
    assert "1.7" not in page


def test_the_overview_marks_who_is_late(late: Grade, sample: Grade) -> None:
    rows = [summary_row(late), summary_row(replace(sample, submission_id="student-08"))]
    page = render_summary(rows, language="en", assignment=late.assignment)
    assert page.count("late: −1.7") == 1
    persian = render_summary(rows, language="fa", assignment=late.assignment)
    assert "تأخیر: ۱٫۷−" in persian
