"""Wrong convolution layers, forward and backward."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from reference.layers import conv2d_backward, conv2d_forward
from reference.layers.convolution import ConvCache
from reference.layers.geometry import ConvRounding
from reference.misconceptions.catalogue import Array, Call, Component, call, output


def _images(rng: np.random.Generator) -> list[Call]:
    x, bias = rng.normal(size=(2, 4, 6, 6)), rng.uniform(1, 2, 4)
    full, grouped = rng.normal(size=(4, 4, 3, 3)), rng.normal(size=(4, 2, 2, 2))
    return [
        call(x, full, bias, padding=2),
        call(x, grouped, bias, stride=2, groups=2),
        call(x, full, bias, dilation=2),
    ]


FORWARD = Component("conv2d_forward", conv2d_forward, _images, output)

Settings = dict[str, Any]
Convolve = Callable[[Array, Array, Array, Settings], Array]


def _enter(
    mistake: str, source: str, name: str, hint: str, name_fa: str, hint_fa: str
) -> Callable[[Convolve], Convolve]:
    """Enter a wrong convolution of x, weight, bias and settings with the layer's signature."""

    def enter(convolve: Convolve) -> Convolve:
        def wrong(
            x: Array,
            weight: Array,
            bias: Array | None = None,
            *,
            stride: int | tuple[int, int] = 1,
            padding: int | tuple[int, int] = 0,
            dilation: int | tuple[int, int] = 1,
            groups: int = 1,
            rounding: ConvRounding = "exact",
        ) -> Array:
            settings = {"stride": stride, "padding": padding, "dilation": dilation}
            return convolve(x, weight, bias, {**settings, "groups": groups, "rounding": rounding})

        FORWARD.wrong(mistake, source, name, hint, name_fa, hint_fa)(wrong)
        return convolve

    return enter


@_enter(
    "flipped",
    "D57, B16, s.281",
    "The filters are flipped",
    "A convolution layer correlates: the filter lies on the patch as it is, without a turn.",
    "فیلترها وارونه شده‌اند",
    "لایهٔ کانولوشن همبستگی می‌گیرد: فیلتر بدون چرخش روی تکه می‌نشیند.",
)
def _flipped(x: Array, weight: Array, bias: Array, settings: Settings) -> Array:
    return conv2d_forward(x, weight[:, :, ::-1, ::-1], bias, **settings)


@_enter(
    "kernel_transposed",
    "B49",
    "Rows and columns of the filters are swapped",
    "Row i of the filter lies on row i of the patch.",
    "سطر و ستون فیلترها جابه‌جا شده‌اند",
    "سطر i فیلتر روی سطر i تکه می‌نشیند.",
)
def _kernel_transposed(x: Array, weight: Array, bias: Array, settings: Settings) -> Array:
    return conv2d_forward(x, weight.swapaxes(2, 3), bias, **settings)


@_enter(
    "bias_missing",
    "D60, s.302",
    "The bias is not added",
    "Every filter adds its own bias to each place of its map.",
    "بایاس افزوده نشده است",
    "هر فیلتر بایاس خود را به همهٔ نقطه‌های نقشه‌اش می‌افزاید.",
)
def _bias_missing(x: Array, weight: Array, bias: Array, settings: Settings) -> Array:
    return conv2d_forward(x, weight, **settings)


@_enter(
    "bias_for_each_channel",
    "D60, s.302",
    "The bias is added once for each input channel",
    "A filter has one bias, added once after the channels are summed.",
    "بایاس برای هر کانال ورودی یک بار افزوده شده است",
    "هر فیلتر یک بایاس دارد که یک بار پس از جمع کانال‌ها افزوده می‌شود.",
)
def _bias_for_each_channel(x: Array, weight: Array, bias: Array, settings: Settings) -> Array:
    return conv2d_forward(x, weight, weight.shape[1] * bias, **settings)


@_enter(
    "first_channel_alone",
    "D55, D57",
    "Only the first channel is convolved",
    "A filter is as deep as its input: the products are summed over all its channels.",
    "فقط کانال نخست پیچیده شده است",
    "عمق فیلتر برابر عمق ورودی است: حاصل‌ضرب‌ها روی همهٔ کانال‌ها جمع می‌شوند.",
)
def _first_channel_alone(x: Array, weight: Array, bias: Array, settings: Settings) -> Array:
    first = np.where(np.arange(weight.shape[1])[:, None, None] == 0, weight, 0)
    return conv2d_forward(x, first, bias, **settings)


@_enter(
    "channels_averaged",
    "D57",
    "The channels are averaged instead of summed",
    "The dot product runs over all of the patch, channels included: a sum.",
    "به جای جمع، روی کانال‌ها میانگین گرفته شده است",
    "ضرب داخلی روی همهٔ تکه با همهٔ کانال‌هاست: جمع.",
)
def _channels_averaged(x: Array, weight: Array, bias: Array, settings: Settings) -> Array:
    return conv2d_forward(x, weight / weight.shape[1], bias, **settings)


