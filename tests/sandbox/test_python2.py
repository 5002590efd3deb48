"""Python 2 code is known by what only it has, and runs as it did."""

import ast

import numpy as np
import pytest

from autograder.sandbox.python2 import marker, names, parsed, rewritten


def run(source, *, old_package=True):
    """The module's names after the source ran as a file of such a package."""
    module = names(source, old_package=old_package)
    code = compile(parsed(source, "x.py", old_package=old_package), "x.py", "exec")
    exec(code, module)
    return module


@pytest.mark.parametrize(
    ("source", "line", "what"),
    [
        ("x = 1\nprint 'a'\n", 2, "print"),
        ("if x: print x\n", 1, "print"),
        ('print"a"\n', 1, "print"),
        ("for i in xrange(3): pass\n", 1, "xrange"),
        ("\n\nfor k in d.iteritems(): pass\n", 3, "iteritems"),
        ("try: f()\nexcept ValueError, e: pass\n", 2, "except ValueError, e:"),
        ("import cPickle as pickle\n", 1, "import cPickle"),
    ],
)
def test_a_line_that_only_python_2_can_mean_is_found(source, line, what):
    assert marker(source) == (line, what)


@pytest.mark.parametrize(
    "source",
    [
        "# print x\n'''\nprint x\n'''\nprint('x')\n",
        "from past.builtins import xrange\nfor i in xrange(3): pass\n",
        "xrange = range\nxrange(2)\n",
        "s = 'xrange'; print = s\n",
        "f(print, 1)\n",
    ],
)
def test_comments_strings_and_python_3_are_no_marks(source):
    assert marker(source) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("print 'a %d' % x", "print( 'a %d' % x)"),
        ("print x, y,", "print( x, y,)"),
        ("print", "print()"),
        ("print >>f, x", "print( x)"),
        ("print >>f", "print()"),
        ("print ('a %d') % x", "print( ('a %d') % x)"),
        ("print('a', b)", "print('a', b)"),
        ("print 'a' # why", "print( 'a') # why"),
        ("print (1,\n  2), 3; y = 1", "print( (1,\n  2), 3); y = 1"),
        ("raise ValueError, 'no'", "raise ValueError('no')"),
        ("a <> 10L", "a != 10"),
        ("if a:\n\tb = 1\n        c = 2", "if a:\n        b = 1\n        c = 2"),
    ],
)
def test_statements_are_rewritten_on_their_own_lines(old, new):
    assert rewritten(old) == new
    assert rewritten(old).count("\n") == old.count("\n")


def test_handlers_name_their_error():
    assert ast.parse(rewritten("try:\n  f()\nexcept (A, B), e:\n  pass\n"))


def test_a_print_over_a_backslash_is_one_statement():
    assert ast.parse(rewritten("print 'a', \\\n  b\nx = 1\n"))


def test_whole_numbers_divide_with_a_floor_in_a_file_of_python_2():
    module = run("print 'x'\na = 7 / 2\nb = 7 / 2.0\nc = 7\nc /= 2\n")
    assert (module["a"], module["b"], module["c"]) == (3, 3.5, 3)


def test_arrays_divide_as_their_dtypes_say():
    code = "import numpy as np\nprint 1\na = np.array([3, 5]) / 2\n"
    module = run(code + "b = np.array([3., 5.])\nview = b\nb /= 2\n")
    assert module["a"].tolist() == [1, 2]
    assert np.array_equal(module["view"], [1.5, 2.5])


def test_division_of_the_future_is_left_alone():
    assert run("from __future__ import division\na = 7 / 2\nprint 'x'\n")["a"] == 3.5


@pytest.mark.parametrize("code", ["h = (5 - 1) / 2\nn = 1 / 4\n", "h = 4\nh /= 2\nn = 1 / 4\n"])
def test_beside_python_2_only_sizes_that_leave_nothing_over_stay_whole(code):
    module = run(code)
    assert (type(module["h"]), module["h"], module["n"]) == (int, 2, 0.25)


def test_a_file_that_can_only_be_python_3_is_left_alone():
    assert run("s = f'{1}'\nh = 4 / 2\nfor i in []: xrange\n", old_package=True)["h"] == 2.0
    module = run("s = f'{1}'\nh = 4 / 2\n")
    assert type(module["h"]) is float


def test_a_format_in_a_string_is_no_f_string():
    assert run("x = 7 / 2\nprint 'loss %f' % x\n")["x"] == 3


def test_nothing_changes_in_a_package_of_python_3():
    assert type(run("h = 4 / 2\n", old_package=False)["h"]) is float


def test_views_and_ranges_are_lists():
    module = run(
        "print 'x'\nd = {'a': 1}\nk = d.keys()[0]\ni = d.iteritems()\nh = d.has_key('a')\n"
        "r = range(3) + [9]\nz = zip([1], [2])[0]\n"
    )
    assert (module["k"], module["i"], module["h"]) == ("a", [("a", 1)], True)
    assert (module["r"], module["z"]) == ([0, 1, 2, 9], (1, 2))


def test_own_classes_keep_their_methods():
    code = "class Box:\n  def items(self): return 'own'\nprint 'x'\nfound = Box().items()\n"
    assert run(code)["found"] == "own"


def test_what_python_2_cannot_read_either_is_told_in_pythons_words_on_the_own_line():
    with pytest.raises(SyntaxError) as error:
        parsed("print 'x'\ny = (1\n", "x.py", old_package=True)
    assert error.value.lineno == 1


def test_data_in_a_file_is_not_searched():
    assert marker("print 'x'\n" + "y = 1\n" * 50_000) is None


def test_long_files_are_read_in_little_time():
    hostile = "print(" * 20_000 + "\n" + "a <> " * 20_000
    assert rewritten(hostile)


def test_an_f_string_beside_a_print_statement_is_a_mistake_of_python_3():
    assert marker("print 'x'\ny = f'{1}'\n") is None
