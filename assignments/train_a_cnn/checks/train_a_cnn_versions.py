"""The solution's code, to make right and wrong versions of.

torch, and what its first optimizer imports, are imported here and not with the first call: a call
has a time limit, and an import that is broken off leaves half a library behind.
"""

import importlib.util
from functools import cache
from pathlib import Path

import torch
import torch._dynamo

FILE = Path(__file__).resolve().parents[1] / "solution" / "train_a_cnn.py"

__all__ = ["changed", "right", "solution", "torch"]


def _loaded():
    spec = importlib.util.spec_from_file_location("train_a_cnn_solution", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_SOLUTION = _loaded()


def solution():
    """The module of the solution."""
    return _SOLUTION


def right(name):
    """The solution's function or class of that name."""
    return lambda *arguments, **keywords: getattr(_SOLUTION, name)(*arguments, **keywords)


def changed(name, **methods):
    """The solution's class `name` with other methods."""

    @cache
    def made():
        return type(name, (getattr(_SOLUTION, name),), methods)

    return lambda *arguments, **keywords: made()(*arguments, **keywords)
