"""Bytes -> Python source, its syntax tree, and which names it defines; nothing is executed.

`ast.parse` alone is used. `compile` would go further and cost more: nested `finally` blocks
double the code that it makes with every level.
"""

from __future__ import annotations

import ast
import codecs
import re
import threading
import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autograder.errors import SubmissionError
from autograder.texts import Text, text
from autograder.tree import shown

MAX_CODE_CHARACTERS = 256 * 1024
"""Of one file, or of all cells of a notebook: `ast.parse` may take 1 kB of memory for each."""

_COOKIE = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_CODECS = {
    "utf-8": "utf-8", "utf8": "utf-8", "u8": "utf-8", "utf-8-sig": "utf-8",
    "ascii": "ascii", "us-ascii": "ascii",
    "latin-1": "latin-1", "latin1": "latin-1", "l1": "latin-1", "iso-8859-1": "latin-1",
    "iso8859-1": "latin-1", "iso-8859-15": "iso8859-15", "latin-9": "iso8859-15",
    "cp1252": "cp1252", "windows-1252": "cp1252",
    "cp1256": "cp1256", "windows-1256": "cp1256", "iso-8859-6": "iso8859-6",
}  # fmt: skip
"""Encodings that only name characters. Others transform, or load a module to find out."""

_WIDE_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

# Literals that are not closed reach to the end, so that no character is looked at twice.
_LITERAL = re.compile(
    r"""#[^\n]*|([a-zA-Z]{0,3})(?:"{3}(?:[^"\\]|\\.|"(?!""))*+(?:"{3}|.?\Z)"""
    r"""|'{3}(?:[^'\\]|\\.|'(?!''))*+(?:'{3}|.?\Z)"""
    r"""|"(?:[^"\\\n]|\\.)*+.?|'(?:[^'\\\n]|\\.)*+.?)""",
    re.DOTALL,
)
_MAX_REPLACEMENTS = 100_000_000
"""Of all f-strings: the length of each times its braces. Python 3.11 searches the whole literal
for every replacement field: 256 kB of `{a}` hold it for seconds."""

_MAX_MARKS = 50
"""Combining marks on one letter. Python normalises names, which sorts the marks of each letter in
quadratic time: 256 kB of them hold it for minutes."""
_MARKED = re.compile(rf"[^\x00-\x7f]{{{_MAX_MARKS},}}")

# `warnings.catch_warnings` changes the whole process.
_PARSING = threading.Lock()


class SyntaxProblem(Exception):
    """Code that Python does not parse: the line, Python's own words, the usual cause and mend."""

    def __init__(self, line: int, problem: str, cause: Text) -> None:
        super().__init__(f"line {line}: {problem}")
        self.line = line
        self.problem = problem
        self.cause = cause


@dataclass(frozen=True)
class Definitions:
    """The names that a module has once it has run."""

    own: frozenset[str] = frozenset()
    """By def, class or assignment."""
    imported: frozenset[str] = frozenset()
    everything: bool = False
    """`from … import *` may bring any name."""

    def __or__(self, other: Definitions) -> Definitions:
        return Definitions(
            self.own | other.own,
            self.imported | other.imported,
            self.everything or other.everything,
        )

    def count(self, names: Iterable[str]) -> tuple[int, int]:
        """How many of `names` are defined here, and how many are here at all."""
        wanted = frozenset(names)
        return len(wanted & self.own), len(wanted & (self.own | self.imported))


def decode(name: str, data: bytes) -> str:
    """The text of a source file, with newlines as line ends.

    UTF-8 with or without a byte order mark, or what a PEP 263 comment names.
    """
    if not data:
        raise SubmissionError(
            text("`{name}` is empty (0 bytes). Save the file and send it again.", name=shown(name))
        )
    if data.startswith(_WIDE_MARKS):
        raise SubmissionError(
            text(
                "`{name}` is saved as UTF-16 or UTF-32. Save it as UTF-8 and send it again.",
                name=shown(name),
            )
        )
    if b"\0" in data:
        raise SubmissionError(
            text(
                "`{name}` has zero bytes in it (the first is byte {byte}), so it is not a text "
                "file. Save it as UTF-8 text and send it again.",
                name=shown(name),
                byte=data.index(0) + 1,
            )
        )
    source = _decoded(name, data).replace("\r\n", "\n").replace("\r", "\n")
    if not source.strip():
        raise SubmissionError(
            text(
                "`{name}` has nothing in it but blank lines. Save your work and send it again.",
                name=shown(name),
            )
        )
    return source


