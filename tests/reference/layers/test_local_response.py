"""Local response normalization: against torch, and the formula by hand."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.layers import local_response_norm_backward, local_response_norm_forward

SEEDS = st.integers(0, 2**32 - 1)
FEW = st.integers(1, 3)


@settings(deadline=None, max_examples=60)
@given(
    n=FEW,
    c=st.integers(1, 8),
    size=st.sampled_from([1, 3, 5, 7]),
    alpha=st.floats(1e-4, 2.0),
    beta=st.floats(0.25, 1.5),
    k=st.floats(0.5, 3.0),
    seed=SEEDS,
)
def test_local_response_normalization_equals_torch(equals_torch, n, c, size, alpha, beta, k, seed):
    rng = np.random.default_rng(seed)
    equals_torch(
        lambda x: local_response_norm_forward(x, size=size, alpha=alpha, beta=beta, k=k),
        local_response_norm_backward,
        # torch divides its alpha by the size.
        lambda x: torch.nn.functional.local_response_norm(x, size, alpha * size, beta, k),
        [rng.standard_normal((n, c, 3, 2))],
        rng,
    )


def test_a_channels_neighbours_are_those_next_to_it_that_exist():
    x = np.array([1.0, 2.0, 3.0, 4.0]).reshape(1, 4, 1, 1)
    out, _ = local_response_norm_forward(x, size=3, alpha=1.0, beta=1.0, k=1.0)
    np.testing.assert_allclose(out.ravel(), [1 / 6, 2 / 15, 3 / 30, 4 / 26], rtol=1e-12)


def test_the_values_of_alexnet_are_the_defaults():
    x = np.full((1, 5, 1, 1), 10.0)
    out, _ = local_response_norm_forward(x)
    assert out[0, 2, 0, 0] == pytest.approx(10 / (2 + 1e-4 * 500) ** 0.75)


def test_pixels_do_not_inhibit_each_other():
    x = np.random.default_rng(0).standard_normal((1, 4, 2, 2))
    whole, _ = local_response_norm_forward(x, alpha=1.0)
    alone, _ = local_response_norm_forward(x[:, :, :1, :1], alpha=1.0)
    np.testing.assert_array_equal(whole[:, :, :1, :1], alone)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"size": 4}, "size must be odd, got 4"),
        ({"size": 0}, "size must be at least 1"),
        ({"alpha": -1.0}, "alpha must be a finite number at least 0"),
        ({"beta": -1.0}, "beta must be a finite number at least 0"),
        ({"k": 0.0}, "k must be a finite number above 0"),
    ],
)
def test_wrong_settings_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        local_response_norm_forward(np.ones((1, 3, 2, 2)), **settings)
