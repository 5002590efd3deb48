"""Numeric gradients, and the relative error."""

import numpy as np

from right_versions.registry import right


def weigh(change, upstream):
    return float(np.sum(change if upstream is None else upstream * change))


@right("central_difference")
def central_in_place(f, x, *, h=1e-5, upstream=None):
    """One entry is moved to both sides and put back."""
    at, gradient = np.array(x, float), np.zeros(np.shape(x))
    for index in np.ndindex(*at.shape):
        old = at[index]
        at[index] = old + h
        high = np.array(f(at), float)
        at[index] = old - h
        gradient[index] = weigh(high - f(at), upstream) / (2 * h)
        at[index] = old
    return gradient


@right("central_difference")
def central_with_unit_vectors(f, x, *, h=1e-5, upstream=None):
    x = np.asarray(x, float)
    units = np.eye(x.size).reshape(-1, *x.shape)
    slopes = [weigh(np.subtract(f(x + h * e), f(x - h * e)), upstream) for e in units]
    return np.reshape(slopes, x.shape) / (2 * h)


@right("central_difference")
def central_from_two_sides(f, x, *, h=1e-5, upstream=None):
    """The mean of the forward and the backward difference."""
    x, base, slopes = np.asarray(x, float), np.asarray(f(np.array(x, float))), []
    for place in range(x.size):
        step = np.zeros(x.size)
        step[place] = h
        step = step.reshape(x.shape)
        forward, backward = (f(x + step) - base) / h, (base - f(x - step)) / h
        slopes.append((weigh(forward, upstream) + weigh(backward, upstream)) / 2)
    return np.array(slopes).reshape(x.shape)


@right("central_difference")
def central_flat_copy(f, x, *, h=1e-5, upstream=None):
    values, shape = np.asarray(x, float).ravel().tolist(), np.shape(x)

    def at(place, move):
        moved = [v + move if i == place else v for i, v in enumerate(values)]
        return np.asarray(f(np.array(moved).reshape(shape)))

    return np.array(
        [weigh(at(i, h) / (2 * h) - at(i, -h) / (2 * h), upstream) for i in range(len(values))]
    ).reshape(shape)


@right("central_difference")
def central_jacobian(f, x, *, h=1e-5, upstream=None):
    """The Jacobian's columns first, then the product with the upstream gradient."""
    x = np.asarray(x, float)
    columns = []
    for index in np.ndindex(*x.shape):
        high, low = x.copy(), x.copy()
        high[index] += h
        low[index] -= h
        columns.append(np.ravel(np.subtract(f(high), f(low))) * (0.5 / h))
    weights = np.ones(len(columns[0])) if upstream is None else np.ravel(upstream)
    return (np.stack(columns) @ weights).reshape(x.shape)


@right("relative_error")
def error_loops(first, second, *, floor=1e-8):
    worst = 0.0
    for a, b in zip(np.ravel(first).tolist(), np.ravel(second).tolist(), strict=True):
        worst = max(worst, abs(a - b) / max(floor, abs(a) + abs(b)))
    return worst


@right("relative_error")
def error_where(first, second, *, floor=1e-8):
    total = np.abs(first) + np.abs(second)
    return np.amax(np.abs(second - first) / np.where(total < floor, floor, total))


@right("relative_error")
def error_clipped(first, second, *, floor=1e-8):
    sizes = np.add(np.absolute(first), np.absolute(second)).clip(floor)
    return float(np.sort((np.absolute(np.subtract(first, second)) / sizes).ravel())[-1])


@right("relative_error")
def error_norm(first, second, *, floor=1e-8):
    both = np.stack([first, second])
    scaled = np.diff(both, axis=0) / np.maximum(np.abs(both).sum(0), floor)
    return np.linalg.norm(scaled.ravel(), np.inf)


@right("relative_error")
def error_of_ranges(first, second, *, floor=1e-8):
    """|a - b| is the larger less the smaller."""
    gap = np.maximum(first, second) - np.minimum(first, second)
    return (gap / np.fmax(np.hypot(first, 0) + np.hypot(second, 0), floor)).max()


@right("central_difference")
def central_of_three_samples(f, x, *, h=1e-5, upstream=None):
    """The slope at the middle of three samples, as `np.gradient` takes it."""
    x, slopes = np.asarray(x, float), []
    for unit in np.eye(x.size).reshape(-1, *x.shape):
        samples = np.array([np.ravel(f(x + move * unit)) for move in (-h, 0.0, h)], float)
        weights = np.ones(1) if upstream is None else np.ravel(upstream)
        slopes.append(np.gradient(samples @ weights, h)[1])
    return np.reshape(slopes, x.shape)
