"""Properties of the softmax cross-entropy and its gradient with respect to the scores (s.62-66)."""

from __future__ import annotations

import numpy as np

from autograder.checks.compare import check_value
from autograder.checks.properties.own import Array, close, inner, own, own_pair, turned, within
from autograder.checks.properties.registry import Cases, Function, course_property
from autograder.checks.strategies import score_tables

__all__ = [
    "cross_entropy_gradient_is_probabilities_less_1",
    "cross_entropy_gradient_rows_sum_to_0",
    "cross_entropy_ignores_a_shift_of_a_row",
    "cross_entropy_is_a_mean_over_examples",
    "cross_entropy_is_not_negative",
    "cross_entropy_lies_above_its_tangents",
    "cross_entropy_lies_near_the_largest_gap",
    "cross_entropy_moves_with_the_classes",
    "cross_entropy_moves_with_the_examples",
    "cross_entropy_of_a_hopeless_score_is_the_gap",
    "cross_entropy_of_equal_scores_is_log_c",
    "cross_entropy_pulls_the_true_class_up",
]

LOSS = "loss(scores (N, C), y (N,)) -> (loss, gradient (N, C)), the mean over N"
BOTH = ("the loss", "the gradient")


def _tables() -> Cases:
    return score_tables(min_classes=2).map(lambda table: (table.scores, table.y))


def _moderate() -> Cases:
    edges = ("plain", "equal", "ties", "tiny")
    return score_tables(edges=edges, min_classes=2).map(lambda table: (table.scores, table.y))


def _several() -> Cases:
    edges = ("plain", "equal", "ties")
    return score_tables(edges=edges, min_classes=2).map(
        lambda table: (
            np.concatenate([table.scores, -table.scores[:1]]),
            np.concatenate([table.y, table.y[:1]]),
        )
    )


@course_property(needs=LOSS, cases=_tables, relates=False)
def cross_entropy_is_not_negative(loss: Function, scores: Array, y: Array) -> None:
    """The cross-entropy loss is never below 0, and never infinite."""
    value, _ = own_pair(loss(scores, y), scores.shape)
    within(value, 0.0, what="the loss")


@course_property(needs=LOSS, cases=_tables, relates=False)
def cross_entropy_of_equal_scores_is_log_c(loss: Function, scores: Array, y: Array) -> None:
    """Where all scores are equal, the cross-entropy loss is `ln C`."""
    value, _ = own_pair(loss(np.zeros_like(scores), y), scores.shape)
    check_value(value, np.log(scores.shape[1]), what="the loss")


@course_property(needs=LOSS, cases=_moderate)
def cross_entropy_ignores_a_shift_of_a_row(loss: Function, scores: Array, y: Array) -> None:
    """Adding a number to all scores of an example changes neither loss nor gradient."""
    expected = own_pair(loss(scores, y), scores.shape)
    shift = (np.arange(len(scores)) * 3 - 4).astype(scores.dtype)
    check_value(loss(scores + shift[:, None], y), expected, what=BOTH)


@course_property(needs=LOSS, cases=_tables, relates=False)
def cross_entropy_gradient_rows_sum_to_0(loss: Function, scores: Array, y: Array) -> None:
    """The gradient's entries of each example sum to 0."""
    _, gradient = own_pair(loss(scores, y), scores.shape)
    close(gradient.sum(axis=1), np.zeros(len(scores)), 1.0 / len(scores), what="the gradient")


@course_property(needs=LOSS, cases=_tables, relates=False)
def cross_entropy_pulls_the_true_class_up(loss: Function, scores: Array, y: Array) -> None:
    """The gradient is at most 0 at the true class and at least 0 at every other one."""
    _, gradient = own_pair(loss(scores, y), scores.shape)
    sign = np.ones(scores.shape)
    sign[np.arange(len(scores)), y] = -1.0
    within(gradient * sign, 0.0, 1.0 / len(scores), what="the gradient")


@course_property(needs=LOSS, cases=_several)
def cross_entropy_is_a_mean_over_examples(loss: Function, scores: Array, y: Array) -> None:
    """The loss of a batch is the mean of its examples' losses, and so is the gradient."""
    losses, rows = [], []
    for at in range(len(scores)):
        value, gradient = own_pair(loss(scores[at : at + 1], y[at : at + 1]), (1, scores.shape[1]))
        losses.append(value)
        rows.append(gradient[0] / len(scores))
    check_value(loss(scores, y), (np.mean(losses), np.array(rows)), what=BOTH)


@course_property(needs=LOSS, cases=_moderate)
def cross_entropy_moves_with_the_classes(loss: Function, scores: Array, y: Array) -> None:
    """Renumbering the classes leaves the loss as it is and moves the gradient's columns along."""
    order = turned(scores.shape[1])
    value, gradient = own_pair(loss(scores, y), scores.shape)
    got = loss(scores[:, order], np.argsort(order)[y])
    check_value(got, (value, gradient[:, order]), what=BOTH)


@course_property(needs=LOSS, cases=_several)
def cross_entropy_moves_with_the_examples(loss: Function, scores: Array, y: Array) -> None:
    """Another order of the examples leaves the loss as it is and moves the gradient's rows."""
    order = turned(len(scores))
    value, gradient = own_pair(loss(scores, y), scores.shape)
    check_value(loss(scores[order], y[order]), (value, gradient[order]), what=BOTH)


@course_property(needs=LOSS, cases=_moderate, relates=False)
def cross_entropy_of_a_hopeless_score_is_the_gap(loss: Function, scores: Array, y: Array) -> None:
    """Where the true class lies 2000 below another one, the loss of the example is 2000."""
    far = np.zeros_like(scores)
    rows = np.arange(len(scores))
    far[rows, (y + 1) % scores.shape[1]] = 1000.0
    far[rows, y] = -1000.0
    value, _ = own_pair(loss(far, y), scores.shape)
    check_value(value, 2000.0, what="the loss")


@course_property(needs=LOSS, cases=_tables, relates=False)
def cross_entropy_lies_near_the_largest_gap(loss: Function, scores: Array, y: Array) -> None:
    """The loss of an example lies between the gap to its highest score and that gap plus `ln C`."""
    gaps = np.asarray(scores, float).max(axis=1) - scores[np.arange(len(scores)), y]
    value, _ = own_pair(loss(scores, y), scores.shape)
    within(value, gaps.mean(), gaps.mean() + np.log(scores.shape[1]), what="the loss")


@course_property(needs=LOSS, cases=_moderate)
def cross_entropy_lies_above_its_tangents(loss: Function, scores: Array, y: Array) -> None:
    """The loss anywhere is at least what loss and gradient here promise (it is convex)."""
    value, gradient = own_pair(loss(scores, y), scores.shape)
    for step in (1.0, -1.0):
        moved = scores.copy()
        moved[np.arange(len(scores)), y] += scores.dtype.type(step)
        other, _ = own_pair(loss(moved, y), scores.shape)
        within(other, value + inner(gradient, moved - scores)[0], what="the loss")


@course_property(needs=f"softmax(scores (N, C)) -> probabilities (N, C); {LOSS}", cases=_moderate)
def cross_entropy_gradient_is_probabilities_less_1(
    softmax: Function, loss: Function, scores: Array, y: Array
) -> None:
    """The gradient is the probabilities, less 1 at the true class, over N."""
    expected = own(softmax(scores), scores.shape, what="the probabilities").copy()
    expected[np.arange(len(scores)), y] -= 1.0
    _, gradient = own_pair(loss(scores, y), scores.shape)
    check_value(gradient, expected / len(scores), what="the gradient")
