"""SqueezeNet 1.0 and 1.1 (Iandola et al. 2016): AlexNet's accuracy with 50 times fewer weights."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn

from reference.arrays import check_choice, check_count

Version = Literal["1.0", "1.1"]


class Fire(nn.Module):
    """A 1x1 convolution squeezes the channels, 1x1 and 3x3 convolutions expand them again.

    (N, in_channels, H, W) to (N, 2 expand, H, W); the two expansions are concatenated.
    """

    def __init__(self, in_channels: int, squeeze: int, expand: int) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(in_channels, squeeze, 1)
        self.squeeze_relu = nn.ReLU(inplace=True)
        self.expand1x1 = nn.Conv2d(squeeze, expand, 1)
        self.expand3x3 = nn.Conv2d(squeeze, expand, 3, padding=1)
        self.expand_relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        """Return the concatenated expansions."""
        squeezed = self.squeeze_relu(self.squeeze(x))
        both = torch.cat([self.expand1x1(squeezed), self.expand3x3(squeezed)], dim=1)
        out: Tensor = self.expand_relu(both)
        return out


def squeezenet(version: Version = "1.0", *, classes: int = 1000) -> nn.Sequential:
    """SqueezeNet: 1,248,424 parameters (1.0) or 1,235,496 (1.1) at 1000 classes.

    Maps (N, 3, 224, 224) to logits (N, classes). Version 1.1 pools earlier and has a 3x3 first
    layer, which costs 2.4 times fewer multiply-adds. Pooling rounds up, as in Caffe.
    """
    check_choice(version, "version", ("1.0", "1.1"))
    check_count(classes, "classes")
    return nn.Sequential(
        *(_features_1_0() if version == "1.0" else _features_1_1()),
        nn.Dropout(0.5),
        nn.Conv2d(512, classes, 1),
        nn.ReLU(inplace=True),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
    )


def _pool() -> nn.Module:
    return nn.MaxPool2d(3, stride=2, ceil_mode=True)


def _features_1_0() -> list[nn.Module]:
    return [
        nn.Conv2d(3, 96, 7, stride=2),
        nn.ReLU(inplace=True),
        _pool(),
        Fire(96, 16, 64),
        Fire(128, 16, 64),
        Fire(128, 32, 128),
        _pool(),
        Fire(256, 32, 128),
        Fire(256, 48, 192),
        Fire(384, 48, 192),
        Fire(384, 64, 256),
        _pool(),
        Fire(512, 64, 256),
    ]


def _features_1_1() -> list[nn.Module]:
    return [
        nn.Conv2d(3, 64, 3, stride=2),
        nn.ReLU(inplace=True),
        _pool(),
        Fire(64, 16, 64),
        Fire(128, 16, 64),
        _pool(),
        Fire(128, 32, 128),
        Fire(256, 32, 128),
        _pool(),
        Fire(256, 48, 192),
        Fire(384, 48, 192),
        Fire(384, 64, 256),
        Fire(512, 64, 256),
    ]
