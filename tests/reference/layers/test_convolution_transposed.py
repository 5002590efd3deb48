"""The transposed convolution: against torch, and what it is the transpose of."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.layers import (
    conv2d_backward,
    conv2d_forward,
    conv_transpose2d_backward,
    conv_transpose2d_forward,
    convolution_matrix,
)

SEEDS = st.integers(0, 2**32 - 1)
FEW = st.integers(1, 3)


@st.composite
def axis_settings(draw):
    kernel, stride, dilation = (draw(st.integers(1, most)) for most in (4, 3, 3))
    extent = dilation * (kernel - 1) + 1
    size = draw(st.integers(1, 4))
    output_padding = draw(st.integers(0, stride - 1))
    most = ((size - 1) * stride + extent + output_padding - 1) // 2
    padding = draw(st.integers(0, min(3, most)))
    return size, kernel, stride, padding, dilation, output_padding


@settings(deadline=None, max_examples=80)
@given(
    rows=axis_settings(),
    columns=axis_settings(),
    n=FEW,
    groups=FEW,
    c=FEW,
    f=FEW,
    has_bias=st.booleans(),
    seed=SEEDS,
)
def test_transposed_convolution_equals_torch(
    equals_torch, rows, columns, n, groups, c, f, has_bias, seed
):
    size, kernel, *rest = zip(rows, columns, strict=True)
    window = dict(zip(("stride", "padding", "dilation", "output_padding"), rest, strict=True))
    rng = np.random.default_rng(seed)
    arrays = [
        rng.standard_normal((n, groups * c, *size)),
        rng.standard_normal((groups * c, f, *kernel)),
    ]
    if has_bias:
        arrays.append(rng.standard_normal(groups * f))
    equals_torch(
        lambda *args: conv_transpose2d_forward(*args, **window, groups=groups),
        conv_transpose2d_backward,
        lambda *args: torch.nn.functional.conv_transpose2d(*args, **window, groups=groups),
        arrays,
        rng,
    )


def test_its_forward_pass_is_the_convolutions_backward_pass_and_the_other_way_round(error):
    rng = np.random.default_rng(0)
    x, w = rng.standard_normal((2, 3, 7, 7)), rng.standard_normal((4, 3, 3, 3))
    out, cache = conv2d_forward(x, w, stride=2, padding=1)
    y = rng.standard_normal(out.shape)
    up, up_cache = conv_transpose2d_forward(y, w, stride=2, padding=1)
    assert error(up, conv2d_backward(y, cache).x) < 1e-12
    assert error(conv_transpose2d_backward(x, up_cache).x, out) < 1e-12


def test_its_matrix_is_the_convolutions_transposed(error):
    rng = np.random.default_rng(1)
    y, w = rng.standard_normal((1, 2, 3, 3)), rng.standard_normal((2, 1, 3, 3))
    matrix = convolution_matrix(w, (1, 7, 7), stride=2)
    up, _ = conv_transpose2d_forward(y, w, stride=2)
    assert error(up.reshape(1, -1), y.reshape(1, -1) @ matrix.T) < 1e-12


def test_transposed_is_not_the_inverse(error):
    x, w = np.random.default_rng(2).standard_normal((1, 1, 6, 6)), np.ones((1, 1, 2, 2))
    down, _ = conv2d_forward(x, w, stride=2)
    up, _ = conv_transpose2d_forward(down, w, stride=2)
    assert up.shape == x.shape
    assert error(up, x) > 0.1


def test_one_pixel_stamps_the_filter():
    w = np.arange(9.0).reshape(1, 1, 3, 3)
    out, _ = conv_transpose2d_forward(np.full((1, 1, 1, 1), 2.0), w)
    np.testing.assert_array_equal(out, 2 * w)


def test_upsampling_by_2_with_the_usual_4_2_1_doubles_the_size():
    out, _ = conv_transpose2d_forward(
        np.ones((1, 3, 7, 5)), np.ones((3, 2, 4, 4)), stride=2, padding=1
    )
    assert out.shape == (1, 2, 14, 10)


@pytest.mark.parametrize(
    ("x", "weight", "settings", "message"),
    [
        ((1, 3, 4, 4), (2, 3, 3, 3), {}, "one row for each of the 3 input channels"),
        ((1, 3, 4, 4), (3, 2, 3, 3), {"groups": 2}, "groups must divide the channels"),
        ((1, 3, 4, 4), (3, 2, 3, 3), {"output_padding": 1}, "must be under the stride 1"),
        ((1, 3, 1, 1), (3, 2, 3, 3), {"padding": 2}, "must keep at least one pixel"),
        ((1, 3, 4, 4), (3, 2, 3, 3), {"bias": np.ones(3)}, r"bias must have shape \(2,\)"),
        ((3, 4, 4), (3, 2, 3, 3), {}, "x must have 4 axes"),
    ],
)
def test_wrong_arguments_are_refused(x, weight, settings, message):
    with pytest.raises(ValueError, match=message):
        conv_transpose2d_forward(np.ones(x), np.ones(weight), **settings)
