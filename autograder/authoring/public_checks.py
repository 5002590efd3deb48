"""The checks folder as students get it: visible checks, what they use, and nothing else.

A file keeps its visible check functions, every definition and import that these need, and its
comments beside them. Imports of the reference become `frozen(…)`, see `autograder.checks.frozen`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from autograder.assignment import Assignment
from autograder.errors import AssignmentError
from autograder.records import CheckSpec, Visibility

_HOOKS = ("pytest_", "pytestmark")
_NEVER = {"components.py"}
"""Files of the checks folder that are for the grader alone."""


@dataclass(frozen=True)
class PublicChecks:
    """What goes into the released checks folder."""

    files: dict[str, str]
    data: dict[str, bytes]
    asked: tuple[str, ...]
    """Names of the reference that the files use."""
    hidden: tuple[str, ...]
    """Names of the check functions that were left out."""


def public_checks(assignment: Assignment, specs: Sequence[CheckSpec]) -> PublicChecks:
    """The visible part of an assignment's checks.

    Raises `AssignmentError` where a visible check cannot be told from a hidden one, or builds on
    one.
    """
    refuse_hidden_prerequisites(specs)
    visible, hidden = _functions(specs)
    roots = reference_roots(assignment)
    local = {path.stem: path for path in assignment.checks.glob("*.py")}
    files: dict[str, str] = {}
    asked: list[str] = []
    waiting = [path for path in sorted(assignment.checks.glob("**/*.py")) if path.name in visible]
    waiting += [local["conftest"]] if "conftest" in local else []
    while waiting:
        path = waiting.pop(0)
        name = path.relative_to(assignment.checks).as_posix()
        if name in files:
            continue
        wanted = visible.get(path.name)
        code = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        if wanted is not None:
            code = prune(code, keep=wanted, drop=hidden.get(path.name, set()))
        files[name], used, imported = replace_reference(code, roots, name)
        asked += used
        for module in imported:
            if module in local and module not in roots:
                if local[module].name in _NEVER:
                    raise AssignmentError(
                        f"{path}: a visible check imports {module}, which stays with the grader; "
                        "move what it needs into a file of its own"
                    )
                waiting.append(local[module])
    return PublicChecks(files, _data(assignment, files), tuple(dict.fromkeys(asked)), _all(hidden))


def refuse_hidden_prerequisites(specs: Sequence[CheckSpec]) -> None:
    """Raises `AssignmentError` if a visible check requires one that is not."""
    if pairs := hidden_prerequisites(specs):
        check, required = pairs[0]
        raise AssignmentError(
            f"{check} is visible and requires {required}, which is not, so its `not run` would "
            "tell how that one ended; make both visible or take the requires out"
        )


def released(specs: Sequence[CheckSpec]) -> list[CheckSpec]:
    """The checks that students can run themselves: visible, and code; answers stay with us."""
    return [
        spec
        for spec in specs
        if spec.visibility is Visibility.VISIBLE and spec.id.partition("::")[0].endswith(".py")
    ]


def hidden_prerequisites(specs: Sequence[CheckSpec]) -> list[tuple[str, str]]:
    """(visible check, the check that is not visible which it requires)."""
    seen = {spec.id: spec.visibility for spec in specs}
    return [
        (spec.id, required)
        for spec in specs
        if spec.visibility is Visibility.VISIBLE
        for required in spec.requires
        if seen.get(required) is not Visibility.VISIBLE
    ]


def reference_roots(assignment: Assignment) -> frozenset[str]:
    """The packages and modules that the checks find through the manifest's `import_paths`."""
    found = set()
    for folder in assignment.import_paths:
        if folder.is_dir():
            for path in folder.iterdir():
                if path.suffix == ".py" or (path.is_dir() and any(path.glob("*.py"))):
                    found.add(path.stem)
    own = {path.stem for path in assignment.checks.glob("*.py")}
    return frozenset(name for name in found - own - {"autograder"} if name.isidentifier())


