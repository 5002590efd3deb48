"""nbgrader's source notebooks: what its cell metadata and markers mean to us.

Cell metadata `nbgrader` of schemas 1 to 3: `grade`, `solution`, `locked`, `points`, `grade_id`,
`task`. A cell that grades and is no solution holds tests; one that is both is graded by hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.authoring.imported import Imported, ImportedTest, question_id
from autograder.authoring.notebooks import Cell, load_notebook
from autograder.authoring.solved_cells import is_unsolved, marked
from autograder.errors import AssignmentError

_HIDDEN = re.compile(r"[ \t]*#+[ \t]*(BEGIN|END)[ \t]+HIDDEN[ \t]+TESTS\b", re.IGNORECASE)
_SCHEME = re.compile(
    r"[^\n]*BEGIN[ \t]+MARK[ \t]+SCHEME.*?END[ \t]+MARK[ \t]+SCHEME[^\n]*",
    re.DOTALL | re.IGNORECASE,
)


def read_nbgrader(path: Path) -> Imported:
    """What an nbgrader source notebook holds. Raises `AssignmentError`."""
    notebook = load_notebook(path)
    imported = Imported()
    taken: set[str] = set()
    seen = False
    for number, cell in enumerate(notebook["cells"], start=1):
        meta = cell.get("metadata", {}).get("nbgrader")
        meta = meta if isinstance(meta, Mapping) else {}
        seen = seen or bool(meta)
        name = _name(meta, number, taken, imported)
        if cell["cell_type"] == "code":
            _code(cell["source"], meta, name, imported)
        elif cell["cell_type"] == "raw":
            imported.say_raw(cell)
        elif cell["cell_type"] == "markdown":
            imported.say_attachments(cell)
            _markdown(cell["source"], meta, name, imported)
    if not seen:
        raise AssignmentError(
            f"{path}: no cell in it has nbgrader's metadata; give the source notebook, in which "
            "the cells' types were set in nbgrader's toolbar"
        )
    return imported


def _name(meta: Mapping[str, Any], number: int, taken: set[str], imported: Imported) -> str:
    if not meta:
        return f"cell-{number}"
    name = str(meta.get("grade_id") or f"cell-{number}")
    if name in taken:
        imported.lost.append(f"two cells have the grade_id {name}; the second is {name}-{number}")
        name = f"{name}-{number}"
    taken.add(name)
    return name


def _points(meta: Mapping[str, Any]) -> float:
    """The points of a cell; older schemas wrote them as text."""
    try:
        points = float(meta.get("points") or 0)
    except (TypeError, ValueError):
        return 0.0
    return points if points >= 0 else 0.0


def _code(source: str, meta: Mapping[str, Any], name: str, imported: Imported) -> None:
    grade, solution = bool(meta.get("grade")), bool(meta.get("solution"))
    if not source.strip():
        if grade:
            imported.lost.append(f"{name}: the cell is empty")
        return
    if grade and not solution:
        imported.tests += _tests(source, name, _points(meta), imported)
        return
    if solution:
        if is_unsolved(source):
            imported.lost.append(f"{name}: no solution in it; write it between the markers")
        if grade:
            imported.lost.append(
                f"{name}: {_points(meta):g} points given by hand; there is no check for it"
            )
        imported.solved.append(source)
        imported.cells.append(Cell("code", marked(source)))
        return
    imported.given.append(source)
    imported.cells.append(Cell("code", source))


def _markdown(source: str, meta: Mapping[str, Any], name: str, imported: Imported) -> None:
    if meta.get("task"):
        imported.lost.append(f"{name}: a task of {_points(meta):g} points, marked by hand")
    if meta.get("solution"):
        imported.lost.append(
            f"{name}: a written answer of {_points(meta):g} points, marked by hand; the model "
            "answer was left out"
        )
        imported.cells.append(Cell("markdown", "*Your answer*"))
        return
    shown, schemes = _SCHEME.subn("", source)
    if schemes:
        imported.lost.append(f"{name}: its marking scheme was left out")
    if shown.strip():
        imported.cells.append(Cell("markdown", shown.strip()))
        imported.texts.append(shown.strip())


def _tests(source: str, name: str, points: float, imported: Imported) -> list[ImportedTest]:
    """One test, or two where a part of the cell is hidden from students."""
    visible: list[str] = []
    hidden: list[str] = []
    inside = False
    for line in source.split("\n"):
        if found := _HIDDEN.match(line):
            inside = found[1].upper() == "BEGIN"
            continue
        (hidden if inside else visible).append(line)
    question = question_id(name)
    whole = "\n".join(visible).strip("\n")
    if not any(line.strip() for line in hidden):
        return [ImportedTest(name, whole, points, question)]
    # what stands above may be needed below: the hidden check does both
    everything = "\n".join(line for line in source.split("\n") if not _HIDDEN.match(line))
    if not _asserts(whole):
        return [ImportedTest(name, everything, points, question, hidden=True)]
    imported.lost.append(
        f"{name}: its {points:g} points are shared in halves by the tests that students see and "
        "the hidden ones"
    )
    return [
        ImportedTest(name, whole, points / 2, question),
        ImportedTest(name, everything, points / 2, question, hidden=True),
    ]


def _asserts(code: str) -> bool:
    return bool(re.search(r"^\s*(assert|raise|[\w.]*assert\w*\()", code, re.MULTILINE))
