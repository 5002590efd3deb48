"""Preprocessing: fitted on training data only, right statistics, sklearn, refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

from reference.data.preprocessing import (
    Centering,
    ChannelCentering,
    Decorrelation,
    Standardization,
    Whitening,
    append_ones,
    flatten,
    unit_range,
)

FITTED_ON_ROWS = [Centering, Standardization, Decorrelation, Whitening]


@pytest.fixture
def rows():
    rng = np.random.default_rng(0)
    return rng.normal(size=(60, 5)) @ rng.normal(size=(5, 5)) + rng.normal(size=5)


@pytest.fixture
def images():
    return np.random.default_rng(1).integers(0, 256, (20, 32, 32, 3), np.uint8)


def covariance(X):
    return X.T @ X / len(X)


def test_the_mean_image_is_32x32x3_and_the_channel_mean_is_3_numbers(images):
    """Slides s.178: AlexNet subtracts the one, VGGNet the other."""
    assert Centering.fit(images).mean.shape == (32, 32, 3)
    channels = ChannelCentering.fit(images, channel_axis=-1)
    assert channels.mean == pytest.approx(images.mean(axis=(0, 1, 2)))
    assert len(channels.mean) == 3


def test_channel_means_are_the_same_in_both_layouts(images):
    first = np.moveaxis(images, -1, 1)
    a = ChannelCentering.fit(first).transform(first)
    b = ChannelCentering.fit(images, channel_axis=-1).transform(images)
    assert np.allclose(np.moveaxis(a, 1, -1), b)
    assert a.mean(axis=(0, 2, 3)) == pytest.approx(0, abs=1e-12)


def test_the_bias_trick_makes_3072_features_3073(images):
    """Slides s.70: W is 10x3073 and X_test (3073, 10000)."""
    rows = append_ones(flatten(images))
    assert rows.shape == (20, 3073)
    assert (rows[:, -1] == 1).all()


def test_pixels_go_to_the_unit_range_once(images):
    scaled = unit_range(images, dtype=np.float32)
    assert scaled.dtype == np.float32
    assert scaled.max() <= 1
    assert scaled * 255 == pytest.approx(images)
    with pytest.raises(ValueError, match="scale them only once"):
        unit_range(scaled)


def test_standardized_data_have_mean_0_and_std_1_as_sklearns(rows):
    ours = Standardization.fit(rows).transform(rows)
    assert np.allclose(ours, StandardScaler().fit_transform(rows))


@pytest.mark.parametrize("value", [0.0, 0.1, 1e8])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_constant_feature_becomes_zero_and_not_nan(value, dtype):
    X = np.column_stack([np.full(7, value), np.arange(7)]).astype(dtype)
    scaled = Standardization.fit(X).transform(X)
    assert np.allclose(scaled[:, 0], 0, atol=1e-5)
    assert scaled[:, 1].std() == pytest.approx(1)


@given(examples=st.integers(3, 30), dim=st.integers(1, 6), seed=st.integers(0, 99))
def test_decorrelated_data_have_a_diagonal_covariance_sorted_by_variance(examples, dim, seed):
    X = np.random.default_rng(seed).normal(size=(examples, dim)) * 5 + 3
    pca = Decorrelation.fit(X)
    C = covariance(pca.transform(X))
    assert np.allclose(C, np.diag(pca.variances), atol=1e-9)
    assert (np.diff(pca.variances) <= 1e-12).all()
    assert np.allclose(pca.inverse(pca.transform(X)), X)


def test_components_agree_with_sklearns_up_to_sign(rows):
    ours = Decorrelation.fit(rows, keep=3)
    theirs = PCA(3).fit(rows)
    assert np.allclose(np.abs(ours.transform(rows)), np.abs(theirs.transform(rows)))
    assert ours.variances == pytest.approx(theirs.explained_variance_ * 59 / 60)


@pytest.mark.parametrize("kind", ["pca", "zca"])
def test_whitened_data_have_the_identity_as_covariance(rows, kind):
    white = Whitening.fit(rows, kind=kind, eps=0).transform(rows)
    assert np.allclose(covariance(white), np.eye(5), atol=1e-9)


def test_zca_is_symmetric_and_nearer_to_the_data_than_pca_whitening(rows):
    zca, pca = Whitening.fit(rows, eps=0), Whitening.fit(rows, kind="pca", eps=0)
    assert np.allclose(zca.matrix, zca.matrix.T)
    centred = rows - rows.mean(axis=0)
    distance = [np.linalg.norm(w.transform(rows) - centred) for w in (zca, pca)]
    assert distance[0] < distance[1]


@pytest.mark.parametrize("kind", FITTED_ON_ROWS)
def test_other_sets_are_moved_by_the_training_sets_statistics(kind, rows):
    fitted = kind.fit(rows[:40])
    before = fitted.transform(rows[40:41])
    together = fitted.transform(rows[40:])
    assert np.allclose(together[0], before[0])
    assert not np.allclose(together.mean(axis=0), 0, atol=1e-3)


@pytest.mark.parametrize("kind", FITTED_ON_ROWS)
def test_float32_data_stay_float32(kind, rows):
    X = rows.astype(np.float32)
    assert kind.fit(X).transform(X).dtype == np.float32


def test_the_float32_mean_of_many_pixels_keeps_its_digits():
    X = np.full((70_000, 1), 255.1, np.float32)
    assert Centering.fit(X).mean[0] == np.float32(255.1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Centering.fit(np.ones((3, 4))).transform(np.ones((3, 5))), r"shape \(4,\), got"),
        (lambda: ChannelCentering.fit(np.ones((2, 3))), "4 axes"),
        (lambda: ChannelCentering.fit(np.ones((2, 3, 4, 4)), channel_axis=0), "must be 1, 3 or -1"),
        (
            lambda: ChannelCentering.fit(np.ones((2, 3, 4, 4))).transform(np.ones((2, 4, 4, 3))),
            "3 channels on axis 1",
        ),
        (lambda: Decorrelation.fit(np.ones((3, 4)), keep=5), "keep must be at most 4"),
        (lambda: Whitening.fit(np.eye(3), eps=0), "eps must be above 0"),
        (lambda: Whitening.fit(np.eye(3), kind="lda"), "kind must be one of"),
        (lambda: Standardization.fit([[np.nan]]), "must be finite"),
    ],
)
def test_wrong_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
