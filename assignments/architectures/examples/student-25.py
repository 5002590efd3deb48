"""Architectures: the table of a network, LeNet to CondenseNet in torch, FC layers as convolutions.

Write your code where a function raises NotImplementedError. Keep the names and the arguments.
You may add functions and classes of your own. Only torch and numpy are needed.

Functions that build a network or a part of one return an `nn.Module`. How you name its layers, and
whether you write a class or an `nn.Sequential`, is up to you. Images are (N, C, H, W). Every
convolution and every fully connected layer has a bias, except where it is said that it has none.
"""

import numpy as np
import torch
from torch import nn

# ---------------------------------------------------------------- 1. the table of a network

# A network is given as a list of its layers, ReLUs and dropout left out:
#     ("conv", filters, kernel, stride, padding, groups)
#     ("pool", kernel, stride)
#     ("fc", outputs)          flattens what comes before it


def output_size(size, kernel, stride, padding, ceil):
    """The output size along one axis, an int: (W - F + 2P) / S + 1.

    A fraction is rounded down; with ceil=True it is rounded up.
    """
    room = size - kernel + 2 * padding
    return (-(-room // stride) if ceil else room // stride) + 1


def layer_table(layers, input_shape):
    """One row for each layer, a list of (output_shape, weights, biases).

    input_shape is (C, H, W). output_shape is (C, H, W) behind a convolution or a pooling and (D,)
    behind a fully connected layer. Sizes are rounded down. weights and biases are ints.
    """
    rows, shape = [], tuple(input_shape)
    for kind, *numbers in layers:
        weights = biases = 0
        if kind == "conv":
            filters, kernel, stride, padding, groups = numbers
            weights, biases = filters * (shape[0] // groups) * kernel * kernel, filters
            places = [output_size(size, kernel, stride, padding, False) for size in shape[1:]]
            shape = (filters, *places)
        elif kind == "pool":
            kernel, stride = numbers
            places = [output_size(size, kernel, stride, 0, False) for size in shape[1:]]
            shape = (shape[0], *places)
        else:
            (outputs,) = numbers
            weights, biases = int(np.prod(shape)) * outputs, outputs
            shape = (outputs,)
        rows.append((shape, weights, biases))
    return rows


def network_totals(layers, input_shape):
    """The totals of a network, three ints: parameters, multiply_adds, activations.

    parameters: weights and biases. multiply_adds: the products of one forward pass of one image,
    one for each weight at each place where it is used. activations: the numbers in the image and
    in the outputs of all layers (a ReLU writes over its input and needs no memory of its own).
    """
    parameters = multiply_adds = 0
    activations = int(np.prod(input_shape))
    for shape, weights, biases in layer_table(layers, input_shape):
        parameters += weights + biases
        multiply_adds += weights * int(np.prod(shape[1:]))
        activations += int(np.prod(shape))
    return parameters, multiply_adds, activations


def training_bytes(parameters, activations, batch_size, buffers):
    """A lower estimate of the memory of training in float32, in bytes.

    Each parameter is held with its gradient and with `buffers` numbers of the optimizer (plain SGD
    0, momentum 1, Adam 2); each activation with its gradient, for every image of the batch.
    """
    return 4 * (parameters * (2 + buffers) + 2 * batch_size * activations)


# ---------------------------------------------------------------- 2. LeNet, AlexNet, VGG


def lenet5(classes=10):
    """LeNet-5 as on the slides: (N, 1, 28, 28) to scores (N, classes).

    Convolution with 6 filters of 5x5 and padding 2, sigmoid, average pooling 2x2 with stride 2;
    convolution with 16 filters of 5x5, sigmoid, average pooling 2x2 with stride 2; fully connected
    layers with 120 and 84 outputs, each with a sigmoid, and one with `classes` outputs, without.
    """
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2),
        nn.Sigmoid(),
        nn.AvgPool2d(2, stride=2),
        nn.Conv2d(6, 16, 5),
        nn.Sigmoid(),
        nn.AvgPool2d(2, stride=2),
        nn.Flatten(),
        nn.Linear(16 * 5 * 5, 120),
        nn.Sigmoid(),
        nn.Linear(120, 84),
        nn.Sigmoid(),
        nn.Linear(84, classes),
    )


def classifier(inputs, hidden, classes):
    """The end of AlexNet and VGG: (N, C, H, W) with C * H * W = inputs, to scores (N, classes).

    Two fully connected layers with `hidden` outputs, each with a ReLU and, behind it, dropout with
    probability 0.5; then one with `classes` outputs.
    """
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(inputs, hidden),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(hidden, hidden),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(hidden, classes),
    )


