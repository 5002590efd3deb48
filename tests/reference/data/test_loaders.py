"""Loaders: right sizes on real files, damaged files refused, nothing unpickled."""

import gzip
import os
import pickle
import struct
from pathlib import Path

import numpy as np
import pytest

from reference.data.loaders import load_cifar10, load_digits, load_idx, load_mnist

NAMES = "airplane automobile bird cat deer dog frog horse ship truck".split()


@pytest.fixture(scope="module")
def real_data():
    folder = os.environ.get("AUTOGRADER_DATA")
    if folder is None:
        pytest.skip("AUTOGRADER_DATA names no folder with MNIST and CIFAR-10 files")
    return Path(folder)


def idx(values):
    codes = {"u1": 8, "i1": 9, "i2": 11, "i4": 12, "f4": 13, "f8": 14}
    big = values.astype(values.dtype.newbyteorder(">"))
    head = bytes([0, 0, codes[values.dtype.str[1:]], values.ndim])
    return head + struct.pack(f">{values.ndim}I", *values.shape) + big.tobytes()


def write_mnist(folder, images, labels, *, zipped):
    for kind, values in (("images-idx3", images), ("labels-idx1", labels)):
        content = idx(values)
        path = folder / f"t10k-{kind}-ubyte{'.gz' if zipped else ''}"
        path.write_bytes(gzip.compress(content) if zipped else content)


def write_cifar10(folder, images, labels, *, name="test_batch.bin"):
    folder.mkdir(exist_ok=True)
    (folder / "batches.meta.txt").write_text("\n".join(NAMES) + "\n\n")
    (folder / name).write_bytes(np.column_stack([labels, images.reshape(len(images), -1)]))


@pytest.fixture
def pixels():
    return np.random.default_rng(0).integers(0, 256, (7, 3, 32, 32), np.uint8)


def test_digits_have_1797_images_of_8x8_with_values_up_to_16():
    digits = load_digits()
    assert digits.images.shape == (1797, 1, 8, 8)
    assert (digits.images.min(), digits.images.max()) == (0, 16)
    assert np.bincount(digits.labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


@pytest.mark.parametrize("zipped", [True, False])
def test_mnist_reads_plain_and_gzipped_files(tmp_path, zipped):
    images = np.random.default_rng(0).integers(0, 256, (5, 28, 28), np.uint8)
    write_mnist(tmp_path, images, np.arange(5, dtype=np.uint8), zipped=zipped)
    data = load_mnist(tmp_path, "test")
    assert np.array_equal(data.images[:, 0], images)
    assert data.labels.tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("dtype", ["u1", "i1", "i2", "i4", "f4", "f8"])
def test_every_idx_type_is_read_in_native_byte_order(tmp_path, dtype):
    values = np.arange(-3, 3).reshape(2, 3).astype(dtype)
    (tmp_path / "x").write_bytes(idx(values))
    read = load_idx(tmp_path / "x")
    assert read.dtype == values.dtype
    assert np.array_equal(read, values)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "IDX magic number"),
        (b"\x01\0\x08\x01", "IDX magic number"),
        (b"\0\0\x07\x01", "IDX magic number"),
        (b"\0\0\x08\x02\0\0\0\x05", "must name 2 axes"),
        (idx(np.zeros((2, 3), np.uint8))[:-1], "must hold 6 bytes after its header.*got 5"),
        (idx(np.zeros((2, 3), np.uint8)) + b"\0", "must hold 6 bytes after its header.*got more"),
        (b"\0\0\x08\x02" + b"\xff" * 8, "its header says"),
    ],
)
def test_damaged_idx_files_are_refused(tmp_path, content, message):
    for path, stored in ((tmp_path / "x", content), (tmp_path / "x.gz", gzip.compress(content))):
        path.write_bytes(stored)
        with pytest.raises(ValueError, match=message):
            load_idx(path)


def test_a_cut_or_damaged_gzip_file_is_refused(tmp_path):
    whole = bytearray(gzip.compress(idx(np.arange(600).reshape(20, 30).astype("i4"))))
    damaged = whole.copy()
    damaged[40] ^= 0xFF
    for content in (whole[:-20], whole[:-6], damaged):
        (tmp_path / "x.gz").write_bytes(content)
        with pytest.raises(ValueError, match=r"must (be a whole gzip file|hold 2400 bytes)"):
            load_idx(tmp_path / "x.gz")


