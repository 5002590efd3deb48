"""The peak memory and the processor time of a program and of the processes that it starts.

Reads `/proc`: Linux only.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")

# the kernel keeps each process's peak: one need not look often
_INTERVAL_SECONDS = 0.2


@dataclass
class PeakMemory:
    """Peaks of resident memory: of each process by its command, and of their sum at one moment."""

    by_process: dict[int, tuple[str, int]] = field(default_factory=dict)
    """Process id -> its command line and its peak in KiB."""
    together: int = 0
    """Of all processes at one moment, in KiB; pages that they share count once for each."""

    def of(self, words: str) -> float:
        """The largest peak among processes whose command line has `words`, in MiB."""
        peaks = [peak for command, peak in self.by_process.values() if words in command]
        return max(peaks, default=0) / 1024


@contextmanager
def watched(root: int) -> Iterator[PeakMemory]:
    """Watch the process `root` and its descendants until the block ends."""
    peak = PeakMemory()
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(root, peak, done))
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()


def processor_seconds(root: int) -> float:
    """What `root`, its descendants and those of them that have ended used; in steps of 10 ms."""
    ticks = 0
    for process in _descendants(root):
        with suppress(OSError):
            stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
            # own time and that of awaited children, each in user and kernel mode
            ticks += sum(int(field) for field in stat.rpartition(")")[2].split()[11:15])
    return ticks / _TICKS_PER_SECOND


def _watch(root: int, peak: PeakMemory, done: threading.Event) -> None:
    while not done.wait(_INTERVAL_SECONDS):
        now = 0
        for process in _descendants(root):
            try:
                status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
                command = Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ")
            except OSError:
                continue
            fields = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
            if "VmHWM" in fields:  # a process about to end has no memory any more
                highest = int(fields["VmHWM"].split()[0])
                now += int(fields["VmRSS"].split()[0])
                peak.by_process[process] = (command.decode(errors="replace"), highest)
        peak.together = max(peak.together, now)


def _descendants(root: int) -> list[int]:
    found = [root]
    for process in found:
        # a process may end between one look and the next
        with suppress(OSError):
            for thread in os.listdir(f"/proc/{process}/task"):
                children = Path(f"/proc/{process}/task/{thread}/children").read_text()
                found.extend(int(child) for child in children.split())
    return found
