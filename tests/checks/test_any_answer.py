"""Whatever a student's function returns, a check passes it or fails it: it never breaks."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from autograder.checks import (
    check_backward,
    check_close_to_each_other,
    check_equal,
    check_finite,
    check_labels,
    check_loss_gradient,
    check_loss_history,
    check_shape,
    check_training_accuracy,
    check_value,
)
from autograder.errors import CheckFailure

DTYPES = [
    np.float64,
    np.float32,
    np.float16,
    np.longdouble,
    np.int64,
    np.int8,
    np.uint8,
    np.uint64,
    np.bool_,
    np.complex128,
    np.complex64,
    "U3",
    "S3",
    "M8[D]",
    object,
    [("a", "f8")],
]

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**400), 10**400)
    | st.floats()
    | st.complex_numbers()
    | st.text(max_size=3)
    | st.binary(max_size=3)
)
arrays = st.tuples(st.sampled_from(DTYPES), npst.array_shapes(min_dims=0, max_side=3)).map(
    lambda drawn: np.zeros(drawn[1], dtype=drawn[0])
) | npst.arrays(
    st.sampled_from([np.float64, np.float16, np.uint8, np.int64, np.complex64, np.bool_]),
    npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
)
numpy_scalars = arrays.filter(lambda a: a.ndim == 0 and a.dtype != object).map(lambda a: a[()])
answers = st.recursive(
    scalars | arrays | numpy_scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=2) | st.integers(0, 2), inner, max_size=3)
    ),
    max_leaves=4,
)
EXPECTED = [
    2.5,
    3,
    np.ones(3),
    np.ones((2, 3)),
    np.arange(3),
    np.array([True, False]),
    np.array([np.inf, np.nan]),
    1 + 2j,
    (1.0, np.ones(3)),
    {"a": 1.0, "b": np.ones(2)},
    np.zeros((0, 3)),
    np.float16(0.1),
]
many = settings(
    max_examples=300,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def passes_or_fails(check, *arguments, **keywords):
    try:
        check(*arguments, **keywords)
    except CheckFailure as failure:
        details = failure.details
        assert details.message["en"] and details.message["fa"]
        for shown in (details.got, details.expected, details.error, details.where):
            assert shown is None or len(shown) <= 500


@many
@given(got=answers, expected=st.sampled_from(EXPECTED))
@pytest.mark.filterwarnings("error")
def test_any_answer_is_compared(got, expected):
    passes_or_fails(check_value, got, expected, sizes={"N": 3})
    passes_or_fails(check_equal, got, expected)


@many
@given(got=answers, other=answers)
def test_any_answer_is_looked_at(got, other):
    passes_or_fails(check_labels, got, [0, 1, 2])
    passes_or_fails(check_shape, got, (3,))
    passes_or_fails(check_finite, got)
    passes_or_fails(check_loss_history, got, first_loss=2.3)
    passes_or_fails(check_close_to_each_other, got, other, names=("f", "g"))


@many
@given(loss=answers, gradient=answers, later=answers)
def test_any_loss_and_gradient_are_checked(local_student, loss, gradient, later):
    calls = []

    def function(W):
        calls.append(W)
        return (loss, gradient) if len(calls) == 1 else (later, gradient)

    rng = np.random.default_rng(0)
    for reference in (None, lambda W: (0.0, np.zeros(W.shape))):
        calls.clear()
        student = local_student(loss=function)
        passes_or_fails(
            check_loss_gradient, student, "loss", np.ones((2, 3)), rng=rng, reference=reference
        )


@many
@given(gradient=answers, factor=st.sampled_from([1.0, 1, np.float32(1), np.uint8(1), True]))
def test_any_gradient_of_a_real_loss_is_checked(local_student, gradient, factor):
    def function(W):
        return factor * np.sum(W), gradient

    rng = np.random.default_rng(0)
    passes_or_fails(check_loss_gradient, local_student(loss=function), "loss", np.ones(3), rng=rng)


@many
@given(output=answers, gradient=answers)
def test_any_layer_is_checked(local_student, output, gradient):
    student = local_student(forward=lambda x: output, backward=lambda up, cache: gradient)
    rng = np.random.default_rng(0)
    for cached in (True, False):
        passes_or_fails(
            check_backward, student, "forward", "backward", {"x": np.ones(3)},
            cached=cached, rng=rng,
        )  # fmt: skip


@many
@given(answer=answers)
def test_any_answer_of_a_whole_function_is_checked(local_student, answer):
    student = local_student(loss=lambda *points: answer)
    rng = np.random.default_rng(0)
    passes_or_fails(check_loss_gradient, student, "loss", np.ones(3), rng=rng)
    passes_or_fails(check_loss_gradient, student, "loss", 1.0, 2.0, wrt=(0, 1), rng=rng)


@settings(many, max_examples=100)
@given(predictions=answers)
def test_any_predictions_are_judged(predictions):
    passes_or_fails(
        check_training_accuracy,
        lambda task: predictions,
        at_least=0.5,
        seed=0,
        train_samples=5,
        test_samples=3,
    )
