"""Hypothesis strategies for what the course's functions take, edge cases drawn on purpose.

Each draws a few integers and builds its arrays from a seed, so an example costs well under a
millisecond. A failing example shrinks to the smallest sizes, to the plain case and to whole
numbers. All values are bounded: entries lie within [-4, 4] unless the edge says otherwise.

With `ties=False` no two scores are equal and no margin is 0 but by a rounding accident: for
comparing gradients, which are a matter of convention there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from autograder.checks.drawing import (
    Drawn,
    FloatArray,
    IntArray,
    Values,
    edge_case,
    generator,
    sizes,
)
from autograder.checks.graph_strategies import (
    Graph,
    OptimizerRun,
    graphs,
    optimizer_runs,
)
from autograder.checks.image_strategies import (
    ConvSetting,
    PoolSetting,
    conv_settings,
    images,
    pool_settings,
)

__all__ = [
    "Batch",
    "ConvSetting",
    "Graph",
    "Neighbors",
    "OptimizerRun",
    "PoolSetting",
    "ScoreTable",
    "batches",
    "conv_settings",
    "feature_matrices",
    "graphs",
    "images",
    "labels",
    "neighbor_sets",
    "optimizer_runs",
    "other_forms",
    "pool_settings",
    "score_tables",
]


@dataclass(frozen=True, eq=False, repr=False)
class Batch(Drawn):
    """A linear classifier's input: `X` (N, D), labels `y` (N,) below C, weights `W` (D, C)."""

    X: FloatArray
    y: IntArray
    W: FloatArray
    reg: float
    edge: str

    @property
    def sizes(self) -> dict[str, int]:
        """N, D and C, for the messages of `check_value`."""
        return {"N": len(self.X), "D": self.X.shape[1], "C": self.W.shape[1]}


@dataclass(frozen=True, eq=False, repr=False)
class ScoreTable(Drawn):
    """Scores (N, C) of N samples and their labels (N,)."""

    scores: FloatArray
    y: IntArray
    edge: str


@dataclass(frozen=True, eq=False, repr=False)
class Neighbors(Drawn):
    """Training points (N, D) with labels (N,), points to label (M, D), and a k up to N."""

    X_train: FloatArray
    y_train: IntArray
    X_test: FloatArray
    k: int
    edge: str


@st.composite
def labels(draw: st.DrawFn, *, samples: int, classes: int) -> IntArray:
    """Labels (N,) from 0 to C - 1: drawn freely, all of one class, or each class in turn."""
    edge = draw(st.sampled_from(("any", "one class", "in turn")))
    rng = generator(draw)
    if edge == "one class":
        return np.full(samples, rng.integers(0, classes))
    if edge == "in turn":
        return np.arange(samples) % classes
    return rng.integers(0, classes, size=samples)


BATCH_EDGES = (
    "plain",
    "one class",
    "zero weights",
    "equal samples",
    "equal classes",
    "constant feature",
    "huge scores",
)
_BATCH_TIES = {"zero weights", "equal classes"}


@st.composite
def batches(
    draw: st.DrawFn,
    *,
    max_samples: int = 6,
    max_features: int = 5,
    max_classes: int = 5,
    ties: bool = True,
    edges: Sequence[str] | None = None,
    reg: Sequence[float] = (0.0, 0.5),
) -> Batch:
    """A `Batch`; N and D may be 1, C too where `max_classes` is 1, else C is at least 2.

    Edges: all labels of one class, zero weights, equal samples, equal columns of W, a constant
    feature, and scores of some thousands (their exponentials overflow).
    """
    known = BATCH_EDGES if ties else tuple(e for e in BATCH_EDGES if e not in _BATCH_TIES)
    edge = edge_case(draw, edges, known)
    samples, features, classes, strength = sizes(
        draw,
        (1, max_samples),
        (1, max_features),
        (min(2, max_classes), max_classes),
        (0, len(reg) - 1),
    )
    values = Values(draw, ties=ties)
    X, W = values.array(samples, features), values.array(features, classes)
    y = values.labels(samples, classes)
    _batch_edge(X, y, W, edge)
    if not ties and has_ties(X @ W, y):
        X, W = values.spread(samples, features), values.spread(features, classes)
        _batch_edge(X, y, W, edge)
    return Batch(X, y, W, reg[strength], edge)


def _batch_edge(X: FloatArray, y: IntArray, W: FloatArray, edge: str) -> None:
    if edge == "one class":
        y[:] = y[0]
    elif edge == "zero weights":
        W[:] = 0.0
    elif edge == "equal samples":
        X[:] = X[0]
    elif edge == "equal classes":
        W[:] = W[:, :1]
    elif edge == "constant feature":
        X[:, -1] = 1.0
    elif edge == "huge scores":
        W *= 1000.0


def has_ties(scores: FloatArray, y: IntArray) -> bool:
    """Whether two scores of a row are (nearly) equal, or a margin with delta 1 is 0."""
    margins = scores - scores[np.arange(len(scores)), y][:, None] + 1.0
    gaps = np.diff(np.sort(scores, axis=1), axis=1)
    return bool(np.abs(margins).min() < 1e-6 or (gaps < 1e-6).any())


