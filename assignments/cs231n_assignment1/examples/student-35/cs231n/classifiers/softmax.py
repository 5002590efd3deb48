"""Softmax loss, W (D, C), X (N, D), labels y (N,), penalty reg * sum(W * W)."""

from builtins import range
from past.builtins import xrange
import numpy as np


def softmax_loss_naive(W, X, y, reg):
    """The loss and its gradient dW (D, C), in loops."""
    loss = 0.0
    dW = np.zeros_like(W)
    N, C = X.shape[0], W.shape[1]
    for i in xrange(N):
        scores = X[i].dot(W)
        scores = scores - scores.max()
        total = np.sum(np.exp(scores))
        loss += np.log(total) - scores[y[i]]
        for j in xrange(C):
            dW[:, j] += (np.exp(scores[j]) / total - (j == y[i])) * X[i]
    loss = loss / N + reg * np.sum(W * W)
    dW = dW / N + 2 * reg * W
    return loss, dW


def softmax_loss_vectorized(W, X, y, reg):
    """The same without loops."""
    loss = 0.0
    dW = np.zeros_like(W)
    N = X.shape[0]
    scores = X.dot(W)
    scores = scores - scores.max(axis=1, keepdims=True)
    logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    loss = -logs[np.arange(N), y].mean() + reg * np.sum(W * W)
    p = np.exp(logs)
    p[np.arange(N), y] -= 1
    dW = X.T.dot(p) / N + 2 * reg * W
    return loss, dW
