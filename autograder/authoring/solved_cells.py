"""Solution cells of another tool -> cells with our markers."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from autograder.authoring.markers import has_markers
from autograder.ipython import plain_python

_BEGIN, _STARTER, _END = "### BEGIN SOLUTION", "### STARTER", "### END SOLUTION"


def marked(code: str, prompt: Sequence[str] | None = None) -> str:
    """`code` with markers: as they are, or around the bodies of its functions, or around all.

    Students keep the `def` line and the docstring of a function, so that its name stays.
    `prompt` is what they get instead, where the other tool says it.
    """
    if has_markers(code) or not code.strip():
        return _names_kept(code)
    if prompt is not None:
        return "\n".join(block(code.split("\n"), "", prompt))
    try:
        tree = ast.parse(plain_python(code).code)  # line by line the same
    except SyntaxError:
        return "\n".join(block(code.split("\n"), "", None))
    lines = code.split("\n")
    spans = [span for statement in tree.body for span in _bodies(statement)]
    loose = [s for s in tree.body if isinstance(s, ast.Assign | ast.AnnAssign | ast.Expr)]
    spans += [(s.lineno, s.end_lineno or s.lineno) for s in loose if not _is_docstring(s)]
    for first, last in sorted(spans, reverse=True):
        indent = _indent(lines[first - 1])
        starter = _assigned(lines[first - 1]) if not indent else None
        lines[first - 1 : last] = block(lines[first - 1 : last], indent, starter)
    return "\n".join(lines)


def _names_kept(code: str) -> str:
    """Blocks outside of functions get a starter that keeps the names they assign.

    An exception there would end the file: nothing below it would be defined.
    """
    made: list[str] = []
    inside: list[str] | None = None
    for line in code.split("\n"):
        if line.rstrip() == _STARTER:
            inside = None
        elif inside is not None and line.rstrip() == _END:
            made += [_STARTER, *(f"# {each}" for each in _named(inside))]
            inside = None
        elif line.rstrip() == _BEGIN:
            inside = []
        elif inside is not None:
            inside.append(line)
        made.append(line)
    return "\n".join(made)


def _named(lines: Sequence[str]) -> list[str]:
    """`x = None` for each name that the lines assign; `...` where there is none."""
    try:
        body = ast.parse(plain_python("\n".join(lines)).code).body
    except SyntaxError:
        return ["..."]
    if any(isinstance(each, ast.FunctionDef | ast.ClassDef) for each in body):
        return ['raise NotImplementedError("write your code here")']
    targets = [node for each in body if isinstance(each, ast.Assign) for node in each.targets]
    names = [node.id for node in targets if isinstance(node, ast.Name)]
    return [f"{name} = None  # your code" for name in dict.fromkeys(names)] or ["..."]


def block(lines: Sequence[str], indent: str, prompt: Sequence[str] | None) -> list[str]:
    """`lines` between markers, with `prompt` for students."""
    made = [f"{indent}{_BEGIN}", *lines]
    if prompt is not None:
        made += [f"{indent}{_STARTER}", *(f"{indent}# {line}".rstrip() for line in prompt)]
    return [*made, f"{indent}{_END}"]


def is_unsolved(code: str) -> bool:
    """Whether a solution cell holds no solution: a student's version of the notebook."""
    bare = [line.strip() for line in code.split("\n")]
    code_lines = [line for line in bare if line and not line.startswith("#")]
    placeholders = ("raise NotImplementedError", "...", "pass", "def ", "class ", '"""', "'''")
    has_placeholder = any(
        line.startswith("raise NotImplementedError") or line == "..." for line in code_lines
    )
    return has_placeholder and all(line.startswith(placeholders) for line in code_lines[-1:])


def _bodies(statement: ast.stmt) -> list[tuple[int, int]]:
    """First and last line of the bodies of functions, without their docstrings."""
    if isinstance(statement, ast.ClassDef):
        return [span for inner in statement.body for span in _bodies(inner)]
    if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return []
    body = statement.body[1:] if _is_docstring(statement.body[0]) else statement.body
    if not body or body[0].lineno == statement.lineno:
        return []
    return [(body[0].lineno, statement.end_lineno or body[-1].lineno)]


def _is_docstring(statement: ast.stmt) -> bool:
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _assigned(line: str) -> list[str]:
    """`x = f(3)` -> `x = None`: the name stays."""
    target, equals, _ = line.partition("=")
    return [f"{target.strip()} = None  # your code"] if equals and target.strip() else ["..."]
