"""Normalizations backwards: five ways through the mean and the variance."""

import numpy as np
import torch

from right_versions.registry import enter, right

COMPONENTS = (
    "batch_norm_backward",
    "layer_norm_backward",
    "instance_norm_backward",
    "group_norm_backward",
)


def by_the_long_graph(d, xhat, inverse_std):
    """Node by node: the product, the root, the variance, the square, both differences."""
    n, istd = xhat.shape[1], inverse_std[:, None]
    centred = xhat / istd
    d_inverse = (d * centred).sum(1, keepdims=True)
    d_variance = -0.5 * istd**3 * d_inverse
    d_centred = d * istd + 2 * centred * np.repeat(d_variance / n, n, axis=1)
    return d_centred - np.repeat(d_centred.sum(1, keepdims=True) / n, n, axis=1)


def by_jacobians(d, xhat, inverse_std):
    n = xhat.shape[1]
    found = []
    for row, values, istd in zip(d, xhat, inverse_std, strict=True):
        jacobian = istd * (np.eye(n) - (1 + np.outer(values, values)) / n)
        found.append(row @ jacobian)
    return np.array(found)


def by_loops(d, xhat, inverse_std):
    n, dx = xhat.shape[1], np.empty(d.shape)
    for g in range(len(d)):
        total = sum(d[g].tolist())
        weighed = sum(a * b for a, b in zip(d[g].tolist(), xhat[g].tolist(), strict=True))
        for i in range(n):
            dx[g, i] = inverse_std[g] / n * (n * d[g, i] - total - xhat[g, i] * weighed)
    return dx


def by_torch(d, xhat, inverse_std):
    """x is known from xhat, and eps from the variance of that x."""
    x = torch.tensor(xhat / inverse_std[:, None], requires_grad=True)
    variance = x.var(1, correction=0, keepdim=True)
    eps = torch.tensor(inverse_std[:, None] ** -2) - variance.detach()
    ((x - x.mean(1, keepdim=True)) / (variance + eps).sqrt()).backward(torch.tensor(d))
    return x.grad.numpy()


def by_projections(d, xhat, inverse_std):
    """Without its mean, and without what lies along xhat."""
    d = d - d.mean(1, keepdims=True)
    along = np.einsum("gn,gn,gm->gm", d, xhat, xhat) / xhat.shape[1]
    return (d - along) * inverse_std.reshape(-1, 1)


def version(through):
    def backward(dout, cache):
        axes, shape = cache.averaging.axes, cache.averaging.shape
        kept = [axis for axis in range(len(shape)) if axis not in axes]

        def rows(values):
            moved = np.transpose(values.reshape(shape), [*kept, *axes])
            return moved.reshape(int(np.prod([shape[axis] for axis in kept])), -1)

        dx = through(rows(dout * cache.gamma), rows(cache.normalized), cache.inverse_std.ravel())
        moved = dx.reshape([shape[axis] for axis in (*kept, *axes)])
        dx = np.transpose(moved, np.argsort([*kept, *axes])).reshape(dout.shape)
        return dx, *parameters(dout, cache)

    return backward


def parameters(dout, cache):
    """dgamma and dbeta, summed over one axis after the other, the last first."""
    dgamma, dbeta = dout * cache.normalized, dout
    for axis in sorted(cache.averaging.shared_axes, reverse=True):
        dgamma, dbeta = np.add.reduce(dgamma, axis), np.add.reduce(dbeta, axis)
    return dgamma, dbeta


for component in COMPONENTS:
    for through in (by_the_long_graph, by_jacobians, by_loops, by_torch, by_projections):
        name = f"{component.removesuffix('_backward')}_{through.__name__}"
        enter(component, name, version(through))


def at_test_time(name, scaled):
    def backward(dout, cache):
        return scaled(dout, cache), *parameters(dout, cache)

    enter("batch_norm_inference_backward", name, backward)


at_test_time("inference_std", lambda d, c: d * c.gamma / (1 / c.inverse_std))
at_test_time(
    "inference_einsum",
    lambda d, c: np.einsum("nc...,c,c->nc...", d, c.gamma.ravel(), c.inverse_std.ravel()),
)
at_test_time(
    "inference_logs",
    lambda d, c: d * np.sign(c.gamma) * np.exp(np.log(np.abs(c.gamma)) + np.log(c.inverse_std)),
)


@right("batch_norm_inference_backward")
def inference_backward_by_channels(dout, cache):
    dx, gamma, istd = np.empty(dout.shape), cache.gamma.ravel(), cache.inverse_std.ravel()
    dgamma, dbeta = np.zeros(len(gamma)), np.zeros(len(gamma))
    for c in range(dout.shape[1]):
        dx[:, c] = gamma[c] * istd[c] * dout[:, c]
        dgamma[c] = float(np.vdot(dout[:, c], cache.normalized[:, c]))
        dbeta[c] = sum(dout[:, c].ravel().tolist())
    return dx, dgamma, dbeta


@right("batch_norm_inference_backward")
def inference_backward_torch(dout, cache):
    channels = dout.shape[1]
    gamma = torch.tensor(cache.gamma.reshape(channels), requires_grad=True)
    beta = torch.zeros(channels, dtype=gamma.dtype, requires_grad=True)
    istd = cache.inverse_std.reshape(channels)
    x = torch.tensor(cache.normalized / cache.inverse_std, requires_grad=True)
    variance = torch.tensor(istd) ** -2
    out = torch.nn.functional.batch_norm(
        x, torch.zeros_like(variance), variance, gamma, beta, eps=0
    )
    out.backward(torch.tensor(dout))
    return x.grad.numpy(), gamma.grad.numpy(), beta.grad.numpy()
