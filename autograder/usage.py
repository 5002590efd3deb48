"""Which library names a source uses, read from its syntax tree; nothing is executed.

`np.linalg.norm`, `la.norm` after `import numpy.linalg as la`, `norm` after
`from numpy.linalg import norm as norm`, `getattr(np.linalg, "norm")` and
`importlib.import_module("numpy.linalg").norm` are all `numpy.linalg.norm`. A name counts only if
all that is ever bound to it in its scope is such a name: nobody is accused because of a parameter
that happens to be called like a library. What only runs could tell is not seen here.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_Functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_Comprehensions = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_Nested = (*_Functions, *_Comprehensions, ast.ClassDef)
_MAX_DEPTH = 20
_MAX_NAMES = 16
_MAX_LENGTH = 300
"""Beyond these nobody means a library any more: they bound the work that a submission can make."""


@dataclass(frozen=True)
class Use:
    """One place where a library's name is used, or a module imported."""

    name: str
    """The whole name: `numpy.linalg.norm`."""
    line: int
    imported: bool = False
    """Whether this is an import: of the module `name`, or of `name` from a module."""


@dataclass
class _Scope:
    """The names that a module, function, class or comprehension binds, and to what."""

    parent: _Scope | None = None
    bound: dict[str, list[str | ast.expr | None]] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    transparent: bool = False
    """A class: functions inside do not see its names."""
    known: dict[str, frozenset[str]] = field(default_factory=dict)
    """What its names stand for, as far as somebody asked."""

    def bind(self, name: str, value: str | ast.expr | None) -> None:
        self.bound.setdefault(name, []).append(value)


def library_uses(trees: Iterable[ast.Module]) -> Iterator[list[Use]]:
    """The uses in each of `trees`, which share their top-level names (the cells of a notebook)."""
    sources = list(trees)
    scope = _Scope()
    for tree in sources:
        _bind_body(tree, scope)
        _bind_globals(tree, scope)
    for tree in sources:
        yield list(_uses(tree, scope))


def _bind_globals(tree: ast.Module, scope: _Scope) -> None:
    """Note what functions bind in the module's `scope`, by `global`."""
    for function in ast.walk(tree):
        if isinstance(function, _Functions) and (names := _elsewhere(function)):
            for node in _own_nodes(function):
                for name, value in _bindings(node):
                    if name in names:
                        scope.bind(name, value)


def _elsewhere(owner: ast.AST) -> set[str]:
    """The names that belong to a scope further out."""
    return {
        name
        for node in _own_nodes(owner)
        if isinstance(node, (ast.Global, ast.Nonlocal))
        for name in node.names
    }


def _bind_body(owner: ast.AST, scope: _Scope) -> None:
    """Note all that the statements of `owner`, without what is nested in it, bind."""
    names = _elsewhere(owner)
    for node in _own_nodes(owner):
        for name, value in _bindings(node):
            if name not in names:
                scope.bind(name, value)
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            scope.stars += [node.module for alias in node.names if alias.name == "*"]


def _own_nodes(owner: ast.AST) -> Iterator[ast.AST]:
    """The nodes below `owner`, without going into nested functions, classes, comprehensions."""
    waiting = list(ast.iter_child_nodes(owner))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, _Nested):
            waiting += ast.iter_child_nodes(node)


def _bindings(node: ast.AST) -> Iterator[tuple[str, str | ast.expr | None]]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            top = alias.name.partition(".")[0]
            yield alias.asname or top, alias.name if alias.asname else top
    elif isinstance(node, ast.ImportFrom):
        for alias in node.names:
            library = node.module and not node.level
            yield alias.asname or alias.name, f"{node.module}.{alias.name}" if library else None
    elif isinstance(node, ast.Assign) and len(node.targets) == 1:
        yield from _assigned(node.targets[0], node.value)
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
        yield from _assigned(node.target, node.value)
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name, None
    elif isinstance(node, ast.ExceptHandler) and node.name:
        yield node.name, None
    elif isinstance(node, ast.arg):
        yield node.arg, None
    elif isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name:
        yield node.name, None
    else:
        yield from _other_targets(node)


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, str | ast.expr | None]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, its_value in zip(target.elts, value.elts, strict=False):
            yield from _assigned(one, its_value)
    else:
        yield from ((name, None) for name in _stored(target))


def _other_targets(node: ast.AST) -> Iterator[tuple[str, None]]:
    """What loops, `with`, `+=` and several targets at once bind: nothing that can be followed."""
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension, ast.AugAssign)):
        targets = [node.target]
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        targets = [node.optional_vars]
    for target in targets:
        yield from ((name, None) for name in _stored(target))


