"""Plain text to safe HTML: code between backticks, numbers that differ."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from markupsafe import Markup, escape

from autograder.report.language import (
    is_right_to_left,
    number,
    phrase_digits,
    phrases,
    prose_digits,
    translate,
)

_TOKEN = re.compile(
    r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|\bnan\b|[-+]?\binf\b|\bTrue\b|\bFalse\b|\bNone\b)"
)

_CODE = Markup('<code dir="ltr">{}</code>')
_PHRASE = Markup('<bdi dir="ltr">{}</bdi>')
_ICON = Markup('<svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg>')
_SCORE = Markup('<bdi class="points"><b>{}</b> {} {}</bdi>')
_MARK = Markup("<mark>{}</mark>")


# Titles, hints and misconceptions are the same in one submission's report after another.
@lru_cache(maxsize=2048)
def prose(sentence: str, language: str) -> Markup:
    """`sentence` escaped, its backticked code left to right, its numbers in the language's digits.

    A backtick without a partner stays a backtick.
    """
    parts = sentence.split("`")
    if len(parts) % 2 == 0:
        parts[-2:] = ["`".join(parts[-2:])]
    return Markup("").join(
        _CODE.format(part) if position % 2 else _words(part, language)
        for position, part in enumerate(parts)
    )


def _words(part: str, language: str) -> Markup:
    if language != "fa":
        return escape(part)
    return Markup("").join(
        _PHRASE.format(phrase_digits(piece)) if foreign else escape(prose_digits(piece, language))
        for foreign, piece in phrases(part)
    )


@lru_cache(maxsize=64)
def icon(name: str) -> Markup:
    """A reference to the symbol `name` of the page's icons; the words beside it say the same."""
    return _ICON.format(name)


@lru_cache(maxsize=4096)
def score(points: float, max_points: float, language: str) -> Markup:
    """“1.5 of 3”."""
    return _SCORE.format(
        number(points, language), translate("of", language), number(max_points, language)
    )


def direction(sentence: str, language: str) -> str:
    """`rtl` or `ltr`: an English sentence on a Persian page keeps its direction."""
    return "rtl" if is_right_to_left(sentence, language) else "ltr"


def marked_differences(expected: str | None, got: str | None) -> tuple[Markup, Markup]:
    """Both texts escaped, and where they list the same count of values, the differing ones marked.

    Values that agree to four digits are marked only where no others differ. Nothing is marked
    where everything differs, or where there is one value only.
    """
    parts, other = _TOKEN.split(expected or ""), _TOKEN.split(got or "")
    values = len(parts) // 2
    if len(parts) != len(other) or values < 2:
        return escape(expected or ""), escape(got or "")
    pairs = list(zip(parts[1::2], other[1::2], strict=True))
    differing = [not _close(one, two) for one, two in pairs]
    if not any(differing):
        differing = [one != two for one, two in pairs]
    if all(differing):
        differing = [False] * values
    return _marked(parts, differing), _marked(other, differing)


def _marked(parts: list[str], differing: list[bool]) -> Markup:
    shown = [
        _MARK.format(part) if position % 2 and differing[position // 2] else escape(part)
        for position, part in enumerate(parts)
    ]
    return Markup("").join(shown)


def _close(one: str, two: str) -> bool:
    if one == two:
        return True
    try:
        return math.isclose(float(one), float(two), rel_tol=1e-4, abs_tol=1e-12)
    except ValueError:
        return False
