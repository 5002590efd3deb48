import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import (
    check_close_to_each_other,
    check_equal,
    check_finite,
    check_labels,
    check_shape,
    check_unchanged,
)
from autograder.errors import CheckFailure

Y = np.array([1, 2, 0, 2, 1])
labels = st.lists(st.integers(0, 9), min_size=1, max_size=8)


@given(expected=labels)
def test_right_labels_pass_in_any_style(expected):
    array = np.array(expected)
    for got in (expected, tuple(expected), array, array.astype(np.uint8), array.astype(float)):
        check_labels(got, expected)


@given(expected=labels, data=st.data())
@settings(deadline=None)
def test_one_wrong_label_fails_and_is_named(expected, data):
    at = data.draw(st.integers(0, len(expected) - 1))
    got = list(expected)
    got[at] += 1
    with pytest.raises(CheckFailure) as caught:
        check_labels(got, expected)
    assert caught.value.details.where == f"[{at}]"


LABELS = [
    (Y + 1, "Wrong values in the predicted labels: 5 of 5. Every label is off by 1."),
    (0 * Y, "Wrong values in the predicted labels: 4 of 5. All your labels are 0."),
    (
        np.arange(5),
        "Wrong values in the predicted labels: 5 of 5. "
        "They are 0, 1, 2, …: positions of samples, not their labels?",
    ),
    ([1, 2, 0, 1, 1], "Wrong values in the predicted labels: 1 of 5."),
    (
        Y + 0.25,
        "Labels are whole numbers, and the predicted labels hold others. Are these scores or "
        "probabilities instead of the class with the largest?",
    ),
    (
        [1, 2, np.nan, 2, 1],
        "Labels are whole numbers, and the predicted labels hold others. Are these scores or "
        "probabilities instead of the class with the largest?",
    ),
    (
        None,
        "`None` came back where the predicted labels should be: your function returns nothing. "
        "Is a `return` missing?",
    ),
    (["1", "2"], "Something else than numbers stands among the values of the predicted labels."),
]


@pytest.mark.parametrize(("got", "message"), LABELS)
def test_the_words_for_wrong_labels(failure, got, message):
    assert failure(check_labels, got, Y).message["en"] == message


def test_a_column_of_labels_is_called_a_column(failure):
    message = failure(check_labels, Y[:, None], Y).message["en"]
    assert message.startswith("The shape of the predicted labels is `(5, 1)`; it should be `(5,)`.")
    assert "It is a column." in message


def test_ties_may_go_to_any_of_the_labels_allowed(failure):
    allowed = [{1}, {0, 2}, {0}, {2}, {1}]
    check_labels([1, 0, 0, 2, 1], Y, allowed=allowed)
    check_labels([1, 2, 0, 2, 1], Y, allowed=allowed)
    assert failure(check_labels, [1, 1, 0, 2, 1], Y, allowed=allowed).where == "[1]"


def test_wrong_arguments_of_check_labels_are_refused():
    with pytest.raises(ValueError, match="expected must be whole numbers"):
        check_labels(Y, Y + 0.5)
    with pytest.raises(ValueError, match="allowed must have 5 entries, not 2"):
        check_labels(Y, Y, allowed=[{1}, {2}])


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (3, 3.0),
        (np.int64(3), 3),
        ([1, 2], (1, 2)),
        (np.array([1, 2]), [1, 2]),
        ({"a": (1, [2, None])}, {"a": [1, (2, None)]}),
        ("yes", "yes"),
        (None, None),
        (float("nan"), np.nan),
        (np.array([["a", "b"]]), [["a", "b"]]),
        (np.float32(0.5), 0.5),
    ],
)
def test_equal_data_passes(got, expected):
    check_equal(got, expected)


