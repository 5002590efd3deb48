"""Indexing by a list of indices, as numpy took it before 1.23: `[imports] shims = ["numpy"]`.

`x[[range(N), y]]` meant `x[range(N), y]`; today the list is one array of indices. A list of plain
numbers or of plain lists has the same meaning as ever, or one that only its author knows, and is
left alone.
"""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

HELPER = "__np_index__"

_APART = (range, slice, np.ndarray, type(None), type(...))


def tupled(tree: ast.Module) -> ast.Module:
    """`tree` with `x[HELPER(index)]` where the index may be a list."""
    lists = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and _makes_list(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    _Subscripts(lists).visit(tree)  # in place
    return ast.fix_missing_locations(tree)


def index(value: Any) -> Any:
    """A list that holds indices of several axes, as a tuple; anything else as it is."""
    if type(value) is list and any(isinstance(each, _APART) for each in value):
        return tuple(value)
    return value


def _makes_list(value: ast.expr) -> bool:
    """Whether an expression is a list: `[…]`, `[slice(None)] * 4`, `list(…)`."""
    match value:
        case ast.List() | ast.ListComp() | ast.Call(func=ast.Name(id="list")):
            return True
        case ast.BinOp(left=left, right=right):
            return _makes_list(left) or _makes_list(right)
    return False


class _Subscripts(ast.NodeTransformer):
    def __init__(self, lists: set[str]) -> None:
        self.lists = lists

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        found = node.slice
        if _makes_list(found) or (isinstance(found, ast.Name) and found.id in self.lists):
            helped = ast.Call(ast.Name(HELPER, ast.Load()), [found], [])
            node.slice = ast.copy_location(helped, found)
        return node
