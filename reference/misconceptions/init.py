"""Wrong weight initializations."""

import math

import numpy as np

from reference import init as right
from reference.init import Fans, Shape
from reference.misconceptions.catalogue import Array, Call, Component, call


def _shapes(rng: np.random.Generator) -> list[Call]:
    return [call(shape, rng) for shape in ((40, 10), (8, 3, 3, 5))]


def _shapes_alone(rng: np.random.Generator) -> list[Call]:
    sizes = [int(size) for size in rng.permutation([4, 6, 8, 12])]
    return [call((sizes[0], sizes[1])), call((sizes[0], sizes[1], 3, 5))]


FANS = Component("fans", right.fans, _shapes_alone)
HE = Component("he", right.he, _shapes)
XAVIER = Component("xavier_slides", right.xavier_slides, _shapes)
XAVIER_UNIFORM = Component("xavier_uniform", right.xavier_uniform, _shapes)
SMALL = Component("small_random", right.small_random, _shapes)


@FANS.wrong(
    "swapped",
    "teaching",
    "Fan-in and fan-out are swapped",
    "Affine weights are (D, M): D inputs go in. Filters are (F, C, KH, KW): C KH KW go in.",
    "ورودی و خروجی جابه‌جا شده‌اند",
    "وزن لایهٔ خطی (D, M) است: D ورودی دارد. فیلترها (F, C, KH, KW) هستند: C KH KW ورودی.",
)
def _swapped(shape: Shape) -> Array:
    fan = right.fans(shape)
    return Fans(fan.fan_out, fan.fan_in)


@FANS.wrong(
    "kernel_area_missing",
    "teaching",
    "The area of the kernel is left out",
    "A filter sums over C * KH * KW inputs, not over C.",
    "مساحت هسته به حساب نیامده است",
    "فیلتر روی `C * KH * KW` ورودی جمع می‌زند، نه روی C.",
)
def _kernel_area_missing(shape: Shape) -> Array:
    return right.fans(shape) if len(shape) == 2 else Fans(shape[1], shape[0])


@FANS.wrong(
    "layouts_confused",
    "B15",
    "Filters are read as if they were affine weights",
    "Affine weights have the inputs first, (D, M); filters have the outputs first, (F, C, KH, KW).",
    "فیلترها مانند وزن لایهٔ خطی خوانده شده‌اند",
    "در وزن خطی ورودی‌ها اول‌اند، (D, M)؛ در فیلترها خروجی‌ها، (F, C, KH, KW).",
)
def _layouts_confused(shape: Shape) -> Array:
    area = math.prod(shape[2:])
    return Fans(shape[0] * area, shape[1] * area)


@HE.wrong(
    "xavier",
    "D33, B11, s.187",
    "The 2 for ReLU is missing",
    "ReLU zeroes half of the inputs: the variance is 2 / fan_in, not 1 / fan_in.",
    "عدد 2 برای ReLU نیامده است",
    "ReLU نیمی از ورودی‌ها را صفر می‌کند: واریانس `2 / fan_in` است، نه `1 / fan_in`.",
)
def _xavier(shape: Shape, rng: np.random.Generator) -> Array:
    return right.xavier_slides(shape, rng)


@HE.wrong(
    "two_outside_root",
    "B11, s.187",
    "The 2 stands outside the root",
    "The standard deviation is sqrt(2 / fan_in), not 2 / sqrt(fan_in).",
    "عدد 2 بیرون از جذر آمده است",
    "انحراف معیار `sqrt(2 / fan_in)` است، نه `2 / sqrt(fan_in)`.",
)
def _two_outside_root(shape: Shape, rng: np.random.Generator) -> Array:
    return 2 * right.xavier_slides(shape, rng)


@HE.wrong(
    "variance_for_std",
    "teaching",
    "The variance is used as the standard deviation",
    "`rng.normal` takes the standard deviation: sqrt(2 / fan_in).",
    "واریانس به جای انحراف معیار به کار رفته است",
    "`rng.normal` انحراف معیار می‌گیرد: `sqrt(2 / fan_in)`.",
)
def _variance_for_std(shape: Shape, rng: np.random.Generator) -> Array:
    return rng.normal(0.0, 2 / right.fans(shape).fan_in, shape)


@HE.wrong(
    "fan_out",
    "teaching",
    "fan_out is used instead of fan_in",
    "What keeps the activations' size is the number of inputs summed, fan_in.",
    "به جای fan_in مقدار fan_out به کار رفته است",
    "آنچه اندازهٔ فعال‌سازی‌ها را حفظ می‌کند شمار ورودی‌های جمع‌شده، fan_in، است.",
)
def _fan_out(shape: Shape, rng: np.random.Generator) -> Array:
    return rng.normal(0.0, math.sqrt(2 / right.fans(shape).fan_out), shape)


@HE.wrong(
    "kernel_area_missing",
    "teaching",
    "The area of the kernel is left out of fan_in",
    "A filter sums over C * KH * KW inputs.",
    "مساحت هسته در fan_in نیامده است",
    "فیلتر روی `C * KH * KW` ورودی جمع می‌زند.",
)
def _he_kernel_area_missing(shape: Shape, rng: np.random.Generator) -> Array:
    fan_in = shape[0] if len(shape) == 2 else shape[1]
    return rng.normal(0.0, math.sqrt(2 / fan_in), shape)


