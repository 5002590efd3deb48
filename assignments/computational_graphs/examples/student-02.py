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
    waiting = {name: [s for s in inputs if s in {n for n, _, _ in nodes}] for name, _, inputs in nodes}
    order = []
    while waiting:
        ready = [name for name in waiting if all(s in order for s in waiting[name])]
        if not ready:
            raise ValueError("there is a cycle among " + ", ".join(waiting))
        for name in ready:
            order.append(name)
            del waiting[name]
    return tuple(order)


# ---------------------------------------------------------------- 3. graphs


_GATES = {"add": AddGate, "multiply": MultiplyGate, "maximum": MaxGate, "exp": ExpGate,
          "reciprocal": ReciprocalGate, "sigmoid": SigmoidGate}


def run_graph(nodes, inputs, output):
    table = {n: (k, s) for n, k, s in nodes}
    value, gate, grad = dict(inputs), {}, {}
    for n in topological_order(nodes):
        k, s = table[n]
        gate[n] = _GATES[k]()
        value[n] = gate[n].forward(*[value[i] for i in s])

    def d(name):
        """d output / d name: the sum over all that it feeds."""
        if name not in grad:
            total = 1.0 if name == output else 0.0
            for n, (k, s) in table.items():
                if name in s:
                    up = d(n)
                    back = gate[n].backward(up)
                    back = back if isinstance(back, (tuple, list)) else [back]
                    total += sum(g for g, i in zip(back, s) if i == name)
            grad[name] = total
        return grad[name]

    return value[output], {i: d(i) for i in inputs}


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
    N, D = X.shape
    H, C = params["W2"].shape
    grads = {k: np.zeros_like(v, dtype=float) for k, v in params.items()}
    loss = 0.0
    for i in range(N):
        h = [max(0.0, sum(X[i, d] * params["W1"][d, k] for d in range(D)) + params["b1"][k]) for k in range(H)]
        s = np.array([sum(h[k] * params["W2"][k, c] for k in range(H)) + params["b2"][c] for c in range(C)])
        s = s - s.max()
        p = np.exp(s) / np.exp(s).sum()
        loss += (np.log(np.exp(s).sum()) - s[y[i]]) / N
        ds = p / N
        ds[y[i]] -= 1 / N
        for k in range(H):
            grads["W2"][k] += h[k] * ds
            if h[k] > 0:
                dh = params["W2"][k].dot(ds)
                grads["b1"][k] += dh
                grads["W1"][:, k] += X[i] * dh
        grads["b2"] += ds
    for k in ("W1", "W2"):
        loss += 0.5 * reg * (params[k] ** 2).sum()
        grads[k] += reg * params[k]
    return loss, grads


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
