"""`autograder calibrate` on a small assignment, and its training check on the whole path."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.authoring.calibrate import solutions_of
from autograder.errors import UsageError

ROOT = Path(__file__).parents[2]

CHECKS = '''
import pytest

from autograder.checks import (
    Attributes, Budget, Disguise, Network, check_training_accuracy, check_value
)


@pytest.mark.points(1, question="q1")
def test_one(student):
    """One is 1."""
    check_value(student.one(), 1.0)


@pytest.mark.points(3, question="q2")
def test_training(student, training_seed):
    """The classifier learns the digits."""
    check_training_accuracy(
        Network(
            student,
            build=lambda task: student.new("Net"),
            fit=lambda net, task, steps: net.train(task.X_train, task.y_train, steps),
            steps=60,
            parameters=Attributes("W"),
            looks=3,
        ),
        at_least=0.85,
        published=0.87,
        seed=training_seed,
        train_samples=1000,
        test_samples=300,
        disguise=Disguise.ROTATION,
        student=student,
        budget=Budget(seconds=5, steps=60, parameters=640),
    )
'''

SOLUTION = """
import numpy as np

RATE = 1.0

def one():
    return 1.0

class Net:
    def __init__(self):
        self.W = None
    def train(self, X, y, steps):
        if self.W is None:
            self.W = 0.001 * np.random.randn(X.shape[1], 10)
        losses = []
        for _ in range(steps):
            rows = np.random.choice(len(X), 50)
            s = X[rows] @ self.W
            p = np.exp(s - s.max(axis=1, keepdims=True))
            p /= p.sum(axis=1, keepdims=True)
            losses.append(-np.log(p[np.arange(50), y[rows]]).mean())
            p[np.arange(50), y[rows]] -= 1
            self.W = self.W - RATE * X[rows].T @ p / 50
        return losses
    def predict(self, X):
        return (X @ self.W).argmax(axis=1)
