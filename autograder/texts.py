"""What people read, in English and Persian.

A `Text` maps a language to a sentence. `text("…{name}…", name=…)` looks the English sentence up
in the catalogues (`locale/<language>/LC_MESSAGES/*.po`) and fills it in for every language. Code
inside a sentence stands between backticks; reports set it left to right.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

Text = dict[str, str]
"""One message in every language: `{"en": "…", "fa": "…"}`."""

LANGUAGES = ("en", "fa")

LOCALE = Path(__file__).parent / "locale"

# C0 and C1 controls but tab and newline, line and paragraph separators, bidirectional overrides
# and isolates, zero-width characters that hide text, and lone surrogates.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff]"
)

# Marks that stand above or below a letter: many of them grow over the lines around. The languages
# that need most have four on one letter.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0e31"
    "\u0e34-\u0e3a\u0e47-\u0e4e\u0f71-\u0f84\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f"
    "\ufe20-\ufe2f"
)
_STACKED = re.compile(f"([{_MARKS}]{{4}})[{_MARKS}]+")


@cache
def catalogue(language: str) -> dict[str, str]:
    """All translations into `language`: English sentence -> sentence. English has none."""
    sentences: dict[str, str] = {}
    paths = sorted((LOCALE / language / "LC_MESSAGES").glob("*.po"))
    if not paths:
        return sentences
    from babel.messages.pofile import read_po  # no subject has it, nor who reads English

    for path in paths:
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if isinstance(message.id, str) and isinstance(message.string, str):
                    if message.id and message.string:
                        sentences[message.id] = message.string
    return sentences


def text(sentence: str, /, **values: object) -> Text:
    """`sentence` with its `{fields}` filled in, in every language.

    A sentence without a translation stays English: a missing translation must not lose a result
    (a test keeps the catalogues complete).
    """
    return {
        language: _fill(catalogue(language).get(sentence, sentence), language, values)
        for language in LANGUAGES
    }


def _fill(sentence: str, language: str, values: dict[str, object]) -> str:
    if not values:
        return sentence
    filled = {
        name: value[language] if isinstance(value, dict) else value
        for name, value in values.items()
    }
    return sentence.format(**filled)


def plain(sentence: str, /) -> Text:
    """The same words in every language, for code and for what a program printed."""
    return dict.fromkeys(LANGUAGES, sentence)


def clean(untrusted: str, *, limit: int = 2000) -> str:
    """`untrusted` as one can show it, at most `limit` long.

    No control or bidi characters, and no tower of marks on one letter.
    """
    shown = _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", untrusted[: limit + 1])
    if not shown.isascii():
        shown = _STACKED.sub("\\1\N{REPLACEMENT CHARACTER}", shown)
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"
