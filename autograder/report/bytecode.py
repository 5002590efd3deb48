"""Compiled page templates, kept beside Python's own bytecode."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

import jinja2
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

from autograder import __version__

_WANTED = not sys.dont_write_bytecode  # a session of checks turns it off for the assignment's sake


class TemplateBytecode(FileSystemBytecodeCache):
    """Keeps what `folder`'s templates compile to in its `__pycache__`, as Python does.

    Where Python writes no bytecode, or the folder cannot be written, nothing is kept.
    """

    def __init__(self, folder: Path) -> None:
        version = f"{__version__}-jinja2-{jinja2.__version__}"
        super().__init__(str(folder / "__pycache__"), f"%s-{version}.cache")

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what is kept of a template, if it is."""
        with contextlib.suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template that has just been compiled."""
        if _WANTED:
            with contextlib.suppress(OSError):
                Path(self.directory).mkdir(exist_ok=True)
                super().dump_bytecode(bucket)
