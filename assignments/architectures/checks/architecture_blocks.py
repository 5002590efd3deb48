"""Residual, dense and condensed blocks, FC layers as convolutions, as students get them wrong.

Every builder is right without its keywords; each keyword is one mistake.
"""

import numpy as np
import torch
from architecture_networks import Lambda
from torch import nn
from torch.nn import functional


def conv3(inputs, filters, stride=1, bias=False):
    return nn.Conv2d(inputs, filters, 3, stride=stride, padding=1, bias=bias)


def residual_block(
    in_channels,
    out_channels,
    stride=1,
    *,
    bias=False,
    norm=True,
    project="conv",
    shortcut_norm=True,
    shortcut=True,
    early=False,
    late=True,
    always=False,
):
    def normalized(channels, wanted=True):
        return nn.BatchNorm2d(channels) if wanted else nn.Identity()

    branch = nn.Sequential(
        conv3(in_channels, out_channels, stride, bias),
        normalized(out_channels, norm),
        nn.ReLU(),
        conv3(out_channels, out_channels, 1, bias),
        normalized(out_channels, norm),
    )
    path = nn.Identity()
    if stride != 1 or in_channels != out_channels or always:
        path = nn.Sequential(
            nn.Conv2d(in_channels, out_channels, 1, stride=stride, bias=bias),
            normalized(out_channels, shortcut_norm),
        )
        if project == "pad":
            missing = out_channels - in_channels
            path = Lambda(
                lambda x: functional.pad(x[:, :, ::stride, ::stride], (0, 0, 0, 0, 0, missing))
            )

    def forward(x, branch, path):
        out = torch.relu(branch(x)) if early else branch(x)
        out = out + path(x) if shortcut else out
        return torch.relu(out) if late else out

    return Lambda(forward, branch, path if shortcut else nn.Identity())


def preactivation_block(
    in_channels,
    out_channels,
    stride=1,
    *,
    late=False,
    project_from="opened",
    keep_from="x",
    project_norm=False,
    second=True,
    shortcut=True,
):
    opening = nn.Sequential(nn.BatchNorm2d(in_channels), nn.ReLU())
    branch = nn.Sequential(
        conv3(in_channels, out_channels, stride),
        nn.BatchNorm2d(out_channels),
        nn.ReLU() if second else nn.Identity(),
        conv3(out_channels, out_channels),
    )
    changes = stride != 1 or in_channels != out_channels
    projection = nn.Identity()
    if changes:
        projection = nn.Sequential(
            nn.Conv2d(in_channels, out_channels, 1, stride=stride, bias=False),
            nn.BatchNorm2d(out_channels) if project_norm else nn.Identity(),
        )

    def forward(x, opening, branch, projection):
        opened = opening(x)
        source = project_from if changes else keep_from
        path = projection(opened if source == "opened" else x)
        out = branch(opened) + path if shortcut else branch(opened)
        return torch.relu(out) if late else out

    return Lambda(forward, opening, branch, projection)


def dense_block(
    num_layers,
    in_channels,
    growth_rate,
    *,
    bottleneck=4,
    first="old",
    chain=False,
    post=False,
    bias=False,
    extra=0,
    keep=True,
):
    def layer(channels):
        inner = bottleneck * growth_rate
        if not bottleneck:
            return nn.Sequential(
                nn.BatchNorm2d(channels), nn.ReLU(), conv3(channels, growth_rate, bias=bias)
            )
        one = nn.Conv2d(channels, inner, 1, bias=bias)
        three = conv3(inner, growth_rate, bias=bias)
        norm = nn.BatchNorm2d(inner)
        if post:
            end = nn.BatchNorm2d(growth_rate)
            return nn.Sequential(one, norm, nn.ReLU(), three, end, nn.ReLU())
        return nn.Sequential(nn.BatchNorm2d(channels), nn.ReLU(), one, norm, nn.ReLU(), three)

    def forward(x, *layers):
        new, given = x, x
        for each in layers:
            new = each(new if chain else x)
            x = torch.cat([x, new] if first == "old" else [new, x], dim=1)
        return x if keep else x[:, given.shape[1] :]

    widths = [in_channels + (index + extra) * growth_rate for index in range(num_layers)]
    if chain:
        widths = [in_channels, *[growth_rate] * (num_layers - 1)]
    return Lambda(forward, *map(layer, widths))


