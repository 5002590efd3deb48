"""Multiclass SVM loss, W (D, C), X (N, D), labels y (N,), penalty reg * sum(W * W)."""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    """The loss and its gradient dW (D, C), in loops."""
    dW = np.zeros(W.shape)
    loss = 0.0
    ########################################
    # TODO: write this part
    ########################################
    pass
    return loss, dW


def svm_loss_vectorized(W, X, y, reg):
    """The same without loops."""
    loss = 0.0
    dW = np.zeros(W.shape)
    ########################################
    # TODO: write this part
    ########################################
    pass
    return loss, dW
