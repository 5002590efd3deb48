"""Softmax loss, W (D, C), X (N, D), labels y (N,), penalty reg * sum(W * W)."""

import numpy as np


def softmax_loss_naive(W, X, y, reg):
    """The loss and its gradient dW (D, C), in loops."""
    loss = 0.0
    dW = np.zeros_like(W)
    ########################################
    # TODO: write this part
    ########################################
    pass
    return loss, dW


def softmax_loss_vectorized(W, X, y, reg):
    """The same without loops."""
    loss = 0.0
    dW = np.zeros_like(W)
    ########################################
    # TODO: write this part
    ########################################
    pass
    return loss, dW
