"""The ratio of an update to the weights that it changes (slides s.209)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from reference.arrays import FloatArray, as_float_array

TARGET_UPDATE_RATIO = 1e-3
"""What the ratio should be *about*: the slide's text, "about 0.001 or more", mistranslates "or so".

Far above, the learning rate may be too high; far below, too low.
"""


def update_to_weight_ratio(weights: FloatArray, update: FloatArray) -> float:
    """Return `||update|| / ||weights||` (Frobenius norms), such as .0002 / .02 = .01 (s.209).

    `update` is what is added to the weights, `-learning_rate dW` for plain gradient descent,
    and not the gradient. Raises `ValueError` when the shapes differ or all weights are 0 (biases
    start there and have no ratio).
    """
    weights, update = as_float_array(weights, "weights"), as_float_array(update, "update")
    if weights.shape != update.shape:
        raise ValueError(
            f"update must have the shape {weights.shape} of the weights, got {update.shape}: "
            "compare a matrix with its own update"
        )
    scale = float(np.linalg.norm(weights.ravel()))
    if scale == 0:
        raise ValueError("weights must not all be 0, got norm 0: the ratio has no meaning there")
    return float(np.linalg.norm(update.ravel())) / scale


def update_ratios(
    before: Mapping[str, FloatArray], after: Mapping[str, FloatArray]
) -> dict[str, float]:
    """Return the ratio of every weight, by name, from the parameters before and after an update.

    Biases and other vectors are left out, as are weights that are all 0.
    """
    return {
        name: update_to_weight_ratio(old, after[name] - old)
        for name, old in before.items()
        if old.ndim > 1 and old.any()
    }
