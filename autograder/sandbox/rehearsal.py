"""Answer a few requests before the first subject is forked.

Python and numpy settle in as they run: bytecode is specialized, attributes and ufunc loops are
looked up once and kept. A process that has done it before its forks does it once for all of them,
and each subject has fewer pages of memory to copy. Only the code below is run, no submission.
"""

from __future__ import annotations

import contextlib
import functools
import linecache
import os
import sys
from collections.abc import Iterator

import numpy as np
from numpy.random import bit_generator

from autograder.sandbox import codec, protocol
from autograder.sandbox.worker import Worker

_ROUNDS = 12
_LABEL = "<rehearsal>"
_NONCE = bytes(16)

_SOURCE = '''
"""What submissions usually hold, in small."""
import numpy as np


def affine_forward(x, w, b):
    out = x.reshape(x.shape[0], -1).dot(w) + b
    return out, (x, w, b)


def affine_backward(dout, cache):
    x, w, b = cache
    rows = x.reshape(x.shape[0], -1)
    return (dout @ w.T).reshape(x.shape), rows.T @ dout, np.sum(dout, axis=0)


def softmax_loss(scores, y, reg=0.0):
    N = scores.shape[0]
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    exp = np.exp(shifted)
    probs = exp / exp.sum(axis=1, keepdims=True)
    loss = -np.log(probs[np.arange(N), y]).mean() + reg * np.sum(scores * scores)
    dx = probs.copy()
    dx[np.arange(N), y] -= 1
    dx /= N
    return loss, dx + 2 * reg * scores


def svm_loss(scores, y):
    margins = np.maximum(0, scores - scores[range(len(y)), y][:, np.newaxis] + 1.0)
    margins[np.arange(len(y)), y] = 0
    mask = np.zeros_like(margins)
    mask[margins > 0] = 1
    for i in range(len(y)):
        mask[i, y[i]] = -np.count_nonzero(mask[i])
    return float(np.sum(margins)) / len(y), np.where(mask != 0, mask, 0.0) / len(y)


class Layer:
    def __init__(self, size):
        self.params = {"W": np.random.randn(size, size), "b": np.zeros(size)}

    def forward(self, x):
        return np.tanh(np.sqrt(np.abs(x)) @ self.params["W"] + self.params["b"])


def fails(x):
    raise ValueError("an example")
'''


@functools.cache
def rehearse() -> None:
    """Answer some rounds of trusted requests in this process, once; it leaves nothing but speed."""
    with _as_before():
        for _ in range(_ROUNDS):
            _round()


def _round() -> None:
    requests, questions = os.pipe()
    answers, replies = os.pipe()
    try:
        for calls in _requests():
            protocol.write_all(questions, protocol.frame(codec.encode(calls), _NONCE))
        os.close(questions)
        Worker(requests, replies, folder=os.getcwd(), output_bytes=1000).serve()
    finally:
        for descriptor in (requests, answers, replies):
            os.close(descriptor)


def _requests() -> Iterator[list[protocol.RequestedCall]]:
    """Together with their answers they fit into a pipe."""
    x, w, b = np.linspace(-1, 1, 12).reshape(4, 3), np.ones((3, 3)), np.zeros(3)
    y = np.array([0, 2, 1, 1])
    yield [
        (protocol.PLACE, {}),
        (protocol.LOAD, "rehearsal", "rehearsal.py", [(_LABEL, _SOURCE)], [], None, None),
    ]
    yield [(protocol.SEED, 1)]
    yield [(protocol.CALL, None, "affine_forward", [x, w, b], {}, False)]
    yield [
        (protocol.CALL, None, "affine_backward", [x, (x, w, b)], {}, False),
        (protocol.CALL, None, "softmax_loss", [x, y], {"reg": 0.1}, False),
        (protocol.CALL, None, "svm_loss", [x, y], {}, False),
    ]
    yield [(protocol.CALL, None, "Layer", [3], {}, True)]
    yield [(protocol.CALL, 0, "forward", [x], {}, False), (protocol.GET, 0, "params", False)]
    yield [(protocol.CALL, None, "fails", [x], {}, False)]


@contextlib.contextmanager
def _as_before() -> Iterator[None]:
    """Put back what loading and seeding change in a process."""
    entropy = bit_generator.randbits  # type: ignore[attr-defined]
    streams = sys.stdout, sys.stderr
    try:
        yield
    finally:
        sys.stdout, sys.stderr = streams
        bit_generator.randbits = entropy  # type: ignore[attr-defined]
        sys.modules.pop("rehearsal", None)
        linecache.cache.pop(_LABEL, None)
