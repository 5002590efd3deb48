from dataclasses import replace

import pytest

from autograder.errors import FailureDetails
from autograder.records import CheckResult, Grade, Outcome, Visibility
from autograder.report.view import ReportView, build_view
from autograder.report.visibility import Viewer
from autograder.texts import text

LINE = "student.py, line 3, in loss\n    return a / b\nZeroDivisionError: division by zero"


def stopped(result: CheckResult, traceback: str) -> CheckResult:
    details = FailureDetails(
        text("Your code raised `{error}`.", error="ZeroDivisionError"),
        call="loss(W)",
        example="W = [0.]",
        hint=text("A function calls itself without an end."),
        traceback=traceback,
    )
    return replace(result, outcome=Outcome.ERROR, misconception=None, details=details)


def view_of(grade: Grade, *tracebacks: str, language: str = "en") -> ReportView:
    pairs = zip(grade.checks, tracebacks, strict=False)
    checks = tuple(
        replace(result, spec=replace(result.spec, visibility=Visibility.VISIBLE))
        for result in (stopped(*pair) for pair in pairs)
    )
    return build_view(replace(grade, checks=checks), language, Viewer())


def test_an_error_at_the_same_line_is_told_once(sample: Grade) -> None:
    longer = f"student.py, line 9, in train\n    loss(W)\n{LINE}"
    first, second = view_of(sample, LINE, longer).checks
    assert first.traceback is not None and first.example and first.hint
    assert second.message is not None
    assert second.message.startswith("Your code raised `ZeroDivisionError`.")
    assert f"“{first.title}”" in second.message
    assert second.call == "loss(W)"
    assert (second.traceback, second.example, second.hint) == (None, None, None)


def test_an_error_at_another_line_is_told_in_full(sample: Grade) -> None:
    first, second = view_of(sample, LINE, LINE.replace("line 3", "line 4")).checks
    assert second.traceback is not None and second.message == first.message


def test_an_error_refers_to_no_check_that_its_reader_cannot_see(sample: Grade) -> None:
    hidden, shown = (stopped(result, LINE) for result in sample.checks[:2])
    hidden = replace(hidden, spec=replace(hidden.spec, visibility=Visibility.HIDDEN))
    shown = replace(shown, spec=replace(shown.spec, visibility=Visibility.VISIBLE))
    (view,) = build_view(replace(sample, checks=(hidden, shown)), "en", Viewer()).checks
    assert view.traceback is not None and view.message == "Your code raised `ZeroDivisionError`."


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_reference_is_in_the_language(sample: Grade, language: str) -> None:
    first, second = view_of(sample, LINE, LINE, language=language).checks
    assert first.message is not None and second.message is not None
    assert second.message.startswith(first.message)
    assert ("It is the same error" in second.message) == (language == "en")


def test_the_rows_of_a_wide_matrix_stand_below_each_other(sample: Grade) -> None:
    wide = "[[1.25147, 1.38721, 1.37232, 1.10726], [1.12852, 1.40058, 1.19444, 1.35067]]"
    details = FailureDetails(text(""), expected=wide, got="[[1, 2], [3, 4]]")
    spec = replace(sample.checks[0].spec, visibility=Visibility.VISIBLE)
    failed = replace(sample.checks[0], spec=spec, outcome=Outcome.FAILED, details=details)
    (check,) = build_view(replace(sample, checks=(failed,)), "en", Viewer()).checks
    assert check.expected == wide.replace("], [", "],\n [")
    assert check.got == "[[1, 2], [3, 4]]"
