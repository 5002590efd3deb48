"""Checks of `softmax.py`."""

import numpy as np
import pytest
from cs231n_linear import GRADIENT, LOSS, batch, check_loss, check_penalty, loss_of

from autograder.checks import check_gradient, check_value
from reference.losses import softmax_loss


@pytest.mark.points(5, question="softmax")
def test_softmax_naive(student, rng):
    """`softmax_loss_naive` gives the loss and its gradient for six images.

    fa: تابع `softmax_loss_naive` هزینه و گرادیان آن را برای شش تصویر می‌دهد.
    hint: The gradient of the scores is the probabilities, less 1 at the true class, over N.
    hint-fa: گرادیان امتیازها، احتمال‌هاست که در کلاس درست ۱ از آن کم شده، تقسیم بر N.
    """
    check_loss(student, "softmax", "naive", *batch(rng))


@pytest.mark.points(5, question="softmax")
def test_softmax_vectorized(student, rng):
    """`softmax_loss_vectorized` gives the loss and its gradient for six images.

    fa: تابع `softmax_loss_vectorized` هزینه و گرادیان آن را برای شش تصویر می‌دهد.
    hint: The gradient of the scores is the probabilities, less 1 at the true class, over N.
    hint-fa: گرادیان امتیازها، احتمال‌هاست که در کلاس درست ۱ از آن کم شده، تقسیم بر N.
    """
    check_loss(student, "softmax", "vectorized", *batch(rng))


@pytest.mark.parametrize("version", ["naive", "vectorized"])
@pytest.mark.points(2, question="softmax")
def test_softmax_penalty(student, rng, version):
    """`reg` adds a penalty on all of `W` to the loss, and its slope to the gradient.

    fa: ضریب `reg` جریمهٔ همهٔ `W` را به هزینه و شیب آن را به گرادیان می‌افزاید.
    """
    W, X, y = batch(rng)
    without, with_reg = (
        loss_of(student, f"softmax_loss_{version}", W, X, y, reg) for reg in (0.0, 0.7)
    )
    check_penalty(without, with_reg, W, 0.7)


@pytest.mark.parametrize("version", ["naive", "vectorized"])
@pytest.mark.points(1, question="softmax", visibility="hidden")
def test_softmax_gradient_is_the_slope(student, rng, version):
    """The gradient is the slope of the loss, with `reg` too.

    fa: گرادیان، شیب هزینه است؛ با `reg` هم.
    """
    W, X, y = batch(rng, N=5, D=4, C=3)
    name = f"softmax_loss_{version}"

    def losses(points):
        return [loss_of(student, name, point, X, y, 0.3)[0] for point in points]

    gradient = loss_of(student, name, W, X, y, 0.3)[1]
    check_gradient(losses, W, gradient, rng=rng, what=GRADIENT)


@pytest.mark.parametrize("version", ["naive", "vectorized"])
@pytest.mark.points(1, question="softmax", visibility="hidden")
def test_softmax_other_sizes(student, rng, version):
    """The loss and the gradient are right for other sizes and large scores.

    fa: هزینه و گرادیان برای اندازه‌های دیگر و امتیازهای بزرگ درست‌اند.
    """
    W, X, y = batch(rng, N=8, D=7, C=4)
    check_loss(student, "softmax", version, W, 4 * X, y)


@pytest.mark.parametrize("version", ["naive", "vectorized"])
@pytest.mark.points(1, question="softmax", requires=["test_softmax_naive"])
def test_softmax_of_huge_scores(student, version):
    """Scores of some thousands give a finite softmax loss.

    fa: با امتیازهای چندهزاری هم هزینهٔ سافتمکس متناهی است.
    hint: Take the largest score of each image off its scores before `np.exp`.
    hint-fa: پیش از `np.exp` بزرگ‌ترین امتیاز هر تصویر را از امتیازهای آن کم کنید.
    """
    W, X = np.eye(3), np.array([[3000.0, 3001.0, 2999.0], [3000.0, 2998.0, 3003.0]])
    y = np.array([0, 2])
    got = loss_of(student, f"softmax_loss_{version}", W, X, y, 0.0)
    check_value(got, tuple(softmax_loss(W, X, y)), what=(LOSS, GRADIENT))


@pytest.mark.parametrize("version", ["naive", "vectorized"])
@pytest.mark.points(
    1, question="softmax", visibility="hidden", requires=["test_softmax_of_huge_scores"]
)
def test_softmax_of_unlike_images(student, version):
    """Images whose scores are thousands apart give a finite softmax loss together.

    fa: تصویرهایی که امتیازهایشان هزاران واحد از هم دور است با هم هزینه‌ای متناهی می‌دهند.
    hint: Each image has a largest score of its own.
    hint-fa: هر تصویر بزرگ‌ترین امتیاز خودش را دارد.
    """
    W, X = np.eye(3), np.array([[1000.0, 1001.0, 999.0], [-3000.0, -3000.0, -3002.0]])
    y = np.array([0, 1])
    got = loss_of(student, f"softmax_loss_{version}", W, X, y, 0.0)
    check_value(got, tuple(softmax_loss(W, X, y)), what=(LOSS, GRADIENT))
