"""What a model must be able to do, and the examples that it is trained on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import FloatArray, IntArray, as_float_array, check_labels

Parameters: TypeAlias = dict[str, FloatArray]


class Model(Protocol):
    """A classifier whose methods take its parameters; it changes nothing by itself.

    `reference.training.TwoLayerNet` and `reference.architectures.numpy_network.NumpyNetwork` are
    models. Both passes raise `FloatingPointError` when numbers overflow.
    """

    def initialize(self, rng: np.random.Generator) -> Parameters:
        """Draw parameters to start from."""
        ...

    def scores(self, parameters: Parameters, images: ArrayLike) -> FloatArray:
        """Return the scores (N, C) at test time."""
        ...

    def data_loss(self, scores: FloatArray, labels: ArrayLike) -> float:
        """Return the loss of scores, averaged over the examples, without regularization."""
        ...

    def loss(
        self,
        parameters: Parameters,
        images: ArrayLike,
        labels: ArrayLike,
        *,
        regularization: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> tuple[float, Parameters]:
        """Return the training loss with regularization, and its gradient for each parameter."""
        ...


@dataclass(frozen=True)
class Examples:
    """Images (N, ...) and their labels (N,).

    Raises `ValueError`: NaN, no examples, labels that are not N integers from 0 on.
    """

    images: FloatArray
    labels: IntArray

    def __post_init__(self) -> None:
        images = as_float_array(self.images, "images")
        labels = check_labels(self.labels, examples=len(images))
        if labels.min() < 0:
            raise ValueError(f"labels must be at least 0, got {labels.min()}: they name columns")
        object.__setattr__(self, "images", images)
        object.__setattr__(self, "labels", labels)

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, indices: IntArray | slice) -> Examples:
        """Return the examples of these indices."""
        return Examples(self.images[indices], self.labels[indices])


@dataclass(frozen=True)
class Evaluation:
    """Mean data loss and the share of examples classified rightly."""

    loss: float
    accuracy: float


def evaluate(
    model: Model, parameters: Parameters, examples: Examples, *, batch_size: int = 500
) -> Evaluation:
    """Return loss (without regularization) and accuracy at test time, batch by batch."""
    loss, right = 0.0, 0
    for start in range(0, len(examples), batch_size):
        images = examples.images[start : start + batch_size]
        labels = examples.labels[start : start + batch_size]
        scores = model.scores(parameters, images)
        loss += model.data_loss(scores, labels) * len(labels)
        right += int(np.count_nonzero(scores.argmax(axis=1) == labels))
    return Evaluation(loss / len(examples), right / len(examples))
