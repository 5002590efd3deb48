"""A submission that is a package tree: which files count, and where they belong.

The manifest's `[submission] package = "cs231n"` asks for it, and `names` are dotted:
`cs231n.classifiers.linear_svm.svm_loss_naive` lies in `cs231n/classifiers/linear_svm.py`. The
folder may lie at any depth, bear another name, or be missing, so that only the files in it came.
Nothing is executed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import PurePosixPath

from autograder.assignment import SubmissionSpec
from autograder.errors import SubmissionError
from autograder.sandbox import python2
from autograder.sandbox.old_names import OLD_NUMPY
from autograder.source import SyntaxProblem, decode, parse
from autograder.texts import Text, text
from autograder.tree import shown

_SHOWN = 6
_MAX_NOTES = 12
"""Old trees have many files; those that are graded come first."""


def read_package(
    files: Mapping[str, bytes], spec: SubmissionSpec
) -> tuple[dict[str, bytes], tuple[Text, ...]]:
    """The package's Python files, by the path that imports expect, and what to say of them.

    Raises `SubmissionError` where none of the graded files came.
    """
    package = spec.package or ""
    wanted = graded_files(spec)
    code = {path: data for path, data in files.items() if path.lower().endswith(".py")}
    root, found = _best_root(code, wanted, package)
    placed = {
        f"{package}/{path.removeprefix(root)}": data
        for path, data in code.items()
        if found and path.startswith(root)
    }
    elsewhere = found and root.rstrip("/") not in ("", package)
    notes = [_other_place(root, package)] if elsewhere else []
    for inner in wanted:
        target = f"{package}/{inner}"
        strays = [path for path in code if PurePosixPath(path).name == PurePosixPath(inner).name]
        if target not in placed and len(strays) == 1:
            placed[target] = code[strays[0]]
            notes.append(_moved(strays[0], target))
            for path in code:  # what it may import from beside it
                beside = PurePosixPath(target).parent / PurePosixPath(path).name
                if PurePosixPath(path).parent == PurePosixPath(strays[0]).parent:
                    placed.setdefault(str(beside), code[path])
    if not placed:
        raise _nothing(wanted, package)
    for name in ("layer_utils", "im2col") if "starter" in spec.shims else ():
        used = re.compile(rf"\bimport\s+{name}\b|\b{name}\s+import\b".encode())
        if f"{package}/{name}.py" not in placed and any(map(used.search, placed.values())):
            notes.append(_stand_in(f"{package}/{name}.py"))
    graded = [path for path in (f"{package}/{inner}" for inner in wanted) if path in placed]
    ordered = {path: placed[path] for path in (*graded, *sorted(placed))}
    said = islice(_notes_on_code(ordered, old="python2" in spec.shims), _MAX_NOTES)
    return dict(sorted(placed.items())), (*notes, *said)


def graded_files(spec: SubmissionSpec) -> tuple[str, ...]:
    """The graded files, relative to the package: `classifiers/linear_svm.py`."""
    modules = dict.fromkeys(name.rpartition(".")[0] for name in spec.names)
    return tuple(f"{module.partition('.')[2].replace('.', '/')}.py" for module in modules)


def _best_root(code: Mapping[str, bytes], wanted: tuple[str, ...], package: str) -> tuple[str, int]:
    """The folder (with its `/`) under which most of the graded files lie, and how many do."""
    roots = {""}
    for path in code:
        roots.update(f"{folder}/" for folder in PurePosixPath(path).parents if str(folder) != ".")

    def merit(root: str) -> tuple[int, bool, int, str]:
        count = sum(f"{root}{inner}" in code for inner in wanted)
        return count, PurePosixPath(root).name.casefold() == package, -len(root), root

    best = max(roots, key=merit)
    return best, merit(best)[0]


def _notes_on_code(files: Mapping[str, bytes], *, old: bool) -> Iterator[Text]:
    """What Python 3, or the numpy of today, cannot do with the files; one note a file and kind.

    `old`: files of Python 2 are run as such.
    """
    for path, data in files.items():
        if not data.strip():
            continue
        try:
            source = decode(path, data)
            found = python2.marker(source) if old else None
            tree = parse(source if found is None else python2.rewritten(source))
            if found is not None:
                yield _as_python_2(path, *found)
        except SyntaxProblem as problem:
            yield text(
                "`{name}`, line {line}: Python cannot read this (`{problem}`). {cause} Until "
                "then nothing in this file can be used; the other files are graded.",
                name=shown(path),
                line=problem.line,
                problem=problem.problem,
                cause=problem.cause,
            )
        except SubmissionError as error:
            yield error.message
        else:
            yield from _old_names(path, tree, xrange=not old)


def _as_python_2(path: str, line: int, what: str) -> Text:
    return text(
        "`{name}`, line {line}: this is Python 2 (`{what}`), and was graded as Python 2 runs it. "
        "Python 3 writes `print(x)`, `range`, `items()`, and `//` where a whole number is meant.",
        name=shown(path),
        line=line,
        what=shown(what),
    )


def _old_names(path: str, tree: ast.Module, *, xrange: bool) -> Iterator[Text]:
    bound = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    } | {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and _is_stored(node)}
    for node in ast.walk(tree) if xrange else ():
        if isinstance(node, ast.Name) and node.id == "xrange" and "xrange" not in bound:
            yield text(
                "`{name}`, line {line}: `xrange` is of Python 2. Write `range`, or import it.",
                name=shown(path),
                line=node.lineno,
            )
            break
    seen: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="np" | "numpy"), attr=name) if name in OLD_NUMPY:
                if name not in seen:
                    seen.add(name)
                    yield text(
                        "`{name}`, line {line}: numpy no longer has `{old}`. Write `{new}`.",
                        name=shown(path),
                        line=node.lineno,
                        old=f"np.{name}",
                        new=OLD_NUMPY[name],
                    )


def _is_stored(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store)


def _other_place(root: str, package: str) -> Text:
    return text(
        "The files in `{folder}` were graded as the package `{package}`.",
        folder=shown(root) or ".",
        package=package,
    )


def _moved(path: str, target: str) -> Text:
    return text(
        "`{name}` was graded as `{target}`, where it belongs.",
        name=shown(path),
        target=target,
    )


def _stand_in(path: str) -> Text:
    return text(
        "`{name}` was not sent; what the course's starter code has there was used instead.",
        name=path,
    )


def _nothing(wanted: tuple[str, ...], package: str) -> SubmissionError:
    names = ", ".join(f"`{package}/{inner}`" for inner in wanted[:_SHOWN])
    return SubmissionError(
        text(
            "The submission has none of the files that are graded: {names}. Send the folder "
            "`{package}` as it is, as a folder or a `.zip` archive.",
            names=names,
            package=package,
        )
    )
