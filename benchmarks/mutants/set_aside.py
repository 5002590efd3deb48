"""The written table of mutants that count for nothing, and whether it is true."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mutants.definitions import Source
from mutants.judging import Verdict, by_module
from mutants.local_student import time_limit
from reference.inputs import inputs
from reference.misconceptions import Component, agree, answers
from reference.misconceptions.catalogue import Call, call

TABLE = Path(__file__).with_name("set_aside.toml")
INPUTS = 200


@dataclass(frozen=True)
class SetAside:
    """The table."""

    left_out: frozenset[str]
    reasons: Mapping[str, str]
    """The reason for each equivalent mutant."""
    tolerances: Mapping[str, float]


def read_table(path: Path = TABLE) -> SetAside:
    """Read the table; raises ValueError where a mutant stands in it twice."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    reasons: dict[str, str] = {}
    tolerances: dict[str, float] = {}
    for group in document["equivalent"]:
        for mutant in group["mutants"]:
            if mutant in reasons:
                raise ValueError(f"each mutant must stand in the table once, not {mutant} twice")
            reasons[mutant] = group["reason"]
            tolerances[mutant] = group.get("rtol", 1e-9)
    return SetAside(frozenset(document["left_out"]), reasons, tolerances)


def untrue_entries(
    table: SetAside,
    verdicts: Iterable[Verdict],
    same_answers: Callable[[Verdict, float], bool],
) -> list[str]:
    """What is wrong with the table: a mutant that is none, was caught, or answers otherwise."""
    by_id = {verdict.mutant.id: verdict for verdict in verdicts}
    problems = []
    for mutant in table.reasons:
        verdict = by_id.get(mutant)
        if verdict is None:
            problems.append(f"{mutant}: there is no such mutant")
        elif verdict.killed_by is not None:
            problems.append(f"{mutant}: it is not equivalent, {verdict.killed_by} caught it")
        elif not same_answers(verdict, table.tolerances[mutant]):
            problems.append(f"{mutant}: it answers otherwise than the original")
    return problems


def same_component_answers(
    left_out: frozenset[str],
) -> Callable[[Verdict, float], bool]:
    """Compare a mutant of the reference with the original on 200 calls of each component."""
    modules = by_module(left_out)

    def same(verdict: Verdict, rtol: float) -> bool:
        mutant = verdict.mutant
        source = Source(mutant.module)
        namespace, affected = source.namespace_of(mutant), source.affected(mutant.name)
        components = [each for each in modules[mutant.module] if each.id in affected]
        return all(_same(component, namespace, rtol) for component in components)

    return same


def _same(component: Component, namespace: Mapping[str, Any], rtol: float) -> bool:
    done, seed = 0, 1000
    while done < INPUTS:
        calls = inputs(component.id, np.random.default_rng(seed))
        with time_limit(10.0):
            own = answers(component, namespace[component.id], calls)
            if not agree(own, answers(component, component.right, calls), rtol=rtol):
                return False
        done, seed = done + len(calls), seed + 1
    return True


def same_answers_of_functions(source: Source) -> Callable[[Verdict, float], bool]:
    """Compare a mutant of an assignment's solution with the original on 200 drawn calls."""

    def same(verdict: Verdict, rtol: float) -> bool:
        name = verdict.mutant.name
        own, right = source.namespace_of(verdict.mutant)[name], source.namespace[name]
        component = Component(name, right, lambda rng: [])
        calls = [_drawn_call(name, np.random.default_rng(seed)) for seed in range(INPUTS)]
        mutated = answers(component, own, calls)
        return agree(mutated, answers(component, right, calls), rtol=rtol)

    return same


def _drawn_call(name: str, rng: np.random.Generator) -> Call:
    """Arguments for a function of `linear_classifiers`, whose names are all like these."""
    samples, features, classes = (int(size) for size in rng.integers(2, 7, 3))
    X, other = rng.normal(size=(samples, features)), rng.normal(size=(classes, features))
    if "distances" in name:
        return call(X.astype(np.uint8) if rng.random() < 0.3 else X, other)
    if name == "predict_labels":
        ties = rng.integers(0, 4, (samples, 30)).astype(float)
        return call(ties, rng.integers(0, classes, 30), int(rng.integers(1, 9)))
    if "loss" in name:
        W, labels = rng.normal(size=(features, classes)), rng.integers(0, classes, samples)
        return call(W, (50 * X).astype(np.uint8) if rng.random() < 0.3 else X, labels, 0.1)
    if name == "k_fold_indices":
        return call(int(rng.integers(5, 25)), int(rng.integers(2, 6)))
    if name == "cross_validate_k":
        points = rng.normal(size=(4 * samples, features))
        return call(points, rng.integers(0, 2, len(points)), [5, 1, 3], int(rng.integers(2, 4)))
    if name == "best_choice":
        shares = rng.integers(0, 3, (3, 2)) / 2
        return call(dict(zip(rng.permutation(9)[:3].tolist(), shares.tolist(), strict=True)))
    if name == "search_settings":
        return call(_search_data(rng), [1.0, 0.25, 0.5], [0.5, 0.0, 1.0], _train_threshold)
    raise ValueError(f"there are no inputs for {name}: add them here")


def _search_data(rng: np.random.Generator) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for part in ("train", "val", "test"):
        data[f"X_{part}"] = rng.integers(0, 17, (8, 1)) / 4
        data[f"y_{part}"] = rng.integers(0, 2, 8)
    return data


def _train_threshold(X: Any, y: Any, learning_rate: float, reg: float) -> Callable[[Any], Any]:
    threshold = learning_rate * X.mean() + reg
    return lambda rows: (rows[:, 0] > threshold).astype(int)
