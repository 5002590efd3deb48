"""Properties of activation functions, forward and backward (s.150-174).

Backward passes are `backward(dout, x)` here: dx after a forward pass at x.
"""

from __future__ import annotations

import numpy as np

from autograder.checks.compare import check_value
from autograder.checks.properties.own import Array, own, own_gradients, pattern, within
from autograder.checks.properties.registry import Cases, Function, course_property
from autograder.checks.strategies import feature_matrices

__all__ = [
    "activation_gradient_is_linear_in_the_upstream",
    "activation_takes_each_value_alone",
    "elu_grows_with_alpha_below_0",
    "elu_is_an_exponential_below_0",
    "leaky_relu_has_two_slopes",
    "leaky_relu_leaks_gradient",
    "log_odds_of_the_sigmoid_are_its_input",
    "maxout_is_the_largest_piece",
    "maxout_of_a_weight_and_its_negative_is_its_size",
    "prelu_learns_from_negative_inputs_only",
    "relu_gates_the_gradient",
    "relu_splits_its_input",
    "relu_twice_is_relu_once",
    "sigmoid_is_symmetric",
    "sigmoid_lies_between_0_and_1",
    "sigmoid_slope_is_s_times_1_minus_s",
    "tanh_is_a_stretched_sigmoid",
    "tanh_slope_is_1_minus_its_square",
]

OUTPUT = "the output"
GRADIENT = "the gradient"
EDGES = ("plain", "zero variance", "equal rows")


def _x() -> Cases:
    return feature_matrices(edges=EDGES).map(lambda X: (X,))


def _any_x() -> Cases:
    edges = ("plain", "zero variance", "large mean", "large scale")
    return feature_matrices(edges=edges).map(lambda X: (X,))


def _off_zero() -> Cases:
    # At 0 the slope of a rectifier is a matter of convention.
    return feature_matrices(edges=EDGES).map(lambda X: (np.where(np.abs(X) < 0.125, 1.0, X),))


@course_property(needs="activation(x) -> out, any but softmax and maxout", cases=_x)
def activation_takes_each_value_alone(activation: Function, x: Array) -> None:
    """An activation depends on its own value only: a transposed input gives a transposed output."""
    before = own(activation(x), x.shape, what=OUTPUT)
    check_value(activation(x.T.copy()), before.T, what=OUTPUT)
    check_value(activation(x[:1]), before[:1], what=OUTPUT)


@course_property(needs="backward(dout, x) -> dx, of any activation", cases=_off_zero)
def activation_gradient_is_linear_in_the_upstream(backward: Function, x: Array) -> None:
    """The gradient of a sum of upstream gradients is the sum of their gradients."""
    one, other = pattern(x.shape, x.dtype, seed=2), pattern(x.shape, x.dtype, seed=5)
    first = own_gradients(backward(one, x), x)[0]
    second = own_gradients(backward(other, x), x)[0]
    got = own_gradients(backward(one + 2 * other, x), x)[0]
    check_value(got, first + 2 * second, what=GRADIENT)


@course_property(needs="sigmoid(x) -> out", cases=_any_x)
def sigmoid_is_symmetric(sigmoid: Function, x: Array) -> None:
    """`sigmoid(-x)` is `1 - sigmoid(x)`."""
    before = own(sigmoid(x), x.shape, what=OUTPUT)
    check_value(sigmoid(-x), 1 - before, what=OUTPUT, atol=1e-6)


@course_property(needs="sigmoid(x) -> out", cases=_any_x, relates=False)
def sigmoid_lies_between_0_and_1(sigmoid: Function, x: Array) -> None:
    """The sigmoid lies between 0 and 1, rises, and does not overflow at -1000."""
    rising = np.sort(x, axis=None)
    out = own(sigmoid(np.concatenate([[-1000.0], rising, [1000.0]]).astype(x.dtype)), what=OUTPUT)
    within(out, 0.0, 1.0, what=OUTPUT)
    within(out[1:], out[:-1], what=OUTPUT)
    check_value(out[[0, -1]], [0.0, 1.0], what=OUTPUT)


