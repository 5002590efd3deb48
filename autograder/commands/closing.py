"""The table that closes a run: how many of what, the scores, the slowest, the ungradable."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text as RichText

from autograder.batch import BatchResult
from autograder.records import Status
from autograder.report.summary import SummaryRow
from autograder.texts import clean

_BINS = 10
_BAR = 30
_SLOWEST = 3
_NAMED = 5


def closing_table(result: BatchResult, language: str) -> RenderableType:
    """Everything that a teaching assistant wants to see at the end of a run."""
    parts: list[RenderableType] = [_counts(result)]
    graded = [row for row in result.rows if row.status is Status.GRADED]
    if graded:
        parts += [_distribution(graded), _slowest(graded)]
    for status, title in (
        (Status.UNGRADABLE, "Ungradable"),
        (Status.INTERNAL_ERROR, "Internal errors (not final: a human must look)"),
    ):
        rows = [row for row in result.rows if row.status is status]
        if rows:
            parts.append(_reasons(rows, title, language))
    parts += _resembled(result.rows)
    return Group(*parts)


def _counts(result: BatchResult) -> RichText:
    per_second = len(result.rows) / result.seconds if result.seconds else 0.0
    number = sum(row.late_points > 0 for row in result.rows)
    late = f" ({number} late)" if number else ""
    return RichText(
        f"{result.count(Status.GRADED)} graded{late}, "
        f"{result.count(Status.UNGRADABLE)} ungradable, "
        f"{result.count(Status.INTERNAL_ERROR)} internal errors, {len(result.skipped)} skipped "
        f"(graded before) in {result.seconds:.1f} s ({per_second:.1f} a second)"
    )


def _distribution(rows: Sequence[SummaryRow]) -> Table:
    """A histogram of the scores in tenths of the maximum."""
    counts = [0] * _BINS
    for row in rows:
        share = row.score / row.max_score if row.max_score else 0.0
        counts[min(_BINS - 1, max(0, int(share * _BINS + 1e-9)))] += 1
    table = Table(title="Scores", title_justify="left", show_header=False, box=None)
    for index in reversed(range(_BINS)):
        bar = "█" * round(_BAR * counts[index] / max(counts))
        last = "100" if index == _BINS - 1 else f"{10 * index + 9}"
        table.add_row(f"{10 * index}-{last} %", str(counts[index]), bar)
    mean = sum(row.score for row in rows) / len(rows)
    table.add_row("mean", f"{mean:.1f}", f"of {rows[0].max_score:g}")
    return table


def _slowest(rows: Sequence[SummaryRow]) -> Table:
    table = Table(title="Slowest", title_justify="left", show_header=False, box=None)
    for row in sorted(rows, key=lambda row: (-row.seconds, row.submission_id))[:_SLOWEST]:
        table.add_row(f"{row.seconds:.2f} s", RichText(clean(row.submission_id, limit=80)))
    return table


def _reasons(rows: Sequence[SummaryRow], title: str, language: str) -> Table:
    table = Table(title=title, title_justify="left", show_header=False, box=None)
    for row in rows:
        reason = clean(row.message[language], limit=300) if row.message else ""
        table.add_row(RichText(clean(row.submission_id, limit=80)), RichText(reason))
    return table


def _resembled(rows: Sequence[SummaryRow]) -> list[RichText]:
    """Which submissions look like another edition: their class may have been given that one."""
    names: dict[str, list[str]] = {}
    for row in rows:
        if row.resembles is not None:
            names.setdefault(row.resembles, []).append(clean(row.submission_id, limit=40))
    return [
        RichText(
            f"{len(ids)} of {len(rows)} look like edition {edition}: {', '.join(ids[:_NAMED])}"
            f"{', …' if len(ids) > _NAMED else ''}. If that is what they were given, grade them "
            f"with --edition {edition}."
        )
        for edition, ids in sorted(names.items())
    ]


_STAGES = {
    "read": "reading the submission",
    "start": "fork, lockdown, loading",
    "subject": "the student's code (with the way there and back)",
    "checks": "the checks",
    "end": "ending the process",
    "report": "report and result.json",
    "database": "gradebook (in the main program)",
    "total": "one submission in its worker",
}


def timing_table(result: BatchResult) -> Table:
    """Where the time went, a submission."""
    number = max(1, len(result.rows) - len(result.skipped))
    table = Table(title="Where the time went (ms a submission)", title_justify="left")
    table.add_column("stage")
    table.add_column("ms", justify="right")
    for name, words in _STAGES.items():
        table.add_row(words, f"{1000 * result.timings.get(name, 0.0) / number:.2f}")
    table.add_row("wall time of the whole run, divided", f"{1000 * result.seconds / number:.2f}")
    return table
