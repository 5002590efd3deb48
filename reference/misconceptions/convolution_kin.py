"""Wrong relatives of the convolution layer: true and transposed convolution, FC to CONV, LRN."""

from dataclasses import replace

import numpy as np

from reference import layers as right
from reference.layers.convolution_transposed import TransposedConvCache
from reference.layers.correlation import Mode
from reference.misconceptions.catalogue import Array, Call, Component, call, output


def _image_and_kernel(rng: np.random.Generator) -> list[Call]:
    image, kernel = rng.normal(size=(6, 6)), rng.normal(size=(3, 3))
    return [call(image, kernel), call(image, kernel, mode="same")]


CONVOLVE = Component("convolve2d_forward", right.convolve2d_forward, _image_and_kernel, output)


@CONVOLVE.wrong(
    "not_flipped",
    "D57, B16, s.281",
    "The kernel is not flipped: that is cross-correlation",
    "A true convolution turns the kernel by 180 degrees: `kernel[::-1, ::-1]`.",
    "هسته وارونه نشده است: این همبستگی متقابل است",
    "کانولوشن راستین هسته را 180 درجه می‌چرخاند: `kernel[::-1, ::-1]`.",
)
def _not_flipped(image: Array, kernel: Array, *, mode: Mode = "valid") -> Array:
    return right.correlate2d_forward(image, kernel, mode=mode)


@CONVOLVE.wrong(
    "transposed",
    "B49",
    "The kernel is transposed instead of turned",
    "Reverse both axes, `kernel[::-1, ::-1]`; `kernel.T` swaps them.",
    "هسته به جای چرخش ترانهاده شده است",
    "هر دو محور را وارونه کنید، `kernel[::-1, ::-1]`؛ `kernel.T` آن‌ها را جابه‌جا می‌کند.",
)
def _transposed(image: Array, kernel: Array, *, mode: Mode = "valid") -> Array:
    return right.correlate2d_forward(image, kernel.T, mode=mode)


@CONVOLVE.wrong(
    "rows_alone_flipped",
    "D57",
    "Only one axis of the kernel is reversed",
    "Turning by 180 degrees reverses both: `kernel[::-1, ::-1]`.",
    "فقط یک محور هسته وارونه شده است",
    "چرخش 180 درجه هر دو محور را وارونه می‌کند: `kernel[::-1, ::-1]`.",
)
def _rows_alone_flipped(image: Array, kernel: Array, *, mode: Mode = "valid") -> Array:
    return right.correlate2d_forward(image, kernel[::-1], mode=mode)


def _dense(rng: np.random.Generator) -> list[Call]:
    return [call(rng.normal(size=(2 * 3 * 4, 5)), (2, 3, 4))]


TO_FILTERS = Component("affine_weight_to_filters", right.affine_weight_to_filters, _dense)


@TO_FILTERS.wrong(
    "reshape_without_transpose",
    "D73",
    "The weight is reshaped without being transposed first",
    "Each output is one filter: `weight.T.reshape(M, C, H, W)`.",
    "وزن پیش از تغییر شکل ترانهاده نشده است",
    "هر خروجی یک فیلتر است: `weight.T.reshape(M, C, H, W)`.",
)
def _reshape_without_transpose(weight: Array, image_shape: tuple[int, int, int]) -> Array:
    return weight.reshape(-1, *image_shape)


@TO_FILTERS.wrong(
    "channels_last",
    "D73, B15",
    "The rows are taken as (H, W, C)",
    "The images were flattened channels slowest: the rows are (C, H, W).",
    "سطرها به ترتیب (H, W, C) خوانده شده‌اند",
    "تصویرها با کانالِ کندتر صاف شده‌اند: سطرها (C, H, W) هستند.",
)
def _channels_last(weight: Array, image_shape: tuple[int, int, int]) -> Array:
    channels, height, width = image_shape
    return np.moveaxis(weight.T.reshape(-1, height, width, channels), -1, 1)


