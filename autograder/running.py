"""Whether the program that left something behind still runs."""

from __future__ import annotations

import os


def is_running(pid: int) -> bool:
    """Whether there is a process `pid`, whoever owns it. Where one cannot know: yes."""
    if os.name != "posix":
        return True  # there os.kill ends the process that it names
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
