"""nbgrader's notebooks, written here: what is carried over, and what is said."""

import json

import nbformat
import pytest

from autograder.assignment import load_assignment
from autograder.authoring.imported import write_imported
from autograder.authoring.nbgrader import read_nbgrader
from autograder.errors import AssignmentError, UsageError

new = nbformat.v4

SQUARES = '''def squares(n):
    """The first n squares."""
    ### BEGIN SOLUTION
    if n < 1:
        raise ValueError("n must be at least 1")
    return [i ** 2 for i in range(1, n + 1)]
    ### END SOLUTION'''

TESTS = """from nose.tools import assert_equal, assert_raises
assert_equal(squares(3), [1, 4, 9])
assert close(sum(squares(2)), 5)
### BEGIN HIDDEN TESTS
assert_raises(ValueError, squares, 0)
### END HIDDEN TESTS"""

COUNTER = '''class Counter:
    """Counts."""

    def __init__(self):
        self.n = 0

    def add(self):
        """Add one."""
        self.n += 1
        return self.n'''

COUNTER_TESTS = """c = Counter()
c.add()
assert c.n == 1
c.n = 7
assert c.add() == 8"""

ANSWER_TESTS = """assert answer == 42
try:
    squares(-1)
except ValueError:
    pass
else:
    raise AssertionError("no error")"""


def code(source, **meta):
    return new.new_code_cell(source, metadata={"nbgrader": meta} if meta else {})


def text(source, **meta):
    return new.new_markdown_cell(source, metadata={"nbgrader": meta} if meta else {})


def solution(name, **more):
    return {"grade": False, "solution": True, "grade_id": name, "schema_version": 3, **more}


def graded(name, points=1, **more):
    return {"grade": True, "solution": False, "grade_id": name, "points": points, **more}


CELLS = [
    text("# Squares\n\nRead `squares`."),
    code("import math\nTOL = 1e-6\n\ndef close(a, b):\n    return math.fabs(a - b) < TOL"),
    code(SQUARES, **solution("squares")),
    code(TESTS, **graded("squares-test", 4, schema_version=3, locked=True)),
    code(COUNTER, **solution("counter")),
    code(COUNTER_TESTS, **graded("counter test", "2.0", schema_version=1)),
    code("answer = 42", **solution("answer", schema_version=2)),
    code(ANSWER_TESTS, **graded("answer-test", 1)),
    text("The model answer.", grade=True, solution=True, grade_id="essay", points=3),
    text("Prove it.\n\n=== BEGIN MARK SCHEME ===\n2 for x\n=== END MARK SCHEME ===", task=True,
         grade_id="proof", points=5, grade=False, solution=False),
    code("import inspect\nassert 'for' in inspect.getsource(squares)", **graded("looks-inside")),
    code("assert callable(squares)", **graded("squares-test", 1)),
]  # fmt: skip


@pytest.fixture
def notebook(tmp_path):
    """Writes a notebook of these cells."""

    def make(cells, name="squares.ipynb"):
        path = tmp_path / name
        nbformat.write(new.new_notebook(cells=cells), path)
        return path

    return make


@pytest.fixture
def imported(notebook, tmp_path):
    """The folder made of CELLS, and the report."""
    path = notebook(CELLS)
    report = write_imported(read_nbgrader(path), path, tmp_path / "made")
    return tmp_path / "made", report


def test_assignment_loads_with_the_points_of_the_tests(imported):
    folder, report = imported
    assignment = load_assignment(folder)
    assert assignment.submission.names == ("Counter", "answer", "squares")
    assert [q.id for q in assignment.questions] == [
        *("squares_test", "counter_test", "answer_test", "squares_test_12"),
    ]
    assert (report.checks, report.points) == (5, 8)


def test_tests_become_checks_over_the_student(imported):
    checks = (imported[0] / "checks" / "test_squares.py").read_text()
    compile(checks, "checks", "exec")
    assert "assert student.squares(3) == [1, 4, 9]" in checks
    assert "c = student.new('Counter')" in checks and "c.get('n') == 1" in checks
    assert "c.set('n', 7)" in checks
    assert "assert value_of(student, 'answer') == 42" in checks
    assert "def close(a, b):" in checks and "TOL = 1e-06" in checks and "import math" in checks
    assert "student.has('squares')" in checks
    assert "nose" not in checks


def test_hidden_tests_are_a_hidden_check_of_half_the_points(imported):
    checks = (imported[0] / "checks" / "test_squares.py").read_text()
    visible, hidden = checks.split("def test_squares_test_hidden(student)")
    assert "pytest.raises(StudentError)" not in visible
    assert "pytest.raises(StudentError)" in hidden and "['ValueError']" in hidden
    assert '@pytest.mark.points(2, question="squares_test", visibility="hidden")' in visible


def test_what_cannot_be_carried_over_is_said(imported):
    said = "\n".join(imported[1].lost)
    for words in (
        "essay: a written answer of 3 points",
        "proof: a task of 5 points",
        "proof: its marking scheme was left out",
        "test looks-inside (1 points): inspect() looks into the student's code",
        "two cells have the grade_id squares-test",
        "shared in halves",
        "handout.fa.md",
    ):
        assert words in said


def test_model_answers_and_marking_schemes_go_nowhere(imported):
    for path in imported[0].rglob("*"):
        if path.is_file():
            assert "model answer." not in path.read_text() and "2 for x" not in path.read_text()


