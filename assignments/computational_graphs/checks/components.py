"""The wrong versions known of each gate and function, in the student's signatures.

The grader reads this file to name the cause of a failure, and `autograder validate` to see that
the checks catch every wrong version. Students never get it.
"""

import numpy as np
from computational_graphs_network import TRAINING, TWO_LAYER_LOSS

from autograder.components import Component, wrong_version, wrong_versions
from reference import gates
from reference.graph import ComputationalGraph
from reference.misconceptions import COMPONENTS as KNOWN

# --- gates --------------------------------------------------------------------------------------

CONSTANTS = {"ScaleGate": (-3.0,), "ShiftGate": (2.5,)}


def as_student_gate(gate):
    """A gate of the reference: arrays or numbers in, the single gradient of one input out."""

    class StudentGate:
        def __init__(self, *constants):
            self.gate = gate(*constants)

        def forward(self, *inputs):
            return self.gate.forward(*(np.asarray(each, float) for each in inputs))

        def backward(self, dz):
            back = self.gate.backward(np.asarray(dz, float))
            return back if len(back) > 1 else back[0]

    return StudentGate


def use_of(name, inputs):
    """Two gates of one kind at a time, as a graph uses them; arrays, then ties."""

    def session(student, rng):
        first, second = rng.uniform(0.3, 2, (2, inputs, 3, 2))
        first *= rng.permuted(np.array([-1, -1, 1, 1, 1, 1] * inputs)).reshape(first.shape)
        yield from used(student, first, second, rng.uniform(1, 2, (3, 2)))

    def ties(student, rng):
        x, other = rng.normal(size=(2, 3, 2))
        yield from used(student, (x, x), (x, other), rng.uniform(1, 2, (3, 2)))

    def used(student, first, second, dz):
        constants = CONSTANTS.get(name, ())
        one, two = student.new(name, *constants), student.new(name, *constants)
        yield one.forward(*first)
        two.forward(*second)
        yield one.backward(dz)

    return (session, ties) if name == "MaxGate" else (session,)


GATES = [
    Component(
        name,
        question="gates",
        right=as_student_gate(KNOWN[known].right),
        wrong=wrong_versions(KNOWN[known], as_student_gate),
        session=use_of(name, inputs),
        left_out=left_out,
    )
    for name, known, inputs, left_out in (
        ("AddGate", "Add", 2, {"Add.broadcast_not_summed": "both inputs have one shape here"}),
        ("MultiplyGate", "Multiply", 2, {}),
        ("MaxGate", "Maximum", 2, {}),
        ("ExpGate", "Exp", 1, {}),
        ("ReciprocalGate", "Reciprocal", 1, {}),
        ("ScaleGate", "Scale", 1, {}),
        ("ShiftGate", "Shift", 1, {}),
        ("SigmoidGate", "Sigmoid", 1, {}),
    )
]


# --- order --------------------------------------------------------------------------------------


def topological_order(nodes):
    feeds = {name: inputs for name, _, inputs in nodes}
    order, path = [], []

    def visit(name):
        if name not in feeds or name in order:
            return
        if name in path:
            raise ValueError(f"a cycle through {name}")
        path.append(name)
        for source in feeds[name]:
            visit(source)
        path.remove(name)
        order.append(name)

    for name in feeds:
        visit(name)
    return order


def shuffled_nodes(student, rng):
    nodes = [("e", "add", ("d", "b")), ("b", "multiply", ("a", "x")), ("d", "add", ("b", "c"))]
    nodes += [("c", "exp", ("a",)), ("a", "add", ("x", "y"))]
    # A chain has one order alone; any right one is accepted, so only the places are compared.
    order = student.topological_order(nodes)
    yield sorted(map(str, order))
    place = {name: at for at, name in enumerate(order)}
    yield [place[name] > place[s] for name, _, sources in nodes for s in sources if s in place]


