"""Torch networks from lists of layers, and lists of layers from torch networks (slides s.315)."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

from reference.arrays import check_count

NAMES: dict[type[nn.Module], str] = {
    nn.Conv2d: "CONV",
    nn.ReLU: "RELU",
    nn.MaxPool2d: "POOL",
    nn.AvgPool2d: "POOL",
    nn.Linear: "FC",
    nn.Softmax: "SOFTMAX",
}
WITHOUT_NAME = (nn.Flatten, nn.Dropout, nn.LocalResponseNorm, nn.Identity)


def build(
    layers: Sequence[str],
    *,
    input_shape: tuple[int, int, int],
    filters: int = 32,
    hidden: int = 128,
    classes: int = 10,
    max_filters: int = 512,
) -> nn.Sequential:
    """Build the layers that `pattern.expand` lists; maps (N, C, H, W) to logits (N, classes).

    CONV is 3x3 with padding 1 and keeps the size; POOL is 2x2 maximum with stride 2; the number
    of filters doubles behind each POOL up to `max_filters`. Every FC has `hidden` units, but
    the last `classes`. SOFTMAX gives probabilities. Raises `ValueError` for an unknown layer, a
    convolution behind a fully connected layer, a size that a POOL cannot halve, and when the
    last layer with weights is not an FC.
    """
    channels, height, width = (check_count(size, "input_shape") for size in input_shape)
    weighted = [name for name in layers if name in ("CONV", "FC")]
    if not weighted or weighted[-1] != "FC":
        raise ValueError(
            f"the last layer with weights must be an FC, got {'-'.join(layers)}: "
            "it gives one score for each class"
        )
    remaining_fc = weighted.count("FC")
    features: int | None = None
    built: list[nn.Module] = []
    for name in layers:
        if name == "CONV":
            _check_before_fc(name, features)
            built.append(nn.Conv2d(channels, filters, 3, padding=1))
            channels = filters
        elif name == "RELU":
            built.append(nn.ReLU(inplace=True))
        elif name == "POOL":
            _check_before_fc(name, features)
            built.append(nn.MaxPool2d(2, stride=2))
            height, width = _halve(height), _halve(width)
            filters = min(2 * filters, max_filters)
        elif name == "FC":
            if features is None:
                built.append(nn.Flatten())
                features = channels * height * width
            remaining_fc -= 1
            outputs = hidden if remaining_fc else classes
            built.append(nn.Linear(features, outputs))
            features = outputs
        elif name == "SOFTMAX":
            built.append(nn.Softmax(dim=1))
        elif name != "INPUT":
            raise ValueError(
                f"layers must be INPUT, CONV, RELU, POOL, FC or SOFTMAX, got {name!r}: rename it"
            )
    return nn.Sequential(*built)


def layer_names(network: nn.Module) -> tuple[str, ...]:
    """Return the layers of a sequential network by their names in the pattern.

    What the pattern has no name for (flattening, dropout, local response normalization) is left
    out. Raises `ValueError` for any other layer.
    """
    names: list[str] = []
    for module in network.modules():
        if isinstance(module, (nn.Sequential, *WITHOUT_NAME)):
            continue
        if type(module) not in NAMES:
            raise ValueError(
                f"the pattern has no name for a {type(module).__name__}: pass a network of "
                "convolutions, ReLUs, poolings and fully connected layers in sequence"
            )
        names.append(NAMES[type(module)])
    return tuple(names)


def _check_before_fc(name: str, features: int | None) -> None:
    if features is not None:
        raise ValueError(
            f"{name} must stand before the first FC, which flattens the volume: move it up"
        )


def _halve(size: int) -> int:
    half, rest = divmod(size, 2)
    if rest or half == 0:
        raise ValueError(
            f"POOL must halve the size, got {size}: choose an input size that is a multiple of "
            "2 for each POOL"
        )
    return half
