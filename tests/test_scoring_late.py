"""What handing in after the due date costs."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.assignment import LatePolicy
from autograder.records import (
    AssignmentInfo,
    CheckResult,
    CheckSpec,
    Environment,
    Grade,
    Isolation,
    LatePenalty,
    Outcome,
    Status,
    Visibility,
)
from autograder.scoring import days_late, with_lateness
from autograder.texts import plain

TEHRAN = timezone(timedelta(hours=3, minutes=30))
DUE = datetime(2026, 12, 1, 23, 59, tzinfo=TEHRAN)
POLICY = LatePolicy(per_day=0.1, grace_minutes=15, max_days=3)


def make_grade(*points: float, status: Status = Status.GRADED) -> Grade:
    checks = tuple(
        CheckResult(
            CheckSpec(f"test_a.py::test_{i}", plain("a"), "q1", Visibility.VISIBLE, value),
            Outcome.PASSED,
            value,
            0.0,
        )
        for i, value in enumerate(points)
    )
    return Grade(
        assignment=AssignmentInfo("a", "1", plain("A"), (), max_score=10.0, due=DUE.isoformat()),
        submission_id="student-01",
        submission_sha256="0" * 64,
        status=status,
        score=sum(points),
        max_score=10.0,
        seconds=0.0,
        checks=checks,
        environment=Environment("3.11", "2.0", None, "0.1", 1, Isolation.FULL),
    )


@pytest.mark.parametrize(
    ("minutes", "days"),
    [(-600, 0), (0, 0), (15, 0), (16, 1), (24 * 60, 1), (24 * 60 + 1, 2), (72 * 60, 3)],
)
def test_every_day_begun_counts_and_the_grace_only_forgives(minutes: int, days: int) -> None:
    assert days_late(POLICY, DUE, DUE + timedelta(minutes=minutes)) == days


def test_times_are_compared_across_offsets() -> None:
    utc = datetime(2026, 12, 1, 20, 29, tzinfo=timezone.utc)  # noqa: UP017 - beside another offset
    assert days_late(LatePolicy(per_day=0.1), DUE, utc) == 0
    assert days_late(LatePolicy(per_day=0.1), DUE, utc + timedelta(seconds=1)) == 1


def test_the_penalty_is_a_part_of_the_earned_points() -> None:
    submitted = DUE + timedelta(days=1, hours=1)
    late = with_lateness(make_grade(5.0, 3.0), POLICY, DUE, submitted)
    assert late.penalty == LatePenalty(submitted.isoformat(), days=2, share=0.2, points=1.6)
    assert late.score == 6.4
    assert late.max_score == 10.0


def test_after_the_last_day_nothing_is_earned() -> None:
    late = with_lateness(make_grade(8.0), POLICY, DUE, DUE + timedelta(days=3, hours=1))
    assert late.score == 0.0
    assert late.penalty is not None
    assert (late.penalty.days, late.penalty.share, late.penalty.points) == (4, 1.0, 8.0)


def test_a_penalty_never_takes_more_than_everything() -> None:
    policy = LatePolicy(per_day=0.4)
    late = with_lateness(make_grade(8.0), policy, DUE, DUE + timedelta(days=2, hours=1))
    assert late.score == 0.0


@pytest.mark.parametrize(
    ("policy", "due", "submitted"),
    [
        pytest.param(None, DUE, DUE + timedelta(days=9), id="no policy"),
        pytest.param(POLICY, None, DUE + timedelta(days=9), id="no due date"),
        pytest.param(POLICY, DUE, None, id="no time"),
        pytest.param(POLICY, DUE, DUE, id="in time"),
    ],
)
def test_nobody_is_late_without_a_reason(
    policy: LatePolicy | None, due: datetime | None, submitted: datetime | None
) -> None:
    grade = make_grade(5.0, 3.0)
    assert with_lateness(grade, policy, due, submitted) == grade


@pytest.mark.parametrize("status", [Status.UNGRADABLE, Status.INTERNAL_ERROR])
def test_what_has_no_score_has_no_penalty(status: Status) -> None:
    grade = make_grade(status=status)
    assert with_lateness(grade, POLICY, DUE, DUE + timedelta(days=2)) == grade


@given(
    points=st.lists(st.integers(0, 500).map(lambda cents: cents / 100), max_size=5),
    minutes=st.lists(st.integers(-1000, 10_000), min_size=1, max_size=4),
)
def test_only_the_last_time_counts(points: list[float], minutes: list[int]) -> None:
    fresh = grade = make_grade(*points)
    for late in minutes:
        grade = with_lateness(grade, POLICY, DUE, DUE + timedelta(minutes=late))
    assert grade == with_lateness(fresh, POLICY, DUE, DUE + timedelta(minutes=minutes[-1]))
    assert 0.0 <= grade.score <= fresh.score + 1e-9
