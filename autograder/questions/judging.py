"""One answer held against its item: what it earns, and what its student reads.

What cannot be read earns nothing and says how to write it. The right answer is never told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.errors import FailureDetails
from autograder.questions.expressions import Formula, NotAFormula, same_formula
from autograder.questions.items import Item, Mistake
from autograder.questions.numbers import in_unit, normalized, read_number, within
from autograder.records import Misconception
from autograder.texts import Text, clean, text

_SHOWN = 400
_PERSIAN_LETTERS = ("الف", "ب", "ج", "د", "ه", "و", "ز", "ح", "ط", "ی")
_TRUE = {"true", "t", "yes", "right", "correct", "درست", "صحیح", "بله", "آری", "درسته", "ص", "د"}
_FALSE = {"false", "f", "no", "wrong", "incorrect", "نادرست", "غلط", "خیر", "نه", "غ", "ن"}
_DIVIDERS = re.compile(r"[\s,;+&/|]+|\band\b|(?<!\S)و(?!\S)")


@dataclass(frozen=True)
class Verdict:
    """What an answer earns."""

    fraction: float
    """Of the points that are given without a human, from 0 to 1."""
    details: FailureDetails
    misconception: Misconception | None = None
    readable: bool = True


def judge(item: Item, written: object) -> Verdict:
    """Hold what a student wrote against the item; `item.answer` is the right one."""
    if _is_empty(written):
        return _unreadable(text("This question is not answered."), written)
    return _JUDGES[item.type](item, written)


def read_form(item: Item, written: object) -> Text | None:
    """Why an answer cannot be read; None where it can, right or wrong."""
    verdict = judge(_with_some_answer(item), written)
    return None if verdict.readable else verdict.details.message


def shown(written: object) -> str:
    """What a student wrote, as text, cut and cleaned."""
    plain = text_of(written)
    return clean(plain, limit=_SHOWN)


def _with_some_answer(item: Item) -> Item:
    """The item with an answer of the right kind, for copies that have none."""
    import msgspec

    some: object = item.answer
    if item.type == "numeric":
        some = 0.0
    elif item.type == "choice":
        some = "a"
    elif item.type == "true_false":
        some = True
    elif item.type == "expression":
        some = "0"
    elif item.type == "table" and item.answer is None:
        some = [[0.0] * len(item.columns) for _ in item.rows]
    return msgspec.structs.replace(item, answer=some, mistakes=())


def _is_empty(written: object) -> bool:
    if isinstance(written, str):
        return written.strip() in {"", "...", "…", "-", "?", "؟", "TODO"}
    if isinstance(written, Mapping):
        return all(_is_empty(part) for part in written.values())
    if isinstance(written, (list, tuple)):
        return all(_is_empty(part) for part in written)
    return written is None


def _right(written: object) -> Verdict:
    return Verdict(1.0, FailureDetails(text("Right."), got=shown(written)))


def _unreadable(message: Text, written: object, hint: Text | None = None) -> Verdict:
    got = None if _is_empty(written) else shown(written)
    return Verdict(0.0, FailureDetails(message, got=got, hint=hint), readable=False)


def _wrong(item: Item, written: object, same: Sequence[Mistake] = ()) -> Verdict:
    """A wrong answer; its cause is named where it is the answer of one known mistake alone."""
    details = FailureDetails(text("This answer is not right."), got=shown(written), hint=item.hint)
    if len(same) != 1:
        return Verdict(0.0, details)
    (mistake,) = same
    at = item.mistakes.index(mistake) + 1
    hint = mistake.hint or item.hint or mistake.name
    return Verdict(0.0, details, Misconception(f"{item.id}.{at}", mistake.name, hint))


def _judge_number(item: Item, written: object) -> Verdict:
    readings = read_number(written)
    if not readings:
        return _unreadable(
            text("`{answer}` cannot be read as one number.", answer=_quoted(written)),
            written,
            text("Write the number alone, as in `28`, `0.25`, `۰٫۲۵` or `1.5e6`, with its unit."),
        )
    values = [in_unit(reading, item.units, required=item.unit_required) for reading in readings]
    fitting = [value for value in values if value is not None]
    if not fitting:
        known = ", ".join(f"`{unit}`" for unit in item.units) or text("no unit")
        if item.unit_required and not any(reading.unit for reading in readings):
            return _unreadable(text("The unit is missing: {units}.", units=known), written)
        return _unreadable(
            text(
                "`{unit}` is not a unit of this question: {units}.",
                unit=_quoted(readings[0].unit),
                units=known,
            ),
            written,
        )
    if any(_matches(item, value, float(item.answer)) for value in fitting):
        return _right(written)
    return _wrong(
        item,
        written,
        [
            mistake
            for mistake in item.mistakes
            for wrong in read_number(mistake.answer)
            if any(_matches(item, value, wrong.value) for value in fitting)
        ],
    )


def _matches(item: Item, value: float, right: float) -> bool:
    # nine digits stand for equality: what was typed is decimal
    return within(value, right, item.absolute, max(item.relative, 1e-9))


def _judge_choice(item: Item, written: object) -> Verdict:
    chosen = _chosen(item, written)
    if chosen is None:
        return _unreadable(
            text(
                "`{answer}` names none of the options. Answer with {letters}.",
                answer=_quoted(written),
                letters=", ".join(f"`{letter}`" for letter in item.letters),
            ),
            written,
        )
    right = frozenset(_letters(item.answer))
    if chosen == right:
        return _right(written)
    same = [each for each in item.mistakes if chosen == frozenset(_letters(each.answer))]
    return _wrong(item, written, same)


def _letters(answer: object) -> Sequence[str]:
    return answer if isinstance(answer, list) else [str(answer)]


def _chosen(item: Item, written: object) -> frozenset[str] | None:
    """The letters of the options that were chosen; None where any part names none."""
    if isinstance(written, (list, tuple)):
        parts = [str(part) for part in written]
    else:
        whole = _option(item, str(written))
        if whole is not None:
            return frozenset(whole)
        parts = [part for part in _DIVIDERS.split(normalized(str(written)[:_SHOWN])) if part]
    letters = [_option(item, part) for part in parts]
    if not letters or None in letters:
        return None
    return frozenset(letter for letter in letters if letter is not None)


def _option(item: Item, written: str) -> str | None:
    """The letter of the option that `written` names: letter, number, or the option's own text."""
    name = _plain(written).strip("().: -")
    for at, letter in enumerate(item.letters):
        names = {letter, str(at + 1), *(_plain(words) for words in item.options[at].values())}
        names |= set(_PERSIAN_LETTERS[at : at + 1])
        if name in names:
            return letter
    return None