def test_bodies_without_markers_get_them(imported):
    made = nbformat.read(imported[0] / "solution" / "squares.ipynb", as_version=4)
    (counter,) = [cell.source for cell in made.cells if "class Counter" in cell.source]
    assert counter.count("### BEGIN SOLUTION") == counter.count("### END SOLUTION") == 2
    assert '"""Add one."""\n        ### BEGIN SOLUTION' in counter
    (answer,) = [cell.source for cell in made.cells if "answer = 42" in cell.source]
    assert answer.endswith("### STARTER\n# answer = None  # your code\n### END SOLUTION")
    assert not any(cell.metadata for cell in made.cells)


@pytest.mark.slow
def test_the_checks_run(imported, run):
    folder = imported[0]
    own = folder / "solution" / "squares.ipynb"
    assert run("check", folder, own, "--isolation", "none").returncode == 0
    (folder / "wrong.py").write_text(
        "def squares(n):\n    return [i for i in range(n)]\n\n\nanswer = 'many'\n"
    )
    done = run("check", folder, folder / "wrong.py", "--json", "--isolation", "none")
    assert done.returncode == 1 and '"internal_error"' not in done.stdout


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([code("x = 1")], "no cell in it has nbgrader's metadata"),
        ([code(SQUARES, **solution("a"))], "no test in it can be carried over"),
        (
            [code(SQUARES, **solution("a")), code("assert squares(", **graded("t"))],
            "line 1 does not parse",
        ),
        (
            [code(SQUARES, **solution("a")), code("assert nothing(squares(1))", **graded("t"))],
            "it uses nothing, which no cell defines",
        ),
        ([code("assert 1 == 1", **graded("t"))], "asks nothing of the student's code"),
    ],
)
def test_a_notebook_that_is_no_assignment_is_one_line(notebook, tmp_path, cells, said):
    path = notebook(cells)
    with pytest.raises(AssignmentError) as error:
        write_imported(read_nbgrader(path), path, tmp_path / "made")
    assert said in str(error.value) and "\n" not in str(error.value)
    assert not (tmp_path / "made").exists()


REALISTIC = [
    code("NAME = ''"),
    code("import numpy as np\n%matplotlib inline", **solution("imports", solution=False)),
    text("## ReLU نشتی\n\n![a line](attachment:line.png)"),
    code("%%time\ndef leaky(x, slope=0.1):\n    \"\"\"نشتی\"\"\"\n    ### BEGIN SOLUTION\n"
         "    return np.where(x > 0, x, slope * x)\n    ### END SOLUTION", **solution("leaky")),
    code("# YOUR CODE HERE\n### BEGIN SOLUTION\nbest = 0.05\nnp.random.seed(0)\n### END SOLUTION",
         **solution("best")),
    code("assert np.allclose(leaky(np.array([-1.0, 2.0])), [-0.1, 2.0]), 'نادرست'\nassert best < 1",
         **graded("leaky-test", 2)),
    new.new_raw_cell("notes of the author"),
]  # fmt: skip


def test_magics_windows_line_ends_attachments_and_persian(notebook, tmp_path, run):
    path = notebook(REALISTIC)
    document = json.loads(path.read_text())
    document["cells"][2]["attachments"] = {"line.png": {"image/png": "aGVsbG8="}}
    for cell in document["cells"]:
        cell["source"] = "".join(cell["source"]).replace("\n", "\r\n")
    path.write_bytes(json.dumps(document, indent=1).replace("\n", "\r\n").encode())
    made = tmp_path / "made"
    report = write_imported(read_nbgrader(path), path, made)
    said = "\n".join(report.lost)
    assert "a raw cell was left out: notes of the author" in said
    assert "the picture line.png inside a text cell was left out" in said
    assert (report.checks, report.points) == (1, 2)

    run("release", made, "--output", tmp_path / "out", check=0)
    starter = (tmp_path / "out" / "squares" / "squares.py").read_text()
    compile(starter, "squares.py", "exec")
    assert "# %matplotlib inline" in starter and "best = None  # your code" in starter
    document = json.loads((tmp_path / "out" / "squares" / "squares.ipynb").read_text())
    code_cells = ["".join(cell["source"]) for cell in document["cells"]]
    assert "import numpy as np\n%matplotlib inline" in code_cells
    run("check", made, made / "solution" / "squares.ipynb", check=0)


def test_seed_of_an_import_is_drawn_at_random(notebook, tmp_path):
    path = notebook(CELLS)
    for name in ("first", "second"):
        write_imported(read_nbgrader(path), path, tmp_path / name)
    first, second = (load_assignment(tmp_path / name).seed for name in ("first", "second"))
    assert first != second and min(first, second) > 1 << 32


def test_a_students_version_is_said(notebook):
    unsolved = "def f(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    imported = read_nbgrader(notebook([code(unsolved, **solution("f"))]))
    assert imported.lost == ["f: no solution in it; write it between the markers"]


def test_an_output_folder_with_content_is_refused(notebook, tmp_path):
    path = notebook(CELLS)
    with pytest.raises(UsageError, match="not empty"):
        write_imported(read_nbgrader(path), path, tmp_path)


@pytest.mark.parametrize("kind", ["nbgrader", "otter"])
def test_bad_files_are_one_line_on_the_command_line(run, tmp_path, kind):
    (tmp_path / "bad.ipynb").write_text("{")
    done = run("import", kind, tmp_path / "bad.ipynb", "--output", tmp_path / "made")
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert "not a Jupyter notebook" in done.stderr
