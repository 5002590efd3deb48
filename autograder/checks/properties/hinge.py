"""Properties of the multiclass SVM loss and its gradient with respect to the scores (s.45-60)."""

from __future__ import annotations

import numpy as np

from autograder.checks.compare import check_value
from autograder.checks.properties.own import Array, close, inner, own_pair, turned, within
from autograder.checks.properties.registry import Cases, Function, course_property
from autograder.checks.strategies import score_tables

__all__ = [
    "hinge_gradient_counts_violated_margins",
    "hinge_gradient_rows_sum_to_0",
    "hinge_grows_with_the_margin",
    "hinge_ignores_a_shift_of_a_row",
    "hinge_is_0_beyond_the_margin",
    "hinge_is_a_mean_over_examples",
    "hinge_is_not_negative",
    "hinge_lies_above_its_tangents",
    "hinge_moves_with_the_classes",
    "hinge_of_equal_scores_is_c_minus_1",
    "hinge_scales_with_scores_and_margin",
    "squared_hinge_scales_with_the_square",
]

HINGE = "hinge(scores (N, C), y (N,)) -> (loss, gradient (N, C)), the mean over N, delta = 1"
SCALED = "hinge(scores (N, C), y (N,), delta) -> (loss, gradient (N, C)), the mean over N"
BOTH = ("the loss", "the gradient")


def _tables() -> Cases:
    return score_tables(min_classes=2).map(lambda table: (table.scores, table.y))


def _smooth() -> Cases:
    # No margin is 0, where the gradient is a matter of convention.
    return score_tables(edges=("plain",), ties=False, min_classes=2).map(
        lambda table: (table.scores, table.y)
    )


@course_property(needs=HINGE, cases=_tables, relates=False)
def hinge_is_not_negative(hinge: Function, scores: Array, y: Array) -> None:
    """The SVM loss is never below 0."""
    value, _ = own_pair(hinge(scores, y), scores.shape)
    within(value, 0.0, what="the loss")


@course_property(needs=HINGE, cases=_tables, relates=False)
def hinge_of_equal_scores_is_c_minus_1(hinge: Function, scores: Array, y: Array) -> None:
    """Where all scores are equal, the SVM loss is C - 1."""
    value, _ = own_pair(hinge(np.zeros_like(scores), y), scores.shape)
    check_value(value, scores.shape[1] - 1.0, what="the loss")


@course_property(needs=HINGE, cases=_tables, relates=False)
def hinge_is_0_beyond_the_margin(hinge: Function, scores: Array, y: Array) -> None:
    """Where each true class lies more than the margin ahead, loss and gradient are 0."""
    ahead = scores.copy()
    ahead[np.arange(len(scores)), y] = scores.max(axis=1) + 2.0
    check_value(hinge(ahead, y), (0.0, np.zeros(scores.shape)), what=BOTH)


@course_property(needs=HINGE, cases=_smooth)
def hinge_ignores_a_shift_of_a_row(hinge: Function, scores: Array, y: Array) -> None:
    """Adding a number to all scores of an example changes neither SVM loss nor gradient."""
    expected = own_pair(hinge(scores, y), scores.shape)
    shift = (np.arange(len(scores)) * 3 - 4).astype(scores.dtype)
    check_value(hinge(scores + shift[:, None], y), expected, what=BOTH)


@course_property(needs=HINGE, cases=_smooth)
def hinge_moves_with_the_classes(hinge: Function, scores: Array, y: Array) -> None:
    """Renumbering the classes leaves the SVM loss and moves the gradient's columns along."""
    order = turned(scores.shape[1])
    value, gradient = own_pair(hinge(scores, y), scores.shape)
    got = hinge(scores[:, order], np.argsort(order)[y])
    check_value(got, (value, gradient[:, order]), what=BOTH)


@course_property(needs=HINGE, cases=_smooth)
def hinge_is_a_mean_over_examples(hinge: Function, scores: Array, y: Array) -> None:
    """The SVM loss of a batch is the mean of its examples' losses, and so is the gradient."""
    losses, rows = [], []
    for at in range(len(scores)):
        value, gradient = own_pair(hinge(scores[at : at + 1], y[at : at + 1]), (1, scores.shape[1]))
        losses.append(value)
        rows.append(gradient[0] / len(scores))
    check_value(hinge(scores, y), (np.mean(losses), np.array(rows)), what=BOTH)


@course_property(needs=HINGE, cases=_tables, relates=False)
def hinge_gradient_rows_sum_to_0(hinge: Function, scores: Array, y: Array) -> None:
    """The SVM gradient's entries of each example sum to 0."""
    _, gradient = own_pair(hinge(scores, y), scores.shape)
    close(gradient.sum(axis=1), np.zeros(len(scores)), 1.0, what="the gradient")


@course_property(needs=HINGE, cases=_smooth, relates=False)
def hinge_gradient_counts_violated_margins(hinge: Function, scores: Array, y: Array) -> None:
    """N times the gradient is 1 at each class that comes too near, and minus their number at y."""
    rows = np.arange(len(scores))
    too_near = (scores - scores[rows, y][:, None] + 1.0 > 0).astype(float)
    too_near[rows, y] = 0.0
    too_near[rows, y] = -too_near.sum(axis=1)
    _, gradient = own_pair(hinge(scores, y), scores.shape)
    check_value(gradient * len(scores), too_near, what="the gradient")


@course_property(needs=HINGE, cases=_smooth)
def hinge_lies_above_its_tangents(hinge: Function, scores: Array, y: Array) -> None:
    """The SVM loss anywhere is at least what loss and gradient here promise (it is convex)."""
    value, gradient = own_pair(hinge(scores, y), scores.shape)
    for step in (2.0, -2.0):
        moved = scores.copy()
        moved[np.arange(len(scores)), y] += scores.dtype.type(step)
        other, _ = own_pair(hinge(moved, y), scores.shape)
        within(other, value + inner(gradient, moved - scores)[0], what="the loss")


@course_property(needs=SCALED, cases=_smooth)
def hinge_scales_with_scores_and_margin(hinge: Function, scores: Array, y: Array) -> None:
    """Twice the scores with twice the margin have twice the SVM loss and the same gradient."""
    value, gradient = own_pair(hinge(scores, y, 1.0), scores.shape)
    check_value(hinge(2.0 * scores, y, 2.0), (2.0 * value, gradient), what=BOTH)


@course_property(needs=SCALED, cases=_tables)
def hinge_grows_with_the_margin(hinge: Function, scores: Array, y: Array) -> None:
    """A margin wider by 1 raises the SVM loss by at most C - 1, and never lowers it."""
    narrow, _ = own_pair(hinge(scores, y, 1.0), scores.shape)
    wide, _ = own_pair(hinge(scores, y, 2.0), scores.shape)
    within(wide, narrow, narrow + scores.shape[1] - 1.0, what="the loss")


@course_property(
    needs="squared_hinge(scores (N, C), y (N,), delta) -> (loss, gradient (N, C)), the mean over N",
    cases=_smooth,
)
def squared_hinge_scales_with_the_square(hinge: Function, scores: Array, y: Array) -> None:
    """Twice the scores with twice the margin have 4 times the squared hinge, twice the gradient."""
    value, gradient = own_pair(hinge(scores, y, 1.0), scores.shape)
    check_value(hinge(2.0 * scores, y, 2.0), (4.0 * value, 2.0 * gradient), what=BOTH)
