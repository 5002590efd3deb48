"""Another tool's test cells -> bodies of checks over `student`.

A test cell ran in the student's own notebook; a check runs on the other side of the wall. So a call
of a graded function becomes a call of `student`, an exception of the student's code arrives as
`StudentError`, and what cannot be asked from outside is refused with the reason.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from autograder.errors import AssignmentError
from autograder.ipython import plain_python

_INSIDE = {"inspect", "type", "hasattr", "vars", "dir", "id", "globals", "locals", "get_ipython"}
"""What looks into a function instead of calling it."""
_CAPTURES = {"capsys", "redirect_stdout", "StringIO", "patch", "mock", "input", "monkeypatch"}
_TESTERS = {"nose", "nose.tools", "unittest", "pytest", "numpy.testing"}

_EQUAL = {"assert_equal": ast.Eq, "assertEqual": ast.Eq, "assert_equals": ast.Eq, "eq_": ast.Eq,
    "assert_not_equal": ast.NotEq, "assertNotEqual": ast.NotEq, "assert_in": ast.In,
    "assertIn": ast.In, "assert_not_in": ast.NotIn, "assert_is": ast.Is, "assert_is_not": ast.IsNot,
    "assert_greater": ast.Gt, "assert_less": ast.Lt, "assert_greater_equal": ast.GtE,
    "assert_less_equal": ast.LtE}  # fmt: skip
_TRUE = {"assert_true", "assertTrue", "ok_"}
_FALSE = {"assert_false", "assertFalse"}
_RAISES = {"assert_raises", "assertRaises"}
_CLOSE = {"assert_almost_equal", "assert_almost_equals", "assertAlmostEqual"}


@dataclass
class Names:
    """The names that a notebook defines, by who defines them."""

    functions: set[str] = field(default_factory=set)
    classes: set[str] = field(default_factory=set)
    variables: set[str] = field(default_factory=set)
    own: set[str] = field(default_factory=set)
    """Functions and classes that students write."""
    given: dict[str, ast.stmt] = field(default_factory=dict)
    """What the instructor's own cells define, which a check can have on its side."""


@dataclass
class Prelude:
    """What stands above the checks."""

    imports: list[str]
    definitions: list[str]


def names_of(solved: Sequence[str], given: Sequence[str]) -> Names:
    """The names of a notebook; `solved` is the code that students write."""
    names = Names()
    for statement in _statements(solved):
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            names.functions.add(statement.name)
        elif isinstance(statement, ast.ClassDef):
            names.classes.add(statement.name)
        elif not isinstance(statement, ast.Import | ast.ImportFrom):
            names.variables |= _bound(statement)
    names.own = names.functions | names.classes
    for statement in _statements([*given, *solved]):
        if isinstance(statement, ast.Import | ast.ImportFrom):
            for bound in _bound(statement):
                names.given.setdefault(bound, statement)
    for statement in _statements(given):
        used = _loaded([statement])
        graded = names.functions | names.classes | names.variables
        if not used & graded:
            names.given |= dict.fromkeys(_bound(statement), statement)
        elif isinstance(statement, ast.FunctionDef):
            names.functions.add(statement.name)  # it calls the student's code: it stays there
        elif isinstance(statement, ast.ClassDef):
            names.classes.add(statement.name)
        else:
            names.variables |= _bound(statement)
    return names


