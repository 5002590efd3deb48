import numpy as np
import pytest


def alone(softmax):
    return (softmax,)


def sorted_probabilities(scores):
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.sort(exponentials / exponentials.sum(axis=1, keepdims=True), axis=1)


TABLE = {
    "softmax_rows_sum_to_1": ("softmax", alone, "not_shifted", "shifted_by_batch_maximum"),
    "softmax_lies_between_0_and_1": ("softmax", alone, "not_shifted", "shifted_by_batch_maximum"),
    "softmax_ignores_a_shift_of_a_row": ("softmax", alone, "over_the_batch", "exp_missing"),
    "softmax_moves_with_the_classes": ("softmax", alone, sorted_probabilities),
    "softmax_takes_each_row_alone": ("softmax", alone, "over_the_batch", "over_everything"),
    "softmax_keeps_the_order_of_scores": ("softmax", alone, "over_the_batch", "exp_missing"),
    "softmax_of_equal_scores_is_uniform": (
        "softmax",
        alone,
        "not_shifted",
        "shifted_by_batch_maximum",
    ),
    "softmax_ratio_is_exp_of_the_difference": ("softmax", alone, "over_the_batch", "exp_missing"),
    "softmax_of_a_far_higher_score_is_1": ("softmax", alone, "not_shifted", "over_the_batch"),
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
