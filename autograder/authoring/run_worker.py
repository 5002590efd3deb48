"""One of `validate`'s worker processes: reads tasks, grades, answers, all in JSON lines.

A task names an assignment folder, a seed and submissions. The checks are collected anew for each,
since the seed and the folder may differ; the libraries stay imported.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

from autograder.errors import AutograderError, SandboxError

Message = dict[str, Any]


def main() -> None:
    """Run until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program that started us
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a check prints must not look like an answer
    with ExitStack() as stack:
        for line in sys.stdin:
            task = json.loads(line)
            try:
                _TASKS[task["kind"]](task, answers, stack)
            except (AutograderError, SandboxError) as error:
                _say(answers, {"problem": str(error)})
            except Exception as error:
                _say(answers, {"problem": f"{type(error).__name__}: {error}"})
            _say(answers, {"done": True})


def _grade(task: Message, answers: TextIO, stack: ExitStack) -> None:
    """Grade the task's submissions with its seed."""
    from autograder.assignment import load_assignment
    from autograder.authoring.collecting import with_fresh_checks
    from autograder.grading import Grader
    from autograder.session import CollectedChecks

    assignment = load_assignment(Path(task["assignment"]), task["edition"])
    if task["seed"] is not None:
        assignment = replace(assignment, seed=task["seed"])
    if task["without"]:
        _forbid(task["without"])
    launcher = _launcher(assignment, task, stack)

    def body(checks: CollectedChecks) -> None:
        grader = Grader(assignment, checks, launcher)
        for path, name in task["submissions"]:
            graded = grader.grade(Path(path), name)
            if graded is not None:
                _say(answers, {"trial": _trial(graded.grade)})

    try:
        with_fresh_checks(assignment, body)
    finally:
        for module in task["without"]:
            sys.modules.pop(module, None)


def _forbid(modules: list[str]) -> None:
    """Importing any of `modules` fails from now on, as where they are not installed."""
    for name in list(sys.modules):
        if name.partition(".")[0] in modules:
            del sys.modules[name]
    for name in modules:
        sys.modules[name] = None  # type: ignore[assignment]


_launchers: dict[str, Any] = {}


def _launcher(assignment: Any, task: Message, stack: ExitStack) -> Any:
    from autograder.grading import open_launcher

    key = f"{assignment.root} {task['isolation']}"
    if key not in _launchers:
        opened = open_launcher(assignment, task["isolation"], own_code=True)
        _launchers[key] = stack.enter_context(opened)
    return _launchers[key]


def _trial(grade: Any) -> Message:
    return {
        "id": grade.submission_id,
        "status": str(grade.status),
        "score": grade.score,
        "max_score": grade.max_score,
        "seconds": grade.seconds,
        "message": grade.message["en"] if grade.message else "",
        "causes": sorted({c.misconception.id for c in grade.checks if c.misconception}),
        "checks": {
            check.spec.id: {
                "outcome": str(check.outcome),
                "points": check.points,
                "seconds": check.seconds,
                "message": check.details.message["en"] if check.details else "",
            }
            for check in grade.checks
        },
    }


def _say(answers: TextIO, message: Message) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()


def _kill(task: Message, answers: TextIO, stack: ExitStack) -> None:
    """The kill matrix of the task's assignment; its own code alone runs."""
    from autograder.assignment import load_assignment
    from autograder.authoring.collecting import fresh_modules
    from autograder.authoring.kill import kill_matrix

    def progress(done: int, total: int) -> None:
        _say(answers, {"progress": [done, total]})

    assignment = load_assignment(Path(task["assignment"]))
    with fresh_modules(assignment.checks):
        matrix = kill_matrix(assignment, Path(task["solution"]), progress=progress)
    rows = [
        {
            "component": kill.component,
            "question": kill.question,
            "misconception": kill.misconception.id,
            "name": kill.misconception.name["en"],
            "caught_by": list(kill.caught_by),
            "by_question": kill.by_question,
            "named": kill.named,
        }
        for kill in matrix.kills
    ]
    left_out = [list(each) for each in matrix.left_out]
    _say(answers, {"matrix": rows, "left_out": left_out, "problems": list(matrix.problems)})


_TASKS = {"grade": _grade, "kill": _kill}


if __name__ == "__main__":
    main()
