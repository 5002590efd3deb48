"""Graded names that a submission defines more than once: the last definition counts, unsaid."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence

from autograder.records import Source
from autograder.source import SyntaxProblem, parse
from autograder.texts import Text, text
from autograder.tree import shown


def duplicate_notes(sources: Sequence[Source], names: Collection[str]) -> tuple[Text, ...]:
    """A note for each of `names` that two functions or classes of the top level have."""
    places: dict[str, list[str]] = {}
    for source in sources:
        for name, line in _definitions(source.code):
            if name in names:
                places.setdefault(name, []).append(_place(source, line))
    return tuple(
        text(
            "`{name}` is defined more than once ({places}); the last definition is the one that "
            "is graded. Keep one.",
            name=shown(name),
            places=", ".join(found),
        )
        for name, found in places.items()
        if len(found) > 1
    )


def _definitions(code: str) -> list[tuple[str, int]]:
    try:
        body = parse(code).body
    except SyntaxProblem:
        return []
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [
        (statement.name, statement.lineno)
        for statement in body
        if isinstance(statement, definitions) and not _is_a_setter(statement)
    ]


def _is_a_setter(statement: ast.stmt) -> bool:
    """Whether the definition builds on the one before: `@overload`, `@f.register`."""
    decorators = getattr(statement, "decorator_list", [])
    return any("overload" in ast.unparse(d) or "register" in ast.unparse(d) for d in decorators)


def _place(source: Source, line: int) -> str:
    """`svm.py:12`, or `cell 3` of a notebook."""
    label = shown(source.label)
    return f"`{label}`" if label.startswith("cell ") else f"`{label}:{line}`"
