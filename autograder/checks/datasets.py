"""Named data to train on: the digits of scikit-learn, MNIST and CIFAR-10.

The last two are read in their published formats from the folder that the environment variable
AUTOGRADER_DATA names, `mnist` and `cifar-10-batches-bin` below it or the files right in it.
"""

from __future__ import annotations

import gzip
import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]

FOLDER = "AUTOGRADER_DATA"
"""The environment variable that names the folder of MNIST and CIFAR-10."""

_IDX_BYTES = 0x08
_MNIST_FILES = "t10k-images-idx3-ubyte.gz and its labels"
_CIFAR10 = (*(f"data_batch_{number}.bin" for number in range(1, 6)), "test_batch.bin")
_CIFAR10_FILES = "cifar-10-batches-bin/data_batch_1.bin"
_CIFAR10_RECORD = 1 + 3 * 32 * 32


@dataclass(frozen=True, eq=False)
class Dataset:
    """Samples `X` (N, D), and labels `y` (N,) from 0 to classes - 1.

    `X` is of floats within [0, 1], or of bytes (uint8), which tasks divide by 255.
    """

    name: str
    X: NDArray[Any]
    y: IntArray
    shape: tuple[int, ...] = ()
    """Of one sample where it is an image: (C, H, W), D = C H W; () where it is none."""

    @property
    def classes(self) -> int:
        """The number of classes."""
        return int(self.y.max()) + 1


def named(name: str) -> Dataset:
    """The data set of that name: `digits`, `mnist` or `cifar10`.

    Raises ValueError for another name, FileNotFoundError where its files are not there.
    """
    if name not in _LOADERS:
        raise ValueError(f"data must be one of {', '.join(_LOADERS)}, not {name!r}")
    return _LOADERS[name]()


def absence(name: str) -> str | None:
    """Why the data set of that name is not here, and the mend; None where its files are."""
    stems = ("train-images-idx3-ubyte", "t10k-images-idx3-ubyte")
    if name == "mnist" and not any(_find("mnist", stem, f"{stem}.gz") for stem in stems):
        return _missing("MNIST", _MNIST_FILES)
    if name == "cifar10" and not any(_find("cifar-10-batches-bin", each) for each in _CIFAR10):
        return _missing("CIFAR-10", _CIFAR10_FILES)
    return None


@cache
def digits() -> Dataset:
    """The 1,797 handwritten digits of scikit-learn: 8x8 pixels as rows of 64, within [0, 1].

    Read from scikit-learn's own file without importing it (importing takes a second).
    """
    table = _digits_table()
    return _frozen("digits", table[:, :-1] / 16.0, table[:, -1], (1, 8, 8))


def _digits_table() -> NDArray[Any]:
    package = find_spec("sklearn")
    for folder in package.submodule_search_locations or [] if package else []:
        path = Path(folder) / "datasets" / "data" / "digits.csv.gz"
        if path.is_file():
            rows = gzip.decompress(path.read_bytes()).split()
            values = b",".join(rows).split(b",")
            return np.array(values, dtype=np.float64).reshape(len(rows), -1)
    from sklearn.datasets import load_digits  # another layout of scikit-learn

    images, labels = load_digits(return_X_y=True)
    return np.column_stack([images, labels])


@cache
def mnist() -> Dataset:
    """MNIST's digits, rows of 28 x 28 bytes: all that lie there of the 60,000 and the 10,000.

    The four IDX files as published (LeCun, Cortes and Burges, 1998), plain or gzipped. Which of
    them a sample comes from does not matter: tasks draw their own split.
    """
    images, labels = [], []
    for part in ("train", "t10k"):
        stems = (f"{part}-images-idx3-ubyte", f"{part}-labels-idx1-ubyte")
        paths = [_find("mnist", stem, f"{stem}.gz") for stem in stems]
        if paths[0] is not None and paths[1] is not None:
            images.append(_idx(paths[0]).reshape(-1, 784))
            labels.append(_idx(paths[1]))
    if not images:
        raise FileNotFoundError(_missing("MNIST", _MNIST_FILES))
    return _frozen("mnist", np.concatenate(images), np.concatenate(labels), (1, 28, 28))


def _idx(path: Path) -> NDArray[np.uint8]:
    """The bytes of one IDX file, in their shape; ValueError where it is not one."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    dimensions = content[3] if len(content) >= 4 else 0
    header = 4 + 4 * dimensions
    if len(content) < header or content[:3] != bytes([0, 0, _IDX_BYTES]) or not dimensions:
        raise ValueError(f"{path}: not an IDX file of bytes; download it again")
    shape = tuple(int(size) for size in np.frombuffer(content[4:header], ">u4"))
    if math.prod(shape) != len(content) - header:
        raise ValueError(f"{path}: {len(content) - header} bytes for the shape {shape}; cut off?")
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)


@cache
def cifar10() -> Dataset:
    """CIFAR-10's images, rows of 3 x 32 x 32 bytes: all of the six batches that lie there.

    The binary version (Krizhevsky, 2009): a record is a label byte, then the red, the green and
    the blue plane, row by row.
    """
    paths = [path for name in _CIFAR10 if (path := _find("cifar-10-batches-bin", name)) is not None]
    if not paths:
        raise FileNotFoundError(_missing("CIFAR-10", _CIFAR10_FILES))
    records = np.concatenate([_cifar10_records(path) for path in paths])
    return _frozen("cifar10", records[:, 1:], records[:, 0], (3, 32, 32))


def _cifar10_records(path: Path) -> NDArray[np.uint8]:
    content = np.fromfile(path, np.uint8)
    if content.size == 0 or content.size % _CIFAR10_RECORD:
        raise ValueError(f"{path}: {content.size} bytes are no whole records; download it again")
    records = content.reshape(-1, _CIFAR10_RECORD)
    if records[:, 0].max() > 9:
        raise ValueError(f"{path}: a label above 9; it is not CIFAR-10's binary version")
    return records


def _find(folder: str, *names: str) -> Path | None:
    root = os.environ.get(FOLDER)
    for place in (Path(root) / folder, Path(root)) if root else ():
        for name in names:
            if (place / name).is_file():
                return place / name
    return None


def _missing(data: str, files: str) -> str:
    root = os.environ.get(FOLDER)
    if not root:
        return f"{data} needs its files: set {FOLDER} to the folder that holds {files}"
    return f"{root}: no {data} in it; put {files} there, or set {FOLDER} to another folder"


def _frozen(name: str, X: NDArray[Any], y: NDArray[Any], shape: tuple[int, ...]) -> Dataset:
    labels = y.astype(np.int64)
    X.setflags(write=False)
    labels.setflags(write=False)
    return Dataset(name, X, labels, shape)


_LOADERS: dict[str, Callable[[], Dataset]] = {"digits": digits, "mnist": mnist, "cifar10": cifar10}
