"""Occlusion maps: which part of an image the network looks at (tutorial part 3).

A patch of zeros or of grey is moved over the image, and the score of the class is taken at each
place. Where the score falls, the patch hides something that the network needs. If the score of
"dog" stays high with the dog hidden, the network goes by something else in the image (Zeiler and
Fergus, 2014).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import FloatArray, IntArray, as_float_array, check_count

Score: TypeAlias = Callable[[FloatArray], ArrayLike]
"""Maps images (N, C, H, W) to one number each, (N,): the probability or score of a class."""


@dataclass(frozen=True)
class OcclusionScores:
    """The score of the whole image, and with the patch at each place, (rows, columns).

    `tops` and `lefts` are the patch's first pixels along each axis, `patch` its side.
    """

    whole: float
    occluded: FloatArray
    tops: IntArray
    lefts: IntArray
    patch: int

    @property
    def drop(self) -> FloatArray:
        """Return how much of the score each place of the patch costs, (rows, columns)."""
        drop: FloatArray = self.whole - self.occluded
        return drop


def occlusion_scores(
    score: Score,
    image: ArrayLike,
    *,
    patch: int,
    stride: int = 1,
    fill: ArrayLike = 0.0,
    batch_size: int = 64,
) -> OcclusionScores:
    """Return the score of image (C, H, W) with a `patch` x `patch` square of `fill` at each place.

    The places are `stride` pixels apart; the last one on each axis ends with the image, so every
    pixel is hidden at least once. `fill` is one number or one for each channel: 0 in a centred
    image is its mean, in one from 0 to 1 take 0.5 for grey. `score` gets batches of `batch_size`.

    Raises ValueError: a patch larger than the image, a stride larger than the patch, a score that
    is not one finite number for each image.
    """
    pixels = as_float_array(image, "image", ndim=3)
    check_count(patch, "patch", maximum=min(pixels.shape[1:]))
    check_count(stride, "stride", maximum=patch)
    colour = _colour(fill, pixels)
    tops, lefts = (_starts(length, patch, stride) for length in pixels.shape[1:])
    places = [(int(top), int(left)) for top in tops for left in lefts]
    values = []
    for first in range(0, len(places), check_count(batch_size, "batch_size")):
        some = places[first : first + batch_size]
        batch = np.repeat(pixels[None], len(some), axis=0)
        for hidden, (top, left) in zip(batch, some, strict=True):
            hidden[:, top : top + patch, left : left + patch] = colour
        values.append(_scores(score, batch))
    occluded = np.concatenate(values).reshape(len(tops), len(lefts))
    whole = float(_scores(score, pixels[None])[0])
    return OcclusionScores(whole, occluded, tops, lefts, patch)


def occlusion_map(
    score: Score,
    image: ArrayLike,
    *,
    patch: int,
    stride: int = 1,
    fill: ArrayLike = 0.0,
    batch_size: int = 64,
) -> FloatArray:
    """Return for each pixel (H, W) the mean fall of the score over the patches that hide it.

    High where the network looks, about 0 where it does not, negative where hiding the pixel helps.
    Arguments and errors as in `occlusion_scores`.
    """
    scores = occlusion_scores(
        score, image, patch=patch, stride=stride, fill=fill, batch_size=batch_size
    )
    return pixel_heat(scores)


def pixel_heat(scores: OcclusionScores) -> FloatArray:
    """Return the mean drop over the patches that hide each pixel, (H, W)."""
    patch = scores.patch
    height, width = int(scores.tops[-1]) + patch, int(scores.lefts[-1]) + patch
    total, hidden = np.zeros((height, width)), np.zeros((height, width))
    for top, row in zip(scores.tops, scores.drop, strict=True):
        for left, drop in zip(scores.lefts, row, strict=True):
            window = np.s_[top : top + patch, left : left + patch]
            total[window] += drop
            hidden[window] += 1
    heat: FloatArray = total / hidden
    return heat


def _colour(fill: ArrayLike, pixels: FloatArray) -> FloatArray:
    colour = as_float_array(fill, "fill")
    if colour.shape not in ((), (len(pixels),)):
        raise ValueError(
            f"fill must be one number or one for each of the {len(pixels)} channels, got shape "
            f"{colour.shape}"
        )
    return colour.reshape(-1, 1, 1)


def _starts(length: int, patch: int, stride: int) -> IntArray:
    starts = np.arange(0, length - patch + 1, stride)
    last = length - patch
    return starts if starts[-1] == last else np.append(starts, last)


def _scores(score: Score, batch: FloatArray) -> FloatArray:
    values = as_float_array(score(batch), "score(images)")
    if values.shape != (len(batch),):
        raise ValueError(
            f"score must return shape ({len(batch)},), one number for each image, got "
            f"{values.shape}: choose the column of one class, probabilities[:, label]"
        )
    return values
