"""Points, prerequisites, and the status of a grade."""

from __future__ import annotations

import math
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import AssignmentError
from autograder.records import CheckResult, CheckSpec, Outcome, Status, Visibility
from autograder.scoring import blocked_by, order_checks, points_for, tally, total
from autograder.texts import plain


def make_spec(name: str, points: float = 1.0, *requires: str) -> CheckSpec:
    return CheckSpec(
        id=name,
        title=plain(name),
        question="q",
        visibility=Visibility.VISIBLE,
        points=points,
        requires=requires,
    )


def make_result(spec: CheckSpec, outcome: Outcome, fraction: float = 0.0) -> CheckResult:
    return CheckResult(spec, outcome, points_for(spec, outcome, fraction), seconds=0.0)


def ids(specs: tuple[CheckSpec, ...]) -> list[str]:
    return [spec.id for spec in specs]


@st.composite
def acyclic_specs(draw: st.DrawFn) -> list[CheckSpec]:
    """Checks whose prerequisites point one way only, in a shuffled order."""
    count = draw(st.integers(0, 8), label="count")
    names = [f"test_a.py::test_{index}" for index in range(count)]
    specs = [
        make_spec(name, 1.0, *draw(st.lists(st.sampled_from(names[:index]), max_size=4)))
        if index
        else make_spec(name)
        for index, name in enumerate(names)
    ]
    return draw(st.permutations(specs), label="order")


outcomes = st.sampled_from(Outcome)
fractions = st.floats(0.0, 1.0)
point_values = st.one_of(
    st.integers(0, 100).map(float), st.decimals(0, 100, places=2).map(float), st.floats(0, 100)
)


@given(acyclic_specs())
def test_every_prerequisite_comes_before_its_dependents(specs: list[CheckSpec]) -> None:
    ordered = order_checks(specs)
    assert sorted(ids(ordered)) == sorted(spec.id for spec in specs)
    seen: set[str] = set()
    for spec in ordered:
        assert seen.issuperset(spec.requires)
        seen.add(spec.id)


@given(st.lists(st.integers(0, 99), unique=True, max_size=10))
def test_checks_without_prerequisites_keep_their_order(numbers: list[int]) -> None:
    names = [f"test_a.py::test_{number}" for number in numbers]
    assert ids(order_checks([make_spec(name) for name in names])) == names


@given(acyclic_specs())
def test_ordering_what_is_ordered_changes_nothing(specs: list[CheckSpec]) -> None:
    ordered = order_checks(specs)
    assert order_checks(ordered) == ordered


def test_only_checks_that_must_move_are_moved() -> None:
    specs = [make_spec("f::late", 1.0, "f::first"), make_spec("f::other"), make_spec("f::first")]
    assert ids(order_checks(specs)) == ["f::other", "f::first", "f::late"]


def test_a_chain_of_a_thousand_checks_is_ordered() -> None:
    chain = [make_spec("f::t0")] + [
        make_spec(f"f::t{i}", 1.0, f"f::t{i - 1}") for i in range(1, 1000)
    ]
    assert order_checks(chain[::-1]) == tuple(chain)


@given(st.integers(1, 6))
def test_a_circle_of_prerequisites_is_refused_and_named(length: int) -> None:
    names = [f"f::t{index}" for index in range(length)]
    specs = [make_spec(name, 1.0, names[index - 1]) for index, name in enumerate(names)]
    with pytest.raises(AssignmentError, match="go in a circle") as caught:
        order_checks([make_spec("f::free"), *specs])
    message = str(caught.value)
    assert all(name in message for name in names)
    assert "f::free" not in message
    assert "\n" not in message


def test_the_circle_is_told_from_dependent_to_prerequisite() -> None:
    with pytest.raises(AssignmentError) as caught:
        order_checks([make_spec("a", 1.0, "b"), make_spec("b", 1.0, "c"), make_spec("c", 1.0, "a")])
    circle = str(caught.value).split(": ", 1)[1].split(";")[0].split(" -> ")
    assert circle[0] == circle[-1]
    assert all(after in {"a": "b", "b": "c", "c": "a"}[name] for name, after in pairwise(circle))


def test_a_check_that_requires_itself_is_refused() -> None:
    with pytest.raises(AssignmentError, match="circle: f::a -> f::a"):
        order_checks([make_spec("f::a", 1.0, "f::a")])


