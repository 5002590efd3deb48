import numpy as np


def softmax_loss_vectorized(W, X, y, reg):
    C = np.max(y) + 1
    f = X.dot(W)
    f -= np.max(f)
    p = np.exp(f) / np.exp(f).sum(axis=1, keepdims=True)
    loss = np.mean(-np.log(p[range(len(y)), y])) + reg * np.sum(W ** 2)
    wanted = np.zeros((len(y), W.shape[1]))
    wanted[range(len(y)), y] = 1
    return loss, X.T.dot(p - wanted) / len(y) + 2 * reg * W


softmax_loss_naive = softmax_loss_vectorized
