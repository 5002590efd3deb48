"""Real submissions, in processes of their own, trained by the grader: right, wrong and cheating."""

import io

import numpy as np
import pytest

from autograder.checks import (
    Attributes,
    Budget,
    Disguise,
    Network,
    Trained,
    check_training_accuracy,
)
from autograder.checks.datasets import digits
from autograder.checks.failure_modes import FailureMode, in_gap, in_hidden_units, in_losses
from autograder.checks.training_record import kept
from autograder.errors import CheckFailure, SubjectTimeout
from autograder.records import CurveKind
from autograder.sandbox.subject import Subject

NETWORK = """
import numpy as np

class Net:
    def __init__(self, inputs, hidden, classes):
        self.W1 = np.random.randn(inputs, hidden) * 0.1
        self.b1 = np.zeros(hidden)
        self.W2 = np.random.randn(hidden, classes) * 0.01
        self.b2 = np.zeros(classes)
        self.rate = 0.3

    def hidden(self, X):
        return np.maximum(0, X @ self.W1 + self.b1)

    def scores(self, X):
        return self.hidden(X) @ self.W2 + self.b2

    def train(self, X, y, num_iters, batch_size):
        losses = []
        for _ in range(num_iters):
            rows = np.random.choice(len(X), batch_size)
            A, t = X[rows], y[rows]
            h = self.hidden(A)
            s = h @ self.W2 + self.b2
            s -= s.max(axis=1, keepdims=True)
            p = np.exp(s)
            p /= p.sum(axis=1, keepdims=True)
            losses.append(-np.log(p[np.arange(len(t)), t]).mean())
            p[np.arange(len(t)), t] -= 1
            p /= len(t)
            dh = p @ self.W2.T * (h > 0)
            self.W2 -= self.rate * (h.T @ p)
            self.b2 -= self.rate * p.sum(axis=0)
            self.W1 -= self.rate * (A.T @ dh)
            self.b1 -= self.rate * dh.sum(axis=0)
        return losses

    def predict(self, X):
        return self.scores(X).argmax(axis=1)
"""


def network(student, steps=300, parameters=("W1", "b1", "W2", "b2"), **more):
    return Network(
        student,
        build=lambda task: student.new("Net", task.X_train.shape[1], 30, task.classes),
        fit=lambda net, task, steps: net.train(task.X_train, task.y_train, steps, 20),
        steps=steps,
        parameters=Attributes(*parameters),
        hidden=lambda net, X: [net.hidden(X)],
        **more,
    )


def check(student, at_least=0.85, seed=11, train=None, **more):
    arguments = {
        "train_samples": 1000,
        "test_samples": 400,
        "disguise": Disguise.ROTATION,
        "budget": Budget(seconds=20, parameters=3000),
        "first_loss": np.log(10),
    } | more
    return check_training_accuracy(
        train or network(student), student=student, at_least=at_least, seed=seed, **arguments
    )


def fails(student, **more):
    with pytest.raises(CheckFailure) as caught:
        check(student, **more)
    return caught.value.details


# --- right -----------------------------------------------------------------------------------


def test_a_right_network_passes_and_leaves_its_curves(submitted):
    with kept() as seen:
        estimate = check(submitted(NETWORK))
    assert estimate.mean > 0.9
    training = seen.training
    assert training.passed and training.device == "cpu" and training.at_least == 0.85
    assert training.accuracies == tuple(round(a, 6) for a in estimate.accuracies)
    curves = {curve.kind: curve for curve in training.curves}
    assert list(curves) == list(CurveKind)
    loss = curves[CurveKind.LOSS]
    assert len(loss.values) <= 200 and loss.steps[0] == 0 and loss.steps[-1] == 299
    assert loss.values[0] == pytest.approx(np.log(10), rel=0.05) and loss.values[-1] < 0.5
    accuracy = curves[CurveKind.TEST_ACCURACY]
    assert accuracy.steps == tuple(range(30, 301, 30))
    assert accuracy.values[-1] == pytest.approx(training.accuracies[-1])
    ratios = curves[CurveKind.UPDATE_RATIO]
    assert ratios.steps == tuple(range(1, 300, 30))
    assert all(1e-6 < ratio < 0.2 for ratio in ratios.values)


