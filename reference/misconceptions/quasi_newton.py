"""Wrong second-order methods: the BFGS update, L-BFGS's two loops, whole minimizations."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from reference.misconceptions.catalogue import Array, Call, Component, call
from reference.optim import quasi_newton as right
from reference.optim.line_search import Objective
from reference.optim.newton import newton, newton_step
from reference.optim.quasi_newton import Minimum, Pair


def _spd(rng: np.random.Generator, size: int, condition: float) -> Array:
    """Return a symmetric matrix with eigenvalues from 1 to `condition`, turned at random."""
    turn, _ = np.linalg.qr(rng.normal(size=(size, size)))
    return turn @ np.diag(np.geomspace(1, condition, size)) @ turn.T


def _secants(rng: np.random.Generator) -> list[Call]:
    step = rng.normal(size=4)
    return [call(_spd(rng, 4, 5), step, _spd(rng, 4, 5) @ step)]


UPDATE = Component("inverse_hessian_update", right.inverse_hessian_update, _secants)


@UPDATE.wrong(
    "step_and_change_swapped",
    "s.242",
    "s and y are swapped",
    "That updates the Hessian; its inverse must fulfil H y = s.",
    "s و y جابه‌جا شده‌اند",
    "این خود هسی را به‌روز می‌کند؛ وارون آن باید `H y = s` را برآورد.",
)
def _swapped(inverse_hessian: Array, step: Array, gradient_change: Array) -> Array:
    return right.inverse_hessian_update(inverse_hessian, gradient_change, step)


@UPDATE.wrong(
    "one_side_alone",
    "s.242",
    "H is multiplied on one side only",
    "I - rho s y' stands left of H and its transpose right: the result is symmetric.",
    "ماتریس H فقط از یک سو ضرب شده است",
    "سمت چپ H عبارت `I - rho s y'` و سمت راست ترانهادهٔ آن است: نتیجه متقارن می‌شود.",
)
def _one_side_alone(inverse_hessian: Array, step: Array, gradient_change: Array) -> Array:
    rho = 1 / (step @ gradient_change)
    left = np.eye(step.size) - rho * np.outer(step, gradient_change)
    return left @ inverse_hessian + rho * np.outer(step, step)


@UPDATE.wrong(
    "last_term_missing",
    "s.242",
    "The term rho s s' is missing",
    "Without it H y is 0: add rho s s' at the end.",
    "جملهٔ rho s s' از قلم افتاده است",
    "بدون آن H y برابر 0 است: در پایان rho s s' را بیفزایید.",
)
def _last_term_missing(inverse_hessian: Array, step: Array, gradient_change: Array) -> Array:
    full = right.inverse_hessian_update(inverse_hessian, step, gradient_change)
    return full - np.outer(step, step) / (step @ gradient_change)


def _remembered(rng: np.random.Generator) -> list[Call]:
    hessian = _spd(rng, 5, 20)
    steps = rng.normal(size=(3, 5))
    return [call(rng.normal(size=5), [(s, hessian @ s) for s in steps])]


LOOPS = Component("two_loop_product", right.two_loop_product, _remembered)


@LOOPS.wrong(
    "oldest_first_in_both_loops",
    "s.242",
    "Both loops begin with the oldest pair",
    "The first loop goes from the newest pair to the oldest, the second one back.",
    "هر دو حلقه از قدیمی‌ترین جفت آغاز شده‌اند",
    "حلقهٔ نخست از تازه‌ترین جفت به قدیمی‌ترین می‌رود و حلقهٔ دوم بازمی‌گردد.",
)
def _oldest_first_in_both_loops(gradient: Array, pairs: Sequence[Pair]) -> Array:
    q, alphas = gradient, []
    for s, y in pairs:
        alphas.append((s @ q) / (y @ s))
        q = q - alphas[-1] * y
    s, y = pairs[-1]
    q = q * (s @ y) / (y @ y)
    for (s, y), alpha in zip(pairs, alphas, strict=True):
        q = q + s * (alpha - (y @ q) / (y @ s))
    return q


def _two_loops(gradient: Array, pairs: Sequence[Pair], scale: float, beta: float) -> Array:
    """Return the two-loop product with H0 = scale I and beta taken that many times."""
    q, alphas = gradient, []
    for s, y in reversed(pairs):
        alphas.append((s @ q) / (y @ s))
        q = q - alphas[-1] * y
    q = q * scale
    for (s, y), alpha in zip(pairs, reversed(alphas), strict=True):
        q = q + s * (alpha - beta * (y @ q) / (y @ s))
    return q


@LOOPS.wrong(
    "scale_missing",
    "s.242",
    "Between the loops nothing is scaled",
    "The first matrix is (s'y / y'y) I from the newest pair, not I.",
    "میان دو حلقه مقیاسی به کار نرفته است",
    "ماتریس آغازین `(s'y / y'y) I` از تازه‌ترین جفت است، نه I.",
)
def _scale_missing(gradient: Array, pairs: Sequence[Pair]) -> Array:
    return _two_loops(gradient, pairs, 1.0, 1.0)


@LOOPS.wrong(
    "beta_missing",
    "s.242",
    "The second loop adds alpha s without taking beta off",
    "It is q + s (alpha - beta) with beta = y'q / y's.",
    "حلقهٔ دوم alpha s را بدون کم کردن beta افزوده است",
    "باید `q + s (alpha - beta)` باشد با `beta = y'q / y's`.",
)
def _beta_missing(gradient: Array, pairs: Sequence[Pair]) -> Array:
    s, y = pairs[-1]
    return _two_loops(gradient, pairs, float(s @ y) / float(y @ y), 0.0)


def _bowl(rng: np.random.Generator, size: int, condition: float) -> tuple[Objective, Array]:
    hessian, bottom = _spd(rng, size, condition), rng.normal(size=size)

    def objective(x: Array) -> tuple[float, Array]:
        gradient = hessian @ (x - bottom)
        return float((x - bottom) @ gradient) / 2, gradient

    return objective, bottom + rng.normal(size=size)


def _small_bowls(rng: np.random.Generator) -> list[Call]:
    return [call(*_bowl(rng, 5, 1000), gradient_tolerance=1e-8, max_iterations=60)]


def _remembered_bowls(rng: np.random.Generator) -> list[Call]:
    made = _bowl(rng, 6, 1000)
    return [call(*made, memory=10, gradient_tolerance=1e-8, max_iterations=60)]


def _bottom(function: Callable[..., Minimum], made: Call) -> Any:
    """Return where it ended and whether that is the bottom, not the way: ways may differ."""
    found = function(*made.args, **made.kwargs)
    return found.x, found.converged


BFGS = Component("bfgs", right.bfgs, _small_bowls, _bottom)
L_BFGS = Component("l_bfgs", right.l_bfgs, _remembered_bowls, _bottom)


@BFGS.wrong(
    "never_learned",
    "s.242",
    "The inverse Hessian stays the identity",
    "That is gradient descent: update H after each step from s and y.",
    "وارون هسی همان همانی مانده است",
    "این گرادیان کاهشی است: پس از هر گام H را از s و y به‌روز کنید.",
)
def _never_learned(
    objective: Objective,
    x: Array,
    *,
    gradient_tolerance: float = 1e-5,
    max_iterations: int = 200,
) -> Minimum:
    return right._descend(
        objective, x, lambda g: g, lambda s, y: None, gradient_tolerance, max_iterations
    )


@BFGS.wrong(
    "hessian_for_inverse",
    "s.242",
    "The Hessian is learned but used as its inverse",
    "The step is -H grad with H y = s; do not swap s and y in the update.",
    "خود هسی آموخته شده ولی به جای وارونش به کار رفته است",
    "گام `-H grad` است با `H y = s`؛ در به‌روزرسانی s و y را جابه‌جا نکنید.",
)
def _hessian_for_inverse(
    objective: Objective,
    x: Array,
    *,
    gradient_tolerance: float = 1e-5,
    max_iterations: int = 200,
) -> Minimum:
    learned: list[Array] = [np.eye(x.size)]

    def learn(s: Array, y: Array) -> None:
        learned[0] = right.inverse_hessian_update(learned[0], y, s)

    return right._descend(
        objective, x, lambda g: learned[0] @ g, learn, gradient_tolerance, max_iterations
    )


@L_BFGS.wrong(
    "newest_pair_alone",
    "s.242",
    "Only the newest pair is kept, whatever memory is",
    "Keep the last `memory` pairs: `deque(maxlen=memory)`.",
    "هر memory که باشد فقط تازه‌ترین جفت نگه داشته شده است",
    "آخرین `memory` جفت را نگه دارید: `deque(maxlen=memory)`.",
)
def _newest_pair_alone(
    objective: Objective,
    x: Array,
    *,
    memory: int = 10,
    gradient_tolerance: float = 1e-5,
    max_iterations: int = 500,
) -> Minimum:
    return right.l_bfgs(
        objective,
        x,
        memory=1,
        gradient_tolerance=gradient_tolerance,
        max_iterations=max_iterations,
    )


@L_BFGS.wrong(
    "no_pairs",
    "s.242",
    "No pair is ever kept",
    "That is gradient descent: append (s, y) after each step.",
    "هیچ جفتی نگه داشته نشده است",
    "این گرادیان کاهشی است: پس از هر گام (s, y) را بیفزایید.",
)
def _no_pairs(
    objective: Objective,
    x: Array,
    *,
    memory: int = 10,
    gradient_tolerance: float = 1e-5,
    max_iterations: int = 500,
) -> Minimum:
    return _never_learned(
        objective, x, gradient_tolerance=gradient_tolerance, max_iterations=max_iterations
    )


Field = Callable[[Array], Array]


def _valleys(rng: np.random.Generator) -> list[Call]:
    # The gradient of sum e^(m x) - m x c over rows m: convex, with a Hessian that changes.
    rows = np.eye(3) + 0.2 * rng.normal(size=(3, 3))
    target = rng.uniform(0.5, 2, 3)

    def gradient(x: Array) -> Array:
        return rows.T @ (np.exp(rows @ x) - target)

    def hessian(x: Array) -> Array:
        return rows.T @ (np.exp(rows @ x)[:, None] * rows)

    return [call(gradient, hessian, np.linalg.solve(rows, np.log(target) + 0.8))]


def _visited(function: Callable[..., Array], made: Call) -> Any:
    """Return the end and the points at which the Hessian was asked for."""
    gradient, hessian, x = made.args
    points: list[Array] = []

    def watched(at: Array) -> Array:
        points.append(np.array(at))
        return hessian(at)

    return function(gradient, watched, x, **made.kwargs), points


NEWTON_METHOD = Component("newton", newton, _valleys, _visited)


def _repeated(step: Callable[[Array], Array], gradient: Field, x: Array, last: int) -> Array:
    """Repeat a step until the gradient is as small as the default asks, or `last` times."""
    for _ in range(last):
        if np.abs(gradient(x)).max() <= 1e-10:
            break
        x = step(x)
    return x


@NEWTON_METHOD.wrong(
    "hessian_frozen",
    "s.240",
    "The Hessian of the start is used in every step",
    "The curvature changes along the way: evaluate the Hessian at each new x.",
    "هسی نقطهٔ آغاز در همهٔ گام‌ها به کار رفته است",
    "خمیدگی در راه تغییر می‌کند: هسی را در هر x تازه حساب کنید.",
)
def _hessian_frozen(
    gradient: Field,
    hessian: Field,
    x: Array,
    *,
    gradient_tolerance: float = 1e-10,
    max_iterations: int = 50,
) -> Array:
    first = hessian(x)
    return _repeated(lambda at: newton_step(at, gradient(at), first), gradient, x, max_iterations)


@NEWTON_METHOD.wrong(
    "one_step_alone",
    "s.240",
    "Only one step is taken",
    "One step solves a quadratic; elsewhere repeat until the gradient is small.",
    "فقط یک گام برداشته شده است",
    "یک گام تابع درجه‌دو را حل می‌کند؛ در غیر آن تا کوچک شدن گرادیان تکرار کنید.",
)
def _one_step_alone(
    gradient: Field,
    hessian: Field,
    x: Array,
    *,
    gradient_tolerance: float = 1e-10,
    max_iterations: int = 50,
) -> Array:
    return newton_step(x, gradient(x), hessian(x))


@NEWTON_METHOD.wrong(
    "learning_rate",
    "s.240",
    "Every step is shortened by a learning rate",
    "Newton's step has none: x - H^-1 gradient.",
    "هر گام با نرخ یادگیری کوتاه شده است",
    "گام نیوتن نرخ یادگیری ندارد: `x - H^-1 gradient`.",
)
def _learning_rate(
    gradient: Field,
    hessian: Field,
    x: Array,
    *,
    gradient_tolerance: float = 1e-10,
    max_iterations: int = 50,
) -> Array:
    return _repeated(
        lambda at: at + 0.1 * (newton_step(at, gradient(at), hessian(at)) - at),
        gradient,
        x,
        max_iterations,
    )


QUASI_NEWTON = (UPDATE, LOOPS, BFGS, L_BFGS, NEWTON_METHOD)
