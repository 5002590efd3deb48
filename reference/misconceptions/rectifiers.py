"""Wrong rectifiers: ReLU, leaky ReLU, PReLU, ELU, and their derivatives."""

import numpy as np

from reference import activations as right
from reference.activations import OutputCache, PReLUCache, SlopeCache
from reference.misconceptions.catalogue import Array, Call, Component, call, output


def _moderate(rng: np.random.Generator) -> list[Call]:
    return [call(np.concatenate([3 * rng.normal(size=(4, 5)), [[-2.0, -0.5, 0.2, 0.5, 2.0]]]))]


RELU = Component("relu_forward", right.relu_forward, _moderate, output)


@RELU.wrong(
    "absolute",
    "s.157",
    "Negative inputs are made positive",
    "ReLU sets them to 0: `np.maximum(0, x)`, not `abs(x)`.",
    "ورودی‌های منفی مثبت شده‌اند",
    "ReLU آن‌ها را 0 می‌کند: `np.maximum(0, x)`، نه `abs(x)`.",
)
def _absolute(x: Array) -> Array:
    return np.abs(x), None


@RELU.wrong(
    "minimum",
    "s.157",
    "The minimum with 0 is taken",
    "ReLU keeps the positive inputs: `np.maximum(0, x)`.",
    "کمینه با 0 گرفته شده است",
    "ReLU ورودی‌های مثبت را نگه می‌دارد: `np.maximum(0, x)`.",
)
def _minimum(x: Array) -> Array:
    return np.minimum(0, x), None


@RELU.wrong(
    "step",
    "teaching",
    "The output is 0 or 1",
    "That is ReLU's derivative; ReLU itself keeps x where x > 0.",
    "خروجی 0 یا 1 است",
    "این مشتق ReLU است؛ خود ReLU برای `x > 0` همان x را می‌دهد.",
)
def _step(x: Array) -> Array:
    return (x > 0).astype(float), None


@RELU.wrong(
    "saturates",
    "s.157",
    "The output is cut off at 1",
    "ReLU does not saturate on the right: x stays x.",
    "خروجی در 1 بریده شده است",
    "ReLU در سمت راست اشباع نمی‌شود: x همان x می‌ماند.",
)
def _saturates(x: Array) -> Array:
    return np.clip(x, 0, 1), None


def _relu_upstream(rng: np.random.Generator) -> list[Call]:
    _, cache = right.relu_forward(rng.normal(size=(4, 5)))
    return [call(rng.normal(size=(4, 5)), cache)]


RELU_BACKWARD = Component("relu_backward", right.relu_backward, _relu_upstream)


@RELU_BACKWARD.wrong(
    "not_masked",
    "D32, s.170",
    "The gradient also passes where the unit was off",
    "Only where x > 0 does dout pass. `out >= 0` is true everywhere: use `out > 0`.",
    "گرادیان از واحدهای خاموش هم گذشته است",
    "dout فقط جایی می‌گذرد که `x > 0` است. `out >= 0` همه‌جا درست است: `out > 0` بگذارید.",
)
def _not_masked(dout: Array, cache: OutputCache) -> Array:
    return dout * (cache.out >= 0)


@RELU_BACKWARD.wrong(
    "masked_by_upstream",
    "teaching",
    "The mask is made from the gradient instead of the input",
    "What was negative on the way forward is blocked, whatever sign dout has.",
    "ماسک به جای ورودی از گرادیان ساخته شده است",
    "هرچه در گذر روبه‌جلو منفی بوده بسته می‌شود، علامت dout هرچه باشد.",
)
def _masked_by_upstream(dout: Array, cache: OutputCache) -> Array:
    return np.maximum(dout, 0)


