"""The code that runs beside submitted code, and the only place where submitted code runs.

It lives in the subject's process, on the far side of the wall: whatever submitted code does to
it, the grader sees an answer in the codec's form or none. It imports the standard library, numpy
and the sandbox's own codec and protocol, nothing else.
"""

from __future__ import annotations

import ast
import errno
import importlib
import io
import linecache
import os
import random
import sys
import time
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.sandbox import codec, protocol
from autograder.sandbox.codec import CodecError, Handle, NotDataError
from autograder.sandbox.guard import Guard
from autograder.sandbox.package import Failure, MissingName, Package

_MAX_FRAMES = 12
_TOGETHER_SECONDS = 0.005
"""Answers that come within this time are written together: a switch of processes costs more."""


class CappedOutput(io.TextIOBase):
    """Keeps the first `limit` characters printed, and drops the rest."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.kept: list[str] = []
        self.size = 0
        self.dropped = 0

    def writable(self) -> bool:
        """Whether one can write: yes."""
        return True

    def write(self, printed: str) -> int:
        """Keep what still fits."""
        room = self.limit - self.size
        if room > 0:
            self.kept.append(printed[:room])
            self.size += min(len(printed), room)
        self.dropped += max(0, len(printed) - room)
        return len(printed)

    def take(self) -> str:
        """What was printed since the last call; what was dropped is counted at its end."""
        printed = "".join(self.kept)
        if self.dropped:
            printed += f"\n… {self.dropped} more characters"
        self.kept, self.size, self.dropped = [], 0, 0
        return printed


class Worker:
    """Answers the requests that it reads, until there are no more."""

    def __init__(self, reader: int, writer: int, *, folder: str, output_bytes: int) -> None:
        self.reader = reader
        self.writer = writer
        self.folder = folder
        self.output = CappedOutput(output_bytes)
        self.module = types.ModuleType("submission")
        self.package: Package | None = None
        self.objects: dict[int, object] = {}
        self.labels: set[str] = set()
        self.original = b""
        self.ready: list[codec.Buffer] = []
        self.flushed = 0.0

    def serve(self) -> None:
        """Read requests and answer them, one frame a call."""
        sys.stdout = sys.stderr = self.output
        while (message := protocol.read_frame(self.reader, protocol.MAX_REQUEST)) is not None:
            payload, nonce = message
            self.original = bytes(payload)
            self.flushed = time.monotonic()
            for index, call in enumerate(codec.decode(payload)):
                self.send(self.answer(index, call, payload), nonce)
                if call[0] == protocol.PLACE:
                    self.flush()
            self.flush()

    def send(self, parts: list[codec.Buffer], nonce: bytes) -> None:
        """Write an answer, or keep it for a moment to be written with the next."""
        frame = protocol.frame(parts, nonce)
        if len(frame) > 2:  # a large array, which the next call may change
            self.flush()
        self.ready += frame
        if len(frame) > 2 or time.monotonic() - self.flushed > _TOGETHER_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write the answers that are ready."""
        protocol.write_all(self.writer, self.ready)
        self.ready = []
        self.flushed = time.monotonic()

    def answer(
        self, index: int, call: protocol.RequestedCall, payload: bytearray
    ) -> list[codec.Buffer]:
        """Run one call; its answer in the codec's form."""
        status, content = self.run(call)
        changed: list[str] = []
        if payload != self.original:  # arrays are views of the payload
            changed = _changed_arguments(call, payload, self.original)
            self.original = bytes(payload)
        printed = self.output.take()[: protocol.MAX_TEXT]
        if status != protocol.OK:
            return codec.encode((index, status, content, printed))
        try:
            return codec.encode((index, status, content, changed, printed), where="the answer")
        except NotDataError as error:
            return codec.encode((index, protocol.NOT_DATA, error.type_name, printed))
        except CodecError as error:
            return codec.encode((index, protocol.NOT_DATA, str(error), printed))

    def run(self, call: protocol.RequestedCall) -> tuple[int, object]:
        """The status of one call, and its value or what went wrong."""
        try:
            return protocol.OK, _OPERATIONS[call[0]](self, *call[1:])
        except MissingName as missing:
            return protocol.MISSING, missing.name
        except BaseException as error:  # SystemExit and KeyboardInterrupt are answers too
            return protocol.RAISED, self.describe(error)

    # --- operations -------------------------------------------------------------------------

    def place(self, files: dict[str, bytes]) -> None:
        """Write the submission's files into its folder."""
        os.makedirs(self.folder, exist_ok=True)
        os.chdir(self.folder)
        for name, content in files.items():
            folder = os.path.dirname(name)
            if folder:
                os.makedirs(folder, exist_ok=True)
            with open(name, "wb") as file:
                file.write(content)

    def load(
        self,
        module: str,
        entry: str,
        sources: list[tuple[str, str]],
        search: list[str],
        rules: dict[str, Any] | None = None,
        package: tuple[str, list[str]] | None = None,
    ) -> dict[str, Any]:
        """Run the submission's code, statement by statement; its files are in place."""
        sys.path[:0] = [os.path.normpath(os.path.join(self.folder, place)) for place in search]
        if rules is not None:
            Guard(rules, self.submitted).install()
        if package is not None:
            name, shims = package
            self.package = Package(self.folder, name, shims, self.run_module)
            self.package.install()
            return {"names": self.package.names(), "errors": []}
        self.module = types.ModuleType(module)
        self.module.__file__ = os.path.join(self.folder, entry)
        self.module.__package__ = module.rpartition(".")[0]
        sys.modules[module] = self.module
        errors: list[protocol.Message] = []
        for label, source in sources:
            self.labels.add(label)
            errors += self.execute(label, source)
        return {"names": self.names(), "errors": errors[:20]}

    def submitted(self, file: str) -> bool:
        """Whether `file`, as a code object names it, is one of the submission's."""
        return file in self.labels or file.startswith(self.folder + os.sep)

    def execute(self, label: str, source: str) -> list[protocol.Message]:
        """Run one source; a statement that raises is reported, and the rest still runs."""
        linecache.cache[label] = (len(source), None, source.splitlines(keepends=True), label)
        errors: list[protocol.Message] = []
        try:
            tree = ast.parse(source, label)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            line = getattr(error, "lineno", None) or 0
            return [{"label": label, "line": line, **self.describe(error)}]
        for statement, raised in self.run_statements(label, tree, self.module):
            errors.append({"label": label, "line": statement.lineno, **self.describe(raised)})
        return errors

    def run_module(
        self, path: str, source: str, tree: ast.Module, module: types.ModuleType
    ) -> list[Failure]:
        """Run a module of the submission's package."""
        linecache.cache[path] = (len(source), None, source.splitlines(keepends=True), path)
        return self.run_statements(path, tree, module)

    def run_statements(
        self, label: str, tree: ast.Module, module: types.ModuleType
    ) -> list[Failure]:
        """Run each statement of the top level; those that raised, and what."""
        failures: list[Failure] = []
        flags = _future_flags(tree)
        for statement in tree.body:
            body = ast.Module([statement], [])
            try:
                exec(  # noqa: S102  (this is the place)
                    compile(body, label, "exec", flags, dont_inherit=True), module.__dict__
                )
            except BaseException as error:
                failures.append((statement, error))
        return failures

    def names(self) -> dict[str, list[str] | None]:
        """The names that the submission defines; the parameters of those that can be called."""
        found: dict[str, list[str] | None] = {}
        for name, value in list(self.module.__dict__.items()):
            if isinstance(name, str) and not name.startswith("__"):
                found[name] = _parameters(value) if callable(value) else None
                found.update((f"{name}.{each}", of) for each, of in self.methods(value))
        return found

    def methods(self, value: object) -> Iterator[tuple[str, list[str]]]:
        """The methods of a class of the submission's, with their parameters but `self`."""
        if not isinstance(value, type):
            return
        for kind in reversed(type.mro(value)):
            for name, method in list(type.__dict__["__dict__"].__get__(kind).items()):
                code = getattr(method, "__code__", None)
                if isinstance(code, types.CodeType) and self.submitted(code.co_filename):
                    yield str(name), _parameters(method)[1:]

    def target(self, handle: int | None, name: str) -> Any:
        """What a call names: an attribute of an object, or a name of the submission."""
        if handle is not None:
            owner = self.objects[handle]
            if not hasattr(owner, name):
                raise MissingName(name)
            return getattr(owner, name)
        if self.package is not None and "." in name:
            return self.package.find(name)
        if name not in self.module.__dict__:
            raise MissingName(name)
        return self.module.__dict__[name]

    def call(
        self,
        handle: int | None,
        name: str,
        arguments: list[Any],
        keywords: dict[str, Any],
        keep: bool,
    ) -> object:
        """Call a function, a class or a method."""
        function = self.target(handle, name)
        local = [self.local(value) for value in arguments]
        named = {key: self.local(value) for key, value in keywords.items()}
        return self.keep(function(*local, **named), keep)

    def get(self, handle: int | None, name: str, keep: bool) -> object:
        """An attribute of an object, or a value of the submission."""
        return self.keep(self.target(handle, name), keep)

    def set(self, handle: int, name: str, value: object) -> None:
        """Set an attribute of an object."""
        setattr(self.objects[handle], name, self.local(value))

    def define(self, expression: str, keep: bool) -> object:
        """Evaluate the grader's own expression, away from the submission's names."""
        code = compile(expression, "<grader>", "eval")
        return self.keep(eval(code, {"np": np, "numpy": np}), keep)  # noqa: S307

    def seed(self, seed: int) -> None:
        """Seed every source of randomness that a submission may use without a seed of its own."""
        random.seed(seed)
        np.random.seed(seed % 2**32)
        # what default_rng() and RandomState() draw their entropy from
        entropy = random.Random(seed)  # noqa: S311  (reproducible is the point)
        sys.modules["numpy.random.bit_generator"].randbits = entropy.getrandbits  # type: ignore[attr-defined]
        torch = sys.modules.get("torch")
        if torch is not None:
            torch.manual_seed(seed % 2**63)

    def keep(self, value: object, keep: bool) -> object:
        """`value`, or its handle when the grader asked to keep it here."""
        if not keep:
            return value
        number = len(self.objects)
        self.objects[number] = value
        return Handle(number)

    def local(self, value: object) -> object:
        """`value` with handles replaced by the objects that they stand for."""
        if type(value) is Handle:
            return self.objects[value.number]
        if type(value) is list:
            return [self.local(item) for item in value]
        if type(value) is tuple:
            return tuple([self.local(item) for item in value])
        if type(value) is dict:
            return {key: self.local(item) for key, item in value.items()}
        return value

    # --- what went wrong --------------------------------------------------------------------

    def describe(self, error: BaseException) -> protocol.Message:
        """An exception as plain data, with the student's own lines of its traceback."""
        try:
            message = str(error)
        except BaseException:
            message = "(its message cannot be shown)"
        if self.package is not None and isinstance(error, NameError):
            if cause := self.package.cause(error):
                message = f"{message} ({cause})"
        kind = type(error)
        return {
            "type": str(kind.__qualname__)[:200],
            "memory": isinstance(error, MemoryError)
            or (isinstance(error, OSError) and error.errno == errno.ENOMEM),
            "message": message[: protocol.MAX_TEXT],
            "frames": self.frames(error),
        }

    def frames(self, error: BaseException) -> list[list[Any]]:
        """[label, line, function, source line] of the frames in the submission's files."""
        frames: list[list[Any]] = []
        traceback = error.__traceback__
        while traceback is not None:
            code = traceback.tb_frame.f_code
            label = code.co_filename
            if not self.submitted(label):
                traceback = traceback.tb_next
                continue
            label = label.removeprefix(self.folder + os.sep)
            line = linecache.getline(code.co_filename, traceback.tb_lineno).strip()
            frames.append([label, traceback.tb_lineno, code.co_name, line[:300]])
            traceback = traceback.tb_next
        if isinstance(error, SyntaxError) and str(error.filename).startswith(self.folder + os.sep):
            name, line = str(error.filename)[len(self.folder) + 1 :], str(error.text or "")
            frames.append([name, error.lineno or 1, "<module>", line.strip()[:300]])
        half = _MAX_FRAMES // 2
        return frames if len(frames) <= _MAX_FRAMES else [*frames[:half], *frames[-half:]]


