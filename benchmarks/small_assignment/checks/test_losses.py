"""Eight checks: a value and a gradient of each of four functions.

The same work as `benchmarks/graders/plain_checks.py` does for the other graders, written as an
instructor writes it here.
"""

import numpy as np
import pytest

from autograder.checks import check_gradient, check_loss_gradient, check_value
from autograder.checks.calls import Call


def _classes(rng):
    return rng.normal(size=(8, 5)), rng.normal(size=(10, 8)), rng.integers(0, 5, size=10), 0.1


def _targets(rng):
    return rng.normal(size=8), rng.normal(size=(10, 8)), rng.integers(0, 2, size=10)


def _layer(rng):
    return [rng.normal(size=shape) for shape in ((10, 6), (6, 4), (4,), (10, 4))]


@pytest.mark.points(1, question="losses")
def test_softmax_value(student, rng):
    """`softmax_loss` returns the mean loss with its regularization.

    fa: تابع `softmax_loss` میانگین هزینه را همراه با جملهٔ تنظیم برمی‌گرداند.
    """
    W, X, labels, reg = _classes(rng)
    loss, _ = student.softmax_loss(W, X, labels, reg)
    scores = X @ W
    log_sums = np.log(np.exp(scores).sum(axis=1))
    expected = np.mean(log_sums - scores[np.arange(10), labels]) + reg * np.sum(W * W)
    check_value(loss, expected, what="the loss")


@pytest.mark.points(1, question="losses")
def test_softmax_gradient(student, rng):
    """The gradient of `softmax_loss` is the slope of its loss.

    fa: گرادیان `softmax_loss` شیب هزینهٔ آن است.
    """
    check_loss_gradient(student, "softmax_loss", *_classes(rng), rng=rng)


@pytest.mark.points(1, question="losses")
def test_svm_value(student, rng):
    """`svm_loss` returns the mean hinge loss with its regularization.

    fa: تابع `svm_loss` میانگین هزینهٔ لولایی را همراه با جملهٔ تنظیم برمی‌گرداند.
    """
    W, X, labels, reg = _classes(rng)
    loss, _ = student.svm_loss(W, X, labels, reg)
    scores = X @ W
    margins = np.maximum(0, scores - scores[np.arange(10), labels][:, None] + 1)
    margins[np.arange(10), labels] = 0
    check_value(loss, margins.sum() / 10 + reg * np.sum(W * W), what="the loss")


@pytest.mark.points(1, question="losses")
def test_svm_gradient(student, rng):
    """The gradient of `svm_loss` is the slope of its loss.

    fa: گرادیان `svm_loss` شیب هزینهٔ آن است.
    """
    check_loss_gradient(student, "svm_loss", *_classes(rng), rng=rng)


@pytest.mark.points(1, question="losses")
def test_logistic_value(student, rng):
    """`logistic_loss` returns the mean cross-entropy.

    fa: تابع `logistic_loss` میانگین آنتروپی متقاطع را برمی‌گرداند.
    """
    w, X, targets = _targets(rng)
    loss, _ = student.logistic_loss(w, X, targets)
    expected = np.mean(np.log(1 + np.exp(X @ w)) - targets * (X @ w))
    check_value(loss, expected, what="the loss")


@pytest.mark.points(1, question="losses")
def test_logistic_gradient(student, rng):
    """The gradient of `logistic_loss` is the slope of its loss.

    fa: گرادیان `logistic_loss` شیب هزینهٔ آن است.
    """
    check_loss_gradient(student, "logistic_loss", *_targets(rng), rng=rng)


@pytest.mark.points(1, question="layers")
def test_affine_value(student, rng):
    """`affine` returns `x @ w + b`.

    fa: تابع `affine` مقدار `x @ w + b` را برمی‌گرداند.
    """
    x, w, b, d_out = _layer(rng)
    out, *_ = student.affine(x, w, b, d_out)
    check_value(out, x @ w + b, what="the output")


@pytest.mark.points(1, question="layers")
def test_affine_gradient(student, rng):
    """The three gradients of `affine` are the slopes of its output.

    fa: سه گرادیان `affine` شیب‌های خروجی آن هستند.
    """
    x, w, b, d_out = _layer(rng)
    _, dx, dw, db = student.affine(x, w, b, d_out)

    def losses(points):
        outputs = student.calls([Call("affine", (*point, d_out)) for point in points])
        return [np.sum(d_out * output[0]) for output in outputs]

    check_gradient(losses, (x, w, b), (dx, dw, db), rng=rng)