@pytest.mark.parametrize(
    ("got", "expected", "where"),
    [
        (3, 4, None),
        ("3", 3, None),
        (None, 0, None),
        ([1, 2], [1, 3], "[1]"),
        ([1, 2], [1, 2, 3], None),
        ([1, 2], 1, None),
        (np.array([[1, 2], [3, 5]]), [[1, 2], [3, 4]], "[1][1]"),
        ({"a": [1, 2]}, {"a": [1, 3]}, "['a'][1]"),
        ({"a": 1}, {"b": 1}, "['b']"),
        ({"a": 1, "b": 2}, {"a": 1}, None),
        (np.zeros((2, 1)), np.zeros(2), "[0]"),
        (np.zeros(0), 0, None),
    ],
)
def test_unequal_data_fails_where_it_differs_first(failure, got, expected, where):
    details = failure(check_equal, got, expected, what="the output")
    assert details.message["en"] == "The value of the output is wrong."
    assert details.where == where


def test_an_object_that_equals_everything_does_not_pass(failure):
    class Agreeable:
        def __eq__(self, other):
            return True

        __hash__ = None

    for expected in (3, "a", [1], {"a": 1}, None, np.ones(2)):
        assert failure(check_equal, Agreeable(), expected).got == "Agreeable"


def test_shapes_are_checked_alone(failure):
    check_shape([[1, 2, 3]], (1, 3))
    check_shape(2.0, ())
    details = failure(check_shape, np.ones((3, 2)), (2, 3), what="the scores")
    assert details.message["en"] == (
        "The shape of the scores is `(3, 2)`; it should be `(2, 3)`. "
        "It is transposed: rows and columns have changed places."
    )
    assert (details.expected, details.got) == ("shape (2, 3)", "shape (3, 2)")


def test_finite_values_pass_and_others_are_counted(failure):
    check_finite([1, 2.0, -3])
    details = failure(check_finite, [1.0, np.nan, -np.inf], what="the losses")
    assert details.message["en"] == ("NaN or an infinity stands in the losses, in 2 of 3 values.")
    assert details.where == "[1]"


def test_an_argument_changed_in_place_is_named(local_student, failure):
    def center(X, y):
        X -= X.mean(axis=0)
        return X

    student = local_student(center=center, centered=lambda X, y: X - X.mean(axis=0))
    student.centered(np.eye(3), 1)
    check_unchanged(student)
    student.center(np.eye(3), 1)
    details = failure(check_unchanged, student)
    assert details.message["en"] == (
        "Your function changes `X` in place: whoever called it finds other values there "
        "afterwards. Work on a copy (`x.copy()`)."
    )


def test_check_unchanged_needs_a_call(local_student):
    with pytest.raises(ValueError, match="there was none: call first"):
        check_unchanged(local_student())


NAMES = ("loss_naive", "loss_vectorized")


def test_answers_that_agree_pass():
    A = np.arange(6.0).reshape(2, 3)
    check_close_to_each_other(1.0, np.float32(1.0), names=NAMES)
    check_close_to_each_other((1.0, A), [1.0 + 1e-9, A.tolist()], names=NAMES)
    check_close_to_each_other(A.astype(np.float32) / 3, A / 3, names=NAMES)


def test_answers_that_differ_are_shown_under_their_names(failure):
    A = np.arange(6.0).reshape(2, 3)
    details = failure(check_close_to_each_other, (1.0, A), (1.0, 2 * A), names=NAMES)
    assert details.message["en"] == "The answers of `loss_naive` and `loss_vectorized` differ."
    assert details.got == "loss_naive: [[0, 1, 2], [3, 4, 5]]"
    assert details.expected == "loss_vectorized: [[0, 2, 4], [6, 8, 10]]"
    assert details.where == "[0, 1]"
    details = failure(check_close_to_each_other, A, A.T, names=NAMES)
    assert details.message["en"] == (
        "The answers of `loss_naive` and `loss_vectorized` have different shapes."
    )
    details = failure(check_close_to_each_other, A, None, names=NAMES)
    assert details.message["en"].startswith(
        "`None` came back where the answer of `loss_vectorized` should be"
    )
    details = failure(check_close_to_each_other, (1.0, A), (1.0, A, A), names=NAMES)
    assert details.message["en"] == "3 values came back where 2 are asked for."
