"""Hyperparameter search in log space, coarse to fine (slides s.199 to s.204)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal, TypeAlias

import numpy as np

from reference.arrays import check_count, check_positive

Settings: TypeAlias = dict[str, float]
Evaluate: TypeAlias = Callable[[Settings], float]
"""Maps settings to the validation accuracy they reach; NaN for a run that was aborted."""


@dataclass(frozen=True)
class LogRange:
    """A range of positive numbers, even in the logarithm: `10^U(log10 low, log10 high)`.

    Learning rate and regularization act by factors, so 1e-5 to 1e-4 must get as many trials as
    1e-4 to 1e-3. Raises `ValueError` unless `0 < low < high`.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        check_positive(self.low, "low")
        check_positive(self.high, "high")
        if not self.low < self.high:
            raise ValueError(
                f"low must be under high, got {self.low} and {self.high}: exchange them"
            )

    def sample(self, rng: np.random.Generator) -> float:
        """Draw one value."""
        return self.at(float(rng.random()))

    def grid(self, points: int) -> tuple[float, ...]:
        """Return `points` values at equal factors, the ends among them."""
        check_count(points, "points", minimum=2)
        return tuple(self.at(index / (points - 1)) for index in range(points))

    def at(self, position: float) -> float:
        """Return the value at a position from 0 (low) to 1 (high)."""
        # The ends exactly: low * (high / low) may be off by a rounding error.
        if position in (0.0, 1.0):
            return self.high if position else self.low
        return float(self.low * (self.high / self.low) ** position)

    def position(self, value: float) -> float:
        """Return where a value lies, 0 at low and 1 at high; `at` turned round."""
        check_positive(value, "value")
        return math.log(value / self.low) / math.log(self.high / self.low)


@dataclass(frozen=True)
class Trial:
    """Settings and the validation accuracy they reached (NaN: aborted)."""

    settings: Settings
    score: float


@dataclass(frozen=True)
class EdgeWarning:
    """The best value lies at an edge of its range: something better may lie beyond."""

    name: str
    value: float
    edge: Literal["low", "high"]
    position: float


def random_search(
    evaluate: Evaluate,
    ranges: Mapping[str, LogRange],
    *,
    trials: int,
    rng: np.random.Generator,
) -> tuple[Trial, ...]:
    """Try random settings, in the order drawn.

    To be preferred to a grid: n trials try n values of each hyperparameter, where a grid tries but
    a root of n, and usually few of them matter (slides s.203; Bergstra and Bengio 2012).
    """
    _check_ranges(ranges)
    results = []
    for _ in range(check_count(trials, "trials")):
        settings = {name: each.sample(rng) for name, each in ranges.items()}
        results.append(Trial(settings, float(evaluate(settings))))
    return tuple(results)


def grid_search(
    evaluate: Evaluate, ranges: Mapping[str, LogRange], *, points: int
) -> tuple[Trial, ...]:
    """Try every combination of `points` values of each range, ends included."""
    _check_ranges(ranges)
    grids = [each.grid(points) for each in ranges.values()]
    settings = [dict(zip(ranges, values, strict=True)) for values in product(*grids)]
    return tuple(Trial(each, float(evaluate(each))) for each in settings)


def best_trial(trials: Sequence[Trial]) -> Trial:
    """Return the trial of the highest score, the first of equals.

    Raises `ValueError` when there is none or all were aborted.
    """
    finished = [trial for trial in trials if not math.isnan(trial.score)]
    if not finished:
        raise ValueError(
            f"at least one trial must have finished, got none of {len(trials)}: search at lower "
            "learning rates"
        )
    return max(finished, key=lambda trial: trial.score)


def edge_warnings(
    trials: Sequence[Trial], ranges: Mapping[str, LogRange], *, margin: float = 0.05
) -> tuple[EdgeWarning, ...]:
    """Return a warning for each hyperparameter whose best value lies at the edge of its range.

    `margin` is the part of the range, in the logarithm, that counts as its edge. In slides s.202
    the best learning rate, 9.47e-4 of [1e-4, 1e-3], lies at 0.98: that is what is worrying.
    Raises `ValueError` for a margin outside [0, 0.5).
    """
    if not 0 <= margin < 0.5:
        raise ValueError(
            f"margin is a part of the range and must lie in [0, 0.5), got {margin}: use 0.05"
        )
    settings = best_trial(trials).settings
    warnings = []
    for name, each in ranges.items():
        position = each.position(settings[name])
        if position <= margin:
            warnings.append(EdgeWarning(name, settings[name], "low", position))
        elif position >= 1 - margin:
            warnings.append(EdgeWarning(name, settings[name], "high", position))
    return tuple(warnings)


def narrow_ranges(
    trials: Sequence[Trial],
    ranges: Mapping[str, LogRange],
    *,
    keep: int = 5,
    margin: float = 0.05,
) -> dict[str, LogRange]:
    """Return the ranges of the next, finer stage: what the `keep` best trials span.

    Each is widened by `margin` of the old range on both sides. A best value at an edge takes the
    new range past that edge by a quarter of the old one, because the optimum may lie beyond.
    """
    check_count(keep, "keep")
    finished = [trial for trial in trials if not math.isnan(trial.score)]
    warned = {
        warning.name: warning.edge for warning in edge_warnings(trials, ranges, margin=margin)
    }
    best = sorted(finished, key=lambda trial: trial.score, reverse=True)[:keep]
    narrowed = {}
    for name, each in ranges.items():
        positions = [each.position(trial.settings[name]) for trial in best]
        low, high = min(positions) - margin, max(positions) + margin
        low = low - 0.25 if warned.get(name) == "low" else max(low, 0.0)
        high = high + 0.25 if warned.get(name) == "high" else min(high, 1.0)
        narrowed[name] = LogRange(each.at(low), each.at(high))
    return narrowed


def coarse_to_fine(
    evaluate: Evaluate,
    ranges: Mapping[str, LogRange],
    *,
    trials: int,
    stages: int = 2,
    keep: int = 5,
    rng: np.random.Generator,
) -> tuple[tuple[Trial, ...], ...]:
    """Search at random in `stages` stages, each within the ranges that the last one left.

    Returns the trials of each stage. The first stage needs only few epochs a trial, and aborted
    runs (the loss above three times the first) cost next to nothing.
    """
    results = []
    current = dict(ranges)
    for stage in range(check_count(stages, "stages")):
        results.append(random_search(evaluate, current, trials=trials, rng=rng))
        if stage < stages - 1:
            current = narrow_ranges(results[-1], current, keep=keep)
    return tuple(results)


def _check_ranges(ranges: Mapping[str, LogRange]) -> None:
    if not ranges:
        raise ValueError("a search needs at least one range, got none: name a hyperparameter")
