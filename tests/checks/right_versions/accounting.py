"""Counts of parameters and memory; whole numbers, so six ways each."""

import math
from functools import reduce

import numpy as np
import torch

from right_versions.registry import enter


def account(name, parameters, activations):
    class Version:
        def __init__(self, input_shape, rows):
            self.input_shape, self.rows = input_shape, rows

        @property
        def parameters(self):
            return parameters(self.rows)

        def activations(self):
            stored = [
                row.output_shape for row in self.rows if row.storage not in ("in_place", "view")
            ]
            return activations([self.input_shape, *stored])

    enter("Account", f"account_{name}", Version)


def by_a_loop(rows):
    total = 0
    for row in rows:
        total += row.weights
        total += row.biases
    return total


account("loops", by_a_loop, lambda shapes: sum(math.prod(shape) for shape in shapes))
account(
    "numpy",
    lambda rows: int(np.sum([[row.weights, row.biases] for row in rows])),
    lambda shapes: int(sum(np.prod(shape) for shape in shapes)),
)
account(
    "by_columns",
    lambda rows: sum(row.biases for row in rows) + sum(row.weights for row in rows),
    lambda shapes: sum(np.empty(shape).size for shape in shapes),
)
account(
    "reduced",
    lambda rows: reduce(lambda total, row: total + row.parameters, rows, 0),
    lambda shapes: reduce(
        lambda total, shape: total + reduce(lambda a, b: a * b, shape), shapes, 0
    ),
)
account(
    "torch",
    lambda rows: sum(
        torch.empty(count, device="meta").numel()
        for row in rows
        for count in (row.weights, row.biases)
    ),
    lambda shapes: sum(torch.empty(shape, device="meta").numel() for shape in shapes),
)
account(
    "recursive",
    lambda rows: rows[0].parameters + sum(row.parameters for row in rows[1:]),
    lambda shapes: len([None for shape in shapes for _ in np.ndindex(*shape)]),
)


def named(component, *versions):
    for number, version in enumerate(versions, start=1):
        enter(component, f"{component}_{number}", version)


def rows_one_by_one(account, *, batch_size, optimizer_buffers=1, bytes_per_number=4):
    total = 2 * batch_size * math.prod(account.input_shape)
    for row in account.rows:
        total += (2 + optimizer_buffers) * (row.weights + row.biases)
        if row.storage == "own":
            total += 2 * batch_size * math.prod(row.output_shape)
    return total * bytes_per_number


def piece_by_piece(account, *, batch_size, optimizer_buffers=1, bytes_per_number=4):
    weights = gradients = account.parameters * bytes_per_number
    buffers = optimizer_buffers * weights
    maps = batch_size * account.activations() * bytes_per_number
    return weights + gradients + buffers + maps + maps


def per_image(account, *, batch_size, optimizer_buffers=1, bytes_per_number=4):
    image = 2 * account.activations() * bytes_per_number
    return sum(
        [image] * batch_size, (2 + optimizer_buffers) * account.parameters * bytes_per_number
    )


def copy_by_copy(account, *, batch_size, optimizer_buffers=1, bytes_per_number=4):
    copies = ["weights", "gradients", *["buffer"] * optimizer_buffers]
    numbers = 0
    for _ in copies:
        numbers += account.parameters
    for _ in ("forwards", "backwards"):
        numbers += account.activations() * batch_size
    return numbers * bytes_per_number


named(
    "training_bytes",
    rows_one_by_one,
    piece_by_piece,
    per_image,
    lambda account, *, batch_size, optimizer_buffers=1, bytes_per_number=4: (
        int(
            np.dot(
                [2 + optimizer_buffers, 2 * batch_size], [account.parameters, account.activations()]
            )
        )
        * bytes_per_number
    ),
    lambda account, *, batch_size, optimizer_buffers=1, bytes_per_number=4: (
        bytes_per_number
        * (
            account.parameters * optimizer_buffers
            + 2 * (account.parameters + batch_size * account.activations())
        )
    ),
    copy_by_copy,
)
named(
    "mebibytes",
    lambda size: size / 1048576,
    lambda size: size / 1024 / 1024,
    lambda size: size * 2.0**-20,
    lambda size: math.ldexp(size, -20),
    lambda size: float(np.divide(size, 1 << 20)),
    lambda size: sum(divmod(size, 2**20)[0:1]) + divmod(size, 2**20)[1] / 2**20,
)
named(
    "affine_parameter_count",
    lambda inputs, outputs, *, bias=True: inputs * outputs + (outputs if bias else 0),
    lambda inputs, outputs, *, bias=True: np.zeros((inputs + int(bias), outputs)).size,
    lambda inputs, outputs, *, bias=True: sum(inputs + bias for _ in range(outputs)),
    lambda inputs, outputs, *, bias=True: sum(
        p.numel() for p in torch.nn.Linear(inputs, outputs, bias, device="meta").parameters()
    ),
    lambda inputs, outputs, *, bias=True: math.prod((inputs, outputs)) + bias * outputs,
    lambda inputs, outputs, *, bias=True: len(list(np.ndindex(inputs + bias, outputs))),
)


def pair(kernel):
    return kernel if isinstance(kernel, tuple | list) else (kernel, kernel)


named(
    "convolution_parameter_count",
    lambda channels, filters, kernel, *, groups=1, bias=True: (
        filters * channels // groups * math.prod(pair(kernel)) + bias * filters
    ),
    lambda channels, filters, kernel, *, groups=1, bias=True: (
        np.zeros((filters, channels // groups, *pair(kernel))).size + (filters if bias else 0)
    ),
    lambda channels, filters, kernel, *, groups=1, bias=True: sum(
        p.numel()
        for p in torch.nn.Conv2d(
            channels, filters, pair(kernel), groups=groups, bias=bias, device="meta"
        ).parameters()
    ),
    lambda channels, filters, kernel, *, groups=1, bias=True: sum(
        channels // groups * pair(kernel)[0] * pair(kernel)[1] + bias for _ in range(filters)
    ),
    lambda channels, filters, kernel, *, groups=1, bias=True: (
        groups
        * (
            (channels // groups) * (filters // groups) * int(np.prod(pair(kernel)))
            + bias * filters // groups
        )
    ),
    lambda channels, filters, kernel, *, groups=1, bias=True: (
        len(list(np.ndindex(filters, channels // groups, *pair(kernel))))
        + len(range(filters)) * bias
    ),
)
