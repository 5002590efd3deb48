"""Kin of the convolution: columns, transposed, true convolution, filters, local response."""

import numpy as np
import torch
from numpy.lib.stride_tricks import as_strided
from scipy import signal

from right_versions.convolution import both, shifted
from right_versions.registry import right


def axes_of(shape, kernel, stride, padding, dilation):
    """(kernel, stride, padding, dilation, places) along rows and columns."""
    return [
        (k, s, p, d, (length + 2 * p - d * (k - 1) - 1) // s + 1)
        for length, k, s, p, d in zip(
            shape[-2:], *map(both, (kernel, stride, padding, dilation)), strict=True
        )
    ]


def pixels_of(shape, kernel, stride, padding, dilation):
    """Which padded rows (OH, KH) and columns (OW, KW) the windows see, and the padding."""
    axes = axes_of(shape, kernel, stride, padding, dilation)
    seen = [s * np.arange(places)[:, None] + d * np.arange(k) for k, s, _, d, places in axes]
    return *seen, [(0, 0), (0, 0), *((p, p) for _, _, p, _, _ in axes)]


@right("im2col")
def im2col_indices(x, kernel, *, stride=1, padding=0, dilation=1, rounding="exact"):
    rows, columns, pads = pixels_of(x.shape, kernel, stride, padding, dilation)
    seen = np.pad(x, pads)[:, :, rows[:, None, :, None], columns[None, :, None, :]]
    return seen.transpose(1, 4, 5, 0, 2, 3).reshape(-1, len(x) * len(rows) * len(columns))


@right("im2col")
def im2col_loops(x, kernel, *, stride=1, padding=0, dilation=1, rounding="exact"):
    rows, columns, pads = pixels_of(x.shape, kernel, stride, padding, dilation)
    padded, patches = np.pad(x, pads), []
    for n, p, q in np.ndindex(len(x), len(rows), len(columns)):
        patches.append(padded[n][:, rows[p]][:, :, columns[q]].ravel())
    return np.array(patches).T


@right("im2col")
def im2col_strides(x, kernel, *, stride=1, padding=0, dilation=1, rounding="exact"):
    (kh, sh, ph, dh, oh), (kw, sw, pw, dw, ow) = axes_of(x.shape, kernel, stride, padding, dilation)
    padded = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    a, b, c, d = padded.strides
    view = as_strided(
        padded, (x.shape[1], kh, kw, len(x), oh, ow), (b, c * dh, d * dw, a, c * sh, d * sw)
    )
    return view.reshape(x.shape[1] * kh * kw, -1)


@right("im2col")
def im2col_torch(x, kernel, *, stride=1, padding=0, dilation=1, rounding="exact"):
    options = {"dilation": both(dilation), "padding": both(padding), "stride": both(stride)}
    columns = torch.nn.functional.unfold(torch.tensor(x), both(kernel), **options)
    return columns.permute(1, 0, 2).reshape(columns.shape[1], -1).numpy()


@right("im2col")
def im2col_by_offsets(x, kernel, *, stride=1, padding=0, dilation=1, rounding="exact"):
    """One row of the columns after the other: a shifted, strided image each."""
    rows, columns, pads = pixels_of(x.shape, kernel, stride, padding, dilation)
    padded = np.pad(x, pads)
    return np.array(
        [
            padded[:, c][:, rows[:, i]][:, :, columns[:, j]].ravel()
            for c, i, j in np.ndindex(x.shape[1], rows.shape[1], columns.shape[1])
        ]
    )


def numbered(shape, kernel, stride, padding, dilation):
    """The number of the pixel (0 for padding) that each entry of the columns comes from."""
    numbers = np.arange(1, int(np.prod(shape)) + 1).reshape(shape)
    return im2col_indices(numbers, kernel, stride=stride, padding=padding, dilation=dilation)


@right("col2im")
def col2im_bincount(columns, shape, kernel, *, stride=1, padding=0, dilation=1, rounding="exact"):
    numbers = numbered(shape, kernel, stride, padding, dilation)
    sums = np.bincount(numbers.ravel(), columns.ravel(), int(np.prod(shape)) + 1)
    return sums[1:].reshape(shape)


@right("col2im")
def col2im_add_at(columns, shape, kernel, *, stride=1, padding=0, dilation=1, rounding="exact"):
    images = np.zeros(int(np.prod(shape)) + 1)
    np.add.at(images, numbered(shape, kernel, stride, padding, dilation), columns)
    return images[1:].reshape(shape)


@right("col2im")
def col2im_by_pixels(columns, shape, kernel, *, stride=1, padding=0, dilation=1, rounding="exact"):
    """Each pixel gathers what came from it."""
    numbers = numbered(shape, kernel, stride, padding, dilation)
    values = [columns[numbers == n].sum() for n in range(1, int(np.prod(shape)) + 1)]
    return np.reshape(values, shape)


@right("col2im")
def col2im_loops(columns, shape, kernel, *, stride=1, padding=0, dilation=1, rounding="exact"):
    rows, wide, pads = pixels_of(shape, kernel, stride, padding, dilation)
    padded, column = np.pad(np.zeros(shape), pads), iter(columns.T)
    for n, p, q in np.ndindex(shape[0], len(rows), len(wide)):
        patch = next(column).reshape(shape[1], rows.shape[1], -1)
        padded[np.ix_([n], range(shape[1]), rows[p], wide[q])] += patch
    return padded[:, :, pads[2][0] :, pads[3][0] :][:, :, : shape[2], : shape[3]]


@right("col2im")
def col2im_torch(columns, shape, kernel, *, stride=1, padding=0, dilation=1, rounding="exact"):
    options = {"dilation": both(dilation), "padding": both(padding), "stride": both(stride)}
    blocks = torch.tensor(columns).reshape(len(columns), shape[0], -1).permute(1, 0, 2)
    return torch.nn.functional.fold(blocks, shape[2:], both(kernel), **options).numpy()


def padded_for(image, kernel, mode):
    more = {"valid": (0, 0), "same": [(k - 1) // 2 for k in kernel.shape]}
    return np.pad(image, [(p, p) for p in more.get(mode, [k - 1 for k in kernel.shape])])


@right("convolve2d_forward")
def convolve_loops(image, kernel, *, mode="valid"):
    padded, (kh, kw) = padded_for(image, kernel, mode), kernel.shape
    out = np.zeros((padded.shape[0] - kh + 1, padded.shape[1] - kw + 1))
    for p, q in np.ndindex(*out.shape):
        for i, j in np.ndindex(kh, kw):
            out[p, q] += kernel[i, j] * padded[p + kh - 1 - i, q + kw - 1 - j]
    return out, None


@right("convolve2d_forward")
def convolve_scipy(image, kernel, *, mode="valid"):
    return signal.convolve2d(padded_for(image, kernel, mode), kernel, mode="valid"), None


@right("convolve2d_forward")
def convolve_fourier(image, kernel, *, mode="valid"):
    padded, (kh, kw) = padded_for(image, kernel, mode), kernel.shape
    product = np.fft.fft2(padded) * np.fft.fft2(kernel, padded.shape)
    return np.fft.ifft2(product).real[kh - 1 :, kw - 1 :], None


@right("convolve2d_forward")
def convolve_stamps(image, kernel, *, mode="valid"):
    """Every pixel stamps the kernel, scaled by itself; the middle is cut out."""
    padded, (kh, kw) = padded_for(image, kernel, mode), kernel.shape
    full = np.zeros((padded.shape[0] + kh - 1, padded.shape[1] + kw - 1))
    for (p, q), value in np.ndenumerate(padded):
        full[p : p + kh, q : q + kw] += value * kernel
    return full[kh - 1 : 1 - kh or None, kw - 1 : 1 - kw or None], None


@right("convolve2d_forward")
def convolve_torch(image, kernel, *, mode="valid"):
    turned = torch.tensor(kernel).flip(0, 1)
    padded = torch.tensor(padded_for(image, kernel, mode))
    return torch.nn.functional.conv2d(padded[None, None], turned[None, None])[0, 0].numpy(), None


@right("affine_weight_to_filters")
def filters_loops(weight, image_shape):
    c, h, w = image_shape
    filters = np.empty((weight.shape[1], c, h, w))
    for m, a, i, j in np.ndindex(*filters.shape):
        filters[m, a, i, j] = weight[(a * h + i) * w + j, m]
    return filters


@right("affine_weight_to_filters")
def filters_moved(weight, image_shape):
    return np.moveaxis(weight.reshape(*image_shape, -1), -1, 0)


@right("affine_weight_to_filters")
def filters_columns(weight, image_shape):
    return np.stack([np.reshape(column, image_shape) for column in weight.T])


@right("affine_weight_to_filters")
def filters_indices(weight, image_shape):
    return weight[np.arange(len(weight)).reshape(image_shape)].transpose(3, 0, 1, 2)


@right("affine_weight_to_filters")
def filters_einsum(weight, image_shape):
    return np.einsum("chwm->mchw", np.reshape(weight, (*image_shape, weight.shape[1])))


@right("local_response_norm_forward")
def response_loops(x, *, size=5, alpha=1e-4, beta=0.75, k=2.0):
    out = np.empty(x.shape)
    for c in range(x.shape[1]):
        near = x[:, max(0, c - size // 2) : c + size // 2 + 1]
        out[:, c] = x[:, c] / (k + alpha * (near**2).sum(1)) ** beta
    return out, None


@right("local_response_norm_forward")
def response_band(x, *, size=5, alpha=1e-4, beta=0.75, k=2.0):
    """The sums over neighbours by a band matrix."""
    channels = np.arange(x.shape[1])
    band = (abs(channels[:, None] - channels) <= size // 2).astype(x.dtype)
    return x * np.exp(-beta * np.log(k + alpha * np.einsum("cd,ndhw->nchw", band, x * x))), None


@right("local_response_norm_forward")
def response_cumulated(x, *, size=5, alpha=1e-4, beta=0.75, k=2.0):
    """Differences of running sums."""
    half = size // 2
    running = np.cumsum(np.pad(x**2, ((0, 0), (half + 1, half), (0, 0), (0, 0))), axis=1)
    return x * (k + alpha * (running[:, size:] - running[:, :-size])) ** -beta, None


@right("local_response_norm_forward")
def response_torch(x, *, size=5, alpha=1e-4, beta=0.75, k=2.0):
    """The library divides alpha by the size."""
    norm = torch.nn.LocalResponseNorm(size, alpha * size, beta, k)
    return norm(torch.tensor(x)).numpy(), None


@right("local_response_norm_forward")
def response_windows(x, *, size=5, alpha=1e-4, beta=0.75, k=2.0):
    padded = np.pad(x, ((0, 0), (size // 2, size // 2), (0, 0), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, size, axis=1)
    return x / np.power(k + alpha * np.einsum("nchwi,nchwi->nchw", windows, windows), beta), None


def stamped_size(x, weight, stride, padding, output_padding, dilation):
    return [
        ((n - 1) * s + d * (k - 1) + 1, p, extra)
        for n, k, s, p, extra, d in zip(
            x.shape[2:], weight.shape[2:], *map(both, (stride, padding, output_padding, dilation)),
            strict=True,
        )
    ]  # fmt: skip


def cut(full, sizes):
    """The padding cut off, and the output padding put on."""
    for axis, (length, padding, extra) in enumerate(sizes, start=2):
        more = [(0, 0)] * 4
        more[axis] = (0, extra)
        full = np.pad(full, more).take(range(padding, length - padding + extra), axis)
    return full


@right("conv_transpose2d_forward")
def transposed_stamps(
    x, weight, bias=None, *, stride=1, padding=0, output_padding=0, dilation=1, groups=1
):
    sizes = stamped_size(x, weight, stride, padding, output_padding, dilation)
    (sh, sw), (dh, dw) = both(stride), both(dilation)
    c, share, kh, kw = weight.shape
    full = np.zeros((len(x), share * groups, sizes[0][0], sizes[1][0]))
    for a, p, q in np.ndindex(*x.shape[1:]):
        first = a // (c // groups) * share
        rows, columns = (slice(p * sh, p * sh + dh * kh, dh), slice(q * sw, q * sw + dw * kw, dw))
        full[:, first : first + share, rows, columns] += x[:, a, p, q, None, None, None] * weight[a]
    return shifted(bias, cut(full, sizes))


@right("conv_transpose2d_forward")
def transposed_by_offsets(
    x, weight, bias=None, *, stride=1, padding=0, output_padding=0, dilation=1, groups=1
):
    sizes = stamped_size(x, weight, stride, padding, output_padding, dilation)
    (sh, sw), (dh, dw), (n, c, h, w) = both(stride), both(dilation), x.shape
    filters = weight.reshape(groups, c // groups, *weight.shape[1:])
    full = np.zeros((n, weight.shape[1] * groups, sizes[0][0], sizes[1][0]))
    for i, j in np.ndindex(*weight.shape[2:]):
        part = np.einsum("ngchw,gcf->ngfhw", x.reshape(n, groups, -1, h, w), filters[..., i, j])
        full[:, :, i * dh :: sh, j * dw :: sw][:, :, :h, :w] += part.reshape(n, -1, h, w)
    return shifted(bias, cut(full, sizes))


@right("conv_transpose2d_forward")
def transposed_torch(
    x, weight, bias=None, *, stride=1, padding=0, output_padding=0, dilation=1, groups=1
):
    settings = [both(each) for each in (stride, padding, output_padding)]
    b = None if bias is None else torch.tensor(bias)
    function = torch.nn.functional.conv_transpose2d
    return function(
        torch.tensor(x), torch.tensor(weight), b, *settings, groups, both(dilation)
    ).numpy(), None


@right("conv_transpose2d_forward")
def transposed_with_zeros_between(
    x, weight, bias=None, *, stride=1, padding=0, output_padding=0, dilation=1, groups=1
):
    """A convolution of the image with zeros between its pixels with the turned filters."""
    sizes = stamped_size(x, weight, stride, padding, output_padding, dilation)
    (sh, sw), (dh, dw), (kh, kw) = both(stride), both(dilation), weight.shape[2:]
    wide = np.zeros((*x.shape[:2], (x.shape[2] - 1) * sh + 1, (x.shape[3] - 1) * sw + 1))
    wide[:, :, ::sh, ::sw] = x
    around = np.pad(wide, ((0, 0), (0, 0), *(((k - 1) * d,) * 2 for k, d in ((kh, dh), (kw, dw)))))
    parts = []
    for images, filters in zip(np.split(around, groups, 1), np.split(weight, groups), strict=True):
        windows = np.lib.stride_tricks.sliding_window_view(
            images, (dh * (kh - 1) + 1, dw * (kw - 1) + 1), axis=(2, 3)
        )[..., ::dh, ::dw]
        turned = filters[:, :, ::-1, ::-1]
        parts.append(np.tensordot(windows, turned, axes=((1, 4, 5), (0, 2, 3))))
    return shifted(bias, cut(np.concatenate(parts, 3).transpose(0, 3, 1, 2), sizes))


@right("conv_transpose2d_forward")
def transposed_fourier(
    x, weight, bias=None, *, stride=1, padding=0, output_padding=0, dilation=1, groups=1
):
    sizes = stamped_size(x, weight, stride, padding, output_padding, dilation)
    (sh, sw), (dh, dw), full = both(stride), both(dilation), (sizes[0][0], sizes[1][0])
    wide, kernel = np.zeros((*x.shape[:2], *full)), np.zeros((*weight.shape[:2], *full))
    wide[:, :, ::sh, ::sw][:, :, : x.shape[2], : x.shape[3]] = x
    kernel[:, :, ::dh, ::dw][:, :, : weight.shape[2], : weight.shape[3]] = weight
    images, filters = np.fft.rfft2(wide), np.fft.rfft2(kernel)
    images = images.reshape(len(x), groups, -1, *images.shape[2:])
    filters = filters.reshape(groups, -1, *filters.shape[1:])
    product = np.einsum("ngchw,gcfhw->ngfhw", images, filters)
    out = np.fft.irfft2(product.reshape(len(x), -1, *product.shape[3:]), full)
    return shifted(bias, cut(out, sizes))


@right("im2col")
def im2col_unit_filters(x, kernel, *, stride=1, padding=0, dilation=1, rounding="exact"):
    """A convolution with filters that are 1 at one place."""
    kernel = both(kernel)
    size = x.shape[1] * kernel[0] * kernel[1]
    units = torch.eye(size, dtype=torch.tensor(x).dtype).reshape(size, x.shape[1], *kernel)
    settings = (both(stride), both(padding), both(dilation))
    maps = torch.nn.functional.conv2d(torch.tensor(x), units, None, *settings)
    return maps.transpose(0, 1).reshape(size, -1).numpy()


@right("affine_weight_to_filters")
def filters_torch(weight, image_shape):
    return torch.tensor(weight).T.unflatten(1, image_shape).numpy()
