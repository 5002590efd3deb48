"""Where batch normalization and ReLU stand in a residual unit (He et al. 2016b; homework 8, Q4).

The five orders of the homework's table, on the CIFAR ResNets in which the paper compared them.
With full pre-activation the sum is passed on untouched, so gradients reach every unit through a
clean identity path and every convolution's input is normalized: 1001 layers can be trained.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple, TypeAlias

from torch import Tensor, nn
from torch.nn import functional

from reference.arrays import check_choice

Shape: TypeAlias = tuple[tuple[int, int], ...]
"""The convolutions of a unit's branch as (outputs, kernel)."""


class ResidualOrder(StrEnum):
    """The rows of the homework's table, (a) to (e)."""

    ORIGINAL = "original"
    BN_AFTER_ADDITION = "bn_after_addition"
    RELU_BEFORE_ADDITION = "relu_before_addition"
    RELU_ONLY_PREACTIVATION = "relu_only_preactivation"
    FULL_PREACTIVATION = "full_preactivation"


class CifarError(NamedTuple):
    """Classification error on CIFAR-10 in percent, as the homework prints it."""

    resnet110: float
    resnet164: float


PUBLISHED_ERRORS: dict[ResidualOrder, CifarError] = {
    ResidualOrder.ORIGINAL: CifarError(6.61, 5.93),
    ResidualOrder.BN_AFTER_ADDITION: CifarError(8.17, 6.50),
    ResidualOrder.RELU_BEFORE_ADDITION: CifarError(7.84, 6.14),
    ResidualOrder.RELU_ONLY_PREACTIVATION: CifarError(6.71, 5.91),
    ResidualOrder.FULL_PREACTIVATION: CifarError(6.37, 5.46),
}


class OrderSpec(NamedTuple):
    """The operations around each convolution (C) of the branch and behind the addition."""

    before: str
    after: str
    last: str
    addition: str


# Letters: B batch normalization, R ReLU. `last` stands behind the branch's last convolution in
# place of `after`; `addition` is applied to the sum.
ORDERS: dict[ResidualOrder, OrderSpec] = {
    ResidualOrder.ORIGINAL: OrderSpec(before="", after="BR", last="B", addition="R"),
    ResidualOrder.BN_AFTER_ADDITION: OrderSpec(before="", after="BR", last="", addition="BR"),
    ResidualOrder.RELU_BEFORE_ADDITION: OrderSpec(before="", after="BR", last="BR", addition=""),
    ResidualOrder.RELU_ONLY_PREACTIVATION: OrderSpec(before="R", after="B", last="B", addition=""),
    ResidualOrder.FULL_PREACTIVATION: OrderSpec(before="BR", after="", last="", addition=""),
}


class ZeroPadShortcut(nn.Module):
    """Option A: every `stride`-th pixel, and zeros for the channels that are missing.

    Has no parameters: (N, in_channels, H, W) to (N, out_channels, H / stride, W / stride).
    """

    def __init__(self, in_channels: int, out_channels: int, stride: int) -> None:
        super().__init__()
        self.missing = out_channels - in_channels
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        """Return the subsampled input with zero channels behind it."""
        x = x[:, :, :: self.stride, :: self.stride]
        return functional.pad(x, (0, 0, 0, 0, 0, self.missing))


def operations(letters: str, channels: int) -> list[nn.Module]:
    """Build batch normalization for each B and a ReLU for each R of `letters`."""
    # Not in place: the sum that a pre-activation reads is the shortcut's value too.
    return [nn.BatchNorm2d(channels) if letter == "B" else nn.ReLU() for letter in letters]


class ResidualUnit(nn.Module):
    """One unit in a given order: `addition(shortcut(x) + branch(x))`.

    Where the number of channels
    or the size changes, the shortcut is `ZeroPadShortcut`, or with `projection` a 1x1
    convolution. In the pre-activation orders such a unit, and the first one, let the shortcut
    start behind the first operations (the paper's appendix).
    """

    def __init__(
        self,
        in_channels: int,
        shape: Shape,
        *,
        stride: int,
        order: ResidualOrder,
        projection: bool,
        first: bool = False,
    ) -> None:
        super().__init__()
        spec = ORDERS[order]
        out_channels = shape[-1][0]
        changes = stride != 1 or in_channels != out_channels
        opening = operations(spec.before, in_channels)
        self.shared_opening = (changes and projection) or first
        self.opening = nn.Sequential(*opening)
        self.branch = nn.Sequential(*_branch(in_channels, shape, stride, spec))
        self.shortcut: nn.Module = nn.Identity()
        if changes and projection:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride=stride, bias=False)
            # Normalized exactly where the branch that it is added to ends normalized.
            norm = operations("B" if "B" in spec.last else "", out_channels)
            self.shortcut = nn.Sequential(conv, *norm)
        elif changes:
            self.shortcut = ZeroPadShortcut(in_channels, out_channels, stride)
        self.addition = nn.Sequential(*operations(spec.addition, out_channels))

    def forward(self, x: Tensor) -> Tensor:
        """Return (N, out_channels, H / stride, W / stride)."""
        opened = self.opening(x)
        shortcut = self.shortcut(opened if self.shared_opening else x)
        out: Tensor = self.addition(shortcut + self.branch(opened))
        return out


def _branch(in_channels: int, shape: Shape, stride: int, spec: OrderSpec) -> list[nn.Module]:
    """Build the branch's convolutions with their operations, but for the opening ones."""
    layers: list[nn.Module] = []
    for index, (channels, kernel) in enumerate(shape):
        if index > 0:
            layers += operations(spec.before, in_channels)
        layers.append(
            nn.Conv2d(
                in_channels,
                channels,
                kernel,
                stride=stride if index == 0 else 1,
                padding=kernel // 2,
                bias=False,
            )
        )
        last = index == len(shape) - 1
        layers += operations(spec.last if last else spec.after, channels)
        in_channels = channels
    return layers


def check_order(order: str) -> ResidualOrder:
    """Return the order of that name. Raises `ValueError` for an unknown one."""
    return ResidualOrder(check_choice(order, "order", [each.value for each in ResidualOrder]))
