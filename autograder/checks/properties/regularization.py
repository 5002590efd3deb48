"""Properties of the penalties on weights: L2, L1, elastic net (slide s.61)."""

from __future__ import annotations

import numpy as np

from autograder.checks.compare import check_value
from autograder.checks.properties.own import Array, inner, own_pair, within
from autograder.checks.properties.registry import Cases, Function, course_property
from autograder.checks.strategies import batches

__all__ = [
    "elastic_net_is_l1_plus_beta_l2",
    "half_l2_is_half_of_l2",
    "l1_gradient_fits_its_value",
    "l1_grows_with_the_weights",
    "l2_gradient_fits_its_value",
    "l2_grows_with_the_square",
    "penalty_adds_over_the_weights",
    "penalty_ignores_the_signs",
    "penalty_is_not_negative",
    "penalty_is_proportional_to_its_strength",
    "penalty_lies_above_its_tangents",
    "penalty_of_no_weights_is_0",
]

PENALTY = "penalty(W, strength) -> (value, gradient of the shape of W)"
L2 = "l2(W, strength) -> (value, gradient of the shape of W)"
L1 = "l1(W, strength) -> (value, gradient of the shape of W)"
BOTH = ("the penalty", "the gradient")


def _weights() -> Cases:
    edges = ("plain", "zero weights", "equal classes")
    return batches(edges=edges).map(lambda batch: (batch.W,))


@course_property(needs=PENALTY, cases=_weights, relates=False)
def penalty_of_no_weights_is_0(penalty: Function, W: Array) -> None:
    """Weights that are all 0 have the penalty 0 and the gradient 0."""
    zero = np.zeros_like(W)
    check_value(penalty(zero, 0.5), (0.0, zero), what=BOTH)


@course_property(needs=PENALTY, cases=_weights, relates=False)
def penalty_is_not_negative(penalty: Function, W: Array) -> None:
    """A penalty is never below 0."""
    value, _ = own_pair(penalty(W, 0.5), W.shape, what=BOTH)
    within(value, 0.0, what="the penalty")


@course_property(needs=PENALTY, cases=_weights)
def penalty_is_proportional_to_its_strength(penalty: Function, W: Array) -> None:
    """Twice the strength gives twice the penalty and twice the gradient; none gives 0."""
    value, gradient = own_pair(penalty(W, 0.5), W.shape, what=BOTH)
    check_value(penalty(W, 1.0), (2 * value, 2 * gradient), what=BOTH)
    check_value(penalty(W, 0.0), (0.0, np.zeros(W.shape)), what=BOTH)


@course_property(needs=PENALTY, cases=_weights)
def penalty_ignores_the_signs(penalty: Function, W: Array) -> None:
    """Weights of the other sign have the same penalty and the gradient of the other sign."""
    value, gradient = own_pair(penalty(W, 0.5), W.shape, what=BOTH)
    check_value(penalty(-W, 0.5), (value, -gradient), what=BOTH)


@course_property(needs=PENALTY, cases=_weights)
def penalty_adds_over_the_weights(penalty: Function, W: Array) -> None:
    """The penalty of all weights is that of the first column plus that of the others."""
    first, first_gradient = own_pair(penalty(W[:, :1], 0.5), W[:, :1].shape, what=BOTH)
    rest, rest_gradient = own_pair(penalty(W[:, 1:], 0.5), W[:, 1:].shape, what=BOTH)
    gradient = np.hstack([first_gradient, rest_gradient])
    check_value(penalty(W, 0.5), (first + rest, gradient), what=BOTH)


@course_property(needs=PENALTY, cases=_weights)
def penalty_lies_above_its_tangents(penalty: Function, W: Array) -> None:
    """The penalty of other weights is at least what value and gradient here promise."""
    value, gradient = own_pair(penalty(W, 0.5), W.shape, what=BOTH)
    for other in (2 * W, W / 2, -W, W + 1):
        there, _ = own_pair(penalty(other, 0.5), W.shape, what=BOTH)
        within(there, value + inner(gradient, other - W)[0], what="the penalty")


@course_property(needs=L2, cases=_weights)
def l2_grows_with_the_square(l2: Function, W: Array) -> None:
    """Weights twice as large have 4 times the L2 penalty and twice the gradient."""
    value, gradient = own_pair(l2(W, 0.5), W.shape, what=BOTH)
    check_value(l2(2 * W, 0.5), (4 * value, 2 * gradient), what=BOTH)


@course_property(needs=L2, cases=_weights)
def l2_gradient_fits_its_value(l2: Function, W: Array) -> None:
    """`<W, gradient>` is twice the L2 penalty, whichever convention (with 1/2 or without)."""
    value, gradient = own_pair(l2(W, 0.5), W.shape, what=BOTH)
    check_value(np.asarray(inner(W, gradient)[0], W.dtype), 2 * value, what="the gradient")


@course_property(needs=L1, cases=_weights)
def l1_grows_with_the_weights(l1: Function, W: Array) -> None:
    """Weights twice as large have twice the L1 penalty and the same gradient."""
    value, gradient = own_pair(l1(W, 0.5), W.shape, what=BOTH)
    check_value(l1(2 * W, 0.5), (2 * value, gradient), what=BOTH)


@course_property(needs=L1, cases=_weights)
def l1_gradient_fits_its_value(l1: Function, W: Array) -> None:
    """`<W, gradient>` is the L1 penalty."""
    value, gradient = own_pair(l1(W, 0.5), W.shape, what=BOTH)
    check_value(np.asarray(inner(W, gradient)[0], W.dtype), value, what="the gradient")


@course_property(
    needs=f"elastic_net(W, strength, beta) -> (value, gradient); {L2}; {L1}", cases=_weights
)
def elastic_net_is_l1_plus_beta_l2(
    elastic_net: Function, l2: Function, l1: Function, W: Array
) -> None:
    """The elastic net is the L1 penalty plus beta times the L2 penalty, its gradient too."""
    square, square_gradient = own_pair(l2(W, 0.5), W.shape, what=BOTH)
    size, size_gradient = own_pair(l1(W, 0.5), W.shape, what=BOTH)
    expected = (size + 3 * square, size_gradient + 3 * square_gradient)
    check_value(elastic_net(W, 0.5, 3.0), expected, what=BOTH)


@course_property(needs=f"half_l2(W, strength) -> (value, gradient); {L2}", cases=_weights)
def half_l2_is_half_of_l2(half_l2: Function, l2: Function, W: Array) -> None:
    """Weight decay, with its factor 1/2, is half of the L2 penalty, its gradient too."""
    value, gradient = own_pair(l2(W, 0.5), W.shape, what=BOTH)
    check_value(half_l2(W, 0.5), (value / 2, gradient / 2), what=BOTH)
