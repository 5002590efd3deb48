"""Output sizes, receptive fields and parameter counts: the numbers of the slides and homework."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.layers import (
    ReceptiveField,
    Window,
    affine_parameter_count,
    convolution_parameter_count,
    output_size,
    receptive_fields,
    same_padding,
    transposed_output_size,
)

# (filters, channels) of VGG-16's convolutions by block, and what the homework's table prints.
VGG16_BLOCKS = (
    ((64, 3), (64, 64)),
    ((128, 64), (128, 128)),
    ((256, 128), (256, 256), (256, 256)),
    ((512, 256), (512, 512), (512, 512)),
    ((512, 512), (512, 512), (512, 512)),
)
VGG16_CONVOLUTIONS = [
    1792, 36928, 73856, 147584, 295168, 590080, 590080,
    1180160, 2359808, 2359808, 2359808, 2359808, 2359808,
]  # fmt: skip
VGG16_AFFINE = [102_764_544, 16_781_312, 4_097_000]


def test_slides_7_by_3_gives_5_at_stride_1_and_3_at_stride_2():
    assert output_size(7, 3) == 5
    assert output_size(7, 3, stride=2) == 3


def test_slides_7_by_3_at_stride_3_is_refused_because_it_gives_2_33():
    with pytest.raises(ValueError, match=r"\(7 - 3 \+ 2\*0\) / 3 \+ 1 = 2\.33.*rounding='floor'"):
        output_size(7, 3, stride=3)
    assert output_size(7, 3, stride=3, rounding="floor") == 2


def test_slides_padding_1_keeps_7():
    assert output_size(7, 3, padding=1) == 7


def test_same_padding_is_1_2_3_for_3_5_7_on_each_side():
    assert [same_padding(kernel) for kernel in (3, 5, 7)] == [1, 2, 3]
    assert [output_size(32, f, padding=same_padding(f)) for f in (3, 5, 7)] == [32, 32, 32]
    assert same_padding(3, dilation=2) == 2


def test_same_padding_of_an_even_kernel_is_refused():
    with pytest.raises(ValueError, match="must be whole, got an even window of 4"):
        same_padding(4)


def test_unpadded_5x5_layers_shrink_32_to_28_to_24():
    first = output_size(32, 5)
    assert (first, output_size(first, 5)) == (28, 24)


def test_the_activation_map_of_a_5x5_filter_on_32_pixels_is_28_and_not_26():
    assert output_size(32, 5) == 28


def test_ten_5x5_filters_with_padding_2_give_32x32x10_and_have_760_parameters():
    assert output_size(32, 5, padding=2) == 32
    assert convolution_parameter_count(3, 10, 5) == 760
    assert convolution_parameter_count(3, 10, 5, bias=False) == 750


def test_any_padding_that_makes_w_minus_5_plus_2p_even_suits_f_5_s_2():
    fits = {}
    for size in (32, 33):
        for padding in range(4):
            try:
                output_size(size, 5, stride=2, padding=padding)
                fits[size, padding] = True
            except ValueError:
                fits[size, padding] = False
    assert fits == {(size, padding): size % 2 == 1 for size in (32, 33) for padding in range(4)}


def test_alexnet_sizes_are_227_55_27_27_13_13_13_13_6():
    stack = [
        Window(11, 4), Window(3, 2), Window(5, 1, 2), Window(3, 2),
        Window(3, 1, 1), Window(3, 1, 1), Window(3, 1, 1), Window(3, 2),
    ]  # fmt: skip
    assert sizes(227, stack) == [55, 27, 27, 13, 13, 13, 13, 6]


def test_alexnet_parameters_row_by_row_and_in_total():
    convolutions = [(3, 96, 11), (96, 256, 5), (256, 384, 3), (384, 384, 3), (384, 256, 3)]
    rows = [convolution_parameter_count(*layer) for layer in convolutions]
    assert rows == [34944, 614656, 885120, 1327488, 884992]
    affine = [
        affine_parameter_count(*layer) for layer in ((9216, 4096), (4096, 4096), (4096, 1000))
    ]
    assert affine == [37752832, 16781312, 4097000]
    assert sum(rows) + sum(affine) == 62_378_344
    grouped = [
        convolution_parameter_count(*layer, groups=groups)
        for layer, groups in zip(convolutions, (1, 2, 1, 2, 2), strict=True)
    ]
    assert sum(grouped) + sum(affine) == 60_965_224


def test_group_of_2_explains_the_filters_48_and_192_deep():
    assert convolution_parameter_count(96, 256, 5, groups=2, bias=False) == 256 * 48 * 5 * 5
    assert convolution_parameter_count(384, 384, 3, groups=2, bias=False) == 384 * 192 * 3 * 3


def test_the_digits_alexnet_needs_floor_in_convolutions_and_ceil_in_pools():
    conv1 = output_size(224, 11, stride=4, rounding="floor")
    pool1 = output_size(conv1, 3, stride=2, rounding="ceil")
    conv2 = output_size(pool1, 5, padding=2)
    pool2 = output_size(conv2, 3, stride=2)
    pool5 = output_size(pool2, 3, stride=2)
    assert [conv1, pool1, conv2, pool2, pool5] == [54, 27, 27, 13, 6]


def test_googlenet_rounds_112_5_down_and_55_5_and_27_5_up():
    conv1 = output_size(224, 7, stride=2, padding=3, rounding="floor")
    pool1 = output_size(conv1, 3, stride=2, rounding="ceil")
    pool2 = output_size(pool1, 3, stride=2, rounding="ceil")
    assert [conv1, pool1, pool2] == [112, 56, 28]
    assert output_size(conv1, 3, stride=2, rounding="floor") == 55


def test_nin_sizes_of_the_homework():
    stack = [Window(11, 4), Window(3, 2), Window(5), Window(3, 2), Window(3), Window(3, 2)]
    assert sizes(224, stack, rounding="floor") == [54, 26, 22, 10, 8, 3]


def test_lenet_sizes_and_61706_parameters():
    stack = [Window(5, 1, 2), Window(2, 2), Window(5), Window(2, 2)]
    assert sizes(28, stack) == [28, 14, 10, 5]
    rows = [
        convolution_parameter_count(1, 6, 5),
        convolution_parameter_count(6, 16, 5),
        affine_parameter_count(16 * 5 * 5, 120),
        affine_parameter_count(120, 84),
        affine_parameter_count(84, 10),
    ]
    assert rows == [156, 2416, 48120, 10164, 850]
    assert sum(rows) == 61_706


def test_vgg16_sizes_are_halved_by_its_five_pools_only():
    size, seen = 224, []
    for block in VGG16_BLOCKS:
        for _ in block:
            size = output_size(size, 3, padding=1)
            seen.append(size)
        size = output_size(size, 2, stride=2)
    assert seen == [224, 224, 112, 112, 56, 56, 56, 28, 28, 28, 14, 14, 14]
    assert size == 7


def test_vgg16_parameters_row_by_row_and_in_total():
    layers = [layer for block in VGG16_BLOCKS for layer in block]
    rows = [convolution_parameter_count(channels, filters, 3) for filters, channels in layers]
    affine = [
        affine_parameter_count(7 * 7 * 512, 4096),
        affine_parameter_count(4096, 4096),
        affine_parameter_count(4096, 1000),
    ]
    assert (rows, affine) == (VGG16_CONVOLUTIONS, VGG16_AFFINE)
    assert sum(rows) + sum(affine) == 138_357_544
    biases = sum(filters for filters, _ in layers) + 4096 + 4096 + 1000
    assert sum(rows) + sum(affine) - biases == 138_344_128


def test_two_stacked_3x3_see_5_and_three_see_7():
    fields = receptive_fields([Window(3)] * 3)
    assert [field.size for field in fields] == [3, 5, 7]


def test_three_3x3_layers_cost_27_c_squared_and_one_7x7_costs_49():
    c = 64
    assert 3 * convolution_parameter_count(c, c, 3, bias=False) == 27 * c**2
    assert convolution_parameter_count(c, c, 7, bias=False) == 49 * c**2


def test_a_unit_after_vgg16s_last_pool_sees_212_pixels_32_apart():
    stack = []
    for block in VGG16_BLOCKS:
        stack += [Window(3, 1, 1)] * len(block) + [Window(2, 2)]
    assert receptive_fields(stack)[-1] == ReceptiveField(size=212, jump=32, start=-90)


@settings(deadline=None, max_examples=40)
@given(
    layers=st.lists(
        st.builds(
            Window,
            kernel=st.integers(1, 4),
            stride=st.integers(1, 2),
            padding=st.integers(0, 2),
            dilation=st.integers(1, 2),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_the_receptive_field_is_where_the_gradient_of_one_unit_is_not_zero(layers):
    x = torch.zeros(1, 1, 150, dtype=torch.float64, requires_grad=True)
    out = x
    for layer in layers:
        ones = torch.ones(1, 1, layer.kernel, dtype=torch.float64)
        out = torch.nn.functional.conv1d(
            out, ones, stride=layer.stride, padding=layer.padding, dilation=layer.dilation
        )
    unit = out.shape[2] // 2
    (gradient,) = torch.autograd.grad(out[0, 0, unit], x)
    seen = gradient[0, 0].nonzero().ravel()
    field = receptive_fields(layers)[-1]
    first = field.start + unit * field.jump
    assert (int(seen[0]), int(seen[-1])) == (first, first + field.size - 1)


@settings(deadline=None)
@given(data=st.data())
def test_output_sizes_equal_torchs_in_floor_and_ceil_mode(data):
    kernel, stride = data.draw(st.integers(1, 5), "kernel"), data.draw(st.integers(1, 4), "stride")
    padding = data.draw(st.integers(0, kernel // 2), "padding")
    size = data.draw(st.integers(max(1, kernel - 2 * padding), 30), "size")
    for rounding in ("floor", "ceil"):
        pooled = torch.nn.functional.max_pool1d(
            torch.zeros(1, 1, size), kernel, stride, padding, ceil_mode=rounding == "ceil"
        )
        ours = output_size(size, kernel, stride=stride, padding=padding, rounding=rounding)
        assert ours == pooled.shape[2]


@settings(deadline=None)
@given(data=st.data())
def test_a_transposed_convolution_restores_the_size_that_a_convolution_took(data):
    window = Window(
        kernel=data.draw(st.integers(1, 5), "kernel"),
        stride=data.draw(st.integers(1, 4), "stride"),
        padding=data.draw(st.integers(0, 2), "padding"),
        dilation=data.draw(st.integers(1, 3), "dilation"),
    )
    least = max(1, window.extent - 2 * window.padding)
    size = data.draw(st.integers(least, least + 20), "size")
    left_over = (size + 2 * window.padding - window.extent) % window.stride
    places = window.output_size(size, rounding="floor")
    assert window.transposed_output_size(places, output_padding=left_over) == size


def test_transposed_sizes_double_with_the_usual_4_2_1():
    assert transposed_output_size(7, 4, stride=2, padding=1) == 14


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"size": 3, "kernel": 5}, "must fit into the padded input: it covers 5 pixels of 3"),
        ({"size": 5, "kernel": 3, "dilation": 3}, "it covers 7 pixels of 5"),
        ({"size": 0, "kernel": 1}, "size must be at least 1"),
        ({"size": 7, "kernel": 0}, "kernel must be at least 1"),
        ({"size": 7, "kernel": 3, "stride": 0}, "stride must be at least 1"),
        ({"size": 7, "kernel": 3, "padding": -1}, "padding must be at least 0"),
        ({"size": 7, "kernel": 3, "dilation": 0}, "dilation must be at least 1"),
        ({"size": 7, "kernel": 3.0}, "kernel must be an integer"),
        ({"size": 7, "kernel": 3, "rounding": "round"}, "rounding must be one of"),
    ],
)
def test_wrong_sizes_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        output_size(**arguments)


def test_wrong_transposed_sizes_are_refused():
    with pytest.raises(ValueError, match="output_padding must be under the stride 2, got 2"):
        transposed_output_size(7, 3, stride=2, output_padding=2)
    with pytest.raises(ValueError, match="must keep at least one pixel, got size -1"):
        transposed_output_size(1, 3, padding=2)


@pytest.mark.parametrize(("channels", "filters"), [(3, 4), (4, 3)])
def test_groups_that_do_not_divide_are_refused(channels, filters):
    with pytest.raises(ValueError, match="groups must divide the"):
        convolution_parameter_count(channels, filters, 3, groups=2)


def sizes(size, stack, rounding="exact"):
    seen = []
    for window in stack:
        size = window.output_size(size, rounding=rounding)
        seen.append(size)
    return seen
