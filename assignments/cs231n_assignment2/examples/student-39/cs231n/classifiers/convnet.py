import numpy as np

from cs231n.layers import *
from cs231n.fast_layers import *
from cs231n.layer_utils import *

def two_layer_convnet(X, model, y=None, reg=0.0):
  W1, b1, W2, b2 = model['W1'], model['b1'], model['W2'], model['b2']
  conv_param = {'stride': 1, 'pad': (W1.shape[2] - 1) / 2}
  pool_param = {'pool_height': 2, 'pool_width': 2, 'stride': 2}
  a, conv = conv_relu_pool_forward(X, W1, b1, conv_param, pool_param)
  scores, last = affine_forward(a, W2, b2)
  if y is None:
    return scores
  loss, dscores = softmax_loss(scores, y)
  da, dW2, db2 = affine_backward(dscores, last)
  dX, dW1, db1 = conv_relu_pool_backward(da, conv)
  loss += 0.5 * reg * sum(np.sum(W * W) for W in [W1, W2])
  return loss, {'W1': dW1 + reg * W1, 'b1': db1, 'W2': dW2 + reg * W2, 'b2': db2}
