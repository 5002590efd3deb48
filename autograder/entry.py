"""Which of a submission's files holds the student's code, and that code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from autograder.assignment import SubmissionSpec
from autograder.duplicates import duplicate_notes
from autograder.errors import SubmissionError
from autograder.ipython import without_get_ipython
from autograder.notebook import interpret_cells, read_cells
from autograder.records import Source
from autograder.source import Definitions, SyntaxProblem, decode, defined_names, parse
from autograder.texts import Text, plain, text
from autograder.tree import shown

_CODE = (".py", ".ipynb")
_MAX_CANDIDATES = 8
"""Files that are parsed to find the one; each may take seconds where somebody means it to."""
_NAMES_SHOWN = 6


@dataclass(frozen=True)
class Entry:
    """The file that is graded, as it was read."""

    path: str
    raw: tuple[tuple[str, bytes], ...]
    """Label and content of each piece of code, as it was sent."""
    sources: tuple[Source, ...]
    defined: Definitions
    files: Mapping[str, bytes] = field(default_factory=dict)
    """What the code would have written: `%%writefile`."""
    notes: tuple[Text, ...] = ()


def choose_entry(files: Mapping[str, bytes], spec: SubmissionSpec) -> Entry:
    """The file with a name of `spec.files`, else the only one, else the one with the most names.

    Raises `SubmissionError` where there is none, where two could be it, and where it defines
    none of `spec.names`.
    """
    candidates = _candidates(files, spec)
    if len(candidates) == 1:
        path = candidates[0]
        entry = _load(path, files[path])
    else:
        entry = _best(candidates, files, spec)
    if spec.names and not (entry.defined.everything or entry.defined.count(spec.names)[1]):
        raise _no_names(entry, spec)
    duplicates = duplicate_notes(entry.sources, spec.names)
    return replace(entry, notes=(*entry.notes, *duplicates)) if duplicates else entry


def _candidates(files: Mapping[str, bytes], spec: SubmissionSpec) -> list[str]:
    code = [path for path in files if path.lower().endswith(_CODE)]
    if not code:
        raise SubmissionError(
            text(
                "The submission has no `.py` file and no notebook in it. Send {expected}.",
                expected=_expected(spec),
            )
        )
    exact = [path for path in code if _is_named(path, spec.files)]
    folded = [
        path
        for path in code
        if _is_named(path.casefold(), [file.casefold() for file in spec.files])
    ]
    modules = [path for path in code if PurePosixPath(path).name != "__init__.py"]
    return exact or folded or modules or code


def _is_named(path: str, names: Sequence[str]) -> bool:
    return path in names or PurePosixPath(path).name in names


def _expected(spec: SubmissionSpec) -> Text:
    """The file that is expected: one of these."""
    names = [f"`{shown(file)}`" for file in spec.files] or ["`.py`", "`.ipynb`"]
    expected = plain(names[-1])
    for name in reversed(names[:-1]):
        expected = text("{first} or {second}", first=name, second=expected)
    return expected


def _best(candidates: Sequence[str], files: Mapping[str, bytes], spec: SubmissionSpec) -> Entry:
    """The candidate that defines the most of `spec.names`."""
    likely = [path for path in candidates if any(n.encode() in files[path] for n in spec.names)]
    if not likely:
        likely = list(candidates)
    if len(likely) > _MAX_CANDIDATES or not spec.names:
        raise _ambiguous(likely, spec)
    entries: list[Entry] = []
    broken: dict[str, SubmissionError] = {}
    for path in likely:
        try:
            entries.append(_load(path, files[path]))
        except SubmissionError as error:
            broken[path] = error
    if not entries:
        raise next(iter(broken.values()))
    best = max(entry.defined.count(spec.names) for entry in entries)
    winners = [entry for entry in entries if entry.defined.count(spec.names) == best]
    if best == (0, 0) and broken:
        raise next(iter(broken.values()))
    if len(winners) > 1:
        raise _ambiguous([entry.path for entry in winners], spec)
    notes = [_chosen(winners[0].path), *(error.message for error in broken.values())]
    return replace(winners[0], notes=(*notes, *winners[0].notes))


def _chosen(path: str) -> Text:
    return text(
        "`{entry}` was graded: of the files sent, it defines the most of the expected names.",
        entry=shown(path),
    )


def _ambiguous(paths: Sequence[str], spec: SubmissionSpec) -> SubmissionError:
    return SubmissionError(
        text(
            "More than one file could be the submission: {files}. Keep one of them: {expected}.",
            files=", ".join(f"`{shown(path)}`" for path in paths[:_MAX_CANDIDATES]),
            expected=_expected(spec),
        )
    )


def _no_names(entry: Entry, spec: SubmissionSpec) -> SubmissionError:
    names = ", ".join(f"`{name}`" for name in spec.names[:_NAMES_SHOWN])
    message = text(
        "`{entry}` defines none of the names that are graded ({names}). Keep the names of the "
        "handout, at the top level of the file.",
        entry=shown(entry.path),
        names=names + (", …" if len(spec.names) > _NAMES_SHOWN else ""),
    )
    if entry.notes:
        message = {
            language: f"{message[language]} {entry.notes[0][language]}" for language in message
        }
    return SubmissionError(message)


def _load(path: str, data: bytes) -> Entry:
    if path.lower().endswith(".ipynb"):
        return _load_notebook(path, data)
    name = PurePosixPath(path).name
    code = decode(name, data)
    try:
        tree = parse(code)
    except SyntaxProblem as problem:
        raise SubmissionError(
            text(
                "`{name}`, line {line}: Python cannot read this (`{problem}`). {cause}",
                name=shown(name),
                line=problem.line,
                problem=problem.problem,
                cause=problem.cause,
            )
        ) from None
    code = without_get_ipython(code, tree)
    return Entry(path, (("", data),), (Source(name, code),), defined_names(tree))


def _load_notebook(path: str, data: bytes) -> Entry:
    name = PurePosixPath(path).name
    codes = read_cells(name, data)
    cells = interpret_cells(codes)
    if not cells.sources:
        raise _nothing_to_run(name, cells.notes)
    return Entry(
        path=path,
        raw=tuple(
            (f"cell {number}", code.encode("utf-8", "surrogatepass"))
            for number, code in enumerate(codes, start=1)
        ),
        sources=cells.sources,
        defined=cells.defined,
        files=cells.files,
        notes=cells.notes,
    )


def _nothing_to_run(name: str, notes: Sequence[Text]) -> SubmissionError:
    if not notes:
        return SubmissionError(
            text(
                "The code cells of the notebook `{name}` are empty. Save the notebook with your "
                "code and send it again.",
                name=shown(name),
            )
        )
    return SubmissionError(
        text(
            "No cell of the notebook `{name}` can be run. {note}",
            name=shown(name),
            note=notes[0],
        )
    )
