"""Fractional max pooling: its random grids, and values and gradients on a given grid."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.layers import (
    fractional_max_pool2d_average,
    fractional_max_pool2d_backward,
    fractional_max_pool2d_forward,
    fractional_spans,
    max_pool2d_forward,
)

SEEDS = st.integers(0, 2**32 - 1)
FEW = st.integers(1, 3)
BOOLS = st.booleans()
KINDS = st.tuples(BOOLS, BOOLS)


@st.composite
def shrinkings(draw):
    size = draw(st.integers(1, 7))
    return size, draw(st.integers((size + 1) // 2, size))


@settings(deadline=None, max_examples=60)
@given(rows=shrinkings(), columns=shrinkings(), n=FEW, c=FEW, kinds=KINDS, seed=SEEDS)
def test_fractional_pooling_equals_torch_on_the_same_grid(
    equals_torch, rows, columns, n, c, kinds, seed
):
    rng = np.random.default_rng(seed)
    pseudorandom, overlapping = kinds
    out_size = rows[1], columns[1]
    grid = []

    def forward(x):
        out, cache = fractional_max_pool2d_forward(
            x, out_size, rng=rng, pseudorandom=pseudorandom, overlapping=overlapping
        )
        grid.append(cache)
        return out, cache

    def of_torch(x):
        row_spans, column_spans = (
            list(zip(spans.starts, spans.ends, strict=True))
            for spans in (grid[0].rows, grid[0].columns)
        )
        regions = [
            x[:, :, top:bottom, left:right].flatten(2).max(dim=2).values
            for top, bottom in row_spans
            for left, right in column_spans
        ]
        return torch.stack(regions, dim=2).reshape(*x.shape[:2], *out_size)

    x = rng.standard_normal((n, c, rows[0], columns[0]))
    equals_torch(forward, fractional_max_pool2d_backward, of_torch, [x], rng)


@settings(deadline=None, max_examples=80)
@given(shrinking=shrinkings(), pseudorandom=BOOLS, seed=SEEDS)
def test_regions_of_one_or_two_pixels_tile_the_axis(shrinking, pseudorandom, seed):
    size, places = shrinking
    rng = np.random.default_rng(seed)
    spans = fractional_spans(size, places, rng=rng, pseudorandom=pseudorandom)
    assert len(spans.starts) == places
    assert (spans.starts[0], spans.ends[-1]) == (0, size)
    np.testing.assert_array_equal(spans.starts[1:], spans.ends[:-1])
    assert set((spans.ends - spans.starts).tolist()) <= {1, 2}


@settings(deadline=None, max_examples=40)
@given(shrinking=shrinkings(), pseudorandom=BOOLS, seed=SEEDS)
def test_overlapping_regions_reach_one_pixel_further(shrinking, pseudorandom, seed):
    size, places = shrinking
    apart, over = (
        fractional_spans(
            size,
            places,
            rng=np.random.default_rng(seed),
            pseudorandom=pseudorandom,
            overlapping=overlapping,
        )
        for overlapping in (False, True)
    )
    np.testing.assert_array_equal(over.starts, apart.starts)
    np.testing.assert_array_equal(over.ends, np.minimum(apart.ends + 1, size))


def test_pseudorandom_regions_of_factor_one_and_a_half_alternate():
    for seed in range(20):
        spans = fractional_spans(30, 20, rng=np.random.default_rng(seed))
        lengths = spans.ends - spans.starts
        assert np.all(lengths[:-1] + lengths[1:] == 3)


def test_random_regions_need_not_alternate():
    seen = set()
    for seed in range(20):
        spans = fractional_spans(30, 20, rng=np.random.default_rng(seed), pseudorandom=False)
        lengths = spans.ends - spans.starts
        seen |= set((lengths[:-1] + lengths[1:]).tolist())
    assert seen == {2, 3, 4}


def test_all_four_region_shapes_1x1_1x2_2x1_2x2_occur():
    rng = np.random.default_rng(0)
    _, cache = fractional_max_pool2d_forward(np.zeros((1, 1, 15, 15)), 10, rng=rng)
    heights, widths = (set((s.ends - s.starts).tolist()) for s in (cache.rows, cache.columns))
    assert heights == widths == {1, 2}


def test_a_factor_of_2_is_ordinary_2x2_pooling(error):
    x = np.random.default_rng(1).standard_normal((2, 2, 8, 6))
    out, _ = fractional_max_pool2d_forward(x, (4, 3), rng=np.random.default_rng(2))
    assert error(out, max_pool2d_forward(x, 2)[0]) == 0


def test_a_factor_of_1_changes_nothing(error):
    x = np.random.default_rng(1).standard_normal((2, 2, 4, 4))
    assert error(fractional_max_pool2d_forward(x, 4, rng=np.random.default_rng(2))[0], x) == 0


def test_one_seed_gives_one_grid_and_the_next_draw_another():
    x = np.random.default_rng(3).standard_normal((1, 1, 15, 15))
    rng = np.random.default_rng(4)
    first, _ = fractional_max_pool2d_forward(x, 10, rng=rng)
    second, _ = fractional_max_pool2d_forward(x, 10, rng=rng)
    again, _ = fractional_max_pool2d_forward(x, 10, rng=np.random.default_rng(4))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, second)


def test_testing_averages_several_grids(error):
    x = np.random.default_rng(5).standard_normal((1, 2, 9, 9))
    rng = np.random.default_rng(6)
    three = [fractional_max_pool2d_forward(x, 6, rng=rng)[0] for _ in range(3)]
    average = fractional_max_pool2d_average(x, 6, grids=3, rng=np.random.default_rng(6))
    assert error(average, np.mean(three, axis=0)) < 1e-12


@pytest.mark.parametrize("out_size", [3, 8])
def test_a_factor_outside_1_to_2_is_refused(out_size):
    with pytest.raises(ValueError, match=f"between half the size and the size, got {out_size} for"):
        fractional_max_pool2d_forward(np.ones((1, 1, 7, 7)), out_size, rng=np.random.default_rng(0))


def test_averaging_no_grid_is_refused():
    with pytest.raises(ValueError, match="grids must be at least 1"):
        fractional_max_pool2d_average(
            np.ones((1, 1, 4, 4)), 3, grids=0, rng=np.random.default_rng(0)
        )
