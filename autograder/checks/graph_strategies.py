"""Strategies for computational graphs and for the states of optimizers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from autograder.checks.drawing import Drawn, FloatArray, Values, edge_case, sizes

Node = tuple[str, str, tuple[str, ...]]
"""A gate: the name of its value, its kind, what feeds it: `("q", "add", ("x", "y"))`."""


def _sigmoid(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x))


VALUES: Mapping[str, Callable[..., float]] = {
    "add": lambda x, y: x + y,
    "multiply": lambda x, y: x * y,
    "maximum": max,
    "sigmoid": _sigmoid,
    "square": lambda x: x * x,
}
"""What each kind of gate computes."""

SLOPES: Mapping[str, Callable[..., tuple[float, ...]]] = {
    "add": lambda x, y: (1.0, 1.0),
    "multiply": lambda x, y: (y, x),
    "maximum": lambda x, y: (1.0, 0.0) if x >= y else (0.0, 1.0),
    "sigmoid": lambda x: (_sigmoid(x) * (1.0 - _sigmoid(x)),),
    "square": lambda x: (2.0 * x,),
}
"""The local gradients of each kind of gate, one for each input."""

GATES = tuple(VALUES)
ARITY = {"add": 2, "multiply": 2, "maximum": 2, "sigmoid": 1, "square": 1}


@dataclass(frozen=True, eq=False, repr=False)
class Graph(Drawn):
    """Named gates in topological order, the values of the inputs; the last gate is the output."""

    nodes: tuple[Node, ...]
    inputs: Mapping[str, float]
    edge: str

    @property
    def values(self) -> dict[str, float]:
        """Every value, by name."""
        values = dict(self.inputs)
        for name, kind, sources in self.nodes:
            values[name] = VALUES[kind](*(values[source] for source in sources))
        return values

    @property
    def output(self) -> float:
        """The value of the last gate."""
        return self.values[self.nodes[-1][0]]

    @property
    def gradients(self) -> dict[str, float]:
        """D output / d input for every input, carried forward by the chain rule."""
        return {name: self._slope(name) for name in self.inputs}

    def _slope(self, variable: str) -> float:
        values = self.values
        slopes = {name: float(name == variable) for name in self.inputs}
        for name, kind, sources in self.nodes:
            local = SLOPES[kind](*(values[source] for source in sources))
            slopes[name] = sum(
                slope * slopes[source] for slope, source in zip(local, sources, strict=True)
            )
        return slopes[self.nodes[-1][0]]

    @property
    def tied(self) -> bool:
        """Whether a maximum has two equal inputs, where its gradient is a matter of convention."""
        values = self.values
        return any(
            kind == "maximum" and values[sources[0]] == values[sources[1]]
            for _, kind, sources in self.nodes
        )


GRAPH_EDGES = ("plain", "chain", "fork", "one gate", "zero", "equal values")
_GRAPH_TIES = {"equal values"}


@st.composite
def graphs(
    draw: st.DrawFn,
    *,
    max_inputs: int = 3,
    max_gates: int = 4,
    gates: Sequence[str] = GATES,
    ties: bool = True,
    edges: Sequence[str] | None = None,
) -> Graph:
    """A `Graph` in which every input and every gate feeds the output; inputs lie within [-3, 3].

    Edges: gates one after another, one input that feeds every gate, a single gate, an input that
    is 0, inputs that are all equal (ties of the maximum). With `ties=False` no maximum has equal
    inputs. `gates` are among `GATES`; one of two inputs must be there.
    """
    unknown = [kind for kind in gates if kind not in GATES]
    if unknown or not any(ARITY[kind] == 2 for kind in gates if kind in ARITY):
        raise ValueError(
            f"gates must be among {', '.join(GATES)} with one of two inputs, not {list(gates)}"
        )
    known = GRAPH_EDGES if ties else tuple(e for e in GRAPH_EDGES if e not in _GRAPH_TIES)
    edge = edge_case(draw, edges, known)
    count, steps = sizes(draw, (1, max_inputs), (1, max_gates))
    values = Values(draw)
    whole, rng = values.short, values.rng
    nodes = _wired(
        [f"x{at}" for at in range(count)], 1 if edge == "one gate" else steps, gates, edge, rng
    )
    numbers = rng.integers(-3, 4, size=count).astype(float)
    if edge == "zero":
        numbers[0] = 0.0
    elif edge == "equal values":
        numbers[:] = numbers[0]
    graph = Graph(nodes, _named(numbers), edge)
    if not whole or (graph.tied and not ties):
        fractions = rng.uniform(0.05, 0.45, size=count)
        graph = Graph(
            nodes,
            _named(np.where(numbers == 0.0, 0.0, numbers - np.sign(numbers) * fractions)),
            edge,
        )
    return Graph(nodes, _apart(graph), edge) if graph.tied and not ties else graph


def _named(numbers: FloatArray) -> dict[str, float]:
    return {f"x{at}": float(number) for at, number in enumerate(numbers)}


def _apart(graph: Graph) -> dict[str, float]:
    """Inputs at which no maximum has a tie but one between two ways to compute the same."""
    return {name: 0.37 + 0.59 * at for at, name in enumerate(graph.inputs)}


def _wired(
    names: list[str], steps: int, gates: Sequence[str], edge: str, rng: np.random.Generator
) -> tuple[Node, ...]:
    """Gates over these inputs, and additions at the end of what nothing has used yet."""
    nodes: list[Node] = []
    known, unused = list(names), list(names)
    for step in range(steps):
        kind = str(rng.choice(list(gates)))
        sources = _sources(kind, known, edge, rng)
        nodes.append((f"g{step}", kind, sources))
        known.append(f"g{step}")
        unused = [name for name in unused if name not in sources] + [f"g{step}"]
    joining = "add" if "add" in gates else next(kind for kind in gates if ARITY[kind] == 2)
    while len(unused) > 1:
        name = f"g{len(nodes)}"
        nodes.append((name, joining, (unused[0], unused[1])))
        unused = [*unused[2:], name]
    return tuple(nodes)


def _sources(kind: str, known: list[str], edge: str, rng: np.random.Generator) -> tuple[str, ...]:
    first = known[-1] if edge == "chain" else str(rng.choice(known))
    if ARITY[kind] == 1:
        return (first,)
    others = known
    if kind == "maximum":  # max(x, x) has a tie at every value of x
        others = [name for name in known if name != first] or known
    return first, known[0] if edge == "fork" and known[0] in others else str(rng.choice(others))


@dataclass(frozen=True, eq=False, repr=False)
class OptimizerRun(Drawn):
    """Parameters `x` (D,), the gradients (T, D) of T steps, and a learning rate."""

    x: FloatArray
    gradients: FloatArray
    learning_rate: float
    edge: str


OPTIMIZER_EDGES = (
    "plain",
    "constant gradient",
    "zero gradient",
    "one dead coordinate",
    "large gradients",
    "alternating signs",
)


@st.composite
def optimizer_runs(
    draw: st.DrawFn,
    *,
    max_parameters: int = 4,
    max_steps: int = 4,
    edges: Sequence[str] | None = None,
    learning_rates: Sequence[float] = (0.5, 0.125, 0.01),
) -> OptimizerRun:
    """An `OptimizerRun`; D and T may be 1, no gradient is below 1/2 but where the edge says 0.

    Edges: the same gradient in every step, gradients that are all 0, a coordinate whose gradient
    is always 0, gradients of some thousands, signs that alternate.
    """
    edge = edge_case(draw, edges, OPTIMIZER_EDGES)
    count, steps, rate = sizes(
        draw, (1, max_parameters), (1, max_steps), (0, len(learning_rates) - 1)
    )
    values = Values(draw)
    x, gradients = values.array(count), values.array(steps, count)
    # Near 0 an adaptive rule's eps would show, which is a matter of taste.
    gradients[np.abs(gradients) < 0.5] = 1.0
    if edge == "constant gradient":
        gradients[:] = gradients[0]
    elif edge == "zero gradient":
        gradients[:] = 0.0
    elif edge == "one dead coordinate":
        gradients[:, 0] = 0.0
    elif edge == "large gradients":
        gradients *= 1000.0
    elif edge == "alternating signs":
        gradients[:] = np.abs(gradients) * (-1.0) ** np.arange(steps)[:, None]
    return OptimizerRun(x, gradients, float(learning_rates[rate]), edge)
