"""Properties of centring, standardizing, decorrelating and whitening (s.70, s.176-178).

`transform(train, X)` is fitted to `train` (N, D) and applied to X (M, D).
"""

from __future__ import annotations

import numpy as np

from autograder.checks.compare import check_value
from autograder.checks.properties.own import Array, close, own, pattern
from autograder.checks.properties.registry import Cases, Function, course_property
from autograder.checks.strategies import feature_matrices

__all__ = [
    "a_constant_feature_becomes_0",
    "centred_training_data_have_mean_0",
    "centring_keeps_differences",
    "channel_means_are_taken_out",
    "decorrelated_data_have_a_diagonal_covariance",
    "decorrelating_turns_and_keeps_distances",
    "doing_it_twice_changes_nothing_more",
    "new_data_are_transformed_one_by_one",
    "standardized_training_data_have_deviation_1",
    "standardizing_ignores_the_unit",
    "the_bias_trick_appends_a_column_of_ones",
    "whitened_data_have_unit_covariance",
    "zca_whitening_keeps_whitened_data",
]

TRANSFORM = "transform(train (N, D), X (M, D)) -> (M, D)"
WHAT = "the transformed data"


def _data() -> Cases:
    def made(X: Array) -> tuple[Array, Array]:
        spread = np.array([[3.0], [-2.0], [-5.0], [6.0], [1.0]])
        return np.vstack([X, X[:1] + spread * np.arange(1, X.shape[1] + 1)]), X[::-1] + 1

    edges = ("plain", "equal rows", "large mean")
    return feature_matrices(max_samples=5, max_features=3, edges=edges).map(made)


def _cloud() -> Cases:
    """Training data whose covariance has full rank, and other data."""

    def made(X: Array) -> tuple[Array, Array]:
        count = X.shape[1]
        cross = np.vstack([np.diag(np.arange(3.0, 3.0 + 2 * count, 2)), np.full((1, count), 2.0)])
        return np.vstack([X[:2], cross, -cross]), X[::-1] + 1

    edges = ("plain", "equal rows")
    return feature_matrices(max_samples=4, max_features=3, edges=edges).map(made)


@course_property(needs=f"centring or standardizing: {TRANSFORM}", cases=_data, relates=False)
def centred_training_data_have_mean_0(transform: Function, train: Array, X: Array) -> None:
    """The mean of each feature over the transformed training data is 0."""
    got = own(transform(train, train), train.shape, what=WHAT)
    close(got.mean(axis=0), np.zeros(train.shape[1]), np.abs(train).max() + 1, what="the mean")


@course_property(needs=f"any {TRANSFORM}", cases=_data)
def new_data_are_transformed_one_by_one(transform: Function, train: Array, X: Array) -> None:
    """What becomes of an example depends on the training data, not on the others beside it."""
    together = own(transform(train, X), X.shape, what=WHAT)
    check_value(transform(train, X[:1]), together[:1], what=WHAT)


@course_property(needs=f"centring: {TRANSFORM}", cases=_data, relates=False)
def centring_keeps_differences(transform: Function, train: Array, X: Array) -> None:
    """Centring moves all examples by the same vector: their differences stay."""
    got = own(transform(train, X), X.shape, what=WHAT)
    size = np.abs(train).max() + np.abs(X).max()
    close(got - got[:1], X - X[:1], size, what=WHAT)


@course_property(needs=f"standardizing: {TRANSFORM}", cases=_data, relates=False)
def standardized_training_data_have_deviation_1(
    transform: Function, train: Array, X: Array
) -> None:
    """The standard deviation of each feature over the transformed training data is 1."""
    got = own(transform(train, train), train.shape, what=WHAT)
    ones = np.ones(train.shape[1])
    check_value(got.std(axis=0), ones, rtol=1e-3, what="the standard deviation")


@course_property(needs=f"standardizing: {TRANSFORM}", cases=_data)
def standardizing_ignores_the_unit(transform: Function, train: Array, X: Array) -> None:
    """Features in another unit and from another zero give (nearly) the same result."""
    before = own(transform(train, X), X.shape, what=WHAT)
    atol = 2e-3 * float(np.abs(before).max() + 1)
    check_value(transform(4 * train - 7, 4 * X - 7), before, what=WHAT, atol=atol)


