import numpy as np
import pytest


def alone(hinge):
    return (lambda scores, y: hinge(scores, y),)


def with_margin(hinge):
    return (lambda scores, y, delta: hinge(scores, y, delta=delta),)


def squared(hinge):
    return (lambda scores, y, delta: hinge(scores, y, delta=delta, squared=True),)


def compared_with_0(scores, y, **_):
    # Each wrong score should be below 0, whatever the true one is.
    rows, margins = np.arange(len(scores)), np.maximum(scores + 1, 0)
    margins[rows, y] = 0
    return margins.sum() / len(scores), (margins > 0) / len(scores)


def neighbouring_class_alone(scores, y, **_):
    # Only the class after the true one is looked at.
    rows, other = np.arange(len(scores)), (y + 1) % scores.shape[1]
    margins = np.maximum(scores[rows, other] - scores[rows, y] + 1, 0)
    gradient = np.zeros(scores.shape)
    gradient[rows, other] = margins > 0
    gradient[rows, y] -= margins > 0
    return margins.mean(), gradient / len(scores)


TABLE = {
    "hinge_is_not_negative": ("hinge", alone, "not_clamped"),
    "hinge_of_equal_scores_is_c_minus_1": ("hinge", alone, "true_class_not_zeroed", "mean_missing"),
    "hinge_is_0_beyond_the_margin": (
        "hinge",
        alone,
        "true_class_not_zeroed",
        "gradient_counts_true_class",
    ),
    "hinge_ignores_a_shift_of_a_row": ("hinge", alone, compared_with_0),
    "hinge_moves_with_the_classes": ("hinge", alone, neighbouring_class_alone),
    "hinge_is_a_mean_over_examples": ("hinge", alone, "mean_missing", "gradient_mean_missing"),
    "hinge_gradient_rows_sum_to_0": (
        "hinge",
        alone,
        "gradient_counts_true_class",
        "label_count_missing",
    ),
    "hinge_gradient_counts_violated_margins": (
        "hinge",
        alone,
        "gradient_counts_true_class",
        "sign_swapped",
    ),
    "hinge_lies_above_its_tangents": (
        "hinge",
        alone,
        "gradient_counts_true_class",
        "gradient_mean_missing",
    ),
    "hinge_scales_with_scores_and_margin": ("hinge", with_margin, "always_squared", "delta_fixed"),
    "hinge_grows_with_the_margin": ("hinge", with_margin, "true_class_not_zeroed", "mean_missing"),
    "squared_hinge_scales_with_the_square": (
        "hinge",
        squared,
        "label_count_missing",
        "squared_slope_without_margin",
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
