import pytest

from autograder.checks.raised import missing_in_package, raised_hint, raised_message
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


@pytest.mark.parametrize(
    ("kind", "message", "word"),
    [
        ("ValueError", "shapes (5,2) and (3,4) not aligned: 2 (dim 1) != 3 (dim 0)", "shapes"),
        ("ValueError", "operands could not be broadcast together with shapes (2,3) (2,)", "shapes"),
        ("ValueError", "could not broadcast input array from shape (2,) into shape (1,)", "shapes"),
        ("RuntimeError", "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)", "shapes"),
        ("AxisError", "axis 3 is out of bounds for array of dimension 3", "Axes"),
        ("TypeError", "max() got an unexpected keyword argument 'keepdim'", "`keepdims`"),
        ("TypeError", "f() missing 1 required positional argument: 'y'", "arguments"),
        ("TypeError", "f() takes 2 positional arguments but 3 were given", "arguments"),
        ("NameError", "name 'margin' is not defined", "misspelt"),
        ("KeyError", "'q'", "key"),
        ("IndexError", "index 4 is out of bounds for axis 0 with size 4", "n - 1"),
        ("IndexError", "list index out of range", "n - 1"),
        ("AttributeError", "'NoneType' object has no attribute 'shape'", "`None`"),
    ],
)
def test_common_errors_get_what_to_look_at(kind, message, word):
    hint = raised_hint(Raised(kind, message, ()))
    assert hint is not None and word in hint["en"]
    assert hint["fa"] != hint["en"]


def test_of_a_long_message_the_first_line_is_told():
    message = raised_message("AttributeError", "module 'numpy' has no attribute 'float'.\nIt was …")
    expected = "Your code raised `AttributeError: module 'numpy' has no attribute 'float'`."
    assert message["en"] == expected


def test_an_ordinary_error_has_no_hint():
    assert raised_hint(Raised("ValueError", "shapes do not match", ())) is None


def test_a_name_that_a_package_lacks_is_said_with_its_file():
    details = missing_in_package("deep.nets.small.Net")
    assert "`Net`" in details.message["en"] and "`deep/nets/small.py`" in details.message["en"]
