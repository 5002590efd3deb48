"""A module whose definitions can be replaced one at a time."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator, Set
from functools import cached_property
from pathlib import Path
from types import CodeType
from typing import Any

from mutants.mutations import Definition, Mutant, compiled, mutants_of


class Source:
    """A module of right code: its top-level definitions and which use which."""

    def __init__(self, module: str) -> None:
        self.module = module
        loaded = importlib.import_module(module)
        text = Path(str(loaded.__file__)).read_text(encoding="utf-8")
        self.namespace: dict[str, Any] = vars(loaded)
        self.definitions: dict[str, Definition] = {
            node.name: node
            for node in ast.parse(text).body
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
        }

    @cached_property
    def uses(self) -> dict[str, frozenset[str]]:
        """The names of the module's own definitions in the code of each."""
        return {name: self._used(node) for name, node in self.definitions.items()}

    def _used(self, definition: Definition) -> frozenset[str]:
        found: set[str] = set()
        for node in _code(definition):
            if isinstance(node, ast.Name) and node.id in self.definitions:
                found.add(node.id)
        return frozenset(found - {definition.name})

    @cached_property
    def _compiled(self) -> dict[str, CodeType]:
        return {name: compiled(node, f"<{name}>") for name, node in self.definitions.items()}

    def reachable(self, names: Set[str]) -> frozenset[str]:
        """What `names` are made of, themselves included."""
        found, new = set(names) & set(self.definitions), set(names) & set(self.definitions)
        while new:
            new = {used for name in new for used in self.uses[name]} - found
            found |= new
        return frozenset(found)

    def affected(self, name: str) -> frozenset[str]:
        """What is made of the definition `name`, itself included."""
        return frozenset(each for each in self.definitions if name in self.reachable({each}))

    def mutants(self, names: Set[str], left_out: Set[str] = frozenset()) -> Iterator[Mutant]:
        """The mutants of what `names` are made of, but for definitions and methods left out.

        `left_out` names them as `module:function` or `module:Class.method`.
        """
        for name in sorted(self.reachable(names), key=list(self.definitions).index):
            if f"{self.module}:{name}" not in left_out:
                inner = f"{self.module}:{name}."
                methods = {each.removeprefix(inner) for each in left_out if each.startswith(inner)}
                yield from mutants_of(self.module, self.definitions[name], methods)

    def namespace_of(self, mutant: Mutant) -> dict[str, Any]:
        """The module's names with the mutant in place, and all that is made of it renewed."""
        namespace = dict(self.namespace)
        affected = self.affected(mutant.name)
        for name in self.definitions:
            if name in affected:
                code = mutant.code if name == mutant.name else self._compiled[name]
                exec(code, namespace)
        return namespace


def _code(definition: Definition) -> Iterator[ast.AST]:
    """The nodes of a definition without its annotations."""
    todo: list[ast.AST] = [definition]
    while todo:
        node = todo.pop()
        yield node
        for field, value in ast.iter_fields(node):
            if field not in ("annotation", "returns"):
                items = value if isinstance(value, list) else [value]
                todo.extend(each for each in items if isinstance(each, ast.AST))
