"""Wrong steps with one learning rate: gradient descent, momentum, Nesterov, Newton."""

from collections.abc import Callable
from typing import Any

import numpy as np

from reference import optim as right
from reference.misconceptions.catalogue import Array, Call, Component, call


def _gradients(rng: np.random.Generator) -> list[Call]:
    x, gradients = rng.normal(size=5), [rng.normal(size=5) for _ in range(4)]
    return [call(x, gradients, learning_rate=float(rng.uniform(0.1, 0.4)))]


def path(rule: Any, made: Call) -> Any:
    """Return the parameter after every step, and the first one, which must stay as it was."""
    (first, gradients), state, path = made.args, None, [made.args[0]]
    for dx in gradients:
        x, state = rule(path[-1], dx, state, **made.kwargs)
        path.append(x)
    return first, path


SGD = Component("sgd", right.sgd, _gradients, path)
MOMENTUM = Component("momentum", right.momentum, _gradients, path)
NESTEROV = Component("nesterov", right.nesterov, _gradients, path)


@SGD.wrong(
    "ascends",
    "s.85",
    "The step goes along the gradient",
    "The gradient points uphill: `x - learning_rate * dx`.",
    "گام در جهت گرادیان برداشته شده است",
    "گرادیان رو به بالاست: `x - learning_rate * dx`.",
)
def _ascends(x: Array, dx: Array, state: Any = None, *, learning_rate: float) -> Array:
    return x + learning_rate * dx, {}


@SGD.wrong(
    "learning_rate_missing",
    "D39, s.85",
    "The gradient is subtracted without the learning rate",
    "The step is `learning_rate * dx`.",
    "گرادیان بدون نرخ یادگیری کم شده است",
    "گام برابر `learning_rate * dx` است.",
)
def _learning_rate_missing(
    x: Array, dx: Array, state: Any = None, *, learning_rate: float
) -> Array:
    return x - dx, {}


@SGD.wrong(
    "sign_for_gradient",
    "teaching",
    "Only the sign of the gradient is used",
    "The step is as long as the gradient: `learning_rate * dx`.",
    "فقط علامت گرادیان به کار رفته است",
    "طول گام متناسب با گرادیان است: `learning_rate * dx`.",
)
def _sign_for_gradient(x: Array, dx: Array, state: Any = None, *, learning_rate: float) -> Array:
    return x - learning_rate * np.sign(dx), {}


@MOMENTUM.wrong(
    "ascends",
    "D47, B21, s.223",
    "The gradient is added to the velocity and the velocity to x",
    "v = mu * v - learning_rate * dx; x += v. One minus, in one of the two places.",
    "گرادیان به سرعت و سرعت به x افزوده شده است",
    "`v = mu * v - learning_rate * dx`؛ `x += v`. یک علامت منفی، در یکی از دو جا.",
)
def _momentum_ascends(
    x: Array, dx: Array, state: Any = None, *, learning_rate: float, mu: float = 0.9
) -> Array:
    v = mu * (0 if state is None else state["v"]) + learning_rate * dx
    return x + v, {"v": v}


@MOMENTUM.wrong(
    "sign_of_memory",
    "D47, B21, s.223",
    "The old velocity is subtracted",
    "v = mu * v - learning_rate * dx; x += v: the old velocity keeps its direction.",
    "سرعت پیشین کم شده است",
    "`v = mu * v - learning_rate * dx`؛ `x += v`: سرعت پیشین جهت خود را نگه می‌دارد.",
)
def _sign_of_memory(
    x: Array, dx: Array, state: Any = None, *, learning_rate: float, mu: float = 0.9
) -> Array:
    v = mu * (0 if state is None else state["v"]) + learning_rate * dx
    return x - v, {"v": -v}


@MOMENTUM.wrong(
    "velocity_not_kept",
    "D47, s.223",
    "The velocity starts at 0 in every step",
    "Hand v on to the next step; without memory this is plain gradient descent.",
    "سرعت در هر گام از 0 آغاز می‌شود",
    "v را به گام بعد بدهید؛ بدون حافظه این همان گرادیان کاهشی ساده است.",
)
def _velocity_not_kept(
    x: Array, dx: Array, state: Any = None, *, learning_rate: float, mu: float = 0.9
) -> Array:
    v = -learning_rate * dx
    return x + v, {"v": v}


