import math

import numpy as np
import pytest
import torch
from torch import nn

from reference.architectures.parts import PARTS, output_with, parameter_shapes


@pytest.mark.parametrize(
    ("call", "parameters"),
    [
        (("lenet5",), 61_706),
        (("alexnet",), 62_378_344),
        (("vgg", ((1, 64), (1, 128), (2, 256), (2, 512), (2, 512))), 132_863_336),
        (("nin",), 7_439_608),
        (("inception", 192, 64, (96, 128), (16, 32), 32), 163_328 + 368),
        (("residual_block", 64, 64), 73_984),
        (("residual_block", 64, 128, 2), 230_144),
        (("dense_block", 6, 64, 32), 335_040),
        (("transition", 256, 128), 512 + 256 * 128),
    ],
    ids=str,
)
def test_parts_have_the_published_numbers_of_parameters(call, parameters) -> None:
    assert sum(math.prod(shape) for shape in parameter_shapes(*call)) == parameters


def test_alexnet_in_groups() -> None:
    shapes = parameter_shapes("alexnet", groups=2)
    assert sum(math.prod(shape) for shape in shapes) == 60_965_224


def numbers(shapes):
    rng = np.random.default_rng(1)
    return {shape: rng.uniform(0.1, 0.5, shape) for shape in shapes}


def test_the_output_is_that_of_a_network_with_these_numbers() -> None:
    given = numbers(parameter_shapes("vgg_block", 1, 2, 3))
    conv = nn.Conv2d(2, 3, 3, padding=1).double()
    for parameter in conv.parameters():
        parameter.data.copy_(torch.tensor(given[tuple(parameter.shape)]))
    x = np.random.default_rng(2).normal(size=(2, 2, 4, 6))
    expected = nn.functional.max_pool2d(conv(torch.tensor(x)).relu(), 2).detach().numpy()
    np.testing.assert_allclose(output_with(given, x, "vgg_block", 1, 2, 3), expected)


def test_running_statistics_take_the_numbers_of_their_length() -> None:
    given = numbers(parameter_shapes("residual_block", 3, 3))
    given[3, 3, 3, 3][:] = 0
    x = np.random.default_rng(2).normal(size=(1, 3, 4, 4))
    v = given[(3,)][:, None, None]
    # a silent branch ends in batch normalization of zeros
    expected = np.maximum(x + v - v * v / np.sqrt(v + 1e-5), 0)
    np.testing.assert_allclose(output_with(given, x, "residual_block", 3, 3), expected)


def test_dropout_is_off_and_every_part_can_be_asked() -> None:
    given = numbers(parameter_shapes("nin", (2, 3, 2), 4))
    x = np.random.default_rng(2).normal(size=(1, 3, 67, 67))
    once, again = (output_with(given, x, "nin", (2, 3, 2), 4) for _ in range(2))
    assert once.shape == (1, 4) and np.array_equal(once, again)
    assert len(PARTS) == 11


def test_unknown_parts_and_missing_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="part"):
        parameter_shapes("capsules")
    with pytest.raises(ValueError, match=r"none for \(3, 2, 3, 3\)"):
        output_with({}, np.zeros((1, 2, 4, 4)), "vgg_block", 1, 2, 3)
