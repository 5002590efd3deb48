import json
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import FailureDetails
from autograder.records import EditionInfo, Grade, Outcome
from autograder.report.document import (
    encode,
    grade_from_json,
    grade_to_json,
    hint_of,
    result_document,
)
from autograder.texts import text

TOP = [
    *("schema", "assignment", "submission", "language", "status", "score", "max_score"),
    *("penalty", "seconds", "checks", "environment", "message", "notes"),
]
CHECK = [
    *("id", "title", "question", "visibility", "outcome", "points", "max_points", "message"),
    *("example", "misconception", "hint", "traceback", "seconds"),
]


def by_id(document: dict, name: str) -> dict:
    return next(check for check in document["checks"] if check["id"].endswith(name))


def test_keys_are_those_of_the_schema_in_its_order(sample: Grade) -> None:
    document = result_document(sample, "en")
    assert list(document) == TOP
    assert all(list(check) == CHECK for check in document["checks"])
    assert list(document["assignment"]) == ["id", "version"]
    assert list(document["submission"]) == ["id", "sha256"]
    assert list(document["environment"]) == [
        *("python", "numpy", "torch", "autograder", "seed", "isolation", "not_protected")
    ]
    assert document["schema"] == 1


def test_the_edition_is_told_where_there_is_one(sample: Grade) -> None:
    edition = EditionInfo("2015", {"en": "the first", "fa": "نخست"}, ("dropout",))
    assignment = replace(sample.assignment, edition=edition)
    graded = replace(sample, assignment=assignment, resembles="2018")
    told = result_document(graded, "fa")["assignment"]["edition"]
    assert told == {
        "id": "2015",
        "title": "نخست",
        "without": ["dropout"],
        "resembles": "2018",
    }
    assert grade_from_json(grade_to_json(graded)) == graded


def test_values_are_those_of_the_grade(sample: Grade) -> None:
    document = result_document(sample, "fa")
    assert document["language"] == "fa"
    assert document["submission"] == {"id": "student-07", "sha256": "9f2c" * 16}
    assert (document["status"], document["score"], document["max_score"]) == ("graded", 8.5, 26.0)
    assert document["seconds"] == 12.346
    assert document["environment"]["torch"] is None
    assert [check["outcome"] for check in document["checks"]] == [
        result.outcome.value for result in sample.checks
    ]
    assert by_id(document, "input_unchanged")["visibility"] == "hidden"


def test_message_names_the_call_and_both_values_in_the_language(sample: Grade) -> None:
    english = by_id(result_document(sample, "en"), "test_value")["message"].split("\n")
    assert english == [
        "The loss is 1 too large: it also counts the true class.",
        "called: svm_loss_naive(W, X, y, 0.0)",
        "expected: 5.266666666666667",
        "got: 6.266666666666667",
        "largest error: max |got - expected| = 1, relative 0.19",
    ]
    persian = by_id(result_document(sample, "fa"), "test_value")["message"].split("\n")
    assert persian[:3] == [
        "زیان 1 واحد بزرگ‌تر است: کلاس درست هم در جمع آمده است.",
        "فراخوانی: svm_loss_naive(W, X, y, 0.0)",
        "پاسخ درست: 5.266666666666667",
    ]


def test_an_array_starts_on_its_own_line_so_that_its_columns_align(sample: Grade) -> None:
    message = by_id(result_document(sample, "en"), "l1_of_bytes")["message"]
    assert "expected: \n[[ 40.  12.]\n [300. 251.]" in message


def test_a_passed_check_has_no_message(sample: Grade) -> None:
    passed = by_id(result_document(sample, "en"), "l1_worked_example")
    assert (passed["message"], passed["hint"], passed["misconception"]) == (None, None, None)


def test_misconception_and_hint_are_in_the_language(sample: Grade) -> None:
    check = by_id(result_document(sample, "fa"), "test_shift")
    assert check["misconception"]["id"] == "losses/softmax-no-shift"
    assert check["misconception"]["name"].startswith("امتیازها")
    assert check["hint"].startswith("آرگومان")


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.PARTIAL])
def test_the_checks_own_hint_is_for_wrong_answers(sample: Grade, outcome: Outcome) -> None:
    spec = replace(sample.checks[0].spec, hint=text("Read slide 58."))
    failed = replace(sample.checks[0], spec=spec, outcome=outcome, details=FailureDetails(text("")))
    assert hint_of(failed) == spec.hint


@pytest.mark.parametrize(
    "outcome", [Outcome.ERROR, Outcome.CRASHED, Outcome.TIMEOUT, Outcome.NOT_RUN]
)
def test_the_checks_own_hint_says_nothing_of_other_endings(sample: Grade, outcome: Outcome) -> None:
    spec = replace(sample.checks[0].spec, hint=text("Read slide 58."))
    ended = replace(sample.checks[0], spec=spec, outcome=outcome, details=FailureDetails(text("")))
    assert hint_of(ended) is None


