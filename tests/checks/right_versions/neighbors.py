"""Distances and the k nearest."""

import heapq

import numpy as np
import torch
from scipy.spatial.distance import cdist

from right_versions.registry import enter, right


def of_floats(version):
    """Distances of numbers: uint8 pixels would wrap around."""

    def distances(queries, train, *, metric):
        return version(
            *(np.asarray(x, float) if x.dtype.kind in "iu" else x for x in (queries, train)), metric
        )

    return distances


def two_loops(a, b, metric):
    out = np.empty((len(a), len(b)))
    for i, j in np.ndindex(*out.shape):
        gaps = [abs(x - y) for x, y in zip(a[i].tolist(), b[j].tolist(), strict=True)]
        out[i, j] = sum(gaps) if metric == "l1" else sum(g * g for g in gaps) ** 0.5
    return out


def one_loop(a, b, metric):
    return np.array([np.linalg.norm(b - row, 1 if metric == "l1" else 2, axis=1) for row in a])


def by_features(a, b, metric):
    """One feature after the other is added to all pairs."""
    out = np.zeros((len(a), len(b)))
    for x, y in zip(a.T, b.T, strict=True):
        gap = np.subtract.outer(x, y)
        out += np.abs(gap) if metric == "l1" else gap**2
    return out if metric == "l1" else np.sqrt(out)


def by_larger_and_smaller(a, b, metric):
    """|x - y| is max less min; (x - y)^2 from one einsum of the differences."""
    if metric == "l1":
        pairs = np.broadcast_arrays(a[:, None], b[None])
        return np.maximum(*pairs).sum(2) - np.minimum(*pairs).sum(2)
    gaps = a[:, None] - b[None]
    return np.sqrt(np.einsum("mnd,mnd->mn", gaps, gaps))


def by_scipy(a, b, metric):
    return cdist(a, b, "cityblock" if metric == "l1" else "euclidean")


def by_torch(a, b, metric):
    return torch.cdist(torch.tensor(a), torch.tensor(b), 1.0 if metric == "l1" else 2.0).numpy()


DISTANCES = (two_loops, one_loop, by_features, by_larger_and_smaller, by_scipy, by_torch)
for each in DISTANCES:
    enter("distances_vectorized", f"distances_{each.__name__}", of_floats(each))


@right("k_smallest")
def smallest_stable_sort(distances, k):
    return np.argsort(distances, axis=1, kind="stable")[:, :k]


@right("k_smallest")
def smallest_lexsort(distances, k):
    places = np.broadcast_to(np.arange(distances.shape[1]), distances.shape)
    return np.lexsort((places, distances), axis=1)[:, :k]


@right("k_smallest")
def smallest_heap(distances, k):
    return np.array(
        [
            [i for _, i in heapq.nsmallest(k, zip(row, range(len(row)), strict=True))]
            for row in distances.tolist()
        ]
    )


@right("k_smallest")
def smallest_one_by_one(distances, k):
    left, rows, found = distances.astype(float), np.arange(len(distances)), []
    for _ in range(k):
        found.append(left.argmin(1))
        left[rows, found[-1]] = np.inf
    return np.stack(found, axis=1)


@right("k_smallest")
def smallest_by_rank(distances, k):
    """The rank is how many are smaller, or equal and before."""
    smaller = distances[:, None, :] < distances[:, :, None]
    before = np.tri(distances.shape[1], k=-1, dtype=bool)
    equal = (distances[:, None, :] == distances[:, :, None]) & before
    ranks = (smaller | equal).sum(2)
    return np.array([[int(np.flatnonzero(row == r)[0]) for r in range(k)] for row in ranks])


@right("k_smallest")
def smallest_torch(distances, k):
    return torch.sort(torch.tensor(distances), dim=1, stable=True).indices[:, :k].numpy()


SMALLEST = (
    smallest_stable_sort,
    smallest_lexsort,
    smallest_heap,
    smallest_one_by_one,
    smallest_by_rank,
    smallest_torch,
)
