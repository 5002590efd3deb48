"""A formula as students write it, held against the right one by values.

The formula is parsed to a syntax tree in which only arithmetic, a few functions and the
question's symbols may stand, and evaluated by walking that tree: nothing is executed. Two
formulas that have the same value at many random points are the same formula (for these functions,
with probability one), however differently they are written; a computer-algebra system would need
`eval` to read them and may not come to an end in simplifying them.
"""

from __future__ import annotations

import ast
import cmath
import math
import random
import re
from collections.abc import Callable, Mapping, Sequence, Set

from autograder.questions.numbers import normalized

MAX_CHARACTERS = 1000
_MAX_NODES = 300
_MAX_POWER = 200.0
_POINTS = 24
_NEEDED = 8
_RELATIVE = 1e-8

Values = Mapping[str, complex]


def _relu(value: complex) -> complex:
    return value if value.real > 0 else 0.0


def _sigmoid(value: complex) -> complex:
    return 1 / (1 + cmath.exp(-value))


_FUNCTIONS: dict[str, Callable[[complex], complex]] = {
    "exp": cmath.exp,
    "log": cmath.log,
    "ln": cmath.log,
    "sqrt": cmath.sqrt,
    "sin": cmath.sin,
    "cos": cmath.cos,
    "tan": cmath.tan,
    "tanh": cmath.tanh,
    "sinh": cmath.sinh,
    "cosh": cmath.cosh,
    "abs": abs,
    "relu": _relu,
    "sigmoid": _sigmoid,
    "log2": lambda value: cmath.log(value) / math.log(2),
    "log10": cmath.log10,
}
_MANY: dict[str, Callable[..., float]] = {"max": max, "min": min}
_CONSTANTS: dict[str, complex] = {"pi": math.pi, "e": math.e}

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "η": "eta",
    "θ": "theta", "λ": "lambda", "μ": "mu", "µ": "mu", "π": "pi", "ρ": "rho", "σ": "sigma",
    "τ": "tau", "φ": "phi", "ω": "omega",
}  # fmt: skip
_KEYWORD = {"lambda": "lambda_"}
_BRACKETS = str.maketrans("{}[]", "()()")
_TOKEN = re.compile(
    r"\s+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[A-Za-z_]\w*|[-+*/^(),]", re.ASCII
)
_OPEN, _CLOSE = "()"
_VALUE = re.compile(r"[A-Za-z0-9_.]")
_PYTHON = {"^": "**", "lambda": "lambda_"}
_LATEX = re.compile(r"\\(?:left|right|cdot|times|,|;|!)")
_FRACTION = re.compile(r"\\frac\{([^{}]*)\}\{([^{}]*)\}")


class NotAFormula(ValueError):
    """What was written cannot be read; the message says where it stops making sense."""


class Formula:
    """A parsed formula over `symbols`."""

    def __init__(self, written: str, symbols: Sequence[str]) -> None:
        if len(written) > MAX_CHARACTERS:
            raise NotAFormula(f"longer than {MAX_CHARACTERS} characters")
        self.symbols = tuple(symbols)
        self._names = {_KEYWORD.get(name, name): name for name in self.symbols}
        try:
            tree = ast.parse(_python(written, self.symbols), mode="eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise NotAFormula("not a formula: write it as in `2*x**2 + exp(-y)`") from None
        nodes = list(ast.walk(tree))
        if len(nodes) > _MAX_NODES:
            raise NotAFormula(f"more than {_MAX_NODES} parts")
        self._body = tree.body
        self._check(tree.body)

    def __call__(self, values: Values) -> complex:
        """The value at one point. Raises ArithmeticError where there is none."""
        return self._value(self._body, values)

    def _check(self, node: ast.expr) -> None:
        if isinstance(node, ast.Constant):
            if isinstance(node.value, (bool, str, bytes)) or not isinstance(
                node.value, (int, float)
            ):
                raise NotAFormula(f"`{node.value!r}` is no number")
            if abs(node.value) > 1e15:
                raise NotAFormula("a number beyond 1e15")
        elif isinstance(node, ast.Name):
            if node.id not in self._names and node.id not in _CONSTANTS:
                known = ", ".join(self.symbols)
                raise NotAFormula(f"`{node.id[:40]}` is none of the symbols {known}")
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.UAdd, ast.USub)):
            self._check(node.operand)
        elif isinstance(node, ast.BinOp) and isinstance(
            node.op, (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)
        ):
            self._check(node.left)
            self._check(node.right)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
            self._check_call(node, node.func.id)
        else:
            raise NotAFormula(f"`{ast.unparse(node)[:60]}` has no place in a formula")

    def _check_call(self, node: ast.Call, name: str) -> None:
        if name not in _FUNCTIONS and name not in _MANY:
            known = ", ".join(sorted([*_FUNCTIONS, *_MANY]))
            raise NotAFormula(f"`{name[:40]}` is none of the functions {known}")
        if name in _FUNCTIONS and len(node.args) != 1:
            raise NotAFormula(f"`{name}` takes one argument")
        if not node.args:
            raise NotAFormula(f"`{name}` needs arguments")
        for argument in node.args:
            self._check(argument)

    def _value(self, node: ast.expr, values: Values) -> complex:
        if isinstance(node, ast.Constant):
            return float(node.value)  # type: ignore[arg-type]
        if isinstance(node, ast.Name):
            name = self._names.get(node.id)
            return values[name] if name is not None else _CONSTANTS[node.id]
        if isinstance(node, ast.UnaryOp):
            operand = self._value(node.operand, values)
            return -operand if isinstance(node.op, ast.USub) else operand
        if isinstance(node, ast.BinOp):
            return _combined(
                node.op, self._value(node.left, values), self._value(node.right, values)
            )
        name, arguments = _call_of(node)
        parts = [self._value(argument, values) for argument in arguments]
        if name in _MANY:
            return _MANY[name](part.real for part in map(complex, parts))
        return _FUNCTIONS[name](parts[0])


