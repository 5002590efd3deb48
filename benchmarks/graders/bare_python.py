"""One bare Python process a submission, no wall: gradescope-utils, and plain pytest."""

from __future__ import annotations

import shutil
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from pathlib import Path

from graders.grader import CHECKS, PLAIN_CHECKS, Command, Grader, points_in, run_each

_GRADESCOPE_TESTS = (
    "import unittest\n\n"
    "import losses\n"
    "import plain_checks\n"
    "from gradescope_utils.autograder_utils.decorators import number, visibility, weight\n\n\n"
    "class TestLosses(unittest.TestCase):\n"
)

_GRADESCOPE_TEST = '''
    @weight(1)
    @number("{number}")
    @visibility("visible")
    def test_{check}(self):
        """{check}"""
        plain_checks.{check}(losses.{function})
'''

_RUN_TESTS = """\
import unittest

from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner

if __name__ == "__main__":
    suite = unittest.defaultTestLoader.discover("tests")
    with open("results.json", "w") as stream:
        JSONTestRunner(visibility="visible", stream=stream).run(suite)
"""


class _OneProcessEach(Grader):
    """Each submission in a folder of its own, with the tests beside it."""

    def prepare(self, submissions: Mapping[str, str], jobs: int) -> None:
        """Lay a folder out for each submission."""
        shutil.rmtree(self.work, ignore_errors=True)
        for name, code in submissions.items():
            tests = self.work / name / "tests"
            tests.mkdir(parents=True)
            (self.work / name / "losses.py").write_text(code, encoding="utf-8")
            shutil.copy(PLAIN_CHECKS, self.work / name)
            self.write_tests(self.work / name)

    def write_tests(self, folder: Path) -> None:
        """Write what runs the checks in one submission's folder."""
        raise NotImplementedError

    @property
    def folders(self) -> list[Path]:
        """One folder a submission."""
        return sorted(path for path in self.work.iterdir() if path.is_dir())


class GradescopeUtils(_OneProcessEach):
    """`python run_tests.py`, as in the autograder that its documentation has one build."""

    name = "gradescope-utils"
    packages = ("gradescope-utils==0.5.*", "numpy")

    def write_tests(self, folder: Path) -> None:
        """Write `run_tests.py` and a test case with the eight checks."""
        methods = "".join(
            _GRADESCOPE_TEST.format(number=number, check=check, function=function)
            for number, (check, function) in enumerate(CHECKS.items(), 1)
        )
        (folder / "tests" / "test_losses.py").write_text(_GRADESCOPE_TESTS + methods)
        (folder / "run_tests.py").write_text(_RUN_TESTS)

    def grade(self, jobs: int) -> None:
        """Start Python once a submission."""
        run_each([Command(self.python, ("run_tests.py",), f) for f in self.folders], jobs)

    def scores(self) -> dict[str, float]:
        """Read from each `results.json`."""
        return {folder.name: points_in(folder / "results.json") for folder in self.folders}


class PlainPytest(_OneProcessEach):
    """`pytest tests --junitxml`, once a submission."""

    name = "plain pytest"
    packages = ("pytest", "numpy")

    def write_tests(self, folder: Path) -> None:
        """Write a module of eight tests."""
        tests = "".join(
            f"\n\ndef test_{check}():\n    plain_checks.{check}(losses.{function})\n"
            for check, function in CHECKS.items()
        )
        (folder / "tests" / "test_losses.py").write_text(
            f"import losses\nimport plain_checks\n{tests}"
        )
        # found through rootdir: puts the submission's folder on the path
        (folder / "conftest.py").touch()

    def grade(self, jobs: int) -> None:
        """Start pytest once a submission; its exit status tells whether a test failed."""
        arguments = ("-m", "pytest", "-q", "--junitxml=results.xml", "tests")
        run_each([Command(self.python, arguments, f, (0, 1)) for f in self.folders], jobs)

    def scores(self) -> dict[str, float]:
        """Read from each `results.xml`: tests without a failure or an error."""
        return {folder.name: _passed(folder / "results.xml") for folder in self.folders}


def _passed(report: Path) -> float:
    if not report.exists():  # the process ended before it was written
        return 0.0
    cases = ElementTree.parse(report).getroot().iter("testcase")
    return float(sum(len(case) == 0 for case in cases))
