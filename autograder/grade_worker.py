"""One of `grade`'s worker processes: reads jobs, grades them, writes their files, answers.

Jobs come as JSON lines on standard input and answers go as JSON lines to standard output. The
first line in is the configuration, the first line out says that the checks are collected. When
standard input ends, so does the worker, and with it its zygote and subjects.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from autograder.errors import AutograderError, IsolationError, SandboxError

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.questions.reviews import Reviews
    from autograder.sandbox.connection import Launcher

Message = dict[str, Any]


def main() -> None:
    """Run a worker until its standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program that started us
    _die_with_parent()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a check prints must not look like an answer
    config = json.loads(sys.stdin.readline())
    try:
        _work(config, answers)
    except AutograderError as error:
        _say(answers, {"problem": str(error), "kind": type(error).__name__})
    except SandboxError as error:
        _say(answers, {"problem": f"no subject could be started: {error}", "kind": "SandboxError"})


def _work(config: Message, answers: TextIO) -> None:
    from autograder.assignment import load_assignment
    from autograder.sandbox.launch import candidates, open_level

    assignment = load_assignment(Path(config["assignment"]))
    reasons = []
    for level in candidates(config["isolation"]):
        try:
            with open_level(level, assignment, hidden=tuple(config["hidden"])) as launcher:
                _import_the_rest()  # while the zygote imports its libraries
                launcher.launch().end()
                _collect_and_serve(assignment, launcher, config, answers)
                return
        except (SandboxError, OSError) as error:
            if _said:
                raise
            reasons.append(f"{level}: {error}")
    raise IsolationError(
        "no isolation on this machine (" + "; ".join(reasons) + "); `autograder doctor` says more, "
        "and --isolation none runs submitted code without a wall"
    )


_said: list[str] = []


def _import_the_rest() -> None:
    import autograder.grading
    import autograder.outputs
    import autograder.session  # noqa: F401


def _collect_and_serve(
    assignment: Assignment, launcher: Launcher, config: Message, answers: TextIO
) -> None:
    from autograder.grading import Grader
    from autograder.session import CollectedChecks, with_checks

    def body(checks: CollectedChecks) -> None:
        if config["reviews"] is not None:
            checks.reviews = _reviews(assignment, Path(config["reviews"]))
        _say(answers, {"isolation": launcher.level.value})
        _serve(Grader(assignment, checks, launcher), config, answers)

    with_checks(assignment, body)


def _reviews(assignment: Assignment, path: Path) -> Reviews:
    from autograder.questions.items import QUESTIONS, read_items
    from autograder.questions.reviews import read_reviews

    items = read_items(assignment.checks / QUESTIONS)
    return read_reviews(path, {item.id: item for item in items.items})


def _serve(grader: Any, config: Message, answers: TextIO) -> None:
    from autograder.outputs import write_outputs
    from autograder.report.document import grade_to_json

    output = Path(config["output"])
    gc.collect()
    gc.freeze()  # what is there now stays: pytest, the checks, the libraries
    for line in sys.stdin:
        job = json.loads(line)
        started = time.perf_counter()
        graded = grader.grade(Path(job["path"]), job["id"], known=job["known"])
        if graded is None:
            _say(answers, {"skipped": job["id"]})
            continue
        rendering = time.perf_counter()
        write_outputs(graded.grade, output / job["id"], config["language"])
        document = grade_to_json(graded.grade)
        finished = time.perf_counter()
        timings = {**asdict(graded.timings), "report": finished - rendering}
        timings["total"] = finished - started
        _say(answers, {"id": job["id"], "timings": timings}, document)


def _say(answers: TextIO, message: Message, document: str = "") -> None:
    _said.append("")
    del _said[1:]
    # JSON has no raw tab: the document follows the message as it is, to be stored as it is
    answers.write(f"{json.dumps(message)}\t{document}\n")
    answers.flush()


def _die_with_parent() -> None:
    from autograder.sandbox import kernel

    if kernel.SUPPORTED:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    main()
