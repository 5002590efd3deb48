"""Newton's method (slides s.240 and s.241)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reference.arrays import FloatArray, check_finite


def newton_step(x: FloatArray, gradient: FloatArray, hessian: FloatArray) -> FloatArray:
    """Newton's update `x - H^-1 grad` (slides s.240).

    `x` and `gradient` have shape (D,), `hessian` (D, D). There is no learning rate: a
    quadratic is solved in one step. It moves to the *stationary point* of the local quadratic, so
    near a saddle or a maximum it moves to that. Needs O(D^2) memory and O(D^3) time, which is why
    deep networks do without (slides s.241). Raises `ValueError` when the shapes do not fit or
    the Hessian is singular.
    """
    if x.ndim != 1 or gradient.shape != x.shape or hessian.shape != (x.size, x.size):
        raise ValueError(
            "x and gradient must have shape (D,) and hessian (D, D), got "
            f"{x.shape}, {gradient.shape}, {hessian.shape}: flatten the parameters first"
        )
    check_finite(gradient, "gradient")
    check_finite(hessian, "hessian")
    try:
        step = np.linalg.solve(hessian, gradient)
    except np.linalg.LinAlgError as error:
        raise ValueError(
            "the hessian must be invertible, got a singular matrix: add a small multiple of the "
            "identity to it"
        ) from error
    return np.asarray(x - step)


def newton(
    gradient: Callable[[FloatArray], FloatArray],
    hessian: Callable[[FloatArray], FloatArray],
    x: FloatArray,
    *,
    gradient_tolerance: float = 1e-10,
    max_iterations: int = 50,
) -> FloatArray:
    """Repeat `newton_step` from `x` of shape (D,) until `max |gradient| <= gradient_tolerance`.

    Raises `ValueError` when that does not happen within `max_iterations`.
    """
    for _ in range(max_iterations):
        slope = gradient(x)
        if np.abs(slope).max() <= gradient_tolerance:
            return x
        x = newton_step(x, slope, hessian(x))
    if np.abs(gradient(x)).max() <= gradient_tolerance:
        return x
    raise ValueError(
        f"newton must reach a gradient under {gradient_tolerance} in {max_iterations} iterations, "
        "but did not: start nearer to the solution or allow more iterations"
    )
