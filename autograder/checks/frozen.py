"""What visible checks ask of the reference, where there is no reference: values frozen at release.

In a released folder ``from reference.losses import svm_loss`` has become ::

    svm_loss = frozen(__file__, "reference.losses.svm_loss")

and `frozen.json` beside the checks holds what each call gave on the instructor's machine, by the
function's name and the arguments. Whole numbers, strings and shapes must agree exactly; floats to
1e-9, since another machine's arithmetic may differ in the last digit.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections import namedtuple
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from hypothesis import currently_in_test_context, reject

FILE = "frozen.json"
RTOL = 1e-9

_KINDS = "biufcUS"


class NotData(TypeError):
    """A value that cannot be kept in a file."""


class NotFrozenError(LookupError):
    """A released check asked for a value that was not frozen."""


def frozen(file: str, name: str) -> Any:
    """What `name` (`reference.losses.svm_loss`) was at release, for the check in `file`."""
    if _sources:
        return _sources[-1](name)
    return Frozen(name, _values(Path(file).parent / FILE))


_sources: list[Callable[[str], Any]] = []


class Recording:
    """While it lasts, `frozen` asks `source` instead of the file: at release."""

    def __init__(self, source: Callable[[str], Any]) -> None:
        self.source = source

    def __enter__(self) -> None:
        _sources.append(self.source)

    def __exit__(self, *error: object) -> None:
        _sources.remove(self.source)


class Values:
    """The contents of one `frozen.json`."""

    def __init__(self, entries: Mapping[str, list[Any]]) -> None:
        self.entries = entries

    def find(self, asked: Key) -> Any:
        """The frozen answer to `asked`. Raises `NotFrozenError`."""
        best, entry = RTOL, None
        for numbers, answer in self.entries.get(asked.text, ()):
            apart = _apart(asked.numbers, numbers)
            if apart <= best:
                best, entry = apart, answer
        if entry is None:
            raise NotFrozenError(asked.text)
        return entry


@cache
def _values(path: Path) -> Values:
    return Values(json.loads(path.read_bytes())["values"] if path.exists() else {})


class Key:
    """A question to the reference: words that must agree, numbers that may differ by rounding."""

    def __init__(self, text: str, numbers: list[float]) -> None:
        self.text = text
        self.numbers = numbers


def key_of_call(name: str, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Key:
    """The key of one call."""
    numbers: list[float] = []
    words = [_words(value, numbers) for value in arguments]
    words += [f"{key}={_words(keywords[key], numbers)}" for key in sorted(keywords)]
    return Key(_shortened(f"{name}({', '.join(words)})"), numbers)


def _shortened(text: str) -> str:
    """Long keys by their digest, with a beginning that one can read."""
    if len(text) <= 120:
        return text
    return f"{text[:60]}… {hashlib.sha256(text.encode()).hexdigest()[:24]}"


def _words(value: Any, numbers: list[float]) -> str:
    """`value` without its floats, which go to `numbers`."""
    if isinstance(value, Frozen):
        return value._name
    if isinstance(value, bool | int | str | bytes | None):
        return repr(value)
    if isinstance(value, float):
        return _array_words(np.asarray(value), numbers)
    if isinstance(value, np.ndarray | np.generic):
        return _array_words(np.asarray(value), numbers)
    if isinstance(value, list | tuple):
        inner = ", ".join(_words(item, numbers) for item in value)
        return f"{type(value).__name__}({inner})"
    if isinstance(value, Mapping):
        pairs = sorted((repr(key), item) for key, item in value.items())
        return "{" + ", ".join(f"{key}: {_words(item, numbers)}" for key, item in pairs) + "}"
    if isinstance(value, SimpleNamespace):
        return _words(vars(value), numbers)
    if isinstance(value, np.random.Generator):
        state = json.dumps(value.bit_generator.state, default=repr, sort_keys=True)
        return f"generator {hashlib.sha256(state.encode()).hexdigest()[:24]}"
    return f"<{getattr(value, '__qualname__', type(value).__qualname__)}>"


def _array_words(array: np.ndarray[Any, Any], numbers: list[float]) -> str:
    head = f"{array.dtype}{array.shape}"
    if array.dtype.kind not in "fc" or not array.size:
        body = array.tolist() if array.size <= 8 else hashlib.sha256(array.tobytes()).hexdigest()
        return f"{head}{body}"
    flat = np.asarray(array, np.complex128).ravel()
    parts = np.concatenate([flat.real, flat.imag]) if array.dtype.kind == "c" else flat.real
    strange = ~np.isfinite(parts)
    if strange.any():
        head += f" {hashlib.sha256(np.nan_to_num(parts[strange]).tobytes()).hexdigest()[:12]}"
        head += f" at {hashlib.sha256(strange.tobytes()).hexdigest()[:12]}"
        parts = np.where(strange, 0.0, parts)
    # Three weighted sums tell arrays apart, and move as little as their entries do.
    places = np.arange(parts.size)
    for speed in (0.0, 0.7, 1.9):
        numbers.append(float(np.sum(parts * np.cos(speed * places + speed))))
    numbers.append(float(np.sqrt(np.sum(parts**2))))
    return head


def _apart(got: list[float], kept: list[float]) -> float:
    """The largest distance, relative to the size of the numbers of one argument."""
    a, b = np.asarray(got), np.asarray(kept)
    if not a.size:
        return 0.0
    scale = np.maximum(np.abs(b).reshape(-1, 4).max(axis=1, keepdims=True), 1e-12)
    return float(np.max(np.abs(a - b).reshape(-1, 4) / scale))


class Frozen:
    """A function, class, module or object of the reference that is not here."""

    def __init__(self, name: str, values: Values) -> None:
        self._name = name
        self._values = values

    def _ask(self, asked: Key) -> Any:
        try:
            answer = self._values.find(asked)
        except NotFrozenError:
            if currently_in_test_context():
                reject()  # a smaller example than those that were drawn at release
            raise NotFrozenError(
                f"{asked.text} was not frozen when this folder was released; the instructor's "
                "machine, which has the reference, decides this check"
            ) from None
        return thaw(answer, self._values)

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """The frozen answer to this call."""
        asked = key_of_call(self._name, arguments, keywords)
        answer = self._ask(asked)
        if isinstance(answer, Changed):
            answer.apply(arguments, keywords)
            return answer.result
        return answer

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        name = f"{self._name}.{attribute}"
        try:
            return thaw(self._values.find(Key(name, [])), self._values)
        except NotFrozenError:
            return Frozen(name, self._values)

    def __or__(self, other: object) -> Any:  # `Metric | None` in an annotation
        return self

    __ror__ = __or__


class Changed:
    """An answer, and the generators and arrays among the arguments that the call changed."""

    def __init__(self, result: Any, changes: Mapping[str, Any]) -> None:
        self.result = result
        self.changes = changes

    def apply(self, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> None:
        """Change the arguments as the call did."""
        named = {**{str(at): value for at, value in enumerate(arguments)}, **keywords}
        for name, after in self.changes.items():
            if isinstance(named[name], np.random.Generator):
                named[name].bit_generator.state = after
            else:
                named[name][...] = after


# --- values as JSON -----------------------------------------------------------------------------


def freeze(value: Any) -> Any:
    """`value` as JSON. Raises `NotData` for what no file can hold."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float) and not isinstance(value, np.generic):
        return {"float": value.hex()}
    if isinstance(value, complex) and not isinstance(value, np.generic):
        return {"complex": [value.real.hex(), value.imag.hex()]}
    if isinstance(value, np.ndarray | np.generic):
        return _freeze_array(value)
    if isinstance(value, np.dtype) and value.kind in _KINDS:
        return {"dtype": value.str}
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode()}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {"named": [list(value._fields), [freeze(item) for item in value]]}
    if isinstance(value, tuple):
        return {"tuple": [freeze(item) for item in value]}
    if isinstance(value, list):
        return [freeze(item) for item in value]
    if isinstance(value, Mapping):
        return {"dict": [[freeze(key), freeze(item)] for key, item in value.items()]}
    if is_dataclass(value) and not isinstance(value, type):
        return {"record": {each.name: freeze(getattr(value, each.name)) for each in fields(value)}}
    raise NotData(f"a {type(value).__qualname__} cannot be kept in a file")


