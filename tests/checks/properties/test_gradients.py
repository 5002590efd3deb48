import numpy as np
import pytest

DTYPES = ("float64",)  # a step of 1e-5 is lost in float32


def numeric(difference):
    return (lambda f, x: difference(eval(f), x),)


def alone(error):
    return (error,)


def divided_by_x(f, x):
    # The gradient of log x for that of x: f(x) / x.
    return f(x) / np.where(x == 0, 1.0, x)


TABLE = {
    "numeric_gradient_of_a_sum_is_1": (
        "central_difference",
        numeric,
        "divided_by_h",
        "half_one_sided",
    ),
    "numeric_gradient_of_squares_is_exact": (
        "central_difference",
        numeric,
        "one_sided",
        "divided_by_h",
    ),
    "numeric_gradient_of_a_constant_is_0": ("central_difference", numeric, divided_by_x),
    "numeric_gradients_add": ("central_difference", numeric, "float32", "h_too_small"),
    "numeric_gradient_moves_one_entry_at_a_time": (
        "central_difference",
        numeric,
        "divided_by_h",
        "half_one_sided",
    ),
    "relative_error_of_equals_is_0": ("relative_error", alone, "floor_missing"),
    "relative_error_is_symmetric": ("relative_error", alone, "signed", "divided_by_first"),
    "relative_error_ignores_the_unit": (
        "relative_error",
        alone,
        "absolute",
        "denominator_without_abs",
    ),
    "relative_error_lies_between_0_and_1": (
        "relative_error",
        alone,
        "absolute",
        "denominator_without_abs",
    ),
    "relative_error_is_that_of_the_worst_entry": ("relative_error", alone, "absolute", "signed"),
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
