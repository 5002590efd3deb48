"""Vanilla and inverted dropout: the kept share, the mean output, and the mask's way back."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.dropout import (
    dropout_backward,
    inverted_dropout_forward,
    vanilla_dropout_forward,
)

FORWARDS = [vanilla_dropout_forward, inverted_dropout_forward]
EACH = pytest.mark.parametrize("forward", FORWARDS)
KEEP = st.floats(0.05, 1.0)
SEEDS = st.integers(0, 2**32 - 1)
SHAPES = st.lists(st.integers(1, 5), min_size=1, max_size=4)


@EACH
@settings(deadline=None, max_examples=40)
@given(shape=SHAPES, keep=KEEP, training=st.booleans(), seed=SEEDS)
def test_dropout_equals_torch_with_the_same_mask(forward, shape, keep, training, seed):
    rng = np.random.default_rng(seed)
    x, dout = rng.standard_normal(shape), rng.standard_normal(shape)
    mask = np.random.default_rng(seed + 1).random(shape) < keep
    out, cache = forward(x, keep, training=training, rng=np.random.default_rng(seed + 1))

    inverted = forward is inverted_dropout_forward
    if training:
        factor = torch.from_numpy(mask / keep if inverted else mask)
    else:
        factor = 1.0 if inverted else keep
    tensor = torch.from_numpy(x).requires_grad_()
    expected = tensor * factor
    (gradient,) = torch.autograd.grad(expected, tensor, torch.from_numpy(dout))
    np.testing.assert_allclose(out, expected.detach(), rtol=1e-9)
    np.testing.assert_allclose(dropout_backward(dout, cache), gradient, rtol=1e-9)


@settings(deadline=None, max_examples=30)
@given(drop=st.floats(0.0, 0.9), seed=SEEDS)
def test_inverted_dropout_scales_as_torchs_does_with_p_the_drop_probability(drop, seed):
    torch.manual_seed(seed % 2**31)
    of_torch = torch.nn.functional.dropout(torch.ones(200, dtype=torch.float64), drop)
    ours, _ = inverted_dropout_forward(
        np.ones(200), 1 - drop, training=True, rng=np.random.default_rng(seed)
    )
    values = np.unique(np.concatenate([of_torch.numpy(), ours]))
    np.testing.assert_allclose(values[values > 0], 1 / (1 - drop), rtol=1e-9)


@EACH
def test_p_is_the_share_that_is_kept(forward):
    out, _ = forward(np.ones((1000, 100)), 0.9, training=True, rng=np.random.default_rng(0))
    assert np.count_nonzero(out) / out.size == pytest.approx(0.9, abs=0.01)


def test_the_mean_output_of_two_inputs_at_p_one_half_is_half_as_in_the_slides():
    w0, w1, x, y = 2.0, -3.0, 5.0, 7.0
    activation = w0 * x + w1 * y
    masks = itertools.product([0, 1], repeat=2)
    mean = sum(w0 * x * m0 + w1 * y * m1 for m0, m1 in masks) / 4
    assert mean == activation / 2
    at_test_time, _ = vanilla_dropout_forward(np.array([[x, y]]), 0.5, training=False)
    assert at_test_time @ [w0, w1] == mean


@EACH
@pytest.mark.parametrize("keep", [0.2, 0.5, 0.8])
def test_the_mean_over_masks_in_training_is_the_output_at_test_time(forward, keep):
    x = np.array([1.0, -2.0, 3.0])
    many = np.tile(x, (200_000, 1))
    trained, _ = forward(many, keep, training=True, rng=np.random.default_rng(1))
    tested, _ = forward(x, keep, training=False)
    np.testing.assert_allclose(trained.mean(axis=0), tested, rtol=0.02)


@settings(deadline=None, max_examples=30)
@given(keep=KEEP, seed=SEEDS)
def test_inverted_is_vanilla_divided_by_p_for_the_same_mask(keep, seed):
    x = np.random.default_rng(seed).standard_normal((4, 5))
    vanilla, inverted = (
        forward(x, keep, training=True, rng=np.random.default_rng(seed))[0] for forward in FORWARDS
    )
    np.testing.assert_allclose(inverted, vanilla / keep, rtol=1e-12)


def test_inverted_dropout_leaves_prediction_alone_and_vanilla_scales_it():
    x = np.random.default_rng(2).standard_normal((3, 4))
    np.testing.assert_array_equal(inverted_dropout_forward(x, 0.3, training=False)[0], x)
    np.testing.assert_array_equal(vanilla_dropout_forward(x, 0.3, training=False)[0], x * 0.3)


@EACH
def test_the_gradient_takes_the_mask_of_the_forward_pass_and_its_scale(forward):
    x = np.full((50, 4), 2.0)
    out, cache = forward(x, 0.5, training=True, rng=np.random.default_rng(3))
    np.testing.assert_array_equal(dropout_backward(np.ones_like(x), cache), out / x)


@EACH
def test_keeping_all_changes_nothing(forward):
    x = np.random.default_rng(4).standard_normal((3, 4))
    out, _ = forward(x, 1.0, training=True, rng=np.random.default_rng(5))
    np.testing.assert_array_equal(out, x)


@EACH
@pytest.mark.parametrize("training", [True, False])
def test_float32_stays_float32_with_the_same_mask(forward, training):
    x = np.ones((30, 30))
    wide, _ = forward(x, 0.5, training=training, rng=np.random.default_rng(6))
    out, cache = forward(x.astype(np.float32), 0.5, training=training, rng=np.random.default_rng(6))
    assert out.dtype == dropout_backward(x, cache).dtype == np.float32
    np.testing.assert_array_equal(out, wide)


@EACH
@pytest.mark.parametrize("keep", [0.0, -0.1, 1.1, np.nan])
def test_a_probability_outside_0_to_1_is_refused(forward, keep):
    with pytest.raises(ValueError, match=r"keep_probability must lie in \(0, 1\], got"):
        forward(np.ones(3), keep, training=False)


@EACH
def test_training_without_a_generator_is_refused(forward):
    with pytest.raises(ValueError, match="training needs a random generator, got rng=None"):
        forward(np.ones(3), 0.5, training=True)


@EACH
def test_nan_and_a_gradient_of_another_shape_are_refused(forward):
    with pytest.raises(ValueError, match="x must be finite, got nan"):
        forward(np.array([np.nan]), 0.5, training=False)
    _, cache = forward(np.ones(3), 0.5, training=False)
    with pytest.raises(ValueError, match=r"dout must have the shape \(3,\)"):
        dropout_backward(np.ones(4), cache)
