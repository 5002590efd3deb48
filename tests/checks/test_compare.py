import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from autograder.checks import check_value
from autograder.errors import CheckFailure

A = np.array([[1.0, 2.5, -3.0], [0.5, -4.0, 6.0]])
SQUARE = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 7.0], [0.0, 8.0, 9.5]])

floats = st.floats(-1e3, 1e3).map(lambda value: round(value, 6))
arrays = npst.arrays(np.float64, npst.array_shapes(max_dims=3, max_side=4), elements=floats)

STYLES = {
    "as it is": lambda a: a,
    "Python lists": lambda a: a.tolist(),
    "tuples": lambda a: tuple(a.tolist()),
    "float32": lambda a: a.astype(np.float32),
    "float32 inside, float64 outside": lambda a: a.astype(np.float32).astype(np.float64),
    "long double": lambda a: a.astype(np.longdouble),
    "Fortran order": np.asfortranarray,
    "every second of a larger array": lambda a: np.repeat(a, 2, axis=0)[::2],
    "read only": lambda a: np.frombuffer(a.tobytes()).reshape(a.shape),
    "complex without imaginary part": lambda a: a.astype(complex),
    "rounding of another order of sums": lambda a: a * (1 + 3e-15) + 1e-14,
    "a list of arrays": list,
}


@pytest.mark.parametrize("style", STYLES)
@given(expected=arrays)
@settings(max_examples=60, deadline=None)
def test_a_right_answer_passes_in_any_style(style, expected):
    check_value(STYLES[style](expected), expected)


@given(expected=arrays)
@settings(max_examples=60, deadline=None)
def test_a_right_float16_answer_passes(expected):
    check_value((expected / 10).astype(np.float16), expected / 10)


@given(value=floats)
def test_a_right_number_passes_in_any_style(value):
    for got in (
        value,
        np.float64(value),
        np.array(value),
        np.float32(value),
        float(np.float32(value)),
    ):
        check_value(got, value)


@pytest.mark.parametrize("got", [3, 3.0, np.int8(3), np.uint64(3), np.array(3), True + 2, 3 + 0j])
def test_a_whole_number_passes_as_any_number_type(got):
    check_value(got, 3.0)
    check_value(got, 3)


def test_a_mask_passes_for_zeros_and_ones():
    check_value(np.array([True, False]), np.array([1.0, 0.0]))
    check_value(np.array([1, 0]), np.array([True, False]))


@given(expected=arrays, data=st.data())
@settings(max_examples=100, deadline=None)
def test_one_wrong_entry_fails_and_is_named(expected, data):
    got = expected.copy()
    at = data.draw(st.integers(0, got.size - 1))
    got.flat[at] += 0.01 * max(1.0, np.abs(got).max())
    with pytest.raises(CheckFailure) as caught:
        check_value(got, expected)
    assert caught.value.details.where == str([int(i) for i in np.unravel_index(at, got.shape)])


def test_the_words_for_one_wrong_value(failure):
    details = failure(check_value, [1.0, 2.0, 3.5, 4.0], [1.0, 2.0, 3.0, 4.0], what="the scores")
    assert details.message["en"] == "Wrong values in the scores: 1 of 4. Only one value is wrong."
    assert (
        details.message["fa"] == "مقدارهای نادرست در امتیازها: 1 تا از 4. فقط یک مقدار نادرست است."
    )
    assert details.expected == "[1, 2, 3, 4]"
    assert details.got == "[1, 2, 3.5, 4]"
    assert details.where == "[2]"
    assert details.error == "max |got - expected| = 0.5, relative 0.143"
    assert details.hint is None
    assert details.call is None


def test_hint_and_call_are_handed_on(failure):
    details = failure(check_value, 1.0, 3.0, hint="Look at `N`.", call="loss(W, X)")
    assert details.hint == {"en": "Look at `N`.", "fa": "Look at `N`."}
    assert details.call == "loss(W, X)"
    assert details.where is None


