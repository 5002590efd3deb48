import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.questions.numbers import in_unit, read_number, within


def values(written, units=None, required=False):
    found = [in_unit(each, units or {}, required=required) for each in read_number(written)]
    return {value for value in found if value is not None}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("760", 760),
        ("۷۶۰", 760),
        ("٧٦٠", 760),
        ("۱۵/۵", 15.5),
        ("15/5", 15.5),
        ("0/01", 0.01),
        ("۳٫۱۴", 3.14),
        ("3,14", 3.14),
        ("1/3", 1 / 3),
        ("1,128,000", 1128000),
        ("۱٬۱۲۸", 1128),
        ("1 000 000", 1000000),
        ("1.5e6", 1.5e6),
        ("2×10^-3", 2e-3),
        ("10⁻³", 1e-3),
        ("-1", -1),
        ("1-", -1),
        ("−7", -7),
        ("٪۵۰", 0.5),
        ("50 %", 0.5),
        (".5", 0.5),
        ("5.", 5),
        ("= 28", 28),
        ("$28$", 28),
        ("\u200f۲۸\u200e", 28),
        ("∞", math.inf),
        ("بی‌نهایت", math.inf),
        ("-inf", -math.inf),
        ("760 parameters", 760),
        ("۷۶۰ پارامتر", 760),
        ("62 million", 62e6),
        ("۶۲ میلیون", 62e6),
        (28, 28),
        (0.25, 0.25),
    ],
)
def test_a_number_is_read_as_it_was_meant(written, meant):
    assert any(value == pytest.approx(meant, rel=1e-12) for value in values(written))


@pytest.mark.parametrize(
    "written",
    [
        *["", "abc", "nan", "3+4", "5-6", "2.3.4", "1,2,3", "11x11x3", "1e999", "28 mm2"],
        *[True, None, [1], {"a": 1}, 10**400, "9" * 500, "--3", "-3-", "٫", "/", "1//2", "1/0/3"],
    ],
)
def test_what_is_no_number_has_no_value(written):
    assert values(written) == set()


def test_units_scale_and_unknown_ones_do_not_fit():
    units = {"MB": 1e6, "KB": 1e3, "bytes": 1}
    assert values("1.5 mb", units) == {1.5e6}
    assert values("1500 KB", units) == {1.5e6}
    assert values("1500000", units) == {1.5e6}
    assert values("1500000", units, required=True) == set()
    assert values("3 GB", units) == set()


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error(written):
    for reading in read_number(written):
        assert not math.isnan(reading.value)


@given(st.floats(allow_nan=False, allow_infinity=False, width=32), st.booleans())
def test_what_python_writes_is_read_back(value, persian):
    written = repr(value)
    if persian:
        written = written.translate(str.maketrans("0123456789.", "۰۱۲۳۴۵۶۷۸۹٫"))
    assert any(within(got, value, 0.0, 1e-12) for got in values(written))


def test_an_infinity_is_only_itself():
    assert within(math.inf, math.inf, 0, 0)
    assert not within(1e308, math.inf, 1.0, 1.0)
    assert not within(math.inf, 3.0, math.inf, 0)
