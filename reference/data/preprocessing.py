"""Preprocessing, fitted on the training set and applied to every set (slides s.37, 70, 176-178).

Each class is made by `fit(train)`, holds what it learned, and `transform`s any set with it: the
validation and test sets never contribute to a statistic. Statistics are taken over axis 0, the
examples, so that they work on rows (N, D) and on images (N, C, H, W) alike.
"""

from dataclasses import dataclass
from typing import Literal, Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reference.arrays import (
    FloatArray,
    as_float_array,
    as_float_matrix,
    check_choice,
    check_count,
    check_positive,
)

WhiteningKind: TypeAlias = Literal["pca", "zca"]


def unit_range(images: NDArray[np.uint8], *, dtype: type[np.floating] = np.float64) -> FloatArray:
    """Return pixels 0 to 255 as numbers in [0, 1] (s.37).

    Raises ValueError: not uint8, where dividing again would leave pixels in [0, 1/255].
    """
    if images.dtype != np.uint8:
        raise ValueError(f"images must be uint8 pixels, got {images.dtype}: scale them only once")
    scaled: FloatArray = images.astype(dtype) / dtype(255)
    return scaled


def flatten(images: ArrayLike) -> FloatArray:
    """Return images (N, ...) as rows (N, D)."""
    array = as_float_array(images, "images")
    return array.reshape(len(array), -1)


def append_ones(X: ArrayLike) -> FloatArray:
    """Return X (N, D) with a column of ones, (N, D + 1): the bias becomes W's last row (s.70)."""
    rows = as_float_matrix(X, "X")
    return np.hstack([rows, np.ones((len(rows), 1), rows.dtype)])


@dataclass(frozen=True)
class Centering:
    """X - mean, the mean image of the training set: (32, 32, 3) for AlexNet on CIFAR (s.178)."""

    mean: FloatArray

    @classmethod
    def fit(cls, train: ArrayLike) -> Self:
        """Learn the mean over the examples; shape of one example."""
        return cls(_mean(as_float_array(train, "train"), axes=(0,)))

    def transform(self, X: ArrayLike) -> FloatArray:
        """Subtract the training mean."""
        return _examples(X, self.mean.shape) - self.mean


@dataclass(frozen=True)
class ChannelCentering:
    """X - mean of each channel: 3 numbers for colour images, as VGGNet does (s.178)."""

    mean: FloatArray
    channel_axis: int

    @classmethod
    def fit(cls, train: ArrayLike, *, channel_axis: int = 1) -> Self:
        """Learn one mean for each channel; `channel_axis` is 1 for (N, C, H, W), -1 for last."""
        array = as_float_array(train, "train", ndim=4)
        if channel_axis not in (1, 3, -1):
            raise ValueError(f"channel_axis must be 1, 3 or -1, got {channel_axis}: see the shape")
        axis = channel_axis % 4
        return cls(_mean(array, axes=tuple(i for i in range(4) if i != axis)), axis)

    def transform(self, X: ArrayLike) -> FloatArray:
        """Subtract the training mean of each channel."""
        images = as_float_array(X, "X", ndim=4)
        if images.shape[self.channel_axis] != len(self.mean):
            raise ValueError(
                f"X must have {len(self.mean)} channels on axis {self.channel_axis}, got shape "
                f"{images.shape}: move the channels or fit again"
            )
        shape = [1, 1, 1, 1]
        shape[self.channel_axis] = -1
        return images - self.mean.reshape(shape).astype(images.dtype)


@dataclass(frozen=True)
class Standardization:
    """(X - mean) / std for each feature (s.176, s.189).

    A feature that is constant on the training set has std 0 and is only centred.
    """

    mean: FloatArray
    std: FloatArray

    @classmethod
    def fit(cls, train: ArrayLike) -> Self:
        """Learn mean and standard deviation (divided by N) over the examples."""
        array = as_float_array(train, "train")
        std = np.std(array, axis=0, dtype=np.float64).astype(array.dtype)
        # A spread below rounding of the values themselves is a constant, not a signal.
        floor = 8 * np.finfo(array.dtype).eps * np.abs(array).max(axis=0)
        return cls(_mean(array, axes=(0,)), np.where(std > floor, std, array.dtype.type(1)))

    def transform(self, X: ArrayLike) -> FloatArray:
        """Subtract the training mean and divide by the training standard deviation."""
        standardized: FloatArray = (_examples(X, self.mean.shape) - self.mean) / self.std
        return standardized


