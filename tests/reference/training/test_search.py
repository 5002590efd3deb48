import math
from collections.abc import Mapping

import numpy as np
import pytest

from reference.training import (
    EdgeWarning,
    LogRange,
    Trial,
    best_trial,
    coarse_to_fine,
    edge_warnings,
    grid_search,
    narrow_ranges,
    random_search,
)

# Slides s.201, coarse: (validation accuracy, learning rate, regularization), rows 1 to 11.
COARSE = [
    (0.412, 1.405206e-04, 4.793564e-01),
    (0.214, 7.231888e-06, 2.321281e-04),
    (0.208, 2.119571e-06, 8.011857e01),
    (0.196, 1.551131e-05, 4.374936e-05),
    (0.079, 1.753300e-05, 1.200424e03),
    (0.223, 4.215128e-05, 4.196174e01),
    (0.441, 1.750259e-04, 2.110807e-04),
    (0.241, 6.749231e-05, 4.226413e01),
    (0.482, 4.296863e-04, 6.642555e-01),
    (0.079, 5.401602e-06, 1.599828e04),
    (0.154, 1.618508e-06, 4.925252e-01),
]
# Slides s.202, fine: the rows above 0.51 and the lowest.
FINE = [
    (0.527, 5.340517e-04, 4.097824e-01),
    (0.512, 8.680827e-04, 1.349727e-02),
    (0.460, 1.113730e-04, 5.244309e-02),
    (0.522, 5.586261e-04, 2.312685e-04),
    (0.530, 5.808183e-04, 8.259964e-02),
    (0.515, 6.947668e-04, 1.562808e-02),
    (0.531, 9.471549e-04, 1.433895e-03),
    (0.514, 6.438349e-04, 3.033781e-01),
    (0.516, 8.039527e-04, 1.528291e-02),
]
COARSE_RANGES = {"lr": LogRange(1e-6, 1e-3), "reg": LogRange(1e-5, 1e5)}
FINE_RANGES = {"lr": LogRange(1e-4, 1e-3), "reg": LogRange(1e-4, 1.0)}


def trials(rows: list[tuple[float, float, float]]) -> list[Trial]:
    return [Trial({"lr": rate, "reg": strength}, score) for score, rate, strength in rows]


def valley(settings: Mapping[str, float]) -> float:
    """Best at lr = 3e-4, whatever reg is; NaN above 5e-3, where training would explode."""
    if settings["lr"] > 5e-3:
        return math.nan
    return 0.5 - 0.1 * math.log10(settings["lr"] / 3e-4) ** 2


def test_samples_are_even_in_the_logarithm() -> None:
    rng = np.random.default_rng(0)
    samples = np.array([LogRange(1e-6, 1e-3).sample(rng) for _ in range(6000)])
    assert samples.min() >= 1e-6 and samples.max() <= 1e-3
    counts, _ = np.histogram(np.log10(samples), bins=3, range=(-6, -3))
    np.testing.assert_allclose(counts, 2000, atol=150)


def test_grid_has_both_ends_and_equal_factors() -> None:
    assert LogRange(1e-4, 1.0).grid(5) == pytest.approx((1e-4, 1e-3, 1e-2, 1e-1, 1.0))


def test_position_is_the_inverse_of_at() -> None:
    each = LogRange(2e-5, 7.0)
    assert [each.position(each.at(p)) for p in (0.0, 0.3, 1.0)] == pytest.approx([0.0, 0.3, 1.0])


def test_slides_coarse_search_is_best_at_0_482() -> None:
    best = best_trial(trials(COARSE))
    assert best.score == 0.482
    assert best.settings == {"lr": 4.296863e-04, "reg": 6.642555e-01}
    assert edge_warnings(trials(COARSE), COARSE_RANGES) == ()


def test_slides_fine_search_is_best_at_the_edge_of_the_learning_rates() -> None:
    assert best_trial(trials(FINE)).score == 0.531
    (warning,) = edge_warnings(trials(FINE), FINE_RANGES)
    assert isinstance(warning, EdgeWarning)
    assert (warning.name, warning.edge, warning.value) == ("lr", "high", 9.471549e-04)
    assert warning.position == pytest.approx(0.976, abs=0.001)


