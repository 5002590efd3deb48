"""Properties of pooling: max, average, L2, global, adaptive (s.304-311).

`pool(x, window, stride)` takes images (N, C, H, W) and a window (height, width).
"""

from __future__ import annotations

import numpy as np

from autograder.checks.compare import check_value
from autograder.checks.properties.own import (
    Array,
    close,
    own,
    own_gradients,
    pattern,
    same_inner,
    turned,
    within,
)
from autograder.checks.properties.registry import Cases, Function, course_property
from autograder.checks.strategies import images, pool_settings

__all__ = [
    "adaptive_pooling_sees_the_first_and_the_last_row",
    "adaptive_pooling_that_divides_is_plain_pooling",
    "adaptive_pooling_to_its_own_size_changes_nothing",
    "average_pooling_backward_is_adjoint",
    "average_pooling_is_linear",
    "average_pooling_keeps_the_mean",
    "global_average_ignores_the_places",
    "l2_pooling_of_a_black_window_has_no_gradient",
    "l2_pooling_of_ones_counts_the_window",
    "l2_pooling_scales_with_the_contrast",
    "max_pooling_moves_with_the_brightness",
    "max_pooling_picks_the_largest",
    "max_pooling_routes_to_winners_only",
    "maximum_is_at_least_the_mean",
    "pooling_backward_fits_its_output",
    "pooling_gradient_is_linear_in_the_upstream",
    "pooling_hands_the_whole_gradient_on",
    "pooling_keeps_the_channels_apart",
    "pooling_of_equal_pixels_gives_the_pixel",
]

POOL = "pool(x (N, C, H, W), window, stride) -> out (N, C, H', W')"
BACKWARD = "backward(dout, x, window, stride) -> dx"
GLOBAL = "global_pool(x (N, C, H, W)) -> out (N, C)"
ADAPTIVE = "adaptive(x (N, C, H, W), (H', W')) -> out (N, C, H', W')"
OUTPUT = "the output"
GRADIENT = "the gradient"
Window = tuple[int, int]


def _settings() -> Cases:
    return pool_settings().map(lambda s: (s.x, s.window, s.stride))


def _smooth() -> Cases:
    return pool_settings(ties=False).map(lambda s: (s.x, s.window, s.stride))


def _images() -> Cases:
    return images(max_size=5).map(lambda x: (x,))


