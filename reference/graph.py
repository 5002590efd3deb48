"""A computational graph: gates run in topological order, gradients summed at forks (s.97-128).

graph = ComputationalGraph(output="f")
graph.add("q", Add(), "x", "y")
graph.add("f", Multiply(), "q", "z")
graph.forward(x=-2, y=5, z=-4)        # -12
graph.backward()["x"]                 # -4
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import FloatArray, as_float_array, check_same_shape
from reference.gates import Add, Exp, Gate, Multiply, Reciprocal, Scale, Shift


@dataclass(frozen=True)
class Node:
    """A gate and the names of what feeds it, in the order of its `forward`'s arguments."""

    gate: Gate
    inputs: tuple[str, ...]


class ComputationalGraph:
    """Named gates; names that no gate computes are the inputs of the graph."""

    def __init__(self, *, output: str) -> None:
        self.output = output
        self._nodes: dict[str, Node] = {}
        self._gates: set[int] = set()
        self._values: dict[str, FloatArray] = {}

    def add(self, name: str, gate: Gate, *inputs: str) -> None:
        """Compute `name` from `inputs` by `gate`; the order of the calls does not matter.

        Raises ValueError: a name computed twice, a gate object used twice, no inputs.
        """
        if name in self._nodes:
            raise ValueError(f"a name is computed once, got {name!r} again: choose another name")
        if id(gate) in self._gates:
            raise ValueError(
                f"each node needs a gate of its own, got one gate again for {name!r}: "
                f"it remembers one forward pass only, make another {type(gate).__name__}()"
            )
        if not inputs:
            raise ValueError(f"a gate needs inputs, got none for {name!r}: name them")
        self._nodes[name] = Node(gate, inputs)
        self._gates.add(id(gate))

    @property
    def values(self) -> Mapping[str, FloatArray]:
        """Every value of the last forward pass, by name."""
        return MappingProxyType(self._values)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names that no gate computes, sorted."""
        fed = {name for node in self._nodes.values() for name in node.inputs}
        return tuple(sorted(fed - self._nodes.keys()))

    def topological_order(self) -> tuple[str, ...]:
        """Return the computed names so that each stands after everything that feeds it.

        Depth-first from the output: what the output does not depend on is left out.
        Raises ValueError: an output that no gate computes, a cycle.
        """
        if self.output not in self._nodes:
            raise ValueError(f"the output must be computed by a gate, got {self.output!r}: add one")
        order: list[str] = []
        done: set[str] = set()
        path: dict[str, None] = {}  # an ordered set: the names between the output and here
        stack = [(self.output, False)]
        while stack:
            name, fed = stack.pop()
            if fed:
                del path[name]
                done.add(name)
                order.append(name)
            elif name in path:
                loop = " -> ".join([*path, name])
                raise ValueError(f"a graph must have no cycle, got {loop}: remove one edge")
            elif name in self._nodes and name not in done:
                path[name] = None
                stack.append((name, True))
                stack.extend((source, False) for source in reversed(self._nodes[name].inputs))
        return tuple(order)

    def forward(self, **inputs: ArrayLike) -> FloatArray:
        """Run the gates in topological order and return the output's value.

        Raises ValueError: an input that is missing or unknown, NaN or infinity in one, a cycle.
        """
        order = self.topological_order()
        needed = {name for step in order for name in self._nodes[step].inputs} - set(order)
        if inputs.keys() != needed:
            raise ValueError(
                f"forward needs the inputs {sorted(needed)}, got {sorted(inputs)}: "
                "pass each by its name"
            )
        values = {name: as_float_array(value, name) for name, value in inputs.items()}
        for name in order:
            node = self._nodes[name]
            values[name] = np.asarray(node.gate.forward(*(values[i] for i in node.inputs)))
        self._values = values
        return values[self.output]

    def backward(self, upstream: ArrayLike | None = None) -> dict[str, FloatArray]:
        """Run the gates in reverse and return d output / d name for every name, inputs included.

        `upstream` is the gradient of a later loss with respect to the output; without it the
        output must be one number, whose gradient is 1. Where a value feeds several gates, the
        gradients that come back are summed (s.124).
        Raises ValueError: no forward pass before, an upstream of another shape.
        """
        if not self._values:
            raise ValueError("forward must run before backward, got no values: call forward")
        output = self._values[self.output]
        if upstream is None and output.size != 1:
            raise ValueError(
                f"backward needs upstream for an output of shape {output.shape}, got none: "
                "pass a gradient of that shape"
            )
        start = np.ones_like(output) if upstream is None else as_float_array(upstream, "upstream")
        check_same_shape(start, "upstream", output.shape, "the output")
        gradients = {self.output: start}
        for name in reversed(self.topological_order()):
            node = self._nodes[name]
            for source, gradient in zip(
                node.inputs, node.gate.backward(gradients[name]), strict=True
            ):
                # Summed into a new array: a distributor hands the same one to both its inputs.
                gradients[source] = (
                    gradients[source] + gradient if source in gradients else np.asarray(gradient)
                )
        return gradients


def product_of_sum() -> ComputationalGraph:
    """Return f = (x + y) z with q = x + y; at (-2, 5, -4) f is -12 (s.97-103)."""
    graph = ComputationalGraph(output="f")
    graph.add("q", Add(), "x", "y")
    graph.add("f", Multiply(), "q", "z")
    return graph


def sigmoid_neuron() -> ComputationalGraph:
    """Return f = 1 / (1 + exp(-(w0 x0 + w1 x1 + w2))), gate by gate (s.104-118)."""
    graph = ComputationalGraph(output="f")
    graph.add("w0x0", Multiply(), "w0", "x0")
    graph.add("w1x1", Multiply(), "w1", "x1")
    graph.add("products", Add(), "w0x0", "w1x1")
    graph.add("sum", Add(), "products", "w2")
    graph.add("negative", Scale(-1), "sum")
    graph.add("exponential", Exp(), "negative")
    graph.add("denominator", Shift(1), "exponential")
    graph.add("f", Reciprocal(), "denominator")
    return graph