"""


@pytest.fixture
def assignment(make_assignment):
    root = make_assignment(CHECKS)
    manifest = root / "assignment.toml"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace('["double", "mean"]', '["one", "Net"]'), encoding="utf-8")
    (root / "solution").mkdir()
    (root / "solution" / "small.py").write_text(SOLUTION, encoding="utf-8")
    return root


def command(*arguments):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "autograder", *map(str, arguments)],
        capture_output=True,
        text=True,
        env=environment,
        timeout=300,
    )


@pytest.mark.slow
def test_thresholds_are_recommended_for_reference_and_weakest_solution(assignment):
    weakest = SOLUTION.replace("RATE = 1.0", "RATE = 0.5")
    (assignment / "solution" / "weakest.py").write_text(weakest, encoding="utf-8")
    manifest = assignment / "assignment.toml"
    text = manifest.read_text(encoding="utf-8")
    table = '[training]\nweakest = "solution/weakest.py"\n\n[[questions]]'
    manifest.write_text(text.replace("[[questions]]", table, 1), encoding="utf-8")
    done = command("calibrate", assignment, "--runs", "15", "--json")
    assert done.returncode in (0, 1), done.stderr
    found = json.loads(done.stdout)
    assert (found["schema"], found["runs"], found["goal"]) == (1, 15, 0.001)
    assert found["solutions"] == ["small.py", "weakest.py"]
    (check,) = found["checks"]
    assert check["id"] == "test_small.py::test_training"
    assert (check["at_least"], check["published"], check["max_runs"]) == (0.85, 0.87, 3)
    assert done.returncode == (check["chance_of_failing"] >= 0.001)
    advice = check["recommended"]
    assert 0.7 < advice["at_least"] < advice["published"] < 1
    assert advice["chance_of_failing"] < 0.001
    reference, weak = check["solutions"]
    assert reference["mean"] > weak["mean"] > 0.8
    for one in (reference, weak):
        assert len(one["accuracies"]) == 15 and one["held_out"] == 300
        assert len(set(one["accuracies"])) > 3  # each training another draw
        assert one["replayed"]["gradings"] >= 5
        assert one["lowest"] <= one["mean"] <= one["highest"]


def test_the_table_says_what_to_publish(assignment):
    done = command("calibrate", assignment, "--runs", "10")
    assert "test_small.py::test_training: publish " in done.stdout
    assert "grade with at_least=0." in " ".join(done.stdout.split())


@pytest.mark.slow
def test_a_solution_that_does_not_get_through_is_said(assignment):
    wrong = SOLUTION.replace("return losses", "return None")
    (assignment / "solution" / "small.py").write_text(wrong, encoding="utf-8")
    done = command("calibrate", assignment, "--runs", "10")
    assert done.returncode == 2
    assert "failed in test_small.py::test_training: `None` came back where" in done.stderr


def test_an_assignment_without_a_training_check_is_said(small):
    (small / "solution").mkdir()
    (small / "solution" / "small.py").write_text("x = 1", encoding="utf-8")
    done = command("calibrate", small, "--runs", "10")
    assert done.returncode == 2
    assert "no training check; one asks for the fixture training_seed" in done.stderr


def test_an_assignment_without_a_solution_is_said(small):
    with pytest.raises(UsageError, match="no solution in it"):
        solutions_of(load_assignment(small))


# --- the whole path --------------------------------------------------------------------------


@pytest.fixture
def graded(assignment, make_class, tmp_path):
    """Grades a class of solutions; result.json by submission."""

    def grade(sources, output="graded", *options):
        folder = make_class({f"{name}.py": code for name, code in sources.items()}, output + "-in")
        done = command("grade", assignment, folder, "--output", tmp_path / output, *options)
        assert done.returncode == 0, done.stderr
        return {
            name: json.loads((tmp_path / output / name / "result.json").read_text(encoding="utf-8"))
            for name in sources
        }

    return grade


def training_of(document):
    (check,) = [c for c in document["checks"] if "training" in c]
    return check["training"]


def test_a_regrade_is_the_same_and_another_submission_gets_another_draw(graded, tmp_path):
    sources = {"student-01": SOLUTION, "student-02": SOLUTION + "\n# mine\n"}
    first, again = graded(sources), graded(sources, "again", "--jobs", "2", "--lang", "fa")
    for name in sources:
        assert training_of(first[name]) == training_of(again[name])
        assert first[name]["score"] == 4
    one, other = (training_of(first[name]) for name in sources)
    assert one["curves"] != other["curves"]
    assert one["passed"] is True and one["at_least"] == 0.85 and one["device"] == "cpu"
    kinds = [curve["kind"] for curve in one["curves"]]
    assert kinds == ["loss", "train_accuracy", "test_accuracy", "update_ratio"]
    assert len(one["curves"][0]["values"]) == 60
    assert [c["id"] for c in first["student-01"]["checks"] if "training" not in c] == [
        "test_small.py::test_one"
    ]
    english = (tmp_path / "graded" / "student-01" / "report.html").read_text(encoding="utf-8")
    persian = (tmp_path / "again" / "student-01" / "report.html").read_text(encoding="utf-8")
    assert english.count('<svg class="curve"') == persian.count('<svg class="curve"') == 3
    assert "Accuracy on held-out samples in each run: " in english
    assert "دقت روی نمونه‌های کنارگذاشته در هر بار آموزش: " in persian


@pytest.mark.slow
def test_the_secret_decides_the_draw_and_is_never_told(graded, assignment):
    before = training_of(graded({"student-01": SOLUTION})["student-01"])
    (assignment / "secret").write_text("0123456789abcdef" * 2 + "\n", encoding="utf-8")
    document = graded({"student-01": SOLUTION}, "secret")["student-01"]
    assert training_of(document)["curves"] != before["curves"]
    assert "0123456789abcdef" not in json.dumps(document)
