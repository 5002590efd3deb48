"""Wrong penalties on the weights. Those of L2 are also entered for the losses that add it."""

import numpy as np

from reference import regularization as right
from reference.misconceptions.catalogue import Array, Call, Component, call


def _weights(rng: np.random.Generator) -> list[Call]:
    return [call(rng.normal(size=(4, 3)), strength=float(rng.uniform(0.5, 2)))]


L2 = Component("l2", right.l2, _weights)
HALF_L2 = Component("half_l2", right.half_l2, _weights)
L1 = Component("l1", right.l1, _weights)


def _elastic(rng: np.random.Generator) -> list[Call]:
    strength, beta = rng.uniform(0.5, 2), rng.uniform(2, 3)
    return [call(rng.normal(size=(4, 3)), strength=float(strength), beta=float(beta))]


ELASTIC_NET = Component("elastic_net", right.elastic_net, _elastic)


@L2.wrong(
    "gradient_without_2",
    "D10, s.81",
    "The gradient of the L2 penalty lacks the factor 2",
    "The derivative of `strength * sum(W**2)` is `2 * strength * W`.",
    "در گرادیان جریمهٔ L2 ضریب ۲ نیست",
    "مشتق `strength * sum(W**2)` برابر `2 * strength * W` است.",
)
def _gradient_without_2(W: Array, *, strength: float) -> Array:
    return strength * np.sum(W**2), strength * W


@L2.wrong(
    "half_convention",
    "D10, B6, s.192",
    "The L2 penalty is halved",
    "Here it is `strength * sum(W**2)`; the form with 1/2 is the other convention.",
    "جریمهٔ L2 نصف شده است",
    "این‌جا جریمه `strength * sum(W**2)` است؛ شکل با ضریب `1/2` قرارداد دیگری است.",
)
def _half_convention(W: Array, *, strength: float) -> Array:
    return strength / 2 * np.sum(W**2), strength * W


@L2.wrong(
    "value_halved",
    "D10",
    "The value of the L2 penalty is halved, its gradient is not",
    "Value and gradient must belong together: `strength * sum(W**2)` and `2 * strength * W`.",
    "مقدار جریمهٔ L2 نصف شده ولی گرادیان آن نه",
    "مقدار و گرادیان باید به هم بخورند: `strength * sum(W**2)` و `2 * strength * W`.",
)
def _value_halved(W: Array, *, strength: float) -> Array:
    return strength / 2 * np.sum(W**2), 2 * strength * W


@L2.wrong(
    "gradient_missing",
    "D10, s.81",
    "The penalty is in the loss but not in the gradient",
    "What is added to the loss adds its derivative to `dW`: `2 * strength * W`.",
    "جریمه در هزینه هست ولی در گرادیان نیست",
    "هرچه به هزینه افزوده شود مشتقش به `dW` افزوده می‌شود: `2 * strength * W`.",
)
def _gradient_missing(W: Array, *, strength: float) -> Array:
    return strength * np.sum(W**2), np.zeros_like(W)


@L2.wrong(
    "norm_for_squares",
    "teaching",
    "The norm of W is penalized instead of its square",
    "L2 regularization sums the squares and takes no root.",
    "به جای مربعِ نُرم خود نُرمِ W جریمه شده است",
    "در منظم‌سازی L2 مربع‌ها جمع می‌شوند و جذری در کار نیست.",
)
def _norm_for_squares(W: Array, *, strength: float) -> Array:
    return strength * np.sqrt(np.sum(W**2)), strength * W / np.sqrt(np.sum(W**2))


@L2.wrong(
    "absolute_values",
    "D17, s.61",
    "Absolute values are penalized instead of squares",
    "That is L1. L2 is `strength * sum(W**2)`.",
    "به جای مربع‌ها قدر مطلق‌ها جریمه شده‌اند",
    "این L1 است. L2 برابر `strength * sum(W**2)` است.",
)
def _absolute_values(W: Array, *, strength: float) -> Array:
    return strength * np.sum(np.abs(W)), strength * np.sign(W)


@L2.wrong(
    "mean_of_squares",
    "teaching",
    "The squares are averaged instead of summed",
    "The penalty is a sum over all weights: `np.sum(W**2)`, not `np.mean(W**2)`.",
    "به جای جمع مربع‌ها میانگین آن‌ها گرفته شده است",
    "جریمه جمع روی همهٔ وزن‌هاست: `np.sum(W**2)`، نه `np.mean(W**2)`.",
)
def _mean_of_squares(W: Array, *, strength: float) -> Array:
    return strength * np.mean(W**2), 2 * strength * W / W.size


