"""What an algorithm may be computed in or on, and the forms that its answer may come in."""

import inspect
from dataclasses import fields, is_dataclass, replace
from functools import wraps
from types import FunctionType

import numpy as np


def everywhere(value, change):
    """The value with `change` made to every array in it, however nested."""
    if isinstance(value, np.ndarray):
        return change(value)
    if isinstance(value, dict):
        return {key: everywhere(each, change) for key, each in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(everywhere(each, change) for each in value))
    if isinstance(value, tuple | list):
        return type(value)(everywhere(each, change) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        inside = {each.name: getattr(value, each.name) for each in fields(value) if each.init}
        return replace(value, **{k: everywhere(v, change) for k, v in inside.items()})
    return value


def in_float32(array):
    return array.astype(np.float32) if array.dtype == np.float64 else array


def in_another_order(array):
    """The axes in Fortran's order, with a gap after each number."""
    if not array.ndim:
        return array
    wide = np.empty((*array.shape[::-1], 2), array.dtype)
    wide[..., 0] = array.T
    return wide[..., 0].T


def on_changed_arguments(version, change):
    """The version, with every array that it is given changed; also those of a class's methods."""
    if inspect.isclass(version):
        methods = {
            name: on_changed_arguments(method, change)
            for name, method in inspect.getmembers(version, inspect.isfunction)
        }
        methods |= {
            name: classmethod(on_changed_arguments(method.__func__, change))
            for name, method in inspect.getmembers(version, inspect.ismethod)
        }
        return type(version.__name__, (version,), methods)

    @wraps(version)
    def run(*arguments, **keywords):
        return version(
            *everywhere(arguments, change),
            **{key: everywhere(value, change) for key, value in keywords.items()},
        )

    assert isinstance(run, FunctionType)
    return run


WAYS = {
    "as it is": lambda version: version,
    "in float32": lambda version: on_changed_arguments(version, in_float32),
    "in another order in memory": lambda version: on_changed_arguments(version, in_another_order),
}
"""How a version computes, beside its algorithm."""


def single(value):
    values = np.asarray(value)
    fits = values.dtype.kind == "f" and bool(np.all(np.abs(values) < 1e30))
    return values.astype(np.float32)[()] if fits else value


FORMS = {
    "as it is": lambda value: value,
    "float32 at the end": single,
    "lists": lambda value: np.asarray(value).tolist(),
    "Fortran order": lambda value: np.asarray(value, order="F"),
    "every other value of a larger array": lambda value: (
        np.repeat(value, 2, axis=-1)[..., ::2] if np.ndim(value) else value
    ),
    "numbers as arrays without axes": lambda value: np.array(value),
    "backwards in memory": lambda value: (
        np.ascontiguousarray(value[::-1])[::-1] if np.ndim(value) else value
    ),
}
"""What an answer may come back as: the container differs, and not the computation."""


def mapped(answer, change):
    """The answer with every array and number changed."""
    if isinstance(answer, tuple):
        return tuple(mapped(each, change) for each in answer)
    if isinstance(answer, list) and any(not np.isscalar(each) for each in answer):
        return [mapped(each, change) for each in answer]
    if isinstance(answer, dict):
        return {key: mapped(each, change) for key, each in answer.items()}
    return change(answer) if isinstance(answer, np.ndarray | np.generic | float) else answer
