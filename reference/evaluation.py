"""How good predictions are: accuracy, confusion matrix, recall of each class."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reference.arrays import FloatArray, IntArray, check_count, check_labels


def accuracy(predicted: ArrayLike, labels: ArrayLike) -> float:
    """Return the fraction of examples whose predicted label is right: mean(predicted == labels).

    Both have shape (N,). A column of shape (N, 1) against (N,) would broadcast to (N, N) and give
    about 1/C even for perfect predictions, so it is refused (the trap of slides s.71).

    Raises ValueError: shapes that differ or are not (N,), or no examples.
    """
    guesses, truth = np.asarray(predicted), np.asarray(labels)
    if guesses.ndim != 1 or guesses.shape != truth.shape:
        raise ValueError(
            f"predicted and labels must both have shape (N,), got {guesses.shape} and "
            f"{truth.shape}: flatten a column with .ravel(), it would broadcast to (N, N)"
        )
    if guesses.size == 0:
        raise ValueError("accuracy needs at least one example, got none: check the split")
    return float(np.mean(guesses == truth))


def confusion_matrix(predicted: ArrayLike, labels: ArrayLike, *, classes: int) -> IntArray:
    """Return counts of shape (C, C): row = true class, column = predicted class.

    Raises ValueError: labels or predictions that are not integers of shape (N,) in [0, C).
    """
    count = check_count(classes, "classes")
    truth = check_labels(labels, examples=np.size(labels), classes=count)
    guesses = check_labels(predicted, examples=truth.size, classes=count)
    return np.bincount(truth * count + guesses, minlength=count * count).reshape(count, count)


def confusion_accuracy(confusion: NDArray[np.integer]) -> float:
    """Return trace / total of a confusion matrix (C, C): the accuracy it stands for."""
    return float(np.trace(confusion) / _examples(confusion))


def recall_per_class(confusion: NDArray[np.integer]) -> FloatArray:
    """Return, of shape (C,), the share of each true class found: diagonal over row sums.

    A class without examples has no recall and gets NaN.
    """
    _examples(confusion)
    rows = confusion.sum(axis=1).astype(np.float64)
    recall: FloatArray = np.full(len(rows), np.nan)
    np.divide(np.diag(confusion), rows, out=recall, where=rows > 0)
    return recall


def _examples(confusion: NDArray[np.integer]) -> int:
    if confusion.ndim != 2 or confusion.shape[0] != confusion.shape[1]:
        raise ValueError(f"a confusion matrix is square, got {confusion.shape}: count per class")
    total = int(confusion.sum())
    if total == 0:
        raise ValueError("a confusion matrix needs at least one example, got 0: count them first")
    return total
