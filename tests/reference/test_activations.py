"""Activations: the slides' values, autograd in float64, kinks, stability, refusals."""

from functools import partial

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from reference.activations import (
    elu_backward,
    elu_forward,
    leaky_relu_backward,
    leaky_relu_forward,
    maxout_backward,
    maxout_forward,
    prelu_backward,
    prelu_forward,
    relu_backward,
    relu_forward,
    sigmoid_backward,
    sigmoid_forward,
    tanh_backward,
    tanh_forward,
)

ELEMENTWISE = {
    "sigmoid": (sigmoid_forward, sigmoid_backward, torch.sigmoid),
    "tanh": (tanh_forward, tanh_backward, torch.tanh),
    "relu": (relu_forward, relu_backward, torch.relu),
    "leaky_relu_0.01": (
        leaky_relu_forward,
        leaky_relu_backward,
        partial(torch.nn.functional.leaky_relu, negative_slope=0.01),
    ),
    "leaky_relu_0.1": (
        partial(leaky_relu_forward, slope=0.1),
        leaky_relu_backward,
        partial(torch.nn.functional.leaky_relu, negative_slope=0.1),
    ),
    "elu": (elu_forward, elu_backward, torch.nn.functional.elu),
    "elu_0.3": (
        partial(elu_forward, alpha=0.3),
        elu_backward,
        partial(torch.nn.functional.elu, alpha=0.3),
    ),
}


def tensor(array):
    return torch.tensor(array, requires_grad=True)


def close(ours, theirs):
    scale = max(np.abs(theirs).max(initial=0), 1e-300)
    return np.shape(ours) == np.shape(theirs) and np.abs(ours - theirs).max() < 1e-9 * scale


@st.composite
def inputs(draw):
    shape = tuple(draw(st.lists(st.integers(1, 4), min_size=0, max_size=4), label="shape"))
    rng = np.random.default_rng(draw(st.integers(0, 2**16), label="seed"))
    scale = draw(st.sampled_from([1e-3, 1.0, 20.0]), label="scale")
    return scale * rng.normal(size=shape), rng.normal(size=shape)


@pytest.mark.parametrize("name", ELEMENTWISE)
@given(case=inputs())
def test_forward_and_backward_agree_with_autograd(name, case):
    x, dout = case
    forward, backward, theirs = ELEMENTWISE[name]
    t = tensor(x)
    expected = theirs(t)
    expected.backward(torch.tensor(dout))
    out, cache = forward(x)
    assert close(out, expected.detach().numpy())
    dx = backward(dout, cache)
    assert dx.shape == x.shape
    # In the flat tails 1 - out^2 is rounding, here and in torch: dout is what an error counts by.
    assert np.all(np.abs(dx - t.grad.numpy()) <= 1e-9 * np.abs(dout))


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_float32_stays_float32_and_integers_become_float64(name):
    forward, backward, _ = ELEMENTWISE[name]
    out, cache = forward(np.array([-1, 0, 2], np.float32))
    assert out.dtype == np.float32
    assert backward(np.ones(3), cache).dtype == np.float32
    assert forward(np.array([-1, 0, 2]))[0].dtype == np.float64


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_inputs_of_any_size_neither_overflow_nor_warn(name):
    forward, backward, _ = ELEMENTWISE[name]
    out, cache = forward(np.array([-1e300, -800.0, 800.0, 1e300]))
    assert np.isfinite(out).all()
    assert np.isfinite(backward(np.ones(4), cache)).all()


def test_sigmoid_and_its_gradient_at_minus_10_and_0_and_10():
    """Slides s.162."""
    out, cache = sigmoid_forward([-10.0, 0.0, 10.0])
    slope = sigmoid_backward(np.ones(3), cache)
    assert out[0] == pytest.approx(4.54e-5, rel=1e-3)
    assert out[1] == 0.5
    assert slope == pytest.approx([4.54e-5, 0.25, 4.54e-5], rel=1e-3)


def test_relu_gradient_at_minus_10_and_0_and_10_is_0_and_0_and_1():
    """Slides s.170; at 0 the convention is 0."""
    out, cache = relu_forward([-10.0, 0.0, 10.0])
    assert out.tolist() == [0, 0, 10]
    assert relu_backward(np.ones(3), cache).tolist() == [0, 0, 1]


def test_the_two_leaky_slopes_of_the_slides():
    """max(.1 x, x) on s.160 and max(.01 x, x) on s.172."""
    assert leaky_relu_forward([-10.0], slope=0.1)[0].tolist() == [-1.0]
    assert leaky_relu_forward([-10.0])[0].tolist() == [-0.1]


