import numpy as np
import matplotlib.pyplot as plt

def init_two_layer_model(input_size, hidden_size, output_size):
  model = {}
  model['W1'] = 0.00001 * np.random.randn(input_size, hidden_size)
  model['b1'] = np.zeros(hidden_size)
  model['W2'] = 0.00001 * np.random.randn(hidden_size, output_size)
  model['b2'] = np.zeros(output_size)
  return model

def two_layer_net(X, model, y=None, reg=0.0):
  W1, b1, W2, b2 = model['W1'], model['b1'], model['W2'], model['b2']
  N, D = X.shape
  h = np.maximum(0, X.dot(W1) + b1)
  scores = h.dot(W2) + b2
  if y is None:
    return scores
  e = np.exp(scores - np.max(scores, axis=1).reshape(N, 1))
  p = e / np.sum(e, axis=1).reshape(N, 1)
  loss = -np.sum(np.log(p[xrange(N), y])) / N
  loss += 0.5 * reg * (np.sum(W1 ** 2) + np.sum(W2 ** 2))
  p[xrange(N), y] -= 1
  p /= N
  grads = {}
  grads['W2'] = h.T.dot(p) + reg * W2
  grads['b2'] = np.sum(p, axis=0)
  dh = p.dot(W2.T)
  dh[h <= 0] = 0
  grads['W1'] = X.T.dot(dh) + reg * W1
  grads['b1'] = np.sum(dh, axis=0)
  return loss, grads
