"""The leaderboard of a training check: who passed it, and what the grader measured there.

Nothing on it was said by a student's code, except for the name that a submission chose; who chose
none stands there under a code that only somebody who has the very submission can work out.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text as Styled

from autograder.records import AssignmentInfo, CheckSpec, Grade, Outcome, Status, Training
from autograder.report.html import environment, stylesheet
from autograder.report.language import digits, in_language, translate
from autograder.report.untrusted import one_line

HEADER = ("rank", "name", "accuracy", "parameters", "seconds", "device", "runs")

_SHORTEST_CODE = 4
_DIGITS = 4
"""Of an accuracy: what differs less is equal, and shares a place."""


class Naming(StrEnum):
    """How a submission is called."""

    PSEUDONYMS = "pseudonyms"
    """The name that it chose, or a code."""
    IDS = "ids"
    """Its id: for the instructor, or a class that agreed."""


class Order(StrEnum):
    """What decides the places."""

    ACCURACY = "accuracy"
    """The highest first."""
    PARAMETERS = "parameters"
    """The fewest first."""
    SECONDS = "seconds"
    """The fastest first, to a tenth of a second."""


@dataclass(frozen=True)
class Place:
    """One line of the leaderboard."""

    rank: int
    name: str
    accuracy: float
    """The mean over the runs, from 0 to 1."""
    parameters: int | None
    seconds: float
    device: str
    runs: int

    @property
    def cells(self) -> tuple[object, ...]:
        """In the order of `HEADER`."""
        return (
            *(self.rank, self.name, self.accuracy),
            *(self.parameters, self.seconds, self.device, self.runs),
        )


@dataclass(frozen=True)
class Leaderboard:
    """All that is shown, the best first."""

    assignment: AssignmentInfo
    check: CheckSpec
    order: Order
    places: tuple[Place, ...]
    submissions: int
    """How many there are in all, those below the threshold too."""


@dataclass(frozen=True)
class _Entry:
    grade: Grade
    training: Training
    seconds: float
    """Of the whole check, by the clock."""

    @property
    def accuracy(self) -> float:
        return round(fmean(self.training.accuracies), _DIGITS)

    @property
    def digest(self) -> str:
        who = f"leaderboard\0{self.grade.submission_id}\0{self.grade.submission_sha256}"
        return hashlib.sha256(who.encode("utf-8", "surrogatepass")).hexdigest()


def training_checks(grades: Iterable[Grade]) -> tuple[str, ...]:
    """The ids of the checks that trained something, in the order of the assignment."""
    found = (r.spec.id for grade in grades for r in grade.checks if r.training is not None)
    return tuple(dict.fromkeys(found))


def make_leaderboard(
    grades: Sequence[Grade],
    check: str,
    *,
    language: str,
    naming: Naming = Naming.PSEUDONYMS,
    order: Order = Order.ACCURACY,
) -> Leaderboard:
    """The leaderboard of the check with that id: graded submissions that passed it, no others.

    Equal ones share a place, and the next place is left out: 1, 1, 3. Raises ValueError where no
    grade has that check.
    """
    results = [(grade, r) for grade in grades for r in grade.checks if r.spec.id == check]
    if not results:
        raise ValueError(f"no submission has the check {check!r}; give one of the training checks")
    entries = [
        _Entry(grade, result.training, result.seconds)
        for grade, result in results
        if grade.status is Status.GRADED
        and result.outcome is Outcome.PASSED
        and result.training is not None
    ]
    names = _names(entries, naming, language)
    lines = sorted(
        (_key(entry, order), entry.training.parameters or 0, name, at)
        for at, (entry, name) in enumerate(zip(entries, names, strict=True))
    )
    places: list[Place] = []
    previous: float | None = None
    for number, (key, _, name, at) in enumerate(lines, start=1):
        rank = places[-1].rank if places and key == previous else number
        places.append(_place(rank, name, entries[at]))
        previous = key
    grade, result = results[-1]
    return Leaderboard(grade.assignment, result.spec, order, tuple(places), len(grades))


def render_leaderboard(board: Leaderboard, *, language: str) -> str:
    """The leaderboard as one self-contained HTML page."""
    template = environment(language).get_template("leaderboard.html.j2")
    return template.render(
        board=board,
        title=in_language(board.assignment.title, language),
        check=in_language(board.check.title, language),
        rows=[_shown(place, language) for place in board.places],
        style=stylesheet("report.css", "summary.css", "leaderboard.css"),
    )


def leaderboard_table(board: Leaderboard, *, language: str) -> RenderableType:
    """The same for a terminal."""
    table = Table(title=Styled(in_language(board.check.title, language)), title_justify="left")
    for label in ("Place", "Name", "Accuracy", "Parameters", "Seconds", "Device"):
        right = label not in ("Name", "Device")
        table.add_column(translate(label, language), justify="right" if right else "left")
    for place in board.places:
        table.add_row(*(Styled(cell) for cell in _shown(place, language)))
    return Group(table, Styled(_passed(board, language), style="dim"))


def _passed(board: Leaderboard, language: str) -> str:
    return translate(
        "{passed} of {all} submissions passed the check.",
        language,
        passed=digits(str(len(board.places)), language),
        all=digits(str(board.submissions), language),
    )


def _key(entry: _Entry, order: Order) -> float:
    """The smallest is the best; what nobody measured comes last."""
    if order is Order.ACCURACY:
        return -entry.accuracy
    measured = entry.training.parameters if order is Order.PARAMETERS else entry.seconds
    return float("inf") if measured is None else round(float(measured), 1)


def _place(rank: int, name: str, entry: _Entry) -> Place:
    training = entry.training
    return Place(
        rank=rank,
        name=name,
        accuracy=entry.accuracy,
        parameters=training.parameters,
        seconds=round(entry.seconds, 1),
        device=training.device,
        runs=len(training.accuracies),
    )


def _names(entries: Sequence[_Entry], naming: Naming, language: str) -> list[str]:
    """What each is called; no two alike, so that nobody takes another's name."""
    if naming is Naming.IDS:
        return [one_line(entry.grade.submission_id) for entry in entries]
    codes = _codes(entries)
    chosen = [one_line(entry.training.name or "") for entry in entries]
    taken = Counter(_alike(name) for name in chosen)
    return [
        translate("Anonymous {code}", language, code=code)
        if not name
        else f"{name} ({code})"
        if taken[_alike(name)] > 1
        else name
        for name, code in zip(chosen, codes, strict=True)
    ]


def _alike(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _codes(entries: Sequence[_Entry]) -> list[str]:
    """The shortest beginnings of the digests that tell the submissions apart."""
    whole = [entry.digest for entry in entries]
    length = _SHORTEST_CODE
    while len({digest[:length] for digest in whole}) < len(set(whole)):
        length += 1
    return [digest[:length] for digest in whole]


def _shown(place: Place, language: str) -> tuple[str, ...]:
    percent = digits(f"{100 * place.accuracy:.2f}", language) + ("٪" if language == "fa" else " %")
    return (
        digits(str(place.rank), language),
        place.name,
        percent,
        _counted(place.parameters, language),
        digits(f"{place.seconds:.1f}", language),
        place.device,
    )


def _counted(count: int | None, language: str) -> str:
    """“12,806”, “۱۲٬۸۰۶”."""
    if count is None:
        return "—"
    shown = digits(f"{count:,}", language)
    return shown.replace(",", "٬") if language == "fa" else shown
