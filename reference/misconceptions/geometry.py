"""Wrong output sizes, paddings, receptive fields and numbers of parameters."""

import math
from collections.abc import Iterable

import numpy as np

from reference.layers import geometry as right
from reference.layers.geometry import ReceptiveField, Rounding, Window
from reference.misconceptions.catalogue import Array, Call, Component, call


def _axes(rng: np.random.Generator) -> list[Call]:
    kernel, places = 2 * int(rng.integers(1, 4)) + 1, int(rng.integers(4, 9))
    size = 3 * (places - 1) + kernel
    return [
        call(size, kernel, stride=3),
        call(size - 2, kernel, stride=3, padding=1),
        call(size + 20, kernel, dilation=2),
        # A fraction is left: the right answer refuses it.
        call(size + 1, kernel, stride=3),
    ]


SIZE = Component("output_size", right.output_size, _axes)


@SIZE.wrong(
    "one_missing",
    "s.290",
    "The + 1 is missing",
    "(W - F + 2P) / S counts the moves; there is one place more than moves.",
    "جملهٔ `+ 1` نیامده است",
    "`(W - F + 2P) / S` شمار حرکت‌هاست؛ نقطه‌ها یکی بیشترند.",
)
def _one_missing(
    size: int,
    kernel: int,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    rounding: Rounding = "exact",
) -> Array:
    window = Window(kernel, stride, padding, dilation)
    return window.output_size(size, rounding=rounding) - 1


@SIZE.wrong(
    "padding_once",
    "D58, s.298",
    "The padding is counted once",
    "P zeros stand on each side: (W - F + 2P) / S + 1.",
    "پدینگ یک بار شمرده شده است",
    "در هر سو P صفر هست: `(W - F + 2P) / S + 1`.",
)
def _padding_once(
    size: int,
    kernel: int,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    rounding: Rounding = "exact",
) -> Array:
    return Window(kernel, stride, 0, dilation).output_size(size + padding, rounding=rounding)


@SIZE.wrong(
    "stride_ignored",
    "D61, s.290",
    "The stride is not used",
    "Divide by S: (W - F + 2P) / S + 1.",
    "گام به کار نرفته است",
    "بر S تقسیم کنید: `(W - F + 2P) / S + 1`.",
)
def _stride_ignored(
    size: int,
    kernel: int,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    rounding: Rounding = "exact",
) -> Array:
    return Window(kernel, 1, padding, dilation).output_size(size, rounding=rounding)


@SIZE.wrong(
    "dilation_ignored",
    "teaching",
    "The gaps of the kernel are not counted",
    "With dilation D the kernel covers D (F - 1) + 1 pixels.",
    "فاصله‌های هسته به حساب نیامده‌اند",
    "با اتساع D هسته `D (F - 1) + 1` پیکسل را می‌پوشاند.",
)
def _dilation_ignored(
    size: int,
    kernel: int,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    rounding: Rounding = "exact",
) -> Array:
    return Window(kernel, stride, padding).output_size(size, rounding=rounding)


@SIZE.wrong(
    "fraction_rounded",
    "D58, B52, s.297",
    "A fraction is rounded down in silence",
    "Where (W - F + 2P) is no multiple of S the filter does not fit: refuse it.",
    "کسر بی‌صدا رو به پایین گرد شده است",
    "وقتی `(W - F + 2P)` مضرب S نیست فیلتر جا نمی‌شود: آن را نپذیرید.",
)
def _fraction_rounded(
    size: int,
    kernel: int,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    rounding: Rounding = "exact",
) -> Array:
    return Window(kernel, stride, padding, dilation).output_size(size, rounding="floor")


def _kernels(rng: np.random.Generator) -> list[Call]:
    kernel = 2 * int(rng.integers(1, 6)) + 1
    return [call(kernel), call(kernel, dilation=2), call(kernel + 1)]


SAME = Component("same_padding", right.same_padding, _kernels)


