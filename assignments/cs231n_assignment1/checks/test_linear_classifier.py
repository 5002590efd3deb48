"""Checks of `linear_classifier.py`."""

import numpy as np
import pytest
from cs231n_linear import (
    LOSS,
    RIGHT,
    SLOPE,
    Classifier,
    batch,
    check_accuracy,
    check_penalty,
    shape_of,
)

from autograder.checks import check_labels, check_loss_history, check_shape, check_value

KINDS = {"LinearSVM": "svm", "Softmax": "softmax"}
WEIGHTS = {"en": "the weights after one step", "fa": "وزن‌ها پس از یک گام"}


def blobs(rng):
    """Three well separated classes of 40 points, with a 1 at the end of each."""
    y = np.repeat([0, 1, 2], 40)
    centres = np.array([[4.0, 0.0, 0.0], [0.0, 4.0, 0.0], [0.0, 0.0, 4.0]])
    X = centres[y] + rng.normal(scale=0.5, size=(120, 3))
    return np.hstack([X, np.ones((120, 1))]), y


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.points(1.5, question="classifier")
def test_one_step(student, rng, kind):
    """One step of `train` moves `W` against the gradient by the learning rate.

    fa: یک گام `train`، `W` را به اندازهٔ نرخ یادگیری در خلاف جهت گرادیان جابه‌جا می‌کند.
    """
    W, X, y = batch(rng)
    X, y = np.tile(X[:1], (6, 1)), np.tile(y[:1], 6)  # whichever images the batch draws
    classifier, loss = Classifier(student, kind), RIGHT[KINDS[kind]]
    _, gradient = loss(W, X, y)
    losses, weights = classifier.train(
        W, X, y, learning_rate=0.1, reg=0.0, num_iters=1, batch_size=6
    )
    own = classifier.loss(W, X, y, 0.0)[1]
    step = own if shape_of(own) == W.shape and np.any(own) else gradient
    check_value(weights, W - 0.1 * np.asarray(step), what=WEIGHTS)
    check_shape(losses, (1,), what={"en": "the losses", "fa": "هزینه‌ها"})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.points(1.5, question="classifier")
def test_predict(student, rng, kind):
    """`predict` gives the class with the highest score.

    fa: تابع `predict` کلاسی را می‌دهد که امتیازش از همه بیشتر است.
    """
    W, X, _ = batch(rng, N=9)
    check_labels(Classifier(student, kind).predict(W, X), (X @ W).argmax(axis=1))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.points(1.5, question="classifier")
def test_own_loss(student, rng, kind):
    """The classifier's `loss` is the one of its name, with the penalty.

    fa: `loss` هر دسته‌بند همان هزینه‌ای است که نامش می‌گوید، همراه با جریمه.
    """
    W, X, y = batch(rng)
    classifier, loss = Classifier(student, kind), RIGHT[KINDS[kind]]
    without, with_reg = (classifier.loss(W, X, y, reg) for reg in (0.0, 0.4))
    check_value(without, tuple(loss(W, X, y)), what=(LOSS, SLOPE))
    check_penalty(without, with_reg, W, 0.4)


def trained(student, kind, rng):
    X, y = blobs(rng)
    classifier = Classifier(student, kind)
    losses, weights = classifier.train(
        None, X, y, learning_rate=5e-2, reg=1e-3, num_iters=150, batch_size=40
    )
    return classifier, losses, weights, X, y


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.points(1.5, question="classifier")
def test_losses_fall(student, rng, kind):
    """`train` returns one loss for each step, and they fall.

    fa: تابع `train` برای هر گام یک هزینه برمی‌گرداند و هزینه‌ها کم می‌شوند.
    """
    check_loss_history(trained(student, kind, rng)[1], below=0.7, steps=150)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.points(2, question="classifier", visibility="hidden")
def test_trained_accuracy(student, rng, kind):
    """A trained classifier tells three separated groups of points apart.

    fa: دسته‌بند آموزش‌دیده سه گروه نقطهٔ جدا از هم را تشخیص می‌دهد.
    """
    classifier, _, weights, X, y = trained(student, kind, rng)
    check_accuracy(classifier.predict(weights, X), y, 0.95)
