"""What `validate` says on the terminal: one screen."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.authoring.findings import SHOWN, Finding, Validation, counted
from autograder.texts import clean

_LINE = 300


def validation_screen(validation: Validation) -> RenderableType:
    """Every finding on a line, what is wrong and the mend under it, and the verdict."""
    return Group(*_parts(validation))


def _parts(validation: Validation) -> Iterator[RenderableType]:
    head = Text(validation.title, style="bold")
    head.append(f"  {validation.assignment} {validation.version}", style="dim")
    yield head
    for each in validation.findings:
        yield _line(each)
        if not each.fit:
            yield Padding(_wrong(each), (0, 0, 0, 4))
    yield _questions(validation)
    yield verdict(validation)


def verdict(validation: Validation) -> Text:
    """The last line: fit or not."""
    took = f"  ({validation.seconds:.0f} s)"
    unfit = [each.title for each in validation.findings if not each.fit]
    if not unfit:
        return Text("fit to publish", style="bold green").append(took, style="dim")
    return Text(f"not fit: {', '.join(unfit)}", style="bold red").append(took, style="dim")


def _line(each: Finding) -> Text:
    symbol, style = ("–", "dim") if each.optional else ("✓", "green") if each.fit else ("✗", "red")
    line = Text(f"{symbol} ", style=style)
    line.append(f"{each.title}: ", style="" if each.fit else "bold")
    return line.append(each.summary, style="dim" if each.fit else style)


def _wrong(each: Finding) -> Text:
    lines = [clean(line, limit=_LINE) for line in each.details[:SHOWN]]
    if len(each.details) > SHOWN:
        lines.append(f"and {len(each.details) - SHOWN} more (--json and --html have all)")
    words = Text("\n".join(lines))
    if each.mend:
        words.append(f"\n→ {each.mend}", style="yellow")
    return words


def _questions(validation: Validation) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for id, title, checks, points in validation.questions:
        table.add_row(
            Text(id, style="dim"), Text(title), counted(checks, "check"), f"{points:g} points"
        )
    return table
