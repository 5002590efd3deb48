import math
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.sandbox.codec import DTYPES, CodecError, Handle, NotDataError, decode, encode


def there_and_back(value):
    return decode(bytearray(b"".join(bytes(part) for part in encode(value))))


def same(one, other):
    """Equal in value, type, dtype and shape, NaN being equal to NaN."""
    if type(one) is not type(other):
        return False
    if isinstance(one, (np.ndarray, np.generic)):
        equal_nan = one.dtype.kind in "fc"
        return (
            one.dtype == other.dtype
            and one.shape == other.shape
            and np.array_equal(one, other, equal_nan=equal_nan)
        )
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, float) and math.isnan(one):
        return math.isnan(other)
    return one == other


arrays = hnp.arrays(
    dtype=st.sampled_from(DTYPES), shape=hnp.array_shapes(min_dims=0, max_dims=4, min_side=0)
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**300), 2**300),
    st.floats(),
    st.complex_numbers(allow_nan=False),
    st.text(),
    st.binary(),
)
keys = st.one_of(st.text(), st.integers(1 - 2**63, 2**63 - 1), st.none(), st.binary())
values = st.recursive(
    scalars | arrays,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(keys, inner, max_size=4)
    ),
    max_leaves=20,
)


@given(values)
def test_plain_data_arrives_as_it_left(value):
    assert same(there_and_back(value), value)


@given(st.binary(max_size=200))
def test_any_bytes_decode_or_are_refused(noise):
    try:
        decode(noise)
    except CodecError:
        pass


@given(values, st.data())
def test_a_damaged_message_decodes_or_is_refused(value, data):
    message = bytearray(b"".join(bytes(part) for part in encode(value)))
    place = data.draw(st.integers(0, len(message) - 1), label="place")
    message[place] ^= data.draw(st.integers(1, 255), label="change")
    try:
        decode(message)
    except CodecError:
        pass


@pytest.mark.parametrize("dtype", DTYPES)
def test_numpy_scalars_keep_their_dtype(dtype):
    assert same(there_and_back(dtype.type(1)), dtype.type(1))


def test_arrays_of_other_layouts_arrive_in_c_order():
    array = np.asfortranarray(np.arange(12.0).reshape(3, 4))[::-1, ::2]
    assert same(there_and_back(array), np.ascontiguousarray(array))


def test_big_endian_arrays_arrive_in_native_order():
    assert same(there_and_back(np.arange(3, dtype=">i4")), np.arange(3, dtype="<i4"))


def test_large_arrays_are_aligned():
    (_, array) = there_and_back(["x", np.random.default_rng(0).normal(size=(100, 100))])
    assert array.flags.aligned
    assert array.flags.writeable


class Stubborn(np.ndarray):
    def __eq__(self, other):
        return True

    __hash__ = None


def test_a_subclass_of_arrays_arrives_as_a_plain_array():
    assert type(there_and_back(np.arange(3).view(Stubborn))) is np.ndarray


def test_handles_cross():
    assert there_and_back([Handle(3)]) == [Handle(3)]


class Anything:
    def __eq__(self, other):
        return True

    __hash__ = object.__hash__


@pytest.mark.parametrize(
    "value",
    [
        Anything(),
        object(),
        len,
        {1, 2},
        (x for x in [1]),
        np.array([object()]),
        np.array(["text"]),
        np.zeros(2, dtype=[("a", "f8")]),
        range(3),
        {(1, 2): 3},
        [1, {"deep": Anything()}],
    ],
)
def test_what_is_not_plain_data_is_refused(value):
    with pytest.raises(NotDataError):
        encode(value)


def test_the_refusal_says_where():
    with pytest.raises(NotDataError) as refusal:
        encode([1, {"deep": Anything()}])
    assert refusal.value.where == "value[1]['deep']"
    assert refusal.value.type_name.endswith("Anything")


def test_endless_nesting_is_refused():
    loop = []
    loop.append(loop)
    with pytest.raises(CodecError, match="nested"):
        encode(loop)


def test_nested_bytes_are_refused():
    with pytest.raises(CodecError, match="nested"):
        decode(b"l\x01\x00\x00\x00" * 1000 + b"N")


def length(number):
    return struct.pack("<Q", number)


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"?",
        b"N\x00",
        b"s" + length(2**60),
        b"s" + length(1) + b"\xff",
        b"l" + struct.pack("<I", 2**31),
        b"I" + length(2**20),
        b"a\x0b\x02" + length(2**60) * 2 + b"\x00",
        b"a\x0b\x02" + length(2**60) + length(0) + b"\x00",
        b"a\x0b\x01" + length(2) + b"\x00" + bytes(8),
        b"a\x63\x01" + length(0) + b"\x00",
        b"a\x00\x01" + length(1) + b"\x00\x02",
        b"g\x00\x07",
        b"a\x0b\xff" + length(0) * 255 + b"\x00",
        b"m" + struct.pack("<I", 2) + b"TNTN",
        b"m" + struct.pack("<I", 1) + b"l\x00\x00\x00\x00N",
        b"m" + struct.pack("<I", 1) + b"I" + length(9) + bytes(8) + b"\x01N",
    ],
)
def test_lying_messages_are_refused(message):
    with pytest.raises(CodecError):
        decode(message)


def test_a_bomb_of_small_items_is_refused():
    with pytest.raises(CodecError, match="more elements"):
        decode(b"l" + struct.pack("<I", 3_000_000) + b"N" * 3_000_000)


def test_keys_that_hash_alike_are_refused():
    """A dict of them would take time with the square of its size."""
    alike = {number * (2**61 - 1): None for number in range(1, 20)}
    assert len({hash(key) for key in alike}) == 1
    with pytest.raises(NotDataError, match="as a key"):
        encode(alike)


@pytest.mark.parametrize("shape", [(2**30, 0), (0, 2**30), (2**20, 2**20, 0)])
def test_an_empty_array_does_not_claim_to_be_long(shape):
    with pytest.raises(CodecError, match="shape"):
        decode(b"".join(encode(np.zeros(shape))))
