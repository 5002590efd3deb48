"""`autograder calibrate`: thresholds of training checks, from many trainings of the solution."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from autograder.assignment import Assignment, load_assignment
from autograder.authoring.calibrate import Calibration, Measured, calibrate, solutions_of
from autograder.authoring.thresholds import GOAL
from autograder.commands.devices import require_data
from autograder.commands.interrupting import interruptible
from autograder.errors import UsageError

_FEWEST = 10


def run_calibrate(folder: Path, *, runs: int, isolation: str, as_json: bool) -> int:
    """Calibrate and say so; 0 if every threshold is safe, 1 if one is not."""
    if runs < _FEWEST:
        raise UsageError(f"--runs {runs}: at least {_FEWEST} tell something of the spread")
    assignment = load_assignment(folder)
    require_data(assignment.data)
    with interruptible("the trainings so far are lost, and no threshold was found"):
        found = _with_progress(assignment, runs, isolation)
    if as_json:
        sys.stdout.write(json.dumps(document(assignment, runs, found), indent=2) + "\n")
    else:
        _show(Console(), runs, found)
    return 0 if all(one.chance < GOAL for one in found) else 1


def _with_progress(assignment: Assignment, runs: int, isolation: str) -> list[Calibration]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[tuple[str, Path], Any] = {}

        def progress(check: str, solution: Path) -> None:
            key = (check, solution)
            if key not in tasks:
                tasks[key] = bars.add_task(f"{check}, {solution.name}", total=runs)
            bars.advance(tasks[key])

        return calibrate(assignment, runs=runs, isolation=isolation, progress=progress)


def document(assignment: Assignment, runs: int, found: list[Calibration]) -> dict[str, Any]:
    """What `--json` prints."""
    return {
        "schema": 1,
        "assignment": {"id": assignment.id, "version": assignment.version},
        "solutions": [path.name for path in solutions_of(assignment)],
        "runs": runs,
        "goal": GOAL,
        "checks": [_check(one) for one in found],
    }


def _check(found: Calibration) -> dict[str, Any]:
    advice = found.recommendation
    return {
        "id": found.check,
        "at_least": found.at_least,
        "published": found.published,
        "max_runs": found.max_runs,
        "chance_of_failing": found.chance,
        "recommended": None
        if advice is None
        else {
            "published": advice.published,
            "at_least": advice.graded,
            "chance_of_failing": advice.chance,
        },
        "solutions": [_measured(one) for one in found.measured],
    }


def _measured(one: Measured) -> dict[str, Any]:
    accuracies = one.accuracies
    return {
        "solution": one.solution.name,
        "mean": round(accuracies.mean, 5),
        "standard_deviation": round(accuracies.spread, 5),
        "lowest": round(min(accuracies.values), 5),
        "highest": round(max(accuracies.values), 5),
        "held_out": accuracies.held_out,
        "chance_of_failing": one.chance,
        "replayed": {
            "gradings": one.replayed.gradings,
            "failures": one.replayed.failures,
            "at_most": round(one.replayed.at_most, 5),
        },
        "accuracies": [round(value, 5) for value in accuracies.values],
    }


def _show(console: Console, runs: int, found: list[Calibration]) -> None:
    table = Table(title=f"{runs} trainings of each solution in each check")
    for name in ("check", "solution", "mean", "sd", "lowest", "threshold", "chance of failing"):
        words = name in ("check", "solution")
        table.add_column(name, justify="left" if words else "right", overflow="fold")
    for calibration in found:
        for one in calibration.measured:
            table.add_row(
                escape(calibration.check),
                escape(one.solution.name),
                f"{100 * one.accuracies.mean:.2f} %",
                f"{100 * one.accuracies.spread:.2f} %",
                f"{100 * min(one.accuracies.values):.2f} %",
                f"{100 * calibration.at_least:.1f} %",
                _chance(one.chance),
            )
    console.print(table)
    for calibration in found:
        advice = f"{calibration.check}: {_advice(calibration)}"
        console.print(advice, highlight=False, markup=False)


def _advice(found: Calibration) -> str:
    replays = [one.replayed for one in found.measured]
    seen = sum(one.failures for one in replays)
    gradings = sum(one.gradings for one in replays)
    observed = (
        f"replayed: {seen} of {gradings} gradings failed with the present threshold "
        f"(whatever the distribution, at most {100 * max(r.at_most for r in replays):.2g} %)"
    )
    advice = found.recommendation
    if advice is None:
        return (
            f"no threshold is safe; train longer, or on more held-out samples, or raise max_runs; "
            f"{observed}"
        )
    return (
        f"publish {100 * advice.published:g} %, grade with at_least={advice.graded:g} "
        f"(a right solution fails: {_chance(advice.chance)}, the goal is under "
        f"{100 * GOAL:g} %); {observed}"
    )


def _chance(chance: float) -> str:
    return "under 0.001 %" if chance < 1e-5 else f"{100 * chance:.2g} %"
