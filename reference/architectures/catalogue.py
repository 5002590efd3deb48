"""Every architecture by its name, with the input that it was made for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
from torch import nn

from reference.accounting import Account
from reference.architectures.alexnet import alexnet, zfnet
from reference.architectures.cifar_resnet import cifar_resnet, preactivation_resnet1001
from reference.architectures.condensenet import condensenet, imagenet_condensenet
from reference.architectures.densenet import cifar_densenet, densenet
from reference.architectures.googlenet import GoogLeNet
from reference.architectures.lenet import lenet5
from reference.architectures.nin import homework_nin, nin
from reference.architectures.resnet import resnet
from reference.architectures.squeezenet import squeezenet
from reference.architectures.tracing import account
from reference.architectures.vgg import vgg
from reference.arrays import check_choice

IMAGENET = (3, 224, 224)
CIFAR = (3, 32, 32)


@dataclass(frozen=True)
class Architecture:
    """How to build a network, and the (C, H, W) of its input."""

    build: Callable[[], nn.Module]
    input_shape: tuple[int, int, int]


CATALOGUE: dict[str, Architecture] = {
    "lenet5": Architecture(lenet5, (1, 28, 28)),
    "alexnet": Architecture(alexnet, (3, 227, 227)),
    "alexnet_grouped": Architecture(partial(alexnet, grouped=True), (3, 227, 227)),
    "zfnet": Architecture(zfnet, IMAGENET),
    **{f"vgg{depth}": Architecture(partial(vgg, depth), IMAGENET) for depth in (11, 13, 16, 19)},
    "googlenet": Architecture(GoogLeNet, IMAGENET),
    "nin": Architecture(nin, IMAGENET),
    "homework_nin": Architecture(homework_nin, IMAGENET),
    **{
        f"resnet{depth}": Architecture(partial(resnet, depth), IMAGENET)
        for depth in (18, 34, 50, 101, 152)
    },
    **{
        f"cifar_resnet{depth}": Architecture(partial(cifar_resnet, depth), CIFAR)
        for depth in (20, 32, 44, 56, 110)
    },
    "cifar_resnet164": Architecture(partial(cifar_resnet, 164, bottleneck=True), CIFAR),
    "preactivation_resnet1001": Architecture(preactivation_resnet1001, CIFAR),
    **{
        f"densenet{depth}": Architecture(partial(densenet, depth), IMAGENET)
        for depth in (121, 161, 169, 201)
    },
    "cifar_densenet100": Architecture(cifar_densenet, CIFAR),
    "condensenet86": Architecture(condensenet, CIFAR),
    "condensenet74": Architecture(imagenet_condensenet, IMAGENET),
    "squeezenet1.0": Architecture(partial(squeezenet, "1.0"), IMAGENET),
    "squeezenet1.1": Architecture(partial(squeezenet, "1.1"), IMAGENET),
}


def account_of(name: str, *, training: bool = False) -> Account:
    """Return the cost table of an architecture, built without memory for its weights.

    Raises `ValueError` for an unknown name.
    """
    check_choice(name, "name", CATALOGUE)
    architecture = CATALOGUE[name]
    with torch.device("meta"):
        network = architecture.build()
    return account(network, architecture.input_shape, training=training)
