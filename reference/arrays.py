"""Argument checks that every reference module shares.

Each check returns the argument in the form that the formulas need, or raises `ValueError` with
the rule, what came instead, and the mend. Nothing is repaired in silence: an array of integers
becomes float64 (a uint8 subtraction would wrap), and that is the only conversion.
"""

from collections.abc import Collection
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray: TypeAlias = NDArray[np.floating[Any]]
IntArray: TypeAlias = NDArray[np.intp]

AXES = {1: "(D,)", 2: "(N, D)", 4: "(N, C, H, W)"}


def as_float_array(value: ArrayLike, name: str, *, ndim: int | None = None) -> FloatArray:
    """Return `value` as a finite floating array; float32 and float64 keep their dtype.

    Integers, booleans and other real dtypes become float64. Not copied where it fits already.

    Raises ValueError: not real numbers, not `ndim` axes, empty, or holding NaN or infinity.
    """
    array = np.asarray(value)
    if array.dtype.kind not in "fiub":
        raise ValueError(
            f"{name} must hold real numbers, got dtype {array.dtype}: convert it to float64"
        )
    if array.dtype not in (np.float32, np.float64):
        array = array.astype(np.float64)
    if ndim is not None and array.ndim != ndim:
        raise ValueError(
            f"{name} must have {ndim} axes{_axes(ndim)}, got shape {array.shape}: "
            "reshape it or pass one example as a batch of one"
        )
    if array.size == 0:
        raise ValueError(f"{name} must not be empty, got shape {array.shape}: pass at least one")
    check_finite(array, name)
    return array


def as_float_matrix(value: ArrayLike, name: str, *, columns: int | None = None) -> FloatArray:
    """Return `value` as a finite floating array of shape (N, D), with D = `columns` if given.

    Raises ValueError: what `as_float_array` refuses, or another number of columns.
    """
    matrix = as_float_array(value, name, ndim=2)
    if columns is not None and matrix.shape[1] != columns:
        raise ValueError(
            f"{name} must have {columns} columns, got shape {matrix.shape}: "
            "the inner sizes of a product must agree"
        )
    return matrix


def check_finite(array: FloatArray, name: str) -> None:
    """Refuse NaN and infinity, naming the first bad index."""
    # A finite sum proves every element finite and needs no array of booleans; a sum that is not
    # finite may be an overflow of good numbers, so only then is each element looked at.
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(array.sum()):
            return
    bad = np.argwhere(~np.isfinite(array))
    if len(bad):
        index = tuple(int(i) for i in bad[0])
        raise ValueError(
            f"{name} must be finite, got {array[index]} at index {index}: "
            "look for a division by zero, log(0) or an overflow before this call"
        )


def check_same_shape(array: FloatArray, name: str, shape: tuple[int, ...], of: str) -> None:
    """Refuse an array whose shape is not that of `of` (a gradient has its variable's shape)."""
    if array.shape != shape:
        raise ValueError(
            f"{name} must have the shape {shape} of {of}, got {array.shape}: "
            "check which axes were summed over or transposed"
        )


def check_labels(labels: ArrayLike, *, examples: int, classes: int | None = None) -> IntArray:
    """Return class labels as integers of shape (N,), each in [0, classes) where that is given.

    Raises ValueError: not shape (N,) with N = `examples`, not integers, or out of range.
    """
    array = np.asarray(labels)
    if array.shape != (examples,):
        raise ValueError(
            f"labels must have shape ({examples},), one for each example, got {array.shape}: "
            "flatten a column with labels.ravel(), turn one-hot rows with labels.argmax(axis=1)"
        )
    if array.dtype.kind not in "iu":
        raise ValueError(
            f"labels must be integers, got dtype {array.dtype}: use labels.astype(np.int64)"
        )
    if classes is not None and array.size:
        low, high = int(array.min()), int(array.max())
        if low < 0 or high >= classes:
            raise ValueError(
                f"labels must lie in [0, {classes}), got {low if low < 0 else high}: "
                "labels start at 0 and name a column of the scores"
            )
    return array.astype(np.intp, copy=False)


def check_count(value: int, name: str, *, minimum: int = 1, maximum: int | None = None) -> int:
    """Return an integer in [minimum, maximum]; refuse booleans, floats and other values."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise ValueError(f"{name} must be an integer, got {value!r}: use int({name})")
    if value < minimum:
        raise ValueError(f"{name} must be at least {minimum}, got {value}: raise it")
    if maximum is not None and value > maximum:
        raise ValueError(f"{name} must be at most {maximum}, got {value}: lower it")
    return int(value)


def check_positive(value: float, name: str, *, zero: bool = False) -> float:
    """Return a finite number above 0 (or from 0 on, with `zero`)."""
    if not np.isfinite(value) or value < 0 or (value == 0 and not zero):
        rule = "at least 0" if zero else "above 0"
        raise ValueError(f"{name} must be a finite number {rule}, got {value}: check its sign")
    return float(value)


def check_probability(value: float, name: str) -> float:
    """Return a number in [0, 1]."""
    if not 0.0 <= value <= 1.0:
        raise ValueError(f"{name} must lie in [0, 1], got {value}: 20 percent is written 0.2")
    return float(value)


def check_choice(value: str, name: str, choices: Collection[str]) -> str:
    """Return `value` if it is one of `choices`."""
    if value not in choices:
        listed = ", ".join(repr(choice) for choice in choices)
        raise ValueError(f"{name} must be one of {listed}, got {value!r}: choose one of them")
    return value


def _axes(ndim: int) -> str:
    return f" {AXES[ndim]}" if ndim in AXES else ""
