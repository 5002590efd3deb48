"""What `validate` found: one finding for each thing that an assignment must be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

SHOWN = 6
"""Details of a finding that fit on the screen."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    id: str
    title: str
    fit: bool
    summary: str
    """What was found, in a few words."""
    details: tuple[str, ...] = ()
    """What is wrong, one line each."""
    mend: str = ""
    """What to do about it."""
    optional: bool = False
    """Whether it was not looked at, for want of what it needs, and does not count."""


def finding(
    id: str,
    title: str,
    wrong: Sequence[str],
    *,
    right: str,
    mend: str,
    wrong_summary: str = "",
) -> Finding:
    """A finding that is fit when nothing is wrong; `right` is what one then reads."""
    if not wrong:
        return Finding(id, title, True, right)
    summary = wrong_summary or counted(len(wrong), "thing")
    return Finding(id, title, False, summary, tuple(wrong), mend)


def counted(number: int, noun: str) -> str:
    """`1 check`, `2 checks`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


@dataclass
class Validation:
    """Everything that was found about one assignment."""

    assignment: str
    version: str
    title: str
    findings: list[Finding] = field(default_factory=list)
    questions: list[tuple[str, str, int, float]] = field(default_factory=list)
    """(id, title, number of checks, points) of each question."""
    seconds: float = 0.0
    matrix: list[dict[str, Any]] | None = None
    """The rows of the kill matrix, where the assignment says its components."""
    left_out: list[list[str]] = field(default_factory=list)
    """(component, misconception, reason) of the versions that cannot show."""

    @property
    def fit(self) -> bool:
        """Whether the assignment can be published."""
        return all(each.fit for each in self.findings)
