"""Wrong backward passes through a computational graph."""

from typing import Any

import numpy as np

from reference import gates
from reference.graph import ComputationalGraph
from reference.misconceptions.catalogue import Call, Component, call


def _forked(rng: np.random.Generator) -> list[Call]:
    x, y = rng.uniform(1, 3, 2)
    return [call(x=float(x), y=float(y))]


def _run_graph(kind: Any, made: Call) -> Any:
    """Run f = (x y + x) y twice, whose x and y both fork, and return the second gradients."""
    graph = kind(output="f")
    graph.add("p", gates.Multiply(), "x", "y")
    graph.add("q", gates.Add(), "p", "x")
    graph.add("f", gates.Multiply(), "q", "y")
    for _ in range(2):
        value = graph.forward(**made.kwargs)
        gradients = graph.backward()
    return value, gradients["x"], gradients["y"]


GRAPH = Component("ComputationalGraph", ComputationalGraph, _forked, _run_graph)


@GRAPH.wrong(
    "fork_overwritten",
    "D21, s.124",
    "At a fork the last gradient overwrites the others",
    "A value that feeds several gates gets the sum: `gradients[name] += gradient`.",
    "در دوشاخه آخرین گرادیان بقیه را بازنویسی کرده است",
    "مقداری که به چند گیت می‌رود جمع گرادیان‌ها را می‌گیرد: `gradients[name] += gradient`.",
)
class _ForkOverwritten(ComputationalGraph):
    def backward(self, upstream: Any = None) -> Any:
        gradients = {self.output: np.ones(()) if upstream is None else upstream}
        for name in reversed(self.topological_order()):
            node = self._nodes[name]
            gradients.update(zip(node.inputs, node.gate.backward(gradients[name]), strict=True))
        return gradients


@GRAPH.wrong(
    "fork_first_alone",
    "D21, s.124",
    "At a fork only the first gradient is kept",
    "A value that feeds several gates gets the sum: `gradients[name] += gradient`.",
    "در دوشاخه فقط نخستین گرادیان نگه داشته شده است",
    "مقداری که به چند گیت می‌رود جمع گرادیان‌ها را می‌گیرد: `gradients[name] += gradient`.",
)
class _ForkFirstAlone(ComputationalGraph):
    def backward(self, upstream: Any = None) -> Any:
        gradients = {self.output: np.ones(()) if upstream is None else upstream}
        for name in reversed(self.topological_order()):
            node = self._nodes[name]
            for source, gradient in zip(
                node.inputs, node.gate.backward(gradients[name]), strict=True
            ):
                gradients.setdefault(source, gradient)
        return gradients


@GRAPH.wrong(
    "not_reset",
    "D21",
    "The gradients of the last backward pass are added to",
    "Summing is right at forks within one pass; every new pass starts at 0.",
    "گرادیان‌ها روی گرادیان‌های دور پیش انباشته شده‌اند",
    "جمع زدن در دوشاخه‌های یک دور درست است؛ هر دور تازه از 0 آغاز می‌شود.",
)
class _NotReset(ComputationalGraph):
    def backward(self, upstream: Any = None) -> Any:
        gradients = super().backward(upstream)
        before = getattr(self, "before", {})
        self.before = {name: each + before.get(name, 0) for name, each in gradients.items()}
        return self.before


GRAPHS = (GRAPH,)
