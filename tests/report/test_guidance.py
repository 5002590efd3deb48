from dataclasses import replace

from autograder.errors import FailureDetails
from autograder.records import CheckResult, Grade, Outcome
from autograder.report.guidance import where_to_start
from autograder.texts import text


def only(grade: Grade, *names: str) -> list[CheckResult]:
    return [r for r in grade.checks if r.spec.id.split("::test_")[1] in names]


def test_what_other_checks_wait_for_comes_first(sample: Grade) -> None:
    starts = where_to_start(sample.checks)
    assert [start.check_id.split("::test_")[1] for start in starts] == [
        *("gradient", "shift", "accuracy")
    ]
    assert [start.unlocks for start in starts] == [1, 0, 0]


def test_one_misconception_is_one_cause(sample: Grade) -> None:
    (start,) = where_to_start(only(sample, "shift", "large_scores"))
    assert (start.shares, start.lost) == (1, 4.0)


def test_what_stops_at_the_same_line_is_one_cause(sample: Grade) -> None:
    stopped = FailureDetails(text("Your code raised."), traceback="student.py, line 3, in loss")
    elsewhere = replace(stopped, traceback="student.py, line 9, in train")
    first, second, third = (
        replace(result, outcome=Outcome.ERROR, points=0.0, misconception=None, details=details)
        for result, details in zip(sample.checks[:3], (stopped, stopped, elsewhere), strict=True)
    )
    starts = where_to_start([first, second, third])
    assert sorted(start.shares for start in starts) == [0, 1]


def test_the_way_to_the_line_that_stops_does_not_matter(sample: Grade) -> None:
    line = "student.py, line 3, in loss\n    return a / b\nZeroDivisionError: division by zero"
    ways = (line, f"student.py, line 9, in train\n    loss(W)\n{line}")
    first, second = (
        replace(
            result,
            outcome=Outcome.ERROR,
            misconception=None,
            details=FailureDetails(text("Your code raised."), traceback=way),
        )
        for result, way in zip(sample.checks[:2], ways, strict=True)
    )
    assert [start.shares for start in where_to_start([first, second])] == [1]


def test_checks_that_wait_through_others_count_too(sample: Grade) -> None:
    waiting = only(sample, "random_batches")[0]
    further = replace(
        waiting, spec=replace(waiting.spec, id="further", requires=(waiting.spec.id,))
    )
    starts = where_to_start([*only(sample, "gradient"), waiting, further])
    assert [start.unlocks for start in starts] == [2]


def test_nothing_to_mend_gives_no_advice(sample: Grade) -> None:
    ours = replace(sample.checks[1], outcome=Outcome.INTERNAL_ERROR)
    assert where_to_start([sample.checks[0], ours, *only(sample, "random_batches")]) == ()
    assert where_to_start([]) == ()
