"""Occlusion maps: the heat lies where the network looks."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from reference.losses import softmax
from reference.visualize import occlusion_map, occlusion_scores, torch_layer


def corner(images):
    """A network that looks at the first 3 x 3 pixels alone."""
    return images[:, :, :3, :3].sum(axis=(1, 2, 3))


@given(patch=st.integers(1, 4), data=st.data())
def test_a_network_that_looks_at_one_corner_has_its_heat_there(patch, data):
    stride = data.draw(st.integers(1, patch), label="stride")
    heat = occlusion_map(corner, np.ones((2, 8, 10)), patch=patch, stride=stride)
    assert heat.shape == (8, 10)
    assert heat[0, 0] == heat.max() > 0
    # A patch reaches at most patch - 1 pixels beyond what it hides of the corner.
    reach = 3 + patch - 1
    assert (heat[reach:] == 0).all() and (heat[:, reach:] == 0).all()


def test_with_single_pixels_the_heat_is_each_pixels_share():
    rng = np.random.default_rng(0)
    weights, image = rng.normal(size=(3, 4, 5)), rng.normal(size=(3, 4, 5))
    heat = occlusion_map(lambda x: np.einsum("nchw,chw->n", x, weights), image, patch=1)
    assert np.allclose(heat, (weights * image).sum(axis=0))


def test_the_score_of_every_place_is_that_of_the_hidden_image():
    image = np.arange(50.0).reshape(2, 5, 5)
    seen = []

    def score(images):
        seen.extend(images)
        return images.sum(axis=(1, 2, 3))

    scores = occlusion_scores(score, image, patch=2, stride=2, fill=[7, 8], batch_size=4)
    assert scores.tops.tolist() == scores.lefts.tolist() == [0, 2, 3]
    hidden = image.copy()
    hidden[0, 2:4, 3:5] = 7
    hidden[1, 2:4, 3:5] = 8
    assert np.array_equal(seen[5], hidden)
    assert scores.occluded[1, 2] == hidden.sum()
    assert scores.whole == image.sum()
    assert scores.drop[1, 2] == image.sum() - hidden.sum()
    assert len(seen) == 10


def test_batches_change_nothing_and_the_image_stays_as_it_is():
    image = np.random.default_rng(0).normal(size=(1, 6, 6))
    before = image.copy()
    one = occlusion_map(corner, image, patch=3, batch_size=1)
    assert np.array_equal(one, occlusion_map(corner, image, patch=3, batch_size=1000))
    assert np.array_equal(image, before)


def test_hiding_what_speaks_against_the_class_is_negative():
    heat = occlusion_map(lambda x: -corner(x), np.ones((1, 6, 6)), patch=2)
    assert heat[0, 0] == heat.min() < 0


def test_grey_and_zero_patches_tell_different_things():
    image = np.full((1, 5, 5), 0.5)
    assert occlusion_map(corner, image, patch=2, fill=0.5).any() == np.False_
    assert occlusion_map(corner, image, patch=2, fill=0.0).max() > 0


def test_a_torch_network_is_explained_by_a_plain_function():
    torch.manual_seed(0)
    network = nn.Sequential(nn.Flatten(), nn.Linear(64, 3))
    with torch.no_grad():
        network[1].weight.zero_()
        network[1].weight[1].view(8, 8)[5:, 5:] = 1
    logits = torch_layer(network)
    heat = occlusion_map(
        lambda images: softmax(logits(images))[:, 1], np.ones((1, 8, 8)), patch=2, stride=2
    )
    assert np.unravel_index(heat.argmax(), heat.shape) in [(6, 6), (6, 7), (7, 6), (7, 7)]
    assert np.allclose(heat[:4, :4], 0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"patch": 6}, "patch must be at most 5"),
        ({"patch": 2, "stride": 3}, "stride must be at most 2"),
        ({"patch": 2, "fill": [1.0, 2.0]}, "fill must be one number"),
        ({"patch": 2, "batch_size": 0}, "batch_size"),
    ],
)
def test_wrong_patches_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        occlusion_map(corner, np.ones((1, 5, 6)), **arguments)


def test_a_score_for_every_class_is_refused():
    with pytest.raises(ValueError, match=r"shape \(25,\).*got \(25, 10\)"):
        occlusion_map(lambda x: np.zeros((len(x), 10)), np.ones((1, 5, 5)), patch=1)
