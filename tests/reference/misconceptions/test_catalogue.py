"""The catalogue as a whole: ids, texts, signatures, and that every mistake shows."""

import inspect
import re
from functools import cache
from itertools import combinations

import numpy as np
import pytest

from reference.misconceptions import (
    CATALOGUE,
    COMPONENTS,
    Answer,
    Misconception,
    Raised,
    agree,
    answers,
    of_component,
)

SEEDS = range(20)

# Pairs that no input tells apart, and why. The report can name neither of the two.
INSEPARABLE = {
    ("nesterov.plain_momentum", "nesterov.previous_velocity_aliased"): (
        "with v_prev equal to v, x - mu v_prev + (1 + mu) v is x + v"
    ),
}


def by_id(known: Misconception) -> str:
    return known.id


every_misconception = pytest.mark.parametrize("known", CATALOGUE, ids=by_id)
every_component = pytest.mark.parametrize("component", COMPONENTS)


@cache
def answers_of(component: str, seed: int) -> dict[str, tuple[Answer, ...]]:
    """The answers of the right version (under "") and of every wrong one to one draw."""
    entry = COMPONENTS[component]
    calls = entry.probe(np.random.default_rng(seed))
    given = {known.id: answers(entry, known.function, calls) for known in entry.known}
    return {"": answers(entry, entry.right, calls), **given}


def test_there_are_many_and_each_belongs_to_its_component():
    assert len(CATALOGUE) >= 400
    assert all(known.id.split(".")[0] == known.component for known in CATALOGUE)
    assert sum(len(of_component(component)) for component in COMPONENTS) == len(CATALOGUE)
    assert all(of_component(component) for component in COMPONENTS)


def test_ids_are_unique_and_plain():
    ids = [known.id for known in CATALOGUE]
    assert len(set(ids)) == len(ids)
    assert all(part.isidentifier() for each in ids for part in each.split("."))


def test_an_unknown_component_is_refused():
    with pytest.raises(ValueError, match="component must have known misconceptions, got 'svm'"):
        of_component("svm")


@every_misconception
def test_name_and_hint_stand_in_both_languages(known: Misconception):
    for text in (known.name, known.hint):
        assert text.keys() == {"en", "fa"}
        assert all(sentence and sentence == sentence.strip() for sentence in text.values())
        assert all(sentence.count("`") % 2 == 0 for sentence in text.values())
        assert text["en"].isascii()
        assert any("\u0600" <= letter <= "\u06ff" for letter in text["fa"])
    assert not known.name["en"].endswith(".")
    assert known.hint["en"].endswith(".")
    assert known.hint["fa"].endswith(".")


@every_misconception
def test_code_in_persian_stands_in_english_too(known: Misconception):
    for text in (known.name, known.hint):
        english = text["en"].replace("`", "")
        for code in text["fa"].split("`")[1::2]:
            assert code in english, code


@every_misconception
def test_formulas_in_persian_are_marked_as_code(known: Misconception):
    # Between letters that run from right to left a bare formula would be shown in pieces.
    for text in (known.name, known.hint):
        prose = "".join(text["fa"].split("`")[::2])
        assert not re.search(r"[=+*/^<>@|]|\w - \w", prose), prose


@every_misconception
def test_a_source_is_named(known: Misconception):
    for source in known.source.split(", "):
        letter, number = source[:1], source.lstrip("DBs.")
        assert source == "teaching" or (letter in "DBs" and number.isdigit()), source


def names_and_defaults(function: object) -> list[tuple[str, object, object]]:
    parameters = inspect.signature(function).parameters.values()  # type: ignore[arg-type]
    return [(each.name, each.kind, each.default) for each in parameters]


@every_misconception
def test_the_signature_is_the_components(known: Misconception):
    right, wrong = COMPONENTS[known.component].right, known.function
    assert inspect.isclass(right) == inspect.isclass(wrong)
    assert names_and_defaults(wrong) == names_and_defaults(right)
    if inspect.isclass(right):
        assert issubclass(wrong, right)
        for name, method in inspect.getmembers(right, callable):
            if not name.startswith("__"):
                assert names_and_defaults(getattr(wrong, name)) == names_and_defaults(method)


@every_misconception
def test_it_differs_from_the_right_version_on_every_draw(known: Misconception):
    for seed in SEEDS:
        given = answers_of(known.component, seed)
        assert not agree(given[""], given[known.id]), seed


@every_component
def test_the_right_version_answers_finite_numbers(component: str):
    for seed in SEEDS:
        for answer in answers_of(component, seed)[""]:
            # The two that must refuse a call: a window that does not fit, an even kernel.
            if component in ("output_size", "same_padding") and isinstance(answer, Raised):
                assert answer == Raised("ValueError")
                continue
            assert not isinstance(answer, Raised)
            assert answer
            assert all(np.isfinite(array).all() for array in answer)


@every_component
def test_a_draw_can_be_repeated(component: str):
    entry = COMPONENTS[component]
    first, second = (
        answers(entry, entry.right, entry.probe(np.random.default_rng(3))) for _ in range(2)
    )
    assert agree(first, second, rtol=0.0)


def test_pairs_that_cannot_be_told_apart_are_known():
    inseparable = set()
    for component, entry in COMPONENTS.items():
        ids = sorted(known.id for known in entry.known)
        for first, second in combinations(ids, 2):
            for seed in SEEDS:
                given = answers_of(component, seed)
                if agree(given[first], given[second]):
                    inseparable.add((first, second))
    assert inseparable == set(INSEPARABLE)
