"""Wrong pooling, forward and backward."""

from typing import Any

import numpy as np

from reference import layers as right
from reference.layers.adaptive_pooling import GlobalPoolCache
from reference.layers.geometry import Rounding
from reference.layers.pooling import AveragePoolCache, MaxPoolCache
from reference.misconceptions.catalogue import Array, Call, Component, call, output


def _pooled(rng: np.random.Generator) -> list[Call]:
    # All negative, so that a padding of zeros would win; integers, so that there are ties.
    x = -rng.integers(1, 5, (2, 3, 6, 6)).astype(float)
    x[0] = -rng.uniform(1, 5, (3, 6, 6))
    settings: list[Any] = [{}, {"stride": 1}, {"padding": 1, "stride": 2, "rounding": "floor"}]
    return [call(x, 3 if "padding" in each else 2, **each) for each in settings]


def _output_and_gradient(forward: Any, made: Call) -> Any:
    """Pool, and send a gradient back by the right backward pass, which shows who won."""
    out, cache = forward(*made.args, **made.kwargs)
    dout = np.arange(1.0, out.size + 1).reshape(out.shape)
    return out, right.max_pool2d_backward(dout, cache)


MAX = Component("max_pool2d_forward", right.max_pool2d_forward, _pooled, _output_and_gradient)


@MAX.wrong(
    "average",
    "s.311",
    "The average of the window is taken",
    "Max pooling keeps the largest value of each window.",
    "میانگین پنجره گرفته شده است",
    "ادغام بیشینه بزرگ‌ترین مقدار هر پنجره را نگه می‌دارد.",
)
def _average(
    x: Array, kernel: Any, *, stride: Any = None, padding: Any = 0, rounding: Rounding = "exact"
) -> Array:
    settings: Any = {"stride": stride, "padding": padding, "rounding": rounding}
    _, cache = right.max_pool2d_forward(x, kernel, **settings)
    return right.average_pool2d_forward(x, kernel, **settings)[0], cache


@MAX.wrong(
    "minimum",
    "teaching",
    "The smallest value of the window is taken",
    "Max pooling keeps the largest value.",
    "کوچک‌ترین مقدار پنجره گرفته شده است",
    "ادغام بیشینه بزرگ‌ترین مقدار را نگه می‌دارد.",
)
def _minimum(
    x: Array, kernel: Any, *, stride: Any = None, padding: Any = 0, rounding: Rounding = "exact"
) -> Array:
    settings: Any = {"stride": stride, "padding": padding, "rounding": rounding}
    out, cache = right.max_pool2d_forward(-x, kernel, **settings)
    return -out, cache


@MAX.wrong(
    "padding_wins",
    "D70",
    "The zeros of the padding win over negative values",
    "Padding must never win: pad with minus infinity.",
    "صفرهای پدینگ بر مقدارهای منفی پیروز شده‌اند",
    "پدینگ هرگز نباید برنده شود: با منهای بی‌نهایت پر کنید.",
)
def _padding_wins(
    x: Array, kernel: Any, *, stride: Any = None, padding: Any = 0, rounding: Rounding = "exact"
) -> Array:
    _, cache = right.max_pool2d_forward(
        x, kernel, stride=stride, padding=padding, rounding=rounding
    )
    around = [(0, 0), (0, 0), (padding, padding), (padding, padding)]
    padded, step = np.pad(x, around), stride or kernel
    return right.max_pool2d_forward(padded, kernel, stride=step, rounding=rounding)[0], cache


@MAX.wrong(
    "stride_one",
    "s.311",
    "Without a stride the window moves by one pixel",
    "The stride of a pooling is its window unless given: the windows tile the image.",
    "بدون گام داده‌شده پنجره یک پیکسل حرکت کرده است",
    "گام ادغام اگر داده نشود همان اندازهٔ پنجره است: پنجره‌ها تصویر را فرش می‌کنند.",
)
def _stride_one(
    x: Array, kernel: Any, *, stride: Any = None, padding: Any = 0, rounding: Rounding = "exact"
) -> Array:
    return right.max_pool2d_forward(
        x, kernel, stride=stride or 1, padding=padding, rounding=rounding
    )


