import json

import pytest

from autograder.assignment import load_assignment
from autograder.authoring.scaffold import assignment_id, new_assignment
from autograder.errors import UsageError


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("softmax", "softmax"),
        ("Homework 3", "homework_3"),
        ("2026-svm", "svm"),
        ("My__CNN", "my_cnn"),
    ],
)
def test_id_is_made_of_the_folder(name, id):
    assert assignment_id(name) == id


def test_a_name_without_letters_is_refused():
    with pytest.raises(UsageError, match="has no Latin letter"):
        assignment_id("تمرین-۱")


def test_new_assignment_loads_and_has_no_placeholder_left(tmp_path):
    names = new_assignment(tmp_path / "Homework 3")
    assignment = load_assignment(tmp_path / "Homework 3")
    assert assignment.id == "homework_3" and assignment.submission.names
    assert "solution/homework_3.py" in names
    for name in names:
        assert "@" not in (tmp_path / "Homework 3" / name).read_text().replace(" @ ", "").replace(
            "@pytest", ""
        ).replace("@given", "").replace("@wrong", "").replace("X.T @", "")


def test_new_refuses_a_folder_with_something_in_it(tmp_path):
    (tmp_path / "a").write_text("")
    with pytest.raises(UsageError, match="not empty"):
        new_assignment(tmp_path)


@pytest.mark.parametrize(("small", "points"), [(False, 70), (True, 30)])
def test_every_check_of_a_new_assignment_passes_on_its_right_sample(tmp_path, run, small, points):
    new_assignment(tmp_path / "homework", small=small)
    sample = tmp_path / "homework" / "examples" / "student-01.py"
    done = run("check", tmp_path / "homework", sample, "--json", check=0)
    result = json.loads(done.stdout)
    assert result["score"] == result["max_score"] == points


@pytest.mark.slow
def test_new_assignment_is_fit_to_publish(tmp_path, run):
    run("new", tmp_path / "softmax_classifier", check=0)
    done = run("validate", tmp_path / "softmax_classifier", "--json", check=0)
    document = json.loads(done.stdout)
    assert document["fit"], [each for each in document["findings"] if not each["fit"]]
    assert len(document["kill_matrix"]) == 3
    kinds = "\n".join(
        path.read_text() for path in (tmp_path / "softmax_classifier" / "checks").glob("test_*.py")
    )
    for kind in ("A VALUE CHECK", "A GRADIENT CHECK", "A PROPERTY CHECK", "A TRAINING CHECK"):
        assert kind in kinds


@pytest.mark.slow
def test_small_new_assignment_is_fit_to_publish(tmp_path, run):
    run("new", tmp_path / "huber", "--small", check=0)
    document = json.loads(run("validate", tmp_path / "huber", "--json", check=0).stdout)
    assert document["fit"], [each for each in document["findings"] if not each["fit"]]
    assert [row["by_question"] for row in document["kill_matrix"]] == [True, True]


def test_next_command_can_be_pasted_whatever_the_folder_is_called(tmp_path, run):
    done = run("new", tmp_path / "my homework", "--small", check=0)
    assert f"Next: autograder validate '{tmp_path / 'my homework'}'" in done.stdout


def test_two_new_assignments_draw_their_seeds_at_random(tmp_path):
    for name in ("first", "second"):
        new_assignment(tmp_path / name)
    first, second = (load_assignment(tmp_path / name).seed for name in ("first", "second"))
    assert first != second
    assert max(first, second) > 1 << 32 and max(first, second) < 1 << 63
