"""`.py` <-> `.ipynb` for solutions and starters: a cell for each definition, nothing else in it.

A notebook made here has no output, no execution count and no metadata but the kernel's name; ids
of cells come from their place and content, so that the same source makes the same bytes.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import nbformat

from autograder.errors import AssignmentError
from autograder.ipython import has_ipython_syntax, plain_python

_reads: Any = nbformat.reads  # it has no types

_HEADING = re.compile(r"#[ \t]*[-=#]{3,}[ \t]*(.*?)[ \t]*[-=#]*$")


@dataclass(frozen=True)
class Cell:
    """One cell: its kind and what stands in it."""

    kind: Literal["code", "markdown"]
    source: str


def cells_of_python(code: str) -> list[Cell]:
    """A file's cells: its docstring, headings, imports, and each definition with its text."""
    tree = ast.parse(code)
    lines = code.split("\n")
    cells: list[Cell] = []
    loose: list[str] = []

    def flush() -> None:
        for cell in _loose_cells(loose):
            cells.append(cell)
        loose.clear()

    position = 0
    body = tree.body
    if docstring := ast.get_docstring(tree):
        cells.append(Cell("markdown", _titled(docstring)))
        position = body[0].end_lineno or 0
        body = body[1:]
    for statement in body:
        first, last = _span(statement)
        loose += lines[position : first - 1]
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            attached = _attached_comments(loose)
            flush()
            cells += _definition(statement, [*attached, *lines[first - 1 : last]])
        else:
            loose += lines[first - 1 : last]
        position = last
    loose += lines[position:]
    flush()
    return cells


def python_of_cells(cells: Sequence[Cell]) -> str:
    """One file: code cells as they stand, markdown cells and magics as comments.

    The text right before a definition with a docstring is left out: the docstring says it.
    """
    parts: list[str] = []
    for index, cell in enumerate(cells):
        if cell.kind == "code":
            parts.append(without_magics(cell.source).strip("\n"))
        elif index == 0:
            escaped = cell.source.strip().replace("\\", "\\\\").replace('"""', '\\"""')
            parts.append(f'"""{escaped.removeprefix("# ")}\n"""')
        elif not _repeats_docstring(cell, cells[index + 1 : index + 2]):
            parts.append("\n".join(f"# {line}".rstrip() for line in cell.source.split("\n")))
    return "\n\n\n".join(part for part in parts if part.strip()) + "\n"


def without_magics(source: str) -> str:
    """A code cell for a file: what only a notebook understands stands there as a comment."""
    if not has_ipython_syntax(source):
        return source
    lines, plain = source.split("\n"), plain_python(source).code.split("\n")
    if len(plain) < len(lines):  # a cell magic such as %%bash: nothing of it is Python
        return "\n".join(f"# {line}".rstrip() for line in lines)
    return "\n".join(
        f"# {line}" if new != line and new in ("pass", "") else new
        for line, new in zip(lines, plain, strict=True)
    )


def write_notebook(cells: Sequence[Cell]) -> bytes:
    """The notebook's bytes: nbformat 4.5, valid, without outputs."""
    made = [_notebook_cell(index, cell) for index, cell in enumerate(cells)]
    notebook: dict[str, Any] = {
        "cells": made,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    nbformat.validate(notebook)
    return json.dumps(notebook, ensure_ascii=False, indent=1).encode() + b"\n"


def read_notebook(path: Path) -> list[Cell]:
    """The code and markdown cells of an instructor's notebook.

    Raises `AssignmentError` for what is no notebook.
    """
    return [
        Cell("code" if cell["cell_type"] == "code" else "markdown", cell["source"])
        for cell in load_notebook(path)["cells"]
        if cell["cell_type"] in ("code", "markdown") and cell["source"].strip()
    ]


def load_notebook(path: Path) -> Any:
    """An instructor's notebook in format 4. Raises `AssignmentError`."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise AssignmentError(f"{path}: cannot be read: {error.strerror}") from None
    try:
        notebook = _reads(raw.decode("utf-8-sig"), as_version=4)
        for cell in notebook["cells"]:
            cell["source"] = str(cell["source"]).replace("\r\n", "\n").replace("\r", "\n")
    except Exception as error:
        words = " ".join(str(error).split())[:160] or type(error).__name__
        raise AssignmentError(
            f"{path}: not a Jupyter notebook ({words}); save it in Jupyter and try again"
        ) from None
    return notebook


def _notebook_cell(index: int, cell: Cell) -> dict[str, Any]:
    name = hashlib.sha256(f"{index}\0{cell.kind}\0{cell.source}".encode()).hexdigest()[:12]
    made: dict[str, Any] = {
        "cell_type": cell.kind,
        "id": name,
        "metadata": {},
        "source": cell.source.strip("\n").splitlines(keepends=True),
    }
    if cell.kind == "code":
        made |= {"execution_count": None, "outputs": []}
    return made


def _span(statement: ast.stmt) -> tuple[int, int]:
    """First and last line, decorators included."""
    decorators = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(each.lineno for each in decorators)])
    return first, statement.end_lineno or statement.lineno


def _definition(
    statement: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, lines: list[str]
) -> Iterator[Cell]:
    docstring = ast.get_docstring(statement)
    text = f"### `{statement.name}`"
    if docstring:
        text += f"\n\n{_as_markdown(docstring)}"
    yield Cell("markdown", text)
    yield Cell("code", "\n".join(lines))


def _as_markdown(docstring: str) -> str:
    """A docstring with its formulas kept as they are: the title, then the rest as a block."""
    title, _, rest = inspect.cleandoc(docstring).partition("\n")
    rest = rest.strip("\n")
    return f"{title}\n\n```text\n{rest}\n```" if rest else title


def _titled(docstring: str) -> str:
    title, _, rest = docstring.partition("\n")
    return f"# {title.rstrip('.')}\n{rest}".rstrip()


def _attached_comments(loose: list[str]) -> list[str]:
    """The comment lines right above a definition, taken out of `loose`."""
    attached: list[str] = []
    while loose and loose[-1].startswith("#") and not _HEADING.match(loose[-1]):
        attached.insert(0, loose.pop())
    return attached


def _loose_cells(lines: Sequence[str]) -> Iterator[Cell]:
    """What stands between definitions: headings become text, the rest code."""
    code: list[str] = []
    for line in lines:
        heading = _HEADING.match(line)
        if heading is None:
            code.append(line)
            continue
        yield from _code_cell(code)
        code = []
        if heading.group(1):
            yield Cell("markdown", f"## {heading.group(1)}")
    yield from _code_cell(code)


def _code_cell(lines: Sequence[str]) -> Iterator[Cell]:
    source = "\n".join(lines).strip("\n")
    if source.strip():
        yield Cell("code", source)


def _repeats_docstring(text: Cell, following: Sequence[Cell]) -> bool:
    if not following or following[0].kind != "code":
        return False
    try:
        body = ast.parse(following[0].source).body
    except SyntaxError:
        return False
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return any(
        isinstance(statement, definitions)
        and [Cell("markdown", text.source)] == list(_definition(statement, []))[:1]
        for statement in body
    )
