"""Computational graphs: other orders of the gates, other ways to add up at forks."""

from collections import Counter, defaultdict

import numpy as np

from right_versions.registry import right


class Graph:
    """Gates by name; subclasses say in which order they run and how gradients are added up."""

    def __init__(self, *, output):
        self.output = output
        self.gates, self.sources = {}, {}

    def add(self, name, gate, *inputs):
        self.gates[name], self.sources[name] = gate, inputs

    def order(self):
        """Kahn's algorithm: a gate runs when all that feeds it is there."""
        missing = {n: sum(s in self.gates for s in fed) for n, fed in self.sources.items()}
        ready, done = [n for n, count in missing.items() if count == 0], []
        while ready:
            name = ready.pop()
            done.append(name)
            for other, fed in self.sources.items():
                missing[other] -= fed.count(name)
                if name in fed and missing[other] == 0:
                    ready.append(other)
        return done

    def run(self, name):
        self.values[name] = self.gates[name].forward(*(self.values[s] for s in self.sources[name]))

    def forward(self, **inputs):
        self.values = {name: np.asarray(value, float) for name, value in inputs.items()}
        for name in self.order():
            self.run(name)
        return self.values[self.output]

    def backward(self):
        gradients = defaultdict(float, {self.output: np.ones(self.values[self.output].shape)})
        for name in reversed(self.order()):
            pieces = self.gates[name].backward(gradients[name])
            for source, piece in zip(self.sources[name], pieces, strict=True):
                gradients[source] = gradients[source] + piece
        return gradients


@right("ComputationalGraph")
class KahnGraph(Graph):
    """The order by counts of what is missing."""


@right("ComputationalGraph")
class RecursiveGraph(Graph):
    """Depth first, by recursion."""

    def order(self):
        done = []

        def visit(name):
            if name in self.gates and name not in done:
                for source in self.sources[name]:
                    visit(source)
                done.append(name)

        visit(self.output)
        return done


@right("ComputationalGraph")
class TapeGraph(Graph):
    """A gate runs as soon as its inputs are known, and is written on a tape."""

    def forward(self, **inputs):
        self.values, self.tape = {k: np.asarray(v, float) for k, v in inputs.items()}, []
        while self.output not in self.values:
            for name, fed in self.sources.items():
                if name not in self.values and all(s in self.values for s in fed):
                    self.run(name)
                    self.tape.append(name)
        return self.values[self.output]

    def order(self):
        return self.tape


@right("ComputationalGraph")
class LevelGraph(Graph):
    """By the length of the longest way from an input."""

    def level(self, name):
        return 1 + max(map(self.level, self.sources[name])) if name in self.gates else 0

    def order(self):
        return sorted(self.gates, key=self.level)


@right("ComputationalGraph")
class PullingGraph(Graph):
    """Each name asks those that it feeds for its gradient."""

    def backward(self):
        pieces = {}

        def gradient(name):
            if name == self.output:
                return np.ones(self.values[name].shape)
            total = 0.0
            for user, fed in self.sources.items():
                if name in fed and user not in pieces:
                    pieces[user] = self.gates[user].backward(gradient(user))
                for place, source in enumerate(fed):
                    if source == name:
                        total = total + pieces[user][place]
            return total

        return {name: gradient(name) for name in self.values}


@right("ComputationalGraph")
class PathGraph(Graph):
    """The sum over all paths from the output; a gate is asked once for each path."""

    def backward(self):
        gradients = Counter()

        def follow(name, gradient):
            gradients[name] = gradients[name] + gradient
            if name in self.gates:
                pieces = self.gates[name].backward(gradient)
                for source, piece in zip(self.sources[name], pieces, strict=True):
                    follow(source, piece)

        follow(self.output, np.ones(self.values[self.output].shape))
        return gradients
