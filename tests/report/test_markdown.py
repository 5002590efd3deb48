from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from autograder.records import Grade
from autograder.report.markdown import code_block, code_span, escape_markdown, render_markdown

OURS = {'<div dir="rtl">', '<div dir="ltr">', "</div>"}
PAYLOADS = [
    "```\n# owned\n```",
    "````\n</div><script>alert(1)</script>",
    "<b>x</b>",
    "[x](javascript:alert(1))",
    "![x](http://evil.example/pixel.png)",
    "http://evil.example www.evil.example a@b.example @everyone",
    "# heading\n---\n- item\n1. item\n> quote",
    "| a | b |\n|---|---|",
    "&lt;script&gt;",
    "    indented\n\tcode",
    "title\n====\n\n~~~\nfence",
    "</div>\n\n<div>",
    "<script\nx",
    "<!--",
    "<div",
    "\\`not code\\`",
]


def parsed(text: str) -> list[Token]:
    tokens: list[Token] = []
    for token in MarkdownIt("commonmark", {"html": True}).enable("table").parse(text):
        tokens += [token, *(token.children or [])]
    return tokens


def skeleton(text: str) -> list[str]:
    """The blocks that a student's words cannot add to or take away from."""
    kinds = ("heading_open", "fence", "list_item_open", "blockquote_open", "hr", "html_block")
    return [token.type for token in parsed(text) if token.type in kinds]


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_adds_no_block_no_link_and_no_tag(
    poisoned: Callable[[str], Grade], payload: str, language: str
) -> None:
    shown = render_markdown(poisoned(payload), language=language, audience="instructor")
    benign = render_markdown(poisoned("x"), language=language, audience="instructor")
    assert skeleton(shown) == skeleton(benign)
    kinds = {token.type for token in parsed(shown)}
    assert kinds.isdisjoint({"link_open", "image", "html_inline", "table_open", "code_block"})
    html = [token.content.strip() for token in parsed(shown) if token.type == "html_block"]
    assert set(html) <= OURS
    assert (language == "fa") == bool(html)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from([*PAYLOADS, "`", "``", "\n", " "]) | st.text(), max_size=5))
def test_a_code_block_holds_its_code_and_ends(parts: list[str]) -> None:
    code = "".join(parts).replace("\r", "").replace("\x00", "")
    (fence,) = parsed(code_block(code))
    assert fence.content == code.rstrip("\n") + "\n"


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from([*PAYLOADS, *"`*_[]<>&\\#-\n "]) | st.text(), max_size=6))
def test_escaped_words_read_as_they_were(parts: list[str]) -> None:
    words = " ".join(" ".join(parts).replace("\x00", "").split())
    tokens = parsed("x " + escape_markdown(words))
    kinds = {"paragraph_open", "inline", "text", "paragraph_close"}
    assert {token.type for token in tokens} <= kinds
    read = "".join(token.content for token in tokens if token.type == "text")
    assert read.replace("\u200b", "") == ("x " + words).strip().replace("\u200b", "")


@given(st.text(alphabet="`ab \n", min_size=1))
def test_a_code_span_holds_its_code(code: str) -> None:
    flat = " ".join(code.split())
    tokens = [token for token in parsed(f"x {code_span(code)} y") if token.type == "code_inline"]
    assert [token.content for token in tokens] == ([flat] if flat else [])


def test_report_tells_the_failure(sample: Grade) -> None:
    shown = render_markdown(sample, language="en")
    assert shown.startswith("# Linear classifiers: distances, SVM and softmax\n")
    assert "**Score of the checks shown so far: 5.5 of 22** (25%)" in shown
    assert "### ✗ L1 distances of `uint8` images do not wrap around (Wrong answer, 0 of 2)" in shown
    assert "**Your answer**\n\n```text\n[[ 40.  12.]\n [212. 261.]" in shown
    assert "**First wrong index**: `[1, 0]`" in shown
    assert "- ✓ The L1 distance of the course's 4x4 images is 456 (Passed, 2 of 2)" in shown
    assert "\x1b" not in shown


def test_persian_report_keeps_code_left_to_right(sample: Grade) -> None:
    shown = render_markdown(sample, language="fa")
    assert shown.startswith('<div dir="rtl">\n\n# دسته‌بندهای خطی')
    assert '<div dir="ltr">\n\n```python\nl1_distances(X, Y)\n```\n\n</div>' in shown
    assert shown.count("<div") == shown.count("</div>")
    assert "(پاسخ نادرست، ۰ از ۲)" in shown


def test_ungradable_report_says_what_to_do(ungradable: Grade) -> None:
    shown = render_markdown(ungradable, language="en")
    assert "**Could not be graded**" in shown
    assert "The notebook `hw1.ipynb` is empty (0 bytes)." in shown
    assert "- Mend what the message names and submit again." in shown
