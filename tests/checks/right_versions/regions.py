"""Pooling to a given size: global, adaptive and fractional."""

import math

import numpy as np
import torch

from right_versions.convolution import both
from right_versions.registry import enter, right


def adaptive_regions(size, places):
    """The first pixel of each region and the pixel after its last."""
    return [
        (math.floor(i * size / places), math.ceil((i + 1) * size / places)) for i in range(places)
    ]


def global_average(name, forward):
    enter("global_average_pool_forward", name, lambda x: (forward(x), None))


global_average("global_flat", lambda x: x.reshape(*x.shape[:2], -1).sum(-1) / x[0, 0].size)
global_average("global_einsum", lambda x: np.einsum("nchw->nc", x) / (x.shape[2] * x.shape[3]))
global_average("global_twice", lambda x: x.mean(3).mean(2))
global_average(
    "global_loops", lambda x: np.array([[sum(c.ravel().tolist()) / c.size for c in n] for n in x])
)
global_average(
    "global_torch", lambda x: torch.nn.AdaptiveAvgPool2d(1)(torch.tensor(x))[..., 0, 0].numpy()
)


def area(cache):
    return cache.shape[2] * cache.shape[3]


def global_backward(name, backward):
    enter("global_average_pool_backward", name, backward)


global_backward("global_ones", lambda d, c: np.ones(c.shape) * d[:, :, None, None] / area(c))
global_backward("global_repeat", lambda d, c: np.repeat(d / area(c), area(c), 1).reshape(c.shape))
global_backward(
    "global_kron", lambda d, c: np.kron(d[..., None, None], np.full(c.shape[2:], 1 / area(c)))
)
global_backward("global_outer", lambda d, c: np.multiply.outer(d / area(c), np.ones(c.shape[2:])))


@right("global_average_pool_backward")
def global_backward_loops(dout, cache):
    dx = np.zeros(cache.shape)
    for n, c in np.ndindex(*dout.shape):
        dx[n, c] += dout[n, c] / dx[n, c].size
    return dx


@right("global_average_pool_backward")
def global_backward_torch(dout, cache):
    x = torch.zeros(cache.shape, dtype=torch.float64, requires_grad=True)
    x.mean((2, 3)).backward(torch.tensor(dout, dtype=torch.float64))
    return x.grad.numpy()


def over_regions(x, rows, columns, function):
    return np.stack(
        [np.stack([function(x[:, :, a:b, c:d]) for c, d in columns], -1) for a, b in rows], -2
    )


def adaptive(function):
    def version(x, out_size):
        high, wide = both(out_size)
        rows, columns = adaptive_regions(x.shape[2], high), adaptive_regions(x.shape[3], wide)
        return over_regions(x, rows, columns, function), None

    return version


@right("adaptive_average_pool2d_forward")
def adaptive_average_rows_then_columns(x, out_size):
    high, wide = both(out_size)
    rows = [x[:, :, a:b].mean(2) for a, b in adaptive_regions(x.shape[2], high)]
    x = np.stack(rows, 2)
    return np.stack([x[..., a:b].mean(3) for a, b in adaptive_regions(x.shape[3], wide)], 3), None


@right("adaptive_average_pool2d_forward")
def adaptive_average_running_sums(x, out_size):
    table = np.pad(x.cumsum(2).cumsum(3), ((0, 0), (0, 0), (1, 0), (1, 0)))
    (top, bottom), (left, right_) = (
        np.array(adaptive_regions(n, places)).T
        for n, places in zip(x.shape[2:], both(out_size), strict=True)
    )
    corners = [table[:, :, r][..., c] for r in (top, bottom) for c in (left, right_)]
    sums = corners[3] - corners[2] - corners[1] + corners[0]
    return sums / np.outer(bottom - top, right_ - left), None


@right("adaptive_average_pool2d_forward")
def adaptive_average_torch(x, out_size):
    return torch.nn.functional.adaptive_avg_pool2d(torch.tensor(x), both(out_size)).numpy(), None


enter("adaptive_average_pool2d_forward", "adaptive_means", adaptive(lambda p: p.mean((2, 3))))
enter(
    "adaptive_average_pool2d_forward",
    "adaptive_einsum",
    adaptive(lambda p: np.einsum("nchw->nc", p) / p[0, 0].size),
)


def adaptive_max(name, function):
    enter("adaptive_max_pool2d_forward", name, adaptive(function))


adaptive_max("adaptive_max", lambda patch: patch.max((2, 3)))
adaptive_max(
    "adaptive_max_sorted", lambda patch: np.sort(patch.reshape(*patch.shape[:2], -1))[..., -1]
)
adaptive_max("adaptive_max_reduce", lambda patch: np.maximum.reduce(patch.max(2), axis=2))
adaptive_max(
    "adaptive_max_loops",
    lambda patch: np.array([[max(c.ravel().tolist()) for c in image] for image in patch]),
)


