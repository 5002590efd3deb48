"""Penalties: both conventions by name, autograd's gradients, refusals."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from reference.regularization import PENALTIES, elastic_net, half_l2, l1, l2, penalty_value

TORCH = {
    "l1": lambda w: w.abs().sum(),
    "l2": lambda w: (w**2).sum(),
    "half_l2": lambda w: 0.5 * (w**2).sum(),
    "elastic_net": lambda w: (w**2 + w.abs()).sum(),
}


@pytest.mark.parametrize("penalty", PENALTIES)
@given(
    rows=st.integers(1, 5),
    columns=st.integers(1, 5),
    strength=st.floats(0, 10, allow_subnormal=False),
)
def test_value_and_gradient_are_autograds(penalty, rows, columns, strength):
    W = np.random.default_rng(rows * 7 + columns).normal(size=(rows, columns))
    w = torch.tensor(W, requires_grad=True)
    expected = strength * TORCH[penalty](w)
    expected.backward()
    value, gradient = penalty_value(W, strength=strength, penalty=penalty)
    assert value == pytest.approx(expected.item(), rel=1e-12)
    assert np.allclose(gradient, w.grad.numpy(), rtol=1e-12, atol=0)


def test_the_two_conventions_of_l2_differ_by_a_factor_of_two():
    W = np.array([[1.0, -2.0], [3.0, 0.5]])
    value, gradient = l2(W, strength=0.3)
    half_value, half_gradient = half_l2(W, strength=0.3)
    assert value == 2 * half_value == pytest.approx(0.3 * 14.25)
    assert np.array_equal(gradient, 2 * half_gradient)


def test_the_printed_loss_3_0686_fits_half_l2_and_not_l2():
    """Slides s.192: net 3072-50-10 with W = 1e-4 randn, strength 1e3, loss 3.06859716482."""
    rng = np.random.default_rng(0)
    weights = [1e-4 * rng.standard_normal(shape) for shape in ((3072, 50), (50, 10))]
    half = sum(half_l2(W, strength=1e3)[0] for W in weights)
    whole = sum(l2(W, strength=1e3)[0] for W in weights)
    assert np.log(10) + half == pytest.approx(3.06859716482, abs=0.02)
    assert np.log(10) + half == pytest.approx(3.0731, abs=0.02)
    assert np.log(10) + whole == pytest.approx(3.8436, abs=0.04)


def test_elastic_net_weighs_the_squares_by_beta_and_has_slope_0_at_0():
    value, gradient = elastic_net(np.array([2.0, 0.0, -1.0]), strength=10, beta=0.5)
    assert value == pytest.approx(10 * (0.5 * 5 + 3))
    assert gradient.tolist() == [30.0, 0.0, -20.0]


def test_a_negative_strength_and_an_unknown_penalty_are_refused():
    with pytest.raises(ValueError, match="strength must be a finite number at least 0, got -1"):
        l1(np.ones(2), strength=-1)
    with pytest.raises(ValueError, match="penalty must be one of 'l1'"):
        penalty_value(np.ones(2), strength=1, penalty="l3")
    with pytest.raises(ValueError, match="W must be finite"):
        l2([np.nan], strength=1)