def _parameters(function: object) -> list[str]:
    code = getattr(function, "__code__", None)
    if not isinstance(code, types.CodeType):
        return []
    return [str(name) for name in code.co_varnames[: code.co_argcount]]


_OPERATIONS: dict[int, Callable[..., object]] = {
    protocol.PLACE: Worker.place,
    protocol.LOAD: Worker.load,
    protocol.CALL: Worker.call,
    protocol.GET: Worker.get,
    protocol.SET: Worker.set,
    protocol.DEFINE: Worker.define,
    protocol.SEED: Worker.seed,
}


def _future_flags(tree: ast.Module) -> int:
    import __future__

    flags = 0
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            for alias in node.names:
                feature = getattr(__future__, alias.name, None)
                flags |= getattr(feature, "compiler_flag", 0)
    return flags


def _changed_arguments(
    call: protocol.RequestedCall, payload: bytearray, original: bytes
) -> list[str]:
    """The names of the array arguments whose bytes changed during the call."""
    if call[0] != protocol.CALL:
        return []
    start = np.frombuffer(payload, np.uint8).ctypes.data
    changed = []
    named = [
        *((f"argument {i + 1}", value) for i, value in enumerate(call[3])),
        *call[4].items(),
    ]
    for name, value in named:
        for array in _arrays(value):
            offset = array.ctypes.data - start
            if payload[offset : offset + array.nbytes] != original[offset : offset + array.nbytes]:
                changed.append(name)
                break
    return changed


def _arrays(value: object) -> list[np.ndarray[Any, Any]]:
    if type(value) is np.ndarray:
        return [value]
    if type(value) in (list, tuple):
        return [array for item in value for array in _arrays(item)]  # type: ignore[attr-defined]
    if type(value) is dict:
        return [array for item in value.values() for array in _arrays(item)]
    return []


def preload(modules: list[str]) -> dict[str, str | None]:
    """Import what submitted code is likely to import, once for all subjects; the versions."""
    for name in ("math", "itertools", "functools", "collections", "typing", "dataclasses"):
        importlib.import_module(name)
    np.linalg.norm(np.random.default_rng(0).standard_normal((4, 4)) @ np.ones(4))
    versions = {}
    for name in modules:
        versions[name] = getattr(importlib.import_module(name), "__version__", None)
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(1)
    return versions
