"""Wrong sigmoid, tanh and maxout, and their derivatives."""

import numpy as np

from reference import activations as right
from reference.activations import MaxoutCache, OutputCache
from reference.misconceptions.catalogue import Array, Call, Component, call, output


def _any_sign(rng: np.random.Generator) -> list[Call]:
    return [call(np.concatenate([3 * rng.normal(size=(3, 4)), [[-800.0, -0.5, 0.5, 800.0]]]))]


SIGMOID = Component("sigmoid", right.sigmoid, _any_sign)


@SIGMOID.wrong(
    "exponent_sign",
    "s.150",
    "The exponent has the wrong sign",
    "The sigmoid rises: 1 / (1 + e^-x).",
    "علامت نما وارونه است",
    "سیگموید صعودی است: `1 / (1 + e^-x)`.",
)
def _exponent_sign(x: Array) -> Array:
    return 1 / (1 + np.exp(x))


@SIGMOID.wrong(
    "overflows",
    "B19",
    "e^x / (1 + e^x) overflows for large x",
    "For x above 709 it is inf/inf: take the exponential of -|x| only.",
    "`e^x / (1 + e^x)` برای x بزرگ سرریز می‌کند",
    "برای x بزرگ‌تر از 709 برابر `inf/inf` است: فقط از `-|x|` نمایی بگیرید.",
)
def _overflows(x: Array) -> Array:
    return np.exp(x) / (1 + np.exp(x))


@SIGMOID.wrong(
    "tanh",
    "s.156",
    "tanh is computed instead",
    "tanh lies in (-1, 1), the sigmoid in (0, 1).",
    "به جای آن tanh حساب شده است",
    "tanh در `(-1, 1)` است و سیگموید در (0, 1).",
)
def _tanh(x: Array) -> Array:
    return np.tanh(x)


def _sigmoid_upstream(rng: np.random.Generator) -> list[Call]:
    _, cache = right.sigmoid_forward(2 * rng.normal(size=(3, 4)))
    return [call(rng.normal(size=(3, 4)), cache)]


SIGMOID_BACKWARD = Component("sigmoid_backward", right.sigmoid_backward, _sigmoid_upstream)


@SIGMOID_BACKWARD.wrong(
    "sigmoid_of_output",
    "D30, s.119",
    "The sigmoid is applied to its own output before differentiating",
    "The stored value is the sigmoid already: `out * (1 - out)`.",
    "پیش از مشتق، سیگموید دوباره بر خروجی اعمال شده است",
    "مقدار ذخیره‌شده خود سیگموید است: `out * (1 - out)`.",
)
def _sigmoid_of_output(dout: Array, cache: OutputCache) -> Array:
    again = right.sigmoid(cache.out)
    return dout * again * (1 - again)


@SIGMOID_BACKWARD.wrong(
    "from_pre_activation",
    "D30",
    "x (1 - x) is computed from the input of the sigmoid",
    "The formula `out * (1 - out)` is in terms of the output.",
    "`x (1 - x)` از ورودی سیگموید حساب شده است",
    "فرمول `out * (1 - out)` بر حسب خروجی است.",
)
def _from_pre_activation(dout: Array, cache: OutputCache) -> Array:
    x = np.log(cache.out / (1 - cache.out))
    return dout * x * (1 - x)


@SIGMOID_BACKWARD.wrong(
    "upstream_missing",
    "s.109",
    "The upstream gradient is left out",
    "The chain rule multiplies the local gradient by `dout`.",
    "گرادیان بالادست نیامده است",
    "قاعدهٔ زنجیری گرادیان محلی را در `dout` ضرب می‌کند.",
)
def _sigmoid_upstream_missing(dout: Array, cache: OutputCache) -> Array:
    return cache.out * (1 - cache.out)


def _tanh_upstream(rng: np.random.Generator) -> list[Call]:
    _, cache = right.tanh_forward(rng.normal(size=(3, 4)))
    return [call(rng.normal(size=(3, 4)), cache)]


TANH_BACKWARD = Component("tanh_backward", right.tanh_backward, _tanh_upstream)


