import numpy as np
from linear_svm import *
from softmax import *

class LinearClassifier(object):
  W = None

  def train(self, X, y, learning_rate=1e-3, reg=1e-5, num_iters=100,
            batch_size=200, verbose=False):
    num_train, dim = X.shape
    if self.W is None:
      self.W = 0.001 * np.random.randn(dim, np.max(y) + 1)
    history = []
    for it in xrange(num_iters):
      rows = np.random.choice(num_train, batch_size)
      loss, grad = self.loss(X[rows], y[rows], reg)
      history.append(loss)
      self.W -= learning_rate * grad
      if verbose and it % (num_iters / 10) == 0:
        print 'iteration %d / %d: loss %f' % (it, num_iters, loss)
    return history

  def predict(self, X):
    return np.argmax(X.dot(self.W), axis=1)

class LinearSVM(LinearClassifier):
  def loss(self, X, y, reg):
    return svm_loss_vectorized(self.W, X, y, reg)

class Softmax(LinearClassifier):
  def loss(self, X, y, reg):
    return softmax_loss_vectorized(self.W, X, y, reg)
