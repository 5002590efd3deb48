"""How numbers, dates and directions are written in each language."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache

from autograder.texts import LANGUAGES, Text, catalogue

_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")

# A number of the sentence, not one inside a name (`L2`, `float64`), a version or `1e-5`.
_NUMBER = re.compile(r"(?<![\w.])(?<!e[-+])\d+(?:\.\d+)?(?![\w]|\.\d)", re.ASCII)

# Two English words or more, with what stands between them, up to a word or a bracket.
_ENGLISH = re.compile(r"(?<!\w)[A-Za-z]\w*(?:['-]\w+)* [ -~]*[A-Za-z][ -~]*[\w)\]}]", re.ASCII)

# What may be a formula: from a letter, a digit or a sign to a letter, a digit or a bracket.
_ASCII = re.compile(r"(?:[\w(\[]|[-+.](?=[\w.(]))(?:[ -~]*[\w)\]])?", re.ASCII)
_OPERATION = re.compile(
    r"[=^*<>]"  # f = 3
    r"|[\w)] *[+/] *[\w(-]"  # x + y, 1/2
    r"|[\w)] - [\w(]"  # D - 1
    r"|(?<![\w)])-[\w.(]"  # -3
    r"|[(\[][^()\[\]]*[,\d][^()\[\]]*[)\]]"  # (N, D)
    r"|\w\(\w",  # ln(x)
    re.ASCII,
)
_SIGNED = re.compile(r"[-+]\d+(?:\.\d+)?", re.ASCII)

_ARABIC_LETTER = re.compile("[\u0621-\u064a\u0671-\u06d3]")

_MONTHS = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(),
    "fa": "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند".split(),
}


def check_language(language: str) -> None:
    """Refuse a language that there is no catalogue for (ValueError)."""
    if language not in LANGUAGES:
        raise ValueError(
            f"language must be one of {', '.join(LANGUAGES)}, not {language!r}; "
            "add a catalogue under autograder/locale for a new one"
        )


def in_language(words: Text, language: str) -> str:
    """`words` in `language`, or in English where that translation is missing."""
    return words.get(language) or words.get("en") or next(iter(words.values()), "")


def translate(sentence: str, language: str, **fields: object) -> str:
    """The report's own `sentence` in one language, with its `{fields}` filled in."""
    found = catalogue(language).get(sentence, sentence)
    return found.format(**fields) if fields else found


def digits(shown: str, language: str) -> str:
    """`shown` (digits and a decimal point) in the digits of `language`."""
    if language != "fa":
        return shown
    return shown.translate(_PERSIAN_DIGITS).replace(".", "٫")


@lru_cache(maxsize=4096)
def number(value: float, language: str) -> str:
    """`value` with at most two decimals and no trailing zeros."""
    if not math.isfinite(value):
        return "—"
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return digits("0" if shown == "-0" else shown, language)


def percent(part: float, whole: float, language: str) -> str:
    """`part` of `whole` in whole percent, rounded down: only all of it is 100 %."""
    share = f"{share_of(part, whole) * 100 + 1e-9:.6f}".split(".")[0]
    return digits(share, language) + ("٪" if language == "fa" else "%")


def share_of(part: float, whole: float) -> float:
    """`part / whole` within 0 to 1; 0 where there is nothing to earn."""
    return min(1.0, max(0.0, part / whole)) if whole > 0 else 0.0


def counted(count: int, noun: str, language: str) -> str:
    """`count` with its noun, `check` or `submission`: “1 check”, “3 checks”, “۳ بررسی”."""
    one, many = _NOUNS[noun]
    return translate(one if count == 1 else many, language, n=number(count, language))


def points(value: float, language: str) -> str:
    """“1 point”, “2.5 points”, “۲٫۵ نمره”."""
    one, many = _NOUNS["point"]
    sentence = one if number(value, "en") == "1" else many
    return translate(sentence, language, n=number(value, language))


def duration(seconds: float, language: str) -> str:
    """“0.42 s”, “10.7 s”, “3 min 31 s”."""
    if seconds < 59.95:
        shown = f"{seconds:.2f}" if seconds < 9.995 else f"{seconds:.1f}"
        return translate("{n} s", language, n=digits(shown, language))
    minutes, rest = divmod(round(seconds), 60)
    return translate(
        "{m} min {n} s", language, m=digits(str(minutes), language), n=digits(str(rest), language)
    )


