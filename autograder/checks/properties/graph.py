"""Properties of backpropagation through a computational graph (s.97-126).

`run(nodes, inputs)` builds the graph of `nodes`, such as `("q", "add", ("x", "y"))`, of which the
last is the output, and returns its value and the gradient of every input by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.checks.answers import entries
from autograder.checks.compare import check_value
from autograder.checks.properties.own import own, own_parts
from autograder.checks.properties.registry import Cases, Function, course_property
from autograder.checks.strategies import Graph, graphs
from autograder.checks.topic import topic
from autograder.texts import text

__all__ = [
    "a_fork_adds_its_gradients",
    "a_further_input_gets_gradient_1",
    "a_graph_can_be_run_again",
    "a_square_is_a_product_with_itself",
    "graph_gradients_follow_the_chain_rule",
    "graph_value_is_that_of_its_formula",
    "the_order_of_an_addition_is_free",
]

RUN = "run(nodes, inputs) -> (value, gradients by name)"
VALUE = "the output"
GRADIENTS = "the gradients"
Nodes = tuple[Any, ...]
Inputs = Mapping[str, float]


def _graphs() -> Cases:
    return graphs(ties=False).map(lambda graph: (graph.nodes, dict(graph.inputs)))


def _run(run: Function, nodes: Nodes, inputs: Inputs) -> tuple[float, dict[str, float]]:
    value, gradients = own_parts(run(nodes, dict(inputs)), (VALUE, GRADIENTS))
    by_name = entries(gradients, list(inputs), topic(GRADIENTS))
    found = {name: float(own(by_name[name], (), what=GRADIENTS)) for name in inputs}
    return float(own(value, (), what=VALUE)), found


def _same(got: Mapping[str, float], expected: Mapping[str, float]) -> None:
    for name, value in expected.items():
        gradient = text("the gradient of {name}", name=f"`{name}`")
        check_value(got[name], value, what=gradient)


@course_property(needs=RUN, cases=_graphs, relates=False)
def graph_value_is_that_of_its_formula(run: Function, nodes: Nodes, inputs: Inputs) -> None:
    """The forward pass gives the value of the graph's formula."""
    value, _ = _run(run, nodes, inputs)
    check_value(value, Graph(nodes, inputs, "").output, what=VALUE)


@course_property(needs=RUN, cases=_graphs, relates=False)
def graph_gradients_follow_the_chain_rule(run: Function, nodes: Nodes, inputs: Inputs) -> None:
    """The backward pass gives every input the gradient of the chain rule, summed at forks."""
    _, gradients = _run(run, nodes, inputs)
    _same(gradients, Graph(nodes, inputs, "").gradients)


@course_property(needs=RUN, cases=_graphs)
def a_fork_adds_its_gradients(run: Function, nodes: Nodes, inputs: Inputs) -> None:
    """A graph whose output is added to itself has twice the value and twice the gradients."""
    value, gradients = _run(run, nodes, inputs)
    last = nodes[-1][0]
    got, doubled = _run(run, (*nodes, ("twice", "add", (last, last))), inputs)
    check_value(got, 2 * value, what=VALUE)
    _same(doubled, {name: 2 * each for name, each in gradients.items()})


@course_property(needs=RUN, cases=_graphs)
def a_square_is_a_product_with_itself(run: Function, nodes: Nodes, inputs: Inputs) -> None:
    """A graph whose output is multiplied by itself has the gradients of its square."""
    value, gradients = _run(run, nodes, inputs)
    last = nodes[-1][0]
    got, squared = _run(run, (*nodes, ("square", "multiply", (last, last))), inputs)
    check_value(got, value**2, what=VALUE)
    _same(squared, {name: 2 * value * each for name, each in gradients.items()})


@course_property(needs=RUN, cases=_graphs)
def a_graph_can_be_run_again(run: Function, nodes: Nodes, inputs: Inputs) -> None:
    """A second run with the same inputs gives the same value and gradients as the first."""
    first = _run(run, nodes, inputs)
    second = _run(run, nodes, inputs)
    check_value(second[0], first[0], what=VALUE)
    _same(second[1], first[1])


@course_property(needs=RUN, cases=_graphs)
def the_order_of_an_addition_is_free(run: Function, nodes: Nodes, inputs: Inputs) -> None:
    """Swapping the inputs of every add and multiply gate changes nothing."""
    value, gradients = _run(run, nodes, inputs)
    swapped = tuple(
        (name, kind, tuple(reversed(sources)) if kind in ("add", "multiply") else sources)
        for name, kind, sources in nodes
    )
    got, other = _run(run, swapped, inputs)
    check_value(got, value, what=VALUE)
    _same(other, gradients)


@course_property(needs=RUN, cases=_graphs)
def a_further_input_gets_gradient_1(run: Function, nodes: Nodes, inputs: Inputs) -> None:
    """A new input that is added to the output has gradient 1 and changes no other gradient."""
    value, gradients = _run(run, nodes, inputs)
    more = (*nodes, ("sum", "add", (nodes[-1][0], "bias")))
    got, other = _run(run, more, {**inputs, "bias": 2.0})
    check_value(got, value + 2, what=VALUE)
    _same(other, {**gradients, "bias": 1.0})
