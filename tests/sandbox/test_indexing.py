"""Lists of indices, as numpy took them before 1.23."""

import ast

import numpy as np
import pytest

from autograder.sandbox.indexing import HELPER, index, tupled

X = np.arange(12.0).reshape(3, 4)
Y = np.array([1, 0, 3])


def run(code):
    scope = {"np": np, "x": X.copy(), "y": Y, HELPER: index}
    exec(compile(tupled(ast.parse(code)), "student.py", "exec"), scope)
    return scope


@pytest.mark.parametrize(
    ("code", "right"),
    [
        ("out = x[[range(3), y]]", X[range(3), Y]),
        ("where = [range(3), y]\nout = x[where]", X[range(3), Y]),
        ("where = [slice(None)] * 2\nwhere[1] = 2\nout = x[where]", X[:, 2]),
        ("where = list((np.arange(3), y))\nout = x[where]", X[range(3), Y]),
        ("out = x[[None, 1]]", X[None, 1]),
        ("out = x[[0, 2]]", X[[0, 2]]),
        ("out = x[[[0, 1], [1, 2]]]", X[[[0, 1], [1, 2]]]),
        ("out = x[[True, False, True]]", X[[True, False, True]]),
        ("rows = [2, 0]\nout = x[rows]", X[[2, 0]]),
        ("out = x[range(3), y]", X[range(3), Y]),
    ],
)
def test_a_list_with_arrays_or_slices_is_a_tuple_and_one_of_numbers_is_not(code, right):
    np.testing.assert_array_equal(run(code)["out"], right)


def test_what_is_stored_and_added_goes_to_the_same_places():
    found = run("where = [range(3), y]\nx[where] -= 1\nx[[range(3), y]] *= 2")["x"]
    right = X.copy()
    right[range(3), Y] = 2 * (right[range(3), Y] - 1)
    np.testing.assert_array_equal(found, right)


def test_errors_keep_their_line():
    with pytest.raises(IndexError) as caught:
        run("a = [range(3), y + 9]\n\nx[a]")
    assert caught.traceback[-1].lineno == 2


def test_dictionaries_and_lists_are_indexed_as_ever():
    assert run("key = 'b'\nout = {'b': [7, 8]}[key][1]")["out"] == 8
