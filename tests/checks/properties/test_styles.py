"""Right answers written in other ways satisfy the properties: loops, einsum, float32."""

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from autograder.checks.properties import PROPERTIES


def softmax_in_loops(scores):
    table = []
    for row in np.asarray(scores, float).tolist():
        highest = max(row)
        powers = [math.exp(score - highest) for score in row]
        table.append([power / math.fsum(powers) for power in powers])
    return table


def softmax_by_logarithms(scores):
    return np.exp(scores - np.logaddexp.reduce(scores, axis=1)[:, None])


def cross_entropy_in_loops(scores, y):
    probabilities = np.array(softmax_in_loops(scores))
    total = 0.0
    for row, label in zip(np.asarray(scores, float).tolist(), y, strict=True):
        highest = max(row)
        total += highest + math.log(math.fsum(math.exp(s - highest) for s in row)) - row[label]
    gradient = probabilities - np.eye(scores.shape[1])[y]
    return [total / len(y), (gradient / len(y)).astype(np.float32)]


def hinge_in_loops(scores, y):
    loss, gradient = 0.0, np.zeros(scores.shape)
    for i, label in enumerate(y):
        for j in range(scores.shape[1]):
            margin = scores[i, j] - scores[i, label] + 1
            if j != label and margin > 0:
                loss += margin
                gradient[i, j] += 1
                gradient[i, label] -= 1
    return np.float64(loss / len(y)), gradient / len(y)


def distances_in_loops(A, B):
    A, B = np.asarray(A, float), np.asarray(B, float)
    return [[math.dist(a, b) for b in B.tolist()] for a in A.tolist()]


def distances_by_a_product(A, B):
    A, B = np.asarray(A, np.float32), np.asarray(B, np.float32)
    squares = (A**2).sum(1)[:, None] - 2 * A @ B.T + (B**2).sum(1)
    return np.sqrt(np.maximum(squares, 0))


def conv_by_einsum(x, w, b, stride, pad):
    framed = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(framed, w.shape[2:], axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]
    return np.einsum("nchwij,fcij->nfhw", windows, w) + b[:, None, None]


def conv_by_shifts(x, w, b, stride, pad):
    framed = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad))).astype(np.float32)
    rows = (framed.shape[2] - w.shape[2]) // stride + 1
    columns = (framed.shape[3] - w.shape[3]) // stride + 1
    out = np.zeros((len(w), len(x), rows, columns))
    for i in range(w.shape[2]):
        for j in range(w.shape[3]):
            part = framed[:, :, i : i + rows * stride : stride, j : j + columns * stride : stride]
            out += np.tensordot(w[:, :, i, j], part[:, :, :rows, :columns], axes=(1, 1))
    return (out + b[:, None, None, None]).swapaxes(0, 1)


def max_pool_in_loops(x, window, stride):
    rows = (x.shape[2] - window[0]) // stride + 1
    columns = (x.shape[3] - window[1]) // stride + 1
    return [
        [
            [
                [
                    float(
                        max(
                            map(
                                max,
                                image[
                                    i * stride : i * stride + window[0],
                                    j * stride : j * stride + window[1],
                                ],
                            )
                        )
                    )
                    for j in range(columns)
                ]
                for i in range(rows)
            ]
            for image in images
        ]
        for images in x
    ]


def batch_norm_in_loops(x, gamma, beta):
    columns = []
    for values, scale, shift in zip(x.T.tolist(), gamma, beta, strict=True):
        mean = math.fsum(values) / len(values)
        variance = math.fsum((value - mean) ** 2 for value in values) / len(values)
        root = math.sqrt(variance + 1e-5)
        columns.append([scale * (value - mean) / root + shift for value in values])
    return np.array(columns).T


def adam_with_the_correction_in_the_rate(x, dx, state, learning_rate):
    m, v, t = (0 * x, 0 * x, 0) if state is None else state
    t += 1
    m, v = 0.9 * m + 0.1 * dx, 0.99 * v + 0.01 * dx**2
    rate = learning_rate * math.sqrt(1 - 0.99**t) / (1 - 0.9**t)
    return x - rate * m / (np.sqrt(v) + 1e-10), [m, v, t]


def relu_by_a_mask(x):
    return x * (x > 0)


STYLES = [
    (softmax_in_loops, "softmax", "softmax("),
    (softmax_by_logarithms, "softmax", "softmax("),
    (cross_entropy_in_loops, "cross_entropy", "loss("),
    (hinge_in_loops, "hinge", "hinge(scores (N, C), y (N,)) "),
    (distances_in_loops, "distances", "distances("),
    (distances_by_a_product, "distances", "distances("),
    (distances_by_a_product, "distances", "l2_distances("),
    (conv_by_einsum, "convolution", "forward("),
    (conv_by_shifts, "convolution", "forward("),
    (max_pool_in_loops, "pooling", "max: pool("),
    (batch_norm_in_loops, "batch_norm", "forward("),
    (adam_with_the_correction_in_the_rate, "optimizers", "Adam: update("),
    (adam_with_the_correction_in_the_rate, "optimizers", "any update("),
    (adam_with_the_correction_in_the_rate, "optimizers", "AdaGrad, RMSProp or Adam: update("),
    (relu_by_a_mask, "activations", "relu("),
]


def laws(family, needs):
    """The properties of a family that need this function and no other."""
    return [
        law
        for law in PROPERTIES.values()
        if law.family == family and law.needs.startswith(needs) and ";" not in law.needs
    ]


@pytest.mark.parametrize(
    ("function", "family", "needs"), STYLES, ids=[f"{s[0].__name__}-{s[2]}" for s in STYLES]
)
def test_a_right_answer_in_another_style_is_accepted(function, family, needs):
    found = [law for law in laws(family, needs) if " and backward(" not in law.needs]
    assert found

    for law in found:

        @settings(
            max_examples=12,
            deadline=None,
            database=None,
            derandomize=True,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        @given(case=law.cases())
        def run(case):
            law(function, *case)  # noqa: B023 - called before the loop goes on

        run()
