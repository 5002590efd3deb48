"""Properties of the gates of a computational graph, forward and backward (s.105-128).

A gate's backward pass is `backward(dz, x, y)` here: the gradients with respect to its inputs, for
the upstream gradient `dz`, after a forward pass at these inputs.
"""

from __future__ import annotations

import numpy as np

from autograder.checks.compare import check_value
from autograder.checks.properties.own import (
    Array,
    gradient_name,
    own,
    own_gradients,
    pattern,
    same_inner,
    within,
)
from autograder.checks.properties.registry import Cases, Function, course_property
from autograder.checks.strategies import feature_matrices

__all__ = [
    "add_gate_distributes",
    "broadcast_input_gets_the_sum",
    "exp_gate_is_its_own_slope",
    "gate_multiplies_by_the_upstream_gradient",
    "log_gate_divides_by_its_input",
    "matrix_gate_is_adjoint",
    "max_gate_routes",
    "max_gate_shares_a_tie",
    "multiply_gate_swaps",
    "reciprocal_gate_falls_with_its_square",
    "scale_gate_scales_back_too",
    "shift_gate_passes_the_gradient_on",
    "square_gate_has_twice_its_input_for_slope",
]

TWO = "backward(dz, x, y) -> (dx, dy), of the gate {}"
ONE = "forward(x) -> z and backward(dz, x) -> dx, of the gate {}"
OUTPUT = "the output"
GRADIENT = "the gradient"
EDGES = ("plain", "zero variance", "equal rows")


def _one() -> Cases:
    return feature_matrices(edges=EDGES).map(lambda X: (X,))


def _positive() -> Cases:
    return feature_matrices(edges=EDGES).map(lambda X: (np.abs(X) + 0.5,))


def _two() -> Cases:
    return feature_matrices(edges=EDGES).map(
        lambda X: (X, X[::-1, ::-1] + pattern(X.shape, X.dtype))
    )


@course_property(needs="backward(dz, x, y) -> (dx, dy), of any gate", cases=_two)
def gate_multiplies_by_the_upstream_gradient(backward: Function, x: Array, y: Array) -> None:
    """Twice the upstream gradient gives twice the gradients."""
    dz = pattern(x.shape, x.dtype, seed=2)
    once = own_gradients(backward(dz, x, y), x, y)
    twice = own_gradients(backward(2 * dz, x, y), x, y)
    for place, (got, before) in enumerate(zip(twice, once, strict=True)):
        check_value(got, 2 * before, what=gradient_name(place))


@course_property(needs=TWO.format("add"), cases=_two, relates=False)
def add_gate_distributes(backward: Function, x: Array, y: Array) -> None:
    """An add gate hands the whole upstream gradient to each of its inputs."""
    dz = pattern(x.shape, x.dtype, seed=2)
    for place, got in enumerate(own_gradients(backward(dz, x, y), x, y)):
        check_value(got, dz, what=gradient_name(place))


@course_property(needs=TWO.format("multiply"), cases=_two, relates=False)
def multiply_gate_swaps(backward: Function, x: Array, y: Array) -> None:
    """A multiply gate gives each input the upstream gradient times the other input."""
    dz = pattern(x.shape, x.dtype, seed=2)
    dx, dy = own_gradients(backward(dz, x, y), x, y)
    check_value(dx, y * dz, what=gradient_name(0))
    check_value(dy, x * dz, what=gradient_name(1))


@course_property(needs=TWO.format("max"), cases=_two, relates=False)
def max_gate_routes(backward: Function, x: Array, y: Array) -> None:
    """A max gate gives the larger input the whole gradient and the smaller one nothing."""
    dz = pattern(x.shape, x.dtype, seed=2)
    higher = np.where(x == y, x + 1, x)  # at a tie the gradient is a matter of convention
    dx, dy = own_gradients(backward(dz, higher, y), x, y)
    check_value(dx, np.where(higher > y, dz, 0.0), what=gradient_name(0))
    check_value(dy, np.where(higher > y, 0.0, dz), what=gradient_name(1))


@course_property(needs=TWO.format("max"), cases=_one, relates=False)
def max_gate_shares_a_tie(backward: Function, x: Array) -> None:
    """Where both inputs are equal, a max gate hands out the upstream gradient once, not twice."""
    dz = np.abs(pattern(x.shape, x.dtype, seed=2))
    dx, dy = own_gradients(backward(dz, x, x.copy()), x, x)
    check_value(dx + dy, dz, what=GRADIENT)
    within(np.minimum(dx, dy), 0.0, what=GRADIENT)