@MOMENTUM.wrong(
    "mu_as_friction",
    "D47, s.223",
    "mu is taken as the part that is lost",
    "mu is the part of the velocity that is kept; the friction is 1 - mu.",
    "mu بخشِ از دست رفته گرفته شده است",
    "mu بخشی از سرعت است که می‌ماند؛ اصطکاک `1 - mu` است.",
)
def _mu_as_friction(
    x: Array, dx: Array, state: Any = None, *, learning_rate: float, mu: float = 0.9
) -> Array:
    return right.momentum(x, dx, state, learning_rate=learning_rate, mu=1 - mu)


@MOMENTUM.wrong(
    "gradient_averaged",
    "teaching",
    "The gradient is weighed by 1 - mu",
    "The velocity is a sum, not a mean: v = mu * v - learning_rate * dx.",
    "گرادیان در `1 - mu` ضرب شده است",
    "سرعت جمع است نه میانگین: `v = mu * v - learning_rate * dx`.",
)
def _gradient_averaged(
    x: Array, dx: Array, state: Any = None, *, learning_rate: float, mu: float = 0.9
) -> Array:
    return right.momentum(x, dx, state, learning_rate=(1 - mu) * learning_rate, mu=mu)


@MOMENTUM.wrong(
    "changed_in_place",
    "D47, B21",
    "x is changed in place",
    "`x += v` writes into the caller's array: return the new array `x + v`.",
    "x درجا تغییر کرده است",
    "`x += v` در آرایهٔ فراخواننده می‌نویسد: آرایهٔ تازهٔ `x + v` را برگردانید.",
)
def _changed_in_place(
    x: Array, dx: Array, state: Any = None, *, learning_rate: float, mu: float = 0.9
) -> Array:
    v = mu * (0 if state is None else state["v"]) - learning_rate * dx
    x += v
    return x, {"v": v}


@NESTEROV.wrong(
    "previous_velocity_aliased",
    "D47, B21, s.229",
    "v_prev is the same array as v and changes with it",
    "After `v_prev = v` an in-place update changes both: copy with `v_prev = v.copy()`.",
    "v_prev همان آرایهٔ v است و با آن تغییر می‌کند",
    "پس از `v_prev = v` تغییر درجا هر دو را عوض می‌کند: `v_prev = v.copy()` بگیرید.",
)
def _previous_velocity_aliased(
    x: Array, dx: Array, state: Any = None, *, learning_rate: float, mu: float = 0.9
) -> Array:
    v = np.zeros_like(x) if state is None else state["v"]
    v_prev = v
    v *= mu
    v -= learning_rate * dx
    return x - mu * v_prev + (1 + mu) * v, {"v": v}


@NESTEROV.wrong(
    "plain_momentum",
    "s.229",
    "x moves by the velocity alone, as in plain momentum",
    "In this form x += -mu * v_prev + (1 + mu) * v.",
    "x فقط با سرعت جابه‌جا شده، مانند تکانهٔ ساده",
    "در این شکل `x += -mu * v_prev + (1 + mu) * v`.",
)
def _plain_momentum(
    x: Array, dx: Array, state: Any = None, *, learning_rate: float, mu: float = 0.9
) -> Array:
    return right.momentum(x, dx, state, learning_rate=learning_rate, mu=mu)


@NESTEROV.wrong(
    "look_ahead_missing",
    "s.229",
    "The new velocity counts once instead of 1 + mu times",
    "x - mu * v_prev + (1 + mu) * v; with v alone only the gradient step is left.",
    "سرعت تازه به جای `1 + mu` بار یک بار آمده است",
    "`x - mu * v_prev + (1 + mu) * v`؛ با v تنها فقط گام گرادیان می‌ماند.",
)
def _look_ahead_missing(
    x: Array, dx: Array, state: Any = None, *, learning_rate: float, mu: float = 0.9
) -> Array:
    _, after = right.nesterov(x, dx, state, learning_rate=learning_rate, mu=mu)
    return x - mu * (0 if state is None else state["v"]) + after["v"], after


@NESTEROV.wrong(
    "sign_of_previous",
    "D47, s.229",
    "The old velocity is added instead of subtracted",
    "The last look ahead is taken back: x - mu * v_prev + (1 + mu) * v.",
    "سرعت پیشین به جای کم شدن افزوده شده است",
    "پیش‌نگری قبلی پس گرفته می‌شود: `x - mu * v_prev + (1 + mu) * v`.",
)
def _sign_of_previous(
    x: Array, dx: Array, state: Any = None, *, learning_rate: float, mu: float = 0.9
) -> Array:
    new, after = right.nesterov(x, dx, state, learning_rate=learning_rate, mu=mu)
    return new + 2 * mu * (0 if state is None else state["v"]), after


