"""An assignment with everything that a release has to tell apart, and a way to run the program."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

FILES = {
    "right_answers/__init__.py": "",
    "right_answers/losses.py": """
        from dataclasses import dataclass

        import numpy as np


        @dataclass(frozen=True)
        class Loss:
            loss: float
            gradient: np.ndarray


        def squared(w, X, y):
            error = X @ w - y
            return Loss(float(np.mean(error**2)), 2 * X.T @ error / len(y))


        def noise(size, rng):
            return rng.normal(size=size)
        """,
    "course/assignment.toml": """
        id = "course"
        title.en = "Squares"
        title.fa = "مربع‌ها"
        seed = 5
        import_paths = [".."]  # SECRET-COMMENT of the manifest

        [submission]
        files = ["course.py", "course.ipynb"]
        names = ["squared_loss", "mean"]

        [[questions]]
        id = "loss"
        title.en = "Loss"
        title.fa = "هزینه"
        """,
    "course/solution/course.py": '''
        """Squares."""

        import numpy as np


        def squared_loss(w, X, y):
            """The mean squared error and its gradient."""
            ### BEGIN SOLUTION
            residual_of_the_fit = X @ w - y
            return np.mean(residual_of_the_fit**2), 2 * X.T @ residual_of_the_fit / len(y)
            ### END SOLUTION


        def mean(values):
            """The mean."""
            ### BEGIN SOLUTION
            return np.sum(values) / len(values)
            ### STARTER
            # total = None  # your code
            # return total
            ### END SOLUTION
        ''',
    "course/checks/test_loss.py": '''
        """Checks of the loss."""

        import numpy as np
        import pytest
        from hypothesis import given, settings
        from hypothesis import strategies as st

        from autograder.checks import check_value
        from right_answers import losses
        from right_answers.losses import squared

        SHOWN = np.array([1.0, 2.0])
        # the answer that nobody may see
        HIDDEN_EXPECTATION = [123.456, 789.012]


        @pytest.mark.points(2, question="loss")
        def test_loss(student, rng):
            """The loss of a batch.

            fa: هزینهٔ یک دسته.
            """
            w, X, y = rng.normal(size=3), rng.normal(size=(4, 3)), rng.normal(size=4)
            expected = squared(w, X, y)
            got = student.squared_loss(w, X, y)
            check_value(got, (expected.loss, expected.gradient))


        @pytest.mark.points(2, question="loss")
        @settings(max_examples=5)
        @given(numbers=st.lists(st.integers(-9, 9), min_size=2, max_size=2))
        def test_any_loss(student, numbers):
            """The loss of any batch.

            fa: هزینهٔ هر دسته.
            """
            w = np.array(numbers, dtype=float)
            expected = losses.squared(w, np.eye(2), SHOWN).loss
            check_value(student.squared_loss(w, np.eye(2), SHOWN)[0], expected)


        @pytest.mark.points(1, question="loss")
        def test_mean(student, rng, check_seed):
            """The mean of noise.

            fa: میانگین نوفه.
            """
            values = losses.noise(4, rng)
            check_value(student.mean(values), sum(values) / 4)
            # the generator goes on where the reference left it
            again = np.random.default_rng(check_seed)
            again.normal(size=4)
            assert rng.integers(10**9) == again.integers(10**9)


        def secret_helper(student):
            return student.mean(HIDDEN_EXPECTATION)


        # about the hidden check below
        @pytest.mark.points(3, question="loss", visibility="hidden")
        def test_mean_of_large_numbers(student):
            """The mean of some secret numbers.

            fa: میانگین چند عدد پنهان.
            """
            check_value(secret_helper(student), 456.234)
        ''',
    "course/checks/test_private.py": '''
        import pytest

        from autograder.checks import check_value


        @pytest.mark.points(2, question="loss", visibility="after_due_date")
        def test_private_matter(student):
            """A private matter.

            fa: موضوعی خصوصی.
            """
            check_value(student.mean([1.0, 3.0]), 2.0)
        ''',
    "course/handout.en.md": """
        # Squares

        Write `squared_loss` and `mean`. ![a figure](figures/plot.svg) They are the two functions
        that everything else in this course is built on.
        """,
    "course/handout.fa.md": """
        # مربع‌ها

        تابع‌های `squared_loss` و `mean` را بنویسید. همهٔ مطالب بعدی درس بر این دو تابع بنا می‌شود و
        باید آن‌ها را خوب بشناسید.
        """,
    "course/figures/plot.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "course/figures/unused.svg": "<svg/>",
    "course/examples.toml": """
        [student-01]
        about = "right"
        score = 10

        [student-02]
        about = "a sum instead of a mean"
        score = 4
        failed = ["test_mean", "test_mean_of_large_numbers", "test_private_matter"]
        """,
    "course/examples/student-01.py": """
        def squared_loss(w, X, y):
            n = len(y)
            e = [sum(a * b for a, b in zip(row, w)) - t for row, t in zip(X, y)]
            gradient = [2 / n * sum(e[i] * X[i][j] for i in range(n)) for j in range(len(w))]
            return sum(each * each for each in e) / n, gradient


        def mean(values):
            return sum(values) / len(values)
        """,
    "course/examples/student-02.py": """
        import numpy as np


        def squared_loss(w, X, y):
            e = X @ w - y
            return np.mean(e * e), 2 * X.T @ e / len(y)


        def mean(values):
            return np.sum(values)
        """,
}


def write(folder: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(content).lstrip("\n"), encoding="utf-8")


def make_course(folder: Path, changes: dict[str, str] | None = None) -> Path:
    write(folder, FILES | (changes or {}))
    return folder / "course"


def program(*arguments, cwd=None, check=None):
    """Run `autograder` in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200", "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "autograder", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=cwd)
    if check is not None:
        assert done.returncode == check, done.stdout + done.stderr
    return done


@pytest.fixture
def run():
    """Run the program: `run("release", folder, check=0)`."""
    return program


@pytest.fixture
def course(tmp_path):
    """The assignment's folder; `right_answers` lies beside it."""
    return make_course(tmp_path)


@pytest.fixture
def make(tmp_path):
    """Makes the assignment with some files changed."""
    return lambda changes: make_course(tmp_path, changes)


@pytest.fixture(scope="session")
def released(tmp_path_factory):
    """(the assignment, its released folder, its archive, what `release --json` said)."""
    folder = tmp_path_factory.mktemp("released")
    assignment = make_course(folder)
    done = program("release", assignment, "--output", folder / "out", "--json", check=0)
    out = folder / "out"
    return assignment, out / "course", out / "course.zip", json.loads(done.stdout)
