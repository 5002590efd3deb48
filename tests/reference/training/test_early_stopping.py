import math
from typing import Any

import numpy as np
import pytest

from reference.training import BestSoFar, EarlyStopping


def run(stopping: EarlyStopping, values: list[float]) -> tuple[int, BestSoFar]:
    """Return after how many epochs a run stops, and its best epoch."""
    best = None
    for epoch, value in enumerate(values, start=1):
        best = stopping.watch(best, epoch, value, {"w": np.array([float(epoch)])})
        if stopping.exhausted(best):
            return epoch, best
    assert best is not None
    return len(values), best


def test_stops_after_patience_epochs_without_better() -> None:
    epoch, best = run(EarlyStopping(patience=5), [1.0, 0.8, *[0.9] * 20])
    assert (epoch, best.epoch, best.value) == (7, 2, 0.8)
    assert best.parameters["w"][0] == 2


def test_an_improvement_starts_the_patience_anew() -> None:
    epoch, best = run(EarlyStopping(patience=2), [1.0, 1.1, 0.9, 1.0, 0.8, 0.9, 0.9])
    assert (epoch, best.epoch) == (7, 5)


def test_an_equal_value_is_no_improvement() -> None:
    assert run(EarlyStopping(patience=3), [0.5] * 10)[0] == 4


def test_less_than_min_delta_is_no_improvement() -> None:
    values = [1.0, 0.95, 0.91, 0.85, 0.84]
    epoch, best = run(EarlyStopping(patience=2, min_delta=0.1), values)
    assert (epoch, best.epoch) == (3, 1)


def test_accuracy_is_better_when_larger() -> None:
    epoch, best = run(
        EarlyStopping(patience=2, monitor="validation_accuracy"), [0.1, 0.5, 0.4, 0.3]
    )
    assert (epoch, best.epoch) == (4, 2)


def test_nan_is_never_the_best() -> None:
    epoch, best = run(EarlyStopping(patience=3), [math.nan, 0.7, math.nan, math.nan, math.nan])
    assert (epoch, best.epoch, best.value) == (5, 2, 0.7)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"patience": 0}, "patience must be at least 1"),
        ({"min_delta": -0.1}, "min_delta must be a finite number at least 0"),
        ({"monitor": "test_loss"}, "monitor must be one of 'validation_loss'"),
    ],
)
def test_wrong_settings_are_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        EarlyStopping(**settings)
