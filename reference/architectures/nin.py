"""Network in Network (Lin et al. 2014): 1x1 convolutions and global average pooling."""

from __future__ import annotations

from torch import nn

from reference.arrays import check_count


def nin_block(
    in_channels: int, out_channels: int, kernel: int, *, stride: int = 1, padding: int = 0
) -> nn.Sequential:
    """Build a convolution and two 1x1 convolutions, each with a ReLU.

    The 1x1 convolutions are a small fully connected network applied at every pixel.
    """
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, kernel, stride=stride, padding=padding),
        nn.ReLU(inplace=True),
        nn.Conv2d(out_channels, out_channels, 1),
        nn.ReLU(inplace=True),
        nn.Conv2d(out_channels, out_channels, 1),
        nn.ReLU(inplace=True),
    )


def nin(*, channels: int = 3, classes: int = 1000) -> nn.Sequential:
    """NiN: 7,439,608 parameters at 1000 classes; maps (N, 3, 224, 224) to (N, classes).

    There is no fully connected layer: the last block, and only the last, has as many channels as
    there are classes, and global average pooling turns each into one logit.
    """
    check_count(channels, "channels")
    check_count(classes, "classes")
    return nn.Sequential(
        nin_block(channels, 96, 11, stride=4),
        nn.MaxPool2d(3, stride=2),
        nin_block(96, 256, 5, padding=2),
        nn.MaxPool2d(3, stride=2),
        nin_block(256, 384, 3, padding=1),
        nn.MaxPool2d(3, stride=2),
        nn.Dropout(0.5),
        nin_block(384, classes, 3, padding=1),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
    )


def homework_nin() -> nn.Sequential:
    """NiN as the homework's table has it, 2,026,398 parameters; (N, 3, 224, 224) to (N, 1000).

    Not the published network: no convolution is padded, the last block has 10 channels, and a
    fully connected layer from 10 to 1000 follows. It stands here so that the table's numbers can
    be compared with `nin`.
    """
    return nn.Sequential(
        nin_block(3, 96, 11, stride=4),
        nn.MaxPool2d(3, stride=2),
        nin_block(96, 256, 5),
        nn.MaxPool2d(3, stride=2),
        nin_block(256, 384, 3),
        nn.MaxPool2d(3, stride=2),
        nn.Dropout(0.5),
        nin_block(384, 10, 3),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(10, 1000),
    )
