"""Wrong numeric gradients and a wrong measure of their error."""

import numpy as np

from reference import gradients as right
from reference.gradients import Function
from reference.misconceptions.catalogue import Array, Call, Component, call

# Coarser than the default, so that what a one-sided difference loses stands far above rounding.
H = 1e-3


def _cubic(x: Array) -> Array:
    """A function of an array of any dtype, whose derivatives differ from input to input."""
    return np.sum(x**3 + 2 * x * np.roll(x, 1))


def _curve(x: Array) -> Array:
    return np.concatenate([np.sin(x).ravel(), (x**2).ravel()])


def _functions(rng: np.random.Generator) -> list[Call]:
    x = rng.uniform(1, 2, (2, 3))
    return [
        call(_cubic, x, h=H),
        call(_cubic, rng.integers(1, 9, (2, 3)), h=H),
        call(_curve, x, h=H, upstream=rng.normal(size=12)),
    ]


CENTRAL = Component("central_difference", right.central_difference, _functions)


def _quotients(
    f: Function, x: Array, upstream: Array | None, left: float, right: float, width: float
) -> Array:
    """Return (f(x + right e_j) - f(x + left e_j)) / width for each input j."""
    point = np.array(x, float)
    gradient = np.zeros_like(point)
    for j in np.ndindex(point.shape):
        step = np.zeros_like(point)
        step[j] = 1
        change = np.asarray(f(point + right * step)) - np.asarray(f(point + left * step))
        gradient[j] = np.sum(change if upstream is None else upstream * change) / width
    return gradient


@CENTRAL.wrong(
    "one_sided",
    "D20, s.74",
    "The difference is one-sided",
    "`(f(x + h) - f(x - h)) / (2 * h)` is exact to h^2, the one-sided quotient only to h.",
    "تفاضل یک‌طرفه است",
    "خطای `(f(x + h) - f(x - h)) / (2 * h)` از مرتبهٔ `h^2` و خطای تفاضل یک‌طرفه از مرتبهٔ h است.",
)
def _one_sided(f: Function, x: Array, *, h: float = 1e-5, upstream: Array | None = None) -> Array:
    return _quotients(f, x, upstream, 0, h, h)


@CENTRAL.wrong(
    "divided_by_h",
    "D20",
    "The central difference is divided by h instead of 2h",
    "From x - h to x + h the distance is `2 * h`.",
    "تفاضل مرکزی به جای 2h بر h تقسیم شده است",
    "از `x - h` تا `x + h` فاصله `2 * h` است.",
)
def _divided_by_h(
    f: Function, x: Array, *, h: float = 1e-5, upstream: Array | None = None
) -> Array:
    return _quotients(f, x, upstream, -h, h, h)


@CENTRAL.wrong(
    "half_one_sided",
    "D20",
    "A one-sided difference is divided by 2h",
    "Divide by 2h only if you also evaluate at x - h.",
    "تفاضل یک‌طرفه بر 2h تقسیم شده است",
    "فقط وقتی بر 2h تقسیم کنید که تابع را در `x - h` هم حساب کرده باشید.",
)
def _half_one_sided(
    f: Function, x: Array, *, h: float = 1e-5, upstream: Array | None = None
) -> Array:
    return _quotients(f, x, upstream, 0, h, 2 * h)


@CENTRAL.wrong(
    "sign_swapped",
    "D20",
    "The difference is taken the wrong way round",
    "It is f(x + h) minus f(x - h).",
    "تفاضل وارونه گرفته شده است",
    "باید `f(x + h)` منهای `f(x - h)` باشد.",
)
def _sign_swapped(
    f: Function, x: Array, *, h: float = 1e-5, upstream: Array | None = None
) -> Array:
    return _quotients(f, x, upstream, h, -h, 2 * h)


