"""Properties of dropout (s.246-255): p is the probability to keep a unit.

`forward(x, p, seed)` is dropout in training with a generator of that seed. Statistical bounds are
6 standard errors wide, so a right function misses one with a chance below 1e-8.
"""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from autograder.checks.compare import check_value
from autograder.checks.properties.own import Array, own, own_gradients, pattern, within
from autograder.checks.properties.registry import Cases, Function, course_property

__all__ = [
    "dropout_backward_uses_the_same_mask",
    "dropout_draws_for_each_value",
    "dropout_ignores_the_values",
    "dropout_keeps_the_share_p",
    "dropout_that_keeps_all_changes_nothing",
    "inverted_dropout_at_test_time_changes_nothing",
    "inverted_dropout_drops_or_divides",
    "inverted_dropout_keeps_the_expectation",
    "vanilla_dropout_at_test_time_multiplies_by_p",
    "vanilla_dropout_drops_or_keeps",
]

TRAINING = "forward(x, p, seed) -> out, in training"
INVERTED = f"inverted: {TRAINING}"
TEST = "forward(x, p) -> out, at test time"
BACKWARD = "forward_and_backward(x, dout, p, seed) -> (out, dx), in training"
OUTPUT = "the output"
WIDTH = 6.0


def _activations() -> Cases:
    """Activations (N, D), none of them 0, a probability to keep and a seed."""

    def made(drawn: tuple[int, int, float, int]) -> tuple[Array, float, int]:
        rows, columns, p, seed = drawn
        return np.abs(pattern((rows, columns), seed=seed)), p, seed

    sizes = st.sampled_from((20, 30)), st.sampled_from((25, 40))
    return st.tuples(*sizes, st.sampled_from((0.5, 0.25, 0.75, 0.9)), st.integers(0, 99)).map(made)


@course_property(needs=TEST, cases=_activations, relates=False)
def inverted_dropout_at_test_time_changes_nothing(
    forward: Function, x: Array, p: float, seed: int
) -> None:
    """At test time inverted dropout gives its input back."""
    check_value(forward(x, p), x, what=OUTPUT)


@course_property(needs=TEST, cases=_activations, relates=False)
def vanilla_dropout_at_test_time_multiplies_by_p(
    forward: Function, x: Array, p: float, seed: int
) -> None:
    """At test time vanilla dropout multiplies by the probability to keep."""
    check_value(forward(x, p), p * x, what=OUTPUT)


@course_property(needs=INVERTED, cases=_activations, relates=False)
def inverted_dropout_drops_or_divides(forward: Function, x: Array, p: float, seed: int) -> None:
    """In training every value is either dropped to 0 or divided by p."""
    out = own(forward(x, p, seed), x.shape, what=OUTPUT)
    check_value(out, np.where(np.abs(out) > np.abs(x) / 100, x / p, 0.0), what=OUTPUT)


@course_property(needs=f"vanilla: {TRAINING}", cases=_activations, relates=False)
def vanilla_dropout_drops_or_keeps(forward: Function, x: Array, p: float, seed: int) -> None:
    """In training every value is either dropped to 0 or kept as it is."""
    out = own(forward(x, p, seed), x.shape, what=OUTPUT)
    check_value(out, np.where(np.abs(out) > np.abs(x) / 100, x, 0.0), what=OUTPUT)


@course_property(needs=TRAINING, cases=_activations, relates=False)
def dropout_keeps_the_share_p(forward: Function, x: Array, p: float, seed: int) -> None:
    """In training the share p of the values is kept, but for chance."""
    out = own(forward(x, p, seed), x.shape, what=OUTPUT)
    error = WIDTH * np.sqrt(p * (1 - p) / x.size)
    share = np.asarray(np.count_nonzero(out) / x.size)
    within(share, p - error, p + error, what="the share of kept values")


@course_property(needs=INVERTED, cases=_activations, relates=False)
def inverted_dropout_keeps_the_expectation(
    forward: Function, x: Array, p: float, seed: int
) -> None:
    """Averaged over many masks, inverted dropout gives its input, but for chance."""
    masks = 20
    total = sum(own(forward(x, p, seed + at), x.shape, what=OUTPUT) for at in range(masks))
    mean = np.asarray(total).sum() / masks
    # The variance of one value is x^2 (1 - p) / p.
    error = WIDTH * np.sqrt((x.astype(float) ** 2).sum() * (1 - p) / p / masks)
    within(np.asarray(mean), x.sum() - error, x.sum() + error, what="the mean")


@course_property(needs=TRAINING, cases=_activations, relates=False)
def dropout_draws_for_each_value(forward: Function, x: Array, p: float, seed: int) -> None:
    """Every value is dropped by its own chance: neither rows nor columns share a mask."""
    kept = own(forward(x, p, seed), x.shape, what=OUTPUT) != 0
    for axis, name in ((0, "the number of different rows"), (1, "the number of different columns")):
        distinct = len(np.unique(kept, axis=axis))
        within(np.asarray(distinct), 0.5 * x.shape[axis], what=name)


@course_property(needs=INVERTED, cases=_activations, relates=False)
def dropout_that_keeps_all_changes_nothing(
    forward: Function, x: Array, p: float, seed: int
) -> None:
    """With p = 1 nothing is dropped and nothing is scaled."""
    check_value(forward(x, 1.0, seed), x, what=OUTPUT)


@course_property(needs=TRAINING, cases=_activations)
def dropout_ignores_the_values(forward: Function, x: Array, p: float, seed: int) -> None:
    """Which values are dropped depends on the seed alone: twice the input, twice the output."""
    once = own(forward(x, p, seed), x.shape, what=OUTPUT)
    check_value(forward(-2 * x, p, seed), -2 * once, what=OUTPUT)


@course_property(needs=BACKWARD, cases=_activations)
def dropout_backward_uses_the_same_mask(both: Function, x: Array, p: float, seed: int) -> None:
    """The backward pass multiplies by what the forward pass multiplied by: the same mask."""
    dout = pattern(x.shape, x.dtype, seed=2)
    out, dx = own_gradients(both(x, dout, p, seed), x, x)
    check_value(dx, dout * (out / x), what="the gradient")
