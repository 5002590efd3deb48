"""A number as people write it -> what it may mean.

Persian and Arabic digits, `٫`, `/` and `,` as decimal signs, separators of thousands, a minus
behind the number, powers of ten, percent signs and units are read. Where a way of writing has two
meanings (`1/3`, `1,128`), each is a reading.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

MAX_CHARACTERS = 200

_COUNTS = {
    "k": 1e3,
    "thousand": 1e3,
    "هزار": 1e3,
    "m": 1e6,
    "million": 1e6,
    "میلیون": 1e6,
    "b": 1e9,
    "g": 1e9,
    "billion": 1e9,
    "میلیارد": 1e9,
}
_NOUN = re.compile(r"[^\W\d_]{3,}(?:[ -][^\W\d_]+){0,3}")

_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_SUPERSCRIPT_RUN = re.compile("[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_SIGNS = str.maketrans({"−": "-", "–": "-", "—": "-", "×": "*", "⋅": "*", "·": "*", "٪": "%"})
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c\ufeff]")
_INFINITY = re.compile(r"([+-]?)\s*(inf|infinity|∞|بی[\s‌]?نهایت|بینهایت)", re.IGNORECASE)

_PLAIN = r"\d{1,60}(?:\.\d{0,60})?|\.\d{1,60}"
_NUMBER = re.compile(
    rf"(?P<sign>[+-]?)\s*(?P<mantissa>{_PLAIN})"
    r"(?:\s*(?:[eE]|\*\s*10\s*(?:\^|\*\*))\s*(?P<power>[({]?\s*[+-]?\d{1,4}\s*[)}]?))?"
    r"(?P<after>-?)\s*(?P<unit>.*)",
    re.DOTALL,
)
_POWER = re.compile(r"(?P<sign>[+-]?)\s*10\s*(?:\^|\*\*)\s*(?P<power>[({]?[+-]?\d{1,4}[)}]?)(.*)")
_GROUPED = re.compile(r"(?<![\d.])(\d{1,3})((?:[, _'](?=\d{3}(?!\d)|\d{3}[, _'])\d{3})+)(?!\d)")
_DECIMAL_COMMA = re.compile(r"(\d),(\d)")
_SLASH = re.compile(r"(\d+)\s*/\s*(\d+)")


@dataclass(frozen=True)
class Reading:
    """One meaning of what was written."""

    value: float
    unit: str = ""
    """As it was written, lower case; empty where there is none."""


def read_number(written: object) -> tuple[Reading, ...]:
    """Every meaning of `written` (a number, or a string such as `۱۵/۵` or `1.5e3 MB`).

    Empty where it is none: a truth value, a list, a NaN, words.
    """
    if isinstance(written, bool) or written is None:
        return ()
    if isinstance(written, (int, float)):
        try:
            value = float(written)
        except OverflowError:
            return ()
        return () if math.isnan(value) else (Reading(value),)
    if not isinstance(written, str) or len(written) > MAX_CHARACTERS:
        return ()
    readings = dict.fromkeys(
        reading for form in _forms(normalized(written)) for reading in _read(form)
    )
    return tuple(readings)


def normalized(written: str) -> str:
    """Latin digits, one kind of minus and decimal sign, no invisible characters."""
    plain = _INVISIBLE.sub(lambda mark: " " if mark[0] == "\u200c" else "", written)
    plain = _SUPERSCRIPT_RUN.sub(lambda run: "^" + run[0].translate(_SUPERSCRIPTS), plain)
    plain = unicodedata.normalize("NFC", plain).translate(_DIGITS).translate(_SIGNS)
    plain = plain.replace("٫", ".").replace("٬", ",").replace("،", ",").replace("\u066c", ",")
    plain = plain.replace("\u00a0", " ").replace("\u202f", " ").replace("ي", "ی").replace("ك", "ک")
    plain = plain.strip().strip("$`*=≈~ ").strip()
    return f"{plain[1:]}%" if plain.startswith("%") else plain


def _forms(plain: str) -> Iterator[str]:
    """`plain` with its separators resolved in every possible way."""
    grouped = _GROUPED.sub(lambda found: re.sub(r"[, _']", "", found[0]), plain)
    forms = [grouped]
    if "," in plain:
        forms.append(_DECIMAL_COMMA.sub(r"\1.\2", plain, count=1))
    for form in forms:
        if "/" not in form:
            yield form
            continue
        yield _SLASH.sub(r"\1.\2", form, count=1)
        fraction = _SLASH.search(form)
        if fraction is not None and len(fraction[0]) < 60 and int(fraction[2]) != 0:
            quotient = int(fraction[1]) / int(fraction[2])
            yield form[: fraction.start()] + f"{quotient:.17f}" + form[fraction.end() :]


def _read(form: str) -> Iterator[Reading]:
    infinite = _INFINITY.fullmatch(form)
    if infinite:
        yield Reading(-math.inf if infinite[1] == "-" else math.inf)
        return
    power = _POWER.fullmatch(form)
    if power:
        yield from _reading(power["sign"], "1", power["power"], power[3])
        return
    found = _NUMBER.fullmatch(form)
    if found is None or (found["sign"] and found["after"]):
        return
    sign = found["sign"] or found["after"]
    yield from _reading(sign, found["mantissa"], found["power"], found["unit"])


def _reading(sign: str, mantissa: str, power: str | None, unit: str) -> Iterator[Reading]:
    unit = " ".join(unit.casefold().split()).strip(".")
    if re.match(r"[\d*/^+=,.-]", unit):  # more of a number, or a sum: not understood
        return
    exponent = re.sub(r"[(){}\s]", "", power or "0")
    value = float(f"{mantissa}e{exponent}")
    if math.isinf(value):
        return
    yield Reading(-value if sign == "-" else value, unit)


def within(value: float, right: float, absolute: float, relative: float) -> bool:
    """Whether `value` is `right` within either tolerance; an infinity only itself."""
    if math.isinf(right) or math.isinf(value):
        return value == right
    return abs(value - right) <= max(absolute, relative * abs(right))


def in_unit(reading: Reading, units: Mapping[str, float], *, required: bool) -> float | None:
    """The reading in the question's own unit; None where its unit does not fit.

    `units` maps a unit to what one of it is worth (`{"MB": 1e6, "bytes": 1}`). Where a question
    has none, a number of something may name the thing (`760 parameters`, `62 million`).
    """
    if not reading.unit:
        return None if required else reading.value
    known = {" ".join(name.casefold().split()): factor for name, factor in units.items()}
    if reading.unit in known:
        return reading.value * known[reading.unit]
    if reading.unit == "%":
        return reading.value / 100
    if units or required:
        return None
    if reading.unit in _COUNTS:
        return reading.value * _COUNTS[reading.unit]
    return reading.value if _NOUN.fullmatch(reading.unit) else None
