"""Wrong gates of computational graphs."""

from typing import Any

import numpy as np

from reference import gates as right
from reference.misconceptions.catalogue import Array, Call, Component, Probe, call


def _run(gate: Any, made: Call) -> Any:
    """Run two gates of one kind at a time, as a graph does; each must remember its own inputs."""
    (first, second, dz), constants = made.args, made.kwargs
    one, other = gate(**constants), gate(**constants)
    z = one.forward(*first)
    other.forward(*second)
    return z, one.backward(dz)


def _inputs(count: int, **constants: float) -> Probe:
    def probe(rng: np.random.Generator) -> list[Call]:
        first, second = rng.uniform(0.3, 2, (2, count, 3, 2))
        first *= rng.permuted(np.array([-1, -1, 1, 1, 1, 1] * count)).reshape(first.shape)
        return [call(tuple(first), tuple(second), rng.uniform(1, 2, (3, 2)), **constants)]

    return probe


def _with_ties(rng: np.random.Generator) -> list[Call]:
    x, y = rng.normal(size=(2, 3, 2))
    x[0] = y[0]
    return [call((x, y), (y, x), rng.uniform(1, 2, (3, 2)))]


def _with_a_row(rng: np.random.Generator) -> list[Call]:
    x, y, dz = rng.normal(size=(3, 3, 2))
    return [call((x, y[:1]), (y, x[:1]), dz), call((x, y), (y, x), dz)]


def _positive(rng: np.random.Generator) -> list[Call]:
    x, other, dz = rng.uniform(0.3, 2, (3, 3, 2))
    return [call((x,), (other,), dz)]


def _matrices(rng: np.random.Generator) -> list[Call]:
    x, w, dz = rng.normal(size=(3, 3, 3))
    return [call((x, w), (w, x), dz)]


ADD = Component("Add", right.Add, _with_a_row, _run)
MULTIPLY = Component("Multiply", right.Multiply, _inputs(2), _run)
MAXIMUM = Component("Maximum", right.Maximum, _with_ties, _run)
EXP = Component("Exp", right.Exp, _inputs(1), _run)
LOG = Component("Log", right.Log, _positive, _run)
RECIPROCAL = Component("Reciprocal", right.Reciprocal, _inputs(1), _run)
SCALE = Component("Scale", right.Scale, _inputs(1, a=-3.0), _run)
SHIFT = Component("Shift", right.Shift, _inputs(1, c=-3.0), _run)
SQUARE = Component("Square", right.Square, _inputs(1), _run)
SIGMOID = Component("Sigmoid", right.Sigmoid, _inputs(1), _run)
MATRIX = Component("MatrixMultiply", right.MatrixMultiply, _matrices, _run)


@ADD.wrong(
    "halved",
    "s.121",
    "The gradient is split between the inputs",
    "An add gate hands the whole of dz to each of its inputs: dx = dz, dy = dz.",
    "گرادیان میان ورودی‌ها تقسیم شده است",
    "گیت جمع همهٔ dz را به هر دو ورودی می‌دهد: `dx = dz`، `dy = dz`.",
)
class _Halved(right.Add):
    def backward(self, dz: Array) -> Any:
        return super().backward(dz / 2)


@ADD.wrong(
    "upstream_missing",
    "s.109",
    "The upstream gradient is left out",
    "The local gradient 1 is multiplied by dz.",
    "گرادیان بالادست نیامده است",
    "گرادیان محلی 1 در dz ضرب می‌شود.",
)
class _UpstreamMissing(right.Add):
    def backward(self, dz: Array) -> Any:
        return super().backward(np.ones_like(dz))


@ADD.wrong(
    "broadcast_not_summed",
    "teaching",
    "The gradient of a broadcast input is not summed",
    "A bias is repeated for every example: its gradient is the sum over the examples.",
    "گرادیان ورودی پخش‌شده جمع زده نشده است",
    "بایاس برای هر نمونه تکرار می‌شود: گرادیان آن جمع روی نمونه‌هاست.",
)
class _BroadcastNotSummed(right.Add):
    def backward(self, dz: Array) -> Any:
        return dz, dz


@MULTIPLY.wrong(
    "not_swapped",
    "D22, s.126",
    "Each input gets itself instead of the other",
    "A multiply gate swaps: dx = y dz, dy = x dz.",
    "هر ورودی به جای دیگری خودش را گرفته است",
    "گیت ضرب جابه‌جا می‌کند: `dx = y dz`، `dy = x dz`.",
)
class _NotSwapped(right.Multiply):
    def backward(self, dz: Array) -> Any:
        return self.x * dz, self.y * dz


@MULTIPLY.wrong(
    "upstream_missing",
    "D22, s.126",
    "The upstream gradient is left out",
    "The local gradients y and x are multiplied by dz.",
    "گرادیان بالادست نیامده است",
    "گرادیان‌های محلی y و x در dz ضرب می‌شوند.",
)
class _MultiplyUpstreamMissing(right.Multiply):
    def backward(self, dz: Array) -> Any:
        return self.y, self.x


