import pytest

from autograder.errors import AssignmentError
from autograder.questions.items import read_items
from autograder.questions.pages import answer_template, question_page
from autograder.questions.reading import read_answers
from autograder.questions.variants import for_student, load_variants
from autograder.records import Question


def test_all_types_are_read(items):
    assert [item.type for item in items.values()] == [
        *["numeric", "numeric", "choice", "true_false", "table", "expression", "text"]
    ]
    assert items["faster"].for_a_human == 2
    assert items["essay"].for_a_human == 5


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("answer = 24e6", 'answer = "24"', "must be a number"),
        ("answer = 24e6", "", "must be a number"),
        ("answer = 24e6", "answer = nan", "must be a number"),
        ('answer = ["a", "c"]', 'answer = "d"', "must be among a, b, c"),
        ("answer = false", "answer = 0", "true or false"),
        ('answer = [[55, "conv"], ["", "pool"]]', "answer = [[55]]", "2 rows of 2 cells"),
        ('answer = [[55, "conv"], ["", "pool"]]', 'answer = [["", ""], ["", ""]]', "no cell"),
        ('answer = "2*x*y"', 'answer = "2*z"', "none of the symbols"),
        ('symbols = ["x", "y"]', "", "has symbols"),
        ('id = "essay"', 'id = "which"', "two items"),
        ('id = "essay"', 'id = "Essay"', "a-z, 0-9"),
        ("reason_points = 2", "reason_points = 4", "more than points"),
        ("rubric = [{ points = 5", "rubric = [{ points = 4", "rubric gives 4 points of 5"),
        ('prompt.fa = "توضیح دهید."', "", "prompt needs .en and .fa"),
        ('symbols = ["x", "y"]', 'symbols = ["x", "y"]\nunits = { m = 1 }', "units is for numeric"),
        ('title.en = "Parameters of a layer"\ntitle.fa = "شمار پارامترها"', "", "add title"),
        ('type = "text"', 'type = "essay"', "Invalid enum value"),
        ("points = 5\nprompt", "points = -5\nprompt", ">= 0"),
        ('id = "essay"', 'id = "essay"\nwhat = 3', "unknown field"),
        ("[[item]]", "[[item]", "not valid TOML"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(assignment, old, new, message):
    path = assignment / "checks/questions.toml"
    written = path.read_text(encoding="utf-8")
    assert old in written
    path.write_text(written.replace(old, new), encoding="utf-8")
    with pytest.raises(AssignmentError) as caught:
        read_items(path)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_variant_is_the_students_own_and_stays_so(assignment, items):
    draws = load_variants(assignment / "checks", read_items(assignment / "checks/questions.toml"))
    item = items["parameters"]
    mine = for_student(item, draws, "student-01", 3)
    assert mine == for_student(item, draws, "student-01", 3)
    drawn = {for_student(item, draws, f"student-{n:02}", 3).prompt["en"] for n in range(20)}
    assert len(drawn) > 8
    assert "{" not in mine.prompt["en"] + mine.prompt["fa"]
    kernel, filters = numbers_of(mine.prompt["en"])
    assert mine.answer == (kernel * kernel * 3 + 1) * filters
    assert mine.mistakes[0].answer == kernel * kernel * 3 * filters


def numbers_of(prompt):
    filters = int(prompt.split(" filters")[0].split()[-1])
    kernel = int(prompt.split(" filters of ")[1].split("x")[0])
    return kernel, filters


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (None, "no such file"),
        ("x = 1", "no function 'conv'"),
        ("1 / 0", "ZeroDivisionError"),
        ("def conv(rng): return 3", "must return a Variant"),
        (
            "from autograder.questions.variants import Variant\n"
            "def conv(rng): return Variant({}, 1)",
            "asks for",
        ),
    ],
)
def test_a_variant_that_does_not_fit_is_refused(assignment, code, message):
    path = assignment / "checks/variants.py"
    path.unlink()
    if code is not None:
        path.write_text(code, encoding="utf-8")
    questions = read_items(assignment / "checks/questions.toml")
    with pytest.raises(AssignmentError, match=message):
        for_student(
            questions.items[0], load_variants(assignment / "checks", questions), "student-01", 3
        )


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_sheet_has_every_prompt_and_no_answer(items, language):
    questions = [Question("arithmetic", {"en": "A", "fa": "آ"})]
    questions.append(Question("concepts", {"en": "C", "fa": "م"}))
    page = question_page({"en": "T", "fa": "ت"}, questions, list(items.values()), language)
    for item in items.values():
        assert item.prompt[language] in page
    assert "2*x*y" not in page and "24000000" not in page and "55" not in page
    assert ("rtl" in page) == (language == "fa")


def test_the_template_is_an_answers_file_with_every_item(items):
    template = answer_template(list(items.values()), "en")
    answers = read_answers({"answers.toml": template.encode()}).written
    assert set(answers) == set(items)
