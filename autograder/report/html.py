"""One self-contained HTML page a submission: no script, no request, English or Persian."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from autograder.records import Grade, Outcome, Status
from autograder.report import language as languages
from autograder.report import markup, wording
from autograder.report.bytecode import TemplateBytecode
from autograder.report.view import build_view
from autograder.report.visibility import Audience, Viewer

_TEMPLATES = Path(__file__).parent / "templates"


def render_html(
    grade: Grade,
    *,
    language: str,
    audience: Audience = "student",
    now: datetime | None = None,
    published: bool = False,
) -> str:
    """The report of one submission as an HTML page.

    A student sees what the visibility of each check allows at `now` (with a time zone); an
    instructor sees all. Raises ValueError for an unknown language or audience.
    """
    view = build_view(grade, language, Viewer(audience, now, published))
    template = environment(language).get_template("report.html.j2")
    return template.render(view=view, style=stylesheet("report.css", "curves.css"))


@cache
def environment(language: str) -> Environment:
    """The compiled templates with the words and digits of one language, once a process."""
    languages.check_language(language)
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=TemplateBytecode(_TEMPLATES),
    )
    made.filters["prose"] = _when_rendered(partial(markup.prose, language=language))
    made.filters["direction"] = _when_rendered(partial(markup.direction, language=language))
    made.filters["t"] = _when_rendered(partial(languages.translate, language=language))
    made.filters["number"] = _when_rendered(partial(languages.number, language=language))
    made.globals.update(
        language=language,
        page_direction="rtl" if language == "fa" else "ltr",
        t=partial(_translate, language),
        duration=partial(languages.duration, language=language),
        icon=markup.icon,
        score=partial(markup.score, language=language),
        points=partial(languages.points, language=language),
        counted=partial(languages.counted, language=language),
        percent=partial(languages.percent, language=language),
        share=lambda part, whole: round(100 * languages.share_of(part, whole), 1),
        differences=markup.marked_differences,
        outcome_names=_named(wording.OUTCOMES, language),
        status_names=_named(wording.STATUSES, language),
        visibility_names=_named(wording.VISIBILITIES, language),
        Outcome=Outcome,
        Status=Status,
    )
    return made


def _when_rendered(function: Callable[..., object]) -> Callable[..., object]:
    """A filter that is never applied when a template is compiled.

    What a template compiles to is kept, for all languages and for words that may change.
    """

    @pass_context
    def applied(_context: Context, value: object, *arguments: Any, **keywords: Any) -> object:
        return function(value, *arguments, **keywords)

    return applied


@dataclass(frozen=True)
class StyleSheet:
    """A page's inline style sheet, and the digest by which the page's policy allows it alone."""

    css: Markup
    digest: str


@cache
def stylesheet(*names: str) -> StyleSheet:
    """The named files of the templates folder as one style sheet."""
    css = "\n".join((_TEMPLATES / name).read_text(encoding="utf-8").strip() for name in names)
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return StyleSheet(Markup(css), f"sha256-{digest}")  # noqa: S704 - files of this package


def _translate(language: str, sentence: str, /, **fields: object) -> str:
    return languages.translate(sentence, language, **fields)


def _named(names: Mapping[str, str], language: str) -> dict[str, str]:
    return {key: languages.translate(name, language) for key, name in names.items()}
