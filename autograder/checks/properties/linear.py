"""Properties of the losses of linear classifiers, scores `X W`, with an L2 penalty (s.58-81)."""

from __future__ import annotations

import numpy as np

from autograder.checks.compare import check_value
from autograder.checks.properties.own import Array, inner, own, own_pair, own_parts, turned, within
from autograder.checks.properties.registry import Cases, Function, course_property
from autograder.checks.strategies import batches

__all__ = [
    "batch_loss_is_the_mean_of_its_halves",
    "gradient_moves_with_the_pixels",
    "larger_pixels_need_smaller_weights",
    "linear_loss_lies_above_its_tangents",
    "naive_and_vectorized_loss_agree",
    "penalty_gradient_is_its_slope",
    "penalty_grows_with_its_strength",
    "penalty_ignores_the_data",
    "penalty_leaves_the_bias_alone",
    "predictions_ignore_a_common_bias",
    "weights_of_a_dark_pixel_get_no_gradient",
]

LOSS = "loss(W (D, C), X (N, D), y (N,), reg) -> (loss, dW (D, C)), SVM or softmax"
BOTH = ("the loss", "the gradient")


def _batches() -> Cases:
    # No two scores are equal: at a tie the gradient of the SVM is a matter of convention.
    edges = ("plain", "one class", "equal samples", "constant feature")
    return batches(ties=False, edges=edges).map(lambda b: (b.W, b.X, b.y))


@course_property(needs=LOSS, cases=_batches)
def penalty_ignores_the_data(loss: Function, W: Array, X: Array, y: Array) -> None:
    """The penalty adds the same to loss and gradient, whatever the examples are."""
    added = []
    for inputs, labels in ((X, y), (np.vstack([X, -X]), np.append(y, y))):
        bare, bare_gradient = own_pair(loss(W, inputs, labels, 0.0), W.shape)
        with_penalty, gradient = own_pair(loss(W, inputs, labels, 4.0), W.shape)
        added.append((with_penalty - bare, gradient - bare_gradient))
    check_value(added[1], added[0], what=BOTH)


@course_property(needs=LOSS, cases=_batches)
def penalty_grows_with_its_strength(loss: Function, W: Array, X: Array, y: Array) -> None:
    """Twice the strength adds twice as much to the loss and to the gradient."""
    answers = [own_pair(loss(W, X, y, reg), W.shape) for reg in (0.0, 2.0, 4.0)]
    (bare, bare_dW), (once, once_dW), (twice, twice_dW) = answers
    got = (twice - bare, twice_dW - bare_dW)
    check_value(got, (2 * (once - bare), 2 * (once_dW - bare_dW)), what=BOTH)
    within(once - bare, 0.0, what="the loss")


@course_property(needs=LOSS, cases=_batches)
def penalty_gradient_is_its_slope(loss: Function, W: Array, X: Array, y: Array) -> None:
    """What the L2 penalty adds to the gradient is its slope: `<W, dW>` is twice the penalty."""
    bare, bare_gradient = own_pair(loss(W, X, y, 0.0), W.shape)
    whole, gradient = own_pair(loss(W, X, y, 4.0), W.shape)
    slope = np.asarray(inner(W, gradient - bare_gradient)[0], W.dtype)
    check_value(slope, 2 * (whole - bare), what="the gradient")


@course_property(needs=LOSS, cases=_batches, relates=False)
def weights_of_a_dark_pixel_get_no_gradient(loss: Function, W: Array, X: Array, y: Array) -> None:
    """A pixel that is 0 in every example moves none of its weights (without a penalty)."""
    dark = X.copy()
    dark[:, -1] = 0.0
    _, gradient = own_pair(loss(W, dark, y, 0.0), W.shape)
    check_value(gradient[-1], np.zeros(W.shape[1]), what="the gradient")