@CENTRAL.wrong(
    "x_not_restored",
    "D20, s.80",
    "x is not put back after each input",
    "Store the old value and write it back, or the next quotient is taken at another point.",
    "x پس از هر ورودی به مقدار پیشین برنگشته است",
    "مقدار پیشین را نگه دارید و برگردانید، وگرنه تفاضل بعدی در نقطهٔ دیگری است.",
)
def _x_not_restored(
    f: Function, x: Array, *, h: float = 1e-5, upstream: Array | None = None
) -> Array:
    point = np.array(x, float)
    gradient = np.zeros_like(point)
    for j in np.ndindex(point.shape):
        point[j] += h
        after = np.array(f(point))
        point[j] -= 2 * h
        change = after - np.array(f(point))
        gradient[j] = np.sum(change if upstream is None else upstream * change) / (2 * h)
    return gradient


@CENTRAL.wrong(
    "all_inputs_at_once",
    "s.74",
    "h is added to all inputs at once",
    "A partial derivative moves one input and holds the others.",
    "h هم‌زمان به همهٔ ورودی‌ها افزوده شده است",
    "مشتق جزئی یک ورودی را تغییر می‌دهد و بقیه را ثابت نگه می‌دارد.",
)
def _all_inputs_at_once(
    f: Function, x: Array, *, h: float = 1e-5, upstream: Array | None = None
) -> Array:
    point = np.array(x, float)
    change = np.asarray(f(point + h)) - np.asarray(f(point - h))
    slope = np.sum(change if upstream is None else upstream * change) / (2 * h)
    return np.full(point.shape, slope)


@CENTRAL.wrong(
    "float32",
    "D20, B20, s.80",
    "The quotient is computed in float32",
    "Two nearly equal numbers lose their digits when subtracted: check in float64.",
    "تفاضل با دقت float32 حساب شده است",
    "تفریق دو عدد نزدیک رقم‌ها را از میان می‌برد: با float64 بیازمایید.",
)
def _float32(f: Function, x: Array, *, h: float = 1e-5, upstream: Array | None = None) -> Array:
    return _quotients(
        lambda point: np.asarray(f(point.astype(np.float32)), np.float32),
        x,
        upstream,
        -h,
        h,
        2 * h,
    )


@CENTRAL.wrong(
    "integers_kept",
    "D20, B20, s.80",
    "An integer array is not converted, so h is cut off",
    "In an integer array x + h is x again: start with `x.astype(np.float64)`.",
    "آرایهٔ صحیح تبدیل نشده و h از میان رفته است",
    "در آرایهٔ صحیح `x + h` همان x است: با `x.astype(np.float64)` آغاز کنید.",
)
def _integers_kept(
    f: Function, x: Array, *, h: float = 1e-5, upstream: Array | None = None
) -> Array:
    dtype = np.asarray(x).dtype
    return _quotients(lambda point: f(point.astype(dtype)), x, upstream, -h, h, 2 * h)


@CENTRAL.wrong(
    "h_too_small",
    "D20",
    "The step is far too small",
    "At h = 1e-13 rounding is all that is left; 1e-5 is right for float64.",
    "گام بسیار کوچک است",
    "در `h = 1e-13` فقط خطای گردکردن می‌ماند؛ برای float64 مقدار `1e-5` مناسب است.",
)
def _h_too_small(f: Function, x: Array, *, h: float = 1e-5, upstream: Array | None = None) -> Array:
    return _quotients(f, x, upstream, -1e-13, 1e-13, 2e-13)


@CENTRAL.wrong(
    "upstream_ignored",
    "D20",
    "The upstream gradient is not used",
    "Of an array-valued f the check is on `sum(upstream * f(x))`; all ones hide mistakes.",
    "گرادیان بالادست به کار نرفته است",
    "برای f آرایه‌ای وارسی روی `sum(upstream * f(x))` است؛ یک‌ها اشتباه‌ها را می‌پوشانند.",
)
def _upstream_ignored(
    f: Function, x: Array, *, h: float = 1e-5, upstream: Array | None = None
) -> Array:
    return _quotients(f, x, None, -h, h, 2 * h)


