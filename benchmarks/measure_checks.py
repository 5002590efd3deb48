"""What the checks are worth: mutants and misconceptions caught, beside a course notebook's checks.

    PYTHONPATH=. python benchmarks/measure_checks.py [--write]

Mutants of the reference's components go through the generic checks of components, mutants of
`linear_classifiers` through that assignment's own checks, each up to the first failure, and all of
the 562 misconceptions through the generic checks. `--write` puts the tables into
`docs/check-quality.md`. Exits with 1 where fewer than 98 % of the mutants or fewer than all
misconceptions are caught, or where the table of mutants set aside is not true. It takes 100
seconds of CPU time.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from mutants.assignment_suite import assignment_suites
from mutants.definitions import Source
from mutants.judging import Suite, Verdict, component_suites, judged, outcome, reference_verdicts
from mutants.notebook_checks import ASSIGNMENT_CHECKS, COMPONENT_CHECKS
from mutants.report import Figures, Row, tables, write_page
from mutants.set_aside import (
    SetAside,
    read_table,
    same_answers_of_functions,
    same_component_answers,
    untrue_entries,
)

from reference.misconceptions import CATALOGUE, COMPONENTS

ROOT = Path(__file__).resolve().parents[1]
ASSIGNMENT = ROOT / "assignments" / "linear_classifiers"
GOAL = 0.98
MEMORY = 6 << 30
PAGE = ROOT / "docs" / "check-quality.md"

TOPICS = {
    "l1": "distances",
    "l2": "distances",
    "predict_labels": "neighbors",
    "linear_scores": "scores",
    "add_bias": "scores",
    "svm": "svm",
    "softmax": "softmax",
    "LinearClassifier": "training",
    "k_fold_indices": "search",
    "cross_validate_k": "search",
    "best_choice": "search",
    "search_settings": "search",
}
"""Which checks of the assignment to run first for a function whose name starts so."""

GIVEN = {"train_linear_classifier"}
"""What the starter already has."""


def assignment_verdicts(source: Source, checks: list[Suite]) -> list[Verdict]:
    """Judge every mutant of the solution by the assignment's checks, those of its topic first."""
    verdicts = []
    for mutant in source.mutants(set(source.definitions)):
        if mutant.name in GIVEN:
            continue
        topic = next(word for start, word in TOPICS.items() if mutant.name.startswith(start))
        ordered = sorted(checks, key=lambda check: topic not in check[0])
        verdicts.append(judged(mutant, source.namespace_of(mutant), ordered))
    return verdicts


def missed_misconceptions() -> list[str]:
    """The misconceptions that the generic checks of their component let pass."""
    missed = []
    for known in CATALOGUE:
        component = COMPONENTS[known.component]
        namespace = dict(vars(import_module(component.right.__module__)))
        namespace[component.id] = known.function
        ((_, suite),) = component_suites([component])
        if outcome(namespace, suite) == "passed":
            missed.append(known.id)
    return missed


def false_alarms(checks: list[Suite], solution: Mapping[str, Any]) -> list[str]:
    """The checks that the right versions do not pass."""
    failed = [name for name, suite in checks if outcome(solution, suite) != "passed"]
    for component in COMPONENTS.values():
        namespace = vars(import_module(component.right.__module__))
        ((name, suite),) = component_suites([component])
        if outcome(namespace, suite) != "passed":
            failed.append(name)
    for section, (names, cells) in COMPONENT_CHECKS.items():
        namespace = vars(import_module(COMPONENTS[names[0]].right.__module__))
        if any(outcome(namespace, cell) != "passed" for cell in cells):
            failed.append(f"notebook: {section}")
    for name, (section, cell) in ASSIGNMENT_CHECKS.items():
        if outcome(solution, cell) != "passed":
            failed.append(f"notebook: {section} ({name})")
    return failed


def notebook_rows(verdicts: list[Verdict], table: SetAside, source: Source) -> list[Row]:
    """Of each section of the notebooks: mutants, caught by the notebook's cells, caught by ours."""
    counts: dict[str, list[int]] = {}
    sources = {source.module: source}
    for verdict in verdicts:
        mutant = verdict.mutant
        if mutant.id in table.reasons:
            continue
        own = sources.setdefault(mutant.module, Source(mutant.module))
        for section, cells in _sections(own, mutant.name):
            namespace = own.namespace_of(mutant)
            caught = any(outcome(namespace, cell) != "passed" for cell in cells)
            row = counts.setdefault(section, [0, 0, 0])
            row[0] += 1
            row[1] += caught
            row[2] += verdict.killed_by is not None
    return [Row(section, *row) for section, row in counts.items()]


def _sections(source: Source, name: str) -> list[tuple[str, tuple[Any, ...]]]:
    if source.module == "linear_classifiers":
        found = ASSIGNMENT_CHECKS.get(name)
        return [] if found is None else [(found[0], (found[1],))]
    return [
        (section, cells)
        for section, (names, cells) in COMPONENT_CHECKS.items()
        if COMPONENTS[names[0]].right.__module__ == source.module
        and name in source.reachable(set(names))
    ]


def measure() -> Figures:
    """All the figures."""
    started, table = time.process_time(), read_table()
    sys.path.insert(0, str(ASSIGNMENT / "solution"))
    source = Source("linear_classifiers")
    checks = assignment_suites(ASSIGNMENT)
    generic = list(reference_verdicts(table.left_out))
    own = assignment_verdicts(source, checks)
    same_generic = same_component_answers(table.left_out)
    same_own = same_answers_of_functions(source)

    def same(verdict: Verdict, rtol: float) -> bool:
        chosen = same_own if verdict.mutant.module == source.module else same_generic
        return chosen(verdict, rtol)

    return Figures(
        generic=generic,
        own=own,
        table=table,
        untrue=untrue_entries(table, [*generic, *own], same),
        false_alarms=false_alarms(checks, source.namespace),
        misconceptions=len(CATALOGUE),
        missed=missed_misconceptions(),
        notebooks=notebook_rows([*own, *generic], table, source),
        cpu_seconds=time.process_time() - started,
    )


def main() -> int:
    """Measure, print and judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the tables into the page")
    arguments = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))  # a mutant may ask for any memory
    figures = measure()
    print(tables(figures))
    print(f"survivors: {', '.join(figures.survivors) or 'none'}")
    print(f"CPU time: {figures.cpu_seconds:.0f} s")
    for problem in (*figures.untrue, *figures.missed, *figures.false_alarms):
        print(f"PROBLEM {problem}")
    if arguments.write:
        write_page(PAGE, figures)
    return 0 if figures.good(GOAL) else 1


if __name__ == "__main__":
    sys.exit(main())
