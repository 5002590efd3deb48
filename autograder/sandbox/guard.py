"""The assignment's rules inside the subject: imports that fail and functions that refuse.

Only what the submission's own code does is looked at: numpy goes on importing and calling what it
needs. This is a fence, not a wall: code that sets out to can climb it from within its own process.
What must not be reached at all is taken out of the subject's view of the file system instead.
"""

from __future__ import annotations

import builtins
import functools
import importlib
import sys
import types
from collections.abc import Callable, Sequence
from typing import Any

_UFUNC_METHODS = ("reduce", "accumulate", "reduceat", "outer", "at")


class ForbiddenUse(RuntimeError):
    """Submitted code called what its assignment does not allow."""


def matches(pattern: str, name: str) -> bool:
    """Whether `name` is what `pattern` names, or lies below it; `a.*` is all below `a`."""
    if pattern.endswith(".*"):
        return name.startswith(pattern[:-1])
    return name == pattern or name.startswith(pattern + ".")


def may_import(
    name: str, *, allowed: Sequence[str] | None, forbidden: Sequence[str], own: Sequence[str]
) -> bool:
    """Whether a submission may import `name`.

    What comes with Python and the submission's `own` modules may be imported unless forbidden;
    with `allowed`, of everything else only that (and the packages that it lies in).
    """
    if any(matches(pattern, name) for pattern in forbidden):
        return False
    top = name.partition(".")[0]
    if allowed is None or top in own or top in sys.stdlib_module_names:
        return True
    return any(matches(entry, name) or entry.startswith(name + ".") for entry in allowed)


class Guard:
    """Keeps the rules of one assignment in this process."""

    def __init__(self, rules: dict[str, Any], submitted: Callable[[str], bool]) -> None:
        self.allowed: list[str] | None = rules["allowed"]
        self.forbidden: list[str] = rules["forbidden"]
        self.own: list[str] = rules["own"]
        self.submitted = submitted
        """Whether a file name is one of the submission's."""
        self.waiting: list[str] = [*rules["uses"], *(n for n in self.forbidden if "." in n)]
        """Patterns of functions whose module is not imported yet."""

    def install(self) -> None:
        """Put the guards in place; once, before the submission is loaded."""
        imported, import_module = builtins.__import__, importlib.import_module

        def guarded_import(
            name: str,
            globals: dict[str, Any] | None = None,
            locals: dict[str, Any] | None = None,
            fromlist: Sequence[str] = (),
            level: int = 0,
        ) -> types.ModuleType:
            if level == 0 and self.called_by_submission(sys._getframe(1)):
                self.check_import(name, fromlist or ())
            module = imported(name, globals, locals, fromlist, level)
            if self.waiting:
                self.guard_functions()
            return module

        def guarded_import_module(name: str, package: str | None = None) -> types.ModuleType:
            if self.called_by_submission(sys._getframe(1)):
                self.check_import(name, ())
            return import_module(name, package)

        builtins.__import__ = guarded_import  # type: ignore[assignment]
        importlib.import_module = guarded_import_module
        self.guard_functions()

    def called_by_submission(self, frame: types.FrameType) -> bool:
        """Whether `frame` runs submitted code."""
        return self.submitted(frame.f_code.co_filename)

    def check_import(self, name: str, members: Sequence[str]) -> None:
        """Raise ImportError for a module that is not allowed."""
        for one in (name, *(f"{name}.{member}" for member in members if member != "*")):
            # a member may be a function, which is not imported but used
            known = one == name or one in sys.modules or one in self.forbidden
            if known and not may_import(
                one, allowed=self.allowed, forbidden=self.forbidden, own=self.own
            ):
                raise ImportError(f"this assignment does not allow importing {one}", name=one)

    def guard_functions(self) -> None:
        """Replace the functions that the rules name, as far as their modules are imported."""
        self.waiting = [pattern for pattern in self.waiting if not self._guard_pattern(pattern)]

    def _guard_pattern(self, pattern: str) -> bool:
        name = pattern.removesuffix(".*")
        module = sys.modules.get(name)
        if module is not None:
            for member in dir(module):
                if not member.startswith("_"):
                    self._guard_function(module, name, member)
            return True
        owner_name, _, member = name.rpartition(".")
        owner = sys.modules.get(owner_name)
        if owner is not None:
            self._guard_function(owner, owner_name, member)
        return owner is not None

    def _guard_function(self, owner: types.ModuleType, owner_name: str, member: str) -> None:
        function = getattr(owner, member, None)
        # a class is compared and inherited from by the library itself: it must stay what it is
        if callable(function) and not isinstance(function, (type, types.ModuleType)):
            setattr(owner, member, self.guarded(function, f"{owner_name}.{member}"))

    def guarded(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        """`function` for everybody but the submission."""

        def call(*arguments: Any, **keywords: Any) -> Any:
            if self.called_by_submission(sys._getframe(1)):
                raise ForbiddenUse(f"this assignment does not allow {name}")
            return function(*arguments, **keywords)

        functools.update_wrapper(call, function)
        del call.__wrapped__  # type: ignore[attr-defined]
        for method in _UFUNC_METHODS:
            if hasattr(function, method):
                setattr(call, method, getattr(function, method))
        return call
