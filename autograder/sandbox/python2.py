"""Python 2 code, run as Python 2 would: `[imports] shims = ["python2"]`.

A file that shows by itself to be of Python 2 (a print statement, a bare `xrange`, `iteritems`) is
read as that: statements are rewritten in place, whole numbers divide to whole numbers, `range`,
`map`, `zip` and the views of dictionaries are lists. In the other files of such a package, which
may be of either, a quotient of whole numbers without a remainder stays whole, as a size must.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import numpy as np

_LITERAL = re.compile(
    r"""#[^\n]*|(?:(?<!\w)[a-zA-Z]{1,2})?(?:"{3}(?:[^"\\]|\\.|"(?!""))*+(?:"{3}|.?\Z)"""
    r"""|'{3}(?:[^'\\]|\\.|'(?!''))*+(?:'{3}|.?\Z)"""
    r"""|"(?:[^"\\\n]|\\.)*+.?|'(?:[^'\\\n]|\\.)*+.?)""",
    re.DOTALL,
)
_PRINT = re.compile(r"(?:^|[:;])[ \t]*(print)\b(?![ \t]*(?:[=.,)\]}]|\())", re.MULTILINE)
_PRINT_AND_MORE = re.compile(r"(?:^|[:;])[ \t]*(print)[ \t]*(?=\()", re.MULTILINE)
_EXCEPT = re.compile(
    r"^[ \t]*except[ \t]+(?:[\w.]+|\([^()\n]*\))([ \t]*,[ \t]*)\w+[ \t]*:", re.MULTILINE
)
_RAISE = re.compile(r"(?:^|[:;])[ \t]*raise[ \t]+[\w.]+([ \t]*,[ \t]*)", re.MULTILINE)
_UNEQUAL = re.compile(r"<>")
_LONG = re.compile(r"\b\d+([lL])\b")
_INDENT = re.compile(r"^[ ]*\t[ \t]*", re.MULTILINE)
_XRANGE = re.compile(r"\bxrange\b")
_BOUND_XRANGE = re.compile(r"\bimport\b[^\n]{0,200}\bxrange\b|\bxrange[ \t]*=|\bimport[ \t]*\*")
_METHOD = re.compile(r"\.(?:iteritems|itervalues|iterkeys|has_key)\b")
_OLD_MODULE = re.compile(
    r"^[ \t]*(?:import|from)[ \t]+(?:cPickle|urllib2|StringIO)\b", re.MULTILINE
)
_BOTH = re.compile(r"^from[ \t]+(?:builtins|past|future|__future__|six)\b", re.MULTILINE)
_PRINT_FUNCTION = re.compile(
    r"^from[ \t]+__future__[ \t]+import\b[^\n]*\bprint_function", re.MULTILINE
)
_DIVISION = re.compile(r"^from[ \t]+__future__[ \t]+import\b[^\n]*\bdivision", re.MULTILINE)
_ONLY_3 = re.compile(
    r"\bnonlocal\b|\byield[ \t]+from\b|->|\basync[ \t]+def\b|\bsuper\(\)|[\w)\]][ \t]+@"
)
_F_STRING = re.compile(r"[rR]?[fF]")


_MOST_CHARACTERS = 256 * 1024
_MOST_PRINTS = 500
_LONGEST = 10_000
"""Characters of a statement: what is longer, or has more of them, is not rewritten."""


def marker(source: str) -> tuple[int, str] | None:
    """The first line that only Python 2 can be meant by, and what stands there; None: none.

    A file with an f-string or the like is none of Python 2, whatever else it has.
    """
    if len(source) > _MOST_CHARACTERS:
        return None
    masked = _masked(source)
    if _ONLY_3.search(masked) or _has_f_string(source):
        return None
    found = []
    if not _PRINT_FUNCTION.search(masked):
        found += [(match.start(1), "print") for match in _PRINT.finditer(masked)]
    if not _BOUND_XRANGE.search(masked):
        found += [(match.start(), "xrange") for match in _XRANGE.finditer(masked)]
    for pattern in (_METHOD, _EXCEPT, _OLD_MODULE):
        found += [(match.start(), match.group().strip()) for match in pattern.finditer(masked)]
    if not found:
        return None
    place, what = min(found)
    return source.count("\n", 0, place) + 1, what.lstrip(".")


