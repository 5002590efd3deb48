"""A small assignment and small submissions for the tests of the whole path."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

MANIFEST = """
id = "small"
version = "1"
title.en = "Small"
title.fa = "کوچک"
seed = 7

[submission]
files = ["small.py", "small.ipynb"]
names = ["double", "mean"]

[limits]
call_seconds = 2.0
load_seconds = 2.0

[[questions]]
id = "q1"
title.en = "First"
title.fa = "یک"

[[questions]]
id = "q2"
title.en = "Second"
title.fa = "دو"
"""

CHECKS = '''
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.checks import check_value


@pytest.mark.points(2, question="q1")
def test_double(student):
    """Doubling 3 gives 6.

    fa: دو برابر ۳ می‌شود ۶.
    hint: Multiply by two.
    """
    check_value(student.double(3.0), 6.0)


@pytest.mark.points(3, question="q1", requires=["test_double"])
@given(x=st.integers(-1000, 1000))
def test_double_of_any_number(student, x):
    """Doubling works for every number."""
    check_value(student.double(float(x)), 2.0 * x)


@pytest.mark.points(5, question="q2", visibility="hidden")
def test_mean(student, rng):
    """The mean of an array."""
    values = rng.normal(size=5)
    check_value(student.mean(values), values.mean())
'''

RIGHT = """
import numpy as np

def double(x):
    return 2 * x

def mean(values):
    return np.mean(values)
"""


@pytest.fixture
def make_assignment(tmp_path):
    """Writes an assignment; `checks` and `manifest` replace the small one's."""

    def make(checks: str = CHECKS, manifest: str = MANIFEST, name: str = "small") -> Path:
        root = tmp_path / name
        (root / "checks").mkdir(parents=True)
        (root / "assignment.toml").write_text(manifest, encoding="utf-8")
        (root / "checks" / "test_small.py").write_text(textwrap.dedent(checks), encoding="utf-8")
        return root

    return make


@pytest.fixture
def small(make_assignment):
    """The folder of the small assignment."""
    return make_assignment()


@pytest.fixture
def right():
    """A submission that gets full marks."""
    return RIGHT


@pytest.fixture
def make_class(tmp_path):
    """Writes a class folder from file names and their content."""

    def make(files: dict[str, str | bytes], name: str = "class") -> Path:
        folder = tmp_path / name
        folder.mkdir()
        for file, content in files.items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            data = content if isinstance(content, bytes) else textwrap.dedent(content).encode()
            path.write_bytes(data)
        return folder

    return make


@pytest.fixture
def run(tmp_path):
    """Runs the program as its users do; `CompletedProcess`."""

    def run(*arguments, cwd=None, **options):
        environment = {**os.environ, "COLUMNS": "120", "NO_COLOR": "1"}
        return subprocess.run(
            [sys.executable, "-m", "autograder", *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=240,
            cwd=cwd or tmp_path,
            env=environment,
            **options,
        )

    return run


@pytest.fixture
def results():
    """Reads every result.json of an output folder, times taken out; by the submission's id."""

    def results(output: Path) -> dict[str, dict]:
        return {
            path.parent.name: without_times(json.loads(path.read_bytes()))
            for path in sorted(output.glob("*/result.json"))
        }

    return results


def without_times(document: dict) -> dict:
    """Times are the only thing that may differ between two gradings."""
    assert document.pop("seconds") >= 0
    for check in document["checks"]:
        check.pop("seconds")
    return document
