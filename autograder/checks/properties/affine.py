"""Properties of the fully connected layer `out = x W + b` and of flattening (s.37, s.133-143)."""

from __future__ import annotations

import numpy as np

from autograder.checks.compare import check_value
from autograder.checks.properties.own import (
    Array,
    close,
    gradient_name,
    own,
    own_gradients,
    pattern,
    same_inner,
    turned,
)
from autograder.checks.properties.registry import Cases, Function, course_property
from autograder.checks.strategies import batches, images

__all__ = [
    "affine_backward_is_adjoint",
    "affine_bias_gradient_sums_the_batch",
    "affine_gradients_add_over_the_batch",
    "affine_is_linear_in_its_input",
    "affine_moves_with_its_units",
    "affine_of_no_input_is_the_bias",
    "affine_takes_each_example_alone",
    "affine_with_unit_weights_adds_the_bias",
    "flatten_backward_undoes_it",
    "flatten_keeps_each_image_in_its_row",
]

FORWARD = "forward(x (N, D), w (D, M), b (M,)) -> out (N, M)"
BACKWARD = "backward(dout (N, M), x, w, b) -> (dx, dw, db)"
FLATTEN = "flatten(x (N, C, H, W)) -> out (N, C*H*W)"
OUTPUT = "the output"
EDGES = ("plain", "zero weights", "equal samples", "constant feature")


def _layers() -> Cases:
    return batches(edges=EDGES).map(lambda b: (b.X, b.W, pattern((b.W.shape[1],), b.W.dtype)))


def _images() -> Cases:
    return images(max_size=4).map(lambda x: (x,))


@course_property(needs=FORWARD, cases=_layers)
def affine_is_linear_in_its_input(forward: Function, x: Array, w: Array, b: Array) -> None:
    """Without a bias, the output of a sum of inputs is the sum of the outputs."""
    none, other = np.zeros_like(b), pattern(x.shape, x.dtype, seed=2)
    shape = (len(x), w.shape[1])
    first = own(forward(x, w, none), shape, what=OUTPUT)
    second = own(forward(other, w, none), shape, what=OUTPUT)
    expected = first + 2 * second
    close(
        own(forward(x + 2 * other, w, none), shape),
        expected,
        np.abs(first) + 2 * np.abs(second) + 1,
        what=OUTPUT,
    )


@course_property(needs=FORWARD, cases=_layers, relates=False)
def affine_of_no_input_is_the_bias(forward: Function, x: Array, w: Array, b: Array) -> None:
    """An input that is all 0 gives the bias in every row."""
    check_value(forward(np.zeros_like(x), w, b), np.tile(b, (len(x), 1)), what=OUTPUT)


@course_property(needs=FORWARD, cases=_layers, relates=False)
def affine_with_unit_weights_adds_the_bias(forward: Function, x: Array, w: Array, b: Array) -> None:
    """With the identity for weights the output is the input plus the bias."""
    bias = pattern((x.shape[1],), x.dtype)
    check_value(forward(x, np.eye(x.shape[1], dtype=x.dtype), bias), x + bias, what=OUTPUT)


@course_property(needs=FORWARD, cases=_layers)
def affine_takes_each_example_alone(forward: Function, x: Array, w: Array, b: Array) -> None:
    """The output of one example does not depend on the others of the batch."""
    together = own(forward(x, w, b), (len(x), w.shape[1]), what=OUTPUT)
    check_value(forward(x[-1:], w, b), together[-1:], what=OUTPUT)


@course_property(needs=FORWARD, cases=_layers)
def affine_moves_with_its_units(forward: Function, x: Array, w: Array, b: Array) -> None:
    """Another order of the units, in weights and bias alike, moves the output's columns along."""
    order = turned(len(b))
    before = own(forward(x, w, b), (len(x), len(b)), what=OUTPUT)
    check_value(forward(x, w[:, order], b[order]), before[:, order], what=OUTPUT)


@course_property(needs=f"{FORWARD}; {BACKWARD}", cases=_layers)
def affine_backward_is_adjoint(
    forward: Function, backward: Function, x: Array, w: Array, b: Array
) -> None:
    """For `z = x w`: `<dout, z> = <dx, x> = <dw, w>`."""
    none, dout = np.zeros_like(b), pattern((len(x), len(b)), x.dtype, seed=2)
    z = own(forward(x, w, none), dout.shape, what=OUTPUT)
    dx, dw, _ = own_gradients(backward(dout, x, w, none), x, w, b)
    same_inner((dx, x), (dout, z), what=gradient_name(0))
    same_inner((dw, w), (dout, z), what=gradient_name(1))


@course_property(needs=BACKWARD, cases=_layers, relates=False)
def affine_bias_gradient_sums_the_batch(backward: Function, x: Array, w: Array, b: Array) -> None:
    """The gradient of the bias is the sum of the upstream gradient over the batch."""
    dout = pattern((len(x), len(b)), x.dtype, seed=2)
    *_, db = own_gradients(backward(dout, x, w, b), x, w, b)
    check_value(db, dout.sum(axis=0), what=gradient_name(2))


@course_property(needs=BACKWARD, cases=_layers)
def affine_gradients_add_over_the_batch(backward: Function, x: Array, w: Array, b: Array) -> None:
    """The weights' gradient of a batch is the sum of those of its parts; dx stands below dx."""
    dout, more = pattern((len(x), len(b)), x.dtype, seed=2), pattern((1, len(b)), x.dtype, seed=3)
    first = own_gradients(backward(dout, x, w, b), x, w, b)
    second = own_gradients(backward(more, x[:1], w, b), x[:1], w, b)
    both = np.vstack([x, x[:1]])
    dx, dw, db = own_gradients(backward(np.vstack([dout, more]), both, w, b), both, w, b)
    check_value(dx, np.vstack([first[0], second[0]]), what=gradient_name(0))
    close(dw, first[1] + second[1], np.abs(first[1]) + np.abs(second[1]) + 1, what=gradient_name(1))
    close(db, first[2] + second[2], np.abs(first[2]) + np.abs(second[2]) + 1, what=gradient_name(2))


@course_property(needs=FLATTEN, cases=_images, relates=False)
def flatten_keeps_each_image_in_its_row(flatten: Function, x: Array) -> None:
    """Flattening lays each image out in one row: channel by channel, row by row."""
    got = flatten(x)
    expected = np.array(
        [[value for channel in each for row in channel for value in row] for each in x]
    )
    check_value(got, expected, what=OUTPUT)


@course_property(needs=f"{FLATTEN}; backward(dout, x) -> dx", cases=_images)
def flatten_backward_undoes_it(flatten: Function, backward: Function, x: Array) -> None:
    """The backward pass of flattening gives a flattened array its old shape back."""
    out = own(flatten(x), (len(x), x[0].size), what=OUTPUT)
    check_value(own_gradients(backward(out, x), x)[0], x, what="the gradient")
