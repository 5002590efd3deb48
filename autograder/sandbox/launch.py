"""Which launcher gives which isolation, and what this machine can give."""

from __future__ import annotations

import contextlib
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.assignment import Assignment, Limits
from autograder.errors import IsolationError, SandboxError
from autograder.records import Isolation
from autograder.sandbox import kernel
from autograder.sandbox.connection import Launcher
from autograder.sandbox.libraries import package_paths
from autograder.sandbox.limits import SubjectLimits
from autograder.sandbox.spawned import PlainLauncher


@contextlib.contextmanager
def launcher(
    level: Isolation,
    *,
    limits: SubjectLimits,
    preload: tuple[str, ...] = ("numpy",),
    hidden: tuple[str, ...] = (),
    nursery: socket.socket | None = None,
) -> Iterator[Launcher]:
    """The launcher of `level`, closed at the end. A `nursery` saves it importing the libraries."""
    made: Launcher
    if level is Isolation.NONE:
        made = PlainLauncher(
            output_bytes=limits.output_bytes, memory_mb=limits.memory_mb, preload=preload
        )
    elif level is Isolation.CONTAINER:
        from autograder.sandbox.container import ContainerLauncher  # few want it

        made = ContainerLauncher(limits=limits, preload=preload)
    else:
        from autograder.sandbox.forked import ZygoteLauncher  # Linux only

        made = ZygoteLauncher(level, limits=limits, preload=preload, hidden=hidden, nursery=nursery)
    try:
        yield made
    finally:
        made.close()


def open_level(
    level: Isolation,
    assignment: Assignment,
    *,
    hidden: tuple[str, ...] = (),
    nursery: socket.socket | None = None,
) -> contextlib.AbstractContextManager[Launcher]:
    """The launcher of `level` with an assignment's limits and libraries.

    No subject sees the assignment or what its checks import, nor the paths in `hidden`.
    """
    return launcher(
        level,
        limits=subject_limits(assignment.limits),
        preload=assignment.imports.preload,
        hidden=(
            *hidden,
            str(assignment.root),
            *map(str, assignment.import_paths),
            *package_paths(assignment.imports.forbidden),
        ),
        nursery=nursery,
    )


def subject_limits(limits: Limits) -> SubjectLimits:
    """The resource limits of a process for an assignment's limits."""
    return SubjectLimits(
        memory_mb=limits.memory_mb,
        disk_mb=limits.disk_mb,
        cpu_seconds=int(limits.submission_seconds + limits.load_seconds) + 60,
        output_bytes=limits.output_kb * 1024,
    )


@dataclass(frozen=True)
class Availability:
    """Whether this machine gives one isolation level, and if not, why."""

    level: Isolation
    available: bool
    reason: str = ""


def probe(level: Isolation, *, preload: tuple[str, ...] = ()) -> Availability:
    """Try `level` for real: start a subject and end it."""
    if level is not Isolation.NONE and not kernel.SUPPORTED:
        where = f"{sys.platform} on {kernel.MACHINE}"
        return Availability(level, False, f"needs Linux on x86_64 or aarch64; this is {where}")
    try:
        with launcher(level, limits=SubjectLimits(), preload=preload) as made:
            made.launch().end()
    except (SandboxError, OSError) as error:
        return Availability(level, False, str(error))
    return Availability(level, True)


def candidates(wanted: str) -> tuple[Isolation, ...]:
    """The levels to try, strongest first, for `auto` or a level's name. None is never tried."""
    return (Isolation.FULL, Isolation.REDUCED) if wanted == "auto" else (Isolation(wanted),)


def choose_isolation(wanted: str, *, own_code: bool = False) -> Isolation:
    """The level that `wanted` (`auto` or a level's name) means on this machine.

    With `own_code` (a student's own submission, an instructor's own checks) `auto` may come to
    `none`. Raises `IsolationError` otherwise if there is no wall.
    """
    reasons = []
    for level in candidates(wanted):
        found = probe(level)
        if found.available:
            return level
        reasons.append(f"{level}: {found.reason}")
    if own_code and wanted == "auto":
        return Isolation.NONE
    raise IsolationError(
        "no isolation on this machine (" + "; ".join(reasons) + "); `autograder doctor` says more, "
        "and --isolation none runs submitted code without a wall"
    )