def _decoded(name: str, data: bytes) -> str:
    body = data.removeprefix(codecs.BOM_UTF8)
    encoding = "utf-8" if body != data else _encoding(name, data)
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        place = {
            "name": shown(name),
            "byte": error.start + len(data) - len(body) + 1,
            "line": body.count(b"\n", 0, error.start) + 1,
        }
    if encoding == "utf-8":
        raise SubmissionError(
            text(
                "`{name}` is not UTF-8 (byte {byte}, line {line}). Save it as UTF-8 and send it "
                "again.",
                **place,
            )
        )
    raise SubmissionError(
        text(
            "`{name}` is not `{encoding}`, although its first lines say so (byte {byte}, line "
            "{line}). Save it as UTF-8 and remove the line about the encoding.",
            encoding=encoding,
            **place,
        )
    )


def _encoding(name: str, data: bytes) -> str:
    for line in re.split(rb"\r\n?|\n", data, maxsplit=2)[:2]:
        if match := _COOKIE.match(line):
            named = match[1].decode("ascii", "replace").lower().replace("_", "-")
            if named.startswith(("utf-8-", "latin-1-")):  # an editor's addition, as in PEP 263
                named = named.rpartition("-")[0]
            if named in _CODECS:
                return _CODECS[named]
            raise SubmissionError(
                text(
                    "`{name}` names the encoding `{encoding}`, which is not read here. Save it as "
                    "UTF-8 and remove that line.",
                    name=shown(name),
                    encoding=shown(named),
                )
            )
        if line.strip() and not line.lstrip().startswith(b"#"):
            break
    return "utf-8"


def parse(code: str) -> ast.Module:
    """The syntax tree of `code`. Raises `SyntaxProblem`."""
    if len(code) > MAX_CODE_CHARACTERS:
        raise SyntaxProblem(
            1,
            "too long",
            text(
                "It is longer than {limit} kB. Keep data in a file of its own.",
                limit=MAX_CODE_CHARACTERS // 1024,
            ),
        )
    cause = text("Python gives up on code like this. Write it in shorter expressions.")
    if _replacements(code) > _MAX_REPLACEMENTS:
        raise SyntaxProblem(1, "too long an f-string", cause)
    if _stacks_marks(code):
        raise SyntaxProblem(1, "too many accents on one letter", cause)
    try:
        with _PARSING, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(code)
    except SyntaxError as error:
        raise _explained(error, code) from None
    except (RecursionError, MemoryError):
        problem = "too deeply nested"
    except ValueError as error:  # a NUL or a lone surrogate
        problem = str(error)
    raise SyntaxProblem(1, shown(problem), cause)


def _replacements(code: str) -> int:
    """What the f-strings of `code` cost to parse."""
    if code.count("{") * len(code) <= _MAX_REPLACEMENTS:
        return 0
    return sum(
        len(found[0]) * found[0].count("{")
        for found in _LITERAL.finditer(code)
        if "f" in (found[1] or "").lower()
    )


def _stacks_marks(code: str) -> bool:
    """Whether more marks stand on one letter than any language has."""
    for run in _MARKED.finditer(code):
        marks = 0
        for character in run[0]:
            marks = marks + 1 if unicodedata.combining(character) else 0
            if marks > _MAX_MARKS:
                return True
    return False


def _explained(error: SyntaxError, code: str) -> SyntaxProblem:
    lines = code.split("\n")
    number = min(max(error.lineno or 1, 1), len(lines))
    line = lines[number - 1][:1000]
    problem = shown(str(error.msg))
    return SyntaxProblem(number, problem, cause_of(problem, line))


def cause_of(problem: str, line: str) -> Text:
    """What usually is behind Python's words `problem` about a line, and the mend."""
    for about_problem, about_line, cause in CAUSES:
        if about_problem.search(problem) and about_line.search(line):
            return text(cause)
    return text(_OTHER_CAUSE)


