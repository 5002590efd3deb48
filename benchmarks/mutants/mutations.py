"""Small mistakes put into right code, one at a time, by its syntax tree.

Each function or class at the top of a module is changed in one place: an operator, a comparison, a
constant, an axis, a bound, a sign, a term or a statement. What only refuses wrong arguments, and
what a starter gives (signatures, annotations, docstrings), stays as it is.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from types import CodeType
from typing import TypeAlias

Definition: TypeAlias = ast.FunctionDef | ast.ClassDef
Replacement: TypeAlias = tuple[str, ast.AST | None]
"""The name of the kind of mistake, and what stands in the node's place; None removes it."""

OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
}
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
NAMES = {
    "maximum": "minimum",
    "minimum": "maximum",
    "max": "min",
    "min": "max",
    "argmax": "argmin",
    "argmin": "argmax",
    "sum": "mean",
    "mean": "sum",
    "var": "std",
    "std": "var",
    "zeros": "ones",
    "ones": "zeros",
    "zeros_like": "ones_like",
    "ones_like": "zeros_like",
    "floor": "ceil",
    "ceil": "floor",
    "sin": "cos",
    "cos": "sin",
    "exp": "expm1",
    "log": "log2",
    "any": "all",
    "all": "any",
}
UNWRAPPED = {
    "abs",
    "sqrt",
    "square",
    "copy",
    "sort",
    "cumsum",
    "ravel",
    "maximum",
    "tanh",
    "astype",
}
"""Calls that a forgetful student leaves out: what they are applied to stays."""

_CHECKS = ("check_", "as_", "_check", "_as_", "_upstream")
_MORE_CHECKS = frozenset({"_weights_and_inputs", "_scores_and_labels", "_examples", "fans"})
"""Functions of the reference that look at the arguments, and change nothing but their type."""
_LIBRARY_KEYWORDS = frozenset({"strict", "copy", "dtype"})
"""What makes code safer or faster, and no answer another one."""
_GIVEN = ("annotation", "returns", "args", "decorator_list", "type_params")


@dataclass(frozen=True)
class Mutant:
    """A module's definition with one mistake in it."""

    module: str
    name: str
    """The function or the class at the top of the module."""
    line: int
    kind: str
    before: str
    after: str
    digest: str
    """Of the changed definition: the same as long as that definition is."""
    code: CodeType

    @property
    def id(self) -> str:
        """`reference.losses:hinge:1a2b3c4d`."""
        return f"{self.module}:{self.name}:{self.digest}"


@dataclass(frozen=True)
class _Place:
    parent: ast.AST
    field: str
    index: int | None

    def put(self, node: object) -> None:
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def mutants_of(
    module: str, definition: Definition, left_out: Set[str] = frozenset()
) -> Iterator[Mutant]:
    """Yield every mutant of a definition but for methods `left_out`; no two are the same code."""
    seen = {ast.unparse(definition)}
    for node, place in _nodes(definition, left_out):
        before = ast.unparse(node)
        for kind, replacement in _replacements(node):
            new = ast.Pass() if replacement is None else replacement
            ast.copy_location(new, node)
            place.put(new)
            ast.fix_missing_locations(definition)
            text = ast.unparse(definition)
            if text not in seen:
                seen.add(text)
                digest = hashlib.sha256(f"{module}\n{text}".encode()).hexdigest()[:8]
                code = compiled(definition, f"<{module}:{definition.name}:{digest}>")
                line: int = getattr(node, "lineno", definition.lineno)
                after = "nothing" if replacement is None else ast.unparse(new)
                yield Mutant(module, definition.name, line, kind, before, after, digest, code)
            place.put(node)


def compiled(definition: Definition, filename: str) -> CodeType:
    """The definition as code to execute in a module's namespace."""
    # the annotations of the library are strings, or need not be evaluated again
    future = ast.parse("from __future__ import annotations").body
    return compile(ast.Module([*future, definition], []), filename, "exec")


