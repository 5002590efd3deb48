"""CSV files that a spreadsheet opens without running anything in them.

A cell that begins as a formula does (`=`, `+`, `-`, `@`, tab, carriage return) is put behind an
apostrophe, unless it is a plain number.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from autograder.texts import clean

_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
_MAX_CELL = 30_000  # a spreadsheet's cell holds 32,767 characters


def csv_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The table as UTF-8 with a byte order mark, which spreadsheets need for Persian."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([safe_cell(name) for name in header])
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
    return stream.getvalue().encode("utf-8-sig")


def safe_cell(value: object) -> str:
    """`value` as text that no spreadsheet takes for a formula."""
    shown = "" if value is None else clean(str(value), limit=_MAX_CELL)
    if _FORMULA.match(shown) and not _NUMBER.fullmatch(shown):
        return "'" + shown
    return shown
