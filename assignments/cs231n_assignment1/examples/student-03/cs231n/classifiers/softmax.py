import numpy as np
from random import shuffle

def softmax_loss_naive(W, X, y, reg):
  loss = 0.0
  dW = np.zeros_like(W)
  num_train = X.shape[1]
  for i in xrange(num_train):
    f = W.dot(X[:, i])
    f -= np.max(f)
    p = np.exp(f) / np.sum(np.exp(f))
    loss += -np.log(p[y[i]]) if p[y[i]] > 0 else -(f[y[i]] - np.log(np.sum(np.exp(f))))
    p[y[i]] -= 1
    dW += np.outer(p, X[:, i])
  loss = loss / num_train + 0.5 * reg * np.sum(W * W)
  dW = dW / num_train + reg * W
  return loss, dW

def softmax_loss_vectorized(W, X, y, reg):
  num_train = X.shape[1]
  f = W.dot(X)
  f -= np.max(f, axis=0)
  p = np.exp(f) / np.sum(np.exp(f), axis=0)
  loss = -np.mean(f[y, range(num_train)] - np.log(np.sum(np.exp(f), axis=0)))
  loss += 0.5 * reg * np.sum(W * W)
  p[y, range(num_train)] -= 1
  dW = p.dot(X.T) / num_train + reg * W
  return loss, dW