def _cause(problem: str, line: str, cause: str) -> tuple[re.Pattern[str], re.Pattern[str], str]:
    return re.compile(problem), re.compile(line), cause


_PYTHON_2 = (
    "This is Python 2. Python 3 writes `print(x)`, `except Error as e:`, `raise Error(x)`, `!=`."
)
_TABS = "Tabs and spaces are mixed. Let your editor turn every tab into four spaces."
_TYPOGRAPHY = (
    "A character from a word processor or another keyboard layout stands in the code. Type it "
    "anew on the English layout."
)
_OTHER_CAUSE = "Look at this line and the one before it: something is missing, or is too much."

CAUSES = (
    _cause(
        "",
        r"^(<{7}|={7}$|>{7})",
        "A merge was not finished. Remove the lines `<<<<<<<`, `=======`, `>>>>>>>` and what you "
        "do not want of the two versions.",
    ),
    _cause("Missing parentheses in call to '(print|exec)'", "", _PYTHON_2),
    _cause("multiple exception types must be parenthesized", "", _PYTHON_2),
    _cause("leading zeros in decimal integer", "", _PYTHON_2),
    _cause("invalid decimal literal", r"\b\d+[lL]\b", _PYTHON_2),
    _cause("invalid syntax", r"`|<>|^\s*raise\s+\w+\s*,|\bur['\"]", _PYTHON_2),
    _cause("inconsistent use of tabs", "", _TABS),
    _cause("indent", r"^ *\t+ |^ +\t", _TABS),
    _cause(
        "expected an indented block",
        "",
        "A `def`, `if` or loop has no body. Write it, indented by four spaces, or write `pass`.",
    ),
    _cause(
        "indent",
        "",
        "The line does not stand under its block. Indent each level by four spaces.",
    ),
    _cause(
        "expected ':'",
        "",
        "A colon `:` is missing at the end of the `def`, `class`, `if`, `for` or `while`.",
    ),
    _cause(
        "was never closed|unmatched|does not match opening",
        "",
        "A bracket is missing or one too many. Count `(` and `)`, `[` and `]`, `{` and `}`.",
    ),
    _cause("unterminated", "", "A string has no closing quote. Close it."),
    _cause("invalid (non-printable )?character", "", _TYPOGRAPHY),
    _cause(
        "",
        r"^\s*(%\w|!\s*\w)|\w\?\s*$",
        "The line is notebook syntax, which a `.py` file cannot have. Remove it, or send the "
        "notebook.",
    ),
    _cause(
        "",
        r"\.\.\.",
        "A placeholder `...` is still in the line. Write your own code in its place.",
    ),
)
"""Python's words, the line itself -> what usually is behind them; the first that fits."""


def defined_names(tree: ast.Module) -> Definitions:
    """The names that the top level binds, in `if`, `try`, `with` and loops too."""
    own: set[str] = set()
    imported: set[str] = set()
    everything = False
    for statement in _top_level(tree.body):
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                own.add(name)
            case ast.ClassDef(name=name):
                own.add(name)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                imported |= {a.asname or a.name.partition(".")[0] for a in aliases}
            case _:
                own |= _assigned(statement)
    if "*" in imported:
        imported.remove("*")
        everything = True
    return Definitions(frozenset(own), frozenset(imported), everything)


def _top_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    waiting = list(body)
    while waiting:
        statement = waiting.pop()
        yield statement
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        for child in ast.iter_child_nodes(statement):
            if isinstance(child, ast.stmt):
                waiting.append(child)
            elif isinstance(child, ast.ExceptHandler | ast.match_case):
                waiting.extend(child.body)


def _assigned(statement: ast.stmt) -> set[str]:
    targets: list[ast.expr] = []
    match statement:
        case ast.Assign():
            targets = list(statement.targets)
        case ast.AnnAssign(value=ast.expr()) | ast.For() | ast.AsyncFor():
            targets = [statement.target]
        case ast.With() | ast.AsyncWith():
            targets = [item.optional_vars for item in statement.items if item.optional_vars]
    names: set[str] = set()
    while targets:
        match targets.pop():
            case ast.Name(id=name):
                names.add(name)
            case ast.Tuple(elts=inner) | ast.List(elts=inner):
                targets.extend(inner)
            case ast.Starred(value=value):
                targets.append(value)
    return names
