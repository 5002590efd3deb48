"""The action runs once, right after the import, and never without one."""

import sys

import pytest

from autograder.on_import import when_imported


@pytest.fixture
def module(tmp_path, monkeypatch):
    """The name of a module that can be imported and has not been."""
    name = "watched_by_a_test"
    (tmp_path / f"{name}.py").write_text("value = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    yield name
    sys.modules.pop(name, None)


def test_the_action_runs_once_and_after_the_module(module):
    seen = []
    when_imported(module, lambda: seen.append(sys.modules[module].value))
    assert seen == []
    __import__(module)
    assert seen == [1]
    __import__(module)
    assert seen == [1]


def test_a_module_that_is_there_already_counts(module):
    __import__(module)
    seen = []
    when_imported(module, lambda: seen.append(True))
    assert seen == [True]


def test_what_does_not_exist_stays_an_import_error(monkeypatch):
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    when_imported("there_is_no_such_module", lambda: pytest.fail("not imported"))
    with pytest.raises(ModuleNotFoundError):
        __import__("there_is_no_such_module")
