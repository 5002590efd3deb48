"""LeNet-5 as the slides build it (LeCun et al. 1998)."""

from __future__ import annotations

from collections import OrderedDict

from torch import nn

from reference.arrays import check_count


def lenet5(*, channels: int = 1, classes: int = 10) -> nn.Sequential:
    """LeNet-5: two convolutions and three fully connected layers, 61,706 parameters.

    Maps (N, 1, 28, 28) to logits (N, classes). Sigmoids and average pooling, as in the slides. The
    paper's last layer is Gaussian (radial basis functions); the slides' text says so, their code
    has the plain linear layer that stands here. Raises `ValueError` for counts under 1.
    """
    check_count(channels, "channels")
    check_count(classes, "classes")
    layers: list[tuple[str, nn.Module]] = [
        ("conv1", nn.Conv2d(channels, 6, kernel_size=5, padding=2)),
        ("sigmoid1", nn.Sigmoid()),
        ("pool1", nn.AvgPool2d(kernel_size=2, stride=2)),
        ("conv2", nn.Conv2d(6, 16, kernel_size=5)),
        ("sigmoid2", nn.Sigmoid()),
        ("pool2", nn.AvgPool2d(kernel_size=2, stride=2)),
        ("flatten", nn.Flatten()),
        ("fc3", nn.Linear(16 * 5 * 5, 120)),
        ("sigmoid3", nn.Sigmoid()),
        ("fc4", nn.Linear(120, 84)),
        ("sigmoid4", nn.Sigmoid()),
        ("fc5", nn.Linear(84, classes)),
    ]
    return nn.Sequential(OrderedDict(layers))