@course_property(needs="sigmoid(x) -> out", cases=_x, relates=False)
def log_odds_of_the_sigmoid_are_its_input(sigmoid: Function, x: Array) -> None:
    """`ln(s / (1 - s))` of `s = sigmoid(x)` gives x back."""
    out = own(sigmoid(x), x.shape, what=OUTPUT)
    within(out, 0.0, 1.0, what=OUTPUT)
    check_value(np.log(out / (1 - out)), x, what="the log odds", atol=1e-4)


@course_property(needs="sigmoid(x) -> out and backward(dout, x) -> dx", cases=_x)
def sigmoid_slope_is_s_times_1_minus_s(sigmoid: Function, backward: Function, x: Array) -> None:
    """The slope of the sigmoid is `s (1 - s)`, where s is its output."""
    dout = pattern(x.shape, x.dtype, seed=2)
    s = own(sigmoid(x), x.shape, what=OUTPUT)
    got = own_gradients(backward(dout, x), x)[0]
    check_value(got, dout * s * (1 - s), what=GRADIENT, atol=1e-6)


@course_property(needs="tanh(x) -> out and backward(dout, x) -> dx", cases=_x)
def tanh_slope_is_1_minus_its_square(tanh: Function, backward: Function, x: Array) -> None:
    """Tanh is odd, and its slope is 1 minus the square of its output."""
    dout = pattern(x.shape, x.dtype, seed=2)
    out = own(tanh(x), x.shape, what=OUTPUT)
    check_value(tanh(-x), -out, what=OUTPUT)
    got = own_gradients(backward(dout, x), x)[0]
    check_value(got, dout * (1 - out**2), what=GRADIENT, atol=1e-6)


@course_property(needs="tanh(x) -> out; sigmoid(x) -> out", cases=_x)
def tanh_is_a_stretched_sigmoid(tanh: Function, sigmoid: Function, x: Array) -> None:
    """`tanh(x)` is `2 sigmoid(2 x) - 1`."""
    s = own(sigmoid(2 * x), x.shape, what=OUTPUT)
    check_value(tanh(x), 2 * s - 1, what=OUTPUT, atol=1e-6)


@course_property(needs="relu(x) -> out", cases=_any_x, relates=False)
def relu_splits_its_input(relu: Function, x: Array) -> None:
    """`relu(x) - relu(-x)` is x, and neither of the two is below 0."""
    positive = own(relu(x), x.shape, what=OUTPUT)
    negative = own(relu(-x), x.shape, what=OUTPUT)
    within(positive, 0.0, what=OUTPUT)
    within(negative, 0.0, what=OUTPUT)
    check_value(positive - negative, x, what=OUTPUT)
    check_value(positive + negative, np.abs(x), what=OUTPUT)


@course_property(needs="relu(x) -> out", cases=_any_x)
def relu_twice_is_relu_once(relu: Function, x: Array) -> None:
    """A second ReLU changes nothing, and twice the input gives twice the output."""
    once = own(relu(x), x.shape, what=OUTPUT)
    check_value(relu(once), once, what=OUTPUT)
    check_value(relu(2 * x), 2 * once, what=OUTPUT)


@course_property(needs="backward(dout, x) -> dx, of the ReLU", cases=_off_zero, relates=False)
def relu_gates_the_gradient(backward: Function, x: Array) -> None:
    """ReLU passes the gradient on where its input is positive and blocks it where negative."""
    dout = pattern(x.shape, x.dtype, seed=2)
    got = own_gradients(backward(dout, x), x)[0]
    check_value(got, np.where(x > 0, dout, 0.0), what=GRADIENT)


