"""Ctrl-C and SIGTERM in a command that takes long: one line, and status 130."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from types import FrameType

from autograder.errors import Interrupted

_CLEANING_SECONDS = 3.0
"""For so long after an interrupt a further one changes nothing: folders are being removed."""
_AGAIN_SECONDS = 0.02


@contextlib.contextmanager
def interruptible(left: str) -> Iterator[None]:
    """Inside, an interrupt becomes `Interrupted`, once all that is inside has cleaned up.

    `left`: what is left of the command's work, for the one line that is said.
    """
    latest = [-_CLEANING_SECONDS]
    hook = sys.unraisablehook

    def interrupt(number: int, frame: FrameType | None) -> None:
        if time.monotonic() - latest[0] >= _CLEANING_SECONDS:
            latest[0] = time.monotonic()
            raise KeyboardInterrupt

    def lost(arguments: sys.UnraisableHookArgs) -> None:
        if not issubclass(arguments.exc_type, KeyboardInterrupt):
            hook(arguments)
            return
        # it came where Python drops exceptions, in a callback of the garbage collector, say
        latest[0] = -_CLEANING_SECONDS
        threading.Timer(_AGAIN_SECONDS, os.kill, (os.getpid(), signal.SIGINT)).start()

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number, handler in before.items():
        if handler != signal.SIG_IGN:
            signal.signal(number, interrupt)
    sys.unraisablehook = lost
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted(f"interrupted; {left}") from None
    finally:
        sys.unraisablehook = hook
        for number, handler in before.items():
            signal.signal(number, handler)
