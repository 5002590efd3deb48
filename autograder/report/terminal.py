"""The report of one submission for a terminal, with rich.

Everything is built from `rich.text.Text`, so no student's text is read as markup, and escape
sequences were taken out of it before.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Column, Table
from rich.text import Text as Styled

from autograder.records import Grade, Outcome, Status
from autograder.report.language import percent, prose_digits, share_of, translate
from autograder.report.markdown import SYMBOLS, adjusted_line, score_words
from autograder.report.view import CheckView, QuestionView, ReportView, build_view
from autograder.report.visibility import Audience, Score, Viewer
from autograder.report.wording import OUTCOMES, STATUSES

_STYLES = {
    Outcome.PASSED: "green",
    Outcome.PARTIAL: "yellow",
    Outcome.FAILED: "red",
    Outcome.ERROR: "red",
    Outcome.TIMEOUT: "magenta",
    Outcome.CRASHED: "magenta",
    Outcome.NOT_RUN: "dim",
    Outcome.PENDING: "cyan",
    Outcome.INTERNAL_ERROR: "blue",
}

_BAR = 24
_SIDE_BY_SIDE = 34
"""Arrays with lines up to this long stand beside each other, as 80 columns allow."""


def render_terminal(
    grade: Grade,
    *,
    language: str,
    audience: Audience = "student",
    now: datetime | None = None,
    published: bool = False,
) -> RenderableType:
    """The same report as `render_html`'s, to be printed by a `rich.console.Console`.

    Each outcome stands in words beside its symbol, so it reads as well without colours.
    """
    view = build_view(grade, language, Viewer(audience, now, published))
    return Group(*_report(view))


def _report(view: ReportView) -> Iterator[RenderableType]:
    for question in view.questions:
        yield from _question(question, view)
    language = view.language
    yield Rule(style="dim")
    yield Styled.assemble((view.title, "bold"), "  ", (view.submission_id, "cyan"))
    for note in view.notes:
        yield Styled.assemble(("! ", "yellow"), _prose(note, language))
    if view.message:
        yield _prose(view.message, language)
    for line in view.advice:
        yield Styled.assemble("- ", _prose(line, language))
    for line in view.withheld:
        yield Styled.assemble(("- ", "dim"), _prose(line, language))
    if view.late:
        yield Styled(view.late)
    if view.adjusted_from is not None:
        yield Styled(adjusted_line(view))
    if view.isolation:
        yield _prose(view.isolation, language, style="yellow")
    yield from _starts(view)
    yield _score(view)


def _starts(view: ReportView) -> Iterator[RenderableType]:
    if view.starts:
        _, check = view.starts[0]
        label = translate("Where to start", view.language)
        yield Styled.assemble((f"{label}: ", "bold"), _prose(check.title, view.language))


def _score(view: ReportView) -> Styled:
    if view.status is not Status.GRADED:
        return Styled(translate(STATUSES[view.status], view.language), style="bold yellow")
    full = round(_BAR * share_of(view.score.points, view.score.max_points))
    label = "Score" if view.score.complete else "Score of the checks shown so far"
    share = percent(view.score.points, view.score.max_points, view.language)
    return Styled.assemble(
        (translate(label, view.language) + ": ", "bold"),
        (score_words(view.score, view.language), "bold"),
        "  ",
        ("━" * full, "cyan"),
        ("─" * (_BAR - full), "dim"),
        f"  {share}",
    )


def _question(question: QuestionView, view: ReportView) -> Iterator[RenderableType]:
    if not question.checks:
        return
    score = score_words(question.score, view.language)
    yield Styled("")
    yield Styled.assemble((question.title, "bold"), (f"  {score}", "dim"))
    for check in question.checks:
        yield from _check(check, view.language)


def _check(check: CheckView, language: str) -> Iterator[RenderableType]:
    yield _head(check, language)
    if not check.passed:
        yield Padding(Group(*_details(check, language)), (0, 0, 1, 4))


def _head(check: CheckView, language: str) -> RenderableType:
    style = _STYLES[check.outcome]
    symbol = Styled(SYMBOLS[check.outcome], style=style)
    title = _prose(check.title, language)
    outcome = Styled(translate(OUTCOMES[check.outcome], language), style=style)
    earned = score_words(Score(check.points, check.max_points, complete=True), language)
    if language == "fa":
        return Styled.assemble(symbol, " ", title, "  ", outcome, (f"  {earned}", "dim"))
    line = Table.grid(Column(width=1), Column(ratio=1), Column(), padding=(0, 1), expand=True)
    line.add_row(symbol, title, Styled.assemble(outcome, (f"  {earned}", "dim")))
    return line


def _details(check: CheckView, language: str) -> Iterator[RenderableType]:
    if check.message:
        yield _prose(check.message, language)
    if check.misconception:
        label = translate("What probably happened", language)
        yield Styled.assemble((f"{label}: ", "yellow"), _prose(check.misconception.name, language))
        yield _prose(check.misconception.hint, language)
    yield from _labelled("Called", check.call, language)
    yield from _values(check, language)
    yield from _labelled("First wrong index", check.where, language)
    yield from _labelled("Largest error", check.error, language)
    yield from _labelled("Smallest failing input", check.example, language)
    if check.hint:
        label = translate("Hint", language)
        yield Styled.assemble((f"{label}: ", "cyan"), _prose(check.hint, language))
    yield from _labelled("Where it happened in your code", check.traceback, language)
    yield from _labelled("What your code printed", check.printed, language)


def _values(check: CheckView, language: str) -> Iterator[RenderableType]:
    """Expected beside got where both are arrays that fit, else one after the other."""
    lines = f"{check.expected or ''}\n{check.got or ''}".split("\n")
    beside = check.expected is not None and check.got is not None and len(lines) > 2
    # Columns of a right-to-left language swap their sides from terminal to terminal.
    if not beside or language == "fa" or max(map(len, lines)) > _SIDE_BY_SIDE:
        yield from _labelled("Expected", check.expected, language)
        yield from _labelled("Your answer", check.got, language)
        return
    table = Table.grid(padding=(0, 3))
    table.add_row(
        Styled(translate("Expected", language), style="green"),
        Styled(translate("Your answer", language), style="red"),
    )
    table.add_row(Styled(check.expected or ""), Styled(check.got or ""))
    yield table


def _labelled(label: str, code: str | None, language: str) -> Iterator[RenderableType]:
    if code is None:
        return
    shown = Styled(translate(label, language) + ":", style="dim")
    if "\n" not in code and language != "fa":
        yield Styled.assemble(shown, " ", (code, "default"))
        return
    yield shown
    yield Padding(Styled(code.rstrip("\n")), (0, 0, 0, 2))


def _prose(sentence: str, language: str, *, style: str = "") -> Styled:
    """`sentence` with its code coloured; the backticks stay for terminals without colours."""
    shown = Styled(style=style)
    parts = sentence.split("`")
    if len(parts) % 2 == 0:
        parts[-2:] = ["`".join(parts[-2:])]
    for position, part in enumerate(parts):
        if position % 2:
            shown.append(f"`{part}`", style="cyan")
        else:
            shown.append(prose_digits(part, language))
    return shown
