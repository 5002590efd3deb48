"""DenseNet-BC: every layer reads all earlier feature maps of its block (Huang et al. 2017)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from reference.arrays import check_count

BLOCKS: dict[int, tuple[int, int, int, int]] = {
    121: (6, 12, 24, 16),
    161: (6, 12, 36, 24),
    169: (6, 12, 32, 32),
    201: (6, 12, 48, 32),
}
"""Depth -> layers of each dense block, for ImageNet; growth rate 32, for 161 it is 48."""

BOTTLENECK = 4


class DenseLayer(nn.Module):
    """Append `growth_rate` new channels to the input: (N, C, H, W) to (N, C + k, H, W).

    BN-ReLU-1x1 convolution to 4 k channels (the bottleneck, the B of BC), then BN-ReLU-3x3
    convolution to k. Layer l costs about `l k k` weights times the kernel's area where a
    ResNet's costs `C C`: features are reused, not learned again.
    """

    def __init__(self, in_channels: int, growth_rate: int) -> None:
        super().__init__()
        inner = BOTTLENECK * growth_rate
        self.layers = nn.Sequential(
            nn.BatchNorm2d(in_channels),
            nn.ReLU(inplace=True),
            nn.Conv2d(in_channels, inner, 1, bias=False),
            nn.BatchNorm2d(inner),
            nn.ReLU(inplace=True),
            nn.Conv2d(inner, growth_rate, 3, padding=1, bias=False),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return the input with the new channels behind it."""
        return torch.cat([x, self.layers(x)], dim=1)


def transition(in_channels: int, out_channels: int) -> list[nn.Module]:
    """Build what joins two blocks: BN-ReLU-1x1 convolution, then 2x2 average pooling."""
    return [
        nn.BatchNorm2d(in_channels),
        nn.ReLU(inplace=True),
        nn.Conv2d(in_channels, out_channels, 1, bias=False),
        nn.AvgPool2d(2, stride=2),
    ]


def dense_network(
    stem: Sequence[nn.Module],
    channels: int,
    blocks: Sequence[int],
    *,
    growth_rate: int,
    compression: float = 0.5,
    classes: int,
) -> nn.Sequential:
    """Build the dense blocks behind a stem with `channels` outputs, and the classifier.

    Each transition keeps `floor(compression * channels)` channels (the C of BC). Raises
    `ValueError` for counts under 1 and a compression outside (0, 1].
    """
    check_count(growth_rate, "growth_rate")
    check_count(classes, "classes")
    if not 0 < compression <= 1:
        raise ValueError(
            f"compression is the kept part and must lie in (0, 1], got {compression}: use 0.5"
        )
    layers = list(stem)
    for index, count in enumerate(blocks):
        for _ in range(check_count(count, "layers of a block")):
            layers.append(DenseLayer(channels, growth_rate))
            channels += growth_rate
        if index < len(blocks) - 1:
            kept = int(compression * channels)
            layers += transition(channels, kept)
            channels = kept
    return nn.Sequential(
        *layers,
        nn.BatchNorm2d(channels),
        nn.ReLU(inplace=True),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(channels, classes),
    )


def densenet(depth: int = 121, *, classes: int = 1000) -> nn.Sequential:
    """DenseNet-BC of a depth in 121, 161, 169, 201; maps (N, 3, 224, 224) to (N, classes).

    Parameters: 7,978,856, 28,681,000, 14,149,480 and 20,013,928. Raises `ValueError` for
    another depth.
    """
    if depth not in BLOCKS:
        raise ValueError(f"depth must be one of {sorted(BLOCKS)}, got {depth}: choose one")
    growth_rate = 48 if depth == 161 else 32
    channels = 2 * growth_rate
    stem = [
        nn.Conv2d(3, channels, 7, stride=2, padding=3, bias=False),
        nn.BatchNorm2d(channels),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(3, stride=2, padding=1),
    ]
    return dense_network(stem, channels, BLOCKS[depth], growth_rate=growth_rate, classes=classes)


def cifar_densenet(depth: int = 100, *, growth_rate: int = 12, classes: int = 10) -> nn.Sequential:
    """DenseNet-BC for 32x32 images; maps (N, 3, 32, 32) to (N, classes).

    Three blocks of `(depth - 4) / 6` layers; depth 100 with growth rate 12 has 769,162
    parameters. Raises `ValueError` for a depth that is not `6 n + 4`.
    """
    layers, rest = divmod(check_count(depth, "depth") - 4, 6)
    if rest or layers < 1:
        raise ValueError(f"depth must be 6 n + 4 with n >= 1, got {depth}: use 40, 100 or 190")
    channels = 2 * growth_rate
    stem = [nn.Conv2d(3, channels, 3, padding=1, bias=False)]
    return dense_network(stem, channels, (layers,) * 3, growth_rate=growth_rate, classes=classes)
