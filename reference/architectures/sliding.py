"""Fully connected layers as convolutions, and sliding a network over larger images.

A fully connected layer on a 7x7x512 volume with 4096 outputs is a convolution of 4096 filters of
7x7 without padding; those behind it are 1x1 convolutions. The weights are the same numbers in
another shape, so the function is the same; accuracy neither rises nor falls (tutorial part 3).
"""

from __future__ import annotations

from itertools import product

import torch
from torch import Tensor, nn

from reference.architectures.tracing import on_meta
from reference.arrays import check_count


def convolutional_form(network: nn.Sequential, input_shape: tuple[int, int, int]) -> nn.Sequential:
    """Return the network with its fully connected layers as convolutions, on shared weights.

    Maps (N, C, H, W) of at least `input_shape` to scores (N, classes, places, places); for
    `input_shape` itself, one place. VGG-16 maps 384x384 to 12x12x512 and then 6x6x1000, because
    (12 - 7) / 1 + 1 = 6. Raises `ValueError` when there is no flattening with a fully connected
    layer behind it.
    """
    layers: list[nn.Module] = []
    for name, module in network.named_children():
        if isinstance(module, nn.Flatten):
            features = nn.Sequential(*layers)
            volume = on_meta(features)(torch.empty(1, *input_shape, device="meta"))
            return nn.Sequential(*layers, *_head(network, name, tuple(volume.shape[1:])))
        layers.append(module)
    raise ValueError(
        "network must flatten its volume and go on with fully connected layers, got "
        f"{[type(module).__name__ for module in network]}: one that ends in global average "
        "pooling takes larger images as it is"
    )


def sliding_scores(
    convolutional: nn.Module,
    images: Tensor,
    *,
    window: int,
    network_stride: int,
    stride: int | None = None,
) -> Tensor:
    """Return the scores at every place of a window, (N, classes, places, places).

    `convolutional` is the `convolutional_form` of a network for `window` x `window` images
    whose poolings and strides multiply to `network_stride` (224 and 32 for VGG). Without
    `stride` one pass gives places `network_stride` apart. A finer `stride` takes
    `(network_stride / stride)^2` passes over shifted images, whose places interleave: 4 passes
    for 16, shifted by (0, 0), (0, 16), (16, 0) and (16, 16); two would fill half of the grid.

    A network without padding gives exactly what it would give for each window cut out and
    evaluated alone. With padding the two differ at the windows' borders: a cut-out window sees
    zeros where the larger image goes on.

    Raises `ValueError` for images smaller than the window and a stride that does not divide
    `network_stride`.
    """
    stride = network_stride if stride is None else check_count(stride, "stride")
    if network_stride % stride:
        raise ValueError(
            f"stride must divide the network's stride {network_stride}, got {stride}: "
            "the shifted passes could not interleave to an even grid"
        )
    height, width = images.shape[2:]
    if min(height, width) < window:
        raise ValueError(
            f"images must be at least {window} x {window}, got {height} x {width}: enlarge them"
        )
    passes = network_stride // stride
    rows, columns = ((size - window) // stride + 1 for size in (height, width))
    shifts = product(range(min(passes, rows)), range(min(passes, columns)))
    parts = {
        (down, right): convolutional(images[:, :, down * stride :, right * stride :])
        for down, right in shifts
    }
    first = parts[0, 0]
    grid: Tensor = first.new_empty(*first.shape[:2], rows, columns)
    for (down, right), scores in parts.items():
        grid[:, :, down::passes, right::passes] = scores
    return grid


def _head(network: nn.Sequential, flatten: str, volume: tuple[int, ...]) -> list[nn.Module]:
    """Convert what stands behind the flattening of a (C, H, W) volume."""
    names = [name for name, _ in network.named_children()]
    head: list[nn.Module] = []
    channels, kernel = volume[0], (volume[1], volume[2])
    for name in names[names.index(flatten) + 1 :]:
        module = network.get_submodule(name)
        if isinstance(module, nn.Linear):
            head.append(_as_convolution(module, channels, kernel))
            channels, kernel = module.out_features, (1, 1)
        else:
            head.append(module)
    if kernel != (1, 1):
        raise ValueError("a fully connected layer must follow the flattening, got none: add it")
    return head


def _as_convolution(linear: nn.Linear, channels: int, kernel: tuple[int, int]) -> nn.Conv2d:
    """Return the convolution of equal output; its weight is a view of the linear layer's."""
    if linear.in_features != channels * kernel[0] * kernel[1]:
        raise ValueError(
            f"the layer must read the volume of {channels} x {kernel[0]} x {kernel[1]}, got "
            f"{linear.in_features} inputs: check input_shape"
        )
    convolution = nn.Conv2d(
        channels, linear.out_features, kernel, bias=linear.bias is not None, device="meta"
    )
    # Flattening lays channels out slowest, then rows: exactly the order of a filter's weights.
    weight = linear.weight.detach().view(linear.out_features, channels, *kernel)
    convolution.weight = nn.Parameter(weight)
    if linear.bias is not None:
        convolution.bias = nn.Parameter(linear.bias.detach())
    return convolution
