"""The layers of docs/architecture.md, read from the imports themselves."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

WORKER_MAY_IMPORT = {
    "autograder.sandbox",
    "autograder.sandbox.codec",
    "autograder.sandbox.guard",
    "autograder.sandbox.protocol",
    "autograder.sandbox.limits",
    "autograder.sandbox.package",
}


def imports_of(path: Path) -> set[str]:
    """Every module that a file imports, at its top or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def importing(paths: list[Path], *forbidden: str) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in paths
        for name in sorted(imports_of(path))
        if any(name == prefix or name.startswith(prefix + ".") for prefix in forbidden)
    ]


def test_there_are_modules_to_look_at():
    assert len(modules("autograder")) > 30
    assert "autograder.sandbox.codec" in imports_of(ROOT / "autograder/sandbox/worker.py")


def test_reference_never_imports_autograder():
    assert importing(modules("reference"), "autograder") == []


def test_autograder_never_imports_reference_or_assignments():
    assert importing(modules("autograder"), "reference", "assignments") == []


@pytest.mark.parametrize("package", ["autograder/gradebook", "autograder/report"])
def test_gradebook_and_report_know_records_only(package):
    forbidden = ("autograder.sandbox", "autograder.checks", "autograder.plugin")
    assert importing(modules(package), *forbidden) == []


def test_report_and_gradebook_do_not_know_each_other():
    assert importing(modules("autograder/report"), "autograder.gradebook") == []
    assert importing(modules("autograder/gradebook"), "autograder.report") == []


def test_scoring_does_no_io():
    path = [ROOT / "autograder/scoring.py"]
    assert importing(path, "os", "pathlib", "io", "subprocess", "socket", "time") == []


def test_the_worker_imports_the_standard_library_numpy_and_its_own_parts():
    standard = __import__("sys").stdlib_module_names
    names = imports_of(ROOT / "autograder/sandbox/worker.py")
    other = {
        name
        for name in names
        if name.partition(".")[0] not in {*standard, "numpy", "__future__"}
        and name not in WORKER_MAY_IMPORT
        and name.rpartition(".")[0] not in WORKER_MAY_IMPORT
    }
    assert other == set()


def test_code_is_executed_in_one_place():
    calls = []
    for path in [*modules("autograder"), *modules("reference")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                if node.func.id in {"exec", "eval", "compile", "__import__"}:
                    calls.append(str(path.relative_to(ROOT)))
    assert set(calls) == {"autograder/sandbox/worker.py"}


def test_nothing_is_pickled():
    everything = [*modules("autograder"), *modules("reference")]
    assert importing(everything, "pickle", "cPickle", "dill", "shelve", "marshal", "joblib") == []
