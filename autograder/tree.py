"""The files of one submission, in memory: which names and how many bytes are allowed."""

from __future__ import annotations

import re
import unicodedata

from autograder.assignment import SubmissionSpec
from autograder.errors import SubmissionError
from autograder.texts import clean, text

MAX_DEPTH = 16
"""Folders within folders."""
MAX_ENTRIES = 10_000
"""Entries of all kinds, those that are passed over among them."""

_MAX_COMPONENT_BYTES = 255
_IGNORED = {"__MACOSX", "__pycache__", "node_modules", "venv", "Thumbs.db", "desktop.ini"}
_DRIVE = re.compile(r"[A-Za-z]:")


def shown(name: str) -> str:
    """A file name as a message can show it."""
    return clean(name.replace("\n", "\N{REPLACEMENT CHARACTER}"), limit=120).replace("`", "'")


def is_ignored(name: str) -> bool:
    """Whether a file or folder of this name never belongs to a submission."""
    return name.startswith(".") or name in _IGNORED


class Tree:
    """Files as they are collected: relative POSIX path -> content.

    Raises `SubmissionError` where a name could leave the folder or hide what it is, and where
    the submission is larger than the assignment allows.
    """

    def __init__(self, spec: SubmissionSpec) -> None:
        self.spec = spec
        self._files: dict[str, bytes] = {}
        self._taken: dict[str, str] = {}
        self._folders: dict[str, str] = {}
        self._bytes = 0
        self._entries = 0

    def files(self) -> dict[str, bytes]:
        """All files, sorted by path."""
        return dict(sorted(self._files.items()))

    def admit(self, name: str) -> str | None:
        """The path under which `name` may be kept, or None where it is passed over."""
        self._entries += 1
        if self._entries > MAX_ENTRIES:
            raise too_many(MAX_ENTRIES)
        if name.endswith("Icon\r"):  # macOS: a folder's own icon
            return None
        parts = safe_parts(name)
        if not parts or any(is_ignored(part) for part in parts):
            return None
        return "/".join(parts)

    def reserve(self, path: str, size: int) -> None:
        """Count a file of `size` bytes under `path`, before a byte of it is read."""
        self._take(path)
        if len(self._taken) > self.spec.max_files:
            raise too_many(self.spec.max_files)
        self._bytes += size
        if self._bytes > self.spec.max_bytes:
            raise too_large(self.spec)

    def left(self) -> int:
        """How many bytes may still come."""
        return self.spec.max_bytes - self._bytes

    def add(self, path: str, content: bytes) -> None:
        """Keep the content of a path that was reserved."""
        self._files[path] = content

    def _take(self, path: str) -> None:
        key = _clash_key(path)
        self._refuse_clash(self._taken.get(key) or self._folders.get(key), path)
        self._taken[key] = path
        folder = path
        while "/" in folder:
            folder = folder.rpartition("/")[0]
            key = _clash_key(folder)
            self._refuse_clash(self._taken.get(key), path)
            known = self._folders.setdefault(key, folder)
            if known != folder:
                self._refuse_clash(known, folder)

    def _refuse_clash(self, first: str | None, second: str) -> None:
        if first is None:
            return
        if first == second:
            raise SubmissionError(
                text(
                    "`{name}` is in the submission twice. Keep one of them and send it again.",
                    name=shown(first),
                )
            )
        raise SubmissionError(
            text(
                "`{first}` and `{second}` would be the same file on many computers. Rename or "
                "remove one of them.",
                first=shown(first),
                second=shown(second),
            )
        )


def too_large(spec: SubmissionSpec) -> SubmissionError:
    """The submission has more bytes, unpacked, than the assignment allows."""
    return SubmissionError(
        text(
            "The submission is larger than {limit} MB unpacked. Leave data sets and trained "
            "weights out, and clear the outputs of notebooks.",
            limit=f"{spec.max_bytes / 1e6:g}",
        )
    )


def too_many(limit: int) -> SubmissionError:
    """The submission has more files than the assignment allows."""
    return SubmissionError(
        text(
            "The submission has more than {limit} files. Send only the files that you wrote.",
            limit=limit,
        )
    )


def safe_parts(name: str) -> list[str]:
    """The parts of a relative path, NFC-normalised; none for the root itself.

    Raises `SubmissionError` for a path that is absolute, leaves the folder, hides characters, or
    is too long or too deep.
    """
    if name != clean(name, limit=100_000) or "\n" in name or "\t" in name:
        raise SubmissionError(
            text(
                "The file name `{name}` has characters that cannot be seen, or is not UTF-8. "
                "Rename the file.",
                name=shown(name),
            )
        )
    if any(len(part) > 2 * _MAX_COMPONENT_BYTES for part in name.split("/")):
        raise _too_long(name)  # to normalise it takes quadratic time
    parts = [
        part for part in unicodedata.normalize("NFC", name).split("/") if part not in ("", ".")
    ]
    escapes = name.startswith("/") or any(
        part == ".." or "\\" in part or _DRIVE.match(part) for part in parts
    )
    if escapes:
        raise SubmissionError(
            text(
                "The name `{name}` leads out of the submission's folder. Pack the files anew from "
                "inside their folder.",
                name=shown(name),
            )
        )
    if len(parts) > MAX_DEPTH:
        raise SubmissionError(
            text(
                "`{name}` lies more than {limit} folders deep. Put the files into fewer folders.",
                name=shown(name),
                limit=MAX_DEPTH,
            )
        )
    if any(len(part.encode()) > _MAX_COMPONENT_BYTES for part in parts):
        raise _too_long(name)
    return parts


def _too_long(name: str) -> SubmissionError:
    return SubmissionError(
        text("The file name `{name}` is too long. Shorten it.", name=shown(name))
    )


def _clash_key(path: str) -> str:
    """Equal for paths that are one file where case, or a dot at the end, does not count."""
    return "/".join(part.casefold().rstrip(". ") for part in path.split("/"))
