"""Training tasks: a draw from a data set of which the subject sees the training labels only.

Everything about a draw follows from its seed: the split, the order, the numbers of the classes
and the disguise. With a seed that nobody can foresee (the fixture `training_seed`) nothing that
was prepared for the published data fits the task.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checks.budget import Budget
from autograder.checks.datasets import Dataset, IntArray

Samples = NDArray[Any]


class Disguise(Enum):
    """What keeps prepared weights, and tables of known samples, from fitting the task."""

    NONE = "none"
    """Only the classes are numbered anew: a table of the known samples finds that out."""

    ROTATION = "rotation"
    """For linear and fully connected networks: the mean is taken off, the space of the D numbers
    is turned by a secret rotation, and each sample gets a factor of 0.9 to 1.1 and noise. Learning
    is as hard as before: gradient descent from weights drawn alike in every direction knows no
    axes."""

    IMAGE = "image"
    """For convolutional networks: one of the eight turns and flips of a square, an order of the
    colours, perhaps the negative, for all images alike, and noise for each."""


NOISE = 0.02
"""The noise of a disguise, standard deviation, where pixels are within [0, 1]."""


@dataclass(frozen=True, eq=False)
class Task:
    """One training task: what goes to the student's process, and the labels that do not.

    Class c of the data set has another number here.
    """

    X_train: Samples
    """(N, D), or (N, C, H, W) where `draw_task` was asked for images."""
    y_train: IntArray
    """(N,)."""
    X_test: Samples
    """(M, …), held out."""
    classes: int
    seed: int
    """To seed the student's training with, where it takes a seed. It tells nothing of the draw."""
    _y_test: IntArray
    device: str = "cpu"
    """Where to train: `cpu`, `cuda:0`, …"""
    budget: Budget | None = None
    """Of that device."""

    def accuracy(self, labels: NDArray[Any]) -> float:
        """The part of the held-out samples whose label is right; `labels` has the shape (M,)."""
        if labels.shape != self._y_test.shape:
            raise ValueError(f"labels must have the shape {self._y_test.shape}, not {labels.shape}")
        return float(np.mean(labels == self._y_test))

    def only(self, samples: int) -> Task:
        """The task of fitting a few training samples: the same ones are held out."""
        X, y = self.X_train[:samples], self.y_train[:samples]
        return replace(self, X_train=X, y_train=y, X_test=X, _y_test=y)

    def seen(self, most: int) -> Task:
        """The same task, judged on (at most so many of) its own training samples."""
        return replace(self, X_test=self.X_train[:most], _y_test=self.y_train[:most])

    def held_out(self, most: int) -> Task:
        """The same task, judged on (at most so many of) its held-out samples."""
        return replace(self, X_test=self.X_test[:most], _y_test=self._y_test[:most])

    def steps(self, batch_size: int) -> int:
        """How many steps with batches of this size the budget allows.

        Raises ValueError where the budget bounds neither steps nor epochs.
        """
        if self.budget is None:
            raise ValueError("the task has no budget; give check_training_accuracy one")
        return self.budget.most_steps(len(self.X_train), batch_size)


def draw_task(
    data: Dataset,
    seed: int,
    *,
    train: int | None = None,
    test: int | None = None,
    disguise: Disguise = Disguise.NONE,
    images: bool = False,
) -> Task:
    """A task from `data`: split, order, numbers of the classes and disguise from `seed`.

    `train` and `test` are numbers of samples; by default a fifth is held out and the rest is
    trained on. Samples are rows (N, D), or `images` (N, C, H, W); float64 where the data set holds
    float64, else float32. Raises ValueError where there are not as many samples, and for images of
    data that holds none.
    """
    count = len(data.X)
    held_out = count // 5 if test is None else test
    used = count - held_out if train is None else train
    if not (0 < held_out and 0 < used and held_out + used <= count):
        raise ValueError(
            f"train + test must be at most {count} samples of {data.name}, each above 0; "
            f"not {used} + {held_out}"
        )
    if (images or disguise is Disguise.IMAGE) and not data.shape:
        raise ValueError(f"{data.name} holds no images; give a Dataset with a shape (C, H, W)")
    rng = np.random.default_rng([seed, count])
    order = rng.permutation(count)[: held_out + used]
    y = rng.permutation(data.classes)[data.y[order]]
    given_seed = int(rng.integers(2**31))
    X = _DISGUISES[disguise](_within_unit(data.X[order]), data, rng)
    if images:
        X = X.reshape(-1, *data.shape)
    return Task(
        X_train=X[held_out:],
        y_train=y[held_out:],
        X_test=X[:held_out],
        classes=data.classes,
        seed=given_seed,
        _y_test=y[:held_out],
    )


def _within_unit(X: Samples) -> Samples:
    return X.astype(np.float32) / np.float32(255) if X.dtype == np.uint8 else X


def _as_it_is(X: Samples, data: Dataset, rng: np.random.Generator) -> Samples:
    return X


def _rotated(X: Samples, data: Dataset, rng: np.random.Generator) -> Samples:
    mean = X.mean(axis=0)
    normal = rng.normal(size=(X.shape[1], X.shape[1]))
    basis, triangle = np.linalg.qr(normal)
    # Uniform over all rotations (Mezzadri, 2007): the signs of QR are otherwise the library's.
    rotation = (basis * np.sign(np.diagonal(triangle))).astype(X.dtype)
    factors = rng.uniform(0.9, 1.1, size=(len(X), 1)).astype(X.dtype)
    rotated: Samples = (X - mean + _noise(X, rng)) * factors @ rotation
    return rotated


def _mirrored(X: Samples, data: Dataset, rng: np.random.Generator) -> Samples:
    colours, height, width = data.shape
    images = X.reshape(-1, colours, height, width)[:, rng.permutation(colours)]
    turns = rng.integers(4) if height == width else 2 * rng.integers(2)
    images = np.rot90(images, int(turns), axes=(2, 3))
    if rng.integers(2):
        images = images[..., ::-1]
    if rng.integers(2):
        images = 1 - images
    rows = np.ascontiguousarray(images).reshape(X.shape)
    return rows + _noise(X, rng)


def _noise(X: Samples, rng: np.random.Generator) -> Samples:
    return (NOISE * rng.standard_normal(X.shape)).astype(X.dtype)


_DISGUISES: dict[Disguise, Callable[[Samples, Dataset, np.random.Generator], Samples]] = {
    Disguise.NONE: _as_it_is,
    Disguise.ROTATION: _rotated,
    Disguise.IMAGE: _mirrored,
}
