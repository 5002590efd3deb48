"""ResNet-18, -34, -50, -101 and -152 for ImageNet (He et al. 2016a)."""

from __future__ import annotations

from torch import Tensor, nn

from reference.arrays import check_count

BLOCKS: dict[int, tuple[int, int, int, int]] = {
    18: (2, 2, 2, 2),
    34: (3, 4, 6, 3),
    50: (3, 4, 6, 3),
    101: (3, 4, 23, 3),
    152: (3, 8, 36, 3),
}
"""Depth (layers with weights on the main path) -> residual blocks of each of the four stages."""

WIDTHS = (64, 128, 256, 512)
EXPANSION = 4


def conv_bn(
    in_channels: int, out_channels: int, kernel: int, *, stride: int = 1
) -> list[nn.Module]:
    """Build a convolution that keeps the size (at stride 1) and its batch normalization.

    The convolution has no bias: the mean that follows would subtract it again.
    """
    padding = kernel // 2
    conv = nn.Conv2d(in_channels, out_channels, kernel, stride=stride, padding=padding, bias=False)
    return [conv, nn.BatchNorm2d(out_channels)]


class ResidualBlock(nn.Module):
    """`ReLU(residual(x) + shortcut(x))`; the shortcut is the identity where the shapes agree.

    Elsewhere it is a 1x1 convolution with batch normalization (option B of the paper).
    """

    def __init__(
        self, residual: nn.Sequential, in_channels: int, out_channels: int, stride: int
    ) -> None:
        super().__init__()
        self.residual = residual
        same = stride == 1 and in_channels == out_channels
        self.shortcut: nn.Module = (
            nn.Identity()
            if same
            else nn.Sequential(*conv_bn(in_channels, out_channels, 1, stride=stride))
        )
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        """Return (N, out_channels, H / stride, W / stride)."""
        out: Tensor = self.relu(self.residual(x) + self.shortcut(x))
        return out


def basic_block(in_channels: int, width: int, *, stride: int = 1) -> ResidualBlock:
    """Build a block of two 3x3 convolutions with `width` outputs (ResNet-18 and -34)."""
    residual = nn.Sequential(
        *conv_bn(in_channels, width, 3, stride=stride),
        nn.ReLU(inplace=True),
        *conv_bn(width, width, 3),
    )
    return ResidualBlock(residual, in_channels, width, stride)


def bottleneck_block(in_channels: int, width: int, *, stride: int = 1) -> ResidualBlock:
    """Build a block of 1x1, 3x3 and 1x1 convolutions with `4 width` outputs (ResNet-50 on).

    The stride is in the first 1x1 convolution, as in the paper; torchvision has it in the 3x3
    one, with the same parameters and 6 % more multiply-adds.
    """
    out_channels = EXPANSION * width
    residual = nn.Sequential(
        *conv_bn(in_channels, width, 1, stride=stride),
        nn.ReLU(inplace=True),
        *conv_bn(width, width, 3),
        nn.ReLU(inplace=True),
        *conv_bn(width, out_channels, 1),
    )
    return ResidualBlock(residual, in_channels, out_channels, stride)


def resnet(depth: int = 50, *, classes: int = 1000) -> nn.Sequential:
    """ResNet of a depth in 18, 34, 50, 101, 152; maps (N, 3, 224, 224) to logits (N, classes).

    Parameters: 11,689,512, 21,797,672, 25,557,032, 44,549,160 and 60,192,808. Raises
    `ValueError` for another depth.
    """
    if depth not in BLOCKS:
        raise ValueError(f"depth must be one of {sorted(BLOCKS)}, got {depth}: choose one")
    check_count(classes, "classes")
    block = basic_block if depth < 50 else bottleneck_block
    expansion = 1 if depth < 50 else EXPANSION
    layers: list[nn.Module] = [
        *conv_bn(3, 64, 7, stride=2),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(3, stride=2, padding=1),
    ]
    channels = 64
    for stage, (width, count) in enumerate(zip(WIDTHS, BLOCKS[depth], strict=True)):
        for index in range(count):
            stride = 2 if stage > 0 and index == 0 else 1
            layers.append(block(channels, width, stride=stride))
            channels = expansion * width
    return nn.Sequential(
        *layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes)
    )
