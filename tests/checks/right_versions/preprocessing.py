"""Preprocessing that is fitted on the training set."""

import numpy as np
import torch

from right_versions.registry import enter

MEANS = {
    "sum": lambda rows: rows.sum(0) / len(rows),
    "loops": lambda rows: np.array(
        [sum(column.tolist()) / len(rows) for column in rows.reshape(len(rows), -1).T]
    ).reshape(rows.shape[1:]),
    "einsum": lambda rows: np.einsum("n...->...", rows) / len(rows),
    "running": lambda rows: running_mean(rows),
    "torch": lambda rows: torch.tensor(rows, dtype=torch.float64).mean(0).numpy(),
}


def running_mean(rows):
    mean = 0.0
    for count, row in enumerate(rows, start=1):
        mean = mean + (row - mean) / count
    return mean


def floats(value):
    return value if np.asarray(value).dtype.kind == "f" else np.asarray(value, float)


def centering(mean_of):
    class Version:
        @classmethod
        def fit(cls, train):
            made = cls()
            made.mean = mean_of(floats(train))
            return made

        def transform(self, X):
            return floats(X) - self.mean

    return Version


def channels_last(images, axis):
    return np.moveaxis(images, axis, -1)


def channel_centering(mean_of):
    class Version:
        @classmethod
        def fit(cls, train, *, channel_axis=1):
            made = cls()
            made.axis = channel_axis
            flat = channels_last(train, channel_axis)
            made.mean = mean_of(flat.reshape(-1, flat.shape[-1]))
            return made

        def transform(self, X):
            return np.moveaxis(channels_last(X, self.axis) - self.mean, -1, self.axis)

    return Version


for name, mean_of in MEANS.items():
    enter("Centering", f"centering_{name}", centering(mean_of))
    enter("ChannelCentering", f"channels_{name}", channel_centering(mean_of))


def first_row_subtracted(rows):
    """Moments of the differences from the first example, which are small."""
    moved = rows - rows[0]
    mean = moved.mean(0)
    return rows[0] + mean, np.sqrt(np.einsum("nd,nd->d", moved - mean, moved - mean) / len(rows))


def by_columns(rows):
    moments = []
    for column in rows.T.tolist():
        mean = sum(column) / len(column)
        moments.append((mean, (sum((v - mean) ** 2 for v in column) / len(column)) ** 0.5))
    return np.array(moments).T


def by_norms(rows):
    mean = np.average(rows, axis=0)
    return mean, np.linalg.norm(rows - mean, axis=0) / np.sqrt(len(rows))


def by_pairs(rows):
    """The variance is half the mean square of the differences of all pairs."""
    differences = rows[:, None] - rows[None]
    return rows.mean(0), np.sqrt((differences**2).mean((0, 1)) / 2)


def by_torch(rows):
    values = torch.tensor(rows)
    return values.mean(0).numpy(), values.std(0, correction=0).numpy()


def standardization(moments):
    class Version:
        @classmethod
        def fit(cls, train):
            made, constant = cls(), np.ptp(train, axis=0) == 0
            made.mean, made.std = moments(train)
            # a rounded mean of equal numbers is not always that number
            made.mean, made.std = (
                np.where(constant, train[0], made.mean), np.where(constant, 1.0, made.std)
            )  # fmt: skip
            return made

        def transform(self, X):
            return (X - self.mean) / self.std

    return Version


for moments in (first_row_subtracted, by_columns, by_norms, by_pairs, by_torch):
    enter("Standardization", f"standardization_{moments.__name__}", standardization(moments))


def by_singular_values(rows):
    _, sizes, vectors = np.linalg.svd(rows, full_matrices=True)
    variances = np.zeros(rows.shape[1])
    variances[: len(sizes)] = sizes**2 / len(rows)
    return variances, vectors.T


def by_covariance(rows):
    values, vectors = np.linalg.eigh(np.cov(rows.T, bias=True))
    return values[::-1], vectors[:, ::-1]


def by_outer_products(rows):
    covariance = sum(np.outer(row, row) for row in rows) / len(rows)
    vectors, values, _ = np.linalg.svd(covariance, hermitian=True)
    return values, vectors


def by_torch_eigenvectors(rows):
    rows = torch.tensor(rows)
    values, vectors = torch.linalg.eigh(rows.T @ rows / len(rows))
    return values.flip(0).numpy(), vectors.flip(1).numpy()


def by_jacobi(rows):
    """Jacobi's rotations of the covariance, one pair of axes after the other."""
    a = np.einsum("ni,nj->ij", rows, rows) / len(rows)
    vectors = np.eye(len(a))
    for _ in range(30):
        for i in range(len(a)):
            for j in range(i):
                angle = 0.5 * np.arctan2(2 * a[i, j], a[j, j] - a[i, i])
                turn = np.eye(len(a))
                turn[i, i] = turn[j, j] = np.cos(angle)
                turn[i, j], turn[j, i] = np.sin(angle), -np.sin(angle)
                a, vectors = turn.T @ a @ turn, vectors @ turn
    order = np.argsort(-np.diag(a))
    return np.diag(a)[order], vectors[:, order]


def decorrelation(axes_of):
    class Version:
        @classmethod
        def fit(cls, train, *, keep=None):
            made = cls()
            made.mean = train.mean(0)
            variances, vectors = axes_of(train - made.mean)
            made.variances, made.axes = variances[:keep], vectors[:, :keep]
            return made

        def transform(self, X):
            return np.einsum("nd,dk->nk", X - self.mean, self.axes)

        def inverse(self, components):
            return self.mean + (self.axes @ np.transpose(components)).T

    return Version


def whitening(axes_of):
    class Version:
        @classmethod
        def fit(cls, train, *, kind="zca", eps=1e-5):
            made = cls()
            made.mean = train.mean(0)
            variances, axes = axes_of(train - made.mean)
            variances = np.maximum(variances, 0)
            rounding = np.finfo(variances.dtype).eps * len(variances)
            if eps == 0 and variances[-1] <= rounding * variances[0]:
                raise ValueError("a direction without variance")
            made.matrix = axes @ np.diag((variances + eps) ** -0.5)
            if kind == "zca":
                made.matrix = made.matrix @ axes.T
            return made

        def transform(self, X):
            return (X - self.mean) @ self.matrix

    return Version


AXES = (by_singular_values, by_covariance, by_outer_products, by_torch_eigenvectors, by_jacobi)
for axes_of in AXES:
    enter("Decorrelation", f"decorrelation_{axes_of.__name__}", decorrelation(axes_of))
    enter("Whitening", f"whitening_{axes_of.__name__}", whitening(axes_of))