OBSERVED = [
    (2 * A, A, "It is twice as large as it should be: is there a factor 2 too many?"),
    (A / 2, A, "It is half as large as it should be: is a factor 2 missing?"),
    (-A, A, "The sign is the wrong way round."),
    (-2 * A, A, "The sign is the wrong way round, and a factor 2 is off."),
    (
        5 * A,
        A,
        "It is 5 times too large, and `N` is 5 here: is a division by `N` missing?",
    ),
    (
        A / 5,
        A,
        "It is 5 times too small, and `N` is 5 here: is there a division by `N` too many?",
    ),
    (7 * A, A, "Every value is 7 times the expected one."),
    (
        np.log10([2.0, 3.0]),
        np.log([2.0, 3.0]),
        "It is what a logarithm of base 10 gives: the natural one is meant.",
    ),
    (
        np.log2([2.0, 3.0]),
        np.log([2.0, 3.0]),
        "It is what a logarithm of base 2 gives: the natural one is meant.",
    ),
    (A + 1, A, "Every value is 1 too large."),
    (A - 0.25, A, "Every value is 0.25 too small."),
    (0 * A, A, "It is all zeros."),
    (SQUARE.T, SQUARE, "It is the transpose of what it should be."),
    (A[::-1], A, "The expected values, in the opposite order along axis 0."),
    (A[:, ::-1], A, "The expected values, in the opposite order along axis 1."),
    (A.T.reshape(2, 3), A, "The expected values, with rows and columns mixed up by a `reshape`."),
    (A[:, [1, 0, 2]], A, "The expected values, in another order."),
    (
        np.square([2.0, 3.0]),
        [2.0, 3.0],
        "It is the square of what it should be: is a root missing?",
    ),
    (np.sqrt([2.0, 3.0]), [2.0, 3.0], "It is the square root of what it should be."),
    (np.trunc(A), A, "The decimals are cut off: is an integer array or `//` in the way?"),
    (A * [1, -1, 1], A, "The sizes are right, and some signs are the wrong way round."),
    (A + [[0], [1]] * np.array([1.0, 2.0, 3.0]), A, "All wrong values lie in row 1."),
    (A + [0, 0, 1] * np.array([[1.0], [2.0]]), A, "All wrong values lie in column 2."),
    (SQUARE + np.diag([1.0, 2.0, 4.0]), SQUARE, "Only the diagonal is wrong."),
    (SQUARE * (2 - np.eye(3)) + 0.3 * (1 - np.eye(3)), SQUARE, "Only the diagonal is right."),
    ([1.5, 2.0, 3.0], [1.0, 2.0, 3.0], "Only the first value is wrong."),
    ([1.0, 2.0, 3.5], [1.0, 2.0, 3.0], "Only the last value is wrong."),
    (3.9, 2.9, "It is 1 too large."),
    (6, 5, "It is 1 too large."),
    (1520, 760, "It is twice as large as it should be: is there a factor 2 too many?"),
    (0.0, 2.9, "It is 0."),
    (5.8, 2.9, "It is twice as large as it should be: is there a factor 2 too many?"),
    (14.5, 2.9, "It is 5 times too large, and `N` is 5 here: is a division by `N` missing?"),
]


@pytest.mark.parametrize(("got", "expected", "seen"), OBSERVED, ids=[seen for *_, seen in OBSERVED])
def test_a_pattern_is_seen(failure, got, expected, seen):
    details = failure(check_value, got, expected, what="the gradient", sizes={"N": 5})
    assert details.message["en"].endswith(f". {seen}")
    assert details.message["fa"] != details.message["en"]


def test_only_what_holds_is_said(failure):
    got = A + np.array([[0.1, -0.7, 0.3], [0.9, 1.3, -0.2]])
    details = failure(check_value, got, A, sizes={"N": 5})
    assert details.message["en"] == "All values in the answer are wrong."


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (4.0, 2.0),  # twice as large, 2 too large, and the square
        (2.0, 1.0),  # twice as large, and 1 too large
        ([[4.0]], [[2.0]]),
        ([[-8.0]], [[-4.0]]),  # small whole numbers are easily twice one another,
        (-3.0, 3.0),  # or of the other sign
        (1.0002, 1.0004),  # near 1, every number is the root of every other
        (1.0, 1.0004),  # one number cut off may be chance
    ],
)
def test_of_a_single_number_nothing_is_said_that_may_be_chance(failure, got, expected):
    message = failure(check_value, got, expected).message["en"]
    assert message in (
        "The value of the answer is wrong.",
        "All values in the answer are wrong.",
    )