@course_property(needs="leaky_relu(x, slope) -> out", cases=_any_x, relates=False)
def leaky_relu_has_two_slopes(leaky: Function, x: Array) -> None:
    """The leaky ReLU is x above 0 and `slope * x` below, for any slope."""
    for slope in (0.0, 0.125, 0.5):
        expected = np.where(x > 0, x, slope * x)
        check_value(leaky(x, slope), expected, what=OUTPUT)


@course_property(needs="leaky_relu_backward(dout, x, slope) -> dx", cases=_off_zero, relates=False)
def leaky_relu_leaks_gradient(backward: Function, x: Array) -> None:
    """The leaky ReLU lets `slope` of the gradient through where its input is negative."""
    dout = pattern(x.shape, x.dtype, seed=2)
    got = own_gradients(backward(dout, x, 0.125), x)[0]
    check_value(got, np.where(x > 0, dout, 0.125 * dout), what=GRADIENT)


@course_property(needs="elu(x, alpha) -> out", cases=_any_x)
def elu_grows_with_alpha_below_0(elu: Function, x: Array) -> None:
    """ELU is x above 0; below, it lies above -alpha and grows in proportion to alpha."""
    once = own(elu(x, 1.0), x.shape, what=OUTPUT)
    check_value(elu(x, 2.0), np.where(x > 0, x, 2 * once), what=OUTPUT)
    within(once, -1.0, what=OUTPUT)
    check_value(once[x > 0], x[x > 0], what=OUTPUT)


@course_property(needs="elu(x, alpha) -> out", cases=_x, relates=False)
def elu_is_an_exponential_below_0(elu: Function, x: Array) -> None:
    """Below 0, 1 plus the ELU with alpha = 1 is `exp(x)`."""
    below = -np.abs(x)
    out = own(elu(below, 1.0), x.shape, what=OUTPUT)
    check_value(out + 1, np.exp(below), what=OUTPUT, atol=1e-6)


@course_property(
    needs="prelu_backward(dout, x (N, C), slope (C,)) -> (dx, dslope)", cases=_off_zero
)
def prelu_learns_from_negative_inputs_only(backward: Function, x: Array) -> None:
    """The gradient of a PReLU's slope is the sum of `dout * x` over the negative inputs."""
    dout, slope = pattern(x.shape, x.dtype, seed=2), np.full(x.shape[1], 0.25, x.dtype)
    _, got = own_gradients(backward(dout, x, slope), x, slope)
    expected = np.where(x > 0, 0.0, dout * x).sum(axis=0)
    check_value(got, expected, what=GRADIENT, atol=1e-4)


@course_property(needs="maxout(x (N, D), w (K, D, M), b (K, M)) -> out (N, M)", cases=_x)
def maxout_is_the_largest_piece(maxout: Function, x: Array) -> None:
    """Maxout is at least each of its pieces, one of them, and does not care for their order."""
    w, b = pattern((3, x.shape[1], 2), x.dtype, seed=3), pattern((3, 2), x.dtype, seed=4)
    out = own(maxout(x, w, b), (len(x), 2), what=OUTPUT)
    check_value(maxout(x, w[::-1].copy(), b[::-1].copy()), out, what=OUTPUT)
    pieces = np.array([own(maxout(x, w[k : k + 1], b[k : k + 1]), out.shape) for k in range(3)])
    check_value(out, pieces.max(axis=0), what=OUTPUT)


@course_property(
    needs="maxout(x (N, D), w (K, D, M), b (K, M)) -> out (N, M)", cases=_x, relates=False
)
def maxout_of_a_weight_and_its_negative_is_its_size(maxout: Function, x: Array) -> None:
    """Maxout with the weights w and -w gives `|x w|`; a bias added to both moves it along."""
    w = pattern((1, x.shape[1], 2), x.dtype, seed=3)
    pair, bias = np.concatenate([w, -w]), np.full((2, 2), 3.0, x.dtype)
    check_value(maxout(x, pair, bias), np.abs(x @ w[0]) + 3, what=OUTPUT)