@course_property(needs=TWO.format("add, of inputs (N, D) and (1, D)"), cases=_one, relates=False)
def broadcast_input_gets_the_sum(backward: Function, x: Array) -> None:
    """An input that is used in every row gets the sum of the rows' gradients."""
    dz = pattern(x.shape, x.dtype, seed=2)
    row = x[:1].copy()
    _, drow = own_gradients(backward(dz, x, row), x, row)
    check_value(drow, dz.sum(axis=0, keepdims=True), what=gradient_name(1))


@course_property(needs=ONE.format("exp"), cases=_one)
def exp_gate_is_its_own_slope(forward: Function, backward: Function, x: Array) -> None:
    """The slope of an exp gate is its own output."""
    dz = pattern(x.shape, x.dtype, seed=2)
    z = own(forward(x), x.shape, what=OUTPUT)
    check_value(own_gradients(backward(dz, x), x)[0], dz * z, what=GRADIENT)


@course_property(needs=ONE.format("log"), cases=_positive, relates=False)
def log_gate_divides_by_its_input(forward: Function, backward: Function, x: Array) -> None:
    """A log gate turns products into sums; its slope is 1 over its input."""
    dz = pattern(x.shape, x.dtype, seed=2)
    e = float(np.e)
    before = own(forward(x), x.shape, what=OUTPUT)
    check_value(forward(e * x), before + 1, what=OUTPUT, atol=1e-5)
    check_value(own_gradients(backward(dz, x), x)[0], dz / x, what=GRADIENT)


@course_property(needs=ONE.format("1/x"), cases=_positive)
def reciprocal_gate_falls_with_its_square(forward: Function, backward: Function, x: Array) -> None:
    """The slope of a 1/x gate is minus the square of its output."""
    dz = pattern(x.shape, x.dtype, seed=2)
    z = own(forward(x), x.shape, what=OUTPUT)
    check_value(forward(z), x, what=OUTPUT)
    check_value(own_gradients(backward(dz, x), x)[0], -dz * z**2, what=GRADIENT)


@course_property(needs=ONE.format("x^2"), cases=_one, relates=False)
def square_gate_has_twice_its_input_for_slope(
    forward: Function, backward: Function, x: Array
) -> None:
    """The slope of a square gate is twice its input."""
    dz = pattern(x.shape, x.dtype, seed=2)
    check_value(forward(x), x * x, what=OUTPUT)
    check_value(own_gradients(backward(dz, x), x)[0], 2 * x * dz, what=GRADIENT)


@course_property(needs=ONE.format("a x, with the constant a"), cases=_one)
def scale_gate_scales_back_too(forward: Function, backward: Function, x: Array) -> None:
    """A gate that multiplies by a constant multiplies the gradient by it as well."""
    dz = pattern(x.shape, x.dtype, seed=2)
    z = own(forward(x), x.shape, what=OUTPUT)
    dx = own_gradients(backward(dz, x), x)[0]
    same_inner((dx, x), (dz, z), what=GRADIENT)


@course_property(needs=ONE.format("x + c, with the constant c"), cases=_one, relates=False)
def shift_gate_passes_the_gradient_on(forward: Function, backward: Function, x: Array) -> None:
    """A gate that adds a constant adds the same everywhere and leaves the gradient as it is."""
    dz = pattern(x.shape, x.dtype, seed=2)
    z = own(forward(x), x.shape, what=OUTPUT)
    constant = own(forward(0 * x), x.shape, what=OUTPUT)
    check_value(z, x + constant, what=OUTPUT)
    check_value(own_gradients(backward(dz, x), x)[0], dz, what=GRADIENT)


@course_property(
    needs="forward(x (N, D), w (D, M)) -> z (N, M) and backward(dz, x, w) -> (dx, dw)", cases=_one
)
def matrix_gate_is_adjoint(forward: Function, backward: Function, x: Array) -> None:
    """For a matrix product `z = x w`: `<dz, z> = <dx, x> = <dw, w>`."""
    w = pattern((x.shape[1], 2), x.dtype, seed=4)
    dz = pattern((len(x), 2), x.dtype, seed=2)
    z = own(forward(x, w), dz.shape, what=OUTPUT)
    dx, dw = own_gradients(backward(dz, x, w), x, w)
    same_inner((dx, x), (dz, z), what=gradient_name(0))
    same_inner((dw, w), (dz, z), what=gradient_name(1))
