import pytest

from reference.layers import geometry as right

DTYPES = ("float64",)


def size(function):
    def run(size, kernel, stride, padding, dilation):
        return function(size, kernel, stride=stride, padding=padding, dilation=dilation)

    return (run,)


def padding(function):
    return (function, *size(right.output_size))


def fields(function):
    def run(layers):
        windows = [right.Window(kernel, stride) for kernel, stride in layers]
        return [field.size for field in function(windows)]

    return (run,)


def fields_and_size(function):
    return (*fields(function), *size(right.output_size))


def count(function):
    def run(channels, filters, kernel, groups):
        return function(channels, filters, kernel, groups=groups)

    return (run,)


def count_beside_a_layer(function):
    return (*count(function), right.affine_parameter_count)


TABLE = {
    "output_size_counts_the_places": ("output_size", size, "one_missing", "padding_once"),
    "padding_is_part_of_the_image": ("output_size", size, "padding_once"),
    "a_stride_more_of_image_is_one_place_more": ("output_size", size, "stride_ignored"),
    "dilation_makes_the_window_longer": ("output_size", size, "dilation_ignored"),
    "same_padding_keeps_the_size": ("same_padding", padding, "total"),
    "receptive_field_grows_by_the_jumps": (
        "receptive_fields",
        fields,
        "kernels_added",
        "last_kernel",
    ),
    "a_1x1_layer_sees_no_more": ("receptive_fields", fields, "kernels_added", "last_kernel"),
    "receptive_field_is_the_smallest_image": (
        "receptive_fields",
        fields_and_size,
        "kernels_added",
        "jump_too_early",
    ),
    "each_filter_has_its_own_parameters": (
        "convolution_parameter_count",
        count,
        "one_bias",
        "filters_forgotten",
    ),
    "one_more_channel_adds_a_slice_to_each_filter": (
        "convolution_parameter_count",
        count,
        "depth_forgotten",
        "filters_forgotten",
    ),
    "groups_divide_the_weights_not_the_biases": (
        "convolution_parameter_count",
        count,
        "bias_forgotten",
        "one_bias",
    ),
    "filters_of_the_whole_image_count_as_a_layer": (
        "convolution_parameter_count",
        count_beside_a_layer,
        "bias_forgotten",
        "one_bias",
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
