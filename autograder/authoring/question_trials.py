"""`autograder validate` for assignments that ask questions and no code."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from autograder.assignment import Assignment
from autograder.authoring.contents import points_finding, texts_finding
from autograder.authoring.expectations import FILE, Expected, load_expectations, samples
from autograder.authoring.findings import Finding, finding
from autograder.authoring.release import Release, write_files
from autograder.authoring.runs import KillRun, Run, Trial
from autograder.authoring.sample_runs import SampleRuns, longest_first
from autograder.errors import AssignmentError
from autograder.questions.items import QUESTIONS, Item, Items, read_items
from autograder.questions.judging import judge
from autograder.questions.pages import answer_template
from autograder.questions.variants import for_student, load_variants
from autograder.records import CheckSpec, Outcome, Status

_GOOD = (Outcome.PASSED, Outcome.PENDING)


def question_findings(
    assignment: Assignment, specs: Sequence[CheckSpec], *, students: int
) -> list[Finding]:
    """Every finding that needs no run; numbers that differ are drawn for so many students."""
    items, sheets = _sheets(assignment, students)
    return [
        answers_finding(items, sheets),
        points_finding(assignment, specs),
        texts_finding(assignment, specs),
        mistakes_finding(items, sheets),
    ]


def answers_finding(items: Items, sheets: Sequence[Sequence[Item]]) -> Finding:
    """The right answer to each question is judged right, whatever numbers were drawn."""
    wrong = [
        f"{item.id}: its own answer, {item.answer!r}, is not judged right"
        for sheet in sheets
        for item in sheet
        if item.type != "text" and judge(item, right_answer(item)).fraction != 1
    ]
    by_hand = sum(item.for_a_human for item in items.items)
    right = f"{len(items.items)} questions on {len(sheets)} sheets"
    return finding(
        "answers",
        "Right answers are right",
        list(dict.fromkeys(wrong)),
        right=f"{right}, {by_hand:g} points for a person" if by_hand else right,
        mend="mend the answer in questions.toml, its tolerance or its units",
    )


def right_answer(item: Item) -> object:
    """What a student would write who knows it."""
    return {"value": item.answer} if item.type == "true_false" else item.answer


def mistakes_finding(items: Items, sheets: Sequence[Sequence[Item]]) -> Finding:
    """Each known mistake loses all points, and is named on some sheet."""
    wrong, named = [], set()
    for sheet in sheets:
        for item in sheet:
            for mistake in item.mistakes:
                verdict = judge(item, mistake.answer)
                if verdict.fraction > 0:
                    wrong.append(f"{item.id}: {mistake.answer!r}, a known mistake, earns points")
                if verdict.misconception is not None:
                    named.add((item.id, verdict.misconception.name["en"]))
    for item in items.items:
        wrong += [
            f"{item.id}: the report does not name the mistake {mistake.name['en']!r}"
            for mistake in item.mistakes
            if (item.id, mistake.name["en"]) not in named
        ]
    count = sum(len(item.mistakes) for item in items.items)
    return finding(
        "mistakes",
        "Known mistakes are caught",
        list(dict.fromkeys(wrong)),
        right=f"{count} mistakes, each without points and by its name",
        mend="give the mistake an answer that differs from the right one and from the others",
    )


def _sheets(assignment: Assignment, students: int) -> tuple[Items, list[list[Item]]]:
    """The questions, and as some students have them."""
    path = assignment.checks / QUESTIONS
    if not path.is_file():
        raise AssignmentError(
            f"{assignment.root}: no name is graded and there is no checks/{QUESTIONS}; "
            "set submission.names, or ask questions"
        )
    items = read_items(path)
    with _importing(assignment.import_paths):
        draws = load_variants(assignment.checks, items)
    count = students if draws else 1
    names = [f"student-{number:02}" for number in range(1, count + 1)]
    return items, [
        [for_student(item, draws, name, assignment.seed) for item in items.items] for name in names
    ]


@contextmanager
def _importing(paths: Sequence[Path]) -> Iterator[None]:
    before = list(sys.path)
    sys.path[:0] = map(str, paths)
    try:
        yield
    finally:
        sys.path[:] = before


@dataclass
class QuestionTrials(SampleRuns):
    """The runs of one validation: the empty sheet, the samples, both in the released folder."""

    assignment: Assignment
    specs: Sequence[CheckSpec]
    scratch: Path
    runs: list[Run] = field(default_factory=list)
    expected: dict[str, Expected] = field(default_factory=dict)
    found: dict[str, Path] = field(default_factory=dict)
    kill: KillRun | None = None

    def plan(self, release: Release | None, *, seeds: int) -> None:
        """Make the empty sheet and list the runs."""
        self.expected = load_expectations(self.assignment)
        self.found = samples(self.assignment)
        items = longest_first(self.found, self.expected)
        asked = read_items(self.assignment.checks / QUESTIONS).items
        sheet = {"answers.toml": answer_template(asked, "en").encode()}
        write_files(self.scratch / "starter", sheet)
        root = self.assignment.root
        self.runs = [Run("examples", root, items)]
        starter = [(self.scratch / "starter" / "answers.toml", "answers.toml")]
        self.runs.append(Run("starter", root, starter))
        if release is not None:
            self.runs.append(Run("released", release.folder, items))

    def findings(self, release: Release | None) -> Iterator[Finding]:
        """What the runs say, one finding after the other."""
        yield self._starter()
        yield self.samples_finding()
        yield self._right_samples()
        if release is not None:
            yield self._released()

    def _starter(self) -> Finding:
        wrong = self.problems("starter")
        for name, trial in self.trials("starter").items():
            wrong += [
                f"{name} gets {check.points:g} for {check_id}"
                for check_id, check in trial.checks.items()
                if check.points > 0 or check.outcome in _GOOD
            ]
        return finding(
            "starter",
            "Empty sheet gets nothing",
            wrong,
            right="0 points, and nothing waits for a person",
            mend="an answer that is not there must not be right: look at the question",
        )

    def _right_samples(self) -> Finding:
        right = [name for name, row in self.expected.items() if _is_right(row)]
        wrong = [] if right else [f"no row of {FILE} has every answer right"]
        return finding(
            "alternatives",
            "Right answers, as students write them",
            wrong,
            right=f"{len(right)} sheets with every answer right or waiting for a person",
            mend="add a sheet with other words, digits or units that are right too",
        )

    def _released(self) -> Finding:
        wrong = self.problems("released")
        here = self.trials("examples")
        trials = self.trials("released")
        for name, trial in trials.items():
            if name in here and trial.status is not here[name].status:
                wrong.append(f"{name}: {trial.status} instead of {here[name].status}")
            wrong += [
                f"{name}: {check_id} is an error of the grader ({check.message})"
                for check_id, check in trial.checks.items()
                if check.outcome is Outcome.INTERNAL_ERROR
            ]
            wrong += [
                f"{name}: {check_id} cannot be read there, and is right here"
                for check_id, check in trial.checks.items()
                if check.outcome is not Outcome.PASSED and _was_good(here, name, check_id)
            ]
        return finding(
            "released",
            "Form is checked in the released folder",
            wrong,
            right=f"{len(trials)} sheets are read without the answers",
            mend="the released questions.toml holds no answers: look at the question's type",
        )


def _is_right(row: Expected) -> bool:
    """Whether the row says that all is right but for what a person reads."""
    told = row.not_right or row.not_right_count or row.names() or row.every or row.none_passed
    return row.status is Status.GRADED and row.waiting is not None and not told


def _was_good(trials: Mapping[str, Trial], name: str, check_id: str) -> bool:
    """Whether that answer is right, or waits, with the answers at hand."""
    return name in trials and trials[name].checks[check_id].outcome in _GOOD
