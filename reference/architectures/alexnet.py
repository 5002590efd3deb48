"""AlexNet and ZFNet: five convolutions and three fully connected layers."""

from __future__ import annotations

from collections import OrderedDict

from torch import nn

from reference.arrays import check_count

Widths = tuple[int, int, int, int, int]
ALEXNET_WIDTHS: Widths = (96, 256, 384, 384, 256)


def alexnet(
    *, grouped: bool = False, classes: int = 1000, widths: Widths = ALEXNET_WIDTHS
) -> nn.Sequential:
    """AlexNet: 62,378,344 parameters, or 60,965,224 grouped (Krizhevsky et al. 2012).

    Maps (N, 3, 227, 227) to logits (N, classes); sizes 227-55-27-27-13-13-13-13-6. The paper wrote
    224, with which 11x11 at stride 4 does not come to 55. `grouped` splits conv2, conv4 and
    conv5 in two halves, as the original did over its two GPUs; "60M" is this version, the
    homework's table the other. `widths` are the filters of the five convolutions: the slides'
    figure prints 384 for the fifth, which would make 81,695,208. Raises `ValueError` for widths
    that the groups do not divide.
    """
    groups = 2 if grouped else 1
    _check_widths(widths, groups)
    w1, w2, w3, w4, w5 = widths
    layers: list[tuple[str, nn.Module]] = [
        ("conv1", nn.Conv2d(3, w1, 11, stride=4)),
        ("relu1", nn.ReLU(inplace=True)),
        ("norm1", nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=2.0)),
        ("pool1", nn.MaxPool2d(3, stride=2)),
        ("conv2", nn.Conv2d(w1, w2, 5, padding=2, groups=groups)),
        ("relu2", nn.ReLU(inplace=True)),
        ("norm2", nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=2.0)),
        ("pool2", nn.MaxPool2d(3, stride=2)),
        ("conv3", nn.Conv2d(w2, w3, 3, padding=1)),
        ("relu3", nn.ReLU(inplace=True)),
        ("conv4", nn.Conv2d(w3, w4, 3, padding=1, groups=groups)),
        ("relu4", nn.ReLU(inplace=True)),
        ("conv5", nn.Conv2d(w4, w5, 3, padding=1, groups=groups)),
        ("relu5", nn.ReLU(inplace=True)),
        ("pool5", nn.MaxPool2d(3, stride=2)),
    ]
    return nn.Sequential(OrderedDict(layers + _classifier(w5 * 6 * 6, classes)))


def zfnet(*, classes: int = 1000) -> nn.Sequential:
    """ZFNet: AlexNet with a 7x7 first layer at stride 2 (Zeiler and Fergus 2014).

    Maps (N, 3, 224, 224) to logits (N, classes), 62,357,608 parameters; sizes
    224-110-55-26-13-13-13-13-6. The second convolution has stride 2. Never grouped.
    """
    w1, w2, w3, w4, w5 = ALEXNET_WIDTHS
    layers: list[tuple[str, nn.Module]] = [
        ("conv1", nn.Conv2d(3, w1, 7, stride=2, padding=1)),
        ("relu1", nn.ReLU(inplace=True)),
        ("pool1", nn.MaxPool2d(3, stride=2, padding=1)),
        ("norm1", nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=2.0)),
        ("conv2", nn.Conv2d(w1, w2, 5, stride=2)),
        ("relu2", nn.ReLU(inplace=True)),
        ("pool2", nn.MaxPool2d(3, stride=2, padding=1)),
        ("norm2", nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=2.0)),
        ("conv3", nn.Conv2d(w2, w3, 3, padding=1)),
        ("relu3", nn.ReLU(inplace=True)),
        ("conv4", nn.Conv2d(w3, w4, 3, padding=1)),
        ("relu4", nn.ReLU(inplace=True)),
        ("conv5", nn.Conv2d(w4, w5, 3, padding=1)),
        ("relu5", nn.ReLU(inplace=True)),
        ("pool5", nn.MaxPool2d(3, stride=2)),
    ]
    return nn.Sequential(OrderedDict(layers + _classifier(w5 * 6 * 6, classes)))


def _classifier(inputs: int, classes: int) -> list[tuple[str, nn.Module]]:
    check_count(classes, "classes")
    return [
        ("flatten", nn.Flatten()),
        ("fc6", nn.Linear(inputs, 4096)),
        ("relu6", nn.ReLU(inplace=True)),
        ("drop6", nn.Dropout(0.5)),
        ("fc7", nn.Linear(4096, 4096)),
        ("relu7", nn.ReLU(inplace=True)),
        ("drop7", nn.Dropout(0.5)),
        ("fc8", nn.Linear(4096, classes)),
    ]


def _check_widths(widths: Widths, groups: int) -> None:
    if len(widths) != 5 or any(width < 1 or width % groups for width in widths):
        raise ValueError(
            f"widths must be five positive numbers that {groups} group(s) divide, got {widths}: "
            f"the published ones are {ALEXNET_WIDTHS}"
        )
