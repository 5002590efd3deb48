"""LeNet, AlexNet, VGG, NiN and inception modules as students get them wrong.

Every builder is right without its keywords; each keyword is one mistake.
"""

import torch
from torch import nn


class Lambda(nn.Module):
    """A function of the modules that are passed along."""

    def __init__(self, function, *modules):
        super().__init__()
        self.function = function
        self.parts = nn.ModuleList(modules)

    def forward(self, x):
        return self.function(x, *self.parts)


def conv(inputs, filters, kernel, relu=True, **options):
    layers = [nn.Conv2d(inputs, filters, kernel, **options)]
    return [*layers, nn.ReLU()] if relu else layers


def lenet(
    classes=10,
    *,
    padding=2,
    bias=True,
    active=nn.Sigmoid,
    hidden=nn.Sigmoid,
    pool=nn.AvgPool2d,
    last=nn.Identity,
):
    side = 5 if padding else 4
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=padding, bias=bias),
        active(),
        pool(2, stride=2),
        nn.Conv2d(6, 16, 5, bias=bias),
        active(),
        pool(2, stride=2),
        nn.Flatten(),
        nn.Linear(16 * side * side, 120),
        hidden(),
        nn.Linear(120, 84),
        hidden(),
        nn.Linear(84, classes),
        last(),
    )


def classifier(
    inputs, hidden, classes, *, hidden_relu=True, drops=(0.5, 0.5, 0.0), layers=2, last=nn.Identity
):
    modules, width = [nn.Flatten()], inputs
    for index in range(layers):
        modules += [nn.Linear(width, hidden), nn.ReLU() if hidden_relu else nn.Identity()]
        modules.append(nn.Dropout(drops[index]))
        width = hidden
    return nn.Sequential(*modules, nn.Linear(width, classes), nn.Dropout(drops[2]), last())


def alexnet(
    widths=(96, 256, 384, 384, 256),
    hidden=4096,
    classes=1000,
    groups=1,
    *,
    pool=3,
    relu=True,
    grouped=(2, 4, 5),
    fifth=None,
    bias=True,
    **end,
):
    widths = list(widths)
    if fifth is not None:
        widths[4] = widths[fifth]
    shapes = ((11, 4, 0), (5, 1, 2), (3, 1, 1), (3, 1, 1), (3, 1, 1))
    layers, inputs = [], 3
    for index, (filters, (kernel, stride, padding)) in enumerate(
        zip(widths, shapes, strict=True), 1
    ):
        options = {"stride": stride, "padding": padding, "bias": bias}
        layers += conv(
            inputs, filters, kernel, relu, groups=groups if index in grouped else 1, **options
        )
        if index in (1, 2, 5):
            layers.append(nn.MaxPool2d(pool, stride=2))
        inputs = filters
    return nn.Sequential(*layers, classifier(inputs * 36, hidden, classes, **end))


def vgg_block(
    num_convs,
    in_channels,
    out_channels,
    *,
    relus="all",
    pool=nn.MaxPool2d,
    padding=1,
    stride=2,
    kernel=3,
):
    layers = []
    for index in range(num_convs):
        relu = relus == "all" or (relus == "last" and index == num_convs - 1)
        layers += conv(in_channels, out_channels, kernel, relu, padding=padding)
        in_channels = out_channels
    return nn.Sequential(*layers, pool(2, stride=stride) if pool else nn.Identity())


def vgg(
    conv_arch,
    channels=3,
    size=224,
    hidden=4096,
    classes=1000,
    *,
    fixed=None,
    block=vgg_block,
    **end,
):
    blocks = []
    for num_convs, filters in conv_arch:
        blocks.append(block(num_convs, channels, filters))
        channels, size = filters, size // 2
    size = fixed or size
    return nn.Sequential(*blocks, classifier(channels * size * size, hidden, classes, **end))


def nin_block(
    in_channels,
    out_channels,
    kernel,
    stride=1,
    padding=0,
    *,
    relu=True,
    small=1,
    count=2,
    padded=True,
):
    options = {"stride": stride, "padding": padding if padded else 0}
    layers = conv(in_channels, out_channels, kernel, **options)
    for _ in range(count):
        layers += conv(out_channels, out_channels, small, relu, padding=small // 2)
    return nn.Sequential(*layers)


def nin(
    widths=(96, 256, 384),
    classes=1000,
    *,
    pool=nn.AdaptiveAvgPool2d,
    drops=(0.5, 0.0),
    connected=False,
    flat=True,
    block=nin_block,
):
    w1, w2, w3 = widths
    layers = [
        block(3, w1, 11, 4),
        nn.MaxPool2d(3, stride=2),
        block(w1, w2, 5, padding=2),
        nn.MaxPool2d(3, stride=2),
        block(w2, w3, 3, padding=1),
        nn.MaxPool2d(3, stride=2),
        nn.Dropout(drops[0]),
        block(w3, classes, 3, padding=1),
        pool(1),
        nn.Dropout(drops[1]),
    ]
    layers += [nn.Flatten()] if flat else []
    return nn.Sequential(*layers, *([nn.Linear(classes, classes)] if connected else []))


def inception(
    in_channels,
    conv1x1,
    conv3x3,
    conv5x5,
    pool_projection,
    *,
    reduce=True,
    relu=True,
    project=True,
    order=(0, 1, 2, 3),
    pool=nn.MaxPool2d,
    pool_first=True,
):
    def branch(first, filters, kernel):
        if not reduce:
            return nn.Sequential(*conv(in_channels, filters, kernel, padding=kernel // 2))
        reduction = conv(in_channels, first, 1, relu)
        return nn.Sequential(*reduction, *conv(first, filters, kernel, padding=kernel // 2))

    pooling = [pool(3, stride=1, padding=1)]
    projection = conv(in_channels, pool_projection, 1) if project else []
    branches = (
        nn.Sequential(*conv(in_channels, conv1x1, 1)),
        branch(*conv3x3, 3),
        branch(*conv5x5, 5),
        nn.Sequential(*(pooling + projection if pool_first else projection + pooling)),
    )
    return Lambda(
        lambda x, *parts: torch.cat([part(x) for part in parts], dim=1),
        *(branches[index] for index in order),
    )
