"""The assignment `homework_concepts`: every question, its known mistakes and its sample class."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.questions.items import read_items
from autograder.questions.judging import judge
from autograder.questions.variants import for_student, load_variants

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "assignments" / "homework_concepts"
TABLE = tomllib.loads((FOLDER / "examples.toml").read_text(encoding="utf-8"))
ITEMS = read_items(FOLDER / "checks" / "questions.toml")
SEED = load_assignment(FOLDER).seed
PERSIAN = re.compile("[\u0600-\u06ff]")


@pytest.fixture(scope="module")
def draws():
    sys.path.insert(0, str(ROOT))
    try:
        return load_variants(FOLDER / "checks", ITEMS)
    finally:
        sys.path.remove(str(ROOT))


def asked_of(item, draws, students=1):
    """The item as each of some students has it."""
    number = students if item.variant else 1
    return [for_student(item, draws, f"student-{n:03}", SEED) for n in range(number)]


def by_machine():
    return [item for item in ITEMS.items if item.type != "text"]


def test_there_are_enough_questions_of_every_type():
    assert len(ITEMS.items) == 87
    types = [item.type for item in ITEMS.items]
    assert all(types.count(kind) >= 5 for kind in set(types)) and len(set(types)) == 6
    assert sum(item.for_a_human for item in ITEMS.items) == 32


@pytest.mark.parametrize("item", by_machine(), ids=lambda item: item.id)
def test_the_right_answer_is_right_and_known_mistakes_lose_all_points(item, draws):
    for mine in asked_of(item, draws, students=100):
        right = {"value": mine.answer} if mine.type == "true_false" else mine.answer
        assert judge(mine, right).fraction == 1
        for mistake in mine.mistakes:
            assert judge(mine, mistake.answer).fraction == 0


@pytest.mark.parametrize(
    "item", [item for item in ITEMS.items if item.mistakes], ids=lambda item: item.id
)
def test_a_known_mistake_is_named(item, draws):
    named = [
        judge(mine, mistake.answer).misconception
        for mine in asked_of(item, draws, students=20)
        for mistake in mine.mistakes
    ]
    known = {found.name["en"] for found in named if found is not None}
    assert known == {mistake.name["en"] for mistake in item.mistakes}


@pytest.mark.parametrize("item", ITEMS.items, ids=lambda item: item.id)
def test_every_text_is_in_both_languages(item):
    texts = [item.prompt, item.title, *(mistake.name for mistake in item.mistakes)]
    for both in filter(None, texts):
        assert PERSIAN.search(both["fa"]), both
        assert not PERSIAN.search(both["en"]), both
    assert all(PERSIAN.search(criterion.fa) for criterion in item.rubric)


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("linear_score", 60.75),
        ("svm_mean", 5.2666667),
        ("svm_initial", 9),
        ("softmax_initial", 2.302585),
        ("shifted_forwards", 4),
        ("fc_to_conv_positions", 36),
        ("group_cost", "R*O/G"),
        ("ln_gamma", "sigma/(D*mu)"),
        ("conv_output_numbers", 32 * 32 * 10),
    ],
)
def test_the_errors_of_the_documents_are_mended(name, right):
    assert next(item for item in ITEMS.items if item.id == name).answer == right


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_handout_has_the_points(language):
    page = (FOLDER / f"handout.{language}.md").read_text(encoding="utf-8")
    page = page.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))
    rows = [int(found) for found in re.findall(r"^\| .* \| (\d+) \|$", page, re.MULTILINE)]
    points: dict[str, float] = {}
    for item in ITEMS.items:
        points[item.question] = points.get(item.question, 0) + item.points
    order = [question.id for question in load_assignment(FOLDER).questions]
    assert rows == [*(points[question] for question in order), sum(points.values())]


def test_the_sample_class_gets_what_the_table_says(tmp_path):
    run = subprocess.run(
        [
            *[sys.executable, "-m", "autograder", "grade", FOLDER, FOLDER / "examples"],
            *["--output", tmp_path / "graded", "--jobs", "2", "--isolation", "auto", "--json"],
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert run.returncode == 0, run.stderr
    results = {each["submission"]["id"]: each for each in json.loads(run.stdout)["results"]}
    assert set(results) == set(TABLE) and len(TABLE) >= 20
    for name, expected in TABLE.items():
        result = results[name]
        if "status" in expected:
            assert result["status"] == expected["status"], name
            assert result["message"], name
            continue
        outcomes = {check["id"].partition("::")[2]: check["outcome"] for check in result["checks"]}
        not_right = [
            item for item, outcome in outcomes.items() if outcome not in ("passed", "pending")
        ]
        assert result["score"] == expected["score"], name
        assert list(outcomes.values()).count("pending") == expected["waiting"], name
        assert len(not_right) == expected.get("not_right_count", len(not_right)), name
        if "not_right_count" not in expected:
            assert not_right == expected.get("not_right", []), name
