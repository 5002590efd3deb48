"""One of `validate`'s worker processes: reads tasks, grades, answers, all in JSON lines.

A task names an assignment folder, a seed and a submission, or asks for the kill matrix. The checks
are collected anew where the folder or the seed is another one than before; the libraries stay
imported.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from autograder.errors import AutograderError, SandboxError
from autograder.sandbox import kernel

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.records import Isolation
    from autograder.sandbox.connection import Launcher

Message = dict[str, Any]

_CHECKS = ("kind", "assignment", "seed", "edition", "without")
"""What tasks have in common that the same collected checks will do for."""


def main() -> None:
    """Run until standard input ends: `run_worker ISOLATION [NURSERY]`, a socket's number."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program that started us
    signal.signal(signal.SIGTERM, _stop)
    sys.unraisablehook = _stop_all_the_same
    if kernel.SUPPORTED:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    isolation, *nurseries = sys.argv[1:]
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a check prints must not look like an answer
    nursery = socket.socket(fileno=int(nurseries[0])) if nurseries else None
    try:
        with ExitStack() as stack:
            RunWorker(answers, stack, isolation, nursery).run()
    except KeyboardInterrupt:
        os._exit(1)  # subjects and their folders are gone; nobody reads what is left to say


def _stop(number: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt


def _stop_all_the_same(lost: sys.UnraisableHookArgs) -> None:
    """An interrupt that came where Python drops exceptions ends the process all the same."""
    if issubclass(lost.exc_type, KeyboardInterrupt):
        os._exit(1)  # the program that started us removes our folders
    sys.__unraisablehook__(lost)


class RunWorker:
    """Does one task after the other."""

    def __init__(
        self, answers: TextIO, stack: ExitStack, isolation: str, nursery: socket.socket | None
    ) -> None:
        self.answers = answers
        self.stack = stack
        self.isolation = isolation
        self.nursery = nursery
        self.launchers: dict[Path, Launcher] = {}
        self.kept: Message | None = None
        """A task that was read by what could not do it."""
        self.busy = False
        """Whether a task was read whose end was not said."""

    def run(self) -> None:
        """Do tasks until standard input ends."""
        while (task := self.next()) is not None:
            try:
                self.kill(task) if task["kind"] == "kill" else self.grade(task)
            except Exception as error:
                if not self.busy:
                    raise
                expected = isinstance(error, (AutograderError, SandboxError))
                kind = "" if expected else f"{type(error).__name__}: "
                self.say({"problem": f"{kind}{error}"})
            if self.busy:
                self.end()

    def next(self) -> Message | None:
        """The next task; None at the end."""
        task, self.kept = self.kept, None
        if task is None:
            line = sys.stdin.readline()
            task = json.loads(line) if line else None
        self.busy = task is not None
        return task

    def say(self, message: Message) -> None:
        """Tell the program something."""
        self.answers.write(json.dumps(message) + "\n")
        self.answers.flush()

    def end(self) -> None:
        """Say that the present task is done."""
        self.busy = False
        self.say({"done": True})

    def grade(self, task: Message) -> None:
        """Grade the task's submission, and those of the following tasks with the same checks."""
        from autograder.assignment import load_assignment
        from autograder.authoring.collecting import with_fresh_checks
        from autograder.grading import Grader
        from autograder.session import CollectedChecks

        assignment = load_assignment(Path(task["assignment"]), task["edition"])
        if task["seed"] is not None:
            assignment = replace(assignment, seed=task["seed"])
        if task["without"]:
            _forbid(task["without"])
        launcher = self.launcher(assignment)

        def body(checks: CollectedChecks) -> None:
            if task["seed"] is not None:  # trainings do not draw from it: they would be the same
                checks.leave_out(checks.using("training_seed"))
            grader = Grader(assignment, checks, launcher)
            current: Message | None = task
            while current is not None and _same_checks(current, task):
                graded = grader.grade(Path(current["path"]), current["name"])
                if graded is not None:
                    self.say({"trial": _trial(graded.grade)})
                self.end()
                current = self.next()
            self.kept, self.busy = current, False

        try:
            with_fresh_checks(assignment, body)
        finally:
            for module in task["without"]:
                sys.modules.pop(module, None)

    @cached_property
    def level(self) -> Isolation:
        """The isolation of all subjects."""
        from autograder.sandbox.launch import choose_isolation

        return choose_isolation(self.isolation, own_code=True)

    def launcher(self, assignment: Assignment) -> Launcher:
        """What starts the subjects of an assignment; it is kept."""
        from autograder.sandbox.launch import open_level

        if assignment.root not in self.launchers:
            opened = open_level(self.level, assignment, nursery=self.nursery)
            self.launchers[assignment.root] = self.stack.enter_context(opened)
        return self.launchers[assignment.root]

    def kill(self, task: Message) -> None:
        """The kill matrix of the task's assignment; its own code alone runs."""
        from autograder.assignment import load_assignment
        from autograder.authoring.collecting import fresh_modules
        from autograder.authoring.kill import kill_matrix

        def progress(done: int, total: int) -> None:
            self.say({"progress": [done, total]})

        # the code that runs here would take an exception for its own
        before = signal.signal(signal.SIGTERM, signal.SIG_DFL)
        try:
            assignment = load_assignment(Path(task["assignment"]))
            with fresh_modules(assignment.checks):
                matrix = kill_matrix(assignment, Path(task["solution"]), progress=progress)
        finally:
            signal.signal(signal.SIGTERM, before)
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
        self.say({"matrix": rows, "left_out": left_out, "problems": list(matrix.problems)})


def _same_checks(first: Message, second: Message) -> bool:
    return all(first.get(name) == second.get(name) for name in _CHECKS)


def _forbid(modules: list[str]) -> None:
    """Importing any of `modules` fails from now on, as where they are not installed."""
    for name in list(sys.modules):
        if name.partition(".")[0] in modules:
            del sys.modules[name]
    for name in modules:
        sys.modules[name] = None  # type: ignore[assignment]


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


if __name__ == "__main__":
    main()
