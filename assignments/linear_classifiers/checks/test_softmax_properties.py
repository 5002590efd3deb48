"""Checks of the softmax loss that hold for all inputs, and for awkward ones."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from autograder.checks import check_unchanged, check_value
from reference.losses import softmax_loss

BOTH = ({"en": "the loss", "fa": "هزینه"}, {"en": "the gradient", "fa": "گرادیان"})
LOSS = BOTH[0]
FUNCTIONS = ("softmax_loss_naive", "softmax_loss_vectorized")
NAIVE = "test_softmax.py::test_softmax_naive_course_example"
VECTORIZED = "test_softmax.py::test_softmax_vectorized_course_example"


def eighths(shape):
    """Arrays of multiples of 1/8 from -4 to 4, which are exact in every float type."""
    return arrays(np.float64, shape, elements=st.integers(-32, 32).map(lambda n: n / 8))


@st.composite
def batches(draw):
    """W (D, C), X (N, D), y (N,) and reg, small and exact."""
    examples, columns = draw(st.integers(1, 5), label="N"), draw(st.integers(1, 4), label="D")
    classes = draw(st.integers(2, 5), label="C")
    W = draw(eighths((columns, classes)), label="W")
    X = draw(eighths((examples, columns)), label="X")
    y = draw(arrays(np.int64, examples, elements=st.integers(0, classes - 1)), label="y")
    return W, X, y, draw(st.sampled_from([0.0, 0.5]), label="reg")


@pytest.mark.points(1, question="softmax", visibility="hidden")
@settings(max_examples=15)
@given(batch=batches())
def test_softmax_loss_of_any_batch(student, batch):
    """Both softmax functions give the loss of the formula for any batch.

    fa: هر دو تابع سافتمکس برای هر دسته‌ای همان هزینهٔ رابطهٔ درس را می‌دهند.
    """
    W, X, y, reg = batch
    expected = softmax_loss(W, X, y, strength=reg).loss
    sizes = {"N": len(X), "C": W.shape[1]}
    for name in FUNCTIONS:
        loss, _ = student.call(name, W, X, y, reg)
        check_value(loss, expected, what=LOSS, sizes=sizes)


@pytest.mark.points(
    1,
    question="softmax",
    visibility="hidden",
    requires=["test_softmax.py::test_softmax_vectorized_gradient"],
)
@settings(max_examples=12)
@given(shift=eighths(3))
def test_softmax_does_not_see_a_shift_of_all_scores(student, rng, shift):
    """The same number added to all scores of an example changes neither loss nor gradient.

    fa: افزودن عددی یکسان به همهٔ امتیازهای یک نمونه، نه هزینه را تغییر می‌دهد و نه گرادیان را.
    """
    W, X, y = rng.normal(size=(3, 4)), rng.normal(size=(6, 3)), np.array([0, 1, 2, 3, 3, 1])
    expected = softmax_loss(W, X, y)
    # A column added to each column of W adds X @ shift to all scores of each example.
    got = student.softmax_loss_vectorized(W + shift[:, None], X, y, 0.0)
    check_value(got, (expected.loss, expected.gradient), what=BOTH)


@pytest.mark.points(1, question="softmax", visibility="hidden", requires=[VECTORIZED])
def test_softmax_of_examples_far_apart(student):
    """One example may have scores around 1000 and the next around -1000.

    fa: امتیازهای یک نمونه می‌تواند نزدیک به 1000 و امتیازهای نمونهٔ بعد نزدیک به -1000 باشد.
    hint: Take the maximum of each row, `axis=1`, not one maximum of the whole batch.
    hint-fa: بیشینهٔ هر سطر را با `axis=1` بگیرید، نه یک بیشینه برای کل دسته.
    """
    scores = np.array([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]])
    X, y = np.eye(3), np.array([0, 1, 2])
    expected = softmax_loss(scores, X, y)
    far_apart = scores + np.array([[0.0], [1000.0], [-1000.0]])
    got = student.softmax_loss_vectorized(far_apart, X, y, 0.0)
    check_value(got, (expected.loss, expected.gradient), what=BOTH)


@pytest.mark.points(
    1, question="softmax", visibility="after_published", requires=[NAIVE, VECTORIZED]
)
def test_softmax_functions_leave_their_arguments_alone(student, rng):
    """The softmax functions change none of W, X and y.

    fa: تابع‌های سافتمکس هیچ‌یک از W و X و y را تغییر نمی‌دهند.
    """
    W, X, y = rng.normal(size=(4, 3)), rng.normal(size=(5, 4)), np.array([0, 2, 1, 1, 0])
    for name in FUNCTIONS:
        student.call(name, W, X, y, 0.1)
        check_unchanged(student)
