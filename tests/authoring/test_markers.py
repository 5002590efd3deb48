import pytest

from autograder.authoring.markers import has_markers, split_solution
from autograder.errors import AssignmentError


def test_solution_is_replaced_by_a_placeholder_with_its_indent():
    split = split_solution(
        "def f(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION\n", "f.py"
    )
    placeholder = 'raise NotImplementedError("write your code here")'
    assert split.starter == f"def f(x):\n    {placeholder}\n"
    assert split.solved == ("    return x",)


def test_starter_lines_stand_in_for_the_solution():
    code = """def f(x):
    # BEGIN SOLUTION
    y = x
    return y
    ### STARTER
    # y = None
    #     # a comment stays one
    # return y
    # END SOLUTION"""
    split = split_solution(code, "f.py")
    assert split.starter == "def f(x):\n    y = None\n        # a comment stays one\n    return y"
    assert split.solved == ("    y = x", "    return y")


@pytest.mark.parametrize(
    ("code", "line", "mend"),
    [
        ("### BEGIN SOLUTION\nx = 1", "f.py:1", "write ### END SOLUTION"),
        ("x = 1\n### END SOLUTION", "f.py:2", "### BEGIN SOLUTION"),
        ("### BEGIN SOLUTION\n### BEGIN SOLUTION", "f.py:2", "before it"),
        ("### BEGIN SOLUTION\n### STARTER\nx = 1\n### END SOLUTION", "f.py:3", "put `# `"),
    ],
)
def test_markers_that_do_not_pair_are_said_with_the_line(code, line, mend):
    with pytest.raises(AssignmentError) as error:
        split_solution(code, "f.py")
    assert str(error.value).startswith(line) and mend in str(error.value)


def test_a_comment_about_starters_is_no_marker():
    assert split_solution("# starter code\nx = 1", "f.py").solved == ()
    assert not has_markers("# the solution begins here")
