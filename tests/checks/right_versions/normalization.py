"""Normalizations forwards: five ways to normalize the rows that each kind averages over."""

import numpy as np
import torch

from right_versions.registry import enter, right


def with_loops(rows, eps):
    out = np.empty(rows.shape)
    for row, result in zip(rows, out, strict=True):
        mean = sum(row.tolist()) / row.size
        variance = sum((value - mean) ** 2 for value in row.tolist()) / row.size
        result[:] = [(value - mean) / (variance + eps) ** 0.5 for value in row.tolist()]
    return out


def with_mean_square(rows, eps):
    """The variance as E[x^2] - E[x]^2."""
    mean = rows.mean(1, keepdims=True)
    variance = np.einsum("gn,gn->g", rows, rows)[:, None] / rows.shape[1] - mean**2
    return (rows - mean) / np.sqrt(variance + eps)


def with_running_moments(rows, eps):
    """Welford's algorithm: mean and variance after each value."""
    mean, squares = np.zeros(len(rows)), np.zeros(len(rows))
    for count, column in enumerate(rows.T, start=1):
        change = column - mean
        mean = mean + change / count
        squares = squares + change * (column - mean)
    return ((rows.T - mean) * (squares / rows.shape[1] + eps) ** -0.5).T


def with_a_centring_matrix(rows, eps):
    n = rows.shape[1]
    centred = rows @ (np.eye(n) - np.ones((n, n)) / n)
    return centred / np.sqrt(np.diag(centred @ centred.T)[:, None] / n + eps)


def with_scale_and_shift(rows, eps):
    """x a + b, where a and b come from the mean and the standard deviation."""
    scale = 1 / np.sqrt(np.std(rows, axis=1) ** 2 + eps)
    return rows * scale[:, None] - (rows.mean(1) * scale)[:, None]


def channelwise(parameter, x):
    return np.reshape(parameter, (1, -1, *[1] * (x.ndim - 2)))


def batch(normalize):
    def version(x, gamma, beta, *, eps=1e-5):
        moved = np.moveaxis(x, 1, 0)
        rows = normalize(moved.reshape(len(moved), -1), eps)
        normalized = np.moveaxis(rows.reshape(moved.shape), 0, 1)
        return normalized * channelwise(gamma, x) + channelwise(beta, x), None

    return version


def layer(normalize):
    def version(x, gamma, beta, *, eps=1e-5):
        return normalize(x.reshape(-1, np.size(gamma)), eps).reshape(x.shape) * gamma + beta, None

    return version


def instance(normalize):
    def version(x, gamma, beta, *, eps=1e-5):
        rows = normalize(x.reshape(x.shape[0] * x.shape[1], -1), eps)
        return rows.reshape(x.shape) * channelwise(gamma, x) + channelwise(beta, x), None

    return version


def group(normalize):
    def version(x, gamma, beta, *, groups, eps=1e-5):
        rows = normalize(x.reshape(len(x) * groups, -1), eps)
        return rows.reshape(x.shape) * channelwise(gamma, x) + channelwise(beta, x), None

    return version


KERNELS = (
    with_loops,
    with_mean_square,
    with_running_moments,
    with_a_centring_matrix,
    with_scale_and_shift,
)
for kind in (batch, layer, instance, group):
    for kernel in KERNELS:
        name = f"{kind.__name__}_norm_{kernel.__name__}"
        enter(f"{kind.__name__}_norm_forward", name, kind(kernel))


@right("batch_norm_forward")
def batch_norm_torch(x, gamma, beta, *, eps=1e-5):
    g, b = torch.tensor(gamma), torch.tensor(beta)
    function = torch.nn.functional.batch_norm
    return function(torch.tensor(x), None, None, g, b, training=True, eps=eps).numpy(), None


@right("layer_norm_forward")
def layer_norm_torch(x, gamma, beta, *, eps=1e-5):
    g, b = torch.tensor(gamma), torch.tensor(beta)
    return torch.nn.functional.layer_norm(torch.tensor(x), g.shape, g, b, eps).numpy(), None