def _estimates(rng: np.random.Generator) -> list[Call]:
    first = rng.normal(size=(3, 4)) * 3
    second = first * (1 + rng.uniform(-0.1, 0.1, (3, 4)))
    # Two zeros, which need the floor...
    first[0, 0] = second[0, 0] = 0
    # ...an entry that is far too large, and one of the wrong sign.
    first[1, 1], second[1, 1] = 1.0, 1.5
    opposed = second.copy()
    opposed[2, 2] *= -1
    return [call(first, second), call(first, opposed)]


ERROR = Component("relative_error", right.relative_error, _estimates)


@ERROR.wrong(
    "absolute",
    "D20",
    "The error is absolute",
    "1e-3 is much for a gradient of 1e-3 and little for 1e3: divide by |a| + |b|.",
    "خطا مطلق است",
    "خطای `1e-3` برای گرادیان `1e-3` بزرگ و برای 1e3 کوچک است: بر `|a| + |b|` تقسیم کنید.",
)
def _absolute(first: Array, second: Array, *, floor: float = 1e-8) -> Array:
    return np.max(np.abs(first - second))


@ERROR.wrong(
    "signed",
    "teaching",
    "The difference has no absolute value",
    "A gradient that is too large must count as much as one that is too small.",
    "تفاضل قدر مطلق ندارد",
    "گرادیانی که زیادی بزرگ است باید به اندازهٔ گرادیان زیادی کوچک به حساب آید.",
)
def _signed(first: Array, second: Array, *, floor: float = 1e-8) -> Array:
    return np.max((first - second) / np.maximum(floor, np.abs(first) + np.abs(second)))


@ERROR.wrong(
    "mean_for_max",
    "teaching",
    "The errors are averaged",
    "One wrong entry among many right ones must show: take the largest.",
    "از خطاها میانگین گرفته شده است",
    "یک درایهٔ نادرست میان درایه‌های درست باید دیده شود: بیشینه را بگیرید.",
)
def _mean_for_max(first: Array, second: Array, *, floor: float = 1e-8) -> Array:
    return np.mean(np.abs(first - second) / np.maximum(floor, np.abs(first) + np.abs(second)))


@ERROR.wrong(
    "floor_missing",
    "teaching",
    "Two zeros give 0/0",
    "Keep the denominator above 0: `np.maximum(floor, abs(a) + abs(b))`.",
    "دو صفر به `0/0` می‌رسند",
    "مخرج را بالاتر از 0 نگه دارید: `np.maximum(floor, abs(a) + abs(b))`.",
)
def _floor_missing(first: Array, second: Array, *, floor: float = 1e-8) -> Array:
    return np.max(np.abs(first - second) / (np.abs(first) + np.abs(second)))


@ERROR.wrong(
    "denominator_without_abs",
    "teaching",
    "The denominator is |a + b| instead of |a| + |b|",
    "Where the signs differ, a + b is near 0 and the quotient means nothing.",
    "مخرج به جای `|a| + |b|` برابر `|a + b|` است",
    "وقتی علامت‌ها فرق کنند `a + b` نزدیک 0 است و اندازه از دست می‌رود.",
)
def _denominator_without_abs(first: Array, second: Array, *, floor: float = 1e-8) -> Array:
    return np.max(np.abs(first - second) / np.maximum(floor, np.abs(first + second)))


@ERROR.wrong(
    "divided_by_first",
    "teaching",
    "The error is divided by one of the two only",
    "Both count alike: divide by |a| + |b|, so that the error is at most 1.",
    "خطا فقط بر یکی از دو مقدار تقسیم شده است",
    "هر دو هم‌ارزند: بر `|a| + |b|` تقسیم کنید تا خطا بیشتر از 1 نشود.",
)
def _divided_by_first(first: Array, second: Array, *, floor: float = 1e-8) -> Array:
    return np.max(np.abs(first - second) / np.maximum(floor, np.abs(first)))


GRADIENTS = (CENTRAL, ERROR)
