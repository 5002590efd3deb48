"""Networks of numpy layers that train: LeNet-5 and VGG without torch.

A network holds no parameters; `NumpyNetwork.initialize` draws them, and every method takes them. So
a training run can keep, compare and restore them as plain dictionaries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from reference.accounting import Account, LayerRow
from reference.architectures.numpy_layers import (
    Activation,
    Affine,
    Convolution,
    Dropout,
    Flatten,
    NumpyLayer,
    Parameters,
    Pool,
)
from reference.arrays import FloatArray, as_float_array
from reference.init import Initializer, Shape, he, xavier_uniform
from reference.layers import ReceptiveField, Window
from reference.losses import softmax_cross_entropy
from reference.regularization import half_l2


@dataclass(frozen=True)
class NumpyNetwork:
    """Named layers in sequence, with a softmax cross-entropy behind them.

    Maps images (N, *input_shape) to scores (N, C). Parameters are named `layer.weight` and
    `layer.bias`. Raises `ValueError` when the layers do not fit together.
    """

    layers: tuple[tuple[str, NumpyLayer], ...]
    input_shape: Shape
    initializer: Initializer = he

    def __post_init__(self) -> None:
        names = [name for name, _ in self.layers]
        if len(set(names)) < len(names):
            raise ValueError(f"layers must have different names, got {names}: rename one")
        self.shapes()

    def shapes(self) -> list[Shape]:
        """Return the shape behind each layer."""
        shapes, shape = [], self.input_shape
        for _, layer in self.layers:
            shape = layer.output_shape(shape)
            shapes.append(shape)
        return shapes

    def initialize(self, rng: np.random.Generator, *, dtype: DTypeLike = np.float64) -> Parameters:
        """Draw all parameters; biases are 0."""
        parameters: Parameters = {}
        shapes = [self.input_shape, *self.shapes()]
        for (name, layer), shape in zip(self.layers, shapes, strict=False):
            for part, value in layer.initialize(shape, self.initializer, rng).items():
                parameters[f"{name}.{part}"] = value.astype(dtype)
        return parameters

    def scores(self, parameters: Parameters, images: ArrayLike) -> FloatArray:
        """Return the scores (N, C) at test time (dropout off).

        Raises `FloatingPointError` when the activations overflow.
        """
        return self._forward(parameters, images, training=False, rng=None)[0]

    def data_loss(self, scores: FloatArray, labels: ArrayLike) -> float:
        """Return the mean softmax cross-entropy of scores (N, C)."""
        return softmax_cross_entropy(scores, labels).loss

    def loss(
        self,
        parameters: Parameters,
        images: ArrayLike,
        labels: ArrayLike,
        *,
        regularization: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> tuple[float, Parameters]:
        """Return the training loss and its gradient for every parameter.

        Mean softmax cross-entropy plus `regularization / 2` times the sum of the squared weights
        (biases excluded). `rng` is what dropout draws from. Raises `FloatingPointError` when
        numbers overflow.
        """
        scores, caches = self._forward(parameters, images, training=True, rng=rng)
        loss, dout = softmax_cross_entropy(scores, labels)
        gradients: Parameters = {}
        for (name, layer), cache in zip(reversed(self.layers), reversed(caches), strict=True):
            dout, own = layer.backward(dout, cache)
            gradients |= {f"{name}.{part}": value for part, value in own.items()}
        for name, value in parameters.items():
            if name.endswith(".weight"):
                penalty, slope = half_l2(value, strength=regularization)
                loss += penalty
                gradients[name] = gradients[name] + slope
        return loss, gradients

    def account(self) -> Account:
        """Return the cost table, as `reference.architectures.tracing.account` does for torch."""
        rows, field = [], ReceptiveField(size=1, jump=1, start=0)
        shapes = [self.input_shape, *self.shapes()]
        for (name, layer), shape in zip(self.layers, shapes, strict=False):
            window = _window(layer, shape)
            field = ReceptiveField(
                size=field.size + (window.extent - 1) * field.jump,
                jump=field.jump * window.stride,
                start=field.start - window.padding * field.jump,
            )
            row: LayerRow = layer.row(name, shape)
            rows.append(replace(row, receptive_field=field.size))
        return Account(self.input_shape, tuple(rows))

    def _forward(
        self,
        parameters: Parameters,
        images: ArrayLike,
        *,
        training: bool,
        rng: np.random.Generator | None,
    ) -> tuple[FloatArray, list[Any]]:
        x = as_float_array(images, "images")
        if x.shape[1:] != self.input_shape:
            raise ValueError(
                f"images must have shape (N, {', '.join(map(str, self.input_shape))}), got "
                f"{x.shape}: one image alone is a batch of 1"
            )
        caches = []
        for name, layer in self.layers:
            own = {
                part: parameters[f"{name}.{part}"]
                for part in ("weight", "bias")
                if f"{name}.{part}" in parameters
            }
            x, cache = layer.forward(x, own, training=training, rng=rng)
            if not np.isfinite(x).all():
                raise FloatingPointError(f"the activations behind {name} are not finite")
            caches.append(cache)
        return x, caches


def numpy_lenet5(
    *, input_shape: Shape = (1, 28, 28), classes: int = 10, modern: bool = False
) -> NumpyNetwork:
    """LeNet-5 in numpy layers: 61,706 parameters for 28x28, the slides' sigmoids and averages.

    With `modern` it has ReLUs, max pooling and He's initialization, which train much faster.
    """
    act = Activation("relu" if modern else "sigmoid")
    pool = Pool(2, "max" if modern else "average")
    return NumpyNetwork(
        layers=(
            ("conv1", Convolution(6, 5, padding=2)),
            ("act1", act),
            ("pool1", pool),
            ("conv2", Convolution(16, 5)),
            ("act2", act),
            ("pool2", pool),
            ("flatten", Flatten()),
            ("fc3", Affine(120)),
            ("act3", act),
            ("fc4", Affine(84)),
            ("act4", act),
            ("fc5", Affine(classes)),
        ),
        input_shape=input_shape,
        initializer=he if modern else xavier_uniform,
    )


def numpy_vgg(
    conv_arch: Sequence[tuple[int, int]],
    *,
    input_shape: Shape = (3, 32, 32),
    hidden: int = 512,
    classes: int = 10,
    keep_probability: float = 0.5,
) -> NumpyNetwork:
    """VGG in numpy layers from `(convolutions, filters)` of each block, as the slides' code.

    3x3 convolutions with padding 1 and ReLUs, 2x2 max pooling behind each block, two fully
    connected layers of `hidden` units with dropout, and the scores. Raises `ValueError` for a
    size that the blocks do not halve.
    """
    layers: list[tuple[str, NumpyLayer]] = []
    for block, (convolutions, filters) in enumerate(conv_arch, start=1):
        for index in range(1, convolutions + 1):
            layers += [
                (f"conv{block}_{index}", Convolution(filters, 3, padding=1)),
                (f"relu{block}_{index}", Activation("relu")),
            ]
        layers.append((f"pool{block}", Pool(2, "max")))
    layers += [
        ("flatten", Flatten()),
        ("fc1", Affine(hidden)),
        ("relu_fc1", Activation("relu")),
        ("drop1", Dropout(keep_probability)),
        ("fc2", Affine(hidden)),
        ("relu_fc2", Activation("relu")),
        ("drop2", Dropout(keep_probability)),
        ("fc3", Affine(classes)),
    ]
    return NumpyNetwork(tuple(layers), input_shape)


def _window(layer: NumpyLayer, shape: Shape) -> Window:
    """Return how a layer slides over its input, for the receptive field."""
    if isinstance(layer, Convolution):
        return Window(layer.kernel, layer.stride, layer.padding)
    if isinstance(layer, Pool):
        return Window(layer.kernel, layer.kernel)
    return Window(kernel=shape[-1] if isinstance(layer, Flatten) and len(shape) == 3 else 1)
