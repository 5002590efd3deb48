"""The fully connected layer and flattening, against torch and by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.layers import affine_backward, affine_forward, flatten_backward, flatten_forward

SEEDS = st.integers(0, 2**32 - 1)
SIZES = st.integers(1, 6)


@settings(deadline=None, max_examples=50)
@given(n=SIZES, d=SIZES, m=SIZES, has_bias=st.booleans(), seed=SEEDS)
def test_affine_equals_torch(equals_torch, n, d, m, has_bias, seed):
    rng = np.random.default_rng(seed)
    arrays = [rng.standard_normal((n, d)), rng.standard_normal((d, m))]
    if has_bias:
        arrays.append(rng.standard_normal(m))

    def torch_affine(x, weight, bias=None):
        return x @ weight if bias is None else x @ weight + bias

    equals_torch(affine_forward, affine_backward, torch_affine, arrays, rng)


def test_scores_of_the_slides_are_minus_96_8_and_437_9_and_60_75():
    w = np.array([[0.2, -0.5, 0.1, 2.0], [1.5, 1.3, 2.1, 0.0], [0.0, 0.25, 0.2, -0.3]])
    x, b = np.array([[56.0, 231.0, 24.0, 2.0]]), np.array([1.1, 3.2, -1.2])
    scores, _ = affine_forward(x, w.T, b)
    np.testing.assert_allclose(scores, [[-96.8, 437.9, 60.75]], rtol=1e-12)
    without_bias, _ = affine_forward(x, w.T)
    assert without_bias[0, 2] == pytest.approx(61.95)


def test_each_gradient_has_its_variables_shape():
    _, cache = affine_forward(np.ones((2, 3)), np.ones((3, 4)), np.ones(4))
    gradients = affine_backward(np.ones((2, 4)), cache)
    assert [gradient.shape for gradient in gradients] == [(2, 3), (3, 4), (4,)]


def test_a_layer_without_bias_has_no_gradient_for_one():
    _, cache = affine_forward(np.ones((2, 3)), np.ones((3, 4)))
    assert affine_backward(np.ones((2, 4)), cache).bias is None


@settings(deadline=None, max_examples=30)
@given(shape=st.lists(SIZES, min_size=2, max_size=4), seed=SEEDS)
def test_flattening_and_back_restores_the_images(shape, seed):
    x = np.random.default_rng(seed).standard_normal(shape)
    flat, cache = flatten_forward(x)
    assert flat.shape == (shape[0], x[0].size)
    np.testing.assert_array_equal(flatten_backward(flat, cache), x)


def test_flattening_puts_channels_slowest():
    x = np.arange(12.0).reshape(1, 3, 2, 2)
    assert flatten_forward(x)[0].tolist() == [list(range(12))]


@pytest.mark.parametrize(
    ("x", "weight", "bias", "message"),
    [
        (np.ones((2, 3)), np.ones((4, 3)), None, "one row for each of the 3 inputs"),
        (np.ones((2, 3)), np.ones((3, 4)), np.ones(3), r"bias must have shape \(4,\)"),
        (np.ones((2, 3, 1)), np.ones((3, 4)), None, r"x must have 2 axes \(N, D\)"),
        (np.full((2, 3), np.nan), np.ones((3, 4)), None, "x must be finite, got nan"),
        (np.ones((2, 3)), np.full((3, 4), np.inf), None, "weight must be finite, got inf"),
    ],
)
def test_wrong_arguments_are_refused(x, weight, bias, message):
    with pytest.raises(ValueError, match=message):
        affine_forward(x, weight, bias)


def test_an_upstream_gradient_of_another_shape_is_refused():
    _, cache = affine_forward(np.ones((2, 3)), np.ones((3, 4)))
    with pytest.raises(ValueError, match=r"dout must have the shape \(2, 4\) of the layer's out"):
        affine_backward(np.ones((2, 3)), cache)


def test_flattening_a_single_vector_is_refused():
    with pytest.raises(ValueError, match="must have a batch axis"):
        flatten_forward(np.ones(3))
