import pytest

from reference.layers.affine import affine_forward
from reference.layers.convolution import conv2d_forward
from reference.layers.patches import im2col


def forward(function):
    return (lambda x, w, b, stride, pad: function(x, w, b, stride=stride, padding=pad)[0],)


def backward(function):
    def run(dout, x, w, b, stride, pad):
        return tuple(function(dout, conv2d_forward(x, w, b, stride=stride, padding=pad)[1]))

    return (run,)


def both(function):
    return (*forward(conv2d_forward), *backward(function))


def beside_a_layer(function):
    return (*forward(function), lambda x, w, b: affine_forward(x, w, b)[0])


def beside_im2col(function):
    def columns(x, height, width, stride, pad):
        return im2col(x, (height, width), stride=stride, padding=pad)

    return (*forward(function), columns)


TABLE = {
    "conv_of_a_black_image_is_the_bias": (
        "conv2d_forward",
        forward,
        "bias_missing",
        "bias_for_each_channel",
    ),
    "conv_is_linear_in_the_image": ("conv2d_forward", forward, "stride_ignored"),
    "conv_is_linear_in_the_filters": ("conv2d_forward", forward, "stride_ignored"),
    "conv_moves_with_the_image": ("conv2d_forward", forward, "kernel_transposed"),
    "conv_with_a_single_1_picks_a_pixel": (
        "conv2d_forward",
        forward,
        "flipped",
        "kernel_transposed",
    ),
    "conv_maps_follow_their_filters": ("conv2d_forward", forward, "same_filter", "stride_ignored"),
    "conv_adds_over_the_channels": (
        "conv2d_forward",
        forward,
        "first_channel_alone",
        "channels_averaged",
    ),
    "conv_takes_each_image_alone": (
        "conv2d_forward",
        forward,
        "stride_ignored",
        "maps_reshaped_without_transpose",
    ),
    "conv_padding_is_a_frame_of_zeros": (
        "conv2d_forward",
        forward,
        "kernel_transposed",
        "padding_in_total",
    ),
    "conv_stride_leaves_places_out": (
        "conv2d_forward",
        forward,
        "padding_in_total",
        "padding_doubled",
    ),
    "conv_1x1_is_a_layer_for_each_pixel": (
        "conv2d_forward",
        beside_a_layer,
        "bias_missing",
        "bias_for_each_channel",
    ),
    "conv_of_the_whole_image_is_a_layer": (
        "conv2d_forward",
        beside_a_layer,
        "flipped",
        "bias_missing",
    ),
    "conv_is_a_product_with_im2col": (
        "conv2d_forward",
        beside_im2col,
        "flipped",
        "kernel_transposed",
    ),
    "conv_backward_is_adjoint": (
        "conv2d_backward",
        both,
        "filters_not_flipped",
        "weight_gradient_flipped",
    ),
    "conv_backward_answers_for_any_image": (
        "conv2d_backward",
        both,
        "filters_not_flipped",
        "bias_not_summed_over_places",
    ),
    "conv_backward_answers_for_any_filters": (
        "conv2d_backward",
        both,
        "weight_gradient_flipped",
        "divided_by_n",
    ),
    "conv_bias_gradient_sums_its_map": (
        "conv2d_backward",
        backward,
        "divided_by_n",
        "bias_averaged_over_places",
    ),
    "conv_gradients_add_over_the_batch": (
        "conv2d_backward",
        backward,
        "divided_by_n",
        "bias_not_summed_over_places",
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
