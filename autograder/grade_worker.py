"""`grade`'s worker processes: read jobs, grade them, write their files, answer.

The program starts one process, the template, which collects the checks and is then forked for
every worker; it grades nothing itself, so that every worker starts from the same state. Over the
template's socket comes the configuration, and then, for each worker, an end of the worker's own
socket. There, jobs come and answers go as JSON lines. When a socket ends, so does its process,
and a worker's zygote and subjects with it.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import signal
import socket
import sys
import time
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from autograder.errors import AutograderError, IsolationError, SandboxError
from autograder.sandbox import kernel

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.questions.reviews import Reviews
    from autograder.records import Grade
    from autograder.sandbox.connection import Launcher
    from autograder.session import CollectedChecks

Message = dict[str, Any]


def main() -> NoReturn:
    """Run the template until its socket ends: `grade_worker CONTROL [NURSERY]`, two sockets."""
    gc.disable()  # until all is imported and collected
    control, *nurseries = [socket.socket(fileno=int(number)) for number in sys.argv[1:]]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program that started us
    _die_with_parent()
    try:
        Template(control, nurseries[0] if nurseries else None).run()
    except BaseException as error:
        with contextlib.suppress(OSError):
            control.sendall(json.dumps(_problem(error)).encode() + b"\n")
        _leave(1)
    _leave(0)


class Template:
    """Holds an assignment's checks, collected, and forks workers that run them."""

    def __init__(self, requests: socket.socket, nursery: socket.socket | None) -> None:
        self.requests = requests
        self.nursery = nursery
        self._received = b""
        self._descriptors: list[int] = []

    def run(self) -> None:
        """Collect the checks and serve; ends with the socket."""
        from autograder.assignment import load_assignment
        from autograder.session import with_checks

        _import_the_rest()  # while the program reads its own command line
        config = self.receive()
        if config is None:
            return
        assignment = load_assignment(Path(config["assignment"]), config["edition"])
        with_checks(assignment, lambda checks: self.serve(assignment, checks, config))

    def receive(self) -> Message | None:
        """One request; None at the end."""
        while b"\n" not in self._received:
            received, descriptors, _, _ = socket.recv_fds(self.requests, 1 << 16, 1)
            if not received:
                return None
            self._received += received
            self._descriptors += descriptors
        line, _, self._received = self._received.partition(b"\n")
        return dict(json.loads(line))

    def serve(self, assignment: Assignment, checks: CollectedChecks, config: Message) -> None:
        """Fork a worker for each request; where that is not safe, become the first one."""
        if config["reviews"] is not None:
            checks.reviews = _reviews(assignment, Path(config["reviews"]))
        gc.collect()
        gc.freeze()  # what is there now stays: pytest, the checks, the libraries
        gc.enable()
        while self.receive() is not None:
            channel = socket.socket(fileno=self._descriptors.pop(0))
            alone = not _may_fork()
            # the program, not this process, becomes the parent: it sees how its workers end
            if alone or kernel.fork_with(kernel.CLONE_PARENT) == 0:
                if not alone:
                    self.requests.close()
                    _die_with_parent()
                    if os.getppid() != config["program"]:
                        _leave(1)  # it has ended meanwhile
                Worker(assignment, checks, config, self.nursery).run(channel, alone=alone)
            channel.close()


