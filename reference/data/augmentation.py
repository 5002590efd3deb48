"""Augmentation of training images (N, C, H, W): mirror, shift, rotate, distort, noise.

For the training set only, and at the input only; validation and test images stay as they are.
Every image of a batch draws its own change from the generator, so that each epoch sees new ones.
`rotate_by` and `shift_by` are the changes themselves, without chance.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reference.arrays import (
    FloatArray,
    as_float_array,
    check_count,
    check_positive,
    check_probability,
)

Augmentation: TypeAlias = Callable[[NDArray[Any], np.random.Generator], NDArray[Any]]


def augment(
    images: NDArray[Any], steps: Sequence[Augmentation], *, rng: np.random.Generator
) -> NDArray[Any]:
    """Apply steps such as `functools.partial(shift, pixels=2)` to a batch, one after another."""
    for step in steps:
        images = step(images, rng)
    return images


def mirror(
    images: NDArray[Any], rng: np.random.Generator, *, probability: float = 0.5
) -> NDArray[Any]:
    """Mirror each image left to right with that probability. The dtype is kept."""
    batch = _batch(images)
    chosen = rng.random(len(batch)) < check_probability(probability, "probability")
    return np.where(chosen[:, None, None, None], batch[..., ::-1], batch)


def shift(
    images: NDArray[Any], rng: np.random.Generator, *, pixels: int, fill: float = 0.0
) -> NDArray[Any]:
    """Shift each image by up to `pixels` down, up, right or left. The dtype is kept."""
    batch = _batch(images)
    limit = check_count(pixels, "pixels", minimum=0)
    offsets = rng.integers(-limit, limit + 1, (len(batch), 2))
    return shift_by(batch, offsets, fill=fill)


def shift_by(images: NDArray[Any], offsets: ArrayLike, *, fill: float = 0.0) -> NDArray[Any]:
    """Shift image n by offsets[n] = (rows down, columns right); what is uncovered gets `fill`."""
    batch, moves = _batch(images), np.asarray(offsets)
    if moves.shape != (len(batch), 2) or moves.dtype.kind not in "iu":
        raise ValueError(
            f"offsets must be integers of shape ({len(batch)}, 2), got {moves.dtype} of shape "
            f"{moves.shape}: one (down, right) for each image"
        )
    height, width = batch.shape[2:]
    shifted = np.full_like(batch, fill)
    for image, source, (down, right) in zip(shifted, batch, moves.tolist(), strict=True):
        rows, columns = _overlap(down, height), _overlap(right, width)
        image[:, rows[0], columns[0]] = source[:, rows[1], columns[1]]
    return shifted


def rotate(
    images: NDArray[Any], rng: np.random.Generator, *, degrees: float, fill: float = 0.0
) -> FloatArray:
    """Rotate each image by an angle from [-degrees, degrees]."""
    batch = _batch(images)
    limit = check_positive(degrees, "degrees", zero=True)
    return rotate_by(batch, rng.uniform(-limit, limit, len(batch)), fill=fill)


def rotate_by(images: NDArray[Any], degrees: ArrayLike, *, fill: float = 0.0) -> FloatArray:
    """Rotate image n counter-clockwise by degrees[n] about its centre, bilinearly."""
    batch = _batch(images)
    angles = np.deg2rad(as_float_array(degrees, "degrees", ndim=1))
    cos, sin = np.cos(angles), np.sin(angles)
    # Rows run downwards, so this inverse rotation has the signs of a forward one.
    inverse = np.stack([np.stack([cos, sin], -1), np.stack([-sin, cos], -1)], -2)
    return warp(batch, inverse, fill=fill)


def distort(
    images: NDArray[Any], rng: np.random.Generator, *, amount: float, fill: float = 0.0
) -> FloatArray:
    """Stretch and shear each image by a random linear map I + E, |E_ij| <= amount < 0.5."""
    batch = _batch(images)
    if check_positive(amount, "amount", zero=True) >= 0.5:
        raise ValueError(f"amount must be below 0.5, got {amount}: more could fold an image flat")
    return warp(batch, np.eye(2) + rng.uniform(-amount, amount, (len(batch), 2, 2)), fill=fill)


def noise(images: NDArray[Any], rng: np.random.Generator, *, std: float) -> FloatArray:
    """Add independent normal noise of that standard deviation to every value."""
    batch = as_float_array(_batch(images), "images")
    spread = check_positive(std, "std", zero=True)
    noisy: FloatArray = batch + spread * rng.standard_normal(batch.shape).astype(batch.dtype)
    return noisy


def warp(images: NDArray[Any], inverse: ArrayLike, *, fill: float = 0.0) -> FloatArray:
    """Return the images whose value at p is the input's at inverse[n] p, interpolated bilinearly.

    p = (row, column) from the centre of the image; `inverse` has shape (N, 2, 2) and maps an
    output place to its source. Outside the input everything is `fill`.
    """
    batch, maps = as_float_array(_batch(images), "images"), as_float_array(inverse, "inverse")
    if maps.shape != (len(batch), 2, 2):
        raise ValueError(f"inverse must have shape ({len(batch)}, 2, 2), got {maps.shape}")
    size = np.array(batch.shape[2:])
    centre = (size - 1) / 2
    places = np.stack(np.meshgrid(*(np.arange(n) for n in size), indexing="ij"), -1) - centre
    sources = np.einsum("nij,hwj->nhwi", maps, places) + centre
    corner = np.floor(sources).astype(np.intp)
    part = sources - corner
    warped = np.zeros_like(batch)
    for row in (0, 1):
        for column in (0, 1):
            weight = np.abs(1 - row - part[..., 0]) * np.abs(1 - column - part[..., 1])
            values = _values_at(batch, corner + np.array([row, column]), fill)
            warped += weight[:, None].astype(batch.dtype) * values
    return warped


def _values_at(batch: FloatArray, places: NDArray[np.intp], fill: float) -> FloatArray:
    """Return (N, C, H, W) values at places (N, H, W, 2), `fill` where they lie outside."""
    size = np.array(batch.shape[2:])
    inside = np.asarray(((places >= 0) & (places < size)).all(axis=-1))
    row, column = np.moveaxis(np.clip(places, 0, size - 1), -1, 0)
    examples = np.arange(len(batch))[:, None, None]
    values = np.moveaxis(batch[examples, :, row, column], -1, 1)
    return np.where(inside[:, None], values, batch.dtype.type(fill))


def _overlap(move: int, length: int) -> tuple[slice, slice]:
    """Return where in the output and from where in the input values go when shifted by `move`."""
    kept = max(0, length - abs(move))
    start = slice(0, kept)
    end = slice(length - kept, length)
    return (end, start) if move >= 0 else (start, end)


def _batch(images: NDArray[Any]) -> NDArray[Any]:
    array = np.asarray(images)
    if array.ndim != 4 or array.size == 0:
        raise ValueError(
            f"images must have shape (N, C, H, W), got {array.shape}: add the missing axes"
        )
    return array
