from autograder.assignment import load_assignment
from autograder.authoring.question_release import question_secrets
from autograder.authoring.release import build_release
from autograder.questions.items import read_items


def test_a_release_has_the_questions_and_no_answer(tmp_path, assignment):
    folder = tmp_path / "released" / "concepts"
    release = build_release(load_assignment(assignment), folder)
    assert release.leaks == []
    released = read_items(folder / "checks/questions.toml")
    original = read_items(assignment / "checks/questions.toml")
    assert released.form_only
    assert [item.id for item in released.items] == [item.id for item in original.items]
    for item in released.items:
        assert item.answer is None and item.mistakes == () and item.rubric == ()
        assert "{" not in item.prompt["en"] and item.hint is None
    assert not (folder / "checks/variants.py").exists()
    assert not (folder / "questions.en.md").exists()  # each student has a sheet of their own
    written = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"2*x*y" not in written and b"24000000" not in written


def test_without_own_numbers_the_sheets_come_along(tmp_path, assignment):
    path = assignment / "checks/questions.toml"
    items = path.read_text(encoding="utf-8").split("[[item]]\n")
    path.write_text("[[item]]\n" + "[[item]]\n".join(items[2:]), encoding="utf-8")
    folder = tmp_path / "released" / "concepts"
    release = build_release(load_assignment(assignment), folder)
    assert release.leaks == []
    assert {"questions.en.md", "questions.fa.md", "answers.toml"} <= set(release.files)


def test_a_rubric_that_slips_into_a_handout_is_a_leak(tmp_path, assignment):
    path = assignment / "checks/questions.toml"
    long = "each batch has more to compute and is slower than before"
    path.write_text(
        path.read_text(encoding="utf-8").replace("each batch is slower", long), encoding="utf-8"
    )
    (assignment / "handout.en.md").write_text(f"Remember that {long}.\n", encoding="utf-8")
    loaded = load_assignment(assignment)
    assert long in question_secrets(loaded)
    release = build_release(loaded, tmp_path / "released" / "concepts")
    assert [leak.file for leak in release.leaks] == ["handout.en.md"]
