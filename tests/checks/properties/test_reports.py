"""What a student reads where a property fails: the sentence, the calls, the smallest example."""

import json
import re
import subprocess
import sys

import numpy as np
import pytest

from autograder.checks.properties import PROPERTIES

SCRIPT = """
import json, sys
from pathlib import Path
from autograder.assignment import load_assignment
from autograder.grading import Grader, open_launcher
from autograder.report.document import result_document
from autograder.session import with_checks

assignment = load_assignment(Path(sys.argv[1]))
found = []
with open_launcher(assignment, "auto", own_code=True) as launcher:
    def body(checks):
        for _ in range(2):
            grader = Grader(assignment, checks, launcher)
            grade = grader.grade(Path(sys.argv[2]), "student-01").grade
            found.append([result_document(grade, language) for language in ("en", "fa")])
    with_checks(assignment, body)
print("DOCUMENTS" + json.dumps(found))
"""

WRONG = """
import numpy as np


def softmax(scores):
    p = np.exp(scores - scores.max())
    return p / p.sum(axis=0)


def sigmoids(scores):
    return 1 / (1 + np.exp(-scores))


def loss(scores, y):
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    rows = np.arange(len(y))
    value = -np.log10(p[rows, y] + 1e-12).sum()
    p[rows, y] -= 2
    return value, p


def hinge(scores, y):
    margins = np.maximum(scores - scores[np.arange(len(y)), y][:, None] + 1, 0)
    return margins.sum(), (margins > 0).astype(float)


def distances(A, B):
    return ((A[:, None] - B[None]) ** 2).sum(axis=2)


def signed(A, B):
    return (A[:, None] - B[None]).sum(axis=2)


def relu(x):
    return np.abs(x)


def relu_backward(dout, x):
    return dout * x


def l2(W, strength):
    return strength * np.sqrt((W ** 2).sum()), strength * W


def affine(x, w, b):
    return x @ w + b[0] + x[0].sum()


def affine_backward(dout, x, w, b):
    return dout @ w.T, x.T @ dout / len(x), dout.mean(axis=0)


def conv(x, w, b, stride, pad):
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="edge")
    rows = (x.shape[2] - w.shape[2]) // stride + 1
    columns = (x.shape[3] - w.shape[3]) // stride + 1
    out = np.zeros((len(x), len(w), rows, columns))
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            patch = x[:, :, top : top + w.shape[2], left : left + w.shape[3]]
            out[:, :, i, j] = np.einsum("nchw,fchw->nf", patch, w[..., ::-1, ::-1])
    return out


def max_pool(x, window, stride):
    rows = (x.shape[2] - window[0]) // stride + 1
    columns = (x.shape[3] - window[1]) // stride + 1
    out = np.zeros((*x.shape[:2], rows, columns))
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            patch = x[:, :, top : top + window[0], left : left + window[1]]
            out[:, :, i, j] = patch.max(axis=(2, 3), initial=0)
    return out


def sgd(x, dx, state, learning_rate):
    return x + learning_rate * dx * np.abs(dx), {}


def batch_norm(x, gamma, beta):
    return gamma * (x - x.mean(axis=1, keepdims=True)) / (x.std(axis=0, ddof=1) + 1e-5) + beta
"""

