"""Folders for subjects that have no file system of their own, on this machine's disk."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache

from autograder.running import is_running

_PREFIX = "autograder-"
_LEFT = re.compile(rf"{_PREFIX}(\d+)-.*")


def make_scratch() -> str:
    """A fresh folder, named after this process; the first call removes what dead ones left."""
    _sweep()
    return tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-")


@cache
def _sweep() -> None:
    """Remove the folders of graders that were killed before they could clean up.

    Only their own user's, or (as root) those that were given to a subject's user; `rmtree`
    follows no link out of them.
    """
    for pid, path in _folders():
        if not is_running(pid) and _is_ours(path):
            shutil.rmtree(path, ignore_errors=True)


def remove_scratch(pid: int) -> None:
    """Remove the folders of a process that has ended, whether or not it could clean up."""
    for owner, path in _folders():
        if owner == pid and _is_ours(path):
            shutil.rmtree(path, ignore_errors=True)


def _folders() -> Iterator[tuple[int, str]]:
    """The process that each folder is named after, and the folder."""
    place = tempfile.gettempdir()
    for name in os.listdir(place):
        if found := _LEFT.fullmatch(name):
            yield int(found.group(1)), os.path.join(place, name)


def _is_ours(path: str) -> bool:
    try:
        owner = os.lstat(path).st_uid
    except OSError:
        return False
    user = os.geteuid() if hasattr(os, "geteuid") else owner
    return user in (owner, 0) and shutil.rmtree.avoids_symlink_attacks
