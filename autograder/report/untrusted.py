"""Text that a student's code or file names brought in, made fit to show anywhere."""

from __future__ import annotations

import re

from autograder.texts import clean

# CSI (colours, cursor), OSC and other strings (titles, links), and the two-character escapes.
_ESCAPE_SEQUENCE = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]"
    r"|\][^\x07\x1b]*(?:\x07|\x1b\\)"
    r"|[PX^_][^\x1b]*\x1b\\"
    r"|[ -/]*[0-Z\\-~])"
)


def readable(untrusted: str, *, limit: int = 2000) -> str:
    """`untrusted` without escape sequences, control and bidi characters, at most `limit` long."""
    shown = untrusted[: 4 * limit]
    if "\r" in shown:
        shown = shown.replace("\r\n", "\n").replace("\r", "\n")
    if "\x1b" in shown:
        shown = _ESCAPE_SEQUENCE.sub("", shown)
    return clean(shown, limit=limit)


def readable_end(untrusted: str, *, limit: int = 4000) -> str:
    """As `readable`, but what is too long loses its beginning: the end of a traceback counts."""
    shown = readable(untrusted[-4 * limit :], limit=4 * limit)
    return shown if len(shown) <= limit else "…" + shown[1 - limit :]


def one_line(untrusted: str, *, limit: int = 200) -> str:
    """As `readable`, on one line, for names."""
    return " ".join(readable(untrusted, limit=limit).split())
