"""`autograder doctor`: which wall this machine gives, and what it stands on."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import sys

from rich.console import Console
from rich.table import Table

from autograder import __version__
from autograder.protection import not_protected
from autograder.records import Isolation
from autograder.sandbox import landlock
from autograder.sandbox.launch import probe
from autograder.texts import LANGUAGES, text

_PROTECTS = {
    Isolation.FULL: "own user, pid, net, mount, ipc and uts namespaces, a read-only view of the "
    "libraries alone, Landlock, seccomp, limits on memory, disk, threads, time and output",
    Isolation.REDUCED: "Landlock, seccomp, limits on memory, threads, time and output",
    Isolation.CONTAINER: "`reduced` in a container without network, one for each worker",
    Isolation.NONE: "a separate process, limits on time and (on Linux) memory, no wall",
}


def run_doctor(*, as_json: bool) -> int:
    """Print what was found; 0 if there is a wall, 1 if there is none."""
    found = [probe(level) for level in Isolation]
    # a container is used only when asked for
    own = [one for one in found if one.level is not Isolation.CONTAINER]
    best = next(one.level for one in own if one.available)
    facts = {
        "autograder": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "user": "root" if hasattr(os, "geteuid") and os.geteuid() == 0 else "ordinary",
        "cores": os.cpu_count(),
        "landlock": landlock.abi(),
        "numpy": _installed("numpy"),
        "torch": _installed("torch"),
    }
    if as_json:
        levels = {
            str(one.level): {
                "available": one.available,
                "reason": one.reason or None,
                "protects": _PROTECTS[one.level],
                "not_protected": _gaps(one.level),
            }
            for one in found
        }
        json.dump({"schema": 1, **facts, "isolation": str(best), "levels": levels}, sys.stdout)
        sys.stdout.write("\n")
        return 0 if best is not Isolation.NONE else 1
    console = Console()
    table = Table(title="Isolation", title_justify="left")
    for column in ("level", "here", "what it is, or why not"):
        table.add_column(column)
    for one in found:
        mark = "yes" if one.available else "no"
        table.add_row(str(one.level), mark, one.reason or _PROTECTS[one.level])
    console.print(table)
    for language in LANGUAGES:
        _print_gaps(console, language)
    for name, value in facts.items():
        console.print(f"{name}: {value if value is not None else 'not installed'}", highlight=False)
    console.print(f"`grade` will use: {best}" if best is not Isolation.NONE else _NO_WALL)
    return 0 if best is not Isolation.NONE else 1


_NO_WALL = "`grade` refuses here unless told --isolation none; `check` runs without a wall."


def _gaps(level: Isolation) -> dict[str, list[str]]:
    return {language: [gap[language] for gap in not_protected(level)] for language in LANGUAGES}


def _print_gaps(console: Console, language: str) -> None:
    """What each level leaves open, one line a sentence."""
    for level in Isolation:
        gaps = _gaps(level)[language]
        title = text("What `{level}` does not protect:", level=level)[language]
        if gaps:
            console.print(title, *(f"  - {gap}" for gap in gaps), sep="\n", highlight=False)


def _installed(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
