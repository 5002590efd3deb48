"""Ctrl-C and SIGTERM in a command that takes long: one line, and status 130."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Iterator
from types import FrameType

from autograder.errors import Interrupted

_CLEANING_SECONDS = 3.0
"""For so long after an interrupt a further one changes nothing: folders are being removed."""


@contextlib.contextmanager
def interruptible(left: str) -> Iterator[None]:
    """Inside, an interrupt becomes `Interrupted`, once all that is inside has cleaned up.

    `left`: what is left of the command's work, for the one line that is said.
    """
    latest = [-_CLEANING_SECONDS]

    def interrupt(number: int, frame: FrameType | None) -> None:
        if time.monotonic() - latest[0] >= _CLEANING_SECONDS:
            latest[0] = time.monotonic()
            raise KeyboardInterrupt

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number, handler in before.items():
        if handler != signal.SIG_IGN:
            signal.signal(number, interrupt)
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted(f"interrupted; {left}") from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
