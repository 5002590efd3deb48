"""Properties of the softmax: probabilities (N, C) from scores (N, C) (slides s.62)."""

from __future__ import annotations

import numpy as np

from autograder.checks.compare import check_value
from autograder.checks.properties.own import Array, own, turned, within
from autograder.checks.properties.registry import Cases, Function, course_property
from autograder.checks.strategies import score_tables

__all__ = [
    "softmax_ignores_a_shift_of_a_row",
    "softmax_keeps_the_order_of_scores",
    "softmax_lies_between_0_and_1",
    "softmax_moves_with_the_classes",
    "softmax_of_a_far_higher_score_is_1",
    "softmax_of_equal_scores_is_uniform",
    "softmax_ratio_is_exp_of_the_difference",
    "softmax_rows_sum_to_1",
    "softmax_takes_each_row_alone",
]

SOFTMAX = "softmax(scores (N, C)) -> probabilities (N, C)"
WHAT = "the probabilities"
MODERATE = ("plain", "equal", "ties", "separated")


def _scores() -> Cases:
    return score_tables().map(lambda table: (table.scores,))


def _moderate() -> Cases:
    return score_tables(edges=MODERATE, min_classes=2).map(lambda table: (table.scores,))


def _close_scores() -> Cases:
    edges = ("plain", "equal", "ties", "tiny")
    return score_tables(edges=edges, min_classes=2).map(lambda table: (table.scores,))


@course_property(needs=SOFTMAX, cases=_scores, relates=False)
def softmax_rows_sum_to_1(softmax: Function, scores: Array) -> None:
    """The probabilities of each row sum to 1."""
    probabilities = own(softmax(scores), scores.shape, what=WHAT)
    check_value(probabilities.sum(axis=1), np.ones(len(scores)), what=WHAT)


@course_property(needs=SOFTMAX, cases=_scores, relates=False)
def softmax_lies_between_0_and_1(softmax: Function, scores: Array) -> None:
    """Every probability lies between 0 and 1, however large the scores are."""
    within(own(softmax(scores), scores.shape, what=WHAT), 0.0, 1.0, what=WHAT)


@course_property(needs=SOFTMAX, cases=_moderate)
def softmax_ignores_a_shift_of_a_row(softmax: Function, scores: Array) -> None:
    """Adding a number to all scores of a row leaves its probabilities as they are."""
    before = own(softmax(scores), scores.shape, what=WHAT)
    shift = (np.arange(len(scores)) * 3 + 4).astype(scores.dtype)
    check_value(softmax(scores + shift[:, None]), before, what=WHAT)


@course_property(needs=SOFTMAX, cases=_moderate)
def softmax_moves_with_the_classes(softmax: Function, scores: Array) -> None:
    """Renumbering the classes moves the probabilities along and changes nothing else."""
    order = turned(scores.shape[1])
    before = own(softmax(scores), scores.shape, what=WHAT)
    check_value(softmax(scores[:, order]), before[:, order], what=WHAT)


@course_property(needs=SOFTMAX, cases=_moderate)
def softmax_takes_each_row_alone(softmax: Function, scores: Array) -> None:
    """The probabilities of a row do not depend on the other rows of the batch."""
    together = own(softmax(scores), scores.shape, what=WHAT)
    check_value(softmax(scores[:1]), together[:1], what=WHAT)
    check_value(softmax(scores[-1:]), together[-1:], what=WHAT)


@course_property(needs=SOFTMAX, cases=_moderate, relates=False)
def softmax_keeps_the_order_of_scores(softmax: Function, scores: Array) -> None:
    """Of two classes, the one with the higher score never has the lower probability."""
    probabilities = own(softmax(scores), scores.shape, what=WHAT)
    order = np.argsort(scores, axis=1, kind="stable")
    rising = np.take_along_axis(probabilities, order, axis=1)
    within(rising[:, 1:], rising[:, :-1], what=WHAT)


@course_property(needs=SOFTMAX, cases=_scores, relates=False)
def softmax_of_equal_scores_is_uniform(softmax: Function, scores: Array) -> None:
    """Where all scores of a row are equal, every class has the probability 1/C."""
    equal = np.repeat(scores[:, :1], scores.shape[1], axis=1)
    check_value(softmax(equal), np.full(scores.shape, 1.0 / scores.shape[1]), what=WHAT)


@course_property(needs=SOFTMAX, cases=_close_scores)
def softmax_ratio_is_exp_of_the_difference(softmax: Function, scores: Array) -> None:
    """Two probabilities of a row stand in the ratio `exp(score_i - score_j)`."""
    probabilities = own(softmax(scores), scores.shape, what=WHAT)
    factor = np.exp(scores[:, 1:] - scores[:, :1])
    check_value(probabilities[:, 1:], probabilities[:, :1] * factor, what=WHAT)


@course_property(needs=SOFTMAX, cases=_moderate, relates=False)
def softmax_of_a_far_higher_score_is_1(softmax: Function, scores: Array) -> None:
    """A score that is 1000 higher than the others takes all the probability, without overflow."""
    far = scores.copy()
    far[:, 0] = scores.max(axis=1) + 1000.0
    expected = np.zeros(scores.shape)
    expected[:, 0] = 1.0
    check_value(softmax(far), expected, what=WHAT)
