import pytest

from reference.layers.affine import affine_forward
from reference.layers.convolution import conv2d_forward
from reference.layers.convolution_transposed import conv_transpose2d_forward
from reference.layers.correlation import correlate2d_forward
from reference.layers.patches import im2col


def conv(x, w, b, stride, pad):
    return conv2d_forward(x, w, b, stride=stride, padding=pad)[0]


def grouped(function):
    def run(x, w, b, stride, pad, groups):
        return function(x, w, b, stride=stride, padding=pad, groups=groups)[0]

    return (run,)


def grouped_beside_plain(function):
    return (*grouped(function), conv)


def dilated(function):
    return (lambda x, w, b, dilation: function(x, w, b, dilation=dilation)[0], conv)


def transposed(function):
    return (lambda x, w, stride, pad: function(x, w, stride=stride, padding=pad)[0],)


def transposed_beside_plain(function):
    return (*transposed(function), conv)


def transposed_backward(function):
    def run(dout, x, w, stride, pad):
        cache = conv_transpose2d_forward(x, w, stride=stride, padding=pad)[1]
        return tuple(function(dout, cache)[:2])

    return (*transposed(conv_transpose2d_forward), run)


def turned(function):
    return (
        lambda image, kernel: function(image, kernel)[0],
        lambda image, kernel: correlate2d_forward(image, kernel)[0],
    )


def full(function):
    return (lambda image, kernel: function(image, kernel, mode="full")[0],)


def columns(function):
    def run(x, height, width, stride, pad):
        return function(x, (height, width), stride=stride, padding=pad)

    return (run,)


def columns_and_back(function):
    def run(columns, shape, height, width, stride, pad):
        return function(columns, shape, (height, width), stride=stride, padding=pad)

    return (*columns(im2col), run)


def layer_as_filters(function):
    return conv, function, lambda x, w, b: affine_forward(x, w, b)[0]


TABLE = {
    "groups_are_convolutions_side_by_side": (
        "conv2d_forward",
        grouped_beside_plain,
        "flipped",
        "kernel_transposed",
    ),
    "one_group_is_a_plain_convolution": (
        "conv2d_forward",
        grouped_beside_plain,
        "flipped",
        "kernel_transposed",
    ),
    "depthwise_keeps_the_channels_apart": (
        "conv2d_forward",
        grouped,
        "maps_reshaped_without_transpose",
    ),
    "dilation_puts_zeros_into_the_filter": (
        "conv2d_forward",
        dilated,
        "flipped",
        "kernel_transposed",
    ),
    "transposed_convolution_is_adjoint": (
        "conv_transpose2d_forward",
        transposed_beside_plain,
        "flipped",
        "padding_added",
    ),
    "transposed_convolution_stamps_the_filter": (
        "conv_transpose2d_forward",
        transposed,
        "flipped",
        "stride_ignored",
    ),
    "transposed_backward_is_adjoint": (
        "conv_transpose2d_backward",
        transposed_backward,
        "flipped",
        "filter_axes_swapped",
    ),
    "convolution_correlates_with_the_turned_kernel": (
        "convolve2d_forward",
        turned,
        "transposed",
        "rows_alone_flipped",
    ),
    "convolution_is_commutative": ("convolve2d_forward", full, "not_flipped", "transposed"),
    "convolution_of_a_pixel_is_the_kernel": (
        "convolve2d_forward",
        full,
        "transposed",
        "rows_alone_flipped",
    ),
    "two_convolutions_are_one": ("convolve2d_forward", full, "rows_alone_flipped"),
    "im2col_columns_are_the_patches": ("im2col", columns, "transposed"),
    "col2im_is_adjoint_to_im2col": ("col2im", columns_and_back, "averaged"),
    "affine_weights_become_filters": (
        "affine_weight_to_filters",
        layer_as_filters,
        "reshape_without_transpose",
        "channels_last",
    ),
}


def test_the_right_version_satisfies_it(law, dtype, accepts):
    accepts(law, dtype)


@pytest.mark.slow
def test_the_right_version_satisfies_it_on_many_examples(law, dtype, accepts):
    accepts(law, dtype, examples=150)


@pytest.mark.slow
def test_another_style_satisfies_it(law, style, accepts):
    accepts(law, "float64", examples=30, style=style)


def test_wrong_versions_break_it(law, rejects):
    rejects(law)