def alexnet(widths=(96, 256, 384, 384, 256), hidden=4096, classes=1000, groups=1):
    """AlexNet without local response normalization: (N, 3, 227, 227) to scores (N, classes).

    Five convolutions with `widths` filters, a ReLU behind each: 11x11 with stride 4; 5x5 with
    padding 2; three of 3x3 with padding 1. Max pooling 3x3 with stride 2 behind the first, the
    second and the fifth. Then `classifier`. `groups` is for the second, the fourth and the fifth
    convolution, which the paper split over two GPUs; the first and the third are never grouped.
    """
    w1, w2, w3, w4, w5 = widths
    return nn.Sequential(
        nn.Conv2d(3, w1, 11, stride=4),
        nn.ReLU(),
        nn.MaxPool2d(3, stride=2),
        nn.Conv2d(w1, w2, 5, padding=2, groups=groups),
        nn.ReLU(),
        nn.MaxPool2d(3, stride=2),
        nn.Conv2d(w2, w3, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(w3, w4, 3, padding=1, groups=groups),
        nn.ReLU(),
        nn.Conv2d(w4, w5, 3, padding=1, groups=groups),
        nn.ReLU(),
        nn.MaxPool2d(3, stride=2),
        classifier(w5 * 6 * 6, hidden, classes),
    )


def vgg_block(num_convs, in_channels, out_channels):
    """One block of VGG: (N, in_channels, H, W) to (N, out_channels, H / 2, W / 2).

    `num_convs` convolutions of 3x3 with padding 1 and out_channels filters, a ReLU behind each;
    then max pooling 2x2 with stride 2.
    """
    layers = []
    for _ in range(num_convs):
        layers += [nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.ReLU()]
        in_channels = out_channels
    return nn.Sequential(*layers, nn.MaxPool2d(2, stride=2))


def vgg(conv_arch, channels=3, size=224, hidden=4096, classes=1000):
    """VGG: (N, channels, size, size) to scores (N, classes).

    conv_arch: (num_convs, out_channels) of each block; ((1, 64), (1, 128), (2, 256), (2, 512),
    (2, 512)) is VGG-11. `size` is a multiple of 2 ** len(conv_arch). The blocks, then `classifier`.
    """
    blocks = []
    for num_convs, out_channels in conv_arch:
        blocks.append(vgg_block(num_convs, channels, out_channels))
        channels, size = out_channels, size // 2
    return nn.Sequential(*blocks, classifier(channels * size * size, hidden, classes))


# ---------------------------------------------------------------- 3. NiN and GoogLeNet


def nin_block(in_channels, out_channels, kernel, stride=1, padding=0):
    """A convolution of kernel x kernel and two of 1x1, all with out_channels filters.

    A ReLU stands behind each of the three. Stride and padding belong to the first.
    """
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, kernel, stride=stride, padding=padding),
        nn.ReLU(),
        nn.Conv2d(out_channels, out_channels, 1),
        nn.ReLU(),
        nn.Conv2d(out_channels, out_channels, 1),
        nn.ReLU(),
    )


def nin(widths=(96, 256, 384), classes=1000):
    """Network in Network: (N, 3, H, W) to scores (N, classes); H = W = 224 in the paper.

    Four blocks: widths[0] filters of 11x11 with stride 4; widths[1] of 5x5 with padding 2;
    widths[2] of 3x3 with padding 1; `classes` of 3x3 with padding 1. Max pooling 3x3 with stride 2
    behind the first three; dropout with probability 0.5 before the last block. At the end the
    average of each map is the score of its class: there is no fully connected layer.
    """
    w1, w2, w3 = widths
    return nn.Sequential(
        nin_block(3, w1, 11, stride=4),
        nn.MaxPool2d(3, stride=2),
        nin_block(w1, w2, 5, padding=2),
        nn.MaxPool2d(3, stride=2),
        nin_block(w2, w3, 3, padding=1),
        nn.MaxPool2d(3, stride=2),
        nn.Dropout(0.5),
        nin_block(w3, classes, 3, padding=1),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
    )


