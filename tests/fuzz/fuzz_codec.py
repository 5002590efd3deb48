r"""Coverage-guided fuzzing of the codec's decoder and of the reader of frames, with atheris.

Run from the repository's root, in an environment with atheris, numpy, msgspec and babel:

    python -m tests.fuzz.fuzz_codec FOLDER tests/fuzz/codec_corpus -max_total_time=600 \
        -max_len=4096 -rss_limit_mb=1024 -timeout=10

An even first byte: the rest is a message. An odd one: it is what comes over a channel. New inputs
go to FOLDER; `--seeds FOLDER` puts one good message of each kind there. The tests read
tests/fuzz/codec_corpus.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

try:
    import atheris
except ImportError:
    sys.exit("atheris is not installed; pip install atheris")

import numpy as np

with atheris.instrument_imports(include=["autograder"]):
    from autograder.sandbox import codec, protocol
    from autograder.sandbox.connection import ChannelClosed
    from autograder.sandbox.subject import check_reply

LIMIT = 1 << 16


def read_one(data: bytes) -> None:
    """Read what `data` stands for; anything but a refusal is a finding."""
    if not data:
        return
    if data[0] % 2:
        read_channel(data[1:])
    else:
        read_message(bytearray(data[1:]))


def read_message(message: bytearray) -> None:
    """Decode; what was accepted is encoded and decoded to the same bytes again."""
    try:
        value = codec.decode(message)
    except codec.CodecError:
        return
    again = joined(value)
    if joined(codec.decode(bytearray(again))) != again:
        raise AssertionError("not the same twice")


def joined(value: object) -> bytes:
    """The bytes of one value."""
    return b"".join(bytes(part) for part in codec.encode(value))


def read_channel(data: bytes) -> None:
    """Read frames until the end, each as the answer to a call."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    os.write(writer, data)
    os.close(writer)
    try:
        while (frame := protocol.read_frame(reader, LIMIT)) is not None:
            try:
                check_reply(frame[0], 0)
            except ChannelClosed:
                return
    except codec.CodecError:
        return
    finally:
        os.close(reader)


def seeds() -> dict[str, bytes]:
    """One good message of each kind."""
    error = {"type": "ValueError", "memory": False, "message": "x", "frames": [["a", 1, "f", "x"]]}
    values = {
        "scalars": [None, True, 7, -300, 1 << 80, 1.5, 2j, "text", b"bytes"],
        "containers": [(1, [2]), {"a": 1, 2: None, b"c": {}}],
        "arrays": [np.arange(6.0).reshape(2, 3), np.zeros((0, 4)), np.float32(1), np.ones(2, bool)],
        "handle": [codec.Handle(3)],
        "ok": (0, protocol.OK, 1.5, ["argument 1"], "printed"),
        "raised": (0, protocol.RAISED, error, ""),
        "not_data": (0, protocol.NOT_DATA, "Yes", ""),
        "missing": (0, protocol.MISSING, "f", ""),
    }
    messages = {name: b"\0" + joined(value) for name, value in values.items()}
    for name in ("ok", "raised", "not_data", "missing"):
        frame = protocol.frame(codec.encode(values[name]), bytes(16))
        messages[f"frame_{name}"] = b"\1" + b"".join(bytes(part) for part in frame)
    return messages


def main() -> None:
    """Write seeds, or fuzz."""
    if len(sys.argv) == 3 and sys.argv[1] == "--seeds":
        for name, data in seeds().items():
            (Path(sys.argv[2]) / name).write_bytes(data)
    else:
        atheris.Setup(sys.argv, read_one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
