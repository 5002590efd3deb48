"""A Jupyter notebook -> the code of its cells, in order; nothing is executed.

Only cell types and sources are decoded (formats 2 to 4). Outputs, which make up most of a notebook
and may hold anything, are skipped as bytes: `nbformat.reads` builds and validates every one of
them, which takes ten times the memory of the file.
"""

from __future__ import annotations

import ast
import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from autograder.errors import SubmissionError
from autograder.ipython import PlainCell, has_ipython_syntax, plain_python
from autograder.records import Source
from autograder.source import (
    MAX_CODE_CHARACTERS,
    Definitions,
    SyntaxProblem,
    defined_names,
    parse,
)
from autograder.texts import Text, text
from autograder.tree import safe_parts, shown

_MAX_CELLS = 2000
_MAX_NOTES = 20

# What Python's json module and browsers write into outputs, and JSON does not have.
_LENIENT = re.compile(rb'"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b', re.DOTALL)
_ESCAPE = re.compile(
    rb"(\\[^u]|\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u(?![dD][89a-fA-F]))"
    rb"|\\u[\da-fA-F]{4}",
    re.DOTALL,
)


_NOTHING = msgspec.Raw(b'""')


class _Cell(msgspec.Struct, gc=False):
    cell_type: str
    source: msgspec.Raw = _NOTHING
    input: msgspec.Raw = _NOTHING
    """The source, in formats 2 and 3."""


class _Worksheet(msgspec.Struct, gc=False):
    cells: list[_Cell] = []


class _Notebook(msgspec.Struct, gc=False):
    nbformat: int
    cells: list[_Cell] = []
    worksheets: list[_Worksheet] = []


@dataclass(frozen=True)
class Cells:
    """What the code cells of a notebook come to."""

    sources: tuple[Source, ...]
    files: dict[str, bytes]
    """What `%%writefile` would have written."""
    notes: tuple[Text, ...]
    defined: Definitions


def read_cells(name: str, data: bytes) -> list[str]:
    """The source of every code cell of the notebook `name`, as it was typed."""
    notebook = _decode(name, _text(name, data))
    _check_format(name, notebook)
    cells = [cell for cell in _all_cells(notebook) if cell.cell_type == "code"]
    if not cells:
        raise SubmissionError(
            text(
                "The notebook `{name}` has no code cells. Send the one with your code in it.",
                name=shown(name),
            )
        )
    return _sources(name, notebook, cells)


def read_all_cells(name: str, data: bytes) -> list[str]:
    """The source of every cell, of code or of text, as it was typed."""
    notebook = _decode(name, _text(name, data))
    _check_format(name, notebook)
    return _sources(name, notebook, _all_cells(notebook))


def _check_format(name: str, notebook: _Notebook) -> None:
    if notebook.nbformat not in (2, 3, 4):
        raise SubmissionError(
            text(
                "`{name}` is in notebook format {format}, and formats 2 to 4 are read. Save it "
                "with a current Jupyter.",
                name=shown(name),
                format=notebook.nbformat,
            )
        )


def _sources(name: str, notebook: _Notebook, cells: Sequence[_Cell]) -> list[str]:
    # what people see must be what is run: format 4 shows `source` alone, the others `input`
    typed = notebook.nbformat < 4
    raw = [cell.input if typed and cell.cell_type == "code" else cell.source for cell in cells]
    # Every character may be escaped as `\\uXXXX`.
    if len(cells) > _MAX_CELLS or sum(map(len, raw)) > 6 * MAX_CODE_CHARACTERS:
        raise _too_much_code(name)
    codes = [_source(name, source) for source in raw]
    if sum(map(len, codes)) > MAX_CODE_CHARACTERS:
        raise _too_much_code(name)
    return codes


def interpret_cells(cells: Sequence[str]) -> Cells:
    """Make the cells plain Python, and pass over those that do not parse, with a note."""
    sources: list[Source] = []
    notes: list[Text] = []
    files: dict[str, bytes] = {}
    defined = Definitions()
    for number, cell in enumerate(cells, start=1):
        plain, tree, problem = _interpreted(cell)
        for target, content in plain.files.items():
            try:
                files["/".join(safe_parts(target))] = content.encode("utf-8", "replace")
            except SubmissionError:
                notes.append(_left_out(number, 1, f"%%writefile {target}"))
        if problem is not None:
            notes.append(_passed_over(number, problem))
            continue
        notes += [_left_out(number, line, what) for line, what in plain.left_out]
        if tree is not None and tree.body:
            sources.append(Source(f"cell {number}", plain.code))
            defined |= defined_names(tree)
    return Cells(tuple(sources), files, _shortened(notes), defined)


