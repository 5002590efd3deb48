"""The worker processes that do the runs of a validation, as the program that starts them sees them.

Whatever ends the program ends them: an interrupt asks them to clean up and go, and the kernel ends
those whose program was killed.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from autograder.authoring.runs import Run, Step
from autograder.sandbox.scratch import remove_scratch
from autograder.workers import ONE_THREAD

_END_SECONDS = 5.0
"""So long a worker may take to end its subjects and remove their folders."""


def run_all(
    runs: Sequence[Run],
    *,
    jobs: int,
    isolation: str,
    on_trial: Callable[[Run], None],
    nursery: socket.socket | None = None,
) -> None:
    """Do all runs in `jobs` processes; each run's trials and problem are filled in.

    `isolation`: a level's name, or `auto`. With a `nursery`, subjects' zygotes are forked from it.
    """
    waiting = [step for run in runs for step in run.steps()]
    crew = _Crew(waiting, isolation, nursery, on_trial)
    try:
        crew.work(max(1, min(jobs, len(waiting))))
    except BaseException:
        crew.stop()
        raise
    crew.close()


class _Crew:
    def __init__(
        self,
        waiting: list[Step],
        isolation: str,
        nursery: socket.socket | None,
        on_trial: Callable[[Run], None],
    ) -> None:
        self.waiting = waiting
        self.isolation = isolation
        self.nursery = nursery
        self.on_trial = on_trial
        self.selector = selectors.DefaultSelector()
        self.workers: list[_Worker] = []

    def work(self, jobs: int) -> None:
        """Hand out all steps and take in what is said of them."""
        for _ in range(jobs):
            self._start()
        while any(worker.step for worker in self.workers):
            for key, _ in self.selector.select():
                self._hear(key.data)

    def _start(self) -> None:
        """A new worker with something to do, if there is anything."""
        step = self._next(None)
        if step is not None:
            worker = _Worker(self.isolation, self.nursery)
            self.workers.append(worker)
            self.selector.register(worker.output, selectors.EVENT_READ, worker)
            worker.give(step)

    def _next(self, checks: tuple[object, ...] | None) -> Step | None:
        """A step for a worker that holds these checks: one of theirs, if there is one."""
        # a run with a problem says that once, not for each of its submissions
        self.waiting = [step for step in self.waiting if step.run.problem is None]
        own = (step for step in self.waiting if step.checks == checks)
        step = next(own, self.waiting[0] if self.waiting else None)
        if step is not None:
            self.waiting.remove(step)
        return step

    def _hear(self, worker: _Worker) -> None:
        messages = worker.read()
        if messages is None:
            self._replace(worker)
            return
        for message in messages:
            step = worker.step
            if step is None:
                continue
            if "done" in message:
                following = self._next(step.checks)
                worker.step = None
                if following is not None:
                    worker.give(following)
                continue
            try:
                step.run.hear(message)
            except (KeyError, ValueError, msgspec.MsgspecError) as error:
                step.run.problem = f"a worker process said what is no answer ({error})"
            self.on_trial(step.run)

    def _replace(self, worker: _Worker) -> None:
        """A worker has ended by itself: its run has come to nothing, and another goes on."""
        self.selector.unregister(worker.output)
        self.workers.remove(worker)
        status = worker.close()
        if worker.step is not None:
            worker.step.run.problem = (
                f"a worker process ended during the run (exit status {status})"
            )
        self._start()

    def close(self) -> None:
        """End the workers, which have nothing to do any more."""
        for worker in self.workers:
            worker.dismiss()
        for worker in self.workers:
            worker.close()
        self.selector.close()

    def stop(self) -> None:
        """End the workers, whatever they do."""
        for worker in self.workers:
            worker.process.terminate()
        self.close()


class _Worker:
    """One worker process and the step that it has."""

    def __init__(self, isolation: str, nursery: socket.socket | None) -> None:
        passed = [] if nursery is None else [nursery.fileno()]
        self.step: Step | None = None
        self._pending = b""
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "autograder.authoring.run_worker", isolation, *map(str, passed)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=passed,
            env={**os.environ, "PYTHONUTF8": "1", **ONE_THREAD},
            process_group=0 if os.name == "posix" else None,  # Ctrl-C is for this program alone
        )
        if self.process.stdin is None or self.process.stdout is None:
            raise OSError("a worker without pipes")
        self.input, self.output = self.process.stdin, self.process.stdout

    def give(self, step: Step) -> None:
        """Hand over a step."""
        self.step = step
        with contextlib.suppress(OSError):  # it has died: the end of its output will say so
            self.input.write(json.dumps(step.task).encode() + b"\n")
            self.input.flush()

    def read(self) -> list[dict[str, Any]] | None:
        """The messages that have come; None when it is gone, or says what is no message."""
        chunk = os.read(self.output.fileno(), 1 << 20)
        if not chunk:
            return None
        *lines, self._pending = (self._pending + chunk).split(b"\n")
        try:
            return [json.loads(line) for line in lines]
        except ValueError:
            self.process.kill()
            return None

    def dismiss(self) -> None:
        """Say that there is nothing more to do."""
        with contextlib.suppress(OSError):
            self.input.close()

    def close(self) -> int:
        """Wait for its end, not for long, and remove what it left; its exit status."""
        self.dismiss()
        try:
            status = self.process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        self.output.close()
        remove_scratch(self.process.pid)
        return status
