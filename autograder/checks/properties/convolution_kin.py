"""Properties of grouped, depthwise, dilated, transposed and true convolutions, and of im2col."""

from __future__ import annotations

import numpy as np

from autograder.checks.compare import check_value
from autograder.checks.properties.own import (
    Array,
    close,
    gradient_name,
    own,
    own_gradients,
    pattern,
    same_inner,
)
from autograder.checks.properties.registry import Cases, Function, course_property
from autograder.checks.strategies import ConvSetting, conv_settings, images

__all__ = [
    "affine_weights_become_filters",
    "col2im_is_adjoint_to_im2col",
    "convolution_correlates_with_the_turned_kernel",
    "convolution_is_commutative",
    "convolution_of_a_pixel_is_the_kernel",
    "depthwise_keeps_the_channels_apart",
    "dilation_puts_zeros_into_the_filter",
    "groups_are_convolutions_side_by_side",
    "im2col_columns_are_the_patches",
    "one_group_is_a_plain_convolution",
    "transposed_backward_is_adjoint",
    "transposed_convolution_is_adjoint",
    "transposed_convolution_stamps_the_filter",
    "two_convolutions_are_one",
]

CONV = "conv(x (N, C, H, W), w (F, C, HH, WW), b (F,), stride, pad) -> out (N, F, H', W')"
GROUPED = "grouped(x, w (F, C/groups, HH, WW), b, stride, pad, groups) -> out"
DILATED = "dilated(x, w, b, dilation) -> out, stride 1 and no padding"
TRANSPOSED = "transposed(x (N, F, H, W), w (F, C, HH, WW), stride, pad) -> out (N, C, H', W')"
CONVOLVE = "convolve(image (H, W), kernel (KH, KW)) -> out, where they overlap wholly (valid)"
FULL = "convolve_full(image (H, W), kernel (KH, KW)) -> out (H + KH - 1, W + KW - 1)"
CORRELATE = "correlate(image (H, W), kernel (KH, KW)) -> out (valid)"
IM2COL = "im2col(x, HH, WW, stride, pad) -> columns (C*HH*WW, N*H'*W')"
COL2IM = "col2im(columns, shape (N, C, H, W), HH, WW, stride, pad) -> images"
OUTPUT = "the output"


def _settings() -> Cases:
    return conv_settings().map(lambda s: (s.x, s.w, s.b, s.stride, s.pad))


def _image_and_kernel() -> Cases:
    made = images(min_size=3, max_size=6, max_samples=1, max_channels=1)
    return made.map(lambda x: (x[0, 0], pattern((2, 3), x.dtype, seed=3)))


def _pixels() -> Cases:
    edges = ("plain", "one pixel", "checkerboard")
    return images(min_size=5, max_size=7, max_samples=2, max_channels=2, edges=edges).map(
        lambda x: (x,)
    )


def _shape(x: Array, w: Array, stride: int, pad: int) -> tuple[int, ...]:
    return ConvSetting(x, w, w, stride, pad, "").output_shape


@course_property(needs=f"{GROUPED}; {CONV}", cases=_settings)
def groups_are_convolutions_side_by_side(
    grouped: Function, conv: Function, x: Array, w: Array, b: Array, stride: int, pad: int
) -> None:
    """A convolution in two groups is two convolutions, of each half of the channels."""
    double, filters = np.concatenate([x, 2 * x + 1], axis=1), np.concatenate([w, w + 1])
    bias, shape = np.concatenate([b, b - 1]), _shape(x, w, stride, pad)
    first = own(conv(x, w, b, stride, pad), shape, what=OUTPUT)
    second = own(conv(2 * x + 1, w + 1, b - 1, stride, pad), shape, what=OUTPUT)
    got = grouped(double, filters, bias, stride, pad, 2)
    check_value(got, np.concatenate([first, second], axis=1), what=OUTPUT)


@course_property(needs=f"{GROUPED}; {CONV}", cases=_settings)
def one_group_is_a_plain_convolution(
    grouped: Function, conv: Function, x: Array, w: Array, b: Array, stride: int, pad: int
) -> None:
    """A convolution in one group is the plain convolution."""
    expected = own(conv(x, w, b, stride, pad), _shape(x, w, stride, pad), what=OUTPUT)
    check_value(grouped(x, w, b, stride, pad, 1), expected, what=OUTPUT)


