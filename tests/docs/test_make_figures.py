"""The script that makes the figures of the reference pages."""

import importlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FIGURES = ROOT / "docs" / "reference" / "figures"
LARGEST_FIGURE_BYTES = 60_000


@pytest.fixture
def make_figures(monkeypatch):
    """The script as a module."""
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    yield importlib.import_module("make_figures")
    for name in ("make_figures", "network_figures"):
        sys.modules.pop(name, None)


def test_the_committed_figures_are_those_that_the_script_makes(make_figures):
    assert {path.stem for path in FIGURES.glob("*.png")} == set(make_figures.FIGURES)


def test_a_figure_is_the_same_bytes_each_time(make_figures, tmp_path):
    for folder in ("first", "second"):
        make_figures.main(["--folder", str(tmp_path / folder), "normalization", "data"])
    for name in ("normalization.png", "data.png"):
        first, second = (tmp_path / folder / name for folder in ("first", "second"))
        assert first.read_bytes() == second.read_bytes()
        assert first.read_bytes().startswith(b"\x89PNG")


def test_an_unknown_figure_is_refused(make_figures, tmp_path, capsys):
    with pytest.raises(SystemExit):
        make_figures.main(["--folder", str(tmp_path), "dta"])
    assert "unknown figures: dta" in capsys.readouterr().err


@pytest.mark.slow
def test_the_whole_script_runs_without_a_warning(make_figures, tmp_path):
    names = set(make_figures.FIGURES)
    if importlib.util.find_spec("reference.misconceptions") is None:
        names.remove("misconceptions")
    script = [sys.executable, "-W", "error", str(ROOT / "docs" / "make_figures.py")]
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    subprocess.run(
        [*script, "--folder", str(tmp_path), *sorted(names)],
        check=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    sizes = {each.stem: each.stat().st_size for each in tmp_path.glob("*.png")}
    assert set(sizes) == names
    assert {name: size for name, size in sizes.items() if size > LARGEST_FIGURE_BYTES} == {}
