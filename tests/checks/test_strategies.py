import numpy as np
import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from autograder.checks import strategies
from autograder.checks.graph_strategies import ARITY, GRAPH_EDGES, OPTIMIZER_EDGES, Graph
from autograder.checks.image_strategies import CONV_EDGES, IMAGE_EDGES, POOL_EDGES
from autograder.checks.strategies import BATCH_EDGES, FEATURE_EDGES, NEIGHBOR_EDGES, SCORE_EDGES

many = settings(max_examples=200, deadline=None, database=None, derandomize=True)
SEARCH = settings(
    max_examples=2000,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@many
@given(batch=strategies.batches())
def test_batches_fit_together_and_are_bounded(batch):
    sizes = batch.sizes
    assert batch.X.shape == (sizes["N"], sizes["D"]) and batch.W.shape == (sizes["D"], sizes["C"])
    assert 1 <= sizes["N"] <= 6 and 1 <= sizes["D"] <= 5 and 2 <= sizes["C"] <= 5
    assert batch.y.shape == (sizes["N"],) and batch.y.dtype.kind == "i"
    assert 0 <= batch.y.min() and batch.y.max() < sizes["C"]
    assert np.abs(batch.X).max() <= 4
    assert np.abs(batch.W).max() <= (4000 if batch.edge == "huge scores" else 4)
    assert batch.reg in (0.0, 0.5)


EDGES = {
    "one class": lambda b: len(np.unique(b.y)) == 1,
    "zero weights": lambda b: not b.W.any(),
    "equal samples": lambda b: (b.X == b.X[0]).all(),
    "equal classes": lambda b: (b.W == b.W[:, :1]).all(),
    "constant feature": lambda b: (b.X[:, -1] == 1).all(),
    "huge scores": lambda b: not b.W.any() or np.abs(b.W[b.W != 0]).min() > 1e-3,
    "plain": lambda b: True,
}


@pytest.mark.parametrize("edge", BATCH_EDGES)
def test_an_edge_case_can_be_asked_for(edge):
    @settings(many, max_examples=20)
    @given(batch=strategies.batches(edges=[edge]))
    def run(batch):
        assert batch.edge == edge and EDGES[edge](batch)

    run()


@many
@given(batch=strategies.batches(ties=False))
def test_without_ties_no_margin_is_0(batch):
    scores = batch.X @ batch.W
    margins = scores - scores[np.arange(len(scores)), batch.y][:, None] + 1
    assert np.abs(margins).min() > 1e-9


def test_the_edges_are_spread_over_25_examples():
    for strategy, edges in [
        (strategies.batches(), BATCH_EDGES),
        (strategies.score_tables(), SCORE_EDGES),
        (strategies.neighbor_sets(), NEIGHBOR_EDGES),
        (strategies.conv_settings(), CONV_EDGES),
        (strategies.pool_settings(), POOL_EDGES),
        (strategies.graphs(), GRAPH_EDGES),
        (strategies.optimizer_runs(), OPTIMIZER_EDGES),
    ]:
        seen = []

        @settings(many, max_examples=25)
        @given(drawn=strategy)
        def run(drawn):
            seen.append(drawn.edge)  # noqa: B023 - called before the loop goes on

        run()
        assert len(set(seen)) >= 4 and max(map(seen.count, seen)) <= 12, edges


def test_a_failing_batch_shrinks_to_the_smallest_plain_whole_numbers():
    found = find(
        strategies.batches(), lambda b: len(b.X) >= 2 and b.X.shape[1] >= 2, settings=SEARCH
    )
    assert found.sizes == {"N": 2, "D": 2, "C": 2}
    assert found.edge == "plain" and found.reg == 0.0
    assert np.array_equal(found.X, np.rint(found.X)) and np.array_equal(found.W, np.rint(found.W))


def test_the_repr_of_an_example_can_be_read():
    found = find(strategies.batches(), lambda b: True, settings=SEARCH)
    assert repr(found) == (
        f"Batch(X={found.X.tolist()}, y={found.y.tolist()}, W={found.W.tolist()}, "
        "reg=0.0, edge='plain')"
    )
    large = find(strategies.images(min_size=7), lambda x: x.shape == (3, 3, 7, 7), settings=SEARCH)
    assert large.shape == (3, 3, 7, 7)
    setting = find(strategies.conv_settings(max_kernel=5), lambda s: s.x.size > 40, settings=SEARCH)
    assert f"x=array of shape {setting.x.shape}" in repr(setting)


@pytest.mark.parametrize(
    "strategy",
    [
        strategies.batches,
        strategies.score_tables,
        strategies.feature_matrices,
        strategies.neighbor_sets,
        strategies.images,
        strategies.conv_settings,
        strategies.pool_settings,
        strategies.graphs,
        strategies.optimizer_runs,
    ],
)
def test_an_unknown_edge_is_refused(strategy):
    with pytest.raises(ValueError, match=r"edges must be among 'plain', .* not 'odd'"):
        find(strategy(edges=["odd"]), lambda drawn: True, settings=SEARCH)


@many
@given(table=strategies.score_tables())
def test_score_tables_fit_together(table):
    samples, classes = table.scores.shape
    assert table.y.shape == (samples,) and table.y.max() < classes
    assert np.abs(table.scores).max() <= 4004
    highest = table.scores == table.scores.max(axis=1, keepdims=True)
    if table.edge in ("ties", "equal") and classes > 1:
        assert (highest.sum(axis=1) >= 2).all()
    if table.edge == "separated" and classes > 1:
        assert (table.scores.argmax(axis=1) == table.y).all()


@many
@given(table=strategies.score_tables(ties=False, min_classes=2))
def test_score_tables_without_ties_have_one_highest_score(table):
    ordered = np.sort(table.scores, axis=1)
    assert (ordered[:, -1] > ordered[:, -2]).all()


def test_small_cases_are_among_the_drawn():
    for wanted in (
        lambda t: t.scores.shape == (1, 1),
        lambda t: len(t.scores) == 1 and t.scores.shape[1] > 2,
        lambda t: t.scores.shape[1] == 1 and len(t.scores) > 2,
        lambda t: np.abs(t.scores).max() > 1000,
    ):
        assert wanted(find(strategies.score_tables(), wanted, settings=SEARCH))


@many
@given(data=st.data(), samples=st.integers(1, 9), classes=st.integers(1, 4))
def test_labels_are_below_the_number_of_classes(data, samples, classes):
    y = data.draw(strategies.labels(samples=samples, classes=classes))
    assert y.shape == (samples,) and y.dtype.kind == "i"
    assert y.min() >= 0 and y.max() < classes


@pytest.mark.parametrize("edge", FEATURE_EDGES)
def test_feature_matrices_have_their_edge(edge):
    @settings(many, max_examples=20)
    @given(X=strategies.feature_matrices(edges=[edge], min_samples=2))
    def run(X):
        assert len(X) >= 2 and np.isfinite(X).all() and np.abs(X).max() <= 4000
        if edge == "zero variance":
            assert np.ptp(X[:, 0]) == 0
        if edge == "large mean":
            assert X.mean() > 90

    run()


@many
@given(drawn=strategies.neighbor_sets())
def test_neighbor_sets_fit_together(drawn):
    assert drawn.X_train.shape[1] == drawn.X_test.shape[1]
    assert drawn.y_train.shape == (len(drawn.X_train),)
    assert 1 <= drawn.k <= len(drawn.X_train)
    assert np.array_equal(drawn.X_train, np.rint(drawn.X_train))
    if drawn.edge == "equal distances":
        squared = ((drawn.X_train - drawn.X_test[0]) ** 2).sum(axis=1)
        assert np.ptp(squared) == 0
    if drawn.edge == "a test point among them":
        assert (drawn.X_train == drawn.X_test[0]).all(axis=1).any()


@pytest.mark.parametrize("edge", IMAGE_EDGES)
def test_images_have_their_edge(edge):
    @settings(many, max_examples=20)
    @given(x=strategies.images(edges=[edge], min_size=3))
    def run(x):
        assert x.ndim == 4 and min(x.shape[2:]) >= 3 and np.abs(x).max() <= 4
        if edge == "one pixel":
            assert (x.sum(axis=(2, 3)) == 1).all()
        if edge == "constant":
            assert (x == 1).all()
        if edge == "edges only":
            assert not x[..., 1:-1, 1:-1].any()
        if edge == "checkerboard":
            assert (np.abs(np.diff(x, axis=3)) == 1).all()

    run()


@many
@given(setting=strategies.conv_settings())
def test_convolution_settings_fit_exactly(setting):
    n, channels, height, width = setting.x.shape
    filters, depth, kernel_height, kernel_width = setting.w.shape
    assert channels == depth and setting.b.shape == (filters,)
    assert min(height, width, setting.stride) >= 1 and setting.pad >= 0
    for size, kernel in ((height, kernel_height), (width, kernel_width)):
        assert (size + 2 * setting.pad - kernel) % setting.stride == 0
        assert size + 2 * setting.pad >= kernel
    assert setting.output_shape[:2] == (n, filters)
    if setting.edge == "stride larger than the filter":
        assert setting.stride > max(kernel_height, kernel_width)
    if setting.edge == "1x1 filter":
        assert (kernel_height, kernel_width) == (1, 1)
    if setting.edge == "filter as large as the image":
        assert setting.output_shape[2:] == (1, 1)


@pytest.mark.parametrize(
    "wanted",
    [
        lambda s: s.pad > 0 and s.stride > 1,
        lambda s: s.x.shape[2] != s.x.shape[3] and s.w.shape[2] != s.w.shape[3],
        lambda s: s.x.shape[0] > 1 and s.x.shape[1] > 1 and s.w.shape[0] > 1,
    ],
)
def test_all_sorts_of_convolutions_are_drawn(wanted):
    assert wanted(find(strategies.conv_settings(), wanted, settings=SEARCH))


@many
@given(setting=strategies.pool_settings())
def test_pooling_settings_fit_exactly(setting):
    for size, window in zip(setting.x.shape[2:], setting.window, strict=True):
        assert size >= window and (size - window) % setting.stride == 0
    if setting.edge == "gaps":
        assert setting.stride > max(setting.window)
    if setting.edge == "negative":
        assert setting.x.max() <= -1


@many
@given(setting=strategies.pool_settings(ties=False))
def test_pooling_without_ties_has_no_equal_pixels(setting):
    assert setting.edge != "ties"
    assert len(np.unique(setting.x)) == setting.x.size


@many
@given(data=st.data())
def test_other_forms_hold_the_same_whole_numbers(data):
    values = np.array([[1.2, -3.0], [0.4, 2.0]])
    form = data.draw(strategies.other_forms(values))
    assert np.array_equal(np.asarray(form, dtype=float), [[1, -3], [0, 2]])


def test_a_range_of_sizes_without_a_number_is_refused():
    with pytest.raises(ValueError, match="sizes must go from 1 to a number no smaller, not to 0"):
        find(strategies.batches(max_samples=0), lambda batch: True, settings=SEARCH)


@many
@given(graph=strategies.graphs())
def test_graphs_are_wired_and_everything_feeds_the_output(graph):
    known = set(graph.inputs)
    used = set()
    for name, kind, sources in graph.nodes:
        assert set(sources) <= known and len(sources) == ARITY[kind]
        known.add(name)
        used |= set(sources)
    assert known - used == {graph.nodes[-1][0]}
    assert max(map(abs, graph.inputs.values())) <= 3
    if graph.edge == "zero":
        assert graph.inputs["x0"] == 0


@many
@given(graph=strategies.graphs(ties=False))
def test_the_gradients_of_a_graph_are_its_slopes(graph):
    step = 1e-6
    assert graph.gradients.keys() == graph.inputs.keys()
    for name, gradient in graph.gradients.items():
        right, left = (
            Graph(graph.nodes, {**graph.inputs, name: graph.inputs[name] + h}, "").output
            for h in (step, -step)
        )
        slope = (right - left) / (2 * step)
        assert abs(slope - gradient) <= 1e-4 * (1 + abs(gradient) + abs(graph.output)), graph


@many
@given(graph=strategies.graphs(gates=("add", "multiply"), edges=["fork", "chain"]))
def test_graphs_keep_to_the_gates_asked_for(graph):
    assert {kind for _, kind, _ in graph.nodes} <= {"add", "multiply"}


def test_graphs_need_a_gate_of_two_inputs():
    with pytest.raises(ValueError, match="one of two inputs, not \\['square'\\]"):
        find(strategies.graphs(gates=["square"]), lambda graph: True, settings=SEARCH)


def test_a_failing_graph_shrinks_to_few_gates_and_whole_numbers():
    found = find(
        strategies.graphs(),
        lambda graph: any(kind == "multiply" for _, kind, _ in graph.nodes),
        settings=SEARCH,
    )
    assert len(found.nodes) <= 2 and found.edge == "plain"
    assert all(value == int(value) for value in found.inputs.values())


RUN_EDGES = {
    "plain": lambda run: (run.gradients != 0).all(),
    "constant gradient": lambda run: (run.gradients == run.gradients[0]).all(),
    "zero gradient": lambda run: not run.gradients.any(),
    "one dead coordinate": lambda run: not run.gradients[:, 0].any(),
    "large gradients": lambda run: np.abs(run.gradients).max() <= 4000,
    "alternating signs": lambda run: (np.diff(np.sign(run.gradients), axis=0) != 0).all(),
}


@pytest.mark.parametrize("edge", OPTIMIZER_EDGES)
def test_optimizer_runs_fit_together(edge):
    @settings(many, max_examples=20)
    @given(drawn=strategies.optimizer_runs(edges=[edge]))
    def run(drawn):
        assert drawn.edge == edge and RUN_EDGES[edge](drawn)
        assert drawn.gradients.shape[1:] == drawn.x.shape and len(drawn.gradients) >= 1
        assert 0 < drawn.learning_rate <= 0.5

    run()


def test_numbers_without_ties_are_short_where_an_example_has_shrunk():
    table = find(
        strategies.score_tables(ties=False), lambda t: t.scores.shape == (2, 3), settings=SEARCH
    )
    assert np.array_equal(table.scores, table.scores.round(1))
    setting = find(strategies.pool_settings(ties=False), lambda s: s.x.size == 4, settings=SEARCH)
    assert np.array_equal(setting.x, np.rint(setting.x)) and len(np.unique(setting.x)) == 4
