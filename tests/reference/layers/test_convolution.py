"""The convolution layer, in loops and by im2col: against torch, and what a convolution is."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.layers import (
    affine_backward,
    affine_forward,
    affine_weight_to_filters,
    conv2d_backward,
    conv2d_forward,
    conv2d_naive_backward,
    conv2d_naive_forward,
    correlate2d_forward,
    filters_to_affine_weight,
    flatten_forward,
)
from reference.layers import convolution as im2col_convolution

BOTH = pytest.mark.parametrize(
    ("forward", "backward"),
    [(conv2d_forward, conv2d_backward), (conv2d_naive_forward, conv2d_naive_backward)],
    ids=["im2col", "naive"],
)
SEEDS = st.integers(0, 2**32 - 1)
FEW = st.integers(1, 3)


@BOTH
@settings(deadline=None, max_examples=60)
@given(data=st.data(), n=FEW, groups=FEW, c=FEW, f=FEW, has_bias=st.booleans(), seed=SEEDS)
def test_convolution_equals_torch(
    equals_torch, convolution_windows, forward, backward, data, n, groups, c, f, has_bias, seed
):
    drawn = data.draw(convolution_windows, label="windows")
    rng = np.random.default_rng(seed)
    arrays = [
        rng.standard_normal((n, groups * c, *drawn.image_size)),
        rng.standard_normal((groups * f, c, *drawn.kernel)),
    ]
    if has_bias:
        arrays.append(rng.standard_normal(groups * f))
    rounding = "floor" if drawn.left_over else "exact"
    equals_torch(
        lambda *args: forward(*args, **drawn.window, groups=groups, rounding=rounding),
        backward,
        lambda *args: torch.nn.functional.conv2d(*args, **drawn.window, groups=groups),
        arrays,
        rng,
    )


def test_the_comparison_with_torch_notices_a_gradient_wrong_by_a_tenth_of_a_percent(equals_torch):
    rng = np.random.default_rng(0)
    arrays = [rng.standard_normal((1, 2, 4, 4)), rng.standard_normal((2, 2, 3, 3))]

    def nearly(dout, cache):
        gradients = conv2d_backward(dout, cache)
        return gradients._replace(weight=gradients.weight * 1.001)

    with pytest.raises(AssertionError):
        equals_torch(conv2d_forward, nearly, torch.nn.functional.conv2d, arrays, rng)


@BOTH
def test_worked_5x5_by_3x3_as_a_layer(forward, backward):
    image = [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
    kernel = [[0, 1, 2], [2, 2, 0], [0, 1, 2]]
    out, _ = forward(np.array([[image]]), np.array([[kernel]]))
    assert out[0, 0].tolist() == [[12, 12, 17], [10, 17, 19], [9, 6, 14]]


@BOTH
def test_one_output_is_a_75_number_dot_product_plus_bias(forward, backward):
    rng = np.random.default_rng(0)
    x, w = rng.standard_normal((1, 3, 32, 32)), rng.standard_normal((1, 3, 5, 5))
    out, _ = forward(x, w, np.array([0.5]))
    assert out.shape == (1, 1, 28, 28)
    patch = x[0, :, 4:9, 7:12].ravel()
    assert patch.size == 75
    assert out[0, 0, 4, 7] == pytest.approx(patch @ w.ravel() + 0.5)


def test_six_filters_give_six_maps_and_ten_with_padding_2_keep_32x32():
    x = np.zeros((1, 3, 32, 32))
    assert conv2d_forward(x, np.zeros((6, 3, 5, 5)))[0].shape == (1, 6, 28, 28)
    assert conv2d_forward(x, np.zeros((10, 3, 5, 5)), padding=2)[0].shape == (1, 10, 32, 32)


def test_the_grouped_alexnet_filters_fit_and_halve_the_depth():
    x = np.zeros((1, 96, 27, 27), np.float32)
    out, _ = conv2d_forward(x, np.zeros((256, 48, 5, 5), np.float32), padding=2, groups=2)
    assert out.shape == (1, 256, 27, 27)


@settings(deadline=None, max_examples=30)
@given(groups=FEW, seed=SEEDS)
def test_groups_are_separate_convolutions_side_by_side(error, groups, seed):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((2, 2 * groups, 5, 4))
    w = rng.standard_normal((3 * groups, 2, 3, 2))
    together, _ = conv2d_forward(x, w, groups=groups)
    apart = [
        conv2d_forward(part, filters)[0]
        for part, filters in zip(np.split(x, groups, 1), np.split(w, groups), strict=True)
    ]
    assert error(together, np.concatenate(apart, axis=1)) < 1e-12


def test_depthwise_is_one_correlation_for_each_channel(error):
    rng = np.random.default_rng(3)
    x, w = rng.standard_normal((1, 4, 6, 6)), rng.standard_normal((4, 1, 3, 3))
    out, _ = conv2d_forward(x, w, groups=4)
    for channel in range(4):
        alone, _ = correlate2d_forward(x[0, channel], w[channel, 0])
        assert error(out[0, channel], alone) < 1e-12


def test_1x1_is_the_same_affine_layer_at_every_pixel(error):
    rng = np.random.default_rng(4)
    x, w, b = rng.standard_normal((2, 5, 3, 4)), rng.standard_normal((7, 5)), rng.standard_normal(7)
    out, _ = conv2d_forward(x, w[:, :, None, None], b)
    pixels, _ = affine_forward(x.transpose(0, 2, 3, 1).reshape(-1, 5), w.T, b)
    assert error(out.transpose(0, 2, 3, 1).reshape(-1, 7), pixels) < 1e-12


@settings(deadline=None, max_examples=30)
@given(c=FEW, h=st.integers(1, 5), w=st.integers(1, 5), m=st.integers(1, 5), seed=SEEDS)
def test_an_affine_layer_is_a_convolution_with_filters_as_large_as_the_image(
    error, c, h, w, m, seed
):
    rng = np.random.default_rng(seed)
    x, weight = rng.standard_normal((3, c, h, w)), rng.standard_normal((c * h * w, m))
    bias, dout = rng.standard_normal(m), rng.standard_normal((3, m))
    flat, _ = flatten_forward(x)
    out, cache = affine_forward(flat, weight, bias)
    conv_out, conv_cache = conv2d_forward(x, affine_weight_to_filters(weight, (c, h, w)), bias)
    assert error(conv_out, out[:, :, None, None]) < 1e-12
    affine, conv = affine_backward(dout, cache), conv2d_backward(dout[:, :, None, None], conv_cache)
    assert error(conv.x, affine.x.reshape(x.shape)) < 1e-12
    assert error(filters_to_affine_weight(conv.weight), affine.weight) < 1e-12


def test_sliding_a_7x7_head_over_12x12_gives_the_6x6_answers_of_36_crops(error):
    rng = np.random.default_rng(5)
    features = rng.standard_normal((1, 8, 12, 12))  # a 384-pixel image after a stride of 32
    weight, bias = rng.standard_normal((8 * 7 * 7, 10)), rng.standard_normal(10)
    out, _ = conv2d_forward(features, affine_weight_to_filters(weight, (8, 7, 7)), bias)
    assert out.shape == (1, 10, 6, 6)
    for p, q in np.ndindex(6, 6):
        crop, _ = flatten_forward(features[:, :, p : p + 7, q : q + 7])
        assert error(out[:, :, p, q], affine_forward(crop, weight, bias)[0]) < 1e-12


def test_the_backward_pass_at_stride_1_is_a_convolution_with_flipped_filters(error):
    rng = np.random.default_rng(6)
    x, w = rng.standard_normal((2, 3, 6, 5)), rng.standard_normal((4, 3, 3, 3))
    out, cache = conv2d_forward(x, w)
    dout = rng.standard_normal(out.shape)
    flipped = w[:, :, ::-1, ::-1].transpose(1, 0, 2, 3)
    assert (
        error(conv2d_backward(dout, cache).x, conv2d_forward(dout, flipped, padding=2)[0]) < 1e-12
    )


@settings(deadline=None, max_examples=30)
@given(shift=st.tuples(st.integers(-2, 2), st.integers(-2, 2)), seed=SEEDS)
def test_convolution_is_equivariant_to_translation(error, shift, seed):
    rng = np.random.default_rng(seed)
    x = np.zeros((1, 2, 12, 12))
    x[:, :, 4:8, 4:8] = rng.standard_normal((1, 2, 4, 4))
    w = rng.standard_normal((3, 2, 3, 3))
    moved_after = np.roll(conv2d_forward(x, w, padding=1)[0], shift, axis=(2, 3))
    moved_before, _ = conv2d_forward(np.roll(x, shift, axis=(2, 3)), w, padding=1)
    assert error(moved_before, moved_after) < 1e-12


def test_the_result_does_not_depend_on_how_the_batch_is_cut_into_blocks(error, monkeypatch):
    rng = np.random.default_rng(7)
    x, w = rng.standard_normal((5, 2, 6, 6)), rng.standard_normal((3, 2, 3, 3))
    dout = rng.standard_normal((5, 3, 4, 4))
    results = []
    for column_bytes in (1, 5000, 10**9):
        monkeypatch.setattr(im2col_convolution, "COLUMN_BYTES", column_bytes)
        out, cache = conv2d_forward(x, w)
        results.append((out, *conv2d_backward(dout, cache)[:2]))
    for other in results[1:]:
        for array, expected in zip(other, results[0], strict=True):
            assert error(array, expected) < 1e-12


def test_images_in_any_memory_order_give_the_same(error):
    rng = np.random.default_rng(8)
    x, w = rng.standard_normal((2, 3, 5, 5)), rng.standard_normal((4, 3, 3, 3))
    dout = rng.standard_normal((2, 4, 3, 3))
    out, cache = conv2d_forward(x, w)
    other, other_cache = conv2d_forward(np.asfortranarray(x), np.asfortranarray(w))
    assert error(other, out) < 1e-12
    gradients = conv2d_backward(np.asfortranarray(dout), other_cache)
    for array, expected in zip(gradients[:2], conv2d_backward(dout, cache)[:2], strict=True):
        assert error(array, expected) < 1e-12


@BOTH
@pytest.mark.parametrize(
    ("x", "weight", "settings", "message"),
    [
        ((1, 3, 7, 7), (2, 1, 3, 3), {}, r"depth 3 / 1 = 3 of its input, got weight of shape"),
        ((1, 4, 7, 7), (2, 4, 3, 3), {"groups": 2}, "depth 4 / 2 = 2"),
        ((1, 3, 7, 7), (2, 1, 3, 3), {"groups": 2}, "groups must divide the channels"),
        ((1, 2, 7, 7), (3, 1, 3, 3), {"groups": 2}, "groups must divide the filters"),
        ((1, 3, 7, 7), (2, 3, 3, 3), {"stride": 3}, r"a whole number of times, got .* = 2\.33"),
        ((1, 3, 2, 2), (2, 3, 3, 3), {}, "must fit into the padded input"),
        ((3, 7, 7), (2, 3, 3, 3), {}, r"x must have 4 axes \(N, C, H, W\)"),
        ((1, 3, 7, 7), (3, 3, 3), {}, "weight must have 4 axes"),
        ((1, 3, 7, 7), (2, 3, 3, 3), {"bias": np.ones((2, 5, 5))}, "bias must have 1 axes"),
        ((1, 3, 7, 7), (2, 3, 3, 3), {"bias": np.ones(3)}, r"bias must have shape \(2,\)"),
        ((1, 3, 7, 7), (2, 3, 3, 3), {"padding": (1, -1)}, "padding must be at least 0"),
        ((1, 3, 7, 7), (2, 3, 3, 3), {"rounding": "ceil"}, "must be one of 'exact', 'floor'"),
    ],
)
def test_wrong_arguments_are_refused(forward, backward, x, weight, settings, message):
    with pytest.raises(ValueError, match=message):
        forward(np.ones(x), np.ones(weight), **settings)


def test_a_fraction_is_allowed_on_request_only(error):
    x, w = np.random.default_rng(9).standard_normal((1, 1, 8, 8)), np.ones((1, 1, 3, 3))
    rounded, _ = conv2d_forward(x, w, stride=2, rounding="floor")
    assert error(rounded, conv2d_forward(x[:, :, :7, :7], w, stride=2)[0]) < 1e-12


@pytest.mark.parametrize("where", ["x", "weight", "bias"])
def test_nan_is_refused_by_name(where):
    arguments = {"x": np.ones((1, 1, 3, 3)), "weight": np.ones((1, 1, 2, 2)), "bias": np.ones(1)}
    arguments[where].flat[0] = np.nan
    with pytest.raises(ValueError, match=f"{where} must be finite, got nan at index"):
        conv2d_forward(**arguments)
