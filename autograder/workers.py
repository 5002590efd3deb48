"""`grade`'s worker processes, as the program that starts them sees them.

A `Crew` is started before the program knows what to grade, for its processes to import their
libraries meanwhile: a template, which workers are forked from, and a nursery, which their zygotes
are forked from. Both end with their sockets.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.sandbox import kernel
from autograder.sandbox.nursery import start_nursery

if TYPE_CHECKING:
    from autograder.assignment import Assignment

Message = dict[str, Any]

_POLL_SECONDS = 0.005
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Settings of a worker: it has one core, and a process with numpy's threads cannot be forked."""


@dataclass(frozen=True)
class BatchOptions:
    """What `grade` was asked to do."""

    assignment: Assignment
    submissions: Path
    output: Path
    gradebook: str
    isolation: str
    """`auto`, or a level's name."""
    language: str = "en"
    jobs: int = 1
    regrade: bool = False
    times: Mapping[str, datetime] | None = None
    """Submission id -> when it was handed in; None: nobody said."""
    reviews: Path | None = None
    """What persons gave for the answers that only they can judge."""


@dataclass
class Job:
    """One submission to grade."""

    path: Path
    id: str
    known: str | None
    """The digest of what is graded already under this id."""
    submitted: datetime | None = None
    tries: int = 0


class Worker:
    """One worker process and the job that it has."""

    def __init__(self, channel: socket.socket, template: socket.socket) -> None:
        self.channel = channel
        self.template = template
        """The socket of the process that it is forked from."""
        self.pid: int | None = None
        """Known from its first message on."""
        self.job: Job | None = None
        self.since = time.monotonic()
        self.ready = False
        self.status: int | None = None
        """How it ended: the exit status; negative: the signal that ended it."""
        self._pending = b""

    def give(self, job: Job) -> None:
        """Hand over a job."""
        job.tries += 1
        self.job = job
        self.since = time.monotonic()
        message = {
            "path": str(job.path),
            "id": job.id,
            "known": job.known,
            "submitted": None if job.submitted is None else job.submitted.isoformat(),
        }
        with contextlib.suppress(OSError):  # it has died: its channel's end will say so
            self.channel.sendall(json.dumps(message).encode() + b"\n")

    def read(self) -> list[Message] | None:
        """The answers that have come; None when it is gone."""
        try:
            chunk = self.channel.recv(1 << 20)
        except OSError:
            chunk = b""
        if not chunk:
            return None
        *lines, self._pending = (self._pending + chunk).split(b"\n")
        answers = []
        for line in lines:
            message, _, document = line.partition(b"\t")
            answers.append({**json.loads(message), "document": document})
        return answers

    def problem(self) -> Message | None:
        """What its template said before it ended, if that is why there is no worker."""
        readable, _, _ = select.select([self.template], [], [], 0)
        line = self.template.makefile("rb").readline() if readable else b""
        return dict(json.loads(line)) if line else None

    def kill(self) -> None:
        """End it at once."""
        if self.pid is not None and self.status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """Tell it that there are no more jobs: it ends by itself."""
        with contextlib.suppress(OSError):
            self.channel.shutdown(socket.SHUT_WR)

    def stop(self, seconds: float = 5.0) -> None:
        """End it: kindly, then not."""
        self.close()
        deadline = time.monotonic() + seconds
        while not self._ended(os.WNOHANG):
            if time.monotonic() >= deadline:
                self.kill()
                self._ended(0)
                break
            time.sleep(_POLL_SECONDS)
        self.channel.close()

    def _ended(self, options: int) -> bool:
        """Whether it has ended, or never came to be; notes its status."""
        if self.pid is None or self.status is not None:
            return True
        try:
            pid, status = os.waitpid(self.pid, options)
        except ChildProcessError:
            return True
        if pid == self.pid:
            self.status = os.waitstatus_to_exitcode(status)
        return self.status is not None


class Crew:
    """The processes that workers come from."""

    def __init__(self) -> None:
        """Start them; `configure` says later what for."""
        self._nursery: subprocess.Popen[bytes] | None = None
        self._nursery_socket: socket.socket | None = None
        if kernel.SUPPORTED:
            self._nursery, self._nursery_socket = start_nursery()
        self.alone = not kernel.SUPPORTED
        """Whether a template cannot be forked, and becomes a worker itself."""
        self._asked = False
        self._config: Message = {}
        self._templates: list[tuple[subprocess.Popen[bytes], socket.socket]] = []
        self._start_template()

    def _start_template(self) -> None:
        ours, theirs = socket.socketpair()
        passed = [theirs.fileno()]
        if self._nursery_socket is not None:
            passed.append(self._nursery_socket.fileno())
        with theirs:
            process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "autograder.grade_worker", *map(str, passed)],
                pass_fds=passed,
                stdin=subprocess.DEVNULL,
                stdout=2,  # what a check prints is no result
                env={**os.environ, "PYTHONUTF8": "1", **ONE_THREAD},
            )
        self._templates.append((process, ours))

    def configure(self, options: BatchOptions) -> None:
        """Say what is graded; the checks are collected from now on."""
        hidden = (options.submissions, options.output, Path.cwd())
        self._config = {
            "program": os.getpid(),
            "assignment": str(options.assignment.root),
            "edition": options.assignment.edition and options.assignment.edition.id,
            "isolation": options.isolation,
            "output": str(options.output.resolve()),
            "language": options.language,
            "reviews": None if options.reviews is None else str(options.reviews.resolve()),
            "hidden": [str(path.resolve()) for path in hidden],
        }
        self._send(self._config)

    def worker(self) -> Worker:
        """A further worker: it gets ready by itself."""
        process, _ = self._templates[-1]
        if (self.alone and self._asked) or process.poll() is not None:
            self._start_template()
            self._send(self._config)
        self._asked = True
        ours, theirs = socket.socketpair()
        with theirs:
            self._send({"worker": True}, (theirs.fileno(),))
        return Worker(ours, self._templates[-1][1])

    def _send(self, message: Message, descriptors: tuple[int, ...] = ()) -> None:
        line = json.dumps(message).encode() + b"\n"
        with contextlib.suppress(OSError):  # it has died: the workers' channels will say so
            sent = socket.send_fds(self._templates[-1][1], [line], descriptors)
            self._templates[-1][1].sendall(line[sent:])

    def kill(self) -> None:
        """End all at once; there are no workers yet."""
        for process in (*(process for process, _ in self._templates), self._nursery):
            if process is not None:
                process.kill()
        self.close()

    def close(self) -> None:
        """End all, once the workers have ended."""
        for _, control in self._templates:
            control.close()
        if self._nursery_socket is not None:
            self._nursery_socket.close()
        for process in (*(process for process, _ in self._templates), self._nursery):
            if process is not None:
                _end(process)


_early: list[Crew] = []


def start_early() -> None:
    """Start the crew of this program's `grade`, before its command line is read."""
    _early.append(Crew())


def crew() -> Crew:
    """The crew that was started early, or a new one."""
    return _early.pop() if _early else Crew()


def stop_early() -> None:
    """End a crew that nobody has asked for: the command line was not right."""
    while _early:
        _early.pop().kill()


def _end(process: subprocess.Popen[bytes], seconds: float = 2.0) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def stop_workers(workers: list[Worker]) -> None:
    """End all workers, at the same time."""
    for worker in workers:
        worker.close()
    for worker in workers:
        worker.stop(seconds=2.0)
