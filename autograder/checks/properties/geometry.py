"""Properties of output sizes, receptive fields and parameter counts (s.290-311)."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from autograder.checks.compare import check_value
from autograder.checks.properties.own import own, within
from autograder.checks.properties.registry import Cases, Function, course_property

__all__ = [
    "a_1x1_layer_sees_no_more",
    "a_stride_more_of_image_is_one_place_more",
    "dilation_makes_the_window_longer",
    "each_filter_has_its_own_parameters",
    "filters_of_the_whole_image_count_as_a_layer",
    "groups_divide_the_weights_not_the_biases",
    "one_more_channel_adds_a_slice_to_each_filter",
    "output_size_counts_the_places",
    "padding_is_part_of_the_image",
    "receptive_field_grows_by_the_jumps",
    "receptive_field_is_the_smallest_image",
    "same_padding_keeps_the_size",
]

SIZE = "output_size(size, kernel, stride, padding, dilation) -> int"
FIELDS = "receptive_fields(layers (kernel, stride) one after another) -> list of sizes"
COUNT = "conv_parameters(channels, filters, kernel, groups) -> int, biases included"
WHAT = "the output size"
FIELD = "the receptive field"
NUMBER = "the number of parameters"
Layers = tuple[tuple[int, int], ...]


def _windows() -> Cases:
    """A window that fits: its number of places, kernel, stride, padding and dilation."""
    return st.tuples(
        st.integers(1, 6),
        st.integers(1, 5),
        st.integers(1, 4),
        st.integers(0, 3),
        st.integers(1, 3),
    )


def _stacks() -> Cases:
    layer = st.tuples(st.sampled_from((1, 3, 2, 5)), st.sampled_from((1, 2, 3)))
    return st.tuples(st.lists(layer, min_size=1, max_size=4).map(tuple))


def _filters() -> Cases:
    return st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(1, 5))


def _image_size(places: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    return (places - 1) * stride + dilation * (kernel - 1) + 1 - 2 * padding


@course_property(needs=SIZE, cases=_windows, relates=False)
def output_size_counts_the_places(
    size_of: Function, places: int, kernel: int, stride: int, padding: int, dilation: int
) -> None:
    """The output size is the number of places where the window fits on the padded image."""
    size = _image_size(places, kernel, stride, 0, dilation) + 2 * padding
    expected = len(range(0, size + 2 * padding - dilation * (kernel - 1), stride))
    if (size + 2 * padding - dilation * (kernel - 1) - 1) % stride == 0:
        check_value(size_of(size, kernel, stride, padding, dilation), expected, what=WHAT)
    fitting = _image_size(places, kernel, stride, 0, dilation)
    check_value(size_of(fitting, kernel, stride, 0, dilation), places, what=WHAT)


@course_property(needs=SIZE, cases=_windows)
def padding_is_part_of_the_image(
    size_of: Function, places: int, kernel: int, stride: int, padding: int, dilation: int
) -> None:
    """P pixels of padding on each side count as an image larger by 2 P."""
    size = _image_size(places, kernel, stride, 0, dilation) + 2 * padding * stride
    wide = padding * stride
    expected = own(size_of(size + 2 * wide, kernel, stride, 0, dilation), (), what=WHAT)
    check_value(size_of(size, kernel, stride, wide, dilation), expected, what=WHAT)


@course_property(needs=SIZE, cases=_windows)
def a_stride_more_of_image_is_one_place_more(
    size_of: Function, places: int, kernel: int, stride: int, padding: int, dilation: int
) -> None:
    """An image longer by one stride has an output longer by 1."""
    size = _image_size(places, kernel, stride, 0, dilation)
    before = own(size_of(size, kernel, stride, 0, dilation), (), what=WHAT)
    check_value(size_of(size + stride, kernel, stride, 0, dilation), before + 1, what=WHAT)


@course_property(needs=SIZE, cases=_windows)
def dilation_makes_the_window_longer(
    size_of: Function, places: int, kernel: int, stride: int, padding: int, dilation: int
) -> None:
    """A window with dilation D reaches as far as one of D (F - 1) + 1 pixels without."""
    size, reach = _image_size(places, kernel, stride, 0, dilation), dilation * (kernel - 1) + 1
    expected = own(size_of(size, reach, stride, 0, 1), (), what=WHAT)
    check_value(size_of(size, kernel, stride, 0, dilation), expected, what=WHAT)


@course_property(needs=f"same_padding(kernel) -> int, of odd kernels; {SIZE}", cases=_windows)
def same_padding_keeps_the_size(
    padding_of: Function, size_of: Function, places: int, kernel: int, *rest: int
) -> None:
    """With this padding and stride 1 the output is as large as the image."""
    odd = 2 * kernel - 1
    padding = int(own(padding_of(odd), (), what="the padding"))
    check_value(size_of(places + odd, odd, 1, padding, 1), places + odd, what=WHAT)


@course_property(needs=FIELDS, cases=_stacks, relates=False)
def receptive_field_grows_by_the_jumps(fields: Function, layers: Layers) -> None:
    """Each layer adds (kernel - 1) times the product of the strides before it."""
    expected, size, jump = [], 1, 1
    for kernel, stride in layers:
        size += (kernel - 1) * jump
        jump *= stride
        expected.append(size)
    check_value(fields(list(layers)), np.array(expected), what=FIELD)


@course_property(needs=FIELDS, cases=_stacks)
def a_1x1_layer_sees_no_more(fields: Function, layers: Layers) -> None:
    """A 1x1 layer with stride 1, anywhere, changes the receptive field of no other layer."""
    before = own(fields(list(layers)), (len(layers),), what=FIELD)
    after = own(fields([(1, 1), *layers, (1, 1)]), (len(layers) + 2,), what=FIELD)
    check_value(after[1:-1], before, what=FIELD)
    check_value(after[-1], before[-1], what=FIELD)


@course_property(needs=f"{FIELDS}; {SIZE}", cases=_stacks)
def receptive_field_is_the_smallest_image(
    fields: Function, size_of: Function, layers: Layers
) -> None:
    """On an image as large as the receptive field the whole stack has one output."""
    size = own(fields(list(layers)), (len(layers),), what=FIELD)[-1]
    within(size, 1.0, 1e4, what=FIELD)
    places = int(size)
    for kernel, stride in layers:
        fits = stride * max((places - kernel) // stride, 0) + kernel
        places = int(own(size_of(fits, kernel, stride, 0, 1), (), what=WHAT))
    check_value(places, 1, what=WHAT)


@course_property(needs=COUNT, cases=_filters)
def each_filter_has_its_own_parameters(
    count: Function, channels: int, filters: int, kernel: int
) -> None:
    """Twice as many filters have twice as many parameters."""
    once = own(count(channels, filters, kernel, 1), (), what=NUMBER)
    check_value(count(channels, 2 * filters, kernel, 1), 2 * once, what=NUMBER)


@course_property(needs=COUNT, cases=_filters, relates=False)
def one_more_channel_adds_a_slice_to_each_filter(
    count: Function, channels: int, filters: int, kernel: int
) -> None:
    """One more channel adds F x F weights to each filter, and no bias."""
    before = own(count(channels, filters, kernel, 1), (), what=NUMBER)
    after = own(count(channels + 1, filters, kernel, 1), (), what=NUMBER)
    check_value(after - before, filters * kernel**2, what=NUMBER)


@course_property(needs=COUNT, cases=_filters)
def groups_divide_the_weights_not_the_biases(
    count: Function, channels: int, filters: int, kernel: int
) -> None:
    """Two groups have half of the weights and all of the biases."""
    whole = own(count(2 * channels, 2 * filters, kernel, 1), (), what=NUMBER)
    biases = 2 * filters
    expected = (whole - biases) / 2 + biases
    check_value(count(2 * channels, 2 * filters, kernel, 2), expected, what=NUMBER)


@course_property(needs=f"{COUNT}; affine_parameters(inputs, outputs) -> int", cases=_filters)
def filters_of_the_whole_image_count_as_a_layer(
    conv: Function, affine: Function, channels: int, filters: int, kernel: int
) -> None:
    """Filters as large as the image have as many parameters as a fully connected layer."""
    expected = own(affine(channels * kernel**2, filters), (), what=NUMBER)
    check_value(conv(channels, filters, kernel, 1), expected, what=NUMBER)
