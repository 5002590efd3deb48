"""Max, average and L2 pooling: against torch, ties, borders and rounding."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.layers import (
    average_pool2d_backward,
    average_pool2d_forward,
    conv2d_forward,
    im2col,
    l2_pool2d_backward,
    l2_pool2d_forward,
    max_pool2d_backward,
    max_pool2d_forward,
)

FORWARDS = [max_pool2d_forward, average_pool2d_forward, l2_pool2d_forward]
EACH = pytest.mark.parametrize("forward", FORWARDS)
SEEDS = st.integers(0, 2**32 - 1)
FEW = st.integers(1, 3)
FRACTIONS = st.sampled_from(["floor", "ceil"])


@st.composite
def images(draw, windows):
    drawn = draw(windows)
    rng = np.random.default_rng(draw(SEEDS))
    return drawn, rng, rng.standard_normal((draw(FEW), draw(FEW), *drawn.image_size))


@settings(deadline=None, max_examples=80)
@given(data=st.data(), fraction=FRACTIONS)
def test_max_pooling_equals_torch(equals_torch, pooling_windows, data, fraction):
    drawn, rng, x = data.draw(images(pooling_windows), label="windows and images")
    rounding = fraction if drawn.left_over else "exact"
    equals_torch(
        lambda x: max_pool2d_forward(x, drawn.kernel, **drawn.window, rounding=rounding),
        max_pool2d_backward,
        lambda x: torch.nn.functional.max_pool2d(
            x, drawn.kernel, **drawn.window, ceil_mode=fraction == "ceil"
        ),
        [x],
        rng,
    )


@settings(deadline=None, max_examples=80)
@given(data=st.data(), fraction=FRACTIONS, count_padding=st.booleans())
def test_average_pooling_equals_torch(equals_torch, pooling_windows, data, fraction, count_padding):
    drawn, rng, x = data.draw(images(pooling_windows), label="windows and images")
    how = {**drawn.window, "rounding": fraction if drawn.left_over else "exact"}
    equals_torch(
        lambda x: average_pool2d_forward(x, drawn.kernel, **how, count_padding=count_padding),
        average_pool2d_backward,
        lambda x: torch.nn.functional.avg_pool2d(
            x,
            drawn.kernel,
            **drawn.window,
            ceil_mode=fraction == "ceil",
            count_include_pad=count_padding,
        ),
        [x],
        rng,
    )


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_l2_pooling_equals_torch(equals_torch, pooling_windows, data):
    drawn, rng, x = data.draw(images(pooling_windows), label="windows and images")

    def of_torch(x):
        patches = torch.nn.functional.unfold(x, drawn.kernel, **drawn.window)
        norms = patches.reshape(*x.shape[:2], -1, patches.shape[2]).square().sum(2).sqrt()
        return norms.reshape(expected_shape)

    expected_shape = max_pool2d_forward(x, drawn.kernel, **drawn.window, rounding="floor")[0].shape
    equals_torch(
        lambda x: l2_pool2d_forward(x, drawn.kernel, **drawn.window, rounding="floor"),
        l2_pool2d_backward,
        of_torch,
        [x],
        rng,
    )


def test_unpadded_l2_pooling_equals_torchs_lp_pool(error):
    x = np.abs(np.random.default_rng(0).standard_normal((2, 3, 6, 6)))
    of_torch = torch.nn.functional.lp_pool2d(torch.from_numpy(x), 2, (2, 3))
    assert error(l2_pool2d_forward(x, (2, 3))[0], of_torch) < 1e-12


@EACH
def test_224x224x64_becomes_112x112x64(forward):
    out, _ = forward(np.zeros((1, 64, 224, 224), np.float32), 2)
    assert out.shape == (1, 64, 112, 112)


def test_2x2_of_stride_2_keeps_a_quarter_of_the_values():
    x = np.arange(16.0).reshape(1, 1, 4, 4)
    out, _ = max_pool2d_forward(x, 2)
    assert out[0, 0].tolist() == [[5, 7], [13, 15]]
    assert out.size / x.size == 0.25


def test_overlapping_3x3_of_stride_2_takes_55_to_27():
    out, _ = max_pool2d_forward(np.zeros((1, 1, 55, 55)), 3, stride=2)
    assert out.shape == (1, 1, 27, 27)


def test_channels_are_pooled_apart():
    x = np.stack([np.full((2, 2), value) for value in (1.0, 5.0, 3.0)])[None]
    for forward, factor in ((max_pool2d_forward, 1), (average_pool2d_forward, 1)):
        assert forward(x, 2)[0].ravel().tolist() == [1 * factor, 5 * factor, 3 * factor]
    assert l2_pool2d_forward(x, 2)[0].ravel().tolist() == [2, 10, 6]


def test_pooling_is_im2col_and_a_maximum_over_each_column(error):
    x = np.random.default_rng(1).standard_normal((2, 3, 7, 7))
    columns = im2col(x, 3, stride=2).reshape(3, 9, 2, 3, 3)
    maxima = columns.max(axis=1).swapaxes(0, 1)
    assert error(max_pool2d_forward(x, 3, stride=2)[0], maxima) == 0


def test_average_pooling_is_a_depthwise_convolution_with_equal_weights(error):
    x = np.random.default_rng(2).standard_normal((2, 3, 6, 6))
    conv, _ = conv2d_forward(x, np.full((3, 1, 2, 2), 0.25), stride=2, groups=3)
    assert error(average_pool2d_forward(x, 2)[0], conv) < 1e-12


def test_the_gradient_of_a_tie_goes_to_the_first_row_by_row_as_in_torch():
    x = np.array([[[[1.0, 2.0], [2.0, 2.0]]]])
    _, cache = max_pool2d_forward(x, 2)
    assert max_pool2d_backward(np.ones((1, 1, 1, 1)), cache)[0, 0].tolist() == [[0, 1], [0, 0]]
    tensor = torch.from_numpy(x).requires_grad_()
    torch.nn.functional.max_pool2d(tensor, 2).sum().backward()
    assert tensor.grad[0, 0].tolist() == [[0, 1], [0, 0]]


def test_a_winner_of_several_windows_receives_their_sum():
    x = np.zeros((1, 1, 3, 3))
    x[0, 0, 1, 1] = 1
    _, cache = max_pool2d_forward(x, 2, stride=1)
    dx = max_pool2d_backward(np.array([[[[1.0, 2.0], [3.0, 4.0]]]]), cache)
    assert dx[0, 0].tolist() == [[0, 0, 0], [0, 10, 0], [0, 0, 0]]


def test_padding_never_wins_a_maximum():
    out, _ = max_pool2d_forward(np.full((1, 1, 2, 2), -3.0), 3, stride=1, padding=1)
    assert np.all(out == -3)


def test_a_large_window_has_room_for_its_winners_numbers():
    x = np.zeros((1, 1, 20, 20))
    x[0, 0, 19, 18] = 1
    _, cache = max_pool2d_forward(x, 20)
    dx = max_pool2d_backward(np.full((1, 1, 1, 1), 7.0), cache)
    assert dx[0, 0, 19, 18] == dx.sum() == 7


def test_padding_counts_in_an_average_unless_told_otherwise():
    x = np.full((1, 1, 2, 2), 9.0)
    counted, _ = average_pool2d_forward(x, 3, stride=1, padding=1)
    left_out, _ = average_pool2d_forward(x, 3, stride=1, padding=1, count_padding=False)
    assert np.all(counted == 4)
    assert np.all(left_out == 9)


def test_l2_pooling_of_zeros_has_gradient_zero():
    _, cache = l2_pool2d_forward(np.zeros((1, 1, 2, 2)), 2)
    assert np.all(l2_pool2d_backward(np.ones((1, 1, 1, 1)), cache) == 0)


@EACH
def test_floor_leaves_the_last_row_out_and_ceil_lets_a_window_hang_over(forward):
    x = np.arange(25.0).reshape(1, 1, 5, 5)
    down, _ = forward(x, 2, rounding="floor")
    up, _ = forward(x, 2, rounding="ceil")
    assert (down.shape, up.shape) == ((1, 1, 2, 2), (1, 1, 3, 3))
    np.testing.assert_array_equal(up[:, :, :2, :2], down)
    assert up[0, 0, 2, 2] == 24


@EACH
@pytest.mark.parametrize(
    ("shape", "arguments", "message"),
    [
        ((1, 1, 5, 5), {"kernel": 2}, r"must fit a whole number of times.*= 2\.50"),
        ((1, 1, 4, 4), {"kernel": 2, "padding": 2}, "at most half the pooling window of 2, got 2"),
        ((1, 1, 4, 4), {"kernel": 5}, "must fit into the padded input"),
        ((1, 1, 4, 4), {"kernel": 0}, "kernel must be at least 1"),
        ((1, 4, 4), {"kernel": 2}, "x must have 4 axes"),
    ],
)
def test_wrong_arguments_are_refused(forward, shape, arguments, message):
    with pytest.raises(ValueError, match=message):
        forward(np.ones(shape), **arguments)
