"""Running the checks of components on mutants, in this process, up to the first failure."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.errors import StudentFailure
from mutants.component_suites import check_component
from mutants.definitions import Source
from mutants.local_student import TookTooLong, time_limit
from mutants.mutations import Mutant
from reference.misconceptions import COMPONENTS, Component

SECONDS = 3.0
"""CPU time that the checks of one component may take on a mutant."""


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant."""

    mutant: Mutant
    killed_by: str | None
    """What failed: the component or the check; None for a mutant that passed everything."""
    how: str
    """`wrong answer`, `raised`, `too slow` or `passed`."""


Suite = tuple[str, Callable[[Mapping[str, Any]], None]]
"""A name, and checks that raise where a namespace's code is wrong."""


def judged(mutant: Mutant, namespace: Mapping[str, Any], suites: Iterable[Suite]) -> Verdict:
    """Run one suite after the other until one fails.

    What is no failure of the code under test, such as a check that breaks, is raised.
    """
    for name, suite in suites:
        how = outcome(namespace, suite)
        if how != "passed":
            return Verdict(mutant, name, how)
    return Verdict(mutant, None, "passed")


def outcome(namespace: Mapping[str, Any], suite: Callable[[Mapping[str, Any]], None]) -> str:
    """What a suite says about the code in a namespace."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            with time_limit(SECONDS):
                suite(namespace)
        except TookTooLong:
            return "too slow"
        except StudentFailure as failure:
            return "raised" if type(failure).__name__ == "StudentError" else "wrong answer"
    return "passed"


def component_suites(components: Iterable[Component]) -> list[Suite]:
    """The generic checks of some components."""

    def suite(component: Component) -> Suite:
        return component.id, lambda namespace: check_component(namespace, component)

    return [suite(component) for component in components]


def by_module(left_out: frozenset[str]) -> dict[str, list[Component]]:
    """The components of each module of the reference but those left out."""
    modules: dict[str, list[Component]] = {}
    for component in COMPONENTS.values():
        module = component.right.__module__
        if module not in left_out:
            modules.setdefault(module, []).append(component)
    return modules


def reference_verdicts(left_out: frozenset[str]) -> Iterator[Verdict]:
    """Judge every mutant of what the components are made of."""
    for module, components in by_module(left_out).items():
        source = Source(module)
        for mutant in source.mutants({each.id for each in components}, left_out):
            affected = source.affected(mutant.name)
            suites = component_suites(each for each in components if each.id in affected)
            yield judged(mutant, source.namespace_of(mutant), suites)
