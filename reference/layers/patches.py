"""Sliding windows over images: im2col, its adjoint col2im, and the views that pooling needs."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from reference.arrays import FloatArray, as_float_array, check_same_shape
from reference.layers.geometry import Rounding, Window, as_pair
from reference.layers.validation import as_images


@dataclass(frozen=True)
class SlidingWindows:
    """Two windows, one over the rows and one over the columns, laid on images of one size.

    `image_size` is (H, W); `out_size` is (OH, OW), the number of places down and across.

    Raises ValueError: the windows do not fit (see `Window.output_size`).
    """

    rows: Window
    columns: Window
    image_size: tuple[int, int]
    rounding: Rounding = "exact"
    out_size: tuple[int, int] = field(init=False)

    def __post_init__(self) -> None:
        height, width = self.image_size
        places = (
            self.rows.output_size(height, rounding=self.rounding),
            self.columns.output_size(width, rounding=self.rounding),
        )
        object.__setattr__(self, "out_size", places)

    @property
    def kernel_size(self) -> tuple[int, int]:
        """(KH, KW)."""
        return self.rows.kernel, self.columns.kernel

    def pad(self, images: FloatArray, fill: float = 0.0) -> FloatArray:
        """Return the images with `fill` around them; the very same array where none is needed."""
        height, width = self.padded_size
        if (height, width) == self.image_size:
            return images
        padded = np.full((*images.shape[:2], height, width), fill, images.dtype)
        self.unpad(padded)[...] = images
        return padded

    def unpad(self, padded: FloatArray) -> FloatArray:
        """Return the view of the images inside padded images."""
        top, left = self.rows.padding, self.columns.padding
        height, width = self.image_size
        return padded[:, :, top : top + height, left : left + width]

    @property
    def padded_size(self) -> tuple[int, int]:
        """(H, W) with the padding, and with what the last windows hang over under "ceil"."""
        height, width = self.image_size
        out_height, out_width = self.out_size
        return (
            height + 2 * self.rows.padding + self.rows.overhang(height, out_height),
            width + 2 * self.columns.padding + self.columns.overhang(width, out_width),
        )

    def patches(self, padded: FloatArray) -> FloatArray:
        """Return what every window sees, (N, C, KH, KW, OH, OW): a view, nothing is copied."""
        rows, columns = self.rows, self.columns
        windows = sliding_window_view(padded, (rows.extent, columns.extent), axis=(2, 3))
        strided = windows[
            :, :, :: rows.stride, :: columns.stride, :: rows.dilation, :: columns.dilation
        ]
        return strided.transpose(0, 1, 4, 5, 2, 3)

    def elements(self, padded: FloatArray) -> Iterator[FloatArray]:
        """Yield, for each element of the window in row-major order, the pixels it falls on.

        Each is a writable view (N, C, OH, OW): element (i, j) of the window at place (p, q)
        falls on padded pixel (i * dilation + p * stride, j * dilation + q * stride).
        """
        for i in range(self.rows.kernel):
            for j in range(self.columns.kernel):
                yield padded[
                    :,
                    :,
                    _places(self.rows, i, self.out_size[0]),
                    _places(self.columns, j, self.out_size[1]),
                ]

    def to_columns(self, images: FloatArray) -> FloatArray:
        """Return the patches as columns, (C*KH*KW, N*OH*OW), those of one image side by side."""
        patches = self.patches(self.pad(images)).transpose(1, 2, 3, 0, 4, 5)
        rows = int(np.prod(patches.shape[:3]))
        return patches.reshape(rows, -1)

    def add_columns(self, columns: FloatArray) -> FloatArray:
        """Add columns (C*KH*KW, N*OH*OW) up at the pixels they came from, (N, C, H, W).

        Pixels under several windows receive several terms: the adjoint of `to_columns`, and
        not its inverse.
        """
        kernel, places = self.rows.kernel * self.columns.kernel, int(np.prod(self.out_size))
        channels, images = len(columns) // kernel, columns.shape[1] // places
        by_element = columns.reshape(channels, kernel, images, *self.out_size)
        padded = np.zeros((images, channels, *self.padded_size), columns.dtype)
        for index, pixels in enumerate(self.elements(padded)):
            pixels += by_element[:, index].swapaxes(0, 1)
        return self.unpad(padded)


def _places(window: Window, element: int, places: int) -> slice:
    start = element * window.dilation
    return slice(start, start + places * window.stride, window.stride)


def make_windows(
    kernel: int | tuple[int, int],
    *,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
) -> tuple[Window, Window]:
    """Return the windows over rows and columns that integers or pairs (rows, columns) describe."""
    kernels, strides = as_pair(kernel, "kernel"), as_pair(stride, "stride")
    paddings = as_pair(padding, "padding", minimum=0)
    dilations = as_pair(dilation, "dilation")
    return (
        Window(kernels[0], strides[0], paddings[0], dilations[0]),
        Window(kernels[1], strides[1], paddings[1], dilations[1]),
    )


def lay_windows(
    shape: tuple[int, ...],
    kernel: int | tuple[int, int],
    *,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
    rounding: Rounding = "exact",
) -> SlidingWindows:
    """Return the windows laid on images of `shape` (..., H, W)."""
    rows, columns = make_windows(kernel, stride=stride, padding=padding, dilation=dilation)
    return SlidingWindows(rows, columns, (shape[-2], shape[-1]), rounding)


def split_groups(maps: FloatArray, groups: int) -> FloatArray:
    """Bring maps (N, F, OH, OW) to the layout of a product with columns, (G, F/G, N*OH*OW)."""
    filters = maps.shape[1]
    return maps.swapaxes(0, 1).reshape(groups, filters // groups, -1)


def join_groups(product: FloatArray, out_size: tuple[int, int]) -> FloatArray:
    """Bring a product with columns, (G, F/G, N*OH*OW), to maps (N, F, OH, OW).

    The columns of all images stand side by side, so the images come out as the second axis and
    must be moved to the front: a reshape alone would mix images and filters.
    """
    filters = product.shape[0] * product.shape[1]
    images = product.shape[2] // (out_size[0] * out_size[1])
    return product.reshape(filters, images, *out_size).swapaxes(0, 1)


def im2col(
    x: ArrayLike,
    kernel: int | tuple[int, int],
    *,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
    rounding: Rounding = "exact",
) -> FloatArray:
    """Stretch every patch that a filter sees into a column: (N, C, H, W) to (C*KH*KW, N*OH*OW).

    The rows are ordered as in a filter, channels slowest, so a convolution is the product of
    W_row (F, C*KH*KW) and this; the columns image by image, each row by row. A 227x227x3 image
    under 11x11 windows of stride 4 becomes 363 x 3025 (tutorial part 3). A pixel is stored once
    for every window over it, which is what the method costs in memory.

    Raises ValueError: images that are not (N, C, H, W), or windows that do not fit.
    """
    x = as_images(x)
    windows = lay_windows(
        x.shape,
        kernel,
        stride=stride,
        padding=padding,
        dilation=dilation,
        rounding=rounding,
    )
    columns = windows.to_columns(x)
    # A 1x1 window needs no copy; the caller must not get a view of its own images.
    return columns.copy() if np.may_share_memory(columns, x) else columns


def col2im(
    columns: ArrayLike,
    shape: tuple[int, int, int, int],
    kernel: int | tuple[int, int],
    *,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
    rounding: Rounding = "exact",
) -> FloatArray:
    """Add columns (C*KH*KW, N*OH*OW) up into images of `shape` (N, C, H, W).

    The adjoint of `im2col` (the gradient goes back through it), not its inverse: a pixel under
    k windows receives k terms.

    Raises ValueError: columns that `im2col` would not make of images of this shape.
    """
    windows = lay_windows(
        shape,
        kernel,
        stride=stride,
        padding=padding,
        dilation=dilation,
        rounding=rounding,
    )
    kernel_height, kernel_width = windows.kernel_size
    out_height, out_width = windows.out_size
    expected = (shape[1] * kernel_height * kernel_width, shape[0] * out_height * out_width)
    array = as_float_array(columns, "columns", ndim=2)
    check_same_shape(array, "columns", expected, "the images' patches")
    return windows.add_columns(array).copy()