@L2.wrong(
    "subtracted",
    "teaching",
    "The penalty is subtracted",
    "Large weights must raise the loss: the penalty is added, in the gradient as well.",
    "جریمه کم شده است",
    "وزن‌های بزرگ باید هزینه را بالا ببرند: جریمه افزوده می‌شود، در گرادیان هم.",
)
def _subtracted(W: Array, *, strength: float) -> Array:
    return -strength * np.sum(W**2), -2 * strength * W


@HALF_L2.wrong(
    "full_value",
    "D10, B6, s.192",
    "The factor 1/2 is missing from the value",
    "Here the penalty is `strength / 2 * sum(W**2)`, so that its gradient is `strength * W`.",
    "ضریب `1/2` در مقدار جریمه نیست",
    "این‌جا جریمه `strength / 2 * sum(W**2)` است تا گرادیانش `strength * W` شود.",
)
def _full_value(W: Array, *, strength: float) -> Array:
    return strength * np.sum(W**2), strength * W


@HALF_L2.wrong(
    "gradient_with_2",
    "D10",
    "The gradient has a factor 2 that the 1/2 cancels",
    "The derivative of `strength / 2 * sum(W**2)` is `strength * W`.",
    "در گرادیان ضریب ۲ هست، با آن‌که `1/2` آن را حذف می‌کند",
    "مشتق `strength / 2 * sum(W**2)` برابر `strength * W` است.",
)
def _gradient_with_2(W: Array, *, strength: float) -> Array:
    return strength / 2 * np.sum(W**2), 2 * strength * W


@HALF_L2.wrong(
    "full_convention",
    "D10, B6, s.61",
    "The L2 penalty is not halved",
    "Here it is `strength / 2 * sum(W**2)`; the form without 1/2 is the other convention.",
    "جریمهٔ L2 نصف نشده است",
    "این‌جا جریمه `strength / 2 * sum(W**2)` است؛ شکل بدون `1/2` قرارداد دیگری است.",
)
def _full_convention(W: Array, *, strength: float) -> Array:
    return strength * np.sum(W**2), 2 * strength * W


@L1.wrong(
    "sign_missing",
    "s.61",
    "The gradient of the L1 penalty has no sign",
    "The derivative of |w| is `np.sign(w)`: -1 for negative weights.",
    "در گرادیان جریمهٔ L1 علامت وزن نیامده است",
    "مشتق `|w|` برابر `np.sign(w)` است: برای وزن منفی `-1`.",
)
def _sign_missing(W: Array, *, strength: float) -> Array:
    return strength * np.sum(np.abs(W)), strength * np.ones_like(W)


@L1.wrong(
    "gradient_is_weights",
    "teaching",
    "The gradient of the L1 penalty is proportional to W",
    "That is L2's gradient; L1 pulls every weight equally hard: `strength * np.sign(W)`.",
    "گرادیان جریمهٔ L1 متناسب با W است",
    "این گرادیان L2 است؛ L1 همهٔ وزن‌ها را یکسان می‌کشد: `strength * np.sign(W)`.",
)
def _gradient_is_weights(W: Array, *, strength: float) -> Array:
    return strength * np.sum(np.abs(W)), strength * W


@L1.wrong(
    "abs_missing",
    "teaching",
    "The weights are summed without absolute values",
    "Positive and negative weights would cancel: sum `np.abs(W)`.",
    "وزن‌ها بدون قدر مطلق جمع شده‌اند",
    "وزن‌های مثبت و منفی یکدیگر را خنثی می‌کنند: `np.abs(W)` را جمع بزنید.",
)
def _abs_missing(W: Array, *, strength: float) -> Array:
    return strength * np.sum(W), strength * np.sign(W)


@ELASTIC_NET.wrong(
    "beta_on_the_absolute_values",
    "s.61",
    "`beta` weighs the absolute values instead of the squares",
    "Elastic net is `strength * sum(beta * W**2 + abs(W))`.",
    "`beta` به جای مربع‌ها در قدر مطلق‌ها ضرب شده است",
    "شبکهٔ کشسان `strength * sum(beta * W**2 + abs(W))` است.",
)
def _beta_on_the_absolute_values(W: Array, *, strength: float, beta: float = 1.0) -> Array:
    value = strength * np.sum(W**2 + beta * np.abs(W))
    return value, strength * (2 * W + beta * np.sign(W))


@ELASTIC_NET.wrong(
    "beta_ignored",
    "teaching",
    "`beta` is not used",
    "`beta` multiplies the squares: `strength * sum(beta * W**2 + abs(W))`.",
    "`beta` به کار نرفته است",
    "`beta` در مربع‌ها ضرب می‌شود: `strength * sum(beta * W**2 + abs(W))`.",
)
def _beta_ignored(W: Array, *, strength: float, beta: float = 1.0) -> Array:
    return strength * np.sum(W**2 + np.abs(W)), strength * (2 * W + np.sign(W))


PENALTIES = (L2, HALF_L2, L1, ELASTIC_NET)
