"""What students get of questions that are not code: the sheets, and a copy without answers.

The copy of `questions.toml` says `form_only`: in the released folder `autograder check` tells
whether each answer can be read, and nothing of whether it is right.
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment
from autograder.questions.items import QUESTIONS, read_items
from autograder.questions.pages import answer_template, question_page
from autograder.texts import LANGUAGES

_SECRET = ("answer", "mistakes", "rubric", "keywords", "hint", "variant", "absolute", "relative")
_PLACE = re.compile(r"\{\w+\}")


def question_files(assignment: Assignment) -> dict[str, bytes]:
    """The released files, by path; none where the assignment asks no such questions.

    Where numbers differ from student to student, `autograder questions --roster` makes the
    sheets, and they are not among these.
    """
    path = assignment.checks / QUESTIONS
    if not path.is_file():
        return {}
    items = read_items(path).items
    files = {f"checks/{QUESTIONS}": stripped(path).encode()}
    if any(item.variant for item in items):
        return files
    for language in LANGUAGES:
        page = question_page(assignment.title, assignment.questions, items, language)
        files[f"questions.{language}.md"] = page.encode()
    files["answers.toml"] = answer_template(items, "en").encode()
    return files


def question_secrets(assignment: Assignment) -> tuple[str, ...]:
    """Sentences of the questions that a release must not hold: rubrics, mistakes, hints."""
    path = assignment.checks / QUESTIONS
    if not path.is_file():
        return ()
    told: list[str] = []
    for item in read_items(path).items:
        texts = [item.hint, *(mistake.name for mistake in item.mistakes)]
        texts += [mistake.hint for mistake in item.mistakes]
        told += [words for both in texts if both is not None for words in both.values()]
        told += [words for line in item.rubric for words in (line.en, line.fa)]
    return tuple(words for words in told if len(words) >= 20)


def stripped(path: Path) -> str:
    """A `questions.toml` with every prompt and form, and no answer."""
    table = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    blocks = ["form_only = true\n"]
    for item in table["item"]:
        lines = [f"{name} = {_inline(value)}\n" for name, value in _without_answer(item).items()]
        blocks.append("[[item]]\n" + "".join(lines))
    return "\n".join(blocks)


def _inline(value: Any) -> str:
    """A value of TOML on one line."""
    if isinstance(value, dict):
        pairs = (
            f"{json.dumps(name, ensure_ascii=False)} = {_inline(each)}"
            for name, each in value.items()
        )
        return "{ " + ", ".join(pairs) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _without_answer(item: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in item.items() if name not in _SECRET}
    if "variant" in item:  # its numbers stand in the student's own sheet
        kept["prompt"] = {
            language: _PLACE.sub("…", words) for language, words in item["prompt"].items()
        }
    return kept
