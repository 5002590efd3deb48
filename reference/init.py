"""Weight initialization, and the ten-layer experiment that shows why it matters (slides s.180-188).

Weights are affine (D, M) or convolutional (F, C/groups, KH, KW):

    fan_in   D   or  C/groups * KH * KW      inputs that one unit sums over
    fan_out  M   or  F * KH * KW             units that one input reaches
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from reference.activations import relu
from reference.arrays import FloatArray, check_choice, check_count, check_positive

Shape: TypeAlias = tuple[int, ...]
Initializer: TypeAlias = Callable[[Shape, np.random.Generator], FloatArray]


@dataclass(frozen=True)
class Fans:
    """How many inputs a unit sums over, and how many units an input reaches."""

    fan_in: int
    fan_out: int


def fans(shape: Shape) -> Fans:
    """Return fan-in and fan-out of weights (D, M) or (F, C/groups, KH, KW).

    Raises ValueError: another number of axes, an axis of length 0.
    """
    if len(shape) not in (2, 4) or min(shape) < 1:
        raise ValueError(
            f"shape must be (D, M) or (F, C, KH, KW) without zeros, got {shape}: "
            "biases have no fan-in, start them at 0"
        )
    if len(shape) == 2:
        return Fans(fan_in=shape[0], fan_out=shape[1])
    area = shape[2] * shape[3]
    return Fans(fan_in=shape[1] * area, fan_out=shape[0] * area)


def zeros(shape: Shape, rng: np.random.Generator) -> FloatArray:
    """Return zeros: the wrong way, after which all units of a layer stay equal (s.180)."""
    fans(shape)
    return np.zeros(shape)


def small_random(shape: Shape, rng: np.random.Generator, *, std: float = 0.01) -> FloatArray:
    """Return std * N(0, 1): fine for shallow networks, vanishes in deep ones (s.181)."""
    fans(shape)
    return rng.normal(0.0, check_positive(std, "std"), shape)


def xavier_slides(shape: Shape, rng: np.random.Generator) -> FloatArray:
    """Return N(0, 1) / sqrt(fan_in), Xavier as the slides write it (s.185)."""
    return rng.normal(0.0, 1 / math.sqrt(fans(shape).fan_in), shape)


def xavier_normal(shape: Shape, rng: np.random.Generator) -> FloatArray:
    """Return N(0, 2 / (fan_in + fan_out)), as in the paper (Glorot and Bengio, 2010)."""
    fan = fans(shape)
    return rng.normal(0.0, math.sqrt(2 / (fan.fan_in + fan.fan_out)), shape)


def xavier_uniform(shape: Shape, rng: np.random.Generator) -> FloatArray:
    """Return U(-a, a) with a = sqrt(6 / (fan_in + fan_out)), the paper's equation 16."""
    fan = fans(shape)
    limit = math.sqrt(6 / (fan.fan_in + fan.fan_out))
    return rng.uniform(-limit, limit, shape)


def he(shape: Shape, rng: np.random.Generator) -> FloatArray:
    """Return N(0, 2 / fan_in) for ReLU (He et al., 2015; s.187).

    ReLU zeroes half of the inputs, so the variance is doubled: the 2 stands inside the root,
    sqrt(2 / fan_in), where the slide's note is garbled.
    """
    return rng.normal(0.0, math.sqrt(2 / fans(shape).fan_in), shape)


ActivationName: TypeAlias = Literal["tanh", "relu"]
ACTIVATIONS: dict[str, Callable[[FloatArray], FloatArray]] = {"tanh": np.tanh, "relu": relu}


@dataclass(frozen=True)
class LayerStatistics:
    """What one layer's activations look like.

    `saturated` is the share with |h| > 0.99 (for tanh: hardly any gradient), `zero` the share
    that is exactly 0 (for ReLU: no gradient), `dead` the share of units that are 0 for every
    example.
    """

    mean: float
    std: float
    saturated: float
    zero: float
    dead: float


def layer_activations(
    inputs: FloatArray,
    *,
    activation: ActivationName,
    initializer: Initializer,
    layers: int = 10,
    rng: np.random.Generator,
) -> list[FloatArray]:
    """Return the activations (N, D) of each of `layers` square layers without biases.

    h_0 = inputs, h_l = activation(h_{l-1} W_l), W_l (D, D) from `initializer` (s.182-187).
    """
    check_choice(activation, "activation", ACTIVATIONS)
    if inputs.ndim != 2:
        raise ValueError(f"inputs must have shape (N, D), got {inputs.shape}: flatten them")
    outputs, hidden = [], inputs
    for _ in range(check_count(layers, "layers")):
        weights = initializer((hidden.shape[1], hidden.shape[1]), rng)
        hidden = ACTIVATIONS[activation](hidden @ weights)
        outputs.append(hidden)
    return outputs


def layer_statistics(activations: FloatArray) -> LayerStatistics:
    """Return mean, standard deviation and the shares of saturated, zero and dead activations."""
    off = activations == 0
    return LayerStatistics(
        mean=float(activations.mean()),
        std=float(activations.std()),
        saturated=float(np.mean(np.abs(activations) > 0.99)),
        zero=float(off.mean()),
        dead=float(off.all(axis=0).mean()),
    )


def ten_layer_experiment(
    *,
    activation: ActivationName,
    initializer: Initializer,
    rng: np.random.Generator,
    examples: int = 1000,
    width: int = 500,
) -> list[LayerStatistics]:
    """Run the slides' experiment: randn(1000, 500) through ten layers of 500 units (s.182-187)."""
    inputs = rng.standard_normal((check_count(examples, "examples"), check_count(width, "width")))
    outputs = layer_activations(inputs, activation=activation, initializer=initializer, rng=rng)
    return [layer_statistics(hidden) for hidden in outputs]
