"""Global average, adaptive average and adaptive max pooling, against torch."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.layers import (
    adaptive_average_pool2d_backward,
    adaptive_average_pool2d_forward,
    adaptive_max_pool2d_backward,
    adaptive_max_pool2d_forward,
    adaptive_spans,
    affine_forward,
    average_pool2d_forward,
    global_average_pool_backward,
    global_average_pool_forward,
    max_pool2d_forward,
)

SEEDS = st.integers(0, 2**32 - 1)
FEW = st.integers(1, 3)
SIDES = st.tuples(st.integers(1, 9), st.integers(1, 9))


@settings(deadline=None, max_examples=30)
@given(n=FEW, c=FEW, size=SIDES, seed=SEEDS)
def test_global_average_pooling_equals_torch(equals_torch, n, c, size, seed):
    rng = np.random.default_rng(seed)
    equals_torch(
        global_average_pool_forward,
        global_average_pool_backward,
        lambda x: torch.nn.functional.adaptive_avg_pool2d(x, 1).flatten(1),
        [rng.standard_normal((n, c, *size))],
        rng,
    )


@settings(deadline=None, max_examples=60)
@given(n=FEW, c=FEW, size=SIDES, out_size=SIDES, seed=SEEDS)
def test_adaptive_average_pooling_equals_torch(equals_torch, n, c, size, out_size, seed):
    rng = np.random.default_rng(seed)
    equals_torch(
        lambda x: adaptive_average_pool2d_forward(x, out_size),
        adaptive_average_pool2d_backward,
        lambda x: torch.nn.functional.adaptive_avg_pool2d(x, out_size),
        [rng.standard_normal((n, c, *size))],
        rng,
    )


@settings(deadline=None, max_examples=60)
@given(n=FEW, c=FEW, size=SIDES, out_size=SIDES, seed=SEEDS)
def test_adaptive_max_pooling_equals_torch(equals_torch, n, c, size, out_size, seed):
    rng = np.random.default_rng(seed)
    equals_torch(
        lambda x: adaptive_max_pool2d_forward(x, out_size),
        adaptive_max_pool2d_backward,
        lambda x: torch.nn.functional.adaptive_max_pool2d(x, out_size),
        [rng.standard_normal((n, c, *size))],
        rng,
    )


def test_where_the_sizes_divide_adaptive_pooling_is_pooling_with_equal_windows(error):
    x = np.random.default_rng(0).standard_normal((2, 3, 6, 8))
    average, _ = adaptive_average_pool2d_forward(x, (3, 2))
    maximum, _ = adaptive_max_pool2d_forward(x, (3, 2))
    assert error(average, average_pool2d_forward(x, (2, 4))[0]) < 1e-12
    assert error(maximum, max_pool2d_forward(x, (2, 4))[0]) == 0


def test_7_pixels_in_3_places_overlap_by_one():
    spans = adaptive_spans(7, 3)
    pairs = list(zip(spans.starts.tolist(), spans.ends.tolist(), strict=True))
    assert pairs == [(0, 3), (2, 5), (4, 7)]


def test_the_gradient_of_a_tie_goes_to_the_first_pixel_of_the_region():
    _, cache = adaptive_max_pool2d_forward(np.ones((1, 1, 3, 3)), 2)
    dx = adaptive_max_pool2d_backward(np.ones((1, 1, 2, 2)), cache)
    assert dx[0, 0].tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 0]]


def test_classifying_after_global_average_pooling_is_averaging_the_scores_of_all_pixels(error):
    rng = np.random.default_rng(1)
    x, weight = rng.standard_normal((2, 5, 4, 4)), rng.standard_normal((5, 3))
    scores, _ = affine_forward(global_average_pool_forward(x)[0], weight)
    of_pixels, _ = affine_forward(x.transpose(0, 2, 3, 1).reshape(-1, 5), weight)
    assert error(scores, of_pixels.reshape(2, 16, 3).mean(axis=1)) < 1e-12


@pytest.mark.parametrize("forward", [adaptive_average_pool2d_forward, adaptive_max_pool2d_forward])
def test_wrong_arguments_are_refused(forward):
    with pytest.raises(ValueError, match="out_size must be at least 1"):
        forward(np.ones((1, 1, 3, 3)), 0)
    with pytest.raises(ValueError, match="x must have 4 axes"):
        forward(np.ones((3, 3)), 1)


def test_an_upstream_gradient_of_another_shape_is_refused():
    _, cache = global_average_pool_forward(np.ones((2, 3, 4, 4)))
    with pytest.raises(ValueError, match=r"dout must have the shape \(2, 3\)"):
        global_average_pool_backward(np.ones((2, 3, 1, 1)), cache)
