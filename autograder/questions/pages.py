"""What a student gets: the questions in Markdown, in one language, and a file to answer in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.questions.items import Item
from autograder.records import Question
from autograder.texts import Text

_WORDS: Mapping[str, Text] = {
    "points": {"en": "points", "fa": "نمره"},
    "answer": {"en": "Answer", "fa": "پاسخ"},
    "numeric": {"en": "a number", "fa": "یک عدد"},
    "choice": {"en": "the letter of one option", "fa": "حرف یک گزینه"},
    "choices": {"en": "the letters of all right options", "fa": "حرف همهٔ گزینه‌های درست"},
    "true_false": {"en": "`true` or `false`, and why", "fa": "`true` یا `false`، و چرا"},
    "truth": {"en": "`true` or `false`", "fa": "`true` یا `false`"},
    "expression": {"en": "a formula in {symbols}", "fa": "فرمولی برحسب {symbols}"},
    "table": {"en": "a line for each row", "fa": "برای هر سطر یک خط"},
    "text": {"en": "a few sentences", "fa": "چند جمله"},
    "unit": {"en": "units: {units}", "fa": "یکا: {units}"},
    "how": {
        "en": "Write your answers into `answers.toml`, or into cells of a notebook or a Markdown "
        "file, each below a line `answer: NAME`.",
        "fa": "پاسخ‌ها را در `answers.toml` بنویسید، یا در خانه‌های یک نوت‌بوک یا یک فایل "
        "Markdown، هر کدام زیر خطی به شکل `answer: NAME`.",
    },
}


def question_page(
    title: Text, questions: Sequence[Question], items: Sequence[Item], language: str
) -> str:
    """The questions as a Markdown page."""
    lines = [f"# {title[language]}", "", _WORDS["how"][language], ""]
    number = 0
    for question in questions:
        mine = [item for item in items if item.question == question.id]
        if mine:
            lines += [f"## {question.title[language]}", ""]
        for item in mine:
            number += 1
            lines += [*_item_lines(item, number, language), ""]
    page = "\n".join(lines).rstrip() + "\n"
    return page if language == "en" else f'<div dir="rtl">\n\n{page}\n</div>\n'


def _item_lines(item: Item, number: int, language: str) -> list[str]:
    words = {name: both[language] for name, both in _WORDS.items()}
    lines = [f"**{number}. `{item.id}`** ({item.points:g} {words['points']})", ""]
    lines += [item.prompt[language].strip(), ""]
    for letter, option in zip(item.letters, item.options, strict=True):
        lines.append(f"- `{letter}` {option[language]}")
    if item.options:
        lines.append("")
    if item.type == "table":
        lines += [*_table_lines(item, language), ""]
    return [*lines, f"{words['answer']}: {_form(item, language)}"]


def _form(item: Item, language: str) -> str:
    """What kind of answer is wanted."""
    if item.type == "choice" and isinstance(item.answer, list):
        return _WORDS["choices"][language]
    if item.type == "true_false" and item.reason_points == 0:
        return _WORDS["truth"][language]
    symbols = ", ".join(f"`{symbol}`" for symbol in item.symbols)
    form = _WORDS[item.type][language].format(symbols=symbols)
    if item.units:
        units = ", ".join(f"`{unit}`" for unit in item.units)
        form += "; " + _WORDS["unit"][language].format(units=units)
    return form


def _table_lines(item: Item, language: str) -> list[str]:
    heads = [column[language] for column in item.columns]
    asked = item.answer or [[0] * len(heads)] * len(item.rows)
    lines = [f"| | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
    for row, cells in zip(item.rows, asked, strict=True):
        shown = ["–" if cell == "" else "…" for cell in cells]
        lines.append(f"| {row[language]} | {' | '.join(shown)} |")
    return lines


def answer_template(items: Sequence[Item], language: str) -> str:
    """An `answers.toml` with a place for every answer."""
    lines: list[str] = []
    for item in items:
        first = item.prompt[language].strip().splitlines()[0]
        lines += [f"# {first}", f"# {_form(item, language)}"]
        if item.type == "table":
            row = ", ".join(['""'] * len(item.columns))
            lines += [f"{item.id} = [", *[f"    [{row}]," for _ in item.rows], "]", ""]
        elif item.type == "true_false" and item.reason_points:
            lines += [f'{item.id} = {{ value = "", reason = "" }}', ""]
        elif item.type == "text":
            lines += [f"{item.id} = '''", "'''", ""]
        else:
            lines += [f'{item.id} = ""', ""]
    return "\n".join(lines)
