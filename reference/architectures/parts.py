"""Networks and their parts by name: what they hold and what they compute, as plain data.

A network is compared with another one by shapes and numbers alone: the shapes of the parameters,
and the output when every tensor holds numbers that its shape decides. Then neither the names of
the layers nor the order in which they were made plays a part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from reference.architectures.alexnet import ALEXNET_WIDTHS, Widths
from reference.architectures.densenet import DenseLayer
from reference.architectures.densenet import transition as transition_layers
from reference.architectures.googlenet import Inception, InceptionWidths
from reference.architectures.lenet import lenet5
from reference.architectures.nin import nin_block
from reference.architectures.residual_orders import ResidualOrder, ResidualUnit
from reference.architectures.resnet import basic_block
from reference.architectures.vgg import vgg_block as vgg_layers
from reference.architectures.vgg import vgg_from_blocks
from reference.arrays import check_choice

Shape = tuple[int, ...]
Numbers = Mapping[Shape, NDArray[Any]]
"""The numbers of every tensor, by its shape."""


def alexnet(
    widths: Widths = ALEXNET_WIDTHS, hidden: int = 4096, classes: int = 1000, groups: int = 1
) -> nn.Sequential:
    """AlexNet without local response normalization, in any width: (N, 3, 227, 227) to scores.

    `groups` belongs to the second, fourth and fifth convolution.
    """
    w1, w2, w3, w4, w5 = widths
    return nn.Sequential(
        *_conv(3, w1, 11, stride=4),
        nn.MaxPool2d(3, stride=2),
        *_conv(w1, w2, 5, padding=2, groups=groups),
        nn.MaxPool2d(3, stride=2),
        *_conv(w2, w3, 3, padding=1),
        *_conv(w3, w4, 3, padding=1, groups=groups),
        *_conv(w4, w5, 3, padding=1, groups=groups),
        nn.MaxPool2d(3, stride=2),
        nn.Flatten(),
        nn.Linear(36 * w5, hidden),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(hidden, hidden),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(hidden, classes),
    )


def vgg_block(convolutions: int, in_channels: int, out_channels: int) -> nn.Sequential:
    """One block of VGG: (N, in_channels, H, W) to (N, out_channels, H / 2, W / 2)."""
    return nn.Sequential(
        *(layer for _, layer in vgg_layers(convolutions, in_channels, out_channels))
    )


def nin(widths: tuple[int, int, int] = (96, 256, 384), classes: int = 1000) -> nn.Sequential:
    """Network in Network in any width: (N, 3, H, W) to (N, classes)."""
    w1, w2, w3 = widths
    return nn.Sequential(
        nin_block(3, w1, 11, stride=4),
        nn.MaxPool2d(3, stride=2),
        nin_block(w1, w2, 5, padding=2),
        nn.MaxPool2d(3, stride=2),
        nin_block(w2, w3, 3, padding=1),
        nn.MaxPool2d(3, stride=2),
        nn.Dropout(0.5),
        nin_block(w3, classes, 3, padding=1),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
    )


def inception(
    in_channels: int,
    conv1x1: int,
    conv3x3: tuple[int, int],
    conv5x5: tuple[int, int],
    pool_projection: int,
) -> nn.Module:
    """An inception module from its row of the table: (N, in_channels, H, W) to (N, C, H, W)."""
    widths = InceptionWidths(conv1x1, *conv3x3, *conv5x5, pool_projection)
    return Inception(in_channels, widths)


def preactivation_block(in_channels: int, out_channels: int, stride: int = 1) -> nn.Module:
    """Two 3x3 convolutions in the order of full pre-activation, with a projecting shortcut."""
    return ResidualUnit(
        in_channels,
        ((out_channels, 3), (out_channels, 3)),
        stride=stride,
        order=ResidualOrder.FULL_PREACTIVATION,
        projection=True,
    )


def residual_block(in_channels: int, out_channels: int, stride: int = 1) -> nn.Module:
    """The block of ResNet-18."""
    return basic_block(in_channels, out_channels, stride=stride)


def dense_block(num_layers: int, in_channels: int, growth_rate: int) -> nn.Sequential:
    """A dense block with bottlenecks: (N, C, H, W) to (N, C + num_layers * growth_rate, H, W)."""
    widths = range(in_channels, in_channels + num_layers * growth_rate, growth_rate)
    return nn.Sequential(*(DenseLayer(width, growth_rate) for width in widths))


def transition(in_channels: int, out_channels: int) -> nn.Sequential:
    """What joins two dense blocks: (N, in_channels, H, W) to (N, out_channels, H / 2, W / 2)."""
    return nn.Sequential(*transition_layers(in_channels, out_channels))


def _vgg(
    conv_arch: tuple[tuple[int, int], ...],
    channels: int = 3,
    size: int = 224,
    hidden: int = 4096,
    classes: int = 1000,
) -> nn.Sequential:
    return vgg_from_blocks(
        conv_arch, channels=channels, input_size=size, hidden=hidden, classes=classes
    )


def _lenet5(classes: int = 10) -> nn.Sequential:
    return lenet5(classes=classes)


def _nin_block(
    in_channels: int, out_channels: int, kernel: int, stride: int = 1, padding: int = 0
) -> nn.Sequential:
    return nin_block(in_channels, out_channels, kernel, stride=stride, padding=padding)


def _conv(in_channels: int, out_channels: int, kernel: int, **options: Any) -> list[nn.Module]:
    return [nn.Conv2d(in_channels, out_channels, kernel, **options), nn.ReLU()]


PARTS: dict[str, Callable[..., nn.Module]] = {
    "lenet5": _lenet5,
    "alexnet": alexnet,
    "vgg_block": vgg_block,
    "vgg": _vgg,
    "nin_block": _nin_block,
    "nin": nin,
    "inception": inception,
    "residual_block": residual_block,
    "preactivation_block": preactivation_block,
    "dense_block": dense_block,
    "transition": transition,
}
"""How to build each network or part."""


def parameter_shapes(part: str, *arguments: Any, **names: Any) -> list[Shape]:
    """Return the shape of each parameter, built without memory. Raises `ValueError` (unknown)."""
    check_choice(part, "part", PARTS)
    with torch.device("meta"):
        module = PARTS[part](*arguments, **names)
    return [tuple(parameter.shape) for parameter in module.parameters()]


def output_with(
    numbers: Numbers, x: NDArray[Any], part: str, *arguments: Any, **names: Any
) -> NDArray[np.float64]:
    """Return the output for x (N, ...) of a part whose tensors hold `numbers`, in evaluation mode.

    Computed in float64. A running mean or variance holds what a vector of its length holds. Raises
    `ValueError` for an unknown part and where the numbers of a shape are missing.
    """
    check_choice(part, "part", PARTS)
    module = PARTS[part](*arguments, **names).double().eval()
    with torch.no_grad():
        for tensor in (*module.parameters(), *module.buffers()):
            if tensor.is_floating_point():
                tensor.copy_(torch.tensor(_of_shape(numbers, tuple(tensor.shape))))
        output: NDArray[np.float64] = module(torch.tensor(np.asarray(x, np.float64))).numpy()
    return output


def _of_shape(numbers: Numbers, shape: Shape) -> NDArray[Any]:
    if shape not in numbers:
        raise ValueError(
            f"numbers must hold an array for each shape, got none for {shape}: "
            "parameter_shapes lists all of them"
        )
    return numbers[shape]
