"""Nearest neighbours: the slides' numbers, four equal ways, sklearn and scipy, the tie rule."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.spatial.distance import cdist
from sklearn.datasets import load_digits
from sklearn.neighbors import KNeighborsClassifier

from reference import neighbors
from reference.evaluation import accuracy
from reference.neighbors import (
    METRICS,
    KNearestNeighbors,
    cross_validate,
    distances_blocked,
    distances_one_loop,
    distances_two_loops,
    distances_vectorized,
    k_smallest,
    majority_vote,
    nearest_blocked,
)

WAYS = [distances_two_loops, distances_one_loop, distances_vectorized, distances_blocked]
SLIDE_TEST = np.array(
    [[56, 32, 10, 18], [90, 23, 128, 133], [24, 26, 178, 200], [2, 0, 255, 220]], np.uint8
)
SLIDE_TRAIN = np.array(
    [[10, 20, 24, 17], [8, 10, 89, 100], [12, 16, 178, 170], [4, 32, 233, 112]], np.uint8
)


@st.composite
def point_sets(draw, *, values=None):
    dim = draw(st.integers(1, 6), label="D")
    shapes = [(draw(st.integers(1, 9), label=name), dim) for name in ("M", "N")]
    seed = draw(st.integers(0, 2**16), label="seed")
    rng = np.random.default_rng(seed)
    if values is None:
        return tuple(rng.normal(size=shape) for shape in shapes)
    return tuple(rng.integers(0, values, size=shape) for shape in shapes)


@pytest.mark.parametrize("way", WAYS)
def test_the_slides_two_pictures_are_456_apart_in_l1_and_162_in_l2(way):
    query, train = SLIDE_TEST.reshape(1, -1), SLIDE_TRAIN.reshape(1, -1)
    assert way(query, train, metric="l1") == 456
    assert way(query, train, metric="l2") == pytest.approx(162.1111, abs=5e-5)


def test_subtracting_uint8_pictures_would_wrap_to_1128():
    assert np.sum(np.abs(SLIDE_TEST - SLIDE_TRAIN)) == 1128


@pytest.mark.parametrize("metric", METRICS)
@given(points=point_sets(values=256))
def test_on_pixels_the_four_ways_give_exactly_the_same_distances(metric, points):
    expected = distances_two_loops(*points, metric=metric)
    for way in WAYS[1:]:
        assert np.array_equal(way(*points, metric=metric), expected)


@pytest.mark.parametrize("way", WAYS)
@given(points=point_sets())
def test_distances_agree_with_scipy(way, points):
    assert np.allclose(way(*points, metric="l1"), cdist(*points, "cityblock"), rtol=1e-12)
    assert np.allclose(way(*points, metric="l2"), cdist(*points), rtol=1e-9, atol=1e-7)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("block_bytes", [1, 100, 1000])
@pytest.mark.parametrize("tile_bytes", [1, 300, 2**18])
def test_blocks_of_any_size_give_the_same_distances(monkeypatch, metric, block_bytes, tile_bytes):
    monkeypatch.setattr(neighbors, "L1_TILE_BYTES", tile_bytes)
    rng = np.random.default_rng(3)
    a, b = rng.integers(0, 9, (11, 5)), rng.integers(0, 9, (23, 5))
    blocked = distances_blocked(a, b, metric=metric, block_bytes=block_bytes)
    assert np.array_equal(blocked, distances_two_loops(a, b, metric=metric))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_points_that_coincide_are_about_0_apart_and_never_nan(dtype):
    points = (1e3 + np.random.default_rng(0).normal(size=(40, 30))).astype(dtype)
    distances = np.diag(distances_vectorized(points, points, metric="l2"))
    norm = np.linalg.norm(points, axis=1).max()
    assert (distances <= 4 * np.sqrt(np.finfo(dtype).eps) * norm).all()


def test_float32_points_give_float32_distances():
    a = np.ones((2, 3), np.float32)
    assert {way(a, a, metric=m).dtype for way in WAYS for m in METRICS} == {np.dtype(np.float32)}


@given(
    distances=hnp.arrays(np.float64, (4, 12), elements=st.integers(0, 5).map(float)),
    k=st.integers(1, 12),
)
def test_of_equal_distances_the_smaller_index_comes_first(distances, k):
    expected = [sorted(range(12), key=lambda j, row=row: (row[j], j))[:k] for row in distances]
    assert k_smallest(distances, k).tolist() == expected


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("block_bytes", [1, 200, 2**20])
@given(points=point_sets(values=3), data=st.data())
def test_blocked_neighbours_keep_the_tie_rule(metric, block_bytes, points, data):
    k = data.draw(st.integers(1, len(points[1])), label="k")
    expected = k_smallest(distances_vectorized(*points, metric=metric), k)
    found = nearest_blocked(*points, k=k, metric=metric, block_bytes=block_bytes)
    assert np.array_equal(found, expected)


def test_of_labels_with_the_most_votes_the_smallest_wins_and_the_dtype_is_kept():
    votes = np.array([[7, 3, 3, 7], [9, 9, 1, 2], [5, 4, 3, 2]], np.uint8)
    winners = majority_vote(votes)
    assert winners.tolist() == [3, 9, 2]
    assert winners.dtype == np.uint8


@pytest.mark.parametrize("k", [1, 3, 5])
@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("blocked", [True, False])
def test_predictions_on_digits_equal_sklearns(k, metric, blocked):
    images, labels = load_digits(return_X_y=True)
    ours = KNearestNeighbors(k=k, metric=metric, blocked=blocked).train(images[:500], labels[:500])
    theirs = KNeighborsClassifier(k, algorithm="brute", p=1 if metric == "l1" else 2)
    predicted = ours.predict(images[500:700])
    expected = theirs.fit(images[:500], labels[:500]).predict(images[500:700])
    # Pixels are small integers, so distances tie; sklearn promises no order then.
    exact = cdist(images[500:700], images[:500], "cityblock" if metric == "l1" else "euclidean")
    exact.sort(axis=1)
    clear = exact[:, k - 1] < exact[:, k]
    assert clear.mean() > 0.8
    assert np.array_equal(predicted[clear], expected[clear])
    assert predicted.dtype == labels.dtype


def test_one_neighbour_knows_its_training_set_and_five_need_not():
    images, labels = load_digits(return_X_y=True)
    images, labels = images[:300], labels[:300]
    assert accuracy(KNearestNeighbors(k=1).train(images, labels).predict(images), labels) == 1.0
    assert accuracy(KNearestNeighbors(k=5).train(images, labels).predict(images), labels) < 1.0


def test_cross_validation_scores_as_training_on_each_fold_would():
    images, labels = load_digits(return_X_y=True)
    images, labels = images[:120], labels[:120]
    result = cross_validate(images, labels, ks=[1, 3, 8], folds=4)
    validation, train = np.arange(30), np.arange(30, 120)
    for (metric, k), scores in result.accuracies.items():
        model = KNearestNeighbors(k=k, metric=metric).train(images[train], labels[train])
        assert scores[0] == accuracy(model.predict(images[validation]), labels[validation])
        assert len(scores) == 4
    assert result.means[result.best] == max(result.means.values())


def test_cross_validation_prefers_the_first_listed_of_equal_settings():
    images, labels = np.arange(8.0)[:, None], np.repeat([0, 1], 4)
    shuffled = np.random.default_rng(0).permutation(8)
    result = cross_validate(images[shuffled], labels[shuffled], ks=[1, 2], folds=2)
    assert result.means["l1", 1] == result.means["l2", 1]
    assert result.best[0] == "l1"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: distances_vectorized(np.ones((2, 3)), np.ones((2, 4)), metric="l2"), "4 columns"),
        (lambda: distances_vectorized(np.ones((2, 3)), np.ones(3), metric="l2"), "2 axes"),
        (lambda: distances_one_loop(np.ones((2, 3)), np.ones((2, 3)), metric="l3"), "one of 'l1'"),
        (lambda: distances_two_loops([[np.nan]], [[1.0]], metric="l1"), "must be finite"),
        (lambda: KNearestNeighbors(k=0), "k must be at least 1"),
        (lambda: KNearestNeighbors(k=3).train(np.ones((2, 2)), [0, 1]), "k must be at most 2"),
        (lambda: KNearestNeighbors().train(np.ones((2, 2)), [[0], [1]]), r"labels must have shape"),
        (lambda: KNearestNeighbors().predict(np.ones((2, 2))), "train must come before predict"),
        (lambda: k_smallest(np.ones((2, 3)), 4), "k must be at most 3"),
        (lambda: majority_vote(np.ones(3)), r"shape \(M, k\)"),
        (lambda: cross_validate(np.ones((4, 1)), np.ones(4), ks=[]), "must not be empty"),
        (lambda: cross_validate(np.ones((4, 1)), np.ones(4), ks=[4], folds=2), "k must be at most"),
        (lambda: cross_validate(np.ones((4, 1)), np.ones(3), ks=[1], folds=2), "one for each"),
    ],
)
def test_wrong_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
