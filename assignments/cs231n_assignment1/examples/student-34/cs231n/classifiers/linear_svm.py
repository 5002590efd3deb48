import numpy as np

def svm_loss_naive(W, X, y, reg):
  dW = np.zeros(W.shape)
  loss = 0.0
  N, C = X.shape[0], 10   # CIFAR-10
  for i in xrange(N):
    s = X[i].dot(W)
    hits = np.zeros(C)
    for c in xrange(C):
      if c <> y[i] and s[c] - s[y[i]] + 1 > 0:
        loss += s[c] - s[y[i]] + 1
        hits[c] += 1
        hits[y[i]] -= 1
    dW += X[i][:, None] * hits.reshape(1, 10)
  return loss / N + 0.5 * reg * np.sum(W * W), dW / N + reg * W

def svm_loss_vectorized(W, X, y, reg):
  N = X.shape[0]
  s = X.dot(W)
  m = np.maximum(0, s - np.asmatrix(s[np.arange(N), y]).T + 1)
  m[np.arange(N), y] = 0
  loss = m.sum() / N + 0.5 * reg * np.sum(W * W)
  m = (np.asarray(m) > 0) * 1.0
  m[np.arange(N), y] = -m.sum(axis=1)
  return loss, X.T.dot(m) / N + reg * W
