import pytest

from autograder.checks.raised import missing_in_package, raised_hint
from autograder.sandbox.subject import Frame, Raised


@pytest.mark.parametrize(
    ("kind", "message", "word"),
    [
        ("TypeError", "'float' object cannot be interpreted as an integer", "`//`"),
        ("TypeError", "`pad_width` must be of integral type.", "`//`"),
        ("AttributeError", "'dict' object has no attribute 'iteritems'", "`items()`"),
        ("NameError", "name 'xrange' is not defined", "`range`"),
        ("AttributeError", "module 'numpy' has no attribute 'float'.", "numpy"),
    ],
)
def test_errors_of_older_code_get_the_mend(kind, message, word):
    hint = raised_hint(Raised(kind, message, ()))
    assert hint is not None and word in hint["en"]
    assert hint["fa"] != hint["en"]


def test_code_that_does_not_parse_gets_the_usual_cause():
    frame = Frame("deep/a.py", 2, "<module>", "print 'x'")
    hint = raised_hint(Raised("SyntaxError", "Missing parentheses in call to 'print'", (frame,)))
    assert hint is not None and "Python 2" in hint["en"]


def test_an_ordinary_error_has_no_hint():
    assert raised_hint(Raised("ValueError", "shapes do not match", ())) is None


def test_a_name_that_a_package_lacks_is_said_with_its_file():
    details = missing_in_package("deep.nets.small.Net")
    assert "`Net`" in details.message["en"] and "`deep/nets/small.py`" in details.message["en"]
