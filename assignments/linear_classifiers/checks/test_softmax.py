"""Checks of the softmax loss that every student sees (slides s.62-65)."""

import numpy as np
import pytest

from autograder.checks import check_loss_gradient, check_shape, check_value
from autograder.errors import CheckFailure, FailureDetails

LOSS = {"en": "the loss", "fa": "هزینه"}
GRADIENT = {"en": "the gradient", "fa": "گرادیان"}
ALL_ZERO = {"en": "The gradient is all zeros.", "fa": "همهٔ درایه‌های گرادیان صفرند."}

# s.48: scores of a cat, a car and a frog; with X the identity, W is the table of scores.
SCORES = np.array([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]])
LOSSES = [2.04035515, 0.07913178, 6.15647720]


def check_course_example(student, name):
    X, y = np.eye(3), np.array([0, 1, 2])
    for i in range(3):
        loss, _ = student.call(name, SCORES, X[i : i + 1], y[i : i + 1], 0.0)
        check_value(loss, LOSSES[i], what=LOSS)
    loss, _ = student.call(name, SCORES, X, y, 0.0)
    check_value(loss, sum(LOSSES) / 3, what=LOSS, sizes={"N": 3})


@pytest.mark.points(2, question="softmax")
def test_softmax_naive_course_example(student):
    """`softmax_loss_naive` gives 2.0404, 0.0791 and 6.1565 for the images of the slides.

    fa: تابع `softmax_loss_naive` برای سه تصویر اسلایدها 2.0404 و 0.0791 و 6.1565 می‌دهد.
    hint: The logarithm is the natural one, `np.log`, and the loss is the mean over the images.
    hint-fa: لگاریتم، لگاریتم طبیعی (`np.log`) است و هزینه، میانگین روی تصویرهاست.
    """
    check_course_example(student, "softmax_loss_naive")


@pytest.mark.points(2, question="softmax", requires=["test_softmax_naive_course_example"])
def test_softmax_naive_gradient(student, rng):
    """The gradient of `softmax_loss_naive` is the slope of its loss.

    fa: گرادیان `softmax_loss_naive` شیب هزینهٔ آن است.
    hint: Column j gets `(P_j - 1) x_i` for the true class and `P_j x_i` for the others.
    hint-fa: ستون j برای کلاس درست `(P_j - 1) x_i` و برای بقیهٔ کلاس‌ها `P_j x_i` می‌گیرد.
    """
    check_gradient_of(student, "softmax_loss_naive", rng)


def check_gradient_of(student, name, rng):
    # Five examples, four numbers each, three classes: no two sizes are equal.
    W, X = rng.normal(size=(4, 3)), rng.normal(size=(5, 4))
    # Near 0 every class counts, far out few do: a check needs both.
    X *= np.array([[0.1], [0.1], [1.0], [2.0], [3.0]])
    y, sizes = np.array([0, 2, 1, 1, 0]), {"N": 5, "C": 3}
    check_loss_gradient(student, name, W, X, y, 0.0, rng=rng, what=GRADIENT, sizes=sizes)


@pytest.mark.points(2, question="softmax")
def test_softmax_vectorized_course_example(student):
    """`softmax_loss_vectorized` gives 2.0404, 0.0791 and 6.1565 for the images of the slides.

    fa: تابع `softmax_loss_vectorized` برای سه تصویر اسلایدها 2.0404 و 0.0791 و 6.1565 می‌دهد.
    hint: Each row of probabilities sums to 1: sum over the classes, `axis=1`, with `keepdims=True`.
    hint-fa: جمع هر سطر احتمال‌ها ۱ است: روی کلاس‌ها، یعنی `axis=1`، و با `keepdims=True` جمع بزنید.
    """
    check_course_example(student, "softmax_loss_vectorized")


@pytest.mark.points(2, question="softmax", requires=["test_softmax_vectorized_course_example"])
def test_softmax_vectorized_gradient(student, rng):
    """The gradient of `softmax_loss_vectorized` is the slope of its loss.

    fa: گرادیان `softmax_loss_vectorized` شیب هزینهٔ آن است.
    hint: It is `X^T (P - Y) / N`, where Y has a 1 in the place of each true class.
    hint-fa: گرادیان `X^T (P - Y) / N` است که در آن Y در جای کلاس درست هر نمونه ۱ دارد.
    """
    check_gradient_of(student, "softmax_loss_vectorized", rng)


