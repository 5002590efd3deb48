"""Who does what: steps of runs, handed out to worker processes."""

import pytest

from autograder.assignment import load_assignment
from autograder.authoring.expectations import Expected, load_expectations, samples
from autograder.authoring.run_workers import _Crew, run_all
from autograder.authoring.runs import KillRun, Run
from autograder.authoring.sample_runs import longest_first


def steps_of(*runs):
    return [step for run in runs for step in run.steps()]


def crew_for(*runs):
    return _Crew(steps_of(*runs), "none", None, lambda run: None)


def test_a_worker_goes_on_with_the_checks_that_it_holds(tmp_path):
    here = Run("examples", tmp_path, [(tmp_path, "a"), (tmp_path, "b")])
    seed = Run("seeds", tmp_path, [(tmp_path, "c")], seed=7)
    more = Run("forms", tmp_path, [(tmp_path, "d")])
    without = Run("released", tmp_path, [(tmp_path, "e")], without=["reference"])
    crew = crew_for(here, seed, more, without)
    order, checks = [], None
    while (step := crew._next(checks)) is not None:
        order.append(step.task["name"])
        checks = step.checks
    assert order == ["a", "b", "d", "c", "e"]


def test_a_run_with_a_problem_is_not_tried_again(tmp_path):
    first, second = (Run(name, tmp_path, [(tmp_path, name)] * 3) for name in ("a", "b"))
    crew = crew_for(first, second)
    assert crew._next(None).run is first
    first.problem = "the checks cannot be collected"
    assert [crew._next(None).run for _ in range(3)] == [second] * 3
    assert crew._next(None) is None


def test_slow_samples_come_first(tmp_path):
    found = {name: tmp_path / name for name in ("a", "b", "c")}
    expected = {"a": Expected(), "c": Expected(slow=True)}
    assert [name for _, name in longest_first(found, expected)] == ["c", "a", "b"]


@pytest.mark.parametrize("jobs", [2, *(pytest.param(n, marks=pytest.mark.slow) for n in (1, 3))])
def test_every_submission_is_graded_whatever_the_number_of_workers(course, jobs):
    assignment = load_assignment(course)
    items = longest_first(samples(assignment), load_expectations(assignment))
    kept, seed = Run("examples", course, items), Run("seeds", course, items[:1], seed=9)
    missing = Run("broken", course / "nowhere", [*items])
    heard = []
    run_all([missing, kept, seed], jobs=jobs, isolation="none", on_trial=heard.append)
    scores = {trial.id: trial.score for trial in kept.trials}
    assert scores == {"student-01": 10, "student-02": 4} and kept.done == 2
    assert [trial.id for trial in seed.trials] == ["student-01"]
    assert missing.trials == [] and "nowhere" in missing.problem
    assert len(heard) >= 4


TRAINING = """
import pytest


@pytest.mark.points(1, question="loss")
def test_trained(student, training_seed):
    \"\"\"It is trained.

    fa: آموزش می‌بیند.
    \"\"\"


@pytest.mark.points(1, question="loss", requires=["test_trained"])
def test_after(student):
    \"\"\"It works.

    fa: کار می‌کند.
    \"\"\"
"""


def test_another_seed_trains_nothing_again(make):
    course = make({"course/checks/test_training.py": TRAINING})
    items = longest_first(samples(load_assignment(course)), {})[:1]
    first, more = Run("seeds", course, items), Run("seeds", course, items, seed=9)
    run_all([first, more], jobs=1, isolation="none", on_trial=lambda run: None)
    (whole,), (rest,) = first.trials, more.trials
    trained = "test_training.py::test_trained"
    assert whole.checks.keys() - rest.checks.keys() == {trained}
    assert rest.checks["test_training.py::test_after"].outcome == "passed"
    assert (whole.max_score, rest.max_score) == (12, 11)
    assert rest.score == rest.max_score


@pytest.mark.slow
def test_a_worker_that_dies_costs_its_run_alone(make):
    dying = """
        import os

        import pytest


        @pytest.mark.points(2, question="loss")
        def test_dying(student):
            \"\"\"It dies.

            fa: می‌میرد.
            \"\"\"
            if student.mean([2.0]) == 4.0:
                os._exit(3)
        """
    course = make({"course/checks/test_dying.py": dying})
    wrong = course / "doubled.py"
    wrong.write_text("def squared_loss(w, X, y):\n    pass\ndef mean(v):\n    return 4.0\n")
    bad = Run("bad", course, [(wrong, "wrong")])
    good = Run("good", course, [(course / "examples" / "student-01.py", "right")])
    run_all([bad, good], jobs=1, isolation="none", on_trial=lambda run: None)
    assert "a worker process ended during the run (exit status 3)" in bad.problem
    assert [trial.id for trial in good.trials] == ["right"] and good.problem is None


def test_a_kill_matrix_is_one_step_whose_length_shows_as_it_goes(tmp_path):
    run = KillRun("kill", tmp_path, [(tmp_path, "solution")])
    assert (len(run.steps()), run.total) == (1, 1)
    run.hear({"progress": [3, 40]})
    assert (run.done, run.total) == (3, 40)
