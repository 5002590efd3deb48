"""`autograder new`: an assignment that validates at once, with every kind of check, or small."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

from autograder.authoring.release import write_files
from autograder.errors import UsageError

TEMPLATES = Path(__file__).parent / "templates"

_SUFFIX = ".txt"


def new_assignment(folder: Path, *, small: bool = False) -> tuple[str, ...]:
    """Write the assignment; the files' names. Raises `UsageError` for a folder with content.

    `small` is one function with three checks, for one's own to take its place.
    Its seed is drawn at random: nobody shall guess what hidden checks draw.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder}: exists and is not empty; name a new folder")
    id = assignment_id(folder.resolve().name)
    values = {
        "@ID@": id,
        "@TITLE@": " ".join(id.split("_")).capitalize(),
        "@SEED@": str(secrets.randbits(63)),
    }
    files = {}
    template = TEMPLATES / ("new_small" if small else "new")
    for path in sorted(template.rglob(f"*{_SUFFIX}")):
        name = path.relative_to(template).as_posix().removesuffix(_SUFFIX)
        name = name.replace("solution/solution.py", f"solution/{id}.py")
        text = path.read_text(encoding="utf-8")
        for mark, value in values.items():
            text = text.replace(mark, value)
        files[name] = text.encode()
    write_files(folder, files)
    return tuple(files)


def assignment_id(name: str) -> str:
    """An id made of a folder's name. Raises `UsageError` where nothing of it can stand in one."""
    made = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_").lstrip("0123456789_")
    if not made:
        raise UsageError(
            f"{name}: an assignment's id is made of its folder's name, and this one has no Latin "
            "letter; choose another, such as softmax_classifier"
        )
    return made
