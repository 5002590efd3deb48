from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest

from autograder.checks import check_against_reference
from autograder.checks.calls import Call
from autograder.errors import CheckFailure, StudentError


class Pair(NamedTuple):
    mean: float
    spread: np.ndarray


@dataclass(frozen=True)
class Split:
    train: np.ndarray
    note: str
    rest: object = None


def statistics(x, *, ddof=0):
    """The reference."""
    if ddof >= len(x):
        raise ValueError("too few examples")
    return Pair(float(x.mean()), x.std(axis=0, ddof=ddof))


CALLS = [
    Call("statistics", (np.random.default_rng(seed).normal(size=(4, 3)),), {"ddof": seed % 2})
    for seed in range(4)
]
REFUSED = [Call("statistics", (np.ones((2, 3)),), {"ddof": 2})]


@pytest.fixture
def student(local_student):
    def make(**functions):
        made = local_student(**functions)
        run = made._run

        def raising(*arguments):
            try:
                return run(*arguments)
            except Exception as error:
                from autograder.errors import FailureDetails
                from autograder.texts import plain

                raise StudentError(
                    FailureDetails(plain(str(error))), kind=type(error).__name__
                ) from None

        made._run = raising
        return made

    return make


def details(check, *arguments, **keywords):
    with pytest.raises(CheckFailure) as caught:
        check(*arguments, **keywords)
    return caught.value.details


def test_the_reference_passes_itself_and_so_do_lists(student):
    check_against_reference(student(statistics=statistics), CALLS + REFUSED, statistics)
    listed = student(statistics=lambda x, *, ddof: [x.mean(), list(x.std(axis=0, ddof=ddof))])
    check_against_reference(listed, CALLS, statistics)


def test_the_wrong_part_is_named_and_the_failed_call_is_the_last(student):
    wrong = student(statistics=lambda x, *, ddof: (x.mean(), x.std(axis=0)))
    said = details(check_against_reference, wrong, CALLS, statistics, what="the statistics")
    assert said.message["en"] == "All values in value 2 of the statistics are wrong. " + (
        "Every value is 0.866 times the expected one."
    )
    assert wrong.last_call.keywords == {"ddof": 1}


def test_what_the_reference_refuses_must_be_refused(student):
    lenient = student(statistics=lambda x, *, ddof: (x.mean(), x.std(axis=0)))
    said = details(check_against_reference, lenient, REFUSED, statistics)
    assert said.message["en"] == (
        "These arguments make no sense and should be refused with a `ValueError`; an answer came "
        "back."
    )

    def asserting(x, *, ddof):
        assert ddof < len(x)

    check_against_reference(student(statistics=asserting), REFUSED, statistics)
    broken = student(statistics=lambda x, *, ddof: undefined)  # noqa: F821
    with pytest.raises(StudentError, match="undefined"):
        check_against_reference(broken, REFUSED, statistics)


def test_what_the_student_raises_for_right_arguments_is_the_students_error(student):
    def raising(x, *, ddof):
        raise ValueError("no idea")

    with pytest.raises(StudentError, match="no idea"):
        check_against_reference(student(statistics=raising), CALLS, statistics)


def test_nested_records_text_and_none_are_compared(student):
    def split(x):
        return Split(x[:2], "two", [Pair(1.0, x), None])

    def plainly(note, last):
        return lambda x: (x[:2], note, [(1.0, x), last])

    calls = [Call("split", (np.arange(4.0),))]
    check_against_reference(student(split=plainly("two", None)), calls, split)
    for wrong in (plainly("three", None), plainly("two", 0.0), plainly(None, None)):
        details(check_against_reference, student(split=wrong), calls, split)


def test_an_argument_changed_in_place_fails_only_where_asked_for(student):
    def spoiling(x, *, ddof):
        answer = tuple(statistics(x, ddof=ddof))
        x -= x.mean()
        return answer

    check_against_reference(student(statistics=spoiling), CALLS, statistics)
    said = details(
        check_against_reference, student(statistics=spoiling), CALLS, statistics, unchanged=True
    )
    assert said.message["en"].startswith("Your function changes `x` in place")


def test_the_references_own_arguments_stay_as_they_are(student):
    def spoiling(x, *, ddof=0):
        answer = statistics(x, ddof=ddof)
        x[:] = 0
        return answer

    check_against_reference(student(statistics=statistics), CALLS, spoiling)
    assert CALLS[0].arguments[0].any()


class Counter:
    def __init__(self, start):
        self.total = start

    def add(self, x):
        self.total += x


def test_an_object_is_compared_by_what_is_observed(student):
    def total(make, call):
        counter = make(*call.arguments)
        counter.add(2)
        held = getattr(counter, "held", counter)
        return held.total

    class Wrong(Counter):
        def add(self, x):
            self.total = x

    calls = [Call("Counter", (1,))]
    check_against_reference(student(Counter=Counter), calls, Counter, observe=total)
    said = details(
        check_against_reference, student(Counter=Wrong), calls, Counter, observe=total, what="total"
    )
    assert said.got == "2" and said.expected == "3"
