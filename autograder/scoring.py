"""Outcomes -> points: prerequisites, what a check earns, the sum, its status, late work.

Pure: no file, no clock, no process. Ids are those of the checks (`test_svm.py::test_value[naive]`).
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from autograder.errors import AssignmentError
from autograder.records import CheckResult, CheckSpec, Grade, LatePenalty, Outcome, Status

if TYPE_CHECKING:
    from autograder.assignment import LatePolicy

_EARNING = {Outcome.PASSED, Outcome.PARTIAL, Outcome.PENDING}

# One check keeps more digits than a sum, so that three thirds of a point make a whole one.
_CHECK_DIGITS = 9
_SUM_DIGITS = 6


@dataclass(frozen=True)
class Tally:
    """What a whole grade comes to."""

    score: float
    max_score: float
    status: Status


def order_checks(specs: Sequence[CheckSpec]) -> tuple[CheckSpec, ...]:
    """The checks with every prerequisite before its dependents, otherwise in the given order.

    `requires` may name a check by its id, by its function (`test_svm.py::test_value` stands for
    all its cases) or, within one file, by the bare name of the function; the returned specs name
    ids alone. Raises `AssignmentError` for an unknown name, a cycle, two checks of one id, and
    points that are negative or not finite.
    """
    _validate(specs)
    resolved = _resolve(specs)
    position = {spec.id: index for index, spec in enumerate(resolved)}
    sorter = TopologicalSorter({spec.id: spec.requires for spec in resolved})
    try:
        sorter.prepare()
    except CycleError as error:
        # graphlib walks from the prerequisite to the dependent
        cycle = " -> ".join(reversed(error.args[1]))
        raise AssignmentError(
            f"the prerequisites go in a circle: {cycle}; take one of the requires out"
        ) from None
    ordered: list[CheckSpec] = []
    ready: list[int] = []
    while sorter.is_active():
        for name in sorter.get_ready():
            heapq.heappush(ready, position[name])
        spec = resolved[heapq.heappop(ready)]
        ordered.append(spec)
        sorter.done(spec.id)
    return tuple(ordered)


def blocked_by(spec: CheckSpec, results: Mapping[str, CheckResult]) -> str | None:
    """The id of the first prerequisite that keeps `spec` from running; None: it may run.

    A prerequisite opens the way when it passed or earned partial credit. One without a result
    blocks: what nobody saw pass has not passed.
    """
    for name in spec.requires:
        result = results.get(name)
        if result is None or result.outcome not in _EARNING:
            return name
    return None


def points_for(spec: CheckSpec, outcome: Outcome, fraction: float = 0.0) -> float:
    """What a check earns: all its points, `fraction` of them, or nothing.

    A fraction is for `partial` and `pending` alone.

    Raises ValueError for a fraction outside 0 to 1.
    """
    if not 0.0 <= fraction <= 1.0:
        raise ValueError(f"fraction must be from 0 to 1, not {fraction}; it is a share of points")
    if outcome is Outcome.PASSED:
        return round(spec.points, _CHECK_DIGITS)
    if outcome in (Outcome.PARTIAL, Outcome.PENDING):
        return round(spec.points * fraction, _CHECK_DIGITS)
    return 0.0


def total(points: Iterable[float]) -> float:
    """The sum of `points` to six decimals: 0.1 + 0.2 is 0.3, three thirds are 1."""
    return round(math.fsum(points), _SUM_DIGITS)


def tally(specs: Sequence[CheckSpec], results: Collection[CheckResult]) -> Tally:
    """Score, maximum and status of one submission's `results` for the checks `specs`.

    The status is `internal_error` when any check ended in one, and also when the results are not
    exactly one for each check or a result's points do not fit its outcome: what cannot be
    understood is shown to a human. Points that do not fit are not counted.
    """
    known = {spec.id: spec for spec in specs}
    counted = {
        result.spec.id: result.points
        for result in results
        if result.spec.id in known and _fits(known[result.spec.id], result)
    }
    complete = len(counted) == len(known) == len(specs) == len(results)
    broken = any(result.outcome is Outcome.INTERNAL_ERROR for result in results)
    return Tally(
        score=total(counted.values()),
        max_score=total(points_for(spec, Outcome.PASSED) for spec in known.values()),
        status=Status.GRADED if complete and not broken else Status.INTERNAL_ERROR,
    )


def days_late(policy: LatePolicy, due: datetime, submitted: datetime) -> int:
    """Days begun after the due date; 0 within the grace period.

    The grace only forgives: who is later than it is late from the due date on. Both times carry
    an offset.
    """
    late = submitted - due
    if late <= timedelta(minutes=policy.grace_minutes):
        return 0
    return math.ceil(late / timedelta(days=1))


def with_lateness(
    grade: Grade, policy: LatePolicy | None, due: datetime | None, submitted: datetime | None
) -> Grade:
    """`grade` with the score that it has when handed in at `submitted`.

    The score is the sum over the checks, less `per_day` of it for each day begun, all of it after
    `max_days`. Counted from the checks, so that it can be done again with another time. Without a
    policy, a due date or a time nobody is late; what has no points to lose stays as it is.
    """
    if grade.status is not Status.GRADED:
        return grade
    earned = total(result.points for result in grade.checks)
    days = 0
    if policy is not None and due is not None and submitted is not None:
        days = days_late(policy, due, submitted)
    if policy is None or submitted is None or days == 0:
        return replace(grade, score=earned, penalty=None)
    too_late = policy.max_days is not None and days > policy.max_days
    share = 1.0 if too_late else min(1.0, round(days * policy.per_day, _SUM_DIGITS))
    lost = total([share * earned])
    penalty = LatePenalty(submitted.isoformat(), days, share, lost)
    return replace(grade, score=total([earned, -lost]), penalty=penalty)


def _fits(spec: CheckSpec, result: CheckResult) -> bool:
    """Whether the result's points are ones that its outcome can earn."""
    if result.outcome in (Outcome.PARTIAL, Outcome.PENDING):
        return 0.0 <= result.points <= points_for(spec, Outcome.PASSED)
    return result.points == points_for(spec, result.outcome)


def _validate(specs: Sequence[CheckSpec]) -> None:
    seen: set[str] = set()
    for spec in specs:
        if spec.id in seen:
            raise AssignmentError(f"two checks have the id {spec.id!r}; rename one")
        seen.add(spec.id)
        if not (math.isfinite(spec.points) and spec.points >= 0):
            raise AssignmentError(
                f"{spec.id}: points({spec.points}); a check's points are a number from 0 up"
            )


def _resolve(specs: Sequence[CheckSpec]) -> list[CheckSpec]:
    names: dict[str, list[str]] = {}
    for spec in specs:
        names.setdefault(spec.id, []).append(spec.id)
        function = _function(spec.id)
        if function != spec.id:
            names.setdefault(function, []).append(spec.id)
    return [replace(spec, requires=_required(spec, names)) for spec in specs]


def _required(spec: CheckSpec, names: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    file, separator, _ = spec.id.partition("::")
    ids: dict[str, None] = {}
    for name in spec.requires:
        found = names.get(name) or names.get(f"{file}{separator}{name}")
        if not found:
            raise AssignmentError(
                f"{spec.id} requires {name!r}, and no check has that name; "
                "name a check function of the same file, or test_file.py::test_name"
            )
        ids.update(dict.fromkeys(found))
    return tuple(ids)


def _function(check_id: str) -> str:
    """The id without its case: `test_svm.py::test_value[naive]` -> `test_svm.py::test_value`."""
    return check_id.partition("[")[0]
