"""Gradient descent, momentum and Nesterov momentum (slides s.87, s.219 to s.230).

Sign convention: in the slides the velocity `v` holds *minus* the gradient, already multiplied
by the learning rate, and is added: `v = mu v - lr g`, `x += v`. `torch.optim.SGD` keeps
`u = mu u + g` and subtracts: `x -= lr u`. With one learning rate throughout `v = -lr u` and
both take the same path; when the rate changes they differ, because `v` remembers the old rates
and `u` does not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

import numpy as np

from reference.arrays import FloatArray
from reference.optim.rules import check_fraction, check_update


class SGDState(TypedDict):
    """Gradient descent remembers nothing."""


class VelocityState(TypedDict):
    """The velocity `v`, shaped like `x`."""

    v: FloatArray


def sgd(
    x: FloatArray, dx: FloatArray, state: SGDState | None = None, *, learning_rate: float
) -> tuple[FloatArray, SGDState]:
    """Gradient descent, `x <- x - learning_rate dx` (slides s.87, s.219).

    `x` and `dx` have one shape and one float dtype, which the result keeps. Raises
    `ValueError` for other arguments. Equals `torch.optim.SGD`.
    """
    learning_rate = check_update(x, dx, learning_rate)
    return x - learning_rate * dx, SGDState()


def momentum(
    x: FloatArray,
    dx: FloatArray,
    state: VelocityState | None = None,
    *,
    learning_rate: float,
    mu: float = 0.9,
) -> tuple[FloatArray, VelocityState]:
    """Momentum, `v <- mu v - learning_rate dx`, `x <- x + v` (slides s.223).

    `mu` is the part of the velocity that is *kept* (the slides call it friction; the friction
    is `1 - mu`); usual values are 0.5, 0.9 and 0.99. Under a constant gradient the step grows to
    `learning_rate dx / (1 - mu)`. Equals `torch.optim.SGD(momentum=mu)` while the learning
    rate stays the same (see the module). Raises `ValueError` for other arguments.
    """
    v = _velocity(x, state)
    learning_rate = check_update(x, dx, learning_rate, v=v)
    check_fraction("mu", mu)
    v = mu * v - learning_rate * dx  # integrate velocity
    return x + v, VelocityState(v=v)  # integrate position


def nesterov_lookahead(
    x: FloatArray,
    gradient: Callable[[FloatArray], FloatArray],
    state: VelocityState | None = None,
    *,
    learning_rate: float,
    mu: float = 0.9,
) -> tuple[FloatArray, VelocityState]:
    """Nesterov momentum with the gradient taken where the velocity leads (slides s.228).

    `v_t = mu v_{t-1} - learning_rate grad f(theta_{t-1} + mu v_{t-1})`,
    `theta_t = theta_{t-1} + v_t`. `gradient` maps a parameter to its gradient, because this
    form needs it at another point than `x`; `nesterov` is the same path in the variable in
    which the gradient at hand can be used. Raises `ValueError` for other arguments.
    """
    v = _velocity(x, state)
    check_fraction("mu", mu)
    dx = gradient(x + mu * v)
    learning_rate = check_update(x, dx, learning_rate, v=v)
    v = mu * v - learning_rate * dx
    return x + v, VelocityState(v=v)


def nesterov(
    x: FloatArray,
    dx: FloatArray,
    state: VelocityState | None = None,
    *,
    learning_rate: float,
    mu: float = 0.9,
) -> tuple[FloatArray, VelocityState]:
    """Nesterov momentum rewritten for `phi = theta + mu v` (slides s.229).

    `v <- mu v - learning_rate dx`, `x <- x - mu v_prev + (1 + mu) v`; here `x` is `phi`
    and `dx` its gradient. `theta = x - mu v` follows `nesterov_lookahead` exactly. Equals
    `torch.optim.SGD(momentum=mu, nesterov=True)` while the learning rate stays the same. Raises
    `ValueError` for other arguments.
    """
    # A new array each time: an in-place update of v would change v_prev with it.
    v_prev = _velocity(x, state)
    learning_rate = check_update(x, dx, learning_rate, v=v_prev)
    check_fraction("mu", mu)
    v = mu * v_prev - learning_rate * dx
    return x - mu * v_prev + (1 + mu) * v, VelocityState(v=v)


def _velocity(x: FloatArray, state: VelocityState | None) -> FloatArray:
    return np.zeros_like(x) if state is None else state["v"]
