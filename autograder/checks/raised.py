"""What a student reads of an exception in their code, and of a name that is not there."""

from __future__ import annotations

import re

from autograder.errors import FailureDetails
from autograder.sandbox.subject import Raised
from autograder.source import cause_of
from autograder.texts import Text, text

_DIVISION = (
    "In Python 3 `/` gives a float, even of two whole numbers. Where a size, an index or a count "
    "is meant, write `//`."
)
_DICTIONARY = "This is Python 2. In Python 3 write `items()`, `keys()`, `values()` or `in`."
_RANGE = "`xrange` is of Python 2. In Python 3 write `range`."
_NUMPY = "The numpy of today no longer has this name: write `float`, `int` or `bool` itself."

_SHAPES = (
    "The shapes in the message do not fit together. Print the shapes of both arrays just before "
    "this line: is an axis, a transpose, or the row or column of the bias missing?"
)
_AXIS = "Axes are counted from 0: an array of 3 dimensions has the axes 0, 1 and 2."
_KEYWORD = (
    "The function that this line calls has no argument of that name: is it misspelt? numpy says "
    "`axis` and `keepdims`, torch says `dim` and `keepdim`."
)
_ARGUMENTS = "Keep the arguments of the handout, in their order, and pass as many as are asked for."
_NAME = (
    "Where this line runs, nothing has that name: is it misspelt, or is the line missing that "
    "gives it a value?"
)
_KEY = "The dict holds no such key yet: is its value stored later, or under another name?"
_INDEX = "An index is too large: an axis of length n has the indices 0 to n - 1."
_NOTHING = "Something is `None` here: does a function return nothing, or is a value not set yet?"

_COMMON = (
    (r"not aligned|could not be broadcast|could not broadcast|mismatch in its core dim", _SHAPES),
    (r"shapes cannot be multiplied|must match the size of tensor|does not match .* shape", _SHAPES),
    (r"axis -?\d+ is out of bounds|Dimension out of range", _AXIS),
    (r"unexpected keyword argument", _KEYWORD),
    (r"missing \d+ required positional|takes \d+ positional argument", _ARGUMENTS),
    (r"^NameError", _NAME),
    (r"^KeyError", _KEY),
    (r"^IndexError: .*out of (bounds|range)", _INDEX),
    (r"'NoneType'", _NOTHING),
)

_OLD_CODE = (
    (r"'float' object cannot be interpreted as an in", _DIVISION),
    (r"slice indices must be integers|only integers, slices .* are valid indices", _DIVISION),
    (r"must be of integral type|by non-int of type 'float'", _DIVISION),
    (r"has no attribute '(iteritems|iterkeys|itervalues|has_key)'", _DICTIONARY),
    (r"^NameError: name 'xrange'", _RANGE),
    (r"module 'numpy' has no attribute '(float|int|bool|object|str|complex)'", _NUMPY),
)


def missing_in_package(dotted: str) -> FailureDetails:
    """The submission's module defines no such name, or there is no such module."""
    module, _, name = dotted.rpartition(".")
    return FailureDetails(
        text(
            "There is no `{name}` in `{file}`: the file is missing, or does not define it.",
            name=name,
            file=module.replace(".", "/") + ".py",
        ),
        hint=text(
            "Keep the names and the folders of the assignment: the checks find code by them."
        ),
    )


def raised_message(kind: str, message: str) -> Text:
    """An exception, as a message says it."""
    if kind == "NotImplementedError":
        return text("This part is not written yet (`NotImplementedError`).")
    if kind == "SystemExit":
        return text("Your code ended the program (`sys.exit` or `exit`) instead of returning.")
    # the traceback has the rest of a long message
    first = message.strip().split("\n", 1)[0].rstrip(".")
    shown = f"{kind}: {first}" if first else kind
    return text("Your code raised `{error}`.", error=shown[:400].replace("`", "'"))


def raised_hint(raised: Raised) -> Text | None:
    """What usually is behind an exception, where that is known."""
    kind = raised.type
    if kind in ("SyntaxError", "IndentationError", "TabError"):
        line = raised.frames[-1].source if raised.frames else ""
        return cause_of(raised.message, line)
    for pattern, sentence in (*_OLD_CODE, *_COMMON):
        if re.search(pattern, f"{kind}: {raised.message}"):
            return text(sentence)
    if kind == "PermissionError":
        return text(
            "Code under test may not open files outside its folder, start programs or use the "
            "network."
        )
    if kind == "EOFError":
        return text("Nobody can type while the code is graded: remove `input()`.")
    if kind == "RecursionError":
        return text("A function calls itself without an end.")
    if kind == "ModuleNotFoundError":
        return text("Only the libraries that the handout names can be imported.")
    if kind == "UnboundLocalError":
        return text("A variable is used before it has a value on some path.")
    return None
