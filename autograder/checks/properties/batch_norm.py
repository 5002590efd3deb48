"""Properties of batch normalization in training and at test time."""

from __future__ import annotations

import numpy as np

from autograder.checks.compare import check_value
from autograder.checks.properties.own import (
    Array,
    close,
    gradient_name,
    own,
    own_gradients,
    pattern,
    turned,
    within,
)
from autograder.checks.properties.registry import Cases, Function, course_property
from autograder.checks.strategies import feature_matrices

__all__ = [
    "batch_norm_at_test_time_takes_each_example_alone",
    "batch_norm_at_test_time_with_the_batchs_statistics_is_training",
    "batch_norm_centres_on_beta",
    "batch_norm_gradient_grows_with_gamma",
    "batch_norm_gradient_is_orthogonal_to_the_batch",
    "batch_norm_gradient_sums_to_0",
    "batch_norm_ignores_a_shift",
    "batch_norm_ignores_the_unit",
    "batch_norm_moves_with_the_examples",
    "batch_norm_of_a_batch_twice_is_the_same",
    "batch_norm_of_a_constant_is_beta",
    "batch_norm_parameters_get_their_sums",
    "batch_norm_scales_and_shifts_at_the_end",
    "batch_norm_spreads_by_gamma",
    "batch_norm_takes_each_feature_alone",
    "running_mean_moves_towards_the_batch",
]

FORWARD = "forward(x (N, D), gamma (D,), beta (D,)) -> out (N, D), eps at most 1e-3"
BACKWARD = "backward(dout, x, gamma, beta) -> (dx, dgamma, dbeta)"
INFERENCE = "inference(x (N, D), gamma, beta, mean (D,), variance (D,)) -> out"
UPDATE = "update(running (D,), batch (D,), momentum) -> running, momentum the share of the batch"
OUTPUT = "the output"
SPREAD = np.array([[3.0], [-2.0], [-5.0], [6.0]])
"""Added to the columns, so that no variance is near eps."""


