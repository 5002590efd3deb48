"""Where a student should start: the failed checks that explain the most."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.records import CheckResult, Outcome

_FRAME = re.compile(r", line \d+(, in .+)?$")

# Nothing to mend in these: they passed, wait for another check, or are our fault.
_CLOSED = (Outcome.PASSED, Outcome.NOT_RUN, Outcome.PENDING, Outcome.INTERNAL_ERROR)


@dataclass(frozen=True)
class Start:
    """A check to mend first, and why."""

    check_id: str
    unlocks: int
    """How many checks did not run because of it."""
    shares: int
    """How many other checks fail by the same cause."""
    lost: float
    """The points that it lost itself."""


def where_to_start(shown: Sequence[CheckResult], *, limit: int = 3) -> tuple[Start, ...]:
    """Up to `limit` causes: those that other checks wait for, then those that cost most.

    Checks that share a named misconception are one cause, and so are those that stop at the same
    lines of the student's code with the same message; the first of them stands for it.
    """
    failed = [result for result in shown if result.outcome not in _CLOSED]
    causes: dict[str, list[CheckResult]] = {}
    for result in failed:
        causes.setdefault(_cause(result), []).append(result)
    starts = [
        Start(
            check_id=results[0].spec.id,
            unlocks=_waiting({result.spec.id for result in results}, shown),
            shares=len(results) - 1,
            lost=sum(result.spec.points - result.points for result in results),
        )
        for results in causes.values()
    ]
    ranked = sorted(starts, key=lambda start: (-start.unlocks, -start.lost))
    return tuple(ranked[:limit])


def _cause(result: CheckResult) -> str:
    """What checks of one cause have in common."""
    if result.misconception is not None:
        return result.misconception.id
    return same_stop(result) or result.spec.id


def same_stop(result: CheckResult) -> str | None:
    """Equal for checks that stop at the same line of the student's code with the same message."""
    details = result.details
    if details is None or not details.traceback:
        return None
    lines = [line for line in details.traceback.split("\n") if _FRAME.search(line)]
    return f"{details.message['en']}\n{lines[-1] if lines else details.traceback}"


def _waiting(causes: set[str], shown: Sequence[CheckResult]) -> int:
    """How many of `shown` did not run because of `causes`, directly or through others."""
    blocked, before = set(causes), 0
    while len(blocked) != before:
        before = len(blocked)
        blocked |= {
            result.spec.id
            for result in shown
            if result.outcome is Outcome.NOT_RUN and blocked.intersection(result.spec.requires)
        }
    return len(blocked) - len(causes)
