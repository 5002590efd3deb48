import math

import numpy as np
import pytest

from autograder.authoring.thresholds import (
    GOAL,
    Accuracies,
    chance_of_failing,
    clopper_pearson,
    recommend,
    replay,
)
from autograder.checks.sequential import Decision, Estimate, decide


def drawn(mean=0.94, spread=0.01, runs=200, held_out=400, seed=0):
    rates = np.clip(np.random.default_rng(seed).normal(mean, spread, runs), 0, 1)
    return Accuracies(tuple(np.rint(rates * held_out) / held_out), held_out)


def test_the_pessimistic_limits_cover_the_truth_in_95_of_100_samples():
    """Both limits of logit-normal accuracies, from 400 samples of 50 runs."""
    rng = np.random.default_rng(3)
    mean, spread, held_out = 2.7, 0.2, 10**9
    covered = np.zeros(2)
    for _ in range(400):
        logits = rng.normal(mean, spread, 50)
        low, wide = Accuracies(tuple(1 / (1 + np.exp(-logits))), held_out).pessimistic()
        covered += (low <= mean, wide >= spread)
    assert np.all(covered / 400 > 0.92)


def test_the_chi_square_quantile_is_that_of_scipy():
    from scipy.stats import chi2

    from autograder.authoring.thresholds import _chi_square_low

    for freedom in (9, 49, 199, 999):
        assert _chi_square_low(freedom) == pytest.approx(chi2.ppf(0.05, freedom), rel=5e-3)


def test_the_chance_is_that_of_grading_with_the_rule_itself():
    accuracies = drawn(spread=0.02)
    at_least, gradings = 0.93, 4000
    mean, spread = accuracies.pessimistic()
    rng = np.random.default_rng(0)
    failed = 0
    for row in mean + spread * rng.standard_normal((gradings, 3)):
        runs = np.rint(400 / (1 + np.exp(-row))) / 400
        for taken in (1, 2, 3):
            estimate = Estimate(tuple(runs[:taken].tolist()), 400)
            decision = decide(estimate, at_least, last=taken == 3)
            if decision is not Decision.MORE:
                failed += decision is Decision.FAIL
                break
    chance = chance_of_failing(accuracies, at_least, 3, gradings=gradings)
    assert chance == pytest.approx(failed / gradings) and 0.01 < chance < 0.9


def test_a_higher_threshold_is_failed_more_often():
    chances = [chance_of_failing(drawn(), t, 3, gradings=5000) for t in (0.88, 0.92, 0.94, 0.96)]
    assert chances == sorted(chances) and chances[0] == 0 and chances[-1] > 0.9


def test_the_recommended_threshold_keeps_the_goal_and_the_next_one_does_not():
    accuracies = drawn()
    advice = recommend([accuracies], 3)
    assert advice.chance < GOAL <= chance_of_failing(accuracies, advice.graded + 0.005, 3)
    assert advice.chance == chance_of_failing(accuracies, advice.graded, 3)
    assert 0.005 <= advice.published - advice.graded <= 0.03
    assert math.isclose(advice.graded / 0.005, round(advice.graded / 0.005))


@pytest.mark.slow
def test_truly_right_solutions_fail_as_seldom_as_promised():
    """Fresh accuracies from the true distribution, graded with the recommended threshold."""
    advice = recommend([drawn(seed=1)], 3)
    fresh = drawn(runs=6000, seed=2)
    seen = replay(fresh, advice.graded, 3)
    assert seen.gradings > 4000 and seen.failures / seen.gradings < GOAL


@pytest.mark.slow
def test_the_weakest_solution_sets_the_threshold():
    strong, weak = drawn(0.97), drawn(0.93)
    both, alone = recommend([strong, weak], 3), recommend([weak], 3)
    assert both.graded == alone.graded < strong.mean - 0.04


def test_a_training_that_is_too_unsteady_gets_no_threshold():
    assert recommend([drawn(0.5, 0.25, runs=20)], 1) is None


def test_the_observed_runs_are_replayed_in_their_order():
    accuracies = Accuracies((0.95, 0.95, 0.5, 0.91, 0.90, 0.91, *[0.95] * 4), 400)
    seen = replay(accuracies, 0.9, 3)
    # 0.95 | 0.95 | 0.5 fails at once | 0.91, 0.90 and 0.91: the mean decides | four times 0.95
    assert (seen.gradings, seen.failures) == (8, 1)
    assert seen.at_most == pytest.approx(clopper_pearson(1, 8))


@pytest.mark.parametrize(("failures", "trials"), [(0, 30), (1, 8), (3, 200), (29, 30)])
def test_clopper_pearson_is_the_quantile_of_the_beta_distribution(failures, trials):
    from scipy.stats import beta

    expected = beta.ppf(0.95, failures + 1, trials - failures)
    assert clopper_pearson(failures, trials) == pytest.approx(expected, abs=1e-9)


def test_what_tells_nothing_is_refused():
    with pytest.raises(ValueError, match="at least 10 runs"):
        Accuracies((0.9,) * 9, 100)
    with pytest.raises(ValueError, match="failures must be from 0 to 5, not 6"):
        clopper_pearson(6, 5)
    assert clopper_pearson(5, 5) == 1.0
