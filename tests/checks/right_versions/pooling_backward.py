"""Pooling over sliding windows, backwards."""

import numpy as np
import torch

from right_versions.registry import right


def places(cache, p, q):
    """The rows and columns of the padded input that window (p, q) sees."""
    rows, columns = cache.windows.rows, cache.windows.columns
    top, left = p * rows.stride, q * columns.stride
    return slice(top, top + rows.kernel), slice(left, left + columns.kernel)


def padded_like(dout, cache, dtype=float):
    """Zeros on the padded size, and what cuts the image out of it."""
    (h, w), rows, columns = cache.windows.image_size, cache.windows.rows, cache.windows.columns
    high = max(h + 2 * rows.padding, (dout.shape[2] - 1) * rows.stride + rows.kernel)
    wide = max(w + 2 * columns.padding, (dout.shape[3] - 1) * columns.stride + columns.kernel)
    inside = (
        ...,
        slice(rows.padding, rows.padding + h),
        slice(columns.padding, columns.padding + w),
    )
    return np.zeros((*dout.shape[:2], high, wide), dtype), inside


def window_matrices(dout, cache):
    """(OH, H) and (OW, W): 1 where the window sees the pixel."""
    matrices = []
    for window, length, count in zip(
        (cache.windows.rows, cache.windows.columns),
        cache.windows.image_size,
        dout.shape[2:],
        strict=True,
    ):
        starts = np.arange(count)[:, None] * window.stride - window.padding
        inside = (np.arange(length) >= starts) & (np.arange(length) < starts + window.kernel)
        matrices.append(inside.astype(float))
    return matrices


@right("max_pool2d_backward")
def max_backward_loops(dout, cache):
    dx, inside = padded_like(dout, cache)
    width = cache.windows.columns.kernel
    for (n, c, p, q), d in np.ndenumerate(dout):
        i, j = divmod(int(cache.winners[n, c, p, q]), width)
        rows, columns = places(cache, p, q)
        dx[n, c, rows.start + i, columns.start + j] += d
    return dx[inside]


def winning_pixels(dout, cache):
    """The flat index of each window's winner in the padded input."""
    dx, inside = padded_like(dout, cache)
    i, j = np.divmod(cache.winners.astype(int), cache.windows.columns.kernel)
    n, c, p, q = np.indices(dout.shape)
    where = (n, c, p * cache.windows.rows.stride + i, q * cache.windows.columns.stride + j)
    return np.ravel_multi_index(where, dx.shape), dx, inside


@right("max_pool2d_backward")
def max_backward_bincount(dout, cache):
    pixels, dx, inside = winning_pixels(dout, cache)
    return np.bincount(pixels.ravel(), dout.ravel(), dx.size).reshape(dx.shape)[inside]


@right("max_pool2d_backward")
def max_backward_add_at(dout, cache):
    pixels, dx, inside = winning_pixels(dout, cache)
    np.add.at(dx.reshape(-1), pixels, dout)
    return dx[inside]


@right("max_pool2d_backward")
def max_backward_masks(dout, cache):
    dx, inside = padded_like(dout, cache)
    area = cache.windows.rows.kernel * cache.windows.columns.kernel
    for p, q in np.ndindex(*dout.shape[2:]):
        hot = np.eye(area)[cache.winners[:, :, p, q]].reshape(
            *dout.shape[:2], -1, cache.windows.columns.kernel
        )
        rows, columns = places(cache, p, q)
        dx[:, :, rows, columns] += hot * dout[:, :, p, q, None, None]
    return dx[inside]


@right("max_pool2d_backward")
def max_backward_torch(dout, cache):
    """The gradient of picking the winning pixels."""
    pixels, dx, inside = winning_pixels(dout, cache)
    x = torch.tensor(dx, requires_grad=True)
    x.reshape(-1)[torch.tensor(pixels)].backward(torch.tensor(dout))
    return x.grad.numpy()[inside]


@right("average_pool2d_backward")
def average_backward_loops(dout, cache):
    dx, inside = padded_like(dout, cache)
    for (n, c, p, q), d in np.ndenumerate(dout):
        dx[(n, c, *places(cache, p, q))] += d / cache.counts[p, q]
    return dx[inside]