def test_an_unknown_prerequisite_is_refused_and_named() -> None:
    with pytest.raises(AssignmentError, match=r"f::a requires 'test_nothing', and no check"):
        order_checks([make_spec("f::a", 1.0, "test_nothing")])


def test_a_bare_name_means_the_check_of_the_same_file() -> None:
    specs = [make_spec("a.py::t"), make_spec("b.py::u", 1.0, "t")]
    with pytest.raises(AssignmentError, match="requires 't'"):
        order_checks(specs)
    specs = [make_spec("b.py::t"), make_spec("a.py::t"), make_spec("b.py::u", 1.0, "t")]
    assert order_checks(specs)[2].requires == ("b.py::t",)


def test_a_functions_name_means_all_its_cases() -> None:
    cases = [make_spec("a.py::t[1]"), make_spec("a.py::t[2-x[0]]")]
    for name in ("t", "a.py::t"):
        ordered = order_checks([make_spec("a.py::u", 1.0, name, "t[1]"), *cases])
        assert ordered[-1].requires == ("a.py::t[1]", "a.py::t[2-x[0]]")


def test_two_checks_of_one_id_are_refused() -> None:
    with pytest.raises(AssignmentError, match="two checks have the id 'f::a'"):
        order_checks([make_spec("f::a"), make_spec("f::a")])


@pytest.mark.parametrize("points", [-1.0, math.nan, math.inf])
def test_points_that_are_no_points_are_refused(points: float) -> None:
    with pytest.raises(AssignmentError, match="a check's points are a number from 0 up"):
        order_checks([make_spec("f::a", points)])


@pytest.mark.parametrize("outcome", Outcome)
def test_only_what_can_earn_points_opens_the_way(outcome: Outcome) -> None:
    first = make_spec("f::a", 2.0)
    dependent = make_spec("f::b", 1.0, "f::a")
    blocker = blocked_by(dependent, {"f::a": make_result(first, outcome, 0.5)})
    opens = outcome in (Outcome.PASSED, Outcome.PARTIAL, Outcome.PENDING)
    assert blocker == (None if opens else "f::a")


def test_a_prerequisite_without_a_result_blocks() -> None:
    assert blocked_by(make_spec("f::b", 1.0, "f::a"), {}) == "f::a"


def test_the_first_prerequisite_in_the_way_is_named() -> None:
    specs = [make_spec("a"), make_spec("b"), make_spec("c")]
    ends = [Outcome.PASSED, Outcome.TIMEOUT, Outcome.CRASHED]
    results = {s.id: make_result(s, end) for s, end in zip(specs, ends, strict=True)}
    assert blocked_by(make_spec("d", 1.0, "a", "b", "c"), results) == "b"


@given(acyclic_specs(), st.data())
def test_what_builds_on_a_blocked_check_is_blocked_too(
    specs: list[CheckSpec], data: st.DataObject
) -> None:
    """Run in order, a check is reached only over checks that passed or earned something."""
    results: dict[str, CheckResult] = {}
    for spec in order_checks(specs):
        blocked = blocked_by(spec, results) is not None
        drawn = data.draw(outcomes, label=spec.id)
        results[spec.id] = make_result(spec, Outcome.NOT_RUN if blocked else drawn, 0.5)
    for result in results.values():
        if result.outcome is not Outcome.NOT_RUN:
            reached = {results[name].outcome for name in result.spec.requires}
            assert reached <= {Outcome.PASSED, Outcome.PARTIAL, Outcome.PENDING}


@given(point_values, outcomes, fractions)
def test_a_check_earns_from_nothing_to_all_its_points(
    points: float, outcome: Outcome, fraction: float
) -> None:
    spec = make_spec("f::a", points)
    earned = points_for(spec, outcome, fraction)
    assert 0.0 <= earned <= points_for(spec, Outcome.PASSED)
    if outcome not in (Outcome.PASSED, Outcome.PARTIAL, Outcome.PENDING):
        assert earned == 0.0


def test_partial_credit_is_a_share_of_the_points() -> None:
    assert points_for(make_spec("f::a", 3.0), Outcome.PARTIAL, 0.1) == 0.3
    assert points_for(make_spec("f::a", 4.0), Outcome.PARTIAL, 0.25) == 1.0


@pytest.mark.parametrize("fraction", [-0.1, 1.1, math.nan, math.inf])
def test_a_fraction_outside_0_to_1_is_refused(fraction: float) -> None:
    with pytest.raises(ValueError, match="fraction must be from 0 to 1"):
        points_for(make_spec("f::a"), Outcome.PARTIAL, fraction)


