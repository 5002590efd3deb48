import numpy as np
import pytest

from reference.losses import softmax, softmax_cross_entropy


def alone(loss):
    return (loss,)


def after_softmax(loss):
    return softmax, loss


def weighed_by_place(scores, y):
    # The n-th example counts n times.
    losses, gradient = [], np.zeros(scores.shape)
    for place in range(len(scores)):
        one = softmax_cross_entropy(scores[place : place + 1], y[place : place + 1])
        losses.append((place + 1) * one.loss)
        gradient[place] = (place + 1) * one.gradient[0]
    return np.mean(losses), gradient / len(scores)


TABLE = {
    "cross_entropy_is_not_negative": (
        "softmax_cross_entropy",
        alone,
        "not_shifted",
        "shifted_by_batch_maximum",
    ),
    "cross_entropy_of_equal_scores_is_log_c": (
        "softmax_cross_entropy",
        alone,
        "log10",
        "log_clipped",
    ),
    "cross_entropy_ignores_a_shift_of_a_row": (
        "softmax_cross_entropy",
        alone,
        "shifted_in_one_term",
        "over_the_batch",
    ),
    "cross_entropy_gradient_rows_sum_to_0": (
        "softmax_cross_entropy",
        alone,
        "not_shifted",
        "shifted_by_batch_maximum",
    ),
    "cross_entropy_pulls_the_true_class_up": (
        "softmax_cross_entropy",
        alone,
        "not_shifted",
        "shifted_by_batch_maximum",
    ),
    "cross_entropy_is_a_mean_over_examples": (
        "softmax_cross_entropy",
        alone,
        "mean_missing",
        "gradient_mean_missing",
    ),
    "cross_entropy_moves_with_the_classes": ("softmax_cross_entropy", alone, "labels_from_one"),
    "cross_entropy_moves_with_the_examples": ("softmax_cross_entropy", alone, weighed_by_place),
    "cross_entropy_of_a_hopeless_score_is_the_gap": (
        "softmax_cross_entropy",
        alone,
        "not_shifted",
        "shifted_by_batch_maximum",
    ),
    "cross_entropy_lies_near_the_largest_gap": (
        "softmax_cross_entropy",
        alone,
        "not_shifted",
        "shifted_by_batch_maximum",
    ),
    "cross_entropy_lies_above_its_tangents": (
        "softmax_cross_entropy",
        alone,
        "shifted_in_one_term",
        "log10",
    ),
    "cross_entropy_gradient_is_probabilities_less_1": (
        "softmax_cross_entropy",
        after_softmax,
        "mean_missing",
        "gradient_mean_missing",
    ),
}


def test_the_right_version_satisfies_it(law, dtype, accepts):
    accepts(law, dtype)


@pytest.mark.slow
def test_the_right_version_satisfies_it_on_many_examples(law, dtype, accepts):
    accepts(law, dtype, examples=150)


@pytest.mark.slow
def test_another_style_satisfies_it(law, style, accepts):
    accepts(law, "float64", examples=30, style=style)


def test_wrong_versions_break_it(law, rejects):
    rejects(law)