@RELU_BACKWARD.wrong(
    "multiplied_by_input",
    "teaching",
    "The gradient is multiplied by the activation",
    "Where the unit is on, the local gradient is 1: `dout * (out > 0)`.",
    "گرادیان در خود فعال‌سازی ضرب شده است",
    "جایی که واحد روشن است گرادیان محلی 1 است: `dout * (out > 0)`.",
)
def _multiplied_by_input(dout: Array, cache: OutputCache) -> Array:
    return dout * cache.out


@RELU_BACKWARD.wrong(
    "mask_inverted",
    "s.170",
    "The gradient passes exactly where the unit was off",
    "It passes where x > 0 and is blocked elsewhere.",
    "گرادیان درست از واحدهای خاموش گذشته است",
    "گرادیان جایی می‌گذرد که `x > 0` است و جای دیگر بسته است.",
)
def _mask_inverted(dout: Array, cache: OutputCache) -> Array:
    return dout * (cache.out <= 0)


def _leaky(rng: np.random.Generator) -> list[Call]:
    return [call(rng.normal(size=(4, 5)), slope=slope) for slope in (0.01, 0.1, 0.3)]


LEAKY = Component("leaky_relu_forward", right.leaky_relu_forward, _leaky, output)


@LEAKY.wrong(
    "slope_fixed",
    "D31, B9, s.160",
    "The slope is always 0.1",
    "The slides write 0.1 and 0.01: use the argument `slope`.",
    "شیب همیشه 0.1 است",
    "اسلایدها 0.1 و 0.01 نوشته‌اند: آرگومان `slope` را به کار ببرید.",
)
def _slope_fixed(x: Array, *, slope: float = 0.01) -> Array:
    return np.maximum(0.1 * x, x), None


@LEAKY.wrong(
    "not_leaky",
    "D31",
    "Negative inputs are set to 0",
    "That is ReLU; the leaky one keeps `slope * x`, so that no unit dies.",
    "ورودی‌های منفی 0 شده‌اند",
    "این ReLU است؛ نوع نشتی `slope * x` را نگه می‌دارد تا واحدی نمیرد.",
)
def _not_leaky(x: Array, *, slope: float = 0.01) -> Array:
    return np.maximum(0, x), None


@LEAKY.wrong(
    "slope_on_positive_side",
    "D31",
    "The slope is applied on the positive side",
    "max(slope x, x) keeps x where x > 0; only negative inputs are scaled.",
    "شیب در سمت مثبت اعمال شده است",
    "max(slope x, x) برای `x > 0` همان x است؛ فقط ورودی منفی کوچک می‌شود.",
)
def _slope_on_positive_side(x: Array, *, slope: float = 0.01) -> Array:
    return np.minimum(slope * x, x), None


@LEAKY.wrong(
    "slope_negative",
    "D31",
    "The negative side rises to the left",
    "The slope is positive: negative inputs give small negative outputs.",
    "سمت منفی رو به چپ بالا می‌رود",
    "شیب مثبت است: ورودی منفی خروجی منفی کوچک می‌دهد.",
)
def _slope_negative(x: Array, *, slope: float = 0.01) -> Array:
    return np.where(x > 0, x, -slope * x), None


def _leaky_upstream(rng: np.random.Generator) -> list[Call]:
    _, cache = right.leaky_relu_forward(rng.normal(size=(4, 5)), slope=0.2)
    return [call(rng.normal(size=(4, 5)), cache)]


LEAKY_BACKWARD = Component("leaky_relu_backward", right.leaky_relu_backward, _leaky_upstream)


@LEAKY_BACKWARD.wrong(
    "blocked",
    "D31, D32",
    "Negative inputs get no gradient",
    "They get `slope * dout`: that is what keeps the unit alive.",
    "ورودی‌های منفی گرادیان نگرفته‌اند",
    "آن‌ها `slope * dout` می‌گیرند: همین واحد را زنده نگه می‌دارد.",
)
def _blocked(dout: Array, cache: SlopeCache) -> Array:
    return dout * (cache.slope == 1)


