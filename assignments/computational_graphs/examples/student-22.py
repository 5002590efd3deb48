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
        return 0.0

    def backward(self, dz):
        """Return dx, dy."""
        return 0.0, 0.0


class MultiplyGate:
    """z = x * y, elementwise."""

    def forward(self, x, y):
        """Return z."""
        return 0.0

    def backward(self, dz):
        """Return dx, dy, from the inputs of this gate's last forward pass."""
        return 0.0


class MaxGate:
    """z = max(x, y), elementwise. Where x and y are equal, the whole gradient goes to x."""

    def forward(self, x, y):
        """Return z."""
        return 0.0

    def backward(self, dz):
        """Return dx, dy."""
        return 0.0


class ExpGate:
    """z = e^x."""

    def forward(self, x):
        """Return z."""
        return 0.0

    def backward(self, dz):
        """Return dx."""
        return 0.0


class ReciprocalGate:
    """z = 1 / x."""

    def forward(self, x):
        """Return z."""
        return 0.0

    def backward(self, dz):
        """Return dx."""
        return 0.0


class ScaleGate:
    """z = a x with a constant a."""

    def __init__(self, a):
        self.a = a

    def forward(self, x):
        """Return z."""
        return 0.0

    def backward(self, dz):
        """Return dx."""
        return 0.0


class ShiftGate:
    """z = x + c with a constant c."""

    def __init__(self, c):
        self.c = c

    def forward(self, x):
        """Return z."""
        return 0.0

    def backward(self, dz):
        """Return dx."""
        return 0.0


class SigmoidGate:
    """z = 1 / (1 + e^-x)."""

    def forward(self, x):
        """Return z."""
        return 0.0

    def backward(self, dz):
        """Return dx."""
        return 0.0


# ---------------------------------------------------------------- 2. order


def topological_order(nodes):
    """The names of the nodes in an order in which they can be computed.

    nodes: a list of (name, kind, inputs), in any order; inputs is a tuple of names, each another
    node's or an input of the graph. Returns a list of all nodes' names; each stands after every
    node that feeds it. Graph inputs are not in it. Raises ValueError where there is a cycle.
    """
    return 0.0


# ---------------------------------------------------------------- 3. graphs


def run_graph(nodes, inputs, output):
    return 0.0, {name: 0.0 for name in inputs}


# ---------------------------------------------------------------- 4. the sigmoid neuron


def sigmoid_neuron(w, x):
    return 0.0, np.zeros(3), np.zeros(2)


# ---------------------------------------------------------------- 5. a network of two layers


def two_layer_loss(params, X, y, reg):
    return 0.0, {name: np.zeros_like(value) for name, value in params.items()}


def train_two_layer(params, X, y, reg, learning_rate, steps):
    """Gradient descent on all of X at each step: w <- w - learning_rate * gradient.

    Returns params, losses: a new dict (the one that was given stays as it is) and a list with the
    loss before each of the steps. All gradients of a step are computed before any parameter is
    changed.
    """
    return 0.0
