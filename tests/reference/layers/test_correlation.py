"""Cross-correlation and true convolution: the slides' numbers, scipy, and gradients."""

import numpy as np
import pytest
import scipy.signal
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.layers import (
    BLUR,
    SOBEL_X,
    SOBEL_Y,
    convolve1d_forward,
    convolve2d_forward,
    correlate1d_forward,
    correlate2d_forward,
    correlation_backward,
)

IMAGE = np.array(
    [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
)
KERNEL = np.array([[0, 1, 2], [2, 2, 0], [0, 1, 2]])

FUNCTIONS = [convolve1d_forward, convolve2d_forward, correlate1d_forward, correlate2d_forward]
MODES = st.sampled_from(["valid", "same", "full"])
SEEDS = st.integers(0, 2**32 - 1)


def test_worked_5x5_by_3x3_correlation():
    out, _ = correlate2d_forward(IMAGE, KERNEL)
    assert out.tolist() == [[12, 12, 17], [10, 17, 19], [9, 6, 14]]


def test_worked_5x5_by_3x3_true_convolution():
    out, _ = convolve2d_forward(IMAGE, KERNEL)
    assert out.tolist() == [[18, 20, 19], [10, 9, 17], [11, 8, 14]]


def test_the_flip_of_a_convolution_is_half_a_turn_and_not_a_transpose():
    turned, _ = correlate2d_forward(IMAGE, np.rot90(KERNEL, 2))
    transposed, _ = correlate2d_forward(IMAGE, KERNEL.T)
    convolved, _ = convolve2d_forward(IMAGE, KERNEL)
    np.testing.assert_array_equal(convolved, turned)
    assert not np.array_equal(convolved, transposed)


def test_blur_of_the_slides_is_176_1875():
    out, _ = correlate2d_forward([[178, 174, 177], [179, 178, 179], [168, 171, 178]], BLUR)
    assert out.tolist() == [[176.1875]]
    assert round(out.item()) == 176
    assert BLUR.sum() == 1


def test_sobel_x_answers_to_brightness_rising_to_the_right_and_sobel_y_downwards():
    ramp = np.tile(np.arange(5.0), (5, 1))
    assert np.all(correlate2d_forward(ramp, SOBEL_X)[0] == 8)
    assert np.all(correlate2d_forward(ramp, SOBEL_Y)[0] == 0)
    assert np.all(correlate2d_forward(ramp.T, SOBEL_Y)[0] == 8)


@settings(deadline=None, max_examples=60)
@given(data=st.data(), mode=MODES, seed=SEEDS)
@pytest.mark.parametrize("forward", FUNCTIONS)
def test_values_equal_scipys(error, forward, data, mode, seed):
    _, (signal, kernel) = draw_inputs(data, mode, seed, 1 if "1d" in forward.__name__ else 2)
    convolves = forward.__name__.startswith("convolve")
    of_scipy = scipy.signal.convolve if convolves else scipy.signal.correlate
    out, _ = forward(signal, kernel, mode=mode)
    assert error(out, of_scipy(signal, kernel, mode=mode, method="direct")) < 1e-12


@settings(deadline=None, max_examples=40)
@given(data=st.data(), mode=MODES, seed=SEEDS)
@pytest.mark.parametrize("forward", FUNCTIONS)
def test_gradients_equal_torchs(equals_torch, forward, data, mode, seed):
    ndim = 1 if "1d" in forward.__name__ else 2
    rng, arrays = draw_inputs(data, mode, seed, ndim)
    padding = [{"valid": 0, "same": k // 2, "full": k - 1}[mode] for k in arrays[1].shape]
    conv = (torch.nn.functional.conv1d, torch.nn.functional.conv2d)[ndim - 1]

    def of_torch(signal, kernel):
        if forward.__name__.startswith("convolve"):
            kernel = kernel.flip(list(range(ndim)))
        return conv(signal[None, None], kernel[None, None], padding=padding)[0, 0]

    equals_torch(
        lambda signal, kernel: forward(signal, kernel, mode=mode),
        correlation_backward,
        of_torch,
        arrays,
        rng,
    )


@settings(deadline=None, max_examples=30)
@given(n=st.integers(1, 6), k=st.integers(1, 6), seed=SEEDS)
def test_full_convolution_commutes_and_correlation_is_reversed(error, n, k, seed):
    rng = np.random.default_rng(seed)
    a, b = rng.standard_normal(n), rng.standard_normal(k)
    convolved, swapped = (convolve1d_forward(*pair, mode="full")[0] for pair in ((a, b), (b, a)))
    assert error(convolved, swapped) < 1e-12
    one_way, other = (correlate1d_forward(*pair, mode="full")[0] for pair in ((a, b), (b, a)))
    assert error(one_way, other[::-1]) < 1e-12


@settings(deadline=None, max_examples=30)
@given(shift=st.tuples(st.integers(-2, 2), st.integers(-2, 2)), seed=SEEDS)
def test_correlation_is_equivariant_to_translation(error, shift, seed):
    rng = np.random.default_rng(seed)
    image = np.zeros((12, 12))
    image[4:8, 4:8] = rng.standard_normal((4, 4))
    kernel = rng.standard_normal((3, 3))
    moved_after = np.roll(correlate2d_forward(image, kernel)[0], shift, axis=(0, 1))
    moved_before, _ = correlate2d_forward(np.roll(image, shift, axis=(0, 1)), kernel)
    assert error(moved_before, moved_after) < 1e-12


def test_correlation_is_not_equivariant_to_rotation_or_scale():
    rotated_before, _ = correlate2d_forward(np.rot90(IMAGE), KERNEL)
    rotated_after = np.rot90(correlate2d_forward(IMAGE, KERNEL)[0])
    assert not np.allclose(rotated_before, rotated_after)
    scaled_before, _ = correlate2d_forward(np.kron(IMAGE, np.ones((2, 2))), KERNEL)
    scaled_after = np.kron(correlate2d_forward(IMAGE, KERNEL)[0], np.ones((2, 2)))
    assert not np.allclose(scaled_before[:6, :6], scaled_after)


@pytest.mark.parametrize(
    ("signal", "kernel", "mode", "message"),
    [
        (np.ones((3, 3)), np.ones((4, 4)), "valid", "must lie inside the input"),
        (np.ones((3, 3)), np.ones((2, 2)), "same", "must be whole, got an even window"),
        (np.ones((3, 3)), np.ones(3), "valid", "kernel must have 2 axes"),
        (np.ones((3, 3)), np.ones((3, 3)), "whole", "mode must be one of"),
        (np.full((3, 3), np.nan), np.ones((3, 3)), "valid", "image must be finite"),
    ],
)
def test_wrong_arguments_are_refused(signal, kernel, mode, message):
    with pytest.raises(ValueError, match=message):
        correlate2d_forward(signal, kernel, mode=mode)


def test_an_upstream_gradient_of_another_shape_is_refused():
    _, cache = correlate1d_forward(np.ones(5), np.ones(3))
    with pytest.raises(ValueError, match=r"dout must have the shape \(3,\)"):
        correlation_backward(np.ones(5), cache)


def draw_inputs(data, mode, seed, ndim):
    """Draw a signal and a kernel that the mode admits."""
    rng = np.random.default_rng(seed)
    sizes = [1, 3, 5] if mode == "same" else [1, 2, 3, 4, 5]
    kernel = [data.draw(st.sampled_from(sizes), label="kernel size") for _ in range(ndim)]
    extra = [data.draw(st.integers(0, 4), label="extra size") for _ in range(ndim)]
    signal = [k + more for k, more in zip(kernel, extra, strict=True)]
    return rng, [rng.standard_normal(signal), rng.standard_normal(kernel)]
