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
    return 0


def layer_table(layers, input_shape):
    return [((0,), 0, 0) for layer in layers]


def network_totals(layers, input_shape):
    return 0, 0, 0


def training_bytes(parameters, activations, batch_size, buffers):
    return 0


# ---------------------------------------------------------------- 2. LeNet, AlexNet, VGG


def lenet5(classes=10):
    """LeNet-5 as on the slides: (N, 1, 28, 28) to scores (N, classes).

    Convolution with 6 filters of 5x5 and padding 2, sigmoid, average pooling 2x2 with stride 2;
    convolution with 16 filters of 5x5, sigmoid, average pooling 2x2 with stride 2; fully connected
    layers with 120 and 84 outputs, each with a sigmoid, and one with `classes` outputs, without.
    """
    return nn.Sequential()


def classifier(inputs, hidden, classes):
    """The end of AlexNet and VGG: (N, C, H, W) with C * H * W = inputs, to scores (N, classes).

    Two fully connected layers with `hidden` outputs, each with a ReLU and, behind it, dropout with
    probability 0.5; then one with `classes` outputs.
    """
    return nn.Sequential()


def alexnet(widths=(96, 256, 384, 384, 256), hidden=4096, classes=1000, groups=1):
    """AlexNet without local response normalization: (N, 3, 227, 227) to scores (N, classes).

    Five convolutions with `widths` filters, a ReLU behind each: 11x11 with stride 4; 5x5 with
    padding 2; three of 3x3 with padding 1. Max pooling 3x3 with stride 2 behind the first, the
    second and the fifth. Then `classifier`. `groups` is for the second, the fourth and the fifth
    convolution, which the paper split over two GPUs; the first and the third are never grouped.
    """
    return nn.Sequential()


def vgg_block(num_convs, in_channels, out_channels):
    """One block of VGG: (N, in_channels, H, W) to (N, out_channels, H / 2, W / 2).

    `num_convs` convolutions of 3x3 with padding 1 and out_channels filters, a ReLU behind each;
    then max pooling 2x2 with stride 2.
    """
    return nn.Sequential()


def vgg(conv_arch, channels=3, size=224, hidden=4096, classes=1000):
    """VGG: (N, channels, size, size) to scores (N, classes).

    conv_arch: (num_convs, out_channels) of each block; ((1, 64), (1, 128), (2, 256), (2, 512),
    (2, 512)) is VGG-11. `size` is a multiple of 2 ** len(conv_arch). The blocks, then `classifier`.
    """
    return nn.Sequential()


# ---------------------------------------------------------------- 3. NiN and GoogLeNet


def nin_block(in_channels, out_channels, kernel, stride=1, padding=0):
    """A convolution of kernel x kernel and two of 1x1, all with out_channels filters.

    A ReLU stands behind each of the three. Stride and padding belong to the first.
    """
    return nn.Sequential()


def nin(widths=(96, 256, 384), classes=1000):
    """Network in Network: (N, 3, H, W) to scores (N, classes); H = W = 224 in the paper.

    Four blocks: widths[0] filters of 11x11 with stride 4; widths[1] of 5x5 with padding 2;
    widths[2] of 3x3 with padding 1; `classes` of 3x3 with padding 1. Max pooling 3x3 with stride 2
    behind the first three; dropout with probability 0.5 before the last block. At the end the
    average of each map is the score of its class: there is no fully connected layer.
    """
    return nn.Sequential()


def inception(in_channels, conv1x1, conv3x3, conv5x5, pool_projection):
    """An inception module: (N, in_channels, H, W) to (N, C, H, W).

    Four branches, concatenated along the channels in this order:
      conv1x1 filters of 1x1;
      conv3x3 = (a, b): a filters of 1x1, then b of 3x3 with padding 1;
      conv5x5 = (a, b): a filters of 1x1, then b of 5x5 with padding 2;
      max pooling 3x3 with stride 1 and padding 1, then pool_projection filters of 1x1.
    A ReLU stands behind each convolution.
    """

    return nn.Sequential()


# ---------------------------------------------------------------- 4. ResNet

# Convolutions of this section have no bias: batch normalization has one.


def residual_block(in_channels, out_channels, stride=1):
    """The block of ResNet-18: ReLU(branch(x) + shortcut(x)).

    branch: 3x3 convolution with padding 1 and `stride`, batch normalization, ReLU, 3x3 convolution
    with padding 1, batch normalization. The shortcut is x itself; where the number of channels or
    the size changes it is a 1x1 convolution with `stride` and batch normalization.
    """

    return nn.Sequential()


def preactivation_block(in_channels, out_channels, stride=1):
    """The block with full pre-activation: branch(x) + shortcut(x), and nothing behind the sum.

    branch: batch normalization, ReLU, 3x3 convolution with padding 1 and `stride`, batch
    normalization, ReLU, 3x3 convolution with padding 1. The shortcut is x itself; where the number
    of channels or the size changes it is a 1x1 convolution with `stride`, without batch
    normalization, of what the first batch normalization and ReLU of the branch give.
    """

    return nn.Sequential()


# ---------------------------------------------------------------- 5. DenseNet and CondenseNet

# Convolutions of this section have no bias.


def dense_block(num_layers, in_channels, growth_rate):
    """A dense block: (N, in_channels, H, W) to (N, in_channels + num_layers * growth_rate, H, W).

    Each layer reads all channels so far and appends growth_rate new ones behind them: batch
    normalization, ReLU, 1x1 convolution to 4 * growth_rate channels, batch normalization, ReLU,
    3x3 convolution with padding 1 to growth_rate channels.
    """

    return nn.Sequential()


def transition(in_channels, out_channels):
    """What joins two dense blocks: (N, in_channels, H, W) to (N, out_channels, H / 2, W / 2).

    Batch normalization, ReLU, 1x1 convolution, average pooling 2x2 with stride 2.
    """
    return nn.Sequential()


def condensing_mask(weight, groups, kept):
    return np.zeros((groups, weight.shape[1]))


def standard_form(weight, mask):
    """The testing form of a learned group convolution: (N, R, H, W) to (N, O, H, W).

    weight: array (O, R), float32; mask: array (groups, R) of 0 and 1 with the same number of ones,
    `kept`, in each row. Returns a module that first picks the inputs that the groups keep, group by
    group, and then applies a 1x1 group convolution without bias. It gives what the 1x1 convolution
    with the masked weight gives, and has O * kept parameters, no more.
    """
    return nn.Sequential()


# ---------------------------------------------------------------- 6. from FC to convolution


def fc_to_conv(linear, channels, height, width):
    """The convolution that gives what a fully connected layer gives, with the same numbers.

    linear: an `nn.Linear` that reads maps (N, channels, height, width) flattened by
    `nn.Flatten()`. Returns an `nn.Conv2d` that maps them to (N, outputs, 1, 1), and larger maps to
    more places. The bias, if there is one, is kept.
    """
    return nn.Sequential()


def sliding_scores(network, images, network_stride, stride):
    return torch.zeros(network(images).shape)