def _plain(words: str) -> str:
    return " ".join(normalized(words[:2000]).casefold().strip(" .").split())


def _judge_truth(item: Item, written: object) -> Verdict:
    said = _truth(written)
    if said is None:
        return _unreadable(
            text(
                "`{answer}` is neither true nor false. Begin the answer with `true` or `false`.",
                answer=_quoted(written),
            ),
            written,
        )
    if said == item.answer:
        return _right(written)
    return _wrong(item, written)


def _truth(written: object) -> bool | None:
    """What was said, from a truth value, a table with `value`, or the first word."""
    if isinstance(written, Mapping):
        written = written.get("value", written.get("answer"))
    if isinstance(written, bool):
        return written
    if not isinstance(written, str):
        return None
    words = re.split(r"[\s.,:;،؛!—–-]+", _plain(written.strip().strip("`*")), maxsplit=1)
    if words[0] in _TRUE:
        return True
    return False if words[0] in _FALSE else None


def _judge_expression(item: Item, written: object) -> Verdict:
    right = Formula(str(item.answer), item.symbols)
    try:
        got = Formula(str(written), item.symbols)
    except NotAFormula as problem:
        return _unreadable(
            text(
                "The formula cannot be read: {problem}.",
                problem=clean(str(problem), limit=200),
            ),
            written,
            text("Write it on one line, as in `2*x**2 + exp(-y)/3`."),
        )
    if same_formula(got, right):
        return _right(written)
    known = [(each, Formula(str(each.answer), item.symbols)) for each in item.mistakes]
    return _wrong(item, written, [each for each, formula in known if same_formula(got, formula)])


