import numpy as np
import matplotlib.pyplot as plt

class TwoLayerNet(object):
  def __init__(self, input_size, hidden_size, output_size, std=1e-4):
    self.params = {}
    for k, shape in zip(['W1', 'W2'], [(input_size, hidden_size), (hidden_size, output_size)]):
      self.params[k] = std * np.random.randn(*shape)
      self.params['b' + k[1]] = np.zeros(shape[1])

  def loss(self, X, y=None, reg=0.0):
    W1, b1 = self.params['W1'], self.params['b1']
    W2, b2 = self.params['W2'], self.params['b2']
    N = X.shape[0]
    h = np.ma.masked_less(X.dot(W1) + b1, 0).filled(0)
    scores = h.dot(W2) + b2
    if y is None:
      return scores
    e = np.exp(scores - np.max(scores))
    p = (e.T / e.sum(axis=1)).T
    loss = -np.log(p[range(N), y]).mean()
    for W in (W1, W2):
      loss += 0.5 * reg * np.sum(W * W)
    p[range(N), y] -= 1
    grads = {'W2': h.T.dot(p) / N + reg * W2}
    grads['b2'] = (p.sum(axis=0)) / N
    dh = p.dot(W2.T) * (h > 0)
    grads['W1'] = X.T.dot(dh) / N + reg * W1
    grads['b1'] = dh.sum(axis=0) / N
    return loss, grads

  def train(self, X, y, X_val, y_val, learning_rate=1e-3, learning_rate_decay=0.95,
            reg=1e-5, num_iters=100, batch_size=200, verbose=False):
    epoch = max(X.shape[0] / batch_size, 1)
    history = []
    print
    for it in xrange(num_iters):
      rows = np.random.choice(X.shape[0], batch_size)
      loss, grads = self.loss(X[rows], y[rows], reg)
      history.append(loss)
      for k, g in grads.iteritems():
        self.params[k] -= learning_rate * g
      if verbose and it % 100 == 0:
        print >>None, 'iteration', it, 'loss', loss
      if it % epoch == 0:
        learning_rate *= learning_rate_decay
    return {'loss_history': history}

  def predict(self, X):
    return np.argmax(self.loss(X), axis=1)