@course_property(needs=LOSS, cases=_batches)
def gradient_moves_with_the_pixels(loss: Function, W: Array, X: Array, y: Array) -> None:
    """Another order of the pixels, in X and W alike, leaves the loss and moves the rows of dW."""
    order = turned(len(W))
    value, gradient = own_pair(loss(W, X, y, 0.5), W.shape)
    check_value(loss(W[order], X[:, order], y, 0.5), (value, gradient[order]), what=BOTH)


@course_property(needs=LOSS, cases=_batches)
def larger_pixels_need_smaller_weights(loss: Function, W: Array, X: Array, y: Array) -> None:
    """Pixels twice as large and weights half as large: the same loss, twice the gradient."""
    value, gradient = own_pair(loss(W, X, y, 0.0), W.shape)
    check_value(loss(W / 2, 2 * X, y, 0.0), (value, 2 * gradient), what=BOTH)


@course_property(needs=LOSS, cases=_batches)
def batch_loss_is_the_mean_of_its_halves(loss: Function, W: Array, X: Array, y: Array) -> None:
    """A batch beside an equally large one has the mean of both losses and of both gradients."""
    one, one_dW = own_pair(loss(W, X, y, 0.0), W.shape)
    other, other_dW = own_pair(loss(W, 3 * X, y, 0.0), W.shape)
    got = loss(W, np.vstack([X, 3 * X]), np.append(y, y), 0.0)
    check_value(got, ((one + other) / 2, (one_dW + other_dW) / 2), what=BOTH)


@course_property(needs=LOSS, cases=_batches)
def linear_loss_lies_above_its_tangents(loss: Function, W: Array, X: Array, y: Array) -> None:
    """The loss at other weights is at least what loss and gradient here promise (it is convex)."""
    value, gradient = own_pair(loss(W, X, y, 0.5), W.shape)
    for other in (np.zeros_like(W), W[:, ::-1].copy(), -W):
        there, _ = own_pair(loss(other, X, y, 0.5), W.shape)
        within(there, value + inner(gradient, other - W)[0], what="the loss")


@course_property(needs=f"two functions {LOSS}", cases=_batches)
def naive_and_vectorized_loss_agree(
    naive: Function, vectorized: Function, W: Array, X: Array, y: Array
) -> None:
    """The function in loops and the vectorized one give the same loss and gradient."""
    expected = own_pair(naive(W, X, y, 0.5), W.shape)
    check_value(vectorized(W, X, y, 0.5), expected, what=BOTH)


@course_property(needs="predict(W (D, C), b (C,), X (N, D)) -> labels (N,)", cases=_batches)
def predictions_ignore_a_common_bias(predict: Function, W: Array, X: Array, y: Array) -> None:
    """The same number added to all biases changes no prediction; a large one for a class, all."""
    bias = np.zeros(W.shape[1], W.dtype)
    before = own(predict(W, bias, X), (len(X),), what="the predicted labels")
    check_value(predict(W, bias + 8, X), before, what="the predicted labels")
    bias[-1] = 1e4
    last = np.full(len(X), W.shape[1] - 1)
    check_value(predict(W, bias, X), last, what="the predicted labels")


@course_property(
    needs="classifier_loss(W (D, C), b (C,), X (N, D), y (N,), reg) -> (loss, dW (D, C), db (C,))",
    cases=_batches,
)
def penalty_leaves_the_bias_alone(loss: Function, W: Array, X: Array, y: Array) -> None:
    """The penalty does not see the bias: it adds the same for every bias, and nothing to db."""
    names = ("the loss", "the gradient of the weights", "the gradient of the bias")
    added = []
    for bias in (np.zeros(W.shape[1], W.dtype), np.arange(1, 1 + W.shape[1]).astype(W.dtype)):
        bare = own_parts(loss(W, bias, X, y, 0.0), names)
        whole = own_parts(loss(W, bias, X, y, 4.0), names)
        check_value(whole[2], own(bare[2], bias.shape, what=names[2]), what=names[2])
        added.append(own(whole[0], (), what=names[0]) - own(bare[0], (), what=names[0]))
    check_value(added[1], added[0], what="the loss")