@TANH_BACKWARD.wrong(
    "square_missing",
    "s.156",
    "The square is missing",
    "The derivative of tanh is 1 - tanh^2: `1 - out**2`.",
    "توان دوم نیامده است",
    "مشتق tanh برابر `1 - tanh^2` است: `1 - out**2`.",
)
def _square_missing(dout: Array, cache: OutputCache) -> Array:
    return dout * (1 - cache.out)


@TANH_BACKWARD.wrong(
    "sigmoid_derivative",
    "s.156",
    "The sigmoid's derivative is used",
    "`out * (1 - out)` belongs to the sigmoid; for tanh it is `1 - out**2`.",
    "مشتق سیگموید به کار رفته است",
    "`out * (1 - out)` از آنِ سیگموید است؛ برای tanh برابر `1 - out**2` است.",
)
def _sigmoid_derivative(dout: Array, cache: OutputCache) -> Array:
    return dout * cache.out * (1 - cache.out)


@TANH_BACKWARD.wrong(
    "tanh_of_output",
    "D30",
    "tanh is applied to its own output before differentiating",
    "The stored value is the tanh already: `1 - out**2`.",
    "پیش از مشتق، tanh دوباره بر خروجی اعمال شده است",
    "مقدار ذخیره‌شده خود tanh است: `1 - out**2`.",
)
def _tanh_of_output(dout: Array, cache: OutputCache) -> Array:
    return dout * (1 - np.tanh(cache.out) ** 2)


def _maxout(rng: np.random.Generator) -> list[Call]:
    return [call(rng.normal(size=(4, 5)), rng.normal(size=(3, 5, 2)), rng.normal(size=(3, 2)))]


MAXOUT = Component("maxout_forward", right.maxout_forward, _maxout, output)


@MAXOUT.wrong(
    "pieces_summed",
    "s.173",
    "The linear pieces are summed instead of compared",
    "A sum of linear pieces is linear again: take their maximum.",
    "قطعه‌های خطی به جای مقایسه جمع شده‌اند",
    "جمع قطعه‌های خطی باز خطی است: بیشینهٔ آن‌ها را بگیرید.",
)
def _pieces_summed(x: Array, weights: Array, biases: Array) -> Array:
    return (x @ weights + biases[:, None]).sum(axis=0), None


@MAXOUT.wrong(
    "biases_missing",
    "D18, s.173",
    "The biases are missing",
    "Each piece has weights and a bias: max(x W1 + b1, x W2 + b2).",
    "بایاس‌ها نیامده‌اند",
    "هر قطعه وزن و بایاس دارد: `max(x W1 + b1, x W2 + b2)`.",
)
def _biases_missing(x: Array, weights: Array, biases: Array) -> Array:
    return (x @ weights).max(axis=0), None


def _maxout_upstream(rng: np.random.Generator) -> list[Call]:
    _, cache = right.maxout_forward(*_maxout(rng)[0].args)
    return [call(rng.normal(size=(4, 2)), cache)]


MAXOUT_BACKWARD = Component("maxout_backward", right.maxout_backward, _maxout_upstream)


@MAXOUT_BACKWARD.wrong(
    "gradient_to_all",
    "D23",
    "Every piece gets the gradient",
    "Only the largest piece made the output: route dout to it alone.",
    "همهٔ قطعه‌ها گرادیان گرفته‌اند",
    "فقط بزرگ‌ترین قطعه خروجی را ساخته است: dout را تنها به آن بدهید.",
)
def _gradient_to_all(dout: Array, cache: MaxoutCache) -> Array:
    routed = np.broadcast_to(dout, (len(cache.weights), *dout.shape))
    return (
        np.einsum("knm,kdm->nd", routed, cache.weights),
        np.einsum("knm,nd->kdm", routed, cache.x),
        routed.sum(axis=1),
    )


ACTIVATIONS = (SIGMOID, SIGMOID_BACKWARD, TANH_BACKWARD, MAXOUT, MAXOUT_BACKWARD)
