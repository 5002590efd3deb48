"""Activations, forwards."""

import math

import numpy as np
import torch

from right_versions.registry import right


@right("sigmoid")
def sigmoid_tanh(x):
    return (1 + np.tanh(x / 2)) / 2


@right("sigmoid")
def sigmoid_logs(x):
    return np.exp(-np.logaddexp(0, -x))


@right("sigmoid")
def sigmoid_loops(x):
    out = np.empty(x.shape)
    for at, value in np.ndenumerate(x):
        e = math.exp(-abs(value))
        out[at] = 1 / (1 + e) if value >= 0 else e / (1 + e)
    return out


@right("sigmoid")
def sigmoid_masks(x):
    out, positive = np.empty(x.shape), x > 0
    out[positive] = 1 / (1 + np.exp(-x[positive]))
    e = np.exp(x[~positive])
    out[~positive] = e / (e + 1)
    return out


@right("sigmoid")
def sigmoid_torch(x):
    return torch.sigmoid(torch.tensor(x)).numpy()


@right("relu_forward")
def relu_where(x):
    return np.where(x > 0, x, 0.0), None


@right("relu_forward")
def relu_product(x):
    return x * (x > 0), None


@right("relu_forward")
def relu_half(x):
    return (x + abs(x)) / 2, None


@right("relu_forward")
def relu_copy(x):
    out = x.copy()
    out[out < 0] = 0
    return out, None


@right("relu_forward")
def relu_loops(x):
    return np.array([[max(0.0, float(v)) for v in row] for row in x]), None


@right("leaky_relu_forward")
def leaky_maximum(x, *, slope=0.01):
    return np.maximum(x, slope * x), None


@right("leaky_relu_forward")
def leaky_from_two_relus(x, *, slope=0.01):
    return np.clip(x, 0, None) - slope * np.clip(-x, 0, None), None


@right("leaky_relu_forward")
def leaky_from_the_size(x, *, slope=0.01):
    return (1 + slope) / 2 * x + (1 - slope) / 2 * np.abs(x), None


@right("leaky_relu_forward")
def leaky_masked(x, *, slope=0.01):
    out = np.array(x)
    out[x < 0] *= slope
    return out, None


@right("leaky_relu_forward")
def leaky_torch(x, *, slope=0.01):
    return torch.nn.functional.leaky_relu(torch.tensor(x), slope).numpy(), None


@right("elu_forward")
def elu_loops(x, *, alpha=1.0):
    values = [v if v > 0 else alpha * math.expm1(v) for v in x.ravel().tolist()]
    return np.reshape(values, x.shape), None


@right("elu_forward")
def elu_two_parts(x, *, alpha=1.0):
    return np.maximum(x, 0) + alpha * (np.exp(np.minimum(x, 0)) - 1), None


@right("elu_forward")
def elu_hyperbolic(x, *, alpha=1.0):
    half = np.minimum(x, 0) / 2
    return np.where(x < 0, 2 * alpha * np.sinh(half) * np.exp(half), x), None


@right("elu_forward")
def elu_masked(x, *, alpha=1.0):
    out, low = x.copy(), x <= 0
    out[low] = alpha * np.exp(x[low]) - alpha
    return out, None


@right("elu_forward")
def elu_torch(x, *, alpha=1.0):
    return torch.nn.functional.elu(torch.tensor(x), alpha).numpy(), None


@right("maxout_forward")
def maxout_loops(x, weights, biases):
    out = np.full((len(x), weights.shape[2]), -np.inf)
    for n, m in np.ndindex(*out.shape):
        for k in range(len(weights)):
            out[n, m] = max(out[n, m], x[n] @ weights[k, :, m] + biases[k, m])
    return out, None


@right("maxout_forward")
def maxout_running(x, weights, biases):
    out = x @ weights[0] + biases[0]
    for w, b in zip(weights[1:], biases[1:], strict=True):
        np.maximum(out, x @ w + b, out=out)
    return out, None


@right("maxout_forward")
def maxout_one_product(x, weights, biases):
    k, d, m = weights.shape
    pieces = x @ weights.transpose(1, 0, 2).reshape(d, k * m) + biases.reshape(-1)
    return pieces.reshape(len(x), k, m).max(1), None


@right("maxout_forward")
def maxout_sorted(x, weights, biases):
    pieces = np.tensordot(x, weights, axes=(1, 1)) + biases
    return np.sort(pieces, axis=1)[:, -1], None


@right("maxout_forward")
def maxout_torch(x, weights, biases):
    pieces = torch.einsum("nd,kdm->nkm", torch.tensor(x), torch.tensor(weights))
    return (pieces + torch.tensor(biases)).amax(1).numpy(), None


@right("relu_forward")
def relu_torch(x):
    return torch.relu(torch.tensor(x)).numpy(), None
