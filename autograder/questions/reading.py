"""A student's answers, from whichever file holds them: item id -> what was written.

Three ways to answer: `answers.toml` (`conv_parameters = 760`), Markdown, and the cells of a
notebook. In Markdown and in cells a line `answer: conv_parameters` (or `پاسخ: …`; it may be a
heading or a comment) starts an answer, which goes on to the next such line or the cell's end.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from autograder.errors import SubmissionError
from autograder.texts import Text, text
from autograder.tree import shown

MAX_BYTES = 300_000
_INT_BITS = 64
_MAX_DEPTH = 8

_MARK = re.compile(
    r"[ \t]*(?:#+|<!--|%+|>|//|\*\*)?[ \t]*(?:answer|پاسخ)[ \t]*(?P<id>[a-z][a-z0-9_]{0,63})?"
    r"[ \t]*[:：][ \t]*(?P<rest>.*)",
    re.IGNORECASE,
)
_ID = re.compile(r"`?([a-z][a-z0-9_]{0,63})`?(?:[ \t]*=[ \t]*(?P<value>.*))?", re.IGNORECASE)
_TRIM = re.compile(r"(?:-->|\*\*|`)[ \t]*$")


@dataclass(frozen=True)
class Answers:
    """What a student answered."""

    written: Mapping[str, object] = field(default_factory=dict)
    """By the item's id: a string, or what TOML has (numbers, truth values, lists, tables)."""
    notes: tuple[Text, ...] = ()


def is_answers_file(path: str) -> bool:
    """Whether a file of a submission may hold answers, by its name."""
    name = PurePosixPath(path).name.casefold()
    return name == "answers.toml" or name.endswith((".md", ".markdown"))


def read_answers(files: Mapping[str, bytes], cells: Iterable[str] = ()) -> Answers:
    """The answers of a submission: of its notebook's `cells` and of its files.

    An item answered twice in different words counts as its last answer, with a note; the order is
    notebook, Markdown, `answers.toml`. Raises `SubmissionError` for a file that cannot be read.
    """
    found: dict[str, object] = {}
    notes: list[Text] = []
    for each in cells:
        _take(_in_text(each), found, notes)
    for path in sorted(filter(is_answers_file, files), key=lambda p: (p.endswith(".toml"), p)):
        data = files[path]
        if len(data) > MAX_BYTES:
            raise SubmissionError(
                text(
                    "`{name}` is larger than {limit} kB. Answers are short: leave out pictures.",
                    name=shown(path),
                    limit=MAX_BYTES // 1000,
                )
            )
        if path.casefold().endswith(".toml"):
            _take(_in_toml(path, data), found, notes)
        else:
            _take(_in_text(_decoded(path, data)), found, notes)
    return Answers(found, tuple(notes))


def _take(new: Mapping[str, object], found: dict[str, object], notes: list[Text]) -> None:
    for name, written in new.items():
        if name in found and found[name] != written:
            notes.append(
                text("`{name}` is answered more than once; the last answer counts.", name=name)
            )
        found[name] = written


def _decoded(path: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise SubmissionError(
            text(
                "`{name}` is not UTF-8. Save it with the encoding UTF-8 and send it again.",
                name=shown(path),
            )
        ) from None


def _in_toml(path: str, data: bytes) -> dict[str, object]:
    written = _decoded(path, data)
    try:
        try:
            table = tomllib.loads(written)
        except tomllib.TOMLDecodeError:  # word processors bend the quotes
            table = tomllib.loads(written.translate({0x201C: '"', 0x201D: '"'}))
        _refuse_beyond(table, 0)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise SubmissionError(
            text(
                "`{name}` is not valid TOML (`{problem}`). Write each answer as in "
                '`conv_size = 28` or `conv_size = "28"`.',
                name=shown(path),
                problem=shown(str(error)).replace("`", "'"),
            )
        ) from None
    inner = table.get("answers")
    return inner if isinstance(inner, dict) else table


def _refuse_beyond(value: object, depth: int) -> None:
    """Raise ValueError for what no answer needs and nobody could show."""
    if type(value) is int and value.bit_length() > _INT_BITS:
        raise ValueError(f"a whole number of more than {_INT_BITS} bits")
    if isinstance(value, (list, dict)):
        if depth > _MAX_DEPTH:
            raise ValueError(f"more than {_MAX_DEPTH} lists or tables in each other")
        for part in value.values() if isinstance(value, dict) else value:
            _refuse_beyond(part, depth + 1)


def _in_text(written: str) -> dict[str, object]:
    """The answers in Markdown or in a cell, by their marks."""
    answers: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in written.split("\n"):
        mark = _mark(line)
        if mark is not None:
            name, first = mark
            current = answers.setdefault(name, [])
            current[:] = [first] if first else []
        elif current is not None:
            current.append(line)
    return {name: _stripped(lines) for name, lines in answers.items()}


def _mark(line: str) -> tuple[str, str] | None:
    """The item's id and the rest of a line that starts an answer.

    `answer: id`, `answer: id = 3`, `answer id: 3`.
    """
    if len(line) > 2000:
        return None
    found = _MARK.fullmatch(_TRIM.sub("", line))
    if found is None:
        return None
    rest = found["rest"].strip()
    if found["id"]:
        return found["id"].lower(), rest
    named = _ID.fullmatch(rest)
    return None if named is None else (named[1].lower(), (named["value"] or "").strip())


def _stripped(lines: list[str]) -> str:
    """The lines without empty ones around them, and without a comment sign that all have."""
    filled = [line for line in lines if line.strip()]
    if filled and all(line.lstrip().startswith("#") for line in filled):
        lines = [line.lstrip().removeprefix("#") for line in lines]
    return "\n".join(line.rstrip() for line in lines).strip("\n").strip()
