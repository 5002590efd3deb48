"""A solution in every form in which a student may hand it in, and a slow one."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from autograder.assignment import Assignment
from autograder.authoring.notebooks import (
    cells_of_python,
    python_of_cells,
    read_notebook,
    write_notebook,
)
from autograder.authoring.release import zip_files
from autograder.authoring.solution import Solution

SLOWER = 0.01
"""Seconds that each call of the slow form takes longer."""

_SLOW = """

def _slower(function):
    import functools
    import time

    @functools.wraps(function)
    def waits(*arguments, **keywords):
        time.sleep({seconds})
        return function(*arguments, **keywords)

    return waits


for _name in {names!r}:
    _value = globals().get(_name)
    if isinstance(_value, type):
        for _method, _function in list(vars(_value).items()):
            if callable(_function) and not _method.startswith("__"):
                setattr(_value, _method, _slower(_function))
    elif callable(_value):
        globals()[_name] = _slower(_value)
"""


def write_forms(solution: Solution, folder: Path) -> dict[str, Path]:
    """The solution as `.py`, `.ipynb`, `.zip`, folder and with CRLF line ends; form -> path."""
    stem = solution.path.stem
    folder.mkdir(parents=True)
    forms: dict[str, Path] = {}

    def place(form: str, name: str, data: bytes) -> None:
        path = folder / form / name
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
        forms[form] = path

    if not solution.single:
        files = {
            path.relative_to(solution.folder).as_posix(): path.read_bytes()
            for path in solution.files
        }
        place("zip", f"{stem}.zip", zip_files(stem, files))
        forms["folder"] = _copied(solution.folder, folder / "folder")
        forms["crlf"] = _copied(solution.folder, folder / "crlf", change=_with_crlf)
        return forms
    python, notebook = both_forms(solution)
    place("py", f"{stem}.py", python)
    place("ipynb", f"{stem}.ipynb", notebook)
    place("zip", f"{stem}.zip", zip_files(stem, {f"{stem}.py": python}))
    place("crlf", f"{stem}.py", _with_crlf(python))
    place("folder/homework", f"{stem}.py", python)
    forms["folder"] = forms.pop("folder/homework").parent.parent
    return forms


def both_forms(solution: Solution) -> tuple[bytes, bytes]:
    """A one-file solution as `.py` and as `.ipynb`."""
    path = solution.path
    if path.suffix == ".py":
        python = path.read_bytes()
        text = python.decode("utf-8-sig").replace("\r\n", "\n")
        return python, write_notebook(cells_of_python(text))
    return python_of_cells(read_notebook(path)).encode(), path.read_bytes()


def write_slow(assignment: Assignment, solution: Solution, folder: Path) -> Path | None:
    """The solution with every graded call slower by `SLOWER`.

    None for several files that are no package: nobody knows which defines what.
    """
    if assignment.submission.package is not None:
        return _slow_package(assignment.submission.names, solution, folder)
    if not solution.single:
        return None
    folder.mkdir(parents=True)
    path = folder / f"{solution.path.stem}.py"
    python = both_forms(solution)[0].decode("utf-8-sig")
    names = list(assignment.submission.names)
    path.write_text(python + _SLOW.format(seconds=SLOWER, names=names), encoding="utf-8")
    return path


def _slow_package(names: Sequence[str], solution: Solution, folder: Path) -> Path:
    copied = _copied(solution.folder, folder)
    for path in copied.rglob("*.py"):
        module = ".".join(path.relative_to(copied).with_suffix("").parts)
        own = [name.rpartition(".")[2] for name in names if name.rpartition(".")[0] == module]
        with path.open("a", encoding="utf-8") as file:
            file.write(_SLOW.format(seconds=SLOWER, names=own))
    return copied


def _with_crlf(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _copied(source: Path, target: Path, change: Callable[[bytes], bytes] | None = None) -> Path:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    if change is not None:
        for path in target.rglob("*.py"):
            path.write_bytes(change(path.read_bytes()))
    return target
