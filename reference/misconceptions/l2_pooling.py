"""Wrong L2 pooling, forward and backward."""

from typing import Any

import numpy as np

from reference import layers as right
from reference.layers.geometry import Rounding
from reference.layers.pooling import L2PoolCache
from reference.misconceptions.catalogue import Array, Call, Component, call, output


def _images(rng: np.random.Generator) -> list[Call]:
    settings: dict[str, Any] = {"stride": 2, "padding": 1, "rounding": "floor"}
    return [
        call(rng.normal(size=(2, 3, 6, 6)), 2),
        call(rng.normal(size=(2, 3, 7, 7)), 3, **settings),
    ]


def _upstream(rng: np.random.Generator) -> list[Call]:
    x = rng.normal(size=(2, 2, 7, 7))
    # A window whose every pixel is 0: there the gradient is 0 and not 0 / 0.
    x[0, 0, 2:5, 2:5] = 0
    out, cache = right.l2_pool2d_forward(x, 3, stride=2)
    return [call(rng.normal(size=out.shape), cache)]


L2 = Component("l2_pool2d_forward", right.l2_pool2d_forward, _images, output)
L2_BACKWARD = Component("l2_pool2d_backward", right.l2_pool2d_backward, _upstream)


@L2.wrong(
    "mean_of_squares",
    "teaching",
    "The squares are averaged instead of summed",
    "L2 pooling is the norm of the window: a window of k ones gives sqrt(k), not 1.",
    "مربع‌ها به جای جمع میانگین گرفته شده‌اند",
    "ادغام L2 نُرم پنجره است: پنجره‌ای از k تا یک برابر sqrt(k) می‌دهد، نه 1.",
)
def _mean_of_squares(
    x: Array,
    kernel: Any,
    *,
    stride: Any = None,
    padding: Any = 0,
    rounding: Rounding = "exact",
) -> Array:
    out, cache = right.l2_pool2d_forward(
        x, kernel, stride=stride, padding=padding, rounding=rounding
    )
    return out / kernel, cache


@L2.wrong(
    "root_missing",
    "teaching",
    "The root of the sum of squares is not taken",
    "Take the square root at the end: sqrt(sum of squares).",
    "جذر جمع مربع‌ها گرفته نشده است",
    "در پایان جذر بگیرید: `sqrt(sum of squares)`.",
)
def _root_missing(
    x: Array,
    kernel: Any,
    *,
    stride: Any = None,
    padding: Any = 0,
    rounding: Rounding = "exact",
) -> Array:
    out, cache = right.l2_pool2d_forward(
        x, kernel, stride=stride, padding=padding, rounding=rounding
    )
    return out**2, cache


@L2.wrong(
    "root_before_sum",
    "teaching",
    "The root is taken of each square before the sum",
    "The root of one square is |x|, so this is the L1 norm: sum first, then the root.",
    "جذر پیش از جمع و از تک‌تک مربع‌ها گرفته شده است",
    "جذر یک مربع همان `|x|` است و نُرم L1 می‌دهد: نخست جمع، سپس جذر.",
)
def _root_before_sum(
    x: Array,
    kernel: Any,
    *,
    stride: Any = None,
    padding: Any = 0,
    rounding: Rounding = "exact",
) -> Array:
    out, cache = right.average_pool2d_forward(
        np.abs(x), kernel, stride=stride, padding=padding, rounding=rounding
    )
    return out * cache.counts, cache


@L2.wrong(
    "sum_squared",
    "teaching",
    "The window is summed first and squared then",
    "Square each pixel first; else positive and negative ones cancel.",
    "پنجره نخست جمع و سپس به توان دو رسانده شده است",
    "نخست هر پیکسل را به توان دو برسانید؛ وگرنه مثبت و منفی خنثی می‌شوند.",
)
def _sum_squared(
    x: Array,
    kernel: Any,
    *,
    stride: Any = None,
    padding: Any = 0,
    rounding: Rounding = "exact",
) -> Array:
    out, cache = right.average_pool2d_forward(
        x, kernel, stride=stride, padding=padding, rounding=rounding
    )
    return np.sqrt((out * cache.counts) ** 2), cache


def _spread(ratio: Array, cache: L2PoolCache) -> Array:
    """Add each window's number to all of its pixels."""
    dpadded = np.zeros((*ratio.shape[:2], *cache.windows.padded_size))
    for pixels in cache.windows.elements(dpadded):
        pixels += ratio
    return cache.windows.unpad(dpadded)


@L2_BACKWARD.wrong(
    "zero_window_nan",
    "teaching",
    "A window of zeros divides 0 by 0",
    "Where the norm is 0 the gradient is set to 0: divide only where out > 0.",
    "پنجرهٔ صفرها 0 را بر 0 تقسیم می‌کند",
    "جایی که نُرم 0 است گرادیان 0 گذاشته می‌شود: فقط جایی که `out > 0` تقسیم کنید.",
)
def _zero_window_nan(dout: Array, cache: L2PoolCache) -> Array:
    return cache.x * _spread(dout / cache.out, cache)


@L2_BACKWARD.wrong(
    "not_divided",
    "teaching",
    "It is not divided by the norm",
    "d sqrt(s) / ds = 1 / (2 sqrt(s)), so each pixel gets dout * x / out.",
    "بر نُرم تقسیم نشده است",
    "چون `d sqrt(s) / ds = 1 / (2 sqrt(s))`، هر پیکسل `dout * x / out` می‌گیرد.",
)
def _not_divided(dout: Array, cache: L2PoolCache) -> Array:
    return cache.x * _spread(dout, cache)


@L2_BACKWARD.wrong(
    "factor_2_missing",
    "teaching",
    "The 2 in the derivative of the square is left out",
    "The 2 of the square and the 1/2 of the root cancel: dout * x / out.",
    "2 در مشتق توان دو از قلم افتاده است",
    "2 توان دو و `1/2` جذر یکدیگر را حذف می‌کنند: `dout * x / out`.",
)
def _factor_2_missing(dout: Array, cache: L2PoolCache) -> Array:
    return right.l2_pool2d_backward(dout, cache) / 2


@L2_BACKWARD.wrong(
    "shared_equally",
    "teaching",
    "Every pixel of the window gets the same share",
    "A pixel's share grows with its value: x / out.",
    "همهٔ پیکسل‌های پنجره سهم برابر گرفته‌اند",
    "سهم هر پیکسل با مقدارش بزرگ می‌شود: `x / out`.",
)
def _shared_equally(dout: Array, cache: L2PoolCache) -> Array:
    return _spread(dout / (cache.windows.rows.kernel * cache.windows.columns.kernel), cache)


L2_POOLING = (L2, L2_BACKWARD)
