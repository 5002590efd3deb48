"""Calls of the student's functions: what is asked for, and how messages show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

_SHOWN_ELEMENTS = 60
_SHOWN_CHARACTERS = 1200
SHOWN_CALLS = 3
"""So many calls of one example are shown together."""


@dataclass(frozen=True)
class Call:
    """One call in a message of several."""

    name: str
    arguments: Sequence[Any] = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Assigned:
    """An attribute of the student's object that the check set before a call."""

    name: str
    value: Any

    @property
    def story(self) -> str:
        """`LinearClassifier().W = [[0., 1.]]`."""
        return f"{self.name} = {show(self.value, prefix=f'{self.name} = ')}"


@dataclass(frozen=True)
class CallRecord:
    """The last call, for messages; its texts are made when somebody reads them."""

    name: str
    arguments: Sequence[Any]
    keywords: Mapping[str, Any]
    parameters: Sequence[str]
    changed: tuple[str, ...] = ()
    """Names of the arguments that the student's code changed in place."""
    printed: str | None = None
    before: tuple[CallRecord | Assigned, ...] = ()
    """What was done before with the same object, if that is all: its answer depends on it."""

    @cached_property
    def call(self) -> str:
        """`svm_loss_naive(W, X, y, 0.1)`: arrays by name, numbers by value."""
        shown = [_short(value, self.parameter(index)) for index, value in enumerate(self.arguments)]
        shown += [f"{name}={_short(value, name)}" for name, value in self.keywords.items()]
        return f"{self.name}({', '.join(shown)})"

    @cached_property
    def example(self) -> str:
        """The arguments' values; after what was done before with the same object."""
        if not self.before:
            return self.values
        return "\n\n".join(each.story for each in (*self.before, self))

    @cached_property
    def values(self) -> str:
        """The arguments' values, one after the other."""
        named = [(self.parameter(index), value) for index, value in enumerate(self.arguments)]
        named += list(self.keywords.items())
        lines = [f"{name} = {show(value, prefix=f'{name} = ')}" for name, value in named]
        return "\n".join(lines)

    @property
    def story(self) -> str:
        """The call and, below it, the arguments' values."""
        return f"{self.call}\n{self.values}".rstrip("\n")

    def parameter(self, index: int) -> str:
        """The student's name of a positional argument."""
        if index < len(self.parameters) and self.parameters[index].isidentifier():
            return self.parameters[index]
        return f"argument_{index + 1}"


def show(value: object, *, prefix: str = "") -> str:
    """`value` as one would type it, shortened; arrays with their shape and dtype if cut.

    `prefix` stands before it on its first line; the rows of an array are aligned after it.
    """
    if isinstance(value, np.ndarray):
        if value.size > _SHOWN_ELEMENTS:
            return f"array of shape {value.shape}, {value.dtype}:\n" + np.array2string(
                value, precision=4, threshold=20, edgeitems=2, suppress_small=True
            )
        body = np.array2string(
            value, precision=6, separator=", ", threshold=_SHOWN_ELEMENTS, prefix=prefix
        )
        suffix = "" if value.dtype in (np.float64, np.int64) else f"  ({value.dtype})"
        return body + suffix
    shown = _container(value, prefix) if _holds_arrays(value) else repr(value)
    return shown if len(shown) <= _SHOWN_CHARACTERS else shown[: _SHOWN_CHARACTERS - 1] + "…"


def _holds_arrays(value: object) -> bool:
    if isinstance(value, dict):
        value = list(value.values())
    return isinstance(value, list | tuple) and any(isinstance(each, np.ndarray) for each in value)


def _container(value: Any, prefix: str) -> str:
    """A dict, list or tuple with arrays in it: one entry below the other."""
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    if isinstance(value, tuple):
        opening, closing = "()"
    indent = " " * (len(prefix) + 1)
    named = value.items() if isinstance(value, dict) else ((None, each) for each in value)
    entries = []
    for key, each in named:
        start = "" if key is None else f"{key!r}: "
        large = isinstance(each, np.ndarray) and each.size > _SHOWN_ELEMENTS
        shown = (
            f"array of shape {each.shape}, {each.dtype}"
            if large
            else show(each, prefix=indent + start)
        )
        entries.append(start + shown)
    lonely = "," if isinstance(value, tuple) and len(value) == 1 else ""
    return opening + f",\n{indent}".join(entries) + lonely + closing


def _short(value: object, name: str) -> str:
    if isinstance(value, (bool, int, float, str, type(None))) and len(repr(value)) <= 24:
        return repr(value)
    return name


def related(calls: Sequence[CallRecord]) -> str | None:
    """The calls of one example with their arguments; None of one call alone or of many."""
    if not 2 <= len(calls) <= SHOWN_CALLS:
        return None
    return "\n\n".join(call.story for call in calls)
