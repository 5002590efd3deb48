"""Pooling over sliding windows, forwards."""

import numpy as np
import torch
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from reference.layers.pooling import MaxPoolCache
from reference.layers.pooling import max_pool2d_forward as reference_max_pool
from right_versions.convolution import both
from right_versions.registry import enter, right


def windows_along(length, k, s, p, rounding):
    """The first pixel (of the padded axis) of each window, and how much hangs over the end."""
    starts = [start for start in range(0, length + 2 * p, s) if start + k <= length + 2 * p]
    after = starts[-1] + s
    covered = starts[-1] + k == length + 2 * p
    if rounding == "ceil" and not covered and after < length + p:
        starts.append(after)
    return starts, max(0, starts[-1] + k - length - 2 * p)


def layout(x, kernel, stride, padding, rounding, fill):
    """The padded images, the kernel, and the windows' starts along rows and columns."""
    kernel, stride = both(kernel), both(kernel if stride is None else stride)
    pads, axes = both(padding), []
    sides = [(0, 0), (0, 0)]
    for length, k, s, p in zip(x.shape[2:], kernel, stride, pads, strict=True):
        starts, over = windows_along(length, k, s, p, rounding)
        axes.append(starts)
        sides.append((p, p + over))
    return np.pad(x, sides, constant_values=fill), kernel, axes


def each_window(x, kernel, stride, padding, rounding, fill):
    """Yield (p, q) and what the window sees, (N, C, KH, KW)."""
    padded, (kh, kw), (rows, columns) = layout(x, kernel, stride, padding, rounding, fill)
    for p, top in enumerate(rows):
        for q, left in enumerate(columns):
            yield (p, q), padded[:, :, top : top + kh, left : left + kw]


def stacked(x, kernel, stride, padding, rounding, fill):
    """What the windows see, (N, C, OH, OW, KH*KW), by arrays of indices."""
    padded, (kh, kw), (rows, columns) = layout(x, kernel, stride, padding, rounding, fill)
    r, c = np.add.outer(rows, range(kh)), np.add.outer(columns, range(kw))
    seen = padded[:, :, r[:, None, :, None], c[None, :, None, :]]
    return seen.reshape(*seen.shape[:4], -1)


def strided(x, kernel, stride, padding, rounding, fill):
    """The same as a view by strides, where the last window does not matter for the view."""
    padded, kernel, (rows, columns) = layout(x, kernel, stride, padding, rounding, fill)
    steps = [np.diff(each)[0] if len(each) > 1 else 1 for each in (rows, columns)]
    a, b, c, d = padded.strides
    shape = (*padded.shape[:2], len(rows), len(columns), *kernel)
    return as_strided(padded, shape, (a, b, c * steps[0], d * steps[1], c, d))


def sliding(x, kernel, stride, padding, rounding, fill):
    """Every window there is, of which those that start at a window's place are taken."""
    padded, kernel, (rows, columns) = layout(x, kernel, stride, padding, rounding, fill)
    return sliding_window_view(padded, kernel, (2, 3))[:, :, rows][:, :, :, columns]


def counts_of(x, kernel, stride, padding, rounding, count_padding):
    """How many pixels count in each window (OH, OW): a mask that is summed."""
    sides = both(padding)
    mask = np.zeros((1, 1, *(n + 2 * p for n, p in zip(x.shape[2:], sides, strict=True))))
    inside = tuple(slice(p, n + p) for n, p in zip(x.shape[2:], sides, strict=True))
    mask[(..., *inside)] = 1
    if count_padding:
        mask[:] = 1
    wide, kernel, (rows, columns) = layout(x, kernel, stride, padding, rounding, 0)
    more = [(0, n - m) for n, m in zip(wide.shape[2:], mask.shape[2:], strict=True)]
    windows = sliding_window_view(np.pad(mask, [(0, 0), (0, 0), *more])[0, 0], kernel)
    return windows[rows][:, columns].sum((2, 3))


def max_cache(x, winners, kernel, options):
    """The cache that the component's backward pass takes, with the winners found here."""
    _, cache = reference_max_pool(x, kernel, **options)
    return MaxPoolCache(winners.astype(cache.winners.dtype), cache.dtype, cache.windows)


def max_version(find):
    def version(x, kernel, *, stride=None, padding=0, rounding="exact"):
        out, winners = find(x, kernel, stride, padding, rounding, -np.inf)
        options = {"stride": stride, "padding": padding, "rounding": rounding}
        return out, max_cache(x, winners, kernel, options)

    return version


def max_loops(*settings):
    places, values, winners = [], [], []
    for (p, q), seen in each_window(*settings):
        places.append((p, q))
        values.append(seen.max((2, 3)))
        winners.append([[image.argmax() for image in images] for images in seen])
    shape = (*values[0].shape, *(n + 1 for n in places[-1]))
    return np.stack(values, 2).reshape(shape), np.array(winners).transpose(1, 2, 0).reshape(shape)


def max_stacked(*settings):
    seen = stacked(*settings)
    winners = seen.argmax(-1)
    return np.take_along_axis(seen, winners[..., None], -1)[..., 0], winners


def max_strided(*settings):
    seen = strided(*settings)
    out = seen.max(axis=(4, 5))
    equal = (seen == out[..., None, None]).reshape(*out.shape, -1)
    return out, equal.argmax(-1)


def max_rows_then_columns(*settings):
    """The largest of each row, and then of the rows."""
    seen = sliding(*settings)
    of_rows = seen.max(-1)
    row, column = of_rows.argmax(-1), seen.argmax(-1)
    best = np.take_along_axis(column, row[..., None], -1)[..., 0]
    return of_rows.max(-1), row * seen.shape[-1] + best


