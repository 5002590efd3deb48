"""VGG-11, -13, -16 and -19 (Simonyan and Zisserman 2015)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from torch import nn

from reference.arrays import check_count

ConvArch = tuple[tuple[int, int], ...]

CONV_ARCH: dict[int, ConvArch] = {
    11: ((1, 64), (1, 128), (2, 256), (2, 512), (2, 512)),
    13: ((2, 64), (2, 128), (2, 256), (2, 512), (2, 512)),
    16: ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512)),
    19: ((2, 64), (2, 128), (4, 256), (4, 512), (4, 512)),
}
"""Depth (layers with weights) -> (number of convolutions, filters) of each block."""


def vgg_block(
    convolutions: int, in_channels: int, out_channels: int, *, block: int = 1
) -> list[tuple[str, nn.Module]]:
    """Build one block: 3x3 convolutions with padding 1, each with a ReLU, then 2x2 pooling.

    The names are those of the paper, `conv3_2` for the second convolution of block 3.
    """
    layers: list[tuple[str, nn.Module]] = []
    for index in range(1, convolutions + 1):
        layers += [
            (f"conv{block}_{index}", nn.Conv2d(in_channels, out_channels, 3, padding=1)),
            (f"relu{block}_{index}", nn.ReLU(inplace=True)),
        ]
        in_channels = out_channels
    return [*layers, (f"pool{block}", nn.MaxPool2d(2, stride=2))]


def vgg(depth: int = 16, *, channels: int = 3, classes: int = 1000) -> nn.Sequential:
    """VGG of a depth in 11, 13, 16, 19; maps (N, 3, 224, 224) to logits (N, classes).

    Parameters: 132,863,336, 133,047,848, 138,357,544 and 143,667,240 (the slides' code ends in 10
    classes and their figure in 1000; with 10 it is 128,807,306, 128,991,818, 134,301,514 and
    139,611,210). The homework's table gives one pooling 65,664 parameters, where it has none, and
    so comes to 138,423,208 for VGG-16. Raises `ValueError` for another depth.
    """
    if depth not in CONV_ARCH:
        raise ValueError(f"depth must be one of {sorted(CONV_ARCH)}, got {depth}: choose one")
    return vgg_from_blocks(CONV_ARCH[depth], channels=channels, classes=classes)


def vgg_from_blocks(
    conv_arch: Sequence[tuple[int, int]],
    *,
    channels: int = 3,
    classes: int = 1000,
    input_size: int = 224,
    hidden: int = 4096,
) -> nn.Sequential:
    """Build a VGG from `(convolutions, filters)` of each block, as the slides' `vgg` does.

    Each block halves the size, so `input_size` must be a multiple of `2^blocks`, else
    `ValueError`. `hidden` is the width of the two fully connected layers before the last.
    """
    for name, count in (("channels", channels), ("classes", classes), ("hidden", hidden)):
        check_count(count, name)
    layers: list[tuple[str, nn.Module]] = []
    in_channels = channels
    for block, (convolutions, filters) in enumerate(conv_arch, start=1):
        layers += vgg_block(convolutions, in_channels, filters, block=block)
        in_channels = filters
    size, rest = divmod(input_size, 2 ** len(conv_arch))
    if rest or size == 0:
        raise ValueError(
            f"input_size must be a multiple of {2 ** len(conv_arch)}, because {len(conv_arch)} "
            f"blocks halve it, got {input_size}: use 32, 64, 96, 224, 384 or 512, say"
        )
    layers += [
        ("flatten", nn.Flatten()),
        ("fc1", nn.Linear(in_channels * size * size, hidden)),
        ("relu_fc1", nn.ReLU(inplace=True)),
        ("drop1", nn.Dropout(0.5)),
        ("fc2", nn.Linear(hidden, hidden)),
        ("relu_fc2", nn.ReLU(inplace=True)),
        ("drop2", nn.Dropout(0.5)),
        ("fc3", nn.Linear(hidden, classes)),
    ]
    return nn.Sequential(OrderedDict(layers))
