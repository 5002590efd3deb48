"""The checks of one component of the course, as an assignment's author would put them together.

Values against the reference on drawn inputs, without change of the arguments; for layers and
losses the gradient check. All by what `autograder.checks` offers.
"""

from __future__ import annotations

import copy
import inspect
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.checks import check_backward, check_loss_gradient
from autograder.checks.against_reference import as_plain, check_against_reference
from autograder.checks.calls import Call
from autograder.errors import StudentFailure
from mutants.local_student import LocalStudent, raised
from reference.inputs import edges, inputs
from reference.misconceptions import COMPONENTS, Component
from reference.misconceptions.catalogue import Call as MadeCall
from reference.misconceptions.catalogue import call

SEEDS = 3
"""How many times a component's inputs are drawn."""

LOSSES = frozenset(
    "hinge svm_loss softmax_cross_entropy softmax_loss l2 half_l2 l1 elastic_net".split()
)


class NamingStudent(LocalStudent):
    """Answers with gradients by their names, as a dict."""

    def run(self, name: str, function: Any, arguments: Any, keywords: Any) -> Any:
        """One call."""
        return by_name(super().run(name, function, arguments, keywords))


def by_name(answer: Any) -> Any:
    """Gradients in a named tuple as a dict."""
    return answer._asdict() if type(answer).__name__.endswith("Gradients") else answer


def check_values(
    student: LocalStudent, component: Component, seed: int, largest: float = math.inf
) -> None:
    """The component's answers to its probe, drawn from `seed`, with numbers up to `largest`."""
    drawn = drawn_for(component.id, np.random.default_rng(seed), largest)
    calls = [Call(component.id, made.args, made.kwargs) for made in drawn]

    def observe(make: Callable[..., Any], asked: Call) -> object:
        made = replace(drawn[0], args=tuple(asked.arguments), kwargs=dict(asked.keywords))
        if make is component.right:
            return as_plain(component.observe(make, made))
        if inspect.isclass(component.right):  # looked at from inside, which needs no wall here
            make = student.namespace[component.id]
        try:
            return as_plain(component.observe(make, made))
        except StudentFailure:
            raise
        except Exception as error:
            raise raised(error) from None

    check_against_reference(student, calls, component.right, observe=observe, unchanged=True)


def drawn_for(name: str, rng: np.random.Generator, largest: float) -> list[MadeCall]:
    """The drawn calls of a component, or the edges of a forward pass, up to a size."""
    made = inputs(name, rng) if name in COMPONENTS else edges(name, rng)
    return [each for each in made if size_of((each.args, each.kwargs)) <= largest]


def size_of(value: Any) -> float:
    """The largest number in the arrays of a call."""
    if isinstance(value, np.ndarray):
        return float(np.max(np.abs(value), initial=0.0)) if value.dtype.kind in "fiu" else 0.0
    inside = value.values() if isinstance(value, Mapping) else value
    inside = inside if isinstance(value, Mapping | tuple | list) else ()
    return max(map(size_of, inside), default=0.0)


def check_gradients(
    student: NamingStudent, component: Component, seed: int, largest: float = math.inf
) -> None:
    """The component's gradient check, where it has one."""
    rng = np.random.default_rng(seed)
    if component.id in LOSSES:
        for made in drawn_for(component.id, rng, largest):
            check_loss_gradient(
                student, component.id, *made.args, keywords=made.kwargs, rng=rng,
                reference=component.right,
            )  # fmt: skip
        return
    pair = pair_of(component.id, vars(inspect.getmodule(component.right)))
    if pair is None:
        return
    for made in _layer_calls(pair[0], rng, largest):
        _check_layer(student, pair, made, rng, vars(inspect.getmodule(component.right)))


def pair_of(name: str, namespace: Mapping[str, Any]) -> tuple[str, str] | None:
    """The forward and the backward function that belong together."""
    stem = name.removesuffix("_forward").removesuffix("_backward")
    stem = "dropout" if name == "dropout_backward" else stem
    forward, backward = f"{stem}_forward", f"{stem}_backward"
    if stem in ("inverted_dropout", "vanilla_dropout"):
        backward = "dropout_backward"
    if stem == "dropout":
        forward = "inverted_dropout_forward"
    return (forward, backward) if {forward, backward} <= set(namespace) else None


def _layer_calls(forward: str, rng: np.random.Generator, largest: float) -> Iterator[Call]:
    for made in drawn_for(forward, rng, largest) or [call(rng.normal(size=(4, 3)))]:
        yield copy.deepcopy(Call(forward, made.args, made.kwargs))


def _check_layer(
    student: NamingStudent,
    pair: tuple[str, str],
    made: Call,
    rng: np.random.Generator,
    namespace: Mapping[str, Any],
) -> None:
    forward, backward = namespace[pair[0]], namespace[pair[1]]
    names = list(inspect.signature(forward).parameters)
    given = copy.deepcopy(dict(zip(names, made.arguments, strict=False)))
    keywords = dict(made.keywords)
    try:
        output, cache = forward(*given.values(), **copy.deepcopy(keywords))
    except ValueError:  # a call that is refused
        return
    gradients = by_name(backward(np.ones_like(output), cache))
    wrt = [
        name for name in names if isinstance(gradients, dict) and gradients.get(name) is not None
    ]
    wrt = [name for name in wrt if name in given] or [names[0]]
    inputs = {name: given[name] for name in given if name in wrt}
    extra = [value for name, value in given.items() if name not in wrt]
    check_backward(
        student, *pair, inputs, extra=extra, keywords=keywords, rng=rng,
        reference=(
            lambda *a, **k: forward(*copy.deepcopy(a), **copy.deepcopy(k)),
            lambda upstream, cache: by_name(backward(upstream, cache)),
        ),
    )  # fmt: skip


def check_component(namespace: Mapping[str, Any], component: Component) -> None:
    """Everything; raises at the first that fails."""
    for seed in range(SEEDS):
        check_values(LocalStudent(namespace), component, seed)
    for seed in range(SEEDS):
        check_gradients(NamingStudent(namespace), component, seed)
