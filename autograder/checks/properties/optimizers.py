"""Properties of update rules (s.219-237): `update(x, dx, state, learning_rate)`.

It returns the new x and the state for the next step; the first step's state is None.
"""

from __future__ import annotations

import numpy as np

from autograder.checks.compare import check_value
from autograder.checks.properties.own import Array, close, own, own_parts, turned, within
from autograder.checks.properties.registry import Cases, Function, course_property
from autograder.checks.strategies import optimizer_runs

__all__ = [
    "a_path_moves_with_its_start",
    "a_path_of_opposite_gradients_is_mirrored",
    "a_path_scales_with_its_gradients",
    "a_path_scales_with_its_learning_rate",
    "a_quadratic_is_descended",
    "adagrad_steps_shrink_with_the_root",
    "adam_first_step_is_the_learning_rate",
    "adam_steps_stay_the_same_under_a_constant_gradient",
    "adaptive_steps_ignore_the_scale",
    "each_parameter_is_updated_alone",
    "momentum_gathers_speed",
    "momentum_without_memory_is_sgd",
    "nesterov_first_step_looks_ahead",
    "no_gradient_no_step",
    "rmsprop_first_step_is_over_the_root_of_a_tenth",
    "rmsprop_settles_at_the_learning_rate",
    "sgd_steps_add_up",
    "the_first_step_goes_downhill",
]

UPDATE = "update(x, dx, state, learning_rate) -> (x, state)"
STEP = "the step"
WHAT = "the parameters"


def _runs() -> Cases:
    return optimizer_runs().map(lambda run: (run.x, run.gradients, run.learning_rate))


def _moving_runs() -> Cases:
    edges = ("plain", "constant gradient", "large gradients", "alternating signs")
    return optimizer_runs(edges=edges).map(lambda run: (run.x, run.gradients, run.learning_rate))


def _path(update: Function, x: Array, gradients: Array, rate: float) -> list[Array]:
    """The parameters after every step."""
    path, state = [x], None
    for dx in gradients:
        answer, state = own_parts(
            update(path[-1].copy(), dx.copy(), state, rate), (WHAT, "the state")
        )
        path.append(own(answer, x.shape, what=WHAT))
    return path[1:]


def _tolerance(x: Array, rate: float) -> float:
    """How far a step may be off: eps of some 1e-8, and the rounding of x."""
    rounding = 1e-4 if x.dtype == np.float32 else 1e-6
    return rounding * float(np.abs(x).max() + rate)


@course_property(needs=f"any {UPDATE}", cases=_runs, relates=False)
def no_gradient_no_step(update: Function, x: Array, gradients: Array, rate: float) -> None:
    """A first step with a gradient of 0 leaves the parameters where they are."""
    (got,) = _path(update, x, np.zeros_like(gradients[:1]), rate)
    check_value(got, x, what=WHAT)


@course_property(needs=f"any {UPDATE}", cases=_moving_runs, relates=False)
def the_first_step_goes_downhill(update: Function, x: Array, gradients: Array, rate: float) -> None:
    """The first step goes against the gradient in every coordinate."""
    (got,) = _path(update, x, gradients[:1], rate)
    within(-(got - x) * np.sign(gradients[0]), 1e-4 * rate, what=STEP)


@course_property(needs=f"any {UPDATE}", cases=_runs)
def each_parameter_is_updated_alone(
    update: Function, x: Array, gradients: Array, rate: float
) -> None:
    """The path of one parameter does not depend on the others, nor on their order."""
    order = turned(len(x))
    whole = _path(update, x, gradients, rate)
    moved = _path(update, x[order], gradients[:, order], rate)
    check_value(moved[-1], whole[-1][order], what=WHAT)
    alone = _path(update, x[:1], gradients[:, :1], rate)
    check_value(alone[-1], whole[-1][:1], what=WHAT)


@course_property(needs=f"any {UPDATE}", cases=_runs)
def a_path_moves_with_its_start(update: Function, x: Array, gradients: Array, rate: float) -> None:
    """The steps depend on the gradients alone: another start moves the whole path along."""
    before = _path(update, x, gradients, rate)
    after = _path(update, x + 3, gradients, rate)
    atol = 10 * _tolerance(x + 3, rate) + 1e-6 * float(np.abs(gradients).max() * rate)
    check_value(after[-1] - 3, before[-1], what=WHAT, atol=atol)


