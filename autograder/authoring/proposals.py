"""Rows for `examples.toml`, from what the sample submissions got: for a person to read and keep.

A row that agrees with what came is left as it is, to the letter, and so is all that stands between
rows. Of the others only what the grader decides is written anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.authoring.expectations import (
    UNREAD,
    Expected,
    check_names,
    listed,
    trial_problems,
)
from autograder.authoring.runs import Trial
from autograder.records import CheckSpec, Outcome, Status

KEYS = (
    *("about", "score", "status", "message", "waiting", "every", "none_passed"),
    *("failed", "partial", "error", "timeout", "crashed", "pending", "not_run", "not_passed"),
    *("not_right", "not_right_count", "either", "causes", "slow"),
)
"""In the order in which a new row has them."""

_BY_OUTCOME = tuple(
    outcome for outcome in Outcome if outcome not in (Outcome.PASSED, Outcome.INTERNAL_ERROR)
)

Row = dict[str, Any]
"""Key -> value, of the keys that the grader decides."""


@dataclass(frozen=True)
class Style:
    """How a table says things, and which it says at all."""

    by_outcome: bool
    """Lists for `failed`, `error` and so on; else one list, `not_passed`."""
    causes: bool
    answers: bool
    """Whether questions are asked that are no code."""


def style_of(expected: Mapping[str, Expected], *, answers: bool) -> Style:
    """The style of the rows that are there; a table without any gets the longest."""
    rows = expected.values()
    in_one = sum(bool(row.not_passed or row.none_passed) for row in rows)
    by_outcome = sum(_tells_outcomes(row) for row in rows)
    causes = not expected or any(row.causes for row in rows)
    return Style(by_outcome > in_one or not in_one, causes, answers)


def _tells_outcomes(row: Expected) -> bool:
    return bool(row.every) or any(getattr(row, outcome.value) for outcome in _BY_OUTCOME)


def differences(row: Expected, trial: Trial, specs: Sequence[CheckSpec], style: Style) -> list[str]:
    """Where a row does not say what came, or names a check that is no more."""
    known = {name for spec in specs for name in check_names(spec.id)}
    wrong = [f"there is no check {name}" for name in sorted(row.names() - known)]
    return wrong + trial_problems(row, trial, causes=style.causes)


def undecided(trial: Trial) -> str:
    """Why no row can be made of a trial: the grader or a check failed; else nothing."""
    if trial.status is Status.INTERNAL_ERROR and not trial.checks:
        return trial.message
    errors = [name for name, c in trial.checks.items() if c.outcome is Outcome.INTERNAL_ERROR]
    return f"{errors[0]}: {trial.checks[errors[0]].message}" if errors else ""


def proposed(row: Expected | None, trial: Trial, style: Style) -> Row:
    """What the row should say; of a `row` that is there, what still holds is kept."""
    old = Expected() if row is None else row
    made: Row = {} if row is not None else {"about": UNREAD}
    if trial.status is not Status.GRADED:
        told = old.message and old.message in trial.message
        made |= {"status": str(trial.status), "message": old.message if told else trial.message}
        return made
    either = _either(old, trial)
    made["score"] = _score(old, trial.score, either)
    if old.message and all(
        old.message in check.message
        for check in trial.checks.values()
        if check.outcome is not Outcome.PASSED
    ):
        made["message"] = old.message
    if style.answers or old.waiting is not None:
        made |= _answers(old, trial, new=row is None)
    else:
        made |= _lists(old, trial, either, style)
    if either:
        made["either"] = list(either)
    if style.causes and trial.causes:
        made["causes"] = sorted(trial.causes)
    return made


def _score(old: Expected, score: float, either: Sequence[str]) -> Any:
    """The score; where chance has a part in it, an interval that holds it."""
    if isinstance(old.score, tuple) and either:
        low, high = old.score
        return [_number(min(low, score)), _number(max(high, score))]
    return _number(score)


def _number(value: float) -> float | int:
    return int(value) if value == int(value) else value


def _either(old: Expected, trial: Trial) -> tuple[str, ...]:
    """The row's checks of chance, if they ended as it allows."""
    allowed = (Outcome.PASSED, Outcome.FAILED, Outcome.PARTIAL)
    ended = [check.outcome for id, check in trial.checks.items() if listed(old.either, id)]
    return old.either if ended and all(outcome in allowed for outcome in ended) else ()


def _answers(old: Expected, trial: Trial, *, new: bool) -> Row:
    good = (Outcome.PASSED, Outcome.PENDING)
    waiting = sum(check.outcome is Outcome.PENDING for check in trial.checks.values())
    missed = [id for id, check in trial.checks.items() if check.outcome not in good]
    made: Row = {"waiting": waiting}
    if old.not_right_count is not None or (new and len(missed) == len(trial.checks)):
        made["not_right_count"] = len(missed)
    elif missed:
        made["not_right"] = [id.partition("::")[2] for id in missed]
    return made


def _lists(old: Expected, trial: Trial, either: Sequence[str], style: Style) -> Row:
    """Every check that does not pass, as the row or else its table says such things."""
    ended = {id: c.outcome for id, c in trial.checks.items() if not listed(either, id)}
    missed = {id: outcome for id, outcome in ended.items() if outcome is not Outcome.PASSED}
    in_one = bool(old.not_passed or old.none_passed)
    by_outcome = not in_one and (_tells_outcomes(old) or style.by_outcome)
    if missed and len(missed) == len(trial.checks):
        if not by_outcome:
            return {"none_passed": True}
        kept = old.every if set(missed.values()) <= set(old.every) else ()
        return {"every": sorted(str(outcome) for outcome in kept or set(missed.values()))}
    if not by_outcome:
        return {"not_passed": names} if (names := _names(missed, trial)) else {}
    made: Row = {}
    for each in _BY_OUTCOME:
        if names := _names([id for id, outcome in missed.items() if outcome is each], trial):
            made[each.value] = names
    return made


def _names(wanted: Sequence[str] | Mapping[str, Outcome], trial: Trial) -> list[str]:
    """What a row calls these checks: a function without its case stands for all its cases."""
    found: dict[str, None] = {}
    for id in wanted:
        name, function = check_names(id)
        cases = [other for other in trial.checks if check_names(other)[1] == function]
        found[function if all(case in wanted for case in cases) else name] = None
    return list(found)
