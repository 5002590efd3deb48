"""The one table of tolerances, keyed by the precision of the answer.

An answer is right where

    |got - expected| <= atol + rtol * |expected| + scale * max |expected|

The last term is for entries that are small because large terms cancelled: their rounding error
has the size of the terms, not of the sum.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Tolerance:
    """How far an answer may be from the expected value; see the module's formula."""

    rtol: float
    atol: float
    scale: float


TOLERANCES = {
    # wide enough for code that computes a part in float32 and returns float64
    "float64": Tolerance(rtol=1e-5, atol=1e-8, scale=1e-6),
    "float32": Tolerance(rtol=1e-4, atol=1e-6, scale=1e-5),
    "float16": Tolerance(rtol=1e-2, atol=1e-3, scale=1e-2),
}


def precision(values: NDArray[Any]) -> str:
    """The row of the table for an answer: `float64`, `float32` or `float16`.

    float64 numbers that are all exact float32 numbers (and not merely short ones, such as 0.5)
    were computed in float32: `float(loss)` of a float32 loss counts as float32.
    """
    if values.dtype.kind not in "fc":
        return "float64"
    bytes_each = values.dtype.itemsize // (2 if values.dtype.kind == "c" else 1)
    if bytes_each in (2, 4):
        return f"float{8 * bytes_each}"
    return "float32" if values.dtype.kind == "f" and _computed_in_float32(values) else "float64"


def _computed_in_float32(values: NDArray[Any]) -> bool:
    finite = values[np.isfinite(values)]
    if not np.array_equal(finite.astype(np.float32), finite):
        return False
    short = np.ldexp(finite, 10)
    return not np.array_equal(np.rint(short), short)


def tolerance(
    got: NDArray[Any],
    expected: NDArray[Any],
    *,
    rtol: float | None = None,
    atol: float | None = None,
) -> Tolerance:
    """The tolerance for `got`: the table's row, or what the instructor gave instead.

    The lower of the two precisions counts. A given `rtol` holds for every precision and takes
    the place of both relative terms; a given `atol` that of the absolute one.
    """
    for name, value in (("rtol", rtol), ("atol", atol)):
        if value is not None and not value >= 0:
            raise ValueError(
                f"{name} must be a number >= 0, not {value}; leave it out for the table"
            )
    widest = max((TOLERANCES[precision(a)] for a in (got, expected)), key=lambda row: row.rtol)
    if rtol is not None:
        widest = replace(widest, rtol=rtol, scale=0.0)
    return widest if atol is None else replace(widest, atol=atol)


def allowed(expected: NDArray[Any], limits: Tolerance) -> NDArray[np.float64]:
    """The largest |got - expected| that is still right, for each entry of `expected`."""
    size = np.abs(expected).astype(np.float64)
    finite = np.where(np.isfinite(size), size, 0.0)
    largest = float(finite.max()) if finite.size else 0.0
    return np.asarray(limits.atol + limits.rtol * finite + limits.scale * largest)
