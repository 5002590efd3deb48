"""How the first assignment's functions are called, whatever year they are of.

Until 2015 the weights were (C, D) and the images columns, (D, N); since then (D, C) and (N, D). The
penalty is `reg * sum(W * W)` or half of it. Everything here answers in today's layout.
"""

import numpy as np

from autograder.checks import check_shape, check_value
from autograder.errors import CheckFailure, FailureDetails, StudentError
from reference.losses import softmax_loss, svm_loss

RIGHT = {"svm": svm_loss, "softmax": softmax_loss}
CLASSIFIERS = "cs231n.classifiers."
NOT_WRITTEN = {"MissingName", "NotImplementedError", "SyntaxError"}
LOSS = {"en": "the loss", "fa": "هزینه"}
GRADIENT = {"en": "the gradient", "fa": "گرادیان"}
ADDED = {"en": "what `reg` adds to the loss", "fa": "آنچه `reg` به هزینه می‌افزاید"}
SLOPE = {"en": "what `reg` adds to the gradient", "fa": "آنچه `reg` به گرادیان می‌افزاید"}
EITHER = {
    "en": "The penalty is `reg * sum(W * W)`, or half of it; its gradient is `2 * reg * W`, or "
    "half of it. Hold both to the same.",
    "fa": "جریمه `reg * sum(W * W)` یا نصف آن است و گرادیان آن `2 * reg * W` یا نصف آن. هر دو باید "
    "با هم بخوانند.",
}


def shape_of(value):
    """The shape of an answer; None where it has none."""
    try:
        return np.shape(value)
    except ValueError:
        return None


def number(value):
    """A loss that came as an array of one number, as a number."""
    if shape_of(value) is None:
        return value
    array = np.asarray(value)
    return array.reshape(()) if array.dtype.kind in "iuf" and array.size == 1 else value


def loss_and_gradient(answer, names=(LOSS, GRADIENT)):
    """The two of an answer. Raises CheckFailure where it is not two."""
    if not (isinstance(answer, (tuple, list)) and len(answer) == 2):
        check_value(answer, (0.0, 0.0), what=names)
    loss, gradient = answer
    loss = number(loss)
    check_shape(loss, (), what=LOSS)
    return loss, gradient


def check_accuracy(labels, y, at_least):
    """At least this share of the labels is right. Raises CheckFailure."""
    whole = shape_of(labels) is not None and np.size(labels) == y.size
    right = float(np.mean(np.reshape(labels, -1) == y)) if whole else 0.0
    if right < at_least:
        raise CheckFailure(
            FailureDetails(
                {
                    "en": "After training, too few points get their own label.",
                    "fa": "پس از آموزش، نقطه‌های کمی برچسب خودشان را می‌گیرند.",
                },
                expected=f"at least {at_least:.0%} of {len(y)}",
                got=f"{right:.0%}",
            )
        )


def loss_of(student, name, W, X, y, reg):
    """`(loss, gradient)` of a loss function, the gradient (D, C)."""
    dotted = f"{CLASSIFIERS}{'linear_svm' if name.startswith('svm') else 'softmax'}.{name}"
    try:
        answer = student.call(dotted, W, X, y, reg)
    except StudentError as error:
        if error.kind in NOT_WRITTEN:
            raise
        record = student.last_call
        error.with_context(call=record.call, example=record.example, printed=record.printed)
        try:
            loss, gradient = student.call(dotted, W.T.copy(), X.T.copy(), y, reg)
        except (StudentError, TypeError, ValueError):
            raise error from None
        if shape_of(gradient) != W.T.shape:
            raise error from None
        return number(loss), np.asarray(gradient).T
    return loss_and_gradient(answer)


def check_penalty(without, with_reg, W, reg):
    """`reg` adds a documented penalty to the loss, and its own slope to the gradient."""
    for loss, gradient in (without, with_reg):
        check_shape(loss, (), what=LOSS)
        check_shape(gradient, W.shape, what=GRADIENT)
    added = float(with_reg[0]) - float(without[0])
    squares = float(np.sum(W * W))
    factor = 0.5 if np.isclose(added, 0.5 * reg * squares, rtol=1e-5) else 1.0
    check_value(added, factor * reg * squares, what=ADDED, hint=EITHER, rtol=1e-5)
    slope = np.asarray(with_reg[1], float) - np.asarray(without[1], float)
    check_value(slope, 2 * factor * reg * W, what=SLOPE, hint=EITHER, rtol=1e-5, atol=1e-7)


def batch(rng, *, N=12, D=13, C=10):
    """Weights (D, C), images (N, D) and labels (N,), the last class among them.

    C is CIFAR-10's, which people write as a number; N, D and C differ.
    """
    y = rng.integers(0, C, N)
    y[rng.integers(N)] = C - 1
    return 0.4 * rng.normal(size=(D, C)), rng.normal(size=(N, D)), y


def check_loss(student, kind, version, W, X, y):
    """The loss function of this kind gives the loss and its gradient. Raises CheckFailure."""
    got = loss_of(student, f"{kind}_loss_{version}", W, X, y, 0.0)
    sizes = {"N": len(y), "D": len(W), "C": W.shape[1]}
    check_value(got, tuple(RIGHT[kind](W, X, y)), what=(LOSS, GRADIENT), sizes=sizes)


class Classifier:
    """`LinearSVM` or `Softmax` in either layout."""

    def __init__(self, student, name):
        self.remote = student.new(f"{CLASSIFIERS}linear_classifier.{name}")
        self.turned = False

    def turn(self, array):
        """An array in the layout of this submission, or back."""
        known = shape_of(array) is not None
        return np.ascontiguousarray(np.asarray(array).T) if self.turned and known else array

    def either(self, attempt):
        """`attempt()` in today's layout, else in that of 2015."""
        try:
            return attempt()
        except StudentError as error:
            if error.kind in NOT_WRITTEN or self.turned:
                raise
            record = self.remote.student.last_call
            error.with_context(call=record.call, example=record.example, printed=record.printed)
            self.turned = True
            try:
                return attempt()
            except StudentError:
                self.turned = False
                raise error from None

    def train(self, W, X, y, **keywords):
        """Train from `W` (None: their own start); the losses and the weights (D, C)."""

        def attempt():
            self.remote.set("W", None if W is None else self.turn(W))
            losses = self.remote.train(self.turn(X), y, **keywords)
            if isinstance(losses, (list, tuple)):
                losses = [number(loss) for loss in losses]
            return losses, self.turn(self.remote.get("W"))

        losses, weights = self.either(attempt)
        if (shape_of(weights) or ())[:1] != X.shape[1:] and not self.turned:
            self.turned = True
            return attempt()
        return losses, weights

    def loss(self, W, X, y, reg):
        """The classifier's own loss and gradient at `W`."""

        def attempt():
            self.remote.set("W", self.turn(W))
            loss, gradient = loss_and_gradient(self.remote.loss(self.turn(X), y, reg))
            return loss, self.turn(gradient)

        return self.either(attempt)

    def predict(self, W, X):
        """The labels of X (N, D) with the weights `W`."""

        def attempt():
            self.remote.set("W", self.turn(W))
            return self.remote.predict(self.turn(X))

        return self.either(attempt)
