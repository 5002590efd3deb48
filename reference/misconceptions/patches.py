"""Wrong im2col and col2im."""

from typing import Any

import numpy as np

from reference import layers as right
from reference.layers.geometry import Rounding
from reference.misconceptions.catalogue import Array, Call, Component, call


def _images(rng: np.random.Generator) -> list[Call]:
    x = rng.normal(size=(2, 3, 5, 5))
    return [call(x, 3, stride=2), call(x, 3, padding=1)]


IM2COL = Component("im2col", right.im2col, _images)


def _rearranged(order: tuple[int, ...], rows: int, x: Array, made: dict[str, Any]) -> Array:
    """Lay (C, KH, KW, N, OH, OW) out in another order of axes, the first `rows` as rows."""
    kernel, rest = made["kernel"], {k: v for k, v in made.items() if k != "kernel"}
    columns = right.im2col(x, kernel, **rest)
    size = right.output_size(x.shape[2], kernel, stride=made["stride"], padding=made["padding"])
    blocks = columns.reshape(x.shape[1], kernel, kernel, len(x), size, -1).transpose(order)
    return blocks.reshape(int(np.prod(blocks.shape[:rows])), -1)


@IM2COL.wrong(
    "reshape_without_transpose",
    "D62",
    "The patches are reshaped without moving the images' axis first",
    "A column must hold one patch: transpose to (C, KH, KW, N, OH, OW), then reshape.",
    "تکه‌ها بدون جابه‌جایی محور تصویرها تغییر شکل یافته‌اند",
    "هر ستون باید یک تکه باشد: به (C, KH, KW, N, OH, OW) ترانهاده و سپس تغییر شکل دهید.",
)
def _reshape_without_transpose(
    x: Array,
    kernel: Any,
    *,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    rounding: Rounding = "exact",
) -> Array:
    made = {"kernel": kernel, "stride": stride, "padding": padding}
    columns = _rearranged((3, 0, 1, 2, 4, 5), 1, x, made)
    return columns.reshape(x.shape[1] * kernel * kernel, -1)


@IM2COL.wrong(
    "channels_fastest",
    "D62",
    "Within a column the channels change fastest",
    "The rows must be ordered as in a filter (C, KH, KW): channels slowest.",
    "در هر ستون کانال‌ها تندتر از همه تغییر می‌کنند",
    "ترتیب سطرها باید مانند فیلتر (C, KH, KW) باشد: کانال کندتر از همه.",
)
def _channels_fastest(
    x: Array,
    kernel: Any,
    *,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    rounding: Rounding = "exact",
) -> Array:
    made = {"kernel": kernel, "stride": stride, "padding": padding}
    return _rearranged((1, 2, 0, 3, 4, 5), 3, x, made)


@IM2COL.wrong(
    "images_fastest",
    "D62",
    "The columns of the images are interleaved",
    "The columns go image by image, each row by row: (N, OH, OW).",
    "ستون‌های تصویرها در هم آمیخته‌اند",
    "ستون‌ها تصویر به تصویر و در هر یک سطر به سطرند: (N, OH, OW).",
)
def _images_fastest(
    x: Array,
    kernel: Any,
    *,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    rounding: Rounding = "exact",
) -> Array:
    made = {"kernel": kernel, "stride": stride, "padding": padding}
    return _rearranged((0, 1, 2, 4, 5, 3), 3, x, made)


@IM2COL.wrong(
    "transposed",
    "D62",
    "The patches are rows instead of columns",
    "For W_row @ X_col every patch is a column: (C*KH*KW, N*OH*OW).",
    "تکه‌ها به جای ستون سطر شده‌اند",
    "برای `W_row @ X_col` هر تکه یک ستون است: `(C*KH*KW, N*OH*OW)`.",
)
def _transposed(
    x: Array,
    kernel: Any,
    *,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    rounding: Rounding = "exact",
) -> Array:
    return right.im2col(x, kernel, stride=stride, padding=padding).T


def _columns(rng: np.random.Generator) -> list[Call]:
    return [call(rng.normal(size=(3 * 9, 2 * 9)), (2, 3, 5, 5), 3, stride=2, padding=1)]


COL2IM = Component("col2im", right.col2im, _columns)


@COL2IM.wrong(
    "averaged",
    "D65",
    "The terms of a pixel are averaged",
    "col2im is the adjoint of im2col, not its inverse: a pixel under k windows gets the sum.",
    "از جمله‌های هر پیکسل میانگین گرفته شده است",
    "col2im الحاقی im2col است نه وارون آن: پیکسلِ زیر k پنجره جمع را می‌گیرد.",
)
def _averaged(
    columns: Array,
    shape: Any,
    kernel: Any,
    *,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    rounding: Rounding = "exact",
) -> Array:
    settings = {"stride": stride, "padding": padding, "dilation": dilation}
    added = right.col2im(columns, shape, kernel, **settings)
    return added / right.col2im(np.ones_like(columns), shape, kernel, **settings)


@COL2IM.wrong(
    "overwritten",
    "D21",
    "Where windows overlap the last one overwrites the others",
    "A pixel under several windows is a fork: add with `+=`.",
    "جایی که پنجره‌ها هم‌پوشانی دارند آخری بقیه را بازنویسی کرده است",
    "پیکسلِ زیر چند پنجره یک دوشاخه است: با `+=` بیفزایید.",
)
def _overwritten(
    columns: Array,
    shape: Any,
    kernel: Any,
    *,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    rounding: Rounding = "exact",
) -> Array:
    n, c, h, w = shape
    size = right.output_size(h, kernel, stride=stride, padding=padding)
    patches = columns.reshape(c, kernel, kernel, n, size, size)
    padded = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
    for p, q in np.ndindex(size, size):
        rows = slice(p * stride, p * stride + kernel)
        across = slice(q * stride, q * stride + kernel)
        padded[:, :, rows, across] = patches[..., p, q].transpose(3, 0, 1, 2)
    return padded[:, :, padding : padding + h, padding : padding + w]


PATCHES = (IM2COL, COL2IM)
