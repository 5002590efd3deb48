"""The CIFAR ResNets: ResNet-20 to -110, ResNet-164 and pre-activation ResNet-1001."""

from __future__ import annotations

from torch import nn

from reference.architectures.residual_orders import (
    ORDERS,
    ResidualOrder,
    ResidualUnit,
    Shape,
    check_order,
    operations,
)
from reference.arrays import check_count

WIDTHS = (16, 32, 64)
EXPANSION = 4


def cifar_resnet(
    depth: int = 110,
    *,
    order: str = ResidualOrder.ORIGINAL,
    bottleneck: bool = False,
    classes: int = 10,
) -> nn.Sequential:
    """ResNet for 32x32 images in one of the five orders; maps (N, 3, 32, 32) to (N, classes).

    A 3x3 convolution, three stages of n units at 32x32, 16x16 and 8x8 with 16, 32 and 64 channels
    (four times as many behind a bottleneck), global average pooling and a linear layer. `depth`
    counts the layers with weights on the main path: `6 n + 2` with units of two 3x3
    convolutions, `9 n + 2` with bottlenecks. Two-layer units use the shortcut without
    parameters, bottlenecks a 1x1 convolution, as in the papers. Raises `ValueError` for a depth
    that no n gives and for an unknown order.
    """
    which = check_order(order)
    check_count(classes, "classes")
    layers = _stem(which)
    channels = WIDTHS[0]
    for stage, width in enumerate(WIDTHS):
        shape: Shape = ((width, 3), (width, 3))
        if bottleneck:
            shape = ((width, 1), (width, 3), (EXPANSION * width, 1))
        for index in range(_units(depth, bottleneck)):
            unit = ResidualUnit(
                channels,
                shape,
                stride=2 if stage > 0 and index == 0 else 1,
                order=which,
                projection=bottleneck,
                first=stage == 0 and index == 0,
            )
            layers.append(unit)
            channels = shape[-1][0]
    layers += operations(ORDERS[which].before, channels)
    return nn.Sequential(
        *layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes)
    )


def preactivation_resnet1001(*, classes: int = 10) -> nn.Sequential:
    """Build the 1001-layer ResNet with full pre-activation: 111 bottlenecks in each stage."""
    return cifar_resnet(
        1001, order=ResidualOrder.FULL_PREACTIVATION, bottleneck=True, classes=classes
    )


def _stem(order: ResidualOrder) -> list[nn.Module]:
    """Build the first convolution with the operations that no later pre-activation gives it."""
    letters = {
        ResidualOrder.RELU_ONLY_PREACTIVATION: "B",
        ResidualOrder.FULL_PREACTIVATION: "",
    }.get(order, "BR")
    conv = nn.Conv2d(3, WIDTHS[0], 3, padding=1, bias=False)
    return [conv, *operations(letters, WIDTHS[0])]


def _units(depth: int, bottleneck: bool) -> int:
    layers_per_step = 9 if bottleneck else 6
    units, rest = divmod(check_count(depth, "depth") - 2, layers_per_step)
    if rest or units < 1:
        raise ValueError(
            f"depth must be {layers_per_step} n + 2 with n >= 1, got {depth}: "
            f"{layers_per_step * max(units, 1) + 2} is the nearest below"
        )
    return units
