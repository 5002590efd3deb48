"""Properties of the convolution layer (s.281-303): `forward(x, w, b, stride, pad)`.

Images x are (N, C, H, W), filters w (F, C, HH, WW), biases b (F,); the layer correlates, it does
not flip.
"""

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
    turned,
)
from autograder.checks.properties.registry import Cases, Function, course_property
from autograder.checks.strategies import ConvSetting, conv_settings, images

__all__ = [
    "conv_1x1_is_a_layer_for_each_pixel",
    "conv_adds_over_the_channels",
    "conv_backward_answers_for_any_filters",
    "conv_backward_answers_for_any_image",
    "conv_backward_is_adjoint",
    "conv_bias_gradient_sums_its_map",
    "conv_gradients_add_over_the_batch",
    "conv_is_a_product_with_im2col",
    "conv_is_linear_in_the_filters",
    "conv_is_linear_in_the_image",
    "conv_maps_follow_their_filters",
    "conv_moves_with_the_image",
    "conv_of_a_black_image_is_the_bias",
    "conv_of_the_whole_image_is_a_layer",
    "conv_padding_is_a_frame_of_zeros",
    "conv_stride_leaves_places_out",
    "conv_takes_each_image_alone",
    "conv_with_a_single_1_picks_a_pixel",
]

FORWARD = "forward(x (N, C, H, W), w (F, C, HH, WW), b (F,), stride, pad) -> out (N, F, H', W')"
BACKWARD = "backward(dout, x, w, b, stride, pad) -> (dx, dw, db)"
AFFINE = "affine(x (N, D), w (D, M), b (M,)) -> out (N, M)"
OUTPUT = "the output"


def _settings() -> Cases:
    return conv_settings().map(lambda s: (s.x, s.w, s.b, s.stride, s.pad))


def _images_and_filters() -> Cases:
    edges = ("plain", "1x1 filter", "one bright pixel", "no bias")
    return conv_settings(edges=edges, max_pad=0).map(lambda s: (s.x, s.w, s.b))


def _pixels() -> Cases:
    return images(min_size=3, max_size=6, edges=("plain", "one pixel", "checkerboard")).map(
        lambda x: (x,)
    )


def _shape(x: Array, w: Array, stride: int, pad: int) -> tuple[int, ...]:
    return ConvSetting(x, w, w, stride, pad, "").output_shape


@course_property(needs=FORWARD, cases=_settings, relates=False)
def conv_of_a_black_image_is_the_bias(
    forward: Function, x: Array, w: Array, b: Array, stride: int, pad: int
) -> None:
    """An image that is all 0 gives each map its filter's bias, everywhere."""
    shape = _shape(x, w, stride, pad)
    expected = np.broadcast_to(b[None, :, None, None], shape)
    check_value(forward(np.zeros_like(x), w, b, stride, pad), expected, what=OUTPUT)


@course_property(needs=FORWARD, cases=_settings)
def conv_is_linear_in_the_image(
    forward: Function, x: Array, w: Array, b: Array, stride: int, pad: int
) -> None:
    """Without a bias, the output of a sum of images is the sum of their outputs."""
    shape, none = _shape(x, w, stride, pad), np.zeros_like(b)
    other = pattern(x.shape, x.dtype, seed=2)
    first = own(forward(x, w, none, stride, pad), shape, what=OUTPUT)
    second = own(forward(other, w, none, stride, pad), shape, what=OUTPUT)
    got = own(forward(x + 2 * other, w, none, stride, pad), shape, what=OUTPUT)
    close(got, first + 2 * second, np.abs(first) + 2 * np.abs(second) + 1, what=OUTPUT)


@course_property(needs=FORWARD, cases=_settings)
def conv_is_linear_in_the_filters(
    forward: Function, x: Array, w: Array, b: Array, stride: int, pad: int
) -> None:
    """Filters twice as large with biases twice as large have twice the output."""
    before = own(forward(x, w, b, stride, pad), _shape(x, w, stride, pad), what=OUTPUT)
    check_value(forward(x, 2 * w, 2 * b, stride, pad), 2 * before, what=OUTPUT)


@course_property(needs=FORWARD, cases=_pixels)
def conv_moves_with_the_image(forward: Function, x: Array) -> None:
    """An object that moves in the image moves its response by as much, and does not change it."""
    w, b = pattern((2, x.shape[1], 2, 3), x.dtype, seed=3), np.zeros(2, x.dtype)
    canvas = np.pad(x, ((0, 0), (0, 0), (2, 3), (2, 3)))
    moved = np.roll(canvas, (1, 1), axis=(2, 3))
    before = own(forward(canvas, w, b, 1, 0), _shape(canvas, w, 1, 0), what=OUTPUT)
    check_value(forward(moved, w, b, 1, 0), np.roll(before, (1, 1), axis=(2, 3)), what=OUTPUT)