def _activations(rng: np.random.Generator) -> list[Call]:
    return [call(3 * rng.normal(size=(2, 7, 2, 3)), size=3, alpha=0.1)]


LRN = Component(
    "local_response_norm_forward", right.local_response_norm_forward, _activations, output
)


@LRN.wrong(
    "alpha_divided",
    "B56",
    "alpha is divided by the number of channels",
    "That is torch's convention; here alpha multiplies the sum of squares itself.",
    "alpha بر شمار کانال‌ها تقسیم شده است",
    "این قرارداد torch است؛ این‌جا alpha در خودِ جمع مربع‌ها ضرب می‌شود.",
)
def _alpha_divided(
    x: Array, *, size: int = 5, alpha: float = 1e-4, beta: float = 0.75, k: float = 2.0
) -> Array:
    return right.local_response_norm_forward(x, size=size, alpha=alpha / size, beta=beta, k=k)


@LRN.wrong(
    "contrast",
    "D54, B50",
    "The mean over the channels is subtracted, as contrast normalization does",
    "LRN only divides, by (k + alpha * sum of squares) ** beta.",
    "میانگین روی کانال‌ها کم شده است، مانند نرمال‌سازی کنتراست",
    "LRN فقط تقسیم می‌کند و چیزی کم نمی‌کند.",
)
def _contrast(
    x: Array, *, size: int = 5, alpha: float = 1e-4, beta: float = 0.75, k: float = 2.0
) -> Array:
    centred = x - x.mean(axis=1, keepdims=True)
    return right.local_response_norm_forward(centred, size=size, alpha=alpha, beta=beta, k=k)


@LRN.wrong(
    "root_for_beta",
    "D54",
    "The square root is taken instead of the power beta",
    "Divide by (k + alpha * sum of squares) ** beta, with beta = 0.75 unless given.",
    "به جای توان beta جذر گرفته شده است",
    "مخرج به توان beta می‌رسد که پیش‌فرض آن 0.75 است.",
)
def _root_for_beta(
    x: Array, *, size: int = 5, alpha: float = 1e-4, beta: float = 0.75, k: float = 2.0
) -> Array:
    return right.local_response_norm_forward(x, size=size, alpha=alpha, beta=0.5, k=k)


def _stamps(rng: np.random.Generator) -> list[Call]:
    x, weight = rng.normal(size=(2, 3, 3, 3)), rng.normal(size=(3, 2, 3, 3))
    return [call(x, weight, rng.normal(size=2), stride=2, padding=1)]


TRANSPOSED = Component("conv_transpose2d_forward", right.conv_transpose2d_forward, _stamps, output)


@TRANSPOSED.wrong(
    "flipped",
    "D65",
    "The filters are flipped",
    "Each pixel stamps the filter as it is, scaled by itself.",
    "فیلترها وارونه شده‌اند",
    "هر پیکسل فیلتر را همان‌گونه که هست و با ضریب خود مُهر می‌زند.",
)
def _flipped(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    output_padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
    groups: int = 1,
) -> Array:
    turned = weight[:, :, ::-1, ::-1]
    return right.conv_transpose2d_forward(
        x,
        turned,
        bias,
        stride=stride,
        padding=padding,
        output_padding=output_padding,
        dilation=dilation,
        groups=groups,
    )


@TRANSPOSED.wrong(
    "padding_added",
    "D65",
    "The padding is added to the output instead of cropped",
    "Padding works the other way round here: P pixels are cut off each side.",
    "پدینگ به جای بریدن به خروجی افزوده شده است",
    "پدینگ این‌جا وارونه عمل می‌کند: از هر سو P پیکسل بریده می‌شود.",
)
def _padding_added(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    output_padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
    groups: int = 1,
) -> Array:
    out, cache = right.conv_transpose2d_forward(
        x,
        weight,
        bias,
        stride=stride,
        output_padding=output_padding,
        dilation=dilation,
        groups=groups,
    )
    return np.pad(out, [(0, 0), (0, 0), (padding, padding), (padding, padding)]), cache


