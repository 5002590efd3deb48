"""A memory limit that the kernel keeps: one control group (version 2) for each subject.

Only where the grader may make groups beside its own and the memory controller is on there: in a
user's session under systemd, as root on most machines, rarely inside a container. Elsewhere
`autograder.sandbox.memory` watches alone.
"""

from __future__ import annotations

import contextlib
import itertools
import os
from dataclasses import dataclass
from pathlib import Path

_numbers = itertools.count()


@dataclass(frozen=True)
class MemoryGroup:
    """The control group of one subject."""

    folder: Path

    def add(self, pid: int) -> None:
        """Move a process in; what it used before stays charged where it was."""
        (self.folder / "cgroup.procs").write_text(str(pid))

    def killed(self) -> bool:
        """Whether the kernel ended a process of this group at its limit."""
        with contextlib.suppress(OSError, ValueError):
            events = (self.folder / "memory.events").read_text().split()
            return int(dict(zip(events[::2], events[1::2], strict=True)).get("oom_kill", "0")) > 0
        return False

    def remove(self) -> None:
        """Remove the group, once its process has ended."""
        with contextlib.suppress(OSError):
            self.folder.rmdir()


def group_parent(membership: str, mounts: str) -> Path | None:
    """The folder in which this process may make memory groups, or None.

    `membership` and `mounts` are the texts of /proc/self/cgroup and /proc/self/mounts.
    """
    own = next((line[3:] for line in membership.splitlines() if line.startswith("0::")), None)
    root = next(
        (fields[1] for line in mounts.splitlines() if (fields := line.split())[2] == "cgroup2"),
        None,
    )
    if own is None or root is None or ".." in own.split("/"):
        return None
    # a group that holds processes has no groups with controllers below it: its parent may
    folder = Path(root + own)
    parent = folder.parent if own != "/" else folder
    try:
        controllers = (parent / "cgroup.subtree_control").read_text().split()
    except OSError:
        return None
    writable = os.access(parent, os.W_OK) and os.access(parent / "cgroup.procs", os.W_OK)
    return parent if "memory" in controllers and writable else None


def find_parent() -> Path | None:
    """The folder in which this process may make memory groups, or None."""
    try:
        membership = Path("/proc/self/cgroup").read_text()
        mounts = Path("/proc/self/mounts").read_text()
    except OSError:
        return None
    return group_parent(membership, mounts)


def make_group(parent: Path, limit_bytes: int) -> MemoryGroup | None:
    """A group of at most `limit_bytes`, swap included; None if the kernel refuses."""
    group = MemoryGroup(parent / f"autograder-{os.getpid()}-{next(_numbers)}")
    try:
        group.folder.mkdir()
        (group.folder / "memory.max").write_text(str(limit_bytes))
        for name, value in (("memory.swap.max", "0"), ("memory.oom.group", "1")):
            with contextlib.suppress(OSError):  # kernels without swap accounting
                (group.folder / name).write_text(value)
    except OSError:
        group.remove()
        return None
    return group
