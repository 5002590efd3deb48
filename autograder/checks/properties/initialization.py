"""Properties of random initial weights: `initialize(shape, seed)` (s.180-187).

Statistical bounds are 6 standard errors wide: with the fixed seeds of a check they either always
hold or never, and a right function misses one with a chance below 1e-8.
"""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from autograder.checks.compare import check_value
from autograder.checks.properties.own import own, within
from autograder.checks.properties.registry import Cases, Function, course_property
from autograder.checks.topic import topic
from autograder.texts import text

__all__ = [
    "a_seed_decides_the_initial_weights",
    "fans_count_the_weights_of_a_unit",
    "he_keeps_the_size_of_relu_activations",
    "he_weights_have_variance_2_over_fan_in",
    "initial_weights_are_centred_on_0",
    "initial_weights_differ",
    "xavier_uniform_fills_its_interval",
    "xavier_weights_have_variance_1_over_fan_in",
]

INITIALIZE = "initialize(shape, seed) -> weights of that shape"
WHAT = "the weights"
WIDTH = 6.0
Shape = tuple[int, ...]


def _shapes() -> Cases:
    dense = st.tuples(st.sampled_from((60, 100, 40)), st.sampled_from((50, 80)))
    filters = st.tuples(st.sampled_from((20, 32)), st.sampled_from((8, 12)), st.just(3), st.just(3))
    return st.tuples(st.one_of(dense, filters), st.integers(0, 99))


def _dense() -> Cases:
    dense = st.tuples(st.sampled_from((60, 100, 40)), st.sampled_from((50, 80)))
    return st.tuples(dense, st.integers(0, 99))


def _fan_in(shape: Shape) -> int:
    return shape[0] if len(shape) == 2 else int(np.prod(shape[1:]))


@course_property(needs=INITIALIZE, cases=_shapes, relates=False)
def initial_weights_are_centred_on_0(initialize: Function, shape: Shape, seed: int) -> None:
    """The mean of the initial weights is 0, but for chance."""
    weights = own(initialize(shape, seed), shape, what=WHAT)
    error = WIDTH * weights.std() / np.sqrt(weights.size)
    within(np.asarray(weights.mean()), -error, error, what="the mean")


@course_property(needs=INITIALIZE, cases=_shapes, relates=False)
def initial_weights_differ(initialize: Function, shape: Shape, seed: int) -> None:
    """Initial weights differ from each other: equal ones would stay equal for ever."""
    weights = own(initialize(shape, seed), shape, what=WHAT)
    distinct = len(np.unique(weights))
    within(np.asarray(distinct), 0.99 * weights.size, what="the number of different weights")


@course_property(needs=INITIALIZE, cases=_shapes)
def a_seed_decides_the_initial_weights(initialize: Function, shape: Shape, seed: int) -> None:
    """The same seed gives the same initial weights, and another seed others."""
    first = own(initialize(shape, seed), shape, what=WHAT)
    check_value(initialize(shape, seed), first, what=WHAT)
    if np.array_equal(own(initialize(shape, seed + 1), shape, what=WHAT), first):
        raise topic(WHAT).failure(text("Two different seeds gave the same weights."))


def _check_std(initialize: Function, shape: Shape, seed: int, expected: float) -> None:
    weights = own(initialize(shape, seed), shape, what=WHAT)
    share = np.asarray(weights.std() / expected)
    # The relative standard error of a normal sample's deviation is 1 / sqrt(2 n).
    error = WIDTH / np.sqrt(2 * weights.size)
    within(share, 1 - error, 1 + error, what="the standard deviation, divided by the one asked for")


@course_property(needs=f"he: {INITIALIZE}", cases=_shapes, relates=False)
def he_weights_have_variance_2_over_fan_in(he: Function, shape: Shape, seed: int) -> None:
    """The standard deviation of He's weights is `sqrt(2 / fan_in)`."""
    _check_std(he, shape, seed, float(np.sqrt(2 / _fan_in(shape))))


@course_property(needs=f"xavier, as on the slides: {INITIALIZE}", cases=_shapes, relates=False)
def xavier_weights_have_variance_1_over_fan_in(xavier: Function, shape: Shape, seed: int) -> None:
    """The standard deviation of Xavier's weights (the slides') is `1 / sqrt(fan_in)`."""
    _check_std(xavier, shape, seed, float(np.sqrt(1 / _fan_in(shape))))


@course_property(needs=f"he: {INITIALIZE} (D, M)", cases=_dense, relates=False)
def he_keeps_the_size_of_relu_activations(he: Function, shape: Shape, seed: int) -> None:
    """Through a ReLU layer with He's weights the mean square of the activations stays."""
    weights = own(he(shape, seed), shape, what=WHAT)
    inputs = np.abs(np.random.default_rng(seed).normal(size=(400, shape[0])))
    outputs = np.maximum(inputs @ weights, 0.0)
    share = np.asarray((outputs**2).mean() / (inputs**2).mean())
    # Over 1000 seeds the share of right weights lies between 0.5 and 1.7 for these shapes.
    within(share, 0.3, 2.5, what="the mean square of the activations over that of the inputs")


@course_property(needs=f"xavier_uniform: {INITIALIZE} (D, M)", cases=_dense, relates=False)
def xavier_uniform_fills_its_interval(uniform: Function, shape: Shape, seed: int) -> None:
    """Xavier's uniform weights fill the interval up to `sqrt(6 / (fan_in + fan_out))`, no more."""
    limit = float(np.sqrt(6 / sum(shape)))
    weights = own(uniform(shape, seed), shape, what=WHAT)
    within(weights, -limit, limit, what=WHAT)
    within(np.asarray([weights.max(), -weights.min()]), 0.97 * limit, what=WHAT)


@course_property(needs="fans(shape) -> (fan_in, fan_out)", cases=_shapes, relates=False)
def fans_count_the_weights_of_a_unit(fans: Function, shape: Shape, seed: int) -> None:
    """Fan-in times the number of units is the number of weights."""
    units = shape[1] if len(shape) == 2 else shape[0]
    got = fans(shape)
    sources = shape[0] if len(shape) == 2 else shape[1]
    size = int(np.prod(shape))
    check_value(got, (size // units, size // sources), what=("fan-in", "fan-out"))
