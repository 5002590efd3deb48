"""Early stopping with the best parameters restored (introduction to CNNs; slides s.207)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

from reference.arrays import check_choice, check_count, check_positive
from reference.training.model import Parameters

Monitor: TypeAlias = Literal["validation_loss", "validation_accuracy"]


@dataclass(frozen=True)
class BestSoFar:
    """The best epoch seen, its parameters, and how many epochs have passed since without better."""

    epoch: int
    value: float
    parameters: Parameters
    waited: int = 0


@dataclass(frozen=True)
class EarlyStopping:
    """Stop after `patience` epochs without an improvement of more than `min_delta`.

    Watches the validation loss (smaller is better) or accuracy (larger is better), on examples
    that are neither trained on nor the test set. As in Keras, `patience = 5` stops behind the
    fifth epoch in a row that was no better than the best one. NaN is never an improvement.
    Raises `ValueError`: patience under 1, min_delta under 0, an unknown monitor.
    """

    patience: int = 5
    min_delta: float = 0.0
    monitor: Monitor = "validation_loss"

    def __post_init__(self) -> None:
        check_count(self.patience, "patience")
        check_positive(self.min_delta, "min_delta", zero=True)
        check_choice(self.monitor, "monitor", ("validation_loss", "validation_accuracy"))

    def watch(
        self, best: BestSoFar | None, epoch: int, value: float, parameters: Parameters
    ) -> BestSoFar:
        """Return the best epoch with this one taken into account.

        `parameters` are kept as they are: an update must make new arrays, not change these.
        """
        if best is None or self._improves(value, best.value):
            return BestSoFar(epoch, value, parameters)
        return BestSoFar(best.epoch, best.value, best.parameters, best.waited + 1)

    def exhausted(self, best: BestSoFar) -> bool:
        """Return whether the patience is used up."""
        return best.waited >= self.patience

    def _improves(self, value: float, best: float) -> bool:
        if math.isnan(best):
            return not math.isnan(value)
        gain = best - value if self.monitor == "validation_loss" else value - best
        return gain > self.min_delta