def _shape(x: Array, window: Window, stride: int) -> tuple[int, ...]:
    places = (1 + (n - k) // stride for n, k in zip(x.shape[2:], window, strict=True))
    return (*x.shape[:2], *places)


@course_property(needs=f"any {POOL} but the L2 one", cases=_settings, relates=False)
def pooling_of_equal_pixels_gives_the_pixel(
    pool: Function, x: Array, window: Window, stride: int
) -> None:
    """Where all pixels of each window are equal, pooling gives that pixel."""
    constant = np.full_like(x, 2.5)
    check_value(
        pool(constant, window, stride), np.full(_shape(x, window, stride), 2.5), what=OUTPUT
    )


@course_property(needs=f"any {POOL}", cases=_settings)
def pooling_keeps_the_channels_apart(pool: Function, x: Array, window: Window, stride: int) -> None:
    """Pooling takes each channel of each image alone."""
    shape = _shape(x, window, stride)
    more = np.concatenate([x, x[:, :1] - 3], axis=1)
    together = own(pool(more, window, stride), (shape[0], shape[1] + 1, *shape[2:]), what=OUTPUT)
    check_value(pool(more[:, -1:], window, stride), together[:, -1:], what=OUTPUT)
    check_value(pool(x[:1], window, stride), together[:1, :-1], what=OUTPUT)


@course_property(needs=f"max: {POOL}", cases=_settings, relates=False)
def max_pooling_picks_the_largest(pool: Function, x: Array, window: Window, stride: int) -> None:
    """Max pooling gives the largest pixel of each window, padding never wins."""
    shape = _shape(x, window, stride)
    expected = np.empty(shape)
    for row in range(shape[2]):
        for column in range(shape[3]):
            top, left = row * stride, column * stride
            part = x[:, :, top : top + window[0], left : left + window[1]]
            expected[:, :, row, column] = part.max(axis=(2, 3))
    check_value(pool(x, window, stride), expected, what=OUTPUT)


@course_property(needs=f"max: {POOL}", cases=_settings)
def max_pooling_moves_with_the_brightness(
    pool: Function, x: Array, window: Window, stride: int
) -> None:
    """An image brighter by 3 has an output larger by 3; one of twice the contrast, twice it."""
    before = own(pool(x, window, stride), _shape(x, window, stride), what=OUTPUT)
    check_value(pool(x + 3, window, stride), before + 3, what=OUTPUT)
    check_value(pool(2 * x - 9, window, stride), 2 * before - 9, what=OUTPUT)


@course_property(needs=f"max: {POOL}; average: {POOL}", cases=_settings)
def maximum_is_at_least_the_mean(
    largest: Function, average: Function, x: Array, window: Window, stride: int
) -> None:
    """The largest pixel of a window is never below their mean, and the negative's never above."""
    mean = own(average(x, window, stride), _shape(x, window, stride), what=OUTPUT)
    within(own(largest(x, window, stride), mean.shape, what=OUTPUT), mean, what=OUTPUT)
    lowest = -own(largest(-x, window, stride), mean.shape, what=OUTPUT)
    within(mean, lowest, what=OUTPUT)


@course_property(needs=f"average: {POOL}", cases=_settings)
def average_pooling_is_linear(pool: Function, x: Array, window: Window, stride: int) -> None:
    """The average of a sum of images is the sum of their averages."""
    other, shape = pattern(x.shape, x.dtype, seed=2), _shape(x, window, stride)
    first = own(pool(x, window, stride), shape, what=OUTPUT)
    second = own(pool(other, window, stride), shape, what=OUTPUT)
    got = own(pool(x + 2 * other, window, stride), shape, what=OUTPUT)
    close(got, first + 2 * second, np.abs(first) + 2 * np.abs(second) + 4, what=OUTPUT)


@course_property(needs=f"average: {POOL}", cases=_images, relates=False)
def average_pooling_keeps_the_mean(pool: Function, x: Array) -> None:
    """Windows that tile the image leave the mean of each channel as it is."""
    tiled = np.concatenate([np.concatenate([x, -x], axis=2), np.concatenate([3 * x, x], axis=2)], 3)
    window = (tiled.shape[2] // 2, tiled.shape[3] // 2)
    if window[0] == window[1]:
        got = own(pool(tiled, window, window[0]), (*x.shape[:2], 2, 2), what=OUTPUT)
        size = np.abs(tiled).mean(axis=(2, 3)) + 1
        close(got.mean(axis=(2, 3)), tiled.mean(axis=(2, 3)), size, what=OUTPUT)


@course_property(needs=f"any {BACKWARD}", cases=_smooth)
def pooling_gradient_is_linear_in_the_upstream(
    backward: Function, x: Array, window: Window, stride: int
) -> None:
    """The gradient of a sum of upstream gradients is the sum of their gradients."""
    shape = _shape(x, window, stride)
    one, other = pattern(shape, x.dtype, seed=2), pattern(shape, x.dtype, seed=5)
    first = own_gradients(backward(one, x, window, stride), x)[0]
    second = own_gradients(backward(other, x, window, stride), x)[0]
    got = own_gradients(backward(one + 2 * other, x, window, stride), x)[0]
    close(got, first + 2 * second, np.abs(first) + 2 * np.abs(second) + 1, what=GRADIENT)


@course_property(needs=f"max or average: {BACKWARD}", cases=_smooth, relates=False)
def pooling_hands_the_whole_gradient_on(
    backward: Function, x: Array, window: Window, stride: int
) -> None:
    """What comes in from above goes out below: dx sums to the sum of dout."""
    dout = pattern(_shape(x, window, stride), x.dtype, seed=2)
    dx = own_gradients(backward(dout, x, window, stride), x)[0]
    size = np.abs(dout).sum(axis=(2, 3))
    close(dx.sum(axis=(2, 3)), dout.sum(axis=(2, 3)), size, what=GRADIENT)


@course_property(needs=f"{POOL} and {BACKWARD}, of any pooling", cases=_smooth)
def pooling_backward_fits_its_output(
    pool: Function, backward: Function, x: Array, window: Window, stride: int
) -> None:
    """`<dx, x> = <dout, out>`: every pooling scales with its image."""
    shape = _shape(x, window, stride)
    dout = pattern(shape, x.dtype, seed=2)
    out = own(pool(x, window, stride), shape, what=OUTPUT)
    same_inner(
        (own_gradients(backward(dout, x, window, stride), x)[0], x), (dout, out), what=GRADIENT
    )


@course_property(needs=f"max: {BACKWARD}", cases=_smooth, relates=False)
def max_pooling_routes_to_winners_only(
    backward: Function, x: Array, window: Window, stride: int
) -> None:
    """Max pooling gives no gradient to a pixel that is the largest of none of its windows."""
    shape = _shape(x, window, stride)
    winners = np.zeros(x.shape, bool)
    for row in range(shape[2]):
        for column in range(shape[3]):
            place = np.s_[
                :,
                :,
                row * stride : row * stride + window[0],
                column * stride : column * stride + window[1],
            ]
            winners[place] |= x[place] == x[place].max(axis=(2, 3), keepdims=True)
    dx = own_gradients(backward(np.ones(shape, x.dtype), x, window, stride), x)[0]
    check_value(np.where(winners, 0.0, dx), np.zeros(x.shape), what=GRADIENT)
    within(dx[winners], 1.0 - 1e-6, what=GRADIENT)


@course_property(needs=f"average: {POOL} and {BACKWARD}", cases=_settings)
def average_pooling_backward_is_adjoint(
    pool: Function, backward: Function, x: Array, window: Window, stride: int
) -> None:
    """For any image, `<dx, image> = <dout, average(image)>`."""
    shape, image = _shape(x, window, stride), pattern(x.shape, x.dtype, seed=6)
    dout = pattern(shape, x.dtype, seed=2)
    out = own(pool(image, window, stride), shape, what=OUTPUT)
    dx = own_gradients(backward(dout, x, window, stride), x)[0]
    same_inner((dx, image), (dout, out), what=GRADIENT)


@course_property(needs=f"L2: {POOL}", cases=_settings)
def l2_pooling_scales_with_the_contrast(
    pool: Function, x: Array, window: Window, stride: int
) -> None:
    """Twice the contrast, or its negative, gives twice the L2 pooling; it is never below 0."""
    before = own(pool(x, window, stride), _shape(x, window, stride), what=OUTPUT)
    within(before, 0.0, what=OUTPUT)
    check_value(pool(-2 * x, window, stride), 2 * before, what=OUTPUT)


@course_property(needs=f"L2: {POOL}", cases=_settings, relates=False)
def l2_pooling_of_ones_counts_the_window(
    pool: Function, x: Array, window: Window, stride: int
) -> None:
    """Where all pixels are 1, L2 pooling gives the root of the number of pixels in a window."""
    expected = np.full(_shape(x, window, stride), np.sqrt(window[0] * window[1]))
    check_value(pool(np.ones_like(x), window, stride), expected, what=OUTPUT)


@course_property(needs=f"L2: {BACKWARD}", cases=_settings, relates=False)
def l2_pooling_of_a_black_window_has_no_gradient(
    backward: Function, x: Array, window: Window, stride: int
) -> None:
    """Where a window is all 0, the gradient of L2 pooling is 0, not NaN."""
    dout = pattern(_shape(x, window, stride), x.dtype, seed=2)
    got = backward(dout, np.zeros_like(x), window, stride)
    check_value(own_gradients(got, x)[0], np.zeros(x.shape), what=GRADIENT)


@course_property(needs=f"global_average: {GLOBAL}", cases=_images)
def global_average_ignores_the_places(pool: Function, x: Array) -> None:
    """Global average pooling gives the mean of each channel, wherever its pixels stand."""
    got = own(pool(x), x.shape[:2], what=OUTPUT)
    close(got, x.mean(axis=(2, 3)), np.abs(x).mean(axis=(2, 3)) + 1e-3, what=OUTPUT)
    moved = x[:, :, turned(x.shape[2])][:, :, :, turned(x.shape[3])]
    close(own(pool(moved), got.shape), got, np.abs(x).mean(axis=(2, 3)) + 1e-3, what=OUTPUT)


@course_property(needs=ADAPTIVE, cases=_images, relates=False)
def adaptive_pooling_to_its_own_size_changes_nothing(adaptive: Function, x: Array) -> None:
    """Adaptive pooling to the size that the image has gives the image."""
    check_value(adaptive(x, x.shape[2:]), x, what=OUTPUT)


@course_property(needs=f"{ADAPTIVE}; {POOL} of the same kind", cases=_images)
def adaptive_pooling_that_divides_is_plain_pooling(
    adaptive: Function, pool: Function, x: Array
) -> None:
    """Where the sizes divide, adaptive pooling is plain pooling."""
    larger = np.concatenate([x, 2 * x], axis=2)
    larger = np.concatenate([larger, -larger], axis=3)
    expected = own(pool(larger, (2, 2), 2), x.shape, what=OUTPUT)
    check_value(adaptive(larger, x.shape[2:]), expected, what=OUTPUT)


@course_property(needs=f"average: {ADAPTIVE}", cases=_images, relates=False)
def adaptive_pooling_sees_the_first_and_the_last_row(adaptive: Function, x: Array) -> None:
    """The regions of adaptive pooling go from the first row to the last, none is left out."""
    height = x.shape[2]
    rising = np.broadcast_to(np.arange(3.0 * height + 1)[:, None], (1, 1, 3 * height + 1, 2))
    places = height + 1
    got = own(adaptive(rising.astype(x.dtype), (places, 1)), (1, 1, places, 1), what=OUTPUT)[
        0, 0, :, 0
    ]
    size = 3 * height + 1
    starts = [place * size // places for place in range(places)]
    ends = [-(-(place + 1) * size // places) for place in range(places)]
    middles = [(start + end - 1) / 2 for start, end in zip(starts, ends, strict=True)]
    check_value(got, middles, what=OUTPUT)