@course_property(needs=FORWARD, cases=_pixels, relates=False)
def conv_with_a_single_1_picks_a_pixel(forward: Function, x: Array) -> None:
    """A filter that is 0 but for one 1 gives the image back, moved to where the 1 stands."""
    channels, (height, width) = x.shape[1], x.shape[2:]
    for row, column in ((0, 0), (0, 1), (1, 0)):
        w = np.zeros((1, channels, 2, 2), x.dtype)
        w[0, -1, row, column] = 1.0
        expected = x[:, -1:, row : row + height - 1, column : column + width - 1]
        check_value(forward(x, w, np.zeros(1, x.dtype), 1, 0), expected, what=OUTPUT)


@course_property(needs=FORWARD, cases=_settings)
def conv_maps_follow_their_filters(
    forward: Function, x: Array, w: Array, b: Array, stride: int, pad: int
) -> None:
    """Each filter makes its own map: another order of the filters moves the maps along."""
    order = turned(len(w))
    before = own(forward(x, w, b, stride, pad), _shape(x, w, stride, pad), what=OUTPUT)
    check_value(forward(x, w[order], b[order], stride, pad), before[:, order], what=OUTPUT)
    check_value(forward(x, w[:1], b[:1], stride, pad), before[:, :1], what=OUTPUT)


@course_property(needs=FORWARD, cases=_settings)
def conv_adds_over_the_channels(
    forward: Function, x: Array, w: Array, b: Array, stride: int, pad: int
) -> None:
    """The output is the sum over the channels of each one with its part of the filter."""
    shape, none = _shape(x, w, stride, pad), np.zeros_like(b)
    terms = [
        own(forward(x[:, c : c + 1], w[:, c : c + 1], none, stride, pad), shape, what=OUTPUT)
        for c in range(x.shape[1])
    ]
    got = own(forward(x, w, none, stride, pad), shape, what=OUTPUT)
    close(got, np.sum(terms, axis=0), np.sum(np.abs(terms), axis=0) + 1, what=OUTPUT)


@course_property(needs=FORWARD, cases=_settings)
def conv_takes_each_image_alone(
    forward: Function, x: Array, w: Array, b: Array, stride: int, pad: int
) -> None:
    """The output of one image does not depend on the others of the batch."""
    batch = np.concatenate([x, x[:1] + 1])
    together = own(forward(batch, w, b, stride, pad), _shape(batch, w, stride, pad), what=OUTPUT)
    check_value(forward(batch[:1], w, b, stride, pad), together[:1], what=OUTPUT)
    check_value(forward(batch[-1:], w, b, stride, pad), together[-1:], what=OUTPUT)


@course_property(needs=FORWARD, cases=_settings)
def conv_padding_is_a_frame_of_zeros(
    forward: Function, x: Array, w: Array, b: Array, stride: int, pad: int
) -> None:
    """Padding is the same as a frame of zeros around the image: `pad` on each of its sides."""
    framed = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    shape = _shape(framed, w, 1, 0)
    expected = own(forward(framed, w, b, 1, 0), shape, what=OUTPUT)
    check_value(forward(x, w, b, 1, 1), expected, what=OUTPUT)


@course_property(needs=FORWARD, cases=_settings)
def conv_stride_leaves_places_out(
    forward: Function, x: Array, w: Array, b: Array, stride: int, pad: int
) -> None:
    """A stride of S gives every S-th row and column of the output with stride 1."""
    every = own(forward(x, w, b, 1, pad), _shape(x, w, 1, pad), what=OUTPUT)
    check_value(forward(x, w, b, stride, pad), every[:, :, ::stride, ::stride], what=OUTPUT)


@course_property(needs=f"{FORWARD}; {AFFINE}", cases=_images_and_filters)
def conv_1x1_is_a_layer_for_each_pixel(
    forward: Function, affine: Function, x: Array, w: Array, b: Array
) -> None:
    """A 1x1 convolution is a fully connected layer over the channels, for each pixel alone."""
    one = w[:, :, :1, :1].copy()
    pixels = np.moveaxis(x, 1, -1).reshape(-1, x.shape[1])
    rows = own(affine(pixels, one[:, :, 0, 0].T.copy(), b), (len(pixels), len(b)), what=OUTPUT)
    expected = np.moveaxis(rows.reshape(len(x), *x.shape[2:], len(b)), -1, 1)
    check_value(forward(x, one, b, 1, 0), expected, what=OUTPUT)


@course_property(needs=f"{FORWARD}; {AFFINE}", cases=_images_and_filters)
def conv_of_the_whole_image_is_a_layer(
    forward: Function, affine: Function, x: Array, w: Array, b: Array
) -> None:
    """Filters as large as the image are a fully connected layer of the flattened image."""
    filters = pattern((2, *x.shape[1:]), x.dtype, seed=3)
    bias = pattern((2,), x.dtype, seed=4)
    flat = affine(x.reshape(len(x), -1), filters.reshape(2, -1).T.copy(), bias)
    expected = own(flat, (len(x), 2), what=OUTPUT)
    check_value(forward(x, filters, bias, 1, 0), expected[:, :, None, None], what=OUTPUT)


