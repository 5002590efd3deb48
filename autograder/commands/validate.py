"""`autograder validate`: one screen that says whether an assignment can be published."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from rich.console import Console

from autograder.assignment import load_assignment
from autograder.authoring.documents import validation_document, validation_page
from autograder.authoring.findings import Validation
from autograder.authoring.screen import validation_screen
from autograder.authoring.validate import validate_assignment
from autograder.commands.devices import require_data
from autograder.commands.interrupting import interruptible
from autograder.commands.progress import authoring_progress
from autograder.errors import UsageError


def run_validate(
    folder: Path,
    *,
    jobs: int,
    isolation: str,
    seeds: int,
    html: Path | None,
    as_json: bool,
) -> int:
    """Validate an assignment; 0 if it is fit, 1 if not."""
    assignment = load_assignment(folder)
    require_data(assignment.data)
    if html is not None and html.is_dir():
        raise UsageError(f"--html {html}: a folder; name the file to write")
    with interruptible("nothing was written"), authoring_progress() as report:
        validation = validate_assignment(
            assignment, jobs=jobs, isolation=isolation, seeds=seeds, report=report
        )
    _write(validation, html, as_json)
    return 0 if validation.fit else 1


def _write(validation: Validation, html: Path | None, as_json: bool) -> None:
    Console(stderr=as_json).print(validation_screen(validation))
    if html is not None:
        html.parent.mkdir(parents=True, exist_ok=True)
        html.write_text(validation_page(validation), encoding="utf-8")
    if as_json:
        json.dump(validation_document(validation), sys.stdout, ensure_ascii=False)
        sys.stdout.write("\n")
