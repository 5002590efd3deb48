"""Five checks that a hostile submission tries to pass without knowing how."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.checks import check_value
from autograder.errors import CheckFailure, FailureDetails
from autograder.texts import plain

SECRET_FACTOR = 3.719


@pytest.mark.points(2, question="values")
def test_total(student, rng):
    """The total of five numbers."""
    values = rng.normal(size=5)
    check_value(student.total(values), values.sum())


@pytest.mark.points(2, question="values")
@given(values=st.lists(st.integers(-1000, 1000), min_size=1, max_size=5))
def test_total_of_any_numbers(student, values):
    """The total of any numbers."""
    check_value(student.total(np.array(values, dtype=float) + 0.25), sum(values) + len(values) / 4)


@pytest.mark.points(2, question="values")
def test_order(student, rng):
    """The places of seven numbers in rising order."""
    values = rng.normal(size=7)
    check_value(student.order(values), np.argsort(values))


@pytest.mark.points(2, question="values", visibility="hidden")
def test_scale(student):
    """The numbers times a factor."""
    values = np.array([1.0, -2.0, 0.5])
    check_value(student.scale(values, SECRET_FACTOR), values * SECRET_FACTOR)


@pytest.mark.points(2, question="learning")
def test_learns(student, training_seed):
    """Nine in ten held-out points get the right sign."""
    rng = np.random.default_rng(training_seed)
    rule = rng.normal(size=3)
    X = rng.normal(size=(150, 3))
    labels = np.sign(X @ rule)
    student.fit(X[:100], labels[:100])
    got = np.asarray(student.predict(X[100:]))
    if got.shape != (50,) or np.mean(got == labels[100:]) < 0.9:
        raise CheckFailure(FailureDetails(plain("Too few are right."), got=str(got)[:80]))
