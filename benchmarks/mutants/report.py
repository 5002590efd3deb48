"""The figures of the checks' worth, and the page that shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mutants.judging import Verdict
from mutants.set_aside import SetAside

BEGIN, END = "<!-- begin: measured -->", "<!-- end: measured -->"


@dataclass(frozen=True)
class Row:
    """One section of a course notebook."""

    section: str
    mutants: int
    notebook: int
    ours: int


@dataclass(frozen=True)
class Figures:
    """What was measured."""

    generic: Sequence[Verdict]
    own: Sequence[Verdict]
    table: SetAside
    untrue: Sequence[str]
    false_alarms: Sequence[str]
    misconceptions: int
    missed: Sequence[str]
    notebooks: Sequence[Row]
    cpu_seconds: float

    def counted(self, verdicts: Sequence[Verdict]) -> list[Verdict]:
        """The verdicts without the mutants set aside."""
        return [each for each in verdicts if each.mutant.id not in self.table.reasons]

    @property
    def survivors(self) -> list[str]:
        """The mutants that nothing caught, and that are not set aside."""
        every = self.counted([*self.generic, *self.own])
        return [each.mutant.id for each in every if each.killed_by is None]

    def good(self, goal: float) -> bool:
        """Whether the goals are reached and the table of mutants set aside is true."""
        rates = [_rate(self.counted(each)) for each in (self.generic, self.own)]
        problems = (*self.untrue, *self.false_alarms, *self.missed)
        return min(rates) >= goal and not problems


def _rate(verdicts: Sequence[Verdict]) -> float:
    return sum(each.killed_by is not None for each in verdicts) / len(verdicts)


def tables(figures: Figures) -> str:
    """All tables, as Markdown."""
    return "\n".join([*_mutants(figures), "", *_kinds(figures), "", *_notebooks(figures)])


def _mutants(figures: Figures) -> list[str]:
    lines = [
        "| checks | mutants | set aside | counted | caught | share |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    both = [*figures.generic, *figures.own]
    for name, verdicts in (
        ("generic checks of the components", figures.generic),
        ("`linear_classifiers`", figures.own),
        ("together", both),
    ):
        counted = figures.counted(verdicts)
        caught = sum(each.killed_by is not None for each in counted)
        aside = len(verdicts) - len(counted)
        lines.append(
            f"| {name} | {len(verdicts):,} | {aside} | {len(counted):,} | {caught:,} | "
            f"{100 * _rate(counted):.2f} % |"
        )
    caught = figures.misconceptions - len(figures.missed)
    return [*lines, "", f"Misconceptions caught: {caught} of {figures.misconceptions}."]


def _kinds(figures: Figures) -> list[str]:
    counted = figures.counted([*figures.generic, *figures.own])
    every = Counter(each.mutant.kind for each in counted)
    caught = Counter(each.mutant.kind for each in counted if each.killed_by is not None)
    lines = ["| mistake | counted | caught |", "| --- | --- | --- |"]
    return lines + [f"| {kind} | {count} | {caught[kind]} |" for kind, count in every.most_common()]


def _notebooks(figures: Figures) -> list[str]:
    lines = [
        "| section | mutants | notebook | share | these checks | share |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    rows = list(figures.notebooks)
    total = [
        sum(column) for column in zip(*[(r.mutants, r.notebook, r.ours) for r in rows], strict=True)
    ]
    for row in [*rows, Row("**together**", *total)]:
        lines.append(
            f"| {row.section} | {row.mutants} | {row.notebook} | "
            f"{100 * row.notebook / row.mutants:.1f} % | {row.ours} | "
            f"{100 * row.ours / row.mutants:.1f} % |"
        )
    return lines


def write_page(path: Path, figures: Figures) -> None:
    """Put the tables between the page's two marks."""
    text = path.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    path.write_text(f"{before}{BEGIN}\n{tables(figures)}\n{END}{after}", encoding="utf-8")
