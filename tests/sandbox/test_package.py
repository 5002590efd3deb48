"""A submission that is a package, in its process."""

import numpy as np
import pytest

from autograder.assignment import Limits
from autograder.records import Submission
from autograder.sandbox import protocol
from autograder.sandbox.launch import choose_isolation
from autograder.sandbox.old_names import OLD_NUMPY, SHIMS
from autograder.sandbox.shims import (
    col2im_cython,
    col2im_indices,
    get_im2col_indices,
    im2col_cython,
    im2col_indices,
)
from autograder.sandbox.subject import Subject


@pytest.fixture
def start(launchers):
    """Starts a subject from the files of the package `deep`."""
    subjects = []

    def begin(files, shims=SHIMS):
        level = choose_isolation("auto", own_code=True)
        content = {f"deep/{name}": code.encode() for name, code in files.items()}
        submission = Submission("s", "0", "deep", (), content, package="deep", shims=shims)
        subject = Subject(launchers(level), submission, Limits())
        subject.start()
        subjects.append(subject)
        return subject

    yield begin
    for subject in subjects:
        subject.end()


def call(subject, name, *arguments):
    request = (protocol.CALL, None, f"deep.{name}", list(arguments), {}, False)
    return subject.request([request], 20.0)[0]


def test_functions_are_called_by_their_dotted_names(start):
    subject = start(
        {"losses.py": "def f(x): return 2 * x\n", "nets/a.py": "from ..losses import f\n"}
    )
    assert call(subject, "losses.f", 3).value == 6
    assert call(subject, "nets.a.f", 4).value == 8


def test_names_are_known_without_running_anything(start):
    subject = start({"a.py": "1 / 0\ndef f(x, y): pass\nTEXT = '''\ndef hidden(): pass\n'''\n"})
    assert subject.loaded.names == {"deep.a.f": ("x", "y"), "deep.a.TEXT": None}


def test_a_file_that_does_not_parse_fails_only_what_needs_it(start):
    subject = start({"a.py": "def f():\n    return (\n", "b.py": "def g(): return 1\n"})
    assert call(subject, "b.g").value == 1
    raised = call(subject, "a.f").raised
    assert (raised.type, raised.frames[-1].label, raised.frames[-1].line) == (
        "SyntaxError",
        "deep/a.py",
        2,
    )


def test_a_file_of_python_2_is_run_as_python_2(start):
    old = "def f(n):\n    print 'n', n\n    return xrange(n / 2)[-1]\n"
    subject = start({"a.py": old, "b.py": "def g(n): return (n - 1) / 2\n"})
    reply = call(subject, "a.f", 7)
    assert (reply.value, reply.printed) == (2, "n 7\n")
    assert type(call(subject, "b.g", 5).value) is int


def test_without_the_shim_python_2_is_an_error(start):
    subject = start({"a.py": "def f():\n    print 'x'\n"}, shims=())
    assert call(subject, "a.f").raised.type == "SyntaxError"


def test_a_failed_import_fails_only_what_uses_it_and_is_named(start):
    code = "import no_such\nfrom .gone import h\ndef f(): return 1\ndef g(): return h()\n"
    subject = start({"a.py": code})
    assert call(subject, "a.f").value == 1
    assert "deep.gone" in call(subject, "a.g").raised.message


def test_what_kept_a_class_from_being_defined_is_said(start):
    subject = start({"a.py": "class Net(Base): pass\n"})
    assert "Base" in call(subject, "a.Net").raised.message


@pytest.mark.parametrize("name", ["a.nothing", "b.f"])
def test_a_missing_name_or_file_is_said(start, name):
    reply = call(start({"a.py": "x = 1\n"}), name)
    assert (reply.status, reply.missing) == (protocol.MISSING, f"deep.{name}")


def test_an_init_that_fails_does_not_keep_its_modules_away(start):
    subject = start({"nets/__init__.py": "print 'x'\n", "nets/a.py": "def f(): return 5\n"})
    assert call(subject, "nets.a.f").value == 5


OLD_CODE = {
    "bare xrange": "def f(): return list(xrange(3))\n",
    "past": "from past.builtins import xrange\ndef f(): return list(xrange(3))\n",
    "future": "from future.utils import iteritems\ndef f(): return list(iteritems({0: 1}))\n",
    "numpy": "import numpy as np\ndef f(): return np.lib.pad(np.ones(2, np.float), 1, 'edge')\n",
    "newshape": "import numpy as np\ndef f(): return np.reshape(np.ones(4), newshape=(2, 2))\n",
    "scipy": "from scipy import stats\ndef f(): return stats.mode([1, 2, 2])[0][0]\n",
    "plotting": "import matplotlib.pyplot as plt\nplt.rcParams['x'] = 1\ndef f(): plt.show()\n",
    "implicit": "from other import *\ndef f(): return VALUE\n",
    "im2col": "import numpy as np\nfrom .im2col import *\n"
    "def f(): return im2col_indices(np.ones((1, 1, 4, 4)), 2, 2, 0, 2)\n",
    "old lists": "import numpy as np\ndef f(): return np.eye(3)[[range(2), range(2)]].tolist()\n",
    "fast": "from .fast_layers import *\ndef f(): return conv_forward_fast(1)\n",
}


@pytest.mark.parametrize("code", OLD_CODE.values(), ids=OLD_CODE)
def test_older_code_runs_with_the_shims(start, code):
    files = {"a.py": code, "other.py": "VALUE = 3\n"}
    files["layers.py"] = "def conv_forward_naive(x): return x\n"
    assert call(start(files), "a.f").status == protocol.OK


@pytest.mark.parametrize("name", ["bare xrange", "implicit", "fast"])
def test_older_code_does_not_run_without_the_shims(start, name):
    subject = start({"a.py": OLD_CODE[name], "other.py": "VALUE = 3\n"}, shims=())
    assert call(subject, "a.f").raised is not None


def test_an_unused_framework_fails_only_where_it_is_used(start):
    code = "import torch\nfrom turtle import pd\ndef f(): return 1\ndef g(): return pd()\n"
    subject = start({"a.py": code})
    assert call(subject, "a.f").value == 1
    assert "turtle.pd" in call(subject, "a.g").raised.message


def test_the_stand_in_for_im2col_and_its_adjoint_fit():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 3, 5, 6))
    cols = im2col_cython(x, 3, 2, 1, 2)
    other = rng.normal(size=cols.shape)
    back = col2im_cython(other, 2, 3, 5, 6, 3, 2, 1, 2)
    assert cols.shape == (18, 2 * 3 * 4)
    assert np.sum(cols * other) == pytest.approx(np.sum(x * back))


def test_the_indices_of_im2col_name_the_values_that_its_columns_hold():
    x = np.random.default_rng(1).normal(size=(2, 3, 5, 9))
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    k, i, j = get_im2col_indices(x.shape, 3, 5, padding=1, stride=2)
    taken = padded[:, k, i, j]  # (N, C height width, windows)
    cols = im2col_indices(x, 3, 5, padding=1, stride=2)
    np.testing.assert_array_equal(cols, taken.transpose(1, 2, 0).reshape(len(cols), -1))
    assert col2im_indices(cols, x.shape, 3, 5, padding=1, stride=2).shape == x.shape


def test_every_old_numpy_name_has_what_replaces_it():
    assert all(OLD_NUMPY.values())
