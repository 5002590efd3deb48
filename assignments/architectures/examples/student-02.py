"""My networks. Written as classes, PyTorch tutorial style."""
import math

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


def output_size(size, kernel, stride, padding, ceil):
    places = (size - kernel + 2 * padding) / stride
    return int(math.ceil(places) if ceil else math.floor(places)) + 1


def layer_table(layers, input_shape):
    shape = list(input_shape)
    table = []
    for layer in layers:
        if layer[0] == "conv":
            _, K, F_, S, P, G = layer
            C = shape[0]
            shape = [K] + [output_size(n, F_, S, P, False) for n in shape[1:]]
            table.append([list(shape), np.int64(K * C // G * F_ ** 2), K])
        elif layer[0] == "pool":
            shape = [shape[0]] + [output_size(n, layer[1], layer[2], 0, False) for n in shape[1:]]
            table.append([list(shape), 0, 0])
        else:
            D = np.prod(shape)
            shape = [layer[1]]
            table.append([list(shape), D * layer[1], layer[1]])
    return table


def network_totals(layers, input_shape):
    rows = layer_table(layers, input_shape)
    params = np.sum([w + b for _, w, b in rows])
    macs = np.sum([w * np.prod(s[1:], dtype=int) for s, w, b in rows])
    acts = np.prod(input_shape) + np.sum([np.prod(s) for s, _, _ in rows])
    return [params, macs, acts]


def training_bytes(parameters, activations, batch_size, buffers):
    numbers = parameters + parameters + buffers * parameters
    numbers += batch_size * (activations + activations)
    return numbers * 4.0


class LeNet(nn.Module):
    def __init__(self, classes):
        super().__init__()
        # made from the end to the beginning
        self.output = nn.Linear(84, classes)
        self.F6 = nn.Linear(120, 84)
        self.C5 = nn.Linear(400, 120)
        self.C3 = nn.Conv2d(6, 16, 5)
        self.C1 = nn.Conv2d(1, 6, 5, padding="same")

    def forward(self, x):
        x = F.avg_pool2d(torch.sigmoid(self.C1(x)), 2)
        x = F.avg_pool2d(torch.sigmoid(self.C3(x)), 2)
        x = x.view(x.size(0), -1)
        x = torch.sigmoid(self.C5(x))
        x = torch.sigmoid(self.F6(x))
        return self.output(x)


def lenet5(classes=10):
    return LeNet(classes)


class Head(nn.Module):
    def __init__(self, inputs, hidden, classes):
        super().__init__()
        self.score = nn.Linear(hidden, classes)
        self.b = nn.Linear(hidden, hidden)
        self.a = nn.Linear(inputs, hidden)

    def forward(self, x):
        x = torch.flatten(x, 1)
        x = F.relu(F.dropout(self.a(x), 0.5, self.training))
        x = F.dropout(F.relu(self.b(x)), p=0.5, training=self.training)
        return self.score(x)


class AlexNet(nn.Module):
    def __init__(self, w, hidden, classes, groups):
        super().__init__()
        self.c1 = nn.Conv2d(3, w[0], (11, 11), (4, 4))
        self.c2 = nn.Conv2d(w[0], w[1], 5, padding=2, groups=groups)
        self.c3 = nn.Conv2d(w[1], w[2], 3, padding=1)
        self.c4 = nn.Conv2d(w[2], w[3], 3, padding=1, groups=groups)
        self.c5 = nn.Conv2d(w[3], w[4], 3, padding=1, groups=groups)
        self.head = Head(w[4] * 36, hidden, classes)

    def forward(self, x):
        pool = lambda maps: F.max_pool2d(maps, 3, 2)
        x = F.relu(pool(self.c1(x)))  # ReLU and max pooling change places
        x = F.relu(pool(self.c2(x)))
        x = F.relu(self.c4(F.relu(self.c3(x))))
        return self.head(F.relu(pool(self.c5(x))))


def alexnet(widths=(96, 256, 384, 384, 256), hidden=4096, classes=1000, groups=1):
    return AlexNet(list(widths), hidden, classes, groups)


class Block(nn.Module):
    def __init__(self, n, cin, cout):
        super().__init__()
        self.convs = nn.ModuleList([nn.Conv2d(cin if i == 0 else cout, cout, 3, 1, 1) for i in range(n)])

    def forward(self, x):
        for conv in self.convs:
            x = conv(x).clamp(min=0)
        return nn.functional.max_pool2d(x, 2)


def vgg_block(num_convs, in_channels, out_channels):
    return Block(num_convs, in_channels, out_channels)


def vgg(conv_arch, channels=3, size=224, hidden=4096, classes=1000):
    net = nn.Sequential()
    for i, (n, c) in enumerate(conv_arch):
        net.add_module("stage%d" % i, Block(n, channels, c))
        channels = c
    net.add_module("head", Head(channels * (size // 2 ** len(conv_arch)) ** 2, hidden, classes))
    return net


def nin_block(in_channels, out_channels, kernel, stride=1, padding=0):
    layers = [nn.Conv2d(in_channels, out_channels, kernel, stride, padding), nn.ReLU(True)]
    layers += [nn.Conv2d(out_channels, out_channels, 1), nn.ReLU(True)] * 1
    layers += [nn.Conv2d(out_channels, out_channels, 1), nn.ReLU(True)]
    return nn.Sequential(*layers)


class NiN(nn.Module):
    def __init__(self, widths, classes):
        super().__init__()
        a, b, c = widths
        self.one, self.two = nin_block(3, a, 11, 4), nin_block(a, b, 5, padding=2)
        self.three, self.four = nin_block(b, c, 3, 1, 1), nin_block(c, classes, 3, 1, 1)

    def forward(self, x):
        for block in (self.one, self.two, self.three):
            x = F.max_pool2d(block(x), kernel_size=3, stride=2)
        x = F.dropout(x, 0.5, training=self.training)
        return self.four(x).mean(dim=[2, 3])


def nin(widths=(96, 256, 384), classes=1000):
    return NiN(widths, classes)


class Inception(nn.Module):
    def __init__(self, cin, c1, c2, c3, c4):
        super().__init__()
        self.p4_2 = nn.Conv2d(cin, c4, kernel_size=1)
        self.p3_1 = nn.Conv2d(cin, c3[0], kernel_size=1)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], kernel_size=5, padding=2)
        self.p2_1 = nn.Conv2d(cin, c2[0], kernel_size=1)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], kernel_size=3, padding=1)
        self.p1_1 = nn.Conv2d(cin, c1, kernel_size=1)

    def forward(self, x):
        p1 = F.relu(self.p1_1(x))
        p2 = F.relu(self.p2_2(F.relu(self.p2_1(x))))
        p3 = F.relu(self.p3_2(F.relu(self.p3_1(x))))
        p4 = F.relu(self.p4_2(F.max_pool2d(x, 3, stride=1, padding=1)))
        return torch.cat((p1, p2, p3, p4), 1)


inception = Inception


class Residual(nn.Module):
    def __init__(self, cin, cout, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(cin, cout, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(cout, cout, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(cout)
        self.bn2 = nn.BatchNorm2d(cout)
        self.relu = nn.ReLU(inplace=True)
        self.down = None
        if stride > 1 or cin != cout:
            self.down = nn.Sequential(nn.Conv2d(cin, cout, 1, stride, bias=False), nn.BatchNorm2d(cout))

    def forward(self, x):
        identity = x if self.down is None else self.down(x)
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        out += identity
        return self.relu(out)


def residual_block(in_channels, out_channels, stride=1):
    return Residual(in_channels, out_channels, stride)


class PreAct(nn.Module):
    def __init__(self, cin, cout, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(cin), nn.BatchNorm2d(cout)
        self.conv1 = nn.Conv2d(cin, cout, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(cout, cout, 3, 1, 1, bias=False)
        if stride != 1 or cin != cout:
            self.shortcut = nn.Conv2d(cin, cout, 1, stride=stride, bias=False)

    def forward(self, x):
        out = F.relu(self.bn1(x))
        shortcut = self.shortcut(out) if hasattr(self, "shortcut") else x
        out = self.conv2(F.relu(self.bn2(self.conv1(out))))
        return out + shortcut


def preactivation_block(in_channels, out_channels, stride=1):
    return PreAct(in_channels, out_channels, stride)


class DenseBlock(nn.Module):
    def __init__(self, num_layers, cin, k):
        super().__init__()
        self.layers = nn.ModuleList()
        for i in range(num_layers):
            c = cin + i * k
            self.layers.append(nn.Sequential(
                nn.BatchNorm2d(c), nn.ReLU(True), nn.Conv2d(c, 4 * k, 1, bias=False),
                nn.BatchNorm2d(4 * k), nn.ReLU(True), nn.Conv2d(4 * k, k, 3, padding=1, bias=False)))

    def forward(self, x):
        features = [x]
        for layer in self.layers:
            features.append(layer(torch.cat(features, 1)))
        return torch.cat(features, 1)


def dense_block(num_layers, in_channels, growth_rate):
    return DenseBlock(num_layers, in_channels, growth_rate)


def transition(in_channels, out_channels):
    # pooling first gives the same and is cheaper
    return nn.Sequential(nn.BatchNorm2d(in_channels), nn.ReLU(), nn.AvgPool2d(2),
                         nn.Conv2d(in_channels, out_channels, 1, bias=False))


def condensing_mask(weight, groups, kept):
    weight = torch.as_tensor(weight)
    O, R = weight.shape
    mask = torch.zeros(groups, R, dtype=torch.bool)
    for g in range(groups):
        norm = weight[g * (O // groups):(g + 1) * (O // groups)].norm(p=1, dim=0)
        mask[g, norm.topk(kept).indices] = True
    return mask


class Standard(nn.Module):
    def __init__(self, weight, mask):
        super().__init__()
        self.groups = mask.shape[0]
        self.index = [i for row in mask for i in np.nonzero(row)[0].tolist()]
        per = weight.shape[0] // self.groups
        rows = [weight[o, mask[o // per] > 0] for o in range(weight.shape[0])]
        self.weight = nn.Parameter(torch.tensor(np.array(rows)).unsqueeze(-1).unsqueeze(-1))

    def forward(self, x):
        return F.conv2d(x[:, self.index], self.weight, groups=self.groups)


def standard_form(weight, mask):
    return Standard(weight, mask)


def fc_to_conv(linear, channels, height, width):
    out = linear.weight.shape[0]
    conv = nn.Conv2d(channels, out, kernel_size=(height, width), bias=linear.bias is not None)
    state = {"weight": linear.weight.data.reshape(out, channels, height, width)}
    if linear.bias is not None:
        state["bias"] = linear.bias.data
    conv.load_state_dict(state)
    return conv


def sliding_scores(network, images, network_stride, stride):
    n = network_stride // stride
    with torch.no_grad():
        rows = [torch.stack([network(images[..., i * stride:, j * stride:]) for j in range(n)], -1)
                for i in range(n)]
    grid = torch.stack(rows, -2)  # N, classes, rows, columns, n, n
    N, C, H, W = grid.shape[:4]
    return grid.permute(0, 1, 2, 4, 3, 5).reshape(N, C, H * n, W * n)