@MAX.wrong(
    "stride_ignored",
    "s.311",
    "The windows always tile the image, whatever the stride is",
    "Windows overlap where the stride is smaller than the window: 3x3 with stride 2.",
    "گام هرچه باشد پنجره‌ها بی‌هم‌پوشانی چیده شده‌اند",
    "وقتی گام از پنجره کوچک‌تر است پنجره‌ها هم‌پوشانی دارند: 3x3 با گام 2.",
)
def _stride_ignored(
    x: Array, kernel: Any, *, stride: Any = None, padding: Any = 0, rounding: Rounding = "exact"
) -> Array:
    return right.max_pool2d_forward(x, kernel, padding=padding, rounding=rounding)


@MAX.wrong(
    "rounded_up",
    "D70, B52",
    "A fraction is rounded up",
    "With rounding='floor' the last pixels are left out; rounding up is Caffe's rule.",
    "کسر رو به بالا گرد شده است",
    "با `rounding='floor'` پیکسل‌های آخر کنار می‌روند؛ گرد کردن به بالا قاعدهٔ Caffe است.",
)
def _rounded_up(
    x: Array, kernel: Any, *, stride: Any = None, padding: Any = 0, rounding: Rounding = "exact"
) -> Array:
    return right.max_pool2d_forward(x, kernel, stride=stride, padding=padding, rounding="ceil")


@MAX.wrong(
    "last_of_equals",
    "D71",
    "Of equal values the last one wins and gets the gradient",
    "By the rule of ties the first one, row by row, gets it: `>` instead of `>=`.",
    "از مقدارهای برابر آخری برنده شده و گرادیان گرفته است",
    "طبق قاعدهٔ تساوی نخستین، سطر به سطر، برنده است: `>` به جای `>=`.",
)
def _last_of_equals(
    x: Array, kernel: Any, *, stride: Any = None, padding: Any = 0, rounding: Rounding = "exact"
) -> Array:
    out, cache = right.max_pool2d_forward(
        x, kernel, stride=stride, padding=padding, rounding=rounding
    )
    windows = cache.windows
    for index, pixels in enumerate(windows.elements(windows.pad(x, fill=-np.inf))):
        cache.winners[pixels == out] = index
    return out, cache


def _max_upstream(rng: np.random.Generator) -> list[Call]:
    out, cache = right.max_pool2d_forward(rng.normal(size=(2, 3, 6, 6)), 3, stride=1)
    return [call(rng.normal(size=out.shape), cache)]


MAX_BACKWARD = Component("max_pool2d_backward", right.max_pool2d_backward, _max_upstream)


@MAX_BACKWARD.wrong(
    "gradient_to_all",
    "D23, D71",
    "Every pixel of a window gets the gradient",
    "Max pooling is a router: only the winner gets dout.",
    "همهٔ پیکسل‌های پنجره گرادیان گرفته‌اند",
    "ادغام بیشینه مسیریاب است: فقط برنده dout می‌گیرد.",
)
def _gradient_to_all(dout: Array, cache: MaxPoolCache) -> Array:
    windows = cache.windows
    dpadded = np.zeros((*dout.shape[:2], *windows.padded_size))
    for pixels in windows.elements(dpadded):
        pixels += dout
    return windows.unpad(dpadded)


@MAX_BACKWARD.wrong(
    "shared_equally",
    "D71",
    "The gradient is shared equally within the window",
    "That is average pooling; here only the winner gets dout.",
    "گرادیان در پنجره به‌تساوی پخش شده است",
    "این ادغام میانگین است؛ این‌جا فقط برنده dout می‌گیرد.",
)
def _shared_equally(dout: Array, cache: MaxPoolCache) -> Array:
    return _gradient_to_all(dout / int(np.prod(cache.windows.kernel_size)), cache)


