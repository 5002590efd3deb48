"""Where this interpreter's libraries lie: what submitted code may import from."""

from __future__ import annotations

import os
import site
import sys
import sysconfig
from collections.abc import Iterable

_SYSTEM_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib")
_SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo")


def library_paths() -> list[str]:
    """Where this interpreter's libraries lie, without the folders that hold projects."""
    prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    paths = [os.path.join(prefix, lib) for prefix in prefixes for lib in ("lib", "lib64")]
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    paths += [sysconfig.get_paths()[name] for name in names]
    paths += [*site.getsitepackages(), *site_folders()]
    return [*paths, *_SYSTEM_LIBRARIES, *_SYSTEM_FILES]


def site_folders() -> list[str]:
    """The folders of installed packages on `sys.path`, a user's own among them."""
    names = ("site-packages", "dist-packages")
    return [entry for entry in sys.path if os.path.basename(entry.rstrip(os.sep)) in names]


def package_paths(names: Iterable[str]) -> list[str]:
    """Where the installed packages `names` lie: folders and files in a folder of packages.

    Names with a dot, and those that come with Python or are not installed, have none.
    """
    paths = []
    for name in names:
        for folder in site_folders():
            for entry in (name, f"{name}.py", f"{name}.libs"):
                path = os.path.join(folder, entry)
                if os.path.exists(path) and "." not in name:
                    paths.append(path)
    return paths


def importable_paths() -> list[str]:
    """`sys.path` without what does not belong to the libraries (an editable project's root)."""
    roots = [os.path.realpath(path) for path in library_paths()]
    return [
        entry
        for entry in sys.path
        if any(inside(os.path.realpath(entry or "."), root) for root in roots)
    ]


def inside(path: str, folder: str) -> bool:
    """Whether `path` is `folder` or lies in it (both absolute)."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
