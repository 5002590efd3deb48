"""Gates of a computational graph: five ways to compute each elementwise one."""

import math

import numpy as np
import torch

from right_versions.registry import enter, right


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


# For each gate: its constants, the function (of numpy arrays, also complex ones), the same of
# torch tensors, and the local derivative with respect to each input.
GATES = {
    "Add": ([], lambda x, y: x + y, None, [lambda x, y: 1.0, lambda x, y: 1.0]),
    "Multiply": ([], lambda x, y: x * y, None, [lambda x, y: y, lambda x, y: x]),
    "Maximum": (
        [],
        lambda x, y: np.where(np.real(x) >= np.real(y), x, y),
        lambda x, y: torch.where(x >= y, x, y),
        [lambda x, y: float(x >= y), lambda x, y: float(y > x)],
    ),
    "Exp": ([], np.exp, torch.exp, [lambda x: math.exp(x)]),
    "Log": ([], np.log, torch.log, [lambda x: 1 / x]),
    "Reciprocal": ([], lambda x: 1 / x, None, [lambda x: -1 / x / x]),
    "Square": ([], lambda x: x * x, None, [lambda x: x + x]),
    "Sigmoid": (
        [],
        sigmoid,
        torch.sigmoid,
        [lambda x: 1 / (2 + math.exp(x) + math.exp(-x))],
    ),
    "Scale": (["a"], lambda x, a: a * x, None, [lambda x, a: a]),
    "Shift": (["c"], lambda x, c: c + x, None, [lambda x, c: 1.0]),
}


class Constants:
    """Keeps the constants of a gate, such as the factor of `Scale`."""

    def __init__(self, *constants, **named):
        self.constants = (*constants, *named.values())


def shrunk(gradient, shape):
    """Sum over the axes that broadcasting added or stretched, one axis after the other."""
    while gradient.ndim > len(shape):
        gradient = gradient.sum(0)
    for axis, length in enumerate(shape):
        if length == 1:
            gradient = np.add.reduce(gradient, axis, keepdims=True)
    return gradient


def by_torch(function, torch_function, _):
    class Version(Constants):
        def forward(self, *inputs):
            self.inputs = [torch.tensor(x, requires_grad=True) for x in inputs]
            self.z = (torch_function or function)(*self.inputs, *self.constants)
            return self.z.detach().numpy().copy()

        def backward(self, dz):
            found = torch.autograd.grad(self.z, self.inputs, torch.tensor(dz), retain_graph=True)
            return tuple(each.numpy() for each in found)

    return Version


def by_complex_steps(function, _, __):
    class Version(Constants):
        def forward(self, *inputs):
            self.inputs = inputs
            return function(*inputs, *self.constants)

        def backward(self, dz):
            gradients = []
            for at, x in enumerate(self.inputs):
                moved = [y + 1e-30j if i == at else y for i, y in enumerate(self.inputs)]
                slope = np.imag(function(*moved, *self.constants)) / 1e-30
                gradients.append(shrunk(dz * slope, x.shape))
            return tuple(gradients)

    return Version


def by_loops(function, _, slopes):
    class Version(Constants):
        def forward(self, *inputs):
            self.shapes = [x.shape for x in inputs]
            self.inputs = np.broadcast_arrays(*inputs)
            z = np.empty(self.inputs[0].shape)
            for at in np.ndindex(*z.shape):
                z[at] = function(*(x[at] for x in self.inputs), *self.constants)
            return z

        def backward(self, dz):
            gradients = [np.zeros(shape) for shape in self.shapes]
            for at, d in np.ndenumerate(dz):
                here = [float(x[at]) for x in self.inputs]
                for gradient, slope in zip(gradients, slopes, strict=True):
                    own = at[dz.ndim - gradient.ndim :]
                    own = tuple(i % n for i, n in zip(own, gradient.shape, strict=True))
                    gradient[own] += d * slope(*here, *self.constants)
            return tuple(gradients)

    return Version


def remembering_slopes(function, _, slopes):
    """The local derivatives are computed on the way forward."""

    class Version(Constants):
        def forward(self, *inputs):
            self.shapes = [x.shape for x in inputs]
            self.slopes = [
                np.vectorize(s, otypes=[float])(*inputs, *self.constants) for s in slopes
            ]
            return np.asarray(function(*inputs, *self.constants))

        def backward(self, dz):
            return tuple(
                shrunk(np.broadcast_to(dz * slope, dz.shape), shape)
                for slope, shape in zip(self.slopes, self.shapes, strict=True)
            )

    return Version


def by_jacobians(function, _, __):
    """Each input's whole Jacobian, column by column, times the upstream gradient."""

    class Version(Constants):
        def forward(self, *inputs):
            self.inputs = inputs
            return function(*inputs, *self.constants)

        def backward(self, dz):
            gradients = []
            for at, x in enumerate(self.inputs):
                columns = []
                for place in range(x.size):
                    moved = x.astype(complex)
                    moved.flat[place] += 1e-30j
                    others = [moved if i == at else y for i, y in enumerate(self.inputs)]
                    columns.append(np.imag(function(*others, *self.constants)).ravel() * 1e30)
                gradients.append((np.array(columns) @ dz.ravel()).reshape(x.shape))
            return tuple(gradients)

    return Version


for gate, (_, function, torch_function, slopes) in GATES.items():
    for make in (by_torch, by_complex_steps, by_loops, remembering_slopes, by_jacobians):
        enter(gate, f"{gate}_{make.__name__}", make(function, torch_function, slopes))


class Product:
    """A matrix product that remembers its inputs."""

    def forward(self, x, w):
        self.x, self.w = x, w
        return self.product(x, w)

    def backward(self, dz):
        return self.product(dz, self.w.T), self.product(self.x.T, dz)


def product(name, function):
    def multiply(self, a, b):
        return function(a, b)

    enter("MatrixMultiply", name, type(name, (Product,), {"product": multiply}))


product("product_einsum", lambda a, b: np.einsum("ij,jk->ik", a, b))
product("product_outer", lambda a, b: sum(map(np.outer, a.T, b)))
product("product_rows", lambda a, b: np.array([row @ b for row in a]))
product("product_broadcast", lambda a, b: (a[:, :, None] * b[None]).sum(1))


@right("MatrixMultiply")
class ProductLoops:
    """Every product of two numbers adds to the output, and in backward to both gradients."""

    def forward(self, x, w):
        self.x, self.w, z = x, w, np.zeros((len(x), w.shape[1]))
        for i, k, j in np.ndindex(len(x), len(w), w.shape[1]):
            z[i, j] += x[i, k] * w[k, j]
        return z

    def backward(self, dz):
        dx, dw = np.zeros(self.x.shape), np.zeros(self.w.shape)
        for i, k, j in np.ndindex(*self.x.shape, dz.shape[1]):
            dx[i, k] += dz[i, j] * self.w[k, j]
            dw[k, j] += dz[i, j] * self.x[i, k]
        return dx, dw