def test_code_that_changes_the_samples_in_place_changes_its_own_copy(submitted):
    code = NETWORK.replace("losses = []", "X *= 2.0; losses = []").replace(
        "return self.scores(X)", "X *= 2.0; return self.scores(X)"
    )
    assert check(submitted(code)).mean > 0.9


@pytest.mark.slow
def test_large_training_samples_are_sent_once(submitted, monkeypatch):
    student, sent = submitted(NETWORK), []
    monkeypatch.setattr("autograder.checks.network.LARGE", 1000)
    keep = student.keep
    monkeypatch.setattr(student, "keep", lambda value: sent.append(value.shape) or keep(value))
    assert check(student).mean > 0.9
    assert sent == [(1000, 64)]


def test_the_update_ratio_is_the_norm_of_one_step_over_that_of_the_weights(submitted):
    code = """
import numpy as np
class Net:
    def __init__(self, inputs, hidden, classes):
        self.W = np.full((2, 2), 3.0)
    def train(self, X, y, steps, batch):
        for _ in range(steps):
            self.W = self.W * 1.25
        return [1.0] * steps
    def predict(self, X):
        return np.zeros(len(X))
    def hidden(self, X):
        return np.ones((len(X), 1))
"""
    student = submitted(code)
    with kept() as seen, pytest.raises(CheckFailure):
        check(student, train=network(student, parameters=("W",)), overfit=False)
    ratios = next(c for c in seen.training.curves if c.kind is CurveKind.UPDATE_RATIO)
    assert ratios.values == (0.25,) * 10


@pytest.mark.slow
def test_the_same_seed_gives_the_same_training_and_another_one_another(submitted):
    def trained(seed):
        with kept() as seen:
            check(submitted(NETWORK), seed=seed)
        return seen.training

    assert trained(5) == trained(5)
    assert trained(5).curves != trained(6).curves


@pytest.mark.parametrize("seeds", [(3,), pytest.param(range(40), marks=pytest.mark.slow)])
def test_no_failure_mode_is_seen_in_right_networks(submitted, seeds):
    """False alarms: 40 seeds, four learning rates that all learn."""
    student = submitted(NETWORK)
    for seed in seeds:
        rate = (0.1, 0.2, 0.3, 0.5)[seed % 4]

        def build(task, rate=rate):
            net = student.new("Net", task.X_train.shape[1], 30, task.classes)
            net.set("rate", rate)
            return net

        seen = []

        def train(task, build=build, seen=seen):
            student.begin_check(7, 100.0)
            trainer = network(student, looks=1)
            trained = type(trainer)(**{**vars(trainer), "build": build})(task)
            seen.append((trained, task.accuracy(trained.predictions)))
            return trained

        check_training_accuracy(train, at_least=0.8, seed=seed, disguise=Disguise.ROTATION)
        (trained, accuracy) = seen[0]
        assert in_losses(trained.losses, np.log(10)) is None
        assert in_hidden_units(trained.hidden) is None
        assert in_gap(trained.train_accuracy, accuracy) is None


# --- wrong: each failure mode by its name ----------------------------------------------------

