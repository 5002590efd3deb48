"""The list of ready properties: what each says of itself, in both languages, and in the docs."""

import ast
from pathlib import Path

import pytest

from autograder.checks import properties
from autograder.checks.properties import PROPERTIES, properties_of
from autograder.texts import catalogue

PACKAGE = Path(properties.__file__).parent
FAMILIES = sorted({law.family for law in PROPERTIES.values()})
PAGE = Path(__file__).resolve().parents[3] / "docs" / "properties.md"


def test_there_are_more_than_120_properties_in_every_part_of_the_course():
    assert len(PROPERTIES) >= 120
    modules = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "registry", "own"}
    assert set(FAMILIES) == modules
    assert min(len(properties_of(family)) for family in FAMILIES) >= 5


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_is_tested_against_right_and_wrong_versions(family):
    """The table of its test file has a right version and a killer for each property."""
    path = Path(__file__).with_name(f"test_{family}.py")
    source = ast.parse(path.read_text(encoding="utf-8"))
    tables = [
        node.value
        for node in source.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "TABLE"
    ]
    (table,) = tables
    names = [ast.literal_eval(key) for key in table.keys]
    assert sorted(names) == sorted(law.name for law in properties_of(family))
    assert all(len(row.elts) >= 3 for row in table.values), "a property that nothing breaks"
    tests = {node.name for node in source.body if isinstance(node, ast.FunctionDef)}
    assert {"test_the_right_version_satisfies_it", "test_wrong_versions_break_it"} <= tests


@pytest.mark.parametrize("law", PROPERTIES.values(), ids=PROPERTIES)
def test_a_property_says_what_holds_in_both_languages(law):
    assert law.sentence.endswith(".") and len(law.sentence) > 20
    assert law.title["en"] == law.sentence != law.title["fa"]
    code = law.sentence.split("`")[1::2]
    assert [part for part in code if f"`{part}`" not in law.title["fa"]] == []


@pytest.mark.parametrize("law", PROPERTIES.values(), ids=PROPERTIES)
def test_a_property_can_be_imported_by_its_name(law):
    assert getattr(properties, law.name) is law
    assert law.needs


def test_what_is_compared_has_a_persian_name():
    """Every name such as "the penalty" in the package stands in the catalogue."""
    names = set()
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "what":
                names |= {each.value for each in ast.walk(node.value) if is_words(each)}
            elif isinstance(node, ast.Assign):
                names |= {each.value for each in ast.walk(node.value) if is_name(each)}
    assert len(names) > 40
    assert sorted(name for name in names if name not in catalogue("fa")) == []


def is_words(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def is_name(node):
    return is_words(node) and node.value.startswith("the ")


def test_two_properties_of_one_name_are_refused():
    law = next(iter(PROPERTIES.values()))
    enter = properties.registry.course_property(needs=law.needs, cases=law.draw)
    with pytest.raises(ValueError, match="names must differ"):
        enter(law.check)


def test_an_unknown_family_is_refused():
    with pytest.raises(ValueError, match=r"family must be one of .*softmax.*, not 'psychology'"):
        properties_of("psychology")


def test_the_page_of_the_documentation_is_up_to_date(monkeypatch):
    monkeypatch.syspath_prepend(str(PAGE.parent))
    import list_properties

    assert PAGE.read_text(encoding="utf-8") == list_properties.page(), (
        "run python docs/list_properties.py"
    )
