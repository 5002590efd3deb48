"""Naming a cause: exactly one wrong version, in numbers, and never a guess."""

from dataclasses import replace

import numpy as np
import pytest

from autograder.components import Component, WrongVersion, wrong_versions
from autograder.diagnosis import Diagnosis, Standing, judge
from autograder.errors import FailureDetails, SubjectTimeout
from autograder.probing import Answers, Failed, answer_of
from autograder.records import CheckResult, CheckSpec, Misconception, Outcome, Source, Visibility
from autograder.sandbox.trusted import TrustedSubject
from reference.misconceptions import COMPONENTS, Raised, answers

TITLE = {"en": "A check", "fa": "یک بررسی"}


def misconception(name):
    return Misconception(name, {"en": f"It is {name}", "fa": name}, {"en": "Mend.", "fa": "اصلاح."})


def known(name, version=None):
    return WrongVersion(misconception(name), version or (lambda x: x))


def data(*values) -> Answers:
    return tuple(answer_of(value) for value in values)


RIGHT = data(np.array([1.0, 2.0, 3.0]), 4.0)
DOUBLED = (known("doubled"), data(np.array([2.0, 4.0, 6.0]), 8.0))
SHIFTED = (known("shifted"), data(np.array([2.0, 3.0, 4.0]), 5.0))


def cause(found, *wrong, right=RIGHT):
    verdict = judge(found, right, wrong)
    return verdict.cause.id if verdict.cause else verdict.standing


# --- one verdict --------------------------------------------------------------------------------


def test_answers_of_one_wrong_version_alone_name_it():
    assert cause(DOUBLED[1], DOUBLED, SHIFTED) == "doubled"
    assert cause(SHIFTED[1], DOUBLED, SHIFTED) == "shifted"


def test_right_answers_have_no_cause_even_with_rounding():
    assert cause(RIGHT, DOUBLED, SHIFTED) is Standing.RIGHT
    rounded = data(np.array([1.0, 2.0, 3.0]) * (1 + 1e-6), np.float32(4.0))
    assert cause(rounded, DOUBLED, SHIFTED) is Standing.RIGHT


def test_answers_in_float32_are_still_named():
    rounded = data(np.array([2.0, 4.0, 6.0]) * (1 + 3e-7), np.float32(8.0))
    assert cause(rounded, DOUBLED, SHIFTED) == "doubled"


def test_two_candidates_mean_no_name():
    twin = (known("twin"), DOUBLED[1])
    assert cause(DOUBLED[1], DOUBLED, twin) is Standing.WRONG


def test_two_ways_to_make_one_mistake_are_one_candidate():
    again = (known("doubled"), DOUBLED[1])
    assert cause(DOUBLED[1], DOUBLED, again) == "doubled"


def test_no_candidate_means_no_name():
    assert cause(data(np.array([7.0, 2.0, 3.0]), 4.0), DOUBLED, SHIFTED) is Standing.WRONG
    assert cause(data(np.zeros(3), 0.0), DOUBLED, SHIFTED) is Standing.WRONG


def test_a_version_near_to_another_is_not_told_from_it():
    close = (known("close"), data(np.array([2.0, 4.0, 6.0]) * (1 + 2e-6), 8.0))
    assert cause(data(np.array([2.0, 4.0, 6.0]) * (1 + 1e-6), 8.0), DOUBLED, close) is (
        Standing.WRONG
    )


def test_a_wrong_version_near_the_right_one_is_never_named():
    subtle = (known("subtle"), data(np.array([1.0, 2.0, 3.0]) * (1 + 1e-6), 4.0))
    assert cause(subtle[1], subtle) is Standing.RIGHT


def test_an_exception_alone_is_no_evidence():
    raises = (known("raises"), (*RIGHT[:1], Failed("ValueError")))
    assert cause(raises[1], raises) is Standing.WRONG
    in_numbers = (known("raises"), (*SHIFTED[1][:1], Failed("ValueError")))
    found = (*SHIFTED[1][:1], Failed("IndexError"))
    assert cause(found, in_numbers) == "raises"


def test_shapes_count():
    column = data(np.array([[2.0], [4.0], [6.0]]), 8.0)
    assert cause(column, DOUBLED) is Standing.WRONG


def test_an_overflow_is_named_whether_it_ends_in_nan_or_infinity():
    overflow = (known("overflow"), data(np.array([np.nan, 2.0, 3.0]), 4.0))
    assert cause(data(np.array([np.inf, 2.0, 3.0]), 4.0), overflow) == "overflow"
    assert cause(data(np.array([np.inf, np.inf, 3.0]), 4.0), overflow) is Standing.WRONG


def test_nothing_answered_is_nothing_known():
    assert cause((), DOUBLED) is Standing.UNKNOWN


# --- the whole catalogue ------------------------------------------------------------------------

CANNOT_BE_NAMED = {
    "output_size.padding_once",  # shows in exceptions alone
    "nesterov.plain_momentum",  # the same numbers as previous_velocity_aliased
    "nesterov.previous_velocity_aliased",
}


def catalogue_answers(component, version, calls) -> Answers:
    given = answers(component, version, calls)
    return tuple(Failed(each.exception) if isinstance(each, Raised) else each for each in given)


