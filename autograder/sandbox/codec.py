"""Plain data to bytes and back: the only language spoken across the wall.

Plain data is None, bool, int, float, complex, str, bytes, list, tuple, dict with scalar keys,
numpy scalars and numpy arrays of bool, integer, float or complex dtype, and `Handle`. Nothing
else has a form in bytes, so nothing else can cross: there is no pickle, no class, no code.

Every value is a tag byte and a body. Numbers are little-endian. An array's body is its dtype
code, its number of dimensions, its shape, padding to 16 bytes and its raw elements in C order.
The decoder trusts nothing: it checks every length against what is there before it uses it.
"""

from __future__ import annotations

import math
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

MAX_DEPTH = 64
MAX_ITEMS = 2_000_000
"""Elements of all containers of one message together: a Python object each."""
MAX_INT_BYTES = 512
MAX_DIMENSIONS = 32
_KEY_BITS = 64
"""Of an int that is a key. CPython hashes ints modulo 2^61 - 1: of longer ones, somebody can make
thousands with one hash, and a dict of them takes time with the square of its size."""
ALIGNMENT = 16
_LARGE = 1 << 14  # arrays from here on are sent from where they lie, without a copy

DTYPES: tuple[np.dtype[Any], ...] = tuple(
    np.dtype(name)
    for name in (
        "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 "
        "float16 float32 float64 complex64 complex128"
    ).split()
)
_CODES = {dtype: code for code, dtype in enumerate(DTYPES)}
_BOOL = DTYPES[0]
_LITTLE_ENDIAN = sys.byteorder == "little"

_INT64 = struct.Struct("<q")
_FLOAT64 = struct.Struct("<d")
_COMPLEX = struct.Struct("<dd")
_COUNT = struct.Struct("<I")
_LENGTH = struct.Struct("<Q")
_TAGGED_FLOAT64 = struct.Struct("<Bd")
_FLOAT, _BYTE = ord("d"), ord("j")
_SHAPES = [struct.Struct(f"<{number}Q") for number in range(MAX_DIMENSIONS + 1)]
_ARRAY_HEADS = [struct.Struct(f"<BB{number}Q") for number in range(MAX_DIMENSIONS + 1)]
_PADDINGS = [bytes((number, *bytes(number))) for number in range(ALIGNMENT)]
_TOO_EARLY = "the message ends too early"

Buffer = bytes | bytearray | memoryview


class CodecError(ValueError):
    """Bytes that are not a message, or a value beyond the limits."""


class NotDataError(TypeError):
    """A value that is not plain data; `type_name` says what it is, `where` its place."""

    def __init__(self, type_name: str, where: str, reason: str = "") -> None:
        super().__init__(f"{where}: {type_name} is not plain data {reason}".rstrip())
        self.type_name = type_name
        self.where = where
        self.reason = reason


@dataclass(frozen=True)
class Handle:
    """An object that stays in the subject's process; the grader holds its number."""

    number: int