@course_property(needs=f"standardizing: {TRANSFORM}", cases=_data, relates=False)
def a_constant_feature_becomes_0(transform: Function, train: Array, X: Array) -> None:
    """A feature without variance becomes 0 in the training data, not NaN."""
    constant = train.copy()
    constant[:, 0] = 3.0
    got = own(transform(constant, constant), train.shape, what=WHAT)
    check_value(got[:, 0], np.zeros(len(train)), what=WHAT)


@course_property(needs=f"centring or standardizing: {TRANSFORM}", cases=_data)
def doing_it_twice_changes_nothing_more(transform: Function, train: Array, X: Array) -> None:
    """Transforming the transformed training data again changes nothing."""
    once = own(transform(train, train), train.shape, what=WHAT)
    close(own(transform(once, once), train.shape), once, 10 * np.abs(train).max() + 1, what=WHAT)


@course_property(needs=f"decorrelating: {TRANSFORM}", cases=_cloud, relates=False)
def decorrelated_data_have_a_diagonal_covariance(
    transform: Function, train: Array, X: Array
) -> None:
    """The covariance of the decorrelated training data is diagonal, the largest variance first."""
    got = own(transform(train, train), train.shape, what=WHAT)
    covariance = got.T @ got / len(got)
    variances = np.sort(np.diagonal(covariance))[::-1]
    size = float(np.abs(covariance).max() + 1)
    close(covariance, np.diag(variances), size, what="the covariance")


@course_property(needs=f"decorrelating: {TRANSFORM}", cases=_cloud, relates=False)
def decorrelating_turns_and_keeps_distances(transform: Function, train: Array, X: Array) -> None:
    """Decorrelating turns the data about their mean: distances stay."""
    got = own(transform(train, X), X.shape, what=WHAT)
    before = ((X - X[:1]) ** 2).sum(axis=1)
    close(((got - got[:1]) ** 2).sum(axis=1), before, before.max() + 10, what="the distances")


@course_property(needs=f"whitening with a small eps: {TRANSFORM}", cases=_cloud, relates=False)
def whitened_data_have_unit_covariance(transform: Function, train: Array, X: Array) -> None:
    """The covariance of the whitened training data is the identity."""
    got = own(transform(train, train), train.shape, what=WHAT)
    unit = np.eye(train.shape[1])
    check_value(got.T @ got / len(got), unit, what="the covariance", rtol=1e-2, atol=1e-2)


@course_property(needs=f"ZCA whitening with a small eps: {TRANSFORM}", cases=_cloud)
def zca_whitening_keeps_whitened_data(transform: Function, train: Array, X: Array) -> None:
    """ZCA whitening leaves data that are white already as they are."""
    once = own(transform(train, train), train.shape, what=WHAT)
    atol = 2e-2 * float(np.abs(once).max() + 1)
    check_value(transform(once, once), once, what=WHAT, atol=atol)


@course_property(needs="append_ones(X (N, D)) -> (N, D + 1)", cases=_data, relates=False)
def the_bias_trick_appends_a_column_of_ones(append: Function, train: Array, X: Array) -> None:
    """With a 1 appended to each example, `X W` with the bias as last row of W is `X W + b`."""
    w, b = pattern((X.shape[1], 2), X.dtype, seed=3), pattern((1, 2), X.dtype, seed=4)
    more = own(append(X), (len(X), X.shape[1] + 1), what=WHAT)
    size = np.abs(X).max() * 10 + 10
    close(more @ np.vstack([w, b]), X @ w + b, size, what="the scores")


@course_property(
    needs="channel_centring(train (N, C, H, W), X) -> like X", cases=_data, relates=False
)
def channel_means_are_taken_out(transform: Function, train: Array, X: Array) -> None:
    """One mean for each channel: afterwards each channel of the training images has mean 0."""
    images = train[:, :, None, None] * np.array([[1.0, 2.0], [-1.0, 4.0]], X.dtype) + 3
    got = own(transform(images, images), images.shape, what=WHAT)
    moved = images - got
    channel = moved[:1, :, :1, :1]
    size = np.abs(images).max()
    close(moved, np.broadcast_to(channel, moved.shape), size, what="what was taken out")
    close(got.mean(axis=(0, 2, 3)), np.zeros(images.shape[1]), size, what="the mean")
