from datetime import UTC, datetime, timedelta, timezone

import pytest

from autograder.report.language import (
    counted,
    date,
    duration,
    is_right_to_left,
    jalali,
    number,
    percent,
    phrases,
    points,
    prose_digits,
    share_of,
)


@pytest.mark.parametrize(
    ("gregorian", "solar"),
    [
        ((1979, 2, 11), (1357, 11, 22)),
        ((1996, 3, 20), (1375, 1, 1)),
        ((2000, 1, 1), (1378, 10, 11)),
        ((2021, 3, 20), (1399, 12, 30)),
        ((2021, 3, 21), (1400, 1, 1)),
        ((2024, 2, 29), (1402, 12, 10)),
        ((2024, 3, 20), (1403, 1, 1)),
        ((2025, 3, 20), (1403, 12, 30)),
        ((2025, 9, 22), (1404, 6, 31)),
        ((2025, 9, 23), (1404, 7, 1)),
        ((2025, 11, 21), (1404, 8, 30)),
        ((2030, 3, 20), (1408, 12, 30)),
    ],
)
def test_solar_hijri_dates(gregorian: tuple[int, int, int], solar: tuple[int, int, int]) -> None:
    assert jalali(*gregorian) == solar


def test_every_day_of_a_century_has_the_next_solar_date() -> None:
    day, last = datetime(1950, 1, 1), jalali(1949, 12, 31)
    while day.year < 2050:
        now = jalali(day.year, day.month, day.day)
        same_month = now == (last[0], last[1], last[2] + 1)
        next_month = now == (last[0], last[1] + 1, 1) and last[2] in (30, 31)
        next_year = now == (last[0] + 1, 1, 1) and last[1] == 12 and last[2] in (29, 30)
        assert same_month or next_month or next_year, (day, last, now)
        day, last = day + timedelta(days=1), now


def test_a_due_date_reads_in_its_own_zone() -> None:
    tehran = timezone(timedelta(hours=3, minutes=30))
    due = datetime(2025, 11, 21, 23, 59, tzinfo=tehran)
    assert date(due, "en") == "21 Nov 2025, 23:59"
    assert date(due, "fa") == "۳۰ آبان ۱۴۰۴، ساعت ۲۳:۵۹"
    assert date(datetime(2025, 1, 2, tzinfo=UTC), "en") == "2 Jan 2025, 00:00"


@pytest.mark.parametrize(
    ("value", "english", "persian"),
    [(2.0, "2", "۲"), (1.5, "1.5", "۱٫۵"), (1 / 3, "0.33", "۰٫۳۳"), (-0.001, "0", "۰")],
)
def test_numbers_have_no_trailing_zeros(value: float, english: str, persian: str) -> None:
    assert (number(value, "en"), number(value, "fa")) == (english, persian)


def test_only_full_marks_are_a_hundred_percent() -> None:
    assert percent(25.99, 26, "en") == "99%"
    assert percent(26, 26, "fa") == "۱۰۰٪"
    assert percent(0.29, 1, "en") == "29%"
    assert percent(0, 0, "en") == "0%"
    assert share_of(30, 26) == 1.0


def test_counts_agree_with_their_noun() -> None:
    assert [counted(n, "check", "en") for n in (0, 1, 2)] == ["0 checks", "1 check", "2 checks"]
    assert [points(n, "en") for n in (1, 1.5)] == ["1 point", "1.5 points"]
    assert points(2.5, "fa") == "۲٫۵ نمره"


def test_times_are_short() -> None:
    assert [duration(s, "en") for s in (0.004, 5, 10.66, 211)] == [
        *("0.00 s", "5.00 s", "10.7 s", "3 min 31 s")
    ]
    assert duration(59.97, "fa") == "۱ دقیقه و ۰ ثانیه"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("در سطر 3 از 12", "در سطر ۳ از ۱۲"),
        ("مقدار 0.5 است.", "مقدار ۰٫۵ است."),
        ("فاصلهٔ L2 و float64", "فاصلهٔ L2 و float64"),
        ("خطای 1e-5 در 10x10", "خطای 1e-5 در 10x10"),
        ("نسخهٔ 3.11.4 است", "نسخهٔ 3.11.4 است"),
        ("کد داد: list index 3 out of range (4)", "کد داد: list index 3 out of range (4)"),
    ],
)
def test_numbers_of_a_persian_sentence_but_not_of_names(sentence: str, expected: str) -> None:
    assert prose_digits(sentence, "fa") == expected
    assert prose_digits(sentence, "en") == sentence


def test_an_english_sentence_on_a_persian_page_reads_left_to_right() -> None:
    assert is_right_to_left("SVM زیان", "fa")
    assert not is_right_to_left("SVM loss", "fa")
    assert not is_right_to_left("زیان", "en")


@pytest.mark.parametrize(
    ("sentence", "left_to_right"),
    [
        ("در f = (x + y) z، گره q = x + y پیش از f می‌آید.", ["f = (x + y) z", "q = x + y"]),
        ("عددهای 3 * -4 گرادیان‌های -8 و 6 را می‌دهند.", ["3 * -4", "-8"]),
        ("1 / (1 + e^-x) در x = 1 شیب دارد.", ["1 / (1 + e^-x)", "x = 1"]),
        ("برابر (W - F + 2P) / S + 1 (مانند x + 1) است.", ["(W - F + 2P) / S + 1", "x + 1"]),
        ("بازهٔ [0, 1) و شکل (N, D).", ["[0, 1)", "(N, D)"]),
        ("از 10^-6 تا 1/2 و ln(x).", ["10^-6", "1/2", "ln(x)"]),
        ("پخش (broadcasting) در VGG-16 با 138,357,544 و 5 از 6، نسخهٔ 2.13.0.", []),
        ("خطای shapes do not match آمد", ["shapes do not match"]),
    ],
)
def test_formulas_and_phrases_of_a_persian_sentence_read_left_to_right(sentence, left_to_right):
    pieces = list(phrases(sentence))
    assert "".join(piece for _, piece in pieces) == sentence
    assert [piece for foreign, piece in pieces if foreign] == left_to_right


def test_a_number_with_a_sign_has_persian_digits_and_a_formula_keeps_its_own():
    assert prose_digits("از -8 تا 6 با x = -8", "fa") == "از -۸ تا ۶ با x = -8"