def test_sums_show_no_rounding_error() -> None:
    assert total([0.1, 0.2]) == 0.3
    assert total([0.1] * 10) == 1.0
    assert total([]) == 0.0


@given(st.lists(st.decimals(0, 1000, places=2), max_size=100))
def test_sums_of_hundredths_are_exact(points: list[Decimal]) -> None:
    assert total(float(value) for value in points) == float(sum(points))


@given(st.integers(1, 300))
def test_equal_shares_add_up_to_the_whole(count: int) -> None:
    specs = [make_spec(f"t{index}", 10.0 / count) for index in range(count)]
    passed = [make_result(spec, Outcome.PASSED) for spec in specs]
    assert tally(specs, passed).score == 10.0


@given(st.lists(st.tuples(point_values, outcomes, fractions), max_size=12))
def test_a_score_lies_between_0_and_the_maximum(
    checks: list[tuple[float, Outcome, float]],
) -> None:
    specs = [make_spec(f"t{index}", points) for index, (points, _, _) in enumerate(checks)]
    results = [
        make_result(spec, outcome, fraction)
        for spec, (_, outcome, fraction) in zip(specs, checks, strict=True)
    ]
    grade = tally(specs, results)
    assert 0.0 <= grade.score <= grade.max_score
    broken = any(outcome is Outcome.INTERNAL_ERROR for _, outcome, _ in checks)
    assert grade.status is (Status.INTERNAL_ERROR if broken else Status.GRADED)
    if all(outcome is Outcome.PASSED for _, outcome, _ in checks):
        assert grade.score == grade.max_score
    assert tally(specs, results[::-1]) == grade


def test_an_internal_error_marks_the_grade_though_its_dependents_did_not_run() -> None:
    specs = [make_spec("a"), make_spec("b", 1.0, "a"), make_spec("c", 5.0)]
    ends = [Outcome.INTERNAL_ERROR, Outcome.NOT_RUN, Outcome.PASSED]
    grade = tally(specs, [make_result(s, e) for s, e in zip(specs, ends, strict=True)])
    assert (grade.score, grade.max_score) == (5.0, 7.0)
    assert grade.status is Status.INTERNAL_ERROR


def test_a_check_without_a_result_marks_the_grade() -> None:
    specs = [make_spec("a"), make_spec("b")]
    grade = tally(specs, [make_result(specs[0], Outcome.PASSED)])
    assert (grade.score, grade.max_score) == (1.0, 2.0)
    assert grade.status is Status.INTERNAL_ERROR


def test_a_result_that_no_check_gave_marks_the_grade_and_earns_nothing() -> None:
    specs = [make_spec("a")]
    stranger = make_result(make_spec("b", 100.0), Outcome.PASSED)
    grade = tally(specs, [make_result(specs[0], Outcome.PASSED), stranger])
    assert (grade.score, grade.status) == (1.0, Status.INTERNAL_ERROR)


def test_two_results_of_one_check_mark_the_grade_and_count_once() -> None:
    specs = [make_spec("a")]
    grade = tally(specs, [make_result(specs[0], Outcome.PASSED)] * 2)
    assert (grade.score, grade.status) == (1.0, Status.INTERNAL_ERROR)


@pytest.mark.parametrize(
    ("outcome", "points"),
    [
        (Outcome.FAILED, 2.0),
        (Outcome.PASSED, 3.0),
        (Outcome.PASSED, 0.0),
        (Outcome.PARTIAL, 2.5),
        (Outcome.PARTIAL, -1.0),
        (Outcome.PARTIAL, math.nan),
        (Outcome.PASSED, math.inf),
    ],
)
def test_points_that_do_not_fit_the_outcome_mark_the_grade_and_do_not_count(
    outcome: Outcome, points: float
) -> None:
    spec = make_spec("a", 2.0)
    grade = tally([spec], [CheckResult(spec, outcome, points, seconds=0.0)])
    assert (grade.score, grade.status) == (0.0, Status.INTERNAL_ERROR)


def test_points_are_judged_by_the_assignments_spec_not_by_the_results() -> None:
    forged = make_result(make_spec("a", 100.0), Outcome.PASSED)
    grade = tally([make_spec("a", 2.0)], [forged])
    assert (grade.score, grade.status) == (0.0, Status.INTERNAL_ERROR)


def test_a_grade_of_no_checks_is_graded_with_nothing() -> None:
    assert tally([], []).status is Status.GRADED
