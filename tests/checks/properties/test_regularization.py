import pytest

from reference.regularization import l1, l2


def alone(penalty):
    return (lambda W, strength: penalty(W, strength=strength),)


def net(penalty):
    return (
        lambda W, strength, beta: penalty(W, strength=strength, beta=beta),
        *alone(l2),
        *alone(l1),
    )


def half(penalty):
    return (*alone(penalty), *alone(l2))


TABLE = {
    "penalty_of_no_weights_is_0": ("l2", alone, "norm_for_squares"),
    "penalty_is_not_negative": ("l2", alone, "norm_for_squares", "subtracted"),
    "penalty_is_proportional_to_its_strength": ("l2", alone, "norm_for_squares"),
    "penalty_ignores_the_signs": ("l2", alone, "norm_for_squares"),
    "penalty_adds_over_the_weights": ("l2", alone, "norm_for_squares", "mean_of_squares"),
    "penalty_lies_above_its_tangents": ("l2", alone, "gradient_without_2", "value_halved"),
    "l2_grows_with_the_square": ("l2", alone, "norm_for_squares", "absolute_values"),
    "l2_gradient_fits_its_value": ("l2", alone, "gradient_without_2", "value_halved"),
    "l1_grows_with_the_weights": ("l1", alone, "gradient_is_weights"),
    "l1_gradient_fits_its_value": ("l1", alone, "sign_missing", "gradient_is_weights"),
    "elastic_net_is_l1_plus_beta_l2": (
        "elastic_net",
        net,
        "beta_on_the_absolute_values",
        "beta_ignored",
    ),
    "half_l2_is_half_of_l2": ("half_l2", half, "full_value", "gradient_with_2"),
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
