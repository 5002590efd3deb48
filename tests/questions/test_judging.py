import pytest

from autograder.questions.judging import judge, keywords_in, read_form


def verdict(items, name, written):
    return judge(items[name], written)


@pytest.mark.parametrize("right", ["24 MB", "۲۴ MB", "24000 kb", "23.9mb", "24e0 MB"])
def test_a_number_in_any_unit(items, right):
    assert verdict(items, "memory", right).fraction == 1


@pytest.mark.parametrize("wrong", ["24", "24 GB", "26 MB", "24000 MB", "about 24 MB", [24], True])
def test_a_wrong_number_or_unit_earns_nothing(items, wrong):
    assert verdict(items, "memory", wrong).fraction == 0


@pytest.mark.parametrize(
    "right",
    ["a, c", "c a", "A and C", "الف و ج", "1,3", "۱ و ۳", ["a", "c"], "a،c", "(a) (c)"],
)
def test_a_choice_by_letter_number_or_persian_letter(items, right):
    assert verdict(items, "which", right).fraction == 1


@pytest.mark.parametrize("wrong", ["a", "a b c", "b", "the first", "a, d", "", "all"])
def test_another_choice_earns_nothing(items, wrong):
    assert verdict(items, "which", wrong).fraction == 0


def test_an_option_may_be_named_by_its_words(items):
    assert verdict(items, "which", ["the first", "سومی"]).fraction == 1


@pytest.mark.parametrize(
    ("written", "fraction"),
    [
        ({"value": False, "reason": "x"}, 1),
        ({"value": "نادرست"}, 1),
        ("False, because each batch is slower", 1),
        ("غلط. چون هر دسته کندتر است", 1),
        ("false", 1),
        (False, 1),
        ("true", 0),
        ("درست، زیرا ...", 0),
        ("maybe", 0),
        (0, 0),
        ("", 0),
    ],
)
def test_the_first_word_of_a_truth_counts(items, written, fraction):
    assert verdict(items, "faster", written).fraction == fraction


@pytest.mark.parametrize(
    "right",
    [
        [[55, "conv"], ["", "pool"]],
        [["۵۵", "Conv"], [27, "pool"]],
        "55 | conv\n- | pool",
        "| | size | kind |\n|---|---|---|\n| conv1 | 55 | conv |\n| pool1 | - | pool |",
        "| 55 | conv |\n| | pool |",
        {"conv1": [55, "conv"], "pool1": ["", "pool"]},
    ],
)
def test_a_table_in_any_dress(items, right):
    assert verdict(items, "sizes", right).fraction == 1


def test_a_table_earns_its_right_cells(items):
    got = verdict(items, "sizes", [[56, "conv"], ["", "pool"]])
    assert got.fraction == pytest.approx(2 / 3)
    assert "“conv1”, “size”" in got.details.message["en"]
    assert "55" not in str(got.details)


@pytest.mark.parametrize("shapeless", ["55", [[55]], 3, "a|b|c\nd|e|f\ng|h|i\nj|k|l", [[1, 2]] * 5])
def test_a_table_of_another_shape_cannot_be_read(items, shapeless):
    assert not verdict(items, "sizes", shapeless).readable


def test_a_formula_and_its_known_mistake(items):
    assert verdict(items, "formula", "x y + y x").fraction == 1
    wrong = verdict(items, "formula", "x·x")
    assert wrong.misconception.id == "formula.1"
    assert wrong.misconception.name["en"] == "This is the derivative by y."
    assert verdict(items, "formula", "2x").misconception is None
    assert not verdict(items, "formula", "__import__('os').system('x')").readable


def test_no_message_tells_the_answer(items):
    for name, wrong in [("memory", "1 MB"), ("which", "b"), ("faster", "true"), ("formula", "x")]:
        shown = str(verdict(items, name, wrong).details)
        assert "24000000" not in shown and "2*x*y" not in shown and "False" not in shown


@pytest.mark.parametrize("empty", [None, "", "  ", "...", "؟", [], {}, {"value": "", "reason": ""}])
def test_no_answer_is_said_to_be_none(items, empty):
    for item in items.values():
        if item.variant is None:
            got = judge(item, empty)
            assert got.fraction == 0 and not got.readable
            assert got.details.message["en"] == "This question is not answered."


def test_keywords_only_sort(items):
    assert keywords_in(items["faster"], {"value": False, "reason": "is SLOWER"}) == ("slower",)
    assert keywords_in(items["faster"], "کندتر است") == ("کندتر",)


def test_the_form_of_an_answer_is_judged_without_the_answer(items):
    assert read_form(items["memory"], "1 MB") is None
    assert read_form(items["memory"], "no idea") is not None
    assert read_form(items["which"], "b") is None
    assert read_form(items["sizes"], [[1]]) is not None
    assert read_form(items["formula"], "x +") is not None
