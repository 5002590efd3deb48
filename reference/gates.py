"""Gates: the nodes of a computational graph, each with its local gradient (slides s.97-127).

`forward` takes the inputs, remembers what its gradient needs, and returns the output. `backward`
takes dz, the gradient of the loss with respect to that output, and returns one gradient for each
input, local gradient times dz:

    z = x + y        dx = dz, dy = dz              a distributor
    z = x * y        dx = y dz, dy = x dz          a swapper
    z = max(x, y)    dz goes to the larger input   a router
    z = exp(x)       dx = z dz
    z = 1 / x        dx = -z^2 dz
    z = a x          dx = a dz
    z = x + c        dx = dz

Inputs are numbers or arrays that broadcast together; a gradient has its input's shape, summed
over the axes along which the input was repeated. A gate remembers its last forward pass only, so
each node of a graph needs a gate of its own.
"""

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from reference.activations import relu, sigmoid
from reference.arrays import FloatArray, IntArray, as_float_array, as_float_matrix
from reference.losses import hinge, softmax_cross_entropy

Gradients = tuple[FloatArray, ...]


class Gate(Protocol):
    """What a node of a graph must have; `forward` takes as many arrays as the gate has inputs."""

    @property
    def forward(self) -> Callable[..., FloatArray]:
        """Compute the output and remember what `backward` needs."""

    def backward(self, dz: FloatArray) -> Gradients:
        """Return one gradient for each input of the last forward pass."""


