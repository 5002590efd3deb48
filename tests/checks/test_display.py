import doctest
from itertools import pairwise

import numpy as np
import pytest

from autograder.checks import display
from autograder.checks.tolerances import TOLERANCES, allowed, precision, tolerance


def test_the_examples_in_the_docstrings_hold():
    result = doctest.testmod(display)
    assert result.attempted >= 4 and result.failed == 0


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (3, "3"),
        (np.int64(-7), "-7"),
        (True, "True"),
        (1 / 3, "0.333333"),
        (-0.0, "0"),
        (1e30, "1e+30"),
        (float("nan"), "NaN"),
        (-np.inf, "-inf"),
        (1 + 2j, "1+2j"),
        (10**25, "1e+25"),
        (-(9 * 10**400), "-9e+400"),
        (np.float16(0.1), "0.0999756"),
    ],
)
def test_numbers_are_short_and_exact_enough(value, shown):
    assert display.number(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a\u202eb", "'a\ufffdb'"),
        ([1, 2.5, "x"], "[1, 2.5, 'x']"),
        ((1,), "(1,)"),
        ({"a": None}, "{'a': None}"),
        (list(range(50)), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, …]"),
        (np.zeros((20, 3)), "shape (20, 3)"),
        (object(), "object"),
        (np.array("abc"), "array of the type <U3, shape ()"),
    ],
)
def test_any_data_has_a_short_form(value, shown):
    if isinstance(value, str):
        shown = repr(value)  # a control character is shown escaped
    assert display.anything(value) == shown


@pytest.mark.parametrize(
    "make", [lambda: "x" * 10**6, lambda: ["y" * 99] * 99, lambda: {i: "z" * 99 for i in range(99)}]
)
def test_no_data_has_a_long_form(make):
    assert len(display.anything(make())) <= display.LIMIT


def test_the_row_of_the_table_is_that_of_the_lower_precision():
    x = np.array([0.1, 0.7])
    assert precision(x) == "float64"
    assert precision(x.astype(np.float32)) == "float32"
    assert precision(x.astype(np.float16)) == "float16"
    assert precision(x.astype(np.float32).astype(np.float64)) == "float32"
    assert precision(np.array([0.5, 3.0])) == "float64", "short numbers tell nothing"
    assert precision(np.array([1, 2])) == "float64"
    assert precision(x.astype(np.complex64)) == "float32"
    assert tolerance(x, x.astype(np.float32)) == TOLERANCES["float32"]


def test_rows_of_the_table_widen_with_falling_precision():
    rows = [TOLERANCES[name] for name in ("float64", "float32", "float16")]
    for tight, wide in pairwise(rows):
        assert tight.rtol < wide.rtol and tight.atol < wide.atol and tight.scale < wide.scale


def test_the_allowed_error_grows_with_the_entry_and_with_the_largest_one():
    limits = tolerance(np.zeros(3), np.zeros(3), rtol=0.1, atol=0.01)
    assert np.allclose(allowed(np.array([0.0, 1.0, -10.0]), limits), [0.01, 0.11, 1.01])
    table = allowed(np.array([0.0, 100.0, np.inf]), TOLERANCES["float64"])
    assert table[0] == pytest.approx(1e-8 + 1e-4) and np.isfinite(table).all()