def _nodes(parent: ast.AST, left_out: Set[str] = frozenset()) -> Iterator[tuple[ast.AST, _Place]]:
    """Yield the nodes that a student writes, each with its place."""
    for field, value in ast.iter_fields(parent):
        if field in _GIVEN:
            continue
        items = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        for index, item in items:
            if isinstance(parent, ast.ClassDef) and not isinstance(item, ast.FunctionDef):
                continue  # the fields and their defaults are the starter's
            if isinstance(item, ast.FunctionDef) and item.name in left_out:
                continue
            if isinstance(item, ast.AST) and not _is_given(item):
                yield item, _Place(parent, field, index)
                yield from _nodes(item)


def _is_given(node: ast.AST) -> bool:
    """Docstrings, declarations of fields, and what refuses wrong arguments."""
    if isinstance(node, ast.Raise | ast.Assert | ast.Import | ast.ImportFrom | ast.JoinedStr):
        return True
    if isinstance(node, ast.AnnAssign) and node.value is None:
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, ast.If) and isinstance(node.body[-1], ast.Raise):
        return True
    if isinstance(node, ast.Expr) and _only_checks(node.value):
        return True
    if isinstance(node, ast.keyword) and node.arg in _LIBRARY_KEYWORDS:
        return True
    if isinstance(node, ast.Assign) and _only_checks(node.value):
        return True
    return _is_check(node)


def _only_checks(value: ast.expr) -> bool:
    if isinstance(value, ast.Tuple):
        return all(map(_is_check, value.elts))
    return _is_check(value) or (isinstance(value, ast.Call) and _called(value) in _MORE_CHECKS)


def _is_check(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = _called(node)
    return name.startswith(_CHECKS) and name not in ("as_strided", "as_tuple")


def _called(node: ast.Call) -> str:
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _replacements(node: ast.AST) -> Iterator[Replacement]:
    for kind, rule in _RULES:
        if isinstance(node, kind):
            yield from rule(node)


def _operators(node: ast.BinOp) -> Iterator[Replacement]:
    left, right = node.left, node.right
    for other in OPERATORS.get(type(node.op), ()):
        yield "operator", ast.BinOp(left, other(), right)
    if isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div | ast.Pow | ast.FloorDiv):
        yield "dropped term", left
    if isinstance(node.op, ast.Add | ast.Mult):
        yield "dropped term", right
    if isinstance(node.op, ast.Sub | ast.Div | ast.MatMult):
        yield "swapped sides", ast.BinOp(right, node.op, left)


def _updates(node: ast.AugAssign) -> Iterator[Replacement]:
    for other in OPERATORS.get(type(node.op), ()):
        yield "operator", ast.AugAssign(node.target, other(), node.value)
    yield "overwrites", ast.Assign([node.target], node.value)


def _signs(node: ast.UnaryOp) -> Iterator[Replacement]:
    if isinstance(node.op, ast.USub | ast.Not | ast.Invert):
        yield "sign", node.operand


def _comparisons(node: ast.Compare) -> Iterator[Replacement]:
    for other in COMPARISONS.get(type(node.ops[0]), ()):
        yield "comparison", ast.Compare(node.left, [other(), *node.ops[1:]], node.comparators)


def _logic(node: ast.BoolOp) -> Iterator[Replacement]:
    other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield "logic", ast.BoolOp(other, node.values)


def _constants(node: ast.Constant) -> Iterator[Replacement]:
    value = node.value
    if isinstance(value, bool):
        yield "constant", ast.Constant(not value)
    elif isinstance(value, int):
        yield "constant", ast.Constant(value + 1)
        yield "constant", ast.Constant(value - 1)
    elif isinstance(value, float):
        yield "constant", ast.Constant(value + 1.0)
        yield "constant", ast.Constant(2 * value)


def _calls(node: ast.Call) -> Iterator[Replacement]:
    name = _called(node)
    if name in NAMES:
        yield "other function", ast.Call(_renamed(node.func, NAMES[name]), node.args, node.keywords)
    if name in UNWRAPPED:
        inner = _applied_to(node)
        if inner is not None:
            yield "forgotten function", inner
    for at, keyword in enumerate(node.keywords):
        if keyword.arg in ("axis", "keepdims", "initial", "kind"):
            others = node.keywords[:at] + node.keywords[at + 1 :]
            yield f"no {keyword.arg}", ast.Call(node.func, node.args, others)
        if keyword.arg == "axis":
            yield from _other_axes(node, at)
    if name == "range":
        yield from _other_ranges(node)


