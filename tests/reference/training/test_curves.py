import math

import numpy as np
import pytest

from reference.training import (
    TARGET_UPDATE_RATIO,
    EpochRecord,
    Symptom,
    diagnose,
    generalization_gap,
    smooth,
    update_ratios,
    update_to_weight_ratio,
)

# The slides' runs: (cost, training accuracy, validation accuracy) of each epoch.
RATE_1E_6 = [
    (2.302576, 0.080, 0.103),
    (2.302582, 0.121, 0.124),
    (2.302558, 0.119, 0.138),
    (2.302519, 0.127, 0.151),
    (2.302517, 0.158, 0.171),
    (2.302518, 0.179, 0.172),
    (2.302466, 0.180, 0.176),
    (2.302452, 0.175, 0.185),
    (2.302459, 0.206, 0.192),
    (2.302420, 0.190, 0.192),
]
RATE_3E_3 = [
    (2.186654, 0.308, 0.306),
    (2.176230, 0.330, 0.350),
    (1.942257, 0.376, 0.352),
    (1.827868, 0.329, 0.310),
    (math.inf, 0.128, 0.128),
    (math.inf, 0.144, 0.147),
]
RATE_1E6 = [(math.nan, 0.091, 0.087), (math.nan, 0.095, 0.087), (math.nan, 0.100, 0.087)]


def records(rows: list[tuple[float, float, float]]) -> list[EpochRecord]:
    return [
        EpochRecord(epoch, 1e-3, loss, training, validation_accuracy=validation)
        for epoch, (loss, training, validation) in enumerate(rows, start=1)
    ]


def test_rate_1e_6_hardly_moves_the_loss_though_accuracy_reaches_19_percent() -> None:
    assert Symptom.HARDLY_MOVED in diagnose(records(RATE_1E_6))
    assert RATE_1E_6[-1][2] == 0.192


def test_rate_1e6_and_3e_3_are_not_finite() -> None:
    assert diagnose(records(RATE_1E6)) == (Symptom.NOT_FINITE,)
    assert diagnose(records(RATE_3E_3)) == (Symptom.NOT_FINITE,)


def test_loss_above_three_times_the_first_has_exploded() -> None:
    assert diagnose(records([(2.3, 0.1, 0.1), (7.0, 0.1, 0.1)])) == (Symptom.EXPLODED,)
    healthy = diagnose(records([(2.3, 0.1, 0.1), (6.8, 0.5, 0.45), (1.0, 0.5, 0.45)]))
    assert healthy == ()


def test_a_large_gap_means_overfitting_and_none_asks_for_capacity() -> None:
    falling = [(2.3, 0.1, 0.1)]
    assert diagnose(records([*falling, (0.1, 1.0, 0.7)])) == (Symptom.OVERFITS,)
    assert diagnose(records([*falling, (1.5, 0.45, 0.45)])) == (Symptom.NO_GAP,)
    assert diagnose(records([*falling, (1.0, 0.65, 0.60)])) == ()


def test_better_on_validation_than_in_training_is_no_error() -> None:
    record = EpochRecord(1, 1e-3, 1.0, 0.5, validation_accuracy=0.6)
    assert generalization_gap(record) == pytest.approx(-0.1)
    with pytest.raises(ValueError, match="the gap needs a validation accuracy, got none"):
        generalization_gap(EpochRecord(1, 1e-3, 1.0, 0.5))


def test_curves_without_validation_are_read_too() -> None:
    epochs = [EpochRecord(1, 1e-3, 2.3, 0.1), EpochRecord(2, 1e-3, 2.299, 0.1)]
    assert diagnose(epochs) == (Symptom.HARDLY_MOVED,)
    with pytest.raises(ValueError, match="at least one epoch"):
        diagnose([])


def test_record_prints_the_slides_line() -> None:
    record = EpochRecord(1, 1e-6, 2.302576, 0.08, validation_accuracy=0.103)
    assert record.format(10) == (
        "Finished epoch 1 / 10: cost 2.302576, train: 0.080000, val 0.103000, lr 1.000000e-06"
    )


def test_smoothing_is_the_mean_of_the_last_few() -> None:
    assert smooth([1.0, 3.0, 5.0, 7.0], window=2) == (1.0, 2.0, 4.0, 6.0)
    assert smooth([4.0, 2.0], window=1) == (4.0, 2.0)
    assert smooth([], window=3) == ()
    with pytest.raises(ValueError, match="window must be at least 1"):
        smooth([1.0], window=0)


def test_ratio_of_the_slides_is_one_hundredth_ten_times_the_target() -> None:
    weights = np.full((2, 2), 0.01)
    update = np.full((2, 2), -0.0001)
    assert np.linalg.norm(weights) == pytest.approx(0.02)
    assert update_to_weight_ratio(weights, update) == pytest.approx(0.01)
    assert update_to_weight_ratio(weights, update) == pytest.approx(10 * TARGET_UPDATE_RATIO)


def test_ratios_leave_biases_and_zero_weights_out() -> None:
    before = {"W": np.full((2, 2), 2.0), "b": np.zeros(2), "zero": np.zeros((2, 2))}
    after = {"W": np.full((2, 2), 2.2), "b": np.ones(2), "zero": np.ones((2, 2))}
    assert update_ratios(before, after) == {"W": pytest.approx(0.1)}


def test_wrong_ratios_are_refused() -> None:
    with pytest.raises(ValueError, match="weights must not all be 0"):
        update_to_weight_ratio(np.zeros((2, 2)), np.ones((2, 2)))
    with pytest.raises(ValueError, match="update must have the shape"):
        update_to_weight_ratio(np.ones((2, 2)), np.ones(2))
    with pytest.raises(ValueError, match="update must be finite"):
        update_to_weight_ratio(np.ones(2), np.array([1.0, np.nan]))
