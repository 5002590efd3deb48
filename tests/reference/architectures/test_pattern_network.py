from collections.abc import Sequence
from typing import Any

import pytest
import torch

from reference.architectures.alexnet import alexnet
from reference.architectures.pattern import PatternCounts, expand, recognize
from reference.architectures.pattern_network import build, layer_names
from reference.architectures.resnet import resnet
from reference.architectures.tracing import account
from reference.architectures.vgg import vgg

PATTERN = "INPUT-[[CONV-RELU]*N-POOL?]*M-[FC-RELU]*K-FC"


def test_built_network_has_the_layers_it_was_asked_for() -> None:
    layers = expand(PATTERN, N=2, M=3, K=1)
    network = build(layers, input_shape=(3, 32, 32), filters=8, hidden=20)
    assert ("INPUT", *layer_names(network)) == layers
    assert network(torch.randn(2, 3, 32, 32)).shape == (2, 10)


def test_filters_double_behind_each_pool_up_to_the_maximum() -> None:
    layers = expand(PATTERN, N=1, M=4, K=0)
    network = build(layers, input_shape=(3, 32, 32), filters=8, max_filters=32)
    shapes = [
        row.output_shape for row in account(network, (3, 32, 32)).rows if row.kind == "Conv2d"
    ]
    assert shapes == [(8, 32, 32), (16, 16, 16), (32, 8, 8), (32, 4, 4)]


def test_softmax_gives_probabilities() -> None:
    network = build(("FC", "SOFTMAX"), input_shape=(1, 4, 4), classes=5)
    torch.testing.assert_close(network(torch.randn(3, 1, 4, 4)).sum(dim=1), torch.ones(3))


def test_the_published_networks_follow_the_pattern() -> None:
    with torch.device("meta"):
        networks = {"alexnet": alexnet(), "vgg16": vgg(16), "vgg19": vgg(19)}
    counts = {name: recognize(layer_names(network)) for name, network in networks.items()}
    assert counts["alexnet"] == PatternCounts((1, 1, 3), (True,) * 3, 2)
    assert counts["vgg16"] == PatternCounts((2, 2, 3, 3, 3), (True,) * 5, 2)
    assert counts["vgg19"] == PatternCounts((2, 2, 4, 4, 4), (True,) * 5, 2)


def test_a_residual_network_does_not() -> None:
    with torch.device("meta"), pytest.raises(ValueError, match="the pattern has no name for a"):
        layer_names(resnet(18))


@pytest.mark.parametrize(
    ("layers", "settings", "message"),
    [
        (("CONV", "RELU"), {}, "the last layer with weights must be an FC"),
        (("FC", "RELU", "CONV"), {}, "the last layer with weights must be an FC"),
        (("FC", "CONV", "FC"), {}, "CONV must stand before the first FC"),
        (("FC", "POOL", "FC"), {}, "POOL must stand before the first FC"),
        (("DROP", "FC"), {}, "layers must be INPUT, CONV"),
        (("POOL", "FC"), {"input_shape": (3, 7, 8)}, "POOL must halve the size, got 7"),
        (("FC",), {"input_shape": (0, 8, 8)}, "input_shape must be at least 1"),
    ],
)
def test_what_cannot_be_built_is_refused(
    layers: Sequence[str], settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        build(layers, **({"input_shape": (3, 8, 8)} | settings))
