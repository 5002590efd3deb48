"""Properties of Newton's step and of the update of BFGS (s.240-243)."""

from __future__ import annotations

import numpy as np

from autograder.checks.compare import check_value
from autograder.checks.properties.own import Array, close, own, pattern
from autograder.checks.properties.registry import Cases, Function, course_property
from autograder.checks.strategies import optimizer_runs

__all__ = [
    "bfgs_fits_the_last_step",
    "bfgs_keeps_the_inverse_hessian_symmetric",
    "bfgs_learns_nothing_from_a_fitting_step",
    "newton_ignores_the_unit_of_the_loss",
    "newton_reaches_the_bottom_of_a_bowl",
]

NEWTON = "newton_step(x (D,), gradient (D,), hessian (D, D)) -> x (D,)"
BFGS = "bfgs_update(H (D, D), step (D,), gradient_change (D,)) -> H (D, D), of the inverse Hessian"
WHAT = "the parameters"
INVERSE = "the inverse Hessian"


def _bowls() -> Cases:
    """A start, the bottom of a quadratic bowl, and its Hessian."""

    def made(x: Array) -> tuple[Array, Array, Array]:
        root = pattern((len(x), len(x)), x.dtype, seed=3) + 4 * np.eye(len(x), dtype=x.dtype)
        return x, pattern(x.shape, x.dtype, seed=5), root @ root.T

    return optimizer_runs(edges=("plain",)).map(lambda run: made(run.x))


@course_property(needs=NEWTON, cases=_bowls, relates=False)
def newton_reaches_the_bottom_of_a_bowl(
    step: Function, x: Array, bottom: Array, hessian: Array
) -> None:
    """One step of Newton's method leads to the minimum of a quadratic, from anywhere."""
    got = step(x, hessian @ (x - bottom), hessian)
    check_value(got, bottom, what=WHAT, atol=1e-2 if x.dtype == np.float32 else 1e-7)


@course_property(needs=NEWTON, cases=_bowls)
def newton_ignores_the_unit_of_the_loss(
    step: Function, x: Array, bottom: Array, hessian: Array
) -> None:
    """A loss 4 times as large has the same Newton step: there is no learning rate."""
    gradient = hessian @ (x - bottom)
    before = own(step(x, gradient, hessian), x.shape, what=WHAT)
    close(
        own(step(x, 4 * gradient, 4 * hessian), x.shape),
        before,
        np.abs(before).max() + 5,
        what=WHAT,
    )


def _pair(x: Array, bottom: Array, hessian: Array) -> tuple[Array, Array]:
    step = np.where(x == bottom, x - bottom + 1, x - bottom)
    return step, hessian @ step


@course_property(needs=BFGS, cases=_bowls, relates=False)
def bfgs_fits_the_last_step(update: Function, x: Array, bottom: Array, hessian: Array) -> None:
    """After the update `H` times the change of the gradient is the step (the secant equation)."""
    step, change = _pair(x, bottom, hessian)
    H = own(update(np.eye(len(x), dtype=x.dtype), step, change), hessian.shape, what=INVERSE)
    size = np.abs(H) @ np.abs(change) + np.abs(step)
    close(H @ change, step, 10 * size, what=INVERSE)


@course_property(needs=BFGS, cases=_bowls, relates=False)
def bfgs_keeps_the_inverse_hessian_symmetric(
    update: Function, x: Array, bottom: Array, hessian: Array
) -> None:
    """The inverse Hessian stays symmetric."""
    step, change = _pair(x, bottom, hessian)
    H = own(update(np.eye(len(x), dtype=x.dtype), step, change), hessian.shape, what=INVERSE)
    close(H, H.T, np.abs(H).max() + 1, what=INVERSE)


@course_property(needs=BFGS, cases=_bowls)
def bfgs_learns_nothing_from_a_fitting_step(
    update: Function, x: Array, bottom: Array, hessian: Array
) -> None:
    """Where H already fits the step, the update leaves it as it is."""
    step, _ = _pair(x, bottom, hessian)
    H = 2 * np.eye(len(x), dtype=x.dtype)
    check_value(update(H, step, step / 2), H, what=INVERSE, atol=1e-5)
