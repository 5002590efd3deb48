from types import SimpleNamespace

import pytest

from autograder.checks import check_value
from autograder.checks.partial import parts
from autograder.errors import (
    CheckFailure,
    FailureDetails,
    StudentError,
    SubjectTimeout,
)
from autograder.texts import text


def student_error():
    return StudentError(FailureDetails(text("It raised.")), kind="ZeroDivisionError")


def test_all_parts_right_pass():
    with parts() as part:
        with part(1, "the loss"):
            check_value(1.0, 1.0)
        with part(3, "the gradient"):
            check_value(2.0, 2.0)


def test_a_wrong_part_costs_its_weight_and_the_next_parts_run():
    ran = []
    with pytest.raises(CheckFailure) as caught, parts() as part:
        with part(1, "the loss"):
            check_value(3.0, 1.0, what="the loss")
        with part(2, "the gradient"):
            check_value(1.0, 1.0)
            ran.append("gradient")
        with part(1, "the scores"):
            ran.append("scores")
    assert ran == ["gradient", "scores"]
    assert caught.value.fraction == 0.75
    assert caught.value.details.message["en"] == (
        "Right: the gradient, the scores. Wrong: the loss. The value of the loss is wrong."
    )
    assert caught.value.details.message["fa"] == (
        "درست: گرادیان، امتیازها. نادرست: هزینه. مقدار هزینه درست نیست."
    )
    assert (caught.value.details.expected, caught.value.details.got) == ("1", "3")


def test_a_part_with_a_fraction_of_its_own_earns_it():
    with pytest.raises(CheckFailure) as caught, parts() as part:
        with part(2, "the loss"):
            raise CheckFailure(FailureDetails(text("It is 0.")), fraction=0.5)
        with part(2, "the gradient"):
            check_value(0.0, 1.0)
    assert caught.value.fraction == 0.25


def test_a_bare_assertion_is_a_wrong_part():
    with pytest.raises(CheckFailure) as caught, parts() as part:
        with part(1, "the loss"):
            raise AssertionError("loss fell")
        with part(1, "the gradient"):
            pass
    assert caught.value.fraction == 0.5
    assert caught.value.details.message["en"] == (
        "Right: the gradient. Wrong: the loss. The answer is not what the check expects."
    )
    assert caught.value.details.got == "loss fell"


def test_where_the_code_raised_in_every_part_the_check_is_an_error():
    with pytest.raises(StudentError, match="It raised"), parts() as part:
        with part(1, "the loss"):
            raise student_error()
        with part(1, "the gradient"):
            raise student_error()


def test_an_error_in_one_part_leaves_the_others_their_points():
    with pytest.raises(CheckFailure) as caught, parts() as part:
        with part(1, "the loss"):
            pass
        with part(1, "the gradient"):
            raise student_error()
    assert caught.value.fraction == 0.5
    assert caught.value.details.message["en"] == "Right: the loss. Wrong: the gradient. It raised."


def test_a_lost_process_ends_the_check_at_once():
    ran = []
    lost = SubjectTimeout(FailureDetails(text("It is 0.")))
    with pytest.raises(SubjectTimeout), parts() as part:
        with part(1, "the loss"):
            raise lost
        ran.append("next")
    assert not ran


def test_our_own_mistakes_are_not_the_students():
    with pytest.raises(KeyError), parts() as part, part(1, "the loss"):
        raise KeyError("a bug in the check")


def test_a_failed_part_keeps_its_own_call():
    student = SimpleNamespace(last_call=None)
    with pytest.raises(CheckFailure) as caught, parts(student) as part:
        with part(1, "the loss"):
            student.last_call = SimpleNamespace(call="loss(W)", example="W = 1", printed=None)
            check_value(0.0, 1.0)
        with part(1, "the gradient"):
            student.last_call = SimpleNamespace(call="gradient(W)", example="W = 2", printed=None)
    assert (caught.value.details.call, caught.value.details.example) == ("loss(W)", "W = 1")


def test_wrong_uses_are_refused():
    with pytest.raises(ValueError, match="must weigh more than 0, not 0"):
        with parts() as part, part(0, "the loss"):
            pass
    with pytest.raises(ValueError, match="at least one part"), parts():
        pass