def inception(in_channels, conv1x1, conv3x3, conv5x5, pool_projection):
    """An inception module: (N, in_channels, H, W) to (N, C, H, W).

    Four branches, concatenated along the channels in this order:
      conv1x1 filters of 1x1;
      conv3x3 = (a, b): a filters of 1x1, then b of 3x3 with padding 1;
      conv5x5 = (a, b): a filters of 1x1, then b of 5x5 with padding 2;
      max pooling 3x3 with stride 1 and padding 1, then pool_projection filters of 1x1.
    A ReLU stands behind each convolution.
    """

    class Branches(nn.Module):
        def __init__(self, *branches):
            super().__init__()
            self.branches = nn.ModuleList(branches)

        def forward(self, x):
            return torch.cat([branch(x) for branch in self.branches], dim=1)

    def conv(inputs, filters, kernel):
        return nn.Sequential(nn.Conv2d(inputs, filters, kernel, padding=kernel // 2), nn.ReLU())

    return Branches(
        conv(in_channels, conv1x1, 1),
        nn.Sequential(conv(in_channels, conv3x3[0], 1), conv(*conv3x3, 3)),
        nn.Sequential(conv(in_channels, conv5x5[0], 1), conv(*conv5x5, 5)),
        nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), conv(in_channels, pool_projection, 1)),
    )


# ---------------------------------------------------------------- 4. ResNet

# Convolutions of this section have no bias: batch normalization has one.


def residual_block(in_channels, out_channels, stride=1):
    """The block of ResNet-18: ReLU(branch(x) + shortcut(x)).

    branch: 3x3 convolution with padding 1 and `stride`, batch normalization, ReLU, 3x3 convolution
    with padding 1, batch normalization. The shortcut is x itself; where the number of channels or
    the size changes it is a 1x1 convolution with `stride` and batch normalization.
    """

    class Residual(nn.Module):
        def __init__(self):
            super().__init__()
            self.branch = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 3, stride=stride, padding=1, bias=False),
                nn.BatchNorm2d(out_channels),
                nn.ReLU(),
                nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False),
                nn.BatchNorm2d(out_channels),
            )
            self.shortcut = nn.Identity()
            if stride != 1 or in_channels != out_channels:
                self.shortcut = nn.Sequential(
                    nn.Conv2d(in_channels, out_channels, 1, stride=stride, bias=False),
                    nn.BatchNorm2d(out_channels),
                )

        def forward(self, x):
            return torch.relu(self.branch(x) + self.shortcut(x))

    return Residual()


def preactivation_block(in_channels, out_channels, stride=1):
    """The block with full pre-activation: branch(x) + shortcut(x), and nothing behind the sum.

    branch: batch normalization, ReLU, 3x3 convolution with padding 1 and `stride`, batch
    normalization, ReLU, 3x3 convolution with padding 1. The shortcut is x itself; where the number
    of channels or the size changes it is a 1x1 convolution with `stride`, without batch
    normalization, of what the first batch normalization and ReLU of the branch give.
    """

    class PreActivation(nn.Module):
        def __init__(self):
            super().__init__()
            self.opening = nn.Sequential(nn.BatchNorm2d(in_channels), nn.ReLU())
            self.branch = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 3, stride=stride, padding=1, bias=False),
                nn.BatchNorm2d(out_channels),
                nn.ReLU(),
                nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False),
            )
            self.projection = None
            if stride != 1 or in_channels != out_channels:
                self.projection = nn.Conv2d(in_channels, out_channels, 1, stride=stride, bias=False)

        def forward(self, x):
            opened = self.opening(x)
            shortcut = x if self.projection is None else self.projection(opened)
            return self.branch(opened) + shortcut

    return PreActivation()


# ---------------------------------------------------------------- 5. DenseNet and CondenseNet

# Convolutions of this section have no bias.


