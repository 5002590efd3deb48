"""Collecting checks once and running them against submissions; outcomes of every kind.

pytest inside pytest: each test starts the collected session in a process of its own.
"""

import json
import subprocess
import sys

import pytest

SCRIPT = """
import json, sys
from pathlib import Path
from autograder.assignment import load_assignment
from autograder.errors import AssignmentError
from autograder.grading import Grader, open_launcher
from autograder.report.document import result_document
from autograder.session import with_checks

root, *paths = sys.argv[1:]
assignment = load_assignment(Path(root))
documents = []
with open_launcher(assignment, "auto", own_code=True) as launcher:
    def body(checks):
        grader = Grader(assignment, checks, launcher)
        for path in paths:
            document = result_document(grader.grade(Path(path), Path(path).stem).grade, "en")
            documents.append(document)
    try:
        with_checks(assignment, body)
    except AssignmentError as error:
        documents = {"problem": str(error)}
print("DOCUMENTS" + json.dumps(documents))
"""


@pytest.fixture
def grade(tmp_path):
    def grade(root, *sources):
        paths = []
        for index, source in enumerate(sources):
            path = tmp_path / f"submission-{index}.py"
            path.write_text(source, encoding="utf-8")
            paths.append(str(path))
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(root), *paths],
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert "DOCUMENTS" in done.stdout, done.stderr
        return json.loads(done.stdout.partition("DOCUMENTS")[2])

    return grade


def outcomes(document):
    return {check["id"].partition("::")[2]: check["outcome"] for check in document["checks"]}


def test_right_wrong_and_right_again(grade, small, right):
    wrong = right.replace("2 * x", "3 * x")
    first, second, third = grade(small, right, wrong, right)
    assert first["score"] == third["score"] == 10
    assert second["score"] == 5
    assert outcomes(second) == {
        "test_double": "failed",
        "test_double_of_any_number": "not_run",
        "test_mean": "passed",
    }
    first.pop("seconds"), third.pop("seconds")
    for document in (first, third):
        document.pop("submission")
        for check in document["checks"]:
            check.pop("seconds")
    assert first == third


def test_titles_hints_and_persian_come_from_the_docstring(grade, small, right):
    (document,) = grade(small, right.replace("2 * x", "3 * x"))
    check = document["checks"][0]
    assert check["title"] == "Doubling 3 gives 6."
    assert check["hint"] == "Multiply by two."
    assert "double(3.0)" in check["message"]


def test_a_property_shows_its_smallest_example(grade, small, right):
    (document,) = grade(small, right.replace("2 * x", "2 * x if x < 17 else 0.0"))
    check = document["checks"][1]
    assert check["outcome"] == "failed"
    assert "17.0" in check["example"]


GATE = """
class Gate:
    def __init__(self, factor): self.factor = factor
    def forward(self, x): self.x = x; return x
    def backward(self, dz): return dz
def double(x): return 2 * x
"""


def test_what_was_done_with_an_object_before_is_in_the_example(grade, make_assignment):
    root = make_assignment(
        "import numpy as np\nimport pytest\n"
        "from autograder.checks import check_value\n"
        "@pytest.mark.points(1, question='q1')\n"
        "def test_it(student):\n"
        "    gate = student.new('Gate', 3.0)\n"
        "    gate.set('scale', 2.0)\n"
        "    gate.forward(np.array([1.0, 2.0]))\n"
        "    check_value(gate.backward(np.array([5.0, 6.0])), [15.0, 18.0])\n"
    )
    (document,) = grade(root, GATE)
    (check,) = document["checks"]
    assert "called: Gate(3.0).backward(dz)" in check["message"]
    assert check["example"] == (
        "Gate(3.0).scale = 2.0\n\nGate(3.0).forward(x)\nx = [1., 2.]\n\n"
        "Gate(3.0).backward(dz)\ndz = [5., 6.]"
    )


def test_of_an_object_used_often_only_the_last_call_is_in_the_example(grade, make_assignment):
    root = make_assignment(
        "import pytest\n"
        "from autograder.checks import check_value\n"
        "@pytest.mark.points(1, question='q1')\n"
        "def test_it(student):\n"
        "    gate = student.new('Gate', 3.0)\n"
        "    for x in range(9):\n"
        "        gate.forward(x)\n"
        "    check_value(gate.backward(5.0), 15.0)\n"
    )
    (document,) = grade(root, GATE)
    assert document["checks"][0]["example"] == "dz = 5.0"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def mean(x): return 0", "Your file defines no `double`."),
        ("def double(x): raise NotImplementedError", "This part is not written yet"),
    ],
)
def test_what_does_not_run_needs_no_example(grade, small, source, message):
    (document,) = grade(small, source)
    check = document["checks"][0]
    assert check["message"].startswith(message)
    assert check["example"] is None
    assert check["hint"] != "Multiply by two."


def test_a_name_may_be_in_the_part_that_was_passed_over(grade, small, right):
    (document,) = grade(small, "1 / 0\n" + right.replace("def double", "def doubled"))
    assert document["checks"][0]["hint"].startswith("A part of your file was passed over")


BODIES = {
    "student.double(1.0)": ("error", "def double(x): return 1 / 0"),
    "a, b = student.double(1.0)": ("failed", "def double(x): return 3.0"),
    "assert student.double(1.0) == 2.0": ("failed", "def double(x): return 3.0"),
    "student.missing(1.0)": ("error", "def double(x): return 3.0"),
    "student.double(2.0)": ("error", "class A: pass\ndef double(x): return A()"),
    "student.double(3.0)": ("timeout", "def double(x):\n    while True: pass"),
    "student.double(4.0)": ("crashed", "import os\ndef double(x): os._exit(0)"),
    "student.double(5.0)": ("error", "import sys\ndef double(x): sys.exit(0)"),
    "raise RuntimeError('our own')": ("internal_error", "def double(x): return 3.0"),
    "student.double(object())": ("internal_error", "def double(x): return 3.0"),
    "pytest.skip('no GPU')": ("internal_error", "def double(x): return 3.0"),
    "student.double(6.0)": ("passed", "def double(x): return 3.0"),
}


