"""The report of one submission as Markdown (CommonMark, as GitHub and notebooks show it).

Nothing that a student's code or file names put into it can end a fence, open a tag, a link or a
heading, or mention anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from autograder.records import Grade, Outcome, Status
from autograder.report.language import (
    counted,
    duration,
    enumerated,
    number,
    percent,
    points,
    prose_digits,
    translate,
)
from autograder.report.view import CheckView, QuestionView, ReportView, build_view
from autograder.report.visibility import Audience, Score, Viewer
from autograder.report.wording import OUTCOMES, STATUSES

SYMBOLS = {
    Outcome.PASSED: "✓",
    Outcome.PARTIAL: "◐",
    Outcome.FAILED: "✗",
    Outcome.ERROR: "!",
    Outcome.TIMEOUT: "◷",
    Outcome.CRASHED: "↯",
    Outcome.NOT_RUN: "–",
    Outcome.PENDING: "⋯",
    Outcome.INTERNAL_ERROR: "?",
}

# What CommonMark or GitHub's extensions would act on, in the middle of a line.
_SPECIAL = re.compile(r"[\\`*_{}\[\]#|~!$]")
_LINE_START = re.compile(r"^(\s*)(?:([-+=])|(\d{1,9})([.)]))", re.MULTILINE)
_TICKS = re.compile("`+")


def render_markdown(
    grade: Grade,
    *,
    language: str,
    audience: Audience = "student",
    now: datetime | None = None,
    published: bool = False,
) -> str:
    """The same report as `render_html`'s, as Markdown; Persian stands in right-to-left blocks."""
    view = build_view(grade, language, Viewer(audience, now, published))
    body = "\n\n".join(_report(view)) + "\n"
    return f'<div dir="rtl">\n\n{body}\n</div>\n' if language == "fa" else body


def escape_markdown(untrusted: str) -> str:
    """`untrusted` as plain words: nothing in it is markup, a link or a mention."""
    shown = _SPECIAL.sub(r"\\\g<0>", untrusted)
    shown = shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # A zero-width space parts what GitHub would make a link or a mention of.
    shown = shown.replace("://", ":&#8203;//").replace("www.", "www&#8203;.")
    shown = shown.replace("@", "@&#8203;")
    # Four spaces would open a code block, and `1.` or `-` a list.
    shown = "\n".join(line.strip() for line in shown.split("\n"))
    return _LINE_START.sub(_harmless_start, shown)


def code_span(code: str) -> str:
    """`code` on one line between more backticks than it has in a row."""
    flat = " ".join(code.split())
    if not flat:
        return ""
    ticks = "`" * (_longest_run(flat) + 1)
    pad = " " if "`" in flat else ""
    return f"{ticks}{pad}{flat}{pad}{ticks}"


def code_block(code: str, kind: str = "text") -> str:
    """`code` in a fence longer than any run of backticks within."""
    ticks = "`" * max(3, _longest_run(code) + 1)
    return f"{ticks}{kind}\n{code.rstrip(chr(10))}\n{ticks}"


def prose(sentence: str, language: str) -> str:
    """`sentence` escaped, with its backticked code as code."""
    parts = sentence.split("`")
    if len(parts) % 2 == 0:
        parts[-2:] = ["`".join(parts[-2:])]
    return "".join(
        code_span(part) if position % 2 else _words(part, language, start=position == 0)
        for position, part in enumerate(parts)
    )


def _words(part: str, language: str, *, start: bool) -> str:
    lead, tail = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
    words = escape_markdown(prose_digits(part, language))
    # Only the start of the sentence loses its spaces: elsewhere they part words from code.
    return ("" if start else lead) + words + (tail if words else "")


def _harmless_start(found: re.Match[str]) -> str:
    indent, bullet, ordinal, mark = found.groups()
    return f"{indent}\\{bullet}" if bullet else f"{indent}{ordinal}\\{mark}"


def _longest_run(code: str) -> int:
    return max((len(run) for run in _TICKS.findall(code)), default=0)


def _line(sentence: str, language: str) -> str:
    return " ".join(prose(sentence, language).split())


def _report(view: ReportView) -> Iterator[str]:
    language = view.language
    yield f"# {_line(view.title, language)}"
    submission = translate("Submission", language)
    yield f"{submission}: {code_span(view.submission_id)}  \n{_score_line(view)}"
    if view.message:
        yield prose(view.message, language)
    if view.advice:
        yield "\n".join(f"- {_line(line, language)}" for line in view.advice)
    if view.late:
        yield view.late
    if view.adjusted_from is not None:
        yield adjusted_line(view)
    if view.notes:
        yield f"## {translate('About your files', language)}"
        yield "\n".join(f"- {_line(note, language)}" for note in view.notes)
    if view.starts:
        yield f"## {translate('Where to start', language)}"
        yield "\n".join(_starts(view))
    if view.withheld:
        yield "\n".join(f"- {_line(line, language)}" for line in view.withheld)
    for question in view.questions:
        if question.checks:
            yield from _question(question, view)
    yield "---"
    if view.isolation:
        yield prose(view.isolation, language)
    yield code_span(environment_line(view))


