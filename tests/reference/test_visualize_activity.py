"""Dead units, exciting images, histograms, and the output of a layer of a network."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from reference.architectures.numpy_network import numpy_lenet5
from reference.init import layer_activations, small_random
from reference.layers import Window, receptive_fields
from reference.visualize import (
    activation_histograms,
    exciting_patches,
    most_exciting,
    numpy_layer,
    torch_layer,
    unit_activity,
)


@pytest.fixture
def lenet():
    """A small LeNet whose third filter of the first layer cannot fire."""
    network = numpy_lenet5(modern=True)
    parameters = network.initialize(np.random.default_rng(0))
    parameters["conv1.bias"][2] = -100
    return network, parameters


def test_a_dead_filter_is_found(lenet):
    images = np.random.default_rng(1).random((8, 1, 28, 28))
    activity = unit_activity(numpy_layer(*lenet, "act1")(images))
    assert activity.dead.tolist() == [2]
    assert activity.strongest[2] == 0
    assert (activity.active[[0, 1, 3, 4, 5]] > 0).all()


def test_the_share_of_active_places_is_counted():
    activations = np.zeros((2, 3, 2, 2))
    activations[0, 1] = [[1, 0], [-2, 0]]
    activity = unit_activity(activations)
    assert activity.active.tolist() == [0, 0.25, 0]
    assert activity.strongest.tolist() == [0, 2, 0]
    assert activity.dead.tolist() == [0, 2]
    assert unit_activity(activations, threshold=1).active.tolist() == [0, 0.125, 0]


def test_a_unit_that_fires_for_one_image_is_alive():
    activations = np.zeros((100, 2))
    activations[63, 1] = 1e-3
    assert unit_activity(activations).dead.tolist() == [0]


@pytest.mark.parametrize(("wrong", "message"), [(np.zeros(3), "N, M"), (np.zeros((1, 2, 3)), "N")])
def test_activations_of_another_shape_are_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        unit_activity(wrong)


@given(seed=st.integers(0, 99), count=st.integers(1, 5))
def test_the_most_exciting_images_are_those_of_the_largest_maxima(seed, count):
    maps = np.random.default_rng(seed).normal(size=(5, 3, 4, 2))
    found = most_exciting(maps, 1, count=count)
    largest = maps[:, 1].max(axis=(1, 2))
    assert found.values.tolist() == sorted(largest, reverse=True)[:count]
    for index, value, (row, column) in zip(found.indices, found.values, found.places, strict=True):
        assert maps[index, 1, row, column] == value


def test_equally_exciting_images_keep_their_order():
    found = most_exciting(np.array([[1.0], [2.0], [1.0], [2.0]]), 0, count=4)
    assert found.indices.tolist() == [1, 3, 0, 2]
    assert found.places.tolist() == [[0, 0]] * 4


def test_a_missing_unit_and_too_many_images_are_refused():
    with pytest.raises(ValueError, match="unit must be at most 1"):
        most_exciting(np.ones((3, 2)), 2)
    with pytest.raises(ValueError, match="count must be at most 3"):
        most_exciting(np.ones((3, 2)), 0)


def test_the_patch_is_what_the_unit_saw():
    images = np.random.default_rng(0).random((4, 2, 9, 9))
    windows = [Window(3, padding=1), Window(2, stride=2)]
    field = receptive_fields(windows)[-1]
    maps = np.zeros((4, 1, 4, 4))
    maps[2, 0, 1, 2] = 5
    maps[3, 0, 0, 0] = 4
    patches = exciting_patches(images, most_exciting(maps, 0, count=2), field, fill=-1)
    assert np.array_equal(patches[0], images[2, :, 1:5, 3:7])
    assert np.array_equal(patches[1, :, 1:, 1:], images[3, :, :3, :3])
    assert (patches[1, :, 0] == -1).all() and (patches[1, :, :, 0] == -1).all()


def test_changing_pixels_outside_the_patch_leaves_the_unit_alone(lenet):
    layer = numpy_layer(*lenet, "conv1")
    images = np.random.default_rng(1).random((1, 1, 28, 28))
    found = most_exciting(layer(images), 0, count=1)
    row, column = found.places[0]
    changed = np.random.default_rng(2).random((1, 1, 28, 28))
    window = np.s_[..., max(0, row - 2) : row + 3, max(0, column - 2) : column + 3]
    changed[window] = images[window]
    assert layer(changed)[0, 0, row, column] == pytest.approx(found.values[0])


def test_histograms_count_every_activation_over_common_edges():
    rng = np.random.default_rng(0)
    layers = layer_activations(
        rng.normal(size=(50, 20)), activation="tanh", initializer=small_random, layers=3, rng=rng
    )
    histograms = activation_histograms({f"layer {i}": h for i, h in enumerate(layers, 1)}, bins=21)
    assert [each.counts.sum() for each in histograms.values()] == [1000] * 3
    first, last = histograms["layer 1"], histograms["layer 3"]
    assert np.array_equal(first.edges, last.edges)
    assert last.counts.max() == 1000  # vanished: all in one bin
    assert first.statistics.std == pytest.approx(layers[0].std())
    with pytest.raises(ValueError, match="at least one layer"):
        activation_histograms({})


def test_a_layer_of_a_numpy_network_gives_what_the_network_computes(lenet):
    network, parameters = lenet
    images = np.random.default_rng(1).random((2, 1, 28, 28))
    last = numpy_layer(network, parameters, "fc5")(images)
    assert np.array_equal(last, network.scores(parameters, images))
    assert numpy_layer(network, parameters, "conv1")(images).shape == (2, 6, 28, 28)
    with pytest.raises(ValueError, match="layer must be one of 'conv1'"):
        numpy_layer(network, parameters, "conv9")


@pytest.fixture
def torch_network():
    """Convolution, ReLU in place, dropout and batch normalization: all that can go wrong."""
    torch.manual_seed(0)
    network = nn.Sequential(
        nn.Conv2d(3, 4, 3), nn.ReLU(inplace=True), nn.BatchNorm2d(4), nn.Dropout(0.5), nn.Flatten()
    )
    return network.double()


def test_a_torch_layer_is_seen_before_a_relu_in_place_changes_it(torch_network):
    images = np.random.default_rng(0).normal(size=(2, 3, 5, 5))
    seen = torch_layer(torch_network, "0")(images)
    with torch.no_grad():
        expected = torch_network[0](torch.from_numpy(images)).numpy()
    assert np.array_equal(seen, expected)
    assert seen.min() < 0


def test_a_torch_network_is_asked_as_at_test_time_and_left_as_it_was(torch_network):
    images = np.random.default_rng(0).normal(size=(2, 3, 5, 5)).astype(np.float32)
    torch_network.train()
    torch_network[3].eval()
    before = torch_network[2].running_mean.clone()
    layer = torch_layer(torch_network)
    assert np.array_equal(layer(images), layer(images))  # no dropout
    assert torch.equal(torch_network[2].running_mean, before)
    assert [each.training for each in torch_network] == [True, True, True, False, True]
    assert not torch_network[0]._forward_hooks


def test_an_unknown_or_unused_torch_layer_is_refused(torch_network):
    with pytest.raises(ValueError, match="layer must be one of"):
        torch_layer(torch_network, "conv")

    class Unused(nn.Module):
        def __init__(self):
            super().__init__()
            self.spare = nn.Linear(1, 1)

        def forward(self, x):
            return x

    with pytest.raises(ValueError, match="must run"):
        torch_layer(Unused(), "spare")(np.ones((1, 1, 1, 1)))


def test_numpy_and_torch_networks_give_the_same_dead_filters(lenet):
    network, parameters = lenet
    convolution = nn.Conv2d(1, 6, 5, padding=2).double()
    with torch.no_grad():
        convolution.weight.copy_(torch.from_numpy(parameters["conv1.weight"]))
        convolution.bias.copy_(torch.from_numpy(parameters["conv1.bias"]))
    images = np.random.default_rng(1).random((3, 1, 28, 28))
    ours = unit_activity(numpy_layer(network, parameters, "act1")(images))
    theirs = unit_activity(torch_layer(nn.Sequential(convolution, nn.ReLU()), "1")(images))
    assert np.allclose(ours.active, theirs.active)
    assert ours.dead.tolist() == theirs.dead.tolist() == [2]
