"""Reading a folder, or one file, that somebody else filled.

No link is followed: a folder is walked by descriptors that are opened without following links,
so that nothing outside it is read even while it changes. Only regular files are opened: opening
a FIFO waits, and opening a device may act.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.assignment import SubmissionSpec
from autograder.errors import SubmissionError
from autograder.texts import text
from autograder.tree import Tree, shown, too_large

# Windows has none of these flags, and walks by path.
_FLAGS = os.O_RDONLY
for _flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY", "O_BINARY"):
    _FLAGS |= getattr(os, _flag, 0)
_BY_DESCRIPTOR = os.open in os.supports_dir_fd and os.scandir in os.supports_fd
_JUNCTION = 0xA0000003  # leads elsewhere on Windows, and is no symlink to `stat`

# What a student or the instructor can mend. Every other error is this machine's own.
_UNREADABLE = {errno.EACCES, errno.EPERM, errno.ENOENT, errno.ELOOP, errno.ENOTDIR, errno.ENXIO}

Place = tuple[Path, int | None]
"""A path, relative to the descriptor of its folder where there is one."""


def read_folder(path: Path, spec: SubmissionSpec) -> dict[str, bytes]:
    """Every file under `path`: relative POSIX path -> content."""
    tree = Tree(spec)
    _walk((path, None), "", shown(path.name), tree)
    return tree.files()


def read_file(path: Path, spec: SubmissionSpec) -> bytes:
    """The content of the regular file `path`, which is no link."""
    return _read((path, None), shown(path.name), spec.max_bytes, spec)


def is_folder(path: Path) -> bool:
    """Whether `path` is a folder itself, not a link to one."""
    try:
        return stat.S_ISDIR(_status((path, None), path.name).st_mode)
    except SubmissionError:
        return False


def _walk(place: Place, prefix: str, name: str, tree: Tree) -> None:
    with _opened_folder(place, name) as descriptor:
        parent = place[0] if descriptor is None else None
        for system_name, path in _entries(place[0] if parent else descriptor, prefix, tree):
            inner = (parent / system_name, None) if parent else (Path(system_name), descriptor)
            if stat.S_ISDIR(_status(inner, path).st_mode):
                _walk(inner, f"{path}/", path, tree)
            else:
                content = _read(inner, path, tree.left(), tree.spec)
                tree.reserve(path, len(content))
                tree.add(path, content)


def _entries(folder: Path | int | None, prefix: str, tree: Tree) -> list[tuple[str, str]]:
    """Sorted names, as the system has them and as paths in the submission."""
    with os.scandir(folder) as entries:
        names = ((entry.name, tree.admit(prefix + entry.name)) for entry in entries)
        return sorted((name, path) for name, path in names if path is not None)


@contextmanager
def _opened_folder(place: Place, name: str) -> Iterator[int | None]:
    if not stat.S_ISDIR(_status(place, name).st_mode):
        raise _not_a_file(name)
    if not _BY_DESCRIPTOR:
        yield None
        return
    descriptor = _open(place, os.O_DIRECTORY, name)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _read(place: Place, name: str, limit: int, spec: SubmissionSpec) -> bytes:
    if not stat.S_ISREG(_status(place, name).st_mode):
        raise _not_a_file(name)
    descriptor = _open(place, 0, name)
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise _not_a_file(name)
        if status.st_size > limit:
            raise too_large(spec)
        content = file.read(limit + 1)  # the file may have grown since
    if len(content) > limit:
        raise too_large(spec)
    return content


def _open(place: Place, flags: int, name: str) -> int:
    path, folder = place
    try:
        return os.open(path, _FLAGS | flags, dir_fd=folder)
    except OSError as error:
        raise _unreadable(error, name) from None


def _status(place: Place, name: str) -> os.stat_result:
    path, folder = place
    try:
        status = os.stat(path, dir_fd=folder, follow_symlinks=False)
    except OSError as error:
        raise _unreadable(error, name) from None
    if stat.S_ISLNK(status.st_mode) or getattr(status, "st_reparse_tag", 0) == _JUNCTION:
        raise SubmissionError(
            text(
                "`{name}` is a link, and links are not followed. Send the file itself.",
                name=shown(name),
            )
        )
    return status


def _not_a_file(name: str) -> SubmissionError:
    return SubmissionError(
        text(
            "`{name}` is neither a file nor a folder (a device, pipe or socket). Remove it.",
            name=shown(name),
        )
    )


def _unreadable(error: OSError, name: str) -> SubmissionError:
    if error.errno not in _UNREADABLE:
        raise error
    return SubmissionError(
        text(
            "`{name}` cannot be read: `{reason}`. Check that it is there and that its permissions "
            "let the grader read it.",
            name=shown(name),
            reason=error.strerror or type(error).__name__,
        )
    )
