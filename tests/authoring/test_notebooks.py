import ast

import nbformat
import pytest

from autograder.authoring.notebooks import (
    Cell,
    cells_of_python,
    python_of_cells,
    read_notebook,
    write_notebook,
)
from autograder.errors import AssignmentError
from autograder.notebook import interpret_cells, read_cells

CODE = '''"""Title of it.

More words.
"""

import numpy as np

# ---------------------------------------------------------------- 1. first

LIMIT = 3


# what the function is for
@staticmethod
def f(x):
    """One line.

    x (N,) -> (N,)
    """
    return x


class C:
    """A class."""

    def g(self):
        return LIMIT
'''


def test_each_definition_has_a_cell_and_its_text():
    kinds = [(cell.kind, cell.source.split("\n")[0]) for cell in cells_of_python(CODE)]
    assert kinds == [
        ("markdown", "# Title of it"),
        ("code", "import numpy as np"),
        ("markdown", "## 1. first"),
        ("code", "LIMIT = 3"),
        ("markdown", "### `f`"),
        ("code", "# what the function is for"),
        ("markdown", "### `C`"),
        ("code", "class C:"),
    ]


def test_notebook_has_the_code_of_the_file_and_is_valid():
    data = write_notebook(cells_of_python(CODE))
    nbformat.validate(nbformat.reads(data.decode(), as_version=4))
    joined = "\n".join(source.code for source in interpret_cells(read_cells("n", data)).sources)
    assert ast.dump(ast.parse(joined)) == ast.dump(
        ast.Module(ast.parse(CODE).body[1:], type_ignores=[])
    )


def test_file_made_of_a_notebook_has_its_code_and_says_nothing_twice():
    python = python_of_cells(cells_of_python(CODE))
    assert ast.dump(ast.Module(ast.parse(python).body[1:], [])) == ast.dump(
        ast.Module(ast.parse(CODE).body[1:], [])
    )
    assert python.count("x (N,) -> (N,)") == 1
    assert "# ## 1. first" in python


def test_the_same_source_makes_the_same_bytes_and_nothing_else_in_them():
    first, second = (write_notebook(cells_of_python(CODE)) for _ in range(2))
    assert first == second
    notebook = nbformat.reads(first.decode(), as_version=4)
    assert all(not cell.metadata for cell in notebook.cells)
    assert all(cell.outputs == [] for cell in notebook.cells if cell.cell_type == "code")
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)


def test_quotes_in_the_first_text_do_not_end_the_docstring():
    python = python_of_cells([Cell("markdown", 'Say """this""" and \\n'), Cell("code", "x = 1")])
    assert ast.get_docstring(ast.parse(python)) == 'Say """this""" and \\n'


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b"\xff\xfe", b'{"cells": 3}'])
def test_what_is_no_notebook_is_said_in_one_line(tmp_path, data):
    path = tmp_path / "n.ipynb"
    path.write_bytes(data)
    with pytest.raises(AssignmentError) as error:
        read_notebook(path)
    assert "\n" not in str(error.value) and "n.ipynb" in str(error.value)


@pytest.mark.parametrize(
    ("source", "python"),
    [
        ("%matplotlib inline\nimport math", "# %matplotlib inline\nimport math"),
        ("if True:\n    !ls", "if True:\n    pass"),
        ("%time y = f(1)", "y = f(1)"),
        ("%%time\nx = 1", "# %%time\nx = 1"),
        ("%%bash\nls -l\n", "# %%bash\n# ls -l\n#"),
        ("names = !ls", "names = []"),
        ("z = 7 % 3", "z = 7 % 3"),
    ],
)
def test_magics_stand_in_a_file_as_comments(source, python):
    cells = [Cell("markdown", "# Title"), Cell("code", source)]
    made = python_of_cells(cells)
    ast.parse(made)
    assert made.endswith(f"\n\n\n{python}\n")