def _parameters(X: Array) -> tuple[Array, Array, Array]:
    x = np.vstack([X[: len(X) // 2], np.tile(SPREAD, (1, X.shape[1])), X[len(X) // 2 :]])
    return x, np.abs(pattern((x.shape[1],), x.dtype, seed=3)), pattern((x.shape[1],), x.dtype)


def _batches() -> Cases:
    edges = ("plain", "zero variance", "equal rows")
    return feature_matrices(max_samples=5, max_features=4, edges=edges).map(_parameters)


def _unit(x: Array) -> tuple[Array, Array]:
    return np.ones(x.shape[1], x.dtype), np.zeros(x.shape[1], x.dtype)


@course_property(needs=FORWARD, cases=_batches, relates=False)
def batch_norm_centres_on_beta(forward: Function, x: Array, gamma: Array, beta: Array) -> None:
    """The mean of each feature over the batch is beta."""
    out = own(forward(x, gamma, beta), x.shape, what=OUTPUT)
    close(out.mean(axis=0), beta, np.abs(out).max() + 1, what="the mean")


@course_property(needs=FORWARD, cases=_batches, relates=False)
def batch_norm_spreads_by_gamma(forward: Function, x: Array, gamma: Array, beta: Array) -> None:
    """The standard deviation of each feature over the batch is gamma."""
    out = own(forward(x, gamma, beta), x.shape, what=OUTPUT)
    check_value(out.std(axis=0), gamma, rtol=2e-3, what="the standard deviation")


@course_property(needs=FORWARD, cases=_batches)
def batch_norm_ignores_a_shift(forward: Function, x: Array, gamma: Array, beta: Array) -> None:
    """Adding a number to a feature in the whole batch changes nothing."""
    before = own(forward(x, gamma, beta), x.shape, what=OUTPUT)
    shift = pattern((x.shape[1],), x.dtype, seed=9)
    close(
        own(forward(x + shift, gamma, beta), x.shape), before, np.abs(before).max() + 1, what=OUTPUT
    )


@course_property(needs=FORWARD, cases=_batches)
def batch_norm_ignores_the_unit(forward: Function, x: Array, gamma: Array, beta: Array) -> None:
    """A feature measured in another unit, 8 times as large, gives (nearly) the same output."""
    before = own(forward(x, gamma, beta), x.shape, what=OUTPUT)
    atol = 1e-3 * float(np.abs(before).max() + 1)
    check_value(forward(8 * x, gamma, beta), before, what=OUTPUT, atol=atol)


@course_property(needs=FORWARD, cases=_batches, relates=False)
def batch_norm_of_a_constant_is_beta(
    forward: Function, x: Array, gamma: Array, beta: Array
) -> None:
    """A feature that is the same in the whole batch comes out as beta, never as NaN."""
    constant = np.tile(x[:1], (len(x), 1))
    expected = np.tile(beta, (len(x), 1))
    check_value(forward(constant, gamma, beta), expected, what=OUTPUT, atol=1e-3)


@course_property(needs=FORWARD, cases=_batches)
def batch_norm_scales_and_shifts_at_the_end(
    forward: Function, x: Array, gamma: Array, beta: Array
) -> None:
    """The output is gamma times the normalized input plus beta."""
    plain = own(forward(x, *_unit(x)), x.shape, what=OUTPUT)
    check_value(forward(x, gamma, beta), gamma * plain + beta, what=OUTPUT, atol=1e-5)


@course_property(needs=FORWARD, cases=_batches)
def batch_norm_takes_each_feature_alone(
    forward: Function, x: Array, gamma: Array, beta: Array
) -> None:
    """The output of one feature does not depend on the others."""
    together = own(forward(x, gamma, beta), x.shape, what=OUTPUT)
    check_value(forward(x[:, :1], gamma[:1], beta[:1]), together[:, :1], what=OUTPUT, atol=1e-5)


@course_property(needs=FORWARD, cases=_batches)
def batch_norm_of_a_batch_twice_is_the_same(
    forward: Function, x: Array, gamma: Array, beta: Array
) -> None:
    """A batch in which every example stands twice has the same outputs, twice."""
    before = own(forward(x, gamma, beta), x.shape, what=OUTPUT)
    twice = forward(np.vstack([x, x]), gamma, beta)
    check_value(twice, np.vstack([before, before]), what=OUTPUT, atol=1e-5)


@course_property(needs=FORWARD, cases=_batches)
def batch_norm_moves_with_the_examples(
    forward: Function, x: Array, gamma: Array, beta: Array
) -> None:
    """Another order of the examples moves the outputs along."""
    order = turned(len(x))
    before = own(forward(x, gamma, beta), x.shape, what=OUTPUT)
    check_value(forward(x[order], gamma, beta), before[order], what=OUTPUT, atol=1e-5)


@course_property(needs=BACKWARD, cases=_batches, relates=False)
def batch_norm_gradient_sums_to_0(backward: Function, x: Array, gamma: Array, beta: Array) -> None:
    """`dx` sums to 0 over the batch, because a shift of the batch changes nothing."""
    dout = pattern(x.shape, x.dtype, seed=2)
    dx, _, _ = own_gradients(backward(dout, x, gamma, beta), x, gamma, beta)
    size = np.abs(dout * gamma).sum(axis=0) / x.std(axis=0)
    close(dx.sum(axis=0), np.zeros(x.shape[1]), size, what=gradient_name(0))


@course_property(needs=BACKWARD, cases=_batches, relates=False)
def batch_norm_gradient_is_orthogonal_to_the_batch(
    backward: Function, x: Array, gamma: Array, beta: Array
) -> None:
    """`<dx, x>` is (nearly) 0 for each feature, because its unit does not matter."""
    dout = pattern(x.shape, x.dtype, seed=2)
    dx, _, _ = own_gradients(backward(dout, x, gamma, beta), x, gamma, beta)
    size = np.abs(dout * gamma).sum(axis=0) / x.std(axis=0) * np.abs(x).max(axis=0)
    got = (dx * x).sum(axis=0)
    within(got, -2e-3 * size, 2e-3 * size, what=gradient_name(0))


@course_property(needs=f"{FORWARD}; {BACKWARD}", cases=_batches)
def batch_norm_parameters_get_their_sums(
    forward: Function, backward: Function, x: Array, gamma: Array, beta: Array
) -> None:
    """`dbeta` is the sum of dout over the batch, `dgamma` that of dout times the normalized x."""
    dout = pattern(x.shape, x.dtype, seed=2)
    plain = own(forward(x, *_unit(x)), x.shape, what=OUTPUT)
    _, dgamma, dbeta = own_gradients(backward(dout, x, gamma, beta), x, gamma, beta)
    size = np.abs(dout).sum(axis=0) + 1
    close(dgamma, (dout * plain).sum(axis=0), 3 * size, what=gradient_name(1))
    close(dbeta, dout.sum(axis=0), size, what=gradient_name(2))


@course_property(needs=BACKWARD, cases=_batches)
def batch_norm_gradient_grows_with_gamma(
    backward: Function, x: Array, gamma: Array, beta: Array
) -> None:
    """Twice gamma gives twice dx; half the unit of x gives (nearly) twice dx too."""
    dout = pattern(x.shape, x.dtype, seed=2)
    dx, _, _ = own_gradients(backward(dout, x, gamma, beta), x, gamma, beta)
    twice, _, _ = own_gradients(backward(dout, x, 2 * gamma, beta), x, gamma, beta)
    size = 2 * np.abs(dx).max() + 1e-3
    close(twice, 2 * dx, size, what=gradient_name(0))
    small, _, _ = own_gradients(backward(dout, x / 2, gamma, beta), x, gamma, beta)
    check_value(small, 2 * dx, what=gradient_name(0), atol=4e-3 * float(size))


@course_property(needs=INFERENCE, cases=_batches)
def batch_norm_at_test_time_takes_each_example_alone(
    inference: Function, x: Array, gamma: Array, beta: Array
) -> None:
    """At test time the output of one example does not depend on the others."""
    mean, variance = pattern(beta.shape, x.dtype, seed=8), gamma + 1
    together = own(inference(x, gamma, beta, mean, variance), x.shape, what=OUTPUT)
    check_value(inference(x[:1], gamma, beta, mean, variance), together[:1], what=OUTPUT)


@course_property(needs=f"{INFERENCE}; {FORWARD}", cases=_batches)
def batch_norm_at_test_time_with_the_batchs_statistics_is_training(
    inference: Function, forward: Function, x: Array, gamma: Array, beta: Array
) -> None:
    """At test time, with the batch's own mean and variance, the output is that of training."""
    expected = own(forward(x, gamma, beta), x.shape, what=OUTPUT)
    got = inference(x, gamma, beta, x.mean(axis=0), x.var(axis=0))
    check_value(got, expected, what=OUTPUT, atol=1e-3)


@course_property(needs=UPDATE, cases=_batches, relates=False)
def running_mean_moves_towards_the_batch(
    update: Function, x: Array, gamma: Array, beta: Array
) -> None:
    """The running mean goes the share `momentum` of the way to the batch's mean."""
    batch = gamma + 3
    check_value(update(beta, batch, 0.25), beta + 0.25 * (batch - beta), what="the running mean")
    check_value(update(beta, beta, 0.25), beta, what="the running mean")
