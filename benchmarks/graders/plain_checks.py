"""The small assignment's eight checks in plain numpy, as one writes them for any other grader.

Every harness copies this file as it is, so that all grade the same work: one value and one
gradient check of each function. A gradient is held against central differences along two random
directions. Each check takes the student's function and raises AssertionError.
"""

import numpy as np

SEED = 2026
STEP = 1e-5


def differences(function, point, gradient, weights=1.0):
    """Hold `gradient` against the slope of `sum(weights * function)` in two directions."""
    rng = np.random.default_rng(SEED)
    for _ in range(2):
        direction = rng.normal(size=point.shape)
        above = np.sum(weights * function(point + STEP * direction))
        below = np.sum(weights * function(point - STEP * direction))
        slope = (above - below) / (2 * STEP)
        np.testing.assert_allclose(np.sum(gradient * direction), slope, rtol=1e-5, atol=1e-8)


def classes():
    """Weights (8, 5), data (10, 8), labels (10,) and the regularization."""
    rng = np.random.default_rng(SEED)
    return rng.normal(size=(8, 5)), rng.normal(size=(10, 8)), rng.integers(0, 5, size=10), 0.1


def check_softmax_value(softmax_loss):
    W, X, labels, reg = classes()
    loss, _ = softmax_loss(W, X, labels, reg)
    scores = X @ W
    log_sums = np.log(np.exp(scores).sum(axis=1))
    expected = np.mean(log_sums - scores[np.arange(10), labels]) + reg * np.sum(W * W)
    np.testing.assert_allclose(loss, expected, rtol=1e-7)


def check_softmax_gradient(softmax_loss):
    W, X, labels, reg = classes()
    _, gradient = softmax_loss(W, X, labels, reg)
    assert gradient.shape == W.shape
    differences(lambda point: softmax_loss(point, X, labels, reg)[0], W, gradient)


def check_svm_value(svm_loss):
    W, X, labels, reg = classes()
    loss, _ = svm_loss(W, X, labels, reg)
    scores = X @ W
    margins = np.maximum(0, scores - scores[np.arange(10), labels][:, None] + 1)
    margins[np.arange(10), labels] = 0
    np.testing.assert_allclose(loss, margins.sum() / 10 + reg * np.sum(W * W), rtol=1e-7)


def check_svm_gradient(svm_loss):
    W, X, labels, reg = classes()
    _, gradient = svm_loss(W, X, labels, reg)
    assert gradient.shape == W.shape
    differences(lambda point: svm_loss(point, X, labels, reg)[0], W, gradient)


def targets():
    """Weights (8,), data (10, 8) and targets (10,) that are 0 or 1."""
    rng = np.random.default_rng(SEED)
    return rng.normal(size=8), rng.normal(size=(10, 8)), rng.integers(0, 2, size=10)


def check_logistic_value(logistic_loss):
    w, X, t = targets()
    loss, _ = logistic_loss(w, X, t)
    expected = np.mean(np.log(1 + np.exp(X @ w)) - t * (X @ w))
    np.testing.assert_allclose(loss, expected, rtol=1e-7)


def check_logistic_gradient(logistic_loss):
    w, X, t = targets()
    _, gradient = logistic_loss(w, X, t)
    assert gradient.shape == w.shape
    differences(lambda point: logistic_loss(point, X, t)[0], w, gradient)


def layer():
    """Input (10, 6), weights (6, 4), bias (4,), upstream gradient (10, 4)."""
    rng = np.random.default_rng(SEED)
    shapes = (10, 6), (6, 4), (4,), (10, 4)
    return [rng.normal(size=shape) for shape in shapes]


def check_affine_value(affine):
    x, w, b, d_out = layer()
    out = affine(x, w, b, d_out)[0]
    np.testing.assert_allclose(out, x @ w + b, rtol=1e-7)


def check_affine_gradient(affine):
    x, w, b, d_out = layer()
    _, dx, dw, db = affine(x, w, b, d_out)
    assert (dx.shape, dw.shape, db.shape) == (x.shape, w.shape, b.shape)
    differences(lambda point: affine(point, w, b, d_out)[0], x, dx, d_out)
    differences(lambda point: affine(x, point, b, d_out)[0], w, dw, d_out)
    differences(lambda point: affine(x, w, point, d_out)[0], b, db, d_out)
