import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.records import Grade, Isolation, Outcome, Status
from autograder.report.html import render_html, stylesheet
from autograder.report.markup import marked_differences, prose
from autograder.report.summary import render_summary, summary_row

VOID = {"meta", "br", "img", "input", "link", "hr"}
PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</code></pre></article><h1>passed</h1>",
    "</style><style>*{display:none}</style>",
    "{{ 7*7 }}{% raw %}",
    "`</code><b>`",
    "javascript:alert(1)",
    "\x1b[2J\x1b]8;;http://evil.example\x07x\x1b]8;;\x07",
    "\u202egnorw\u2066",
    "]]><!--",
    "&lt;b&gt;",
]


class Page(HTMLParser):
    """Every tag with its attributes, in order; refuses what is not nested."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.open: list[str] = []
        self.ids: list[str] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(attrs)))
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def names(self) -> set[str]:
        return {tag for tag, _ in self.tags}


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("audience", ["student", "instructor"])
def test_page_is_well_formed_with_unique_ids(sample: Grade, language: str, audience: str) -> None:
    page = Page(render_html(sample, language=language, audience=audience))
    assert len(page.ids) == len(set(page.ids))
    links = {value for _, attrs in page.tags for name, value in attrs if name == "href"}
    assert {link.removeprefix("#") for link in links if link} <= set(page.ids)


def test_page_asks_for_nothing_and_allows_no_script(sample: Grade) -> None:
    html = render_html(sample, language="en")
    page = Page(html)
    assert page.names().isdisjoint({"script", "link", "img", "iframe", "object", "form", "base"})
    named = [name for _, attrs in page.tags for name, _ in attrs]
    assert not [name for name in named if name.startswith("on") or name in ("src", "style")]
    assert "http" not in html.replace("http-equiv", "")
    assert "url(" not in html and "@import" not in html


def test_policy_allows_the_pages_own_style_sheet_alone(sample: Grade) -> None:
    for html in (
        render_html(sample, language="fa"),
        render_summary([], language="en", assignment=sample.assignment),
    ):
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
        css = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
        assert policy and css
        digest = base64.b64encode(hashlib.sha256(css[1].encode()).digest()).decode()
        assert policy[1].split("; ") == [
            "default-src 'none'",
            f"style-src 'sha256-{digest}'",
            "base-uri 'none'",
            "form-action 'none'",
        ]


def test_a_failure_is_told_in_the_order_in_which_it_is_read(sample: Grade) -> None:
    text = Page(render_html(sample, language="en")).text
    start = text.index("gives other values than expected")
    places = [
        text.index(label, start)
        for label in ("Called", "Expected", "Your answer", "First wrong index", "Largest error")
    ]
    places += [text.index(label, start) for label in ("Smallest failing input", "Hint")]
    assert places == sorted(places)
    assert "300. 251." in text and "212. 261." in text and "max |got - expected| = 508" in text


def test_a_misconception_is_named_once_a_check_and_first_where_to_start(sample: Grade) -> None:
    text = Page(render_html(sample, language="en")).text
    assert text.count("What probably happened") == 2
    assert "same cause in 1 check more" in text
    assert "1 check could not run because of it" in text


def test_a_passed_check_is_one_closed_line(sample: Grade) -> None:
    page = Page(render_html(sample, language="en", audience="instructor"))
    folded = [dict(attrs) for tag, attrs in page.tags if tag == "details"]
    assert len(folded) == sum(r.outcome is Outcome.PASSED for r in sample.checks)
    assert all("open" not in attrs for attrs in folded)


def test_persian_page_reads_right_to_left_with_persian_digits(sample: Grade) -> None:
    html = render_html(sample, language="fa")
    assert '<html lang="fa" dir="rtl">' in html
    text = Page(html).text
    assert "۵٫۵ از ۲۲" in text
    assert "سلول ۵ از نظر نحوی درست نیست (سطر ۳)" in text
    assert "فاصلهٔ L1 تصویرهای 4x4 درس برابر ۴۵۶ است" in text


def test_code_stays_left_to_right_with_its_own_digits(sample: Grade) -> None:
    html = render_html(sample, language="fa")
    assert '<code dir="ltr">l1_distances(X, Y)</code>' in html
    assert "5.266666666666667" in html
    assert '<bdi dir="ltr">operands could not be broadcast together with shapes (3,4)' in html
    assert not re.findall(r"<pre(?![^>]*dir=\"ltr\")", html)


def test_colour_is_never_alone(sample: Grade) -> None:
    """Each outcome's word stands beside its icon, and each square of the map has a name."""
    text = Page(render_html(sample, language="en")).text
    for words in ("Passed", "Partly right", "Wrong answer", "Took too long", "Not run"):
        assert words in text
    assert "Large scores do not overflow: Wrong answer" in text


