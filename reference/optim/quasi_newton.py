"""BFGS and L-BFGS: the inverse Hessian learned from gradients (slides s.242 and s.243).

Both need the full batch and no noise (no dropout, no random augmentation): a difference of two
gradients must come from the difference of the two points alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from reference.arrays import FloatArray, as_float_array, check_count, check_positive
from reference.optim.line_search import LinePoint, Objective, strong_wolfe

Pair: TypeAlias = tuple[FloatArray, FloatArray]
"""A step `s = x_new - x` and the change of the gradient `y` over it, both of shape (D,)."""


@dataclass(frozen=True)
class Minimum:
    """Where a minimization ended, and why: converged when the gradient is small enough."""

    x: FloatArray
    loss: float
    gradient: FloatArray
    iterations: int
    evaluations: int
    converged: bool


def inverse_hessian_update(
    inverse_hessian: FloatArray, step: FloatArray, gradient_change: FloatArray
) -> FloatArray:
    """Update the inverse Hessian as BFGS does, in O(D^2) (Nocedal and Wright 2006, eq. 6.17).

    `H <- (I - rho s y') H (I - rho y s') + rho s s'` with `rho = 1 / (y's)`; `H` has shape
    (D, D), `s` and `y` (D,). The result is symmetric, fulfils the secant equation `H y = s`
    and stays positive definite. Raises `ValueError` unless `y's > 0`.
    """
    curvature = float(step @ gradient_change)
    if not curvature > 0:
        raise ValueError(
            f"step and gradient change must have a positive product, got {curvature}: "
            "use a line search with the curvature condition, or skip the update"
        )
    # Multiplied out, so that no D x D matrix product (O(D^3)) is formed.
    hy = inverse_hessian @ gradient_change
    growth = 1 + float(gradient_change @ hy) / curvature
    outer = np.outer(step, hy)
    return np.asarray(
        inverse_hessian + (growth * np.outer(step, step) - outer - outer.T) / curvature
    )


def two_loop_product(gradient: FloatArray, pairs: Sequence[Pair]) -> FloatArray:
    """Return the product `H gradient` of L-BFGS from its pairs, oldest first, in O(memory D).

    `H` is what `inverse_hessian_update` makes of `(s'y / y'y) I` (taken from the newest pair)
    over the pairs; it is never formed (Nocedal and Wright 2006, algorithm 7.4).
    """
    q = gradient.copy()
    alphas: list[float] = []
    for s, y in reversed(pairs):
        alpha = float(s @ q) / float(y @ s)
        q = q - alpha * y
        alphas.append(alpha)
    if pairs:
        s, y = pairs[-1]
        q = q * (float(s @ y) / float(y @ y))
    for (s, y), alpha in zip(pairs, reversed(alphas), strict=True):
        q = q + s * (alpha - float(y @ q) / float(y @ s))
    return q


def bfgs(
    objective: Objective,
    x: FloatArray,
    *,
    gradient_tolerance: float = 1e-5,
    max_iterations: int = 200,
) -> Minimum:
    """Minimize by BFGS: the full (D, D) inverse Hessian is kept (slides s.242).

    `objective` maps `x` of shape (D,) to `(loss, gradient)`. Ends when
    `max |gradient| <= gradient_tolerance`, after `max_iterations`, or when no step along the
    direction helps any more. Raises `ValueError` when the objective is noisy or not finite.
    """
    inverse_hessian: FloatArray | None = None

    def product(gradient: FloatArray) -> FloatArray:
        return gradient if inverse_hessian is None else inverse_hessian @ gradient

    def learn(s: FloatArray, y: FloatArray) -> None:
        nonlocal inverse_hessian
        if inverse_hessian is None:
            inverse_hessian = np.eye(s.size) * (float(s @ y) / float(y @ y))
        inverse_hessian = inverse_hessian_update(inverse_hessian, s, y)

    return _descend(objective, x, product, learn, gradient_tolerance, max_iterations)


def l_bfgs(
    objective: Objective,
    x: FloatArray,
    *,
    memory: int = 10,
    gradient_tolerance: float = 1e-5,
    max_iterations: int = 500,
) -> Minimum:
    """Minimize by limited-memory BFGS: only the last `memory` pairs are kept (slides s.242).

    Otherwise like `bfgs`; needs O(memory D) instead of O(D^2) (Liu and Nocedal 1989).
    """
    pairs: deque[Pair] = deque(maxlen=check_count(memory, "memory"))
    return _descend(
        objective,
        x,
        lambda gradient: two_loop_product(gradient, tuple(pairs)),
        lambda s, y: pairs.append((s, y)),
        gradient_tolerance,
        max_iterations,
    )


def _descend(
    objective: Objective,
    x: FloatArray,
    product: Callable[[FloatArray], FloatArray],
    learn: Callable[[FloatArray, FloatArray], None],
    gradient_tolerance: float,
    max_iterations: int,
) -> Minimum:
    check_positive(gradient_tolerance, "gradient_tolerance")
    check_count(max_iterations, "max_iterations")
    loss, gradient = _first_evaluation(objective, as_float_array(x, "x", ndim=1))
    evaluations, iteration, learned = 2, 0, False
    while np.abs(gradient).max() > gradient_tolerance and iteration < max_iterations:
        direction = -product(gradient)
        start = LinePoint(0.0, x, loss, gradient, float(gradient @ direction))
        # The first direction is the bare gradient; without a scale yet, try a step of length 1.
        first_step = 1.0 if learned else min(1.0, 1.0 / float(np.linalg.norm(gradient)))
        point, cost = strong_wolfe(objective, start, direction, first_step=first_step)
        evaluations += cost
        if point is None:
            break
        s, y = point.x - x, point.gradient - gradient
        x, loss, gradient = point.x, point.loss, point.gradient
        iteration += 1
        if float(s @ y) > 0:
            learn(s, y)
            learned = True
    converged = bool(np.abs(gradient).max() <= gradient_tolerance)
    return Minimum(x, loss, gradient, iteration, evaluations, converged)


def _first_evaluation(objective: Objective, x: FloatArray) -> tuple[float, FloatArray]:
    loss, gradient = objective(x)
    if gradient.shape != x.shape:
        raise ValueError(
            f"the objective's gradient must have the shape {x.shape} of x, got {gradient.shape}: "
            "flatten the parameters and their gradient alike"
        )
    if not (np.isfinite(loss) and np.isfinite(gradient).all()):
        raise ValueError(
            f"the objective must be finite at the start, got loss {loss}: choose another start"
        )
    if objective(x)[0] != loss:
        raise ValueError(
            "the objective must be deterministic, got two losses for one x: use the full batch "
            "and switch dropout and random augmentation off (slides s.243)"
        )
    return float(loss), gradient