@MULTIPLY.wrong(
    "distributes",
    "s.121",
    "The gradient is handed on unchanged",
    "That is the add gate; here dx = y dz and dy = x dz.",
    "گرادیان بی‌تغییر گذر داده شده است",
    "این گیت جمع است؛ این‌جا `dx = y dz` و `dy = x dz`.",
)
class _Distributes(right.Multiply):
    def backward(self, dz: Array) -> Any:
        return dz, dz


@MULTIPLY.wrong(
    "cache_shared",
    "D22, s.126",
    "All multiply gates share one memory",
    "Store the inputs on the object (`self.x`), not on the class: each gate needs its own.",
    "همهٔ گیت‌های ضرب یک حافظهٔ مشترک دارند",
    "ورودی‌ها را در شیء (`self.x`) نگه دارید، نه در کلاس: هر گیت حافظهٔ خود را می‌خواهد.",
)
class _CacheShared(right.Multiply):
    inputs: Any = None

    def forward(self, x: Array, y: Array) -> Any:
        _CacheShared.inputs = x, y
        return x * y

    def backward(self, dz: Array) -> Any:
        x, y = _CacheShared.inputs
        return y * dz, x * dz


@MAXIMUM.wrong(
    "gradient_to_all",
    "D23, s.121",
    "Both inputs get the gradient",
    "A max gate routes dz to the larger input; the other gets 0.",
    "هر دو ورودی گرادیان گرفته‌اند",
    "گیت بیشینه dz را به ورودی بزرگ‌تر می‌دهد؛ دیگری 0 می‌گیرد.",
)
class _GradientToAll(right.Maximum):
    def backward(self, dz: Array) -> Any:
        return dz, dz


@MAXIMUM.wrong(
    "gradient_to_smaller",
    "D23, s.121",
    "The smaller input gets the gradient",
    "Only the larger input moved the output: it gets dz.",
    "ورودی کوچک‌تر گرادیان گرفته است",
    "فقط ورودی بزرگ‌تر خروجی را ساخته است: dz از آنِ اوست.",
)
class _GradientToSmaller(right.Maximum):
    def backward(self, dz: Array) -> Any:
        return dz * ~self.x_wins, dz * self.x_wins


@MAXIMUM.wrong(
    "tie_to_both",
    "D71",
    "Equal inputs both get the whole gradient",
    "At a tie exactly one input gets dz, here the first.",
    "ورودی‌های برابر هر دو همهٔ گرادیان را گرفته‌اند",
    "در تساوی فقط یک ورودی dz می‌گیرد، این‌جا نخستین.",
)
class _TieToBoth(right.Maximum):
    def forward(self, x: Array, y: Array) -> Any:
        self.y_wins = y >= x
        return super().forward(x, y)

    def backward(self, dz: Array) -> Any:
        return dz * self.x_wins, dz * self.y_wins


@EXP.wrong(
    "power_rule",
    "s.110",
    "exp is differentiated as if it were a power",
    "The derivative of e^x is e^x, the output itself.",
    "از exp مانند توان مشتق گرفته شده است",
    "مشتق `e^x` همان `e^x` است، خود خروجی.",
)
class _PowerRule(right.Exp):
    def forward(self, x: Array) -> Any:
        self.x = x
        return super().forward(x)

    def backward(self, dz: Array) -> Any:
        return (self.x * self.z / np.e * dz,)


@EXP.wrong(
    "exp_of_output",
    "teaching",
    "The exponential is taken of the output again",
    "The output is e^x already: dx = z dz.",
    "از خروجی دوباره نمایی گرفته شده است",
    "خروجی خودش `e^x` است: `dx = z dz`.",
)
class _ExpOfOutput(right.Exp):
    def backward(self, dz: Array) -> Any:
        return (np.exp(self.z) * dz,)


@LOG.wrong(
    "derivative_is_log",
    "teaching",
    "The logarithm is taken as its own derivative",
    "The derivative of ln x is 1 / x; only exp is its own derivative.",
    "خود لگاریتم به جای مشتقش آمده است",
    "مشتق ln x برابر `1 / x` است؛ فقط exp مشتق خودش است.",
)
class _DerivativeIsLog(right.Log):
    def backward(self, dz: Array) -> Any:
        return (np.log(self.x) * dz,)


@LOG.wrong(
    "log10",
    "D16",
    "The logarithm has base 10",
    "Use the natural logarithm `np.log`; its derivative is 1 / x.",
    "لگاریتم در پایهٔ 10 است",
    "لگاریتم طبیعی `np.log` را به کار ببرید؛ مشتق آن `1 / x` است.",
)
class _Log10(right.Log):
    def forward(self, x: Array) -> Any:
        return super().forward(x) / np.log(10)


