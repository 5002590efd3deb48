"""`autograder release`: what students get of an assignment, as a folder and a zip.

The folder is made in a temporary place, held against the leak check, and moved where it belongs
only if nothing was found.
"""

from __future__ import annotations

import importlib.metadata
import io
import re
import shutil
import socket
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.assignment import MANIFEST, Assignment, load_assignment
from autograder.authoring.collecting import collect_specs, record
from autograder.authoring.leaks import Leak, Secrets, find_leaks, secret_lines
from autograder.authoring.manifest import public_manifest
from autograder.authoring.public_checks import (
    PublicChecks,
    public_checks,
    reference_roots,
    released,
)
from autograder.authoring.question_release import question_files, question_secrets
from autograder.authoring.readme import FILE as README
from autograder.authoring.readme import student_readme
from autograder.authoring.solution import Starter, find_solution, make_starter
from autograder.checks.frozen import FILE as FROZEN
from autograder.errors import AssignmentError, UsageError
from autograder.records import CheckSpec, Visibility

WITHOUT_STARTER = (
    "it grades a package whose starter students have from its own course, so there is nothing to "
    "release; give them the handout, and grade what they hand in"
)
HANDOUTS = ("handout.en.md", "handout.fa.md")

_LINK = re.compile(r"\]\(\s*<?([^)\s>#?]+)>?[^)]*\)|<img[^>]*\bsrc=[\"']([^\"']+)[\"']")
_PRIVATE = {"solution", "checks", "examples"}
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Release:
    """A release as it was made."""

    assignment: str
    folder: Path
    archive: Path
    files: tuple[str, ...]
    visible: int
    """Checks that students get, of `checks`."""
    checks: int
    frozen: int
    """Values of the reference that their checks need."""
    leaks: list[Leak] = field(default_factory=list)


def make_release(assignment: Assignment, output: Path) -> Release:
    """Make `output/ID/` and `output/ID.zip`.

    Raises `AssignmentError` for what cannot be released, a leak included; nothing is written then.
    """
    target = output / assignment.id
    _refuse(target, assignment)
    with tempfile.TemporaryDirectory(prefix="autograder-release-") as scratch:
        built = build_release(assignment, Path(scratch) / assignment.id)
        if built.leaks:
            more = f" (and {len(built.leaks) - 1} more)" if len(built.leaks) > 1 else ""
            raise AssignmentError(f"the release would leak: {built.leaks[0]}{more}")
        output.mkdir(parents=True, exist_ok=True)
        if target.exists():
            shutil.rmtree(target)
        shutil.copytree(built.folder, target)
        archive = output / f"{assignment.id}.zip"
        archive.write_bytes(built.archive.read_bytes())
    return Release(
        assignment.id,
        target,
        archive,
        built.files,
        built.visible,
        built.checks,
        built.frozen,
    )


def build_release(
    assignment: Assignment, folder: Path, *, nursery: socket.socket | None = None
) -> Release:
    """Make the release at `folder` and beside it, and look for leaks; they are in the result."""
    specs = collect_specs(assignment)
    if not assignment.submission.needs_code:
        return _release_questions(assignment, specs, folder)
    if assignment.submission.package is not None:
        raise AssignmentError(f"{assignment.root}: {WITHOUT_STARTER}")
    solution = find_solution(assignment)
    starter = make_starter(assignment, solution)
    public = public_checks(assignment, specs)
    visible = released(specs)
    if not visible:
        raise AssignmentError(
            f"{assignment.checks}: no visible check; students need one to try their work"
        )
    files = _files(assignment, specs, starter, public)
    write_files(folder, files)
    frozen = 0
    if public.asked:
        recorder = record(
            load_assignment(folder), assignment.import_paths, solution.path, nursery=nursery
        )
        frozen = sum(map(len, recorder.entries.values()))
        files[f"checks/{FROZEN}"] = recorder.document()
        write_files(folder, {f"checks/{FROZEN}": files[f"checks/{FROZEN}"]})
    archive = folder.with_name(f"{assignment.id}.zip")
    archive.write_bytes(zip_files(assignment.id, files))
    secrets = release_secrets(assignment, specs, starter, public)
    return Release(
        assignment.id,
        folder,
        archive,
        tuple(sorted(files)),
        len(visible),
        len(specs),
        frozen,
        leaks_of(folder, archive, secrets, files),
    )


def _release_questions(assignment: Assignment, specs: Sequence[CheckSpec], folder: Path) -> Release:
    """The release of an assignment that asks for no code."""
    files = {MANIFEST: public_manifest(assignment).encode(), **question_files(assignment)}
    files |= _handouts(assignment)
    write_files(folder, files)
    archive = folder.with_name(f"{assignment.id}.zip")
    archive.write_bytes(zip_files(assignment.id, files))
    secrets = Secrets(hidden=question_secrets(assignment))
    leaks = leaks_of(folder, archive, secrets, files)
    names = tuple(sorted(files))
    return Release(assignment.id, folder, archive, names, len(specs), len(specs), 0, leaks)


