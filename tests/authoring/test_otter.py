"""Otter's notebooks, written here: raw-cell blocks, inline marks, outputs as tests."""

import nbformat
import pytest

from autograder.assignment import load_assignment
from autograder.authoring.imported import write_imported
from autograder.authoring.markers import split_solution
from autograder.authoring.otter import flat_yaml, read_otter, solution_lines, with_output
from autograder.errors import AssignmentError

new = nbformat.v4
raw, text = new.new_raw_cell, new.new_markdown_cell


def code(source, shown=None):
    outputs = []
    if shown is not None:
        data = {"text/plain": shown}
        outputs = [new.new_output("execute_result", data=data, execution_count=1)]
    return new.new_code_cell(source, outputs=outputs)


CELLS = [
    raw("# ASSIGNMENT CONFIG\nrequirements: requirements.txt\nfiles:\n  - data.csv"),
    text("# Lab"),
    code("import numpy as np"),
    raw("# BEGIN QUESTION\nname: q1\npoints: 3"),
    text("**Question 1.** Square x."),
    raw("# BEGIN SOLUTION"),
    code("def square(x):\n    y = x * x # SOLUTION NO PROMPT\n    return y # SOLUTION\n\n"
         "nine = square(3) # SOLUTION"),
    raw("# END SOLUTION"),
    raw("# BEGIN TESTS"),
    code("square(3)", "9"),
    code("# HIDDEN\nsquare(0.5)", "0.25"),
    code('""" # BEGIN TEST CONFIG\nhidden: true\n""" # END TEST CONFIG\nnine == 9', "True"),
    code("square(5)"),
    raw("# END TESTS"),
    raw("# END QUESTION"),
    raw("# BEGIN QUESTION\nname: q2\nmanual: true\npoints: 5"),
    raw("# BEGIN SOLUTION"),
    text("The secret answer."),
    raw("# END SOLUTION"),
    raw("# END QUESTION"),
    raw("# BEGIN QUESTION\nname: q3\npoints:\n  - 1\n  - 2"),
    raw("# BEGIN SOLUTION"),
    code("def cube(x):\n    return x ** 3"),
    raw("# END SOLUTION"),
    raw("# BEGIN PROMPT"),
    code("def cube(x):\n    ..."),
    raw("# END PROMPT"),
    raw("# BEGIN TESTS"),
    code("assert cube(2) == 8"),
    code("def test_cube(cube):\n    assert np.isclose(cube(1.5), 3.375)"),
    raw("# END TESTS"),
    raw("# END QUESTION"),
]  # fmt: skip


@pytest.fixture
def imported(tmp_path):
    path = tmp_path / "lab.ipynb"
    nbformat.write(new.new_notebook(cells=CELLS), path)
    return tmp_path / "made", write_imported(read_otter(path), path, tmp_path / "made")


def test_assignment_loads_with_the_points_of_the_questions(imported):
    folder, report = imported
    assignment = load_assignment(folder)
    assert assignment.submission.names == ("cube", "nine", "square")
    assert [question.id for question in assignment.questions] == ["q1", "q3"]
    assert (report.checks, report.points) == (5, 6)


def test_outputs_and_asserts_become_checks(imported):
    checks = (imported[0] / "checks" / "test_lab.py").read_text()
    compile(checks, "checks", "exec")
    assert "assert student.square(3) == 9" in checks
    assert "abs(student.square(0.5) - 0.25) <=" in checks
    assert "(value_of(student, 'nine') == 9) == True" in checks
    assert "np.isclose(student.cube(1.5), 3.375)" in checks and "import numpy as np" in checks
    assert checks.count('visibility="hidden"') == 2


def test_what_cannot_be_carried_over_is_said(imported):
    said = "\n".join(imported[1].lost)
    for words in (
        "ASSIGNMENT CONFIG, files: data.csv",
        "ASSIGNMENT CONFIG, requirements: requirements.txt",
        "the output of 'square(5)' was not saved",
        "q1: its 3 points are shared equally by 3 tests",
        "q2: marked by hand (5 points)",
    ):
        assert words in said


def test_starter_is_what_otter_gives_students(imported):
    made = nbformat.read(imported[0] / "solution" / "lab.ipynb", as_version=4)
    starters = [
        split_solution(cell.source, "lab").starter
        for cell in made.cells
        if cell.cell_type == "code"
    ]
    assert starters == [
        "import numpy as np",
        "def square(x):\n    ...\n\nnine = ...",
        "def cube(x):\n    ...",
    ]
    assert not any("secret answer" in cell.source for cell in made.cells)
    assert not any(cell.cell_type == "raw" for cell in made.cells)