def _stored(target: ast.expr) -> Iterator[str]:
    for node in ast.walk(target):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _uses(owner: ast.AST, scope: _Scope) -> Iterator[Use]:
    for node in _own_nodes(owner):
        if isinstance(node, ast.Import):
            yield from (Use(alias.name, node.lineno, True) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = (alias.name for alias in node.names)
            yield from (
                Use(node.module if name == "*" else f"{node.module}.{name}", node.lineno, True)
                for name in names
            )
        elif isinstance(node, ast.expr) and not isinstance(node, _Nested):
            found = _resolve(node, scope, 0)
            yield from (Use(name, node.lineno, _imports(node)) for name in found)
        elif isinstance(node, _Nested):
            yield from _nested_uses(node, scope)


def _nested_uses(node: ast.AST, scope: _Scope) -> Iterator[Use]:
    outer = scope
    while outer.transparent and outer.parent is not None and not isinstance(node, ast.ClassDef):
        outer = outer.parent
    inner = _Scope(outer, transparent=isinstance(node, ast.ClassDef))
    _bind_body(node, inner)
    yield from _uses(node, inner)


def _imports(node: ast.expr) -> bool:
    """Whether an expression that names a module imports it: `__import__("torch")`."""
    return isinstance(node, ast.Call) and not _is_name(node.func, "getattr")


def _resolve(node: ast.expr | None, scope: _Scope, depth: int) -> frozenset[str]:
    """The library names that an expression may stand for."""
    if depth > _MAX_DEPTH:
        return frozenset()
    if isinstance(node, ast.Name):
        return _look_up(node.id, scope, depth)
    if isinstance(node, ast.Attribute):
        return _below(_resolve(node.value, scope, depth + 1), node.attr)
    if isinstance(node, ast.Call):
        return _resolve_call(node, scope, depth)
    if isinstance(node, ast.Subscript):
        return _resolve_item(node, scope, depth)
    if isinstance(node, ast.NamedExpr):
        return _resolve(node.value, scope, depth + 1)
    if isinstance(node, ast.IfExp):
        return _resolve(node.body, scope, depth + 1) | _resolve(node.orelse, scope, depth + 1)
    return frozenset()


def _look_up(name: str, scope: _Scope, depth: int) -> frozenset[str]:
    place: _Scope | None = scope
    stars: list[str] = []
    while place is not None:
        if name in place.bound:
            if name not in place.known:
                place.known[name] = frozenset()  # for a name that is bound by way of itself
                place.known[name] = _all_of(place.bound[name], place, depth)
            return place.known[name]
        stars += place.stars
        place = place.parent
    return frozenset(f"{module}.{name}" for module in stars)


def _all_of(values: list[str | ast.expr | None], scope: _Scope, depth: int) -> frozenset[str]:
    names: set[str] = set()
    for value in values:
        if isinstance(value, str):
            names.add(value)
            continue
        found = _resolve(value, scope, depth + 1)
        if not found:
            return frozenset()  # it may be something of the student's own
        names |= found
    return frozenset(names) if len(names) <= _MAX_NAMES else frozenset()


def _resolve_call(node: ast.Call, scope: _Scope, depth: int) -> frozenset[str]:
    first, second = [*node.args, None, None][:2]
    if _is_name(node.func, "getattr"):
        name = _constant(second)
        return _below(_resolve(first, scope, depth + 1), name) if name else frozenset()
    if _is_name(node.func, "__import__"):
        name = _constant(first)
        return frozenset([name.partition(".")[0]] if name else [])
    if _resolve(node.func, scope, depth + 1) == {"importlib.import_module"}:
        name = _constant(first)
        return frozenset([name] if name else [])
    return frozenset()


def _resolve_item(node: ast.Subscript, scope: _Scope, depth: int) -> frozenset[str]:
    key = _constant(node.slice)
    if key is None:
        return frozenset()
    owner = node.value
    if isinstance(owner, ast.Attribute) and owner.attr == "__dict__":
        return _below(_resolve(owner.value, scope, depth + 1), key)
    if isinstance(owner, ast.Call) and _is_name(owner.func, "vars") and owner.args:
        return _below(_resolve(owner.args[0], scope, depth + 1), key)
    if _resolve(owner, scope, depth + 1) == {"sys.modules"}:
        return frozenset([key])
    return frozenset()


def _below(owners: frozenset[str], name: str) -> frozenset[str]:
    return frozenset(f"{owner}.{name}" for owner in owners if len(owner) < _MAX_LENGTH)


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _constant(node: ast.expr | None) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _constant(node.left), _constant(node.right)
        return left + right if left is not None and right is not None else None
    return None
