"""What the units of a layer do: how often they fire, which are dead, what excites them.

Activations are the output of a layer for N images, (N, M) for a fully connected layer or
(N, F, H, W) for a convolution; a unit is one of the M, or one of the F filters with its whole map.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import FloatArray, IntArray, as_float_array, check_count, check_positive
from reference.init import LayerStatistics, layer_statistics
from reference.layers import ReceptiveField
from reference.layers.validation import as_images


@dataclass(frozen=True)
class UnitActivity:
    """How active each unit is, both of shape (units,).

    `active` is the share of images and places at which |a| is above the threshold, `strongest` the
    largest |a|.
    """

    active: FloatArray
    strongest: FloatArray

    @property
    def dead(self) -> IntArray:
        """Return the units that were active for no image and at no place."""
        return np.flatnonzero(self.active == 0)


def unit_activity(activations: ArrayLike, *, threshold: float = 0.0) -> UnitActivity:
    """Return how active each unit is, from the activations of *many different* images.

    Look behind the ReLU: there a dead unit is exactly 0. That a map is 0 for one image says
    nothing; 0 for all of them means that the unit gets no gradient either and stays as it is,
    often after a learning rate that was too high (tutorial part 3; slides s.165-170).

    Raises ValueError: not (N, M) or (N, F, H, W), a negative threshold, NaN or infinity.
    """
    sizes = np.abs(_by_unit(activations))
    above = sizes > check_positive(threshold, "threshold", zero=True)
    return UnitActivity(active=above.mean(axis=(0, 2)), strongest=sizes.max(axis=(0, 2)))


@dataclass(frozen=True)
class Exciting:
    """The images that excite one unit most, strongest first.

    `indices` (K,) number the images, `values` (K,) are the unit's activations, and `places` (K, 2)
    the (row, column) of the map where they were found; (0, 0) for a unit without a map.
    """

    unit: int
    indices: IntArray
    values: FloatArray
    places: IntArray


def most_exciting(activations: ArrayLike, unit: int, *, count: int = 9) -> Exciting:
    """Return the `count` images with the largest activation of a unit, at its strongest place.

    Each image counts once. Of equal activations the image with the smaller index comes first.

    Raises ValueError: a unit that the layer does not have, more images than there are.
    """
    array = as_float_array(activations, "activations")
    by_unit = _by_unit(array)
    check_count(unit, "unit", minimum=0, maximum=by_unit.shape[1] - 1)
    check_count(count, "count", maximum=len(by_unit))
    maps = by_unit[:, unit]
    strongest = maps.argmax(axis=1)
    values = maps[np.arange(len(maps)), strongest]
    first = np.argsort(-values, kind="stable")[:count]
    width = array.shape[3] if array.ndim == 4 else 1
    places = np.stack(np.divmod(strongest[first], width), axis=1)
    return Exciting(unit, first, values[first], places)


def exciting_patches(
    images: ArrayLike, exciting: Exciting, field: ReceptiveField, *, fill: float = 0.0
) -> FloatArray:
    """Return the part of each image that the unit saw, (K, C, size, size).

    `field` is the receptive field of the unit's layer (`reference.layers.receptive_fields`); what
    lies outside the image, in the padding, gets `fill`.

    Raises ValueError: images that are not (N, C, H, W), fewer than the indices need.
    """
    batch = as_images(images, "images")
    check_count(len(batch), "the number of images", minimum=int(exciting.indices.max()) + 1)
    patches = np.full(
        (len(exciting.indices), batch.shape[1], field.size, field.size), fill, batch.dtype
    )
    for patch, index, place in zip(patches, exciting.indices, exciting.places, strict=True):
        (top, down), (left, right) = (
            _overlap(field.start + int(position) * field.jump, field.size, length)
            for position, length in zip(place, batch.shape[2:], strict=True)
        )
        patch[:, top, left] = batch[index][:, down, right]
    return patches


@dataclass(frozen=True)
class Histogram:
    """How often activations fall between neighbouring edges, with their statistics."""

    counts: IntArray
    edges: FloatArray
    statistics: LayerStatistics


def activation_histograms(
    layers: Mapping[str, ArrayLike], *, bins: int = 50
) -> dict[str, Histogram]:
    """Return a histogram of every layer's activations, all over the same edges (s.182-187).

    The edges span the smallest to the largest activation of all layers, so that a layer whose
    activations vanish shows as a single spike beside the others.

    Raises ValueError: no layers, an empty one, NaN or infinity.
    """
    if not layers:
        raise ValueError("histograms need at least one layer, got none: name some activations")
    arrays = {name: as_float_array(value, name) for name, value in layers.items()}
    low = min(float(array.min()) for array in arrays.values())
    high = max(float(array.max()) for array in arrays.values())
    edges = np.histogram_bin_edges([low, high], bins=check_count(bins, "bins"))
    return {
        name: Histogram(
            counts=np.histogram(array, bins=edges)[0],
            edges=edges,
            statistics=layer_statistics(array.reshape(len(array), -1)),
        )
        for name, array in arrays.items()
    }


def _by_unit(activations: ArrayLike) -> FloatArray:
    """Return activations as (N, units, places)."""
    array = as_float_array(activations, "activations")
    if array.ndim not in (2, 4):
        raise ValueError(
            f"activations must be (N, M) or (N, F, H, W), got shape {array.shape}: "
            "pass the output of one layer for a batch of images"
        )
    return array.reshape(*array.shape[:2], -1)


def _overlap(start: int, size: int, length: int) -> tuple[slice, slice]:
    """Return which part of a window lies on an axis, seen from the window and from the axis."""
    low, high = max(start, 0), min(start + size, length)
    return slice(low - start, max(high - start, low - start)), slice(low, max(high, low))
