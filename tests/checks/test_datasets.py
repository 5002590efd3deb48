import gzip
import os
import struct

import numpy as np
import pytest

from autograder.checks import datasets
from autograder.checks.datasets import cifar10, mnist, named


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(datasets.FOLDER, str(tmp_path))
    for loader in (mnist, cifar10):
        loader.cache_clear()
    yield tmp_path
    for loader in (mnist, cifar10):
        loader.cache_clear()


def idx(array):
    sizes = struct.pack(f">{array.ndim}I", *array.shape)
    return bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes()


def test_mnist_is_read_plain_or_gzipped_from_all_files_that_are_there(folder):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, size=(7, 28, 28), dtype=np.uint8)
    labels = np.array([0, 1, 2, 3, 9, 9, 4], np.uint8)
    (folder / "t10k-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(images)))
    (folder / "t10k-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(labels)))
    data = named("mnist")
    assert np.array_equal(data.X, images.reshape(7, 784)) and np.array_equal(data.y, labels)
    assert data.shape == (1, 28, 28) and data.classes == 10
    (folder / "mnist").mkdir()
    (folder / "mnist" / "train-images-idx3-ubyte").write_bytes(idx(images[:3]))
    (folder / "mnist" / "train-labels-idx1-ubyte").write_bytes(idx(labels[:3]))
    mnist.cache_clear()
    assert len(mnist().X) == 10


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"\0\0\x0d\1\0\0\0\1", "not an IDX file of bytes"), (b"\0\0\x08\1\0\0\0\5ab", "cut off")],
)
def test_files_that_are_no_idx_files_are_refused(folder, content, message):
    (folder / "t10k-images-idx3-ubyte").write_bytes(content)
    (folder / "t10k-labels-idx1-ubyte").write_bytes(content)
    with pytest.raises(ValueError, match=message):
        mnist()


def test_cifar10_is_read_from_its_binary_batches(folder):
    rng = np.random.default_rng(1)
    records = rng.integers(0, 10, size=(4, 3073), dtype=np.uint8)
    (folder / "cifar-10-batches-bin").mkdir()
    (folder / "cifar-10-batches-bin" / "data_batch_2.bin").write_bytes(records[:3].tobytes())
    (folder / "cifar-10-batches-bin" / "test_batch.bin").write_bytes(records[3:].tobytes())
    data = named("cifar10")
    assert np.array_equal(data.X, records[:, 1:]) and np.array_equal(data.y, records[:, 0])
    assert data.shape == (3, 32, 32) and data.X.dtype == np.uint8
    (folder / "cifar-10-batches-bin" / "test_batch.bin").write_bytes(b"12345")
    cifar10.cache_clear()
    with pytest.raises(ValueError, match="5 bytes are no whole records"):
        cifar10()


def test_what_is_missing_is_said_with_the_mend(folder, monkeypatch):
    with pytest.raises(FileNotFoundError, match="no CIFAR-10 in it; put cifar-10-batches-bin/"):
        cifar10()
    monkeypatch.delenv(datasets.FOLDER)
    with pytest.raises(FileNotFoundError, match="MNIST needs its files: set AUTOGRADER_DATA"):
        mnist()
    with pytest.raises(ValueError, match="one of digits, mnist, cifar10, not 'svhn'"):
        named("svhn")


@pytest.mark.slow
@pytest.mark.parametrize(("name", "least"), [("mnist", 10_000), ("cifar10", 10_000)])
def test_the_real_files_are_read(name, least):
    if not os.environ.get(datasets.FOLDER):
        pytest.skip(f"{datasets.FOLDER} names no folder with the real files")
    try:
        data = named(name)
    except FileNotFoundError as error:
        pytest.skip(str(error))
    assert len(data.X) >= least and data.classes == 10
    assert np.bincount(data.y).min() > 0.08 * len(data.y)