def parsed(source: str, path: str, *, old_package: bool) -> ast.Module:
    """The syntax tree of a file, made to act as it did. Raises SyntaxError.

    `old_package`: some file of the package is of Python 2.
    """
    if not old_package:
        return ast.parse(source, path)
    masked = _masked(source)
    if _ONLY_3.search(masked) or _has_f_string(source):
        return ast.parse(source, path)
    old = marker(source) is not None
    tree = _parsed_old(source, masked, path) if old else ast.parse(source, path)
    if not _DIVISION.search(masked):
        exact = not old or _BOTH.search(masked) is not None
        tree = _Division("__py2_exact__" if exact else "__py2_floor__").visit(tree)
    if old:
        tree = _Views().visit(tree)
    return ast.fix_missing_locations(tree)


def names(source: str, *, old_package: bool) -> dict[str, Any]:
    """What a file of such a package finds in its module before it runs."""
    if not old_package:
        return {}
    helpers: dict[str, Any] = {
        "__py2_exact__": exact_quotient,
        "__py2_floor__": floor_quotient,
        "__py2_view__": view,
    }
    if marker(source) is not None:
        helpers |= {
            "range": _listed(range),
            "zip": _listed(zip),
            "map": _listed(map),
            "filter": _listed(filter),
        }
    return helpers


def _listed(lazy: Callable[..., Any]) -> Callable[..., list[Any]]:
    return lambda *arguments: list(lazy(*arguments))


def _parsed_old(source: str, masked: str, path: str) -> ast.Module:
    try:
        return ast.parse(rewritten(source, masked), path)
    except SyntaxError:
        return ast.parse(source, path)  # Python's words are about the student's own lines


# --- text ---------------------------------------------------------------------------------------


def _masked(source: str) -> str:
    """`source` with quotes for its strings and blanks for comments, of the same length."""

    def blank(match: re.Match[str]) -> str:
        found = match.group()
        return (" " if found.startswith("#") else '"') * len(found)

    return _LITERAL.sub(blank, source).replace("\\\n", "  ")


def _has_f_string(source: str) -> bool:
    return any(_F_STRING.match(match.group()) for match in _LITERAL.finditer(source))


def rewritten(source: str, masked: str | None = None) -> str:
    """Statements of Python 2 in the words of Python 3; no line moves."""
    masked = _masked(source) if masked is None else masked
    pieces, done = [], 0
    for start, end, text in sorted(_edits(source, masked)):
        pieces += [source[done:start], text]
        done = max(done, end)
    return "".join([*pieces, source[done:]])


def _edits(source: str, masked: str) -> Iterator[tuple[int, int, str]]:
    depth = _depths(masked)
    if not _PRINT_FUNCTION.search(masked):
        for match in islice(_PRINT.finditer(masked), _MOST_PRINTS):
            if depth[match.start(1)] == 0:
                yield from _call(source, masked, match.end(1))
        for match in islice(_PRINT_AND_MORE.finditer(masked), _MOST_PRINTS):
            if depth[match.start(1)] == 0:
                end = _statement_end(masked, match.end())
                closed = depth.find_close(match.end())
                if masked[closed + 1 : end].strip():
                    yield from _call(source, masked, match.end(1))
    for match in _EXCEPT.finditer(masked):
        yield match.start(1), match.end(1), " as "
    for match in islice(_RAISE.finditer(masked), _MOST_PRINTS):
        yield match.start(1), match.end(1), "("
        end = _statement_end(masked, match.end())
        yield end, end, ")"
    for match in _UNEQUAL.finditer(masked):
        yield match.start(), match.end(), "!="
    for match in _LONG.finditer(masked):
        yield match.start(1), match.end(1), ""
    for match in _INDENT.finditer(masked):
        yield match.start(), match.end(), match.group().expandtabs(8)