_NOUNS = {
    "point": ("{n} point", "{n} points"),
    "check": ("{n} check", "{n} checks"),
    "day": ("{n} day", "{n} days"),
    "submission": ("{n} submission", "{n} submissions"),
}


def prose_digits(sentence: str, language: str) -> str:
    """A Persian `sentence` with its numbers in Persian digits; names such as `L2` stay."""
    if language != "fa":
        return sentence
    return "".join(
        phrase_digits(piece)
        if foreign
        else _NUMBER.sub(lambda found: digits(found.group(), "fa"), piece)
        for foreign, piece in phrases(sentence)
    )


def phrase_digits(phrase: str) -> str:
    """A phrase of `phrases` as it is, but a number with a sign in Persian digits."""
    return digits(phrase, "fa") if _SIGNED.fullmatch(phrase) else phrase


def phrases(sentence: str) -> Iterator[tuple[bool, str]]:
    """A Persian `sentence` in pieces, each with whether it is an English phrase or a formula.

    Such a phrase, most often an exception's message, keeps its digits and reads left to right; so
    does a formula, of which right-to-left text would move the signs and brackets.
    """
    end = 0
    for start, stop in _left_to_right(sentence):
        yield False, sentence[end:start]
        yield True, sentence[start:stop]
        end = stop
    yield False, sentence[end:]


def _left_to_right(sentence: str) -> Iterator[tuple[int, int]]:
    for found in _ASCII.finditer(sentence):
        start, stop = _balanced(sentence, *found.span())
        if _OPERATION.search(sentence, start, stop):
            yield start, stop
            continue
        for phrase in _ENGLISH.finditer(sentence, *found.span()):
            yield phrase.span()


def _balanced(sentence: str, start: int, stop: int) -> tuple[int, int]:
    """Without the brackets at its ends that belong to the sentence around."""
    opened = sum(sentence.count(bracket, start, stop) for bracket in "([")
    closed = sum(sentence.count(bracket, start, stop) for bracket in ")]")
    if opened > closed and sentence[start] in "([":
        start += 1
    if closed > opened and sentence[stop - 1] in ")]":
        stop -= 1
    return start, stop


def enumerated(parts: Iterable[str], language: str, *, comma: bool = False) -> str:
    """`parts` in one line, with the semicolons or commas of `language` between them."""
    marks = ("، ", "؛ ") if language == "fa" else (", ", "; ")
    return marks[not comma].join(parts)


def is_right_to_left(shown: str, language: str) -> bool:
    """Whether `shown` reads from right to left: English text on a Persian page does not."""
    return language == "fa" and _ARABIC_LETTER.search(shown) is not None


def date(moment: datetime, language: str) -> str:
    """`moment` in its own time zone: “21 Nov 2025, 23:59”, “۳۰ آبان ۱۴۰۴، ساعت ۲۳:۵۹”."""
    clock = f"{moment:%H:%M}"
    if language != "fa":
        return f"{moment.day} {_MONTHS['en'][moment.month - 1]} {moment.year}, {clock}"
    year, month, day = jalali(moment.year, moment.month, moment.day)
    return digits(f"{day} {_MONTHS['fa'][month - 1]} {year}، ساعت {clock}", "fa")


def jalali(year: int, month: int, day: int) -> tuple[int, int, int]:
    """The Solar Hijri date of a Gregorian one, by the 33-year cycle (right from 1800 to 2250).

    A cycle has eight groups of four years that start with a leap year, and one more year.
    """
    cycle, days = divmod(datetime(year, month, day).toordinal() - _CYCLE_START, _CYCLE_DAYS)
    group, days = divmod(days, _GROUP_DAYS)
    within = 0
    if days >= 366:
        within, days = divmod(days - 1, 365)
    solar_year = 1375 + 33 * cycle + 4 * group + within
    if days < 186:
        return solar_year, days // 31 + 1, days % 31 + 1
    return solar_year, (days - 186) // 30 + 7, (days - 186) % 30 + 1


_CYCLE_START = datetime(1996, 3, 20).toordinal()  # 1 Farvardin 1375, the start of a cycle
_GROUP_DAYS = 4 * 365 + 1
_CYCLE_DAYS = 8 * _GROUP_DAYS + 365
