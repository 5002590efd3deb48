"""Rules of an assignment: what is found, what is not, and what it costs."""

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.assignment import load_assignment
from autograder.errors import AssignmentError
from autograder.grading import Grader, open_launcher
from autograder.policy import judge, violations
from autograder.records import Isolation, Outcome, Source, Status, Submission
from autograder.rules import Policy, Rule
from autograder.sandbox.guard import matches, may_import
from autograder.sandbox.launch import probe
from autograder.session import with_checks
from autograder.usage import library_uses

LINALG = Policy(rules=(Rule(uses=("numpy.linalg.*", "numpy.convolve")),))
NO_TORCH = Policy(forbidden=("torch", "scipy.signal"))


def submission(*codes, files=None, entry="work.py"):
    labels = [entry] if len(codes) == 1 else [f"cell {n}" for n in range(1, len(codes) + 1)]
    sources = tuple(Source(label, code) for label, code in zip(labels, codes, strict=True))
    return Submission("student-01", "0" * 64, entry, sources, files or {})


FOUND = {
    "attribute": "import numpy as np\nx = np.linalg.norm(v)",
    "no alias": "import numpy\nx = numpy.linalg.norm(v)",
    "module alias": "import numpy.linalg as la\nx = la.norm(v)",
    "from numpy": "from numpy import linalg\nx = linalg.norm(v)",
    "from numpy.linalg": "from numpy.linalg import norm as size\nx = size(v)",
    "star": "from numpy.linalg import *\nx = norm(v)",
    "assigned": "import numpy as np\nla = np.linalg\nx = la.norm(v)",
    "assigned twice over": "import numpy as np\na = np\nb = a.linalg\nc = b.norm\nx = c(v)",
    "tuple": "import numpy as np\na, b = np.linalg, 3\nx = a.norm(v)",
    "walrus": "import numpy as np\nx = (la := np.linalg).norm(v)",
    "not called": "import numpy as np\nx = list(map(np.linalg.norm, v))",
    "getattr": "import numpy as np\nx = getattr(np.linalg, 'norm')(v)",
    "getattr twice": "import numpy as np\nx = getattr(getattr(np, 'lin' + 'alg'), 'norm')(v)",
    "dict": "import numpy as np\nx = np.linalg.__dict__['norm'](v)",
    "vars": "import numpy as np\nx = vars(np.linalg)['norm'](v)",
    "__import__": "x = __import__('numpy').linalg.norm(v)",
    "import_module": "import importlib\nx = importlib.import_module('numpy.linalg').norm(v)",
    "import_module by name": "from importlib import import_module as i\nx = i('numpy').convolve",
    "sys.modules": "import sys\nx = sys.modules['numpy'].linalg.norm(v)",
    "in a function": "import numpy as np\ndef f(v):\n    return np.linalg.norm(v)",
    "imported in a function": "def f(v):\n    import numpy as q\n    return q.linalg.norm(v)",
    "in a method": "import numpy as np\nclass A:\n    def f(self, v): return np.linalg.norm(v)",
    "in a lambda": "import numpy as np\nf = lambda v: np.linalg.norm(v)",
    "in a comprehension": "import numpy as np\nx = [np.linalg.norm(v) for v in vs]",
    "global": "import numpy as np\ndef g():\n    global a\n    a = np.linalg\ndef f(): a.norm(3)",
    "either": "try:\n    import cupy as np\nexcept ImportError:\n    import numpy as np\n"
    "x = np.linalg.norm(v)",
    "default": "import numpy as np\ndef f(v, size=np.linalg.norm): return size(v)",
    "decorator": "import numpy as np\n@np.linalg.norm\ndef f(): pass",
}

