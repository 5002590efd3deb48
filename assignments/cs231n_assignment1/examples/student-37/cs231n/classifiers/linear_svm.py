"""Multiclass SVM loss, W (D, C), X (N, D), labels y (N,), penalty reg * sum(W * W)."""

from builtins import range
from past.builtins import xrange
import numpy as np


def svm_loss_naive(W, X, y, reg):
    """The loss and its gradient dW (D, C), in loops."""
    dW = np.zeros(W.shape)
    loss = 0.0
    N, C = X.shape[0], W.shape[1]
    for i in xrange(N):
        scores = X[i].dot(W)
        for j in xrange(C):
            margin = scores[j] - scores[y[i]] + 1
            if j != y[i] and margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    loss = loss / N + reg * np.sum(W * W)
    dW = dW / N + 2 * reg * W
    return loss, dW


def svm_loss_vectorized(W, X, y, reg):
    """The same without loops."""
    loss = 0.0
    dW = np.zeros(W.shape)
    N = X.shape[0]
    rows = np.arange(N)
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[rows, y][:, None] + 1)
    margins[rows, y] = 0
    loss = margins.sum() / N + reg * np.sum(W * W)
    counts = (margins > 0).astype(float)
    counts[rows, y] = -counts.sum(axis=1)
    dW = X.T.dot(counts) / N + 2 * reg * W
    return loss, dW
