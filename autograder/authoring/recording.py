"""At release: what the visible checks ask of the reference, written down as it is asked.

The checks see exactly what they will see in the released folder: values that went through the
file's form, not the reference's own objects. So a check that needs more of the reference than can
be frozen fails here, at release, and not on a student's machine.
"""

from __future__ import annotations

import copy
import hashlib
import importlib
import json
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np

from autograder.checks.frozen import (
    Changed,
    Frozen,
    Key,
    NotData,
    Values,
    freeze,
    key_of_call,
    thaw,
)
from autograder.errors import AssignmentError


class Recorder:
    """Answers `frozen` with the real reference and keeps every answer."""

    def __init__(self) -> None:
        self.entries: dict[str, list[Any]] = {}
        self.values = Values(self.entries)
        self.real: dict[str, Any] = {}
        self.records: dict[int, tuple[SimpleNamespace, Any]] = {}
        """By id: what a check got for a record of the reference, and that record."""

    def source(self, name: str) -> Any:
        """What `frozen(file, name)` gives while recording."""
        return self.keep(Key(name, []), _resolve(name))

    def keep(self, asked: Key, value: Any, changes: Mapping[str, Any] | None = None) -> Any:
        """Enter the answer to `asked`; what the check gets of it.

        Raises `AssignmentError` if the same question had another answer before.
        """
        try:
            kept = freeze(value)
        except NotData:
            name = _object_name(asked)
            self.real[name] = value
            kept = {"object": name}
        if changes:
            kept = {"changed": [kept, {name: freeze(after) for name, after in changes.items()}]}
        known = self.entries.setdefault(asked.text, [])
        for numbers, answer in known:
            if numbers == asked.numbers:
                if json.dumps(answer) != json.dumps(kept):
                    raise AssignmentError(
                        f"{asked.text}: asked twice with the same arguments, answered differently; "
                        "a visible check can be frozen only where the arguments decide the answer "
                        "(write the expected value into the check, or make the check hidden)"
                    )
                break
        else:
            known.append([asked.numbers, kept])
        thawed = thaw(kept, self.values)
        result = thawed.result if isinstance(thawed, Changed) else thawed
        self._remember(result, value)
        return Recorded(self, result._name) if isinstance(result, Frozen) else result

    def _remember(self, given: Any, real: Any) -> None:
        """A record may have methods that what the check got in its place does not have."""
        if isinstance(given, SimpleNamespace):
            self.records[id(given)] = given, real
        elif isinstance(given, tuple) and isinstance(real, tuple):
            for one, other in zip(given, real, strict=True):
                self._remember(one, other)

    def original(self, value: Any) -> Any:
        """The reference's own object for one that a check got."""
        if isinstance(value, Recorded):
            return self.real[value._name]
        return self.records.get(id(value), (None, value))[1]

    def document(self) -> bytes:
        """The contents of `frozen.json`."""
        entries = {name: self.entries[name] for name in sorted(self.entries)}
        return json.dumps({"schema": 1, "values": entries}, ensure_ascii=False).encode() + b"\n"


class Recorded(Frozen):
    """An object of the reference whose every use is written down."""

    def __init__(self, recorder: Recorder, name: str) -> None:
        super().__init__(name, recorder.values)
        self._recorder = recorder

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """Call the reference, and write the answer down."""
        real = self._recorder.real[self._name]
        asked = key_of_call(self._name, arguments, keywords)
        given = {**{str(at): value for at, value in enumerate(arguments)}, **keywords}
        before = {name: _state(value) for name, value in given.items()}
        own = self._recorder.original
        answer = real(*map(own, arguments), **{key: own(each) for key, each in keywords.items()})
        changes = {}
        for name, value in given.items():
            after = _state(value)
            if json.dumps(after) != json.dumps(before[name]):
                changes[name] = copy.deepcopy(_content(value, asked.text))
        return self._recorder.keep(asked, answer, changes)

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        value = getattr(self._recorder.real[self._name], attribute)
        return self._recorder.keep(Key(f"{self._name}.{attribute}", []), value)


def _state(value: Any) -> Any:
    """Something that differs if `value` was changed."""
    if isinstance(value, np.random.Generator):
        return repr(value.bit_generator.state)
    try:
        return freeze(value)
    except NotData:
        return None


def _content(value: Any, asked: str) -> Any:
    if isinstance(value, np.random.Generator):
        return value.bit_generator.state
    if isinstance(value, np.ndarray):
        return value
    raise AssignmentError(
        f"{asked}: it changes an argument in place, which cannot be frozen; pass a copy in the "
        "visible check, or write the expected value into it"
    )


def _object_name(asked: Key) -> str:
    """A name of its own for what a call with these numbers made."""
    if not asked.numbers:
        return asked.text
    return f"{asked.text}#{hashlib.sha256(repr(asked.numbers).encode()).hexdigest()[:12]}"


def _resolve(name: str) -> Any:
    """The object of that dotted name: the longest module, then its attributes."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError as error:
            if error.name is not None and name.startswith(error.name):
                continue
            raise
        for attribute in parts[length:]:
            found = getattr(found, attribute)
        return found
    raise AssignmentError(f"{name}: a visible check imports it, and it cannot be found")