@LEAKY_BACKWARD.wrong(
    "slope_missing",
    "D31",
    "Negative inputs get the whole gradient",
    "They get `slope * dout`.",
    "ورودی‌های منفی همهٔ گرادیان را گرفته‌اند",
    "آن‌ها `slope * dout` می‌گیرند.",
)
def _slope_missing(dout: Array, cache: SlopeCache) -> Array:
    return dout


def _elu(rng: np.random.Generator) -> list[Call]:
    return [call(2 * rng.normal(size=(4, 5)), alpha=float(rng.uniform(1.5, 2.5)))]


ELU = Component("elu_forward", right.elu_forward, _elu, output)


@ELU.wrong(
    "alpha_ignored",
    "s.172",
    "alpha is not used",
    "For x <= 0 the output is `alpha * (exp(x) - 1)`.",
    "alpha به کار نرفته است",
    "برای `x <= 0` خروجی `alpha * (exp(x) - 1)` است.",
)
def _alpha_ignored(x: Array, *, alpha: float = 1.0) -> Array:
    return np.where(x > 0, x, np.exp(x) - 1), None


@ELU.wrong(
    "one_not_subtracted",
    "s.172",
    "1 is not subtracted from the exponential",
    "`alpha * (exp(x) - 1)` meets x at 0; without the -1 there is a jump.",
    "از نمایی 1 کم نشده است",
    "`alpha * (exp(x) - 1)` در 0 به x می‌رسد؛ بدون `-1` پرش دارد.",
)
def _one_not_subtracted(x: Array, *, alpha: float = 1.0) -> Array:
    return np.where(x > 0, x, alpha * np.exp(x)), None


@ELU.wrong(
    "alpha_in_exponent",
    "s.172",
    "alpha stands in the exponent",
    "alpha multiplies from outside: `alpha * (exp(x) - 1)`.",
    "alpha در نما آمده است",
    "alpha از بیرون ضرب می‌شود: `alpha * (exp(x) - 1)`.",
)
def _alpha_in_exponent(x: Array, *, alpha: float = 1.0) -> Array:
    return np.where(x > 0, x, np.exp(alpha * x) - 1), None


def _prelu_upstream(rng: np.random.Generator) -> list[Call]:
    _, cache = right.prelu_forward(rng.normal(size=(5, 3)), rng.uniform(0.1, 0.5, 3))
    return [call(rng.normal(size=(5, 3)), cache)]


PRELU_BACKWARD = Component("prelu_backward", right.prelu_backward, _prelu_upstream)


@PRELU_BACKWARD.wrong(
    "slope_gradient_everywhere",
    "D31",
    "Positive inputs count in the gradient of the slope",
    "The slope acts where x <= 0 only, and only there does it get a gradient.",
    "ورودی‌های مثبت هم در گرادیان شیب آمده‌اند",
    "شیب فقط برای `x <= 0` اثر دارد و فقط از آن‌جا گرادیان می‌گیرد.",
)
def _slope_gradient_everywhere(dout: Array, cache: PReLUCache) -> Array:
    return right.prelu_backward(dout, cache)._replace(slope=(dout * cache.x).sum(axis=0))


@PRELU_BACKWARD.wrong(
    "slope_gradient_averaged",
    "D8",
    "The gradient of the slope is averaged over the examples",
    "One slope serves all examples: sum; the loss has divided by N already.",
    "گرادیان شیب روی نمونه‌ها میانگین گرفته شده است",
    "یک شیب برای همهٔ نمونه‌هاست: جمع بزنید؛ هزینه پیش‌تر بر N تقسیم شده است.",
)
def _slope_gradient_averaged(dout: Array, cache: PReLUCache) -> Array:
    right_one = right.prelu_backward(dout, cache)
    return right_one._replace(slope=right_one.slope / len(dout))


RECTIFIERS = (RELU, RELU_BACKWARD, LEAKY, LEAKY_BACKWARD, ELU, PRELU_BACKWARD)
