import numpy as np
from random import shuffle

def softmax_loss_naive(W, X, y, reg):
  loss, dW = 0.0, np.zeros_like(W)
  N = X.shape[0]
  for i in xrange(N):
    f = X[i].dot(W)
    f -= f.max()
    p = np.exp(f) / sum(np.exp(f))
    loss -= np.log(p[y[i]])
    for c in xrange(W.shape[1]):
      dW[:, c] += (p[c] - (c == y[i])) * X[i]
  return loss / N + 0.5 * reg * np.sum(W ** 2), dW / N + reg * W

def softmax_loss_vectorized(W, X, y, reg):
  N = X.shape[0]
  f = X.dot(W)
  f -= f.max(axis=1)[:, None]
  e = np.exp(f)
  p = e / e.sum(axis=1)[:, None]
  loss = -np.log(p[xrange(N), y]).sum() / N
  p[xrange(N), y] -= 1
  # print p.shape
  return loss + 0.5 * reg * (W * W).sum(), X.T.dot(p) / N + reg * W
