"""How far an instructor's command is, on a terminal."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from autograder.authoring.validate import Report


@contextlib.contextmanager
def authoring_progress() -> Iterator[Report]:
    """What shows on a terminal how far a command is; without a terminal nothing does."""
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[count]}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    with progress:
        task = progress.add_task("", total=None, count="")

        def report(stage: str, done: int, whole: int) -> None:
            count = f"{done}/{whole}" if whole else ""
            progress.update(
                task, description=stage, completed=done, total=whole or None, count=count
            )

        yield report