@course_property(needs=f"any {UPDATE}", cases=_runs)
def a_path_of_opposite_gradients_is_mirrored(
    update: Function, x: Array, gradients: Array, rate: float
) -> None:
    """Gradients of the other sign, from the opposite start, give the mirrored path."""
    before = _path(update, x, gradients, rate)
    check_value(_path(update, -x, -gradients, rate)[-1], -before[-1], what=WHAT)


@course_property(needs=f"any {UPDATE}", cases=_moving_runs, relates=False)
def a_quadratic_is_descended(update: Function, x: Array, gradients: Array, rate: float) -> None:
    """Small steps on the bowl `sum (x - 1)^2 / 2` come nearer to its bottom."""
    start = np.where(np.abs(x - 1) < 0.5, x + 2, x)
    point, state = start, None
    for _ in range(8):
        answer, state = own_parts(update(point.copy(), point - 1, state, 0.01), (WHAT, "the state"))
        point = own(answer, x.shape, what=WHAT)
    within(np.abs(point - 1), None, np.abs(start - 1) - 1e-3, what="the distance to the bottom")


def _scaled(update: Function, x: Array, gradients: Array, rate: float) -> tuple[Array, Array]:
    once = _path(update, x, gradients, rate)[-1] - x
    other = _path(update, x, 4 * gradients, rate)[-1] - x
    return once, other


@course_property(needs=f"sgd, momentum or Nesterov: {UPDATE}", cases=_runs)
def a_path_scales_with_its_gradients(
    update: Function, x: Array, gradients: Array, rate: float
) -> None:
    """Gradients 4 times as large move the parameters 4 times as far."""
    once, other = _scaled(update, x, gradients, rate)
    close(other, 4 * once, 4 * np.abs(once).max() + np.abs(x).max(), what=STEP)


@course_property(needs=f"AdaGrad, RMSProp or Adam: {UPDATE}", cases=_moving_runs)
def adaptive_steps_ignore_the_scale(
    update: Function, x: Array, gradients: Array, rate: float
) -> None:
    """Gradients 4 times as large move the parameters as far as before."""
    once, other = _scaled(update, x, gradients, rate)
    check_value(other, once, what=STEP, atol=10 * _tolerance(x, rate))


@course_property(needs=f"any {UPDATE}", cases=_runs)
def a_path_scales_with_its_learning_rate(
    update: Function, x: Array, gradients: Array, rate: float
) -> None:
    """Twice the learning rate moves the parameters twice as far, for the same gradients."""
    once = _path(update, x, gradients, rate)[-1] - x
    other = _path(update, x, gradients, 2 * rate)[-1] - x
    close(other, 2 * once, 2 * np.abs(once).max() + np.abs(x).max(), what=STEP)


@course_property(needs=f"sgd: {UPDATE}", cases=_runs, relates=False)
def sgd_steps_add_up(update: Function, x: Array, gradients: Array, rate: float) -> None:
    """All steps of gradient descent together are the learning rate times the sum of gradients."""
    got = _path(update, x, gradients, rate)[-1]
    total = np.abs(gradients).sum(axis=0) * rate + np.abs(x)
    close(got, x - rate * gradients.sum(axis=0), total, what=WHAT)


@course_property(needs=f"momentum(mu): {UPDATE}, made by make(mu)", cases=_runs)
def momentum_without_memory_is_sgd(make: Function, x: Array, gradients: Array, rate: float) -> None:
    """With mu = 0 momentum is plain gradient descent."""
    got = _path(make(0.0), x, gradients, rate)[-1]
    total = np.abs(gradients).sum(axis=0) * rate + np.abs(x)
    close(got, x - rate * gradients.sum(axis=0), total, what=WHAT)


