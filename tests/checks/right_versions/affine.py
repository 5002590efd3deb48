"""The affine layer, there and back, and the column of ones."""

import numpy as np
import torch

from right_versions.registry import right


@right("affine_forward")
def affine_einsum(x, weight, bias=None):
    out = np.einsum("nd,dm->nm", x, weight)
    return (out if bias is None else out + bias), None


@right("affine_forward")
def affine_loops(x, weight, bias=None):
    out = np.empty((len(x), weight.shape[1]))
    for n in range(len(x)):
        for m in range(weight.shape[1]):
            out[n, m] = sum(x[n] * weight[:, m]) + (0 if bias is None else bias[m])
    return out, None


@right("affine_forward")
def affine_bias_trick(x, weight, bias=None):
    bias = np.zeros(weight.shape[1]) if bias is None else bias
    return np.c_[x, np.ones(len(x))] @ np.r_[weight, bias[None]], None


@right("affine_forward")
def affine_torch(x, weight, bias=None):
    b = None if bias is None else torch.tensor(bias)
    return torch.nn.functional.linear(torch.tensor(x), torch.tensor(weight).T, b).numpy(), None


@right("affine_forward")
def affine_sum_of_outer_products(x, weight, bias=None):
    out = np.zeros((len(x), weight.shape[1])) + (0 if bias is None else bias)
    for column, row in zip(x.T, weight, strict=True):
        out += np.multiply.outer(column, row)
    return out, None


def bias_of(dout, cache):
    return dout.sum(0) if cache.has_bias else None


@right("affine_backward")
def affine_backward_loops(dout, cache):
    dx, dw = np.zeros(cache.x.shape), np.zeros(cache.weight.shape)
    for n, m in np.ndindex(*dout.shape):
        for d in range(cache.x.shape[1]):
            dx[n, d] += dout[n, m] * cache.weight[d, m]
            dw[d, m] += dout[n, m] * cache.x[n, d]
    return dx, dw, bias_of(dout, cache)


@right("affine_backward")
def affine_backward_einsum(dout, cache):
    bias = np.einsum("nm->m", dout) if cache.has_bias else None
    return (
        np.einsum("nm,dm->nd", dout, cache.weight),
        np.einsum("nd,nm->dm", cache.x, dout),
        bias,
    )


@right("affine_backward")
def affine_backward_torch(dout, cache):
    x = torch.tensor(cache.x, requires_grad=True)
    w = torch.tensor(cache.weight, requires_grad=True)
    b = torch.zeros(w.shape[1], dtype=x.dtype, requires_grad=True)
    (x @ w + b).backward(torch.tensor(dout))
    return x.grad.numpy(), w.grad.numpy(), b.grad.numpy() if cache.has_bias else None


@right("affine_backward")
def affine_backward_by_examples(dout, cache):
    dw, rows = 0.0, []
    for x, d in zip(cache.x, dout, strict=True):
        rows.append(cache.weight @ d)
        dw = dw + np.outer(x, d)
    return np.stack(rows), dw, np.ones(len(dout)) @ dout if cache.has_bias else None


@right("affine_backward")
def affine_backward_bias_trick(dout, cache):
    x, w = np.c_[cache.x, np.ones(len(dout))], np.r_[cache.weight, np.zeros((1, dout.shape[1]))]
    dw = (dout.T @ x).T
    return (w @ dout.T).T[:, :-1], dw[:-1], dw[-1] if cache.has_bias else None


@right("append_ones")
def ones_concatenated(X):
    return np.concatenate([X.T, np.ones((1, len(X)))]).T


@right("append_ones")
def ones_padded(X):
    return np.pad(X, ((0, 0), (0, 1)), constant_values=1)


@right("append_ones")
def ones_filled(X):
    wide = np.full((X.shape[0], X.shape[1] + 1), 1.0)
    wide[:, :-1] = X
    return wide


@right("append_ones")
def ones_by_loops(X):
    return np.array([[*map(float, row), 1.0] for row in X])


@right("append_ones")
def ones_by_a_matrix(X):
    """X times the identity without its last row, plus the unit row."""
    identity = np.eye(X.shape[1] + 1)
    return X @ identity[:-1] + identity[-1]


@right("append_ones")
def ones_inserted(X):
    return np.insert(X, X.shape[1], 1.0, axis=1)
