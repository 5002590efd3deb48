"""One of `grade`'s worker processes: reads jobs, grades them, writes their files, answers.

Jobs come as JSON lines on standard input and answers go as JSON lines to standard output. The
first line in is the configuration, the first line out says that the checks are collected. When
standard input ends, so does the worker, and with it its zygote and subjects.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from autograder.errors import AutograderError, SandboxError

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
    from autograder.records import Isolation
    from autograder.sandbox.launch import open_level

    assignment = load_assignment(Path(config["assignment"]))
    hidden = (*config["hidden"], str(assignment.root), *map(str, assignment.import_paths))
    with ExitStack() as stack:
        # the zygote imports its libraries while this process imports its own
        launcher = stack.enter_context(
            open_level(Isolation(config["isolation"]), assignment, hidden=hidden)
        )
        from autograder.grading import Grader
        from autograder.session import CollectedChecks, with_checks

        def body(checks: CollectedChecks) -> None:
            launcher.versions  # noqa: B018  (waits until the zygote is ready)
            _say(answers, {"ready": True, "checks": len(checks.specs)})
            _serve(Grader(assignment, checks, launcher), config, answers)

        with_checks(assignment, body)


def _serve(grader: Any, config: Message, answers: TextIO) -> None:
    from autograder.outputs import write_outputs
    from autograder.report.document import grade_to_json

    output = Path(config["output"])
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
        _say(answers, {"id": job["id"], "grade": document, "timings": timings})


def _say(answers: TextIO, message: Message) -> None:
    answers.write(json.dumps(message, ensure_ascii=True) + "\n")
    answers.flush()


def _die_with_parent() -> None:
    from autograder.sandbox import kernel

    if kernel.SUPPORTED:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    main()