SCORE_EDGES = ("plain", "equal", "ties", "huge", "shifted", "separated", "tiny")
_SCORE_TIES = {"equal", "ties"}


@st.composite
def score_tables(
    draw: st.DrawFn,
    *,
    max_samples: int = 6,
    max_classes: int = 6,
    min_classes: int = 1,
    ties: bool = True,
    edges: Sequence[str] | None = None,
) -> ScoreTable:
    """A `ScoreTable`; N may be 1, and C too (unless `min_classes` is more).

    Edges: all scores of a row equal, ties for the highest, scores of some thousands, a row far
    from 0, the true class far ahead, differences near 1e-6.
    """
    known = SCORE_EDGES if ties else tuple(e for e in SCORE_EDGES if e not in _SCORE_TIES)
    edge = edge_case(draw, edges, known)
    samples, classes = sizes(draw, (1, max_samples), (min_classes, max_classes))
    values = Values(draw, ties=ties)
    scores, y = values.array(samples, classes), values.labels(samples, classes)
    if not ties and has_ties(scores, y):
        scores = values.spread(samples, classes)
    if edge == "equal":
        scores[:] = scores[:, :1]
    elif edge == "ties":
        scores[:, -1] = scores.max(axis=1)
        scores[:, 0] = scores.max(axis=1)
    elif edge == "huge":
        scores *= 1000.0
    elif edge == "shifted":
        scores += 1000.0 * values.rng.choice((-1.0, 1.0), size=(samples, 1))
    elif edge == "separated":
        scores[np.arange(samples), y] += 50.0
    elif edge == "tiny":
        scores *= 1e-6
    return ScoreTable(scores, y, edge)


FEATURE_EDGES = ("plain", "zero variance", "equal rows", "large mean", "large scale")


@st.composite
def feature_matrices(
    draw: st.DrawFn,
    *,
    max_samples: int = 8,
    max_features: int = 5,
    min_samples: int = 1,
    edges: Sequence[str] | None = None,
) -> FloatArray:
    """A matrix (N, D), for normalization and preprocessing.

    Edges: a column without variance, equal rows, a mean of 100, columns of very different scale.
    """
    edge = edge_case(draw, edges, FEATURE_EDGES)
    samples, features = sizes(draw, (min_samples, max_samples), (1, max_features))
    X = Values(draw).array(samples, features)
    if edge == "zero variance":
        X[:, 0] = X[0, 0]
    elif edge == "equal rows":
        X[:] = X[0]
    elif edge == "large mean":
        X += 100.0
    elif edge == "large scale":
        X *= 10.0 ** (np.arange(features) % 4)
    return X


NEIGHBOR_EDGES = ("plain", "a test point among them", "equal distances", "duplicates", "one class")


@st.composite
def neighbor_sets(
    draw: st.DrawFn,
    *,
    max_train: int = 8,
    max_test: int = 4,
    max_features: int = 4,
    max_classes: int = 4,
    edges: Sequence[str] | None = None,
) -> Neighbors:
    """`Neighbors` of whole numbers, whose squared distances are exact in every float type.

    Edges: a test point that is a training point, training points at equal distances, duplicate
    training points with other labels, one class.
    """
    edge = edge_case(draw, edges, NEIGHBOR_EDGES)
    train, test, features, classes = sizes(
        draw, (1, max_train), (1, max_test), (1, max_features), (1, max_classes)
    )
    rng = generator(draw)
    k = int(rng.integers(1, train + 1))
    X_train = rng.integers(-9, 10, size=(train, features)).astype(np.float64)
    X_test = rng.integers(-9, 10, size=(test, features)).astype(np.float64)
    y_train = rng.integers(0, classes, size=train)
    if edge == "a test point among them":
        X_test[0] = X_train[-1]
    elif edge == "equal distances":
        X_test[:] = 0.0
        X_train[:] = np.abs(X_train[0]) * rng.choice((-1.0, 1.0), size=X_train.shape)
    elif edge == "duplicates":
        X_train[train // 2 :] = X_train[0]
    elif edge == "one class":
        y_train[:] = y_train[0]
    return Neighbors(X_train, y_train, X_test, k, edge)


KINDS = ("ints", "float32", "list", "strided", "column order")


@st.composite
def other_forms(draw: st.DrawFn, values: FloatArray) -> Any:
    """The same whole numbers in another form that a caller may use.

    Integers, float32, nested lists, every second row of a larger array, column-major memory.
    `values` is rounded to whole numbers, which every one of these forms holds exactly.
    """
    kind = edge_case(draw, None, KINDS)
    whole = np.rint(values)
    if kind == "ints":
        return whole.astype(np.int64)
    if kind == "float32":
        return whole.astype(np.float32)
    if kind == "list":
        return whole.tolist()
    return np.repeat(whole, 2, axis=0)[::2] if kind == "strided" else np.asfortranarray(whole)