def _functions(
    specs: Sequence[CheckSpec],
) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """The functions of visible checks, and of the others, by file."""
    visible: dict[str, set[str]] = {}
    hidden: dict[str, set[str]] = {}
    for spec in specs:
        file, _, name = spec.id.partition("::")
        chosen = visible if spec.visibility is Visibility.VISIBLE else hidden
        chosen.setdefault(file, set()).add(name.partition("[")[0])
    for file in visible:
        if both := visible[file] & hidden.get(file, set()):
            raise AssignmentError(
                f"{file}::{min(both)} has visible and hidden cases; make them two functions"
            )
    return visible, hidden


def _all(functions: dict[str, set[str]]) -> tuple[str, ...]:
    return tuple(sorted(name for names in functions.values() for name in names))


def _data(assignment: Assignment, files: dict[str, str]) -> dict[str, bytes]:
    """Other files of the checks folder that the kept code names."""
    everything = "\n".join(files.values())
    return {
        path.relative_to(assignment.checks).as_posix(): path.read_bytes()
        for path in sorted(assignment.checks.rglob("*"))
        if path.is_file()
        and path.suffix not in (".py", ".pyc")
        and not path.name.startswith(".")
        and f"{path.name}" in everything
    }


# --- pruning ------------------------------------------------------------------------------------


def prune(code: str, *, keep: Collection[str], drop: Collection[str]) -> str:
    """`code` with the functions `keep`, without `drop`, and without what only those needed."""
    tree = ast.parse(code)
    methods = {index: _take_methods(each, drop) for index, each in enumerate(tree.body)}
    kept = _needed(tree.body, keep, drop)
    lines = code.split("\n")
    out: list[str] = []
    position, last_kept = 0, True
    used = _names_used([tree.body[index] for index in kept])
    for index, statement in enumerate(tree.body):
        first, last = _span(statement)
        gap = lines[position : first - 1]
        here = index in kept
        out += _gap(gap, here, last_kept)
        if here:
            out += _kept_lines(statement, lines[first - 1 : last], used, methods[index])
        position, last_kept = last, here
    if last_kept:
        out += lines[position:]
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(out)).strip("\n") + "\n"


def _needed(body: list[ast.stmt], keep: Collection[str], drop: Collection[str]) -> set[int]:
    """Indices of the statements that the kept checks reach, and of those with effects."""
    bound = [_bound(statement) for statement in body]
    needed = {
        index
        for index, statement in enumerate(body)
        if not _only_binds(statement)
        or (bound[index] & set(keep) and not bound[index] & set(drop))
        or any(name.startswith(_HOOKS) for name in bound[index])
        or _automatic(statement)
        or (isinstance(statement, ast.ClassDef) and _methods(statement) & set(keep))
        or (isinstance(statement, ast.ImportFrom) and statement.module == "__future__")
    }
    while True:
        used = _names_used([body[index] for index in needed])
        more = {index for index, names in enumerate(bound) if names & used} - needed
        more = {index for index in more if not bound[index] & set(drop)}
        if not more:
            return needed
        needed |= more


def _only_binds(statement: ast.stmt) -> bool:
    """Whether leaving the statement out changes nothing but names."""
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        return True
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
    return isinstance(statement, definitions)


def _automatic(statement: ast.stmt) -> bool:
    """Whether pytest uses a fixture that nobody names."""
    return isinstance(statement, ast.FunctionDef) and any(
        "autouse=True" in ast.unparse(each) for each in statement.decorator_list
    )


def _methods(statement: ast.ClassDef) -> set[str]:
    return {each.name for each in statement.body if isinstance(each, ast.FunctionDef)}


def _bound(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {_alias(alias) for alias in statement.names}
    names = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def _alias(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]


def _names_used(statements: Iterable[ast.stmt]) -> set[str]:
    """Names read anywhere in the statements; parameters too, since they may be fixtures."""
    used: set[str] = set()
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                used.add(node.id)
            elif isinstance(node, ast.arg):
                used.add(node.arg)
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                used |= set(_strings(node.decorator_list))
    return used


def _strings(nodes: Sequence[ast.expr]) -> Iterator[str]:
    """Strings in decorators: `usefixtures("digits")` names a fixture."""
    for decorator in nodes:
        if "usefixtures" in ast.unparse(decorator):
            for node in ast.walk(decorator):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


def _span(statement: ast.stmt) -> tuple[int, int]:
    decorators = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(each.lineno for each in decorators)])
    return first, statement.end_lineno or statement.lineno


