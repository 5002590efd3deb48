"""`autograder release`: what students get, as a folder and a zip."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from rich.console import Console

from autograder.assignment import load_assignment
from autograder.authoring.release import make_release
from autograder.commands.interrupting import interruptible
from autograder.commands.progress import authoring_progress


def run_release(folder: Path, output: Path, *, as_json: bool) -> int:
    """Make the release; 0. Whatever keeps it from being made is an error of one line."""
    assignment = load_assignment(folder)
    with interruptible("the release was not finished"), authoring_progress() as report:
        report("making a release", 0, 0)
        release = make_release(assignment, output)
    if as_json:
        document = {
            "schema": 1,
            "assignment": release.assignment,
            "folder": str(release.folder),
            "archive": str(release.archive),
            "files": list(release.files),
            "visible_checks": release.visible,
            "checks": release.checks,
            "frozen_values": release.frozen,
        }
        json.dump(document, sys.stdout, ensure_ascii=False)
        sys.stdout.write("\n")
    console = Console(stderr=True)
    for name in release.files:
        console.print(f"  {name}", highlight=False)
    console.print(
        f"{release.visible} of {release.checks} checks are visible; "
        f"{release.frozen} values of the reference are frozen; nothing leaks",
        highlight=False,
    )
    console.print(f"{release.folder} and {release.archive.name}", soft_wrap=True, highlight=False)
    return 0
