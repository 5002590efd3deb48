"""`autograder import nbgrader|otter`: another tool's notebook becomes an assignment of ours."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Literal

from rich.console import Console

from autograder.authoring.findings import counted
from autograder.authoring.imported import write_imported
from autograder.authoring.nbgrader import read_nbgrader
from autograder.authoring.otter import read_otter

_READERS = {"nbgrader": read_nbgrader, "otter": read_otter}


def run_import(tool: Literal["nbgrader", "otter"], notebook: Path, output: Path) -> int:
    """Write the assignment and say what was left behind; 0."""
    report = write_imported(_READERS[tool](notebook), notebook, output)
    console = Console(highlight=False, soft_wrap=True, markup=False)
    console.print(
        f"{counted(report.checks, 'check')}, {report.points:g} points, in {report.folder}:"
    )
    for name in report.files:
        console.print(f"  {name}")
    console.print("Not carried over, or yours to decide:")
    for line in report.lost:
        console.print(f"  - {line}")
    console.print(f"Next: autograder validate {shlex.quote(str(report.folder))}")
    return 0
