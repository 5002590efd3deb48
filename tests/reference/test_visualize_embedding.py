"""t-SNE of codes, and its grid of images."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.manifold import TSNE

from reference.visualize import grid_layout, tsne


@pytest.fixture(scope="module")
def groups():
    """Forty codes of eight numbers in two groups far apart."""
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1], 20)
    return rng.normal(size=(40, 8)) + 30 * labels[:, None], labels


@pytest.fixture(scope="module")
def places(groups):
    return tsne(groups[0], perplexity=5, rng=np.random.default_rng(0))


def test_neighbours_among_the_codes_are_neighbours_in_the_plane(groups, places):
    distances = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    assert places.shape == (40, 2)
    assert np.array_equal(groups[1][distances.argmin(axis=1)], groups[1])


def test_the_embedding_is_scikit_learns_and_repeats_with_its_seed(groups, places):
    seed = int(np.random.default_rng(0).integers(2**31))
    model = TSNE(perplexity=5, init="pca", random_state=seed)
    assert np.allclose(places, model.fit_transform(groups[0]))


def test_a_perplexity_out_of_range_is_refused(groups):
    with pytest.raises(ValueError, match="below the number of codes, 40, got 40"):
        tsne(groups[0], perplexity=40, rng=np.random.default_rng(0))


def test_points_on_a_grid_keep_their_places_with_the_highest_in_row_zero():
    rng = np.random.default_rng(0)
    row, column = np.divmod(rng.permutation(20), 5)
    points = np.stack([column, -row], axis=1) + rng.uniform(-0.2, 0.2, (20, 2))
    cells = grid_layout(points, rows=4, columns=5)
    assert np.array_equal(cells, np.stack([row, column], axis=1))


@given(points=st.integers(1, 30), rows=st.integers(1, 6) | st.none(), seed=st.integers(0, 9))
def test_every_point_gets_a_cell_of_its_own(points, rows, seed):
    cells = grid_layout(np.random.default_rng(seed).normal(size=(points, 2)), rows=rows)
    assert len(np.unique(cells, axis=0)) == points
    side = int(np.ceil(np.sqrt(points)))
    assert cells.min() >= 0
    assert cells[:, 0].max() < (rows or side)
    if rows is None:
        assert cells[:, 1].max() < side


@given(seed=st.integers(0, 99))
def test_no_other_layout_is_nearer(seed):
    points = np.random.default_rng(seed).normal(size=(4, 2))
    low, high = points.min(axis=0), points.max(axis=0)
    unit = (points - low) / (high - low)

    def cost(cells):
        centres = np.array([[column, 1 - row] for row, column in cells])
        return np.square(unit - centres).sum()

    grid = [(0, 0), (0, 1), (1, 0), (1, 1)]
    best = min(cost(each) for each in permutations(grid))
    assert cost(grid_layout(points)) == pytest.approx(best)


def test_points_in_one_line_or_place_are_laid_out_too():
    assert len(np.unique(grid_layout(np.zeros((5, 2))), axis=0)) == 5
    assert grid_layout([[0, 0], [1, 0], [2, 0]], rows=1).tolist() == [[0, 0], [0, 1], [0, 2]]


def test_a_grid_that_is_too_small_is_refused():
    with pytest.raises(ValueError, match="5 points, got 2 x 2"):
        grid_layout(np.zeros((5, 2)), rows=2, columns=2)