@MAX_BACKWARD.wrong(
    "overlap_overwritten",
    "D21",
    "Where windows overlap the last one overwrites the others",
    "A pixel that wins in several windows gets the sum: `+=`.",
    "جایی که پنجره‌ها هم‌پوشانی دارند آخری بقیه را بازنویسی کرده است",
    "پیکسلی که در چند پنجره برنده شود جمع را می‌گیرد: `+=`.",
)
def _overlap_overwritten(dout: Array, cache: MaxPoolCache) -> Array:
    dpadded = np.zeros((*dout.shape[:2], *cache.windows.padded_size))
    for index, pixels in enumerate(cache.windows.elements(dpadded)):
        pixels[cache.winners == index] = dout[cache.winners == index]
    return cache.windows.unpad(dpadded)


def _averaged_images(rng: np.random.Generator) -> list[Call]:
    x = rng.normal(size=(2, 3, 6, 6))
    settings = {"stride": 3, "padding": 1, "rounding": "floor"}
    return [call(x, 2), call(x, 3, **settings), call(x, 3, **settings, count_padding=False)]


AVERAGE = Component(
    "average_pool2d_forward", right.average_pool2d_forward, _averaged_images, output
)


@AVERAGE.wrong(
    "sum",
    "s.311",
    "The window is summed and not averaged",
    "Divide by the number of pixels in the window.",
    "پنجره جمع شده و میانگین گرفته نشده است",
    "بر شمار پیکسل‌های پنجره تقسیم کنید.",
)
def _sum(
    x: Array,
    kernel: Any,
    *,
    stride: Any = None,
    padding: Any = 0,
    rounding: Rounding = "exact",
    count_padding: bool = True,
) -> Array:
    out, cache = right.average_pool2d_forward(
        x, kernel, stride=stride, padding=padding, rounding=rounding, count_padding=count_padding
    )
    return out * cache.counts, cache


@AVERAGE.wrong(
    "padding_always_counted",
    "D70",
    "The padding counts though it should not",
    "With count_padding=False divide by the number of the image's own pixels.",
    "پدینگ شمرده شده با آن‌که نباید",
    "با `count_padding=False` بر شمار پیکسل‌های خود تصویر تقسیم کنید.",
)
def _padding_always_counted(
    x: Array,
    kernel: Any,
    *,
    stride: Any = None,
    padding: Any = 0,
    rounding: Rounding = "exact",
    count_padding: bool = True,
) -> Array:
    return right.average_pool2d_forward(
        x, kernel, stride=stride, padding=padding, rounding=rounding
    )


@AVERAGE.wrong(
    "padding_never_counted",
    "D70",
    "The padding does not count though it should",
    "With count_padding=True the zeros are values: divide by the whole window.",
    "پدینگ شمرده نشده با آن‌که باید",
    "با `count_padding=True` صفرها هم مقدارند: بر کل پنجره تقسیم کنید.",
)
def _padding_never_counted(
    x: Array,
    kernel: Any,
    *,
    stride: Any = None,
    padding: Any = 0,
    rounding: Rounding = "exact",
    count_padding: bool = True,
) -> Array:
    return right.average_pool2d_forward(
        x, kernel, stride=stride, padding=padding, rounding=rounding, count_padding=False
    )


def _average_upstream(rng: np.random.Generator) -> list[Call]:
    out, cache = right.average_pool2d_forward(rng.normal(size=(2, 3, 5, 5)), 3, stride=2)
    return [call(rng.normal(size=out.shape), cache)]


AVERAGE_BACKWARD = Component(
    "average_pool2d_backward", right.average_pool2d_backward, _average_upstream
)


@AVERAGE_BACKWARD.wrong(
    "not_divided",
    "s.311",
    "Every pixel gets the whole gradient",
    "Each pixel made 1/k of the mean and gets 1/k of dout.",
    "هر پیکسل همهٔ گرادیان را گرفته است",
    "هر پیکسل `1/k` میانگین را ساخته و `1/k` از dout را می‌گیرد.",
)
def _not_divided(dout: Array, cache: AveragePoolCache) -> Array:
    return right.average_pool2d_backward(dout * cache.counts, cache)


