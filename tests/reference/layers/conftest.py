"""What the tests of all layers share: comparison with torch, and drawn settings of windows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import strategies as st

LARGEST_RELATIVE_ERROR = 1e-9


def relative_error(actual: Any, expected: Any) -> float:
    """Largest difference, relative to the largest value of either array."""
    actual, expected = np.asarray(actual), np.asarray(expected)
    assert actual.shape == expected.shape
    scale = max(np.abs(actual).max(), np.abs(expected).max())
    return float(np.abs(actual - expected).max() / scale) if scale else 0.0


def assert_equals_torch(
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    torch_forward: Callable[..., torch.Tensor],
    arrays: list[np.ndarray],
    rng: np.random.Generator,
) -> None:
    """Compare output and all gradients with torch's, for a random upstream gradient."""
    out, cache = forward(*arrays)
    tensors = [torch.from_numpy(array.copy()).requires_grad_() for array in arrays]
    expected = torch_forward(*tensors)
    assert relative_error(out, expected.detach()) < LARGEST_RELATIVE_ERROR

    dout = rng.standard_normal(out.shape)
    gradients = backward(dout, cache)
    gradients = [gradients] if isinstance(gradients, np.ndarray) else list(gradients)
    gradients = [gradient for gradient in gradients if gradient is not None]
    wanted = torch.autograd.grad(expected, tensors, torch.from_numpy(dout))
    for gradient, other in zip(gradients, wanted, strict=True):
        assert gradient.dtype == np.float64
        assert relative_error(gradient, other) < LARGEST_RELATIVE_ERROR


@dataclass(frozen=True)
class Axis:
    """One axis of a drawn window, and an input size that it fits."""

    size: int
    kernel: int
    stride: int
    padding: int
    dilation: int
    left_over: int


@st.composite
def axes(draw: st.DrawFn, *, pooling: bool = False) -> Axis:
    kernel, stride = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    padding = draw(st.integers(0, kernel // 2 if pooling else 3))
    dilation = 1 if pooling else draw(st.integers(1, 3))
    left_over, places = draw(st.integers(0, stride - 1)), draw(st.integers(1, 4))
    size = (places - 1) * stride + dilation * (kernel - 1) + 1 - 2 * padding + left_over
    while size < 1:  # so small an input would vanish inside the padding
        size += stride
    return Axis(size, kernel, stride, padding, dilation, left_over)


@dataclass(frozen=True)
class Drawn:
    """Settings of a layer: `window` holds the keyword arguments of the reference."""

    image_size: tuple[int, int]
    kernel: tuple[int, int]
    window: dict[str, tuple[int, int]]
    left_over: bool


@st.composite
def windows(draw: st.DrawFn, *, pooling: bool = False) -> Drawn:
    rows, columns = draw(axes(pooling=pooling)), draw(axes(pooling=pooling))
    names = ["stride", "padding"] if pooling else ["stride", "padding", "dilation"]
    return Drawn(
        image_size=(rows.size, columns.size),
        kernel=(rows.kernel, columns.kernel),
        window={name: (getattr(rows, name), getattr(columns, name)) for name in names},
        left_over=bool(rows.left_over or columns.left_over),
    )


@pytest.fixture(scope="session")
def equals_torch() -> Callable[..., None]:
    return assert_equals_torch


@pytest.fixture(scope="session")
def error() -> Callable[..., float]:
    return relative_error


@pytest.fixture(scope="session")
def convolution_windows() -> st.SearchStrategy[Drawn]:
    return windows()


@pytest.fixture(scope="session")
def pooling_windows() -> st.SearchStrategy[Drawn]:
    return windows(pooling=True)
