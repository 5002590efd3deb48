"""Checks of the topological order and of backpropagation through a graph (slides s.97-126)."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import check_value
from autograder.checks.answers import entries
from autograder.checks.answers import parts as parts_of
from autograder.checks.properties import (
    a_fork_adds_its_gradients,
    a_further_input_gets_gradient_1,
    a_graph_can_be_run_again,
    graph_gradients_follow_the_chain_rule,
    graph_value_is_that_of_its_formula,
)
from autograder.checks.strategies import graphs
from autograder.checks.topic import topic
from autograder.errors import CheckFailure, FailureDetails, StudentError
from autograder.texts import plain

VALUE = {"en": "the output", "fa": "خروجی"}
GRADIENTS = {"en": "the gradients", "fa": "گرادیان‌ها"}
BOTH = {"en": "the value and the gradients", "fa": "مقدار و گرادیان‌ها"}
ORDER = {"en": "the order", "fa": "ترتیب"}

KINDS = ("add", "multiply", "maximum", "sigmoid")
GRAPHS = graphs(gates=KINDS, ties=False)

SLIDE = [("f", "multiply", ("q", "z")), ("q", "add", ("x", "y"))]


def check_order(student, nodes):
    """Every node stands in the order once, after all that feed it."""
    order = student.topological_order(list(nodes))
    names = {name for name, _, _ in nodes}
    if not isinstance(order, (list, tuple)):
        raise topic(ORDER).failure(
            {
                "en": "The answer must be a list with the names of the nodes in their order.",
                "fa": "پاسخ باید فهرستی از نام گره‌ها به ترتیب محاسبه باشد.",
            },
            got=str(order)[:300],
        )
    if sorted(map(str, order)) != sorted(names):
        raise CheckFailure(
            FailureDetails(
                {
                    "en": "The order must hold the name of every node once, and nothing else.",
                    "fa": "ترتیب باید نام هر گره را یک بار در بر داشته باشد و نه چیز دیگر.",
                },
                expected=f"{sorted(names)}, ordered",
                got=str(list(order))[:300],
            )
        )
    place = {name: at for at, name in enumerate(order)}
    for name, _, sources in nodes:
        for source in sources:
            if source in place and place[source] > place[name]:
                raise CheckFailure(
                    FailureDetails(
                        {
                            "en": f"`{name}` stands before `{source}`, which feeds it.",
                            "fa": f"`{name}` پیش از `{source}` آمده است که ورودی آن است.",
                        },
                        got=str(list(order))[:300],
                    )
                )


@pytest.mark.points(3, question="order")
def test_order_of_the_slides_graph(student):
    """In f = (x + y) z, q = x + y comes before f, in whichever order they are given.

    fa: در f = (x + y) z، گره q = x + y پیش از f می‌آید، به هر ترتیبی که داده شوند.
    """
    check_order(student, SLIDE)
    check_order(student, SLIDE[::-1])


@pytest.mark.points(4, question="order", requires=["test_order_of_the_slides_graph"])
@settings(max_examples=15)
@given(graph=graphs(gates=KINDS, max_gates=8), seed=st.integers(0, 99))
def test_order_of_any_graph(student, graph, seed):
    """Every node stands after all that feed it.

    fa: هر گره پس از همهٔ گره‌هایی می‌آید که به آن می‌رسند.
    hint: Visit a node's inputs before you put it into the list, and put it in once.
    hint-fa: پیش از آن که گره را در فهرست بگذارید به ورودی‌هایش سر بزنید، و آن را یک بار بگذارید.
    """
    nodes = list(graph.nodes)
    random.Random(seed).shuffle(nodes)  # noqa: S311 - an order to try
    check_order(student, nodes)


@pytest.mark.points(
    3,
    question="order",
    visibility="after_due_date",
    requires=["test_order_of_the_slides_graph"],
)
def test_a_cycle_is_refused(student):
    """A cycle raises ValueError.

    fa: حلقه `ValueError` می‌دهد.
    """
    for nodes in (
        [("a", "add", ("b", "x")), ("b", "add", ("a", "x"))],
        [("x2", "add", ("x", "x")), ("a", "multiply", ("a", "x2"))],
    ):
        try:
            answer = student.topological_order(nodes)
        except StudentError as error:
            if error.kind != "ValueError":
                raise
        else:
            raise CheckFailure(
                FailureDetails(
                    {
                        "en": "A graph with a cycle has no order: raise `ValueError`.",
                        "fa": "گراف حلقه‌دار ترتیبی ندارد: `ValueError` بدهید.",
                    },
                    got=str(answer)[:300],
                )
            )


def run_of(student):
    """`run(nodes, inputs)` of the ready properties: the last node is the output."""

    def run(nodes, inputs):
        given = list(nodes)
        random.Random(len(given)).shuffle(given)  # noqa: S311 - an order to try
        return student.run_graph(given, dict(inputs), nodes[-1][0])

    return run


def check_run(student, nodes, inputs, output, value, gradients):
    got_value, got_gradients = parts_of(student.run_graph(nodes, inputs, output), 2, topic(BOTH))
    check_value(got_value, value, what=VALUE)
    by_name = entries(got_gradients, list(gradients), topic(GRADIENTS))
    for name, expected in gradients.items():
        what = {"en": f"the gradient of `{name}`", "fa": f"گرادیان `{name}`"}
        check_value(by_name[name], expected, what=what)


@pytest.mark.points(3, question="graphs")
def test_the_slides_graph(student):
    """f = (x + y) z at (-2, 5, -4): f = -12, df/dx = -4, df/dy = -4, df/dz = 3.

    fa: f = (x + y) z در (-2, 5, -4): f = -12، df/dx = -4، df/dy = -4، df/dz = 3.
    hint: df/dz is q = x + y; the gradient of q is z, and the add gate hands it on.
    hint-fa: df/dz برابر q = x + y است؛ گرادیان q برابر z است و گیت جمع آن را می‌رساند.
    """
    inputs = {"x": -2.0, "y": 5.0, "z": -4.0}
    check_run(student, SLIDE, inputs, "f", -12.0, {"x": -4.0, "y": -4.0, "z": 3.0})


@pytest.mark.points(4, question="graphs")
def test_gradients_are_summed_at_forks(student):
    """Where a value feeds two gates, its gradient is the sum: (x y + x) y has df/dx = y^2 + y.

    fa: مقداری که به دو گیت می‌رود، جمع گرادیان‌ها را می‌گیرد: در (x y + x) y داریم df/dx = y^2 + y.
    hint: Add: `gradients[source] += …`; an assignment forgets what came before. If you do add, look
        at the gates: each one must keep its own inputs.
    hint-fa: بیفزایید: `gradients[source] += …`؛ انتساب، آنچه را پیش‌تر آمده از یاد می‌برد. اگر
        چنین می‌کنید، به گیت‌ها نگاه کنید: هر گیت باید ورودی‌های خودش را نگه دارد.
    """
    nodes = [("p", "multiply", ("x", "y")), ("q", "add", ("p", "x")), ("f", "multiply", ("q", "y"))]
    x, y = 3.0, -2.0
    expected = {"x": y * y + y, "y": 2 * x * y + x}
    check_run(student, nodes, {"x": x, "y": y}, "f", (x * y + x) * y, expected)
    check_run(student, [("f", "multiply", ("x", "x"))], {"x": 5.0}, "f", 25.0, {"x": 10.0})


@pytest.mark.points(2, question="graphs")
def test_an_input_without_influence_has_gradient_0(student):
    """An input that the output does not depend on has the gradient 0.

    fa: ورودی‌ای که خروجی به آن وابسته نیست، گرادیان 0 دارد.
    hint: Start with 0.0 for every name, go back from `output` alone, and add at forks.
    hint-fa: برای هر نام با 0.0 آغاز کنید، تنها از `output` به عقب بروید و در دوشاخه‌ها جمع بزنید.
    """
    nodes = [("f", "add", ("x", "x")), ("g", "multiply", ("x", "y"))]
    check_run(student, nodes, {"x": 2.0, "y": 7.0}, "f", 4.0, {"x": 2.0, "y": 0.0})


@pytest.mark.points(4, question="graphs")
def test_a_sigmoid_made_of_gates(student):
    """1 / (1 + e^-x), built of four gates at x = 1, has the value .7311 and the slope .1966.

    fa: 1 / (1 + e^-x) که از چهار گیت ساخته شده، در x = 1 مقدار .7311 و شیب .1966 دارد.
    hint: Follow the gradient by hand, gate by gate: is one of these gates wrong?
    hint-fa: گرادیان را گیت به گیت با دست دنبال کنید: آیا یکی از این گیت‌ها نادرست است؟
    """
    nodes = [
        ("negative", "multiply", ("x", "minus")),
        ("power", "exp", ("negative",)),
        ("below", "add", ("power", "one")),
        ("f", "reciprocal", ("below",)),
    ]
    inputs = {"x": 1.0, "minus": -1.0, "one": 1.0}
    expected = {"x": 0.19661193324148185, "minus": -0.19661193324148185, "one": -0.5344466452}
    check_run(student, nodes, inputs, "f", 0.7310585786300049, expected)
    check_run(student, [("f", "sigmoid", ("x",))], {"x": 1.0}, "f", 0.73105858, {"x": 0.19661193})


@pytest.mark.points(1, question="graphs", requires=["test_the_slides_graph"])
def test_the_larger_input_of_a_maximum_gets_the_gradient(student):
    """max(x, y) y at (3, -2): the gradient of the maximum goes to x alone.

    fa: max(x, y) y در (3, -2): گرادیان بیشینه تنها به x می‌رسد.
    """
    nodes = [("m", "maximum", ("x", "y")), ("f", "multiply", ("m", "y"))]
    check_run(student, nodes, {"x": 3.0, "y": -2.0}, "f", -6.0, {"x": -2.0, "y": 3.0})


@pytest.mark.points(4, question="graphs", visibility="hidden", requires=["test_the_slides_graph"])
@settings(max_examples=25)
@given(graph=GRAPHS, cubed=st.booleans())
def test_gradients_of_any_graph(student, graph, cubed):
    """Value and gradients of any graph are those of the chain rule.

    fa: مقدار و گرادیان‌های هر گراف همان‌اند که قاعدهٔ زنجیره‌ای می‌گوید.
    """
    run, inputs, nodes = run_of(student), dict(graph.inputs), graph.nodes
    if cubed:  # two gates of a kind with inputs of their own, which a small graph seldom has
        last = nodes[-1][0]
        nodes = (
            *nodes,
            ("squared", "multiply", (last, last)),
            ("cubed", "multiply", ("squared", last)),
        )
    graph_value_is_that_of_its_formula(run, nodes, inputs)
    graph_gradients_follow_the_chain_rule(run, nodes, inputs)


@pytest.mark.points(
    2, question="graphs", visibility="after_due_date", requires=["test_the_slides_graph"]
)
@settings(max_examples=8)
@given(graph=GRAPHS)
def test_graphs_can_be_extended_and_run_again(student, graph):
    """A graph can be run again; what is added to its output changes no other gradient.

    fa: گراف را می‌توان دوباره اجرا کرد؛ آنچه به خروجی‌اش افزوده شود گرادیان دیگری را تغییر نمی‌دهد.
    """
    run, inputs = run_of(student), dict(graph.inputs)
    a_graph_can_be_run_again(run, graph.nodes, inputs)
    a_further_input_gets_gradient_1(run, graph.nodes, inputs)
    a_fork_adds_its_gradients(run, graph.nodes, inputs)


@pytest.mark.points(2, question="graphs", visibility="after_due_date")
def test_what_is_given_stays_as_it_is(student):
    """`run_graph` leaves the dict of inputs and the list of nodes as they are.

    fa: تابع `run_graph` دیکشنری ورودی‌ها و فهرست گره‌ها را دست‌نخورده می‌گذارد.
    """
    inputs, nodes = {"x": -2.0, "y": 5.0, "z": -4.0}, list(SLIDE)
    value, gradients = parts_of(student.run_graph(nodes, inputs, "f"), 2, topic(BOTH))
    check_value(value, -12.0, what=VALUE)
    if student.last_call.changed:
        changed = ", ".join(student.last_call.changed)
        raise CheckFailure(
            FailureDetails(
                {
                    "en": f"Your function changed its argument in place: `{changed}`.",
                    "fa": f"تابع شما آرگومان خود را درجا تغییر داده است: `{changed}`.",
                },
                hint=plain("values = dict(inputs)"),
            )
        )
    entries(gradients, ["x", "y", "z"], topic(GRADIENTS))
