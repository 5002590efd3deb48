"""CondenseNet: DenseNet with learned group convolutions (Huang et al. 2018; homework 8, Q1)."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from reference.architectures.learned_groups import LearnedGroupConvolution
from reference.arrays import check_count

BOTTLENECK = 4


class CondenseLayer(nn.Module):
    """Append k channels: learned 1x1 group convolution to 4 k, then 3x3 group convolution to k.

    (N, C, H, W) to (N, C + k, H, W). BN and ReLU stand before each convolution; the channels are
    shuffled between them, so that every group of the second sees outputs of all groups of the
    first.
    """

    def __init__(
        self, in_channels: int, growth_rate: int, *, groups: int, condensation_factor: int
    ) -> None:
        super().__init__()
        inner = BOTTLENECK * growth_rate
        self.layers = nn.Sequential(
            nn.BatchNorm2d(in_channels),
            nn.ReLU(inplace=True),
            LearnedGroupConvolution(
                in_channels, inner, groups=groups, condensation_factor=condensation_factor
            ),
            nn.ChannelShuffle(groups),
            nn.BatchNorm2d(inner),
            nn.ReLU(inplace=True),
            nn.Conv2d(inner, growth_rate, 3, padding=1, groups=groups, bias=False),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return the input with the new channels behind it."""
        return torch.cat([x, self.layers(x)], dim=1)


def condensenet(
    layers: Sequence[int] = (14, 14, 14),
    growth_rates: Sequence[int] = (8, 16, 32),
    *,
    groups: int = 4,
    condensation_factor: int = 4,
    stem_stride: int = 1,
    classes: int = 10,
) -> nn.Sequential:
    """CondenseNet in its training form; the default is CondenseNet-86 for 32x32 images.

    Maps (N, 3, H, W) to logits (N, classes). The growth rate doubles where the resolution halves,
    and average pooling alone joins two blocks, so that later blocks read the maps of all earlier
    ones (full dense connectivity). Raises `ValueError` when the lists differ in length or the
    factors do not divide the widths.
    """
    if len(layers) != len(growth_rates) or not layers:
        raise ValueError(
            f"each block needs a number of layers and a growth rate, got {tuple(layers)} and "
            f"{tuple(growth_rates)}: make them equally long"
        )
    check_count(classes, "classes")
    channels = 2 * growth_rates[0]
    network: list[nn.Module] = [
        nn.Conv2d(3, channels, 3, stride=stem_stride, padding=1, bias=False)
    ]
    for block, (count, growth_rate) in enumerate(zip(layers, growth_rates, strict=True)):
        for _ in range(count):
            network.append(
                CondenseLayer(
                    channels, growth_rate, groups=groups, condensation_factor=condensation_factor
                )
            )
            channels += growth_rate
        if block < len(layers) - 1:
            network.append(nn.AvgPool2d(2, stride=2))
    return nn.Sequential(
        *network,
        nn.BatchNorm2d(channels),
        nn.ReLU(inplace=True),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(channels, classes),
    )


def imagenet_condensenet(
    *, groups: int = 8, condensation_factor: int = 8, classes: int = 1000
) -> nn.Sequential:
    """CondenseNet-74 for ImageNet; maps (N, 3, 224, 224) to logits (N, classes)."""
    return condensenet(
        (4, 6, 8, 10, 8),
        (8, 16, 32, 64, 128),
        groups=groups,
        condensation_factor=condensation_factor,
        stem_stride=2,
        classes=classes,
    )


def condense(network: nn.Module) -> None:
    """Do the next condensation of every learned group convolution in `network`."""
    for module in network.modules():
        if isinstance(module, LearnedGroupConvolution):
            module.condense()


def group_lasso(network: nn.Module) -> Tensor:
    """Return the sum of the group-lasso terms of every learned group convolution.

    The paper adds it to the loss with a factor of 1e-5. Raises `ValueError` when there is none.
    """
    terms = [
        module.group_lasso()
        for module in network.modules()
        if isinstance(module, LearnedGroupConvolution)
    ]
    if not terms:
        raise ValueError(
            "network must hold a learned group convolution, got none: pass the training form"
        )
    return torch.stack(terms).sum()


def standard_form(network: nn.Module) -> nn.Module:
    """Return a copy for testing, in which group convolutions of equal output stand.

    Raises `ValueError` before all condensations are done; `network` stays as it is.
    """
    converted = copy.deepcopy(network)
    for parent in list(converted.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, LearnedGroupConvolution):
                setattr(parent, name, child.standard_form())
    return converted