@pytest.mark.parametrize(
    ("source", "starter"),
    [
        ("# BEGIN SOLUTION\nx = 1\ny = 2\n# END SOLUTION", "..."),
        ("# BEGIN SOLUTION NO PROMPT\nx = 1\n# END SOLUTION", ""),
        (
            '# BEGIN SOLUTION NO PROMPT\nx = 1\n# END SOLUTION\n""" # BEGIN PROMPT\nx = ...\n'
            '""" # END PROMPT',
            "x = ...",
        ),
        ("a, b = 1, 2  # SOLUTION", "a, b = ..."),
        ("print(x) # SOLUTION", "..."),
        ("x = 1 # a SOLUTION of sorts", "x = 1 # a SOLUTION of sorts"),
    ],
)
def test_marks_inside_a_cell(source, starter):
    assert split_solution(solution_lines(source), "cell").starter == starter


@pytest.mark.parametrize(
    ("lines", "config"),
    [
        ("name: q1\npoints: 2.5\nmanual: false", {"name": "q1", "points": 2.5, "manual": False}),
        ("points:\n  - 1\n  - 0.5", {"points": [1, 0.5]}),
        ("points: [1, 2]", {"points": [1, 2]}),
        ("points:\n  each: 3", {"points": {"each": 3}}),
        ("name: 'a b' # words", {"name": "a b"}),
        ("", {}),
    ],
)
def test_the_few_lines_of_yaml(lines, config):
    assert flat_yaml(lines.split("\n")) == config


@pytest.mark.parametrize(
    ("source", "shown", "said"),
    [
        ("square(2)", None, "was not saved"),
        ("square(2)", "<object at 0x7f>", "stands for no value"),
        ("square(", "1", "does not parse"),
    ],
)
def test_a_test_that_says_nothing_is_refused(source, shown, said):
    with pytest.raises(AssignmentError, match=said):
        with_output(source, code(source, shown).outputs)


def test_a_notebook_without_questions_is_one_line(tmp_path):
    path = tmp_path / "lab.ipynb"
    nbformat.write(new.new_notebook(cells=[code("x = 1"), raw("# nothing")]), path)
    with pytest.raises(AssignmentError, match="no raw cell in it says # BEGIN QUESTION"):
        read_otter(path)


@pytest.mark.slow
def test_the_checks_run(imported, run):
    folder = imported[0]
    own = folder / "solution" / "lab.ipynb"
    assert run("check", folder, own, "--isolation", "none").returncode == 0
    (folder / "starter.py").write_text("def square(x):\n    ...\n\n\nnine = ...\n")
    done = run("check", folder, folder / "starter.py", "--json", "--isolation", "none")
    assert done.returncode == 1 and '"internal_error"' not in done.stdout


def question(tests, points="points: 3"):
    return [
        code("%matplotlib inline\nimport numpy as np"),
        raw(f"# BEGIN QUESTION\nname: q1\n{points}"),
        raw("# BEGIN SOLUTION"),
        code("def square(x):\n    return x * x"),
        raw("# END SOLUTION"),
        raw("# BEGIN TESTS"),
        *tests,
        raw("# END TESTS"),
        raw("# END QUESTION"),
    ]


def config(words):
    return f'""" # BEGIN TEST CONFIG\n{words}\n""" # END TEST CONFIG\n'


@pytest.mark.parametrize(
    ("tests", "points", "shares", "said"),
    [
        (["points: 2", "", ""], "points: 3", [2, 0.5, 0.5], "1 of its 3 points are shared equally"),
        (["points: 2", ""], "points: 3", [2, 1], ""),
        (["points: 2", "points: 2"], "points: 3", [2, 2], ""),
        (["points: 4", ""], "points: 3", [4, 0], "4 points of their own, more than its 3"),
        (["points: 2", ""], "manual: false", [2, 0], ""),
        (["", ""], "manual: false", [1, 1], "Otter gives the question 1 in all"),
    ],
)
def test_points_of_tests_and_of_their_question(tmp_path, tests, points, shares, said):
    cells = [code(config(words) + "assert square(np.int64(2)) == 4") for words in tests]
    nbformat.write(new.new_notebook(cells=question(cells, points)), tmp_path / "lab.ipynb")
    imported = read_otter(tmp_path / "lab.ipynb")
    assert [test.points for test in imported.tests] == shares
    assert said in "\n".join(imported.lost)


def test_messages_of_tests_and_other_raw_cells_are_said(tmp_path):
    words = "failure_message: Square it\nsuccess_message: Good"
    cells = [*question([code(config(words) + "assert square(2) == 4")]), raw("a note")]
    nbformat.write(new.new_notebook(cells=cells), tmp_path / "lab.ipynb")
    said = "\n".join(read_otter(tmp_path / "lab.ipynb").lost)
    assert "failure_message: Square it" in said and "success_message: Good" in said
    assert "a raw cell was left out: a note" in said


def test_imports_beside_a_magic_are_found(tmp_path):
    cells = question([code("assert square(np.float64(2)) == 4"), code("%time square(3)", "9")])
    nbformat.write(new.new_notebook(cells=cells), tmp_path / "lab.ipynb")
    report = write_imported(
        read_otter(tmp_path / "lab.ipynb"), tmp_path / "lab.ipynb", tmp_path / "made"
    )
    checks = (tmp_path / "made" / "checks" / "test_lab.py").read_text()
    assert report.checks == 2 and "import numpy as np" in checks
    assert "assert student.square(3) == 9" in checks
