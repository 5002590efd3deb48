"""A convolution as one sparse, shared matrix, and an affine layer as filters."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.layers import (
    affine_backward,
    affine_forward,
    affine_parameter_count,
    affine_weight_to_filters,
    conv2d_backward,
    conv2d_forward,
    convolution_matrix,
    convolution_parameter_count,
    filters_to_affine_weight,
    flatten_forward,
    output_size,
)

SEEDS = st.integers(0, 2**32 - 1)
FEW = st.integers(1, 3)


@settings(deadline=None, max_examples=60)
@given(data=st.data(), groups=FEW, c=FEW, f=FEW, seed=SEEDS)
def test_any_convolution_is_an_affine_layer_on_flat_images(
    error, convolution_windows, data, groups, c, f, seed
):
    drawn = data.draw(convolution_windows, label="windows")
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((2, groups * c, *drawn.image_size))
    w = rng.standard_normal((groups * f, c, *drawn.kernel))
    how = {**drawn.window, "groups": groups, "rounding": "floor"}
    out, cache = conv2d_forward(x, w, **how)
    matrix = convolution_matrix(w, x.shape[1:], **how)
    flat, affine_cache = affine_forward(flatten_forward(x)[0], matrix)
    assert error(out.reshape(2, -1), flat) < 1e-12

    dout = rng.standard_normal(out.shape)
    dx = affine_backward(dout.reshape(2, -1), affine_cache).x.reshape(x.shape)
    assert error(conv2d_backward(dout, cache).x, dx) < 1e-12


def test_the_matrix_is_sparse_and_shares_its_weights():
    w = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
    matrix = convolution_matrix(w, (1, 6, 6))
    assert matrix.shape == (36, 16)
    for column in matrix.T:
        assert sorted(column[column != 0]) == list(range(1, 10))


def test_a_large_vgg_head_is_4096_filters_of_7x7x512_with_the_same_parameters():
    as_affine = affine_parameter_count(7 * 7 * 512, 4096)
    assert as_affine == convolution_parameter_count(512, 4096, 7) == 102_764_544
    assert affine_parameter_count(4096, 1000) == convolution_parameter_count(4096, 1000, 1)


def test_384_pixels_make_12x12x512_and_then_6x6x1000_in_36_places():
    size = 384
    for _ in range(5):
        size = output_size(size, 2, stride=2)
    assert size == 12
    for kernel in (7, 1, 1):
        size = output_size(size, kernel)
        assert size == 6
    assert size**2 == 36


@settings(deadline=None, max_examples=20)
@given(shape=st.tuples(FEW, FEW, FEW), m=FEW, seed=SEEDS)
def test_weight_to_filters_and_back_is_the_same_weight(shape, m, seed):
    weight = np.random.default_rng(seed).standard_normal((int(np.prod(shape)), m))
    filters = affine_weight_to_filters(weight, shape)
    assert filters.shape == (m, *shape)
    np.testing.assert_array_equal(filters_to_affine_weight(filters), weight)


def test_a_weight_of_other_rows_is_refused():
    with pytest.raises(ValueError, match=r"C\*H\*W = 8 rows, got shape \(3, 8\)"):
        affine_weight_to_filters(np.ones((3, 8)), (2, 2, 2))


def test_filters_that_do_not_fit_the_image_are_refused():
    with pytest.raises(ValueError, match="depth 2 / 1 = 2"):
        convolution_matrix(np.ones((1, 3, 2, 2)), (2, 4, 4))
