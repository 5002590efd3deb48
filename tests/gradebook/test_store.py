"""What is stored comes back, and what is graded is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from autograder.errors import AutograderError
from autograder.gradebook import GradedContent, open_gradebook
from autograder.gradebook.store import Gradebook
from autograder.records import Grade, Status

ASSIGNMENT = "linear_classifiers"
VERSION = "1+3f9a0c2e71b4"
SHA = "a" * 64

MakeGrade = Callable[..., Grade]


@pytest.fixture
def gradebook(url: str) -> Iterator[Gradebook]:
    with open_gradebook(url) as opened:
        yield opened


def test_a_stored_result_comes_back_whole(gradebook: Gradebook, make_grade: MakeGrade) -> None:
    document = '{"en": "right", "fa": "درست", "zero": "\\u0000"}'.encode() + b"\x00\xff"
    before = datetime.now(UTC)
    gradebook.store(make_grade("دانشجو ۱", score=0.1), document)
    found = gradebook.find(ASSIGNMENT, VERSION, "دانشجو ۱", SHA)
    assert found is not None
    assert (found.assignment_id, found.version) == (ASSIGNMENT, VERSION)
    assert (found.submission_id, found.sha256) == ("دانشجو ۱", SHA)
    assert (found.status, found.score, found.max_score) == (Status.GRADED, 0.1, 10.0)
    assert found.seconds == 0.25
    assert found.document == document
    assert before <= found.created <= datetime.now(UTC)
    assert found.created.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "asked",
    [
        ("another", VERSION, "student-01", SHA),
        (ASSIGNMENT, "2", "student-01", SHA),
        (ASSIGNMENT, VERSION, "student-02", SHA),
        (ASSIGNMENT, VERSION, "student-01", "b" * 64),
    ],
)
def test_other_content_is_not_found(
    gradebook: Gradebook, make_grade: MakeGrade, asked: tuple[str, str, str, str]
) -> None:
    gradebook.store(make_grade(), b"{}")
    assert gradebook.find(*asked) is None


@pytest.mark.parametrize("status", Status)
def test_only_an_internal_error_is_graded_again(
    gradebook: Gradebook, make_grade: MakeGrade, status: Status
) -> None:
    gradebook.store(make_grade(status=status), b"{}")
    skipped = status is not Status.INTERNAL_ERROR
    assert (gradebook.find(ASSIGNMENT, VERSION, "student-01", SHA) is not None) == skipped
    assert gradebook.graded(ASSIGNMENT, VERSION) == (
        {"student-01": GradedContent(SHA, status)} if skipped else {}
    )
    assert [result.status for result in gradebook.results(ASSIGNMENT)] == [status]


def test_a_whole_class_is_found_at_once(gradebook: Gradebook, make_grade: MakeGrade) -> None:
    gradebook.store(make_grade("student-01", sha256="1" * 64), b"{}")
    gradebook.store(make_grade("student-02", sha256="2" * 64, status=Status.UNGRADABLE), b"{}")
    gradebook.store(make_grade("student-03", version="2"), b"{}")
    gradebook.store(make_grade("student-04", assignment_id="another"), b"{}")
    assert gradebook.graded(ASSIGNMENT, VERSION) == {
        "student-01": GradedContent("1" * 64, Status.GRADED),
        "student-02": GradedContent("2" * 64, Status.UNGRADABLE),
    }


def test_a_newer_result_takes_the_place_of_the_older(
    gradebook: Gradebook, make_grade: MakeGrade
) -> None:
    gradebook.store(make_grade(score=1.0), b"first")
    gradebook.store(make_grade(score=2.0, sha256="b" * 64), b"second")
    assert gradebook.find(ASSIGNMENT, VERSION, "student-01", SHA) is None
    (result,) = gradebook.results(ASSIGNMENT)
    assert (result.score, result.document) == (2.0, b"second")


def test_an_internal_error_takes_the_place_of_a_result_and_gives_it_back(
    gradebook: Gradebook, make_grade: MakeGrade
) -> None:
    gradebook.store(make_grade(), b"first")
    gradebook.store(make_grade(status=Status.INTERNAL_ERROR, score=0.0), b"broken")
    assert gradebook.graded(ASSIGNMENT, VERSION) == {}
    gradebook.store(make_grade(), b"third")
    assert [result.document for result in gradebook.results(ASSIGNMENT)] == [b"third"]
    statuses = [line.status for line in gradebook.history(ASSIGNMENT, "student-01")]
    assert statuses == [Status.GRADED, Status.INTERNAL_ERROR, Status.GRADED]


def test_another_version_keeps_the_results_of_the_first(
    gradebook: Gradebook, make_grade: MakeGrade
) -> None:
    for version in ("1", "2"):
        for student in ("student-02", "student-01"):
            gradebook.store(make_grade(student, version=version), version.encode())
    assert [(r.submission_id, r.version) for r in gradebook.results(ASSIGNMENT)] == [
        ("student-01", "1"),
        ("student-01", "2"),
        ("student-02", "1"),
        ("student-02", "2"),
    ]
    assert [r.document for r in gradebook.results(ASSIGNMENT, "2")] == [b"2", b"2"]
    assert list(gradebook.results(ASSIGNMENT, "3")) == []


def test_the_latest_result_of_each_submission_may_be_of_any_version(
    gradebook: Gradebook, make_grade: MakeGrade
) -> None:
    for student, version in (("01", "1"), ("01", "2"), ("02", "2"), ("02", "1"), ("03", "1")):
        gradebook.store(make_grade(f"student-{student}", version=version), b"{}")
    latest = [(result.submission_id, result.version) for result in gradebook.latest(ASSIGNMENT)]
    assert latest == [("student-01", "2"), ("student-02", "1"), ("student-03", "1")]
    assert list(gradebook.latest("another")) == []


def test_the_assignments_are_those_that_have_results(
    gradebook: Gradebook, make_grade: MakeGrade
) -> None:
    assert gradebook.assignments() == []
    for assignment_id, version in (("losses", "1"), ("kernels", "1"), ("losses", "2")):
        gradebook.store(make_grade(assignment_id=assignment_id, version=version), b"{}")
    assert gradebook.assignments() == ["kernels", "losses"]


def test_more_results_than_are_read_at_once_all_come(
    gradebook: Gradebook, make_grade: MakeGrade
) -> None:
    names = [f"student-{number:03}" for number in range(120)]
    for name in names:
        gradebook.store(make_grade(name), name.encode())
    found = [(result.submission_id, result.document) for result in gradebook.results(ASSIGNMENT)]
    assert found == [(name, name.encode()) for name in names]


def test_one_may_store_while_results_are_read(gradebook: Gradebook, make_grade: MakeGrade) -> None:
    for number in range(60):
        gradebook.store(make_grade(f"student-{number:02}", score=1.0), b"{}")
    for result in gradebook.results(ASSIGNMENT):
        gradebook.store(make_grade(result.submission_id, score=2.0), b"{}")
    assert {result.score for result in gradebook.results(ASSIGNMENT)} == {2.0}


def test_the_history_has_every_result_and_tells_which_is_in_force(
    gradebook: Gradebook, make_grade: MakeGrade
) -> None:
    gradebook.store(make_grade(score=1.0), b"{}")
    gradebook.store(make_grade(score=2.0, sha256="b" * 64), b"{}")
    gradebook.store(make_grade(score=3.0, version="2"), b"{}")
    gradebook.store(make_grade("student-02", score=9.0), b"{}")
    lines = gradebook.history(ASSIGNMENT, "student-01")
    assert [(line.version, line.sha256, line.score) for line in lines] == [
        (VERSION, SHA, 1.0),
        (VERSION, "b" * 64, 2.0),
        ("2", SHA, 3.0),
    ]
    assert lines[0].replaced == lines[1].created
    assert [line.replaced is None for line in lines] == [False, True, True]
    assert gradebook.history(ASSIGNMENT, "student-03") == []


def test_the_same_outcome_again_makes_no_history_but_renews_the_document(
    gradebook: Gradebook, make_grade: MakeGrade
) -> None:
    gradebook.store(make_grade(), b"first")
    gradebook.store(make_grade(), b"second")
    assert len(gradebook.history(ASSIGNMENT, "student-01")) == 1
    assert [result.document for result in gradebook.results(ASSIGNMENT)] == [b"second"]


def test_results_outlive_the_gradebook_that_stored_them(url: str, make_grade: MakeGrade) -> None:
    with open_gradebook(url) as gradebook:
        gradebook.store(make_grade(), b"{}")
    with open_gradebook(url) as gradebook:
        assert gradebook.find(ASSIGNMENT, VERSION, "student-01", SHA) is not None


def test_a_result_that_the_database_refuses_leaves_the_older_one_in_place(
    gradebook: Gradebook, make_grade: MakeGrade
) -> None:
    gradebook.store(make_grade(), b"first")
    with pytest.raises(AutograderError) as caught:
        gradebook.store(make_grade(sha256="b" * 64), None)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    assert [result.document for result in gradebook.results(ASSIGNMENT)] == [b"first"]
    assert len(gradebook.history(ASSIGNMENT, "student-01")) == 1
