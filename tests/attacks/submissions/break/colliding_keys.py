"""Answers with a dict whose keys all have one hash: to build it again takes hours."""

import time

PRIME = 2**61 - 1


def attempt(place):
    started = time.process_time()
    dict.fromkeys(range(1, 3000))
    plain = time.process_time() - started
    dict.fromkeys(number * PRIME for number in range(1, 3000))
    return time.process_time() - started > 20 * plain


def answer():
    for name in ("autograder.sandbox.codec",):
        codec = __import__(name, fromlist=["x"])
        codec._is_key = lambda key: True  # what the encoder refuses, on this side of the wall
    return [(b"k", [number * PRIME for number in range(1, 40_000)])]


def total(values):
    import struct

    codec = __import__("autograder.sandbox.codec", fromlist=["x"])
    body = bytearray(b"m" + struct.pack("<I", 200_000))
    for number in range(1, 200_001):
        key = (number * PRIME).to_bytes(12, "little", signed=True)
        body += b"I" + struct.pack("<Q", 12) + key + b"N"
    plain = codec.encode

    def encode(value, **keywords):
        if isinstance(value, tuple) and len(value) == 5:
            codec.encode = plain
            return [b"t" + struct.pack("<I", 5) + b"j\0j\0" + bytes(body) + b"l\0\0\0\0s" + bytes(8)]
        return plain(value, **keywords)

    codec.encode = encode
    return 0.5