@pytest.mark.parametrize("body", BODIES)
def test_every_ending_has_its_outcome(grade, make_assignment, body):
    outcome, source = BODIES[body]
    checks = (
        "import pytest\n"
        "@pytest.mark.points(1, question='q1')\n"
        f"def test_it(student):\n    {body}\n"
        "@pytest.mark.points(1, question='q1')\n"
        "def test_after(student):\n    assert student.has('double')\n"
    )
    (document,) = grade(make_assignment(checks), source)
    assert outcomes(document) == {"test_it": outcome, "test_after": "passed"}
    assert document["score"] == (2 if outcome == "passed" else 1)
    expected = "internal_error" if outcome == "internal_error" else "graded"
    assert document["status"] == expected


def test_session_fixtures_start_anew_with_each_submission(grade, make_assignment):
    checks = """
        import pytest

        @pytest.fixture(scope="session")
        def answer(student):
            return student.double(1.0)

        @pytest.mark.points(1, question="q1")
        def test_one(answer):
            assert answer == 2.0

        @pytest.mark.points(1, question="q1")
        def test_two(answer):
            assert answer == 2.0
    """
    documents = grade(
        make_assignment(checks),
        "def double(x): return 2.0",
        "def double(x): return 3.0",
        "def double(x): return 2.0",
    )
    assert [document["score"] for document in documents] == [2, 0, 2]


def test_objects_stay_in_the_subject_and_answer_calls(grade, make_assignment):
    checks = """
        import numpy as np
        import pytest
        from autograder.checks import Call

        @pytest.mark.points(1, question="q1")
        def test_object(student):
            model = student.new("Model", 3)
            assert model.get("size") == 3
            model.set("size", 4)
            assert model.grow(by=2) == 6
            assert model.call("grow", by=1) == 7
            f = student.define("lambda x: x ** 2")
            assert student.apply(f, 3.0) == 9.0
            assert student.ask(model) == 7
            assert student.calls([Call("double", (1,)), Call("double", (2,), {})]) == [2, 4]
            assert student.last_call.call == "double(2)"
    """
    source = """
class Model:
    def __init__(self, size): self.size = size
    def grow(self, by):
        self.size += by
        return self.size
def apply(f, x): return f(x)
def ask(model): return model.size
def double(x): return 2 * x
"""
    (document,) = grade(make_assignment(checks), source)
    assert outcomes(document) == {"test_object": "passed"}, document["checks"][0]["message"]


def test_a_different_answer_to_the_same_question_is_named(grade, make_assignment):
    checks = """
        import pytest
        from hypothesis import given, strategies as st

        @pytest.mark.points(1, question="q1")
        @given(x=st.integers(0, 10))
        def test_it(student, x):
            assert student.double(x) % 5 != 4
    """
    source = "n = 0\ndef double(x):\n    global n\n    n += 1\n    return n\n"
    (document,) = grade(make_assignment(checks), source)
    assert outcomes(document) == {"test_it": "failed"}


@pytest.mark.parametrize(
    ("checks", "problem"),
    [
        ("def test_it(student): pass", "test_it: no points"),
        ("import pytest\n@pytest.mark.points('2', question='q1')\ndef test_it(): pass", "number"),
        ("import pytest\n@pytest.mark.points(2, question='q9')\ndef test_it(): pass", "'q9'"),
        (
            "import pytest\n@pytest.mark.points(2, question='q1', visibility='x')\n"
            "def test_it(): pass",
            "visibility='x'",
        ),
        (
            "import pytest\n@pytest.mark.points(2, question='q1', requires=['test_b'])\n"
            "def test_it(): pass",
            "test_b",
        ),
        ("import nothing_of_that_name", "nothing_of_that_name"),
        ("import nothing_of_that_name", "as import_paths in assignment.toml (now: nothing)"),
        ("def helper(): pass", "no check in it"),
        ("def broken(:", "test_small"),
    ],
)
def test_checks_that_cannot_be_used_get_one_line(grade, make_assignment, checks, problem):
    found = grade(make_assignment(checks))
    assert problem in found["problem"]


PLAIN_PYTEST = [sys.executable, "-m", "pytest", "-p", "autograder.plugin"]
PLAIN_PYTEST += ["-q", "-p", "no:cacheprovider"]


def test_plain_pytest_runs_the_checks_too(small, right, tmp_path):
    submission = tmp_path / "mine.py"
    submission.write_text(right.replace("2 * x", "3 * x"), encoding="utf-8")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "autograder.plugin",
            str(small / "checks"),
            "--submission",
            str(submission),
            "-q",
            "-p",
            "no:cacheprovider",
        ],
        capture_output=True,
        text=True,
        timeout=120,
        env={**__import__("os").environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )
    assert "2 failed, 1 passed" in done.stdout, done.stdout + done.stderr
    assert "double(3.0)" in done.stdout
    assert done.returncode == 1


def test_without_a_submission_plain_pytest_says_what_to_do(small):
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "autograder.plugin",
            str(small / "checks"),
            "-q",
            "-p",
            "no:cacheprovider",
        ],
        capture_output=True,
        text=True,
        timeout=120,
        env={**__import__("os").environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )
    assert "pytest CHECKS --submission FILE" in done.stdout
