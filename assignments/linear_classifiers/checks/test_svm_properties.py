"""Checks of the SVM loss that hold for all inputs, and for awkward ones."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import check_finite, check_shape, check_unchanged, check_value
from autograder.checks.calls import Call
from autograder.errors import CheckFailure, FailureDetails
from reference.losses import svm_loss

LOSS = {"en": "the loss", "fa": "هزینه"}
BOTH = ({"en": "the loss", "fa": "هزینه"}, {"en": "the gradient", "fa": "گرادیان"})
FUNCTIONS = ("svm_loss_naive", "svm_loss_vectorized")
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


@pytest.mark.points(2, question="svm", visibility="hidden")
@settings(max_examples=10)
@given(batch=batches())
def test_svm_loss_of_any_batch(student, batch):
    """Both SVM functions give the loss of the formula for any batch.

    fa: هر دو تابع SVM برای هر دسته‌ای همان هزینهٔ رابطهٔ درس را می‌دهند.
    """
    W, X, y, reg = batch
    expected = svm_loss(W, X, y, strength=reg).loss
    sizes = {"N": len(X), "C": W.shape[1]}
    answers = student.calls([Call(name, batch) for name in FUNCTIONS])
    for name, (loss, _) in zip(FUNCTIONS, answers, strict=True):
        check_value(loss, expected, what=LOSS, sizes=sizes, call=f"{name}(W, X, y, {reg})")


@pytest.mark.points(
    1,
    question="svm",
    visibility="after_due_date",
    requires=["test_svm.py::test_svm_vectorized_course_example"],
)
@settings(max_examples=4)
@given(drawn=st.binary(min_size=12, max_size=12), factor=st.sampled_from([1.0, 2.0, 3.5, 10.0]))
def test_svm_loss_of_zero_stays_zero_when_weights_grow(student, drawn, factor):
    """Where the SVM loss is 0, twice the weights (or ten times) have the loss 0 too.

    fa: هرجا هزینهٔ SVM صفر باشد، با دو برابر (یا ده برابر) کردن وزن‌ها هم صفر می‌ماند.
    """
    y = np.array([3, 0, 2])
    scores = np.frombuffer(drawn, np.int8).reshape(3, 4) / 32
    # The other scores are below 4, so no margin is above 0, and the loss is 0.
    scores[np.arange(3), y] = 5.5
    loss, gradient = student.svm_loss_vectorized(factor * scores, np.eye(3), y, 0.0)
    check_value((loss, gradient), (0.0, np.zeros((3, 4))), what=BOTH)


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
    question="svm",
    visibility="after_due_date",
    requires=["test_svm.py::test_svm_vectorized_course_example"],
)
@settings(max_examples=4)
@given(order=st.sampled_from(list(permutations(range(4)))))
def test_renumbering_the_classes_moves_the_svm_gradient_along(student, rng, order):
    """Renumbering the classes leaves the SVM loss as it is and moves the gradient's columns along.

    fa: با عوض کردن شمارهٔ کلاس‌ها، هزینهٔ SVM همان می‌ماند و ستون‌های گرادیان جابه‌جا می‌شوند.
    """
    W, X, y = rng.normal(size=(3, 4)), rng.normal(size=(6, 3)), np.array([0, 1, 2, 3, 3, 1])
    loss, gradient = own_answer(student, "svm_loss_vectorized", W, X, y)
    order = np.array(order)  # class order[j] becomes class j
    got = student.svm_loss_vectorized(W[:, order], X, np.argsort(order)[y], 0.0)
    check_value(got, (loss, gradient[:, order]), what=BOTH)


@pytest.mark.points(
    1,
    question="svm",
    visibility="hidden",
    requires=[
        "test_svm.py::test_svm_naive_course_example",
        "test_svm.py::test_svm_vectorized_course_example",
    ],
)
def test_svm_loss_of_uint8_images(student, rng):
    """Images of type `uint8` have the same SVM loss and gradient as the same images of type float.

    fa: تصویرهای `uint8` همان هزینه و گرادیان SVM را دارند که همان تصویرها با نوع float دارند.
    hint: `-X[i]` and `3 * X[i]` wrap around in `uint8`: convert X to float first.
    hint-fa: عبارت‌های `-X[i]` و `3 * X[i]` در `uint8` سرریز می‌کنند: نخست X را به float تبدیل کنید.
    """
    X = rng.integers(0, 256, (6, 5)).astype(np.uint8)
    W, y = 0.1 * rng.normal(size=(5, 4)), np.array([0, 3, 1, 2, 2, 0])
    for name in FUNCTIONS:
        expected = own_answer(student, name, W, X.astype(float), y)
        check_value(student.call(name, W, X, y, 0.0), expected, what=BOTH)


@pytest.mark.points(
    1,
    question="svm",
    visibility="after_published",
    requires=["test_svm.py::test_svm_regularization"],
)
def test_svm_functions_leave_their_arguments_alone(student, rng):
    """The SVM functions change none of W, X and y.

    fa: تابع‌های SVM هیچ‌یک از W و X و y را تغییر نمی‌دهند.
    """
    W, X, y = rng.normal(size=(4, 3)), rng.normal(size=(5, 4)), np.array([0, 2, 1, 1, 0])
    for name in FUNCTIONS:
        student.call(name, W, X, y, 0.1)
        check_unchanged(student)
