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
        return x + y

    def backward(self, dz):
        """Return dx, dy."""
        return dz, dz


class MultiplyGate:
    """z = x * y, elementwise."""

    def forward(self, x, y):
        """Return z."""
        self.x, self.y = x, y
        return x * y

    def backward(self, dz):
        """Return dx, dy, from the inputs of this gate's last forward pass."""
        return self.y * dz, self.x * dz


class MaxGate:
    """z = max(x, y), elementwise. Where x and y are equal, the whole gradient goes to x."""

    def forward(self, x, y):
        """Return z."""
        self.x_wins = x >= y
        return np.maximum(x, y)

    def backward(self, dz):
        """Return dx, dy."""
        return np.where(self.x_wins, dz, 0.0), np.where(self.x_wins, 0.0, dz)


class ExpGate:
    """z = e^x."""

    def forward(self, x):
        """Return z."""
        self.z = np.exp(x)
        return self.z

    def backward(self, dz):
        """Return dx."""
        return self.z * dz


class ReciprocalGate:
    """z = 1 / x."""

    def forward(self, x):
        """Return z."""
        self.z = 1 / x
        return self.z

    def backward(self, dz):
        """Return dx."""
        return -(self.z**2) * dz


class ScaleGate:
    """z = a x with a constant a."""

    def __init__(self, a):
        self.a = a

    def forward(self, x):
        """Return z."""
        return self.a * x

    def backward(self, dz):
        """Return dx."""
        return self.a * dz


class ShiftGate:
    """z = x + c with a constant c."""

    def __init__(self, c):
        self.c = c

    def forward(self, x):
        """Return z."""
        return x + self.c

    def backward(self, dz):
        """Return dx."""
        return dz


class SigmoidGate:
    """z = 1 / (1 + e^-x)."""

    def forward(self, x):
        """Return z."""
        self.z = 1 / (1 + np.exp(-x))
        return self.z

    def backward(self, dz):
        """Return dx."""
        return self.z * (1 - self.z) * dz


# ---------------------------------------------------------------- 2. order


def topological_order(nodes):
    """The names of the nodes in an order in which they can be computed.

    nodes: a list of (name, kind, inputs), in any order; inputs is a tuple of names, each another
    node's or an input of the graph. Returns a list of all nodes' names; each stands after every
    node that feeds it. Graph inputs are not in it. Raises ValueError where there is a cycle.
    """
    feeds = {name: inputs for name, _, inputs in nodes}
    order, state = [], {}

    def visit(name):
        if name not in feeds or state.get(name) == "done":
            return
        if state.get(name) == "open":
            raise ValueError(f"cycle through {name}")
        state[name] = "open"
        for source in feeds[name]:
            visit(source)
        state[name] = "done"
        order.append(name)

    for name in feeds:
        visit(name)
    return order


# ---------------------------------------------------------------- 3. graphs


def run_graph(nodes, inputs, output):
    """Forward and backward through a graph.

    nodes: as above; kind is "add", "multiply", "maximum", "exp", "reciprocal" or "sigmoid".
    inputs: a dict name -> float. output: the name of the node whose value is wanted.
    Returns (value, gradients): the value of `output`, and a dict with d output / d input for
    every name in `inputs` (0.0 where the output does not depend on it). Where a value feeds
    several gates, its gradients are summed.
    """
    kinds = {
        "add": AddGate,
        "multiply": MultiplyGate,
        "maximum": MaxGate,
        "exp": ExpGate,
        "reciprocal": ReciprocalGate,
        "sigmoid": SigmoidGate,
    }
    sources = {name: names for name, _, names in nodes}
    gates = {name: kinds[kind]() for name, kind, _ in nodes}
    values = dict(inputs)
    order = topological_order(nodes)
    for name in order:
        values[name] = gates[name].forward(*(values[source] for source in sources[name]))
    gradients = dict.fromkeys(values, 0.0)
    gradients[output] = 1.0
    for name in reversed(order):
        back = gates[name].backward(gradients[name])
        back = back if isinstance(back, tuple) else (back,)
        for source, gradient in zip(sources[name], back, strict=True):
            gradients[source] = gradient
    return values[output], {name: gradients[name] for name in inputs}


# ---------------------------------------------------------------- 4. the sigmoid neuron


def sigmoid_neuron(w, x):
    """Compute f = sigmoid(w0 x0 + w1 x1 + w2), and its gradients.

    w: array (3,), x: array (2,). Returns f, dw (3,), dx (2,).
    """
    f = 1 / (1 + np.exp(-(w[0] * x[0] + w[1] * x[1] + w[2])))
    ds = f * (1 - f)
    return f, ds * np.array([x[0], x[1], 1.0]), ds * np.array([w[0], w[1]])


# ---------------------------------------------------------------- 5. a network of two layers


def two_layer_loss(params, X, y, reg):
    """The loss and the gradients of scores = max(0, X W1 + b1) W2 + b2.

    params: a dict with W1 (D, H), b1 (H,), W2 (H, C), b2 (C,). X (N, D); y (N,), integers from 0
    to C - 1. The loss is the mean softmax cross-entropy of the scores, plus
    reg / 2 * (sum(W1 * W1) + sum(W2 * W2)); the biases are not regularized.
    Returns loss, grads: a float, and a dict with the gradients under the same names.
    """
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    N = len(X)
    hidden = np.maximum(0, X @ W1 + b1)
    scores = hidden @ W2 + b2
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_probs[np.arange(N), y].mean() + reg / 2 * (np.sum(W1 * W1) + np.sum(W2 * W2))
    dscores = np.exp(log_probs)
    dscores[np.arange(N), y] -= 1
    dscores /= N
    dhidden = (dscores @ W2.T) * (hidden > 0)
    return loss, {
        "W1": X.T @ dhidden + reg * W1,
        "b1": dhidden.sum(axis=0),
        "W2": hidden.T @ dscores + reg * W2,
        "b2": dscores.sum(axis=0),
    }


def train_two_layer(params, X, y, reg, learning_rate, steps):
    """Gradient descent on all of X at each step: w <- w - learning_rate * gradient.

    Returns params, losses: a new dict (the one that was given stays as it is) and a list with the
    loss before each of the steps. All gradients of a step are computed before any parameter is
    changed.
    """
    params = {name: np.array(value, dtype=float) for name, value in params.items()}
    losses = []
    for _ in range(steps):
        loss, grads = two_layer_loss(params, X, y, reg)
        losses.append(float(loss))
        for name in params:
            params[name] -= learning_rate * grads[name]
    return params, losses
