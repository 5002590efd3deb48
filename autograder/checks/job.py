"""One training job: its device, its clock, and what happens when memory runs out."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from autograder.checks import devices
from autograder.checks.budget import Budget
from autograder.checks.student import Student
from autograder.errors import StudentError
from autograder.texts import text

_MEMORY_WORDS = ("out of memory", "can't allocate memory", "cannot allocate memory")


def trains_on_gpu(student: Student) -> bool:
    """Whether a check with a GPU's budget gets a GPU: named, present, and no wall before it."""
    names = devices.configured().names
    return not student.walled and any(devices.absence(name) is None for name in names)


@contextlib.contextmanager
def training_job(
    student: Student | None, budget: Budget | None, machine: devices.Devices
) -> Iterator[str]:
    """The device on which to train; inside, calls are bounded by the budget of that device.

    A GPU where the budget has one for it, the machine has one and nothing stands between it and
    the submission; else the CPU. Running out of memory becomes the check's own failure.
    """
    if student is None or budget is None:
        yield devices.CPU
        return
    wanted = machine if budget.gpu is not None and not student.walled else devices.Devices()
    waiting = time.monotonic()
    with devices.place(wanted) as device:
        student.wait(time.monotonic() - waiting)
        if device != devices.CPU:
            _bound_memory(student, device, machine.share)
        try:
            yield device
        except StudentError as error:
            if not _out_of_memory(error):
                raise
            student.restart()  # what is still held would be missing to the next check
            raise _memory_failure(error, device) from None


def _bound_memory(student: Student, device: str, share: float) -> None:
    """Let torch take this job's share of the GPU's memory, and no more."""
    student.define(
        f"__import__('torch').cuda.set_per_process_memory_fraction({share!r}, {device!r})"
    )


def _out_of_memory(error: StudentError) -> bool:
    words = error.details.message["en"].lower()
    return error.kind == "OutOfMemoryError" or any(phrase in words for phrase in _MEMORY_WORDS)


def _memory_failure(error: StudentError, device: str) -> StudentError:
    details = error.details
    message = text(
        "Training ran out of memory on `{device}`: a smaller batch, or fewer or smaller layers, "
        "need less.",
        device=device,
    )
    return StudentError(
        type(details)(message, call=details.call, traceback=details.traceback),
        kind="OutOfMemoryError",
    )
