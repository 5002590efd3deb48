"""What every layer keeps to: dtypes, untouched inputs, checked upstream gradients, no NaN."""

import numpy as np
import pytest

from reference import layers

RNG = np.random.default_rng(0)


def layer(name, *arguments, **settings):
    """Name a layer and the arguments to call it with; the first is its input."""
    forward, backward = (
        getattr(layers, f"{name}_{direction}") for direction in ("forward", "backward")
    )
    return pytest.param(forward, backward, arguments, settings, id=name)


def normal(*shape):
    return RNG.standard_normal(shape)


IMAGES = normal(2, 4, 6, 6)
LAYERS = pytest.mark.parametrize(
    ("forward", "backward", "arguments", "settings"),
    [
        layer("affine", normal(3, 4), normal(4, 5), normal(5)),
        layer("flatten", IMAGES),
        layer("conv2d", IMAGES, normal(4, 2, 3, 3), normal(4), groups=2, padding=1),
        layer("conv2d_naive", IMAGES, normal(4, 2, 3, 3), normal(4), groups=2, padding=1),
        layer("conv_transpose2d", IMAGES, normal(4, 2, 3, 3), normal(4), groups=2, padding=1),
        layer("max_pool2d", IMAGES, 3, stride=1, padding=1),
        layer("average_pool2d", IMAGES, 3, stride=1, padding=1),
        layer("l2_pool2d", IMAGES, 3, stride=1, padding=1),
        layer("global_average_pool", IMAGES),
        layer("adaptive_average_pool2d", IMAGES, (4, 5)),
        layer("adaptive_max_pool2d", IMAGES, (4, 5)),
        layer("fractional_max_pool2d", IMAGES, (4, 5), rng=np.random.default_rng(1)),
        layer("local_response_norm", IMAGES, alpha=0.5),
    ],
)


def converted(arguments, dtype):
    return [a.astype(dtype) if isinstance(a, np.ndarray) else a for a in arguments]


def as_list(gradients):
    return [gradients] if isinstance(gradients, np.ndarray) else list(gradients)


@LAYERS
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_floating_dtypes_are_kept_forward_and_backward(
    forward, backward, arguments, settings, dtype
):
    out, cache = forward(*converted(arguments, dtype), **settings)
    assert out.dtype == dtype
    # A float64 upstream gradient is taken in the layer's own dtype.
    gradients = as_list(backward(np.ones(out.shape), cache))
    assert [gradient.dtype for gradient in gradients] == [dtype] * len(gradients)


@LAYERS
def test_integers_become_float64(forward, backward, arguments, settings):
    out, cache = forward(
        *converted([10 * np.asarray(arguments[0]), *arguments[1:]], int), **settings
    )
    assert out.dtype == np.float64
    gradients = as_list(backward(np.ones(out.shape, int), cache))
    assert all(gradient.dtype == np.float64 for gradient in gradients)


@LAYERS
def test_gradients_have_the_shapes_of_what_they_belong_to(forward, backward, arguments, settings):
    out, cache = forward(*arguments, **settings)
    gradients = as_list(backward(np.ones(out.shape), cache))
    arrays = [argument for argument in arguments if isinstance(argument, np.ndarray)]
    assert [gradient.shape for gradient in gradients] == [array.shape for array in arrays]


@LAYERS
def test_inputs_and_upstream_gradients_are_left_as_they_are(forward, backward, arguments, settings):
    given = converted(arguments, np.float64)
    out, cache = forward(*given, **settings)
    dout = np.random.default_rng(2).standard_normal(out.shape)
    kept = dout.copy()
    for gradient in as_list(backward(dout, cache)):
        if not np.may_share_memory(gradient, dout):  # flattening hands out a view
            gradient[...] = 7
    np.testing.assert_array_equal(dout, kept)
    for now, before in zip(given, arguments, strict=True):
        np.testing.assert_array_equal(now, before)


@LAYERS
def test_the_backward_pass_can_be_repeated(forward, backward, arguments, settings):
    out, cache = forward(*arguments, **settings)
    dout = np.random.default_rng(3).standard_normal(out.shape)
    once, again = (as_list(backward(dout, cache)) for _ in range(2))
    for first, second in zip(once, again, strict=True):
        np.testing.assert_array_equal(first, second)


@LAYERS
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_that_are_not_finite_are_refused(forward, backward, arguments, settings, value):
    x = arguments[0].copy()
    x.flat[1] = value
    with pytest.raises(ValueError, match=f"x must be finite, got {value}"):
        forward(x, *arguments[1:], **settings)
    out, cache = forward(*arguments, **settings)
    with pytest.raises(ValueError, match=f"dout must be finite, got {value}"):
        backward(np.full(out.shape, value), cache)


@LAYERS
def test_an_upstream_gradient_of_another_shape_is_refused(forward, backward, arguments, settings):
    out, cache = forward(*arguments, **settings)
    with pytest.raises(ValueError, match="dout must have the shape"):
        backward(np.ones((*out.shape, 1)), cache)


def test_every_layer_of_the_package_is_tested_here():
    tested = {parameters.id for parameters in LAYERS.args[1]}
    named = {name.removesuffix("_forward") for name in layers.__all__ if name.endswith("_forward")}
    # These four take one signal or image, not a batch, and share one backward pass.
    single = {"convolve1d", "convolve2d", "correlate1d", "correlate2d"}
    assert named - single == tested


def test_the_package_exports_what_it_names():
    assert all(hasattr(layers, name) for name in layers.__all__)
    assert len(set(layers.__all__)) == len(layers.__all__)
