"""Penalties on weights: value and gradient."""

import numpy as np
import torch

from right_versions.registry import enter

# For each penalty: the value of one weight, and its slope there.
PENALTIES = {
    "l1": (lambda w, beta: abs(w), lambda w, beta: (w > 0) * 1.0 - (w < 0)),
    "l2": (lambda w, beta: w * w, lambda w, beta: 2 * w),
    "half_l2": (lambda w, beta: w * w / 2, lambda w, beta: w),
    "elastic_net": (
        lambda w, beta: beta * w * w + abs(w),
        lambda w, beta: 2 * beta * w + (w > 0) - (w < 0) * 1.0,
    ),
}


def loops(value, slope):
    def version(W, *, strength, beta=1.0):
        total, gradient = 0.0, np.empty(W.shape)
        for at in np.ndindex(*W.shape):
            total += value(float(W[at]), beta)
            gradient[at] = strength * slope(float(W[at]), beta)
        return strength * total, gradient

    return version


def column_by_column(value, slope):
    def version(W, *, strength, beta=1.0):
        values, slopes = [], []
        for column in W.T:
            values.append(sum(value(w, beta) for w in column))
            slopes.append([strength * slope(w, beta) for w in column])
        return strength * sum(reversed(values)), np.array(slopes, float).T

    return version


def autograd(value, slope):
    def version(W, *, strength, beta=1.0):
        weights = torch.tensor(W, requires_grad=True)
        total = strength * value(weights, beta).sum()
        total.backward()
        return total.item(), weights.grad.numpy()

    return version


def by_sorted_sizes(value, slope):
    """The smallest terms are summed first; the slope from the sizes and the signs."""

    def version(W, *, strength, beta=1.0):
        sizes, signs = np.abs(W), np.sign(W)
        total = np.cumsum(np.sort(value(sizes, beta), axis=None))[-1]
        return strength * total, strength * signs * slope(sizes, beta)

    return version


def by_products(name):
    """Sums of squares and of sizes as products of matrices."""
    squares = {"l1": 0.0, "l2": 1.0, "half_l2": 0.5}

    def version(W, *, strength, beta=1.0):
        square = squares.get(name, beta)
        size = 1.0 if name in ("l1", "elastic_net") else 0.0
        signs = np.sign(W)
        value = square * np.trace(W.T @ W) + size * np.einsum("ij,ij", W, signs)
        return strength * value, strength * (2 * square * W + size * signs)

    return version


for penalty, (of_one, slope_of_one) in PENALTIES.items():
    for make in (loops, column_by_column, autograd, by_sorted_sizes):
        enter(penalty, f"{penalty}_{make.__name__}", make(of_one, slope_of_one))
    enter(penalty, f"{penalty}_products", by_products(penalty))
