"""A convolution is an affine layer with a sparse, shared matrix; an affine layer is a convolution.

Both directions, as in the tutorial's part 3 and the slides on fully connected layers.
"""

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import FloatArray, as_float_array
from reference.layers.geometry import ConvRounding, check_conv_rounding
from reference.layers.patches import lay_windows
from reference.layers.validation import as_filters


def convolution_matrix(
    weight: ArrayLike,
    image_shape: tuple[int, int, int],
    *,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
    groups: int = 1,
    rounding: ConvRounding = "exact",
) -> FloatArray:
    """Return the affine weight (C*H*W, F*OH*OW) that computes this convolution on flat images.

    Column (f, p, q) holds filter f at the pixels that it sees from place (p, q) and zeros
    elsewhere (sparse); the columns of one filter hold the same numbers (shared). Made for small
    images: it has C*H*W * F*OH*OW entries.

    Raises ValueError: as `conv2d_forward` does.
    """
    check_conv_rounding(rounding)
    channels, height, width = image_shape
    filters = as_filters(weight, channels=channels, groups=groups)
    windows = lay_windows(
        image_shape,
        (filters.shape[2], filters.shape[3]),
        stride=stride,
        padding=padding,
        dilation=dilation,
        rounding=rounding,
    )
    # im2col of the pixels' own numbers tells which pixel stands behind each entry of each
    # column; 0 is left for the padding.
    numbers = np.arange(1.0, channels * height * width + 1).reshape(1, *image_shape)
    places = windows.out_size[0] * windows.out_size[1]
    pixels = windows.to_columns(numbers).astype(np.intp).reshape(groups, -1, places)
    matrix = np.zeros((channels * height * width + 1, len(filters), places), filters.dtype)
    for f, w_row in enumerate(filters.reshape(len(filters), -1)):
        seen = pixels[f // (len(filters) // groups)]
        matrix[seen, f, np.arange(places)] = w_row[:, None]
    return matrix[1:].reshape(channels * height * width, -1)


def affine_weight_to_filters(weight: ArrayLike, image_shape: tuple[int, int, int]) -> FloatArray:
    """Return filters (M, C, H, W) of the convolution that equals an affine layer on flat images.

    weight (C*H*W, M) over images flattened channels slowest. One filter for each output, as
    large as the image: 7x7x512 inputs and 4096 outputs are 4096 filters of 7x7x512, F=7, P=0,
    S=1. On a larger image the same filters slide, and each place is the affine layer's
    answer for the crop there (slides and tutorial: 384 pixels, 12x12x512, 6x6x1000).

    Raises ValueError: the weight's rows are not C*H*W.
    """
    matrix = as_float_array(weight, "weight", ndim=2)
    channels, height, width = image_shape
    if len(matrix) != channels * height * width:
        raise ValueError(
            f"weight must have C*H*W = {channels * height * width} rows, got shape "
            f"{matrix.shape}: the layout is (D, M); transpose a torch weight"
        )
    return matrix.T.reshape(-1, channels, height, width).copy()


def filters_to_affine_weight(filters: ArrayLike) -> FloatArray:
    """Return the affine weight (C*H*W, M) of filters (M, C, H, W) as large as their image."""
    array = as_float_array(filters, "filters", ndim=4)
    return array.reshape(len(array), -1).T.copy()
