"""The submission's own package, imported in the subject on the first use of a name in it.

A statement of a module that raises is passed over, as where a submission is one file: a failed
import harms only what needs it. What failed is remembered, to be named as the cause later.
"""

from __future__ import annotations

import ast
import functools
import importlib
import importlib.machinery
import importlib.util
import os
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from autograder.sandbox import indexing, python2, shims

Failure = tuple[ast.stmt, BaseException]
Run = Callable[[str, str, ast.Module, types.ModuleType], list[Failure]]
"""Runs a module (path, source, its syntax tree, module); the statements that raised."""


class MissingName(Exception):
    """The submission does not define this name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Package:
    """A meta path finder and loader of the package `name` under `folder`."""

    def __init__(self, folder: str, name: str, allowed: Sequence[str], run: Run) -> None:
        self.folder = folder
        self.name = name
        self.allowed = allowed
        self.run = run
        self.failures: dict[str, list[Failure]] = {}

    def install(self) -> None:
        """Make the package and the stand-ins that the manifest allows importable."""
        shims.install(self.allowed, self.name)
        sys.meta_path.insert(0, self)
        if "python2" in self.allowed:
            sys.meta_path.append(_Beside(self))

    # --- finder and loader ------------------------------------------------------------------

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The spec of a module that the submission has a file or a folder for."""
        if fullname.partition(".")[0] != self.name:
            return None
        return self.spec_in(self.folder, fullname)

    def spec_in(self, folder: str, fullname: str) -> importlib.machinery.ModuleSpec | None:
        """The spec of a module that lies in `folder`; None where it does not."""
        place = os.path.join(folder, *fullname.split("."))
        if os.path.isdir(place):
            spec = importlib.machinery.ModuleSpec(
                fullname,
                self,  # type: ignore[arg-type]
                origin=os.path.join(place, "__init__.py"),
                is_package=True,
            )
            spec.submodule_search_locations = [place]
        elif os.path.isfile(place + ".py"):
            spec = importlib.machinery.ModuleSpec(
                fullname,
                self,  # type: ignore[arg-type]
                origin=place + ".py",
            )
        else:
            return None
        spec.has_location = True
        return spec

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        """Python's own way."""

    def exec_module(self, module: types.ModuleType) -> None:
        """Run a module's file. Raises SyntaxError, but not for an `__init__.py`."""
        spec = module.__spec__
        path = spec.origin if spec is not None else None
        if not path or not os.path.isfile(path):
            return
        with open(path, "rb") as file:
            content = file.read()
        try:
            self.failures[module.__name__] = []
            source = importlib.util.decode_source(content)
            tree = python2.parsed(source, path, old_package=self.old)
            module.__dict__.update(python2.names(source, old_package=self.old))
            if "numpy" in self.allowed:
                tree = indexing.tupled(tree)
                module.__dict__[indexing.HELPER] = indexing.index
            self.failures[module.__name__] = self.run(path, source, tree, module)
        except SyntaxError:
            if os.path.basename(path) != "__init__.py":
                raise
        if "scipy" in self.allowed:
            shims.patch_scipy(module)

    @functools.cached_property
    def old(self) -> bool:
        """Whether the package is to be read as Python 2: one of its files shows that it is."""
        return "python2" in self.allowed and any(
            python2.marker(source) is not None for source in self._sources()
        )

    def _sources(self) -> Iterator[str]:
        for path in self._paths():
            try:
                with open(path, "rb") as file:
                    yield importlib.util.decode_source(file.read())
            except (SyntaxError, ValueError):
                continue

    def _paths(self) -> Iterator[str]:
        for place, folders, files in os.walk(os.path.join(self.folder, self.name)):
            folders.sort()
            yield from (os.path.join(place, file) for file in sorted(files) if file.endswith(".py"))

    # --- what calls ask for -----------------------------------------------------------------

    def find(self, dotted: str) -> Any:
        """The value of `package.module.name`; the module is imported for it.

        Raises `MissingName`, or what the definition of the name or its module raised.
        """
        module_name, _, attribute = dotted.rpartition(".")
        try:
            module = importlib.import_module(module_name)
        except ModuleNotFoundError as error:
            if error.name is not None and f"{module_name}.".startswith(f"{error.name}."):
                raise MissingName(dotted) from None
            raise
        if attribute in module.__dict__:
            return module.__dict__[attribute]
        failure = _blamed(attribute, self.failures.get(module_name, []))
        if failure is None:
            raise MissingName(dotted)
        raise failure

    def cause(self, error: NameError) -> str:
        """Why a name is not there: the statement that should have bound it, and failed."""
        for failures in self.failures.values():
            reason = _blamed(error.name, failures)
            if reason is not None:
                return f"{type(reason).__name__}: {reason}"
        return ""

    def names(self) -> dict[str, list[str] | None]:
        """Every name that a module of the package defines by def, class or assignment."""
        found: dict[str, list[str] | None] = {}
        for path in self._paths():
            parts = os.path.relpath(path[:-3], self.folder).split(os.sep)
            found.update(_defined(path, ".".join(parts), old="python2" in self.allowed))
        return found


class _Beside:
    """Python 2 looked for a module beside the one that imports it: the last to be asked."""

    def __init__(self, package: Package) -> None:
        self.package = package

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The spec of a module of that name in any folder of the package."""
        for place, folders, _ in os.walk(os.path.join(self.package.folder, self.package.name)):
            folders.sort()
            if spec := self.package.spec_in(place, fullname):
                return spec
        return None


def _defined(path: str, module: str, *, old: bool) -> dict[str, list[str] | None]:
    found: dict[str, list[str] | None] = {}
    try:
        with open(path, "rb") as file:
            source = importlib.util.decode_source(file.read())
        tree = python2.parsed(source, path, old_package=old)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return found
    for statement in tree.body:
        for name in _bound(statement) - {"*"}:
            found[f"{module}.{name}"] = None
        if isinstance(statement, ast.FunctionDef):
            found[f"{module}.{statement.name}"] = [each.arg for each in statement.args.args]
    return found


def _bound(statement: ast.stmt) -> set[str]:
    """The names that a statement of the top level binds."""
    names: set[str] = set()
    for node in ast.walk(statement):
        match node:
            case ast.alias(name=name, asname=asname):
                names.add(asname or name.partition(".")[0])
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                names.add(name)
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    return names


def _blamed(name: str | None, failures: Sequence[Failure]) -> BaseException | None:
    """What the statement that should bind `name` raised; `import *` may bind any name."""
    for wanted in (name, "*"):
        for statement, error in failures:
            if wanted in _bound(statement):
                return error
    return None