NOT_FOUND = {
    "nothing": "import numpy as np\nx = np.dot(a, b)",
    "imported, never used": "import numpy.linalg",
    "a parameter of that name": "import numpy as np\ndef f(np): return np.linalg.norm(3)",
    "an own function": "from numpy import convolve\ndef convolve(a): return a\nx = convolve(1)",
    "an own object": "class np:\n    linalg = None\nx = np.linalg",
    "a loop variable": "import numpy as np\nfor np in things: np.linalg.norm(3)",
    "a local variable": "from numpy import convolve\ndef f():\n    convolve = 3\n    f(convolve)",
    "an own method": "class A:\n    def convolve(self): pass\nx = A().convolve()",
    "a string": "x = 'np.linalg.norm'",
    "a comment": "import numpy as np  # np.linalg.norm",
    "another library": "import mine as np\nx = np.linalg.norm(v)",
    "a relative import": "from .numpy import convolve\nx = convolve(1)",
    "a class attribute": "import numpy as np\nclass A:\n    la = np\n    def f(self): la.linalg",
}


@pytest.mark.parametrize("code", FOUND.values(), ids=FOUND)
def test_a_forbidden_use_is_found(code):
    found = list(violations(submission(code), LINALG))
    assert found, ast.dump(ast.parse(code))
    assert all(matches("numpy.linalg", v.name) or v.name == "numpy.convolve" for v in found)
    assert found[-1].source == code.split("\n")[found[-1].line - 1].strip()


@pytest.mark.parametrize("code", NOT_FOUND.values(), ids=NOT_FOUND)
def test_nobody_is_accused_of_what_only_looks_alike(code):
    assert list(violations(submission(code), LINALG)) == []


IMPORTS = {
    "import torch": True,
    "import torch.nn as nn": True,
    "from torch import nn": True,
    "def f():\n    import torch": True,
    "__import__('torch')": True,
    "import importlib\nimportlib.import_module('torch.nn')": True,
    "import scipy.signal": True,
    "from scipy import signal": True,
    "import scipy\nx = scipy.signal.convolve": True,
    "import scipy.special": False,
    "import torchlike": False,
    "from .torch import nn": False,
}


@pytest.mark.parametrize(("code", "broken"), IMPORTS.items(), ids=IMPORTS)
def test_forbidden_imports_are_found(code, broken):
    assert bool(list(violations(submission(code), NO_TORCH))) is broken


def test_a_module_of_the_students_own_may_have_any_name():
    sent = submission("import torch\nfrom signal import x", files={"torch.py": b"y = 1\n"})
    assert list(violations(sent, NO_TORCH)) == []


def test_helper_modules_and_cells_are_judged_with_their_names():
    helper = b"import numpy as np\n\ndef f(v):\n    return np.linalg.norm(v)\n"
    sent = submission("from helper import f", files={"helper.py": helper, "data.txt": b"torch"})
    assert [(v.label, v.line) for v in violations(sent, LINALG)] == [("helper.py", 4)]
    cells = submission("import numpy as np", "la = np.linalg", "la.norm(3)", entry="a.ipynb")
    assert [v.label for v in violations(cells, LINALG)] == ["cell 3"]


def test_with_a_list_of_what_is_allowed_the_standard_library_is_too():
    policy = Policy(allowed=("numpy", "scipy.special"))
    for code in ("import math", "import numpy.linalg", "from scipy import special", "import scipy"):
        assert list(violations(submission(code), policy)) == [], code
    for code in ("import torch", "from scipy import signal", "import sklearn.svm"):
        assert list(violations(submission(code), policy)), code


def test_a_question_and_a_warning_have_their_own_reach():
    hard = Rule(uses=("numpy.convolve",), questions=("conv",), reason={"en": "E.", "fa": "ف."})
    soft = Rule(uses=("numpy.einsum",), warn=True)
    sent = submission("import numpy as np\nnp.convolve(1, 2)\nnp.einsum('i', 3)\n")
    judgement = judge(sent, Policy(rules=(hard, soft)), ["conv", "pool"])
    assert list(judgement.refused) == ["conv"]
    details = judgement.refused["conv"]
    assert "`work.py`, line 2" in details.message["en"]
    assert "numpy.convolve" in details.message["fa"]
    assert details.hint == {"en": "E.", "fa": "ف."}
    assert "np.convolve(1, 2)" in details.traceback
    assert ["numpy.einsum" in note["en"] for note in judgement.notes] == [True]


