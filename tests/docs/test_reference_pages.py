"""Every code example of docs/reference runs and prints what it says; links and figures exist."""

import doctest
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference"
PAGES = sorted(FOLDER.glob("*.md"))
FAMILIES = [page for page in PAGES if page.name != "README.md"]
LARGEST_FIGURE_BYTES = 60_000


def fences(page: Path) -> list[tuple[str, str]]:
    """Every fenced block of a page as (language, text)."""
    text = page.read_text(encoding="utf-8")
    return re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def targets(page: Path) -> list[str]:
    """What a page links to or shows, within this folder."""
    text = page.read_text(encoding="utf-8")
    found = re.findall(r"\]\(([^)#]+)\)", text)
    return [target for target in found if not target.startswith("http")]


def name(page: Path) -> str:
    return page.stem


@pytest.mark.parametrize("page", FAMILIES, ids=name)
def test_every_example_prints_what_the_page_says(page):
    if page.stem == "misconceptions":
        pytest.importorskip("reference.misconceptions")
    code = "\n".join(text for language, text in fences(page) if language == "pycon")
    test = doctest.DocTestParser().get_doctest(code, {}, page.name, str(page), 0)
    assert test.examples, "a page shows at least one example"
    report: list[str] = []
    results = doctest.DocTestRunner(verbose=False).run(test, out=report.append)
    assert results.failed == 0, "".join(report)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_code_block_escapes_the_test(page):
    languages = {language for language, _ in fences(page)}
    assert languages <= {"pycon", "math", "bash"}
    assert page.read_text(encoding="utf-8").count("```") == 2 * len(fences(page))
    code = [text for language, text in fences(page) if language == "pycon"]
    assert all(text.startswith(">>> ") for text in code)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_and_figures_exist(page):
    assert [target for target in targets(page) if not (FOLDER / target).is_file()] == []


@pytest.mark.parametrize("page", FAMILIES, ids=name)
def test_a_page_has_formulas_a_figure_and_a_place_in_the_index(page):
    assert any(target.startswith("figures/") for target in targets(page))
    assert page.name in targets(FOLDER / "README.md")


def test_every_figure_is_small_and_shown():
    figures = sorted((FOLDER / "figures").glob("*.png"))
    assert figures
    too_large = [each.name for each in figures if each.stat().st_size > LARGEST_FIGURE_BYTES]
    assert too_large == []
    shown = {target for page in PAGES for target in targets(page)}
    assert [each.name for each in figures if f"figures/{each.name}" not in shown] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_formula_has_a_backslash_that_markdown_would_take(page):
    r"""Between plain dollars Markdown turns `\,` into `,`; in $`...`$ and blocks it does not."""
    prose = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.DOTALL)
    formulas = re.findall(r"\$([^$`]+)\$", prose)
    assert [formula for formula in formulas if re.search(r"\\[^a-zA-Z\s]", formula)] == []
