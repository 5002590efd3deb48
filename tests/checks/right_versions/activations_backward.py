"""Activations, backwards."""

import math

import numpy as np
import torch

from right_versions.registry import right


def through_torch(dout, x, function):
    """The gradient of `function` at x by automatic differentiation."""
    at = torch.tensor(x, requires_grad=True)
    function(at).backward(torch.tensor(dout))
    return at.grad.numpy()


def by_elements(dout, out, slope):
    return np.array(
        [
            [float(d) * slope(float(o)) for d, o in zip(*rows, strict=True)]
            for rows in zip(dout, out, strict=True)
        ]
    )


@right("sigmoid_backward")
def sigmoid_backward_loops(dout, cache):
    return by_elements(dout, cache.out, lambda s: s - s * s)


@right("sigmoid_backward")
def sigmoid_backward_from_the_middle(dout, cache):
    return dout * (0.25 - (cache.out - 0.5) ** 2)


@right("sigmoid_backward")
def sigmoid_backward_torch(dout, cache):
    return through_torch(dout, np.log(cache.out) - np.log1p(-cache.out), torch.sigmoid)


@right("sigmoid_backward")
def sigmoid_backward_of_the_input(dout, cache):
    x = np.log(cache.out / (1 - cache.out))
    return dout * np.exp(-x) / (1 + np.exp(-x)) ** 2


@right("sigmoid_backward")
def sigmoid_backward_jacobian(dout, cache):
    s = cache.out.ravel()
    return (dout.ravel() @ (np.diag(s) - np.diag(s * s))).reshape(dout.shape)


@right("tanh_backward")
def tanh_backward_factors(dout, cache):
    return (1 - cache.out) * dout * (1 + cache.out)


@right("tanh_backward")
def tanh_backward_of_the_input(dout, cache):
    return dout / np.cosh(np.arctanh(cache.out)) ** 2


@right("tanh_backward")
def tanh_backward_loops(dout, cache):
    return by_elements(dout, cache.out, lambda t: 1 - math.pow(t, 2))


@right("tanh_backward")
def tanh_backward_torch(dout, cache):
    return through_torch(dout, np.arctanh(cache.out), torch.tanh)


@right("tanh_backward")
def tanh_backward_complex_step(dout, cache):
    return dout * np.tanh(np.arctanh(cache.out) + 1e-30j).imag * 1e30


@right("relu_backward")
def relu_backward_where(dout, cache):
    return np.where(cache.out > 0, dout, 0)


@right("relu_backward")
def relu_backward_mask(dout, cache):
    dx = dout.copy()
    dx[cache.out <= 0] = 0
    return dx


@right("relu_backward")
def relu_backward_sign(dout, cache):
    return dout * np.sign(cache.out)


@right("relu_backward")
def relu_backward_loops(dout, cache):
    return by_elements(dout, cache.out, lambda out: 1.0 if out > 0 else 0.0)


@right("relu_backward")
def relu_backward_torch(dout, cache):
    return through_torch(dout, cache.out, torch.relu)


@right("leaky_relu_backward")
def leaky_backward_loops(dout, cache):
    return by_elements(dout, cache.slope, lambda slope: slope)


@right("leaky_relu_backward")
def leaky_backward_masks(dout, cache):
    dx, low = np.empty(dout.shape), cache.slope < 1
    dx[~low] = dout[~low]
    dx[low] = cache.slope[low] * dout[low]
    return dx


@right("leaky_relu_backward")
def leaky_backward_jacobian(dout, cache):
    return (np.diag(cache.slope.ravel()) @ dout.ravel()).reshape(dout.shape)


@right("leaky_relu_backward")
def leaky_backward_split(dout, cache):
    return dout - (1 - cache.slope) * dout


@right("leaky_relu_backward")
def leaky_backward_torch(dout, cache):
    """The sign of x is known from the slope, and the size of x does not matter."""
    x = np.where(cache.slope == 1, 1.0, -1.0)
    low = float(cache.slope.min())
    return through_torch(dout, x, lambda at: torch.nn.functional.leaky_relu(at, low))


@right("prelu_backward")
def prelu_backward_loops(dout, cache):
    slope = np.broadcast_to(cache.slope, cache.x[0].shape)
    dx, dslope = np.empty(dout.shape), np.zeros(cache.slope.size)
    for at, d in np.ndenumerate(dout):
        x = cache.x[at]
        dx[at] = d if x > 0 else slope[at[1:]] * d
        dslope[at[1] if cache.slope.size > 1 else 0] += 0.0 if x > 0 else d * x
    return dx, dslope


