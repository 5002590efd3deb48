"""Convolution forwards: loops, shifted images, Fourier transforms, columns, one sparse matrix."""

import numpy as np
import torch

from right_versions.registry import right


def both(value):
    return tuple(value) if isinstance(value, tuple | list) else (value, value)


def layout(x, weight, stride, padding, dilation):
    """The padded images, and (extent, stride, dilation, places) along rows and columns."""
    pads = both(padding)
    padded = np.pad(x, ((0, 0), (0, 0), *((p, p) for p in pads)))
    axes = []
    for length, k, s, d in zip(
        padded.shape[2:], weight.shape[2:], both(stride), both(dilation), strict=True
    ):
        extent = d * (k - 1) + 1
        axes.append((extent, s, d, (length - extent) // s + 1))
    return padded, axes


def shifted(bias, out):
    return (out if bias is None else out + np.reshape(bias, (1, -1, 1, 1))), None


@right("conv2d_forward")
def conv2d_loops(
    x, weight, bias=None, *, stride=1, padding=0, dilation=1, groups=1, rounding="exact"
):
    padded, ((eh, sh, dh, oh), (ew, sw, dw, ow)) = layout(x, weight, stride, padding, dilation)
    f, depth, _, _ = weight.shape
    out = np.zeros((len(x), f, oh, ow))
    for k, p, q in np.ndindex(f, oh, ow):
        first = (k // (f // groups)) * depth
        rows, columns = slice(p * sh, p * sh + eh, dh), slice(q * sw, q * sw + ew, dw)
        patch = padded[:, first : first + depth, rows, columns]
        out[:, k, p, q] = (patch * weight[k]).sum(axis=(1, 2, 3))
    return shifted(bias, out)


@right("conv2d_forward")
def conv2d_by_offsets(
    x, weight, bias=None, *, stride=1, padding=0, dilation=1, groups=1, rounding="exact"
):
    """One shifted image for each place in the kernel."""
    padded, ((_, sh, dh, oh), (_, sw, dw, ow)) = layout(x, weight, stride, padding, dilation)
    parts = []
    for images, filters in zip(
        np.split(padded, groups, 1), np.split(weight, groups, 0), strict=True
    ):
        out = np.zeros((len(x), len(filters), oh, ow))
        for i, j in np.ndindex(*weight.shape[2:]):
            rows = slice(i * dh, i * dh + sh * (oh - 1) + 1, sh)
            columns = slice(j * dw, j * dw + sw * (ow - 1) + 1, sw)
            out += np.einsum("nchw,fc->nfhw", images[:, :, rows, columns], filters[:, :, i, j])
        parts.append(out)
    return shifted(bias, np.concatenate(parts, axis=1))


@right("conv2d_forward")
def conv2d_fourier(
    x, weight, bias=None, *, stride=1, padding=0, dilation=1, groups=1, rounding="exact"
):
    """The transform of the image times the conjugate transform of the widened kernel."""
    padded, ((eh, sh, dh, oh), (ew, sw, dw, ow)) = layout(x, weight, stride, padding, dilation)
    wide = np.zeros((*weight.shape[:2], eh, ew))
    wide[:, :, ::dh, ::dw] = weight
    size = padded.shape[2:]
    images, filters = np.fft.rfft2(padded), np.conj(np.fft.rfft2(wide, size))
    images = images.reshape(len(x), groups, -1, *images.shape[2:])
    filters = filters.reshape(groups, -1, weight.shape[1], *filters.shape[2:])
    product = np.einsum("ngchw,gfchw->ngfhw", images, filters)
    full = np.fft.irfft2(product.reshape(len(x), -1, *product.shape[3:]), size)
    return shifted(bias, full[:, :, : sh * oh : sh, : sw * ow : sw][:, :, :oh, :ow])


@right("conv2d_forward")
def conv2d_index_columns(
    x, weight, bias=None, *, stride=1, padding=0, dilation=1, groups=1, rounding="exact"
):
    """im2col by arrays of indices, and one product for each group."""
    padded, ((_, sh, dh, oh), (_, sw, dw, ow)) = layout(x, weight, stride, padding, dilation)
    kh, kw = weight.shape[2:]
    rows = sh * np.arange(oh)[:, None] + dh * np.arange(kh)
    columns = sw * np.arange(ow)[:, None] + dw * np.arange(kw)
    seen = padded[:, :, rows[:, None, :, None], columns[None, :, None, :]]
    seen = seen.transpose(0, 2, 3, 1, 4, 5).reshape(len(x), oh * ow, groups, -1)
    filters = weight.reshape(groups, len(weight) // groups, -1)
    parts = [seen[:, :, g] @ filters[g].T for g in range(groups)]
    return shifted(bias, np.concatenate(parts, 2).swapaxes(1, 2).reshape(len(x), -1, oh, ow))


@right("conv2d_forward")
def conv2d_torch(
    x, weight, bias=None, *, stride=1, padding=0, dilation=1, groups=1, rounding="exact"
):
    b = None if bias is None else torch.tensor(bias)
    out = torch.nn.functional.conv2d(
        torch.tensor(x),
        torch.tensor(weight),
        b,
        both(stride),
        both(padding),
        both(dilation),
        groups,
    )
    return out.numpy(), None


def matrix_of(shape, weight, **settings):
    """The matrix (C*H*W, F*OH*OW) that the convolution is on flat images: what unit images give."""
    units = np.eye(int(np.prod(shape))).reshape(-1, *shape)
    maps, _ = conv2d_by_offsets(units, weight, **settings)
    return maps.reshape(len(maps), -1), maps.shape[1:]


@right("conv2d_forward")
def conv2d_one_matrix(
    x, weight, bias=None, *, stride=1, padding=0, dilation=1, groups=1, rounding="exact"
):
    settings = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    matrix, maps = matrix_of(x.shape[1:], weight, **settings)
    return shifted(bias, (x.reshape(len(x), -1) @ matrix).reshape(len(x), *maps))
