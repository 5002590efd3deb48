"""An assignment's own checks, run in this process against a namespace of code.

The check functions are called as pytest would call them: every case, the fixtures `student`, `rng`
and `check_seed`, properties with the grader's settings and seeds. No wall, no report.
"""

from __future__ import annotations

import importlib.util
import inspect
import itertools
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from _pytest.mark.structures import ParameterSet

from autograder.assignment import load_assignment
from autograder.collection import derive_seed
from autograder.errors import FailureDetails, StudentFailure
from autograder.plugin import configure_hypothesis
from autograder.texts import plain
from mutants.judging import Suite
from mutants.local_student import LocalStudent

FIXTURES = ("student", "rng", "check_seed")


def assignment_suites(folder: Path) -> list[Suite]:
    """Each check of an assignment's folder, in the order of its files."""
    assignment = load_assignment(folder)
    configure_hypothesis()
    sys.path.insert(0, str(assignment.checks))
    found: list[Suite] = []
    for path in sorted(assignment.checks.glob("test_*.py")):
        module = _load(path)
        for name, function in vars(module).items():
            if name.startswith("test_") and _runs_here(function):
                found.extend(_cases(f"{path.name}::{name}", function, assignment.seed))
    return found


def _runs_here(function: Callable[..., Any]) -> bool:
    """Whether a check needs no more than the fixtures that are here; training has its own."""
    marks = [mark for mark in getattr(function, "pytestmark", []) if mark.name == "parametrize"]
    cases = {name for mark in marks for name in _keys(mark.args[0])}
    return set(inspect.signature(function).parameters) <= {*FIXTURES, *cases}


def _load(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(f"checks_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ValueError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _cases(name: str, function: Callable[..., Any], seed: int) -> Iterator[Suite]:
    marks = [mark for mark in getattr(function, "pytestmark", []) if mark.name == "parametrize"]
    choices = [[_named(mark.args[0], value) for value in mark.args[1]] for mark in marks]
    for chosen in itertools.product(*choices):
        arguments = {key: value for case in chosen for key, value in case.items()}
        case = "-".join(str(value) for value in arguments.values())
        check = f"{name}[{case}]" if case else name
        yield check, _suite(function, arguments, derive_seed(seed, check))


def _named(names: str | Sequence[str], value: Any) -> dict[str, Any]:
    keys = _keys(names)
    if isinstance(value, ParameterSet):
        return dict(zip(keys, value.values, strict=True))
    return dict(zip(keys, value if len(keys) > 1 else [value], strict=True))


def _keys(names: str | Sequence[str]) -> list[str]:
    return [each.strip() for each in (names.split(",") if isinstance(names, str) else names)]


def _suite(
    function: Callable[..., Any], arguments: Mapping[str, Any], seed: int
) -> Callable[[Mapping[str, Any]], None]:
    property_based = hasattr(function, "hypothesis")
    wanted = inspect.signature(function).parameters
    if property_based:
        function._hypothesis_internal_use_seed = seed  # type: ignore[attr-defined]

    def run(namespace: Mapping[str, Any]) -> None:
        random.seed(seed)
        np.random.seed(seed % 2**32)
        fixtures = {
            "student": LocalStudent(namespace),
            "rng": np.random.default_rng(seed),
            "check_seed": seed,
        }
        given = {name: value for name, value in fixtures.items() if name in wanted}
        try:
            function(**given, **arguments)
        except StudentFailure:
            raise
        except (AssertionError, TypeError, ValueError) as error:
            # what the grader calls failed: a bare assert, an answer of another number of parts
            raise StudentFailure(FailureDetails(plain(str(error)))) from None

    return run