def _applied_to(node: ast.Call) -> ast.expr | None:
    if isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") != "np":
        return node.func.value
    return node.args[0] if node.args else None


def _renamed(function: ast.expr, name: str) -> ast.expr:
    if isinstance(function, ast.Attribute):
        return ast.Attribute(function.value, name, ast.Load())
    return ast.Name(name, ast.Load())


def _other_axes(node: ast.Call, at: int) -> Iterator[Replacement]:
    value = node.keywords[at].value
    if isinstance(value, ast.Tuple):
        for left_out in range(len(value.elts)):
            rest = [each for place, each in enumerate(value.elts) if place != left_out]
            yield "axis", _with_keyword(node, at, ast.Tuple(rest, ast.Load()))
    elif isinstance(value, ast.Constant) and isinstance(value.value, int):
        other = 1 if value.value == 0 else 0
        yield "axis", _with_keyword(node, at, ast.Constant(other))


def _with_keyword(node: ast.Call, at: int, value: ast.expr) -> ast.Call:
    keywords = list(node.keywords)
    keywords[at] = ast.keyword(keywords[at].arg, value)
    return ast.Call(node.func, node.args, keywords)


def _other_ranges(node: ast.Call) -> Iterator[Replacement]:
    shorter = ast.BinOp(node.args[min(1, len(node.args) - 1)], ast.Sub(), ast.Constant(1))
    if len(node.args) == 1:
        yield "off by one", ast.Call(node.func, [shorter], [])
        yield "off by one", ast.Call(node.func, [ast.Constant(1), node.args[0]], [])
    else:
        yield "off by one", ast.Call(node.func, [node.args[0], shorter, *node.args[2:]], [])


def _slices(node: ast.Slice) -> Iterator[Replacement]:
    if node.lower is not None:
        later = ast.BinOp(node.lower, ast.Add(), ast.Constant(1))
        yield "off by one", ast.Slice(later, node.upper, node.step)
        yield "dropped term", ast.Slice(None, node.upper, node.step)
    if node.upper is not None:
        earlier = ast.BinOp(node.upper, ast.Sub(), ast.Constant(1))
        yield "off by one", ast.Slice(node.lower, earlier, node.step)
        yield "dropped term", ast.Slice(node.lower, None, node.step)


def _transposes(node: ast.Attribute) -> Iterator[Replacement]:
    if node.attr == "T":
        yield "transpose", node.value


def _branches(node: ast.If) -> Iterator[Replacement]:
    yield "branch", ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
    yield "branch", ast.If(ast.Constant(False), node.body, node.orelse)


def _choices(node: ast.IfExp) -> Iterator[Replacement]:
    yield "branch", node.body
    yield "branch", node.orelse


def _statements(node: ast.stmt) -> Iterator[Replacement]:
    yield "removed statement", None


def _returns(node: ast.Return) -> Iterator[Replacement]:
    value = node.value
    if isinstance(value, ast.BinOp | ast.Name):
        yield "sign", ast.Return(ast.UnaryOp(ast.USub(), value))


_Rule: TypeAlias = Callable[..., Iterator[Replacement]]
_RULES: tuple[tuple[type[ast.AST] | tuple[type[ast.AST], ...], _Rule], ...] = (
    (ast.BinOp, _operators),
    (ast.AugAssign, _updates),
    (ast.UnaryOp, _signs),
    (ast.Compare, _comparisons),
    (ast.BoolOp, _logic),
    (ast.Constant, _constants),
    (ast.Call, _calls),
    (ast.Slice, _slices),
    (ast.Attribute, _transposes),
    (ast.If, _branches),
    (ast.IfExp, _choices),
    ((ast.Assign, ast.AugAssign, ast.Expr, ast.Continue, ast.Break), _statements),
    (ast.Return, _returns),
)
