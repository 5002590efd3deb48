"""The transposed convolution backwards."""

import numpy as np
import torch

from right_versions.convolution import conv2d_fourier, conv2d_loops, matrix_of
from right_versions.convolution_backward import bias_of, settings
from right_versions.registry import right


@right("conv_transpose2d_backward")
def transposed_backward_torch(dout, cache):
    x = torch.tensor(cache.x, requires_grad=True)
    weight = torch.tensor(cache.weight, requires_grad=True)
    least = torch.nn.functional.conv_transpose2d(x, weight, groups=cache.groups, **settings(cache))
    # what output_padding adds beyond the least size got nothing from x
    high, wide = least.shape[2:]
    extra = [n - m for n, m in zip(dout.shape[2:], (high, wide), strict=True)]
    out = torch.nn.functional.conv_transpose2d(
        x, weight, groups=cache.groups, output_padding=extra, **settings(cache)
    )
    out.backward(torch.tensor(dout))
    return x.grad.numpy(), weight.grad.numpy(), bias_of(dout, cache)


@right("conv_transpose2d_backward")
def transposed_backward_matrix(dout, cache):
    """The forward pass is linear, so its matrix transposed is the backward pass."""
    (n, *shape), flat = cache.x.shape, dout.reshape(len(dout), -1)
    options = settings(cache) | {"groups": cache.groups}
    matrix, _ = matrix_of(dout.shape[1:], cache.weight, **options)
    names = np.arange(1.0, cache.weight.size + 1).reshape(cache.weight.shape)
    which, _ = matrix_of(dout.shape[1:], names, **options)
    outer = flat.T @ cache.x.reshape(n, -1)
    dw = np.bincount(which.astype(int).ravel(), outer.ravel(), cache.weight.size + 1)[1:]
    dx = (flat @ matrix).reshape(n, *shape)
    return dx, dw.reshape(cache.weight.shape), bias_of(dout, cache)


def padded_upstream(dout, cache):
    rows, columns = cache.windows.rows, cache.windows.columns
    sides = [(rows.padding,) * 2, (columns.padding,) * 2]
    return np.pad(dout, [(0, 0), (0, 0), *sides]), rows, columns


def weight_gradient_by_places(dout, cache):
    """Every pixel of x stamped the filter, so it meets the patch where the stamp lies."""
    padded, rows, columns = padded_upstream(dout, cache)
    dw, (c, share) = np.zeros(cache.weight.shape), cache.weight.shape[:2]
    for a, p, q in np.ndindex(*cache.x.shape[1:]):
        first = a // (c // cache.groups) * share
        top, left = p * rows.stride, q * columns.stride
        patch = padded[
            :,
            first : first + share,
            top : top + rows.extent : rows.dilation,
            left : left + columns.extent : columns.dilation,
        ]
        dw[a] += np.tensordot(cache.x[:, a, p, q], patch, 1)
    return dw


@right("conv_transpose2d_backward")
def transposed_backward_loops(dout, cache):
    """dx is the convolution of dout with the same filters."""
    dx, _ = conv2d_loops(dout, cache.weight, groups=cache.groups, **settings(cache))
    return dx, weight_gradient_by_places(dout, cache), bias_of(dout, cache)


@right("conv_transpose2d_backward")
def transposed_backward_by_offsets(dout, cache):
    padded, rows, columns = padded_upstream(dout, cache)
    (n, _, h, w), groups = cache.x.shape, cache.groups
    dx, dw = np.zeros((n, groups, len(cache.weight) // groups, h, w)), np.zeros(cache.weight.shape)
    x = cache.x.reshape(dx.shape)
    filters = cache.weight.reshape(groups, -1, *cache.weight.shape[1:])
    for i, j in np.ndindex(*cache.weight.shape[2:]):
        seen = padded[
            :, :, i * rows.dilation :: rows.stride, j * columns.dilation :: columns.stride
        ]
        seen = seen[:, :, :h, :w].reshape(n, groups, -1, h, w)
        dx += np.einsum("ngfhw,gcf->ngchw", seen, filters[..., i, j])
        dw[:, :, i, j] = np.einsum("ngchw,ngfhw->gcf", x, seen).reshape(len(dw), -1)
    return dx.reshape(cache.x.shape), dw, bias_of(dout, cache)


@right("conv_transpose2d_backward")
def transposed_backward_fourier(dout, cache):
    dx, _ = conv2d_fourier(dout, cache.weight, groups=cache.groups, **settings(cache))
    padded, rows, columns = padded_upstream(dout, cache)
    size, groups, (n, _, h, w) = padded.shape[2:], cache.groups, cache.x.shape
    wide = np.zeros((*cache.x.shape[:2], *size))
    wide[:, :, :: rows.stride, :: columns.stride][:, :, :h, :w] = cache.x
    stamps = np.conj(np.fft.rfft2(wide)).reshape(n, groups, -1, size[0], size[1] // 2 + 1)
    seen = np.fft.rfft2(padded).reshape(n, groups, -1, size[0], size[1] // 2 + 1)
    product = np.einsum("ngchw,ngfhw->gcfhw", stamps, seen)
    dw = np.fft.irfft2(product.reshape(-1, *product.shape[2:]), size)
    dw = dw[:, :, : rows.extent : rows.dilation, : columns.extent : columns.dilation]
    return dx, dw, bias_of(dout, cache)
