"""Notebooks as students hand them in: cells moved, doubled, left out."""

import json

import pytest

from autograder.assignment import SubmissionSpec
from autograder.submission import read_submission

SPEC = SubmissionSpec(names=("f", "g", "C"), files=("work.py", "work.ipynb"))
F, G = "def f(x):\n    return x", "def g(x):\n    return f(x)"


@pytest.fixture
def read(tmp_path):
    def read_cells(*cells):
        made = [
            {"cell_type": "code", "metadata": {}, "source": [cell], "outputs": []} for cell in cells
        ]
        path = tmp_path / "work.ipynb"
        path.write_text(json.dumps({"cells": made, "metadata": {}, "nbformat": 4}))
        return read_submission(path, SPEC, id="work")

    return read_cells


def notes(submission):
    return [note["en"] for note in submission.notes]


@pytest.mark.parametrize(
    "cells", [(F, G), (G, F), ("import math", F, "print(1)", G), (f"{F}\n{G}",)]
)
def test_cells_in_any_order_are_read_without_a_note(read, cells):
    assert notes(read(*cells)) == []


def test_a_name_defined_twice_is_said_with_its_cells(read):
    (note,) = notes(read(F, G, F.replace("return x", "return 2 * x")))
    assert note.startswith("`f` is defined more than once (`cell 1`, `cell 3`)")


def test_a_name_defined_twice_in_a_file_is_said_with_its_lines(tmp_path):
    path = tmp_path / "work.py"
    path.write_text(f"{F}\n\n\n{G}\n\n\nclass C:\n    pass\n\n\n{F}\n\n\nclass C:\n    pass\n")
    submission = read_submission(path, SPEC, id="work")
    first, second = sorted(notes(submission))
    assert "`C` is defined more than once (`work.py:9`, `work.py:17`)" in first
    assert "`f` is defined more than once (`work.py:1`, `work.py:13`)" in second
    assert all("بیش از یک بار" in note["fa"] for note in submission.notes)


@pytest.mark.parametrize(
    "code",
    [
        "def helper(): pass\ndef helper(): pass\n" + F,
        "if True:\n    def f(x): pass\nelse:\n    def f(x): pass\n",
        "class C:\n    def f(self): pass\n    def f(self, x): pass\n",
        "from functools import singledispatch\n@singledispatch\ndef f(x): pass\n"
        "@f.register\ndef f(x: int): pass\n",
    ],
)
def test_what_only_looks_double_is_not_said(tmp_path, code):
    path = tmp_path / "work.py"
    path.write_text(code)
    assert notes(read_submission(path, SPEC, id="work")) == []
