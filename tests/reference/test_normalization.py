"""Batch, layer, instance and group normalization: against torch, and what each averages over."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.normalization import (
    RunningStatistics,
    batch_norm_backward,
    batch_norm_forward,
    batch_norm_inference_backward,
    batch_norm_inference_forward,
    group_norm_backward,
    group_norm_forward,
    instance_norm_backward,
    instance_norm_forward,
    layer_norm_backward,
    layer_norm_forward,
)

F = torch.nn.functional
SEEDS = st.integers(0, 2**32 - 1)
EPS = st.floats(1e-8, 0.1)
FEW = st.integers(1, 3)
# At least three values for a mean: of two, xhat is +-1 whatever they are, and the gradient
# is what rounding leaves of zero.
SIDES = st.tuples(st.integers(2, 4), st.integers(2, 4))


def relative_error(actual, expected):
    actual, expected = np.asarray(actual), np.asarray(expected)
    assert actual.shape == expected.shape
    scale = max(np.abs(actual).max(), np.abs(expected).max())
    return np.abs(actual - expected).max() / scale if scale else 0.0


def assert_equals_torch(forward, backward, torch_forward, arrays, rng):
    out, cache = forward(*arrays)
    tensors = [torch.from_numpy(array).requires_grad_() for array in arrays]
    expected = torch_forward(*tensors)
    assert relative_error(out, expected.detach()) < 1e-9
    dout = rng.standard_normal(out.shape)
    wanted = torch.autograd.grad(expected, tensors, torch.from_numpy(dout))
    for gradient, other in zip(backward(dout, cache), wanted, strict=True):
        assert relative_error(gradient, other) < 1e-9


@st.composite
def batches(draw):
    """A batch (N, D) or (N, C, H, W) with a mean and a scale of its own, and gamma and beta."""
    rng = np.random.default_rng(draw(SEEDS))
    size = draw(st.one_of(st.just(()), SIDES))
    shape = (draw(st.integers(3, 6)), draw(st.integers(1, 4)), *size)
    x = draw(st.floats(0.1, 10)) * rng.standard_normal(shape) + draw(st.floats(-10, 10))
    return rng, [x, rng.standard_normal(shape[1]), rng.standard_normal(shape[1])]


@settings(deadline=None, max_examples=80)
@given(drawn=batches(), eps=EPS)
def test_batch_normalization_in_training_equals_torch(drawn, eps):
    rng, arrays = drawn
    assert_equals_torch(
        lambda *args: batch_norm_forward(*args, eps=eps),
        batch_norm_backward,
        lambda x, gamma, beta: F.batch_norm(x, None, None, gamma, beta, training=True, eps=eps),
        arrays,
        rng,
    )


@settings(deadline=None, max_examples=60)
@given(drawn=batches(), eps=EPS)
def test_batch_normalization_at_test_time_equals_torch(drawn, eps):
    rng, arrays = drawn
    channels = arrays[0].shape[1]
    running = RunningStatistics(rng.standard_normal(channels), rng.random(channels))
    statistics = [torch.from_numpy(array) for array in (running.mean, running.variance)]
    assert_equals_torch(
        lambda *args: batch_norm_inference_forward(*args, running, eps=eps),
        batch_norm_inference_backward,
        lambda x, gamma, beta: F.batch_norm(x, *statistics, gamma, beta, eps=eps),
        arrays,
        rng,
    )


@settings(deadline=None, max_examples=30)
@given(drawn=batches(), momentum=st.floats(0.01, 1.0))
def test_running_statistics_equal_torchs_after_three_batches(drawn, momentum):
    _, (x, gamma, beta) = drawn
    module = torch.nn.BatchNorm1d if x.ndim == 2 else torch.nn.BatchNorm2d
    of_torch = module(x.shape[1], momentum=momentum, dtype=torch.float64)
    running = RunningStatistics.initial(x.shape[1])
    for batch in (x, 2 * x + 1, -x):
        of_torch(torch.from_numpy(batch))
        _, cache = batch_norm_forward(batch, gamma, beta)
        running = running.updated(cache, momentum=momentum)
    assert relative_error(running.mean, of_torch.running_mean) < 1e-9
    assert relative_error(running.variance, of_torch.running_var) < 1e-9


@settings(deadline=None, max_examples=60)
@given(
    n=FEW, shape=st.lists(st.integers(2, 4), min_size=1, max_size=3), axes=FEW, eps=EPS, seed=SEEDS
)
def test_layer_normalization_equals_torch(n, shape, axes, eps, seed):
    rng = np.random.default_rng(seed)
    averaged = (3 * shape[0], *shape[1:])[-axes:]
    x = rng.standard_normal((n, 3 * shape[0], *shape[1:])) * 2 + 1
    if np.prod(averaged) < 3:
        averaged = x.shape[1:]
    assert_equals_torch(
        lambda *args: layer_norm_forward(*args, eps=eps),
        layer_norm_backward,
        lambda x, gamma, beta: F.layer_norm(x, averaged, gamma, beta, eps=eps),
        [x, rng.standard_normal(averaged), rng.standard_normal(averaged)],
        rng,
    )


@settings(deadline=None, max_examples=40)
@given(n=FEW, c=FEW, size=SIDES, eps=EPS, seed=SEEDS)
def test_instance_normalization_equals_torch(n, c, size, eps, seed):
    rng = np.random.default_rng(seed)
    assert_equals_torch(
        lambda *args: instance_norm_forward(*args, eps=eps),
        instance_norm_backward,
        lambda x, gamma, beta: F.instance_norm(x, weight=gamma, bias=beta, eps=eps),
        [rng.standard_normal((n, c, *size)), rng.standard_normal(c), rng.standard_normal(c)],
        rng,
    )


@settings(deadline=None, max_examples=40)
@given(n=FEW, groups=FEW, c=FEW, size=SIDES, eps=EPS, seed=SEEDS)
def test_group_normalization_equals_torch(n, groups, c, size, eps, seed):
    rng = np.random.default_rng(seed)
    channels = groups * c
    assert_equals_torch(
        lambda *args: group_norm_forward(*args, groups=groups, eps=eps),
        group_norm_backward,
        lambda x, gamma, beta: F.group_norm(x, groups, gamma, beta, eps=eps),
        [
            rng.standard_normal((n, channels, *size)),
            rng.standard_normal(channels),
            rng.standard_normal(channels),
        ],
        rng,
    )


def images():
    return np.random.default_rng(0).standard_normal((4, 6, 5, 3)) * 3 + 2


@pytest.mark.parametrize(
    ("forward", "parameters", "axes"),
    [
        (batch_norm_forward, (6,), (0, 2, 3)),
        (layer_norm_forward, (6, 5, 3), (1, 2, 3)),
        (instance_norm_forward, (6,), (2, 3)),
    ],
)
def test_each_normalization_makes_mean_0_and_variance_1_over_its_axes(forward, parameters, axes):
    out, _ = forward(images(), np.ones(parameters), np.zeros(parameters), eps=1e-12)
    np.testing.assert_allclose(out.mean(axis=axes), 0, atol=1e-12)
    np.testing.assert_allclose(out.var(axis=axes), 1, rtol=1e-9)


def test_one_group_is_layer_and_a_group_for_each_channel_is_instance_normalization():
    x, ones, zeros = images(), np.ones(6), np.zeros(6)
    layer, _ = layer_norm_forward(x, np.ones((6, 5, 3)), np.zeros((6, 5, 3)))
    instance, _ = instance_norm_forward(x, ones, zeros)
    assert relative_error(group_norm_forward(x, ones, zeros, groups=1)[0], layer) < 1e-12
    assert relative_error(group_norm_forward(x, ones, zeros, groups=6)[0], instance) < 1e-12


def test_spatial_batch_normalization_is_the_plain_one_on_pixels_as_examples():
    x, gamma, beta = images(), np.arange(1.0, 7), np.arange(6.0)
    pixels = x.transpose(0, 2, 3, 1).reshape(-1, 6)
    spatial, _ = batch_norm_forward(x, gamma, beta)
    plain, _ = batch_norm_forward(pixels, gamma, beta)
    assert relative_error(spatial.transpose(0, 2, 3, 1).reshape(-1, 6), plain) < 1e-12


def test_gamma_sigma_and_beta_0_subtract_the_mean_image():
    x, eps = np.random.default_rng(1).random((50, 12)), 1e-5
    out, _ = batch_norm_forward(x, np.sqrt(x.var(axis=0) + eps), np.zeros(12), eps=eps)
    np.testing.assert_allclose(out, x - x.mean(axis=0), atol=1e-12)


def test_gamma_sigma_over_d_mu_and_beta_1_over_d_make_the_values_of_an_image_sum_to_1():
    x, d, eps = np.random.default_rng(2).random((1, 12)) + 0.1, 12, 1e-5
    sigma, mu = np.sqrt(x.var() + eps), x.mean()
    out, _ = layer_norm_forward(x, np.full(d, sigma / (d * mu)), np.full(d, 1 / d), eps=eps)
    np.testing.assert_allclose(out, x / x.sum(), atol=1e-12)
    assert out.sum() == pytest.approx(1)
    wrong, _ = layer_norm_forward(x, np.full(d, sigma / d), np.zeros(d), eps=eps)
    assert wrong.sum() == pytest.approx(0, abs=1e-12)


def test_a_uniform_upstream_gradient_cancels_in_training_and_not_at_test_time():
    x, ones, zeros = images(), np.ones(6), np.zeros(6)
    _, cache = batch_norm_forward(x, ones, zeros)
    assert np.abs(batch_norm_backward(np.ones(x.shape), cache).x).max() < 1e-12
    _, cache = batch_norm_inference_forward(x, ones, zeros, RunningStatistics.initial(6))
    assert np.abs(batch_norm_inference_backward(np.ones(x.shape), cache).x).min() > 0.9


def test_an_example_depends_on_its_batch_in_training_only():
    x, ones, zeros = images(), np.ones(6), np.zeros(6)
    running = RunningStatistics.initial(6)
    together, _ = batch_norm_forward(x, ones, zeros)
    assert not np.allclose(together[:2], batch_norm_forward(x[:2], ones, zeros)[0])
    tested, _ = batch_norm_inference_forward(x, ones, zeros, running)
    alone, _ = batch_norm_inference_forward(x[:2], ones, zeros, running)
    np.testing.assert_array_equal(tested[:2], alone)


def test_a_large_mean_does_not_cost_the_variance():
    x = np.random.default_rng(3).standard_normal((100, 1)) + 1e8
    out, _ = batch_norm_forward(x, np.ones(1), np.zeros(1))
    assert out.std() == pytest.approx(1, rel=1e-4)


def test_values_in_any_memory_order_give_the_same():
    x, ones, zeros = images(), np.ones(6), np.zeros(6)
    dout = np.random.default_rng(4).standard_normal(x.shape)
    for order in (
        np.asfortranarray,
        lambda a: a.transpose(0, 2, 3, 1).copy().transpose(0, 3, 1, 2),
    ):
        out, cache = group_norm_forward(x, ones, zeros, groups=2)
        other, other_cache = group_norm_forward(order(x), ones, zeros, groups=2)
        assert relative_error(other, out) < 1e-12
        expected = group_norm_backward(dout, cache)
        gradients = group_norm_backward(order(dout), other_cache)
        for gradient, wanted in zip(gradients, expected, strict=True):
            assert relative_error(gradient, wanted) < 1e-12


CALLS = {
    "batch": (batch_norm_forward, batch_norm_backward, (6,), {}),
    "layer": (layer_norm_forward, layer_norm_backward, (6, 5, 3), {}),
    "instance": (instance_norm_forward, instance_norm_backward, (6,), {}),
    "group": (group_norm_forward, group_norm_backward, (6,), {"groups": 3}),
    "inference": (
        batch_norm_inference_forward,
        batch_norm_inference_backward,
        (6,),
        {"running": RunningStatistics.initial(6)},
    ),
}
EACH = pytest.mark.parametrize(("forward", "backward", "shape", "more"), CALLS.values(), ids=CALLS)


@EACH
def test_float32_stays_float32(forward, backward, shape, more):
    x, gamma, beta = (a.astype(np.float32) for a in (images(), np.ones(shape), np.zeros(shape)))
    out, cache = forward(x, gamma, beta, **more)
    gradients = backward(np.ones(x.shape), cache)
    assert [array.dtype for array in (out, *gradients)] == [np.float32] * 4
    assert [array.shape for array in gradients] == [x.shape, shape, shape]


@EACH
def test_inputs_are_left_as_they_are_and_the_backward_pass_can_be_repeated(
    forward, backward, shape, more
):
    x, dout = images(), np.random.default_rng(5).standard_normal(images().shape)
    kept = dout.copy()
    _, cache = forward(x, np.ones(shape), np.zeros(shape), **more)
    once, again = backward(dout, cache), backward(dout, cache)
    np.testing.assert_array_equal(x, images())
    np.testing.assert_array_equal(dout, kept)
    for first, second in zip(once, again, strict=True):
        np.testing.assert_array_equal(first, second)


@EACH
def test_wrong_parameters_and_gradients_are_refused(forward, backward, shape, more):
    x, ones, zeros = images(), np.ones(shape), np.zeros(shape)
    with pytest.raises(ValueError, match="gamma must have"):
        forward(x, np.ones(4), zeros, **more)
    with pytest.raises(ValueError, match="beta must have shape"):
        forward(x, ones, np.zeros(4), **more)
    with pytest.raises(ValueError, match="x must be finite, got nan"):
        forward(np.full_like(x, np.nan), ones, zeros, **more)
    with pytest.raises(ValueError, match="eps must be a finite number above 0"):
        forward(x, ones, zeros, **more, eps=0.0)
    _, cache = forward(x, ones, zeros, **more)
    with pytest.raises(ValueError, match="dout must have the shape"):
        backward(np.ones(3), cache)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: batch_norm_forward(np.ones((1, 3)), np.ones(3), np.ones(3)), "at least two val"),
        (lambda: batch_norm_forward(np.ones((2, 3, 4)), np.ones(3), np.ones(3)), r"must be \(N, D"),
        (
            lambda: instance_norm_forward(np.ones((2, 3, 1, 1)), np.ones(3), np.ones(3)),
            "at least two pixels",
        ),
        (
            lambda: group_norm_forward(np.ones((2, 3, 2, 2)), np.ones(3), np.ones(3), groups=2),
            "groups must divide the 3 channels, got 2",
        ),
        (
            lambda: group_norm_forward(np.ones((2, 3, 1, 1)), np.ones(3), np.ones(3), groups=3),
            "a group must hold at least two values",
        ),
        (
            lambda: batch_norm_inference_forward(
                np.ones((2, 1)), np.ones(1), np.ones(1), RunningStatistics(np.ones(1), -np.ones(1))
            ),
            "running.variance must not be negative",
        ),
        (
            lambda: RunningStatistics.initial(2).updated(
                batch_norm_forward(np.eye(3), np.ones(3), np.ones(3))[1]
            ),
            "the batch must have the 2 channels of the statistics, got 3",
        ),
        (
            lambda: RunningStatistics.initial(3).updated(
                batch_norm_forward(np.eye(3), np.ones(3), np.ones(3))[1], momentum=9.0
            ),
            r"momentum must lie in \[0, 1\]",
        ),
        (lambda: layer_norm_forward(np.ones(3), np.ones(3), np.ones(3)), "shape of the last axes"),
    ],
)
def test_wrong_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
