from __future__ import annotations

import json

import pytest

from autograder.assignment import SubmissionSpec
from autograder.entry import choose_entry
from autograder.errors import SubmissionError

SPEC = SubmissionSpec(names=("f", "g", "K"), files=("hw.py", "hw.ipynb"))
F = b"def f():\n    return 1\n"
FG = F + b"g = 2\n"
OTHER = b"def unrelated():\n    return 1\n"
BROKEN = b"def f(:\n"


def notebook(*cells: str) -> bytes:
    code = [{"cell_type": "code", "source": cell} for cell in cells]
    return json.dumps({"nbformat": 4, "cells": code}).encode()


@pytest.mark.parametrize(
    ("files", "chosen"),
    [
        ({"any.py": F}, "any.py"),
        ({"any.ipynb": notebook("f = 1")}, "any.ipynb"),
        ({"hw.py": F, "more.py": FG}, "hw.py"),
        ({"sub/hw.py": F, "more.py": FG}, "sub/hw.py"),
        ({"HW.PY": F, "more.py": FG}, "HW.PY"),
        ({"Hw.py": F, "hw.py": FG}, "hw.py"),
        ({"a.py": OTHER, "b.py": F}, "b.py"),
        ({"a.py": OTHER, "b.py": F, "c.txt": FG}, "b.py"),
        ({"main.py": F, "__init__.py": b""}, "main.py"),
        ({"hw.py": F, "hw.ipynb": notebook("f = 1", "g = 2")}, "hw.ipynb"),
        ({"hw.py": FG, "hw.ipynb": notebook("from hw import *")}, "hw.py"),
        ({"hw.py": FG, "hw.ipynb": notebook("from hw import f, g\nf()")}, "hw.py"),
        ({"a.py": F, "b.py": FG}, "b.py"),
        ({"a.py": b"import f\n", "b.py": F}, "b.py"),
        ({"a.py": BROKEN, "b.py": F}, "b.py"),
        ({"data.csv": b"1", "b.py": F}, "b.py"),
    ],
)
def test_the_entry_is_the_named_the_only_or_the_fullest_file(
    files: dict[str, bytes], chosen: str
) -> None:
    assert choose_entry(files, SPEC).path == chosen


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "has no `.py` file and no notebook in it. Send `hw.py` or `hw.ipynb`."),
        ({"hw.txt": F}, "has no `.py` file and no notebook in it"),
        ({"a.py": F, "b.py": F}, "More than one file could be the submission: `a.py`, `b.py`"),
        ({"hw.py": F, "hw.ipynb": notebook("f = 1")}, "`hw.py`, `hw.ipynb`. Keep one of them"),
        ({"hw.py": F, "old/hw.py": F}, "`hw.py`, `old/hw.py`"),
        ({"a.py": OTHER, "b.py": OTHER}, "More than one file could be"),
        ({f"{n}.py": F for n in range(20)}, "More than one file could be"),
        ({"a.py": OTHER}, "`a.py` defines none of the names that are graded (`f`, `g`, `K`)"),
        ({"hw.py": OTHER, "b.py": F}, "`hw.py` defines none of the names"),
        ({"a.py": b"# f g K\n"}, "defines none of the names"),
        ({"a.py": b"def outer():\n    f = 1\n"}, "defines none of the names"),
        ({"a.py": BROKEN}, "`a.py`, line 1: Python cannot read this (`"),
        ({"a.py": BROKEN, "b.py": OTHER}, "`a.py`, line 1"),
        ({"sub/a.py": b""}, "`a.py` is empty (0 bytes)"),
        ({"a.ipynb": b""}, "The notebook `a.ipynb` is empty"),
        ({"a.ipynb": notebook("", "  ")}, "The code cells of the notebook `a.ipynb` are empty"),
        ({"a.ipynb": notebook("f = = 1")}, "No cell of the notebook `a.ipynb` can be run. Cell 1"),
        ({"a.ipynb": notebook("x = 1", "def f(:")}, "defines none of the names"),
        ({"a.ipynb": notebook("x = 1", "def f(:")}, "Cell 2 does not parse (line 1: `"),
    ],
)
def test_no_clear_entry_is_refused_with_what_to_do(files: dict[str, bytes], message: str) -> None:
    with pytest.raises(SubmissionError) as caught:
        choose_entry(files, SPEC)
    assert message in caught.value.message["en"]
    assert caught.value.message["fa"] != caught.value.message["en"]


def test_some_missing_names_are_fine_and_a_star_import_may_bring_them() -> None:
    assert choose_entry({"a.py": b"class K:\n    pass\n"}, SPEC).path == "a.py"
    assert choose_entry({"a.py": b"from helper import *\n"}, SPEC).path == "a.py"
    assert choose_entry({"a.py": b"from helper import f\n"}, SPEC).path == "a.py"


def test_without_expected_names_the_only_file_is_taken_and_two_are_too_many() -> None:
    anything = SubmissionSpec()
    assert choose_entry({"a.py": OTHER}, anything).path == "a.py"
    with pytest.raises(SubmissionError, match=r"Keep one of them: `.py` or `.ipynb`"):
        choose_entry({"a.py": F, "b.py": OTHER}, anything)


def test_a_choice_and_a_file_that_could_not_be_read_are_noted() -> None:
    entry = choose_entry({"a.py": BROKEN, "b.py": F, "c.py": FG}, SPEC)
    first, second = entry.notes
    assert first["en"].startswith("`c.py` was graded: of the files sent")
    assert second["en"].startswith("`a.py`, line 1: Python cannot read this")


def test_a_long_list_of_names_is_shortened() -> None:
    spec = SubmissionSpec(names=tuple(f"name_{n}" for n in range(30)))
    with pytest.raises(SubmissionError, match=r"`name_5`, …\)"):
        choose_entry({"a.py": OTHER}, spec)


def test_an_exported_notebook_runs_without_ipython() -> None:
    entry = choose_entry({"a.py": b"get_ipython().run_line_magic('pylab', '')\nf = 1\n"}, SPEC)
    assert entry.sources[0].code == "pass\nf = 1\n"
