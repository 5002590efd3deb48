"""The cost of a plain chain of layers, from a list of them: no torch, no numbers.

A layer is one of ::

    ("conv", filters, kernel, stride, padding, groups)
    ("pool", kernel, stride)
    ("fc", outputs)          flattens what comes before it

ReLUs write over their input and dropout is none in evaluation, so neither stands in a list. Sizes
that leave a fraction are rounded down.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, TypeAlias

from reference.accounting import Account, LayerRow, training_bytes
from reference.layers.geometry import (
    affine_parameter_count,
    convolution_parameter_count,
    output_size,
)

Layer: TypeAlias = Sequence[Any]
Row: TypeAlias = tuple[tuple[int, ...], int, int]

ALEXNET: tuple[Layer, ...] = (
    ("conv", 96, 11, 4, 0, 1),
    ("pool", 3, 2),
    ("conv", 256, 5, 1, 2, 1),
    ("pool", 3, 2),
    ("conv", 384, 3, 1, 1, 1),
    ("conv", 384, 3, 1, 1, 1),
    ("conv", 256, 3, 1, 1, 1),
    ("pool", 3, 2),
    ("fc", 4096),
    ("fc", 4096),
    ("fc", 1000),
)
"""The homework's table, for (3, 227, 227): 62,378,344 parameters."""


def vgg_layers(conv_arch: Sequence[tuple[int, int]], *, classes: int = 1000) -> tuple[Layer, ...]:
    """List the layers of a VGG from `(convolutions, filters)` of each block."""
    layers: list[Layer] = []
    for convolutions, filters in conv_arch:
        layers += [("conv", filters, 3, 1, 1, 1)] * convolutions
        layers.append(("pool", 2, 2))
    return (*layers, ("fc", 4096), ("fc", 4096), ("fc", classes))


def chain_account(layers: Sequence[Layer], input_shape: tuple[int, ...]) -> Account:
    """Return the cost table of a chain for one input of shape (C, H, W).

    Raises `ValueError` for an unknown kind of layer and for sizes that do not fit.
    """
    rows: list[LayerRow] = []
    shape = tuple(input_shape)
    for index, (kind, *numbers) in enumerate(layers, start=1):
        row = _row(f"{kind}{index}", kind, numbers, shape)
        rows.append(row)
        shape = row.output_shape
    return Account(tuple(input_shape), tuple(rows))


def layer_rows(layers: Sequence[Layer], input_shape: tuple[int, ...]) -> list[Row]:
    """Return (output_shape, weights, biases) of each layer."""
    account = chain_account(layers, input_shape)
    return [(row.output_shape, row.weights, row.biases) for row in account.rows]


def chain_totals(layers: Sequence[Layer], input_shape: tuple[int, ...]) -> tuple[int, int, int]:
    """Return parameters, multiply-adds and activations (the input's among them)."""
    account = chain_account(layers, input_shape)
    return account.parameters, account.multiply_adds, account.activations()


def chain_training_bytes(
    layers: Sequence[Layer],
    input_shape: tuple[int, ...],
    *,
    batch_size: int,
    optimizer_buffers: int = 1,
) -> int:
    """Return `reference.accounting.training_bytes` of a chain, in float32."""
    account = chain_account(layers, input_shape)
    return training_bytes(account, batch_size=batch_size, optimizer_buffers=optimizer_buffers)


def _row(name: str, kind: str, numbers: Sequence[int], shape: tuple[int, ...]) -> LayerRow:
    if kind == "conv":
        filters, kernel, stride, padding, groups = numbers
        places = _places(shape, kernel, stride, padding)
        both = convolution_parameter_count(shape[0], filters, kernel, groups=groups)
        weights = both - filters
        products = weights * math.prod(places)
        return LayerRow(name, kind, (filters, *places), weights, filters, products)
    if kind == "pool":
        kernel, stride = numbers
        return LayerRow(name, kind, (shape[0], *_places(shape, kernel, stride, 0)))
    if kind == "fc":
        (outputs,) = numbers
        weights = affine_parameter_count(math.prod(shape), outputs, bias=False)
        return LayerRow(name, kind, (outputs,), weights, outputs, weights)
    raise ValueError(f"a layer must be a conv, a pool or an fc, got {kind!r}: name one of these")


def _places(shape: tuple[int, ...], kernel: int, stride: int, padding: int) -> tuple[int, ...]:
    return tuple(
        output_size(size, kernel, stride=stride, padding=padding, rounding="floor")
        for size in shape[1:]
    )
