"""What must not be in a release, looked for in every byte of it.

A file may hold text within text: a notebook its cells as JSON strings, an attachment base64, an
archive other files. Each layer is opened and searched, and white space does not count.
"""

from __future__ import annotations

import ast
import base64
import binascii
import gzip
import io
import json
import re
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

_DEPTH = 5
_SHORTEST = 10
"""Characters, white space not counted: shorter lines say too little to be anybody's secret."""
_COMMON = re.compile(r"(return\w+|else:|pass|continue|break|try:|finally:|\w+\+?=-?[\w.]+)")
_MARKER = re.compile(
    r"#[ \t]*(BEGIN|END)[ \t]+(SOLUTION|HIDDEN[ \t]+TESTS|MARK[ \t]+SCHEME)\b|###[ \t]*STARTER\b",
    re.IGNORECASE,
)
_BASE64 = re.compile(r"[A-Za-z0-9+/\n]{40,}={0,2}")
_BLANK = re.compile(r"\s+")


@dataclass(frozen=True)
class Secrets:
    """What no student may get."""

    solution: tuple[str, ...] = ()
    """Lines of the solution."""
    hidden: tuple[str, ...] = ()
    """Names, titles and lines of checks that are not visible."""
    modules: tuple[str, ...] = ()
    """Packages that only the instructor has."""


@dataclass(frozen=True)
class Leak:
    """One thing found where it must not be."""

    file: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what}; {self.mend}"


def secret_lines(lines: Iterable[str], public: str) -> tuple[str, ...]:
    """The lines that tell something and do not stand in `public` code or text anyhow."""
    shown = _squeezed(public)
    found = dict.fromkeys(
        line.strip()
        for line in lines
        if len(_squeezed(line)) >= _SHORTEST
        and not _COMMON.fullmatch(_squeezed(line))
        and _squeezed(line) not in shown
    )
    return tuple(found)


def find_leaks(
    files: Mapping[str, bytes], secrets: Secrets, expected: Collection[str]
) -> list[Leak]:
    """Everything in `files` (path -> content) that must not be there.

    `expected` names the files that belong there; any other is a leak in itself.
    """
    leaks: list[Leak] = []
    for name, data in files.items():
        if name not in expected:
            leaks.append(Leak(name, "a file that does not belong there", "remove it"))
        leaks += _leaks_of(name, data, secrets)
    return list(dict.fromkeys(leaks))


def _leaks_of(name: str, data: bytes, secrets: Secrets) -> Iterator[Leak]:
    lines = {line: _squeezed(line) for line in secrets.solution}
    hidden = {line: _squeezed(line) for line in secrets.hidden}
    for where, text in _layers(name, data, _DEPTH):
        squeezed = _squeezed(text)
        for line, wanted in lines.items():
            if wanted in squeezed:
                yield Leak(
                    where,
                    f"a line of the solution, {line!r}",
                    "take it out; in a handout or a visible check, word it differently",
                )
        for line, wanted in hidden.items():
            if wanted in squeezed:
                yield Leak(where, f"of a hidden check, {line!r}", "take it out")
        if marker := _MARKER.search(text):
            yield Leak(where, f"a marker left over, {marker[0]!r}", "let it pair with its other")
        for module in secrets.modules:
            if _imports(text, module):
                yield Leak(where, f"an import of {module}", "a release has no reference")


def _imports(text: str, module: str) -> bool:
    """Whether `text` has an import of `module`: as Python, or in a line that looks like one."""
    if not re.search(rf"\b(from|import)\s+{module}\b", text):
        return False
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        line = (
            rf"^[\s>#]*(from\s+{module}[.\w]*\s+import\s|import\s+{module}\b[.\w]*\s*($|,|as\s|#))"
        )
        return bool(re.search(line, text, re.MULTILINE))
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        if any(name.partition(".")[0] == module for name in names):
            return True
    return False


def _squeezed(text: str) -> str:
    return _BLANK.sub("", text)


# --- layers -------------------------------------------------------------------------------------


def _layers(where: str, data: bytes, depth: int) -> Iterator[tuple[str, str]]:
    """Every text that `data` is, or holds in another form."""
    for text in _texts(data):
        yield where, text
    if depth == 0:
        return
    yield from _archive(where, data, depth)
    if data[:2] == b"\x1f\x8b":
        for inner in _unpacked(data):
            yield from _layers(f"{where} (unpacked)", inner, depth - 1)
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        for inner in _png_texts(data):
            yield from _layers(f"{where} (text in the picture)", inner, depth - 1)
    yield from _json(where, data, depth)
    for found in _BASE64.finditer(data.decode("latin-1")):
        for inner in _decoded(found[0]):
            yield from _layers(f"{where} (base64)", inner, depth - 1)


def _texts(data: bytes) -> Iterator[str]:
    yield data.decode("utf-8", "ignore")
    if b"\0" in data:
        yield data.decode("utf-16-le", "ignore")
        yield data[1:].decode("utf-16-le", "ignore")
        yield data.replace(b"\0", b"").decode("utf-8", "ignore")


def _archive(where: str, data: bytes, depth: int) -> Iterator[tuple[str, str]]:
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        yield f"{where} (comment)", archive.comment.decode("utf-8", "ignore")
        for member in archive.infolist():
            inside = f"{where}/{member.filename}"
            yield inside, f"{member.filename}\n{member.comment.decode('utf-8', 'ignore')}"
            yield from _layers(f"{inside} (extra field)", member.extra, 0)
            yield from _layers(inside, archive.read(member), depth - 1)


def _unpacked(data: bytes) -> Iterator[bytes]:
    try:
        yield gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        return


def _png_texts(data: bytes) -> Iterator[bytes]:
    """The text chunks of a PNG, unpacked."""
    position = 8
    while position + 8 <= len(data):
        length = int.from_bytes(data[position : position + 4], "big")
        kind = data[position + 4 : position + 8]
        body = data[position + 8 : position + 8 + length]
        if kind in (b"zTXt", b"iTXt"):
            for at in (found.start() for found in re.finditer(b"\x78[\x01\x5e\x9c\xda]", body)):
                try:
                    yield zlib.decompress(body[at:])
                except zlib.error:
                    continue
        position += 12 + length


def _json(where: str, data: bytes, depth: int) -> Iterator[tuple[str, str]]:
    """The strings of a JSON document, each by itself, and lists of lines joined."""
    if data.lstrip()[:1] not in (b"{", b"["):
        return
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            if value and all(isinstance(item, str) for item in value):
                waiting.append("".join(value))
            waiting += [item for item in value if not isinstance(item, int | float | bool)]
        elif isinstance(value, str) and len(value) > 1:
            yield from _layers(where, value.encode("utf-8", "ignore"), depth - 1)


def _decoded(text: str) -> Iterator[bytes]:
    bare = text.replace("\n", "").rstrip("=")
    try:
        yield base64.b64decode(bare + "=" * (-len(bare) % 4))
    except (binascii.Error, ValueError):
        return
