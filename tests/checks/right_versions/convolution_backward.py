"""Convolution backwards."""

import numpy as np
import torch

from right_versions.convolution_kin import im2col_indices, numbered
from right_versions.registry import right


def settings(cache):
    rows, columns = cache.windows.rows, cache.windows.columns
    return {
        "stride": (rows.stride, columns.stride),
        "padding": (rows.padding, columns.padding),
        "dilation": (rows.dilation, columns.dilation),
    }


def bias_of(dout, cache):
    return np.einsum("nfhw->f", dout) if cache.has_bias else None


def padded_of(cache):
    rows, columns = cache.windows.rows.padding, cache.windows.columns.padding
    return np.pad(cache.x, ((0, 0), (0, 0), (rows, rows), (columns, columns)))


def unpadded(padded, cache):
    top, left = cache.windows.rows.padding, cache.windows.columns.padding
    return padded[:, :, top : top + cache.x.shape[2], left : left + cache.x.shape[3]]


@right("conv2d_backward")
def conv2d_backward_torch(dout, cache):
    x = torch.tensor(cache.x, requires_grad=True)
    weight = torch.tensor(cache.weight, requires_grad=True)
    out = torch.nn.functional.conv2d(x, weight, groups=cache.groups, **settings(cache))
    out.backward(torch.tensor(dout))
    return x.grad.numpy(), weight.grad.numpy(), bias_of(dout, cache)


@right("conv2d_backward")
def conv2d_backward_by_places(dout, cache):
    """Every output pixel sends its gradient to its patch and to its filter."""
    rows, columns, padded = cache.windows.rows, cache.windows.columns, padded_of(cache)
    dpadded, dw = np.zeros(padded.shape), np.zeros(cache.weight.shape)
    depth, share = cache.weight.shape[1], len(cache.weight) // cache.groups
    for p, q in np.ndindex(*dout.shape[2:]):
        high = slice(p * rows.stride, p * rows.stride + rows.extent, rows.dilation)
        wide = slice(q * columns.stride, q * columns.stride + columns.extent, columns.dilation)
        for k in range(len(dw)):
            own = slice(k // share * depth, (k // share + 1) * depth)
            d = dout[:, k, p, q][:, None, None, None]
            dpadded[:, own, high, wide] += d * cache.weight[k]
            dw[k] += (d * padded[:, own, high, wide]).sum(0)
    return unpadded(dpadded, cache), dw, bias_of(dout, cache)


@right("conv2d_backward")
def conv2d_backward_by_offsets(dout, cache):
    """For each place in the kernel one product of shifted images."""
    rows, columns, padded = cache.windows.rows, cache.windows.columns, padded_of(cache)
    (n, _, oh, ow), groups = dout.shape, cache.groups
    dpadded, dw = np.zeros(padded.shape), np.zeros(cache.weight.shape)
    upstream = dout.reshape(n, groups, -1, oh, ow)
    filters = cache.weight.reshape(groups, -1, *cache.weight.shape[1:])
    for i, j in np.ndindex(*cache.weight.shape[2:]):
        top, left = i * rows.dilation, j * columns.dilation
        high = slice(top, top + rows.stride * (oh - 1) + 1, rows.stride)
        wide = slice(left, left + columns.stride * (ow - 1) + 1, columns.stride)
        seen = padded[:, :, high, wide].reshape(n, groups, -1, oh, ow)
        moved = np.einsum("ngfhw,gfc->ngchw", upstream, filters[..., i, j])
        dpadded[:, :, high, wide] += moved.reshape(n, -1, oh, ow)
        dw[:, :, i, j] = np.einsum("ngfhw,ngchw->gfc", upstream, seen).reshape(len(dw), -1)
    return unpadded(dpadded, cache), dw, bias_of(dout, cache)


def spread(dout, cache):
    """The upstream gradient with zeros between its pixels, on the padded size."""
    rows, columns = cache.windows.rows, cache.windows.columns
    size = [
        n + 2 * p for n, p in zip(cache.x.shape[2:], (rows.padding, columns.padding), strict=True)
    ]
    wide = np.zeros((*dout.shape[:2], *size))
    oh, ow = dout.shape[2:]
    wide[:, :, : rows.stride * oh : rows.stride, : columns.stride * ow : columns.stride] = dout
    return wide


@right("conv2d_backward")
def conv2d_backward_fourier(dout, cache):
    """Both gradients as products of transforms."""
    rows, columns, padded = cache.windows.rows, cache.windows.columns, padded_of(cache)
    size, groups = padded.shape[2:], cache.groups
    kernel = np.zeros((*cache.weight.shape[:2], rows.extent, columns.extent))
    kernel[:, :, :: rows.dilation, :: columns.dilation] = cache.weight
    upstream = np.fft.rfft2(spread(dout, cache))
    upstream = upstream.reshape(len(dout), groups, -1, *upstream.shape[2:])
    filters = np.fft.rfft2(kernel, size)
    filters = filters.reshape(groups, -1, *filters.shape[1:])
    images = np.fft.rfft2(padded)
    images = images.reshape(len(dout), groups, -1, *images.shape[2:])
    dx = np.einsum("ngfhw,gfchw->ngchw", upstream, filters)
    dw = np.einsum("ngchw,ngfhw->gfchw", images, np.conj(upstream))
    dx = np.fft.irfft2(dx.reshape(len(dout), -1, *dx.shape[3:]), size)
    dw = np.fft.irfft2(dw.reshape(-1, *dw.shape[2:]), size)[:, :, : rows.extent, : columns.extent]
    dw = dw[:, :, :: rows.dilation, :: columns.dilation]
    return unpadded(dx, cache), dw, bias_of(dout, cache)


@right("conv2d_backward")
def conv2d_backward_columns(dout, cache):
    """Products with columns, which go back to the pixels that their numbers name."""
    kernel, groups, parts = cache.weight.shape[2:], cache.groups, []
    for x, w, d in zip(
        np.split(cache.x, groups, 1), np.split(cache.weight, groups), np.split(dout, groups, 1),
        strict=True,
    ):  # fmt: skip
        columns = im2col_indices(x, kernel, **settings(cache))
        upstream = d.transpose(1, 0, 2, 3).reshape(len(w), -1)
        numbers = numbered(x.shape, kernel, **settings(cache))
        dcolumns = w.reshape(len(w), -1).T @ upstream
        dx = np.bincount(numbers.ravel(), dcolumns.ravel(), x.size + 1)[1:].reshape(x.shape)
        parts.append((dx, (upstream @ columns.T).reshape(w.shape)))
    dx, dw = zip(*parts, strict=True)
    return np.concatenate(dx, 1), np.concatenate(dw), bias_of(dout, cache)
