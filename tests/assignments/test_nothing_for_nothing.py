"""Submissions that do nothing, in every assignment: what they answer has the right shapes only."""

import ast
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOLUTIONS = sorted((ROOT / "assignments").glob("*/solution/*.py"))

# The right solution is asked in a namespace of its own, and its answer emptied on its way out.
LAZY = '''
import functools
import numpy as np

_right = {{"__name__": "right"}}
exec({solution!r}, _right)


def _filled(value, number):
    """The answer's own shape, with `number` for whatever was computed."""
    if isinstance(value, dict):
        return {{key: _filled(each, number) for key, each in value.items()}}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(_filled(each, number) for each in value))
    if isinstance(value, (list, tuple)):
        return type(value)(_filled(each, number) for each in value)
    if isinstance(value, np.ndarray):
        return np.full_like(value, number)
    if isinstance(value, (bool, int, float, complex, np.generic)):
        return type(value)(number)
    if hasattr(value, "state_dict"):  # an untouched module would be a right answer
        return None
    if hasattr(value, "detach"):  # a tensor
        return value.detach() * 0 + number
    return "" if isinstance(value, str) else value


def _zeros(function, arguments, keywords):
    return _filled(function(*arguments, **keywords), 0)


def _ones(function, arguments, keywords):
    return _filled(function(*arguments, **keywords), 1)


def _arguments(function, arguments, keywords):
    given = (*arguments, *keywords.values())
    return given[0] if len(given) == 1 else given


def _first_argument(function, arguments, keywords):
    return arguments[0] if arguments else None


def _first_argument_and_cache(function, arguments, keywords):
    return (arguments[0], arguments) if arguments else None


def _nothing(function, arguments, keywords):
    return None


def _refuses(function, arguments, keywords):
    raise ValueError("no")


def _lazy_class(right):
    methods = {{
        name: functools.wraps(method)(_emptied(method))
        for name, method in vars(right).items()
        if callable(method) and not name.startswith("_")
    }}
    return type(right.__name__, (right,), methods)


def _emptied(method):
    def call(self, *arguments, **keywords):
        answer = {way}(functools.partial(method, self), arguments, keywords)
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray):
                setattr(self, name, np.zeros_like(value))
        return answer

    return call
'''
QUICK = ("zeros", "first_argument", "refuses")
WAYS = (*QUICK, "ones", "arguments", "first_argument_and_cache", "nothing")
HONEST = {
    # at test time inverted dropout is nothing, and so is its code
    ("first_argument", "test_inverted_dropout_at_test_time"),
    # a convolution that keeps the size does give back its first argument
    ("first_argument", "test_output_sizes_of_the_course[same]"),
    # the loss that comes back is emptied, but the step itself was taken by right code
    *(
        (way, f"test_{check}")
        for way in ("zeros", "ones")
        for check in (
            "one_step_of_gradient_descent",
            "gradients_do_not_add_up",
            "a_step_is_taken_in_training_mode",
        )
    ),
    # Adam with a learning rate of 1 does come down
    ("ones", "test_the_ravine_is_descended[adam]"),
}


FUNCTION = """

def {name}(*arguments, **keywords):
    return _{way}(_right["{name}"], arguments, keywords)
"""
CLASS = """

class {name}(_lazy_class(_right["{name}"])):
    pass
"""


def lazy_submission(solution, names, way):
    """The source of a submission that answers everything in that way."""
    classes = {node.name for node in ast.parse(solution).body if isinstance(node, ast.ClassDef)}
    definitions = [
        (CLASS if name in classes else FUNCTION).format(name=name, way=way) for name in names
    ]
    return LAZY.format(solution=solution, way=f"_{way}") + "".join(definitions)


def graded(folder, submissions, output):
    command = [sys.executable, "-m", "autograder", "grade", folder, submissions, "--jobs", 1]
    done = subprocess.run(
        [*map(str, command), "--isolation", "none", "--output", str(output), "--json"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["results"]


@pytest.mark.parametrize(
    ("solution", "ways"),
    [
        *(pytest.param(path, QUICK, id=path.stem) for path in SOLUTIONS[::2]),
        *(
            pytest.param(p, WAYS, id=f"{p.stem}, all ways", marks=pytest.mark.slow)
            for p in SOLUTIONS
        ),
    ],
)
def test_answers_of_the_right_shape_alone_earn_nothing(solution, ways, tmp_path):
    folder = solution.parent.parent
    manifest = tomllib.loads((folder / "assignment.toml").read_text(encoding="utf-8"))
    names = tuple(manifest["submission"]["names"])
    code = solution.read_text(encoding="utf-8")
    for way in ways:
        path = tmp_path / "submissions" / way / solution.name
        path.parent.mkdir(parents=True)
        path.write_text(lazy_submission(code, names, way), encoding="utf-8")
    results = graded(folder, tmp_path / "submissions", tmp_path / "graded")
    assert [each["status"] for each in results] == ["graded"] * len(ways)
    earned = {
        (each["submission"]["id"], check["id"].partition("::")[2])
        for each in results
        for check in each["checks"]
        if check["points"] > 0
    }
    assert earned - HONEST == set()
