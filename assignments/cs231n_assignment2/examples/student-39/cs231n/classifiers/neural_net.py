import numpy as np
import matplotlib.pyplot as plt

def init_two_layer_model(input_size, hidden_size, output_size):
  return {'W1': 0.00001 * np.random.randn(input_size, hidden_size), 'b1': np.zeros(hidden_size),
          'W2': 0.00001 * np.random.randn(hidden_size, output_size), 'b2': np.zeros(output_size)}

def two_layer_net(X, model, y=None, reg=0.0):
  W1, b1, W2, b2 = model['W1'], model['b1'], model['W2'], model['b2']
  N, D = X.shape
  h = np.maximum(0, X.dot(W1) + b1)
  scores = h.dot(W2) + b2
  if y is None:
    return scores
  p = np.exp(scores - np.max(scores, axis=1, keepdims=True))
  p /= np.sum(p, axis=1, keepdims=True)
  loss = -np.sum(np.log(p[xrange(N), y])) / N
  loss += 0.5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
  p[xrange(N), y] -= 1
  p /= N
  dh = p.dot(W2.T)
  dh[h <= 0] = 0
  grads = {}
  grads['W2'], grads['b2'] = h.T.dot(p) + reg * W2, np.sum(p, axis=0)
  grads['W1'], grads['b1'] = X.T.dot(dh) + reg * W1, np.sum(dh, axis=0)
  return loss, grads
