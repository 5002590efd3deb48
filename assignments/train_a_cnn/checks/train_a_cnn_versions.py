"""The solution's code, to make right and wrong versions of: read when the first one is called.

torch takes a second to import, and a grader whose students make no mistake needs none of it.
"""

import importlib.util
from functools import cache
from pathlib import Path

FILE = Path(__file__).resolve().parents[1] / "solution" / "train_a_cnn.py"


@cache
def solution():
    """The module of the solution."""
    spec = importlib.util.spec_from_file_location("train_a_cnn_solution", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def right(name):
    """The solution's function or class of that name."""
    return lambda *arguments, **keywords: getattr(solution(), name)(*arguments, **keywords)


def changed(name, **methods):
    """The solution's class `name` with other methods."""

    @cache
    def made():
        return type(name, (getattr(solution(), name),), methods)

    return lambda *arguments, **keywords: made()(*arguments, **keywords)