@course_property(
    needs=f"momentum(mu): {UPDATE}, made by make(mu)", cases=_moving_runs, relates=False
)
def momentum_gathers_speed(make: Function, x: Array, gradients: Array, rate: float) -> None:
    """Under a constant gradient the n-th step is `1 + mu + ... + mu^(n-1)` times the first."""
    constant = np.tile(gradients[:1], (5, 1))
    path = [x, *_path(make(0.5), x, constant, rate)]
    steps = np.diff(np.array(path), axis=0)
    factors = np.array([1.0, 1.5, 1.75, 1.875, 1.9375])
    expected = -rate * factors[:, None] * gradients[0]
    size = np.abs(np.array(path)).max() + np.abs(expected).max()
    close(steps, expected, size, what=STEP)


@course_property(
    needs=f"nesterov(mu): {UPDATE} and momentum(mu), made by make(mu) each", cases=_moving_runs
)
def nesterov_first_step_looks_ahead(
    nesterov: Function, momentum: Function, x: Array, gradients: Array, rate: float
) -> None:
    """Nesterov's first step is 1 + mu times that of momentum."""
    (plain,) = _path(momentum(0.5), x, gradients[:1], rate)
    (ahead,) = _path(nesterov(0.5), x, gradients[:1], rate)
    size = np.abs(x).max() + np.abs(plain - x).max()
    close(ahead - x, 1.5 * (plain - x), size, what=STEP)


def _first_step(update: Function, x: Array, gradients: Array, rate: float, factor: float) -> None:
    (got,) = _path(update, x, gradients[:1], rate)
    expected = -rate * factor * np.sign(gradients[0])
    check_value(got - x, expected, what=STEP, atol=_tolerance(x, factor * rate))


@course_property(needs=f"AdaGrad: {UPDATE}", cases=_moving_runs, relates=False)
def adagrad_steps_shrink_with_the_root(
    update: Function, x: Array, gradients: Array, rate: float
) -> None:
    """Under a constant gradient the n-th step of AdaGrad is the learning rate over `sqrt(n)`."""
    path = [x, *_path(update, x, np.tile(gradients[:1], (4, 1)), rate)]
    steps = np.diff(np.array(path), axis=0)
    expected = -rate / np.sqrt(np.arange(1, 5))[:, None] * np.sign(gradients[0])
    check_value(steps, expected, what=STEP, atol=10 * _tolerance(x, 2 * rate))


@course_property(needs=f"RMSProp with decay 0.9: {UPDATE}", cases=_moving_runs, relates=False)
def rmsprop_first_step_is_over_the_root_of_a_tenth(
    update: Function, x: Array, gradients: Array, rate: float
) -> None:
    """With the decay 0.9 RMSProp's first step is `1 / sqrt(0.1)` times the learning rate."""
    _first_step(update, x, gradients, rate, 1 / np.sqrt(0.1))


@course_property(needs=f"RMSProp with decay 0.9: {UPDATE}", cases=_moving_runs, relates=False)
def rmsprop_settles_at_the_learning_rate(
    update: Function, x: Array, gradients: Array, rate: float
) -> None:
    """Under a constant gradient the 60th step of RMSProp is about the learning rate: it forgets."""
    path = _path(update, x, np.tile(gradients[:1], (60, 1)), rate)
    step = np.abs(path[-1] - path[-2])
    within(
        step,
        0.99 * rate - _tolerance(path[-1], rate),
        1.01 * rate + _tolerance(path[-1], rate),
        what=STEP,
    )


@course_property(needs=f"Adam: {UPDATE}", cases=_moving_runs, relates=False)
def adam_first_step_is_the_learning_rate(
    update: Function, x: Array, gradients: Array, rate: float
) -> None:
    """Thanks to the bias correction Adam's first step is the learning rate in each coordinate."""
    _first_step(update, x, gradients, rate, 1.0)


@course_property(needs=f"Adam: {UPDATE}", cases=_moving_runs, relates=False)
def adam_steps_stay_the_same_under_a_constant_gradient(
    update: Function, x: Array, gradients: Array, rate: float
) -> None:
    """Under a constant gradient every step of Adam is the learning rate."""
    path = [x, *_path(update, x, np.tile(gradients[:1], (5, 1)), rate)]
    steps = np.diff(np.array(path), axis=0)
    expected = np.tile(-rate * np.sign(gradients[:1]), (5, 1))
    check_value(steps, expected, what=STEP, atol=10 * _tolerance(x, 5 * rate))