def _freeze_array(value: np.ndarray[Any, Any] | np.generic) -> Any:
    array = np.asarray(value)
    if array.dtype.kind not in _KINDS:
        raise NotData(f"an array of {array.dtype} cannot be kept in a file")
    body = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
    kind = "array" if isinstance(value, np.ndarray) else "scalar"
    return {kind: [array.dtype.str, list(array.shape), body]}


def thaw(kept: Any, values: Values) -> Any:
    """What `freeze` was given, or an object of the reference."""
    if isinstance(kept, list):
        return [thaw(item, values) for item in kept]
    if not isinstance(kept, dict):
        return kept
    ((kind, content),) = kept.items()
    return _THAWED[kind](content, lambda item: thaw(item, values), values)


def _thaw_array(content: Any, inner: Callable[[Any], Any], values: Values) -> Any:
    dtype, shape, body = content
    return np.frombuffer(base64.b64decode(body), np.dtype(dtype)).reshape(shape).copy()


def _thaw_named(content: Any, inner: Callable[[Any], Any], values: Values) -> Any:
    names, items = content
    return namedtuple("Frozen", names)(*map(inner, items))


def _thaw_changed(content: Any, inner: Callable[[Any], Any], values: Values) -> Any:
    return Changed(inner(content[0]), {name: inner(after) for name, after in content[1].items()})


_THAWED: dict[str, Callable[[Any, Callable[[Any], Any], Values], Any]] = {
    "float": lambda content, inner, values: float.fromhex(content),
    "complex": lambda content, inner, values: complex(*map(float.fromhex, content)),
    "bytes": lambda content, inner, values: base64.b64decode(content),
    "dtype": lambda content, inner, values: np.dtype(content),
    "tuple": lambda content, inner, values: tuple(map(inner, content)),
    "dict": lambda content, inner, values: {inner(key): inner(item) for key, item in content},
    "record": lambda content, inner, values: SimpleNamespace(
        **{name: inner(item) for name, item in content.items()}
    ),
    "object": lambda content, inner, values: Frozen(content, values),
    "array": _thaw_array,
    "scalar": lambda content, inner, values: _thaw_array(content, inner, values)[()],
    "named": _thaw_named,
    "changed": _thaw_changed,
}
