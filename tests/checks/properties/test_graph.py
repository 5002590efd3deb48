import pytest

from reference import gates
from reference.graph import ComputationalGraph

DTYPES = ("float64",)
KINDS = {
    "add": gates.Add,
    "multiply": gates.Multiply,
    "maximum": gates.Maximum,
    "sigmoid": gates.Sigmoid,
    "square": gates.Square,
}


def runner(graph_class):
    made = {}

    def run(nodes, inputs):
        key = repr(nodes)
        if key not in made:
            made[key] = graph_class(output=nodes[-1][0])
            for name, kind, sources in nodes:
                made[key].add(name, KINDS[kind](), *sources)
        graph = made[key]
        value = graph.forward(**inputs)
        gradients = graph.backward()
        return value, {name: gradients[name] for name in inputs}

    return (run,)


class WithoutTheLastGate(ComputationalGraph):
    # The forward pass stops before the last gate.

    def forward(self, **inputs):
        super().forward(**inputs)
        return self.values[self._nodes[self.output].inputs[0]]


TABLE = {
    "graph_value_is_that_of_its_formula": ("ComputationalGraph", runner, WithoutTheLastGate),
    "graph_gradients_follow_the_chain_rule": (
        "ComputationalGraph",
        runner,
        "fork_overwritten",
        "fork_first_alone",
    ),
    "a_fork_adds_its_gradients": (
        "ComputationalGraph",
        runner,
        "fork_overwritten",
        "fork_first_alone",
    ),
    "a_square_is_a_product_with_itself": (
        "ComputationalGraph",
        runner,
        "fork_overwritten",
        "fork_first_alone",
    ),
    "a_graph_can_be_run_again": ("ComputationalGraph", runner, "not_reset"),
    "the_order_of_an_addition_is_free": (
        "ComputationalGraph",
        runner,
        "fork_overwritten",
        "fork_first_alone",
    ),
    "a_further_input_gets_gradient_1": ("ComputationalGraph", runner, "not_reset"),
}


def test_the_right_version_satisfies_it(law, dtype, accepts):
    accepts(law, dtype)


@pytest.mark.slow
def test_the_right_version_satisfies_it_on_many_examples(law, dtype, accepts):
    accepts(law, dtype, examples=150)


@pytest.mark.slow
def test_another_style_satisfies_it(law, style, accepts):
    accepts(law, "float64", examples=30, style=style)


def test_wrong_versions_break_it(law, rejects):
    rejects(law)