@pytest.mark.parametrize(
    "code",
    [
        "\n".join(f"a{n + 1} = a{n}.p if c else a{n}.q" for n in range(60)),
        "import numpy as a\n" + "a = a.b\n" * 500,
        "x" + ".y" * 300,
        "import numpy as a0\n" + "\n".join(f"a{n + 1} = a{n}.linalg" for n in range(3000)),
        "f = " + "lambda: " * 80 + "0",
    ],
    ids=["both ways", "itself", "long chain", "many aliases", "nested"],
)
def test_a_hostile_source_costs_no_more_than_its_length(code):
    for uses in library_uses([ast.parse(code)]):
        assert len(uses) < 20_000


@settings(max_examples=60, deadline=None)
@given(code=st.text(alphabet="ab.=()\n:,[]'", max_size=60))
def test_any_source_that_parses_is_judged(code):
    judge(submission(code), LINALG, ["q"])


@pytest.mark.parametrize(
    ("pattern", "name", "matched"),
    [
        ("torch", "torch", True),
        ("torch", "torch.nn", True),
        ("torch", "torchvision", False),
        ("numpy.linalg.*", "numpy.linalg.norm", True),
        ("numpy.linalg.*", "numpy.linalg", False),
    ],
)
def test_patterns(pattern, name, matched):
    assert matches(pattern, name) is matched


def test_own_modules_come_before_what_is_not_allowed():
    assert may_import("helper", allowed=["numpy"], forbidden=[], own=["helper"])
    assert not may_import("helper", allowed=["numpy"], forbidden=[], own=[])


# --- the whole way ------------------------------------------------------------------------------

RULES = """
[imports]
forbidden = ["scipy"]

[[rules]]
uses = ["numpy.convolve", "numpy.linalg.*"]
"""
SCOPED = """
[[rules]]
uses = ["numpy.mean"]
questions = ["q2"]
reason.en = "Sum and divide."
reason.fa = "جمع و تقسیم کنید."
"""


def with_rules(manifest, rules):
    head, questions = manifest.split("[[questions]]", 1)
    return head + rules + "[[questions]]" + questions


MANIFEST = (
    (Path(__file__).parent / "conftest.py").read_text().split('MANIFEST = """')[1].split('"""')[0]
)


def run_checks(folder, path, isolation):
    grades = []
    assignment = load_assignment(folder)
    with open_launcher(assignment, isolation) as launcher:

        def body(checks):
            grades.append(Grader(assignment, checks, launcher).grade(path, "student-01").grade)

        with_checks(assignment, body)
    return grades[0]


@pytest.fixture
def grade(make_assignment, tmp_path):
    def one(code, rules, isolation="auto"):
        path = tmp_path / "student-01.py"
        path.write_text(code)
        return run_checks(make_assignment(manifest=with_rules(MANIFEST, rules)), path, isolation)

    return one


def test_the_questions_concerned_earn_nothing_and_the_others_are_graded(grade, right):
    graded = grade(right, SCOPED)
    assert (graded.status, graded.score) == (Status.GRADED, 5.0)
    refused = [check for check in graded.checks if check.spec.question == "q2"]
    assert [check.outcome for check in refused] == [Outcome.FAILED]
    assert "line 8" in refused[0].details.message["en"]
    assert refused[0].details.hint["en"] == "Sum and divide."


