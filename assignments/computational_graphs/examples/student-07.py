"""Computational graphs: gates, topological order, backpropagation, a network of two layers.

Write your code where a function raises NotImplementedError. Keep the names and the arguments.
You may add functions of your own. Only numpy is needed.

A gate computes z from its inputs in `forward`, and remembers what its gradient needs. `backward`
takes dz, the gradient of the final output with respect to z, and returns the gradients with
respect to its inputs. Inputs are floats or arrays of one shape; a gradient has that shape too.
"""

import numpy as np

# ---------------------------------------------------------------- 1. gates


class AddGate:
    """z = x + y."""

    def forward(self, x, y):
        """Return z."""
        raise NotImplementedError

    def backward(self, dz):
        """Return dx, dy."""
        raise NotImplementedError


class MultiplyGate:
    """z = x * y, elementwise."""

    def forward(self, x, y):
        """Return z."""
        raise NotImplementedError

    def backward(self, dz):
        """Return dx, dy, from the inputs of this gate's last forward pass."""
        raise NotImplementedError


class MaxGate:
    """z = max(x, y), elementwise. Where x and y are equal, the whole gradient goes to x."""

    def forward(self, x, y):
        """Return z."""
        raise NotImplementedError

    def backward(self, dz):
        """Return dx, dy."""
        raise NotImplementedError


class ExpGate:
    """z = e^x."""

    def forward(self, x):
        """Return z."""
        raise NotImplementedError

    def backward(self, dz):
        """Return dx."""
        raise NotImplementedError


class ReciprocalGate:
    """z = 1 / x."""

    def forward(self, x):
        """Return z."""
        raise NotImplementedError

    def backward(self, dz):
        """Return dx."""
        raise NotImplementedError


class ScaleGate:
    """z = a x with a constant a."""

    def __init__(self, a):
        self.a = a

    def forward(self, x):
        """Return z."""
        raise NotImplementedError

    def backward(self, dz):
        """Return dx."""
        raise NotImplementedError


class ShiftGate:
    """z = x + c with a constant c."""

    def __init__(self, c):
        self.c = c

    def forward(self, x):
        """Return z."""
        raise NotImplementedError

    def backward(self, dz):
        """Return dx."""
        raise NotImplementedError


class SigmoidGate:
    """z = 1 / (1 + e^-x)."""

    def forward(self, x):
        """Return z."""
        raise NotImplementedError

    def backward(self, dz):
        """Return dx."""
        raise NotImplementedError


# ---------------------------------------------------------------- 2. order


def topological_order(nodes):
    """The names of the nodes in an order in which they can be computed.

    nodes: a list of (name, kind, inputs), in any order; inputs is a tuple of names, each another
    node's or an input of the graph. Returns a list of all nodes' names; each stands after every
    node that feeds it. Graph inputs are not in it. Raises ValueError where there is a cycle.
    """
    raise NotImplementedError


# ---------------------------------------------------------------- 3. graphs


def run_graph(nodes, inputs, output):
    """Forward and backward through a graph.

    nodes: as above; kind is "add", "multiply", "maximum", "exp", "reciprocal" or "sigmoid".
    inputs: a dict name -> float. output: the name of the node whose value is wanted.
    Returns (value, gradients): the value of `output`, and a dict with d output / d input for
    every name in `inputs` (0.0 where the output does not depend on it). Where a value feeds
    several gates, its gradients are summed.
    """
    raise NotImplementedError


# ---------------------------------------------------------------- 4. the sigmoid neuron


def sigmoid_neuron(w, x):
    """Compute f = sigmoid(w0 x0 + w1 x1 + w2), and its gradients.

    w: array (3,), x: array (2,). Returns f, dw (3,), dx (2,).
    """
    raise NotImplementedError


# ---------------------------------------------------------------- 5. a network of two layers


def two_layer_loss(params, X, y, reg):
    """The loss and the gradients of scores = max(0, X W1 + b1) W2 + b2.

    params: a dict with W1 (D, H), b1 (H,), W2 (H, C), b2 (C,). X (N, D); y (N,), integers from 0
    to C - 1. The loss is the mean softmax cross-entropy of the scores, plus
    reg / 2 * (sum(W1 * W1) + sum(W2 * W2)); the biases are not regularized.
    Returns loss, grads: a float, and a dict with the gradients under the same names.
    """
    raise NotImplementedError


def train_two_layer(params, X, y, reg, learning_rate, steps):
    """Gradient descent on all of X at each step: w <- w - learning_rate * gradient.

    Returns params, losses: a new dict (the one that was given stays as it is) and a list with the
    loss before each of the steps. All gradients of a step are computed before any parameter is
    changed.
    """
    raise NotImplementedError