def with_a_cycle(student, rng):
    yield student.topological_order([("a", "add", ("b", "x")), ("b", "add", ("a", "x"))])


@wrong_version(
    "topological_order.as_given",
    "The nodes come back in the order in which they were given",
    "The list may begin with the output: a node comes after all that feed it.",
    "گره‌ها به همان ترتیبی که داده شده‌اند برگشته‌اند",
    "ممکن است فهرست با خروجی آغاز شود: هر گره پس از همهٔ ورودی‌هایش می‌آید.",
)
def as_given(nodes):
    topological_order(nodes)
    return [name for name, _, _ in nodes]


@wrong_version(
    "topological_order.backwards",
    "The order runs from the output to the inputs",
    "That is the order of the backward pass; turn it round.",
    "ترتیب از خروجی به سوی ورودی‌هاست",
    "این ترتیبِ گذر پس‌رو است؛ آن را برگردانید.",
)
def backwards(nodes):
    return topological_order(nodes)[::-1]


@wrong_version(
    "topological_order.inputs_too",
    "The inputs of the graph are in the order too",
    "Only nodes are computed: leave out the names that no node has.",
    "ورودی‌های گراف هم در ترتیب آمده‌اند",
    "تنها گره‌ها حساب می‌شوند: نام‌هایی را که گره نیستند کنار بگذارید.",
)
def inputs_too(nodes):
    names = {name for name, _, _ in nodes}
    inputs = {source for _, _, sources in nodes for source in sources} - names
    return sorted(inputs) + topological_order(nodes)


@wrong_version(
    "topological_order.twice",
    "A node that feeds two others stands in the order twice",
    "Remember which nodes are done, and pass them over.",
    "گره‌ای که به دو گره دیگر می‌رسد دو بار در ترتیب آمده است",
    "گره‌های انجام‌شده را به یاد بسپارید و از آن‌ها بگذرید.",
)
def twice(nodes):
    topological_order(nodes)
    feeds = {name: inputs for name, _, inputs in nodes}

    def before(name):
        below = [each for source in feeds[name] if source in feeds for each in before(source)]
        return [*below, name]

    return [each for name in feeds for each in before(name)]


@wrong_version(
    "topological_order.cycle_unnoticed",
    "A cycle is not noticed",
    "A node that is met again before it is done lies on a cycle: raise ValueError.",
    "حلقه دیده نشده است",
    "گره‌ای که پیش از تمام شدن دوباره دیده شود روی حلقه است: `ValueError` بدهید.",
)
def cycle_unnoticed(nodes):
    feeds = {name: inputs for name, _, inputs in nodes}
    seen, order = set(), []

    def visit(name):
        if name in feeds and name not in seen:
            seen.add(name)
            for source in feeds[name]:
                visit(source)
            order.append(name)

    for name in feeds:
        visit(name)
    return order


ORDER = Component(
    "topological_order",
    question="order",
    right=topological_order,
    wrong=(as_given, backwards, inputs_too, twice, cycle_unnoticed),
    session=(shuffled_nodes, with_a_cycle),
)


# --- graphs -------------------------------------------------------------------------------------

KINDS = {
    "add": gates.Add,
    "multiply": gates.Multiply,
    "maximum": gates.Maximum,
    "exp": gates.Exp,
    "reciprocal": gates.Reciprocal,
    "sigmoid": gates.Sigmoid,
}


def as_run_graph(kind):
    """A graph of the reference as `run_graph`; `kind` stays between runs, as its gates do."""
    kept = {}

    def run_graph(nodes, inputs, output):
        key = (tuple((name, made, tuple(sources)) for name, made, sources in nodes), output)
        if key not in kept:
            kept[key] = kind(output=output)
            for name, made, sources in nodes:
                kept[key].add(name, KINDS[made](), *sources)
        graph = kept[key]
        used = {s for name in graph.topological_order() for s in graph._nodes[name].inputs}
        value = graph.forward(**{name: inputs[name] for name in inputs if name in used})
        gradients = graph.backward()
        return float(value), {name: float(gradients.get(name, 0.0)) for name in inputs}

    return run_graph


