"""GoogLeNet with its two auxiliary heads (Szegedy et al. 2015)."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from reference.arrays import check_count


class InceptionWidths(NamedTuple):
    """Filters of a module: the columns of the paper's (and the homework's) table."""

    conv1x1: int
    reduce3x3: int
    conv3x3: int
    reduce5x5: int
    conv5x5: int
    pool_projection: int

    @property
    def outputs(self) -> int:
        """Channels of the concatenated output; the reductions do not come through."""
        return self.conv1x1 + self.conv3x3 + self.conv5x5 + self.pool_projection


INCEPTION: dict[str, InceptionWidths] = {
    "3a": InceptionWidths(64, 96, 128, 16, 32, 32),
    "3b": InceptionWidths(128, 128, 192, 32, 96, 64),
    "4a": InceptionWidths(192, 96, 208, 16, 48, 64),
    "4b": InceptionWidths(160, 112, 224, 24, 64, 64),
    "4c": InceptionWidths(128, 128, 256, 24, 64, 64),
    "4d": InceptionWidths(112, 144, 288, 32, 64, 64),
    "4e": InceptionWidths(256, 160, 320, 32, 128, 128),
    "5a": InceptionWidths(256, 160, 320, 32, 128, 128),
    "5b": InceptionWidths(384, 192, 384, 48, 128, 128),
}


class GoogLeNetOutput(NamedTuple):
    """Logits (N, classes) of the main head and, in training, of those after 4a and 4d."""

    logits: Tensor
    auxiliary1: Tensor
    auxiliary2: Tensor


def _conv(in_channels: int, out_channels: int, kernel: int, stride: int = 1) -> nn.Sequential:
    conv = nn.Conv2d(in_channels, out_channels, kernel, stride=stride, padding=kernel // 2)
    return nn.Sequential(conv, nn.ReLU(inplace=True))


class Inception(nn.Module):
    """Parallel 1x1, 3x3 and 5x5 convolutions and pooling, concatenated along the channels.

    The 1x1 reductions before the large kernels, and after the pooling, keep the number of
    weights down: pooling alone could only add channels.
    """

    def __init__(self, in_channels: int, widths: InceptionWidths) -> None:
        super().__init__()
        self.branch1x1 = _conv(in_channels, widths.conv1x1, 1)
        self.branch3x3 = nn.Sequential(
            _conv(in_channels, widths.reduce3x3, 1), _conv(widths.reduce3x3, widths.conv3x3, 3)
        )
        self.branch5x5 = nn.Sequential(
            _conv(in_channels, widths.reduce5x5, 1), _conv(widths.reduce5x5, widths.conv5x5, 5)
        )
        self.branch_pool = nn.Sequential(
            nn.MaxPool2d(3, stride=1, padding=1), _conv(in_channels, widths.pool_projection, 1)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return (N, widths.outputs, H, W)."""
        branches = [self.branch1x1(x), self.branch3x3(x), self.branch5x5(x), self.branch_pool(x)]
        return torch.cat(branches, dim=1)


class AuxiliaryHead(nn.Module):
    """A small classifier on (N, C, 14, 14), whose loss feeds gradients to the early layers."""

    def __init__(self, in_channels: int, classes: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.AvgPool2d(5, stride=3),
            _conv(in_channels, 128, 1),
            nn.Flatten(),
            nn.Linear(128 * 4 * 4, 1024),
            nn.ReLU(inplace=True),
            nn.Dropout(0.7),
            nn.Linear(1024, classes),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return logits (N, classes)."""
        logits: Tensor = self.layers(x)
        return logits


class GoogLeNet(nn.Module):
    """GoogLeNet: 22 layers with weights; maps (N, 3, 224, 224) to logits (N, classes).

    The main branch has 6,990,272 weights and 8,280 biases, 6,998,552 together; the heads bring
    6,379,728 more and work in training only. They hang behind inception 4a and 4d, as in the
    paper. In evaluation the forward pass returns the main logits alone. Global average pooling
    stands for the fully connected layers, with 40 % dropout before the last (there `p` is the
    *dropped* part). Pooling rounds up, as in Caffe.

    The paper's table, which the homework reprints, gives other numbers: its first row has 2.7K
    and 34M where a 7x7 layer has 7*7*3*64 = 9408 weights and 118M multiply-adds, its column counts
    in units of 1024 with four modules (4c, 4d, 5a, 5b) 1.5 to 7 % off, and sums to 6.8M. The 4M
    of the tutorial fits nothing.
    """

    def __init__(self, *, classes: int = 1000, auxiliary: bool = True) -> None:
        super().__init__()
        check_count(classes, "classes")
        self.stem = nn.Sequential(
            _conv(3, 64, 7, stride=2),
            nn.MaxPool2d(3, stride=2, ceil_mode=True),
            nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=1.0),
            _conv(64, 64, 1),
            _conv(64, 192, 3),
            nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=1.0),
            nn.MaxPool2d(3, stride=2, ceil_mode=True),
        )
        channels = 192
        self.inception = nn.ModuleDict()
        for name, widths in INCEPTION.items():
            self.inception[name] = Inception(channels, widths)
            channels = widths.outputs
        self.pool3 = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.pool4 = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.auxiliary1 = AuxiliaryHead(INCEPTION["4a"].outputs, classes) if auxiliary else None
        self.auxiliary2 = AuxiliaryHead(INCEPTION["4d"].outputs, classes) if auxiliary else None
        self.head = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.4), nn.Linear(channels, classes)
        )

    def forward(self, x: Tensor) -> Tensor | GoogLeNetOutput:
        """Return the logits; in training with auxiliary heads, those of all three heads."""
        modules = self.inception
        x = self.pool3(modules["3b"](modules["3a"](self.stem(x))))
        after_4a = modules["4a"](x)
        after_4d = modules["4d"](modules["4c"](modules["4b"](after_4a)))
        x = self.pool4(modules["4e"](after_4d))
        logits: Tensor = self.head(modules["5b"](modules["5a"](x)))
        if self.training and self.auxiliary1 is not None and self.auxiliary2 is not None:
            return GoogLeNetOutput(logits, self.auxiliary1(after_4a), self.auxiliary2(after_4d))
        return logits


def googlenet_loss(
    output: GoogLeNetOutput, labels: Tensor, *, auxiliary_weight: float = 0.3
) -> Tensor:
    """Return cross-entropy of the main head plus 0.3 times that of each auxiliary head."""
    main = functional.cross_entropy(output.logits, labels)
    first = functional.cross_entropy(output.auxiliary1, labels)
    second = functional.cross_entropy(output.auxiliary2, labels)
    return main + auxiliary_weight * (first + second)