WRONG = {
    FailureMode.FIRST_LOSS: (
        [("* 0.01", "* 5.0"), ("self.rate = 0.3", "self.rate = 0.0001")],
        "and with weights near 0 it should be near 2.303.",
        "نزدیک",
    ),
    FailureMode.NOT_FINITE: (
        [("self.rate = 0.3", "self.rate = 1e6"), ("s -= s.max(axis=1, keepdims=True)", "pass")],
        "The loss is NaN or infinite from step",
        "NaN",
    ),
    FailureMode.EXPLOSION: (
        [(" -= self.rate", " += self.rate")],
        "The loss explodes: at step",
        "منفجر",
    ),
    FailureMode.NOT_LEARNING: (
        [("self.rate = 0.3", "self.rate = 1e-6")],
        "The loss hardly falls: is the learning rate too small",
        "نرخ یادگیری",
    ),
    FailureMode.DEAD_UNITS: (
        [("self.b1 = np.zeros(hidden)", "self.b1 = np.zeros(hidden) - 100")],
        "Dead units: 30 of the 30 hidden units give 0 for every sample",
        "واحدهای مرده: 30 واحد از 30",
    ),
    FailureMode.CANNOT_OVERFIT: (
        [("A, t = X[rows], y[rows]", "A, t = X[rows], np.where(y[rows] > 3, y[rows], 5)")],
        "Trained on 20 samples alone, it labels only",
        "وقتی تنها روی ۲۰ نمونه آموزش ببیند، فقط",
    ),
}


QUICK = (FailureMode.DEAD_UNITS, FailureMode.NOT_LEARNING)


@pytest.mark.parametrize(
    "mode",
    [mode if mode in QUICK else pytest.param(mode, marks=pytest.mark.slow) for mode in WRONG],
    ids=str,
)
def test_a_failure_mode_is_named_in_both_languages(submitted, mode):
    changes, english, persian = WRONG[mode]
    code = NETWORK
    for old, new in changes:
        assert old in code
        code = code.replace(old, new)
    with np.errstate(all="ignore"):
        details = fails(submitted("import warnings; warnings.simplefilter('ignore')\n" + code))
    assert english in details.message["en"]
    assert persian in details.message["fa"]
    assert "% of the held-out samples are labelled right; at least 85 %" in details.message["en"]
    assert "99.9 % confidence the accuracy lies between" in details.message["en"]


def test_a_gap_between_training_and_test_is_named(submitted):
    details = fails(submitted(NETWORK), train_samples=60, at_least=0.9)
    assert (
        "The gap between training and test is wide: 100 % of the training" in details.message["en"]
    )
    assert "فاصلهٔ آموزش و آزمون زیاد است: 100 درصد" in details.message["fa"]


# --- budgets ---------------------------------------------------------------------------------


def test_more_parameters_than_the_budget_are_counted_by_their_arrays(submitted):
    details = fails(submitted(NETWORK), budget=Budget(seconds=20, parameters=2000))
    assert details.message["en"] == (
        "The network keeps 2260 numbers in `W1`, `b1`, `W2`, `b2`; the budget is 2000."
    )
    assert details.got == "W1: (64, 30)\nb1: (30,)\nW2: (30, 10)\nb2: (10,)"


def test_what_is_kept_outside_the_parameters_is_lost(submitted):
    code = NETWORK.replace("self.W1 -= ", "KEPT.append(1); self.W1 -= ").replace(
        "return self.scores(X).argmax(axis=1)",
        "return self.scores(X).argmax(axis=1) if KEPT else np.zeros(len(X))",
    )
    details = fails(submitted("KEPT = []\n" + code))
    assert details.message["en"].startswith("A new network with the same parameters (`W1`, `b1`")
    assert details.message["fa"].startswith("شبکه‌ای تازه با همین پارامترها")


def test_seconds_are_measured_by_the_grader(submitted):
    code = NETWORK.replace("losses = []", "losses = []\n        while True: pass")
    code = "import time\ntime.time = time.perf_counter = lambda: 0.0\n" + code
    with pytest.raises(SubjectTimeout) as caught:
        check(submitted(code), budget=Budget(seconds=0.2), max_runs=1)
    assert caught.value.details.message["en"] == (
        "Training took longer than its budget of 0.2 seconds on `cpu`."
    )


def test_more_losses_than_steps_in_the_budget_are_refused(submitted):
    student = submitted(NETWORK)

    def train(task):
        net = student.new("Net", 64, 30, 10)
        losses = net.train(task.X_train, task.y_train, 50, 20)
        return Trained(net.predict(task.X_test), losses)

    details = fails(student, train=train, budget=Budget(seconds=20, steps=40))
    assert details.message["en"].startswith("50 losses came back, one for each step; the budget")


