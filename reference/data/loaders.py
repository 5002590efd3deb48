"""Loaders: scikit-learn's digits, MNIST's IDX files, CIFAR-10's binary files.

Files are read from a folder that the caller names. Every size is checked against the format
before the numbers are used, and nothing is ever unpickled. Images have shape (N, C, H, W) and
keep the file's dtype.
"""

import gzip
import math
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from reference.arrays import IntArray, check_choice, check_labels

SplitName: TypeAlias = Literal["train", "test"]
SPLITS: tuple[SplitName, ...] = ("train", "test")

CIFAR10_CLASSES = 10
CIFAR10_RECORD = 1 + 3 * 32 * 32
CIFAR10_RECORDS_PER_FILE = 10_000
CIFAR10_FILES: dict[SplitName, tuple[str, ...]] = {
    "train": tuple(f"data_batch_{i}.bin" for i in range(1, 6)),
    "test": ("test_batch.bin",),
}

IDX_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
IDX_LIMIT_BYTES = 2**30
MNIST_STEMS: dict[SplitName, str] = {"train": "train", "test": "t10k"}


@dataclass(frozen=True)
class LabelledImages:
    """Images (N, C, H, W), their labels (N,) and the name of each class."""

    images: NDArray[Any]
    labels: IntArray
    classes: tuple[str, ...]


def load_digits() -> LabelledImages:
    """Return scikit-learn's 1,797 digits: images (1797, 1, 8, 8) in float64, values 0 to 16."""
    from sklearn import datasets

    digits = datasets.load_digits()
    labels = check_labels(digits.target, examples=len(digits.images), classes=10)
    return LabelledImages(digits.images[:, None], labels, tuple(str(i) for i in range(10)))


def load_mnist(folder: str | Path, split: SplitName) -> LabelledImages:
    """Return MNIST's `split`: images (N, 1, 28, 28) in uint8, from its two IDX files.

    The files may be plain or gzipped, as published (LeCun, Cortes and Burges, 1998).
    Raises FileNotFoundError: no such file. ValueError: what `load_idx` refuses, images that are
    not 28x28, counts of images and labels that differ.
    """
    stem = MNIST_STEMS[_split(split)]
    images_path = _first_file(Path(folder), f"{stem}-images", "idx3-ubyte")
    images = load_idx(images_path)
    if images.ndim != 3 or images.shape[1:] != (28, 28) or images.dtype != np.uint8:
        raise ValueError(
            f"{images_path.name} must hold uint8 images of 28x28, got {images.dtype} of shape "
            f"{images.shape}: it is another data set's file"
        )
    labels = load_idx(_first_file(Path(folder), f"{stem}-labels", "idx1-ubyte"))
    checked = check_labels(labels, examples=len(images), classes=10)
    return LabelledImages(images[:, None], checked, tuple(str(i) for i in range(10)))


def load_idx(path: str | Path) -> NDArray[Any]:
    """Return the array in an IDX file, plain or gzipped.

    Layout: 0, 0, type code, number of axes, each axis as a big-endian uint32, then the values.
    Raises ValueError: another magic number, more than 1 GiB, a size that does not fit the header.
    """
    path = Path(path)
    with path.open("rb") as raw:
        zipped = raw.read(2) == b"\x1f\x8b"
    try:
        with gzip.open(path, "rb") if zipped else path.open("rb") as file:
            return _read_idx(file, path.name)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ValueError(
            f"{path.name} must be a whole gzip file, got: {error}: download it again"
        ) from error


