"""What the grader knows of a subject's process, however it was started."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from autograder.records import Isolation
from autograder.sandbox.libraries import site_folders

if TYPE_CHECKING:
    from autograder.sandbox.codec import Buffer

START_SECONDS = 120.0
GRACE_SECONDS = 0.5
"""For a process that closed its channel to be seen to end, with its own exit status."""
_PACKAGE_ROOT = str(Path(__file__).resolve().parents[2])

CLEAN_ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONNOUSERSITE": "1",
    "PYTHONSAFEPATH": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


class ChannelTimeout(Exception):
    """No answer within the time limit."""


class ChannelClosed(Exception):
    """The other side is gone, or does not speak the protocol."""


class MemoryExceeded(ChannelClosed):
    """The other side took more memory than it may: it is about to be ended."""


@dataclass(frozen=True)
class Ending:
    """How a subject's process ended."""

    exit: int
    """The exit status; negative: the signal that ended it."""
    peak_kb: int = 0
    out_of_cpu: bool = False
    """Whether it had used all the processor time that its limits allow."""
    over_memory: bool = False
    """Whether it was ended because it took more memory than its limits allow."""


class Connection(Protocol):
    """One subject's process, as the grader sees it."""

    def send(self, parts: list[Buffer], nonce: bytes) -> None:
        """Send one frame."""

    def receive(self, seconds: float) -> tuple[bytearray, bytes]:
        """One frame. Raises `ChannelTimeout` or `ChannelClosed`."""

    def processor_seconds(self) -> float | None:
        """The processor time that the process has used; None where nobody can say."""

    def end(self, grace: float = 0.0) -> Ending:
        """End the process if it still runs after `grace` seconds; how it ended."""

    def leave(self) -> None:
        """End the process without waiting for it, where nobody asks how it ended."""


def processor_seconds(pid: int) -> float | None:
    """The processor time of all threads of another process; None where it cannot be read."""
    try:
        return time.clock_gettime((~pid << 3) | 2)  # the CPU-time clock of another process, Linux
    except (OSError, AttributeError):
        return None


class Launcher(Protocol):
    """Starts subjects of one isolation level."""

    level: Isolation

    @property
    def versions(self) -> dict[str, str | None]:
        """The versions of the preloaded libraries."""

    def launch(self) -> Connection:
        """A fresh subject, locked down, with no submission loaded."""

    def close(self) -> None:
        """End all that was started."""


def python_command(module: str, argument: int) -> list[str]:
    """The command that starts `autograder.sandbox.<module>.main(argument)` in a fresh Python."""
    code = (
        f"import sys; sys.path[:0] = {[_PACKAGE_ROOT, *site_folders()]!r}; "
        f"from autograder.sandbox import {module}; {module}.main({argument})"
    )
    return [sys.executable, "-s", "-P", "-B", "-c", code]
