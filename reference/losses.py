"""Classification losses and their gradients (slides s.45-66).

Two levels, both averaging over the N examples and returning `(loss, gradient)`:

* of scores, shape (N, C): `hinge`, `softmax_cross_entropy`; the gradient is with respect to the
  scores. This is the last layer of any network.
* of a linear classifier, scores = X W with X (N, D), W (D, C): `svm_loss`, `softmax_loss`, with a
  penalty on W added; the gradient is with respect to W. Each also written naively, in loops.

The penalties on the weights are in `reference.regularization`.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import (
    FloatArray,
    IntArray,
    as_float_matrix,
    check_labels,
    check_positive,
)
from reference.regularization import Penalty, penalty_value


class LossAndGradient(NamedTuple):
    """A loss and its gradient, which has the shape of what the loss was differentiated by."""

    loss: float
    gradient: FloatArray


def hinge_per_example(
    scores: ArrayLike, labels: ArrayLike, *, delta: float = 1.0, squared: bool = False
) -> FloatArray:
    """Return L_i = sum_{j != y_i} max(0, s_j - s_{y_i} + delta), shape (N,) (s.46-52).

    With `squared` each term is squared (s.55). The correct class is left out of the sum; counting
    it would add delta to every loss (s.53).
    """
    scores, labels = _scores_and_labels(scores, labels)
    margins = _margins(scores, labels, delta)
    terms: FloatArray = (margins * margins if squared else margins).sum(axis=1)
    return terms


def hinge(
    scores: ArrayLike, labels: ArrayLike, *, delta: float = 1.0, squared: bool = False
) -> LossAndGradient:
    """Return the multiclass SVM loss of scores (N, C), averaged over N, and d loss / d scores.

    L = 1/N sum_i sum_{j != y_i} max(0, s_ij - s_iy + delta).  Each violated margin pushes its
    score up by 1/N and the correct score down by as much; squared, by 2 margin / N. At a margin
    of exactly 0 the derivative of the hinge is taken as 0.

    Raises ValueError: scores not (N, C) or not finite, labels not (N,) or out of range, delta < 0.
    """
    scores, labels = _scores_and_labels(scores, labels)
    margins = _margins(scores, labels, delta)
    examples = len(scores)
    loss = (np.vdot(margins, margins) if squared else margins.sum()) / examples
    slope = 2 * margins if squared else (margins > 0).astype(margins.dtype)
    slope[np.arange(examples), labels] = -slope.sum(axis=1)
    slope /= examples
    return LossAndGradient(float(loss), slope)


def softmax(scores: ArrayLike) -> FloatArray:
    """Return P_ij = exp(s_ij) / sum_k exp(s_ik), shape (N, C); each row sums to 1 (s.62).

    The largest score of each row is subtracted first, which leaves P as it is and keeps exp from
    overflowing.
    """
    exponentials, totals, _ = _shifted_exponentials(as_float_matrix(scores, "scores"))
    exponentials /= totals
    return exponentials


def log_softmax(scores: ArrayLike) -> FloatArray:
    """Return log P_ij = s_ij - max_k s_ik - log sum_k exp(s_ik - max), shape (N, C).

    Finite where P itself underflows to 0.
    """
    scores = as_float_matrix(scores, "scores")
    _, totals, shifted = _shifted_exponentials(scores)
    shifted -= np.log(totals)
    return shifted


def cross_entropy_per_example(scores: ArrayLike, labels: ArrayLike) -> FloatArray:
    """Return L_i = -log P_{i,y_i} with the natural logarithm, shape (N,) (s.62-63)."""
    scores, labels = _scores_and_labels(scores, labels)
    _, totals, shifted = _shifted_exponentials(scores)
    losses: FloatArray = np.log(totals[:, 0]) - shifted[np.arange(len(scores)), labels]
    return losses


def softmax_cross_entropy(scores: ArrayLike, labels: ArrayLike) -> LossAndGradient:
    """Return -1/N sum_i log P_{i,y_i} of scores (N, C) and d loss / d scores = (P - onehot) / N.

    Raises ValueError: scores not (N, C) or not finite, labels not (N,) or out of range.
    """
    scores, labels = _scores_and_labels(scores, labels)
    exponentials, totals, shifted = _shifted_exponentials(scores)
    examples = np.arange(len(scores))
    # log P_y is taken from the scores: P_y itself may have underflowed to 0.
    loss = np.mean(np.log(totals[:, 0]) - shifted[examples, labels])
    # 1/N goes in with the normalization, so the (N, C) array is walked over once.
    exponentials *= 1 / (totals * len(scores))
    exponentials[examples, labels] -= 1 / len(scores)
    return LossAndGradient(float(loss), exponentials)


def svm_loss(
    W: ArrayLike,
    X: ArrayLike,
    labels: ArrayLike,
    *,
    strength: float = 0.0,
    penalty: Penalty = "l2",
    delta: float = 1.0,
    squared: bool = False,
) -> LossAndGradient:
    """Return the SVM loss of scores X W plus a penalty on W, and dW of shape (D, C).

    dW = X^T (d loss / d scores) + d penalty / dW (the gradient that s.81 asks for). The whole of
    W is penalized: with the bias trick (`append_ones`) that takes the bias in.

    Raises ValueError: X not (N, D), W not (D, C), labels not (N,) in [0, C), strength < 0.
    """
    W, X = _weights_and_inputs(W, X)
    data = hinge(X @ W, labels, delta=delta, squared=squared)
    return _linear(W, X, data, strength, penalty)


def softmax_loss(
    W: ArrayLike,
    X: ArrayLike,
    labels: ArrayLike,
    *,
    strength: float = 0.0,
    penalty: Penalty = "l2",
) -> LossAndGradient:
    """Return the softmax cross-entropy of scores X W plus a penalty on W, and dW of shape (D, C).

    Raises ValueError: X not (N, D), W not (D, C), labels not (N,) in [0, C), strength < 0.
    """
    W, X = _weights_and_inputs(W, X)
    return _linear(W, X, softmax_cross_entropy(X @ W, labels), strength, penalty)


def svm_loss_naive(
    W: ArrayLike,
    X: ArrayLike,
    labels: ArrayLike,
    *,
    strength: float = 0.0,
    penalty: Penalty = "l2",
    delta: float = 1.0,
    squared: bool = False,
) -> LossAndGradient:
    """Return what `svm_loss` returns, one example and one class at a time."""
    W, X = _weights_and_inputs(W, X)
    y = check_labels(labels, examples=len(X), classes=W.shape[1])
    loss, dW = 0.0, np.zeros(W.shape, np.result_type(W, X))
    for i in range(len(X)):
        scores = X[i] @ W
        for j in range(W.shape[1]):
            margin = scores[j] - scores[y[i]] + delta
            if j == y[i] or margin <= 0:
                continue
            loss += margin**2 if squared else margin
            slope = 2 * margin if squared else 1.0
            dW[:, j] += slope * X[i]
            dW[:, y[i]] -= slope * X[i]
    value, gradient = penalty_value(W, strength=strength, penalty=penalty)
    return LossAndGradient(float(loss) / len(X) + value, dW / len(X) + gradient)


def softmax_loss_naive(
    W: ArrayLike,
    X: ArrayLike,
    labels: ArrayLike,
    *,
    strength: float = 0.0,
    penalty: Penalty = "l2",
) -> LossAndGradient:
    """Return what `softmax_loss` returns, one example and one class at a time."""
    W, X = _weights_and_inputs(W, X)
    y = check_labels(labels, examples=len(X), classes=W.shape[1])
    loss, dW = 0.0, np.zeros(W.shape, np.result_type(W, X))
    for i in range(len(X)):
        scores = X[i] @ W
        exponentials = np.exp(scores - scores.max())
        total = exponentials.sum()
        loss += np.log(total) - (scores[y[i]] - scores.max())
        for j in range(W.shape[1]):
            probability = exponentials[j] / total
            dW[:, j] += (probability - (j == y[i])) * X[i]
    value, gradient = penalty_value(W, strength=strength, penalty=penalty)
    return LossAndGradient(float(loss) / len(X) + value, dW / len(X) + gradient)


def _scores_and_labels(scores: ArrayLike, labels: ArrayLike) -> tuple[FloatArray, IntArray]:
    matrix = as_float_matrix(scores, "scores")
    return matrix, check_labels(labels, examples=len(matrix), classes=matrix.shape[1])


def _weights_and_inputs(W: ArrayLike, X: ArrayLike) -> tuple[FloatArray, FloatArray]:
    weights = as_float_matrix(W, "W")
    return weights, as_float_matrix(X, "X", columns=len(weights))


def _margins(scores: FloatArray, labels: IntArray, delta: float) -> FloatArray:
    """Return max(0, s_j - s_y + delta), shape (N, C), with 0 in the correct class's place."""
    rows = np.arange(len(scores))
    margins: FloatArray = scores - scores[rows, labels][:, None]
    # after the difference, or delta is lost beside large scores that are equal
    margins += check_positive(delta, "delta", zero=True)
    np.maximum(margins, 0, out=margins)
    margins[rows, labels] = 0
    return margins


def _shifted_exponentials(scores: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return exp(s - max), its row sums (N, 1) and s - max."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    exponentials = np.exp(shifted)
    return exponentials, exponentials.sum(axis=1, keepdims=True), shifted


def _linear(
    W: FloatArray, X: FloatArray, data: LossAndGradient, strength: float, penalty: Penalty
) -> LossAndGradient:
    value, gradient = penalty_value(W, strength=strength, penalty=penalty)
    return LossAndGradient(data.loss + value, X.T @ data.gradient + gradient)