# property: the function, and how many numbers at most its smallest example may hold
CASES = {
    "softmax_rows_sum_to_1": ("softmax", 4),
    "softmax_takes_each_row_alone": ("softmax", 14),
    "softmax_ignores_a_shift_of_a_row": ("sigmoids", 8),
    "softmax_of_equal_scores_is_uniform": ("softmax", 4),
    "cross_entropy_of_equal_scores_is_log_c": ("loss", 4),
    "cross_entropy_gradient_rows_sum_to_0": ("loss", 4),
    "cross_entropy_is_a_mean_over_examples": ("loss", 30),
    "hinge_of_equal_scores_is_c_minus_1": ("hinge", 4),
    "hinge_gradient_rows_sum_to_0": ("hinge", 4),
    "hinge_gradient_counts_violated_margins": ("hinge", 4),
    "distances_scale_with_the_points": ("distances", 8),
    "no_way_round_is_shorter": ("distances", 12),
    "distances_are_symmetric": ("signed", 8),
    "relu_splits_its_input": ("relu", 4),
    "relu_gates_the_gradient": ("relu_backward", 4),
    "l2_grows_with_the_square": ("l2", 10),
    "penalty_adds_over_the_weights": ("l2", 13),
    "affine_takes_each_example_alone": ("affine", 16),
    "affine_of_no_input_is_the_bias": ("affine", 12),
    "affine_bias_gradient_sums_the_batch": ("affine_backward", 16),
    "conv_with_a_single_1_picks_a_pixel": ("conv", 24),
    "conv_padding_is_a_frame_of_zeros": ("conv", 40),
    "max_pooling_picks_the_largest": ("max_pool", 8),
    "max_pooling_moves_with_the_brightness": ("max_pool", 15),
    "the_first_step_goes_downhill": ("sgd", 4),
    "sgd_steps_add_up": ("sgd", 8),
    "batch_norm_takes_each_feature_alone": ("batch_norm", 40),
}

CHECK = '''
@pytest.mark.points(1, question="q1")
@given(case=properties.{name}.cases())
def test_{name}(student, case):
    """One property."""
    properties.{name}(student.{function}, *case)
'''


@pytest.fixture(scope="module")
def gradings(tmp_path_factory):
    """Two gradings of the wrong submission, each in English and Persian."""
    root = tmp_path_factory.mktemp("laws")
    (root / "checks").mkdir()
    functions = sorted({function for function, _ in CASES.values()})
    (root / "assignment.toml").write_text(
        'id = "laws"\nversion = "1"\ntitle.en = "Laws"\ntitle.fa = "قانون‌ها"\nseed = 3\n'
        f'[submission]\nfiles = ["laws.py"]\nnames = {json.dumps(functions)}\n'
        '[[questions]]\nid = "q1"\ntitle.en = "First"\ntitle.fa = "یک"\n',
        encoding="utf-8",
    )
    checks = (
        "import pytest\nfrom hypothesis import given\nfrom autograder.checks import properties\n"
    )
    for name, (function, _) in CASES.items():
        checks += CHECK.format(name=name, function=function)
    (root / "checks" / "test_laws.py").write_text(checks, encoding="utf-8")
    submission = root / "student-01.py"
    submission.write_text(WRONG, encoding="utf-8")
    command = [sys.executable, "-c", SCRIPT, str(root), str(submission)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert "DOCUMENTS" in done.stdout, done.stderr
    return json.loads(done.stdout.partition("DOCUMENTS")[2])


def check_of(document, name):
    (found,) = [check for check in document["checks"] if check["id"].endswith(f"::test_{name}")]
    return found


def numbers_in(example):
    return re.findall(r"-?\d+\.?\d*(?:e[+-]?\d+)?", example)


@pytest.mark.parametrize("name", CASES)
def test_a_failed_property_shows_its_sentence_and_a_small_example(gradings, name):
    english, persian = (check_of(document, name) for document in gradings[0])
    assert english["outcome"] == "failed", english
    law = PROPERTIES[name]
    assert f"This must hold: {law.title['en']}" in english["message"]
    assert f"این باید برقرار باشد: {law.title['fa']}" in persian["message"]
    found = numbers_in(english["example"])
    assert 0 < len(found) <= CASES[name][1], english["example"]
    values = np.array([float(number) for number in found])
    assert np.abs(values).max() <= 200 or name == "softmax_lies_between_0_and_1"
    assert all(len(number.lstrip("-")) <= 6 for number in found), english["example"]


@pytest.mark.parametrize(
    "name", ["softmax_ignores_a_shift_of_a_row", "distances_scale_with_the_points"]
)
def test_a_property_that_relates_two_calls_shows_both(gradings, name):
    check = check_of(gradings[0][0], name)
    function = CASES[name][0]
    assert check["example"].count(f"{function}(") == 2
    assert "follows from your own answer" in check["message"]


def test_the_smallest_examples_are_the_same_each_time(gradings):
    first, second = (
        [(check["message"], check["example"]) for check in grading[0]["checks"]]
        for grading in gradings
    )
    assert first == second
