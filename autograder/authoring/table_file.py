"""The text of `examples.toml`, row by row: what is not changed stays as it was written."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.errors import AssignmentError

_HEADER = re.compile(r"\[\s*(?P<id>[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')\s*\]\s*(#.*)?")
_KEY = re.compile(r"(?P<key>[A-Za-z0-9_-]+)\s*=")
_LINE = 100


@dataclass
class Block:
    """A row: its header, and what stands under it until the next one's."""

    id: str
    header: str
    parts: list[tuple[str | None, str]] = field(default_factory=list)
    """Key (None: comments, empty lines) and text, in order."""

    def text(self) -> str:
        """The lines of the row."""
        return "".join([self.header, *(text for _, text in self.parts)])

    def update(self, values: Mapping[str, Any], order: Sequence[str], *, wide: bool) -> None:
        """Set these keys, and remove the others of `order` but for `about` and `slow`."""
        for key in order:
            if key in values:
                self._set(key, values[key], order, wide=wide)
            elif key not in ("about", "slow"):
                self.parts = [part for part in self.parts if part[0] != key]

    def _set(self, key: str, value: Any, order: Sequence[str], *, wide: bool) -> None:
        keys = [part[0] for part in self.parts]
        if key in keys:
            place = keys.index(key)
            if tomllib.loads(self.parts[place][1])[key] != value:
                self.parts[place] = (key, assigned(key, value, wide=wide))
            return
        before = [
            place
            for place, other in enumerate(keys)
            if other in order and order.index(other) < order.index(key)
        ]
        self.parts.insert(before[-1] + 1 if before else 0, (key, assigned(key, value, wide=wide)))


@dataclass
class TableFile:
    """What stands before the first row, and the rows."""

    head: str
    blocks: list[Block]

    def text(self) -> str:
        """The whole file."""
        return "".join([self.head, *(block.text() for block in self.blocks)])

    def block(self, id: str) -> Block | None:
        """The row of that id."""
        return next((block for block in self.blocks if block.id == id), None)

    def insert(self, id: str, before: Sequence[str]) -> Block:
        """A new row, behind the last of those named."""
        shown = id if re.fullmatch(r"[A-Za-z0-9_-]+", id) else quoted(id)
        places = [place for place, block in enumerate(self.blocks) if block.id in before]
        place = places[-1] + 1 if places else 0
        made = Block(id, f"[{shown}]\n")
        if place < len(self.blocks):
            made.parts.append((None, "\n"))
        if place == 0:
            self.head = _with_space(self.head)
        else:
            former = self.blocks[place - 1]
            last = former.parts.pop() if former.parts else (None, "")
            former.parts.append((last[0], _with_space(last[1])))
        self.blocks.insert(place, made)
        return made


def read_table(text: str) -> TableFile:
    """The rows of a table's text. Raises `AssignmentError` where it is written in another way."""
    lines = text.replace("\r\n", "\n").splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    table = TableFile("", [])
    while lines:
        header = _HEADER.fullmatch(lines[0].rstrip("\n"))
        if header is not None:
            table.blocks.append(Block(header["id"].strip("\"'"), lines.pop(0)))
        elif table.blocks:
            table.blocks[-1].parts.append(_part(lines))
        else:
            table.head += lines.pop(0)
    if list(tomllib.loads(text)) != [block.id for block in table.blocks]:
        raise AssignmentError(
            "the table's rows must each begin with a line such as [student-01], to be written anew"
        )
    return table


def _part(lines: list[str]) -> tuple[str | None, str]:
    """Take a key and its value, or a line that is neither, from the front of the lines."""
    found = _KEY.match(lines[0])
    taken = lines.pop(0)
    if found is None:
        return None, taken
    while not _is_whole(taken):
        if not lines:
            raise AssignmentError(f"the value of {found['key']} has no end")
        taken += lines.pop(0)
    return found["key"], taken


def _is_whole(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def is_wide(text: str) -> bool:
    """Whether a table has lists of several names on one line, where they fit."""
    lists = re.findall(r"^(?:failed|error|not_run|not_passed|not_right) = (.*)$", text, re.M)
    return not lists or any(value.count('", "') for value in lists)


def assigned(key: str, value: Any, *, wide: bool) -> str:
    """`key = value`; a list of several names on one line only if `wide`, and where it fits."""
    if not isinstance(value, list):
        return f"{key} = {_scalar(value)}\n"
    line = f"{key} = [{', '.join(map(_scalar, value))}]\n"
    short = len(value) < 2 or wide or key in ("causes", "every", "score")
    if short and len(line) <= _LINE + 1:
        return line
    return "".join([f"{key} = [\n", *(f"    {_scalar(each)},\n" for each in value), "]\n"])


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return quoted(value) if isinstance(value, str) else repr(value)


def quoted(value: str) -> str:
    """A string of TOML; what JSON escapes, TOML reads the same way."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _with_space(text: str) -> str:
    return text if not text or text.endswith("\n\n") or text == "\n" else text + "\n"
