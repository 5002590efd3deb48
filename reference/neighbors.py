"""Nearest neighbours: L1 and L2 distances, kNN prediction, cross-validation (slides s.19-33).

Distances between queries of shape (M, D) and training points of shape (N, D), as (M, N):

    L1  d(a, b) = sum_p |a_p - b_p|
    L2  d(a, b) = sqrt(sum_p (a_p - b_p)^2)

written four ways (two loops, one loop, vectorized, blocked) that give the same numbers.

The tie rule: equal distances, the training point with the smaller index comes first; among the
labels with the most votes, the smallest label wins.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reference.arrays import FloatArray, IntArray, as_float_matrix, check_choice, check_count
from reference.data.splits import k_fold

Metric: TypeAlias = Literal["l1", "l2"]
METRICS: tuple[Metric, ...] = ("l1", "l2")
BLOCK_BYTES = 32 * 2**20
# A tile of L1 differences is walked over three times, so it should stay in the processor's cache.
L1_TILE_BYTES = 2**18


def distances_two_loops(queries: ArrayLike, train: ArrayLike, *, metric: Metric) -> FloatArray:
    """Return distances (M, N), one pair at a time: the definition, and the slowest."""
    a, b = _points(queries, train, metric)
    distances = np.empty((len(a), len(b)), np.result_type(a, b))
    for i in range(len(a)):
        for j in range(len(b)):
            difference = a[i] - b[j]
            if metric == "l1":
                distances[i, j] = np.sum(np.abs(difference))
            else:
                distances[i, j] = np.sqrt(np.sum(difference**2))
    return distances


def distances_one_loop(queries: ArrayLike, train: ArrayLike, *, metric: Metric) -> FloatArray:
    """Return distances (M, N), one query against all training points at a time (s.20)."""
    a, b = _points(queries, train, metric)
    distances = np.empty((len(a), len(b)), np.result_type(a, b))
    for i in range(len(a)):
        difference = b - a[i]
        if metric == "l1":
            distances[i] = np.sum(np.abs(difference), axis=1)
        else:
            distances[i] = np.sqrt(np.sum(difference**2, axis=1))
    return distances


def distances_vectorized(queries: ArrayLike, train: ArrayLike, *, metric: Metric) -> FloatArray:
    """Return distances (M, N) without a Python loop.

    L2 uses |a - b|^2 = |a|^2 + |b|^2 - 2 a.b, one matrix product. Rounding leaves an absolute
    error of about sqrt(eps) |a| where a and b nearly coincide (why a picture's distance to itself
    is printed as 3e-07 on s.8); on integers below 2^53 in float64 it is exact before the root.
    L1 has no such product and broadcasts to (M, N, D): use the blocked version for real data.
    """
    a, b = _points(queries, train, metric)
    if metric == "l1":
        total: FloatArray = np.abs(a[:, None, :] - b[None, :, :]).sum(axis=2)
        return total
    return _l2_block(a, b, _squared_norms(b))


def distances_blocked(
    queries: ArrayLike,
    train: ArrayLike,
    *,
    metric: Metric,
    block_bytes: int = BLOCK_BYTES,
) -> FloatArray:
    """Return distances (M, N) computed block by block.

    No array beside the result takes more than about `block_bytes`, whatever M and N are.
    """
    a, b = _points(queries, train, metric)
    distances = np.empty((len(a), len(b)), np.result_type(a, b))
    norms = _squared_norms(b) if metric == "l2" else None
    rows, columns = _block_shape(a, b, block_bytes)
    for i in _slices(len(a), rows):
        for j in _slices(len(b), columns):
            distances[i, j] = _block(a[i], b[j], None if norms is None else norms[j])
    return distances


def k_smallest(distances: FloatArray, k: int) -> IntArray:
    """Return the column indices (M, k) of the k smallest distances in each row, nearest first.

    Of equal distances the smaller index comes first, also where the tie is at place k.
    """
    check_count(k, "k", maximum=distances.shape[1])
    if k == 1:
        first: IntArray = np.argmin(distances, axis=1, keepdims=True)
        return first
    bound = np.partition(distances, k - 1, axis=1)[:, k - 1 : k]
    chosen = distances <= bound
    tied = np.flatnonzero(np.count_nonzero(chosen, axis=1) > k)
    if tied.size:
        nearer, equal = distances[tied] < bound[tied], distances[tied] == bound[tied]
        missing = k - np.count_nonzero(nearer, axis=1, keepdims=True)
        chosen[tied] = nearer | (equal & (np.cumsum(equal, axis=1) <= missing))
    # nonzero walks each row from left to right, so a stable sort keeps smaller indices first.
    columns = np.nonzero(chosen)[1].reshape(-1, k)
    order = np.argsort(np.take_along_axis(distances, columns, axis=1), axis=1, kind="stable")
    return np.take_along_axis(columns, order, axis=1)


def nearest_blocked(
    queries: ArrayLike,
    train: ArrayLike,
    *,
    k: int,
    metric: Metric,
    block_bytes: int = BLOCK_BYTES,
) -> IntArray:
    """Return the indices (M, k) of the k nearest training points, never holding (M, N) distances.

    The best k so far are merged with each next block of training points. Extra memory is a few
    times `block_bytes`, whatever M and N are.
    """
    a, b = _points(queries, train, metric)
    check_count(k, "k", maximum=len(b))
    norms = _squared_norms(b) if metric == "l2" else None
    rows, columns = _block_shape(a, b, block_bytes)
    nearest = np.empty((len(a), k), np.intp)
    for i in _slices(len(a), rows):
        best = np.empty((i.stop - i.start, 0), np.intp)
        best_distances = np.empty((i.stop - i.start, 0), np.result_type(a, b))
        for j in _slices(len(b), columns):
            block = _block(a[i], b[j], None if norms is None else norms[j])
            within = k_smallest(block, min(k, block.shape[1]))
            found = np.take_along_axis(block, within, axis=1)
            # What was found before has smaller indices and stands left, so ties keep their order.
            candidates = np.concatenate((best, within + j.start), axis=1)
            distances = np.concatenate((best_distances, found), axis=1)
            keep = k_smallest(distances, min(k, distances.shape[1]))
            best = np.take_along_axis(candidates, keep, axis=1)
            best_distances = np.take_along_axis(distances, keep, axis=1)
        nearest[i] = best
    return nearest


def majority_vote(labels: ArrayLike) -> NDArray[Any]:
    """Return, of shape (M,), the commonest label in each row of (M, k); the smallest of equals.

    The dtype of the labels is kept (s.21).
    """
    votes = np.asarray(labels)
    if votes.ndim != 2 or votes.shape[1] == 0:
        raise ValueError(f"votes must have shape (M, k), got {votes.shape}: one row per query")
    values, codes = np.unique(votes, return_inverse=True)
    counts = np.zeros((len(votes), len(values)), np.intp)
    np.add.at(counts, (np.arange(len(votes))[:, None], codes.reshape(votes.shape)), 1)
    winners: NDArray[Any] = values[counts.argmax(axis=1)]
    return winners


class KNearestNeighbors:
    """kNN classifier: training stores the data, prediction is a vote of the k nearest (s.20-27).

    `blocked` bounds memory by `block_bytes`; without it the whole (M, N) matrix is formed.
    Raises ValueError: k < 1 or above the number of training points, an unknown metric, images
    not of shape (N, D), labels not of shape (N,).
    """

    def __init__(
        self,
        *,
        k: int = 1,
        metric: Metric = "l2",
        blocked: bool = True,
        block_bytes: int = BLOCK_BYTES,
    ) -> None:
        self.k = check_count(k, "k")
        self.metric = metric
        self.blocked = blocked
        self.block_bytes = block_bytes
        check_choice(metric, "metric", METRICS)

    def train(self, images: ArrayLike, labels: ArrayLike) -> Self:
        """Store images (N, D) and labels (N,)."""
        self.images = as_float_matrix(images, "images")
        self.labels = _one_label_each(labels, self.images)
        check_count(self.k, "k", maximum=len(self.images))
        return self

    def nearest(self, images: ArrayLike) -> IntArray:
        """Return the indices (M, k) of the training points nearest to images (M, D)."""
        if not hasattr(self, "images"):
            raise ValueError("train must come before predict, got no training data: call train")
        if self.blocked:
            return nearest_blocked(
                images, self.images, k=self.k, metric=self.metric, block_bytes=self.block_bytes
            )
        return k_smallest(distances_vectorized(images, self.images, metric=self.metric), self.k)

    def predict(self, images: ArrayLike) -> NDArray[Any]:
        """Return labels (M,) for images (M, D), in the dtype of the training labels."""
        nearest = self.nearest(images)
        return majority_vote(self.labels[nearest])


@dataclass(frozen=True)
class CrossValidation:
    """Accuracy of each (metric, k) on each fold, and the pair with the best mean."""

    accuracies: dict[tuple[Metric, int], tuple[float, ...]]

    @property
    def means(self) -> dict[tuple[Metric, int], float]:
        """Mean accuracy over the folds for each (metric, k)."""
        return {setting: float(np.mean(scores)) for setting, scores in self.accuracies.items()}

    @property
    def best(self) -> tuple[Metric, int]:
        """The (metric, k) with the highest mean; of equals, the one that was listed first."""
        means = self.means
        return max(means, key=lambda setting: means[setting])


def cross_validate(
    images: ArrayLike,
    labels: ArrayLike,
    *,
    ks: Sequence[int],
    metrics: Sequence[Metric] = METRICS,
    folds: int = 5,
    rng: np.random.Generator | None = None,
) -> CrossValidation:
    """Score every metric and k by `folds`-fold cross-validation on images (N, D) (s.30-32).

    The neighbours are found once for the largest k; a smaller k uses the first of them.
    """
    if not ks or not metrics:
        raise ValueError(f"ks and metrics must not be empty, got {ks} and {metrics}: list some")
    for k in ks:
        check_count(k, "k")
    data = as_float_matrix(images, "images")
    truth = _one_label_each(labels, data)
    scores: dict[tuple[Metric, int], list[float]] = {(m, k): [] for m in metrics for k in ks}
    for fold in k_fold(len(data), folds, rng=rng):
        for metric in metrics:
            model = KNearestNeighbors(k=max(ks), metric=metric)
            model.train(data[fold.train], truth[fold.train])
            votes = truth[fold.train][model.nearest(data[fold.validation])]
            for k in ks:
                right = majority_vote(votes[:, :k]) == truth[fold.validation]
                scores[metric, k].append(float(np.mean(right)))
    return CrossValidation({setting: tuple(values) for setting, values in scores.items()})


def _points(queries: ArrayLike, train: ArrayLike, metric: str) -> tuple[FloatArray, FloatArray]:
    check_choice(metric, "metric", METRICS)
    b = as_float_matrix(train, "train")
    return as_float_matrix(queries, "queries", columns=b.shape[1]), b


def _one_label_each(labels: ArrayLike, images: FloatArray) -> NDArray[Any]:
    array = np.asarray(labels)
    if array.shape != (len(images),):
        raise ValueError(
            f"labels must have shape ({len(images)},), one for each image, got {array.shape}: "
            "flatten a column with labels.ravel()"
        )
    return array


def _squared_norms(points: FloatArray) -> FloatArray:
    # einsum sums the squares without an array of them.
    norms: FloatArray = np.einsum("nd,nd->n", points, points)
    return norms


def _block(a: FloatArray, b: FloatArray, b_norms: FloatArray | None) -> FloatArray:
    """Return the distances of one block: L2 with the squared norms of b, L1 without."""
    return _l1_block(a, b) if b_norms is None else _l2_block(a, b, b_norms)


def _l2_block(a: FloatArray, b: FloatArray, b_norms: FloatArray) -> FloatArray:
    distances: FloatArray = a @ b.T
    distances *= -2
    distances += _squared_norms(a)[:, None]
    distances += b_norms
    # Rounding can leave a small negative number where a and b coincide.
    np.maximum(distances, 0, out=distances)
    return np.sqrt(distances, out=distances)


def _l1_block(a: FloatArray, b: FloatArray) -> FloatArray:
    distances = np.empty((len(a), len(b)), np.result_type(a, b))
    pairs = max(1, L1_TILE_BYTES // (distances.itemsize * a.shape[1]))
    columns = min(len(b), pairs)
    for i in _slices(len(a), max(1, pairs // columns)):
        for j in _slices(len(b), columns):
            difference = a[i, None, :] - b[None, j, :]
            np.abs(difference, out=difference)
            difference.sum(axis=2, out=distances[i, j])
    return distances


def _block_shape(a: FloatArray, b: FloatArray, block_bytes: int) -> tuple[int, int]:
    """Return how many queries and training points make a block of distances of `block_bytes`."""
    check_count(block_bytes, "block_bytes")
    pairs = max(1, block_bytes // np.result_type(a, b).itemsize)
    columns = min(len(b), pairs)
    return max(1, pairs // columns), columns


def _slices(length: int, step: int) -> Iterator[slice]:
    for start in range(0, length, step):
        yield slice(start, min(start + step, length))