def _gap(lines: list[str], kept: bool, last_kept: bool) -> list[str]:
    """What stands before a statement: comments go with what they stand at."""
    attached: list[str] = []
    rest = list(lines)
    while rest and rest[-1].strip():
        attached.insert(0, rest.pop())
    free = rest if kept and last_kept else [line for line in rest if not line.strip()]
    return free + (attached if kept else [])


def _take_methods(statement: ast.stmt, drop: Collection[str]) -> list[tuple[int, int]]:
    """Take hidden methods out of a class; where they stood, the last first."""
    if not isinstance(statement, ast.ClassDef):
        return []
    hidden = [m for m in statement.body if isinstance(m, ast.FunctionDef) and m.name in drop]
    statement.body = [each for each in statement.body if each not in hidden]
    return [_span(method) for method in reversed(hidden)]


def _kept_lines(
    statement: ast.stmt, lines: list[str], used: set[str], taken: Sequence[tuple[int, int]]
) -> list[str]:
    """A kept statement: imports without unused names, classes without hidden methods."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        names = [alias for alias in statement.names if _alias(alias) in used or alias.name == "*"]
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            return lines
        if names and len(names) < len(statement.names):
            statement.names = names
            return ast.unparse(statement).split("\n")
        return lines
    first = _span(statement)[0]
    for start, end in taken:
        while lines[start - first - 1].strip().startswith("#"):
            start -= 1
        del lines[start - first : end - first + 1]
    return lines


# --- the reference ------------------------------------------------------------------------------


def replace_reference(
    code: str, roots: Collection[str], where: str
) -> tuple[str, list[str], list[str]]:
    """`code` with `frozen(…)` for every import of a reference; those names; other modules.

    Raises `AssignmentError` for `from reference import *`.
    """
    tree = ast.parse(code)
    lines = code.split("\n")
    asked: list[str] = []
    imported: list[str] = []
    for node in sorted(_imports(tree), key=lambda each: -each.lineno):
        modules = _modules(node)
        if not any(module.partition(".")[0] in roots for module in modules):
            imported += [module.partition(".")[0] for module in modules]
            continue
        pairs = _bindings(node, where)
        indent = " " * node.col_offset
        others = [pair for pair in pairs if pair[1].partition(".")[0] not in roots]
        if others:
            raise AssignmentError(
                f"{where}:{node.lineno}: one import for {others[0][1]} and the reference; "
                "write two lines"
            )
        asked += [name for _, name in pairs]
        new = [f'{indent}{bound} = frozen(__file__, "{name}")' for bound, name in pairs]
        lines[node.lineno - 1 : node.end_lineno] = new
    if asked:
        at = _after_header(tree)
        lines[at:at] = ["from autograder.checks.frozen import frozen"]
    return "\n".join(lines), asked, imported


def _imports(tree: ast.Module) -> Iterator[ast.Import | ast.ImportFrom]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [alias.name for alias in node.names]


def _bindings(node: ast.Import | ast.ImportFrom, where: str) -> list[tuple[str, str]]:
    """(name in the check file, full name in the reference) of an import."""
    if isinstance(node, ast.Import):
        return [
            (alias.asname, alias.name)
            if alias.asname
            else (alias.name.partition(".")[0], alias.name.partition(".")[0])
            for alias in node.names
        ]
    if any(alias.name == "*" for alias in node.names):
        raise AssignmentError(
            f"{where}:{node.lineno}: import * hides what a visible check uses of {node.module}; "
            "name it"
        )
    return [(_alias(alias), f"{node.module}.{alias.name}") for alias in node.names]


def _after_header(tree: ast.Module) -> int:
    """The line after the docstring and `from __future__` imports."""
    line = 0
    for index, statement in enumerate(tree.body):
        docstring = index == 0 and isinstance(statement, ast.Expr)
        future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        if not (docstring or future):
            return _span(statement)[0] - 1
        line = statement.end_lineno or line
    return line
