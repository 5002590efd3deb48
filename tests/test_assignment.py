from types import SimpleNamespace

import pytest

from autograder.assignment import load_assignment
from autograder.errors import AssignmentError
from autograder.plugin import ChecksSession
from autograder.records import Visibility

GOOD = """
id = "small"
title.en = "Small"
title.fa = "کوچک"
[[questions]]
id = "q1"
title = { en = "First", fa = "یک" }
"""


@pytest.fixture
def write(tmp_path):
    def write(manifest, *, check="def test_a(): pass\n"):
        (tmp_path / "checks").mkdir(exist_ok=True)
        if check:
            (tmp_path / "checks" / "test_a.py").write_text(check)
        data = manifest if isinstance(manifest, bytes) else manifest.encode()
        (tmp_path / "assignment.toml").write_bytes(data)
        return tmp_path

    return write


def test_defaults_fill_a_short_manifest(write):
    assignment = load_assignment(write(GOOD))
    assert assignment.id == "small"
    assert assignment.title["fa"] == "کوچک"
    assert assignment.limits.call_seconds == 5.0
    assert assignment.imports.preload == ("numpy",)


def test_a_byte_order_mark_and_windows_line_ends_are_fine(write):
    assert load_assignment(write(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()))


def test_the_version_changes_with_the_checks_and_not_with_the_rest(write):
    root = write(GOOD)
    before = load_assignment(root).version
    (root / "handout.en.md").write_text("new words")
    (root / "checks" / "__pycache__").mkdir()
    (root / "checks" / "__pycache__" / "test_a.pyc").write_bytes(b"x")
    assert load_assignment(root).version == before
    (root / "checks" / "test_a.py").write_text("def test_a(): assert True\n")
    assert load_assignment(root).version != before


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        ("id = ", "not valid TOML"),
        (b"id = '\xff'", "not UTF-8 (byte 6)"),
        (GOOD.replace('"small"', '"Small One"'), "an id is a-z, 0-9 and _"),
        (GOOD.replace('title.fa = "کوچک"', ""), "title.fa is missing"),
        (GOOD.replace("title.fa", "title.de"), "title.de: the languages are en and fa"),
        (GOOD.replace('id = "small"', ""), "missing required field `id`"),
        (GOOD + "points = 3\n", "unknown field `points`"),
        (GOOD.replace("[[", "[limits]\ncall_seconds = -1\n[["), "`float` > 0"),
        (GOOD.replace("[[", "due = 2026-12-01T00:00:00\n[["), "has no offset"),
        (GOOD + "[late]\nper_day = 0.1\n", "[late] without a due date"),
        (GOOD + "[late]\nper_day = 1.5\n", "`float` <= 1.0"),
        (GOOD + "[late]\nmax_days = 2\n", "missing required field `per_day`"),
        (GOOD + '[[questions]]\nid = "q1"\ntitle = {en="a", fa="b"}\n', "two questions"),
        ('id = "a"\nquestions = []\ntitle = {en="a", fa="b"}\n', "no [[questions]]"),
    ],
)
def test_a_wrong_manifest_gets_one_line_with_its_path(write, manifest, message):
    root = write(manifest)
    with pytest.raises(AssignmentError) as error:
        load_assignment(root)
    assert message in str(error.value)
    assert str(root / "assignment.toml") in str(error.value)
    assert "\n" not in str(error.value).replace("\n", "", 0)


def test_missing_things_are_said_with_the_mend(tmp_path, write):
    with pytest.raises(AssignmentError, match="no such folder"):
        load_assignment(tmp_path / "nowhere")
    with pytest.raises(AssignmentError, match="not an assignment"):
        load_assignment(tmp_path)
    with pytest.raises(AssignmentError, match=r"no test_\*\.py"):
        load_assignment(write(GOOD, check=""))
    with pytest.raises(AssignmentError, match="a file; name the assignment's folder"):
        load_assignment(tmp_path / "assignment.toml")


# --- the secret --------------------------------------------------------------------------------


def test_without_a_file_the_secret_follows_from_manifest_and_checks(small):
    secret = load_assignment(small).secret
    assert secret == load_assignment(small).secret and len(secret) == 64
    assert secret not in repr(load_assignment(small))
    check = small / "checks" / "test_small.py"
    check.write_text(check.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
    assert load_assignment(small).secret != secret


def test_the_version_that_results_show_does_not_give_the_secret_away(small):
    assignment = load_assignment(small)
    digest = assignment.version.partition("+")[2]
    assert digest not in assignment.secret


def test_a_secret_file_is_taken_as_it_is_and_changes_the_version(small):
    version = load_assignment(small).version
    (small / "secret").write_text("s3" * 16 + "\n", encoding="utf-8")
    assignment = load_assignment(small)
    assert assignment.secret == "s3" * 16 and assignment.version != version


def test_a_secret_that_is_too_short_is_refused(small):
    (small / "secret").write_text("guess me", encoding="utf-8")
    with pytest.raises(AssignmentError, match="8 characters; a secret has at least 32"):
        load_assignment(small)


def test_the_weakest_solution_must_be_there(small):
    manifest = small / "assignment.toml"
    text = manifest.read_text(encoding="utf-8")
    table = '[training]\nweakest = "solution/none.py"\n\n[[questions]]'
    manifest.write_text(text.replace("[[questions]]", table, 1), encoding="utf-8")
    with pytest.raises(AssignmentError, match=r"training.weakest: .*none.py is no file"):
        load_assignment(small)


def test_with_a_secret_of_its_own_hidden_checks_draw_what_the_seed_does_not_tell(small):
    def seeds():
        specs = {
            visibility: SimpleNamespace(visibility=visibility)
            for visibility in (Visibility.VISIBLE, Visibility.HIDDEN)
        }
        session = ChecksSession(load_assignment(small), None, specs=specs)
        return session.seed_of(Visibility.VISIBLE), session.seed_of(Visibility.HIDDEN)

    public, hidden = seeds()
    assert not load_assignment(small).own_secret
    (small / "secret").write_text("s3" * 16, encoding="utf-8")
    assert load_assignment(small).own_secret
    assert seeds()[0] == public and seeds()[1] != hidden
