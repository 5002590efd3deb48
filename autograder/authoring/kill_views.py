"""A kill matrix for people: a table on the terminal and a self-contained HTML page."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from autograder.authoring.kill import Kill, KillMatrix
from autograder.report.language import check_language, in_language, translate

_TEMPLATES = Path(__file__).parent / "templates"


def kill_table(matrix: KillMatrix, *, language: str = "en") -> RenderableType:
    """One line a component, then what survived and what went wrong."""
    check_language(language)
    t = partial(translate, language=language)
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column(t("Component"))
    table.add_column(t("Question"))
    table.add_column(t("Wrong versions"), justify="right")
    table.add_column(t("Caught"), justify="right")
    table.add_column(t("Named in a report"), justify="right")
    for name, kills in matrix.by_component().items():
        caught = sum(kill.by_question for kill in kills)
        style = "green" if caught == len(kills) else "red"
        named = str(sum(kill.named for kill in kills))
        table.add_row(
            name, kills[0].question, str(len(kills)), Text(str(caught), style=style), named
        )
    survivors = [Text(_survivor(kill, language), style="red") for kill in matrix.survivors]
    problems = [Text(problem, style="red") for problem in matrix.problems]
    return Group(table, *survivors, *problems, Text(_verdict(matrix, language)))


def kill_page(matrix: KillMatrix, *, language: str = "en") -> str:
    """The whole matrix, wrong version by check, as one page without scripts or requests.

    Raises ValueError: an unknown language.
    """
    check_language(language)
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["t"] = partial(translate, language=language)
    environment.filters["words"] = partial(in_language, language=language)
    return environment.get_template("kill.html.j2").render(
        matrix=matrix,
        components=matrix.by_component(),
        columns={name: _columns(matrix, kills) for name, kills in matrix.by_component().items()},
        verdict=_verdict(matrix, language),
        language=language,
        direction="rtl" if language == "fa" else "ltr",
    )


def _columns(matrix: KillMatrix, kills: tuple[Kill, ...]) -> list[tuple[str, str]]:
    """The checks that catch any of these, in the assignment's order: (id, question)."""
    used = {check for kill in kills for check in kill.caught_by}
    return [(spec.id, spec.question) for spec in matrix.checks if spec.id in used]


def _survivor(kill: Kill, language: str) -> str:
    return translate(
        "{component}: {mistake} is caught by no check of the question {question}",
        language,
        component=kill.component,
        mistake=kill.misconception.id,
        question=kill.question,
    )


def _verdict(matrix: KillMatrix, language: str) -> str:
    caught = len(matrix.kills) - len(matrix.survivors)
    return translate(
        "{caught} of {all} wrong versions are caught by a check of the right question",
        language,
        caught=caught,
        all=len(matrix.kills),
    )
