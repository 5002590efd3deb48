import numpy as np
import pytest

from autograder.checks.curves import MOST_POINTS, make_curve, thinned
from autograder.records import CurveKind


@pytest.mark.parametrize("length", [1, 2, 199, 200])
def test_short_curves_stay_whole(length):
    assert thinned(np.arange(float(length))) == list(range(length))


@pytest.mark.parametrize("length", [201, 202, 999, 100_000])
def test_long_curves_keep_their_ends_and_their_spikes(length):
    values = np.linspace(2.0, 1.0, length)
    values[length // 3] = 50.0
    values[length // 2] = -50.0
    places = thinned(values)
    assert len(places) <= MOST_POINTS and places == sorted(set(places))
    assert {0, length - 1, length // 3, length // 2} <= set(places)


def test_a_single_nan_is_kept_and_has_no_number():
    values = np.ones(5000)
    values[1234] = np.nan
    curve = make_curve(CurveKind.LOSS, values)
    assert curve.values[curve.steps.index(1234)] is None
    assert curve.values.count(None) == 1


def test_values_have_six_digits_and_steps_of_their_own():
    curve = make_curve(CurveKind.UPDATE_RATIO, np.array([1 / 3, np.inf, 1e300]), [1, 51, 101])
    assert curve.values == (0.333333, None, 1e300)
    assert curve.steps == (1, 51, 101)
