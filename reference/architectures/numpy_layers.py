"""Layers with settings but without state, out of which `numpy_network` builds networks.

Each knows the shape it makes, draws its parameters, and joins the forward and backward pass of
`reference.layers` to their names. Shapes are (C, H, W) or (D,), without the batch axis. None of
them needs torch.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Protocol, TypeAlias

import numpy as np

from reference.accounting import LayerRow, Storage
from reference.activations import relu_backward, relu_forward, sigmoid_backward, sigmoid_forward
from reference.arrays import FloatArray, check_choice
from reference.dropout import dropout_backward, inverted_dropout_forward
from reference.init import Initializer, Shape
from reference.layers import (
    LayerGradients,
    affine_backward,
    affine_forward,
    average_pool2d_backward,
    average_pool2d_forward,
    conv2d_backward,
    conv2d_forward,
    flatten_backward,
    flatten_forward,
    max_pool2d_backward,
    max_pool2d_forward,
    output_size,
)

Parameters: TypeAlias = dict[str, FloatArray]
ForwardPass: TypeAlias = tuple[FloatArray, Any]
BackwardPass: TypeAlias = tuple[FloatArray, Parameters]


class NumpyLayer(Protocol):
    """What a network needs of a layer; its parameters are named `weight` and `bias`."""

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape behind the layer. Raises `ValueError` where `shape` does not fit."""
        ...

    def initialize(
        self, shape: Shape, initializer: Initializer, rng: np.random.Generator
    ) -> Parameters:
        """Draw the parameters for an input of `shape`; biases start at 0."""
        ...

    def forward(
        self,
        x: FloatArray,
        parameters: Parameters,
        *,
        training: bool,
        rng: np.random.Generator | None,
    ) -> ForwardPass:
        """Return the output and what the backward pass needs."""
        ...

    def backward(self, dout: FloatArray, cache: Any) -> BackwardPass:
        """Return the gradient of the input, and those of the parameters by name."""
        ...

    def row(self, name: str, shape: Shape) -> LayerRow:
        """Return the layer's line in the cost table."""
        ...


class WithoutParameters:
    """The parts of a layer that has nothing to learn."""

    storage: ClassVar[Storage] = "own"

    def output_shape(self, shape: Shape) -> Shape:
        """Return the same shape."""
        return shape

    def initialize(
        self, shape: Shape, initializer: Initializer, rng: np.random.Generator
    ) -> Parameters:
        """Return no parameters."""
        return {}

    def row(self, name: str, shape: Shape) -> LayerRow:
        """Return a line without parameters and products."""
        kind, shape = type(self).__name__, self.output_shape(shape)
        return LayerRow(name, kind, shape, storage=self.storage)


@dataclass(frozen=True)
class Convolution:
    """`filters` square filters of side `kernel` with a bias each."""

    filters: int
    kernel: int
    stride: int = 1
    padding: int = 0

    def output_shape(self, shape: Shape) -> Shape:
        """Return (filters, H', W')."""
        _, height, width = _volume(shape, "a convolution")
        rows, columns = (
            output_size(side, self.kernel, stride=self.stride, padding=self.padding)
            for side in (height, width)
        )
        return (self.filters, rows, columns)

    def initialize(
        self, shape: Shape, initializer: Initializer, rng: np.random.Generator
    ) -> Parameters:
        """Draw (filters, C, kernel, kernel) weights."""
        weight = initializer((self.filters, shape[0], self.kernel, self.kernel), rng)
        return {"weight": weight, "bias": np.zeros(self.filters)}

    def forward(
        self,
        x: FloatArray,
        parameters: Parameters,
        *,
        training: bool,
        rng: np.random.Generator | None,
    ) -> ForwardPass:
        """Return the convolution (a cross-correlation, as in all libraries)."""
        return conv2d_forward(
            x,
            parameters["weight"],
            parameters["bias"],
            stride=self.stride,
            padding=self.padding,
        )

    def backward(self, dout: FloatArray, cache: Any) -> BackwardPass:
        """Return the gradients of input, weight and bias."""
        return _named(conv2d_backward(dout, cache))

    def row(self, name: str, shape: Shape) -> LayerRow:
        """Return the line of the cost table."""
        out = self.output_shape(shape)
        weights = self.filters * shape[0] * self.kernel**2
        products = weights * out[1] * out[2]
        return LayerRow(name, "Convolution", out, weights, self.filters, products)