@_enter(
    "same_filter",
    "D56",
    "Every map is made by the first filter",
    "K filters are K different sets of weights, each with a map of its own.",
    "همهٔ نقشه‌ها با فیلتر نخست ساخته شده‌اند",
    "K فیلتر یعنی K دسته وزن متفاوت که هر یک نقشهٔ خود را می‌سازد.",
)
def _same_filter(x: Array, weight: Array, bias: Array, settings: Settings) -> Array:
    return conv2d_forward(x, np.broadcast_to(weight[:1], weight.shape), bias, **settings)


@_enter(
    "padding_in_total",
    "D58, B31",
    "The padding is split between the two sides",
    "P zeros stand on each side: the size grows by 2P.",
    "پدینگ میان دو سو تقسیم شده است",
    "در هر سو P صفر می‌نشیند: اندازه 2P بزرگ‌تر می‌شود.",
)
def _padding_in_total(x: Array, weight: Array, bias: Array, settings: Settings) -> Array:
    return conv2d_forward(x, weight, bias, **{**settings, "padding": settings["padding"] // 2})


@_enter(
    "padding_doubled",
    "D58",
    "2P zeros are put on each side",
    "2P is the total of both sides; each side gets P.",
    "در هر سو 2P صفر گذاشته شده است",
    "2P جمع دو سو است؛ هر سو P می‌گیرد.",
)
def _padding_doubled(x: Array, weight: Array, bias: Array, settings: Settings) -> Array:
    return conv2d_forward(x, weight, bias, **{**settings, "padding": 2 * settings["padding"]})


@_enter(
    "edges_repeated",
    "s.298",
    "The padding repeats the edge pixels",
    "Padding consists of zeros.",
    "در پدینگ پیکسل‌های لبه تکرار شده‌اند",
    "پدینگ از صفر ساخته می‌شود.",
)
def _edges_repeated(x: Array, weight: Array, bias: Array, settings: Settings) -> Array:
    around = (settings["padding"], settings["padding"])
    padded = np.pad(x, [(0, 0), (0, 0), around, around], mode="edge")
    return conv2d_forward(padded, weight, bias, **{**settings, "padding": 0})


@_enter(
    "stride_ignored",
    "D61, s.290",
    "The filter moves by one pixel whatever the stride is",
    "Place p starts at pixel p * S.",
    "فیلتر با هر گامی یک پیکسل یک پیکسل حرکت کرده است",
    "نقطهٔ p از پیکسل `p * S` آغاز می‌شود.",
)
def _stride_ignored(x: Array, weight: Array, bias: Array, settings: Settings) -> Array:
    return conv2d_forward(x, weight, bias, **{**settings, "stride": 1})


@_enter(
    "dilation_ignored",
    "teaching",
    "The filter is applied without its gaps",
    "With dilation D neighbouring weights lie D pixels apart.",
    "فیلتر بدون فاصله‌هایش به کار رفته است",
    "با اتساع D وزن‌های همسایه D پیکسل از هم فاصله دارند.",
)
def _dilation_ignored(x: Array, weight: Array, bias: Array, settings: Settings) -> Array:
    return conv2d_forward(x, weight, bias, **{**settings, "dilation": 1})


@_enter(
    "groups_interleaved",
    "D64",
    "The filters take turns in the groups",
    "The first F/G filters see the first C/G channels, and so on in blocks.",
    "فیلترها یک‌درمیان به گروه‌ها داده شده‌اند",
    "`F/G` فیلتر نخست `C/G` کانال نخست را می‌بینند و همین‌گونه بلوک به بلوک.",
)
def _groups_interleaved(x: Array, weight: Array, bias: Array, settings: Settings) -> Array:
    n, c, h, w = x.shape
    groups = settings["groups"]
    dealt = x.reshape(n, c // groups, groups, h, w).swapaxes(1, 2).reshape(x.shape)
    return conv2d_forward(dealt, weight, bias, **settings)


@_enter(
    "maps_reshaped_without_transpose",
    "D62",
    "The product's rows are reshaped to (N, F, OH, OW) without moving axes",
    "The product is (F, N*OH*OW): reshape to (F, N, OH, OW), then transpose to (N, F, OH, OW).",
    "سطرهای حاصل‌ضرب بدون جابه‌جایی محورها به (N, F, OH, OW) تغییر شکل یافته‌اند",
    "حاصل‌ضرب `(F, N*OH*OW)` است: نخست شکل (F, N, OH, OW)، سپس ترانهاده به (N, F, OH, OW).",
)
def _maps_reshaped_without_transpose(
    x: Array, weight: Array, bias: Array, settings: Settings
) -> Array:
    out, cache = conv2d_forward(x, weight, bias, **settings)
    return out.swapaxes(0, 1).reshape(out.shape), cache


def _upstream(rng: np.random.Generator) -> list[Call]:
    calls = []
    for made in _images(rng)[:2]:
        out, cache = conv2d_forward(*made.args, **made.kwargs)
        calls.append(call(rng.normal(size=out.shape), cache))
    return calls


BACKWARD = Component("conv2d_backward", conv2d_backward, _upstream)


@BACKWARD.wrong(
    "filters_not_flipped",
    "s.281",
    "dx correlates dout with the filters without flipping them",
    "What a filter gathered forwards it scatters backwards: that is dout with flipped filters.",
    "در dx فیلترها وارونه نشده‌اند",
    "آنچه فیلتر در رفت گرد آورده در برگشت پخش می‌کند: یعنی dout با فیلترهای وارونه.",
)
def _filters_not_flipped(dout: Array, cache: ConvCache) -> Array:
    turned = replace(cache, weight=cache.weight[:, :, ::-1, ::-1])
    return conv2d_backward(dout, cache)._replace(x=conv2d_backward(dout, turned).x)


@BACKWARD.wrong(
    "weight_gradient_flipped",
    "D57, B16",
    "The gradient of the filters is flipped",
    "Forwards is a correlation, so dW is the patches times dout, without a turn.",
    "گرادیان فیلترها وارونه است",
    "رفت همبستگی است، پس dW حاصل‌ضرب تکه‌ها در dout است، بدون چرخش.",
)
def _weight_gradient_flipped(dout: Array, cache: ConvCache) -> Array:
    right = conv2d_backward(dout, cache)
    return right._replace(weight=right.weight[:, :, ::-1, ::-1])


@BACKWARD.wrong(
    "divided_by_n",
    "D8",
    "The gradients of the parameters are divided by N again",
    "The loss divides by N once; the layer sums over images and places.",
    "گرادیان پارامترها دوباره بر N تقسیم شده است",
    "هزینه یک بار بر N تقسیم می‌کند؛ لایه روی تصویرها و نقطه‌ها جمع می‌زند.",
)
def _divided_by_n(dout: Array, cache: ConvCache) -> Array:
    right = conv2d_backward(dout, cache)
    bias = dout.sum(axis=(0, 2, 3))
    return right._replace(weight=right.weight / len(dout), bias=bias / len(dout))


@BACKWARD.wrong(
    "bias_averaged_over_places",
    "D60",
    "The gradient of the bias is averaged over the places",
    "The bias is added at every place: sum dout over images, rows and columns.",
    "گرادیان بایاس روی نقطه‌ها میانگین گرفته شده است",
    "بایاس در همهٔ نقطه‌ها افزوده می‌شود: dout را روی تصویرها، سطرها و ستون‌ها جمع بزنید.",
)
def _bias_averaged_over_places(dout: Array, cache: ConvCache) -> Array:
    return conv2d_backward(dout, cache)._replace(bias=dout.mean(axis=(2, 3)).sum(axis=0))


@BACKWARD.wrong(
    "bias_not_summed_over_places",
    "D60",
    "The gradient of the bias is summed over the images only",
    "A filter has one bias for all places: `dout.sum(axis=(0, 2, 3))`, shape (F,).",
    "گرادیان بایاس فقط روی تصویرها جمع شده است",
    "هر فیلتر یک بایاس برای همهٔ نقطه‌ها دارد: `dout.sum(axis=(0, 2, 3))` با شکل (F,).",
)
def _bias_not_summed_over_places(dout: Array, cache: ConvCache) -> Array:
    return conv2d_backward(dout, cache)._replace(bias=dout.sum(axis=0))


@BACKWARD.wrong(
    "first_image_alone",
    "teaching",
    "The gradients of the parameters come from the first image only",
    "All images share the filters: add up what each contributes with `+=`.",
    "گرادیان پارامترها فقط از تصویر نخست آمده است",
    "همهٔ تصویرها در فیلترها شریک‌اند: سهم هر یک را با `+=` جمع بزنید.",
)
def _first_image_alone(dout: Array, cache: ConvCache) -> Array:
    first = np.where(np.arange(len(dout))[:, None, None, None] == 0, dout, 0)
    return conv2d_backward(first, cache)._replace(x=conv2d_backward(dout, cache).x)


@BACKWARD.wrong(
    "padding_kept",
    "D58",
    "The gradient of the padding is not cut off",
    "dx has x's shape: drop P rows and columns on each side.",
    "گرادیان پدینگ بریده نشده است",
    "dx هم‌شکل x است: در هر سو P سطر و ستون را کنار بگذارید.",
)
def _padding_kept(dout: Array, cache: ConvCache) -> Array:
    x = cache.windows.pad(cache.x)
    unpadded: Settings = {"stride": cache.windows.rows.stride, "groups": cache.groups}
    _, padded = conv2d_forward(x, cache.weight, **unpadded)
    return conv2d_backward(dout, cache)._replace(x=conv2d_backward(dout, padded).x)


CONVOLUTION = (FORWARD, BACKWARD)