def _judge_table(item: Item, written: object) -> Verdict:
    rows = _rows(written, item)
    if rows is None:
        return _unreadable(
            text(
                "The table cannot be read: it has {rows} rows of {columns} cells.",
                rows=len(item.rows),
                columns=len(item.columns),
            ),
            written,
            text("Write one line for each row, with `|` between the cells."),
        )
    asked, wrong = 0, []
    for row, (got, right) in enumerate(zip(rows, item.answer, strict=True)):
        for column, (cell, wanted) in enumerate(zip(got, right, strict=True)):
            if wanted == "":
                continue
            asked += 1
            if not _cell_is_right(item, cell, wanted):
                wrong.append((row, column))
    if not wrong:
        return _right(written)
    row, column = wrong[0]
    message = text(
        "{wrong} of {asked} cells are not right; the first is “{row}”, “{column}”.",
        wrong=len(wrong),
        asked=asked,
        row=item.rows[row],
        column=item.columns[column],
    )
    details = FailureDetails(message, got=shown(rows[row][column]), hint=item.hint)
    return Verdict(1 - len(wrong) / asked, details)


def _cell_is_right(item: Item, cell: object, wanted: object) -> bool:
    if isinstance(wanted, str):
        return _plain(str(cell)) == _plain(wanted)
    values = [in_unit(each, {}, required=False) for each in read_number(cell)]
    return any(value is not None and _matches(item, value, float(wanted)) for value in values)  # type: ignore[arg-type]


def _rows(written: object, item: Item) -> list[list[object]] | None:
    """The cells that were written, in the item's shape."""
    rows: Sequence[object]
    if isinstance(written, str):
        lines = [line.strip() for line in written.strip().splitlines() if line.strip()]
        cells = [re.split(r"\||\t|;", line.strip("|")) for line in lines]
        rows = [[c.strip() for c in row] for row in cells if not _is_rule(row)]
    elif isinstance(written, Mapping):
        rows = list(written.values())
    elif isinstance(written, (list, tuple)):
        rows = written
    else:
        return None
    shaped = [list(row) if isinstance(row, (list, tuple)) else [row] for row in rows]
    width = len(item.columns)
    if len(shaped) == len(item.rows) + 1 and isinstance(written, str):
        shaped = shaped[1:]  # the line of headings
    if len(shaped) == len(item.rows) and all(len(row) == width + 1 for row in shaped):
        shaped = [row[1:] for row in shaped]  # the labels of the rows
    if len(shaped) != len(item.rows) or any(len(row) != width for row in shaped):
        return None
    return shaped


def _is_rule(cells: Sequence[str]) -> bool:
    """The line `|---|:-:|` below a table's headings."""
    return all(re.fullmatch(r"\s*:?-{2,}:?\s*", cell) for cell in cells)


def _judge_text(item: Item, written: object) -> Verdict:
    return _right(written)


def keywords_in(item: Item, written: object) -> tuple[str, ...]:
    """The item's keywords that an answer names; they only sort answers for who reads them."""
    words = _plain(text_of(written))
    return tuple(keyword for keyword in item.keywords if _plain(keyword) in words)


def text_of(written: object) -> str:
    """What a student wrote, as text: the rows of a table, the parts of an answer, on lines."""
    if isinstance(written, Mapping):
        return "\n".join(text_of(value) for value in written.values())
    if isinstance(written, (list, tuple)):
        return "\n".join(
            " | ".join(map(str, row)) if isinstance(row, (list, tuple)) else str(row)
            for row in written
        )
    return str(written)


def _quoted(written: object) -> str:
    return shown(written).replace("`", "'").replace("\n", " ")[:80]


_JUDGES = {
    "numeric": _judge_number,
    "choice": _judge_choice,
    "true_false": _judge_truth,
    "expression": _judge_expression,
    "table": _judge_table,
    "text": _judge_text,
}