@pytest.mark.parametrize("version", ["naive", "vectorized"])
@pytest.mark.points(1, question="softmax")
def test_softmax_regularization(student, version):
    """`reg` adds `reg * sum(W * W)` to the softmax loss and `2 * reg * W` to its gradient.

    fa: ضریب `reg` به هزینهٔ سافتمکس مقدار `reg * sum(W * W)` و به گرادیان آن `2 * reg * W` را
        می‌افزاید.
    hint: There is no factor `1/2`, and all of `W` counts, its last row included.
    hint-fa: ضریب `1/2` در کار نیست و همهٔ `W`، حتی سطر آخر آن، به حساب می‌آید.
    """
    W = np.array([[1.0, -2.0, 0.5], [0.0, 3.0, -1.0], [2.0, 1.0, -0.5], [-1.5, 0.5, 4.0]])
    X, y = np.array([[1.0, 2.0, -1.0, 0.5], [0.0, -1.0, 1.0, 2.0]]), np.array([2, 0])
    added = []
    for reg in (0.0, 0.3):
        loss, gradient = student.call(f"softmax_loss_{version}", W, X, y, reg)
        check_shape(loss, (), what=LOSS)
        check_shape(gradient, (4, 3), what=GRADIENT)
        added.append((np.asarray(loss), np.asarray(gradient)))
    check_value(added[1][0] - added[0][0], 0.3 * 39.0, what=LOSS)
    check_value(added[1][1] - added[0][1], 0.6 * W, what=GRADIENT)


@pytest.mark.parametrize("classes", [3, 10])
@pytest.mark.points(0.5, question="softmax")
def test_softmax_loss_at_the_start(student, classes):
    """With all weights 0 the softmax loss is the natural logarithm of the number of classes.

    fa: اگر همهٔ وزن‌ها صفر باشند، هزینهٔ سافتمکس لگاریتم طبیعی تعداد کلاس‌هاست.
    """
    X, y = np.arange(20.0).reshape(5, 4), np.array([0, 2, 1, 1, 0])
    loss, _ = student.softmax_loss_vectorized(np.zeros((4, classes)), X, y, 0.0)
    check_value(loss, np.log(classes), what=LOSS, sizes={"N": 5})


@pytest.mark.parametrize("version", ["naive", "vectorized"])
@pytest.mark.points(1, question="softmax")
def test_softmax_of_large_scores(student, version):
    """Scores around 1000 have the same softmax loss as the same scores around 0.

    fa: هزینهٔ سافتمکس برای امتیازهای نزدیک به ۱۰۰۰ همان است که برای همان امتیازها نزدیک به صفر است.
    hint: `np.exp(1000)` is infinite: subtract the largest score of each example first.
    hint-fa: حاصل `np.exp(1000)` بی‌نهایت است: نخست بیشترین امتیاز هر نمونه را از امتیازهایش کم کنید.
    """
    X, y = np.eye(3), np.array([0, 1, 2])
    loss, gradient = student.call(f"softmax_loss_{version}", SCORES, X, y, 0.0)
    check_shape(loss, (), what=LOSS)
    check_shape(gradient, (3, 3), what=GRADIENT)
    if not np.any(gradient):
        raise CheckFailure(FailureDetails(ALL_ZERO, got="0"))
    got = student.call(f"softmax_loss_{version}", SCORES + 1000, X, y, 0.0)
    check_value(got, (loss, gradient), what=(LOSS, GRADIENT))
    # As far apart within one example as it goes: exp(-720) is not 0 yet, exp(720) is infinite.
    far_apart = np.array([[720.0, 0.0, 9.0], [5.0, 720.0, 0.0], [-360.0, 5.0, 360.0]])
    got = student.call(f"softmax_loss_{version}", far_apart, X, y, 0.0)
    check_value(got, (0.0, np.zeros((3, 3))), what=(LOSS, GRADIENT))