def test_only_tanh_is_centred_on_zero():
    x = np.random.default_rng(0).normal(size=10_000)
    assert tanh_forward(x)[0].mean() == pytest.approx(0, abs=0.02)
    assert sigmoid_forward(x)[0].mean() == pytest.approx(0.5, abs=0.02)
    assert relu_forward(x)[0].mean() == pytest.approx(1 / np.sqrt(2 * np.pi), abs=0.02)


def test_after_a_sigmoid_all_weights_of_a_unit_move_in_one_direction():
    """Slides s.164: inputs that are all positive give gradients of one sign."""
    rng = np.random.default_rng(0)
    hidden, delta = sigmoid_forward(rng.normal(size=(1, 6)))[0], rng.normal(size=(1, 4))
    signs = np.sign(hidden.T @ delta)
    assert (signs == signs[0]).all()


@given(data=st.data(), extra=st.lists(st.integers(1, 3), max_size=2), shared=st.booleans())
def test_prelu_agrees_with_autograd(data, extra, shared):
    shape = (data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4)), *extra)
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    x, dout = rng.normal(size=shape), rng.normal(size=shape)
    slope = rng.uniform(0, 0.5, 1 if shared else shape[1])
    t, s = tensor(x), tensor(slope)
    expected = torch.nn.functional.prelu(t, s)
    expected.backward(torch.tensor(dout))
    out, cache = prelu_forward(x, slope)
    dx, dslope = prelu_backward(dout, cache)
    assert close(out, expected.detach().numpy())
    assert close(dx, t.grad.numpy())
    assert np.allclose(dslope, s.grad.numpy(), rtol=1e-9, atol=1e-12)


@given(
    sizes=st.tuples(*[st.integers(1, 4)] * 4),
    seed=st.integers(0, 999),
)
def test_maxout_agrees_with_autograd(sizes, seed):
    examples, dim, units, pieces = sizes
    rng = np.random.default_rng(seed)
    x, dout = rng.normal(size=(examples, dim)), rng.normal(size=(examples, units))
    weights, biases = rng.normal(size=(pieces, dim, units)), rng.normal(size=(pieces, units))
    t, w, b = tensor(x), tensor(weights), tensor(biases)
    expected = (t @ w + b[:, None]).amax(dim=0)
    expected.backward(torch.tensor(dout))
    out, cache = maxout_forward(x, weights, biases)
    gradients = maxout_backward(dout, cache)
    assert close(out, expected.detach().numpy())
    for ours, theirs in zip(gradients, (t, w, b), strict=True):
        assert np.allclose(ours, theirs.grad.numpy(), rtol=1e-9, atol=1e-12)


def test_maxout_with_two_pieces_doubles_the_parameters_and_contains_relu():
    rng = np.random.default_rng(0)
    W, b, x = rng.normal(size=(5, 3)), rng.normal(size=3), rng.normal(size=(4, 5))
    weights, biases = np.stack([np.zeros((5, 3)), W]), np.stack([np.zeros(3), b])
    assert weights.size + biases.size == 2 * (W.size + b.size)
    assert np.allclose(maxout_forward(x, weights, biases)[0], relu_forward(x @ W + b)[0])


def test_of_equal_pieces_the_first_gets_the_whole_gradient():
    x, weights, biases = np.ones((1, 2)), np.ones((2, 2, 1)), np.zeros((2, 1))
    _, cache = maxout_forward(x, weights, biases)
    assert maxout_backward([[3.0]], cache).biases.tolist() == [[3.0], [0.0]]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sigmoid_forward([np.nan]), "x must be finite"),
        (
            lambda: relu_backward(np.ones(2), relu_forward(np.ones(3))[1]),
            r"dout must have .*\(3,\)",
        ),
        (lambda: leaky_relu_forward([1.0], slope=1.5), r"slope must lie in \[0, 1\)"),
        (lambda: elu_forward([1.0], alpha=0), "alpha must be above 0"),
        (lambda: prelu_forward(np.ones((2, 3)), np.ones(2)), r"slope must have shape \(C,\)"),
        (lambda: prelu_forward(np.ones(3), np.ones(1)), r"slope must have shape \(C,\)"),
        (
            lambda: maxout_forward(np.ones((2, 3)), np.ones((2, 4, 1)), np.ones((2, 1))),
            r"weights must be \(K, 3, M\)",
        ),
    ],
)
def test_wrong_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
