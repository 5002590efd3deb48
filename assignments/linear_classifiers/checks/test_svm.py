"""Checks of the multiclass SVM loss that every student sees (slides s.48-61)."""

import numpy as np
import pytest

from autograder.checks import check_loss_gradient, check_shape, check_value

LOSS = {"en": "the loss", "fa": "هزینه"}
GRADIENT = {"en": "the gradient", "fa": "گرادیان"}

# s.48: scores of a cat, a car and a frog; with X the identity, W is the table of scores.
SCORES = np.array([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]])
LOSSES = [2.9, 0.0, 12.9]


def check_course_example(student, name):
    X, y = np.eye(3), np.array([0, 1, 2])
    for i in range(3):
        loss, _ = student.call(name, SCORES, X[i : i + 1], y[i : i + 1], 0.0)
        check_value(loss, LOSSES[i], what=LOSS)
    loss, _ = student.call(name, SCORES, X, y, 0.0)
    check_value(loss, 15.8 / 3, what=LOSS, sizes={"N": 3})


@pytest.mark.points(2, question="svm")
def test_svm_naive_course_example(student):
    """`svm_loss_naive` gives 2.9, 0 and 12.9 for the three images of the slides, 5.27 on average.

    fa: تابع `svm_loss_naive` برای سه تصویر اسلایدها 2.9 و 0 و 12.9 و به طور میانگین 5.27 می‌دهد.
    hint: The true class is not in the sum, and the loss is the mean over the images.
    hint-fa: کلاس درست در مجموع نیست و هزینه، میانگین روی تصویرهاست.
    """
    check_course_example(student, "svm_loss_naive")


@pytest.mark.points(2, question="svm", requires=["test_svm_naive_course_example"])
def test_svm_naive_gradient(student, rng):
    """The gradient of `svm_loss_naive` is the slope of its loss.

    fa: گرادیان `svm_loss_naive` شیب هزینهٔ آن است.
    hint: Each margin above 0 adds `x_i` to its own column and takes it off the true class's.
    hint-fa: هر حاشیهٔ مثبت، `x_i` را به ستون خودش می‌افزاید و از ستون کلاس درست کم می‌کند.
    """
    check_gradient_of(student, "svm_loss_naive", rng)


def check_gradient_of(student, name, rng):
    # Five examples, four numbers each, three classes: no two sizes are equal.
    W, X = rng.normal(size=(4, 3)), rng.normal(size=(5, 4))
    # Near 0 every class counts, far out few do: a check needs both.
    X *= np.array([[0.1], [0.1], [1.0], [2.0], [3.0]])
    y, sizes = np.array([0, 2, 1, 1, 0]), {"N": 5, "C": 3}
    check_loss_gradient(student, name, W, X, y, 0.0, rng=rng, what=GRADIENT, sizes=sizes)


@pytest.mark.points(2, question="svm")
def test_svm_vectorized_course_example(student):
    """`svm_loss_vectorized` gives 2.9, 0 and 12.9 for the images of the slides, 5.27 on average.

    fa: تابع `svm_loss_vectorized` برای سه تصویر اسلایدها 2.9 و 0 و 12.9 و به طور میانگین 5.27
        می‌دهد.
    hint: The scores of the true classes must be a column, shape `(N, 1)`, before you subtract them.
    hint-fa: امتیازهای کلاس درست پیش از تفریق باید یک ستون با شکل `(N, 1)` باشند.
    """
    check_course_example(student, "svm_loss_vectorized")


@pytest.mark.points(2, question="svm", requires=["test_svm_vectorized_course_example"])
def test_svm_vectorized_gradient(student, rng):
    """The gradient of `svm_loss_vectorized` is the slope of its loss.

    fa: گرادیان `svm_loss_vectorized` شیب هزینهٔ آن است.
    hint: In the table of margins above 0, the true class gets minus the number of them in its row.
    hint-fa: در جدول حاشیه‌های مثبت، جای کلاس درست، منفیِ تعداد حاشیه‌های مثبت همان سطر می‌آید.
    """
    check_gradient_of(student, "svm_loss_vectorized", rng)


@pytest.mark.parametrize("version", ["naive", "vectorized"])
@pytest.mark.points(1, question="svm")
def test_svm_regularization(student, version):
    """`reg` adds `reg * sum(W * W)` to the SVM loss and `2 * reg * W` to its gradient.

    fa: ضریب `reg` به هزینهٔ SVM مقدار `reg * sum(W * W)` و به گرادیان آن `2 * reg * W` را می‌افزاید.
    hint: There is no factor `1/2`, and all of `W` counts, its last row included.
    hint-fa: ضریب `1/2` در کار نیست و همهٔ `W`، حتی سطر آخر آن، به حساب می‌آید.
    """
    W = np.array([[1.0, -2.0, 0.5], [0.0, 3.0, -1.0], [2.0, 1.0, -0.5], [-1.5, 0.5, 4.0]])
    X, y = np.array([[1.0, 2.0, -1.0, 0.5], [0.0, -1.0, 1.0, 2.0]]), np.array([2, 0])
    added = []
    for reg in (0.0, 0.3):
        loss, gradient = student.call(f"svm_loss_{version}", W, X, y, reg)
        check_shape(loss, (), what=LOSS)
        check_shape(gradient, (4, 3), what=GRADIENT)
        added.append((np.asarray(loss), np.asarray(gradient)))
    check_value(added[1][0] - added[0][0], 0.3 * 39.0, what=LOSS)
    check_value(added[1][1] - added[0][1], 0.6 * W, what=GRADIENT)


@pytest.mark.parametrize("classes", [3, 10])
@pytest.mark.points(0.5, question="svm")
def test_svm_loss_at_the_start(student, classes):
    """With all weights 0 the SVM loss is the number of classes minus 1.

    fa: اگر همهٔ وزن‌ها صفر باشند، هزینهٔ SVM یکی کمتر از تعداد کلاس‌هاست.
    """
    X, y = np.arange(20.0).reshape(5, 4), np.array([0, 2, 1, 1, 0])
    loss, _ = student.svm_loss_vectorized(np.zeros((4, classes)), X, y, 0.0)
    check_value(loss, float(classes - 1), what=LOSS, sizes={"N": 5})