@right("prelu_backward")
def prelu_backward_torch(dout, cache):
    x = torch.tensor(cache.x, requires_grad=True)
    slope = torch.tensor(cache.slope.ravel(), requires_grad=True)
    torch.nn.functional.prelu(x, slope).backward(torch.tensor(dout))
    return x.grad.numpy(), slope.grad.numpy()


@right("prelu_backward")
def prelu_backward_minimum(dout, cache):
    dx = dout * (cache.x > 0) + cache.slope * dout * (cache.x <= 0)
    by_channel = (dout * np.minimum(cache.x, 0)).swapaxes(0, 1).reshape(dout.shape[1], -1).sum(1)
    return dx, by_channel if cache.slope.size > 1 else by_channel.sum(keepdims=True)


@right("prelu_backward")
def prelu_backward_by_channels(dout, cache):
    dx, sums, slopes = dout.copy(), [], np.resize(cache.slope.ravel(), dout.shape[1])
    for c, slope in enumerate(slopes):
        low = cache.x[:, c] < 0
        dx[:, c][low] *= slope
        sums.append(float(np.vdot(dout[:, c][low], cache.x[:, c][low])))
    return dx, np.array(sums if cache.slope.size > 1 else [sum(sums)])


@right("prelu_backward")
def prelu_backward_einsum(dout, cache):
    low = (cache.x < 0).astype(dout.dtype)
    rows = [values.reshape(*values.shape[:2], -1) for values in (dout, cache.x, low)]
    channels = np.einsum("ncp,ncp,ncp->c", *rows)
    dx = dout + low * (cache.slope - 1) * dout
    return dx, channels if cache.slope.size > 1 else np.array([channels.sum()])


@right("maxout_backward")
def maxout_backward_loops(dout, cache):
    dx, dw = np.zeros(cache.x.shape), np.zeros(cache.weights.shape)
    db = np.zeros((len(dw), dout.shape[1]))
    for (n, m), d in np.ndenumerate(dout):
        k = cache.winners[n, m]
        dx[n] += d * cache.weights[k, :, m]
        dw[k, :, m] += d * cache.x[n]
        db[k, m] += d
    return dx, dw, db


@right("maxout_backward")
def maxout_backward_torch(dout, cache):
    x = torch.tensor(cache.x, requires_grad=True)
    w = torch.tensor(cache.weights, requires_grad=True)
    b = torch.zeros((w.shape[0], w.shape[2]), dtype=x.dtype, requires_grad=True)
    pieces = torch.einsum("nd,kdm->knm", x, w) + b[:, None]
    pieces.gather(0, torch.tensor(cache.winners)[None])[0].backward(torch.tensor(dout))
    return x.grad.numpy(), w.grad.numpy(), b.grad.numpy()


@right("maxout_backward")
def maxout_backward_by_pieces(dout, cache):
    dx, dw, db = 0.0, [], []
    for k, w in enumerate(cache.weights):
        routed = np.where(cache.winners == k, dout, 0)
        dx = dx + routed @ w.T
        dw.append(cache.x.T @ routed)
        db.append(routed.sum(0))
    return dx, np.array(dw), np.array(db)


@right("maxout_backward")
def maxout_backward_chosen_weights(dout, cache):
    columns = np.arange(dout.shape[1])
    chosen = cache.weights[cache.winners, :, columns]  # (N, M, D)
    dw, db = np.zeros(cache.weights.shape), np.zeros(cache.weights[:, 0].shape)
    where = (cache.winners, np.broadcast_to(columns, dout.shape))
    np.add.at(db, where, dout)
    np.add.at(dw.transpose(0, 2, 1), where, dout[..., None] * cache.x[:, None, :])
    return (dout[:, None, :] @ chosen)[:, 0], dw, db


@right("maxout_backward")
def maxout_backward_one_product(dout, cache):
    k, d, m = cache.weights.shape
    routed = (np.eye(k)[cache.winners] * dout[..., None]).transpose(0, 2, 1).reshape(-1, k * m)
    flat = cache.weights.transpose(1, 0, 2).reshape(d, k * m)
    dw = (cache.x.T @ routed).reshape(d, k, m).transpose(1, 0, 2)
    return routed @ flat.T, dw, routed.sum(0).reshape(k, m)


@right("relu_backward")
def relu_backward_jacobian(dout, cache):
    return (dout.ravel() @ np.diag(np.heaviside(cache.out.ravel(), 0.0))).reshape(dout.shape)
