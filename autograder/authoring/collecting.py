"""An assignment's checks collected in this process: to list them, and to record at release."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from autograder.assignment import Assignment
from autograder.authoring.recording import Recorder
from autograder.checks.frozen import Recording
from autograder.errors import AssignmentError, SandboxError
from autograder.records import CheckSpec, Outcome
from autograder.session import CollectedChecks, with_checks


def collect_specs(assignment: Assignment) -> tuple[CheckSpec, ...]:
    """The assignment's checks. Raises `AssignmentError` where they cannot be collected."""
    found: list[CheckSpec] = []
    with_fresh_checks(assignment, lambda checks: found.extend(checks.specs))
    return tuple(found)


def with_fresh_checks(assignment: Assignment, body: Callable[[CollectedChecks], None]) -> None:
    """`with_checks`, with nothing left over from another run in this process.

    Modules of the checks folder are forgotten before and after: another assignment, another seed
    or a released copy has files of the same names.
    """
    with fresh_modules(assignment.checks):
        with_checks(assignment, body)


@contextmanager
def fresh_modules(folder: Path) -> Iterator[None]:
    """Inside, no module of `folder` is known from before; after, none from inside."""
    path, quiet = list(sys.path), sys.dont_write_bytecode
    _forget(folder)
    try:
        yield
    finally:
        _forget(folder)
        sys.path[:] = path
        sys.dont_write_bytecode = quiet


def _forget(folder: Path) -> None:
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and Path(file).is_relative_to(folder):
            del sys.modules[name]


def record(
    released: Assignment,
    import_paths: Sequence[Path],
    solution: Path,
    *,
    nursery: socket.socket | None = None,
) -> Recorder:
    """What the released checks ask of the reference when the solution answers them.

    Raises `AssignmentError` for a check that does not pass so: it needs more of the reference
    than can be frozen.
    """
    from autograder.grading import Grader, open_launcher
    from autograder.submission import submission_id

    recorder = Recorder()

    def body(checks: CollectedChecks) -> None:
        graded = Grader(released, checks, launcher).grade(solution, submission_id(solution))
        if graded is None:
            raise SandboxError("the solution was not graded")
        if graded.grade.message is not None and not graded.grade.checks:
            raise AssignmentError(f"{solution}: {graded.grade.message['en']}")
        for check in graded.grade.checks:
            if check.outcome is not Outcome.PASSED:
                words = check.details.message["en"] if check.details else check.outcome
                raise AssignmentError(
                    f"{check.spec.id}: the solution does not pass it in the released folder "
                    f"({words}); mend the solution or the check, or make the check hidden"
                )

    with (
        open_launcher(released, "auto", own_code=True, nursery=nursery) as launcher,
        Recording(recorder.source),
    ):
        path = list(sys.path)
        sys.path[:0] = map(str, import_paths)
        try:
            with_fresh_checks(released, body)
        finally:
            sys.path[:] = path
    return recorder
