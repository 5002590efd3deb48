import numpy as np
import pytest

from reference import activations as right


def alone(function):
    return (function,)


def output(forward):
    return (lambda *arguments: forward(*arguments)[0],)


def with_slope(forward):
    return (lambda x, slope: forward(x, slope=slope)[0],)


def with_alpha(forward):
    return (lambda x, alpha: forward(x, alpha=alpha)[0],)


def behind(forward, **constants):
    def adapt(backward):
        return (lambda dout, x: backward(dout, forward(x, **constants)[1]),)

    return adapt


def sigmoid_and_slope(backward):
    return right.sigmoid, *behind(right.sigmoid_forward)(backward)


def tanh_and_slope(backward):
    return np.tanh, *behind(right.tanh_forward)(backward)


def tanh_beside(sigmoid):
    return np.tanh, sigmoid


def leaky_backward(backward):
    def run(dout, x, slope):
        return backward(dout, right.leaky_relu_forward(x, slope=slope)[1])

    return (run,)


def prelu(backward):
    return (lambda dout, x, slope: tuple(backward(dout, right.prelu_forward(x, slope)[1])),)


def above_the_mean(x):
    # Cut off below the mean of the batch instead of below 0.
    return np.where(x > x.mean(), x, 0.0), None


def masked_by_product(dout, cache):
    # The mask is taken from dout * out, and dout is squared.
    return np.where(cache.out > 0, dout * np.abs(dout), 0.0)


TABLE = {
    "activation_takes_each_value_alone": ("relu_forward", output, above_the_mean),
    "relu_splits_its_input": ("relu_forward", output, "absolute", "minimum"),
    "relu_twice_is_relu_once": ("relu_forward", output, "step", "saturates"),
    "activation_gradient_is_linear_in_the_upstream": (
        "relu_backward",
        behind(right.relu_forward),
        "masked_by_upstream",
    ),
    "relu_gates_the_gradient": (
        "relu_backward",
        behind(right.relu_forward),
        "not_masked",
        "masked_by_upstream",
    ),
    "sigmoid_is_symmetric": ("sigmoid", alone, "tanh"),
    "sigmoid_lies_between_0_and_1": ("sigmoid", alone, "exponent_sign", "overflows"),
    "log_odds_of_the_sigmoid_are_its_input": ("sigmoid", alone, "exponent_sign", "tanh"),
    "sigmoid_slope_is_s_times_1_minus_s": (
        "sigmoid_backward",
        sigmoid_and_slope,
        "sigmoid_of_output",
        "from_pre_activation",
    ),
    "tanh_slope_is_1_minus_its_square": (
        "tanh_backward",
        tanh_and_slope,
        "square_missing",
        "sigmoid_derivative",
    ),
    "tanh_is_a_stretched_sigmoid": ("sigmoid", tanh_beside, "exponent_sign", "tanh"),
    "leaky_relu_has_two_slopes": ("leaky_relu_forward", with_slope, "slope_fixed", "not_leaky"),
    "leaky_relu_leaks_gradient": (
        "leaky_relu_backward",
        leaky_backward,
        "blocked",
        "slope_missing",
    ),
    "elu_grows_with_alpha_below_0": (
        "elu_forward",
        with_alpha,
        "alpha_ignored",
        "alpha_in_exponent",
    ),
    "elu_is_an_exponential_below_0": ("elu_forward", with_alpha, "one_not_subtracted"),
    "prelu_learns_from_negative_inputs_only": (
        "prelu_backward",
        prelu,
        "slope_gradient_everywhere",
        "slope_gradient_averaged",
    ),
    "maxout_is_the_largest_piece": ("maxout_forward", output, "pieces_summed"),
    "maxout_of_a_weight_and_its_negative_is_its_size": (
        "maxout_forward",
        output,
        "pieces_summed",
        "biases_missing",
    ),
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
