"""`grade`'s worker processes, as the program that starts them sees them."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from autograder.assignment import Assignment
from autograder.errors import SandboxError


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
    reviews: Path | None = None
    """What persons gave for the answers that only they can judge."""


@dataclass
class Job:
    """One submission to grade."""

    path: Path
    id: str
    known: str | None
    tries: int = 0


class Worker:
    """One worker process and the job that it has."""

    def __init__(self, options: BatchOptions) -> None:
        environment = {**os.environ, "PYTHONUTF8": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "autograder.grade_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        self.job: Job | None = None
        self.since = time.monotonic()
        self.ready = False
        self._pending = b""
        self._write(
            {
                "assignment": str(options.assignment.root),
                "isolation": options.isolation,
                "output": str(options.output.resolve()),
                "language": options.language,
                "reviews": None if options.reviews is None else str(options.reviews.resolve()),
                "hidden": [
                    str(path.resolve())
                    for path in (options.submissions, options.output, Path.cwd())
                ],
            }
        )

    @property
    def answers(self) -> IO[bytes]:
        """Where its answers come from."""
        if self.process.stdout is None:
            raise SandboxError("a worker without an output")
        return self.process.stdout

    def give(self, job: Job) -> None:
        """Hand over a job."""
        job.tries += 1
        self.job = job
        self.since = time.monotonic()
        self._write({"path": str(job.path), "id": job.id, "known": job.known})

    def _write(self, message: dict[str, Any]) -> None:
        if self.process.stdin is None:
            raise SandboxError("a worker without an input")
        try:
            self.process.stdin.write(json.dumps(message).encode() + b"\n")
            self.process.stdin.flush()
        except OSError:
            pass  # it has died: its output's end will say so

    def read(self) -> list[dict[str, Any]] | None:
        """The answers that have come; None when it is gone."""
        chunk = os.read(self.answers.fileno(), 1 << 20)
        if not chunk:
            return None
        *lines, self._pending = (self._pending + chunk).split(b"\n")
        answers = []
        for line in lines:
            message, _, document = line.partition(b"\t")
            answers.append({**json.loads(message), "document": document})
        return answers

    def close(self) -> None:
        """Tell it that there are no more jobs: it ends by itself."""
        if self.process.stdin is not None:
            with contextlib.suppress(OSError):
                self.process.stdin.close()

    def stop(self, seconds: float = 5.0) -> None:
        """End it: kindly, then not."""
        self.close()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.answers.close()


def start_workers(options: BatchOptions, submissions: int) -> list[Worker]:
    """As many workers as there are jobs and submissions for; they get ready by themselves."""
    return [Worker(options) for _ in range(max(1, min(options.jobs, submissions)))]


def stop_workers(workers: list[Worker]) -> None:
    """End all workers, at the same time."""
    for worker in workers:
        worker.close()
    for worker in workers:
        worker.stop(seconds=2.0)