def test_a_named_cause_takes_the_place_of_the_checks_own_hint(sample: Grade) -> None:
    named = next(result for result in sample.checks if result.misconception is not None)
    assert named.details is not None
    spec = replace(named.spec, hint=text("Read slide 58."))
    plain = replace(named, spec=spec, details=replace(named.details, hint=None))
    assert hint_of(plain) is None
    own = replace(plain, details=replace(named.details, hint=text("Divide by `N`.")))
    assert hint_of(own) == text("Divide by `N`.")


def test_the_checks_own_hint_stands_in_where_the_failure_has_none(sample: Grade) -> None:
    hint = {"en": "Read slide 58.", "fa": "اسلاید 58 را بخوانید."}
    failed = replace(sample.checks[3], spec=replace(sample.checks[3].spec, hint=hint))
    passed = replace(sample.checks[0], spec=replace(sample.checks[0].spec, hint=hint))
    document = result_document(replace(sample, checks=(failed, passed)), "en")
    assert [check["hint"] for check in document["checks"]] == ["Read slide 58.", None]


def test_students_text_is_cleaned(sample: Grade) -> None:
    document = result_document(sample, "en")
    hostile = FailureDetails(
        {"en": "a\x00b", "fa": "a"}, example="\x1b[31mx\u202e\x1b]0;title\x07", traceback="t\x07"
    )
    checks = (replace(sample.checks[1], details=hostile),)
    document = result_document(replace(sample, checks=checks, submission_id="a\nb\x1b[2J"), "en")
    assert document["checks"][0]["message"] == "a\ufffdb"
    assert document["checks"][0]["example"] == "x\ufffd"
    assert document["checks"][0]["traceback"] == "t\ufffd"
    assert document["submission"]["id"] == "a b"


def test_encoding_is_deterministic_readable_utf8(sample: Grade) -> None:
    first, second = (encode(result_document(sample, "fa")) for _ in range(2))
    assert first == second
    assert first.endswith(b"}\n")
    assert "امتیازها".encode() in first
    assert json.loads(first) == result_document(sample, "fa")
    assert list(json.loads(first)) == TOP


def test_sums_in_another_order_give_the_same_bytes(sample: Grade) -> None:
    one = encode(result_document(replace(sample, score=0.1 + 0.2 + 0.3), "en"))
    other = encode(result_document(replace(sample, score=0.3 + 0.2 + 0.1), "en"))
    assert one == other


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_score_that_is_not_finite_is_refused(sample: Grade, value: float) -> None:
    with pytest.raises(ValueError, match="score must be a finite number"):
        result_document(replace(sample, score=value), "en")
    checks = (replace(sample.checks[0], points=value),)
    with pytest.raises(ValueError, match=r"points of .*l1_worked_example must be a finite"):
        grade_to_json(replace(sample, checks=checks))


def test_an_unknown_language_is_refused(sample: Grade) -> None:
    with pytest.raises(ValueError, match="language must be one of en, fa, not 'de'"):
        result_document(sample, "de")


def test_the_whole_record_survives_storage(sample: Grade, ungradable: Grade) -> None:
    for grade in (sample, ungradable):
        assert grade_from_json(grade_to_json(grade)) == grade


@given(st.text(), st.sampled_from(Outcome), st.floats(0, 1e6), st.text() | st.none())
def test_any_text_survives_storage(
    name: str, outcome: Outcome, points: float, printed: str | None
) -> None:
    from_conftest = _sample()
    details = FailureDetails({"en": name, "fa": name}, printed=printed)
    result = replace(from_conftest.checks[0], outcome=outcome, points=points, details=details)
    grade = replace(from_conftest, checks=(result,))
    assert grade_from_json(grade_to_json(grade)) == grade


def test_a_name_that_is_not_utf8_can_be_stored_and_written(sample: Grade) -> None:
    grade = replace(sample, submission_id=b"caf\xe9".decode("utf-8", "surrogateescape"))
    assert grade_from_json(grade_to_json(grade)).submission_id == "caf?"
    assert json.loads(encode(result_document(grade, "en")))["submission"]["id"] == "caf\ufffd"


def test_a_broken_stored_grade_is_refused(sample: Grade) -> None:
    with pytest.raises(ValueError, match="not a stored grade"):
        grade_from_json(grade_to_json(sample)[:-5])
    with pytest.raises(ValueError, match="not a stored grade"):
        grade_from_json("{}")


def test_the_json_side_needs_no_template_engine() -> None:
    code = (
        "import sys, autograder.report.document as d;"
        "print([m for m in ('jinja2', 'rich', 'markupsafe', 'matplotlib') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


_grades: list[Grade] = []


@pytest.fixture(autouse=True)
def _keep(sample: Grade) -> None:
    # Hypothesis refuses function-scoped fixtures; the sample is frozen, so one will do.
    _grades[:] = [sample]


def _sample() -> Grade:
    return _grades[0]
