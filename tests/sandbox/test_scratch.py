"""Folders of subjects: whose they are, and who removes them."""

import os
import tempfile
from pathlib import Path

import pytest

from autograder.sandbox import scratch


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    scratch._sweep.cache_clear()
    yield tmp_path
    scratch._sweep.cache_clear()


def left(place):
    return sorted(path.name for path in place.iterdir())


def test_a_process_that_ended_leaves_nothing_once_its_folders_are_removed(place):
    mine = Path(scratch.make_scratch())
    (mine / "submission").mkdir()
    (mine / "submission" / "file").write_text("x")
    others = ["autograder-1-other", "autograder-x", f"autograder-{os.getpid()}0-b", "a-file"]
    for name in others:
        (place / name).mkdir()
    scratch.remove_scratch(os.getpid())
    assert left(place) == sorted(others)