def _score_line(view: ReportView) -> str:
    if view.status is not Status.GRADED:
        return f"**{translate(STATUSES[view.status], view.language)}**"
    label = "Score" if view.score.complete else "Score of the checks shown so far"
    share = percent(view.score.points, view.score.max_points, view.language)
    score = score_words(view.score, view.language)
    return f"**{translate(label, view.language)}: {score}** ({share})"


def score_words(score: Score, language: str) -> str:
    """“5.5 of 22”."""
    earned, whole = number(score.points, language), number(score.max_points, language)
    return f"{earned} {translate('of', language)} {whole}"


def adjusted_line(view: ReportView) -> str:
    """Why the score is not the sum over the checks."""
    return translate(
        "The checks give {points}; with the assignment's rules, such as those for late work, "
        "the score is {score}.",
        view.language,
        points=points(view.adjusted_from or 0.0, view.language),
        score=number(view.score.points, view.language),
    )


def environment_line(view: ReportView) -> str:
    """What the result depends on, in one line of code."""
    made = view.environment
    torch = f" · torch {made.torch}" if made.torch else ""
    return (
        f"autograder {made.autograder} · Python {made.python} · numpy {made.numpy}{torch} · "
        f"seed {made.seed} · isolation {made.isolation.value} · sha256 {view.sha256[:16]}"
    )


def _starts(view: ReportView) -> Iterator[str]:
    language = view.language
    for position, (start, check) in enumerate(view.starts, start=1):
        reasons = [] if check.misconception is None else [check.misconception.name]
        if start.unlocks:
            checks = counted(start.unlocks, "check", language)
            reasons.append(
                translate("{checks} could not run because of it", language, checks=checks)
            )
        if start.shares:
            checks = counted(start.shares, "check", language)
            reasons.append(translate("same cause in {checks} more", language, checks=checks))
        worth = points(start.lost, language)
        reasons.append(translate("worth {points}", language, points=worth))
        why = enumerated((_line(reason, language) for reason in reasons), language)
        yield f"{position}. **{_line(check.title, language)}** ({why})"


def _question(question: QuestionView, view: ReportView) -> Iterator[str]:
    score = score_words(question.score, view.language)
    yield f"## {_line(question.title, view.language)} ({score})"
    for check in question.checks:
        yield from _check(check, view)


def _check(check: CheckView, view: ReportView) -> Iterator[str]:
    language = view.language
    earned = score_words(Score(check.points, check.max_points, complete=True), language)
    outcome = translate(OUTCOMES[check.outcome], language)
    time = f" · {duration(check.seconds, language)}" if view.instructor else ""
    result = enumerated((outcome, earned), language, comma=True)
    head = f"{SYMBOLS[check.outcome]} {_line(check.title, language)} ({result}){time}"
    yield f"- {head}" if check.passed else f"### {head}"
    if check.passed:
        return
    if check.message:
        yield prose(check.message, language)
    if check.misconception:
        label = translate("What probably happened", language)
        name, hint = _line(check.misconception.name, language), check.misconception.hint
        yield f"> **{label}:** {name}. {_line(hint, language)}"
    yield from _details(check, language)


def _details(check: CheckView, language: str) -> Iterator[str]:
    for label, value, kind in (
        ("Called", check.call, "python"),
        ("Expected", check.expected, "text"),
        ("Your answer", check.got, "text"),
        ("First wrong index", check.where, ""),
        ("Largest error", check.error, ""),
        ("Smallest failing input", check.example, "python"),
    ):
        if value is not None:
            yield _labelled(label, value, kind, language)
    if check.training:
        lines = (check.training.caption, check.training_line)
        yield "  \n".join(escape_markdown(line) for line in lines if line)
    if check.hint:
        yield f"> **{translate('Hint', language)}:** {_line(check.hint, language)}"
    for label, value in (
        ("Where it happened in your code", check.traceback),
        ("What your code printed", check.printed),
    ):
        if value is not None:
            yield _labelled(label, value, "text", language)


def _labelled(label: str, value: str, kind: str, language: str) -> str:
    heading = f"**{translate(label, language)}**"
    if not kind:
        return f"{heading}: {code_span(value)}"
    block = code_block(value, kind)
    if language == "fa":
        block = f'<div dir="ltr">\n\n{block}\n\n</div>'
    return f"{heading}\n\n{block}"