@SAME.wrong(
    "total",
    "D58, B31",
    "The total of both sides is returned",
    "F - 1 is the total; each side gets (F - 1) / 2.",
    "جمع دو سو برگردانده شده است",
    "`F - 1` جمع دو سو است؛ هر سو `(F - 1) / 2` می‌گیرد.",
)
def _total(kernel: int, *, dilation: int = 1) -> Array:
    return 2 * right.same_padding(kernel, dilation=dilation)


@SAME.wrong(
    "even_kernel_accepted",
    "B31",
    "An even kernel is accepted",
    "(F - 1) / 2 is no whole number then: the two sides would differ. Refuse it.",
    "هستهٔ زوج پذیرفته شده است",
    "آن‌گاه `(F - 1) / 2` عدد صحیح نیست و دو سو فرق می‌کنند: نپذیرید.",
)
def _even_kernel_accepted(kernel: int, *, dilation: int = 1) -> Array:
    return dilation * (kernel - 1) // 2


@SAME.wrong(
    "dilation_ignored",
    "teaching",
    "The gaps of the kernel are not counted",
    "With dilation D the kernel covers D (F - 1) + 1 pixels.",
    "فاصله‌های هسته به حساب نیامده‌اند",
    "با اتساع D هسته `D (F - 1) + 1` پیکسل را می‌پوشاند.",
)
def _same_dilation_ignored(kernel: int, *, dilation: int = 1) -> Array:
    return right.same_padding(kernel)