@dataclass(frozen=True)
class Decorrelation:
    """(X - mean) U: principal components, whose covariance is diagonal (s.177).

    U (D, K) holds the eigenvectors of the training covariance X^T X / N, largest variance first;
    `variances` (K,) are the eigenvalues.
    """

    mean: FloatArray
    components: FloatArray
    variances: FloatArray

    @classmethod
    def fit(cls, train: ArrayLike, *, keep: int | None = None) -> Self:
        """Learn the mean and the `keep` directions of largest variance (all D without it)."""
        rows = as_float_matrix(train, "train")
        kept = check_count(rows.shape[1] if keep is None else keep, "keep", maximum=rows.shape[1])
        mean = _mean(rows, axes=(0,))
        centred = rows - mean
        variances, vectors = np.linalg.eigh(centred.T @ centred / len(rows))
        largest_first = np.argsort(variances)[::-1][:kept]
        return cls(mean, vectors[:, largest_first], np.maximum(variances[largest_first], 0))

    def transform(self, X: ArrayLike) -> FloatArray:
        """Return the components (N, K) of X (N, D)."""
        components: FloatArray = (_examples(X, self.mean.shape) - self.mean) @ self.components
        return components

    def inverse(self, components: ArrayLike) -> FloatArray:
        """Return the X (N, D) nearest to the data with these components (N, K)."""
        rows = as_float_matrix(components, "components", columns=len(self.variances))
        restored: FloatArray = rows @ self.components.T + self.mean
        return restored


@dataclass(frozen=True)
class Whitening:
    """(X - mean) M, whose covariance is the identity (s.177).

    PCA whitening:  M = U diag(1 / sqrt(variance + eps))
    ZCA whitening:  M = U diag(1 / sqrt(variance + eps)) U^T, the nearest to the data: whitened
    images still look like images (Bell and Sejnowski, 1997).
    """

    mean: FloatArray
    matrix: FloatArray

    @classmethod
    def fit(cls, train: ArrayLike, *, kind: WhiteningKind = "zca", eps: float = 1e-5) -> Self:
        """Learn mean and matrix (D, D); eps keeps directions without variance from blowing up.

        Raises ValueError: eps = 0 with a direction that has no variance (fewer examples than
        features, a constant pixel).
        """
        check_choice(kind, "kind", ("pca", "zca"))
        check_positive(eps, "eps", zero=True)
        pca = Decorrelation.fit(train)
        rounding = np.finfo(pca.variances.dtype).eps * len(pca.variances)
        if eps == 0 and pca.variances[-1] <= rounding * pca.variances[0]:
            raise ValueError(
                "eps must be above 0 where a direction has no variance, got 0: pass eps=1e-5 or "
                "more training examples than features"
            )
        scaled = pca.components / np.sqrt(pca.variances + pca.variances.dtype.type(eps))
        return cls(pca.mean, scaled @ pca.components.T if kind == "zca" else scaled)

    def transform(self, X: ArrayLike) -> FloatArray:
        """Return whitened rows (N, D)."""
        whitened: FloatArray = (_examples(X, self.mean.shape) - self.mean) @ self.matrix
        return whitened


def _mean(array: FloatArray, *, axes: tuple[int, ...]) -> FloatArray:
    # Summed in float64: 50,000 float32 pixels of 255 would lose digits.
    return np.asarray(np.mean(array, axis=axes, dtype=np.float64)).astype(array.dtype)


def _examples(X: ArrayLike, shape: tuple[int, ...]) -> FloatArray:
    array = as_float_array(X, "X")
    if array.shape[1:] != shape:
        raise ValueError(
            f"X must have examples of the training set's shape {shape}, got {array.shape[1:]}: "
            "preprocess it as the training set was"
        )
    return array
