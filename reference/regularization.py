"""Penalties on the weights, in the two conventions of the slides, and their gradients.

The total loss is data loss + penalty(W). The slides write L2 in two ways, which differ by a factor
of 2 in value and gradient, so each has a name:

    l2       strength * sum W^2        gradient 2 * strength * W   (s.61, s.81)
    half_l2  strength / 2 * sum W^2    gradient strength * W       (the printed 3.0686 of s.192)

Biases are not penalized.
"""

from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import FloatArray, as_float_array, check_choice, check_positive

Penalty: TypeAlias = Literal["l1", "l2", "half_l2", "elastic_net"]
ValueAndGradient: TypeAlias = tuple[float, FloatArray]


def l2(W: ArrayLike, *, strength: float) -> ValueAndGradient:
    """Return strength * sum W^2 and its gradient 2 * strength * W (s.61)."""
    weights, scale = _weights(W, strength)
    return scale * float(np.vdot(weights, weights)), 2 * scale * weights


def half_l2(W: ArrayLike, *, strength: float) -> ValueAndGradient:
    """Return strength / 2 * sum W^2 and its gradient strength * W: weight decay (s.192)."""
    weights, scale = _weights(W, strength)
    return scale / 2 * float(np.vdot(weights, weights)), scale * weights


def l1(W: ArrayLike, *, strength: float) -> ValueAndGradient:
    """Return strength * sum |W| and its gradient strength * sign(W), 0 where W is 0 (s.61)."""
    weights, scale = _weights(W, strength)
    return scale * float(np.abs(weights).sum()), scale * np.sign(weights)


def elastic_net(W: ArrayLike, *, strength: float, beta: float = 1.0) -> ValueAndGradient:
    """Return strength * sum (beta W^2 + |W|) and its gradient (s.61; Zou and Hastie, 2005)."""
    weights, scale = _weights(W, strength)
    squares = check_positive(beta, "beta", zero=True)
    value = squares * float(np.vdot(weights, weights)) + float(np.abs(weights).sum())
    return scale * value, scale * (2 * squares * weights + np.sign(weights))


PENALTIES: dict[str, Callable[..., ValueAndGradient]] = {
    "l1": l1,
    "l2": l2,
    "half_l2": half_l2,
    "elastic_net": elastic_net,
}


def penalty_value(W: ArrayLike, *, strength: float, penalty: Penalty) -> ValueAndGradient:
    """Return the value and gradient of the penalty of that name (elastic net with beta = 1).

    Raises ValueError: an unknown name, a negative strength, weights that are not finite.
    """
    check_choice(penalty, "penalty", PENALTIES)
    return PENALTIES[penalty](W, strength=strength)


def _weights(W: ArrayLike, strength: float) -> tuple[FloatArray, float]:
    return as_float_array(W, "W"), check_positive(strength, "strength", zero=True)
