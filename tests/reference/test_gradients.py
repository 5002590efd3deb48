"""Numeric gradients: the slides' numbers, autograd, catching wrong gradients, finding kinks."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from reference.gradients import (
    central_difference,
    complex_step,
    directional_check,
    forward_difference,
    has_kink,
    jacobian,
    kinked_inputs,
    relative_error,
)
from reference.losses import softmax_loss, svm_loss

# Slides s.74-79.
SLIDE_W = np.array([0.34, -1.11, 0.78, 0.12, 0.55, 2.81, -3.10, -1.50, 0.33])
SLIDE_DW = np.array([-2.50, 0.60, 0.00, 0.20, 0.70, -0.50, 1.10, 1.30, -2.10])
WAYS = [forward_difference, central_difference, complex_step]


def slide_loss(W):
    return 1.25347 + SLIDE_DW @ (W - SLIDE_W)


def smooth(x):
    """Analytic, so that a complex step passes through it."""
    return np.sum(np.sin(x) * np.exp(x / 2)) + np.prod(x)


def smooth_in_torch(x):
    return torch.sum(torch.sin(x) * torch.exp(x / 2)) + torch.prod(x)


@st.composite
def points(draw):
    shape = draw(st.sampled_from([(), (3,), (2, 3), (2, 1, 2)]), label="shape")
    seed = draw(st.integers(0, 2**16), label="seed")
    return np.random.default_rng(seed).normal(size=shape)


def test_the_slides_forward_difference_with_its_losses():
    losses = []

    def loss(W):
        losses.append(slide_loss(W))
        return losses[-1]

    gradient = forward_difference(loss, SLIDE_W, h=1e-4)
    assert np.round(losses[:4], 5).tolist() == [1.25347, 1.25322, 1.25353, 1.25347]
    assert gradient == pytest.approx(SLIDE_DW, abs=1e-8)


@pytest.mark.parametrize(("way", "rtol"), list(zip(WAYS, [1e-3, 1e-8, 1e-12], strict=True)))
@given(x=points())
def test_each_way_agrees_with_autograd_to_its_order(way, rtol, x):
    t = torch.tensor(x, requires_grad=True)
    smooth_in_torch(t).backward()
    scale = 1 + np.abs(t.grad.numpy()).max()
    assert np.abs(way(smooth, x) - t.grad.numpy()).max() < rtol * scale


@pytest.mark.parametrize("way", WAYS)
@given(x=points())
def test_an_array_with_an_upstream_gradient_has_the_gradient_of_their_product(way, x):
    upstream = np.random.default_rng(0).normal(size=x.shape)
    expected = upstream * (np.cos(x) + 2 * x)
    assert way(lambda v: np.sin(v) + v * v, x, upstream=upstream) == pytest.approx(
        expected, rel=1e-3, abs=1e-3
    )


@given(rows=st.integers(1, 4), columns=st.integers(1, 4))
def test_the_jacobian_agrees_with_autograd_in_shape_and_value(rows, columns):
    rng = np.random.default_rng(rows * 5 + columns)
    A, x = rng.normal(size=(3, rows)), rng.normal(size=(rows, columns))
    expected = torch.autograd.functional.jacobian(
        lambda t: torch.tanh(torch.tensor(A) @ t), torch.tensor(x)
    )
    ours = jacobian(lambda v: np.tanh(A @ v), x)
    assert ours.shape == (3, columns, rows, columns)
    assert np.allclose(ours, expected.numpy(), atol=1e-9)


def test_the_jacobian_of_relu_is_diagonal_with_ones_where_the_unit_is_on():
    x = np.array([-2.0, 3.0, 0.5, -0.1])
    J = jacobian(lambda v: np.maximum(v, 0), x)
    assert np.allclose(J, np.diag(x > 0), atol=1e-10)


def test_integers_are_checked_as_float64_and_the_argument_stays_as_it_was():
    x = np.array([1, 2, 3])

    def spiteful(v):
        value = np.sum(v**2)
        v[:] = 0
        return value

    assert central_difference(spiteful, x) == pytest.approx([2, 4, 6])
    assert x.tolist() == [1, 2, 3]


def test_relative_error_is_the_largest_difference_over_the_sum_of_sizes():
    assert relative_error([1.0, 2.0], [1.0, 2.0]) == 0
    assert relative_error([0.0, 1.0], [0.0, 3.0]) == 0.5
    assert relative_error([0.0], [1.0]) == 1
    assert relative_error([1e-10], [-1e-10]) == pytest.approx(0.02)


def test_the_directional_check_costs_the_same_for_any_number_of_inputs():
    for size in (3, 30_000):
        calls = []

        def f(x, calls=calls):
            calls.append(1)
            return np.sum(np.sin(x))

        x = np.random.default_rng(0).normal(size=size)
        result = directional_check(f, x, np.cos(x), rng=np.random.default_rng(1))
        assert result.passed
        assert len(calls) == result.evaluations == 4


@given(seed=st.integers(0, 2**16))
def test_the_directional_check_passes_right_losses_and_catches_one_permille(seed):
    rng = np.random.default_rng(seed)
    W, X, labels = rng.normal(size=(6, 4)), rng.normal(size=(9, 6)), rng.integers(0, 4, 9)
    gradient = softmax_loss(W, X, labels).gradient
    right = directional_check(lambda w: softmax_loss(w, X, labels).loss, W, gradient, rng=rng)
    wrong = directional_check(
        lambda w: softmax_loss(w, X, labels).loss, W, 1.001 * gradient, rng=rng
    )
    assert right.passed
    assert not wrong.passed
    assert not wrong.kink


def test_one_wrong_input_among_ten_thousand_is_caught():
    x = np.random.default_rng(0).normal(size=10_000)
    gradient = np.cos(x)
    gradient[1234] *= -1
    result = directional_check(
        lambda v: np.sum(np.sin(v)), x, gradient, rng=np.random.default_rng(0)
    )
    assert not result.passed
    assert not result.kink
    assert result.evaluations == 11


@pytest.mark.parametrize("offset", [0.0, 1e3, 1e8])
def test_a_large_value_beside_a_small_gradient_is_rounding_and_no_failure(offset):
    x = np.random.default_rng(0).normal(size=50)
    upstream = np.random.default_rng(1).normal(size=50)
    result = directional_check(
        lambda v: 1e-2 * np.sin(v) + offset,
        x,
        1e-2 * np.cos(x) * upstream,
        upstream=upstream,
        rng=np.random.default_rng(0),
    )
    assert result.passed


def test_a_gradient_of_zeros_is_caught():
    x = np.ones(3)
    result = directional_check(lambda v: np.sum(v), x, np.zeros(3), rng=np.random.default_rng(0))
    assert result.error == 1.0


def test_upstream_gradients_reach_the_directional_check():
    rng = np.random.default_rng(3)
    A, x, upstream = rng.normal(size=(5, 4)), rng.normal(size=4), rng.normal(size=5)
    gradient = A.T @ upstream
    assert directional_check(lambda v: A @ v, x, gradient, rng=rng, upstream=upstream).passed
    wrong = directional_check(lambda v: A @ v, x, A.T @ np.ones(5), rng=rng, upstream=upstream)
    assert not wrong.passed


@pytest.mark.parametrize("distance", [0.0, 0.1, 1 / 3, 0.4, 0.5, 2 / 3, 0.9])
@pytest.mark.parametrize("side", [-1, 1])
def test_a_kink_within_the_step_is_found_wherever_it_stands(distance, side):
    h = 1e-5
    x = np.array([side * distance * h])
    assert has_kink(lambda v: np.maximum(v, 0).sum() + 3 * v.sum(), x, np.ones(1), h=h)


@pytest.mark.parametrize("f", [np.sin, np.exp, lambda v: 1e3 * v**3, lambda v: v * 0 + 5.0])
@pytest.mark.parametrize("at", [-2.0, 0.0, 0.3, 4.0])
def test_smooth_functions_have_no_kink(f, at):
    assert not has_kink(lambda v: f(v).sum(), np.array([at]), np.ones(1))


def test_kinked_inputs_are_those_at_zero_of_a_relu():
    x = np.array([[1.0, 0.0, -2.0], [1e-6, 3.0, -1e-7]])
    kinked = kinked_inputs(lambda v: np.maximum(v, 0).sum(), x)
    assert kinked.tolist() == [[False, True, False], [True, False, True]]


def test_scores_exactly_on_the_margin_are_a_kink_of_the_hinge_and_not_of_softmax():
    """Slides s.65: with (10, 9, 9) and delta 1 both margins are exactly 0."""
    X, W = np.ones((1, 1)), np.array([[10.0, 9.0, 9.0]])
    assert kinked_inputs(lambda w: svm_loss(w, X, [0]).loss, W).all()
    assert not kinked_inputs(lambda w: softmax_loss(w, X, [0]).loss, W).any()


def test_a_failure_beside_a_kink_says_so():
    x = np.array([0.0, 1.0])
    result = directional_check(
        lambda v: np.maximum(v, 0).sum(), x, np.array([0.0, 1.0]), rng=np.random.default_rng(0)
    )
    assert not result.passed
    assert result.kink


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: central_difference(np.sum, np.ones(2), h=0), "h must be"),
        (lambda: central_difference(np.sin, np.ones(2)), "f must return one number"),
        (lambda: central_difference(np.sum, [np.inf]), "x must be finite"),
        (lambda: central_difference(lambda x: np.float32(1), [1.0]), "compute in float64"),
        (lambda: central_difference(lambda x: x[0] * np.nan, [1.0]), r"f\(x\) must be finite"),
        (lambda: forward_difference(np.sin, [1.0], upstream=np.ones(2)), r"shape \(1,\) of f\(x\)"),
        (lambda: complex_step(lambda x: np.abs(x).sum(), [1.0]), "must return complex numbers"),
        (lambda: jacobian(np.sin, np.ones(4096)), "10000000 entries, got 16777216"),
        (lambda: relative_error(np.ones(2), np.ones((2, 1))), r"shape \(2,\) of first"),
        (lambda: has_kink(np.sum, np.ones(2), np.ones(3)), r"direction must have the shape \(2,\)"),
        (
            lambda: directional_check(np.sum, np.ones(2), np.ones(3), rng=np.random.default_rng(0)),
            r"gradient must have the shape \(2,\) of x",
        ),
    ],
)
def test_wrong_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
