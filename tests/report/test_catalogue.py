import ast
import string
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import nodes
from rich.console import Console

import autograder.report
from autograder.records import Grade, Isolation, Outcome, Status
from autograder.report import language as languages
from autograder.report import wording
from autograder.report.document import result_document
from autograder.report.html import environment, render_html
from autograder.report.markdown import render_markdown
from autograder.report.summary import render_summary, summary_row
from autograder.report.terminal import render_terminal
from autograder.texts import LOCALE, catalogue

FOLDER = Path(autograder.report.__file__).parent


def in_templates() -> Iterator[str]:
    for path in sorted((FOLDER / "templates").glob("*.j2")):
        tree = environment("en").parse(path.read_text(encoding="utf-8"))
        for found in tree.find_all(nodes.Filter):
            if found.name == "t":
                assert isinstance(found.node, nodes.Const), (path.name, found.lineno)
                yield found.node.value
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "t":
                assert isinstance(call.args[0], nodes.Const), (path.name, call.lineno)
                yield call.args[0].value


def in_modules() -> Iterator[str]:
    for path in sorted(FOLDER.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if named and node.func.id in ("translate", "text", "_labelled") and node.args:
                if isinstance(node.args[0], ast.Constant):
                    yield node.args[0].value
    for table in (wording.OUTCOMES, wording.STATUSES, wording.VISIBILITIES):
        yield from table.values()
    for lines in (*wording.ADVICE.values(), *wording.INSTRUCTOR_ADVICE.values()):
        yield from lines
    yield from (wording.WAITS_FOR_WITHHELD, wording.NOT_JUDGED)
    for forms in languages._NOUNS.values():
        yield from forms


SENTENCES = sorted({*in_templates(), *in_modules()})


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_sentences_are_found() -> None:
    assert {"Expected", "Hardest checks", "{n} points", "Took too long"} <= set(SENTENCES)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_sentence_has_a_persian_one_with_the_same_fields(sentence: str) -> None:
    persian = catalogue("fa").get(sentence)
    assert persian, f"no Persian for {sentence!r}"
    assert fields(persian) == fields(sentence)
    assert persian.count("`") == sentence.count("`")


def test_the_catalogue_holds_nothing_that_is_not_used() -> None:
    used = set(in_templates())
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                used.add(node.value)
    with (LOCALE / "fa" / "LC_MESSAGES" / "report.po").open("rb") as file:
        stored = {message.id for message in read_po(file, locale="fa") if message.id}
    assert not stored - used


class Recording(dict):
    """A catalogue that remembers what it was asked for."""

    def __init__(self, stored: dict[str, str]) -> None:
        super().__init__(stored)
        self.asked: set[str] = set()

    def get(self, key, default=None):
        self.asked.add(key)
        return super().get(key, default)


def test_whatever_a_renderer_looks_up_is_translated(
    sample: Grade, ungradable: Grade, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = Recording(catalogue("fa"))
    monkeypatch.setattr(languages, "catalogue", lambda language: recording)
    environment.cache_clear()
    every = tuple(replace(sample.checks[1], outcome=outcome) for outcome in Outcome)
    variants = [sample, ungradable, replace(sample, checks=every), replace(sample, score=1.0)]
    for grade in [*variants, replace(sample, status=Status.INTERNAL_ERROR, score=0.0)]:
        for isolation in Isolation:
            made = replace(grade.environment, isolation=isolation)
            for audience in ("student", "instructor"):
                shown = replace(grade, environment=made)
                options = {"language": "fa", "audience": audience}
                render_html(shown, **options)
                render_markdown(shown, **options)
                Console(quiet=True).print(render_terminal(shown, **options))
        result_document(grade, "fa")
    render_summary([], language="fa", assignment=sample.assignment)
    render_summary([summary_row(sample)], language="fa", assignment=sample.assignment)
    environment.cache_clear()
    assert len(recording.asked) > 60
    assert not recording.asked - set(recording)