SHAPES = [
    (
        np.ones((5, 1)),
        np.ones(5),
        "It is a column. numpy stretches `(5, 1)` and `(5,)` to `(5, 5)` when it combines them, so "
        "the two are not the same: use `.reshape(-1)`, or leave `keepdims=True` out. "
        "The numbers themselves are right.",
    ),
    (
        np.ones((1, 5)),
        np.ones(5),
        "There is an axis of length 1 too many: a `.reshape` takes it away. "
        "The numbers themselves are right.",
    ),
    (
        np.ones(5),
        np.ones((5, 1)),
        "An axis of length 1 is missing: `keepdims=True` or a `.reshape` keeps it. "
        "The numbers themselves are right.",
    ),
    (
        A.T,
        A,
        "It is transposed: rows and columns have changed places. The numbers themselves are right.",
    ),
    (A.T + 1, A, "It is transposed: rows and columns have changed places."),
    (
        np.array([4.0]),
        4.0,
        "It is an array that holds one number. Return the number itself: without "
        "`keepdims=True`, or with `.item()`. The numbers themselves are right.",
    ),
    (
        A,
        A.sum(),
        "One number is asked for: is a sum or a mean missing? "
        "The sum of your values is the expected number.",
    ),
    (
        A,
        A.mean(),
        "One number is asked for: is a sum or a mean missing? "
        "The mean of your values is the expected number.",
    ),
    (1.0, A, "One number came back for the whole array: is an `axis` missing in a sum?"),
    (
        A.ravel(),
        A,
        "It has as many values as asked for, in another arrangement. "
        "The numbers themselves are right.",
    ),
    (
        np.ones((4, 3)),
        np.ones((3, 3)),
        "Axis 0 has the length 4, one more than 3. Is a bias or a column of ones left in?",
    ),
    (
        np.ones((3, 2)),
        np.ones((3, 3)),
        "Axis 1 has the length 2, one less than 3. Is the bias or the last one left out?",
    ),
    (np.ones((3, 7)), np.ones((3, 3)), "Axis 1 has the length 7; it should be 3."),
    (
        np.ones((3, 4)),
        np.ones(3),
        "There is one axis too many: is a sum over the last axis missing?",
    ),
    (
        np.ones((3, 4)),
        np.ones(4),
        "There is one axis too many: is a sum over the samples missing?",
    ),
    (
        np.ones(4),
        np.ones((3, 4)),
        "There is one axis too few: was one summed over that should stay?",
    ),
]


@pytest.mark.parametrize(("got", "expected", "cause"), SHAPES)
def test_a_wrong_shape_is_explained(failure, got, expected, cause):
    details = failure(check_value, got, expected, what="the scores")
    shapes = np.shape(got), np.shape(expected)
    assert details.message["en"] == (
        f"The shape of the scores is `{shapes[0]}`; it should be `{shapes[1]}`. {cause}"
    )
    assert (details.got, details.expected) == (f"shape {shapes[0]}", f"shape {shapes[1]}")


@given(
    got=npst.array_shapes(max_dims=3, max_side=3),
    expected=npst.array_shapes(max_dims=3, max_side=3),
)
@settings(max_examples=200, deadline=None)
def test_broadcasting_never_makes_a_wrong_shape_pass(got, expected):
    if got != expected:
        with pytest.raises(CheckFailure):
            check_value(np.ones(got), np.ones(expected))


