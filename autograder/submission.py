"""Untrusted files -> `Submission`: plain data, nothing of it is executed.

A submission is a `.py` or `.ipynb` file, a folder, or an archive. `SubmissionError` says, to the
student, why a submission cannot be graded and what to do.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from autograder.archive import ending, kind_of, read_archive, wrong_ending
from autograder.assignment import SubmissionSpec
from autograder.entry import Entry, choose_entry
from autograder.errors import SubmissionError, UsageError
from autograder.folder import is_folder, read_file, read_folder
from autograder.notebook import read_all_cells
from autograder.package import read_package
from autograder.questions.reading import Answers, is_answers_file, read_answers
from autograder.records import Submission
from autograder.source import Definitions
from autograder.texts import text
from autograder.tree import Tree, is_ignored, shown

_CODE = (".py", ".ipynb")
_MAX_ID_BYTES = 200  # of the 255 that a folder's name may have

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    '\ud800-\udfff/\\\\:*?"<>|]+'
)
_RESERVED = re.compile(
    r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?"
    # what stands beside the result folders
    r"|(summary|leaderboard)\.html|leaderboard\.csv|gradebook\.(sqlite|db)(-\w+)?",
    re.IGNORECASE,
)


def find_submissions(folder: Path) -> list[Path]:
    """Every child of `folder` that is somebody's submission, sorted by name.

    Hidden files and what systems leave behind are passed over. Raises `UsageError`.
    """
    try:
        children = sorted(folder.iterdir(), key=lambda path: path.name)
    except FileNotFoundError:
        raise UsageError(
            f"{folder}: no such folder; name the folder that holds the submissions"
        ) from None
    except NotADirectoryError:
        raise UsageError(f"{folder}: a file; name the folder that holds the submissions") from None
    except PermissionError:
        raise UsageError(f"{folder}: cannot be read; check its permissions") from None
    submissions = [path for path in children if not is_ignored(path.name)]
    if not submissions:
        raise UsageError(
            f"{folder}: no submissions in it; each file, archive or folder in it is one student's"
        )
    return submissions


def submission_id(path: Path) -> str:
    """The name of a submission without its ending, safe as the name of a result folder."""
    name = path.name
    if not is_folder(path):
        name = name[: -len(ending(name))] if ending(name) else path.stem
    return _safe_id(name)


def submission_ids(paths: Sequence[Path]) -> dict[Path, str]:
    """An id for each path, different from all others even where case does not count.

    Ids that clash keep their ending (`student-01.py`, `student-01.ipynb`); those that clash even
    so are numbered in the order of their names. The order of `paths` does not count.
    """
    short = {path: submission_id(path) for path in sorted(set(paths), key=lambda p: (p.name, p))}
    often = Counter(identifier.casefold() for identifier in short.values())
    wished = {
        path: identifier if often[identifier.casefold()] == 1 else _safe_id(path.name)
        for path, identifier in short.items()
    }
    often = Counter(identifier.casefold() for identifier in wished.values())
    taken = {identifier.casefold() for identifier in wished.values()}
    ids: dict[Path, str] = {}
    for path, identifier in wished.items():
        number = 1
        while often[identifier.casefold()] > 1 and f"{identifier}-{number}".casefold() in taken:
            number += 1
        if often[identifier.casefold()] > 1:
            identifier = f"{identifier}-{number}"
        taken.add(identifier.casefold())
        ids[path] = identifier
    return {path: ids[path] for path in paths}


def _safe_id(name: str) -> str:
    safe = _UNSAFE.sub("_", unicodedata.normalize("NFC", name))
    safe = safe.encode()[:_MAX_ID_BYTES].decode(errors="ignore")
    safe = safe.replace("..", "_").lstrip(" ").rstrip(" .")
    if not safe or safe.startswith(".") or _RESERVED.fullmatch(safe):
        safe = f"_{safe}"
    return safe


def read_submission(path: Path, spec: SubmissionSpec, *, id: str) -> Submission:
    """Read the submission at `path`: a file, an archive or a folder.

    `entry` and `files` keep the submission's own layout, without folders that only wrap it;
    `import_folders` says what belongs on `sys.path`. Raises `SubmissionError`.
    """
    files = _read(path, spec)
    if not spec.needs_code:
        return _without_code(files, id)
    if spec.package is not None:
        return _package(files, spec, id)
    entry = choose_entry(files, spec)
    rest = {**files, **entry.files}
    del rest[entry.path]
    if entry.files:
        _check_again({**files, **entry.files}, spec)
    answers = read_answers(files, _cells_of([entry.path], files)) if spec.answers else Answers()
    return Submission(
        id=id,
        sha256=_digest(entry, rest),
        entry=entry.path,
        sources=entry.sources,
        files=rest,
        notes=(*entry.notes, *answers.notes),
        answers=answers.written,
    )


def _package(files: Mapping[str, bytes], spec: SubmissionSpec, id: str) -> Submission:
    """A submission that is a package tree; its modules are found by their paths."""
    package = spec.package or ""
    placed, notes = read_package(files, spec)
    entry = Entry(package, (), (), Definitions())
    digest = _digest(entry, placed)
    return Submission(
        id, digest, package, (), placed, notes, package=package, shims=tuple(spec.shims)
    )


def _without_code(files: Mapping[str, bytes], id: str) -> Submission:
    """A submission whose answers alone count; no code in it is run."""
    notebooks = sorted(name for name in files if name.lower().endswith(".ipynb"))
    sheets = [*notebooks, *sorted(filter(is_answers_file, files))]
    if not sheets:
        raise SubmissionError(
            text(
                "The submission has no answers in it. Send `answers.toml`, a Markdown file "
                "(`.md`) or a notebook (`.ipynb`)."
            )
        )
    answers = read_answers(files, _cells_of(notebooks, files))
    entry = Entry(sheets[-1], (("", files[sheets[-1]]),), (), Definitions())
    rest = {name: content for name, content in files.items() if name != entry.path}
    return Submission(id, _digest(entry, rest), entry.path, (), {}, answers.notes, answers.written)


def _cells_of(names: Iterable[str], files: Mapping[str, bytes]) -> list[str]:
    notebooks = [name for name in names if name.lower().endswith(".ipynb")]
    return [cell for name in notebooks for cell in read_all_cells(name, files[name])]


def import_folders(submission: Submission) -> tuple[str, ...]:
    """The folders that belong on `sys.path`, relative to the submission's root (`.`).

    First the entry's own, as where Python runs a script, then the one that holds its package,
    then the root.
    """
    folder = PurePosixPath(submission.entry).parent
    package = folder
    while package.parts and f"{package}/__init__.py" in submission.files:
        package = package.parent
    return tuple(dict.fromkeys(str(place) for place in (folder, package, PurePosixPath("."))))


def _read(path: Path, spec: SubmissionSpec) -> dict[str, bytes]:
    """All files of the submission by their path in it."""
    if is_folder(path):
        files = _unwrapped(read_folder(path, spec), spec)
        packed = [name for name in files if ending(name)]
        # Moodle puts the one file that a student uploaded into a folder of its own.
        if len(packed) == 1 and not any(name.lower().endswith(_CODE) for name in files):
            files = _unwrapped(read_archive(packed[0], files[packed[0]], spec), spec)
        return files
    name = unicodedata.normalize("NFC", path.name)
    data = read_file(path, spec)
    if ending(name):
        return _unwrapped(read_archive(name, data, spec), spec)
    kind = kind_of(data)
    suffix = path.suffix.lower()
    if spec.answers and is_answers_file(f"{name}.md" if suffix == ".txt" else name):
        return {shown(name): data}
    if spec.answers and suffix == ".toml":
        return {"answers.toml": data}
    if suffix not in _CODE:
        raise _unknown_kind(name, spec)
    if kind and kind != suffix:
        raise wrong_ending(name, suffix, kind)
    return {shown(name): data}


def _unknown_kind(name: str, spec: SubmissionSpec) -> SubmissionError:
    if not spec.needs_code:
        return SubmissionError(
            text(
                "`{name}` is not a kind of file that can be graded. Send `answers.toml`, a "
                "Markdown file (`.md`) or a notebook (`.ipynb`).",
                name=shown(name),
            )
        )
    return SubmissionError(
        text(
            "`{name}` is not a kind of file that can be graded. Send a `.py` file, a notebook "
            "(`.ipynb`), or a `.zip` archive of them.",
            name=shown(name),
        )
    )


def _unwrapped(files: Mapping[str, bytes], spec: SubmissionSpec) -> dict[str, bytes]:
    """The files without the folders that hold everything else and are no package."""
    files = dict(files)
    while files:
        top = next(iter(files)).partition("/")[0] + "/"
        wraps = all(name.startswith(top) for name in files)
        means = f"{top}__init__.py" in files or any(file.startswith(top) for file in spec.files)
        if means or not wraps:
            break
        files = {name.removeprefix(top): content for name, content in files.items()}
    return files


def _check_again(files: Mapping[str, bytes], spec: SubmissionSpec) -> None:
    """Hold files that a notebook adds to the rules for those that were sent."""
    tree = Tree(spec)
    for name, content in files.items():
        tree.reserve(name, len(content))


def _digest(entry: Entry, files: Mapping[str, bytes]) -> str:
    """SHA-256 of the entry's name and code as it was sent, and of every other file."""
    digest = hashlib.sha256()
    parts: Iterable[tuple[str, bytes]] = [("", entry.path.encode()), *entry.raw]
    for name, content in [*parts, ("", b""), *sorted(files.items())]:
        for part in (name.encode("utf-8", "surrogateescape"), content):
            digest.update(b"%d:" % len(part))
            digest.update(part)
    return digest.hexdigest()
