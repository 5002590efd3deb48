"""The table of the attacks: which there are, where they are run, what must come of them.

`conftest.py` makes it importable for the tests beside it.
"""

from __future__ import annotations

import tomllib
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SUBMISSIONS = HERE / "submissions"
LEVELS = ("full", "reduced", "none")
TABLE = {
    f"{group}/{name}": row
    for group, rows in tomllib.loads((HERE / "outcomes.toml").read_text()).items()
    for name, row in rows.items()
}
GROUPS = ("gain", "see", "break", "files", "reports")


def path_of(attack):
    """The file of an attack, or its folder."""
    folder = SUBMISSIONS / attack
    return folder if folder.is_dir() else folder.with_suffix(".py")


def marked(attack, *values):
    """A parameter of the quick run, if the table says so."""
    slow = () if TABLE[attack].get("quick") else pytest.mark.slow
    return pytest.param(attack, *values, marks=slow, id="-".join([attack, *values]))


def attacks(*groups):
    """The attacks of these groups."""
    return [marked(attack) for attack in TABLE if attack.startswith(groups)]


def at_levels(*groups):
    """The attacks of these groups with each level that they are run at."""
    return [
        marked(attack, level)
        for attack in TABLE
        if attack.startswith(groups)
        for level in LEVELS
        if TABLE[attack][level] != "not run"
    ]


def outcome(result):
    """`2 failed passed`: the score and the outcomes of the checks."""
    if result["status"] != "graded":
        return result["status"]
    kinds = sorted({check["outcome"] for check in result["checks"]})
    return " ".join([f"{result['score']:g}", *kinds])


def allowed(attack, level):
    """The outcomes that the table allows."""
    return TABLE[attack][level].split(" | ")


def load(attack):
    """An attack's module, in this process: only of those that write a file or hold words."""
    spec = spec_from_file_location(Path(attack).name, path_of(attack))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