@HE.wrong(
    "zeros",
    "D33, s.180",
    "All weights start at 0",
    "Then all units of a layer stay equal: draw them at random.",
    "همهٔ وزن‌ها از 0 آغاز می‌کنند",
    "آن‌گاه همهٔ واحدهای لایه برابر می‌مانند: تصادفی آغاز کنید.",
)
def _zeros(shape: Shape, rng: np.random.Generator) -> Array:
    return np.zeros(shape)


@HE.wrong(
    "fixed_std",
    "D33, s.181",
    "The standard deviation is 0.01 whatever the layer's size",
    "In deep networks the signal dies out: scale with sqrt(2 / fan_in).",
    "انحراف معیار مستقل از اندازهٔ لایه 0.01 است",
    "در شبکهٔ عمیق سیگنال محو می‌شود: با `sqrt(2 / fan_in)` مقیاس کنید.",
)
def _fixed_std(shape: Shape, rng: np.random.Generator) -> Array:
    return right.small_random(shape, rng)


@XAVIER.wrong(
    "root_missing",
    "s.185",
    "It is divided by fan_in instead of its root",
    "The standard deviation is 1 / sqrt(fan_in).",
    "به جای جذر بر خود fan_in تقسیم شده است",
    "انحراف معیار `1 / sqrt(fan_in)` است.",
)
def _root_missing(shape: Shape, rng: np.random.Generator) -> Array:
    return rng.normal(size=shape) / right.fans(shape).fan_in


@XAVIER.wrong(
    "fan_out",
    "s.185",
    "fan_out is used instead of fan_in",
    "The slides divide by the root of the number of inputs, fan_in.",
    "به جای fan_in مقدار fan_out به کار رفته است",
    "اسلایدها بر جذر شمار ورودی‌ها، fan_in، تقسیم می‌کنند.",
)
def _xavier_fan_out(shape: Shape, rng: np.random.Generator) -> Array:
    return rng.normal(size=shape) / math.sqrt(right.fans(shape).fan_out)


@XAVIER.wrong(
    "uniform_0_1",
    "D33",
    "The numbers are uniform in [0, 1) and so all positive",
    "`rng.random` has mean 0.5; use `rng.normal`, whose mean is 0.",
    "عددها یکنواخت در [0, 1) و همه مثبت‌اند",
    "میانگین `rng.random` برابر 0.5 است؛ `rng.normal` با میانگین 0 را به کار ببرید.",
)
def _uniform_0_1(shape: Shape, rng: np.random.Generator) -> Array:
    return rng.random(shape) / math.sqrt(right.fans(shape).fan_in)


@XAVIER_UNIFORM.wrong(
    "limit_for_std",
    "teaching",
    "The standard deviation is used as the limit",
    "U(-a, a) has the standard deviation a / sqrt(3): a = sqrt(6 / (fan_in + fan_out)).",
    "انحراف معیار به جای کران به کار رفته است",
    "انحراف معیار `U(-a, a)` برابر `a / sqrt(3)` است: `a = sqrt(6 / (fan_in + fan_out))`.",
)
def _limit_for_std(shape: Shape, rng: np.random.Generator) -> Array:
    return right.xavier_uniform(shape, rng) / math.sqrt(3)


@XAVIER_UNIFORM.wrong(
    "unit_interval",
    "D33",
    "The weights are uniform in [-1, 1] whatever the layer's size",
    "The limit shrinks with the layer: sqrt(6 / (fan_in + fan_out)).",
    "وزن‌ها مستقل از اندازهٔ لایه یکنواخت در `[-1, 1]` هستند",
    "کران با اندازهٔ لایه کوچک می‌شود: `sqrt(6 / (fan_in + fan_out))`.",
)
def _unit_interval(shape: Shape, rng: np.random.Generator) -> Array:
    return rng.uniform(-1, 1, shape)


@XAVIER_UNIFORM.wrong(
    "one_sided",
    "teaching",
    "The weights are all positive",
    "Draw from -a to a, not from 0 to a.",
    "همهٔ وزن‌ها مثبت‌اند",
    "از `-a` تا a بکشید، نه از 0 تا a.",
)
def _one_sided(shape: Shape, rng: np.random.Generator) -> Array:
    return np.abs(right.xavier_uniform(shape, rng))


@SMALL.wrong(
    "std_missing",
    "s.181",
    "The factor std is missing",
    "Small weights are `std * N(0, 1)`.",
    "ضریب std نیامده است",
    "وزن‌های کوچک `std * N(0, 1)` هستند.",
)
def _std_missing(shape: Shape, rng: np.random.Generator, *, std: float = 0.01) -> Array:
    return rng.normal(size=shape)


@SMALL.wrong(
    "not_centred",
    "teaching",
    "The numbers are uniform in [0, 1) and so all positive",
    "`rng.random` has mean 0.5; use `rng.normal`, whose mean is 0.",
    "عددها یکنواخت در [0, 1) و همه مثبت‌اند",
    "میانگین `rng.random` برابر 0.5 است؛ `rng.normal` با میانگین 0 را به کار ببرید.",
)
def _not_centred(shape: Shape, rng: np.random.Generator, *, std: float = 0.01) -> Array:
    return std * rng.random(shape)


INITIALIZERS = (FANS, HE, XAVIER, XAVIER_UNIFORM, SMALL)
