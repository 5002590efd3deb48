"""Runs of a validation, and the sample submissions among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.authoring.expectations import FILE, Expected, table_problems, trial_problems
from autograder.authoring.findings import Finding, finding
from autograder.authoring.runs import Run, Trial
from autograder.records import CheckSpec

Items = list[tuple[Path, str]]
"""Submissions and what they are called."""


def longest_first(found: Mapping[str, Path], expected: Mapping[str, Expected]) -> Items:
    """The sample submissions; first those of which the table says that they wait for limits."""
    items = [(path, name) for name, path in found.items()]
    return sorted(items, key=lambda item: item[1] not in expected or not expected[item[1]].slow)


def example_runs(root: Path, items: Items, expected: Mapping[str, Expected]) -> list[Run]:
    """The sample submissions, each graded by the edition that its row names."""
    editions = {name: row.edition for name, row in expected.items()}
    found = dict.fromkeys(editions.get(name) for _, name in items)
    return [
        Run(
            "examples",
            root,
            [each for each in items if editions.get(each[1]) == edition],
            edition=edition,
        )
        for edition in found
    ]


class SampleRuns:
    """What the runs of one validation have in common, whatever is asked of students."""

    specs: Sequence[CheckSpec]
    runs: list[Run]
    expected: dict[str, Expected]
    found: dict[str, Path]

    @property
    def total(self) -> int:
        """Steps of all runs."""
        return sum(run.total for run in self.runs)

    @property
    def done(self) -> int:
        """Steps that are done."""
        return sum(run.done for run in self.runs)

    def trials(self, name: str) -> dict[str, Trial]:
        """The trials of all runs of that name, by submission."""
        return {trial.id: trial for run in self.runs if run.name == name for trial in run.trials}

    def problems(self, name: str) -> list[str]:
        """Runs of that name that came to nothing."""
        found = [run.problem for run in self.runs if run.name == name and run.problem]
        return list(dict.fromkeys(found))

    def samples_finding(self) -> Finding:
        """Whether each sample submission gets what the table says."""
        wrong = table_problems(self.expected, self.found, self.specs) + self.problems("examples")
        trials = self.trials("examples")
        causes = any(row.causes for row in self.expected.values())
        for name, row in self.expected.items():
            if name in trials:
                found = trial_problems(row, trials[name], causes=causes)
                wrong += [f"{name}: {each}" for each in found]
            elif name in self.found and not self.problems("examples"):
                wrong.append(f"{name}: was not graded")
        if not self.found:
            wrong.append(f"no sample submissions; put some into examples/ and a row into {FILE}")
        return finding(
            "examples",
            "Sample submissions",
            wrong,
            right=f"{len(trials)} get what {FILE} says",
            mend=f"mend the check, or the row in {FILE} where the check is right "
            "(`autograder examples` writes such rows anew)",
        )
