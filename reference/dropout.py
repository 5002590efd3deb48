"""Dropout, vanilla and inverted.

p is the probability to KEEP a unit, as in the slides (s.246-255); the p of most libraries, and the
"40 % dropout" of GoogLeNet, is the probability to drop one. At p = 0.5 the two look alike.

With a mask, a unit's mean output is p times its activation (s.251: a/2 at p = 0.5). Training
and testing must be brought to one scale: vanilla dropout multiplies by p at test time, inverted
dropout divides by p in training and leaves testing as it is.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import FloatArray, as_float_array
from reference.layers.validation import as_upstream


@dataclass(frozen=True)
class DropoutCache:
    """What each activation was multiplied by: 0 or 1 (vanilla), 0 or 1/p (inverted), p or 1."""

    factor: FloatArray


def vanilla_dropout_forward(
    x: ArrayLike,
    keep_probability: float,
    *,
    training: bool,
    rng: np.random.Generator | None = None,
) -> tuple[FloatArray, DropoutCache]:
    """Vanilla dropout: in training out = x mask, at test time out = p x (slides s.246-255).

    mask is 1 with probability p = `keep_probability`, drawn for each activation from `rng`, which
    only training needs. x of any shape; out of the same.

    Raises ValueError: p outside (0, 1]; training without `rng`; NaN or infinity.
    """
    x, keep = as_float_array(x, "x"), _check_keep(keep_probability)
    factor = _draw_mask(x, keep, rng) if training else np.full(x.shape, keep, x.dtype)
    return x * factor, DropoutCache(factor)


def inverted_dropout_forward(
    x: ArrayLike,
    keep_probability: float,
    *,
    training: bool,
    rng: np.random.Generator | None = None,
) -> tuple[FloatArray, DropoutCache]:
    """Inverted dropout, the usual one: in training out = x mask / p, at test time out = x.

    mask is 1 with probability p = `keep_probability`, drawn for each activation from `rng`, which
    only training needs. x of any shape; out of the same (slides s.246-255).

    Raises ValueError: p outside (0, 1]; training without `rng`; NaN or infinity.
    """
    x, keep = as_float_array(x, "x"), _check_keep(keep_probability)
    factor = _draw_mask(x, keep, rng) / keep if training else np.ones_like(x)
    return x * factor, DropoutCache(factor.astype(x.dtype, copy=False))


def dropout_backward(dout: ArrayLike, cache: DropoutCache) -> FloatArray:
    """Gradient of either dropout: dx = dout times what the forward pass multiplied by.

    The very mask of the forward pass, not a new one, and with its 1/p if it had one.

    Raises ValueError: dout is not of the input's shape.
    """
    factor = cache.factor
    return as_upstream(dout, factor.shape, factor.dtype) * factor


def _check_keep(keep_probability: float) -> float:
    if not 0.0 < keep_probability <= 1.0:
        raise ValueError(
            f"keep_probability must lie in (0, 1], got {keep_probability}: it is the "
            "probability to keep a unit, 1 - the drop probability of most libraries"
        )
    return float(keep_probability)


def _draw_mask(x: FloatArray, keep: float, rng: np.random.Generator | None) -> FloatArray:
    if rng is None:
        raise ValueError(
            "training needs a random generator, got rng=None: pass np.random.default_rng(seed)"
        )
    # Drawn in float64 for either dtype, so that one seed gives one mask.
    mask: FloatArray = (rng.random(x.shape) < keep).astype(x.dtype)
    return mask
