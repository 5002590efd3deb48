"""Wrong Adam."""

from typing import Any

import numpy as np

from reference import optim as right
from reference.misconceptions.adaptive import uneven_gradients
from reference.misconceptions.catalogue import Array, Component
from reference.misconceptions.optim import path

ADAM = Component("adam", right.adam, uneven_gradients, path)


def _moments(
    x: Array, dx: Array, state: Any, beta1: float, beta2: float
) -> tuple[Array, Array, int]:
    """Return m, v and t after this gradient, not corrected."""
    old = {"m": np.zeros_like(x), "v": np.zeros_like(x), "t": 0} if state is None else state
    m = beta1 * old["m"] + (1 - beta1) * dx
    v = beta2 * old["v"] + (1 - beta2) * dx**2
    return m, v, old["t"] + 1


@ADAM.wrong(
    "time_from_zero",
    "D48, B22, s.237",
    "t starts at 0",
    "beta**0 is 1, and 1 - 1 divides by 0: count the first step as t = 1.",
    "t از 0 آغاز می‌شود",
    "`beta**0` برابر 1 است و `1 - 1` تقسیم بر 0 می‌دهد: گام نخست `t = 1` است.",
)
def _time_from_zero(
    x: Array,
    dx: Array,
    state: Any = None,
    *,
    learning_rate: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-7,
    bias_correction: bool = True,
) -> Array:
    m, v, t = _moments(x, dx, state, beta1, beta2)
    mb, vb = m / np.float64(1 - beta1 ** (t - 1)), v / np.float64(1 - beta2 ** (t - 1))
    return x - learning_rate * mb / (np.sqrt(vb) + eps), {"m": m, "v": v, "t": t}


@ADAM.wrong(
    "correction_missing",
    "D48, B22, s.237",
    "The bias correction is missing",
    "m and v start at 0: divide by 1 - beta1**t and 1 - beta2**t.",
    "تصحیح اریبی نیامده است",
    "m و v از 0 آغاز می‌کنند: بر `1 - beta1**t` و `1 - beta2**t` تقسیم کنید.",
)
def _correction_missing(
    x: Array,
    dx: Array,
    state: Any = None,
    *,
    learning_rate: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-7,
    bias_correction: bool = True,
) -> Array:
    m, v, t = _moments(x, dx, state, beta1, beta2)
    return x - learning_rate * m / (np.sqrt(v) + eps), {"m": m, "v": v, "t": t}


@ADAM.wrong(
    "time_stands_still",
    "D48",
    "t never grows",
    "Count the steps in the state: t = t + 1 before each correction.",
    "t هرگز بزرگ نمی‌شود",
    "گام‌ها را در حالت بشمارید: پیش از هر تصحیح `t = t + 1`.",
)
def _time_stands_still(
    x: Array,
    dx: Array,
    state: Any = None,
    *,
    learning_rate: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-7,
    bias_correction: bool = True,
) -> Array:
    m, v, t = _moments(x, dx, state, beta1, beta2)
    mb, vb = m / (1 - beta1), v / (1 - beta2)
    return x - learning_rate * mb / (np.sqrt(vb) + eps), {"m": m, "v": v, "t": t}


@ADAM.wrong(
    "first_moment_alone_corrected",
    "D48, s.237",
    "Only the first moment is corrected",
    "Correct both: vb = v / (1 - beta2**t) as well.",
    "فقط گشتاور نخست تصحیح شده است",
    "هر دو را تصحیح کنید: `vb = v / (1 - beta2**t)` هم.",
)
def _first_moment_alone_corrected(
    x: Array,
    dx: Array,
    state: Any = None,
    *,
    learning_rate: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-7,
    bias_correction: bool = True,
) -> Array:
    m, v, t = _moments(x, dx, state, beta1, beta2)
    mb = m / (1 - beta1**t)
    return x - learning_rate * mb / (np.sqrt(v) + eps), {"m": m, "v": v, "t": t}


@ADAM.wrong(
    "corrected_moments_kept",
    "D48",
    "The corrected moments are kept for the next step",
    "Correct copies; m and v themselves go on uncorrected.",
    "گشتاورهای تصحیح‌شده برای گام بعد نگه داشته شده‌اند",
    "نسخه‌ای را تصحیح کنید؛ خود m و v بدون تصحیح ادامه می‌یابند.",
)
def _corrected_moments_kept(
    x: Array,
    dx: Array,
    state: Any = None,
    *,
    learning_rate: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-7,
    bias_correction: bool = True,
) -> Array:
    m, v, t = _moments(x, dx, state, beta1, beta2)
    mb, vb = m / (1 - beta1**t), v / (1 - beta2**t)
    return x - learning_rate * mb / (np.sqrt(vb) + eps), {"m": mb, "v": vb, "t": t}


@ADAM.wrong(
    "betas_swapped",
    "D48",
    "beta1 and beta2 are swapped",
    "beta1 belongs to the mean of the gradients, beta2 to that of their squares.",
    "beta1 و beta2 جابه‌جا شده‌اند",
    "beta1 از آنِ میانگین گرادیان‌ها و beta2 از آنِ میانگین مربع‌هاست.",
)
def _betas_swapped(
    x: Array,
    dx: Array,
    state: Any = None,
    *,
    learning_rate: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-7,
    bias_correction: bool = True,
) -> Array:
    return right.adam(x, dx, state, learning_rate=learning_rate, beta1=beta2, beta2=beta1, eps=eps)


@ADAM.wrong(
    "eps_inside_root",
    "D49, B22",
    "eps stands inside the root",
    "Divide by `np.sqrt(vb) + eps`.",
    "eps درون جذر آمده است",
    "بر `np.sqrt(vb) + eps` تقسیم کنید.",
)
def _eps_inside_root(
    x: Array,
    dx: Array,
    state: Any = None,
    *,
    learning_rate: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-7,
    bias_correction: bool = True,
) -> Array:
    m, v, t = _moments(x, dx, state, beta1, beta2)
    mb, vb = m / (1 - beta1**t), v / (1 - beta2**t)
    return x - learning_rate * mb / np.sqrt(vb + eps), {"m": m, "v": v, "t": t}


@ADAM.wrong(
    "root_missing",
    "D48",
    "It is divided by the second moment instead of its root",
    "vb is a mean of squares: divide by `np.sqrt(vb) + eps`.",
    "به جای جذر بر خود گشتاور دوم تقسیم شده است",
    "vb میانگین مربع‌هاست: بر `np.sqrt(vb) + eps` تقسیم کنید.",
)
def _root_missing(
    x: Array,
    dx: Array,
    state: Any = None,
    *,
    learning_rate: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-7,
    bias_correction: bool = True,
) -> Array:
    m, v, t = _moments(x, dx, state, beta1, beta2)
    mb, vb = m / (1 - beta1**t), v / (1 - beta2**t)
    return x - learning_rate * mb / (vb + eps), {"m": m, "v": v, "t": t}


@ADAM.wrong(
    "state_not_kept",
    "D83, D48",
    "Both moments start at 0 in every step",
    "Hand m, v and t on to the next step, also when training is resumed.",
    "هر دو گشتاور در هر گام از 0 آغاز می‌شوند",
    "m، v و t را به گام بعد بدهید، هنگام از سر گرفتن آموزش هم.",
)
def _state_not_kept(
    x: Array,
    dx: Array,
    state: Any = None,
    *,
    learning_rate: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-7,
    bias_correction: bool = True,
) -> Array:
    return right.adam(x, dx, None, learning_rate=learning_rate, beta1=beta1, beta2=beta2, eps=eps)


ADAMS = (ADAM,)