@course_property(needs=f"depthwise: {GROUPED} with groups = C", cases=_pixels)
def depthwise_keeps_the_channels_apart(grouped: Function, x: Array) -> None:
    """A depthwise convolution never mixes channels: changing one changes its own map only."""
    channels = x.shape[1] + 1
    images_ = np.concatenate([x, x[:, :1] - 2], axis=1)
    w, b = pattern((channels, 1, 2, 2), x.dtype, seed=3), np.zeros(channels, x.dtype)
    shape = (len(x), channels, x.shape[2] - 1, x.shape[3] - 1)
    before = own(grouped(images_, w, b, 1, 0, channels), shape, what=OUTPUT)
    changed = images_.copy()
    changed[:, -1] *= 3
    expected = before.copy()
    expected[:, -1] *= 3
    check_value(grouped(changed, w, b, 1, 0, channels), expected, what=OUTPUT)


@course_property(needs=f"{DILATED}; {CONV}", cases=_pixels)
def dilation_puts_zeros_into_the_filter(dilated: Function, conv: Function, x: Array) -> None:
    """A dilation of 2 is the same as a filter with zeros between its entries."""
    w, b = pattern((2, x.shape[1], 2, 2), x.dtype, seed=3), pattern((2,), x.dtype, seed=4)
    spread = np.zeros((2, x.shape[1], 3, 3), x.dtype)
    spread[:, :, ::2, ::2] = w
    expected = own(conv(x, spread, b, 1, 0), _shape(x, spread, 1, 0), what=OUTPUT)
    check_value(dilated(x, w, b, 2), expected, what=OUTPUT)


@course_property(needs=f"{TRANSPOSED}; {CONV}", cases=_settings)
def transposed_convolution_is_adjoint(
    transposed: Function, conv: Function, x: Array, w: Array, b: Array, stride: int, pad: int
) -> None:
    """`<y, conv(x)> = <transposed(y), x>`, with the same filters, stride and padding."""
    shape = _shape(x, w, stride, pad)
    y = pattern(shape, x.dtype, seed=2)
    out = own(conv(x, w, np.zeros_like(b), stride, pad), shape, what=OUTPUT)
    back = own(transposed(y, w, stride, pad), x.shape, what=OUTPUT)
    same_inner((back, x), (y, out), what=OUTPUT)


@course_property(needs=TRANSPOSED, cases=_settings, relates=False)
def transposed_convolution_stamps_the_filter(
    transposed: Function, x: Array, w: Array, b: Array, stride: int, pad: int
) -> None:
    """A single bright pixel gives the filter itself, placed at the pixel times the stride."""
    pixel = np.zeros((1, len(w), 2, 2), x.dtype)
    pixel[0, -1, 1, 0] = 3.0
    height, width = stride + w.shape[2], stride + w.shape[3]
    expected = np.zeros((1, w.shape[1], height, width))
    expected[0, :, stride:, : w.shape[3]] = 3.0 * w[-1]
    check_value(transposed(pixel, w, stride, 0), expected, what=OUTPUT)


@course_property(
    needs=f"{TRANSPOSED}; backward(dout, x, w, stride, pad) -> (dx, dw)", cases=_settings
)
def transposed_backward_is_adjoint(
    transposed: Function, backward: Function, x: Array, w: Array, b: Array, stride: int, pad: int
) -> None:
    """Of a transposed convolution too, `<dout, out> = <dx, x> = <dw, w>`."""
    y = pattern(_shape(x, w, stride, pad), x.dtype, seed=2)
    dout = pattern(x.shape, x.dtype, seed=5)
    out = own(transposed(y, w, stride, pad), x.shape, what=OUTPUT)
    dy, dw = own_gradients(backward(dout, y, w, stride, pad), y, w)
    same_inner((dy, y), (dout, out), what=gradient_name(0))
    same_inner((dw, w), (dout, out), what=gradient_name(1))


@course_property(needs=f"{CONVOLVE}; {CORRELATE}", cases=_image_and_kernel)
def convolution_correlates_with_the_turned_kernel(
    convolve: Function, correlate: Function, image: Array, kernel: Array
) -> None:
    """A true convolution is a correlation with the kernel turned by 180 degrees."""
    shape = (image.shape[0] - 1, image.shape[1] - 2)
    expected = own(correlate(image, kernel[::-1, ::-1].copy()), shape, what=OUTPUT)
    check_value(convolve(image, kernel), expected, what=OUTPUT)


