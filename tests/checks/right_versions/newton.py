"""Newton's method and its quasi kin."""

from types import SimpleNamespace

import numpy as np
import torch
from scipy import linalg

from right_versions.registry import enter, right


def eliminated(hessian, gradient):
    """Gaussian elimination with pivots, by hand."""
    a = np.c_[hessian, gradient].astype(float)
    for i in range(len(a)):
        pivot = i + int(np.argmax(abs(a[i:, i])))
        a[[i, pivot]] = a[[pivot, i]]
        if a[i, i] == 0:
            raise ValueError("singular")
        a[i] = a[i] / a[i, i]
        for j in range(len(a)):
            if j != i:
                a[j] = a[j] - a[j, i] * a[i]
    return a[:, -1]


def inverted(hessian, gradient):
    return np.linalg.inv(hessian) @ gradient


def by_rotations(hessian, gradient):
    turned, triangle = np.linalg.qr(hessian)
    return linalg.solve_triangular(triangle, turned.T @ gradient)


def by_lu(hessian, gradient):
    return linalg.lu_solve(linalg.lu_factor(hessian), gradient)


def by_least_squares(hessian, gradient):
    return np.linalg.lstsq(hessian, gradient, rcond=None)[0]


def by_torch(hessian, gradient):
    return torch.linalg.solve(torch.tensor(hessian), torch.tensor(gradient)).numpy()


SOLVERS = (eliminated, inverted, by_lu, by_least_squares, by_torch, by_rotations)


def one_step(solve):
    return lambda x, gradient, hessian: x - solve(hessian, gradient)


def repeated(solve):
    def version(gradient, hessian, x, *, gradient_tolerance=1e-10, max_iterations=50):
        left = max_iterations
        while np.max(np.abs(slope := gradient(x))) > gradient_tolerance:
            if left == 0:
                raise ValueError("not converged")
            left -= 1
            x = x - solve(hessian(x), slope)
        return x

    return version


for solve in SOLVERS:
    enter("newton_step", f"step_{solve.__name__}", one_step(solve))
    enter("newton", f"newton_{solve.__name__}", repeated(solve))


@right("inverse_hessian_update")
def update_product_form(inverse_hessian, step, gradient_change):
    """(I - rho s y^T) H (I - rho y s^T) + rho s s^T."""
    rho = 1 / (step @ gradient_change)
    left = np.eye(len(step)) - rho * np.outer(step, gradient_change)
    return left @ inverse_hessian @ left.T + rho * np.outer(step, step)


@right("inverse_hessian_update")
def update_of_the_hessian(inverse_hessian, step, gradient_change):
    """The update of the Hessian itself, which is then inverted."""
    hessian = np.linalg.inv(inverse_hessian)
    moved = hessian @ step
    hessian = hessian - np.outer(moved, moved) / (step @ moved)
    hessian += np.outer(gradient_change, gradient_change) / (gradient_change @ step)
    return np.linalg.inv(hessian)


@right("inverse_hessian_update")
def update_loops(inverse_hessian, step, gradient_change):
    n, s, y = len(step), step.tolist(), gradient_change.tolist()
    sy = sum(a * b for a, b in zip(s, y, strict=True))
    hy = [sum(h * b for h, b in zip(row, y, strict=True)) for row in inverse_hessian.tolist()]
    yhy = sum(a * b for a, b in zip(y, hy, strict=True))
    new = np.array(inverse_hessian, float)
    for i, j in np.ndindex(n, n):
        new[i, j] += (1 + yhy / sy) * s[i] * s[j] / sy - (s[i] * hy[j] + hy[i] * s[j]) / sy
    return new


@right("inverse_hessian_update")
def update_einsum(inverse_hessian, step, gradient_change):
    sy = np.einsum("i,i", step, gradient_change)
    hy = np.einsum("ij,j->i", inverse_hessian, gradient_change)
    mixed = np.einsum("i,j->ij", hy, step)
    square = (sy + np.einsum("i,i", gradient_change, hy)) / sy**2
    return inverse_hessian + square * np.outer(step, step) - (mixed + mixed.T) / sy


