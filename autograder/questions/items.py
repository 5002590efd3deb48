"""`checks/questions.toml` -> `Item`s: questions that are not code.

::

    [[item]]
    id = "conv_parameters"               # what a student's answer is called
    question = "arithmetic"              # one of the manifest's [[questions]]
    type = "numeric"                     # numeric, choice, true_false, table, expression, text
    points = 2
    visibility = "visible"
    prompt.en = "How many parameters has a layer of 10 filters of 5x5 on 32x32x3?"
    prompt.fa = "…"
    hint.en = "…"                        # shown with a wrong answer
    hint.fa = "…"

    answer = 760                         # numeric; in `units`, within a tolerance
    absolute = 0.0
    relative = 0.0
    units = { "KB" = 1e3, "bytes" = 1 }
    unit_required = false

    options = [{ en = "…", fa = "…" }]   # choice: a, b, c, …; answer = "b" or ["a", "c"]

    answer = false                       # true_false; the reason is read by a human
    reason_points = 1
    rubric = [{ points = 1, en = "…", fa = "…" }]
    keywords = ["running mean"]          # only sort the answers for the human who reads them

    columns = [{ en = "…", fa = "…" }]   # table: one row for each label of `rows`
    rows = [{ en = "…", fa = "…" }]
    answer = [[3, 5], ["", 7]]           # "" is not asked

    symbols = ["x", "y"]                 # expression
    answer = "x*y/(x+y)"

    variant = "conv"                     # numbers drawn for each student: checks/variants.py
    title.en = "Parameters of a layer"   # what reports call it; else the prompt's first line
    title.fa = "…"

    [[item.mistakes]]                    # wrong answers whose cause is known
    answer = 750
    name.en = "The ten biases are missing."
    name.fa = "…"

In a released copy `form_only = true` and there are no answers: only the form is looked at.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from autograder.errors import AssignmentError
from autograder.questions.expressions import Formula, NotAFormula
from autograder.texts import LANGUAGES, Text

QUESTIONS = "questions.toml"

Type = Literal["numeric", "choice", "true_false", "table", "expression", "text"]
Points = Annotated[float, msgspec.Meta(ge=0)]
Tolerance = Annotated[float, msgspec.Meta(ge=0)]

_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
_ONLY_FOR = {
    "absolute": ("numeric", "table"),
    "relative": ("numeric", "table"),
    "units": ("numeric",),
    "unit_required": ("numeric",),
    "options": ("choice",),
    "reason_points": ("true_false",),
    "rubric": ("true_false", "text"),
    "keywords": ("true_false", "text"),
    "columns": ("table",),
    "rows": ("table",),
    "symbols": ("expression",),
    "variant": ("numeric",),
    "mistakes": ("numeric", "choice", "expression"),
}


class Criterion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of a rubric."""

    points: Points
    en: str
    fa: str


