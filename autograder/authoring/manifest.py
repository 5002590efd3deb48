"""A manifest written anew: what may be known to students, and nothing else."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from autograder.assignment import MANIFEST, Assignment

_PUBLIC = ("id", "version", "title", "seed", "due")
_TABLES = ("submission", "limits", "imports")
_TRAINING = ("data",)
_QUESTION = ("id", "title")


def public_manifest(assignment: Assignment) -> str:
    """The released `assignment.toml`.

    Keys are copied by name: a key that a later version brings stays out until it is known to be
    public. Comments stay out too, and `import_paths`: there is no reference.
    """
    table = tomllib.loads((assignment.root / MANIFEST).read_bytes().decode("utf-8-sig"))
    kept: dict[str, Any] = {name: table[name] for name in _PUBLIC if name in table}
    kept |= {name: table[name] for name in _TABLES if name in table}
    if training := {k: v for k, v in table.get("training", {}).items() if k in _TRAINING}:
        kept["training"] = training
    kept["questions"] = [
        {name: question[name] for name in _QUESTION if name in question}
        for question in table.get("questions", [])
    ]
    if "rules" in table:
        kept["rules"] = table["rules"]
    return write_toml(kept)


def write_toml(table: Mapping[str, Any]) -> str:
    """`table` as TOML: plain keys first, then tables, then arrays of tables."""
    lines = _pairs(table)
    for name, value in table.items():
        if isinstance(value, Mapping) and not _is_text(value):
            lines += ["", f"[{_key(name)}]", *_pairs(value)]
        elif _is_tables(value):
            for each in value:
                lines += ["", f"[[{_key(name)}]]", *_pairs(each)]
    return "\n".join(lines).lstrip("\n") + "\n"


def _pairs(table: Mapping[str, Any]) -> list[str]:
    lines = []
    for name, value in table.items():
        if isinstance(value, Mapping) and _is_text(value):
            lines += [f"{_key(name)}.{_key(each)} = {_value(value[each])}" for each in value]
        elif not isinstance(value, Mapping) and not _is_tables(value):
            lines.append(f"{_key(name)} = {_value(value)}")
    return lines


def _is_text(value: Mapping[str, Any]) -> bool:
    """Whether it is a sentence in several languages, which stands on dotted keys."""
    return bool(value) and set(value) <= {"en", "fa"}


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, Mapping) for v in value)


def _key(name: str) -> str:
    plain = name.replace("_", "").replace("-", "")
    return name if plain.isascii() and plain.isalnum() else _string(name)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Sequence):
        joined = ", ".join(_value(item) for item in value)
        if len(joined) < 80:
            return f"[{joined}]"
        return "[\n" + "".join(f"    {_value(item)},\n" for item in value) + "]"
    return repr(value)


def _string(words: str) -> str:
    """A basic string; JSON's escapes are TOML's, but for DEL."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")