def _slope(x: Array) -> Array:
    return np.arange(1.0, len(x) + 1) * x + np.sin(x)


def _along_a_slope(rng: np.random.Generator) -> list[Call]:
    return [call(rng.normal(size=4) + 2, [_slope] * 3, learning_rate=0.05)]


LOOKAHEAD = Component("nesterov_lookahead", right.nesterov_lookahead, _along_a_slope, path)

Slope = Callable[[Array], Array]


@LOOKAHEAD.wrong(
    "gradient_at_x",
    "s.228",
    "The gradient is taken at x instead of where the velocity leads",
    "Look ahead: the gradient at x + mu * v.",
    "گرادیان به جای نقطهٔ پیشِ رو در x گرفته شده است",
    "پیش رو را ببینید: گرادیان در `x + mu * v`.",
)
def _gradient_at_x(
    x: Array, gradient: Slope, state: Any = None, *, learning_rate: float, mu: float = 0.9
) -> Array:
    return right.momentum(x, gradient(x), state, learning_rate=learning_rate, mu=mu)


@LOOKAHEAD.wrong(
    "step_from_lookahead",
    "s.228",
    "x moves from the point looked at instead of from x",
    "Only the gradient is taken ahead; the step starts at x: x + v.",
    "گام به جای x از نقطهٔ پیشِ رو برداشته شده است",
    "فقط گرادیان در پیش رو گرفته می‌شود؛ گام از x است: `x + v`.",
)
def _step_from_lookahead(
    x: Array, gradient: Slope, state: Any = None, *, learning_rate: float, mu: float = 0.9
) -> Array:
    before = np.zeros_like(x) if state is None else state["v"]
    new, after = right.nesterov_lookahead(x, gradient, state, learning_rate=learning_rate, mu=mu)
    return new + mu * before, after


def _bowls(rng: np.random.Generator) -> list[Call]:
    half = rng.normal(size=(3, 3))
    return [call(rng.normal(size=3), rng.normal(size=3), half @ half.T + np.eye(3))]


NEWTON = Component("newton_step", right.newton_step, _bowls)


@NEWTON.wrong(
    "hessian_not_inverted",
    "s.240",
    "The gradient is multiplied by H instead of H^-1",
    "Solve H step = gradient: `np.linalg.solve(H, gradient)`.",
    "گرادیان به جای وارون H در خود H ضرب شده است",
    "دستگاه `H step = gradient` را حل کنید: `np.linalg.solve(H, gradient)`.",
)
def _hessian_not_inverted(x: Array, gradient: Array, hessian: Array) -> Array:
    return x - hessian @ gradient


@NEWTON.wrong(
    "elementwise_inverse",
    "s.240",
    "1 / H is taken element by element",
    "The inverse of a matrix is not made of the inverses of its entries: use `solve`.",
    "وارون H درایه‌به‌درایه گرفته شده است",
    "وارون ماتریس از وارون درایه‌هایش ساخته نمی‌شود: `solve` را به کار ببرید.",
)
def _elementwise_inverse(x: Array, gradient: Array, hessian: Array) -> Array:
    return x - (1 / hessian) @ gradient


@NEWTON.wrong(
    "ascends",
    "s.240",
    "The step is added instead of subtracted",
    "Newton's step is x - H^-1 gradient.",
    "گام به جای کم شدن افزوده شده است",
    "گام نیوتن `x - H^-1 gradient` است.",
)
def _newton_ascends(x: Array, gradient: Array, hessian: Array) -> Array:
    return x + np.linalg.solve(hessian, gradient)


@NEWTON.wrong(
    "curvature_ignored",
    "s.240",
    "The Hessian is not used",
    "That is gradient descent with rate 1; Newton divides by the curvature.",
    "ماتریس هسی به کار نرفته است",
    "این گرادیان کاهشی با نرخ 1 است؛ نیوتن بر خمیدگی تقسیم می‌کند.",
)
def _curvature_ignored(x: Array, gradient: Array, hessian: Array) -> Array:
    return x - gradient


OPTIM = (SGD, MOMENTUM, NESTEROV, LOOKAHEAD, NEWTON)