def _call(source: str, masked: str, start: int) -> Iterator[tuple[int, int, str]]:
    """`print x` -> `print(x)`; where it goes (`>>file`) does not matter."""
    end = _statement_end(masked, start)
    body = masked[start:end]
    if body.lstrip().startswith(">>"):
        comma = body.find(",")
        yield start, end if comma < 0 else start + comma + 1, "("
    else:
        yield start, start, "("
    yield end, end, ")"


def _statement_end(masked: str, start: int) -> int:
    """Where a simple statement ends, blanks and a comment behind it left out."""
    depth = 0
    last = min(len(masked), start + _LONGEST)
    for place in range(start, last):
        character = masked[place]
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character in ";\n" and depth <= 0:
            break
    else:
        place = last
    return start + len(masked[start:place].rstrip())


class _Depths:
    """How many brackets are open at each place of a text."""

    def __init__(self, masked: str) -> None:
        self.masked = masked
        self.levels = []
        depth = 0
        for character in masked:
            self.levels.append(depth)
            if character in "([{":
                depth += 1
            elif character in ")]}":
                depth = max(depth - 1, 0)

    def __getitem__(self, place: int) -> int:
        return self.levels[place]

    def find_close(self, place: int) -> int:
        """The place of the bracket that closes the one at `place`."""
        level = self.levels[place]
        last = min(len(self.masked), place + _LONGEST)
        for at in range(place + 1, last):
            if self.masked[at] in ")]}" and self.levels[at] == level + 1:
                return at
        return last - 1


def _depths(masked: str) -> _Depths:
    return _Depths(masked)


# --- meaning ------------------------------------------------------------------------------------


def _whole(value: object) -> bool:
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "iub"
    return isinstance(value, (int, np.integer, np.bool_))


def floor_quotient(a: Any, b: Any, *, in_place: bool = False) -> Any:
    """`a / b` of Python 2: whole numbers and arrays of them are divided with a floor."""
    if _whole(a) and _whole(b):
        return a // b
    if in_place:
        a /= b
        return a
    return a / b


def exact_quotient(a: Any, b: Any, *, in_place: bool = False) -> Any:
    """`a / b`, a whole number where both are and nothing is left over."""
    if (
        isinstance(a, (int, np.integer))
        and isinstance(b, (int, np.integer))
        and b != 0
        and a % b == 0
    ):
        return a // b
    if in_place:
        a /= b
        return a
    return a / b


def view(owner: Any, name: str) -> Callable[..., Any]:
    """A method of a dictionary as Python 2 had it; any other object's own."""
    if not isinstance(owner, dict):
        return getattr(owner, name)  # type: ignore[no-any-return]
    if name == "has_key":
        return owner.__contains__
    today = name.removeprefix("iter")
    return lambda: list(getattr(owner, today)())


class _Division(ast.NodeTransformer):
    def __init__(self, helper: str) -> None:
        self.helper = helper

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.op, ast.Div):
            return node
        return self._helped(node, [node.left, node.right], [])

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.op, ast.Div):
            return node
        before = copy.deepcopy(node.target)
        before.ctx = ast.Load()
        in_place = ast.keyword("in_place", ast.Constant(True))
        value = self._helped(node, [before, node.value], [in_place])
        return ast.copy_location(ast.Assign([node.target], value), node)

    def _helped(
        self, node: ast.AST, arguments: list[ast.expr], keywords: list[ast.keyword]
    ) -> ast.expr:
        call = ast.Call(ast.Name(self.helper, ast.Load()), arguments, keywords)
        return ast.copy_location(call, node)


class _Views(ast.NodeTransformer):
    """Methods of dictionaries give lists, and the old ones are there."""

    _NAMES = frozenset(
        {"keys", "values", "items", "iterkeys", "itervalues", "iteritems", "has_key"}
    )

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr in self._NAMES:
            owner, name = node.func.value, ast.Constant(node.func.attr)
            helped = ast.Call(ast.Name("__py2_view__", ast.Load()), [owner, name], [])
            node.func = ast.copy_location(helped, node.func)
        return node
