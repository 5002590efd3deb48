"""When a few training runs are enough: an estimate of the accuracy, and a decision."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import sqrt

CONFIDENCE = 99.9
"""The confidence of the interval, in percent."""

_WIDTH = 3.29
"""Standard errors on each side of a mean that make 99.9 %."""


class Decision(Enum):
    """What the runs so far say."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    MORE = "one more run"


@dataclass(frozen=True)
class Estimate:
    """The accuracy of a classifier, from runs with different seeds.

    Each run was judged on `samples` held-out samples. The standard error is the larger of two:
    that of counting so many samples, and that of the runs' spread.
    """

    accuracies: tuple[float, ...]
    samples: int

    @property
    def mean(self) -> float:
        """The mean accuracy."""
        return sum(self.accuracies) / len(self.accuracies)

    @property
    def standard_error(self) -> float:
        """Of the mean."""
        runs = len(self.accuracies)
        counted = self.samples * runs
        # one success and one failure more, so that an accuracy of 1 has an error too
        rate = (self.mean * counted + 1) / (counted + 2)
        counting = sqrt(rate * (1 - rate) / counted)
        if runs < 2:
            return counting
        variance = sum((a - self.mean) ** 2 for a in self.accuracies) / (runs - 1)
        return max(counting, sqrt(variance / runs))

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true mean accuracy lies with 99.9 % confidence."""
        reach = _WIDTH * self.standard_error
        return max(0.0, self.mean - reach), min(1.0, self.mean + reach)


def decide(estimate: Estimate, at_least: float, *, last: bool) -> Decision:
    """Pass, fail or one more run.

    A failure needs the whole interval below the threshold; a pass, one standard error above it.
    After the `last` run the mean decides.
    """
    if estimate.mean - estimate.standard_error >= at_least:
        return Decision.PASS
    if estimate.interval[1] < at_least:
        return Decision.FAIL
    if last:
        return Decision.PASS if estimate.mean >= at_least else Decision.FAIL
    return Decision.MORE
