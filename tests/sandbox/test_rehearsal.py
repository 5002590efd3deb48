"""The rehearsal before the first subject."""

from __future__ import annotations

import linecache
import os
import sys

import numpy as np
import pytest
from numpy.random import bit_generator

from autograder.sandbox import protocol, rehearsal
from autograder.sandbox.worker import Worker


def test_it_leaves_the_process_as_it_was():
    entropy = bit_generator.randbits
    before = (sys.stdout, sys.stderr, list(sys.path), os.getcwd(), set(sys.modules))
    descriptors = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    rehearsal.rehearse.__wrapped__()
    assert before == (sys.stdout, sys.stderr, list(sys.path), os.getcwd(), set(sys.modules))
    assert bit_generator.randbits is entropy
    assert not any("rehearsal>" in name for name in linecache.cache)
    if descriptors:
        assert len(os.listdir("/proc/self/fd")) == descriptors


def test_every_request_is_answered_as_it_is_meant(monkeypatch):
    statuses = []
    answer = Worker.run

    def run(worker, call):
        status, content = answer(worker, call)
        statuses.append((call[2] if call[0] == protocol.CALL else call[0], status))
        return status, content

    monkeypatch.setattr(Worker, "run", run)
    monkeypatch.setattr(rehearsal, "_ROUNDS", 1)
    rehearsal.rehearse.__wrapped__()
    raised = [name for name, status in statuses if status != protocol.OK]
    assert raised == ["fails"]
    assert [name for name, _ in statuses][:4] == [
        protocol.PLACE,
        protocol.LOAD,
        protocol.SEED,
        "affine_forward",
    ]


def test_the_answers_of_a_round_fit_into_a_pipe(monkeypatch):
    size = 0
    write = protocol.write_all

    def count(descriptor, parts):
        nonlocal size
        size += sum(memoryview(part).nbytes for part in parts)
        write(descriptor, parts)

    monkeypatch.setattr(protocol, "write_all", count)
    monkeypatch.setattr(rehearsal, "_ROUNDS", 1)
    rehearsal.rehearse.__wrapped__()
    assert 0 < size < 64 * 1024


def test_the_small_example_is_right():
    names: dict[str, object] = {}
    exec(rehearsal._SOURCE, names)
    scores, y = np.array([[3.2, 5.1, -1.7]]), np.array([0])
    loss, _ = names["svm_loss"](scores, y)
    assert loss == pytest.approx(2.9)
    loss, gradient = names["softmax_loss"](scores, y)
    assert loss == pytest.approx(2.0404, abs=1e-3)
    assert gradient.sum() == pytest.approx(0, abs=1e-12)