def load_cifar10(folder: str | Path, split: SplitName, *, partial: bool = False) -> LabelledImages:
    """Return CIFAR-10's `split`: images (N, 3, 32, 32) in uint8, from its binary files.

    `folder` is `cifar-10-batches-bin` or the folder around it. Each record is one label byte and
    3 x 32 x 32 pixels. The training split has 50,000 images and the test split 10,000 (slide s.17
    prints 100,000); `partial` accepts a smaller copy.
    Raises FileNotFoundError: a file is missing. ValueError: a size that is no whole number of
    records, too few or too many records, a label above 9, class names that are not ten.
    """
    _split(split)
    folder = _cifar10_folder(Path(folder))
    names = CIFAR10_FILES[split]
    present = [name for name in names if (folder / name).is_file()]
    wanted = names[: len(present)] if partial and present else names
    records = np.concatenate([_cifar10_records(folder / name, partial) for name in wanted])
    labels = check_labels(records[:, 0], examples=len(records), classes=CIFAR10_CLASSES)
    images = records[:, 1:].reshape(-1, 3, 32, 32)
    return LabelledImages(images, labels, _cifar10_names(folder / "batches.meta.txt"))


def _read_idx(file: BinaryIO | gzip.GzipFile, name: str) -> NDArray[Any]:
    head = file.read(4)
    if len(head) < 4 or head[:2] != b"\0\0" or head[2] not in IDX_TYPES:
        raise ValueError(
            f"{name} must start with an IDX magic number (0, 0, type, axes), got "
            f"{head.hex(' ')}: download it again"
        )
    axes = head[3]
    sizes = file.read(4 * axes)
    if axes == 0 or len(sizes) < 4 * axes:
        raise ValueError(f"{name} must name {axes} axes in its header, got fewer: download again")
    shape = struct.unpack(f">{axes}I", sizes)
    dtype = np.dtype(IDX_TYPES[head[2]])
    expected = math.prod(shape) * dtype.itemsize
    if expected > IDX_LIMIT_BYTES:
        raise ValueError(
            f"{name} may hold at most {IDX_LIMIT_BYTES} bytes, its header says {expected}: "
            "the header is damaged, download it again"
        )
    # One byte more than promised is asked for, so that a longer file is noticed unread.
    values = file.read(expected + 1)
    if len(values) != expected:
        found = "more" if len(values) > expected else str(len(values))
        raise ValueError(
            f"{name} must hold {expected} bytes after its header, for shape {shape}, got "
            f"{found}: the file is cut or damaged, download it again"
        )
    return np.frombuffer(values, dtype).astype(dtype.newbyteorder("=")).reshape(shape)


def _cifar10_folder(folder: Path) -> Path:
    inner = folder / "cifar-10-batches-bin"
    return inner if inner.is_dir() else folder


def _cifar10_records(path: Path, partial: bool) -> NDArray[np.uint8]:
    size = path.stat().st_size
    count, rest = divmod(size, CIFAR10_RECORD)
    fits = 0 < count <= CIFAR10_RECORDS_PER_FILE if partial else count == CIFAR10_RECORDS_PER_FILE
    if rest or not fits:
        rule = f"{'1 to ' if partial else ''}{CIFAR10_RECORDS_PER_FILE}"
        raise ValueError(
            f"{path.name} must hold {rule} records of {CIFAR10_RECORD} bytes, got {size} bytes: "
            f"{'download it again' if partial else 'download it again, or pass partial=True'}"
        )
    return np.fromfile(path, np.uint8, count * CIFAR10_RECORD).reshape(count, CIFAR10_RECORD)


def _cifar10_names(path: Path) -> tuple[str, ...]:
    names = tuple(path.read_text(encoding="ascii").split())
    if len(names) != CIFAR10_CLASSES:
        raise ValueError(f"{path.name} must name 10 classes, got {len(names)}: download it again")
    return names


def _split(split: str) -> SplitName:
    return "train" if check_choice(split, "split", SPLITS) == "train" else "test"


def _first_file(folder: Path, stem: str, kind: str) -> Path:
    """Return the file under any of the names that MNIST is published with."""
    names = [f"{stem}{mark}{kind}{end}" for mark in "-." for end in ("", ".gz")]
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise FileNotFoundError(f"{folder} holds none of {', '.join(names)}: name MNIST's folder")