@pytest.mark.parametrize("name", COMPONENTS)
def test_every_catalogued_version_has_its_own_name_or_none(name):
    component = COMPONENTS[name]
    calls = component.probe(np.random.default_rng(11))
    right = catalogue_answers(component, component.right, calls)
    wrong = [
        (each, catalogue_answers(component, version.function, calls))
        for each, version in zip(wrong_versions(component), component.known, strict=True)
    ]
    assert judge(right, right, wrong).standing is Standing.RIGHT
    for each, given in wrong:
        found = judge(given, right, wrong).cause
        assert (found is None) == (each.id in CANNOT_BE_NAMED), each.id
        assert found is None or found.misconception.name == each.misconception.name


# --- a submission -------------------------------------------------------------------------------


def probe(rng):
    return [(rng.normal(size=4),), (rng.normal(size=3),)]


def total(x):
    return np.sum(x)


MEAN = known("mean", np.mean)
TOTAL = Component("total", question="q", right=total, wrong=[MEAN, known("maximum", np.max)],
                  probe=probe)  # fmt: skip


def session(student, rng):
    counter = student.new("Counter")
    counter.add(rng.normal(size=3))
    yield counter.get("value")


class Counter:
    total = staticmethod(total)

    def __init__(self):
        self.value = 0.0

    def add(self, x):
        self.value += self.total(x)


class Overwriting(Counter):
    def add(self, x):
        self.value = -self.total(x)


def counter_on(total):
    return type("Built", (Counter,), {"total": staticmethod(total)})


COUNTER = Component(
    "Counter",
    question="q",
    right=Counter,
    wrong=[known("negated", Overwriting)],
    session=session,
    builds_on=["total"],
    built=counter_on,
)
ON_TOTAL = """
class Counter:
    def __init__(self):
        self.value = 0.0
    def add(self, x):
        self.value += total(x)
"""


def result(check, outcome=Outcome.FAILED, call=None):
    spec = CheckSpec(check, TITLE, "q", Visibility.VISIBLE, 1.0)
    points = 1.0 if outcome is Outcome.PASSED else 0.0
    return CheckResult(spec, outcome, points, 0.0, FailureDetails(TITLE, call=call))


def explain(source, results, called, components=(TOTAL, COUNTER)):
    subject = TrustedSubject({}, sources=[Source("s.py", "import numpy as np\n" + source)])
    diagnosis = Diagnosis(components, seed=1)
    explained = diagnosis.explain(results, called, subject)
    assert [replace(each, misconception=None) for each in explained] == results
    return [each.misconception and each.misconception.id for each in explained]


CALLED = {"a": frozenset({"total"}), "b": frozenset({"Counter"}), "c": frozenset()}
WITH_MEAN = "def total(x):\n    return x.sum() / len(x)\n"


def test_failed_checks_that_called_the_function_get_the_name():
    results = [result("a"), result("a", Outcome.PASSED), result("a", Outcome.ERROR), result("c")]
    assert explain(WITH_MEAN, results, CALLED) == ["mean", None, "mean", None]


def test_right_code_gets_no_name_whatever_failed():
    assert explain("def total(x):\n    return sum(x)\n", [result("a")], CALLED) == [None]


def test_a_check_that_timed_out_gets_no_name():
    assert explain(WITH_MEAN, [result("a", Outcome.TIMEOUT)], CALLED) == [None]


def test_a_missing_function_gets_no_name():
    assert explain("", [result("a", Outcome.ERROR)], CALLED) == [None]


def test_a_part_explains_what_is_built_on_it():
    assert explain(WITH_MEAN + ON_TOTAL, [result("b")], CALLED) == ["mean"]


def test_a_part_does_not_explain_what_has_a_mistake_of_its_own():
    source = WITH_MEAN + ON_TOTAL.replace("+= total(x)", "= 3 * total(x)")
    assert explain(source, [result("b")], CALLED) == [None]
    # negated, and built on a mean: neither alone
    source = WITH_MEAN + ON_TOTAL.replace("+=", "-=")
    assert explain(source, [result("b")], CALLED) == [None]


def test_a_class_has_its_own_causes():
    source = "def total(x):\n    return sum(x)\n" + ON_TOTAL.replace("+=", "-=")
    assert explain(source, [result("b")], CALLED) == ["negated"]


def test_of_several_functions_the_one_in_the_message_is_to_blame():
    called = {"a": frozenset({"total", "other"})}
    assert explain(WITH_MEAN, [result("a", call="total(x)")], called) == ["mean"]
    assert explain(WITH_MEAN, [result("a", call="other(x)")], called) == [None]
    assert explain(WITH_MEAN, [result("a")], called) == [None]


def test_a_probe_that_raises_is_no_error_of_the_grader():
    def broken(rng):
        raise RuntimeError("a mistake in components.py")

    component = Component("total", question="q", right=total, wrong=[MEAN], probe=broken)
    assert explain(WITH_MEAN, [result("a")], CALLED, [component]) == [None]


def test_a_lost_process_is_no_error_of_the_grader(monkeypatch):
    def lost(*arguments, **keywords):
        raise SubjectTimeout(FailureDetails(TITLE))

    subject = TrustedSubject({}, sources=[Source("s.py", WITH_MEAN)])
    monkeypatch.setattr(subject, "request", lost)
    results = [result("a")]
    assert Diagnosis([TOTAL], seed=1).explain(results, CALLED, subject) == results


def test_plain_inputs_come_first_and_name_a_mistake_whatever_the_awkward_ones_do():
    def awkward(rng):
        return [(np.array([], dtype=float),)]

    component = Component("total", question="q", right=total, wrong=[MEAN], probe=(probe, awkward))
    source = "def total(x):\n    return [x.sum() / len(x)][0] if len(x) else 'nothing'\n"
    assert explain(source, [result("a")], CALLED, [component]) == ["mean"]