def leaks_of(
    folder: Path, archive: Path, secrets: Secrets, expected: Mapping[str, bytes]
) -> list[Leak]:
    """What the folder and the archive, as they lie there, hold that they must not."""
    there = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    leaks = find_leaks(there, secrets, set(expected))
    packed = find_leaks({archive.name: archive.read_bytes()}, secrets, {archive.name})
    with zipfile.ZipFile(archive) as opened:
        names = [name.partition("/")[2] for name in opened.namelist()]
    packed += [
        Leak(f"{archive.name}/{name}", "a file that does not belong there", "remove it")
        for name in names
        if name not in expected
    ]
    known = {(leak.what, leak.file) for leak in leaks}
    prefix = f"{archive.name}/{archive.stem}/"
    return leaks + [
        leak for leak in packed if (leak.what, leak.file.removeprefix(prefix)) not in known
    ]


def release_secrets(
    assignment: Assignment, specs: Sequence[CheckSpec], starter: Starter, public: PublicChecks
) -> Secrets:
    """What the release of an assignment must not hold."""
    handouts = [_handout(assignment.root / name) for name in HANDOUTS]
    shown = "\n".join([*public.files.values(), *handouts, starter.shown])
    hidden = [spec for spec in specs if spec.visibility is not Visibility.VISIBLE]
    told = {title for spec in specs if spec not in hidden for title in _words(spec)}
    words = [word for spec in hidden for word in _words(spec) if word not in told]
    names = [f"{name}" for name in public.hidden]
    code = "\n".join(
        path.read_bytes().decode("utf-8-sig", "ignore")
        for path in sorted(assignment.checks.rglob("*.py"))
    )
    return Secrets(
        solution=secret_lines(starter.solved, starter.shown),
        hidden=(*names, *words, *_hidden_lines(code, shown), *question_secrets(assignment)),
        modules=tuple(sorted(reference_roots(assignment))),
    )


def _handout(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _words(spec: CheckSpec) -> list[str]:
    """The titles and hints of a check, without the case that collection adds."""
    texts = [spec.title, *([spec.hint] if spec.hint else [])]
    case = f" (`{spec.id.partition('[')[2][:-1]}`)"
    return [text[language].removesuffix(case) for text in texts for language in text]


def _hidden_lines(code: str, shown: str) -> tuple[str, ...]:
    """Lines of check files that do not stand in the released ones, the imports apart."""
    lines = [line for line in code.split("\n") if not re.match(r"\s*(from|import)\s", line)]
    return tuple(line for line in secret_lines(lines, shown) if len(line) >= 30)


def _files(
    assignment: Assignment, specs: Sequence[CheckSpec], starter: Starter, public: PublicChecks
) -> dict[str, bytes]:
    files = {MANIFEST: public_manifest(assignment).encode(), **starter.files}
    files |= {f"checks/{name}": code.encode() for name, code in public.files.items()}
    files |= {f"checks/{name}": data for name, data in public.data.items()}
    versions = ""
    if public.asked:  # other versions may draw other inputs than those that were frozen
        versions = "".join(
            f" {name}=={importlib.metadata.version(name)}" for name in ("hypothesis", "numpy")
        )
    readme = student_readme(assignment, specs, starters=list(starter.files), versions=versions)
    files[README] = readme.encode()
    return files | question_files(assignment) | _handouts(assignment)


def _handouts(assignment: Assignment) -> dict[str, bytes]:
    """The handouts and what they link to."""
    files = {}
    for name in HANDOUTS:
        path = assignment.root / name
        if path.is_file():
            files[name] = path.read_bytes()
            files |= linked_files(path, assignment.root)
    return files


def linked_files(handout: Path, root: Path) -> dict[str, bytes]:
    """Pictures and data that a handout links to, where they lie in the assignment's folder."""
    files = {}
    for found in _LINK.finditer(handout.read_text(encoding="utf-8")):
        target = found[1] or found[2]
        path = (root / target).resolve()
        inside = path.is_relative_to(root) and path.is_file()
        if inside and path.relative_to(root).parts[0] not in _PRIVATE:
            files[path.relative_to(root).as_posix()] = path.read_bytes()
    return files


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write `files` under `folder`."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def zip_files(root: str, files: Mapping[str, bytes]) -> bytes:
    """An archive of `files` in a folder `root`: the same files make the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{root}/{name}", _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name], compresslevel=9)
    return buffer.getvalue()


def _refuse(target: Path, assignment: Assignment) -> None:
    """Raises `UsageError` where a release would overwrite something else than a release."""
    place = target.resolve()
    if place == assignment.root or assignment.root in place.parents:
        raise UsageError(
            f"{target}: this is the assignment itself; give --output a folder outside it"
        )
    if assignment.root.is_relative_to(place):
        raise UsageError(f"{target}: the assignment lies in it; give --output another folder")
    if not place.exists():
        return
    private = [name for name in ("solution", "examples") if (place / name).exists()]
    if not place.is_dir() or private or (any(place.iterdir()) and not (place / MANIFEST).exists()):
        raise UsageError(f"{target}: exists and is no earlier release; move it away")
