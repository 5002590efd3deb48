"""The verdict of a gradient check, and its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checks import display
from autograder.checks.compare import Rule, wrong_entries, wrong_values
from autograder.checks.consistency import (
    Function,
    Verdict,
    consistency,
    directions_for,
    first_points,
)
from autograder.checks.locate import locate
from autograder.checks.observations import multiple_of, multiple_text
from autograder.checks.problems import Expected, Problem
from autograder.checks.slopes import Point, moved, random_direction
from autograder.checks.ties import Tied, tied_block
from autograder.checks.topic import Topic, joined, listed
from autograder.errors import CheckFailure
from autograder.texts import Text, text

Array = NDArray[Any]

ASIDE = {"float64": 1e-3, "float32": 3e-2, "float16": 1e-1}
"""How far beside a kink the check is done, in parts of the point's own size."""


@np.errstate(all="ignore")
def judge(
    problem: Problem,
    point: Point,
    rng: np.random.Generator,
    about: Topic,
    rule: Rule,
    *,
    aside: bool = False,
    note: Text | None = None,
) -> None:
    """Raise CheckFailure where the student's gradient is wrong at `point`.

    `aside`: the point was moved off a kink already; `note` tells the student so.
    """
    known = problem.has_reference
    directions = directions_for(point, rng)
    start = problem.start(point, [] if known else first_points(point, directions))
    expected = problem.expected(point)
    wrong = None if expected is None else _first_mismatch(start.gradient, expected, rule)
    if expected is not None and wrong is None:
        return
    function = Function(problem.outputs, point, start.base, problem.weights, start.gradient)
    verdict = consistency(function, directions, None if known else start.outputs)
    if expected is None and verdict.agrees and (aside or not verdict.flat):
        if not verdict.clear:
            _same_answer_twice(problem, function, about)
        return
    tied = tied_block(function, verdict, rng) if verdict.kinked else None
    if tied is not None:
        raise _only_ties(problem, function, tied, about)
    if problem.movable and not aside and _may_be_convention(verdict, function, expected, rule):
        note = _kink_note(problem.kind) if verdict.kinked else None
        point = _aside(point, ASIDE[verdict.precision], rng)
        judge(problem, point, rng, about, rule, aside=True, note=note)
        return
    if verdict.kinked and _is_subgradient(verdict, function, expected, rule):
        return
    _same_answer_twice(problem, function, about)
    if expected is None or wrong is None:
        failure = _against_own_function(problem.kind, problem.names, function, verdict, about, rule)
    else:
        failure = _against_reference(problem, function, verdict, expected, wrong, about, rule)
    problem.repeat(point)  # so that the report shows the call at the given point
    message = joined(failure.details.message, note, _in_place_note(problem.changed))
    raise _with_message(failure, message)


def _only_ties(problem: Problem, function: Function, tied: Tied, about: Topic) -> CheckFailure:
    problem.repeat(function.point)
    got, expected = display.number_pair(tied.claimed, tied.slope)
    message = text(
        "Only ties are wrong in {what}: of several equal inputs one gets the gradient, or they "
        "share it, but never does each of them get all of it (here equal inputs are moved "
        "together; expected: the slope, got: what your gradient says).",
        what=problem.names[tied.block],
    )
    return about.failure(message, expected=expected, got=got)


def _in_place_note(changed: tuple[str, ...]) -> Text | None:
    if not changed:
        return None
    return text(
        "(Your code changes {names} in place. That may be the cause: work on a copy, `x.copy()`.)",
        names=listed(changed),
    )


def _may_be_convention(
    verdict: Verdict, function: Function, expected: Expected | None, rule: Rule
) -> bool:
    """Whether the gradient may differ only by what it takes for the slope at a kink.

    A gradient that fits its own function, which is right, and is not the reference's, may take
    the middle of the two slopes at a kink, as a central difference does.
    """
    if expected is None or verdict.kinked:
        return verdict.kinked
    return verdict.agrees and _output_is_right(function, expected, rule) is not False


def _first_mismatch(gradient: Point, expected: Expected, rule: Rule) -> int | None:
    """The first block whose gradient is not the reference's."""
    for at, (got, wanted) in enumerate(zip(gradient, expected.gradient, strict=True)):
        if wrong_entries(got, wanted, rule.limits(got, wanted)).any():
            return at
    return None


def _aside(point: Point, step: float, rng: np.random.Generator) -> Point:
    """A point right beside `point`, every value moved."""
    for block in range(len(point)):
        point = moved(point, random_direction(point, block, rng), step)
    return point


def _is_subgradient(
    verdict: Verdict, function: Function, expected: Expected | None, rule: Rule
) -> bool:
    """Whether every gradient fits, those at a kink by lying between the one-sided slopes."""
    if not all(block.agrees or block.between for block in verdict.blocks):
        return False
    return expected is None or _output_is_right(function, expected, rule) is not False


def _output_is_right(function: Function, expected: Expected, rule: Rule) -> bool | None:
    """None where the reference's output is not known."""
    if expected.output is None:
        return None
    limits = rule.limits(function.base, expected.output)
    return not wrong_entries(function.base, expected.output, limits).any()


