"""Data to train on, of which the student's process sees the labels of the training part only."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Dataset:
    """Samples `X` (N, D), float64, and labels `y` (N,) from 0 to classes - 1."""

    name: str
    X: FloatArray
    y: IntArray

    @property
    def classes(self) -> int:
        """The number of classes."""
        return int(self.y.max()) + 1


@cache
def digits() -> Dataset:
    """The 1,797 handwritten digits of scikit-learn: 8x8 pixels as rows of 64, within [0, 1].

    Read from scikit-learn's own file without importing it (importing takes a second).
    """
    table = _digits_table()
    X, y = table[:, :-1] / 16.0, table[:, -1].astype(np.int64)
    X.setflags(write=False)
    y.setflags(write=False)
    return Dataset("digits", X, y)


def _digits_table() -> NDArray[Any]:
    package = find_spec("sklearn")
    for folder in package.submodule_search_locations or [] if package else []:
        path = Path(folder) / "datasets" / "data" / "digits.csv.gz"
        if path.is_file():
            rows = gzip.decompress(path.read_bytes()).split()
            values = b",".join(rows).split(b",")
            return np.array(values, dtype=np.float64).reshape(len(rows), -1)
    from sklearn.datasets import load_digits  # another layout of scikit-learn

    images, labels = load_digits(return_X_y=True)
    return np.column_stack([images, labels])


@dataclass(frozen=True, eq=False)
class Task:
    """One training task: what goes to the student's process, and the labels that do not.

    Class c of the data set is class `order[c]` here, so neither weights nor labels that come
    with a submission are of use.
    """

    X_train: FloatArray
    """(N, D)."""
    y_train: IntArray
    """(N,)."""
    X_test: FloatArray
    """(M, D), held out."""
    classes: int
    seed: int
    """To seed the student's training with, where it takes a seed."""
    _y_test: IntArray

    def accuracy(self, labels: NDArray[Any]) -> float:
        """The part of the held-out samples whose label is right; `labels` has the shape (M,)."""
        if labels.shape != self._y_test.shape:
            raise ValueError(f"labels must have the shape {self._y_test.shape}, not {labels.shape}")
        return float(np.mean(labels == self._y_test))

    def only(self, samples: int) -> Task:
        """The task of fitting a few training samples: the same ones are held out."""
        X, y = self.X_train[:samples], self.y_train[:samples]
        return Task(X, y, X, self.classes, self.seed, y)


def draw_task(
    data: Dataset, seed: int, *, train: int | None = None, test: int | None = None
) -> Task:
    """A task from `data`: split, order of the samples and numbers of the classes from `seed`.

    `train` and `test` are numbers of samples; by default a fifth is held out and the rest is
    trained on. Raises ValueError where there are not as many.
    """
    count = len(data.X)
    held_out = count // 5 if test is None else test
    used = count - held_out if train is None else train
    if not (0 < held_out and 0 < used and held_out + used <= count):
        raise ValueError(
            f"train + test must be at most {count} samples of {data.name}, each above 0; "
            f"not {used} + {held_out}"
        )
    rng = np.random.default_rng([seed, count])
    order = rng.permutation(count)
    numbers = rng.permutation(data.classes)[data.y]
    testing, training = order[:held_out], order[held_out : held_out + used]
    return Task(
        X_train=data.X[training],
        y_train=numbers[training],
        X_test=data.X[testing],
        classes=data.classes,
        seed=int(rng.integers(2**31)),
        _y_test=numbers[testing],
    )
