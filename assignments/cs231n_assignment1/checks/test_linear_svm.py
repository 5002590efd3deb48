"""Checks of `linear_svm.py`."""

import numpy as np
import pytest
from cs231n_linear import GRADIENT, LOSS, batch, check_loss, check_penalty, loss_of

from autograder.checks import check_gradient, check_value


@pytest.mark.points(5, question="svm")
def test_svm_naive(student, rng):
    """`svm_loss_naive` gives the loss and its gradient for six images.

    fa: تابع `svm_loss_naive` هزینه و گرادیان آن را برای شش تصویر می‌دهد.
    hint: Each margin above 0 adds `x_i` to its own column and is taken
        off the true class's; both are means over the images.
    hint-fa: هر حاشیهٔ مثبت، `x_i` را به ستون خودش می‌افزاید و از ستون کلاس درست
        کم می‌کند؛ هر دو میانگین روی تصویرهایند.
    """
    check_loss(student, "svm", "naive", *batch(rng))


@pytest.mark.points(5, question="svm")
def test_svm_vectorized(student, rng):
    """`svm_loss_vectorized` gives the loss and its gradient for six images.

    fa: تابع `svm_loss_vectorized` هزینه و گرادیان آن را برای شش تصویر می‌دهد.
    hint: Each margin above 0 adds `x_i` to its own column and is taken
        off the true class's; both are means over the images.
    hint-fa: هر حاشیهٔ مثبت، `x_i` را به ستون خودش می‌افزاید و از ستون کلاس درست
        کم می‌کند؛ هر دو میانگین روی تصویرهایند.
    """
    check_loss(student, "svm", "vectorized", *batch(rng))


@pytest.mark.parametrize("version", ["naive", "vectorized"])
@pytest.mark.points(2, question="svm")
def test_svm_penalty(student, rng, version):
    """`reg` adds a penalty on all of `W` to the loss, and its slope to the gradient.

    fa: ضریب `reg` جریمهٔ همهٔ `W` را به هزینه و شیب آن را به گرادیان می‌افزاید.
    """
    W, X, y = batch(rng)
    without, with_reg = (
        loss_of(student, f"svm_loss_{version}", W, X, y, reg) for reg in (0.0, 0.7)
    )
    check_penalty(without, with_reg, W, 0.7)


@pytest.mark.parametrize("version", ["naive", "vectorized"])
@pytest.mark.points(1, question="svm", visibility="hidden")
def test_svm_gradient_is_the_slope(student, rng, version):
    """The gradient is the slope of the loss, with `reg` too.

    fa: گرادیان، شیب هزینه است؛ با `reg` هم.
    """
    W, X, y = batch(rng, N=5, D=4, C=3)
    name = f"svm_loss_{version}"

    def losses(points):
        return [loss_of(student, name, point, X, y, 0.3)[0] for point in points]

    gradient = loss_of(student, name, W, X, y, 0.3)[1]
    check_gradient(losses, W, gradient, rng=rng, what=GRADIENT)


@pytest.mark.parametrize("version", ["naive", "vectorized"])
@pytest.mark.points(1, question="svm", visibility="hidden")
def test_svm_other_sizes(student, rng, version):
    """The loss and the gradient are right for other sizes and large scores.

    fa: هزینه و گرادیان برای اندازه‌های دیگر و امتیازهای بزرگ درست‌اند.
    """
    W, X, y = batch(rng, N=8, D=7, C=4)
    check_loss(student, "svm", version, W, 4 * X, y)


@pytest.mark.points(4, question="svm", requires=["test_svm_vectorized"])
def test_svm_loss_of_zero_weights(student):
    """With all weights 0 the SVM loss is the number of classes less 1.

    fa: اگر همهٔ وزن‌ها صفر باشند، هزینهٔ SVM یکی کمتر از تعداد کلاس‌هاست.
    """
    X, y = np.arange(60.0).reshape(5, 12), np.array([0, 9, 1, 1, 0])
    for version in ("naive", "vectorized"):
        loss, _ = loss_of(student, f"svm_loss_{version}", np.zeros((12, 10)), X, y, 0.0)
        check_value(loss, 9.0, what=LOSS)
