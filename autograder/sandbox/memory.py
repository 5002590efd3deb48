"""How much memory a subject has taken for itself, watched from the grader's side. Linux only.

Resource limits alone do not bound it: they count address space, which says little of what is
resident, and shared memory, files in memory and processes beyond the first escape them.

What counts is what the subject made its own: pages that it shares with its zygote (numpy and torch
as they were imported) are nobody's. Where processes were started without a zygote, what the first
of them had at its start is taken off instead.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator

from autograder.sandbox.limits import MEGABYTE

POLL_SECONDS = 0.03
_COSTLY = 20
"""A look that took long is followed by so many times its own time without one."""
_LONGEST_SECONDS = 0.3

_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


class MemoryWatch:
    """Looks now and then whether the process `pid` and its children are within `limit_mb`.

    `scratch` is the file system in memory that the process sees, if it has one. With `forked` the
    process shares its libraries with a zygote; without, its size at the first look is taken off.
    """

    def __init__(self, pid: int, limit_mb: int, *, forked: bool, scratch: str | None) -> None:
        self.pid = pid
        self.limit_bytes = limit_mb * MEGABYTE
        self.forked = forked
        self.scratch = scratch
        self.base_bytes = 0
        self.next_look = time.monotonic() + POLL_SECONDS

    def take_base(self) -> None:
        """What is there now does not count. For a process that no zygote forked."""
        self.base_bytes = sum(map(own_bytes, self._processes()))

    def exceeded(self) -> bool:
        """Whether the limit is passed; without looking, if the last look was just now."""
        if time.monotonic() < self.next_look:
            return False
        # processor time: on a busy machine the clock would make every look seem dear
        started = time.thread_time()
        found = self._look()
        pause = _COSTLY * (time.thread_time() - started)
        self.next_look = time.monotonic() + min(max(POLL_SECONDS, pause), _LONGEST_SECONDS)
        return found

    def _look(self) -> bool:
        allowed = self.limit_bytes + self.base_bytes
        processes = list(self._processes())
        files = self._files()
        # cheap and never too low: most subjects never come near
        if sum(map(resident_bytes, processes)) + files <= allowed:
            return False
        count = private_bytes if self.forked and len(processes) == 1 else own_bytes
        return sum(map(count, processes)) + files > allowed

    def _files(self) -> int:
        files = 0
        if self.scratch is not None:
            with contextlib.suppress(OSError):  # it ended, or its root is not ours to see
                found = os.statvfs(f"/proc/{self.pid}/root{self.scratch}")
                files = (found.f_blocks - found.f_bfree) * found.f_frsize
        return files if self.forked else sum(map(_nameless_bytes, self._processes()))

    def _processes(self) -> Iterator[int]:
        yield self.pid
        if not self.forked:  # the wall lets no process start another
            yield from _descendants(self.pid)


def resident_bytes(pid: int) -> int:
    """The resident set, shared pages included; 0 for a process that ended."""
    try:
        with open(f"/proc/{pid}/statm", "rb") as file:
            return int(file.read().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def private_bytes(pid: int) -> int:
    """Memory that no other process shares, files of libraries left out."""
    return _fields(f"/proc/{pid}/smaps_rollup", (b"Private_Dirty", b"Swap")) or _anonymous(pid)


def own_bytes(pid: int) -> int:
    """Memory that is no file's; what several processes share is divided among them."""
    fields = (b"Pss_Anon", b"Pss_Shmem", b"SwapPss")
    return _fields(f"/proc/{pid}/smaps_rollup", fields) or _anonymous(pid)


def _anonymous(pid: int) -> int:
    """For kernels, or users, that may not look closer."""
    return _fields(f"/proc/{pid}/status", (b"RssAnon", b"RssShmem", b"VmSwap"))


def _fields(path: str, names: tuple[bytes, ...]) -> int:
    """The sum of some fields of a file of /proc, each in kB; 0 where it cannot be read."""
    kilobytes = 0
    with contextlib.suppress(OSError), open(path, "rb") as file:
        for line in file:
            name, _, rest = line.partition(b":")
            if name in names:
                kilobytes += int(rest.split()[0])
    return kilobytes * 1024


def _nameless_bytes(pid: int) -> int:
    """Files in memory that the process holds open without mapping them (memfd)."""
    size = 0
    with contextlib.suppress(OSError):
        for descriptor in os.listdir(f"/proc/{pid}/fd"):
            path = f"/proc/{pid}/fd/{descriptor}"
            with contextlib.suppress(OSError):
                if os.readlink(path).startswith("/memfd:"):
                    size += os.stat(path).st_blocks * 512
    return size


def _descendants(pid: int) -> Iterator[int]:
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children", "rb") as file:
                for child in map(int, file.read().split()):
                    yield child
                    yield from _descendants(child)
