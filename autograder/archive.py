"""Zip and tar archives -> their files, in memory; nothing is extracted to disk.

Declared sizes are counted against the assignment's limit before anything is unpacked, and what
is unpacked is read no further than it declared, so that 10 GB of zeros cost neither time nor
memory. Tar is read here and not by `tarfile`, which follows crafted headers for ever
(CVE-2025-8194) or for a very long time (CVE-2024-6232) in Python releases that are in use.
"""

from __future__ import annotations

import gzip
import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.assignment import SubmissionSpec
from autograder.errors import SubmissionError
from autograder.texts import text
from autograder.tree import MAX_ENTRIES, Tree, shown, too_large, too_many

ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz")

_ENCRYPTED = 0x1 | 0x40 | 0x2000
_UTF8 = 0x800
_CENTRAL = b"PK\x01\x02"
_MAX_RATIO = 1032
"""What deflate can reach; a larger declared ratio is a lie."""

_BLOCK = 512
_MAX_EXTENDED_BYTES = 4 << 20
"""Of all extended headers of one tar; macOS keeps attributes in them."""

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    IndexError,
)
"""What `zipfile` and `gzip` raise for damaged bytes."""

_SIGNATURES = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"BZh91AY", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"%PDF-", "PDF"),
    (b"{\\rtf", "RTF"),
)


def ending(name: str) -> str:
    """The ending of an archive's name (`.tar.gz`), or an empty string."""
    lowered = name.lower()
    return next((end for end in ARCHIVES if lowered.endswith(end)), "")


def kind_of(data: bytes) -> str:
    """What the content shows a file to be (`zip`, `RAR`, `HTML`, `.ipynb`), or an empty string."""
    if data[257:262] == b"ustar":
        return "tar"
    start = data[:1000].lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "HTML"
    if start.startswith(b"{") and b'"nbformat"' in data:
        return ".ipynb"
    return next((kind for magic, kind in _SIGNATURES if data.startswith(magic)), "")


def wrong_ending(name: str, ending: str, kind: str) -> SubmissionError:
    """A file whose content is not what its name says."""
    return SubmissionError(
        text(
            "`{name}` ends in `{ending}`, but its content is `{kind}`. Send the `.py` file, the "
            "notebook, or both in an ordinary `.zip` archive.",
            name=shown(name),
            ending=ending,
            kind=kind,
        )
    )


def read_archive(name: str, data: bytes, spec: SubmissionSpec) -> dict[str, bytes]:
    """Every file in the archive `name`: relative POSIX path -> content."""
    wanted = {".zip": "zip", ".tar": "tar"}.get(ending(name), "gzip")
    kind = kind_of(data)
    if kind and kind != wanted:
        raise wrong_ending(name, ending(name), kind)
    try:
        if wanted == "zip":
            return _read_zip(data, spec)
        return _read_tar(_unzipped(data, spec) if wanted == "gzip" else data, spec)
    except _DAMAGE:
        raise SubmissionError(
            text(
                "The archive `{name}` is damaged or cut off. Pack the files anew, and open the "
                "archive once before you send it.",
                name=shown(name),
            )
        ) from None


def _read_zip(data: bytes, spec: SubmissionSpec) -> dict[str, bytes]:
    # Every entry needs this signature, so its count bounds what the constructor will allocate.
    if data.count(_CENTRAL) > MAX_ENTRIES:
        raise too_many(MAX_ENTRIES)
    tree = Tree(spec)
    members: list[tuple[str, zipfile.ZipInfo]] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            name = _zip_name(info)
            path = tree.admit(name)
            _check_zip_entry(info, name)
            if path is not None and not _is_zip_folder(info, name):
                tree.reserve(path, info.file_size)
                members.append((path, info))
        for path, info in members:
            with archive.open(info) as file:
                content = file.read(info.file_size + 1)
            if len(content) != info.file_size:
                raise zipfile.BadZipFile
            tree.add(path, content)
    return tree.files()


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The whole name, before `zipfile` cuts it at a NUL; a backslash separates, as on Windows."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8:
        try:
            name = name.encode("cp437").decode()
        except UnicodeError:
            pass
    return name.replace("\\", "/")


def _is_zip_folder(info: zipfile.ZipInfo, name: str) -> bool:
    return name.endswith("/") or stat.S_ISDIR(info.external_attr >> 16)


