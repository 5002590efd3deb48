"""A subject without a wall: a plain process that answers on its standard input and output."""

from __future__ import annotations

import os
import sys

from autograder.sandbox import codec, protocol
from autograder.sandbox.libraries import importable_paths
from autograder.sandbox.worker import Worker, preload


def main(output_bytes: int) -> None:
    """Run a subject; `sys.argv` names its folder and the libraries to import."""
    folder, *modules = sys.argv[1:]
    sys.path[:] = importable_paths()
    reader, writer = os.dup(0), os.dup(1)
    quiet = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(quiet, standard)
    try:
        first: protocol.Message = {"versions": preload(modules)}
    except Exception as error:
        first = {"error": f"{type(error).__name__}: {error}"}
    protocol.write_all(writer, protocol.frame(codec.encode(first), bytes(16)))
    worker = Worker(
        reader, writer, folder=os.path.join(folder, "submission"), output_bytes=output_bytes
    )
    worker.serve()