@pytest.mark.parametrize("status", [Status.UNGRADABLE, Status.INTERNAL_ERROR])
@pytest.mark.parametrize("audience", ["student", "instructor"])
def test_a_page_without_a_score_says_what_to_do(
    ungradable: Grade, status: Status, audience: str
) -> None:
    page = Page(render_html(replace(ungradable, status=status), language="en", audience=audience))
    assert "hw1.ipynb is empty (0 bytes)" in page.text
    assert "What to do" in page.text
    assert ("nothing for you to do" in page.text) == (
        (status, audience) == (Status.INTERNAL_ERROR, "student")
    )
    assert "%" not in page.text and "0 of" not in page.text


def test_a_check_that_we_failed_to_judge_says_so(sample: Grade) -> None:
    check = replace(sample.checks[0], outcome=Outcome.INTERNAL_ERROR, points=0.0)
    text = Page(render_html(replace(sample, checks=(check,)), language="en")).text
    assert "The grader had a fault here, not your code." in text


@pytest.mark.parametrize("isolation", list(Isolation))
def test_a_weaker_wall_is_admitted(sample: Grade, isolation: Isolation) -> None:
    made = replace(sample.environment, isolation=isolation)
    text = Page(render_html(replace(sample, environment=made), language="en")).text
    assert ("Graded with isolation" in text) == (isolation is not Isolation.FULL)


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("language", ["en", "fa"])
def test_hostile_text_is_shown_and_never_markup(
    poisoned: Callable[[str], Grade], payload: str, language: str
) -> None:
    benign = Page(render_html(poisoned("x"), language=language))
    html = render_html(poisoned(payload), language=language)
    page = Page(html)
    loose = {"code", "bdi", "mark"}
    assert [t for t, _ in page.tags if t not in loose] == [
        t for t, _ in benign.tags if t not in loose
    ]
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", html)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*PAYLOADS, *"<>&\"'`\n", "a", " "]) | st.text(), max_size=6))
def test_prose_makes_code_and_phrases_only(parts: list[str]) -> None:
    for language in ("en", "fa"):
        page = Page(str(prose("".join(parts), language)))
        assert page.names() <= {"code", "bdi"}


def test_a_backtick_without_a_partner_stays() -> None:
    assert str(prose("use `x` or `y", "en")) == 'use <code dir="ltr">x</code> or `y'


def marks(one: str, two: str) -> list[str]:
    return re.findall("<mark>(.*?)</mark>", str(marked_differences(one, two)[1]))


def test_differing_values_are_marked() -> None:
    assert marks("[1. 2. 3.]", "[1. 2.5 3.]") == ["2.5"]
    assert marks("[0.33333 nan]", "[0.33334 1.0]") == ["1.0"]
    assert marks("[0.33333 1.0]", "[0.33334 1.0]") == ["0.33334"]
    assert marks("[True False]", "[True True]") == ["True"]


def test_nothing_is_marked_where_marks_would_tell_nothing() -> None:
    assert marks("2.9", "3.9") == []
    assert marks("[1 2]", "[3 4]") == []
    assert marks("[1 2]", "[1 2 3]") == []
    assert marked_differences(None, "<b>")[1] == "&lt;b&gt;"


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1, 2], ids=["light", "dark", "print"])
def test_text_has_the_contrast_that_wcag_aa_asks_for(theme: int) -> None:
    blocks = re.findall(r":root\{(.*?)\}", stylesheet("report.css").css, re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+):(#[0-9a-f]{3,6})", blocks[theme]))
    tones = ("pass", "fail", "warn", "time", "wait", "ours", "accent")
    pairs = [("ink", ground) for ground in ("bg", "card", "soft", "code", "accent-soft", "mark")]
    pairs += [("muted", ground) for ground in ("bg", "card", "soft")]
    pairs += [(tone, ground) for tone in tones for ground in (f"{tone}-soft", "card", "bg")]
    pairs += [("ink", f"{tone}-soft") for tone in tones] + [("muted", f"{t}-soft") for t in tones]
    low = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    assert not {pair: round(ratio, 2) for pair, ratio in low.items() if ratio < 4.5}


def test_every_grade_renders_in_both_languages(sample: Grade, ungradable: Grade) -> None:
    for one, other in combinations((sample, ungradable, replace(sample, checks=())), 2):
        for language in ("en", "fa"):
            assert render_html(one, language=language) != render_html(other, language=language)


def test_hostile_names_and_paths_are_safe_in_the_overview(
    poisoned: Callable[[str], Grade], sample: Grade
) -> None:
    for payload in PAYLOADS:
        grade = replace(poisoned(payload), status=Status.UNGRADABLE)
        row = summary_row(grade, report=payload)
        page = Page(render_summary([row], language="en", assignment=sample.assignment))
        assert page.names().isdisjoint({"script", "img", "h3"})
        links = [value for _, attrs in page.tags for name, value in attrs if name == "href"]
        assert all(link and link.startswith(("./", "#i-")) for link in links)