@right("average_pool2d_backward")
def average_backward_matrices(dout, cache):
    rows, columns = window_matrices(dout, cache)
    return np.einsum("ph,ncpq,qw->nchw", rows, dout / cache.counts, columns)


@right("average_pool2d_backward")
def average_backward_by_offsets(dout, cache):
    dx, inside = padded_like(dout, cache)
    rows, columns = cache.windows.rows, cache.windows.columns
    for i, j in np.ndindex(rows.kernel, columns.kernel):
        seen = dx[:, :, i :: rows.stride, j :: columns.stride]
        seen[:, :, : dout.shape[2], : dout.shape[3]] += dout / cache.counts
    return dx[inside]


@right("average_pool2d_backward")
def average_backward_kron(dout, cache):
    """One matrix for the whole image."""
    matrix = np.kron(*window_matrices(dout, cache))
    flat = (dout / cache.counts).reshape(-1, len(matrix))
    return (flat @ matrix).reshape(*dout.shape[:2], *cache.windows.image_size)


@right("average_pool2d_backward")
def average_backward_torch(dout, cache):
    rows, columns = (torch.tensor(m) for m in window_matrices(dout, cache))
    size = (*dout.shape[:2], *cache.windows.image_size)
    x = torch.zeros(size, dtype=torch.float64, requires_grad=True)
    out = rows @ x @ columns.T / torch.tensor(cache.counts)
    out.backward(torch.tensor(dout, dtype=torch.float64))
    return x.grad.numpy()


def ratio(dout, cache):
    """dout / out, and 0 where the whole window is 0."""
    return np.where(cache.out > 0, dout / np.where(cache.out > 0, cache.out, 1), 0)


@right("l2_pool2d_backward")
def l2_backward_loops(dout, cache):
    dx, inside = padded_like(dout, cache)
    for (n, c, p, q), share in np.ndenumerate(ratio(dout, cache)):
        dx[(n, c, *places(cache, p, q))] += share
    return dx[inside] * cache.x


@right("l2_pool2d_backward")
def l2_backward_matrices(dout, cache):
    rows, columns = window_matrices(dout, cache)
    return cache.x * (rows.T @ ratio(dout, cache) @ columns)


@right("l2_pool2d_backward")
def l2_backward_in_windows(dout, cache):
    """x / out inside each window, added up."""
    dx, inside = padded_like(dout, cache)
    x, _ = padded_like(dout, cache)
    x[inside] = cache.x
    for p, q in np.ndindex(*dout.shape[2:]):
        rows, columns = places(cache, p, q)
        norm = cache.out[:, :, p, q, None, None]
        unit = np.divide(
            x[:, :, rows, columns], norm, where=norm > 0, out=np.zeros_like(x[:, :, rows, columns])
        )
        dx[:, :, rows, columns] += unit * dout[:, :, p, q, None, None]
    return dx[inside]


@right("l2_pool2d_backward")
def l2_backward_by_offsets(dout, cache):
    dx, inside = padded_like(dout, cache)
    rows, columns, share = cache.windows.rows, cache.windows.columns, ratio(dout, cache)
    for i in range(rows.kernel):
        for j in range(columns.kernel):
            seen = dx[:, :, i :: rows.stride, j :: columns.stride]
            seen[:, :, : dout.shape[2], : dout.shape[3]] += share
    return np.multiply(cache.x, dx[inside])


@right("l2_pool2d_backward")
def l2_backward_torch(dout, cache):
    x = torch.tensor(cache.x, dtype=torch.float64, requires_grad=True)
    rows, columns = (torch.tensor(m) for m in window_matrices(dout, cache))
    sums = rows @ (x * x) @ columns.T
    live = sums > 0
    out = torch.where(live, torch.sqrt(torch.where(live, sums, 1.0)), 0.0)
    out.backward(torch.tensor(dout, dtype=torch.float64))
    return x.grad.numpy()


@right("max_pool2d_backward")
def max_backward_gathering(dout, cache):
    """Each pixel gathers from the windows that it won."""
    pixels, dx, inside = winning_pixels(dout, cache)
    won = pixels.ravel() == np.arange(dx.size)[:, None]
    return (won @ dout.ravel()).reshape(dx.shape)[inside]
