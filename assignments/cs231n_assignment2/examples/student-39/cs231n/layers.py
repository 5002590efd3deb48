import numpy as np

def affine_forward(x, w, b):
  return x.reshape(x.shape[0], np.prod(x.shape[1:])).dot(w) + b, (x, w, b)

def affine_backward(dout, cache):
  x, w, b = cache
  flat = x.reshape(x.shape[0], np.prod(x.shape[1:]))
  return dout.dot(w.T).reshape(x.shape), flat.T.dot(dout), np.sum(dout, axis=0).reshape(b.shape)

def relu_forward(x):
  return x * (x > 0), x

def relu_backward(dout, cache):
  dx = dout
  dx[cache <= 0] = 0
  return dx

def sizes(x, h, w, pad, stride):
  H, W = x.shape[2:]
  return 1 + (H + 2 * pad - h) / stride, 1 + (W + 2 * pad - w) / stride

def conv_forward_naive(x, w, b, conv_param):
  pad, stride = conv_param['pad'], conv_param['stride']
  Ho, Wo = sizes(x, w.shape[2], w.shape[3], pad, stride)
  out = np.zeros((x.shape[0], w.shape[0], Ho, Wo))
  xp = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)], 'constant')
  for n in xrange(x.shape[0]):
    for f in xrange(w.shape[0]):
      for i in xrange(Ho):
        for j in xrange(Wo):
          window = xp[n, :, i * stride:i * stride + w.shape[2], j * stride:j * stride + w.shape[3]]
          out[n, f, i, j] = np.sum(window * w[f]) + b[f]
  return out, (x, w, b, conv_param)

def conv_backward_naive(dout, cache):
  x, w, b, conv_param = cache
  pad, stride = conv_param['pad'], conv_param['stride']
  xp = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)], 'constant')
  dxp, dw, db = np.zeros_like(xp), np.zeros_like(w), np.zeros_like(b)
  Ho, Wo = sizes(x, w.shape[2], w.shape[3], pad, stride)
  for n in xrange(x.shape[0]):
    for f in xrange(w.shape[0]):
      for i in xrange(Ho):
        for j in xrange(Wo):
          d = dout[n, f, i, j]
          rows = slice(i * stride, i * stride + w.shape[2])
          cols = slice(j * stride, j * stride + w.shape[3])
          db[f] += d
          dw[f] += d * xp[n, :, rows, cols]
          dxp[n, :, rows, cols] += d * w[f]
  return dxp[:, :, pad:pad + x.shape[2], pad:pad + x.shape[3]], dw, db

def max_pool_forward_naive(x, pool_param):
  h, w, stride = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
  Ho, Wo = sizes(x, h, w, 0, stride)
  out = np.zeros((x.shape[0], x.shape[1], Ho, Wo))
  where = np.zeros(out.shape + (2,))
  for i in xrange(Ho):
    for j in xrange(Wo):
      for n in xrange(x.shape[0]):
        for c in xrange(x.shape[1]):
          patch = x[n, c, i * stride:i * stride + h, j * stride:j * stride + w]
          k = np.argmax(patch)
          out[n, c, i, j] = patch[k / w, k % w]
          where[n, c, i, j] = [i * stride + k / w, j * stride + k % w]
  return out, (x, where)

def max_pool_backward_naive(dout, cache):
  x, where = cache
  dx = np.zeros_like(x)
  for (n, c, i, j), d in np.ndenumerate(dout):
    a, b = where[n, c, i, j]
    dx[n, c, int(a), int(b)] += d
  return dx

def svm_loss(x, y):
  N = x.shape[0]
  m = np.maximum(0, x - x[np.arange(N), y][:, None] + 1.0)
  m[np.arange(N), y] = 0
  dx = 1.0 * (m > 0)
  dx[np.arange(N), y] -= dx.sum(axis=1)
  return m.sum() / N, dx / N

def softmax_loss(x, y):
  N = x.shape[0]
  p = np.exp(x - np.max(x, axis=1, keepdims=True))
  p /= np.sum(p, axis=1, keepdims=True)
  loss = -np.sum(np.log(p[np.arange(N), y] + 1e-20)) / N
  p[np.arange(N), y] -= 1
  return loss, p / N