def dense_block(num_layers, in_channels, growth_rate):
    """A dense block: (N, in_channels, H, W) to (N, in_channels + num_layers * growth_rate, H, W).

    Each layer reads all channels so far and appends growth_rate new ones behind them: batch
    normalization, ReLU, 1x1 convolution to 4 * growth_rate channels, batch normalization, ReLU,
    3x3 convolution with padding 1 to growth_rate channels.
    """

    class DenseLayer(nn.Module):
        def __init__(self, channels):
            super().__init__()
            inner = 4 * growth_rate
            self.layers = nn.Sequential(
                nn.BatchNorm2d(channels),
                nn.ReLU(),
                nn.Conv2d(channels, inner, 1, bias=False),
                nn.BatchNorm2d(inner),
                nn.ReLU(),
                nn.Conv2d(inner, growth_rate, 3, padding=1, bias=False),
            )

        def forward(self, x):
            return torch.cat([x, self.layers(x)], dim=1)

    widths = [in_channels + i * growth_rate for i in range(num_layers)]
    return nn.Sequential(*[DenseLayer(width) for width in widths])


def transition(in_channels, out_channels):
    """What joins two dense blocks: (N, in_channels, H, W) to (N, out_channels, H / 2, W / 2).

    Batch normalization, ReLU, 1x1 convolution, average pooling 2x2 with stride 2.
    """
    return nn.Sequential(
        nn.BatchNorm2d(in_channels),
        nn.ReLU(),
        nn.Conv2d(in_channels, out_channels, 1, bias=False),
        nn.AvgPool2d(2, stride=2),
    )


def condensing_mask(weight, groups, kept):
    """Which inputs each group of a learned group convolution keeps: a mask (groups, R) of 0 and 1.

    weight: array (O, R) of a 1x1 convolution from R to O channels. Output o belongs to group
    o // (O / groups). A group keeps the `kept` inputs whose weights into it have the largest L1
    norm (the sum of absolute values over the outputs of the group).
    """
    weight = np.asarray(weight)
    importance = np.abs(weight).reshape(groups, -1, weight.shape[1]).sum(axis=1)
    mask = np.zeros(importance.shape)
    for row, norms in zip(mask, importance, strict=True):
        row[np.argsort(norms)[-kept:]] = 1
    return mask


def standard_form(weight, mask):
    """The testing form of a learned group convolution: (N, R, H, W) to (N, O, H, W).

    weight: array (O, R), float32; mask: array (groups, R) of 0 and 1 with the same number of ones,
    `kept`, in each row. Returns a module that first picks the inputs that the groups keep, group by
    group, and then applies a 1x1 group convolution without bias. It gives what the 1x1 convolution
    with the masked weight gives, and has O * kept parameters, no more.
    """
    weight, mask = np.asarray(weight), np.asarray(mask)
    groups, outputs = len(mask), len(weight) // len(mask)
    index = np.array([np.flatnonzero(row) for row in mask])
    chosen = np.array([row[index[o // outputs]] for o, row in enumerate(weight)])

    class IndexedGroupConvolution(nn.Module):
        def __init__(self):
            super().__init__()
            self.register_buffer("index", torch.as_tensor(index.ravel()))
            self.conv = nn.Conv2d(index.size, len(weight), 1, groups=groups, bias=False)
            with torch.no_grad():
                self.conv.weight.copy_(torch.as_tensor(chosen)[:, :, None, None])

        def forward(self, x):
            return self.conv(x[:, self.index])

    return IndexedGroupConvolution()


# ---------------------------------------------------------------- 6. from FC to convolution


def fc_to_conv(linear, channels, height, width):
    """The convolution that gives what a fully connected layer gives, with the same numbers.

    linear: an `nn.Linear` that reads maps (N, channels, height, width) flattened by
    `nn.Flatten()`. Returns an `nn.Conv2d` that maps them to (N, outputs, 1, 1), and larger maps to
    more places. The bias, if there is one, is kept.
    """
    conv = nn.Conv2d(channels, linear.out_features, (height, width), bias=linear.bias is not None)
    with torch.no_grad():
        conv.weight.copy_(linear.weight.view(-1, channels, height, width))
        if linear.bias is not None:
            conv.bias.copy_(linear.bias)
    return conv


def sliding_scores(network, images, network_stride, stride):
    i = 0
    while i < network_stride:
        part = network(images[:, :, i:, i:])
    return part