KINDS = [
    (
        None,
        "`None` came back where the loss should be: your function returns nothing. "
        "Is a `return` missing?",
    ),
    (
        "2.5",
        "Text came back where the loss should be. Return the number itself, not its printed form.",
    ),
    ({}, "A dict came back where the loss should be."),
    ((2.5, A), "2 values came back together where only the loss is asked for."),
    (
        [[1.0], [1.0, 2.0]],
        "A list whose rows have different lengths came back for the loss: it makes no array.",
    ),
    ([1.0, None], "There is a `None` among the values of the loss."),
    ([1.0, "a"], "Something else than numbers stands among the values of the loss."),
    (np.array(["a"]), "Something else than numbers stands among the values of the loss."),
    (np.array([object()]), "Something else than numbers stands among the values of the loss."),
    (
        np.array("2020-01-01", "M8[D]"),
        "Something else than numbers stands among the values of the loss.",
    ),
    (object(), "An object of the class `object` came back where the loss should be."),
    (
        (n for n in [1]),
        "An object of the class `generator` came back where the loss should be.",
    ),
    (
        1 + 2j,
        "Complex numbers came back for the loss. "
        "Is a root or a logarithm of a negative number taken?",
    ),
]


@pytest.mark.parametrize(("got", "message"), KINDS, ids=lambda value: type(value).__name__)
def test_an_answer_that_is_no_number_is_named(failure, got, message):
    assert failure(check_value, got, 2.5, what="the loss").message["en"] == message


class Agreeable:
    """Says yes to everything."""

    def __eq__(self, other):
        return True

    def __array__(self, *_):
        return np.array(2.5)

    def __float__(self):
        return 2.5

    __hash__ = None


def test_an_object_that_agrees_with_everything_fails(failure):
    message = failure(check_value, Agreeable(), 2.5).message["en"]
    assert message == "An object of the class `Agreeable` came back where the answer should be."


def test_nan_and_infinity_are_named(failure):
    assert failure(check_value, float("nan"), 1.0, what="the loss").message["en"] == (
        "NaN came back for the loss. NaN comes from 0/0, from inf - inf, or from the log or root "
        "of a negative number."
    )
    assert failure(check_value, [1.0, np.inf], [1.0, 2.0], what="the scores").message["en"] == (
        "inf stands in the scores, in 1 of 2 values. An infinity comes from a division by 0, from "
        "log(0), or from exp of a large number."
    )


def test_expected_infinities_and_nan_are_compared():
    check_value([np.inf, -np.inf, np.nan, 1.0], [np.inf, -np.inf, np.nan, 1.0])
    for wrong in ([-np.inf, 1.0], [1e300, 1.0], [np.nan, 1.0]):
        with pytest.raises(CheckFailure):
            check_value(wrong, [np.inf, 1.0])


def test_a_wrong_infinity_does_not_hide_behind_the_tolerance_of_another(failure):
    assert failure(check_value, [np.inf, 5.0], [np.inf, 1.0]).where == "[1]"


def test_types_that_wrap_or_cut_are_noted(failure):
    message = failure(check_value, np.array([254, 3], np.uint8), [-2, 3]).message["en"]
    assert message.endswith(
        "Your values have the type `uint8`, in which a result below 0 or above the largest value "
        "wraps around: turn the input into float first."
    )
    message = failure(check_value, np.array([9, 3]), [0.4, 3.4]).message["en"]
    assert message.endswith("Your values have the type `int64`, which holds whole numbers only.")
    message = failure(check_value, np.array([True]), [0.4]).message["en"]
    assert message.endswith("Your values are True and False, not numbers.")
    message = failure(check_value, np.float32(0.1), 0.4).message["en"]
    assert message.endswith(
        "Your values have the precision `float32` "
        "(it is allowed, and the tolerance is wider for it)."
    )


def test_whole_numbers_must_be_equal():
    with pytest.raises(CheckFailure):
        check_value(1_000_001, 1_000_000)
    check_value(1_000_000.0, 1_000_000)


def test_a_tighter_tolerance_holds_for_every_precision():
    check_value(1.0 + 1e-7, 1.0)
    with pytest.raises(CheckFailure):
        check_value(1.0 + 1e-7, 1.0, rtol=1e-9, atol=0.0)
    with pytest.raises(CheckFailure):
        check_value(np.float32(0.1), 0.1, rtol=1e-9, atol=0.0)
    check_value(1.4, 1.0, rtol=0.5)
    check_value(1.4, 1.0, atol=0.5)


