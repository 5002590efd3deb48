from __future__ import print_function
import numpy as np
try:
    from cs231n.im2col_cython import col2im_cython, im2col_cython
    from cs231n.im2col_cython import col2im_6d_cython
except ImportError:
    print("compile the extension first")
from cs231n.layers import max_pool_forward_naive, max_pool_backward_naive


def conv_forward_fast(x, w, b, conv_param):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    stride, pad = conv_param["stride"], conv_param["pad"]
    rows = (H + 2 * pad - HH) // stride + 1
    columns = (W + 2 * pad - WW) // stride + 1
    cols = im2col_cython(x, HH, WW, pad, stride)
    out = w.reshape(F, -1).dot(cols) + b.reshape(-1, 1)
    out = out.reshape(F, rows, columns, N).transpose(3, 0, 1, 2)
    return out, (x, w, b, conv_param, cols)


def conv_backward_fast(dout, cache):
    x, w, b, conv_param, cols = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    F, C, HH, WW = w.shape
    flat = dout.transpose(1, 2, 3, 0).reshape(F, -1)
    dw = flat.dot(cols.T).reshape(w.shape)
    dcols = w.reshape(F, -1).T.dot(flat)
    dx = col2im_cython(dcols, x.shape[0], C, x.shape[2], x.shape[3], HH, WW, pad, stride)
    return dx, dw, dout.sum(axis=(0, 2, 3))


max_pool_forward_fast = max_pool_forward_naive
max_pool_backward_fast = max_pool_backward_naive
