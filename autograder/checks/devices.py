"""Which device a training job gets, and how several jobs share one GPU.

The person who starts the grader says what there is, in the environment::

    AUTOGRADER_DEVICES=cuda:0,cuda:1     # GPUs to train on; none by default
    AUTOGRADER_JOBS_PER_DEVICE=4         # trainings on one GPU at a time (default 4)

A job takes a free place on a GPU and is told which; where all are taken it waits. Places are locks
on files, so that they hold among all workers of all runs, and a worker that dies gives its own
back. Submitted code reaches a GPU without the wall alone (`--isolation none`, in a container or a
machine of its own): behind it there are no devices.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import SandboxError

CPU = "cpu"
DEVICES = "AUTOGRADER_DEVICES"
JOBS = "AUTOGRADER_JOBS_PER_DEVICE"
_NAME = re.compile(r"cuda:(\d+)")
_WAIT_SECONDS = 0.05


@dataclass(frozen=True)
class Devices:
    """The GPUs that trainings may use."""

    names: tuple[str, ...] = ()
    """`cuda:0`, …; none: the CPU."""
    jobs: int = 4
    """At most so many trainings on one GPU at a time."""

    @property
    def share(self) -> float:
        """The part of a GPU's memory that one job may use."""
        return 1 / self.jobs


def configured(environment: Mapping[str, str] | None = None) -> Devices:
    """The GPUs that the environment names.

    Raises ValueError for a name that is none, or a number of jobs below 1.
    """
    variables = os.environ if environment is None else environment
    names = tuple(name.strip() for name in variables.get(DEVICES, "").split(",") if name.strip())
    for name in names:
        if name != CPU and not _NAME.fullmatch(name):
            raise ValueError(f"{DEVICES} names cuda:0, cuda:1, … or cpu, not {name!r}")
    jobs = variables.get(JOBS, "4")
    if not jobs.isdecimal() or int(jobs) < 1:
        raise ValueError(f"{JOBS} must be a whole number from 1 on, not {jobs!r}")
    return Devices(tuple(name for name in names if name != CPU), int(jobs))


def absence(device: str) -> str | None:
    """Why this machine does not have `device`, None where it does."""
    found = _NAME.fullmatch(device)
    node = Path("/dev/nvidia" + found.group(1)) if found else None
    return None if node is not None and node.exists() else f"{device}: there is no {node}"


@contextlib.contextmanager
def place(devices: Devices, *, folder: Path | None = None) -> Iterator[str]:
    """A place on one of the GPUs while the `with` lasts, once one is free; without any, the CPU."""
    present = [name for name in devices.names if absence(name) is None]
    if not present:
        yield CPU
        return
    with _lock(present, devices.jobs, _folder() if folder is None else folder) as name:
        yield name


@contextlib.contextmanager
def _lock(names: list[str], jobs: int, folder: Path) -> Iterator[str]:
    import fcntl  # Unix only, as GPUs in a grader are

    while True:
        # GPU by GPU, so that two jobs do not meet on one while another is free
        for number in range(jobs):
            for name in names:
                file = (folder / f"{name.replace(':', '-')}.{number}").open("w")
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    file.close()
                    continue
                with file:  # closing it gives the place back
                    yield name
                return
        time.sleep(_WAIT_SECONDS)


def _folder() -> Path:
    folder = Path(tempfile.gettempdir()) / f"autograder-devices-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise SandboxError(f"{folder} belongs to somebody else; remove it")
    return folder
