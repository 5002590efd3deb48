"""Random and mutated messages and frames: a value, or a refusal, in bounded time and memory."""

from __future__ import annotations

import os
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.sandbox import codec, protocol
from autograder.sandbox.connection import ChannelClosed
from autograder.sandbox.subject import Reply, check_reply

CORPUS = Path(__file__).parent / "codec_corpus"
LIMIT = 1 << 16
PEAK_BYTES = 8_000_000

QUICK = settings(
    max_examples=150,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
LONG = settings(QUICK, max_examples=5000, derandomize=False)

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**80), 2**80),
    st.floats(),
    st.complex_numbers(),
    st.text(max_size=20),
    st.binary(max_size=20),
    st.integers(0, 2**64 - 1).map(codec.Handle),
    hnp.arrays(
        dtype=st.sampled_from(codec.DTYPES),
        shape=hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5),
    ),
)
keys = st.one_of(st.text(max_size=8), st.integers(-(2**62), 2**62), st.none(), st.floats())
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(keys, inner, max_size=4)
    ),
    max_leaves=15,
)
errors = st.fixed_dictionaries(
    {},
    optional={
        "type": scalars,
        "message": scalars,
        "memory": scalars,
        "frames": st.lists(st.lists(scalars, max_size=5), max_size=3) | scalars,
    },
)
replies = st.tuples(st.integers(-1, 2), st.integers(-1, 5), values | errors, values, values)
replies |= st.lists(values | errors, max_size=6).map(tuple)

PIECES = [
    *(bytes([tag]) for tag in b"NTFjiIdcsbltmgah"),
    *(struct.pack("<Q", size) for size in (0, 1, 7, 2**16, 2**31, 2**60, 2**64 - 1)),
    *(struct.pack("<I", size) for size in (0, 1, 3, 2**16, 2**32 - 1)),
    b"\0",
    b"\xff" * 8,
    b"l\x01\0\0\0" * 70,
    b"I" + struct.pack("<Q", 9) + bytes(8) + b"\1",
    b"a\x0b\x01" + struct.pack("<Q", 3) + b"\0" + bytes(24),
]


def joined(parts: list[codec.Buffer]) -> bytes:
    return b"".join(bytes(part) for part in parts)


@st.composite
def mutated(draw: st.DrawFn, whole: st.SearchStrategy[bytes]) -> bytes:
    """Good bytes with some overwritten, left out or doubled, or the end cut off."""
    data = draw(whole)
    for _ in range(draw(st.sampled_from([0, 1, 1, 2, 4]))):
        start = draw(st.integers(0, len(data)))
        stop = min(start + draw(st.integers(0, 8)), len(data))
        new = draw(st.binary(max_size=8) | st.sampled_from(PIECES) | st.just(data[start:stop] * 2))
        data = data[:start] + new + data[stop:]
    return data


messages = st.one_of(
    st.binary(max_size=300),
    st.lists(st.sampled_from(PIECES), max_size=20).map(b"".join),
    mutated(values.map(lambda value: joined(codec.encode(value)))),
)
headers = st.builds(
    protocol.HEADER.pack,
    st.sampled_from([0, 1, 30, LIMIT, LIMIT + 1, 2**31, 2**63, 2**64 - 1]),
    st.sampled_from([0, 0, 0, 1, 2**64 - 1]),
    st.binary(min_size=16, max_size=16),
)
frames = replies.map(lambda reply: joined(protocol.frame(codec.encode(reply), bytes(16))))
streams = st.lists(mutated(frames) | frames | headers | st.binary(max_size=60), max_size=4).map(
    b"".join
)


def decoded(message: bytes) -> object:
    """What a message says, or None; in memory in proportion to its size."""
    tracemalloc.start()
    try:
        value: object = codec.decode(bytearray(message))
    except codec.CodecError:
        return None
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < PEAK_BYTES
    return value


def hold_decoding(message: bytes) -> None:
    value = decoded(message)
    again = joined(codec.encode(value))
    assert joined(codec.encode(codec.decode(bytearray(again)))) == again


def hold_reading(stream: bytes) -> None:
    reader, writer = os.pipe()
    try:
        os.write(writer, stream)
        os.close(writer)
        read_replies(reader)
    finally:
        os.close(reader)


def read_replies(reader: int) -> None:
    try:
        while (frame := protocol.read_frame(reader, LIMIT)) is not None:
            payload, nonce = frame
            assert len(payload) <= LIMIT
            assert len(nonce) == 16
            try:
                reply = check_reply(payload, 0)
            except ChannelClosed:
                continue
            assert_sound(reply)
    except codec.CodecError:
        return


def assert_sound(reply: Reply) -> None:
    """What the grader may rely on, whatever was sent."""
    assert type(reply.status) is int
    assert all(type(name) is str and len(name) <= 80 for name in reply.changed)
    texts = [reply.printed, reply.type_name, reply.missing]
    if reply.raised is not None:
        texts += [reply.raised.type, reply.raised.message, reply.raised.traceback()]
    assert all(type(one) is str and "\x1b" not in one and "\u202e" not in one for one in texts)


@QUICK
@given(messages)
def test_any_message_is_decoded_or_refused(message: bytes) -> None:
    hold_decoding(message)


@pytest.mark.slow
@LONG
@given(messages)
def test_any_message_is_decoded_or_refused_for_long(message: bytes) -> None:
    hold_decoding(message)


@QUICK
@given(streams)
def test_whatever_comes_over_a_channel_is_an_answer_or_none(stream: bytes) -> None:
    hold_reading(stream)


@pytest.mark.slow
@LONG
@given(streams)
def test_whatever_comes_over_a_channel_is_an_answer_or_none_for_long(stream: bytes) -> None:
    hold_reading(stream)


@QUICK
@given(st.integers(0, 2**64 - 1), st.binary(max_size=40))
def test_no_length_makes_the_decoder_take_memory(size: int, rest: bytes) -> None:
    for tag in (b"s", b"b", b"I", b"l", b"m", b"t", b"a\x0b\x01", b"a\x00\x02\x00"):
        decoded(tag + struct.pack("<Q", size) + rest)


def test_the_corpus_is_decoded_or_refused() -> None:
    cases = sorted(CORPUS.iterdir())
    assert len(cases) > 50
    for path in cases:
        kind, *_ = data = path.read_bytes()
        hold_reading(data[1:]) if kind % 2 else hold_decoding(data[1:])


def test_an_array_does_not_share_memory_with_the_next_message() -> None:
    message = bytearray(joined(codec.encode(np.arange(3.0))))
    array = codec.decode(message)
    other = codec.decode(bytearray(message))
    array[0] = 7
    assert other[0] == 0
