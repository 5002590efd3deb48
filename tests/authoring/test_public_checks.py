import textwrap

import pytest

from autograder.authoring.public_checks import (
    hidden_prerequisites,
    prune,
    refuse_hidden_prerequisites,
    replace_reference,
)
from autograder.errors import AssignmentError
from autograder.records import CheckSpec, Visibility

FILE = textwrap.dedent(
    '''
    """Checks."""

    import numpy as np
    import pytest
    from somewhere import shown, unseen

    TABLE = np.ones(3)

    # a secret about the numbers below

    # these are the secret numbers
    SECRET = [1, 2, 3]


    @pytest.fixture
    def data():
        return shown(TABLE)


    @pytest.fixture(autouse=True)
    def always():
        yield


    def helper(student):
        return student.f(SECRET)


    # beside the visible check
    def test_visible(student, data):
        assert student.f(data)


    # beside the hidden check
    @pytest.mark.parametrize("x", [1, 2])
    def test_hidden(student, x):
        assert helper(student) == unseen(x)


    class TestBoth:
        def test_method(self, student):
            assert student.f(1)

        # of a hidden method
        def test_hidden_method(self, student):
            assert student.f(SECRET)
    '''
)


@pytest.fixture
def pruned():
    return prune(
        FILE, keep={"test_visible", "test_method"}, drop={"test_hidden", "test_hidden_method"}
    )


def test_visible_checks_keep_what_they_use(pruned):
    namespace = {}
    assert "def test_visible(student, data):" in pruned and "# beside the visible check" in pruned
    for kept in ("TABLE = np.ones(3)", "def data():", "def always():", "def test_method("):
        assert kept in pruned
    compile(pruned, "pruned", "exec")
    assert namespace == {}


def test_nothing_of_hidden_checks_is_left(pruned):
    for word in ("SECRET", "secret", "hidden", "helper", "unseen"):
        assert word not in pruned


def test_reference_imports_become_frozen_values():
    code = textwrap.dedent(
        '''
        """Doc."""
        from __future__ import annotations

        import reference.losses as L
        import numpy as np
        from reference.neighbors import Metric, distances as d


        def test_x(student):
            from reference import arrays
            return arrays.f(L.svm(d(1)))
        '''
    )
    new, asked, imported = replace_reference(code, {"reference"}, "test_x.py")
    assert "import reference" not in new and "from reference" not in new
    assert set(asked) == {
        "reference.losses",
        "reference.neighbors.Metric",
        "reference.neighbors.distances",
        "reference.arrays",
    }
    assert 'd = frozen(__file__, "reference.neighbors.distances")' in new
    assert '    arrays = frozen(__file__, "reference.arrays")' in new
    assert "numpy" in imported
    compile(new, "new", "exec")
    assert new.index("__future__") < new.index("autograder.checks.frozen") < new.index("L = ")


def test_import_star_of_the_reference_is_refused():
    with pytest.raises(AssignmentError, match=r"test_x\.py:1: import \*"):
        replace_reference("from reference.losses import *", {"reference"}, "test_x.py")


def spec(name, visibility, requires=()):
    title = {"en": name, "fa": name}
    return CheckSpec(f"test_a.py::{name}", title, "q", Visibility(visibility), 1.0, requires)


def test_a_visible_check_that_requires_a_hidden_one_is_refused():
    specs = [
        spec("test_h", "hidden"),
        spec("test_v", "visible", ("test_a.py::test_h",)),
        spec("test_late", "after_due_date", ("test_a.py::test_h",)),
    ]
    assert hidden_prerequisites(specs) == [("test_a.py::test_v", "test_a.py::test_h")]
    with pytest.raises(AssignmentError, match=r"test_v is visible and requires .*test_h"):
        refuse_hidden_prerequisites(specs)
