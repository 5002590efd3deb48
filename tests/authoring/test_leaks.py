"""A solution line is found wherever a careless tool would leave it."""

import base64
import gzip
import io
import json
import zipfile
import zlib

import pytest

from autograder.authoring.leaks import Secrets, find_leaks, secret_lines

LINE = "    weights = weights - rate * slope_of(loss)"
SECRETS = Secrets(solution=(LINE.strip(),), hidden=("test_of_the_ties",), modules=("reference",))


def notebook(**cell):
    base = {"cell_type": "code", "id": "a", "metadata": {}, "source": [], "outputs": []}
    return json.dumps({"cells": [base | cell], "metadata": {}, "nbformat": 4}).encode()


def archive(comment=b"", extra=b"", content=b"nothing", name="a.py"):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        entry = zipfile.ZipInfo(name)
        entry.extra = extra
        entry.compress_type = zipfile.ZIP_DEFLATED
        made.writestr(entry, content)
        made.comment = comment
    return buffer.getvalue()


def png(text):
    def chunk(kind, body):
        crc = zlib.crc32(kind + body).to_bytes(4, "big")
        return len(body).to_bytes(4, "big") + kind + body + crc

    packed = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(text))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)) + packed + chunk(b"IEND", b"")


ENCODED = LINE.encode()
PLACES = {
    "plain": ENCODED,
    "other white space": LINE.replace(" ", "\t  ").encode(),
    "no white space": LINE.replace(" ", "").encode(),
    "CRLF and a comment": b"x = 1\r\n# " + ENCODED + b"\r\n",
    "UTF-16": LINE.encode("utf-16"),
    "bytes of a .pyc": b"\xa7\r\r\n\0\0\0\0" + ENCODED + b"\0\xff",
    "cell source": notebook(source=["x = 1\n", LINE]),
    "cell source over two strings": notebook(source=[LINE[:20], LINE[20:]]),
    "cell metadata": notebook(metadata={"nbgrader": {"solution_source": LINE}}),
    "a key of the metadata": notebook(metadata={LINE: True}),
    "an output": notebook(outputs=[{"output_type": "stream", "text": [LINE]}]),
    "an escaped output": notebook(outputs=[{"text": LINE}]).replace(b"weights", b"\\u0077eights"),
    "an attachment": notebook(
        attachments={"a.png": {"image/png": base64.b64encode(b"xx" + ENCODED).decode()}}
    ),
    "a picture's text in an output": notebook(
        outputs=[{"data": {"image/png": base64.b64encode(png(ENCODED)).decode()}}]
    ),
    "a JSON document in a string": json.dumps({"a": json.dumps({"b": [LINE]})}).encode(),
    "gzip": gzip.compress(ENCODED, mtime=0),
    "an archive": archive(content=ENCODED),
    "an archive's comment": archive(comment=ENCODED),
    "an extra field": archive(extra=b"\x99\x99" + len(ENCODED).to_bytes(2, "little") + ENCODED),
    "an archive in an archive": archive(content=archive(content=ENCODED)),
    "a notebook in an archive": archive(content=notebook(source=[LINE]), name="a.ipynb"),
}


@pytest.mark.parametrize("place", PLACES)
def test_solution_line_is_found(place):
    leaks = find_leaks({"file": PLACES[place]}, SECRETS, {"file"})
    assert any("a line of the solution" in leak.what for leak in leaks), place


def test_clean_files_have_no_leak():
    clean = {
        "a.ipynb": notebook(source=["weights = None\n"]),
        "a.zip": archive(),
        "a.png": png(b"made by hand"),
        "a.md": b"The reference implementation; from references in the text, import duties.",
        "b.md": b"What you learn\nfrom reference books you\nimport reference by reference.\n",
    }
    assert find_leaks(clean, SECRETS, set(clean)) == []


def test_file_that_does_not_belong_there_is_a_leak():
    leaks = find_leaks({"__pycache__/a.cpython-311.pyc": b"\0"}, SECRETS, set())
    assert [leak.what for leak in leaks] == ["a file that does not belong there"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("### BEGIN SOLUTION", "a marker left over"),
        ("# END HIDDEN TESTS", "a marker left over"),
        ("x = 1\nfrom reference.losses import svm_loss\n", "an import of reference"),
        ("def f():\n    import reference as r\n", "an import of reference"),
        ("Some prose.\n\n    import reference  # for the tests\n", "an import of reference"),
        ("def test_of_the_ties(student): ...", "of a hidden check"),
    ],
)
def test_markers_imports_and_hidden_checks_are_found(text, what):
    leaks = find_leaks({"a.py": text.encode()}, SECRETS, {"a.py"})
    assert len(leaks) == 1 and leaks[0].what.startswith(what)


def test_lines_that_say_nothing_are_no_secret():
    lines = ["    return loss", "x = 1", "", "    else:", "total += 1", "    rows = np.arange(n)"]
    assert secret_lines(lines, "") == ("rows = np.arange(n)",)


def test_lines_that_the_starter_shows_are_no_secret():
    public = '"""Use scores = X @ W here."""'
    assert secret_lines(["    scores = X @ W", "    s = softmax(scores)"], public) == (
        "s = softmax(scores)",
    )
