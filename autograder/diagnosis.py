"""Which known wrong version a student's code is, if it is exactly one.

After the checks, each component that a failed check called is probed once more, in the same
subject. A cause is named where the answers are those of one wrong version, to rounding, and those
of the right version and of every other wrong one are clearly further away. Two candidates, or
none, mean no name; so does a probe that crashes, hangs or runs out of time. Outcomes and points
are never touched.

A name is part of the result of its check, and is shown to whom that result is shown: it tells of
a hidden check no more than the hidden check's result itself, which its student does not see. The
probe's inputs are never shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import product

import numpy as np

from autograder.collection import derive_seed
from autograder.components import Component, WrongVersion
from autograder.errors import SubjectLost
from autograder.probing import Answers, Table, ask_within, distance, joined, same, shows
from autograder.records import CheckResult, Misconception, Outcome
from autograder.sandbox.subject import Subject

NEAR = 1e-4
"""As far as a version may be from the answers: float32 is nearer."""
CLEARLY = 100.0
"""How many times further away every other version must be."""
_ROUNDING = 1e-7

COMPONENT_SECONDS = 2.0
SUBMISSION_SECONDS = 5.0
"""At most so much processor time of a submission goes into the probes of one component, of all."""

_EXPLAINED = (Outcome.FAILED, Outcome.PARTIAL, Outcome.ERROR)


class Standing(Enum):
    """What is known of one component of a submission."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"
    """It could not be asked."""


@dataclass(frozen=True)
class Verdict:
    """How a student's component stands, and which misconception it is if that is known."""

    standing: Standing
    cause: WrongVersion | None = None


def verdict(table: Table, stages: Sequence[Answers]) -> Verdict:
    """What a component's answers to the first stages of its probe say of it."""
    count = len(stages)
    wrong = [(each, joined(of[:count])) for each, of in table.wrong]
    return judge(joined(stages), joined(table.right[:count]), wrong)


def judge(
    answers: Answers, right: Answers, wrong: Sequence[tuple[WrongVersion, Answers]]
) -> Verdict:
    """Hold answers against those of the right version and of each wrong one."""
    if not answers:
        return Verdict(Standing.UNKNOWN)
    from_right = distance(answers, right)
    if from_right <= NEAR:
        return Verdict(Standing.RIGHT)
    apart = [distance(answers, of) for _, of in wrong]
    least = CLEARLY * max(min(apart, default=np.inf), _ROUNDING)
    candidates = [pair for pair, far in zip(wrong, apart, strict=True) if far < least]
    several = len(names_of(each for each, _ in candidates)) > 1
    if min(apart, default=np.inf) > NEAR or from_right < least or several:
        return Verdict(Standing.WRONG)
    found, of = candidates[0]
    # the mistake must show in numbers: an exception may have any reason
    if set(shows(answers, right, least=least)).isdisjoint(shows(of, right, least=least)):
        return Verdict(Standing.WRONG)
    return Verdict(Standing.WRONG, found)


class Diagnosis:
    """Names the causes of failed checks of one assignment's submissions."""

    def __init__(self, components: Sequence[Component], *, seed: int) -> None:
        self.tables: dict[str, Table] = {
            each.name: Table(each, derive_seed(seed, "component", each.name)) for each in components
        }

    def verdicts(self, subject: Subject, names: Collection[str]) -> dict[str, Verdict]:
        """What is known of the components of these names. Never raises."""
        probing = _Probing(self.tables, subject)
        return {name: probing.verdict(name) for name in self.tables if name in names}

    def explain(
        self,
        results: list[CheckResult],
        called: Mapping[str, frozenset[str]],
        subject: Subject,
    ) -> list[CheckResult]:
        """The results, those of failed checks with the misconception behind them.

        `called`: check -> the student's names that it called. Never raises.
        """
        failed = [result for result in results if result.outcome in _EXPLAINED]
        wanted = {name for result in failed for name in called.get(result.spec.id, ())}
        if wanted.isdisjoint(self.tables):
            return results
        verdicts = self.verdicts(subject, wanted)
        return [
            replace(result, misconception=_cause_of(result, called, verdicts))
            if result.outcome in _EXPLAINED
            else result
            for result in results
        ]


