"""The kill matrix: what catches what, what survives, and how it is shown."""

import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from autograder.authoring.kill import Kill, KillMatrix
from autograder.authoring.kill_views import kill_page, kill_table
from autograder.records import CheckSpec, Misconception, Visibility

ROOT = Path(__file__).parents[2]
COMPONENTS = """
import numpy as np
from autograder.components import Component, WrongVersion
from autograder.records import Misconception

def known(id, version):
    text = {"en": id, "fa": "نادرست"}
    return WrongVersion(Misconception(id, text, text), version)

COMPONENTS = [
    Component(
        "double",
        question="q1",
        right=lambda x: 2 * x,
        wrong=[known("double.square", lambda x: x**2), known("double.same", lambda x: x)],
        probe=lambda rng: [(rng.normal(),)],
        left_out={"double.same": "for the test"},
    ),
    Component(
        "mean",
        question="q1",
        right=lambda values: np.mean(values),
        wrong=[known("mean.sum", lambda values: np.sum(values))],
        probe=lambda rng: [(rng.normal(size=4),)],
    ),
]
"""
SCRIPT = """
import json, sys
from pathlib import Path
from autograder.assignment import load_assignment
from autograder.authoring.kill import kill_matrix

done = []
matrix = kill_matrix(
    load_assignment(Path(sys.argv[1])),
    early_stop=len(sys.argv) > 2,
    progress=lambda count, total: done.append((count, total)),
)
print(json.dumps({
    "kills": {k.misconception.id: [k.component, k.caught_by, k.by_question, k.named]
              for k in matrix.kills},
    "survivors": [k.misconception.id for k in matrix.survivors],
    "left_out": matrix.left_out, "problems": matrix.problems,
    "complete": matrix.complete, "progress": done,
}))
"""


def run(*arguments):
    import json

    command = [sys.executable, "-c", SCRIPT, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def assignment(small, right):
    (small / "checks" / "components.py").write_text(COMPONENTS, encoding="utf-8")
    (small / "solution").mkdir()
    (small / "solution" / "small.py").write_text(right, encoding="utf-8")
    return small


def test_each_wrong_version_meets_the_checks_that_call_it(assignment):
    found = run(assignment)
    square = ["test_small.py::test_double", "test_small.py::test_double_of_any_number"]
    assert found["kills"]["double.square"] == ["double", square, True, True]
    assert found["left_out"] == [["double", "double.same", "for the test"]]
    assert found["progress"] == [[1, 2], [2, 2]]


def test_a_version_that_another_question_catches_survives(assignment):
    found = run(assignment)
    assert found["kills"]["mean.sum"] == ["mean", ["test_small.py::test_mean"], False, True]
    assert (found["survivors"], found["complete"]) == (["mean.sum"], False)


def test_early_stop_ends_with_the_first_check_of_the_question(assignment):
    found = run(assignment, "early")
    assert found["kills"]["double.square"][1] == ["test_small.py::test_double"]
    assert found["kills"]["mean.sum"][1] == ["test_small.py::test_mean"]


def test_a_solution_that_does_not_pass_makes_the_matrix_worthless(assignment):
    (assignment / "solution" / "small.py").write_text("def double(x):\n    return 2 * x\n")
    found = run(assignment)
    assert found["kills"] == {}
    assert "test_mean: the solution does not pass" in found["problems"][0]
    assert not found["complete"]


DRAWN = """
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

DRAWN = Path(__file__).with_name("drawn.txt")


@pytest.mark.points(1, question="q1")
@settings(max_examples=30)
@given(x=st.integers(0, 10**6))
def test_drawn(student, x):
    \"\"\"Twice any number.

    fa: دو برابر هر عدد.
    \"\"\"
    got = student.double(x)
    with DRAWN.open("a") as file:
        file.write(f"{x} {got} {test_drawn._hypothesis_internal_use_settings.deadline}\\n")
    assert got == 2 * x
"""


def test_properties_run_as_in_grading_whatever_the_components_import_and_are_not_shrunk(assignment):
    checks = assignment / "checks"
    (checks / "test_drawn.py").write_text(DRAWN, encoding="utf-8")
    (checks / "components.py").write_text("import test_drawn\n" + COMPONENTS, encoding="utf-8")
    drawn = []
    for _ in range(2):
        found = run(assignment)
        assert "test_drawn.py::test_drawn" in found["kills"]["double.square"][1]
        file = checks / "drawn.txt"
        rows = [line.split() for line in file.read_text().splitlines()]
        assert {deadline for _, _, deadline in rows} == {"None"}
        drawn.append([(int(x), int(got)) for x, got, _ in rows])
        file.unlink()
    assert drawn[0] == drawn[1], "what is drawn follows from the assignment's seed"
    wrong = [x for x, got in drawn[0] if got != 2 * x]
    assert len(set(wrong)) == 1, "one example that fails is enough"


# --- how it is shown ----------------------------------------------------------------------------

NAME = {"en": "It is <halved>", "fa": "نصف شده است"}


def kill(id, caught_by, by_question):
    return Kill("double", "q1", Misconception(id, NAME, NAME), caught_by, by_question, True)


@pytest.fixture
def matrix():
    specs = tuple(
        CheckSpec(f"test_a.py::test_{q}", NAME, q, Visibility.VISIBLE, 1.0) for q in ("q1", "q2")
    )
    kills = (
        kill("double.half", ("test_a.py::test_q1",), True),
        kill("double.lost", ("test_a.py::test_q2",), False),
    )
    return KillMatrix("small", specs, kills, (("double", "double.same", "equal here"),))


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "caught by no check of the question q1"), ("fa", "هیچ بررسی از سؤال q1")],
)
def test_table_counts_and_names_the_survivors(matrix, language, words):
    console = Console(width=120, record=True)
    console.print(kill_table(matrix, language=language))
    shown = console.export_text()
    assert words in shown
    assert "double.lost" in shown
    assert "double.half" not in shown


def test_page_has_a_row_for_each_version_and_says_what_was_left_out(matrix):
    page = kill_page(matrix)
    assert page.count("It is &lt;halved&gt;") == 2
    assert page.count('class="survivor"') == 1
    assert "●" in page and "○" in page
    assert "equal here" in page
    assert "<script" not in page and "http" not in page.replace("http-equiv", "")


def test_page_in_persian_runs_from_right_to_left(matrix):
    page = kill_page(matrix, language="fa")
    assert 'lang="fa" dir="rtl"' in page
    assert "نصف شده است" in page
    with pytest.raises(ValueError, match="language must be"):
        kill_page(matrix, language="de")