class Converter:
    """Turns test cells into bodies of checks, and gathers what these need."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.needed: dict[str, ast.stmt] = {}
        self.modules: set[str] = set()
        self.used: set[str] = set()
        """Graded names that the checks ask for."""

    def convert(self, code: str) -> str:
        """The body of a check for the test cell `code`. Raises `AssignmentError`."""
        try:
            tree = ast.parse(plain_python(code).code)
        except SyntaxError as error:
            raise AssignmentError(f"line {error.lineno} does not parse ({error.msg})") from None
        body = [each for each in tree.body if not _imports_tester(each)]
        if not body:
            raise AssignmentError("it is empty")
        self._refuse(body)
        local = {name for statement in body for name in _bound(statement)}
        rewriting = _Rewriting(self.names, local)
        new = [rewriting.visit(statement) for statement in body]
        flat = [each for made in new for each in (made if isinstance(made, list) else [made])]
        if not rewriting.asked:
            raise AssignmentError("it asks nothing of the student's code")
        self._gather(flat, local)
        self.used |= rewriting.asked
        self.modules |= rewriting.modules
        module = ast.fix_missing_locations(ast.Module(flat, []))
        return ast.unparse(module)

    def prelude(self) -> Prelude:
        """Imports and definitions that the converted checks need."""
        imports = ["import pytest"]
        definitions: list[str] = []
        needed = {id(statement) for statement in self.needed.values()}
        for statement in dict.fromkeys(self.names.given.values()):  # in the notebook's order
            if id(statement) not in needed:
                continue
            text = ast.unparse(statement)
            if isinstance(statement, ast.Import | ast.ImportFrom):
                imports.append(text)
            else:
                definitions += [text, ""]
        if "check_value" in self.modules:
            imports.append("from autograder.checks import check_value")
        if "StudentError" in self.modules:
            imports.append("from autograder.errors import StudentError")
        carried = ["as_in_a_notebook", *(["value_of"] if "value_of" in self.modules else [])]
        imports.append(f"from autograder.checks.carried_over import {', '.join(carried)}")
        return Prelude(sorted(set(imports)), definitions)

    def _gather(self, body: Sequence[ast.stmt], local: set[str]) -> None:
        waiting = list(_loaded(body) - local)
        known = {"student", "value_of", "StudentError", "check_value", "pytest", *dir(builtins)}
        while waiting:
            name = waiting.pop()
            if name in known:
                continue
            known.add(name)
            if name not in self.names.given:
                inner = {n for each in body for n in _bound_inside(each)}
                if name in inner:
                    continue
                raise AssignmentError(f"it uses {name}, which no cell defines")
            statement = self.names.given[name]
            self.needed[name] = statement
            waiting += _loaded([statement]) - _bound(statement) - _bound_inside(statement)

    def _refuse(self, body: Sequence[ast.stmt]) -> None:
        graded = self.names.functions | self.names.classes
        for node in (each for statement in body for each in ast.walk(statement)):
            if isinstance(node, ast.Name) and node.id in _CAPTURES:
                raise AssignmentError(f"{node.id}: what is printed or typed cannot be carried over")
            if isinstance(node, ast.Name) and node.id in ("get_ipython", "globals", "locals"):
                raise AssignmentError(f"{node.id} looks into the student's notebook")
            if isinstance(node, ast.Call) and _called(node) in _INSIDE:
                if graded & _loaded_in(node):
                    raise AssignmentError(
                        f"{_called(node)}() looks into the student's code instead of calling it"
                    )
            inside = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
            if inside and node.value.id in self.names.functions:  # type: ignore[attr-defined]
                raise AssignmentError(
                    f"{ast.unparse(node)} looks into the student's function instead of calling it"
                )


class _Rewriting(ast.NodeTransformer):
    """Calls of graded names become calls of `student`."""

    def __init__(self, names: Names, local: set[str]) -> None:
        self.functions = names.functions - local
        self.classes = names.classes - local
        self.variables = names.variables - local
        self.remote: set[str] = set()
        self.asked: set[str] = set()
        self.modules: set[str] = set()

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if not isinstance(node.ctx, ast.Load):
            return node
        if node.id in self.functions:
            self.asked.add(node.id)
            return ast.Attribute(_name("student"), node.id, ast.Load())
        if node.id in self.classes:
            raise AssignmentError(f"it uses the class {node.id} other than to make an object")
        if node.id in self.variables:
            self.asked.add(node.id)
            self.modules.add("value_of")
            return _call(_name("value_of"), _name("student"), ast.Constant(node.id))
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        name = _called(node)
        if name == "callable" and node.args and isinstance(node.args[0], ast.Name):
            if node.args[0].id in self.functions | self.classes:
                self.asked.add(node.args[0].id)
                has = ast.Attribute(_name("student"), "has", ast.Load())
                return _call(has, ast.Constant(node.args[0].id))
        if isinstance(node.func, ast.Name) and node.func.id in self.classes:
            self.asked.add(node.func.id)
            new = ast.Attribute(_name("student"), "new", ast.Load())
            arguments = [self.visit(each) for each in node.args]
            keywords = [ast.keyword(k.arg, self.visit(k.value)) for k in node.keywords]
            return ast.Call(new, [ast.Constant(node.func.id), *arguments], keywords)
        if isinstance(node.func, ast.Attribute) and _is_remote(node.func.value, self.remote):
            node.args = [self.visit(each) for each in node.args]
            node.keywords = [ast.keyword(k.arg, self.visit(k.value)) for k in node.keywords]
            return node
        self.generic_visit(node)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if _is_remote(node.value, self.remote) and isinstance(node.ctx, ast.Load):
            get = ast.Attribute(node.value, "get", ast.Load())
            return _call(get, ast.Constant(node.attr))
        self.generic_visit(node)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        target = node.targets[0]
        if isinstance(target, ast.Attribute) and _is_remote(target.value, self.remote):
            setter = ast.Attribute(target.value, "set", ast.Load())
            return ast.Expr(_call(setter, ast.Constant(target.attr), self.visit(node.value)))
        made = isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name)
        if made and node.value.func.id in self.classes and isinstance(target, ast.Name):  # type: ignore[attr-defined]
            self.remote.add(target.id)
        self.generic_visit(node)
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.stmt | list[ast.stmt]:
        if isinstance(node.value, ast.Call):
            made = self._assertion(node.value)
            if made is not None:
                return made
        self.generic_visit(node)
        return node

    def visit_Try(self, node: ast.Try) -> ast.stmt:
        """`except ValueError` is about the student's code: it arrives as `StudentError`."""
        asks = self._asks(node.body)
        self.generic_visit(node)
        if asks:
            node.handlers = [self._handler(handler) for handler in node.handlers]
        return node

    def visit_With(self, node: ast.With) -> ast.stmt | list[ast.stmt]:
        context = node.items[0].context_expr
        raises = isinstance(context, ast.Call) and _called(context) in (_RAISES | {"raises"})
        asks = self._asks(node.body)
        if not (raises and asks and isinstance(context, ast.Call) and context.args):
            self.generic_visit(node)
            return node
        body = [self._flat(each) for each in node.body]
        return self._raised([each for made in body for each in made], _kinds(context.args[0]))

    # --- parts ------------------------------------------------------------------------------

    def _asks(self, body: Iterable[ast.stmt]) -> bool:
        return bool(_loaded(body) & (self.functions | self.classes | self.remote))

    def _flat(self, statement: ast.stmt) -> list[ast.stmt]:
        made = self.visit(statement)
        return made if isinstance(made, list) else [made]

    def _handler(self, handler: ast.ExceptHandler) -> ast.ExceptHandler:
        if handler.type is None or _kinds(handler.type) & {"Exception", "BaseException"}:
            return handler
        if _kinds(handler.type) == {"AssertionError"}:
            return handler
        self.modules.add("StudentError")
        known = handler.name or "error"
        kinds = ast.parse(f"{known}.kind not in {sorted(_kinds(handler.type))!r}").body[0]
        test = kinds.value  # type: ignore[attr-defined]
        again: ast.stmt = ast.If(test, [ast.Raise()], [])
        return ast.ExceptHandler(_name("StudentError"), known, [again, *handler.body])

    def _raised(self, body: list[ast.stmt], kinds: set[str]) -> list[ast.stmt]:
        self.modules.add("StudentError")
        raises = ast.parse("pytest.raises(StudentError)", mode="eval").body
        item = ast.withitem(raises, ast.Name("raised", ast.Store()))
        after = ast.parse(f"assert raised.value.kind in {sorted(kinds)!r}").body
        return [ast.With([item], body), *after]

    def _assertion(self, call: ast.Call) -> ast.stmt | list[ast.stmt] | None:
        """An assertion of unittest's or nose's, as a plain one."""
        name, given = _called(call), call.args
        if name in _EQUAL and len(given) >= 2:
            left, right = self.visit(given[0]), self.visit(given[1])
            return ast.Assert(ast.Compare(left, [_EQUAL[name]()], [right]))
        if name in _TRUE and given:
            return ast.Assert(self.visit(given[0]))
        if name in _FALSE and given:
            return ast.Assert(ast.UnaryOp(ast.Not(), self.visit(given[0])))
        if name in _CLOSE and len(given) >= 2:
            self.modules.add("check_value")
            return ast.Expr(_call(_name("check_value"), self.visit(given[0]), self.visit(given[1])))
        if name in _RAISES and len(given) >= 2:
            inner = ast.Expr(ast.Call(given[1], list(given[2:]), call.keywords))
            return self._raised(self._flat(inner), _kinds(given[0]))
        return None