def max_sorted(*settings):
    seen = stacked(*settings)
    order = np.argsort(-seen, axis=-1, kind="stable")
    return np.sort(seen, -1)[..., -1], order[..., 0]


for find in (max_loops, max_stacked, max_strided, max_rows_then_columns, max_sorted):
    enter("max_pool2d_forward", find.__name__, max_version(find))


@right("average_pool2d_forward")
def average_loops(x, kernel, *, stride=None, padding=0, rounding="exact", count_padding=True):
    counts = counts_of(x, kernel, stride, padding, rounding, count_padding)
    out = np.zeros((*x.shape[:2], *counts.shape))
    for (p, q), seen in each_window(x, kernel, stride, padding, rounding, 0):
        out[:, :, p, q] = seen.sum((2, 3)) / counts[p, q]
    return out, None


@right("average_pool2d_forward")
def average_stacked(x, kernel, *, stride=None, padding=0, rounding="exact", count_padding=True):
    counts = counts_of(x, kernel, stride, padding, rounding, count_padding)
    return stacked(x, kernel, stride, padding, rounding, 0).sum(-1) / counts, None


@right("average_pool2d_forward")
def average_of_running_sums(
    x, kernel, *, stride=None, padding=0, rounding="exact", count_padding=True
):
    """The table of sums over all rectangles from the corner."""
    counts = counts_of(x, kernel, stride, padding, rounding, count_padding)
    padded, (kh, kw), (rows, columns) = layout(x, kernel, stride, padding, rounding, 0)
    table = np.pad(padded.cumsum(2).cumsum(3), ((0, 0), (0, 0), (1, 0), (1, 0)))
    high, wide = np.add(rows, kh), np.add(columns, kw)
    sums = table[:, :, high][..., wide] - table[:, :, rows][..., wide]
    sums = sums - table[:, :, high][..., columns] + table[:, :, rows][..., columns]
    return sums / counts, None


@right("average_pool2d_forward")
def average_of_two_matrices(
    x, kernel, *, stride=None, padding=0, rounding="exact", count_padding=True
):
    counts = counts_of(x, kernel, stride, padding, rounding, count_padding)
    padded, kernel, axes = layout(x, kernel, stride, padding, rounding, 0)
    matrices = []
    for length, k, starts in zip(padded.shape[2:], kernel, axes, strict=True):
        distance = np.arange(length) - np.array(starts)[:, None]
        matrices.append(((distance >= 0) & (distance < k)).astype(x.dtype))
    rows, columns = matrices
    return np.einsum("ph,nchw,qw->ncpq", rows, padded, columns) / counts, None


@right("average_pool2d_forward")
def average_torch(x, kernel, *, stride=None, padding=0, rounding="exact", count_padding=True):
    pool = torch.nn.AvgPool2d(
        both(kernel), None if stride is None else both(stride), both(padding),
        ceil_mode=rounding == "ceil", count_include_pad=count_padding,
    )  # fmt: skip
    return pool(torch.tensor(x)).numpy(), None


def l2_version(windows, root):
    def version(x, kernel, *, stride=None, padding=0, rounding="exact"):
        return root(windows(x, kernel, stride, padding, rounding, 0)), None

    return version


def l2_loops(x, kernel, *, stride=None, padding=0, rounding="exact"):
    found = {
        place: np.sqrt((seen**2).sum((2, 3)))
        for place, seen in each_window(x, kernel, stride, padding, rounding, 0)
    }
    rows, columns = max(found)
    return np.array([[found[p, q] for q in range(columns + 1)] for p in range(rows + 1)]).transpose(
        2, 3, 0, 1
    ), None


def l2_torch(x, kernel, *, stride=None, padding=0, rounding="exact"):
    padded, kernel, (rows, columns) = layout(x, kernel, stride, padding, rounding, 0)
    steps = [each[1] - each[0] if len(each) > 1 else 1 for each in (rows, columns)]
    pooled = torch.nn.functional.lp_pool2d(torch.tensor(padded), 2.0, kernel, tuple(steps))
    return pooled.numpy()[:, :, : len(rows), : len(columns)], None


enter("l2_pool2d_forward", "l2_loops", l2_loops)
enter("l2_pool2d_forward", "l2_torch", l2_torch)
enter("l2_pool2d_forward", "l2_norm", l2_version(stacked, lambda s: np.linalg.norm(s, axis=-1)))
enter(
    "l2_pool2d_forward",
    "l2_einsum",
    l2_version(strided, lambda s: np.einsum("...ij,...ij->...", s, s) ** 0.5),
)
enter(
    "l2_pool2d_forward",
    "l2_hypotenuses",
    l2_version(stacked, lambda s: np.hypot.reduce(s, axis=-1)),
)


@right("max_pool2d_forward")
def max_torch(x, kernel, *, stride=None, padding=0, rounding="exact"):
    """The library tells the winner's place in the padded image."""
    padded, kernel, (rows, columns) = layout(x, kernel, stride, padding, rounding, -np.inf)
    steps = [each[1] - each[0] if len(each) > 1 else 1 for each in (rows, columns)]
    images, settings = torch.tensor(padded), (kernel, tuple(int(step) for step in steps))
    out, flat = torch.nn.functional.max_pool2d(images, *settings, return_indices=True)
    out, flat = (each.numpy()[:, :, : len(rows), : len(columns)] for each in (out, flat))
    i = flat // padded.shape[3] - np.reshape(rows, (-1, 1))
    j = flat % padded.shape[3] - np.array(columns)
    options = {"stride": stride, "padding": padding, "rounding": rounding}
    return out, max_cache(x, i * kernel[1] + j, kernel, options)