def _stacks(rng: np.random.Generator) -> list[Call]:
    sizes = [int(kernel) for kernel in rng.permutation([3, 5, 7])]
    strided = [Window(kernel, stride=2, padding=kernel // 2) for kernel in sizes]
    return [call([Window(3), Window(3), Window(3)]), call(strided)]


FIELDS = Component("receptive_fields", right.receptive_fields, _stacks)


@FIELDS.wrong(
    "kernels_added",
    "D69, s.305",
    "The kernel sizes are added up",
    "Each layer adds F - 1 pixels, not F: three 3x3 layers see 7x7, not 9x9.",
    "اندازهٔ هسته‌ها جمع شده است",
    "هر لایه `F - 1` پیکسل می‌افزاید، نه F: سه لایهٔ 3x3 ناحیهٔ 7x7 را می‌بینند، نه 9x9.",
)
def _kernels_added(layers: Iterable[Window]) -> Array:
    stack = list(layers)
    totals = np.cumsum([layer.extent for layer in stack])
    fields = right.receptive_fields(stack)
    return [
        ReceptiveField(int(n), field.jump, field.start)
        for n, field in zip(totals, fields, strict=True)
    ]


@FIELDS.wrong(
    "last_kernel",
    "D69",
    "Only the last layer's kernel is seen",
    "A unit sees through all layers below it: 3, 5, 7 for three 3x3 layers.",
    "فقط هستهٔ لایهٔ آخر دیده شده است",
    "هر واحد از میان همهٔ لایه‌های پایین‌تر می‌بیند: 3، 5، 7 برای سه لایهٔ 3x3.",
)
def _last_kernel(layers: Iterable[Window]) -> Array:
    stack = list(layers)
    fields = right.receptive_fields(stack)
    return [
        ReceptiveField(layer.extent, field.jump, field.start)
        for layer, field in zip(stack, fields, strict=True)
    ]


@FIELDS.wrong(
    "strides_ignored",
    "D69",
    "The strides below are left out",
    "Behind a stride of 2 neighbouring units are 2 pixels apart: multiply by the jump.",
    "گام‌های لایه‌های پایین‌تر نیامده‌اند",
    "پس از گام 2 واحدهای همسایه 2 پیکسل فاصله دارند: در پرش ضرب کنید.",
)
def _strides_ignored(layers: Iterable[Window]) -> Array:
    return right.receptive_fields(
        [Window(layer.kernel, 1, layer.padding, layer.dilation) for layer in layers]
    )


@FIELDS.wrong(
    "jump_too_early",
    "teaching",
    "A layer's own stride already widens its field",
    "The stride of a layer spreads the units of the next one: multiply the jump afterwards.",
    "گام خود لایه میدان دیدش را بزرگ کرده است",
    "گام هر لایه واحدهای لایهٔ بعد را از هم دور می‌کند: پرش را پس از آن ضرب کنید.",
)
def _jump_too_early(layers: Iterable[Window]) -> Array:
    fields, size, jump, start = [], 1, 1, 0
    for layer in layers:
        jump *= layer.stride
        size += (layer.extent - 1) * jump
        start -= layer.padding * jump
        fields.append(ReceptiveField(size, jump, start))
    return fields


def _convolutions(rng: np.random.Generator) -> list[Call]:
    channels, filters, kernel = (int(n) for n in rng.permutation([4, 6, 10]))
    odd = int(rng.choice([3, 5, 7]))
    return [call(channels, filters, odd), call(2 * channels, 2 * filters, kernel, groups=2)]


COUNT = Component("convolution_parameter_count", right.convolution_parameter_count, _convolutions)


@COUNT.wrong(
    "bias_forgotten",
    "D60, s.302",
    "The biases are not counted",
    "Each filter has a bias: (5*5*3 + 1) * 10 = 760.",
    "بایاس‌ها شمرده نشده‌اند",
    "هر فیلتر یک بایاس دارد: `(5*5*3 + 1) * 10 = 760`.",
)
def _bias_forgotten(
    channels: int,
    filters: int,
    kernel: int | tuple[int, int],
    *,
    groups: int = 1,
    bias: bool = True,
) -> Array:
    return right.convolution_parameter_count(channels, filters, kernel, groups=groups, bias=False)


@COUNT.wrong(
    "one_bias",
    "D60, s.302",
    "One bias is counted for all filters together",
    "Each filter has its own: add the number of filters, not 1.",
    "برای همهٔ فیلترها روی هم یک بایاس شمرده شده است",
    "هر فیلتر بایاس خود را دارد: شمار فیلترها را بیفزایید، نه 1.",
)
def _one_bias(
    channels: int,
    filters: int,
    kernel: int | tuple[int, int],
    *,
    groups: int = 1,
    bias: bool = True,
) -> Array:
    return bias + right.convolution_parameter_count(
        channels, filters, kernel, groups=groups, bias=False
    )


@COUNT.wrong(
    "depth_forgotten",
    "D55, D60",
    "The depth of the input is left out",
    "A filter is F x F x C: it has weights for every channel.",
    "عمق ورودی به حساب نیامده است",
    "فیلتر F x F x C است: برای هر کانال وزن دارد.",
)
def _depth_forgotten(
    channels: int,
    filters: int,
    kernel: int | tuple[int, int],
    *,
    groups: int = 1,
    bias: bool = True,
) -> Array:
    return right.convolution_parameter_count(1, filters, kernel, bias=bias)


@COUNT.wrong(
    "groups_multiply",
    "B37, D64",
    "Groups multiply the number of weights",
    "With G groups a filter sees C/G channels: the weights are divided by G.",
    "گروه‌ها شمار وزن‌ها را چند برابر کرده‌اند",
    "با G گروه هر فیلتر `C/G` کانال می‌بیند: وزن‌ها بر G تقسیم می‌شوند.",
)
def _groups_multiply(
    channels: int,
    filters: int,
    kernel: int | tuple[int, int],
    *,
    groups: int = 1,
    bias: bool = True,
) -> Array:
    return right.convolution_parameter_count(groups * channels, filters, kernel, bias=bias)


@COUNT.wrong(
    "filters_forgotten",
    "D56",
    "The parameters of one filter are counted",
    "K filters are K sets of weights: multiply by K.",
    "پارامترهای یک فیلتر شمرده شده است",
    "K فیلتر K دسته وزن دارد: در K ضرب کنید.",
)
def _filters_forgotten(
    channels: int,
    filters: int,
    kernel: int | tuple[int, int],
    *,
    groups: int = 1,
    bias: bool = True,
) -> Array:
    rows, columns = right.as_pair(kernel, "kernel")
    return math.prod((rows, columns, channels // groups)) + bias


GEOMETRY = (SIZE, SAME, FIELDS, COUNT)