class _Probing:
    """One submission's components, each asked at most once."""

    def __init__(self, tables: Mapping[str, Table], subject: Subject) -> None:
        self.tables = tables
        self.subject = subject
        self.seconds = SUBMISSION_SECONDS
        """What is left of the submission's processor time for probes."""
        self.verdicts: dict[str, Verdict] = {}

    def verdict(self, name: str) -> Verdict:
        """What is known of a component; never raises."""
        if name not in self.verdicts:
            self.verdicts[name] = Verdict(Standing.UNKNOWN)  # where components build on each other
            try:
                self.verdicts[name] = self._asked(self.tables[name])
            except (Exception, SubjectLost):  # a cause is an extra: without it, the grade stands
                return self.verdicts[name]
        return self.verdicts[name]

    def _asked(self, table: Table) -> Verdict:
        found = Verdict(Standing.UNKNOWN)
        stages: list[Answers] = []
        left = min(COMPONENT_SECONDS, self.seconds)
        for stage in table.component.stages:
            answers, used = ask_within(stage, self.subject, seed=table.seed, seconds=left)
            stages.append(answers)
            left, self.seconds = left - used, self.seconds - used
            found = verdict(table, stages)
            if found.cause is not None:
                break
        parts = [name for name in table.component.builds_on if name in self.tables]
        if found.standing is not Standing.WRONG or not parts:
            return found
        verdicts = {name: self.verdict(name) for name in parts}
        if all(part.standing is Standing.RIGHT for part in verdicts.values()):
            return found
        return self._caused_by(table, stages, verdicts)

    def _caused_by(
        self, table: Table, stages: Sequence[Answers], parts: Mapping[str, Verdict]
    ) -> Verdict:
        """Whether known mistakes in its parts are all that is wrong with a component."""
        causes = [part.cause for part in parts.values() if part.cause is not None]
        wrong = [part for part in parts.values() if part.standing is not Standing.RIGHT]
        if len(causes) < len(wrong) or len(names_of(causes)) != 1:
            return Verdict(Standing.WRONG)
        for mistakes in product(*(self._variants(name, parts[name]) for name in parts)):
            expected = table.built_on(dict(zip(parts, mistakes, strict=True)))
            if same(joined(stages), joined(expected[: len(stages)]), within=NEAR):
                return Verdict(Standing.WRONG, causes[0])
        return Verdict(Standing.WRONG)

    def _variants(self, name: str, part: Verdict) -> list[WrongVersion | Component]:
        """The ways in which a part may be wrong: all versions of its one misconception."""
        component = self.tables[name].component
        if part.cause is None:
            return [component]
        return [each for each in component.known if each.id == part.cause.id]


def names_of(causes: Iterable[WrongVersion]) -> set[str]:
    """The different misconceptions among these, as their reader sees them."""
    return {cause.misconception.name["en"] for cause in causes}


def _cause_of(
    result: CheckResult, called: Mapping[str, frozenset[str]], verdicts: Mapping[str, Verdict]
) -> Misconception | None:
    """The cause of one check's failure, where it is clear which function is to blame."""
    suspects = {
        name: verdicts.get(name, Verdict(Standing.UNKNOWN))
        for name in sorted(called.get(result.spec.id, ()))
    }
    suspects = {
        name: found for name, found in suspects.items() if found.standing is not Standing.RIGHT
    }
    causes = [found.cause for found in suspects.values() if found.cause is not None]
    if len(causes) == len(suspects) and len(names_of(causes)) == 1:
        return causes[0].misconception
    last = result.details.call if result.details is not None else None
    blamed = suspects.get(last.partition("(")[0]) if last else None
    return None if blamed is None or blamed.cause is None else blamed.cause.misconception