def graph_of(**parts):
    """`run_graph` built on gates and an order in the student's signatures."""
    kinds = {
        "add": "AddGate",
        "multiply": "MultiplyGate",
        "maximum": "MaxGate",
        "exp": "ExpGate",
        "reciprocal": "ReciprocalGate",
        "sigmoid": "SigmoidGate",
    }

    def run_graph(nodes, inputs, output):
        gates_of = {name: parts[kinds[kind]]() for name, kind, _ in nodes}
        sources = {name: names for name, _, names in nodes}
        values, order = dict(inputs), list(parts["topological_order"](nodes))
        for name in order:
            values[name] = gates_of[name].forward(*(values[each] for each in sources[name]))
        gradients = {**dict.fromkeys(values, 0.0), output: 1.0}
        for name in reversed(order):
            back = gates_of[name].backward(gradients[name])
            back = back if isinstance(back, tuple) else (back,)
            for source, gradient in zip(sources[name], back, strict=True):
                gradients[source] = gradients[source] + gradient
        return float(values[output]), {name: float(gradients[name]) for name in inputs}

    return run_graph


CHAIN = [("f", "multiply", ("q", "y")), ("q", "add", ("p", "x")), ("p", "multiply", ("x", "y"))]


def forked(rng):
    inputs = dict(zip("xy", rng.uniform(1, 3, 2).tolist(), strict=True))
    return [(CHAIN, inputs, "f"), (CHAIN, inputs, "f")]


def uninvolved(rng):
    inputs = dict(zip("xyz", rng.uniform(1, 3, 3).tolist(), strict=True))
    return [(CHAIN, inputs, "q")]


def every_kind(rng):
    x, y = rng.uniform(0.3, 0.9), rng.uniform(1, 2)
    nodes = [("a", "maximum", ("x", "y")), ("b", "exp", ("x",)), ("c", "reciprocal", ("y",))]
    nodes += [("d", "sigmoid", ("a",)), ("e", "multiply", ("b", "c")), ("f", "add", ("d", "e"))]
    return [(nodes, {"x": float(x), "y": float(y)}, "f")]


@wrong_version(
    "run_graph.inputs_without_influence_missing",
    "Inputs without influence have no gradient",
    "Start with 0.0 for every name in `inputs`.",
    "ورودی‌های بی‌اثر گرادیان ندارند",
    "برای هر نام در `inputs` با 0.0 آغاز کنید.",
)
def without_the_uninvolved(nodes, inputs, output):
    value, gradients = as_run_graph(ComputationalGraph)(nodes, inputs, output)
    return value, {name: each for name, each in gradients.items() if each != 0.0}


@wrong_version(
    "run_graph.last_for_output",
    "The last node stands for the output",
    "The output is the node whose name is given, wherever it stands in the list.",
    "آخرین گره به جای خروجی گرفته شده است",
    "خروجی گره‌ای است که نامش داده شده، هر جای فهرست که باشد.",
)
def last_for_output(nodes, inputs, output):
    return as_run_graph(ComputationalGraph)(nodes, inputs, nodes[-1][0])


GRAPH = Component(
    "run_graph",
    question="graphs",
    right=as_run_graph(ComputationalGraph),
    wrong=(
        *wrong_versions(KNOWN["ComputationalGraph"], as_run_graph),
        without_the_uninvolved,
        last_for_output,
    ),
    probe=(forked, uninvolved, every_kind),
    builds_on=(
        *(gate.name for gate in GATES if gate.name not in ("ScaleGate", "ShiftGate")),
        "topological_order",
    ),
    built=graph_of,
)


# --- the sigmoid neuron -------------------------------------------------------------------------