def test_mnist_with_other_images_other_counts_or_no_file_is_refused(tmp_path):
    images, labels = np.zeros((3, 28, 28), np.uint8), np.zeros(3, np.uint8)
    with pytest.raises(FileNotFoundError, match="t10k-images-idx3-ubyte"):
        load_mnist(tmp_path, "test")
    write_mnist(tmp_path, images[:, :8, :8], labels, zipped=False)
    with pytest.raises(ValueError, match=r"28x28, got uint8 of shape \(3, 8, 8\)"):
        load_mnist(tmp_path, "test")
    write_mnist(tmp_path, images, labels[:2], zipped=False)
    with pytest.raises(ValueError, match="one for each example"):
        load_mnist(tmp_path, "test")
    with pytest.raises(ValueError, match="split must be one of 'train', 'test'"):
        load_mnist(tmp_path, "validation")


@pytest.mark.parametrize("inner", ["", "cifar-10-batches-bin"])
def test_cifar10_returns_the_records_of_a_smaller_copy(tmp_path, pixels, inner):
    write_cifar10(tmp_path / inner, pixels, np.arange(7, dtype=np.uint8))
    data = load_cifar10(tmp_path, "test", partial=True)
    assert np.array_equal(data.images, pixels)
    assert data.labels.tolist() == list(range(7))
    assert data.classes == tuple(NAMES)


def test_cifar10_joins_the_training_files_in_order_and_misses_no_gap(tmp_path, pixels):
    for i, label in ((1, 4), (2, 6)):
        labels = np.full(7, label, np.uint8)
        write_cifar10(tmp_path, pixels, labels, name=f"data_batch_{i}.bin")
    assert load_cifar10(tmp_path, "train", partial=True).labels.tolist() == [4] * 7 + [6] * 7
    (tmp_path / "data_batch_1.bin").rename(tmp_path / "data_batch_5.bin")
    with pytest.raises(FileNotFoundError, match="data_batch_1"):
        load_cifar10(tmp_path, "train", partial=True)


def test_cifar10_of_a_wrong_size_is_refused(tmp_path, pixels):
    write_cifar10(tmp_path, pixels, np.zeros(7, np.uint8))
    with pytest.raises(ValueError, match=r"10000 records of 3073 bytes, got 21511 .*partial"):
        load_cifar10(tmp_path, "test")
    path = tmp_path / "test_batch.bin"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match="1 to 10000 records of 3073 bytes, got 21510 bytes"):
        load_cifar10(tmp_path, "test", partial=True)


def test_cifar10_with_wrong_labels_or_names_is_refused(tmp_path, pixels):
    write_cifar10(tmp_path, pixels, np.full(7, 10, np.uint8))
    with pytest.raises(ValueError, match=r"lie in \[0, 10\), got 10"):
        load_cifar10(tmp_path, "test", partial=True)
    write_cifar10(tmp_path, pixels, np.zeros(7, np.uint8))
    (tmp_path / "batches.meta.txt").write_text("cat dog")
    with pytest.raises(ValueError, match="must name 10 classes, got 2"):
        load_cifar10(tmp_path, "test", partial=True)


def test_a_pickle_under_a_data_files_name_is_refused_and_not_run(tmp_path):
    trap = tmp_path / "ran"

    class Trap:
        def __reduce__(self):
            return (Path.touch, (trap,))

    (tmp_path / "t10k-images-idx3-ubyte").write_bytes(pickle.dumps(Trap()))
    (tmp_path / "test_batch.bin").write_bytes(pickle.dumps(Trap()))
    with pytest.raises(ValueError, match="magic number"):
        load_mnist(tmp_path, "test")
    with pytest.raises(ValueError, match="records of 3073 bytes"):
        load_cifar10(tmp_path, "test", partial=True)
    assert not trap.exists()


def test_the_published_mnist_test_files_hold_10000_digits(real_data):
    data = load_mnist(real_data, "test")
    assert data.images.shape == (10_000, 1, 28, 28)
    counts = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert np.bincount(data.labels).tolist() == counts


def test_cifar10_in_its_binary_layout_is_read(real_data):
    if not (real_data / "cifar-10-batches-bin").is_dir():
        pytest.skip("AUTOGRADER_DATA holds no cifar-10-batches-bin")
    data = load_cifar10(real_data, "test", partial=True)
    assert data.images.shape[1:] == (3, 32, 32)
    assert data.classes == tuple(NAMES)
    assert data.images.mean(axis=(0, 2, 3)) == pytest.approx([125, 123, 114], abs=5)