@RECIPROCAL.wrong(
    "minus_missing",
    "s.111",
    "The minus of -1/x^2 is missing",
    "1/x falls where x grows: dx = -dz / x^2.",
    "علامت منفیِ `-1/x^2` نیامده است",
    "با بزرگ شدن x مقدار `1/x` کم می‌شود: `dx = -dz / x^2`.",
)
class _MinusMissing(right.Reciprocal):
    def backward(self, dz: Array) -> Any:
        return (self.z**2 * dz,)


@RECIPROCAL.wrong(
    "square_missing",
    "s.111",
    "The square of -1/x^2 is missing",
    "The derivative of 1/x is -1/x^2, in terms of the output -z^2.",
    "توان دومِ `-1/x^2` نیامده است",
    "مشتق `1/x` برابر `-1/x^2` است، بر حسب خروجی `-z^2`.",
)
class _SquareMissing(right.Reciprocal):
    def backward(self, dz: Array) -> Any:
        return (-self.z * dz,)


@RECIPROCAL.wrong(
    "input_for_output",
    "s.111",
    "The square of x multiplies instead of dividing",
    "dx = -dz / x^2: if you store the output z = 1/x it is -z^2 dz, with x you must divide.",
    "توان دوم x به جای تقسیم ضرب شده است",
    "`dx = -dz / x^2`: با خروجی `z = 1/x` می‌شود `-z^2 dz`، ولی با x باید تقسیم کرد.",
)
class _InputForOutput(right.Reciprocal):
    def backward(self, dz: Array) -> Any:
        return (-dz / self.z**2,)


@SCALE.wrong(
    "constant_missing",
    "s.115",
    "The constant is missing from the gradient",
    "z = a x has the local gradient a.",
    "ضریب ثابت در گرادیان نیامده است",
    "گرادیان محلی `z = a x` برابر a است.",
)
class _ConstantMissing(right.Scale):
    def backward(self, dz: Array) -> Any:
        return (dz,)


@SHIFT.wrong(
    "constant_multiplied",
    "s.115",
    "The gradient is multiplied by the added constant",
    "z = x + c has the local gradient 1, whatever c is.",
    "گرادیان در ثابتِ جمع‌شده ضرب شده است",
    "گرادیان محلی `z = x + c` برابر 1 است، c هرچه باشد.",
)
class _ConstantMultiplied(right.Shift):
    def backward(self, dz: Array) -> Any:
        return (self.c * dz,)


@SQUARE.wrong(
    "factor_two_missing",
    "D10",
    "The factor 2 is missing",
    "The derivative of x^2 is 2 x.",
    "ضریب ۲ نیامده است",
    "مشتق `x^2` برابر 2 x است.",
)
class _FactorTwoMissing(right.Square):
    def backward(self, dz: Array) -> Any:
        return (self.x * dz,)


@SIGMOID.wrong(
    "derivative_of_output",
    "D30, s.119",
    "The sigmoid is applied to its own output before differentiating",
    "z is the sigmoid already: dx = z (1 - z) dz.",
    "پیش از مشتق، سیگموید دوباره بر خروجی اعمال شده است",
    "خود z سیگموید است: `dx = z (1 - z) dz`.",
)
class _DerivativeOfOutput(right.Sigmoid):
    def backward(self, dz: Array) -> Any:
        again = 1 / (1 + np.exp(-self.z))
        return (again * (1 - again) * dz,)


@SIGMOID.wrong(
    "from_input",
    "D30, s.119",
    "x (1 - x) is computed from the input",
    "The formula z (1 - z) is in terms of the output z.",
    "`x (1 - x)` از ورودی حساب شده است",
    "در فرمول `z (1 - z)` مقدار z خروجی است.",
)
class _FromInput(right.Sigmoid):
    def forward(self, x: Array) -> Any:
        self.x = x
        return super().forward(x)

    def backward(self, dz: Array) -> Any:
        return (self.x * (1 - self.x) * dz,)


@MATRIX.wrong(
    "not_transposed",
    "s.128",
    "The other factor is not transposed",
    "dx = dz @ w.T and dw = x.T @ dz: the shapes tell which.",
    "عامل دیگر ترانهاده نشده است",
    "`dx = dz @ w.T` و `dw = x.T @ dz`: شکل‌ها راهنما هستند.",
)
class _NotTransposed(right.MatrixMultiply):
    def backward(self, dz: Array) -> Any:
        return dz @ self.w, self.x @ dz


@MATRIX.wrong(
    "order_swapped",
    "s.128",
    "The factors stand in the wrong order",
    "dx = dz @ w.T, not w.T @ dz: a matrix product does not commute.",
    "ترتیب عامل‌ها جابه‌جا شده است",
    "`dx = dz @ w.T` است، نه `w.T @ dz`: ضرب ماتریسی جابه‌جایی نیست.",
)
class _OrderSwapped(right.MatrixMultiply):
    def backward(self, dz: Array) -> Any:
        return self.w.T @ dz, dz @ self.x.T


GATES = (ADD, MULTIPLY, MAXIMUM, EXP, LOG, RECIPROCAL, SCALE, SHIFT, SQUARE, SIGMOID, MATRIX)
