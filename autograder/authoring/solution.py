"""The instructor's one source: the solution of an assignment, and the starter made from it."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from autograder.assignment import Assignment
from autograder.authoring.markers import Split, split_solution
from autograder.authoring.notebooks import (
    Cell,
    cells_of_python,
    python_of_cells,
    read_notebook,
    without_magics,
    write_notebook,
)
from autograder.errors import AssignmentError
from autograder.tree import is_ignored

FOLDER = "solution"
_CODE = (".py", ".ipynb")


@dataclass(frozen=True)
class Solution:
    """The solution as it lies in the assignment's folder."""

    folder: Path
    files: tuple[Path, ...]

    @property
    def single(self) -> bool:
        """Whether one file is all there is, which can have both forms."""
        return len(self.files) == 1 and self.files[0].parent == self.folder

    @property
    def path(self) -> Path:
        """What is graded: the file, or the folder where there are several."""
        return self.files[0] if self.single else self.folder


@dataclass(frozen=True)
class Starter:
    """What a student starts from, and what was taken out of it."""

    files: dict[str, bytes]
    """By path in the release."""
    solved: tuple[str, ...]
    """The lines of the solution that no student may see."""
    shown: str
    """All code that stays, to know what is no secret."""


def find_solution(assignment: Assignment) -> Solution:
    """The solution's file or files. Raises `AssignmentError` where there is none, or two."""
    folder = assignment.root / FOLDER
    if not folder.is_dir() and not assignment.submission.needs_code:
        raise AssignmentError(
            f"{assignment.root}: it asks questions and no code, so there is no starter; "
            "`autograder questions` makes the sheets that students get"
        )
    if not folder.is_dir():
        raise AssignmentError(f"{assignment.root}: no folder {FOLDER}; put the solution there")
    files = tuple(
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix in _CODE
        and path.is_file()
        and not any(is_ignored(part) for part in path.relative_to(folder).parts)
    )
    if not files:
        raise AssignmentError(f"{folder}: no .py and no .ipynb in it; the solution lives there")
    stems = [path.relative_to(folder).with_suffix("") for path in files]
    for index, stem in enumerate(stems):
        if stem in stems[:index]:
            raise AssignmentError(
                f"{folder}: {stem}.py and {stem}.ipynb; keep one, `release` makes the other"
            )
    return Solution(folder, files)


def make_starter(assignment: Assignment, solution: Solution) -> Starter:
    """The starter in every form. Raises `AssignmentError` where a marker or the syntax is wrong."""
    parts = [_starter_of(path, solution) for path in solution.files]
    files: dict[str, bytes] = {}
    for part in parts:
        files |= part.files
    starter = Starter(
        files,
        tuple(line for part in parts for line in part.solved),
        "\n".join(part.shown for part in parts),
    )
    if not starter.solved:
        raise AssignmentError(
            f"{solution.path}: no ### BEGIN SOLUTION in it, so the starter would be the solution; "
            "put ### BEGIN SOLUTION and ### END SOLUTION around what students write"
        )
    return starter


def _starter_of(path: Path, solution: Solution) -> Starter:
    name = PurePosixPath(path.relative_to(solution.folder).as_posix())
    if path.suffix == ".py":
        split = split_solution(_text(path), str(path))
        _parse(split.starter, path)
        files = {str(name): split.starter.encode()}
        if solution.single:
            files[str(name.with_suffix(".ipynb"))] = write_notebook(cells_of_python(split.starter))
        return Starter(files, split.solved, split.starter)
    cells, solved = split_cells(read_notebook(path), str(path))
    files = {str(name): write_notebook(cells)}
    code = "\n".join(without_magics(cell.source) for cell in cells if cell.kind == "code")
    if solution.single:
        python = python_of_cells(cells)
        _parse(python, path)
        files[str(name.with_suffix(".py"))] = python.encode()
    return Starter(files, solved, code)


def split_cells(cells: list[Cell], where: str) -> tuple[list[Cell], tuple[str, ...]]:
    """The starter's cells and the lines taken out, for a solution that is a notebook."""
    kept: list[Cell] = []
    solved: list[str] = []
    for number, cell in enumerate(cells, start=1):
        if cell.kind == "markdown":
            kept.append(cell)
            continue
        split: Split = split_solution(cell.source, f"{where}, cell {number}")
        solved += split.solved
        kept.append(replace(cell, source=split.starter))
    return kept, tuple(solved)


def solution_code(solution: Solution) -> str:
    """All code of the solution, as one text."""
    return "\n".join(
        _text(path)
        if path.suffix == ".py"
        else "\n\n".join(
            without_magics(cell.source) for cell in read_notebook(path) if cell.kind == "code"
        )
        for path in solution.files
    )


def _text(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AssignmentError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _parse(code: str, path: Path) -> None:
    try:
        ast.parse(code)
    except SyntaxError as error:
        raise AssignmentError(
            f"{path}: the starter made from it does not parse (line {error.lineno}: {error.msg}); "
            "set the markers around whole statements"
        ) from None