def _call_of(node: ast.expr) -> tuple[str, list[ast.expr]]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id, node.args
    raise NotAFormula("not a formula")


def _combined(operator: ast.operator, left: complex, right: complex) -> complex:
    if isinstance(operator, ast.Add):
        return left + right
    if isinstance(operator, ast.Sub):
        return left - right
    if isinstance(operator, ast.Div):
        return left / right
    if isinstance(operator, ast.Pow):
        if abs(right) > _MAX_POWER:
            raise OverflowError("a power beyond 200")
        return complex(left) ** right
    return left * right


def same_formula(got: Formula, right: Formula) -> bool:
    """Whether both have the same value wherever both have one.

    The points are fixed by the symbols, from -3 to 3 and from 0.1 to 3. A formula without a
    value where the right one has one is another formula.
    """
    draws = random.Random(" ".join(right.symbols))  # noqa: S311 - only points to compare at
    compared = 0
    for at in range(_POINTS):
        low = 0.1 if at % 2 else -3.0
        point = {name: complex(draws.uniform(low, 3.0)) for name in right.symbols}
        try:
            expected = complex(right(point))
        except (ArithmeticError, ValueError):
            continue
        try:
            value = complex(got(point))
        except (ArithmeticError, ValueError):
            return False
        if not cmath.isfinite(expected):
            continue
        if not abs(value - expected) <= _RELATIVE * max(1.0, abs(expected)):
            return False
        compared += 1
    return compared >= _NEEDED


def _python(written: str, symbols: Sequence[str]) -> str:
    """The formula in Python's notation: powers, Greek letters, fractions, implied products."""
    plain = normalized(written).split("=")[-1].strip()
    plain = _LATEX.sub(lambda mark: "*" if mark[0] in (r"\cdot", r"\times") else " ", plain)
    for _ in range(5):
        plain = _FRACTION.sub(r"((\1)/(\2))", plain)
    plain = plain.replace("\\", " ").translate(_BRACKETS).replace("**", "^").replace("√", "sqrt ")
    for letter, name in _GREEK.items():
        plain = plain.replace(letter, f" {name} ")
    return _with_products(_tokens(plain, {*symbols, *_CONSTANTS}))


def _tokens(plain: str, names: Set[str]) -> list[str]:
    tokens: list[str] = []
    position = 0
    while position < len(plain):
        found = _TOKEN.match(plain, position)
        if found is None:
            raise NotAFormula(f"`{plain[position]}` has no place in a formula")
        position = found.end()
        token = found[0].strip()
        if token and token not in names and token.isalpha() and set(token) <= names:
            tokens += token  # `xy` is a product
        elif token:
            tokens.append(token)
    return tokens


def _with_products(tokens: Sequence[str]) -> str:
    """The tokens as Python, with a `*` where two values follow each other."""
    parts: list[str] = []
    for before, token in zip(["", *tokens[:-1]], tokens, strict=True):
        ends_value = before == _CLOSE or bool(_VALUE.match(before))
        calls = before in _FUNCTIONS or before in _MANY
        if ends_value and not calls and (token == _OPEN or _VALUE.match(token)):
            parts.append("*")
        parts.append(_PYTHON.get(token, token))
    return " ".join(parts)
