import pytest


def alone(function):
    return (function,)


TABLE = {
    "newton_reaches_the_bottom_of_a_bowl": (
        "newton_step",
        alone,
        "hessian_not_inverted",
        "elementwise_inverse",
    ),
    "newton_ignores_the_unit_of_the_loss": (
        "newton_step",
        alone,
        "hessian_not_inverted",
        "curvature_ignored",
    ),
    "bfgs_fits_the_last_step": (
        "inverse_hessian_update",
        alone,
        "step_and_change_swapped",
        "one_side_alone",
    ),
    "bfgs_keeps_the_inverse_hessian_symmetric": ("inverse_hessian_update", alone, "one_side_alone"),
    "bfgs_learns_nothing_from_a_fitting_step": (
        "inverse_hessian_update",
        alone,
        "step_and_change_swapped",
        "last_term_missing",
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
