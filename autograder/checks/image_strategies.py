"""Strategies for images, convolutions and pooling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from autograder.checks.drawing import Drawn, FloatArray, Values, edge_case, sizes


@dataclass(frozen=True, eq=False, repr=False)
class ConvSetting(Drawn):
    """Images `x` (N, C, H, W), filters `w` (F, C, HH, WW), biases (F,), stride and pad that fit."""

    x: FloatArray
    w: FloatArray
    b: FloatArray
    stride: int
    pad: int
    edge: str

    @property
    def output_shape(self) -> tuple[int, int, int, int]:
        """(N, F, 1 + (H + 2 pad - HH) / stride, the same for W)."""
        height, width = (
            1 + (size + 2 * self.pad - kernel) // self.stride
            for size, kernel in zip(self.x.shape[2:], self.w.shape[2:], strict=True)
        )
        return len(self.x), len(self.w), height, width


@dataclass(frozen=True, eq=False, repr=False)
class PoolSetting(Drawn):
    """Images `x` (N, C, H, W), a window (height, width) and a stride that fit."""

    x: FloatArray
    window: tuple[int, int]
    stride: int
    edge: str


IMAGE_EDGES = ("plain", "constant", "one pixel", "edges only", "checkerboard")


def _image_edge(images: FloatArray, edge: str) -> None:
    height, width = images.shape[2:]
    if edge == "constant":
        images[:] = 1.0
    elif edge == "one pixel":
        images[:] = 0.0
        images[..., height // 2, width // 2] = 1.0
    elif edge == "edges only":
        images[..., 1:-1, 1:-1] = 0.0
    elif edge == "checkerboard":
        images[:] = (np.indices((height, width)).sum(axis=0) % 2).astype(np.float64)


@st.composite
def images(
    draw: st.DrawFn,
    *,
    max_samples: int = 3,
    max_channels: int = 3,
    max_size: int = 7,
    min_size: int = 1,
    edges: Sequence[str] | None = None,
) -> FloatArray:
    """Images (N, C, H, W), H and W not always equal.

    Edges: constant, one bright pixel (the response to it shows a filter), nothing but the border,
    a checkerboard.
    """
    edge = edge_case(draw, edges, IMAGE_EDGES)
    dimensions = sizes(
        draw, (1, max_samples), (1, max_channels), (min_size, max_size), (min_size, max_size)
    )
    pixels = Values(draw).array(*dimensions)
    _image_edge(pixels, edge)
    return pixels


CONV_EDGES = (
    "plain",
    "1x1 filter",
    "filter as large as the image",
    "stride larger than the filter",
    "one bright pixel",
    "no bias",
)


@st.composite
def conv_settings(
    draw: st.DrawFn,
    *,
    max_samples: int = 2,
    max_channels: int = 3,
    max_filters: int = 3,
    max_kernel: int = 3,
    max_output: int = 3,
    max_pad: int = 2,
    edges: Sequence[str] | None = None,
) -> ConvSetting:
    """A `ConvSetting` in which (H + 2 pad - HH) / stride and the same for W are whole numbers.

    Edges: a 1x1 filter, a filter as large as the padded image, a stride larger than the filter,
    images of one bright pixel, zero biases.
    """
    edge = edge_case(draw, edges, CONV_EDGES)
    samples, channels, filters, *rest = sizes(
        draw,
        (1, max_samples),
        (1, max_channels),
        (1, max_filters),
        (1, max_kernel),
        (1, max_kernel),
        (1, max_output),
        (1, max_output),
        (1, 3),
        (0, max_pad),
    )
    kernel, output, stride, pad = tuple(rest[:2]), tuple(rest[2:4]), rest[4], rest[5]
    if edge == "1x1 filter":
        kernel = (1, 1)
    elif edge == "filter as large as the image":
        output = (1, 1)
    elif edge == "stride larger than the filter":
        stride = max(kernel) + 1
    size = [(steps - 1) * stride + extent for steps, extent in zip(output, kernel, strict=True)]
    # at least one row and column of the padded image must be the image's own
    pad = min(pad, (min(size) - 1) // 2)
    values = Values(draw)
    x = values.array(samples, channels, size[0] - 2 * pad, size[1] - 2 * pad)
    w, b = values.array(filters, channels, *kernel), values.array(filters)
    if edge == "one bright pixel":
        _image_edge(x, "one pixel")
    elif edge == "no bias":
        b[:] = 0.0
    return ConvSetting(x, w, b, stride, pad, edge)


POOL_EDGES = ("plain", "ties", "overlapping", "gaps", "whole image", "negative")


@st.composite
def pool_settings(
    draw: st.DrawFn,
    *,
    max_samples: int = 2,
    max_channels: int = 3,
    max_window: int = 3,
    max_output: int = 3,
    ties: bool = True,
    edges: Sequence[str] | None = None,
) -> PoolSetting:
    """A `PoolSetting` in which (H - height) / stride and the same for W are whole numbers.

    Edges: ties in every window, overlapping windows, a stride larger than the window, one window
    for the whole image, negative pixels only (zero padding would show).
    """
    known = POOL_EDGES if ties else tuple(e for e in POOL_EDGES if e != "ties")
    edge = edge_case(draw, edges, known)
    smallest = min(2, max_window) if edge in ("ties", "overlapping") else 1
    extents = (smallest, max_window)
    samples, channels, *rest = sizes(
        draw,
        (1, max_samples),
        (1, max_channels),
        extents,
        extents,
        (1, max_output),
        (1, max_output),
    )
    window, output = (rest[0], rest[1]), (rest[2], rest[3])
    stride = {"overlapping": 1, "gaps": max(window) + 1}.get(edge, min(window))
    if edge == "whole image":
        output = (1, 1)
    size = [(steps - 1) * stride + extent for steps, extent in zip(output, window, strict=True)]
    values = Values(draw)
    x = (values.array if ties else values.distinct)(samples, channels, *size)
    if edge == "ties":
        x = np.sign(x)
    elif edge == "negative":
        x = x - x.max() - 1.0
    return PoolSetting(x, window, stride, edge)
