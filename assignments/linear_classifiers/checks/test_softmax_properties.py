"""Checks of the softmax loss that hold for all inputs, and for awkward ones."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import check_finite, check_shape, check_unchanged, check_value
from autograder.checks.calls import Call
from autograder.errors import CheckFailure, FailureDetails
from reference.losses import softmax_loss

BOTH = ({"en": "the loss", "fa": "هزینه"}, {"en": "the gradient", "fa": "گرادیان"})
LOSS = BOTH[0]
FUNCTIONS = ("softmax_loss_naive", "softmax_loss_vectorized")
ALL_ZERO = {"en": "The gradient is all zeros.", "fa": "همهٔ درایه‌های گرادیان صفرند."}


@st.composite
def batches(draw):
    """W (D, C), X (N, D), y (N,) and reg; multiples of 1/32 below 4, exact in every float type."""
    N, D, C = draw(st.tuples(st.integers(1, 5), st.integers(1, 4), st.integers(2, 5)))
    size = D * C + N * D + N
    drawn = np.frombuffer(draw(st.binary(min_size=size, max_size=size)), np.int8)
    W, X, y = np.split(drawn, [D * C, D * C + N * D])
    reg = draw(st.sampled_from([0.0, 0.5]))
    return W.reshape(D, C) / 32, X.reshape(N, D) / 32, y.astype(int) % C, reg


@pytest.mark.points(1, question="softmax", visibility="hidden")
@settings(max_examples=10)
@given(batch=batches())
def test_softmax_loss_of_any_batch(student, batch):
    """Both softmax functions give the loss of the formula for any batch.

    fa: هر دو تابع سافتمکس برای هر دسته‌ای همان هزینهٔ رابطهٔ درس را می‌دهند.
    """
    W, X, y, reg = batch
    expected = softmax_loss(W, X, y, strength=reg).loss
    sizes = {"N": len(X), "C": W.shape[1]}
    answers = student.calls([Call(name, batch) for name in FUNCTIONS])
    for name, (loss, _) in zip(FUNCTIONS, answers, strict=True):
        check_value(loss, expected, what=LOSS, sizes=sizes, call=f"{name}(W, X, y, {reg})")


def own_answer(student, name, W, X, y):
    """The student's loss and gradient: numbers of the right shapes that depend on the data."""
    loss, gradient = student.call(name, W, X, y, 0.0)
    check_shape(loss, (), what=BOTH[0])
    check_shape(gradient, W.shape, what=BOTH[1])
    check_finite(gradient, what=BOTH[1])
    if not np.any(gradient):
        raise CheckFailure(FailureDetails(ALL_ZERO, got="0"))
    return np.asarray(loss), np.asarray(gradient)


@pytest.mark.points(
    1,
    question="softmax",
    visibility="hidden",
    requires=["test_softmax.py::test_softmax_vectorized_course_example"],
)
@settings(max_examples=4)
@given(drawn=st.binary(min_size=3, max_size=3))
def test_softmax_does_not_see_a_shift_of_all_scores(student, rng, drawn):
    """The same number added to all scores of an example changes neither loss nor gradient.

    fa: افزودن عددی یکسان به همهٔ امتیازهای یک نمونه، نه هزینه را تغییر می‌دهد و نه گرادیان را.
    """
    W, X, y = rng.normal(size=(3, 4)), rng.normal(size=(6, 3)), np.array([0, 1, 2, 3, 3, 1])
    expected = own_answer(student, "softmax_loss_vectorized", W, X, y)
    # A column added to each column of W adds X @ shift to all scores of each example.
    shift = np.frombuffer(drawn, np.int8) / 8
    got = student.softmax_loss_vectorized(W + shift[:, None], X, y, 0.0)
    check_value(got, expected, what=BOTH)


@pytest.mark.points(
    1,
    question="softmax",
    visibility="hidden",
    requires=[
        "test_softmax.py::test_softmax_naive_course_example",
        "test_softmax.py::test_softmax_vectorized_course_example",
    ],
)
def test_softmax_of_examples_far_apart(student):
    """One example may have scores around 1000 and the next around `-1000`.

    fa: امتیازهای یک نمونه می‌تواند نزدیک به 1000 و امتیازهای نمونهٔ بعد نزدیک به `-1000` باشد.
    hint: Take the maximum of each row, `axis=1`, not one maximum of the whole batch.
    hint-fa: بیشینهٔ هر سطر را با `axis=1` بگیرید، نه یک بیشینه برای کل دسته.
    """
    scores = np.array([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]])
    X, y = np.eye(3), np.array([0, 1, 2])
    far_apart = scores + np.array([[0.0], [1000.0], [-1000.0]])
    for name in FUNCTIONS:
        expected = own_answer(student, name, scores, X, y)
        check_value(student.call(name, far_apart, X, y, 0.0), expected, what=BOTH)


@pytest.mark.points(
    1,
    question="softmax",
    visibility="after_published",
    requires=["test_softmax.py::test_softmax_regularization"],
)
def test_softmax_functions_leave_their_arguments_alone(student, rng):
    """The softmax functions change none of W, X and y.

    fa: تابع‌های سافتمکس هیچ‌یک از W و X و y را تغییر نمی‌دهند.
    """
    W, X, y = rng.normal(size=(4, 3)), rng.normal(size=(5, 4)), np.array([0, 2, 1, 1, 0])
    for name in FUNCTIONS:
        student.call(name, W, X, y, 0.1)
        check_unchanged(student)