def test_checks_that_do_not_run_leave_the_others_of_several_files_alone(make_assignment, tmp_path):
    """Module fixtures are set up and torn down around what is left out."""
    files = {
        "a": ("q2", "def test_mean(student, thing): student.mean([1.0])"),
        "b": ("q1", "def test_double(student, thing): check_value(student.double(1.0), 2.0)"),
        "c": ("q2", "def test_other(student, thing): student.mean([1.0])"),
        "d": ("q1", "def test_again(student, thing): check_value(student.double(1.0), 2.0)"),
    }
    folder = make_assignment(manifest=with_rules(MANIFEST, SCOPED))
    (folder / "checks" / "test_small.py").unlink()
    for name, (question, test) in files.items():
        (folder / "checks" / f"test_{name}.py").write_text(
            "import pytest\nfrom autograder.checks import check_value\n"
            "@pytest.fixture(scope='module')\ndef thing(): yield 1\n"
            f'@pytest.mark.points(1, question="{question}")\n{test}\n'
        )
    path = tmp_path / "student-01.py"
    path.write_text("import numpy as np\ndef double(x): return 2 * x\nmean = np.mean\n")
    graded = run_checks(folder, path, "auto")
    outcomes = [str(check.outcome) for check in graded.checks]
    assert outcomes == ["failed", "passed", "failed", "passed"]


def test_a_rule_for_all_questions_leaves_no_check_to_run(grade, right):
    graded = grade(right, '[[rules]]\nuses = ["numpy.mean"]\n')
    assert (graded.status, graded.score) == (Status.GRADED, 0.0)
    assert {check.outcome for check in graded.checks} == {Outcome.FAILED}


HIDDEN_USE = """
import numpy as np

def double(x):
    name = "".join(["con", "volve"])
    return float(getattr(np, name)([x], [2.0])[0])

def mean(values):
    np.polyfit([0.0, 1.0, 2.0], [0.0, 1.0, 2.0], 1)  # numpy itself may use numpy.linalg
    return np.mean(values)
"""


@pytest.mark.parametrize("isolation", ["full", "none"])
def test_what_the_syntax_tree_does_not_show_is_refused_when_it_runs(grade, isolation):
    if not probe(Isolation(isolation)).available:
        pytest.skip(f"no isolation {isolation} here")
    graded = grade(HIDDEN_USE, RULES, isolation)
    double, *_, mean = graded.checks
    assert double.outcome is Outcome.ERROR
    assert "ForbiddenUse: this assignment does not allow numpy.convolve" in double.details.traceback
    assert mean.outcome is Outcome.PASSED


def test_a_hidden_import_fails_when_it_runs_and_the_file_is_out_of_sight(grade):
    if not probe(Isolation.FULL).available:
        pytest.skip("no full isolation here")
    code = """
import os
import sys

def double(x):
    __builtins__["__import__"]("sci" + "py")
    return 2 * x

def mean(values):
    folders = [os.path.join(p, "scipy") for p in sys.path]
    sights = [os.listdir(f) for f in folders if os.path.isdir(f)]
    return sum(values) / len(values) if not any(sights) else 0.0
"""
    double, *_, mean = grade(code, RULES, "full").checks
    assert double.outcome is Outcome.ERROR
    assert "ImportError" in double.details.traceback
    assert mean.outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("rules", "mend"),
    [
        ('[[rules]]\nuses = ["numpy linalg"]\n', "numpy.linalg"),
        ('[[rules]]\nuses = ["a.b"]\nquestions = ["q9"]\n', "q1, q2"),
        ('[[rules]]\nuses = ["a.b"]\nreason.en = "No."\n', "reason.fa"),
        ('[imports]\nforbidden = ["numpy"]\n', "take it out"),
        ('[imports]\nallowed = ["torch"]\n', "take it out"),
        ("[[rules]]\nusing = []\n", "using"),
    ],
)
def test_rules_that_make_no_sense_are_refused(make_assignment, rules, mend):
    with pytest.raises(AssignmentError, match=mend):
        load_assignment(make_assignment(manifest=with_rules(MANIFEST, rules)))
