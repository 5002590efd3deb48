"""Argument checks of the layers: what images, filters, biases and upstream gradients must be."""

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import FloatArray, as_float_array
from reference.layers.geometry import check_groups


def as_images(x: ArrayLike, name: str = "x") -> FloatArray:
    """Return a batch of images (N, C, H, W) as a finite floating array.

    Raises ValueError: not four axes, empty, not real, or holding NaN or infinity.
    """
    return as_float_array(x, name, ndim=4)


def as_filters(weight: ArrayLike, *, channels: int, groups: int) -> FloatArray:
    """Return filters (F, C/groups, KH, KW) that fit images of `channels` channels.

    Raises ValueError: a filter's depth is not the input's depth (divided by groups).
    """
    filters = as_float_array(weight, "weight", ndim=4)
    check_groups(channels, filters.shape[0], groups)
    if filters.shape[1] * groups != channels:
        raise ValueError(
            f"each filter must have the depth {channels} / {groups} = {channels // groups} of "
            f"its input, got weight of shape {filters.shape}: the layout is (F, C/groups, KH, KW)"
        )
    return filters


def as_transposed_filters(weight: ArrayLike, *, channels: int, groups: int) -> FloatArray:
    """Return a transposed convolution's filters (C, F/groups, KH, KW) for `channels` channels.

    Raises ValueError: the first axis is not the input's depth.
    """
    filters = as_float_array(weight, "weight", ndim=4)
    if filters.shape[0] != channels:
        raise ValueError(
            f"weight must have one row for each of the {channels} input channels, got shape "
            f"{filters.shape}: the layout of a transposed convolution is (C, F/groups, KH, KW)"
        )
    check_groups(channels, filters.shape[1] * groups, groups)
    return filters


def as_bias(bias: ArrayLike | None, outputs: int) -> FloatArray | None:
    """Return a bias of shape (outputs,), or None for a layer without one.

    Raises ValueError: another shape than one number for each output.
    """
    if bias is None:
        return None
    array = as_float_array(bias, "bias", ndim=1)
    if array.shape != (outputs,):
        raise ValueError(
            f"bias must have shape ({outputs},), one number for each output, got {array.shape}: "
            "a filter has one bias, not one for each position"
        )
    return array


def as_upstream(
    dout: ArrayLike, shape: tuple[int, ...], dtype: np.dtype[np.floating]
) -> FloatArray:
    """Return the upstream gradient in the dtype of the layer's output.

    Raises ValueError: its shape is not the output's, or it holds NaN or infinity.
    """
    gradient = as_float_array(dout, "dout")
    if gradient.shape != shape:
        raise ValueError(
            f"dout must have the shape {shape} of the layer's output, got {gradient.shape}: "
            "pass the gradient of the loss with respect to this layer's output"
        )
    return gradient.astype(dtype, copy=False)
