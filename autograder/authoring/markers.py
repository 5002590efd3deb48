"""The solution's markers: what lies between them never leaves the instructor's machine.

::

    def relu(x):
        ### BEGIN SOLUTION
        return np.maximum(x, 0)
        ### STARTER
        # out = None          (lines to stand in the starter instead, one `# ` taken off)
        # return out
        ### END SOLUTION

Without `### STARTER` the starter gets `raise NotImplementedError("write your code here")`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from autograder.errors import AssignmentError

PLACEHOLDER = 'raise NotImplementedError("write your code here")'

_MARKER = re.compile(r"([ \t]*)#{1,}[ \t]*(BEGIN SOLUTION|END SOLUTION|STARTER)\b", re.IGNORECASE)
_BEGIN, _STARTER, _END = "BEGIN SOLUTION", "STARTER", "END SOLUTION"


@dataclass(frozen=True)
class Split:
    """A solution's code, taken apart at its markers."""

    starter: str
    solved: tuple[str, ...]
    """Every line between the markers, as it stands."""


@dataclass
class _Block:
    begin: int
    indent: str
    solved: list[str] = field(default_factory=list)
    starter: list[str] | None = None


def split_solution(code: str, where: str) -> Split:
    """The starter of `code`, and what was taken out of it.

    `where` names the code in messages. Raises `AssignmentError` for markers that do not pair.
    """
    starter: list[str] = []
    solved: list[str] = []
    block: _Block | None = None
    for number, line in enumerate(code.split("\n"), start=1):
        kind, indent = _marker(line, inside=block is not None)
        if kind is None:
            _keep(line, block, starter, f"{where}:{number}")
        elif kind == _BEGIN:
            if block is not None:
                raise AssignmentError(
                    f"{where}:{number}: a solution begins inside the one of line {block.begin}; "
                    "write ### END SOLUTION before it"
                )
            block = _Block(number, indent)
        elif block is None:
            raise AssignmentError(
                f"{where}:{number}: ### END SOLUTION without ### BEGIN SOLUTION; add it above"
            )
        elif kind == _STARTER:
            block.starter = []
        else:
            starter += _replacement(block)
            solved += block.solved
            block = None
    if block is not None:
        raise AssignmentError(
            f"{where}:{block.begin}: this solution has no end; write ### END SOLUTION below it"
        )
    return Split("\n".join(starter), tuple(solved))


def has_markers(code: str) -> bool:
    """Whether a line of `code` begins or ends a solution."""
    return any(_marker(line, inside=False)[0] for line in code.split("\n"))


def _marker(line: str, *, inside: bool) -> tuple[str | None, str]:
    found = _MARKER.match(line)
    if found is None:
        return None, ""
    kind = found.group(2).upper()
    # "# starter" may be anybody's comment; inside a block it has a meaning, in capitals
    if kind == _STARTER and not (inside and found.group(2) == _STARTER):
        return None, ""
    return kind, found.group(1)


def _keep(line: str, block: _Block | None, starter: list[str], where: str) -> None:
    if block is None:
        starter.append(line)
    elif block.starter is None:
        block.solved.append(line)
    else:
        block.starter.append(_uncommented(line, where))


def _uncommented(line: str, where: str) -> str:
    """`    # return out` -> `    return out`."""
    bare = line.lstrip(" \t")
    if not bare:
        return ""
    if not bare.startswith("#"):
        raise AssignmentError(
            f"{where}: the lines under ### STARTER are comments (`# return None`), so that the "
            "solution still runs; put `# ` before this one"
        )
    return line[: len(line) - len(bare)] + bare[1:].removeprefix(" ")


def _replacement(block: _Block) -> list[str]:
    if block.starter is None:
        return [block.indent + PLACEHOLDER]
    return block.starter