@right("instance_norm_forward")
def instance_norm_torch(x, gamma, beta, *, eps=1e-5):
    g, b = torch.tensor(gamma), torch.tensor(beta)
    function = torch.nn.functional.instance_norm
    return function(torch.tensor(x), weight=g, bias=b, eps=eps).numpy(), None


@right("group_norm_forward")
def group_norm_torch(x, gamma, beta, *, groups, eps=1e-5):
    g, b = torch.tensor(gamma), torch.tensor(beta)
    return torch.nn.functional.group_norm(torch.tensor(x), groups, g, b, eps).numpy(), None


def inference(name, function):
    def version(x, gamma, beta, running, *, eps=1e-5):
        four = (channelwise(p, x) for p in (gamma, beta, running.mean, running.variance))
        return function(x, *four, eps), None

    enter("batch_norm_inference_forward", name, version)


inference(
    "inference_scale_and_shift",
    lambda x, g, b, mean, var, eps: (
        x * (g / np.sqrt(var + eps)) + (b - mean * g / np.sqrt(var + eps))
    ),
)
inference(
    "inference_power", lambda x, g, b, mean, var, eps: g * (x - mean) * (var + eps) ** -0.5 + b
)
inference(
    "inference_interpolated",
    lambda x, g, b, mean, var, eps: b - g * np.exp(-np.log(var + eps) / 2) * (mean - x),
)


@right("batch_norm_inference_forward")
def inference_loops(x, gamma, beta, running, *, eps=1e-5):
    out = np.empty(x.shape)
    for c in range(x.shape[1]):
        std = float(running.variance[c] + eps) ** 0.5
        out[:, c] = [gamma[c] * ((each - running.mean[c]) / std) + beta[c] for each in x[:, c]]
    return out, None


@right("batch_norm_inference_forward")
def inference_torch(x, gamma, beta, running, *, eps=1e-5):
    x, mean, var, g, b = map(torch.tensor, (x, running.mean, running.variance, gamma, beta))
    return torch.nn.functional.batch_norm(x, mean, var, g, b, training=False, eps=eps).numpy(), None


@right("batch_norm_inference_forward")
def inference_affine(x, gamma, beta, running, *, eps=1e-5):
    """An affine layer with a diagonal matrix."""
    scale = np.diag(gamma / np.sqrt(running.variance + eps))
    moved = np.moveaxis(x, 1, -1)
    return np.moveaxis(moved @ scale + (beta - running.mean @ scale), -1, 1), None


def statistics(name, update):
    """A version of `RunningStatistics`, from how one number moves towards the batch's."""

    class Version:
        def __init__(self, mean, variance):
            self.old = (mean, variance)

        def updated(self, cache, *, momentum=0.1):
            count = cache.normalized.size / cache.mean.size
            squares = np.ravel(cache.variance) * count
            batch = (np.ravel(cache.mean), squares / (count - 1))
            new = [update(o, b, momentum) for o, b in zip(self.old, batch, strict=True)]
            return tuple(new)

    enter("RunningStatistics", name, Version)


def mixed_by_loops(old, batch, momentum):
    pairs = zip(old.tolist(), batch.tolist(), strict=True)
    return np.array([a * (1 - momentum) + b * momentum for a, b in pairs])


statistics("running_step", lambda old, batch, momentum: old + momentum * (batch - old))
statistics("running_back", lambda old, batch, momentum: batch - (1 - momentum) * (batch - old))
statistics(
    "running_average",
    lambda old, batch, momentum: np.average([old, batch], axis=0, weights=[1 - momentum, momentum]),
)
statistics(
    "running_torch",
    lambda old, batch, momentum: torch.lerp(*map(torch.tensor, (old, batch)), momentum).numpy(),
)
statistics("running_loops", mixed_by_loops)
