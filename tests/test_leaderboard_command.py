"""`autograder leaderboard` on a class whose networks are rows of numbers."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

CHECKS = '''
import numpy as np
import pytest
from autograder.checks import Attributes, Budget, Network, check_training_accuracy

def network(student):
    return Network(
        student,
        build=lambda task: student.new("Means"),
        fit=lambda net, task, steps: net.train(task.X_train, task.y_train, steps),
        steps=2,
        parameters=Attributes("centres"),
        looks=1,
    )

@pytest.mark.points(1, question="q1")
def test_digits(student, training_seed):
    """Digits are read."""
    check_training_accuracy(
        network(student), at_least=0.7, seed=training_seed, train_samples=600, test_samples=300,
        student=student, budget=Budget(seconds=5, parameters=1000), overfit=False, max_runs=1,
    )
'''

MEANS = """
import numpy as np
LEADERBOARD_NAME = {name!r}
class Means:
    def __init__(self):
        self.centres = np.zeros((10, 64))
    def train(self, X, y, steps):
        if {learns}:
            self.centres = np.array([X[y == c].mean(axis=0) for c in range(10)])
        return [1.0] * steps
    def predict(self, X):
        return ((X[:, None] - self.centres) ** 2).sum(axis=2).argmin(axis=1)
"""

HOSTILE = '=1+1,"<script>alert(1)'


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "autograder", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )


@pytest.fixture
def graded(make_assignment, make_class, tmp_path):
    """The output of a graded class: two pass, one does not."""
    assignment = make_assignment(
        checks=CHECKS,
        manifest='id = "means"\ntitle.en = "Means"\ntitle.fa = "میانگین‌ها"\n'
        '[submission]\nnames = ["Means"]\n'
        '[[questions]]\nid = "q1"\ntitle.en = "One"\ntitle.fa = "یک"\n',
    )
    folder = make_class(
        {
            "student-01.py": MEANS.format(name=HOSTILE, learns=True),
            "student-02.py": MEANS.format(name="", learns=True),
            "student-03.py": MEANS.format(name="Nobody", learns=False),
        }
    )
    output = tmp_path / "graded"
    done = run("grade", assignment, folder, "-o", output, "--isolation", "none", "--jobs", 1)
    assert done.returncode == 0, done.stderr
    return output


def test_a_leaderboard_of_a_graded_class(graded):
    done = run("leaderboard", graded, "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["submissions"] == 3
    assert len(document["places"]) == 2
    for place in document["places"]:
        assert place["parameters"] == 640
        assert 0.7 <= place["accuracy"] <= 1
        assert place["seconds"] >= 0 and place["device"] == "cpu" and place["runs"] == 1
    stored = json.loads((graded / "student-01" / "result.json").read_bytes())
    training = stored["checks"][0]["training"]
    assert training["parameters"] == 640 and training["name"] == HOSTILE
    assert "student-0" not in done.stdout and "Nobody" not in done.stdout
    page = (graded / "leaderboard.html").read_text(encoding="utf-8")
    assert "<script" not in page and "student-0" not in page
    table = (graded / "leaderboard.csv").read_text(encoding="utf-8-sig")
    names = [row["name"] for row in csv.DictReader(io.StringIO(table))]
    assert f"'{HOSTILE}" in names

    shown = run("leaderboard", graded, "--names", "ids", "--lang", "fa", "--by", "seconds")
    assert "student-01" in shown.stdout and "رتبه" in shown.stdout
    wrong = run("leaderboard", graded, "--check", "test_letters")
    assert wrong.returncode == 2
    assert "--check test_letters: no such check" in wrong.stderr
    assert "name one of them with --check: test_small.py::test_digits" in wrong.stderr


def test_a_class_without_a_training_has_no_leaderboard(small, make_class, right, tmp_path):
    output = tmp_path / "graded"
    folder = make_class({"student-01.py": right})
    run("grade", small, folder, "-o", output, "--isolation", "none", "--jobs", 1)
    done = run("leaderboard", output)
    assert done.returncode == 2
    assert "a leaderboard needs a check" in done.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--device", "gpu"], "names cuda:0"),
        (["--device", "cuda:99", "--isolation", "none"], "there is no /dev/nvidia99"),
    ],
)
def test_a_device_that_is_not_there_is_refused(small, make_class, right, options, words):
    done = run("grade", small, make_class({"student-01.py": right}), *options)
    assert done.returncode == 2
    assert words in done.stderr


def test_data_that_is_not_there_is_said_before_anything_is_graded(
    make_assignment, make_class, right, tmp_path, monkeypatch
):
    monkeypatch.delenv("AUTOGRADER_DATA", raising=False)
    folder = make_assignment()
    manifest = folder / "assignment.toml"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text + '\n[training]\ndata = "mnist"\n', encoding="utf-8")
    output = tmp_path / "graded"
    done = run("grade", folder, make_class({"student-01.py": right}), "-o", output)
    assert done.returncode == 2
    assert "set AUTOGRADER_DATA to the folder" in done.stderr
    assert not output.exists()


def test_a_check_without_its_data_is_nobodys_zero(make_assignment, tmp_path, monkeypatch):
    monkeypatch.delenv("AUTOGRADER_DATA", raising=False)
    folder = make_assignment(
        checks='''
import pytest

@pytest.mark.points(1, question="q1")
def test_it(student, training_data):
    """Something is trained."""
'''
    )
    manifest = folder / "assignment.toml"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text + '\n[training]\ndata = "cifar10"\n', encoding="utf-8")
    mine = tmp_path / "mine.py"
    mine.write_text("def double(x): return 2 * x\ndef mean(x): return 0", encoding="utf-8")
    done = run("check", folder, mine, "--isolation", "none", "--json")
    assert done.returncode == 3
    document = json.loads(done.stdout)
    assert document["status"] == "internal_error"
    assert "AUTOGRADER_DATA" in document["checks"][0]["message"]
    assert "not your fault" in document["checks"][0]["message"]


def test_the_checks_of_a_grading_see_the_devices_of_its_options(
    make_assignment, make_class, tmp_path
):
    folder = make_assignment(
        checks='''
import os
import pytest

@pytest.mark.points(1, question="q1")
def test_it(student):
    """The workers know the options."""
    assert os.environ["AUTOGRADER_DEVICES"] == "cpu"
    assert os.environ["AUTOGRADER_JOBS_PER_DEVICE"] == "3"
'''
    )
    submissions = make_class({"a.py": "def double(x): return x\ndef mean(x): return x"})
    output = tmp_path / "graded"
    options = ["--device", "cpu", "--jobs-per-device", 3, "--isolation", "none", "--json"]
    done = run("grade", folder, submissions, "-o", output, *options)
    assert done.returncode == 0, done.stderr
    (result,) = json.loads(done.stdout)["results"]
    assert [check["outcome"] for check in result["checks"]] == ["passed"]
