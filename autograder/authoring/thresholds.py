"""From the accuracies of many trainings of a right solution to a threshold, and to its risk.

The accuracies of a solution, one a seed, are taken as normal on the logit scale, ln(a / (1 - a)),
whose tail towards low accuracies is the longer one. Mean and spread are not known but estimated
from n runs, so the pessimistic end of their 95 % confidence limits counts: the mean by the normal
distribution, the spread by the chi-square distribution of the variance (its quantile after Wilson
and Hilferty, 1931). From that distribution gradings are drawn and decided by the very rule that
grades (`checks.sequential.decide`); the share that fails is the chance.

Beside it stands what needs no distribution: the observed runs replayed as gradings, and the upper
limit of their failures (Clopper and Pearson, 1934).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from autograder.checks.sequential import Decision, Estimate, decide

GOAL = 0.001
"""A right solution may fail in fewer than so many of its gradings."""

STEP = 0.005
"""Thresholds are recommended in multiples of half a percent."""

GRADINGS = 100_000
"""Drawn for each chance."""

_ROUGH = 2_000
_HOPELESS = 20
"""So many times the goal in the rough: no need to count exactly."""

_LIMIT = 0.95
_QUANTILE = NormalDist().inv_cdf(_LIMIT)


@dataclass(frozen=True)
class Accuracies:
    """The accuracies of one solution in one training check, one a seed."""

    values: tuple[float, ...]
    held_out: int
    """Samples that each accuracy was counted on."""

    def __post_init__(self) -> None:
        if len(self.values) < 10:
            raise ValueError(f"at least 10 runs tell something of the spread, not {self.runs}")

    @property
    def runs(self) -> int:
        """How many."""
        return len(self.values)

    @property
    def mean(self) -> float:
        """Of the accuracies."""
        return float(np.mean(self.values))

    @property
    def spread(self) -> float:
        """Standard deviation between runs."""
        return float(np.std(self.values, ddof=1))

    def pessimistic(self) -> tuple[float, float]:
        """Mean and standard deviation on the logit scale, each at the worse 95 % limit."""
        counts = np.array(self.values) * self.held_out
        rates = (counts + 0.5) / (self.held_out + 1)  # so that 0 and 1 have a logit too
        logits = np.log(rates / (1 - rates))
        freedom = self.runs - 1
        spread = float(np.std(logits, ddof=1)) * math.sqrt(freedom / _chi_square_low(freedom))
        return float(np.mean(logits)) - _QUANTILE * spread / math.sqrt(self.runs), spread


def _chi_square_low(freedom: int) -> float:
    """The 5 % quantile of chi-square, after Wilson and Hilferty."""
    part = 2 / (9 * freedom)
    return float(freedom * (1 - part - _QUANTILE * math.sqrt(part)) ** 3)


def chance_of_failing(
    accuracies: Accuracies, at_least: float, max_runs: int, *, gradings: int = GRADINGS
) -> float:
    """The chance that the solution fails a check with this threshold, at the pessimistic limits."""
    mean, spread = accuracies.pessimistic()
    rng = np.random.default_rng(0)
    logits = mean + spread * rng.standard_normal((gradings, max_runs))
    counts = np.rint(accuracies.held_out / (1 + np.exp(-logits))).astype(int)
    return _failures(counts, accuracies.held_out, at_least) / gradings


def _failures(counts: NDArray[np.int64], held_out: int, at_least: float) -> int:
    """How many of the gradings (rows: the right answers of each run) fail.

    Most end after their first run, whose counts are few and decided once each.
    """
    failures = 0
    for count in np.unique(counts[:, 0]):
        same = counts[counts[:, 0] == count]
        last = counts.shape[1] == 1
        decision = _decide((int(count),), held_out, at_least, last=last)
        if decision is Decision.FAIL:
            failures += len(same)
        elif decision is Decision.MORE:
            ends = [_grade(grading, held_out, at_least) for grading in same.tolist()]
            failures += ends.count(Decision.FAIL)
    return failures


def _grade(counts: Sequence[int], held_out: int, at_least: float) -> Decision:
    """How the grading with these runs ends."""
    for taken in range(1, len(counts) + 1):
        last = taken == len(counts)
        decision = _decide(counts[:taken], held_out, at_least, last=last)
        if decision is not Decision.MORE:
            return decision
    raise ValueError("a grading needs at least one run")


def _decide(counts: Sequence[int], held_out: int, at_least: float, *, last: bool) -> Decision:
    estimate = Estimate(tuple(count / held_out for count in counts), held_out)
    return decide(estimate, at_least, last=last)


@dataclass(frozen=True)
class Replay:
    """The observed runs, taken as gradings one after another."""

    gradings: int
    failures: int

    @property
    def at_most(self) -> float:
        """The upper 95 % limit of the chance to fail, whatever the distribution."""
        return clopper_pearson(self.failures, self.gradings)


def replay(accuracies: Accuracies, at_least: float, max_runs: int) -> Replay:
    """Grade with the observed runs in their order, each used once."""
    left = [round(value * accuracies.held_out) for value in accuracies.values]
    gradings = failures = 0
    while left:
        for taken in range(1, min(max_runs, len(left)) + 1):
            decision = _decide(left[:taken], accuracies.held_out, at_least, last=taken == max_runs)
            if decision is not Decision.MORE:
                gradings += 1
                failures += decision is Decision.FAIL
                break
        left = left[taken:]
    return Replay(gradings, failures)


def clopper_pearson(failures: int, trials: int, confidence: float = _LIMIT) -> float:
    """The upper limit of a probability of which `failures` in `trials` were seen (1934)."""
    if not 0 <= failures <= trials:
        raise ValueError(f"failures must be from 0 to {trials}, not {failures}")
    if failures == trials:
        return 1.0
    low, high = failures / trials, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_most(failures, trials, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def _at_most(failures: int, trials: int, rate: float) -> float:
    """P(X <= failures) of a binomial distribution."""
    return math.fsum(
        math.comb(trials, k) * rate**k * (1 - rate) ** (trials - k) for k in range(failures + 1)
    )


@dataclass(frozen=True)
class Recommendation:
    """A threshold to publish, a slightly lower one to grade with, and the risk of the latter."""

    published: float
    graded: float
    chance: float
    """That a right solution fails."""


def recommend(
    solutions: Sequence[Accuracies], max_runs: int, *, goal: float = GOAL
) -> Recommendation | None:
    """The highest threshold whose chance of failing is under `goal` for each of the solutions.

    Published is what lies above it by the luck of one run's counting, one standard error. None
    where no threshold above one half of the weakest mean is safe: the training is too unsteady.
    """
    weakest = min(solutions, key=lambda accuracies: accuracies.mean)
    level = int(weakest.mean / STEP)
    lowest = level // 2
    while level > lowest:
        graded = round(level * STEP, 3)
        rough = max(chance_of_failing(one, graded, max_runs, gradings=_ROUGH) for one in solutions)
        if rough > _HOPELESS * goal:
            level -= 1
            continue
        chances = [chance_of_failing(one, graded, max_runs) for one in solutions]
        if max(chances) < goal:
            error = math.sqrt(graded * (1 - graded) / weakest.held_out)
            published = round(math.ceil((graded + error) / STEP) * STEP, 3)
            return Recommendation(min(published, 1 - STEP), graded, max(chances))
        level -= 1
    return None
