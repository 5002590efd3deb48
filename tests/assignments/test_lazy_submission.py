"""Submissions that return constants earn nothing for gradients."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "assignments" / "linear_classifiers"

LAZY = {
    "a constant": "return 1.0, np.zeros(W.shape)",
    "the regularization alone": "return reg * np.sum(W * W), 2 * reg * W",
    "the loss at the start": "return float(W.shape[1] - 1), np.zeros(W.shape)",
    # the worked numbers of the handout, known by heart
    "the numbers of the handout": (
        "known = {0: 2.9, 1: 0.0, 2: 12.9}\n"
        "    value = known.get(int(y[0]), 1.0) if len(y) == 1 else 15.8 / 3\n"
        "    return value, np.zeros(W.shape)"
    ),
}
NAMES = ("svm_loss_naive", "svm_loss_vectorized", "softmax_loss_naive", "softmax_loss_vectorized")


def checked(path):
    command = [sys.executable, "-m", "autograder", "check", FOLDER, path, "--json"]
    done = subprocess.run(
        [*map(str, command), "--isolation", "none"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "lazy",
    [
        pytest.param(name, marks=() if name == "the numbers of the handout" else pytest.mark.slow)
        for name in LAZY
    ],
)
def test_a_constant_earns_nothing_for_gradients(tmp_path, lazy):
    body = "\n\n".join(f"def {name}(W, X, y, reg):\n    {LAZY[lazy]}" for name in NAMES)
    path = tmp_path / "linear_classifiers.py"
    path.write_text(f"import numpy as np\n\n\n{body}\n", encoding="utf-8")
    document = checked(path)
    checks = [each for each in document["checks"] if "gradient" in each["id"]]
    assert len(checks) >= 5
    assert {each["id"]: each["points"] for each in checks} == dict.fromkeys(
        (each["id"] for each in checks), 0
    )
