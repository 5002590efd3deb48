"""The program `autograder`, and `python -m autograder`."""

from __future__ import annotations

import gc
import sys

from autograder import workers

_INTERRUPTED = 130


def main() -> None:
    """Run the command line; `grade`'s processes get ready while it is still being read."""
    gc.disable()  # all that is imported stays: looking through it for garbage takes its time
    command = next((word for word in sys.argv[1:] if not word.startswith("-")), None)
    try:
        if command == "grade" and "--help" not in sys.argv:
            workers.start_early()
        from autograder.cli import main as command_line

        gc.enable()
        command_line()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    finally:
        workers.stop_early()


if __name__ == "__main__":
    main()
