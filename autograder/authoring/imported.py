"""An assignment that came from another tool, and the folder made of it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.authoring.manifest import write_toml
from autograder.authoring.notebooks import Cell, write_notebook
from autograder.authoring.release import write_files
from autograder.authoring.scaffold import assignment_id
from autograder.authoring.test_code import Converter, Names, names_of
from autograder.errors import AssignmentError, UsageError


@dataclass(frozen=True)
class ImportedTest:
    """One test cell, or the visible or hidden part of one."""

    name: str
    code: str
    points: float
    question: str
    hidden: bool = False


@dataclass
class Imported:
    """What was read from another tool's notebook."""

    cells: list[Cell] = field(default_factory=list)
    """The solution notebook, with our markers and without tests."""
    texts: list[str] = field(default_factory=list)
    """What students read: the handout."""
    solved: list[str] = field(default_factory=list)
    """Code of the cells that students write."""
    given: list[str] = field(default_factory=list)
    """Code of the other cells."""
    tests: list[ImportedTest] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    """What could not be carried over, one line each."""

    def say_raw(self, cell: Mapping[str, Any]) -> None:
        """A raw cell has no place in an assignment."""
        if words := cell["source"].split():
            self.lost.append(f"a raw cell was left out: {_short(' '.join(words))}")

    def say_attachments(self, cell: Mapping[str, Any]) -> None:
        """Pictures inside a cell have no place in a handout; their names do."""
        for name in cell.get("attachments") or {}:
            self.lost.append(
                f"the picture {name} inside a text cell was left out: save it beside the handouts "
                "and link to it"
            )


def _short(words: str) -> str:
    return words if len(words) <= 60 else words[:59] + "…"


@dataclass(frozen=True)
class ImportReport:
    """What became of a notebook."""

    folder: Path
    files: tuple[str, ...]
    checks: int
    points: float
    lost: tuple[str, ...]


def write_imported(imported: Imported, notebook: Path, output: Path) -> ImportReport:
    """Write the assignment folder.

    Raises `UsageError` for a folder with content and `AssignmentError` where no test could be
    carried over.
    """
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise UsageError(f"{output}: exists and is not empty; name a new folder")
    id = assignment_id(notebook.stem)
    names = names_of(imported.solved, imported.given)
    checks, kept, used, lost = _checks(imported.tests, names)
    lost = [*imported.lost, *lost]
    if not kept:
        raise AssignmentError(
            f"{notebook}: no test in it can be carried over"
            + (f"; the first reason: {lost[0]}" if lost else "")
        )
    title = _title(imported.texts, id)
    graded = sorted(names.own | (used & names.variables))
    files = {
        "assignment.toml": _manifest(id, title, graded, kept).encode(),
        f"solution/{id}.ipynb": write_notebook(imported.cells),
        f"checks/test_{id}.py": checks.encode(),
        "handout.en.md": _handout(title, imported.texts).encode(),
        "handout.fa.md": _persian_handout(title).encode(),
    }
    write_files(output, files)
    lost += [
        "Persian: the titles of assignment and questions, and handout.fa.md, are yours to write",
        "the titles of the checks name their test only; write what each of them asks",
        "no sample submissions; put some into examples/ and their rows into examples.toml",
    ]
    points = sum(test.points for test in kept)
    return ImportReport(output, tuple(files), len(kept), points, tuple(lost))


def _checks(
    tests: Sequence[ImportedTest], names: Names
) -> tuple[str, list[ImportedTest], set[str], list[str]]:
    """The check file, the tests in it, the names they ask for, and what could not be done."""
    converter = Converter(names)
    functions: list[str] = []
    kept: list[ImportedTest] = []
    lost: list[str] = []
    taken: set[str] = set()
    for test in tests:
        try:
            body = converter.convert(test.code)
        except AssignmentError as error:
            lost.append(f"test {test.name} ({test.points:g} points): {error}")
            continue
        function = _function_name(test, taken)
        functions.append(_function(function, test, body))
        kept.append(test)
    prelude = converter.prelude()
    head = ['"""Checks carried over from a notebook: each asserts what a test cell did."""', ""]
    head += [*prelude.imports, "", *prelude.definitions]
    return "\n".join([*head, "", *functions]), kept, converter.used, lost


def _function_name(test: ImportedTest, taken: set[str]) -> str:
    base = "test_" + re.sub(r"\W+", "_", test.name, flags=re.ASCII).strip("_").lower()
    base = base.replace("test_test_", "test_") + ("_hidden" if test.hidden else "")
    name, number = base, 2
    while name in taken:
        name, number = f"{base}_{number}", number + 1
    taken.add(name)
    return name


def _function(name: str, test: ImportedTest, body: str) -> str:
    visibility = ', visibility="hidden"' if test.hidden else ""
    shown = test.name.replace("\\", " ").replace('"', "'").replace("`", "'")
    kind, kind_fa = ("hidden tests", "آزمون‌های پنهان") if test.hidden else ("tests", "آزمون‌های")
    lines = [
        f'@pytest.mark.points({_number(test.points)}, question="{test.question}"{visibility})',
        "@as_in_a_notebook",
        f"def {name}(student):",
        f'    """The {kind} `{shown}` hold.',
        "",
        f"    fa: {kind_fa} `{shown}` برقرارند.",
        '    """',
        *(f"    {line}" if line else "" for line in body.split("\n")),
    ]
    return "\n" + "\n".join(lines) + "\n"


def _number(points: float) -> str:
    return str(int(points)) if points == int(points) else repr(points)


def _manifest(id: str, title: str, names: Sequence[str], tests: Sequence[ImportedTest]) -> str:
    questions = list(dict.fromkeys(test.question for test in tests))
    return write_toml(
        {
            "id": id,
            "version": "1",
            "title": {"en": title, "fa": title},
            "seed": secrets.randbits(63),
            "submission": {"files": [f"{id}.ipynb", f"{id}.py"], "names": list(names)},
            "questions": [
                {"id": name, "title": {"en": name.replace("_", " "), "fa": name.replace("_", " ")}}
                for name in questions
            ],
        }
    )


def question_id(name: str) -> str:
    """A name that a question can have, made of another tool's."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "question"


def _title(texts: Sequence[str], id: str) -> str:
    for text in texts:
        if found := re.search(r"^#\s+(.+)$", text, re.MULTILINE):
            return found[1].strip().replace("`", "")
    return " ".join(id.split("_")).capitalize()


def _handout(title: str, texts: Sequence[str]) -> str:
    body = "\n\n".join(text.strip() for text in texts)
    return body + "\n" if re.search(r"^# ", body, re.MULTILINE) else f"# {title}\n\n{body}\n"


def _persian_handout(title: str) -> str:
    return f"# {title}\n\nTODO: handout.en.md in Persian.\n"
