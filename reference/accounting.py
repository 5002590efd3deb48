"""What a network costs: a table, layer by layer, and its totals (slides s.302; tutorial part 3).

Conventions, because published numbers differ mostly in these:

* **parameters** are weights and biases; "weights" alone leave the biases out (VGG-16 has
  138,344,128 weights and 138,357,544 parameters). Batch normalization's scale counts as weights
  and its shift as biases; running statistics are no parameters.
* **multiply-adds** are the products in convolutions and fully connected layers, one for each
  weight and place; one multiply-add is two floating-point operations.
* **activations** are the numbers in the input and in every output that needs memory of its own.
  A ReLU writes over its input unless asked otherwise; flattening and dropout need nothing.
* the **receptive field** is the side of the square of input pixels that one unit can see, padding
  included.

`reference.architectures.tracing.account` makes the table of a torch network.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

from reference.arrays import check_count, check_positive

Storage: TypeAlias = Literal["own", "in_place", "view"]
"""Whether an output needs memory, may be written over the input, or is the input itself."""

FLOAT32_BYTES = 4


@dataclass(frozen=True)
class LayerRow:
    """One layer: what comes out, (C, H, W) or (D,) without the batch axis, and what it costs."""

    name: str
    kind: str
    output_shape: tuple[int, ...]
    weights: int = 0
    biases: int = 0
    multiply_adds: int = 0
    receptive_field: int = 1
    storage: Storage = "own"

    @property
    def parameters(self) -> int:
        """Weights and biases together."""
        return self.weights + self.biases

    @property
    def activations(self) -> int:
        """How many numbers the output holds."""
        return math.prod(self.output_shape)


@dataclass(frozen=True)
class Account:
    """The rows of a network for one input of shape (C, H, W), and their totals."""

    input_shape: tuple[int, ...]
    rows: tuple[LayerRow, ...]

    @property
    def weights(self) -> int:
        """All weights, biases left out."""
        return sum(row.weights for row in self.rows)

    @property
    def biases(self) -> int:
        """All biases."""
        return sum(row.biases for row in self.rows)

    @property
    def parameters(self) -> int:
        """All weights and biases."""
        return self.weights + self.biases

    @property
    def multiply_adds(self) -> int:
        """Products of one forward pass of one input."""
        return sum(row.multiply_adds for row in self.rows)

    def activations(self, *, separate_relu: bool = False) -> int:
        """Return the numbers in the input and all outputs of one forward pass.

        With `separate_relu` also the outputs that may be written over their input (VGG-16:
        15,237,608 without and 28,793,320 with).
        """
        counted = ("own", "in_place") if separate_relu else ("own",)
        stored = sum(row.activations for row in self.rows if row.storage in counted)
        return math.prod(self.input_shape) + stored

    def row(self, name: str) -> LayerRow:
        """Return the row of that name. Raises `ValueError` when there is none."""
        for row in self.rows:
            if row.name == name:
                return row
        raise ValueError(
            f"name must be a layer of this network, got {name!r}: the rows are "
            f"{', '.join(row.name for row in self.rows[:8])}, ..."
        )

    def part(self, prefix: str) -> Account:
        """Return the rows inside a module, such as an inception: `prefix` or `prefix.*`.

        The part's totals are right for parameters and multiply-adds; its input shape is unknown
        and empty. Raises `ValueError` when no row is inside.
        """
        rows = tuple(
            row for row in self.rows if row.name == prefix or row.name.startswith(prefix + ".")
        )
        if not rows:
            raise ValueError(f"prefix must name a module of this network, got {prefix!r}")
        return Account((), rows)

    def format(self) -> str:
        """Return the table as text, one layer a line, totals below."""
        head = ("layer", "kind", "output", "parameters", "multiply-adds", "activations", "field")
        lines = [_cells(row) for row in self.rows]
        lines.append(
            (
                "total",
                "",
                "",
                f"{self.parameters:,}",
                f"{self.multiply_adds:,}",
                f"{self.activations():,}",
                "",
            )
        )
        widths = [max(len(line[i]) for line in [head, *lines]) for i in range(len(head))]
        return "\n".join(
            "  ".join(
                cell.ljust(width) if i < 3 else cell.rjust(width)
                for i, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in [head, *lines]
        )


def memory_bytes(numbers: int, *, bytes_per_number: int = FLOAT32_BYTES) -> int:
    """Return the memory of so many numbers: 4 bytes each in float32, 8 in float64."""
    check_count(numbers, "numbers", minimum=0)
    return numbers * check_count(bytes_per_number, "bytes_per_number")


def mebibytes(size: float) -> float:
    """Return bytes in MiB (1024^2 bytes); a megabyte (MB) is 10^6 bytes, 5 % less."""
    return check_positive(size, "size", zero=True) / 1024**2


def training_bytes(
    account: Account,
    *,
    batch_size: int,
    optimizer_buffers: int = 1,
    bytes_per_number: int = FLOAT32_BYTES,
) -> int:
    """Return a lower estimate of the memory that training takes.

    Each parameter is held with its gradient and `optimizer_buffers` more (momentum, AdaGrad and
    RMSProp 1, so three times the parameters in all; Adam 2; plain SGD 0). Each activation is held
    with its gradient, for each image of the batch. What a framework needs besides is left out.
    """
    check_count(batch_size, "batch_size")
    check_count(optimizer_buffers, "optimizer_buffers", minimum=0)
    numbers = account.parameters * (2 + optimizer_buffers)
    numbers += 2 * batch_size * account.activations()
    return memory_bytes(numbers, bytes_per_number=bytes_per_number)


def _cells(row: LayerRow) -> tuple[str, ...]:
    return (
        row.name,
        row.kind,
        "x".join(str(size) for size in row.output_shape),
        f"{row.parameters:,}",
        f"{row.multiply_adds:,}",
        f"{row.activations:,}" if row.storage == "own" else row.storage.replace("_", " "),
        str(row.receptive_field),
    )
