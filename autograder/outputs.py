"""What a graded submission leaves behind: `result.json` and `report.html` in its own folder."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from autograder.records import Grade
from autograder.report.document import encode, result_document
from autograder.report.html import render_html
from autograder.running import is_running

RESULT = "result.json"
REPORT = "report.html"
SUMMARY = "summary.html"

_UNFINISHED = re.compile(r"\.(?:result\.json|report\.html)\.(\d+)\..*")


def write_outputs(grade: Grade, folder: Path, language: str) -> None:
    """Write both files of one submission, each whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    write_whole(folder / RESULT, encode(result_document(grade, language)))
    page = render_html(grade, language=language, now=datetime.now(UTC))
    write_whole(folder / REPORT, page.encode())


def _sweep(folder: Path) -> None:
    """Remove what a program that was killed left half-written."""
    for name in os.listdir(folder):
        found = _UNFINISHED.fullmatch(name)
        if found and not is_running(int(found.group(1))):
            with contextlib.suppress(OSError):
                os.unlink(folder / name)


def outputs_exist(folder: Path, language: str) -> bool:
    """Whether both files are there, in `language`."""
    try:
        with (folder / RESULT).open("rb") as file:
            start = file.read(4096)
    except OSError:
        return False
    return f'"language": "{language}"'.encode() in start and (folder / REPORT).is_file()


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path` so that a reader finds the old file or the new, never a part."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.{os.getpid()}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.chmod(name, 0o644)  # mkstemp's 0600 would keep the web server from reading a report
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