def neuron(w, x):
    f = 1 / (1 + np.exp(-(w[0] * x[0] + w[1] * x[1] + w[2])))
    slope = f * (1 - f)
    return f, slope * np.array([x[0], x[1], 1.0]), slope * np.array([w[0], w[1]])


@wrong_version(
    "sigmoid_neuron.slope_missing",
    "The slope of the sigmoid is left out",
    "Each gradient is f (1 - f) times what stands beside it in the sum.",
    "شیب سیگموید نیامده است",
    "هر گرادیان برابر f (1 - f) ضربدر عاملی است که در مجموع کنار آن آمده است.",
)
def slope_missing(w, x):
    return neuron(w, x)[0], np.array([x[0], x[1], 1.0]), np.array([w[0], w[1]])


@wrong_version(
    "sigmoid_neuron.slope_of_the_sum",
    "The slope is s (1 - s) of the sum instead of the output",
    "sigmoid' = f (1 - f) with f, the value of the sigmoid.",
    "شیب از مجموع حساب شده است، نه از خروجی",
    "sigmoid' = f (1 - f) که در آن f مقدار سیگموید است.",
)
def slope_of_the_sum(w, x):
    s = w[0] * x[0] + w[1] * x[1] + w[2]
    slope = s * (1 - s)
    return neuron(w, x)[0], slope * np.array([x[0], x[1], 1.0]), slope * np.array([w[0], w[1]])


@wrong_version(
    "sigmoid_neuron.not_swapped",
    "Each input of a product got itself as its gradient",
    "In w x the weight gets x and the input gets w.",
    "هر عامل ضرب، خودش را گرادیان گرفته است",
    "در w x، وزن x را می‌گیرد و ورودی w را.",
)
def not_swapped(w, x):
    f = neuron(w, x)[0]
    slope = f * (1 - f)
    return f, slope * np.array([w[0], w[1], 1.0]), slope * np.array([x[0], x[1]])


@wrong_version(
    "sigmoid_neuron.bias_without_gradient",
    "The bias gets no gradient",
    "w2 stands alone in the sum: its gradient is the slope itself.",
    "بایاس گرادیان نگرفته است",
    "w2 در مجموع تنهاست: گرادیانش خود شیب است.",
)
def bias_without_gradient(w, x):
    f, dw, dx = neuron(w, x)
    return f, dw * np.array([1.0, 1.0, 0.0]), dx


@wrong_version(
    "sigmoid_neuron.sign",
    "The gradients have the wrong sign",
    "The minus of e^-s meets the minus of 1/x: they cancel.",
    "علامت گرادیان‌ها وارونه است",
    "منفیِ e^-s با منفیِ مشتق 1/x خنثی می‌شود.",
)
def wrong_sign(w, x):
    f, dw, dx = neuron(w, x)
    return f, -dw, -dx


@wrong_version(
    "sigmoid_neuron.rounded",
    "The slope is rounded to 0.2, as on the slide",
    "The slide rounds for the eye; compute with f (1 - f) = 0.1966.",
    "شیب مانند اسلاید به 0.2 گرد شده است",
    "اسلاید برای خواندن گرد کرده است؛ با f (1 - f) = 0.1966 حساب کنید.",
)
def rounded(w, x):
    f = neuron(w, x)[0]
    slope = np.round(f * (1 - f), 1)
    return f, slope * np.array([x[0], x[1], 1.0]), slope * np.array([w[0], w[1]])


NEURON = Component(
    "sigmoid_neuron",
    question="neuron",
    right=neuron,
    wrong=(
        slope_missing,
        slope_of_the_sum,
        not_swapped,
        bias_without_gradient,
        wrong_sign,
        rounded,
    ),
    probe=lambda rng: [(rng.uniform(-1, 1, 3), rng.uniform(-1, 1, 2)) for _ in range(3)],
)


COMPONENTS = [*GATES, ORDER, GRAPH, NEURON, TWO_LAYER_LOSS, TRAINING]