def transition(in_channels, out_channels, *, pool=nn.AvgPool2d, relu=True, bias=False, keep=False):
    return nn.Sequential(
        nn.BatchNorm2d(in_channels),
        nn.ReLU() if relu else nn.Identity(),
        nn.Conv2d(in_channels, in_channels if keep else out_channels, 1, bias=bias),
        pool(2, stride=2) if pool else nn.Identity(),
    )


def condensing_mask(weight, groups, kept, *, size=np.abs, largest=True, shared=False, dealt=False):
    weight = np.asarray(weight)
    of_group = weight.reshape(groups, -1, weight.shape[1])
    if dealt:
        of_group = weight.reshape(-1, groups, weight.shape[1]).swapaxes(0, 1)
    importance = size(of_group).sum(axis=1)
    if shared:
        importance = np.tile(importance.sum(axis=0), (groups, 1))
    order = np.argsort(-importance if largest else importance, axis=1)
    mask = np.zeros(importance.shape)
    np.put_along_axis(mask, order[:, :kept], 1, axis=1)
    return mask


def standard_form(weight, mask, *, grouped=True, picked="index", gathered=True):
    weight, mask = np.asarray(weight), np.asarray(mask)
    groups, outputs, inputs = len(mask), len(weight), weight.shape[1]
    rows = mask.repeat(outputs // groups, axis=0)
    if not grouped:
        whole = nn.Conv2d(inputs, outputs, 1, bias=False)
        whole.weight.data.copy_(torch.tensor((weight * rows)[:, :, None, None]))
        return whole
    index = np.array([np.flatnonzero(row) for row in mask])
    kept = index.shape[1]
    chosen = weight[:, :kept]
    if gathered:
        chosen = np.array([each[row > 0] for each, row in zip(weight, rows, strict=True)])
    order = index.ravel()
    if picked == "first":
        order = np.tile(index[0], groups)
    elif picked == "interleaved":
        order = index.T.ravel()
    conv = nn.Conv2d(groups * kept, outputs, 1, groups=groups, bias=False)
    conv.weight.data.copy_(torch.tensor(chosen[:, :, None, None]))
    return Lambda(lambda x, conv: conv(x[:, torch.tensor(order)]), conv)


def fc_to_conv(
    linear,
    channels,
    height,
    width,
    *,
    order="chw",
    bias=True,
    copied=True,
    padded=False,
    turned=False,
):
    biased = bias and linear.bias is not None
    kernel = (height, width)
    padding = (height // 2, width // 2) if padded else 0
    conv = nn.Conv2d(channels, linear.out_features, kernel, padding=padding, bias=biased)
    weight = linear.weight.detach().view(-1, channels, height, width)
    if order == "hwc":
        weight = linear.weight.detach().view(-1, height, width, channels).permute(0, 3, 1, 2)
    elif order == "cwh":
        weight = linear.weight.detach().view(-1, channels, width, height).transpose(2, 3)
    if copied:
        conv.weight.data.copy_(weight.flip(2, 3) if turned else weight)
        if biased:
            conv.bias.data.copy_(linear.bias.detach())
    return conv


def sliding_scores(
    network,
    images,
    network_stride,
    stride,
    *,
    shifts="both",
    swapped=False,
    blocks=False,
):
    passes = network_stride // stride
    if shifts == "none":
        return network(images)
    first = network(images)
    rows, columns = first.shape[2:]
    grid = first.new_zeros(*first.shape[:2], rows * passes, columns * passes)
    for i in range(passes):
        for j in range(passes):
            if shifts == "diagonal" and i != j:
                continue
            scores = network(images[:, :, i * stride :, j * stride :])
            if blocks:
                grid[:, :, i * rows : (i + 1) * rows, j * columns : (j + 1) * columns] = scores
            elif swapped:
                scores = network(images[:, :, j * stride :, i * stride :])
                grid[:, :, i::passes, j::passes] = scores
            else:
                grid[:, :, i::passes, j::passes] = scores
    return grid