@course_property(needs=FULL, cases=_image_and_kernel)
def convolution_is_commutative(convolve: Function, image: Array, kernel: Array) -> None:
    """Image and kernel of a full convolution may be swapped."""
    shape = tuple(a + k - 1 for a, k in zip(image.shape, kernel.shape, strict=True))
    expected = own(convolve(image, kernel), shape, what=OUTPUT)
    close(
        own(convolve(kernel, image), shape, what=OUTPUT),
        expected,
        1 + np.abs(expected),
        what=OUTPUT,
    )


@course_property(needs=FULL, cases=_image_and_kernel, relates=False)
def convolution_of_a_pixel_is_the_kernel(convolve: Function, image: Array, kernel: Array) -> None:
    """A full convolution of a single bright pixel gives the kernel as it is, not turned."""
    pixel = np.zeros_like(image)
    pixel[1, 0] = 2.0
    shape = tuple(a + k - 1 for a, k in zip(image.shape, kernel.shape, strict=True))
    expected = np.zeros(shape)
    expected[1 : 1 + kernel.shape[0], : kernel.shape[1]] = 2.0 * kernel
    check_value(convolve(pixel, kernel), expected, what=OUTPUT)


@course_property(needs=FULL, cases=_image_and_kernel)
def two_convolutions_are_one(convolve: Function, image: Array, kernel: Array) -> None:
    """Two full convolutions one after another are one with the convolution of both kernels."""
    other = pattern((2, 2), image.dtype, seed=8)
    once = own(convolve(image, kernel), what=OUTPUT)
    combined = own(convolve(kernel, other), (kernel.shape[0] + 1, kernel.shape[1] + 1), what=OUTPUT)
    twice = own(convolve(once, other), what=OUTPUT)
    got = own(convolve(image, combined), twice.shape, what=OUTPUT)
    close(got, twice, 20 * np.abs(combined).sum(), what=OUTPUT)


@course_property(needs=IM2COL, cases=_settings, relates=False)
def im2col_columns_are_the_patches(
    im2col: Function, x: Array, w: Array, b: Array, stride: int, pad: int
) -> None:
    """The first column of im2col is the first patch, and the last one the last patch."""
    n, _, height, width = _shape(x, w, stride, pad)
    rows, columns = w.shape[2:]
    framed = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    got = own(im2col(x, rows, columns, stride, pad), (w[0].size, n * height * width), what=OUTPUT)
    down, right = (height - 1) * stride, (width - 1) * stride
    check_value(got[:, 0], framed[0, :, :rows, :columns].ravel(), what=OUTPUT)
    last = framed[-1, :, down : down + rows, right : right + columns]
    check_value(got[:, -1], last.ravel(), what=OUTPUT)


@course_property(needs=f"{IM2COL}; {COL2IM}", cases=_settings)
def col2im_is_adjoint_to_im2col(
    im2col: Function, col2im: Function, x: Array, w: Array, b: Array, stride: int, pad: int
) -> None:
    """`<columns, im2col(x)> = <col2im(columns), x>`: overlaps are summed."""
    n, _, height, width = _shape(x, w, stride, pad)
    columns = pattern((w[0].size, n * height * width), x.dtype, seed=2)
    patches = own(im2col(x, *w.shape[2:], stride, pad), columns.shape, what=OUTPUT)
    back = own(col2im(columns, x.shape, *w.shape[2:], stride, pad), x.shape, what=OUTPUT)
    same_inner((back, x), (columns, patches), what=OUTPUT)


@course_property(
    needs=f"{CONV}; filters(w (C*H*W, M), (C, H, W)) -> w (M, C, H, W); "
    "affine(x (N, D), w (D, M), b (M,)) -> out",
    cases=_pixels,
)
def affine_weights_become_filters(
    conv: Function, filters: Function, affine: Function, x: Array
) -> None:
    """A fully connected layer turned into filters as large as the image gives the same numbers."""
    w, b = pattern((x[0].size, 2), x.dtype, seed=3), np.zeros(2, x.dtype)
    made = own(filters(w, x.shape[1:]), (2, *x.shape[1:]), what="the weights")
    expected = own(affine(x.reshape(len(x), -1), w, b), (len(x), 2), what=OUTPUT)
    check_value(conv(x, made, b, 1, 0), expected[:, :, None, None], what=OUTPUT)
