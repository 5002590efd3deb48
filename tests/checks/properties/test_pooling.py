import numpy as np
import pytest

from reference.layers import pooling


def forward(function):
    return (lambda x, window, stride: function(x, window, stride=stride)[0],)


def behind(forward_function):
    def adapt(backward):
        def run(dout, x, window, stride):
            return backward(dout, forward_function(x, window, stride=stride)[1])

        return (run,)

    return adapt


def max_backward(function):
    return behind(pooling.max_pool2d_forward)(function)


def average_backward(function):
    return behind(pooling.average_pool2d_forward)(function)


def l2_backward(function):
    return behind(pooling.l2_pool2d_forward)(function)


def max_both(function):
    return (*forward(pooling.max_pool2d_forward), *max_backward(function))


def average_both(function):
    return (*forward(pooling.average_pool2d_forward), *average_backward(function))


def max_and_average(function):
    return (*forward(function), *forward(pooling.average_pool2d_forward))


def globally(function):
    return (lambda x: function(x)[0],)


def adaptively(function):
    return (lambda x, size: function(x, size)[0],)


def adaptively_and_plainly(function):
    return (*adaptively(function), *forward(pooling.average_pool2d_forward))


def dout_squared(dout, cache):
    # The upstream gradient is multiplied by its own size.
    return pooling.max_pool2d_backward(dout * np.abs(dout), cache)


def over_the_channels_too(x, window, *, stride):
    out, cache = pooling.max_pool2d_forward(x, window, stride=stride)
    return np.broadcast_to(out.max(axis=1, keepdims=True), out.shape), cache


TABLE = {
    "pooling_of_equal_pixels_gives_the_pixel": ("average_pool2d_forward", forward, "sum"),
    "average_pooling_is_linear": ("average_pool2d_forward", forward, pooling.max_pool2d_forward),
    "average_pooling_keeps_the_mean": ("average_pool2d_forward", forward, "sum"),
    "pooling_keeps_the_channels_apart": ("max_pool2d_forward", forward, over_the_channels_too),
    "max_pooling_picks_the_largest": ("max_pool2d_forward", forward, "average", "minimum"),
    "max_pooling_moves_with_the_brightness": (
        "max_pool2d_forward",
        forward,
        pooling.l2_pool2d_forward,
    ),
    "maximum_is_at_least_the_mean": ("max_pool2d_forward", max_and_average, "minimum"),
    "pooling_gradient_is_linear_in_the_upstream": (
        "max_pool2d_backward",
        max_backward,
        dout_squared,
    ),
    "pooling_hands_the_whole_gradient_on": (
        "max_pool2d_backward",
        max_backward,
        "gradient_to_all",
        "overlap_overwritten",
    ),
    "max_pooling_routes_to_winners_only": (
        "max_pool2d_backward",
        max_backward,
        "gradient_to_all",
        "shared_equally",
    ),
    "pooling_backward_fits_its_output": (
        "max_pool2d_backward",
        max_both,
        "gradient_to_all",
        "shared_equally",
    ),
    "average_pooling_backward_is_adjoint": (
        "average_pool2d_backward",
        average_both,
        "not_divided",
        "first_pixel_alone",
    ),
    "l2_pooling_scales_with_the_contrast": (
        "l2_pool2d_forward",
        forward,
        "mean_of_squares",
        "root_missing",
    ),
    "l2_pooling_of_ones_counts_the_window": (
        "l2_pool2d_forward",
        forward,
        "mean_of_squares",
        "root_missing",
    ),
    "l2_pooling_of_a_black_window_has_no_gradient": (
        "l2_pool2d_backward",
        l2_backward,
        "zero_window_nan",
        "shared_equally",
    ),
    "global_average_ignores_the_places": (
        "global_average_pool_forward",
        globally,
        "over_channels",
        "maximum",
    ),
    "adaptive_pooling_to_its_own_size_changes_nothing": (
        "adaptive_average_pool2d_forward",
        adaptively,
        "size_as_kernel",
    ),
    "adaptive_pooling_sees_the_first_and_the_last_row": (
        "adaptive_average_pool2d_forward",
        adaptively,
        "equal_regions",
        "end_rounded_down",
    ),
    "adaptive_pooling_that_divides_is_plain_pooling": (
        "adaptive_average_pool2d_forward",
        adaptively_and_plainly,
        "size_as_kernel",
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
