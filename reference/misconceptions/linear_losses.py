"""Mistakes that every loss of a linear classifier can hold, whatever it makes of the scores.

`svm` and `softmax` enter them with their own signatures. Each takes W, X, the right loss of the
scores with its gradient, and the penalty; it returns the loss and dW.
"""

from collections.abc import Callable
from typing import TypeAlias

from reference.losses import LossAndGradient
from reference.misconceptions.catalogue import Array
from reference.misconceptions.penalties import L2
from reference.regularization import Penalty, penalty_value

AroundScores: TypeAlias = Callable[[Array, Array, LossAndGradient, float, Penalty], Array]
Texts: TypeAlias = tuple[str, str, str, str, str, str]

AROUND_SCORES: list[tuple[Texts, AroundScores]] = []
"""Texts as `Component.wrong` takes them, with the mistake."""


def _enter(
    mistake: str, source: str, name: str, hint: str, name_fa: str, hint_fa: str
) -> Callable[[AroundScores], AroundScores]:
    def enter(around: AroundScores) -> AroundScores:
        AROUND_SCORES.append(((mistake, source, name, hint, name_fa, hint_fa), around))
        return around

    return enter


def _with_penalty(wrong: Callable[..., Array]) -> AroundScores:
    """Return the loss whose L2 penalty is a wrong one; other penalties stay right."""

    def around(
        W: Array, X: Array, data: LossAndGradient, strength: float, penalty: Penalty
    ) -> Array:
        if penalty == "l2":
            value, gradient = wrong(W, strength=strength)
        else:
            value, gradient = penalty_value(W, strength=strength, penalty=penalty)
        return data.loss + value, X.T @ data.gradient + gradient

    return around


for known in L2.known:
    _enter(
        "penalty_" + known.id.split(".")[1],
        known.source,
        known.name["en"],
        known.hint["en"],
        known.name["fa"],
        known.hint["fa"],
    )(_with_penalty(known.function))


@_enter(
    "penalty_missing",
    "s.61",
    "The penalty on W is left out",
    "The loss is the data loss plus `strength` times the penalty.",
    "جریمهٔ W به حساب نیامده است",
    "هزینه برابر هزینهٔ داده‌ها به‌علاوهٔ `strength` ضرب در جریمه است.",
)
def _penalty_missing(
    W: Array, X: Array, data: LossAndGradient, strength: float, penalty: Penalty
) -> Array:
    return data.loss, X.T @ data.gradient


@_enter(
    "penalty_divided_by_n",
    "s.61",
    "The penalty is divided by the number of examples",
    "Only the data loss is a mean over examples; the penalty is added once, outside of it.",
    "جریمه بر شمار نمونه‌ها تقسیم شده است",
    "فقط هزینهٔ داده‌ها میانگین روی نمونه‌هاست؛ جریمه یک بار و بیرون از آن افزوده می‌شود.",
)
def _penalty_divided_by_n(
    W: Array, X: Array, data: LossAndGradient, strength: float, penalty: Penalty
) -> Array:
    value, gradient = penalty_value(W, strength=strength, penalty=penalty)
    return data.loss + value / len(X), X.T @ data.gradient + gradient / len(X)


@_enter(
    "gradient_transposed",
    "teaching",
    "The gradient is transposed",
    "A gradient has the shape of its variable: dW is (D, C), `X.T @ dscores`.",
    "گرادیان ترانهاده است",
    "گرادیان هم‌شکل متغیر خود است: dW شکل (D, C) دارد، `X.T @ dscores`.",
)
def _gradient_transposed(
    W: Array, X: Array, data: LossAndGradient, strength: float, penalty: Penalty
) -> Array:
    value, gradient = penalty_value(W, strength=strength, penalty=penalty)
    return data.loss + value, (X.T @ data.gradient + gradient).T


@_enter(
    "gradient_descends",
    "teaching",
    "The gradient has the wrong sign",
    "Return the gradient itself; the minus belongs to the update `W -= learning_rate * dW`.",
    "علامت گرادیان وارونه است",
    "خود گرادیان را برگردانید؛ علامت منفی از آنِ به‌روزرسانی `W -= learning_rate * dW` است.",
)
def _gradient_descends(
    W: Array, X: Array, data: LossAndGradient, strength: float, penalty: Penalty
) -> Array:
    value, gradient = penalty_value(W, strength=strength, penalty=penalty)
    return data.loss + value, -(X.T @ data.gradient + gradient)