class Mistake(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A wrong answer whose cause is known."""

    answer: Any
    name: Text
    hint: Text | None = None


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question."""

    id: str
    question: str
    type: Type
    prompt: Text
    points: Points
    title: Text | None = None
    visibility: str = "visible"
    answer: Any = None
    hint: Text | None = None
    absolute: Tolerance = 0.0
    relative: Tolerance = 0.0
    units: dict[str, float] = {}
    unit_required: bool = False
    options: tuple[Text, ...] = ()
    reason_points: Points = 0.0
    rubric: tuple[Criterion, ...] = ()
    keywords: tuple[str, ...] = ()
    columns: tuple[Text, ...] = ()
    rows: tuple[Text, ...] = ()
    symbols: tuple[str, ...] = ()
    variant: str | None = None
    mistakes: tuple[Mistake, ...] = ()

    @property
    def for_a_human(self) -> float:
        """The points that only a human can give."""
        return self.points if self.type == "text" else self.reason_points

    @property
    def letters(self) -> str:
        """The names of the options: `abc…`."""
        return "abcdefghijklmnopqrstuvwxyz"[: len(self.options)]


class _File(msgspec.Struct, forbid_unknown_fields=True):
    item: tuple[Item, ...]
    form_only: bool = False


class Items(msgspec.Struct, frozen=True):
    """The questions of an assignment."""

    items: tuple[Item, ...]
    form_only: bool = False
    """A released copy without answers: an answer's form alone is looked at."""


def read_items(path: Path) -> Items:
    """Read and validate a `questions.toml`. Raises `AssignmentError`: what, where, the mend."""
    try:
        table = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
        read = msgspec.convert(table, _File)
    except OSError as error:
        raise AssignmentError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise AssignmentError(f"{path}: not UTF-8 (byte {error.start}); save it so") from None
    except tomllib.TOMLDecodeError as error:
        raise AssignmentError(f"{path}: not valid TOML: {error}") from None
    except msgspec.ValidationError as error:
        raise AssignmentError(f"{path}: {error}") from None
    seen: set[str] = set()
    for item in read.item:
        if item.id in seen:
            raise AssignmentError(f"{path}: two items have the id {item.id!r}; rename one")
        seen.add(item.id)
        problem = _problem(item, form_only=read.form_only)
        if problem:
            raise AssignmentError(f"{path}: item {item.id!r}: {problem}")
    return Items(read.item, read.form_only)


def _problem(item: Item, *, form_only: bool) -> str | None:
    """What is wrong with an item, in one clause."""
    if not _ID.fullmatch(item.id):
        return "an id is a-z, 0-9 and _, starting with a letter"
    texts = [("prompt", item.prompt), ("title", item.title), ("hint", item.hint)]
    texts += [(f"options[{at}]", option) for at, option in enumerate(item.options)]
    texts += [(f"columns[{at}]", column) for at, column in enumerate(item.columns)]
    texts += [(f"rows[{at}]", row) for at, row in enumerate(item.rows)]
    texts += [("mistakes.name", mistake.name) for mistake in item.mistakes]
    for where, both in texts:
        if both is not None and set(both) != set(LANGUAGES):
            return f"{where} needs .en and .fa, and nothing else"
    for name, types in _ONLY_FOR.items():
        given = getattr(item, name)
        if given and item.type not in types:
            return f"{name} is for {' and '.join(types)}, not for {item.type}; take it out"
    if item.reason_points > item.points:
        return f"reason_points = {item.reason_points} is more than points = {item.points}"
    form = _form_problem(item) or ("" if form_only else _rubric_problem(item))
    if form or form_only or item.type == "text":
        return form or None
    return _answer_problem(item)


def _form_problem(item: Item) -> str | None:
    if item.variant is not None and item.title is None:
        return "a variant's prompt differs from student to student; add title.en and title.fa"
    if item.type == "choice" and not 2 <= len(item.options) <= 26:
        return "a choice has 2 to 26 options"
    if item.type == "table" and not (item.columns and item.rows):
        return "a table has columns and rows"
    if item.type == "expression" and not item.symbols:
        return "an expression has symbols"
    return None


def _rubric_problem(item: Item) -> str | None:
    rubric = sum(criterion.points for criterion in item.rubric)
    if item.for_a_human and abs(rubric - item.for_a_human) > 1e-9:
        return f"its rubric gives {rubric:g} points of {item.for_a_human:g}; let them be equal"
    return None


def _answer_problem(item: Item) -> str | None:
    if item.variant is not None:
        return None if item.answer is None else "a variant brings its own answer; take answer out"
    if item.type == "numeric" and not _is_number(item.answer):
        return "its answer must be a number"
    if item.type == "choice":
        named = item.answer if isinstance(item.answer, list) else [item.answer]
        if not named or any(not isinstance(n, str) or n not in item.letters for n in named):
            return f"its answer must be among {', '.join(item.letters)}"
    if item.type == "true_false" and not isinstance(item.answer, bool):
        return "its answer must be true or false"
    if item.type == "expression":
        try:
            Formula(str(item.answer), item.symbols)
        except NotAFormula as error:
            return f"its answer: {error}"
    return _table_problem(item) if item.type == "table" else None


def _table_problem(item: Item) -> str | None:
    rows = item.answer
    fits = isinstance(rows, list) and len(rows) == len(item.rows)
    if not fits or any(not isinstance(r, list) or len(r) != len(item.columns) for r in rows):
        return f"its answer must be {len(item.rows)} rows of {len(item.columns)} cells"
    cells = [cell for row in rows for cell in row]
    if any(not isinstance(cell, str) and not _is_number(cell) for cell in cells):
        return "the cells of its answer must be numbers or strings"
    return None if any(cell != "" for cell in cells) else "no cell of its answer is asked"


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value == value
