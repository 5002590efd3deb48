"""Numbers of one's own, the right answers computed by the reference."""

import numpy as np

from autograder.questions.variants import Variant
from reference.layers.geometry import Window, convolution_parameter_count, receptive_fields
from reference.losses import softmax_cross_entropy


def conv_size(rng):
    """(W - F + 2P) / S + 1 for settings that fit."""
    kernel = int(rng.choice([3, 5, 7]))
    stride = int(rng.choice([2, 3]))
    padding = int(rng.integers(1, kernel // 2 + 1))
    output = int(rng.integers(10, 60))
    size = (output - 1) * stride + kernel - 2 * padding
    once = (size - kernel + padding) / stride + 1
    no_one = (size - kernel + 2 * padding) / stride
    values = {"size": size, "kernel": kernel, "stride": stride, "padding": padding}
    return Variant(values, output, [once, no_one])


def conv_parameters(rng):
    """F * F * D * K weights and K biases."""
    kernel, filters = int(rng.choice([3, 5, 7])), int(rng.integers(8, 33))
    channels = int(rng.choice([3, 6, 16]))
    answer = convolution_parameter_count(channels, filters, kernel)
    no_bias = convolution_parameter_count(channels, filters, kernel, bias=False)
    flat = (kernel * kernel + 1) * filters
    values = {"kernel": kernel, "filters": filters, "channels": channels}
    return Variant(values, answer, [no_bias, flat])


def group_parameters(rng):
    """A grouped convolution has R * O / G weights for every place of the kernel."""
    groups = int(rng.choice([2, 4, 8]))
    inputs, outputs = groups * int(rng.integers(4, 12)), groups * int(rng.integers(4, 12))
    answer = inputs * outputs // groups
    values = {"inputs": inputs, "outputs": outputs, "groups": groups}
    return Variant(values, answer, [inputs * outputs * groups, inputs * outputs])


def receptive_field(rng):
    """The field of one neuron after a stack of convolutions."""
    kernels = [int(kernel) for kernel in rng.choice([3, 5], size=3)]
    answer = receptive_fields([Window(kernel) for kernel in kernels])[-1].size
    values = {"first": kernels[0], "second": kernels[1], "third": kernels[2]}
    return Variant(values, answer, [sum(kernels), max(kernels)])


def hinge(rng):
    """The multiclass SVM loss of three scores."""
    scores = np.round(rng.uniform(-4, 6, size=3), 1)
    scores[0] = np.round(max(scores[1:]) - rng.uniform(0.2, 0.8), 1)  # so that the loss is not 0
    margins = np.maximum(0, scores[1:] - scores[0] + 1)
    answer = round(float(margins.sum()), 6)
    values = {"cat": float(scores[0]), "car": float(scores[1]), "frog": float(scores[2])}
    without_margin = float(np.maximum(0, scores[1:] - scores[0]).sum())
    return Variant(values, answer, [answer + 1, round(without_margin, 6)])


def cross_entropy(rng):
    """The softmax loss of three scores, natural logarithm."""
    scores = np.round(rng.uniform(-2, 4, size=3), 1)
    loss, _ = softmax_cross_entropy(scores[None, :], np.array([0]))
    values = {"cat": float(scores[0]), "car": float(scores[1]), "frog": float(scores[2])}
    probability = float(np.exp(-loss))
    return Variant(values, float(loss), [float(loss / np.log(10)), probability])


def graph(rng):
    """df/dx of f = (x + y) z."""
    x, y, z = (int(rng.choice([-1, 1])) * int(value) for value in rng.integers(2, 9, size=3))
    return Variant({"x": x, "y": y, "z": z}, z, [x + y, (x + y) * z])


def multiply_gate(rng):
    """The gradient of a multiply gate's first input, with a gradient from above."""
    x, y, above = (int(rng.choice([-1, 1])) * int(value) for value in rng.integers(2, 9, size=3))
    return Variant({"x": x, "y": y, "above": above}, y * above, [x * above, y])


def momentum(rng):
    """The step of momentum under a constant gradient: lr * g / (1 - mu)."""
    rate, gradient = int(rng.integers(1, 9)) / 100, int(rng.integers(2, 9))
    mu = float(rng.choice([0.75, 0.9, 0.99]))
    answer = rate * gradient / (1 - mu)
    values = {"rate": rate, "gradient": gradient, "mu": mu}
    return Variant(values, round(answer, 9), [rate * gradient, rate * gradient / mu])


def pool_size(rng):
    """The number of values that a pooling layer puts out."""
    kernel, stride = [(2, 2), (3, 2)][int(rng.integers(2))]
    output, depth = int(rng.integers(10, 60)), int(rng.choice([16, 32, 64]))
    size = (output - 1) * stride + kernel
    values = {"size": size, "depth": depth, "kernel": kernel, "stride": stride}
    return Variant(values, output * output * depth, [output * output, output])