@right("adaptive_max_pool2d_forward")
def adaptive_max_torch(x, out_size):
    return torch.nn.functional.adaptive_max_pool2d(torch.tensor(x), both(out_size)).numpy(), None


@right("adaptive_average_pool2d_backward")
def adaptive_average_backward_loops(dout, cache):
    size = (cache.rows.shape[1], cache.columns.shape[1])
    dx = np.zeros((*dout.shape[:2], *size))
    for p, (a, b) in enumerate(adaptive_regions(size[0], dout.shape[2])):
        for q, (c, d) in enumerate(adaptive_regions(size[1], dout.shape[3])):
            dx[:, :, a:b, c:d] += dout[:, :, p, q, None, None] / ((b - a) * (d - c))
    return dx


@right("adaptive_average_pool2d_backward")
def adaptive_average_backward_einsum(dout, cache):
    return np.einsum("ph,ncpq,qw->nchw", cache.rows, dout, cache.columns)


@right("adaptive_average_pool2d_backward")
def adaptive_average_backward_kron(dout, cache):
    flat = dout.reshape(-1, dout.shape[2] * dout.shape[3]) @ np.kron(cache.rows, cache.columns)
    return flat.reshape(*dout.shape[:2], cache.rows.shape[1], -1)


@right("adaptive_average_pool2d_backward")
def adaptive_average_backward_torch(dout, cache):
    size = (*dout.shape[:2], cache.rows.shape[1], cache.columns.shape[1])
    x = torch.zeros(size, dtype=torch.float64, requires_grad=True)
    out = torch.nn.functional.adaptive_avg_pool2d(x, dout.shape[2:])
    out.backward(torch.tensor(dout, dtype=torch.float64))
    return x.grad.numpy()


@right("adaptive_average_pool2d_backward")
def adaptive_average_backward_gathering(dout, cache):
    """Each pixel gathers from the regions that it lies in."""
    size = (cache.rows.shape[1], cache.columns.shape[1])
    dx = np.empty((*dout.shape[:2], *size))
    for i, j in np.ndindex(*size):
        shares = np.outer(cache.rows[:, i], cache.columns[:, j])
        dx[:, :, i, j] = (dout * shares).sum((2, 3))
    return dx


WINNERS = ("adaptive_max_pool2d_backward", "fractional_max_pool2d_backward")


@right(*WINNERS)
def winners_loops(dout, cache):
    dx = np.zeros((*dout.shape[:2], *cache.image_size))
    for at, d in np.ndenumerate(dout):
        dx[(*at[:2], *divmod(cache.winners[at], cache.image_size[1]))] += d
    return dx


@right(*WINNERS)
def winners_bincount(dout, cache):
    size = cache.image_size[0] * cache.image_size[1]
    maps = [
        np.bincount(where.ravel(), values.ravel(), size)
        for where, values in zip(
            cache.winners.reshape(-1, *dout.shape[2:]),
            dout.reshape(-1, *dout.shape[2:]),
            strict=True,
        )
    ]
    return np.reshape(maps, (*dout.shape[:2], *cache.image_size))


@right(*WINNERS)
def winners_scatter(dout, cache):
    n, c = dout.shape[:2]
    dx = torch.zeros((n * c, math.prod(cache.image_size)), dtype=torch.float64)
    values = torch.tensor(dout, dtype=torch.float64).reshape(n * c, -1)
    dx.scatter_add_(1, torch.tensor(cache.winners).reshape(n * c, -1), values)
    return dx.reshape(n, c, *cache.image_size).numpy()


@right(*WINNERS)
def winners_one_hot(dout, cache):
    hot = cache.winners[..., None] == np.arange(math.prod(cache.image_size))
    return np.einsum("ncpq,ncpqs->ncs", dout, hot).reshape(*dout.shape[:2], *cache.image_size)


@right(*WINNERS)
def winners_by_pixels(dout, cache):
    dx = np.zeros((*dout.shape[:2], *cache.image_size))
    for pixel, where in enumerate(np.ndindex(*cache.image_size)):
        dx[(..., *where)] = np.where(cache.winners == pixel, dout, 0).sum((2, 3))
    return dx


@right("adaptive_max_pool2d_forward")
def adaptive_max_rows_then_columns(x, out_size):
    high, wide = both(out_size)
    x = np.stack([x[:, :, a:b].max(2) for a, b in adaptive_regions(x.shape[2], high)], 2)
    return np.stack([x[..., a:b].max(3) for a, b in adaptive_regions(x.shape[3], wide)], 3), None
