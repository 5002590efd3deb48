"""Frames: what travels between the grader and the subject.

A frame is a 32-byte header (length of the payload, 8 zero bytes, 16 bytes of nonce) and a payload
in the codec's form. The grader draws a fresh nonce for every request, and every answer must carry
it: an answer prepared before the question is not an answer.

A request's payload is a list of calls, tuples that begin with their operation:

    (PLACE, files)
    (LOAD, module, entry, sources, search, rules, package)
    (CALL, handle, name, arguments, keywords, keep)
    (GET, handle, name, keep)            (SET, handle, name, value)
    (DEFINE, expression, keep)           (SEED, seed)

Each call is answered with one frame, in order, so that one time limit holds for each call:

    (index, OK, value, changed, printed)           (index, NOT_DATA, type name, printed)
    (index, RAISED, exception, printed)            (index, MISSING, name, printed)

Answers that are ready within a few milliseconds of each other are written together, but that to
PLACE, which is sent at once: no submitted code has run by then, so that it can be trusted.
"""

from __future__ import annotations

import os
import struct
from typing import Any

from autograder.sandbox.codec import Buffer, CodecError

HEADER = struct.Struct("<QQ16s")
MAX_REQUEST = 1 << 31
MAX_REPLY = 1 << 28
MAX_TEXT = 16_384

# operations
LOAD, CALL, GET, SET, DEFINE, SEED, PLACE = range(7)

# answers
OK, RAISED, NOT_DATA, MISSING = range(4)

RequestedCall = tuple[Any, ...]


def frame(parts: list[Buffer], nonce: bytes) -> list[Buffer]:
    """The buffers of one frame."""
    return [HEADER.pack(sum(len(part) for part in parts), 0, nonce), *parts]


def parse_header(header: bytes | bytearray, limit: int) -> tuple[int, bytes]:
    """The payload's length and the nonce. Raises `CodecError` beyond `limit`."""
    length, zero, nonce = HEADER.unpack(header)
    if zero or length > limit:
        raise CodecError("not a frame")
    return length, nonce


def write_all(descriptor: int, parts: list[Buffer]) -> None:
    """Write `parts` to a blocking descriptor (a pipe or a socket), with plain writes."""
    views = [memoryview(part).cast("B") for part in parts if len(part)]
    if not hasattr(os, "writev"):  # Windows
        views = [memoryview(b"".join(views))]
    while views:
        # 64 buffers and a gigabyte a call: within the kernel's limits
        written = os.writev(descriptor, views[:64]) if hasattr(os, "writev") else 0
        if not written:
            written = os.write(descriptor, views[0])
        while views and written >= len(views[0]):
            written -= len(views.pop(0))
        if written:
            views[0] = views[0][written:]


def read_exactly(descriptor: int, size: int) -> bytearray | None:
    """`size` bytes from a blocking descriptor; None at its end."""
    buffer = bytearray(size)
    view = memoryview(buffer)
    position = 0
    while position < size:
        if hasattr(os, "readv"):
            count = os.readv(descriptor, [view[position:]])
        else:
            chunk = os.read(descriptor, min(size - position, 1 << 20))
            count = len(chunk)
            view[position : position + count] = chunk
        if count == 0:
            return None
        position += count
    return buffer


def read_frame(descriptor: int, limit: int) -> tuple[bytearray, bytes] | None:
    """One frame's payload and nonce; None at the end."""
    header = read_exactly(descriptor, HEADER.size)
    if header is None:
        return None
    length, nonce = parse_header(header, limit)
    payload = read_exactly(descriptor, length)
    return None if payload is None else (payload, nonce)


Message = dict[str, Any]
