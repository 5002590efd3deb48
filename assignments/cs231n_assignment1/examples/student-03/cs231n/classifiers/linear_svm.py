import numpy as np
from random import shuffle

def svm_loss_naive(W, X, y, reg):
  # W: C x D, X: D x N
  dW = np.zeros(W.shape)
  num_classes = W.shape[0]
  num_train = X.shape[1]
  loss = 0.0
  for i in xrange(num_train):
    scores = W.dot(X[:, i])
    correct = scores[y[i]]
    for j in xrange(num_classes):
      if j == y[i]:
        continue
      margin = scores[j] - correct + 1
      if margin > 0:
        loss += margin
        dW[j, :] += X[:, i].T
        dW[y[i], :] -= X[:, i].T
  loss /= num_train
  dW /= num_train
  loss += 0.5 * reg * np.sum(W * W)
  dW += reg * W
  return loss, dW

def svm_loss_vectorized(W, X, y, reg):
  num_train = X.shape[1]
  s = W.dot(X)
  m = np.maximum(0, s - s[y, xrange(num_train)] + 1)
  m[y, xrange(num_train)] = 0
  loss = np.sum(m) / num_train + 0.5 * reg * np.sum(W * W)
  ind = np.zeros(m.shape)
  ind[m > 0] = 1
  ind[y, xrange(num_train)] = -np.sum(ind, axis=0)
  dW = ind.dot(X.T) / num_train + reg * W
  return loss, dW
