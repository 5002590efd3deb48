"""The starter, from a solution in each form that an instructor may write."""

import ast

import nbformat
import pytest

from autograder.assignment import load_assignment
from autograder.authoring.forms import write_forms, write_slow
from autograder.authoring.leaks import Secrets, find_leaks, secret_lines
from autograder.authoring.solution import find_solution, make_starter
from autograder.entry import choose_entry
from autograder.errors import AssignmentError
from autograder.submission import read_submission

new = nbformat.v4
MEAN = '''def mean(values):
    """The mean."""
    ### BEGIN SOLUTION
    total_of_all_values = sum(values)
    return total_of_all_values / len(values)
    ### END SOLUTION'''
LOSS = (
    "def squared_loss(w, X, y):\n    ### BEGIN SOLUTION\n    return 0, 0 * w\n    ### END SOLUTION"
)


@pytest.fixture
def with_notebook(course):
    """The assignment with a notebook as its solution: outputs and metadata hold secrets."""
    (course / "solution" / "course.py").unlink()
    secret = "total_of_all_values = sum(values)"
    output = new.new_output("stream", text=secret)
    cells = [
        new.new_markdown_cell("# Squares\n\nWrite both."),
        new.new_code_cell("import numpy as np"),
        new.new_code_cell(MEAN, outputs=[output], metadata={"kept": secret}),
        new.new_raw_cell(secret),
        new.new_code_cell(LOSS),
    ]
    notebook = new.new_notebook(cells=cells, metadata={"author": secret})
    nbformat.write(notebook, course / "solution" / "course.ipynb")
    return load_assignment(course)


def test_a_notebook_makes_both_forms_without_its_secrets(with_notebook):
    starter = make_starter(with_notebook, find_solution(with_notebook))
    assert set(starter.files) == {"course.py", "course.ipynb"}
    secrets = Secrets(solution=secret_lines(starter.solved, starter.shown))
    assert secrets.solution
    assert find_leaks(starter.files, secrets, set(starter.files)) == []
    for name, data in starter.files.items():
        entry = choose_entry({name: data}, with_notebook.submission)
        assert {"mean", "squared_loss"} <= entry.defined.own
    tree = ast.parse(starter.files["course.py"])
    assert ast.get_docstring(tree) == "Squares\n\nWrite both."


@pytest.mark.parametrize("form", ["py", "ipynb", "zip", "crlf", "folder"])
def test_every_form_of_a_solution_can_be_read(course, tmp_path, form):
    assignment = load_assignment(course)
    path = write_forms(find_solution(assignment), tmp_path / "forms")[form]
    submission = read_submission(path, assignment.submission, id=form)
    assert "residual_of_the_fit" in "".join(source.code for source in submission.sources)
    if form == "crlf":
        assert b"\r\n" in path.read_bytes()


def test_every_form_of_a_notebook_can_be_read(with_notebook, tmp_path):
    forms = write_forms(find_solution(with_notebook), tmp_path / "forms")
    for form, path in forms.items():
        submission = read_submission(path, with_notebook.submission, id=form)
        assert "total_of_all_values" in "".join(source.code for source in submission.sources)


def test_the_slow_form_waits_in_every_graded_call(course, tmp_path, monkeypatch):
    assignment = load_assignment(course)
    path = write_slow(assignment, find_solution(assignment), tmp_path / "slow")
    waited = []
    monkeypatch.setattr("time.sleep", waited.append)
    names = {}
    exec(path.read_text(), names)  # the test's own file
    assert names["mean"]([1.0, 3.0]) == 2.0
    assert len(waited) == 1


def test_a_solution_of_several_files_keeps_its_layout(make):
    code = (
        "def mean(values):\n    ### BEGIN SOLUTION\n    return sum(values)\n    ### END SOLUTION\n"
    )
    changes = {
        "course/solution/pack/__init__.py": "",
        "course/solution/pack/stats.py": code,
        "course/solution/course.py": "from pack.stats import mean\n",
    }
    assignment = load_assignment(make(changes))
    starter = make_starter(assignment, find_solution(assignment))
    assert set(starter.files) == {"course.py", "pack/__init__.py", "pack/stats.py"}
    assert starter.files["course.py"] == b"from pack.stats import mean\n"
    assert b"NotImplementedError" in starter.files["pack/stats.py"]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("def f(:\n    ### BEGIN SOLUTION\n    pass\n    ### END SOLUTION\n", "does not parse"),
        ("if x:\n### BEGIN SOLUTION\n    y = 1\n### END SOLUTION\n", "does not parse"),
    ],
)
def test_a_starter_that_does_not_parse_is_said(make, code, said):
    assignment = load_assignment(make({"course/solution/course.py": code}))
    with pytest.raises(AssignmentError, match=said):
        make_starter(assignment, find_solution(assignment))


def test_no_solution_is_said(course):
    assignment = load_assignment(course)
    (course / "solution" / "course.py").unlink()
    with pytest.raises(AssignmentError, match="the solution lives there"):
        find_solution(assignment)
    (course / "solution").rmdir()
    with pytest.raises(AssignmentError, match="no folder solution"):
        find_solution(assignment)
