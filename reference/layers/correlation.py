"""Cross-correlation and true convolution of one signal or one image with one kernel.

The two differ by a flip: a convolution turns the kernel by 180 degrees first (both axes reversed,
which is not a transpose). Convolutional layers correlate; the kernel is learned, so the name
makes no difference to them, but it does to a number computed by hand.
"""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from reference.arrays import FloatArray, as_float_array, check_choice
from reference.layers.geometry import same_padding
from reference.layers.validation import as_upstream

Mode: TypeAlias = Literal["valid", "same", "full"]

# Correlated with an image, SOBEL_X answers to vertical edges (brightness rising to the right) and
# SOBEL_Y to horizontal ones (rising downwards). The introduction slides swap the two names.
SOBEL_X: NDArray[np.float64] = np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
SOBEL_Y: NDArray[np.float64] = SOBEL_X.T.copy()
# The blur of slides s.283; its weights sum to 1.
BLUR: NDArray[np.float64] = np.array([[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]]) / 16


@dataclass(frozen=True)
class CorrelationCache:
    """What the backward pass needs; `flipped` tells a convolution from a correlation."""

    padded: FloatArray
    kernel: FloatArray
    padding: tuple[int, ...]
    flipped: bool


def correlate1d_forward(
    signal: ArrayLike, kernel: ArrayLike, *, mode: Mode = "valid"
) -> tuple[FloatArray, CorrelationCache]:
    """Cross-correlation of a signal (L,) with a kernel (K,): out[p] = sum over i of k[i] s[p + i].

    "valid" keeps the L - K + 1 places where the kernel lies on the signal; "same" pads (K - 1)/2
    zeros on each side, "full" K - 1.

    Raises ValueError: not one axis; a kernel longer than the signal ("valid") or even ("same").
    """
    return _forward(signal, kernel, mode, ndim=1, flipped=False)


def convolve1d_forward(
    signal: ArrayLike, kernel: ArrayLike, *, mode: Mode = "valid"
) -> tuple[FloatArray, CorrelationCache]:
    """Convolve, in the true sense, a signal with a kernel: correlate with the kernel reversed.

    out[p] = sum over i of k[i] s[p - i]. In full mode signal and kernel may be swapped, which
    is not so for correlation. Modes and errors as in `correlate1d_forward`.
    """
    return _forward(signal, kernel, mode, ndim=1, flipped=True)


def correlate2d_forward(
    image: ArrayLike, kernel: ArrayLike, *, mode: Mode = "valid"
) -> tuple[FloatArray, CorrelationCache]:
    """Cross-correlation of an image (H, W) with a kernel (KH, KW).

    out[p, q] = sum over i, j of k[i, j] x[p + i, q + j]: what convolutional layers compute.
    Modes and errors as in `correlate1d_forward`, on each axis.
    """
    return _forward(image, kernel, mode, ndim=2, flipped=False)


def convolve2d_forward(
    image: ArrayLike, kernel: ArrayLike, *, mode: Mode = "valid"
) -> tuple[FloatArray, CorrelationCache]:
    """Convolve, in the true sense, an image with a kernel: correlate with it turned by 180 degrees.

    out[p, q] = sum over i, j of k[i, j] x[p - i, q - j]. Modes and errors as in
    `correlate1d_forward`, on each axis.
    """
    return _forward(image, kernel, mode, ndim=2, flipped=True)


def correlation_backward(dout: ArrayLike, cache: CorrelationCache) -> tuple[FloatArray, FloatArray]:
    """Gradients (dsignal, dkernel) of all four: 1-D or 2-D, correlation or convolution.

    Of a correlation: dkernel is the padded input correlated with dout, and dinput the full true
    convolution of dout with the kernel, without the padding. A convolution's dkernel is flipped.

    Raises ValueError: dout is not of the output's shape.
    """
    padded, kernel = cache.padded, cache.kernel
    out_shape = tuple(n - k + 1 for n, k in zip(padded.shape, kernel.shape, strict=True))
    dout = as_upstream(dout, out_shape, np.result_type(padded, kernel))
    dkernel = _correlate(padded, dout)
    around = [(k - 1, k - 1) for k in kernel.shape]
    dpadded = _correlate(np.pad(dout, around), np.flip(kernel))
    inside = tuple(slice(p, n - p) for p, n in zip(cache.padding, padded.shape, strict=True))
    return dpadded[inside].copy(), np.flip(dkernel).copy() if cache.flipped else dkernel


def _forward(
    signal: ArrayLike, kernel: ArrayLike, mode: Mode, *, ndim: int, flipped: bool
) -> tuple[FloatArray, CorrelationCache]:
    signal = as_float_array(signal, "signal" if ndim == 1 else "image", ndim=ndim)
    kernel = as_float_array(kernel, "kernel", ndim=ndim)
    padding = tuple(_padding(size, mode) for size in kernel.shape)
    padded = np.pad(signal, [(p, p) for p in padding])
    if any(k > n for k, n in zip(kernel.shape, padded.shape, strict=True)):
        raise ValueError(
            f"the kernel must lie inside the input, got kernel {kernel.shape} on input "
            f"{signal.shape}: swap the two, or use mode='full'"
        )
    applied = np.flip(kernel) if flipped else kernel
    return _correlate(padded, applied), CorrelationCache(padded, applied, padding, flipped)


def _padding(size: int, mode: Mode) -> int:
    check_choice(mode, "mode", ("valid", "same", "full"))
    if mode == "same":
        return same_padding(size)
    return size - 1 if mode == "full" else 0


def _correlate(padded: FloatArray, kernel: FloatArray) -> FloatArray:
    windows = sliding_window_view(padded, kernel.shape)
    result: NDArray[np.floating[Any]] = np.tensordot(windows, kernel, axes=kernel.ndim)
    return result
