"""He initialization of a torch network (slides s.187; He et al. 2015)."""

from __future__ import annotations

import math

import torch
from torch import nn


def he_initialize(network: nn.Module, *, generator: torch.Generator) -> nn.Module:
    """Draw every convolution's and linear layer's weight from N(0, 2 / fan_in); biases are 0.

    `fan_in` is the number of inputs of one unit: kernel area times channels per group. The gain
    2 belongs to a ReLU behind the layer. Changes and returns `network`.
    """
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                fan_in = module.weight[0].numel()
                module.weight.normal_(0.0, math.sqrt(2 / fan_in), generator=generator)
                if module.bias is not None:
                    module.bias.zero_()
    return network