# --- reading syntax -----------------------------------------------------------------------------


def _statements(codes: Sequence[str]) -> Iterator[ast.stmt]:
    for code in codes:
        try:
            yield from ast.parse(plain_python(code).code).body
        except SyntaxError:
            continue


def _imports_tester(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.ImportFrom):
        return (statement.module or "") in _TESTERS - {"numpy.testing"}
    if isinstance(statement, ast.Import):
        return all(alias.name in _TESTERS - {"numpy.testing"} for alias in statement.names)
    return False


def _bound(statement: ast.stmt) -> set[str]:
    """Names that a statement binds where it stands."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name.partition(".")[0] for alias in statement.names}
    return {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _bound_inside(statement: ast.stmt) -> set[str]:
    """Parameters, targets and exception names anywhere in a statement."""
    names = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            names.add(node.name)
        elif isinstance(node, ast.stmt):
            names |= _bound(node) if not isinstance(node, ast.For | ast.With | ast.If) else set()
    return names


def _loaded(body: Iterable[ast.AST]) -> set[str]:
    return {
        node.id
        for statement in body
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def _loaded_in(node: ast.AST) -> set[str]:
    return _loaded([node])


def _called(node: ast.Call) -> str:
    function = node.func
    if isinstance(function, ast.Attribute):
        owner = function.value.id if isinstance(function.value, ast.Name) else ""
        return owner if owner == "inspect" else function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _kinds(node: ast.expr) -> set[str]:
    """Names of the exceptions that an `except` or `raises` names."""
    if isinstance(node, ast.Tuple):
        return {name for each in node.elts for name in _kinds(each)}
    return {ast.unparse(node).rpartition(".")[2]}


def _is_remote(node: ast.expr, remote: set[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in remote


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _call(function: ast.expr, *arguments: ast.expr) -> ast.Call:
    return ast.Call(function, list(arguments), [])
