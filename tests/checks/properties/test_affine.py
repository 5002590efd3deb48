import numpy as np
import pytest

from reference.layers.affine import affine_forward, flatten_backward, flatten_forward


def forward(function):
    return (lambda x, w, b: function(x, w, b)[0],)


def backward(function):
    return (lambda dout, x, w, b: tuple(function(dout, affine_forward(x, w, b)[1])),)


def both(function):
    return (*forward(affine_forward), *backward(function))


def flattening(version):
    # No misconception of flattening is catalogued: the right one stands for the component's.
    return (flat,) if version is affine_forward else (version,)


def flat(x):
    return flatten_forward(x)[0]


def flattening_and_back(version):
    def back(dout, x):
        return flatten_backward(dout, flatten_forward(x)[1])

    return (flat, back) if version is affine_forward else (flat, version)


def channels_last(x):
    return np.moveaxis(x, 1, -1).reshape(len(x), -1)


def column_order(dout, x):
    return dout.reshape(x.shape, order="F")


def beside_the_first(x, w, b):
    return x @ w + b + x[0].sum(), None


def sizes_of_the_products(x, w, b):
    return np.abs(x) @ w + b, None


def bias_of_the_first_unit(x, w, b):
    return x @ w + b[0], None


TABLE = {
    "affine_is_linear_in_its_input": ("affine_forward", forward, sizes_of_the_products),
    "affine_of_no_input_is_the_bias": ("affine_forward", forward, "bias_forgotten"),
    "affine_with_unit_weights_adds_the_bias": (
        "affine_forward",
        forward,
        "bias_forgotten",
        "elementwise",
    ),
    "affine_takes_each_example_alone": ("affine_forward", forward, beside_the_first),
    "affine_moves_with_its_units": ("affine_forward", forward, bias_of_the_first_unit),
    "affine_backward_is_adjoint": (
        "affine_backward",
        both,
        "weight_gradient_transposed",
        "divided_by_n",
    ),
    "affine_bias_gradient_sums_the_batch": (
        "affine_backward",
        backward,
        "weight_gradient_transposed",
        "divided_by_n",
    ),
    "affine_gradients_add_over_the_batch": (
        "affine_backward",
        backward,
        "weight_gradient_transposed",
        "divided_by_n",
    ),
    "flatten_keeps_each_image_in_its_row": ("affine_forward", flattening, channels_last),
    "flatten_backward_undoes_it": ("affine_forward", flattening_and_back, column_order),
}


def test_the_right_version_satisfies_it(law, dtype, accepts):
    accepts(law, dtype)


@pytest.mark.slow
def test_the_right_version_satisfies_it_on_many_examples(law, dtype, accepts):
    accepts(law, dtype, examples=150)


@pytest.mark.slow
def test_another_style_satisfies_it(law, style, accepts):
    accepts(law, "float64", examples=30, style=style)


def test_wrong_versions_break_it(law, rejects):
    rejects(law)
