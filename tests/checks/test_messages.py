"""Every sentence of autograder.checks has a Persian translation with the same fields."""

import ast
import string
from pathlib import Path

import pytest

import autograder.checks
from autograder.checks.topic import NAMES
from autograder.texts import catalogue

FOLDER = Path(autograder.checks.__file__).parent
MODULES = sorted(path for path in FOLDER.glob("*.py") if path.name != "student.py")


def sentences() -> list[str]:
    found = list(NAMES)
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "text":
                first = node.args[0]
                found += [first.value] if isinstance(first, ast.Constant) else []
    return sorted(set(found))


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def codes(sentence: str) -> list[str]:
    return sorted(sentence.split("`")[1::2])


@pytest.mark.parametrize("sentence", sentences())
def test_the_sentence_has_a_translation_with_the_same_fields_and_code(sentence):
    translated = catalogue("fa").get(sentence)
    assert translated, sentence
    assert fields(translated) == fields(sentence)
    assert codes(translated) == codes(sentence)
    assert "ی‌ی" not in translated and "ك" not in translated and "ي" not in translated
