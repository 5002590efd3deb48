"""`autograder examples`: the table of an assignment's sample submissions, written or mended."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.assignment import Assignment
from autograder.authoring.collecting import collect_specs
from autograder.authoring.expectations import FILE, FOLDER, Expected, load_expectations, samples
from autograder.authoring.proposals import (
    KEYS,
    Style,
    differences,
    proposed,
    style_of,
    undecided,
)
from autograder.authoring.run_workers import run_all
from autograder.authoring.runs import Run, Trial
from autograder.authoring.sample_runs import example_runs, longest_first
from autograder.authoring.table_file import is_wide, read_table
from autograder.errors import AssignmentError
from autograder.records import CheckSpec
from autograder.sandbox.nursery import open_nursery

Report = Callable[[str, int, int], None]
"""Told what is going on, how much of it is done, and how much there is (0: nobody knows)."""

_HEAD = "# What each submission in `examples/` must get; a check that is not listed passes.\n"


@dataclass
class Proposal:
    """A table's new text, and what became of its rows."""

    path: Path
    text: str
    same: list[str] = field(default_factory=list)
    changed: dict[str, list[str]] = field(default_factory=dict)
    """Row -> where it did not say what came."""
    new: list[str] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)
    """Rows that were not touched, and why nobody knows what they should say."""

    def write(self) -> None:
        """Put the text in the place of the file, at once or not at all."""
        if self.changed or self.new:
            scratch = self.path.with_name(f"{self.path.name}.new")
            scratch.write_text(self.text, encoding="utf-8")
            os.replace(scratch, self.path)


def propose_examples(
    assignment: Assignment,
    *,
    jobs: int,
    isolation: str,
    report: Report = lambda stage, done, whole: None,
) -> Proposal:
    """Grade the sample submissions and say what `examples.toml` should hold.

    Raises `AssignmentError` without sample submissions, and for a table that cannot be read.
    """
    expected, found = load_expectations(assignment), samples(assignment)
    if not found:
        raise AssignmentError(
            f"{assignment.root}: no sample submissions; put some into {FOLDER}/, "
            "right ones and wrong ones"
        )
    report("collecting the checks", 0, 0)
    specs = collect_specs(assignment)
    runs = example_runs(assignment.root, longest_first(found, expected), expected)

    def on_trial(_: Run | None = None) -> None:
        done = sum(run.done for run in runs)
        report("grading the sample submissions", done, sum(run.total for run in runs))

    on_trial()
    with open_nursery() as nursery:
        run_all(runs, jobs=jobs, isolation=isolation, on_trial=on_trial, nursery=nursery)
    for run in runs:
        if run.problem is not None:
            raise AssignmentError(run.problem)
    trials = {trial.id: trial for run in runs for trial in run.trials}
    style = style_of(expected, answers=not assignment.submission.needs_code)
    return merged(assignment.root / FILE, expected, trials, specs, style)


def merged(
    path: Path,
    expected: Mapping[str, Expected],
    trials: Mapping[str, Trial],
    specs: Sequence[CheckSpec],
    style: Style,
) -> Proposal:
    """The table's text with what came, where a row does not say it already."""
    text = path.read_text(encoding="utf-8-sig") if path.is_file() else _HEAD
    table, wide = read_table(text), is_wide(text)
    made = Proposal(path, text)
    ids = sorted({*expected, *trials})
    for id in ids:
        row, trial = expected.get(id), trials.get(id)
        reason = "no such submission" if trial is None else undecided(trial)
        if trial is None or reason:
            made.left[id] = reason
            continue
        wrong = [] if row is None else differences(row, trial, specs, style)
        if row is not None and not wrong:
            made.same.append(id)
            continue
        block = table.block(id) or table.insert(id, ids[: ids.index(id)])
        block.update(proposed(row, trial, style), KEYS, wide=wide)
        if row is None:
            made.new.append(id)
        else:
            made.changed[id] = wrong
    made.text = table.text()
    _check_untouched(text, made)
    return made


def _check_untouched(before: str, made: Proposal) -> None:
    """Raises `AssignmentError` where the new text would not say of other rows what the old did."""
    old, new = tomllib.loads(before), tomllib.loads(made.text)
    if any(new.get(id) != old[id] for id in old if id not in made.changed):
        raise AssignmentError(
            f"{made.path}: its rows cannot be changed one by one; write each row as [id] and its "
            "keys, one after the other"
        )
