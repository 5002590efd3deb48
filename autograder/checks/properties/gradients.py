"""Properties of numeric gradients and of the relative error that compares two (s.74-84)."""

from __future__ import annotations

import numpy as np

from autograder.checks.compare import check_value
from autograder.checks.properties.own import Array, own, pattern, within
from autograder.checks.properties.registry import Cases, Function, course_property
from autograder.checks.strategies import feature_matrices

__all__ = [
    "numeric_gradient_moves_one_entry_at_a_time",
    "numeric_gradient_of_a_constant_is_0",
    "numeric_gradient_of_a_sum_is_1",
    "numeric_gradient_of_squares_is_exact",
    "numeric_gradients_add",
    "relative_error_ignores_the_unit",
    "relative_error_is_symmetric",
    "relative_error_is_that_of_the_worst_entry",
    "relative_error_lies_between_0_and_1",
    "relative_error_of_equals_is_0",
]

NUMERIC = "numeric_gradient(f, x) -> gradient, f an expression such as lambda x: (x ** 2).sum()"
ERROR = "relative_error(a, b) -> a number"
GRADIENT = "the gradient"
WHAT = "the relative error"


def _points() -> Cases:
    # Central differences with a step of 1e-5 in float64 are good to 1e-9 of the values.
    edges = ("plain", "zero variance", "equal rows")
    return feature_matrices(max_samples=3, max_features=3, edges=edges).map(lambda X: (X,))


def _pairs() -> Cases:
    edges = ("plain", "zero variance", "equal rows")
    return feature_matrices(max_samples=3, max_features=3, edges=edges).map(
        lambda X: (X, X[::-1] + pattern(X.shape, X.dtype))
    )


@course_property(needs=NUMERIC, cases=_points, relates=False)
def numeric_gradient_of_a_sum_is_1(numeric: Function, x: Array) -> None:
    """The numeric gradient of the sum of all entries is 1 at each of them."""
    check_value(numeric("lambda x: x.sum()", x.copy()), np.ones(x.shape), what=GRADIENT, atol=1e-6)


@course_property(needs=NUMERIC, cases=_points, relates=False)
def numeric_gradient_of_squares_is_exact(numeric: Function, x: Array) -> None:
    """Central differences of the sum of squares give `2 x`, exact but for rounding."""
    got = numeric("lambda x: (x ** 2).sum()", x.copy())
    check_value(got, 2 * x, what=GRADIENT, rtol=1e-8, atol=1e-7)


@course_property(needs=NUMERIC, cases=_points, relates=False)
def numeric_gradient_of_a_constant_is_0(numeric: Function, x: Array) -> None:
    """The numeric gradient of a function that does not use x is 0."""
    got = numeric("lambda x: 3.0", x.copy())
    check_value(got, np.zeros(x.shape), what=GRADIENT)


@course_property(needs=NUMERIC, cases=_points)
def numeric_gradients_add(numeric: Function, x: Array) -> None:
    """The numeric gradient of a sum of two functions is the sum of their gradients."""
    first = own(numeric("lambda x: (x ** 2).sum()", x.copy()), x.shape, what=GRADIENT)
    second = own(numeric("lambda x: x[0, 0] * x.sum()", x.copy()), x.shape, what=GRADIENT)
    got = numeric("lambda x: (x ** 2).sum() + x[0, 0] * x.sum()", x.copy())
    check_value(got, first + second, what=GRADIENT, atol=1e-6)


@course_property(needs=NUMERIC, cases=_points, relates=False)
def numeric_gradient_moves_one_entry_at_a_time(numeric: Function, x: Array) -> None:
    """Where f is the product of two entries, each has the other for its gradient."""
    expected = np.zeros(x.shape)
    expected.flat[0] += x.flat[-1]
    expected.flat[-1] += x.flat[0]
    got = numeric("lambda x: x[0, 0] * x[-1, -1]", x.copy())
    check_value(got, expected, what=GRADIENT, atol=1e-6)


@course_property(needs=ERROR, cases=_pairs, relates=False)
def relative_error_of_equals_is_0(relative_error: Function, a: Array, b: Array) -> None:
    """The relative error of two equal arrays is 0, also where they hold zeros."""
    check_value(relative_error(a, a.copy()), 0.0, what=WHAT)
    check_value(relative_error(0 * a, 0 * a), 0.0, what=WHAT)


@course_property(needs=ERROR, cases=_pairs)
def relative_error_is_symmetric(relative_error: Function, a: Array, b: Array) -> None:
    """Which of the two arrays is named first does not matter."""
    check_value(relative_error(b, a), own(relative_error(a, b), (), what=WHAT), what=WHAT)


@course_property(needs=ERROR, cases=_pairs)
def relative_error_ignores_the_unit(relative_error: Function, a: Array, b: Array) -> None:
    """Both arrays 1000 times as large have the same relative error."""
    before = own(relative_error(a, b), (), what=WHAT)
    check_value(relative_error(1000.0 * a, 1000.0 * b), before, what=WHAT)


@course_property(needs=ERROR, cases=_pairs, relates=False)
def relative_error_lies_between_0_and_1(relative_error: Function, a: Array, b: Array) -> None:
    """The relative error `|a - b| / (|a| + |b|)` lies between 0 and 1; opposite signs have 1."""
    within(own(relative_error(a, b), (), what=WHAT), 0.0, 1.0, what=WHAT)
    check_value(relative_error(np.abs(a) + 1, -np.abs(a) - 1), 1.0, what=WHAT)


@course_property(needs=ERROR, cases=_pairs, relates=False)
def relative_error_is_that_of_the_worst_entry(relative_error: Function, a: Array, b: Array) -> None:
    """One wrong entry among many right ones has its full relative error."""
    right = np.abs(np.tile(a, (4, 1))) + 1
    wrong = right.copy()
    wrong[0, 0] *= 3
    check_value(relative_error(right, wrong), 0.5, what=WHAT)
