"""Argument checks: what passes keeps its values, what does not is refused with a mend."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from reference.arrays import (
    as_float_array,
    as_float_matrix,
    check_choice,
    check_count,
    check_finite,
    check_labels,
    check_positive,
    check_probability,
    check_same_shape,
)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_float_array_passes_uncopied_in_its_own_dtype(dtype):
    x = np.ones((2, 3), dtype)
    assert as_float_array(x, "X") is x


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.bool_, np.float16])
def test_other_real_dtypes_become_float64(dtype):
    x = as_float_array(np.ones(3, dtype), "X")
    assert x.dtype == np.float64
    assert x.tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("value", [["a"], [1j], [None], np.array(["2020-01-01"], "datetime64[D]")])
def test_what_is_no_real_number_is_refused(value):
    with pytest.raises(ValueError, match=r"X must hold real numbers, got dtype"):
        as_float_array(value, "X")


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_the_first_index_that_is_not_finite_is_named(bad):
    x = np.zeros((2, 3))
    x[1, 2] = bad
    with pytest.raises(ValueError, match=r"must be finite, got .* at index \(1, 2\)"):
        as_float_array(x, "X")


def test_infinities_of_both_signs_do_not_hide_each_other():
    with pytest.raises(ValueError, match=r"index \(0,\)"):
        check_finite(np.array([np.inf, -np.inf]), "x")


def test_finite_numbers_whose_sum_overflows_pass():
    check_finite(np.full(4, np.finfo(np.float64).max), "x")
    check_finite(np.full(4, np.finfo(np.float32).max, np.float32), "x")


def test_wrong_axes_empty_arrays_and_wrong_columns_are_refused():
    with pytest.raises(ValueError, match=r"2 axes \(N, D\), got shape \(3,\)"):
        as_float_matrix(np.zeros(3), "X")
    with pytest.raises(ValueError, match=r"must not be empty, got shape \(0, 3\)"):
        as_float_matrix(np.zeros((0, 3)), "X")
    with pytest.raises(ValueError, match=r"must have 4 columns, got shape \(2, 3\)"):
        as_float_matrix(np.zeros((2, 3)), "X", columns=4)


def test_a_gradient_of_another_shape_is_refused():
    check_same_shape(np.zeros((2, 3)), "dW", (2, 3), "W")
    with pytest.raises(ValueError, match=r"dW must have the shape \(2, 3\) of W, got \(3, 2\)"):
        check_same_shape(np.zeros((3, 2)), "dW", (2, 3), "W")


@given(hnp.arrays(st.sampled_from([np.uint8, np.int32, np.int64]), 5, elements=st.integers(0, 6)))
def test_labels_in_range_keep_their_values(labels):
    checked = check_labels(labels, examples=5, classes=7)
    assert checked.dtype == np.intp
    assert checked.tolist() == labels.tolist()


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([[0], [1], [2]], r"shape \(3,\), one for each example, got \(3, 1\).*ravel"),
        ([0, 1], r"shape \(3,\).*got \(2,\)"),
        ([0.0, 1.0, 2.0], r"must be integers, got dtype float64"),
        ([True, False, True], r"must be integers, got dtype bool"),
        ([0, 1, 3], r"lie in \[0, 3\), got 3"),
        ([0, -1, 2], r"lie in \[0, 3\), got -1"),
    ],
)
def test_wrong_labels_are_refused(labels, message):
    with pytest.raises(ValueError, match=message):
        check_labels(labels, examples=3, classes=3)


def test_counts_refuse_floats_booleans_and_values_out_of_range():
    assert check_count(np.int64(3), "k") == 3
    for bad, message in [(2.0, "integer"), (True, "integer"), (0, "at least 1"), (9, "at most 8")]:
        with pytest.raises(ValueError, match=message):
            check_count(bad, "k", maximum=8)


def test_numbers_choices_and_probabilities_out_of_range_are_refused():
    assert check_positive(0, "strength", zero=True) == 0.0
    assert check_probability(1, "p") == 1.0
    assert check_choice("l1", "metric", ("l1", "l2")) == "l1"
    for bad in (0.0, -1.0, np.nan, np.inf):
        with pytest.raises(ValueError, match="above 0"):
            check_positive(bad, "h")
    for bad in (-0.1, 1.1, np.nan):
        with pytest.raises(ValueError, match=r"lie in \[0, 1\]"):
            check_probability(bad, "p")
    with pytest.raises(ValueError, match="one of 'l1', 'l2', got 'cosine'"):
        check_choice("cosine", "metric", ("l1", "l2"))
