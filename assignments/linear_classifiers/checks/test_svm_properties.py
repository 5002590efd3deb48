"""Checks of the SVM loss that hold for all inputs, and for awkward ones."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from autograder.checks import check_unchanged, check_value
from reference.losses import svm_loss

LOSS = {"en": "the loss", "fa": "هزینه"}
BOTH = ({"en": "the loss", "fa": "هزینه"}, {"en": "the gradient", "fa": "گرادیان"})
FUNCTIONS = ("svm_loss_naive", "svm_loss_vectorized")
VALUES = [
    "test_svm.py::test_svm_naive_course_example",
    "test_svm.py::test_svm_vectorized_course_example",
]
GRADIENTS = ["test_svm.py::test_svm_naive_gradient", "test_svm.py::test_svm_vectorized_gradient"]


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


@pytest.mark.points(2, question="svm", visibility="hidden")
@settings(max_examples=15)
@given(batch=batches())
def test_svm_loss_of_any_batch(student, batch):
    """Both SVM functions give the loss of the formula for any batch.

    fa: هر دو تابع SVM برای هر دسته‌ای همان هزینهٔ رابطهٔ درس را می‌دهند.
    """
    W, X, y, reg = batch
    expected = svm_loss(W, X, y, strength=reg).loss
    sizes = {"N": len(X), "C": W.shape[1]}
    for name in FUNCTIONS:
        loss, _ = student.call(name, W, X, y, reg)
        check_value(loss, expected, what=LOSS, sizes=sizes)


@pytest.mark.points(
    1,
    question="svm",
    visibility="after_due_date",
    requires=["test_svm.py::test_svm_vectorized_course_example"],
)
@settings(max_examples=12)
@given(
    scores=arrays(np.float64, (3, 4), elements=st.integers(-16, 16).map(lambda n: n / 8)),
    factor=st.sampled_from([1.0, 2.0, 3.5, 10.0]),
)
def test_svm_loss_of_zero_stays_zero_when_weights_grow(student, scores, factor):
    """Where the SVM loss is 0, twice the weights (or ten times) have the loss 0 too.

    fa: هرجا هزینهٔ SVM صفر باشد، با دو برابر (یا ده برابر) کردن وزن‌ها هم صفر می‌ماند.
    """
    y = np.array([3, 0, 2])
    # The other scores are at most 2, so a margin of 1 is kept and the loss is 0.
    scores[np.arange(3), y] = 3.5
    loss, gradient = student.svm_loss_vectorized(factor * scores, np.eye(3), y, 0.0)
    check_value((loss, gradient), (0.0, np.zeros((3, 4))), what=BOTH)


@pytest.mark.points(
    1,
    question="svm",
    visibility="after_due_date",
    requires=["test_svm.py::test_svm_vectorized_gradient"],
)
@settings(max_examples=12)
@given(order=st.permutations(range(4)))
def test_renumbering_the_classes_moves_the_svm_gradient_along(student, rng, order):
    """Renumbering the classes leaves the SVM loss as it is and moves the gradient's columns along.

    fa: با عوض کردن شمارهٔ کلاس‌ها، هزینهٔ SVM همان می‌ماند و ستون‌های گرادیان جابه‌جا می‌شوند.
    """
    W, X, y = rng.normal(size=(3, 4)), rng.normal(size=(6, 3)), np.array([0, 1, 2, 3, 3, 1])
    expected = svm_loss(W, X, y, strength=0.1)
    renumbered = svm_loss_arguments(W, X, y, np.array(order))
    got = student.svm_loss_vectorized(*renumbered, 0.1)
    check_value(got, (expected.loss, expected.gradient[:, order]), what=BOTH)


def svm_loss_arguments(W, X, y, order):
    """The same problem with class `order[j]` called j."""
    return W[:, order], X, np.argsort(order)[y]


@pytest.mark.points(1, question="svm", visibility="hidden", requires=GRADIENTS)
def test_svm_loss_of_uint8_images(student, rng):
    """Images of type `uint8` have the same SVM loss and gradient as images of type float.

    fa: تصویرهای `uint8` همان هزینه و گرادیان SVM را دارند که تصویرهای float دارند.
    hint: `-X[i]` and `3 * X[i]` wrap around in `uint8`: convert X to float first.
    hint-fa: عبارت‌های `-X[i]` و `3 * X[i]` در `uint8` سرریز می‌کنند: نخست X را به float تبدیل کنید.
    """
    X = rng.integers(0, 256, (6, 5)).astype(np.uint8)
    W, y = 0.1 * rng.normal(size=(5, 4)), np.array([0, 3, 1, 2, 2, 0])
    for name in FUNCTIONS:
        check_value(student.call(name, W, X, y, 0.1), svm_loss(W, X, y, strength=0.1), what=BOTH)


@pytest.mark.points(1, question="svm", visibility="after_published", requires=VALUES)
def test_svm_functions_leave_their_arguments_alone(student, rng):
    """The SVM functions change none of W, X and y.

    fa: تابع‌های SVM هیچ‌یک از W و X و y را تغییر نمی‌دهند.
    """
    W, X, y = rng.normal(size=(4, 3)), rng.normal(size=(5, 4)), np.array([0, 2, 1, 1, 0])
    for name in FUNCTIONS:
        student.call(name, W, X, y, 0.1)
        check_unchanged(student)