def test_low_edge_is_told_too() -> None:
    found = edge_warnings([Trial({"lr": 1.01e-4, "reg": 0.01}, 0.5)], FINE_RANGES)
    assert [(warning.name, warning.edge) for warning in found] == [("lr", "low")]


def test_narrowed_ranges_span_the_best_trials() -> None:
    narrow = narrow_ranges(trials(COARSE), COARSE_RANGES, keep=3)
    rates = [4.296863e-04, 1.750259e-04, 1.405206e-04]
    assert narrow["lr"].low == pytest.approx(min(rates) / 10**0.15)
    assert narrow["lr"].high == pytest.approx(max(rates) * 10**0.15)
    assert 1e-5 < narrow["reg"].low < 2.110807e-04 and 6.6e-01 < narrow["reg"].high < 10


def test_narrowed_range_goes_past_an_edge_where_the_best_lies() -> None:
    narrow = narrow_ranges(trials(FINE), FINE_RANGES, keep=3)
    assert narrow["lr"].high > 1e-3
    assert narrow["reg"].high <= 1.0


def test_random_search_tries_as_many_values_as_trials_a_grid_only_the_root() -> None:
    rng = np.random.default_rng(0)
    random = random_search(valley, FINE_RANGES, trials=9, rng=rng)
    grid = grid_search(valley, FINE_RANGES, points=3)
    assert len(random) == len(grid) == 9
    assert len({trial.settings["lr"] for trial in random}) == 9
    assert len({trial.settings["lr"] for trial in grid}) == 3


def test_coarse_to_fine_comes_nearer_to_the_optimum() -> None:
    ranges = {"lr": LogRange(1e-6, 1.0), "reg": LogRange(1e-4, 1.0)}
    stages = coarse_to_fine(valley, ranges, trials=20, stages=3, rng=np.random.default_rng(0))
    assert [len(stage) for stage in stages] == [20, 20, 20]
    spreads = [np.ptp([math.log10(trial.settings["lr"]) for trial in stage]) for stage in stages]
    assert spreads[2] < spreads[1] < spreads[0]
    assert best_trial(stages[-1]).settings["lr"] == pytest.approx(3e-4, rel=0.3)


def test_search_finds_an_optimum_beyond_its_first_range() -> None:
    ranges = {"lr": LogRange(1e-6, 1e-4)}
    stages = coarse_to_fine(valley, ranges, trials=15, stages=4, rng=np.random.default_rng(1))
    assert best_trial(stages[-1]).settings["lr"] == pytest.approx(3e-4, rel=0.5)


def test_aborted_runs_are_never_the_best() -> None:
    rows = [Trial({"lr": 1.0}, math.nan), Trial({"lr": 0.1}, 0.2)]
    assert best_trial(rows).score == 0.2
    with pytest.raises(ValueError, match="got none of 1: search at lower learning rates"):
        best_trial(rows[:1])


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="low must be under high"):
        LogRange(1e-3, 1e-6)
    with pytest.raises(ValueError, match="low must be a finite number above 0"):
        LogRange(0.0, 1.0)
    with pytest.raises(ValueError, match="value must be a finite number above 0"):
        LogRange(1e-3, 1.0).position(-1.0)
    with pytest.raises(ValueError, match="points must be at least 2"):
        LogRange(1e-3, 1.0).grid(1)
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="a search needs at least one range"):
        random_search(valley, {}, trials=1, rng=rng)
    with pytest.raises(ValueError, match="trials must be at least 1"):
        random_search(valley, FINE_RANGES, trials=0, rng=rng)
    with pytest.raises(ValueError, match="stages must be at least 1"):
        coarse_to_fine(valley, FINE_RANGES, trials=1, stages=0, rng=rng)
    with pytest.raises(ValueError, match=r"margin is a part of the range.*got 0.5"):
        edge_warnings(trials(FINE), FINE_RANGES, margin=0.5)