def _interpreted(cell: str) -> tuple[PlainCell, ast.Module | None, SyntaxProblem | None]:
    """The cell as it stands where that is Python, else without its IPython syntax."""
    problem: SyntaxProblem | None = None
    for plain in (PlainCell(cell), plain_python(cell)):
        try:
            return plain, parse(plain.code), None
        except SyntaxProblem as error:
            problem = error
        if not has_ipython_syntax(cell):
            break
    return plain, None, problem


def _shortened(notes: list[Text]) -> tuple[Text, ...]:
    if len(notes) <= _MAX_NOTES:
        return tuple(notes)
    more = text("And {count} more notes like these.", count=len(notes) - _MAX_NOTES)
    return (*notes[:_MAX_NOTES], more)


def _passed_over(number: int, problem: SyntaxProblem) -> Text:
    return text(
        "Cell {cell} does not parse (line {line}: `{problem}`) and was passed over; the other "
        "cells are graded. {cause}",
        cell=number,
        line=problem.line,
        problem=problem.problem,
        cause=problem.cause,
    )


def _left_out(number: int, line: int, what: str) -> Text:
    return text(
        "Cell {cell}, line {line}: `{what}` is notebook syntax and was left out.",
        cell=number,
        line=line,
        what=shown(what),
    )


def _text(name: str, data: bytes) -> bytes:
    if not data.strip():
        raise SubmissionError(
            text(
                "The notebook `{name}` is empty. Open it, save it and send it again.",
                name=shown(name),
            )
        )
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _not_a_notebook(name)
    return data.removeprefix(codecs.BOM_UTF8)


def _decode(name: str, data: bytes) -> _Notebook:
    try:
        try:
            return msgspec.json.decode(data, type=_Notebook)
        except (msgspec.ValidationError, RecursionError):
            raise
        except msgspec.DecodeError:
            return msgspec.json.decode(_strict_json(data), type=_Notebook)
    except msgspec.ValidationError:
        raise _not_a_notebook(name) from None
    except RecursionError:
        raise SubmissionError(
            text(
                "The notebook `{name}` is too deeply nested. Clear all outputs, save it and send "
                "it again.",
                name=shown(name),
            )
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _damaged(name, str(error)) from None


def _strict_json(data: bytes) -> bytes:
    """`data` with null for NaN and Infinity, and without half surrogate pairs."""

    def strict(match: re.Match[bytes]) -> bytes:
        token = match[0]
        if not token.startswith(b'"'):
            return b"null"
        return _ESCAPE.sub(lambda escape: escape[0] if escape[1] else b"\\ufffd", token)

    return _LENIENT.sub(strict, data)


def _all_cells(notebook: _Notebook) -> list[_Cell]:
    """The cells of format 4, or those of every worksheet of formats 2 and 3."""
    if notebook.nbformat == 4:
        return notebook.cells
    return [cell for worksheet in notebook.worksheets for cell in worksheet.cells]


def _source(name: str, raw: msgspec.Raw) -> str:
    """A cell's source: a string, or a list of lines that keep their ends."""
    try:
        source = msgspec.json.decode(raw, type=str | list[str])
    except (msgspec.ValidationError, RecursionError):
        raise _not_a_notebook(name) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _damaged(name, str(error)) from None
    joined = source if isinstance(source, str) else "".join(source)
    return joined.replace("\r\n", "\n").replace("\r", "\n")


def _not_a_notebook(name: str) -> SubmissionError:
    return SubmissionError(
        text(
            "`{name}` is not a Jupyter notebook, although its name ends in `.ipynb`. Save the "
            "notebook in Jupyter and send that file.",
            name=shown(name),
        )
    )


def _damaged(name: str, problem: str) -> SubmissionError:
    if "truncated" in problem:
        return SubmissionError(
            text(
                "The notebook `{name}` is cut off: its end is missing. Save it anew and send the "
                "whole file.",
                name=shown(name),
            )
        )
    return SubmissionError(
        text(
            "The notebook `{name}` is damaged (`{problem}`). Open it in Jupyter, save it and send "
            "it again.",
            name=shown(name),
            problem=shown(problem),
        )
    )


def _too_much_code(name: str) -> SubmissionError:
    return SubmissionError(
        text(
            "The notebook `{name}` has more than {cells} code cells or {limit} kB of code. Keep "
            "data in a file of its own.",
            name=shown(name),
            cells=_MAX_CELLS,
            limit=MAX_CODE_CHARACTERS // 1024,
        )
    )