@AVERAGE_BACKWARD.wrong(
    "first_pixel_alone",
    "D71",
    "One pixel of the window gets the whole gradient",
    "That is max pooling's rule; a mean hands every pixel an equal share.",
    "یک پیکسلِ پنجره همهٔ گرادیان را گرفته است",
    "این قاعدهٔ ادغام بیشینه است؛ میانگین به هر پیکسل سهمی برابر می‌دهد.",
)
def _first_pixel_alone(dout: Array, cache: AveragePoolCache) -> Array:
    dpadded = np.zeros((*dout.shape[:2], *cache.windows.padded_size))
    next(iter(cache.windows.elements(dpadded)))[...] = dout
    return cache.windows.unpad(dpadded)


def _maps(rng: np.random.Generator) -> list[Call]:
    return [call(rng.normal(size=(2, 3, 4, 5)))]


GLOBAL = Component("global_average_pool_forward", right.global_average_pool_forward, _maps, output)


@GLOBAL.wrong(
    "over_channels",
    "D75",
    "The mean is taken over the channels",
    "Each channel's map becomes one number: the mean over rows and columns, (N, C).",
    "میانگین روی کانال‌ها گرفته شده است",
    "نقشهٔ هر کانال یک عدد می‌شود: میانگین روی سطرها و ستون‌ها، (N, C).",
)
def _over_channels(x: Array) -> Array:
    return x.mean(axis=1), None


@GLOBAL.wrong(
    "maximum",
    "teaching",
    "The maximum of each map is taken",
    "Global average pooling takes the mean.",
    "بیشینهٔ هر نقشه گرفته شده است",
    "ادغام میانگین سراسری میانگین می‌گیرد.",
)
def _maximum(x: Array) -> Array:
    return x.max(axis=(2, 3)), None


def _global_upstream(rng: np.random.Generator) -> list[Call]:
    # As many channels as pixels in a row: a gradient laid along the wrong axes fits as well.
    _, cache = right.global_average_pool_forward(rng.normal(size=(2, 4, 3, 4)))
    return [call(rng.normal(size=(2, 4)), cache)]


GLOBAL_BACKWARD = Component(
    "global_average_pool_backward", right.global_average_pool_backward, _global_upstream
)


@GLOBAL_BACKWARD.wrong(
    "not_shared",
    "D75",
    "Every pixel gets the whole gradient instead of its share",
    "Each pixel has the weight 1/(H W) in the mean: divide dout by H W.",
    "هر پیکسل به جای سهم خود همهٔ گرادیان را گرفته است",
    "هر پیکسل در میانگین وزن `1/(H W)` دارد: dout را بر H W تقسیم کنید.",
)
def _not_shared(dout: Array, cache: GlobalPoolCache) -> Array:
    return np.broadcast_to(dout[:, :, None, None], cache.shape).copy()


@GLOBAL_BACKWARD.wrong(
    "divided_by_the_channels",
    "teaching",
    "The gradient is divided by the number of channels instead of the pixels",
    "The mean ran over the H W pixels of one channel: divide by H W.",
    "گرادیان به جای شمار پیکسل‌ها بر شمار کانال‌ها تقسیم شده است",
    "میانگین روی H W پیکسل یک کانال بود: بر H W تقسیم کنید.",
)
def _divided_by_the_channels(dout: Array, cache: GlobalPoolCache) -> Array:
    return np.broadcast_to(dout[:, :, None, None] / dout.shape[1], cache.shape).copy()


@GLOBAL_BACKWARD.wrong(
    "channels_for_columns",
    "teaching",
    "The gradient of a channel is laid along the columns of the image",
    "dout (N, C) belongs to the channels: `dout[:, :, None, None]`.",
    "گرادیان هر کانال در راستای ستون‌های تصویر گذاشته شده است",
    "dout با شکل (N, C) از آنِ کانال‌هاست: `dout[:, :, None, None]`.",
)
def _channels_for_columns(dout: Array, cache: GlobalPoolCache) -> Array:
    height, width = cache.shape[2:]
    return np.broadcast_to(dout[:, None, None, :] / (height * width), cache.shape).copy()


POOLING = (MAX, MAX_BACKWARD, AVERAGE, AVERAGE_BACKWARD, GLOBAL, GLOBAL_BACKWARD)