@right("inverse_hessian_update")
def update_torch(inverse_hessian, step, gradient_change):
    h, s, y = map(torch.tensor, (inverse_hessian, step, gradient_change))
    left = torch.eye(len(s), dtype=h.dtype) - torch.outer(s, y) / s.dot(y)
    return (left @ h @ left.T + torch.outer(s, s) / s.dot(y)).numpy()


def first_scale(pairs):
    s, y = pairs[-1]
    return (s @ y) / (y @ y)


def from_matrices(update):
    """The product with the inverse Hessian, which is built from the pairs."""

    def version(gradient, pairs):
        if not pairs:
            return gradient.copy()
        matrix = first_scale(pairs) * np.eye(len(gradient))
        for s, y in pairs:
            matrix = update(matrix, s, y)
        return matrix @ gradient

    return version


for update in (update_product_form, update_loops, update_of_the_hessian):
    enter("two_loop_product", f"product_{update.__name__}", from_matrices(update))


@right("two_loop_product")
def product_recursive(gradient, pairs):
    def product(q, count, scale):
        if count == 0:
            return scale * q
        s, y = pairs[count - 1]
        rho = 1 / (y @ s)
        alpha = rho * (s @ q)
        below = product(q - alpha * y, count - 1, scale)
        return below + (alpha - rho * (y @ below)) * s

    return product(gradient, len(pairs), first_scale(pairs) if pairs else 1.0)


@right("two_loop_product")
def product_of_factors(gradient, pairs):
    """All factors I - rho y s^T as matrices, from both sides."""
    q, factors, parts = gradient, [], []
    for s, y in reversed(pairs):
        factor = np.eye(len(s)) - np.outer(y, s) / (y @ s)
        parts.append((s * (s @ q) / (y @ s), factors.copy()))
        factors.append(factor)
        q = factor @ q
    q = q * (first_scale(pairs) if pairs else 1.0)
    for factor in reversed(factors):
        q = factor.T @ q
    for part, before in parts:
        for factor in reversed(before):
            part = factor.T @ part
        q = q + part
    return q


def backtracked(objective, x, loss, gradient, direction):
    """A step that goes down far enough, halved until it does; then longer while that helps."""
    slope, step = gradient @ direction, 1.0
    while step > 1e-12 and objective(x + step * direction)[0] > loss + 1e-4 * step * slope:
        step /= 2
    return x + step * direction


def bisected(objective, x, loss, gradient, direction):
    """The weak Wolfe conditions by bisection."""
    low, high, step, slope = 0.0, np.inf, 1.0, gradient @ direction
    for _ in range(60):
        value, there = objective(x + step * direction)
        if value > loss + 1e-4 * step * slope:
            high = step
        elif there @ direction < 0.9 * slope:
            low = step
        else:
            break
        step = 2 * low if np.isinf(high) else (low + high) / 2
    return x + step * direction


def minimized(direction_of, search, memory_of):
    """Quasi-Newton descent from the pairs of steps and changes of the gradient."""

    def version(objective, x, *, gradient_tolerance=1e-5, max_iterations=200, memory=10):
        loss, gradient = objective(x)
        pairs = []
        for _ in range(max_iterations):
            if np.abs(gradient).max() <= gradient_tolerance:
                break
            direction = -direction_of(gradient, pairs)
            if not pairs:
                direction = direction / max(1.0, np.linalg.norm(direction))
            new = search(objective, x, loss, gradient, direction)
            loss, after = objective(new)
            if (new - x) @ (after - gradient) > 0:
                pairs = [*pairs, (new - x, after - gradient)][-memory_of(memory) :]
            x, gradient = new, after
        converged = bool(np.abs(gradient).max() <= gradient_tolerance)
        return SimpleNamespace(x=x, converged=converged)

    return version


PRODUCTS = (from_matrices(update_product_form), from_matrices(update_einsum), product_recursive)
for product, name in zip(PRODUCTS, ("matrices", "einsum", "recursive"), strict=True):
    for search in (bisected, backtracked):
        label = f"{name}_{search.__name__}"
        enter("bfgs", f"bfgs_{label}", minimized(product, search, lambda memory: 10**6))
        enter("l_bfgs", f"l_bfgs_{label}", minimized(product, search, lambda memory: memory))
