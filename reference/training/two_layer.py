"""The two-layer network of slides s.136 and s.190 to s.202: 3072 - 50 - 10."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from reference.activations import relu
from reference.arrays import FloatArray, as_float_matrix, check_count, check_positive
from reference.losses import softmax_cross_entropy
from reference.regularization import half_l2
from reference.training.model import Parameters


@dataclass(frozen=True)
class TwoLayerNet:
    """Scores `max(0, X W1 + b1) W2 + b2`, with a softmax cross-entropy behind.

    X (N, inputs), W1 (inputs, hidden), W2 (hidden, classes). Weights start as `weight_scale`
    times N(0, 1), biases at 0 (slides s.191). Regularization is `strength / 2` times the sum of
    the squared weights: only with the half does the printed loss of s.192, 3.0686, come out.
    """

    inputs: int
    hidden: int
    classes: int
    weight_scale: float = 1e-4

    def __post_init__(self) -> None:
        for name in ("inputs", "hidden", "classes"):
            check_count(getattr(self, name), name)
        check_positive(self.weight_scale, "weight_scale")

    def initialize(self, rng: np.random.Generator) -> Parameters:
        """Draw W1 and W2; b1 and b2 are 0."""
        return {
            "W1": self.weight_scale * rng.normal(size=(self.inputs, self.hidden)),
            "b1": np.zeros(self.hidden),
            "W2": self.weight_scale * rng.normal(size=(self.hidden, self.classes)),
            "b2": np.zeros(self.classes),
        }

    def scores(self, parameters: Parameters, images: ArrayLike) -> FloatArray:
        """Return the scores (N, classes); raises `FloatingPointError` on overflow."""
        return self._forward(parameters, self._rows(images))[1]

    def data_loss(self, scores: FloatArray, labels: ArrayLike) -> float:
        """Return the mean softmax cross-entropy of scores (N, classes)."""
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
        """Return loss and gradients; `rng` is not needed, there is no dropout.

        Raises `ValueError` for images that are not (N, inputs) and labels out of range,
        `FloatingPointError` on overflow.
        """
        x = self._rows(images)
        hidden, scores = self._forward(parameters, x)
        data_loss, dscores = softmax_cross_entropy(scores, labels)
        penalty1, slope1 = half_l2(parameters["W1"], strength=regularization)
        penalty2, slope2 = half_l2(parameters["W2"], strength=regularization)
        dhidden = (dscores @ parameters["W2"].T) * (hidden > 0)
        return data_loss + penalty1 + penalty2, {
            "W1": x.T @ dhidden + slope1,
            "b1": dhidden.sum(axis=0),
            "W2": hidden.T @ dscores + slope2,
            "b2": dscores.sum(axis=0),
        }

    def _rows(self, images: ArrayLike) -> FloatArray:
        return as_float_matrix(images, "images", columns=self.inputs)

    def _forward(self, parameters: Parameters, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        before = x @ parameters["W1"] + parameters["b1"]
        if not np.isfinite(before).all():
            raise FloatingPointError("the hidden layer is not finite")
        hidden = relu(before)
        scores = hidden @ parameters["W2"] + parameters["b2"]
        if not np.isfinite(scores).all():
            raise FloatingPointError("the scores are not finite")
        return hidden, scores


def two_layer_loss(
    parameters: Parameters, images: ArrayLike, labels: ArrayLike, *, strength: float
) -> tuple[float, Parameters]:
    """Return the loss of `TwoLayerNet` and its gradients; the sizes are those of `parameters`.

    W1 (D, H), b1 (H,), W2 (H, C), b2 (C,), images (N, D), labels (N,): the mean softmax
    cross-entropy of `max(0, X W1 + b1) W2 + b2` plus `strength / 2` times the sum of the squared
    weights; biases are not regularized (slides s.191 to s.194).

    Raises `ValueError` and `FloatingPointError` as `TwoLayerNet.loss` does.
    """
    (inputs, hidden), classes = parameters["W1"].shape, parameters["W2"].shape[1]
    network = TwoLayerNet(inputs, hidden, classes)
    return network.loss(parameters, images, labels, regularization=strength)