class _Encoder:
    """Appends values to a list of buffers, to be written one after the other."""

    def __init__(self, where: str, offset: int) -> None:
        self.parts: list[Buffer] = []
        self.small = bytearray()
        self.flushed = offset
        self.items = 0
        self.root = where
        self.path: list[object] = []
        """The index or key, in each container around the value that is being added."""

    def finish(self) -> list[Buffer]:
        self._flush()
        return self.parts

    def _flush(self) -> None:
        if self.small:
            self.parts.append(self.small)
            self.flushed += len(self.small)
            self.small = bytearray()

    def where(self) -> str:
        """The place of the value that is being added."""
        return self.root + "".join(f"[{step!r:.40}]" for step in self.path)

    def add(self, value: object) -> None:
        kind = type(value)
        if kind is float:
            self.small += _TAGGED_FLOAT64.pack(_FLOAT, value)
        elif kind is np.ndarray:
            self._add_array(value)  # type: ignore[arg-type]
        elif kind is int:
            self._add_int(value)  # type: ignore[arg-type]
        elif kind is str:
            self._add_text(value)  # type: ignore[arg-type]
        elif value is None:
            self.small += b"N"
        elif value is True:
            self.small += b"T"
        elif value is False:
            self.small += b"F"
        elif kind is list or kind is tuple:
            self._add_sequence(value)  # type: ignore[arg-type]
        else:
            self._add_other(value)

    def _add_other(self, value: object) -> None:
        if isinstance(value, np.generic):
            self._add_scalar(value)
        elif isinstance(value, np.ndarray):
            # np.matrix and other subclasses: their elements count, not their operators
            self._add_array(np.array(value, copy=True, subok=False))
        elif isinstance(value, (list, tuple)):
            self._add_sequence(value)
        elif isinstance(value, dict):
            self._add_dict(value)
        elif isinstance(value, int):
            self._add_int(int.__int__(value))
        elif isinstance(value, float):
            self.small += _TAGGED_FLOAT64.pack(_FLOAT, float.__float__(value))
        elif isinstance(value, complex):
            self.small += b"c" + _COMPLEX.pack(value.real, value.imag)
        elif isinstance(value, str):
            self._add_text(value)
        elif isinstance(value, (bytes, bytearray)):
            self._add_sized(b"b", bytes(value))
        elif type(value) is Handle:
            self.small += b"h" + _LENGTH.pack(value.number)
        elif (array := _tensor_array(value)) is not None:
            self._add_array(array)
        else:
            raise NotDataError(_type_name(value), self.where())

    def _add_int(self, value: int) -> None:
        if 0 <= value < 256:
            self.small += bytes((_BYTE, value))
            return
        if -(1 << 63) <= value < 1 << 63:
            self.small += b"i" + _INT64.pack(value)
            return
        size = value.bit_length() // 8 + 1
        if size > MAX_INT_BYTES:
            raise CodecError(f"an int of {size} bytes; at most {MAX_INT_BYTES}")
        self._add_sized(b"I", value.to_bytes(size, "little", signed=True))

    def _add_text(self, value: str) -> None:
        self._add_sized(b"s", str.encode(value, "utf-8", "backslashreplace"))

    def _add_sized(self, tag: bytes, body: bytes) -> None:
        self.small += tag + _LENGTH.pack(len(body)) + body

    def _add_scalar(self, value: np.generic) -> None:
        array, code = self._plain(np.asarray(value))
        self.small += b"g"
        self.small.append(code)
        self.small += array.tobytes()

    def _add_array(self, array: np.ndarray[Any, Any]) -> None:
        array, code = self._plain(array)
        if array.ndim > MAX_DIMENSIONS:
            raise CodecError(f"{self.where()}: {array.ndim} dimensions")
        small = self.small
        small += b"a"
        small += _ARRAY_HEADS[array.ndim].pack(code, array.ndim, *array.shape)
        padding = -(self.flushed + len(small) + 1) % ALIGNMENT
        small += _PADDINGS[padding]
        if array.nbytes < _LARGE:
            small += array.tobytes()
            return
        contiguous = np.ascontiguousarray(array)
        self._flush()
        self.parts.append(contiguous.reshape(-1).view(np.uint8).data)
        self.flushed += contiguous.nbytes

    def _plain(self, array: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], int]:
        """The array with a dtype that has a code, and its code."""
        code = _CODES.get(array.dtype)
        if code is None:
            array = self._of_known_dtype(array)
            code = _CODES[array.dtype]
        if not _LITTLE_ENDIAN:
            array = array.astype(array.dtype.newbyteorder("<"), copy=False)
        return array, code

    def _of_known_dtype(self, array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        if array.dtype.kind == "f":  # long double has another layout on every machine
            return array.astype(np.float64)
        if array.dtype.kind == "c":
            return array.astype(np.complex128)
        if array.dtype.kind in "biu":
            return array.astype(array.dtype.newbyteorder("="))
        raise NotDataError(f"numpy.ndarray of dtype {array.dtype}", self.where())

    def _add_sequence(self, values: list[Any] | tuple[Any, ...]) -> None:
        self._count(len(values))
        self.small += b"t" if isinstance(values, tuple) else b"l"
        self.small += _COUNT.pack(len(values))
        path = self.path
        path.append(0)
        for index, value in enumerate(values):
            path[-1] = index
            if type(value) is float:  # a loss history: the common long list
                self.small += _TAGGED_FLOAT64.pack(_FLOAT, value)
            else:
                self.add(value)
        path.pop()

    def _add_dict(self, values: dict[Any, Any]) -> None:
        self._count(2 * len(values))
        self.small += b"m"
        self.small += _COUNT.pack(len(values))
        path = self.path
        for key, value in dict.items(values):
            plain_key = key.item() if isinstance(key, np.generic) else key
            if not _is_key(plain_key):
                raise NotDataError(_type_name(key), self.where(), "as a key")
            path.append(plain_key)
            self.add(plain_key)
            self.add(value)
            path.pop()

    def _count(self, number: int) -> None:
        self.items += number
        if len(self.path) >= MAX_DEPTH:
            raise CodecError(f"{self.where()}: nested more than {MAX_DEPTH} deep")
        if self.items > MAX_ITEMS:
            raise CodecError(f"{self.where()}: more than {MAX_ITEMS} elements; use an array")


def encode(value: object, *, where: str = "value", offset: int = 0) -> list[Buffer]:
    """`value` as buffers to write in order; `offset` bytes of the frame come before them.

    Raises `NotDataError` for what is not plain data and `CodecError` beyond the limits. Large
    arrays are not copied: write the buffers before the arrays change.
    """
    encoder = _Encoder(where, offset)
    encoder.add(value)
    return encoder.finish()


def _is_key(key: object) -> bool:
    if isinstance(key, int):
        return int.bit_length(key) < _KEY_BITS
    return isinstance(key, (str, float, bytes, type(None)))


def _type_name(value: object) -> str:
    kind = type(value)
    module = kind.__module__
    return kind.__qualname__ if module in ("builtins", "__main__") else f"{module}.{kind.__name__}"


def _tensor_array(value: object) -> np.ndarray[Any, Any] | None:
    """A torch tensor as an array, without importing torch."""
    if type(value).__module__.partition(".")[0] != "torch" or not hasattr(value, "detach"):
        return None
    array = value.detach().cpu().resolve_conj().numpy()
    return array if isinstance(array, np.ndarray) else None


class _Decoder:
    """Reads values from a buffer; every length is checked before it is used.

    `unpack_from` raises struct.error where the buffer ends too early.
    """

    def __init__(self, buffer: Buffer, position: int) -> None:
        self.view = memoryview(buffer).cast("B")
        self.end = len(self.view)
        self.position = position
        self.items = 0

    def take(self, size: int) -> memoryview:
        start, end = self.position, self.position + size
        if end > self.end:
            raise CodecError(_TOO_EARLY)
        self.position = end
        return self.view[start:end]

    def byte(self) -> int:
        position = self.position
        if position >= self.end:
            raise CodecError(_TOO_EARLY)
        self.position = position + 1
        return self.view[position]

    def length(self) -> int:
        size: int = _LENGTH.unpack_from(self.view, self.position)[0]
        self.position += 8
        if size > self.end - self.position:
            raise CodecError("a length runs past the end of the message")
        return size

    def count(self) -> int:
        number: int = _COUNT.unpack_from(self.view, self.position)[0]
        self.position += 4
        self.items += number
        if number > self.end - self.position or self.items > MAX_ITEMS:
            raise CodecError("more elements than the message can hold")
        return number

    def value(self, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise CodecError(f"nested more than {MAX_DEPTH} deep")
        position = self.position
        if position >= self.end:
            raise CodecError(_TOO_EARLY)
        self.position = position + 1
        read = _READERS.get(self.view[position])
        if read is None:
            raise CodecError("an unknown tag")
        return read(self, depth)

    def read_int64(self, depth: int) -> int:
        number: int = _INT64.unpack_from(self.view, self.position)[0]
        self.position += 8
        return number

    def read_bigint(self, depth: int) -> int:
        size = self.length()
        if size > MAX_INT_BYTES:
            raise CodecError("an int beyond the limit")
        return int.from_bytes(self.take(size), "little", signed=True)

    def read_float(self, depth: int) -> float:
        number: float = _FLOAT64.unpack_from(self.view, self.position)[0]
        self.position += 8
        return number

    def read_str(self, depth: int) -> str:
        try:
            return str(self.take(self.length()), "utf-8")
        except UnicodeDecodeError:
            raise CodecError("a string that is not UTF-8") from None

    def read_list(self, depth: int) -> list[Any]:
        deeper = depth + 1
        return [self.value(deeper) for _ in range(self.count())]

    def read_dict(self, depth: int) -> dict[Any, Any]:
        number = self.count()
        values: dict[Any, Any] = {}
        for _ in range(number):
            key = self.value(depth + 1)
            if not _is_key(key):
                raise CodecError("a key that is not a scalar, or an int beyond 64 bits")
            if key in values:
                raise CodecError("a key twice")
            values[key] = self.value(depth + 1)
        return values

    def read_scalar(self, depth: int) -> Any:
        dtype = _dtype(self.byte())
        return _elements(self.take(dtype.itemsize), dtype)[0]

    def read_array(self, depth: int) -> np.ndarray[Any, Any]:
        dtype = _dtype(self.byte())
        dimensions = self.byte()
        if dimensions > MAX_DIMENSIONS:
            raise CodecError(f"{dimensions} dimensions")
        shape = _SHAPES[dimensions].unpack_from(self.view, self.position)
        self.position += 8 * dimensions
        # an empty array's other sizes cost nothing to claim, and someone may loop over them
        if 0 in shape and math.prod(size for size in shape if size) > MAX_ITEMS:
            raise CodecError("a shape beyond the limit")
        padding = self.byte()
        if padding >= ALIGNMENT:
            raise CodecError("a wrong padding")
        self.position += padding
        array = _elements(self.take(math.prod(shape) * dtype.itemsize), dtype)
        return array if dimensions == 1 else array.reshape(shape)


def _dtype(code: int) -> np.dtype[Any]:
    if code >= len(DTYPES):
        raise CodecError("an unknown dtype")
    return DTYPES[code]


def _elements(body: memoryview, dtype: np.dtype[Any]) -> np.ndarray[Any, Any]:
    if dtype is _BOOL and len(body) and np.frombuffer(body, np.uint8).max() > 1:
        raise CodecError("a bool that is neither 0 nor 1")
    return np.frombuffer(body, dtype)


_READERS: dict[int, Callable[[_Decoder, int], Any]] = {
    ord("N"): lambda decoder, depth: None,
    ord("T"): lambda decoder, depth: True,
    ord("F"): lambda decoder, depth: False,
    ord("j"): lambda decoder, depth: decoder.byte(),
    ord("i"): _Decoder.read_int64,
    ord("I"): _Decoder.read_bigint,
    ord("d"): _Decoder.read_float,
    ord("c"): lambda decoder, depth: complex(*_COMPLEX.unpack(decoder.take(16))),
    ord("s"): _Decoder.read_str,
    ord("b"): lambda decoder, depth: bytes(decoder.take(decoder.length())),
    ord("l"): _Decoder.read_list,
    ord("t"): lambda decoder, depth: tuple(decoder.read_list(depth)),
    ord("m"): _Decoder.read_dict,
    ord("g"): _Decoder.read_scalar,
    ord("a"): _Decoder.read_array,
    ord("h"): lambda decoder, depth: Handle(_LENGTH.unpack(decoder.take(8))[0]),
}


def decode(buffer: Buffer, *, offset: int = 0) -> Any:
    """The value at `offset` of `buffer`, which must end there.

    Arrays are views of `buffer`: writable if it is a bytearray, read-only if it is bytes.
    Raises `CodecError` for anything that `encode` would not have written.
    """
    decoder = _Decoder(buffer, offset)
    try:
        value = decoder.value(0)
    except (struct.error, OverflowError, RecursionError) as error:
        raise CodecError(str(error)) from None
    if decoder.position != decoder.end:
        raise CodecError("bytes after the end of the message")
    return value
