"""Linear classifiers f(X) = X W + b trained by mini-batch SGD (slides s.34-87).

`LinearSVM` and `SoftmaxClassifier` differ in the loss only. The bias is kept apart from W, so
that a penalty on W leaves it alone.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import (
    FloatArray,
    IntArray,
    as_float_array,
    as_float_matrix,
    check_count,
    check_labels,
    check_positive,
)
from reference.losses import LossAndGradient, hinge, softmax_cross_entropy
from reference.regularization import Penalty, penalty_value


class LinearGradients(NamedTuple):
    """The loss of a linear classifier, dW of shape (D, C) and db of shape (C,)."""

    loss: float
    weights: FloatArray
    bias: FloatArray


class LinearClassifier(ABC):
    """Scores X W + b with X (N, D), W (D, C), b (C,); the class with the highest score wins."""

    weights: FloatArray
    bias: FloatArray

    def __init__(self, *, strength: float = 0.0, penalty: Penalty = "l2") -> None:
        self.strength = check_positive(strength, "strength", zero=True)
        self.penalty = penalty
        penalty_value(0.0, strength=0.0, penalty=penalty)  # refuses an unknown name now

    @abstractmethod
    def data_loss(self, scores: FloatArray, labels: IntArray) -> LossAndGradient:
        """Return the loss of scores (N, C), averaged over N, and its gradient (N, C)."""

    def set_parameters(self, weights: ArrayLike, bias: ArrayLike) -> None:
        """Take W of shape (D, C) and b of shape (C,) as they are, such as a slide's."""
        self.weights = as_float_matrix(weights, "weights")
        self.bias = as_float_array(bias, "bias", ndim=1)
        if self.bias.shape != (self.weights.shape[1],):
            raise ValueError(
                f"bias must have shape ({self.weights.shape[1]},), one for each class, got "
                f"{self.bias.shape}: W is (D, C), transpose a (C, D) matrix"
            )

    def scores(self, X: ArrayLike) -> FloatArray:
        """Return X W + b, shape (N, C) (s.37-39)."""
        if not hasattr(self, "weights"):
            raise ValueError("a classifier needs weights, got none: call train or set_parameters")
        inputs = as_float_matrix(X, "X", columns=len(self.weights))
        scores: FloatArray = inputs @ self.weights + self.bias
        return scores

    def predict(self, X: ArrayLike) -> IntArray:
        """Return the class (N,) with the highest score; of equal scores, the smallest class."""
        winners: IntArray = self.scores(X).argmax(axis=1)
        return winners

    def loss(self, X: ArrayLike, labels: ArrayLike) -> LinearGradients:
        """Return data loss (mean over N) + penalty on W, with dW and db."""
        inputs, scores = as_float_matrix(X, "X"), self.scores(X)
        targets = check_labels(labels, examples=len(scores), classes=scores.shape[1])
        return self._loss_of_scores(scores, inputs, targets)

    def _loss_of_scores(
        self, scores: FloatArray, X: FloatArray, labels: IntArray
    ) -> LinearGradients:
        data = self.data_loss(scores, labels)
        value, penalty_gradient = penalty_value(
            self.weights, strength=self.strength, penalty=self.penalty
        )
        dW = X.T @ data.gradient + penalty_gradient
        return LinearGradients(data.loss + value, dW, data.gradient.sum(axis=0))

    def train(
        self,
        X: ArrayLike,
        labels: ArrayLike,
        *,
        learning_rate: float,
        steps: int,
        rng: np.random.Generator,
        batch_size: int = 256,
        scale: float = 1e-4,
        classes: int | None = None,
    ) -> list[float]:
        """Start from W = scale * randn(D, C), b = 0; take `steps` SGD steps; return their losses.

        Each step: a random batch without repeats, W -= learning_rate * dW (s.85-87). Where the
        learning rate makes the weights overflow, training stops and the last loss is NaN (s.197).
        Without `classes`, C is the largest label + 1.

        Raises ValueError: wrong shapes or labels, learning_rate <= 0, batch_size above N.
        """
        inputs = as_float_matrix(X, "X")
        targets = check_labels(labels, examples=len(inputs), classes=classes)
        columns = check_count(int(targets.max()) + 1 if classes is None else classes, "classes")
        check_positive(learning_rate, "learning_rate")
        batch = check_count(batch_size, "batch_size", maximum=len(inputs))
        weights = scale * rng.standard_normal((inputs.shape[1], columns))
        self.weights = weights.astype(inputs.dtype)
        self.bias = np.zeros(columns, inputs.dtype)
        losses: list[float] = []
        for _ in range(check_count(steps, "steps")):
            rows = rng.choice(len(inputs), batch, replace=False, shuffle=False)
            losses.append(self._step(inputs[rows], targets[rows], learning_rate))
            if np.isnan(losses[-1]):
                break
        return losses

    def _step(self, X: FloatArray, labels: IntArray, learning_rate: float) -> float:
        with np.errstate(over="ignore", invalid="ignore"):
            scores: FloatArray = X @ self.weights + self.bias
            if not np.isfinite(scores).all():
                return float("nan")
            loss, dW, db = self._loss_of_scores(scores, X, labels)
            self.weights = self.weights - learning_rate * dW
            self.bias = self.bias - learning_rate * db
        return loss


class LinearSVM(LinearClassifier):
    """Linear classifier with the multiclass hinge loss, or its square (s.45-60)."""

    def __init__(
        self,
        *,
        strength: float = 0.0,
        penalty: Penalty = "l2",
        delta: float = 1.0,
        squared: bool = False,
    ) -> None:
        super().__init__(strength=strength, penalty=penalty)
        self.delta = check_positive(delta, "delta", zero=True)
        self.squared = squared

    def data_loss(self, scores: FloatArray, labels: IntArray) -> LossAndGradient:
        """Return the hinge loss of the scores."""
        return hinge(scores, labels, delta=self.delta, squared=self.squared)


class SoftmaxClassifier(LinearClassifier):
    """Linear classifier with the softmax cross-entropy loss: logistic regression (s.61-66)."""

    def data_loss(self, scores: FloatArray, labels: IntArray) -> LossAndGradient:
        """Return the cross-entropy of the scores."""
        return softmax_cross_entropy(scores, labels)


@dataclass(frozen=True)
class RandomSearch:
    """The best weights (D, C) of a random search, every loss tried, and the best so far."""

    weights: FloatArray
    losses: tuple[float, ...]

    @property
    def best_so_far(self) -> tuple[float, ...]:
        """The smallest loss among the first tries, after each of them."""
        return tuple(float(loss) for loss in np.minimum.accumulate(self.losses))


def random_search(
    X: ArrayLike,
    labels: ArrayLike,
    *,
    classes: int,
    tries: int,
    rng: np.random.Generator,
    scale: float = 1e-4,
) -> RandomSearch:
    """Keep the best by hinge loss of `tries` matrices W = scale * randn(D, C) (s.70).

    The worst way to optimize: the slide's 1000 tries end at 15.5 % on CIFAR-10.
    """
    inputs = as_float_matrix(X, "X")
    targets = check_labels(labels, examples=len(inputs), classes=classes)
    losses: list[float] = []
    best = np.empty(0)
    for _ in range(check_count(tries, "tries")):
        weights = scale * rng.standard_normal((inputs.shape[1], classes))
        loss = hinge(inputs @ weights, targets).loss
        if not losses or loss < min(losses):
            best = weights
        losses.append(loss)
    return RandomSearch(best, tuple(losses))
