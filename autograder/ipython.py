r"""IPython syntax in a notebook cell -> plain Python with the same line numbers.

Nothing that a magic or a shell command would do is done::

    %matplotlib inline      pass             %time f(x)     f(x)
    !pip install x          pass             x = !ls        x = []
    help?                   pass             x = %pwd       x = None
    %%time                  the rest stays   %%bash         the cell is left out
    %%writefile a.py        the rest becomes the file a.py
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field

_CELL_MAGIC = re.compile(r"%%(\w[\w.]*)[ \t]*(.*)")
_TRANSPARENT = {"time", "capture", "prun", "debug", "memit", "snakeviz", "wandb", "scalene"}
"""Cell magics that run the rest of the cell in the notebook's own namespace."""
_WRITERS = {"writefile", "file"}
_SILENT = {
    "matplotlib", "pylab", "load_ext", "reload_ext", "autoreload", "config", "time", "timeit",
    "pip", "conda", "mamba", "cd", "pwd", "ls", "who", "whos", "tensorboard", "precision",
    "reset", "xmode", "pdb", "env", "colors",
}  # fmt: skip
"""Line magics whose absence changes no answer."""

_SPECIAL = re.compile(r"[%!?]|^[ \t]*(?:pip3?|conda|mamba|uv|cd)[ \t]", re.MULTILINE)
_LINE_MAGIC = re.compile(r"([ \t]*)%(\w[\w.]*)[ \t]*(.*)")
_SHELL = re.compile(r"([ \t]*)!")
_HELP = re.compile(r"([ \t]*)(?:\?{1,2}[%\w.*]+|[%\w.*\[\]()'\"]+\?{1,2})$")
_TARGET = re.compile(r"[^!%#'\"]+$")
_AUTOMAGIC = re.compile(r"([ \t]*)(?:pip3?|conda|mamba|uv|cd)[ \t]+[\w~./\"'-][^=(]*$")
_TIME_OPTIONS = re.compile(r"^(?:--?[\w-]+[ \t]+)*")

_LEXEME = re.compile(
    r"""(?P<comment>\#.*)|(?P<triple>\"{3}|'{3})
    |(?P<string>"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?)
    |(?P<open>[(\[{])|(?P<close>[)\]}])""",
    re.VERBOSE,
)
_CLOSING = {quote: re.compile(rf"(?s)(?:\\.|(?!{quote})[^\\])*{quote}") for quote in ('"""', "'''")}


@dataclass
class PlainCell:
    """A cell without IPython syntax."""

    code: str
    left_out: list[tuple[int, str]] = field(default_factory=list)
    """Line and name of what was not done and may be missed."""
    files: dict[str, str] = field(default_factory=dict)
    """What `%%writefile` would have written: name -> content."""


def has_ipython_syntax(cell: str) -> bool:
    """Whether `cell` could have IPython syntax in it. Cheap, and true for `a % b` too."""
    return _SPECIAL.search(cell) is not None


def plain_python(cell: str) -> PlainCell:
    """`cell` with every magic, shell command and help request made harmless."""
    plain = PlainCell("")
    lines = cell.split("\n")
    body = _without_cell_magics(lines, plain)
    if body is not None:
        _replace_lines(lines, body, plain)
        plain.code = "\n".join(lines)
    return plain


def without_get_ipython(code: str, tree: ast.Module) -> str:
    """`code` of a notebook exported to .py, without its `get_ipython().run_line_magic(…)` lines."""
    if "get_ipython()" not in code:
        return code
    lines = code.split("\n")
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and _asks_ipython(node.value) and node.end_lineno:
            first, last = node.lineno - 1, node.end_lineno - 1
            before, after = lines[first][: node.col_offset], lines[last].encode()
            if not before.strip() and not after[node.end_col_offset :].strip():
                lines[first : last + 1] = [f"{before}pass", *[""] * (last - first)]
    return "\n".join(lines)


def _asks_ipython(value: ast.expr) -> bool:
    match value:
        case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="get_ipython")))):
            return True
    return False


def _without_cell_magics(lines: list[str], plain: PlainCell) -> int | None:
    """Blank the cell magics; the first line after them, or None where the cell is left out."""
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        match = _CELL_MAGIC.match(line)
        if match is None:
            return number
        name, arguments = match.groups()
        if name in _WRITERS and arguments.split():
            target = arguments.split()[-1].strip("\"'")
            plain.files[target] = "\n".join(lines[number + 1 :])
            return None
        if name not in _TRANSPARENT:
            plain.left_out.append((number + 1, f"%%{name}"))
            return None
        lines[number] = ""
    return len(lines)


def _replace_lines(lines: list[str], first: int, plain: PlainCell) -> None:
    state = _LineState()
    continued = False
    for number in range(first, len(lines)):
        line = lines[number]
        if continued:
            lines[number] = ""
        elif state.at_statement and (replaced := _replaced(line, number + 1, plain)) is not None:
            lines[number] = replaced
        else:
            state.feed(line)
            continue
        continued = line.endswith("\\")


def _replaced(line: str, number: int, plain: PlainCell) -> str | None:
    """The plain Python for a line that starts a statement, or None where it is plain already."""
    if match := _HELP.match(line.rstrip(" \t;")):
        return f"{match[1]}pass"
    if match := _LINE_MAGIC.match(line):
        indent, name, rest = match.groups()
        if name in ("time", "prun") and (statement := _TIME_OPTIONS.sub("", rest)):
            return f"{indent}{statement}"
        if name not in _SILENT:
            plain.left_out.append((number, f"%{name}"))
        return f"{indent}pass"
    if match := _SHELL.match(line) or _AUTOMAGIC.match(line):
        return f"{match[1]}pass"
    return _replaced_assignment(line, number, plain)


def _replaced_assignment(line: str, number: int, plain: PlainCell) -> str | None:
    target, equals, value = line.partition("=")
    value = value.strip()
    if not equals or not value.startswith(("!", "%")) or not _TARGET.match(target):
        return None
    if (match := _LINE_MAGIC.match(value)) and match[2] == "time" and match[3]:
        return f"{target}= {match[3]}"
    plain.left_out.append((number, value))
    return f"{target}= {'[]' if value.startswith('!') else None}"


class _LineState:
    """Whether the next line starts a statement: no open bracket, string or continuation."""

    def __init__(self) -> None:
        self.depth = 0
        self.quote = ""
        self.continued = False

    @property
    def at_statement(self) -> bool:
        return not (self.depth or self.quote or self.continued)

    def feed(self, line: str) -> None:
        position = 0
        self.continued = line.endswith("\\")
        while position < len(line):
            if self.quote:
                match = _CLOSING[self.quote].match(line, position)
                if match is None:
                    return
                self.quote = ""
            else:
                match = _LEXEME.search(line, position)
                if match is None:
                    return
                self._enter(match)
            position = match.end()

    def _enter(self, match: re.Match[str]) -> None:
        if match["comment"]:
            self.continued = False
        elif match["triple"]:
            self.quote = match["triple"]
        elif match["open"]:
            self.depth += 1
        elif match["close"]:
            self.depth = max(self.depth - 1, 0)