class Worker:
    """Grades one submission after another."""

    def __init__(
        self,
        assignment: Assignment,
        checks: CollectedChecks,
        config: Message,
        nursery: socket.socket | None,
    ) -> None:
        self.assignment = assignment
        self.checks = checks
        self.config = config
        self.nursery = nursery

    def run(self, channel: socket.socket, *, alone: bool) -> NoReturn:
        """Speak on `channel` until it ends, and end this process.

        `alone`: this process was the template, so a further worker needs another one.
        """
        status = 1
        answers = channel.makefile("w", encoding="utf-8", newline="\n")
        jobs = channel.makefile("r", encoding="utf-8", newline="\n")
        try:
            _say(answers, {"pid": os.getpid(), "alone": alone})
            with contextlib.ExitStack() as stack:
                self.serve(self.open_launcher(stack), jobs, answers)
            status = 0
        except BaseException as error:
            with contextlib.suppress(OSError):
                _say(answers, _problem(error))
        finally:
            _leave(status)

    def open_launcher(self, stack: contextlib.ExitStack) -> Launcher:
        """The launcher of the strongest level that is allowed and works here."""
        from autograder.sandbox.launch import candidates, open_level

        reasons = []
        hidden = tuple(self.config["hidden"])
        for level in candidates(self.config["isolation"]):
            with contextlib.ExitStack() as attempt:
                try:
                    launcher = attempt.enter_context(
                        open_level(level, self.assignment, hidden=hidden, nursery=self.nursery)
                    )
                    launcher.launch().end()
                except (SandboxError, OSError) as error:
                    reasons.append(f"{level}: {error}")
                    continue
                stack.push(attempt.pop_all())
                return launcher
        raise IsolationError(
            "no isolation on this machine (" + "; ".join(reasons) + "); `autograder doctor` says "
            "more, and --isolation none runs submitted code without a wall"
        )

    def serve(self, launcher: Launcher, jobs: TextIO, answers: TextIO) -> None:
        """Grade each job and say what came out."""
        from autograder.grading import Grader
        from autograder.records import Status
        from autograder.report.document import grade_to_json

        grader = Grader(self.assignment, self.checks, launcher)
        # with it, the program can speak of a submission that no worker survives
        _say(answers, {"isolation": launcher.level.value}, grade_to_json(grader.undecided()))
        output = Path(self.config["output"])
        sound = False
        for line in jobs:
            job = json.loads(line)
            started = time.perf_counter()
            submitted = job["submitted"] and datetime.fromisoformat(job["submitted"])
            graded = grader.grade(
                Path(job["path"]), job["id"], known=job["known"], submitted=submitted
            )
            if graded is None:
                _say(answers, {"skipped": job["id"]})
                continue
            rendering = time.perf_counter()
            grade = graded.grade
            try:
                _write_twice(grade, output / job["id"], self.config["language"])
            except OSError as error:  # a full disk is nobody's wrong answer
                grade = grader.failed(job["id"], grade.submission_sha256, error, started)
            document = grade_to_json(grade)
            finished = time.perf_counter()
            timings = {**asdict(graded.timings), "report": finished - rendering}
            timings["total"] = finished - started
            # a process that graded well and does no longer (out of memory, say) makes room for a
            # fresh one; where the first grading fails already, a fresh one would do no better
            broken = grade.status is Status.INTERNAL_ERROR
            tired = broken and sound
            sound = sound or not broken
            _say(answers, {"id": job["id"], "timings": timings, "tired": tired}, document)
            if tired:
                return


def _import_the_rest() -> None:
    import autograder.grading
    import autograder.outputs
    import autograder.session  # noqa: F401
    from autograder.texts import LANGUAGES, catalogue

    for language in LANGUAGES:
        catalogue(language)  # read once, for all workers


def _reviews(assignment: Assignment, path: Path) -> Reviews:
    from autograder.questions.items import QUESTIONS, read_items
    from autograder.questions.reviews import read_reviews

    items = read_items(assignment.checks / QUESTIONS)
    return read_reviews(path, {item.id: item for item in items.items})


def _write_twice(grade: Grade, folder: Path, language: str) -> None:
    """Write a submission's files; what the system refuses is tried once more."""
    from autograder.outputs import write_outputs

    try:
        write_outputs(grade, folder, language)
    except OSError:
        write_outputs(grade, folder, language)


def _say(answers: TextIO, message: Message, document: str = "") -> None:
    # JSON has no raw tab: the document follows the message as it is, to be stored as it is
    answers.write(f"{json.dumps(message)}\t{document}\n")
    answers.flush()


def _problem(error: BaseException) -> Message:
    """What the program is told of an error that ends a process; a defect shows where it is."""
    if isinstance(error, AutograderError):
        return {"problem": str(error), "kind": type(error).__name__}
    if isinstance(error, SandboxError):
        return {"problem": f"no subject could be started: {error}", "kind": "SandboxError"}
    sys.excepthook(type(error), error, error.__traceback__)
    return {"died": type(error).__name__}


def _may_fork() -> bool:
    """Whether a fork of this process can work: locks of other threads would never be let go."""
    return kernel.SUPPORTED and len(os.listdir("/proc/self/task")) == 1


def _die_with_parent() -> None:
    if kernel.SUPPORTED:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)


def _leave(status: int) -> NoReturn:
    """End this process without taking its libraries down one by one."""
    atexit._run_exitfuncs()  # temporary folders of the checks
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    main()