def _check_zip_entry(info: zipfile.ZipInfo, name: str) -> None:
    if info.flag_bits & _ENCRYPTED:
        raise SubmissionError(
            text(
                "`{name}` is encrypted with a password. Pack the files without one.",
                name=shown(name),
            )
        )
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _special(name)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise SubmissionError(
            text(
                "`{name}` is compressed in a way that is not read here. Pack the files anew as an "
                "ordinary `.zip` archive.",
                name=shown(name),
            )
        )
    if info.file_size > _MAX_RATIO * (info.compress_size + 1):
        raise zipfile.BadZipFile


def _special(name: str) -> SubmissionError:
    return SubmissionError(
        text(
            "`{name}` in the archive is a link or a device, not a file. Pack the file itself.",
            name=shown(name),
        )
    )


def _unzipped(data: bytes, spec: SubmissionSpec) -> bytes:
    # Room for headers, padding and files that are passed over.
    limit = 2 * spec.max_bytes + (1 << 20)
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise too_large(spec)
    return content


@dataclass(frozen=True)
class _Member:
    name: str
    kind: bytes
    size: int
    start: int


def _read_tar(data: bytes, spec: SubmissionSpec) -> dict[str, bytes]:
    tree = Tree(spec)
    for member in _members(data):
        path = tree.admit(member.name)
        if member.kind == b"5" or (member.name.endswith("/") and member.kind in b"0\0"):
            continue
        if member.kind not in (b"0", b"\0", b"7"):
            raise _special(member.name)
        if path is not None:
            tree.reserve(path, member.size)
            tree.add(path, data[member.start : member.start + member.size])
    return tree.files()


def _members(data: bytes) -> Iterator[_Member]:
    """Every member of a v7, ustar, GNU or pax archive; `ValueError` where it is damaged."""
    offset, extended_bytes = 0, 0
    extended: dict[str, str] = {}
    while True:
        header = data[offset : offset + _BLOCK]
        if len(header) < _BLOCK:
            raise ValueError("no end marker")
        if not any(header):
            return
        kind, size, start = header[156:157], _checked_size(header), offset + _BLOCK
        if kind not in b"xgLK":
            size = int(extended.get("size", size))
        if not 0 <= size <= len(data) - start:
            raise ValueError("a member reaches past the end")
        offset = start + -(-size // _BLOCK) * _BLOCK
        if kind in b"xgLK":
            extended_bytes += size
            if extended_bytes > _MAX_EXTENDED_BYTES:
                raise ValueError("the extended headers are too large")
            extended |= _extended(kind, data[start : start + size])
            continue
        if "sparse" in extended:
            kind = b"S"
        yield _Member(extended.get("path") or _tar_name(header), kind, size, start)
        extended = {}


def _checked_size(header: bytes) -> int:
    checksum = sum(header) - sum(header[148:156]) + 8 * ord(" ")
    if _number(header[148:156]) != checksum:
        raise ValueError("a header's checksum is wrong")
    return _number(header[124:136])


def _number(field: bytes) -> int:
    """An octal number, or GNU's base 256 where the first bit is set."""
    if field[0] & 0x80:
        return int.from_bytes(bytes([field[0] & 0x7F]) + field[1:], "big")
    return int(field.rstrip(b" \0").lstrip() or b"0", 8)


def _tar_name(header: bytes) -> str:
    name = _decoded(header[:100].partition(b"\0")[0])
    prefix = header[345:500].partition(b"\0")[0] if header[257:263] == b"ustar\0" else b""
    return f"{_decoded(prefix)}/{name}" if prefix else name


def _extended(kind: bytes, content: bytes) -> dict[str, str]:
    """What a header before a member says of it: `path`, `size`, `sparse`."""
    if kind == b"L":
        return {"path": _decoded(content.removesuffix(b"\0"))}
    if kind != b"x":
        return {}
    records: dict[str, str] = {}
    position = 0
    while position < len(content):
        digits = content[position : position + 20].partition(b" ")[0]
        end = position + int(digits)
        if not digits.isdigit() or not position < end <= len(content):
            raise ValueError("a pax record reaches past its header")
        key, _, value = content[position + len(digits) + 1 : end - 1].partition(b"=")
        if key in (b"path", b"size"):
            records[key.decode()] = _decoded(value)
        elif key.startswith(b"GNU.sparse."):
            records["sparse"] = ""
        position = end
    return records


def _decoded(name: bytes) -> str:
    # A name that is not UTF-8 keeps surrogates, which `safe_parts` refuses with its reason.
    return name.decode("utf-8", "surrogateescape")
