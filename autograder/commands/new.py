"""`autograder new`: an assignment to start from."""

from __future__ import annotations

import shlex
from pathlib import Path

from rich.console import Console

from autograder.authoring.scaffold import new_assignment


def run_new(folder: Path, *, small: bool = False) -> int:
    """Write the assignment and say what comes next; 0."""
    files = new_assignment(folder, small=small)
    console = Console(highlight=False, soft_wrap=True)
    for name in files:
        console.print(f"  {name}")
    console.print(f"Next: autograder validate {shlex.quote(str(folder))}", markup=False)
    console.print(
        "Then change it step by step; docs/authoring.md says how, and so do the comments."
    )
    return 0