@dataclass(frozen=True)
class Affine:
    """A fully connected layer with `outputs` units."""

    outputs: int

    def output_shape(self, shape: Shape) -> Shape:
        """Return (outputs,)."""
        if len(shape) != 1:
            raise ValueError(
                f"a fully connected layer reads (D,), got {shape}: put a Flatten before it"
            )
        return (self.outputs,)

    def initialize(
        self, shape: Shape, initializer: Initializer, rng: np.random.Generator
    ) -> Parameters:
        """Draw (D, outputs) weights."""
        weight = initializer((shape[0], self.outputs), rng)
        return {"weight": weight, "bias": np.zeros(self.outputs)}

    def forward(
        self,
        x: FloatArray,
        parameters: Parameters,
        *,
        training: bool,
        rng: np.random.Generator | None,
    ) -> ForwardPass:
        """Return x W + b."""
        return affine_forward(x, parameters["weight"], parameters["bias"])

    def backward(self, dout: FloatArray, cache: Any) -> BackwardPass:
        """Return the gradients of input, weight and bias."""
        return _named(affine_backward(dout, cache))

    def row(self, name: str, shape: Shape) -> LayerRow:
        """Return the line of the cost table."""
        weights = shape[0] * self.outputs
        return LayerRow(name, "Affine", self.output_shape(shape), weights, self.outputs, weights)


@dataclass(frozen=True)
class Pool(WithoutParameters):
    """Maximum or average over square windows that tile the volume."""

    kernel: int = 2
    kind: Literal["max", "average"] = "max"

    def __post_init__(self) -> None:
        check_choice(self.kind, "kind", ("max", "average"))

    def output_shape(self, shape: Shape) -> Shape:
        """Return (C, H / kernel, W / kernel)."""
        channels, height, width = _volume(shape, "a pooling")
        rows, columns = (
            output_size(side, self.kernel, stride=self.kernel) for side in (height, width)
        )
        return (channels, rows, columns)

    def forward(
        self,
        x: FloatArray,
        parameters: Parameters,
        *,
        training: bool,
        rng: np.random.Generator | None,
    ) -> ForwardPass:
        """Return the pooled volume."""
        pool: Callable[..., ForwardPass] = (
            max_pool2d_forward if self.kind == "max" else average_pool2d_forward
        )
        return pool(x, self.kernel)

    def backward(self, dout: FloatArray, cache: Any) -> BackwardPass:
        """Return the gradient of the input."""
        if self.kind == "max":
            return max_pool2d_backward(dout, cache), {}
        return average_pool2d_backward(dout, cache), {}


@dataclass(frozen=True)
class Activation(WithoutParameters):
    """A ReLU or a sigmoid, element by element."""

    kind: Literal["relu", "sigmoid"] = "relu"
    storage: ClassVar[Storage] = "in_place"

    def __post_init__(self) -> None:
        check_choice(self.kind, "kind", ("relu", "sigmoid"))

    def forward(
        self,
        x: FloatArray,
        parameters: Parameters,
        *,
        training: bool,
        rng: np.random.Generator | None,
    ) -> ForwardPass:
        """Return the activations."""
        return relu_forward(x) if self.kind == "relu" else sigmoid_forward(x)

    def backward(self, dout: FloatArray, cache: Any) -> BackwardPass:
        """Return the gradient of the input."""
        if self.kind == "relu":
            return relu_backward(dout, cache), {}
        return sigmoid_backward(dout, cache), {}


@dataclass(frozen=True)
class Flatten(WithoutParameters):
    """Lay (C, H, W) out as (C H W,), channels slowest."""

    storage: ClassVar[Storage] = "view"

    def output_shape(self, shape: Shape) -> Shape:
        """Return (C H W,)."""
        return (math.prod(shape),)

    def forward(
        self,
        x: FloatArray,
        parameters: Parameters,
        *,
        training: bool,
        rng: np.random.Generator | None,
    ) -> ForwardPass:
        """Return (N, C H W)."""
        return flatten_forward(x)

    def backward(self, dout: FloatArray, cache: Any) -> BackwardPass:
        """Return the gradient in the volume's shape."""
        return flatten_backward(dout, cache), {}


@dataclass(frozen=True)
class Dropout(WithoutParameters):
    """Inverted dropout; `keep_probability` is the kept part, as in the slides."""

    keep_probability: float = 0.5
    storage: ClassVar[Storage] = "view"

    def forward(
        self,
        x: FloatArray,
        parameters: Parameters,
        *,
        training: bool,
        rng: np.random.Generator | None,
    ) -> ForwardPass:
        """Drop in training, pass through otherwise."""
        return inverted_dropout_forward(x, self.keep_probability, training=training, rng=rng)

    def backward(self, dout: FloatArray, cache: Any) -> BackwardPass:
        """Return the gradient of the input."""
        return dropout_backward(dout, cache), {}


def _volume(shape: Shape, layer: str) -> tuple[int, int, int]:
    if len(shape) != 3:
        raise ValueError(f"{layer} reads (C, H, W), got {shape}: put it before the Flatten")
    return shape[0], shape[1], shape[2]


def _named(gradients: LayerGradients) -> BackwardPass:
    if gradients.bias is None:
        return gradients.x, {"weight": gradients.weight}
    return gradients.x, {"weight": gradients.weight, "bias": gradients.bias}
