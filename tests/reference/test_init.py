"""Initialization: the spread of each rule, torch's fans, the slides' ten-layer statistics."""

from functools import partial

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from reference.init import (
    fans,
    he,
    layer_activations,
    small_random,
    ten_layer_experiment,
    xavier_normal,
    xavier_slides,
    xavier_uniform,
    zeros,
)

# Slides s.182-187, standard deviation (and mean, for ReLU) of layers 1 to 10.
TANH_SMALL = [0.213081, 0.047551, 0.010630, 0.002378, 0.000532, 0.000119, 0.000026, 0.000006]
TANH_ONE = [
    0.981879, 0.981649, 0.981601, 0.981755, 0.981614,
    0.981560, 0.981520, 0.981913, 0.981728, 0.981736,
]  # fmt: skip
TANH_XAVIER = [
    0.627953, 0.486051, 0.407723, 0.357108, 0.320917,
    0.292116, 0.273387, 0.254935, 0.239266, 0.228008,
]  # fmt: skip
RELU_XAVIER_MEAN = [0.398623, 0.272352, 0.186076, 0.136442, 0.099568]
RELU_XAVIER_STD = [0.582273, 0.403795, 0.276912, 0.198685, 0.140299]
RELU_HE_MEAN = [0.562488, 0.553614, 0.545867, 0.565396, 0.547678]
RELU_HE_STD = [0.825232, 0.827835, 0.813855, 0.826902, 0.834092]


def experiment(activation, initializer, seed=0):
    return ten_layer_experiment(
        activation=activation, initializer=initializer, rng=np.random.default_rng(seed)
    )


def test_tanh_with_std_0_01_vanishes_as_printed():
    layers = experiment("tanh", small_random)
    assert [layer.std for layer in layers[:8]] == pytest.approx(TANH_SMALL, rel=0.03, abs=5e-7)
    assert layers[9].std < 5e-7
    assert all(abs(layer.mean) < 0.01 for layer in layers)


def test_tanh_with_std_1_saturates_as_printed():
    layers = experiment("tanh", partial(small_random, std=1.0))
    assert [layer.std for layer in layers] == pytest.approx(TANH_ONE, rel=0.01)
    assert layers[4].saturated == pytest.approx(0.9, abs=0.03)


def test_tanh_with_xavier_keeps_its_spread_as_printed():
    layers = experiment("tanh", xavier_slides)
    assert [layer.std for layer in layers] == pytest.approx(TANH_XAVIER, rel=0.03)
    assert max(layer.saturated for layer in layers) < 0.02


def test_relu_with_xavier_halves_its_variance_in_each_layer_as_printed():
    layers = experiment("relu", xavier_slides)
    assert [layer.mean for layer in layers[:5]] == pytest.approx(RELU_XAVIER_MEAN, rel=0.15)
    assert [layer.std for layer in layers[:5]] == pytest.approx(RELU_XAVIER_STD, rel=0.15)
    assert 0.019 < layers[9].std < 0.037


def test_relu_with_he_keeps_its_spread_as_printed():
    layers = experiment("relu", he)
    assert [layer.mean for layer in layers[:5]] == pytest.approx(RELU_HE_MEAN, rel=0.15)
    assert [layer.std for layer in layers[:5]] == pytest.approx(RELU_HE_STD, rel=0.15)
    assert 0.62 < layers[9].std < 1.17
    assert layers[0].zero == pytest.approx(0.5, abs=0.01)


def test_with_zeros_a_tanh_network_is_silent_and_a_relu_network_dead():
    """Slides s.180: all units of a layer stay the same."""
    assert experiment("tanh", zeros)[0].std == 0
    assert experiment("relu", zeros)[0].dead == 1


def test_the_experiment_repeats_with_its_seed():
    assert experiment("relu", he, seed=3) == experiment("relu", he, seed=3)
    assert experiment("relu", he, seed=3) != experiment("relu", he, seed=4)


@given(shape=st.one_of(st.tuples(*[st.integers(1, 9)] * 2), st.tuples(*[st.integers(1, 5)] * 4)))
def test_fans_are_torchs(shape):
    weights = torch.empty(shape if len(shape) == 4 else shape[::-1])  # torch keeps (M, D)
    fan_in, fan_out = torch.nn.init._calculate_fan_in_and_fan_out(weights)
    assert (fans(shape).fan_in, fans(shape).fan_out) == (fan_in, fan_out)


@pytest.mark.parametrize("shape", [(300, 200), (64, 32, 3, 3)])
@pytest.mark.parametrize(
    ("initializer", "variance"),
    [
        (small_random, lambda fan_in, fan_out: 1e-4),
        (xavier_slides, lambda fan_in, fan_out: 1 / fan_in),
        (xavier_normal, lambda fan_in, fan_out: 2 / (fan_in + fan_out)),
        (xavier_uniform, lambda fan_in, fan_out: 2 / (fan_in + fan_out)),
        (he, lambda fan_in, fan_out: 2 / fan_in),
    ],
)
def test_each_rule_has_its_variance_and_mean_zero(shape, initializer, variance):
    weights = initializer(shape, np.random.default_rng(0))
    expected = variance(fans(shape).fan_in, fans(shape).fan_out)
    assert weights.shape == shape
    assert weights.var() == pytest.approx(expected, rel=0.03)
    assert weights.mean() == pytest.approx(0, abs=0.02 * np.sqrt(expected))


def test_the_uniform_xavier_stays_within_the_papers_bounds():
    weights = xavier_uniform((30, 24), np.random.default_rng(0))
    assert np.abs(weights).max() <= np.sqrt(6 / 54)
    assert np.abs(weights).max() > 0.95 * np.sqrt(6 / 54)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda rng: he((5,), rng), "biases have no fan-in"),
        (lambda rng: zeros((5, 0), rng), "without zeros"),
        (lambda rng: small_random((2, 2), rng, std=0), "std must be"),
        (
            lambda rng: layer_activations(
                np.ones((2, 2)), activation="gelu", initializer=he, rng=rng
            ),
            "activation must be one of 'tanh', 'relu'",
        ),
        (
            lambda rng: layer_activations(np.ones(2), activation="relu", initializer=he, rng=rng),
            r"inputs must have shape \(N, D\)",
        ),
    ],
)
def test_wrong_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(np.random.default_rng(0))