def test_a_wrong_tolerance_is_refused():
    with pytest.raises(ValueError, match="rtol must be a number >= 0, not -1"):
        check_value(1.0, 1.0, rtol=-1)


def test_several_values_may_come_as_a_tuple_a_list_or_an_array():
    for got in ((1.0, A), [1.0, A], (1.0, A.tolist())):
        check_value(got, (1.0, A), what=("the loss", "the gradient"))
    check_value(np.array([1.0, 2.0]), (1.0, 2.0))


def test_each_of_several_values_is_named(failure):
    details = failure(check_value, (1.0, 2 * A), (1.0, A), what=("the loss", "the gradient"))
    assert details.message["en"].startswith("All values in the gradient are wrong.")
    details = failure(check_value, (1.0, 2 * A), (1.0, A), what="the answer")
    assert details.message["en"].startswith("All values in value 2 of the answer are wrong.")
    details = failure(check_value, (1.0, 2.0, 3.0), (1.0, 2.0))
    assert details.message["en"] == "3 values came back where 2 are asked for."
    details = failure(check_value, 1.0, (1.0, 2.0))
    assert details.message["en"] == "One value came back where 2 are asked for."
    details = failure(check_value, (1.0, None), (1.0, 2.0), what=("the loss", "the gradient"))
    assert details.message["en"] == (
        "`None` came back where the gradient should be. Is it computed before the `return`?"
    )
    details = failure(check_value, None, (1.0, 2.0), what=("the loss", "the gradient"))
    assert details.message["en"].startswith("`None` came back where the loss and the gradient")


def test_a_dict_may_have_another_order_and_further_keys(failure):
    expected = {"dW": A, "db": np.ones(3)}
    check_value({"db": [1, 1, 1], "loss": 2.0, "dW": A}, expected)
    details = failure(check_value, {"db": 2 * np.ones(3), "dW": A}, expected)
    assert details.message["en"].startswith("All values in `db` are wrong.")
    details = failure(check_value, {"db": np.ones(3)}, expected)
    assert details.message["en"] == "The key `'dW'` is missing from the dict."
    details = failure(check_value, A, expected, what="the gradients")
    assert details.message["en"] == "`ndarray` came back where a dict of the gradients should be."


def test_expected_values_that_are_no_numbers_are_refused():
    with pytest.raises(ValueError, match="check_equal compares other data"):
        check_value(1.0, "one")
    with pytest.raises(ValueError, match="one name for each of 2 values, not 3"):
        check_value((1.0, 2.0), (1.0, 2.0), what=("a", "b", "c"))
    with pytest.raises(ValueError, match="give one name"):
        check_value(1.0, 1.0, what=("a", "b"))


@pytest.mark.parametrize("count", [10, 10**5])
def test_shown_values_are_short(failure, count):
    expected = np.random.default_rng(0).normal(size=(count, 3)) * 1e-3
    details = failure(check_value, expected + 1e-2, expected)
    for shown in (details.got, details.expected, details.error, details.message["en"]):
        assert 0 < len(shown) <= 400
    assert details.expected == f"value[0, 0] = 0.00012573, shape ({count}, 3)"


def test_close_wrong_values_are_shown_with_the_digits_that_differ(failure):
    details = failure(check_value, 1.0001, 1.0002, rtol=1e-7)
    assert (details.got, details.expected) == ("1.0001", "1.0002")
    details = failure(check_value, 1.00000001, 1.0, rtol=1e-10, atol=0.0)
    assert (details.got, details.expected) == ("1.00000001", "1")


def test_integers_too_large_for_an_array_are_numbers_all_the_same(failure):
    check_value([10**30, 1], [1e30, 1.0])
    assert failure(check_value, [10**400], [1.0]).message["en"].startswith("inf stands in")


def test_empty_arrays_agree():
    check_value(np.zeros((0, 3)), np.zeros((0, 3)))
    check_value([], np.zeros(0))
