"""Filters as pictures, and how noisy they are (tutorial part 3; templates: slides s.40-42).

Smooth first-layer filters show that training went well. Noisy ones point to too short a training
or to too little regularization.
"""

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import FloatArray, as_float_array, as_float_matrix, check_count
from reference.layers.validation import as_images

Shape = tuple[int, int, int]


def filter_images(weight: ArrayLike) -> FloatArray:
    """Return filters (F, C, KH, KW) as pictures: 0.5 + w / (2 max |w|), in [0, 1].

    Each filter is scaled by itself, and weight 0 is always the middle grey. One and three channels
    stay together: (F, 1, KH, KW) and (F, 3, KH, KW), grey and colour. A deeper filter has no
    colours, so each of its channels becomes a grey picture: (F*C, 1, KH, KW), filter by filter.

    Raises ValueError: not four axes, NaN or infinity.
    """
    filters = as_images(weight, "weight")
    largest = np.abs(filters).max(axis=(1, 2, 3), keepdims=True)
    scaled: FloatArray = 0.5 + filters / (2 * np.where(largest > 0, largest, 1))
    if filters.shape[1] in (1, 3):
        return scaled
    return scaled.reshape(-1, 1, *filters.shape[2:])


def affine_filters(weight: ArrayLike, image_shape: Shape) -> FloatArray:
    """Return weights (D, M) of a layer on flattened images as filters (M, C, H, W).

    For a linear classifier these are its templates, one for each class (s.40).

    Raises ValueError: D is not C*H*W.
    """
    size = int(np.prod([check_count(side, "image_shape") for side in image_shape]))
    weights = as_float_matrix(weight, "weight")
    if len(weights) != size or len(image_shape) != 3:
        raise ValueError(
            f"weight must have one row for each of the {size} values of an image {image_shape}, "
            f"got {len(weights)}: name the shape as (C, H, W)"
        )
    return weights.T.reshape(-1, *image_shape)


def roughness(weight: ArrayLike) -> FloatArray:
    """Return for each filter (F, C, KH, KW) how noisy it looks, shape (F,).

    The mean squared difference of neighbouring weights over twice their variance in each channel:
    about 1 for independent noise, near 0 for a smooth filter, up to 2 for a chessboard. A constant
    filter has 0.

    Raises ValueError: filters of one row or one column, NaN or infinity.
    """
    filters = as_images(weight, "weight")
    if min(filters.shape[2:]) < 2:
        raise ValueError(
            f"filters must have at least 2 x 2 weights, got {filters.shape[2:]}: a smaller one "
            "has no neighbours to compare"
        )
    steps = [np.square(np.diff(filters, axis=axis)).mean(axis=(1, 2, 3)) for axis in (2, 3)]
    variance = filters.var(axis=(2, 3), ddof=1).mean(axis=1)
    ratio: FloatArray = np.zeros(len(filters), filters.dtype)
    np.divide(steps[0] + steps[1], 4 * variance, out=ratio, where=variance > 0)
    return ratio


def unit_range_images(images: ArrayLike) -> FloatArray:
    """Return images (N, C, H, W) scaled together, smallest value to 0 and largest to 1.

    For images that were centred or standardized. Equal values become 0.5.
    """
    batch = as_float_array(images, "images", ndim=4)
    low, high = batch.min(), batch.max()
    if low == high:
        return np.full_like(batch, 0.5)
    scaled: FloatArray = (batch - low) / (high - low)
    return scaled