@course_property(
    needs=f"{FORWARD}; im2col(x, HH, WW, stride, pad) -> (C*HH*WW, N*H'*W'), image by image",
    cases=_settings,
)
def conv_is_a_product_with_im2col(
    forward: Function, im2col: Function, x: Array, w: Array, b: Array, stride: int, pad: int
) -> None:
    """The filters as rows times the columns of im2col give the convolution."""
    n, f, height, width = _shape(x, w, stride, pad)
    columns = own(
        im2col(x, *w.shape[2:], stride, pad), (w[0].size, n * height * width), what="the columns"
    )
    product = w.reshape(f, -1) @ columns + b[:, None]
    expected = product.reshape(f, n, height, width).swapaxes(0, 1)
    check_value(forward(x, w, b, stride, pad), expected, what=OUTPUT)


@course_property(needs=f"{FORWARD}; {BACKWARD}", cases=_settings)
def conv_backward_is_adjoint(
    forward: Function, backward: Function, x: Array, w: Array, b: Array, stride: int, pad: int
) -> None:
    """Without a bias, `<dout, conv(x)> = <dx, x> = <dw, w>`."""
    shape, none = _shape(x, w, stride, pad), np.zeros_like(b)
    dout = pattern(shape, x.dtype, seed=2)
    out = own(forward(x, w, none, stride, pad), shape, what=OUTPUT)
    dx, dw, _ = own_gradients(backward(dout, x, w, none, stride, pad), x, w, b)
    same_inner((dx, x), (dout, out), what=gradient_name(0))
    same_inner((dw, w), (dout, out), what=gradient_name(1))


@course_property(needs=f"{FORWARD}; {BACKWARD}", cases=_settings)
def conv_backward_answers_for_any_image(
    forward: Function, backward: Function, x: Array, w: Array, b: Array, stride: int, pad: int
) -> None:
    """`dx` tells what any other image would give: `<dx, image> = <dout, conv(image)>`."""
    shape, none = _shape(x, w, stride, pad), np.zeros_like(b)
    dout, image = pattern(shape, x.dtype, seed=2), pattern(x.shape, x.dtype, seed=6)
    out = own(forward(image, w, none, stride, pad), shape, what=OUTPUT)
    dx, _, _ = own_gradients(backward(dout, x, w, none, stride, pad), x, w, b)
    same_inner((dx, image), (dout, out), what=gradient_name(0))


@course_property(needs=f"{FORWARD}; {BACKWARD}", cases=_settings)
def conv_backward_answers_for_any_filters(
    forward: Function, backward: Function, x: Array, w: Array, b: Array, stride: int, pad: int
) -> None:
    """`dw` tells what any other filters would give: `<dw, filters> = <dout, conv(x, filters)>`."""
    shape, none = _shape(x, w, stride, pad), np.zeros_like(b)
    dout, filters = pattern(shape, x.dtype, seed=2), pattern(w.shape, x.dtype, seed=7)
    out = own(forward(x, filters, none, stride, pad), shape, what=OUTPUT)
    _, dw, _ = own_gradients(backward(dout, x, w, none, stride, pad), x, w, b)
    same_inner((dw, filters), (dout, out), what=gradient_name(1))


@course_property(needs=BACKWARD, cases=_settings, relates=False)
def conv_bias_gradient_sums_its_map(
    backward: Function, x: Array, w: Array, b: Array, stride: int, pad: int
) -> None:
    """The gradient of a bias is the sum of the upstream gradient over its map and the batch."""
    dout = pattern(_shape(x, w, stride, pad), x.dtype, seed=2)
    *_, db = own_gradients(backward(dout, x, w, b, stride, pad), x, w, b)
    check_value(db, dout.sum(axis=(0, 2, 3)), what=gradient_name(2))


@course_property(needs=BACKWARD, cases=_settings)
def conv_gradients_add_over_the_batch(
    backward: Function, x: Array, w: Array, b: Array, stride: int, pad: int
) -> None:
    """The filters' gradient of a batch is the sum of the gradients of its images."""
    batch = np.concatenate([x, x[:1] + 1])
    dout = pattern(_shape(batch, w, stride, pad), x.dtype, seed=2)
    terms = [
        own_gradients(backward(dout[n : n + 1], batch[n : n + 1], w, b, stride, pad), x[:1], w, b)
        for n in range(len(batch))
    ]
    dx, dw, _ = own_gradients(backward(dout, batch, w, b, stride, pad), batch, w, b)
    check_value(dx, np.concatenate([term[0] for term in terms]), what=gradient_name(0))
    weights = np.array([term[1] for term in terms])
    close(dw, weights.sum(axis=0), np.abs(weights).sum(axis=0) + 1, what=gradient_name(1))
