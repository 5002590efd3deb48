import ast
import string
from pathlib import Path

import pytest

from autograder import texts
from autograder.texts import catalogue, clean, text

PACKAGE = Path(texts.__file__).parent


def sentences():
    """Every sentence given to text() in the package, with its file."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                if node.func.id == "text" and node.args and "gradebook" not in path.parts:
                    if isinstance(node.args[0], ast.Constant):
                        yield str(path.relative_to(PACKAGE)), node.args[0].value


def fields(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_every_sentence_has_a_persian_translation():
    missing = [(file, s) for file, s in sentences() if s not in catalogue("fa")]
    assert missing == []


def test_translations_have_the_fields_of_their_sentences():
    wrong = [s for _, s in sentences() if fields(s) != fields(catalogue("fa").get(s, s))]
    assert wrong == []


def test_code_in_sentences_stays_code():
    """What stands between backticks in English stands so in Persian."""
    wrong = []
    for _, sentence in sentences():
        persian = catalogue("fa").get(sentence, "")
        for code in sentence.split("`")[1::2]:
            if "{" in code and f"`{code}`" not in persian:
                wrong.append((sentence, code))
    assert wrong == []


def test_fields_are_filled_in_every_language():
    both = text("Your file defines no `{name}`.", name="svm_loss")
    assert "svm_loss" in both["en"] and "svm_loss" in both["fa"]
    assert both["en"] != both["fa"]


def test_a_sentence_without_a_translation_stays_english():
    assert text("No such sentence.")["fa"] == "No such sentence."


@pytest.mark.parametrize(
    "bad", ["\x1b[31m", "\x00", "\u202e", "\u2066", "\u200b", "\ud800", "\x9b", "\r", "\u2028"]
)
def test_what_could_fool_a_terminal_or_a_page_is_replaced(bad):
    assert bad not in clean(f"a{bad}b")


def test_persian_and_line_ends_survive_cleaning():
    assert clean("می‌شود\n\tx = ۱") == "می‌شود\n\tx = ۱"


def test_long_texts_are_cut():
    assert len(clean("x" * 10**6, limit=50)) == 50


def test_a_tower_of_marks_is_cut_and_vocalised_words_are_not() -> None:
    assert clean("g" + "\u0301\u0323" * 500) == "g" + "\u0301\u0323" * 2 + "\ufffd"
    words = "دَرجَةٌ مُحَمَّدٌ ǖ ế"
    assert clean(words) == words
