"""The name under which a submission wants to stand on a leaderboard: read, never run."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.checks.student import Student
from autograder.records import Source
from autograder.source import SyntaxProblem, parse
from autograder.texts import clean

VARIABLE = "LEADERBOARD_NAME"
"""`LEADERBOARD_NAME = "…"` at the top level of the submission."""

LONGEST = 24
"""So many characters are shown."""


def chosen_name(student: Student) -> str | None:
    """The chosen name on one line, at most 24 characters; None where there is none.

    Only a plain string counts, the last one where there are several: nothing is run for it.
    """
    sources = [each for each in student.submission.sources if VARIABLE in each.code]
    names = [name for source in sources for name in _assigned(source)]
    shown = " ".join(clean(names[-1], limit=10 * LONGEST).split()) if names else ""
    return shown[:LONGEST].rstrip() or None


def _assigned(source: Source) -> Iterator[str]:
    try:
        tree = parse(source.code)
    except SyntaxProblem:
        return  # it names nobody
    for node in tree.body:
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            targets, value = [node.target], node.value
        else:
            continue
        if any(isinstance(each, ast.Name) and each.id == VARIABLE for each in targets):
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value