def _same_answer_twice(problem: Problem, function: Function, about: Topic) -> None:
    again = problem.repeat(function.point)
    if not np.allclose(again, function.base, rtol=1e-6, atol=1e-9):
        shown = display.array_pair(again, function.base, (0,) * again.ndim)
        raise about.failure(
            text(
                "Two calls with the same values gave different answers, so no gradient fits. "
                "Is something random, or kept from one call to the next?"
            ),
            expected=shown[1],
            got=shown[0],
        )


def _against_reference(
    problem: Problem,
    function: Function,
    verdict: Verdict,
    expected: Expected,
    block: int,
    about: Topic,
    rule: Rule,
) -> CheckFailure:
    if verdict.flat:
        return _flat(problem.kind, function, about)
    output_right = _output_is_right(function, expected, rule)
    if verdict.agrees and output_right is False and expected.output is not None:
        return _output_failure(problem.kind, function.base, expected.output, about, rule)
    got, wanted = function.gradient[block], expected.gradient[block]
    wrong = wrong_entries(got, wanted, rule.limits(got, wanted))
    failure = wrong_values(got, wanted, wrong, about.part(problem.names[block]), rule)
    point = function.point[block]
    # the gradient of a penalty alone is itself a multiple of the variable, whatever its factor
    alone = multiple_of(wanted, point) is not None
    factor = None if alone else multiple_of(got - wanted, point)
    message = joined(
        failure.details.message,
        None if factor is None else multiple_text(float(f"{factor:.3g}")),
        _beside(problem.kind, verdict.agrees, output_right),
    )
    return _with_message(failure, message)


def _output_failure(
    kind: str, base: Array, expected: Array, about: Topic, rule: Rule
) -> CheckFailure:
    if kind == "loss":
        what = text("the loss")
        message = text(
            "Your gradient is right for your loss, but your loss is wrong: mend the loss first."
        )
    else:
        what = text("the output of the forward pass")
        message = text(
            "Your backward pass is right for your forward pass, but your forward pass is wrong: "
            "mend the forward pass first."
        )
    wrong = wrong_entries(base, expected, rule.limits(base, expected))
    failure = wrong_values(base, expected, wrong, about.part(what), rule)
    return _with_message(failure, joined(message, failure.details.message))


def _beside(kind: str, own: bool, output_right: bool | None) -> Text | None:
    """What the student's own function says beside a gradient that is not the expected one."""
    if kind == "loss":
        if own:
            return text("It fits your own loss near this point all the same.")
        if output_right is None:
            return text("It does not fit your own loss either.")
        if output_right:
            return text("Your loss itself is right.")
        return text("Your loss is wrong too.")
    if own:
        return text("It fits your own forward pass near this point all the same.")
    if output_right is None:
        return text("It does not fit your own forward pass either.")
    if output_right:
        return text("Your forward pass itself is right.")
    return text("Your forward pass is wrong too.")


def _against_own_function(
    kind: str,
    names: Sequence[Text],
    function: Function,
    verdict: Verdict,
    about: Topic,
    rule: Rule,
) -> CheckFailure:
    if verdict.flat:
        return _flat(kind, function, about)
    block = next(at for at, measured in enumerate(verdict.blocks) if not measured.agrees)
    measured = verdict.blocks[block]
    found = locate(function, block, measured, verdict.grid, rule.sizes)
    slope, claimed = measured.slopes[0], measured.claims[0]
    if found.index is not None and found.slope is not None:
        slope, claimed = found.slope, float(function.gradient[block][found.index])
    got, expected = display.number_pair(claimed, slope)
    return about.failure(
        joined(_does_not_fit(kind, names[block]), found.seen),
        expected=expected,
        got=got,
        where=display.index(found.index) if found.index else None,
        error=f"|got - expected| = {display.number(abs(claimed - slope), 3)}",
    )


def _flat(kind: str, function: Function, about: Topic) -> CheckFailure:
    if kind == "loss":
        message = text(
            "Your loss stays the same whatever its input is, so there is no gradient to check. "
            "Is the input used?"
        )
    else:
        message = text(
            "The output of your forward pass stays the same whatever its input is, so there is no "
            "gradient to check. Is the input used?"
        )
    return about.failure(message, got=display.array(function.base, (0,) * function.base.ndim))


def _does_not_fit(kind: str, what: Text) -> Text:
    if kind == "loss":
        return text(
            "The gradient check fails for {what}: it is not the slope of your own loss "
            "(expected: the slope, got: your gradient).",
            what=what,
        )
    return text(
        "The gradient check fails for {what}: it is not the slope of your own forward pass "
        "(expected: the slope, got: your gradient).",
        what=what,
    )


def _kink_note(kind: str) -> Text:
    if kind == "loss":
        return text("(Checked right beside the given values: at them the loss has a kink.)")
    return text("(Checked right beside the given values: at them the output has a kink.)")


def _with_message(failure: CheckFailure, message: Text) -> CheckFailure:
    return CheckFailure(replace(failure.details, message=message))