class Add:
    """z = x + y."""

    def forward(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Return x + y."""
        self.shapes = x.shape, y.shape
        return x + y

    def backward(self, dz: FloatArray) -> Gradients:
        """Hand dz to both."""
        return unbroadcast(dz, self.shapes[0]), unbroadcast(dz, self.shapes[1])


class Subtract:
    """z = x - y."""

    def forward(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Return x - y."""
        self.shapes = x.shape, y.shape
        return x - y

    def backward(self, dz: FloatArray) -> Gradients:
        """Hand dz to x and -dz to y."""
        return unbroadcast(dz, self.shapes[0]), unbroadcast(-dz, self.shapes[1])


class Multiply:
    """z = x * y, elementwise."""

    def forward(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Return x * y."""
        self.x, self.y = x, y
        return x * y

    def backward(self, dz: FloatArray) -> Gradients:
        """Return dx = y dz and dy = x dz: each input gets the other (s.126)."""
        return unbroadcast(self.y * dz, self.x.shape), unbroadcast(self.x * dz, self.y.shape)


class Maximum:
    """z = max(x, y), elementwise."""

    def forward(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Return max(x, y)."""
        self.x_wins, self.shapes = x >= y, (x.shape, y.shape)
        return np.maximum(x, y)

    def backward(self, dz: FloatArray) -> Gradients:
        """Route dz to the larger input and 0 to the other; to x where they are equal."""
        x, y = self.shapes
        return unbroadcast(dz * self.x_wins, x), unbroadcast(dz * ~self.x_wins, y)


class Exp:
    """z = exp(x)."""

    def forward(self, x: FloatArray) -> FloatArray:
        """Return exp(x)."""
        self.z: FloatArray = np.exp(x)
        return self.z

    def backward(self, dz: FloatArray) -> Gradients:
        """Return exp(x) dz."""
        return (self.z * dz,)


class Log:
    """z = ln(x), for x > 0."""

    def forward(self, x: FloatArray) -> FloatArray:
        """Return ln(x)."""
        if not (x > 0).all():
            raise ValueError(f"the logarithm needs x > 0, got {x.min()}: clip or shift x before")
        self.x = x
        z: FloatArray = np.log(x)
        return z

    def backward(self, dz: FloatArray) -> Gradients:
        """Return dz / x."""
        return (dz / self.x,)


class Reciprocal:
    """z = 1 / x, for x other than 0."""

    def forward(self, x: FloatArray) -> FloatArray:
        """Return 1 / x."""
        if not x.all():
            raise ValueError("the reciprocal needs x other than 0, got 0: add a small constant")
        self.z: FloatArray = 1 / x
        return self.z

    def backward(self, dz: FloatArray) -> Gradients:
        """Return -dz / x^2."""
        return (-(self.z**2) * dz,)


class Scale:
    """z = a x with a constant a."""

    def __init__(self, a: float) -> None:
        self.a = a

    def forward(self, x: FloatArray) -> FloatArray:
        """Return a x."""
        return self.a * x

    def backward(self, dz: FloatArray) -> Gradients:
        """Return a dz."""
        return (self.a * dz,)


class Shift:
    """z = x + c with a constant c."""

    def __init__(self, c: float) -> None:
        self.c = c

    def forward(self, x: FloatArray) -> FloatArray:
        """Return x + c."""
        return x + self.c

    def backward(self, dz: FloatArray) -> Gradients:
        """Return dz."""
        return (dz,)


class Square:
    """z = x^2, elementwise."""

    def forward(self, x: FloatArray) -> FloatArray:
        """Return x^2."""
        self.x = x
        return x * x

    def backward(self, dz: FloatArray) -> Gradients:
        """Return 2 x dz."""
        return (2 * self.x * dz,)


class Sigmoid:
    """z = 1 / (1 + exp(-x)): the last four gates of the slides' neuron in one (s.119)."""

    def forward(self, x: FloatArray) -> FloatArray:
        """Return the sigmoid of x."""
        self.z = sigmoid(x)
        return self.z

    def backward(self, dz: FloatArray) -> Gradients:
        """Return z (1 - z) dz."""
        return (self.z * (1 - self.z) * dz,)


class Tanh:
    """z = tanh(x)."""

    def forward(self, x: FloatArray) -> FloatArray:
        """Return tanh(x)."""
        self.z: FloatArray = np.tanh(x)
        return self.z

    def backward(self, dz: FloatArray) -> Gradients:
        """Return (1 - z^2) dz."""
        return ((1 - self.z**2) * dz,)


class ReLU:
    """z = max(0, x)."""

    def forward(self, x: FloatArray) -> FloatArray:
        """Return max(0, x)."""
        self.on = x > 0
        return relu(x)

    def backward(self, dz: FloatArray) -> Gradients:
        """Return dz where x > 0, else 0."""
        return (self.on * dz,)


class Sum:
    """z = the sum of all elements of x, a number."""

    def forward(self, x: FloatArray) -> FloatArray:
        """Return the sum of x."""
        self.shape = x.shape
        return np.asarray(x.sum())

    def backward(self, dz: FloatArray) -> Gradients:
        """Repeat dz over the elements: summing forwards is forking backwards."""
        return (np.broadcast_to(dz, self.shape).copy(),)


class Mean:
    """z = the mean of all elements of x, a number."""

    def forward(self, x: FloatArray) -> FloatArray:
        """Return the mean of x."""
        self.shape, self.count = x.shape, x.size
        return np.asarray(x.mean())

    def backward(self, dz: FloatArray) -> Gradients:
        """Repeat dz / count over the elements."""
        return (np.broadcast_to(dz / self.count, self.shape).copy(),)


class MatrixMultiply:
    """z = x w for matrices x (N, D) and w (D, M)."""

    def forward(self, x: FloatArray, w: FloatArray) -> FloatArray:
        """Return x w, shape (N, M)."""
        self.w = as_float_matrix(w, "w")
        self.x = as_float_matrix(x, "x", columns=len(self.w))
        return self.x @ self.w

    def backward(self, dz: FloatArray) -> Gradients:
        """Return dx = dz w^T and dw = x^T dz."""
        return dz @ self.w.T, self.x.T @ dz


class SoftmaxCrossEntropy:
    """z = mean over N of -log P(label), for scores (N, C); the labels are fixed."""

    def __init__(self, labels: ArrayLike) -> None:
        self.labels: IntArray = np.asarray(labels)

    def forward(self, scores: FloatArray) -> FloatArray:
        """Return the loss."""
        loss, self.gradient = softmax_cross_entropy(scores, self.labels)
        return np.asarray(loss)

    def backward(self, dz: FloatArray) -> Gradients:
        """Return (P - onehot) / N * dz."""
        return (self.gradient * dz,)


class Hinge:
    """z = the multiclass SVM loss, mean over N, for scores (N, C); the labels are fixed."""

    def __init__(self, labels: ArrayLike, *, delta: float = 1.0) -> None:
        self.labels: IntArray = np.asarray(labels)
        self.delta = delta

    def forward(self, scores: FloatArray) -> FloatArray:
        """Return the loss."""
        loss, self.gradient = hinge(scores, self.labels, delta=self.delta)
        return np.asarray(loss)

    def backward(self, dz: FloatArray) -> Gradients:
        """Return 1/N for each violated margin, -count/N for the label, times dz."""
        return (self.gradient * dz,)


def unbroadcast(gradient: ArrayLike, shape: tuple[int, ...]) -> FloatArray:
    """Sum a gradient over the axes that broadcasting added or stretched, back to `shape`."""
    array = as_float_array(gradient, "gradient")
    array = array.sum(axis=tuple(range(array.ndim - len(shape))))
    stretched = tuple(i for i, n in enumerate(shape) if n == 1 and array.shape[i] != 1)
    return np.asarray(array.sum(axis=stretched, keepdims=True))