@TRANSPOSED.wrong(
    "stride_ignored",
    "D65",
    "The stamps lie one pixel apart whatever the stride is",
    "With stride S the stamps of neighbouring pixels lie S pixels apart: the image grows.",
    "مُهرها با هر گامی یک پیکسل فاصله دارند",
    "با گام S مُهر پیکسل‌های همسایه S پیکسل فاصله دارد: تصویر بزرگ می‌شود.",
)
def _stride_ignored(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    output_padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
    groups: int = 1,
) -> Array:
    return right.conv_transpose2d_forward(
        x, weight, bias, padding=padding, dilation=dilation, groups=groups
    )


def _stamped_upstream(rng: np.random.Generator) -> list[Call]:
    made = _stamps(rng)[0]
    out, cache = right.conv_transpose2d_forward(*made.args, **made.kwargs)
    return [call(rng.normal(size=out.shape) + 0.5, cache)]


TRANSPOSED_BACKWARD = Component(
    "conv_transpose2d_backward", right.conv_transpose2d_backward, _stamped_upstream
)


@TRANSPOSED_BACKWARD.wrong(
    "flipped",
    "D57",
    "dx is taken with flipped filters",
    "The backward pass is a cross-correlation of dout with the same filters, not flipped.",
    "dx با فیلترهای وارونه گرفته شده است",
    "گذر پس‌رو همبستگی متقابل dout با همان فیلترهاست، بی‌وارونگی.",
)
def _backward_flipped(dout: Array, cache: TransposedConvCache) -> Array:
    turned = replace(cache, weight=cache.weight[:, :, ::-1, ::-1])
    dx = right.conv_transpose2d_backward(dout, turned).x
    return right.conv_transpose2d_backward(dout, cache)._replace(x=dx)


@TRANSPOSED_BACKWARD.wrong(
    "filter_axes_swapped",
    "D65",
    "dW has its first two axes swapped",
    "The filters are (C, F, KH, KW) here, input channels first, and so is their gradient.",
    "دو محور نخست dW جابه‌جا شده‌اند",
    "این‌جا فیلترها (C, F, KH, KW) هستند، کانال ورودی در آغاز، و گرادیانشان هم.",
)
def _filter_axes_swapped(dout: Array, cache: TransposedConvCache) -> Array:
    gradients = right.conv_transpose2d_backward(dout, cache)
    return gradients._replace(weight=gradients.weight.swapaxes(0, 1))


@TRANSPOSED_BACKWARD.wrong(
    "bias_averaged",
    "D8",
    "The gradient of the bias is a mean over images and places",
    "The bias is added at every place: its gradient is the sum of dout over axes (0, 2, 3).",
    "گرادیان بایاس میانگین روی تصویرها و مکان‌هاست",
    "بایاس در هر مکان افزوده می‌شود: گرادیانش جمع dout روی محورهای (0, 2, 3) است.",
)
def _bias_averaged(dout: Array, cache: TransposedConvCache) -> Array:
    gradients = right.conv_transpose2d_backward(dout, cache)
    return gradients._replace(bias=dout.mean(axis=(0, 2, 3)))


@TRANSPOSED_BACKWARD.wrong(
    "last_image_alone",
    "D21",
    "dW comes from the last image alone",
    "All images share the filters: their gradients are added, `dW += ...`.",
    "گرادیان dW فقط از آخرین تصویر آمده است",
    "فیلترها میان همهٔ تصویرها مشترک‌اند: گرادیان‌ها جمع می‌شوند، `dW += ...`.",
)
def _last_image_alone(dout: Array, cache: TransposedConvCache) -> Array:
    last = replace(
        cache, x=cache.x * (np.arange(len(cache.x)) == len(cache.x) - 1)[:, None, None, None]
    )
    dweight = right.conv_transpose2d_backward(dout, last).weight
    return right.conv_transpose2d_backward(dout, cache)._replace(weight=dweight)


CONVOLUTION_KIN = (CONVOLVE, TO_FILTERS, LRN, TRANSPOSED, TRANSPOSED_BACKWARD)