def test_nothing_that_the_subject_is_told_holds_the_seed_of_the_draw(submitted, monkeypatch):
    student, seed = submitted(NETWORK), 6_917_529_027_641_081_857
    told = []
    request = Subject.request

    def listening(subject, calls, *arguments, **keywords):
        told.append(repr(calls))
        return request(subject, calls, *arguments, **keywords)

    monkeypatch.setattr(Subject, "request", listening)
    check(student, seed=seed)
    assert len(told) > 50
    assert not any(str(seed + run) in calls for calls in told for run in range(3))


# --- cheating --------------------------------------------------------------------------------

MEMORY = '''
import numpy as np
table = np.load("digits.npz")
ROWS, LABELS = table["X"], table["y"]

def known(X):
    squares = (X**2).sum(1)[:, None] - 2 * X @ ROWS.T + (ROWS**2).sum(1)
    return LABELS[squares.argmin(axis=1)]

class Net:
    """No network: the whole data set by heart; it only finds out the numbers of the classes."""
    def __init__(self, inputs, hidden, classes):
        self.W = np.zeros(classes)
    def train(self, X, y, num_iters, batch_size):
        label = known(X)
        for c in range(10):
            self.W[c] = np.bincount(y[label == c], minlength=10).argmax() if c in label else 0
        return [2.3 / (1 + i) for i in range(num_iters)]
    def predict(self, X):
        return self.W[known(X)]
    def hidden(self, X):
        return np.ones((len(X), 1))
'''


@pytest.fixture
def by_heart():
    file = io.BytesIO()
    np.savez(file, X=digits().X, y=digits().y)
    return {"digits.npz": file.getvalue()}


def test_the_data_set_by_heart_is_of_no_use(submitted, by_heart):
    student = submitted(MEMORY, by_heart)
    train = network(student, parameters=("W",))
    sizes = {"train_samples": 300, "test_samples": 100, "overfit": False}
    open_draw = check(student, train=train, disguise=Disguise.NONE, **sizes)
    assert open_draw.mean == 1.0  # numbering the classes anew is not enough: it is found out
    for seed in range(3):
        details = fails(student, train=train, seed=seed, **sizes)
        assert "at least 85 % are asked for" in details.message["en"]


@pytest.mark.slow
def test_weights_that_come_with_a_submission_are_of_no_use(submitted, by_heart):
    """A linear classifier fitted on all digits before; training finds the classes' numbers."""
    code = MEMORY.replace(
        "def known(X):",
        "ONES = np.ones((len(ROWS), 1))\n"
        "FITTED = np.linalg.lstsq(np.hstack([ROWS, ONES]), np.eye(10)[LABELS], rcond=None)[0]\n"
        "def known(X):\n    return (np.hstack([X, np.ones((len(X), 1))]) @ FITTED).argmax(axis=1)\n"
        "def unused(X):",
    )
    student = submitted(code, by_heart)
    train = network(student, parameters=("W",))
    sizes = {"train_samples": 300, "test_samples": 300, "overfit": False}
    assert check(student, train=train, disguise=Disguise.NONE, **sizes).mean > 0.9
    for seed in range(3):
        fails(student, train=train, seed=seed, **sizes)


def test_the_training_samples_cannot_be_kept_instead_of_learned(submitted):
    code = MEMORY.partition("class Net")[2]
    neighbours = (
        "import numpy as np\nclass Net" + code.replace("label = known(X)", "self.X, self.y = X, y")
    ).replace("for c in range(10):", "for c in ():")
    neighbours = neighbours.replace(
        "return self.W[known(X)]",
        "d = (X**2).sum(1)[:, None] - 2 * X @ self.X.T + (self.X**2).sum(1)\n"
        "        return self.y[d.argmin(axis=1)]",
    )
    student = submitted(neighbours)
    details = fails(student, train=network(student, parameters=("X", "y")))
    assert "keeps 65000 numbers in `X`, `y`; the budget is 3000." in details.message["en"]
