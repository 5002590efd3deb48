"""Collected pytest items -> `CheckSpec`s: the `points` marker and the docstring."""

from __future__ import annotations

import hashlib
import inspect
import re
from collections.abc import Mapping
from pathlib import PurePath

import pytest

from autograder.assignment import Assignment
from autograder.errors import AssignmentError
from autograder.questions.collecting import QuestionItem
from autograder.records import CheckSpec, Visibility
from autograder.texts import LANGUAGES, Text, plain

MARKER = (
    "points(points, *, question, visibility='visible', requires=()): "
    "what a check is worth, which question it belongs to, who sees it and what it builds on"
)

_FIELD = re.compile(r"(fa|hint|hint-fa):\s*(.*)")


def check_id(item: pytest.Item) -> str:
    """`test_file.py::test_name[case]`: the file by its name alone, wherever pytest runs."""
    return f"{PurePath(item.path).name}::{item.name}"


def derive_seed(*parts: object) -> int:
    """A seed of 63 bits that depends on all of `parts`."""
    joined = "\0".join(str(part) for part in parts).encode()
    return int.from_bytes(hashlib.sha256(joined).digest()[:8], "big") >> 1


def make_spec(item: pytest.Item, assignment: Assignment) -> CheckSpec:
    """The check that `item` is. Raises `AssignmentError` where it does not say what it must."""
    name = check_id(item)
    if isinstance(item, QuestionItem):
        return _of_question(item, name, assignment)
    marker = item.get_closest_marker("points")
    if marker is None:
        raise AssignmentError(f"{name}: no points; mark it with @pytest.mark.points(2, question=…)")
    points = _points(name, marker)
    question = _question(name, marker.kwargs, assignment)
    docstring = inspect.getdoc(getattr(item, "obj", None)) or ""
    title, hint = read_docstring(docstring, default=getattr(item, "originalname", item.name))
    case = getattr(getattr(item, "callspec", None), "id", None)
    if case:  # the cases of one check would read the same
        title = {language: f"{words} (`{case}`)" for language, words in title.items()}
    return CheckSpec(
        id=name,
        title=title,
        question=question,
        visibility=_visibility(name, marker.kwargs),
        points=points,
        requires=_requires(name, marker.kwargs),
        hint=hint,
    )


def _of_question(item: QuestionItem, name: str, assignment: Assignment) -> CheckSpec:
    _question(name, {"question": item.item.question}, assignment)
    _visibility(name, {"visibility": item.item.visibility})
    return item.spec(name)


def _points(name: str, marker: pytest.Mark) -> float:
    known = {"question", "visibility", "requires"}
    if unknown := sorted(set(marker.kwargs) - known):
        raise AssignmentError(f"{name}: points({unknown[0]}=…) is unknown; there is {MARKER}")
    if len(marker.args) != 1 or isinstance(marker.args[0], bool):
        raise AssignmentError(f"{name}: points takes one number, as in points(2, question=…)")
    points = marker.args[0]
    if not isinstance(points, (int, float)):
        raise AssignmentError(f"{name}: points({points!r}) is not a number")
    return float(points)


def _question(name: str, keywords: Mapping[str, object], assignment: Assignment) -> str:
    questions = [question.id for question in assignment.questions]
    question = keywords.get("question")
    if not isinstance(question, str) or question not in questions:
        raise AssignmentError(
            f"{name}: question={question!r} is none of the manifest's: {', '.join(questions)}"
        )
    return question


def _visibility(name: str, keywords: Mapping[str, object]) -> Visibility:
    wanted = keywords.get("visibility", Visibility.VISIBLE)
    try:
        return Visibility(str(wanted))
    except ValueError:
        known = ", ".join(Visibility)
        raise AssignmentError(f"{name}: visibility={wanted!r}; there is {known}") from None


def _requires(name: str, keywords: Mapping[str, object]) -> tuple[str, ...]:
    requires = keywords.get("requires", ())
    if isinstance(requires, str):
        return (requires,)
    if isinstance(requires, (list, tuple)) and all(isinstance(one, str) for one in requires):
        return tuple(requires)
    raise AssignmentError(f"{name}: requires={requires!r}; give a list of check names")


def read_docstring(docstring: str, *, default: str) -> tuple[Text, Text | None]:
    """The title and the hint of a check, from its docstring.

    The first line is the English title; `fa:` starts the Persian one, `hint:` and `hint-fa:` the
    hints. A field goes on over the following lines up to an empty line or the next field.
    """
    fields: dict[str, list[str]] = {"title": []}
    current: str | None = "title"
    for line in docstring.splitlines():
        found = _FIELD.match(line.strip())
        if found:
            current = found.group(1)
            fields[current] = [found.group(2)]
        elif not line.strip():
            current = None
        elif current is not None:
            fields[current].append(line.strip())
    joined = {name: " ".join(" ".join(lines).split()) for name, lines in fields.items()}
    title = joined["title"] or default
    hint = joined.get("hint")
    return (
        _both(title, joined.get("fa")),
        _both(hint, joined.get("hint-fa")) if hint else None,
    )


def _both(english: str, persian: str | None) -> Text:
    both = plain(english)
    if persian:
        both[LANGUAGES[1]] = persian
    return both
