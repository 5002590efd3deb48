from __future__ import annotations

import gzip
import io
import stat
import struct
import tarfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterable

import pytest

from autograder.archive import ending, kind_of, read_archive
from autograder.assignment import SubmissionSpec
from autograder.errors import SubmissionError

SPEC = SubmissionSpec(max_bytes=1_000_000, max_files=20)
CODE = b"def f():\n    return 1\n"


def zipped(members: Iterable[tuple[str | zipfile.ZipInfo, bytes]], method: int = 8) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return data.getvalue()


def tarred(
    members: Iterable[tuple[tarfile.TarInfo, bytes]], format: int = tarfile.PAX_FORMAT
) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=format) as archive:
        for info, content in members:
            info.size = len(content) if info.isreg() else 0
            archive.addfile(info, io.BytesIO(content))
    return data.getvalue()


def info_of(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = link
    return info


def zip_mode(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = mode << 16
    return info


def with_changed(data: bytes, signature: bytes, offset: int, new: bytes) -> bytes:
    """`data` with `new` at `offset` in every zip header of that signature."""
    changed = bytearray(data)
    place = data.find(signature)
    while place >= 0:
        changed[place + offset : place + offset + len(new)] = new
        place = data.find(signature, place + 4)
    return bytes(changed)


def test_a_zip_gives_its_files_whatever_their_order() -> None:
    members = [("b/helper.py", b"x = 1"), ("a.py", CODE), ("b/", b""), ("__MACOSX/._a.py", b"x")]
    expected = {"a.py": CODE, "b/helper.py": b"x = 1"}
    assert read_archive("s.zip", zipped(members), SPEC) == expected
    assert read_archive("S.ZIP", zipped(reversed(members)), SPEC) == expected
    assert read_archive("s.zip", zipped(members, zipfile.ZIP_STORED), SPEC) == expected


@pytest.mark.parametrize(
    "format", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT], ids=str
)
@pytest.mark.parametrize(
    ("name", "pack"), [("s.tar", bytes), ("s.tar.gz", gzip.compress), ("s.TGZ", gzip.compress)]
)
def test_a_tar_gives_its_files(name: str, pack: Callable[[bytes], bytes], format: int) -> None:
    long = "/".join(["folder" * 8] * 4) + "/a.py"
    members = [
        (info_of("./"), b""),
        (info_of("./a.py"), CODE),
        (info_of("./empty.txt"), b""),
        (info_of("folder", tarfile.DIRTYPE), b""),
        (info_of(long), b"x" * 1000),
        (info_of(".git/config"), b"x"),
    ]
    members[0][0].type = tarfile.DIRTYPE
    files = read_archive(name, pack(tarred(members, format)), SPEC)
    assert files == {"a.py": CODE, "empty.txt": b"", long: b"x" * 1000}


@pytest.mark.parametrize("format", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT], ids=str)
def test_a_tar_keeps_a_long_persian_name(format: int) -> None:
    name = "پاسخ‌های تمرین " * 6 + ".py"
    assert read_archive("s.tar", tarred([(info_of(name), CODE)], format), SPEC) == {name: CODE}


def test_a_zip_keeps_a_persian_name_with_and_without_the_utf8_flag() -> None:
    data = zipped([("پاسخ.py", CODE)])
    assert read_archive("s.zip", data, SPEC) == {"پاسخ.py": CODE}
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data = with_changed(data, signature, offset, b"\0\0")
    assert read_archive("s.zip", data, SPEC) == {"پاسخ.py": CODE}


def test_a_backslash_separates_folders_in_a_zip_from_windows() -> None:
    data = zipped([("hw/a.py", CODE)]).replace(b"hw/a.py", b"hw\\a.py")
    assert read_archive("s.zip", data, SPEC) == {"hw/a.py": CODE}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../evil.py", "`../evil.py` leads out"),
        ("..\\evil.py", "leads out"),
        ("/etc/cron.d/evil", "leads out"),
        ("C:\\evil.py", "leads out"),
        ("a\u202eyp.py", "cannot be seen"),
        ("d/" * 40 + "a.py", "folders deep"),
    ],
)
def test_a_name_that_leads_out_or_hides_is_refused(name: str, message: str) -> None:
    with pytest.raises(SubmissionError, match=message):
        read_archive("s.zip", zipped([(name, CODE)]), SPEC)
    with pytest.raises(SubmissionError, match=message):
        read_archive("s.tar", tarred([(info_of(name), CODE)]), SPEC)


def test_a_zip_name_is_judged_before_it_is_cut_at_a_zero_byte() -> None:
    data = zipped([("a.pyX.txt", CODE)]).replace(b"a.pyX.txt", b"a.py\0.txt")
    with pytest.raises(SubmissionError, match="cannot be seen"):
        read_archive("s.zip", data, SPEC)


@pytest.mark.parametrize(
    "kind",
    [
        tarfile.SYMTYPE,
        tarfile.LNKTYPE,
        tarfile.CHRTYPE,
        tarfile.BLKTYPE,
        tarfile.FIFOTYPE,
        tarfile.GNUTYPE_SPARSE,
        b"V",
        b"Z",
    ],
)
def test_a_tar_member_that_is_no_file_is_refused(kind: bytes) -> None:
    data = tarred([(info_of("a.py", kind, "/etc/passwd"), b"")])
    with pytest.raises(SubmissionError, match=r"`a.py` in the archive is a link or a device"):
        read_archive("s.tar", data, SPEC)


def test_a_sparse_tar_member_is_refused() -> None:
    info = info_of("a.py")
    info.pax_headers = {"GNU.sparse.realsize": "10000000000", "GNU.sparse.major": "1"}
    with pytest.raises(SubmissionError, match="link or a device"):
        read_archive("s.tar", tarred([(info, CODE)]), SPEC)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_a_zip_entry_that_is_no_file_is_refused(kind: int) -> None:
    data = zipped([(zip_mode("a.py", kind | 0o777), b"/etc/passwd")])
    with pytest.raises(SubmissionError, match=r"`a.py` in the archive is a link or a device"):
        read_archive("s.zip", data, SPEC)


@pytest.mark.parametrize("names", [("a.py", "a.py"), ("a.py", "./a.py")])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_comes_twice_is_refused(names: tuple[str, str]) -> None:
    with pytest.raises(SubmissionError, match=r"`a.py` is in the submission twice"):
        read_archive("s.zip", zipped([(name, CODE) for name in names]), SPEC)
    with pytest.raises(SubmissionError, match=r"`a.py` is in the submission twice"):
        read_archive("s.tar", tarred([(info_of(name), CODE) for name in names]), SPEC)


def test_names_that_differ_in_case_alone_are_refused() -> None:
    with pytest.raises(SubmissionError, match=r"`a.py` and `A.py` would be the same file"):
        read_archive("s.zip", zipped([("a.py", CODE), ("A.py", CODE)]), SPEC)


def test_an_encrypted_zip_is_refused() -> None:
    data = zipped([("a.py", CODE)])
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data = with_changed(data, signature, offset, b"\x01\0")
    with pytest.raises(SubmissionError, match=r"`a.py` is encrypted with a password"):
        read_archive("s.zip", data, SPEC)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_whose_output_cannot_be_bounded_is_refused(method: int) -> None:
    with pytest.raises(SubmissionError, match="compressed in a way"):
        read_archive("s.zip", zipped([("a.py", CODE)], method), SPEC)


def zeros(megabytes: int) -> bytes:
    """Deflated zeros, a megabyte at a time; a full flush makes the pieces repeatable."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = deflate.compress(bytes(1_000_000)) + deflate.flush(zlib.Z_FULL_FLUSH)
    return piece * megabytes + b"\x03\0"


def zip_of_deflated(body: bytes, declared: int) -> bytes:
    """A zip64 whose only entry, `a.py`, declares `declared` zero bytes for the deflated `body`."""
    crc = zlib.crc32(bytes(min(declared, 1_000_000)))
    extra = struct.pack("<HHQQ", 1, 16, declared, len(body))
    sizes = struct.pack("<IIIHH", crc, 0xFFFFFFFF, 0xFFFFFFFF, 4, len(extra))
    local = b"PK\x03\x04" + struct.pack("<HHHHH", 45, 0, 8, 0, 0) + sizes + b"a.py" + extra + body
    central = b"PK\x01\x02" + struct.pack("<HHHHHH", 45, 45, 0, 8, 0, 0) + sizes
    central += struct.pack("<HHHII", 0, 0, 0, 0, 0) + b"a.py" + extra
    end = struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + b"PK\x05\x06" + end


def read_without_memory(name: str, data: bytes, message: str, limit: int) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(SubmissionError, match=message):
            read_archive(name, data, SubmissionSpec(max_bytes=20_000_000))
        assert tracemalloc.get_traced_memory()[1] < limit
    finally:
        tracemalloc.stop()


def test_ten_gigabytes_of_zeros_in_a_zip_are_not_unpacked() -> None:
    data = zip_of_deflated(zeros(10_000), 10_000_000_000)
    read_without_memory("s.zip", data, "larger than 20 MB unpacked", 15_000_000)


def test_ten_gigabytes_that_declare_less_are_read_as_far_as_they_declare() -> None:
    body = zeros(10_000)
    assert read_archive("s.zip", zip_of_deflated(body, 1_000_000), SPEC) == {
        "a.py": bytes(1_000_000)
    }
    read_without_memory("s.zip", zip_of_deflated(body, 2_000_000), "damaged", 20_000_000)


def test_ten_gigabytes_of_zeros_in_a_gzipped_tar_are_not_unpacked() -> None:
    header = info_of("a.py")
    header.size = 10_000_000_000
    block = gzip.compress(bytes(10_000_000))  # gzip members may follow one another
    data = gzip.compress(header.tobuf(tarfile.GNU_FORMAT)) + block * 1000
    read_without_memory("s.tar.gz", data, "larger than 20 MB unpacked", 150_000_000)


def test_a_declared_ratio_that_deflate_cannot_reach_is_refused() -> None:
    with pytest.raises(SubmissionError, match="damaged or cut off"):
        read_archive("s.zip", zip_of_deflated(b"\x03\0", 900_000), SPEC)


def test_many_small_entries_are_counted_before_the_directory_is_read() -> None:
    central = b"PK\x01\x02" + bytes(42)
    with pytest.raises(SubmissionError, match="more than 10000 files"):
        read_archive("s.zip", b"PK\x03\x04" + central * 10_001, SPEC)


def test_one_file_too_many_is_refused() -> None:
    with pytest.raises(SubmissionError, match="more than 20 files"):
        read_archive("s.zip", zipped([(f"{n}.py", CODE) for n in range(21)]), SPEC)


def test_a_lying_zip_header_is_refused() -> None:
    data = zipped([("a.py", CODE)])
    lies = [
        with_changed(data, b"PK\x01\x02", 24, struct.pack("<I", 5)),  # size
        with_changed(data, b"PK\x01\x02", 24, struct.pack("<I", 500)),
        with_changed(data, b"PK\x01\x02", 16, b"\0\0\0\0"),  # checksum
        with_changed(data, b"PK\x01\x02", 42, struct.pack("<I", 9999)),  # place
        with_changed(data, b"PK\x03\x04", 30, b"b.py"),  # another name
        with_changed(data, b"PK\x05\x06", 12, struct.pack("<I", 4_000_000_000)),
    ]
    for lie in lies:
        with pytest.raises(SubmissionError, match="damaged or cut off"):
            read_archive("s.zip", lie, SPEC)


@pytest.mark.parametrize("kept", [0, 1, 10, 30, 80, 120])
def test_a_cut_zip_is_refused(kept: int) -> None:
    data = zipped([("a.py", CODE)])
    assert kept < len(data)
    with pytest.raises(SubmissionError, match=r"`s.zip` is damaged or cut off"):
        read_archive("s.zip", data[:kept], SPEC)


@pytest.mark.parametrize("kept", [0, 100, 512, 520, 1024])
def test_a_cut_tar_is_refused(kept: int) -> None:
    data = tarred([(info_of("a.py"), CODE)])
    with pytest.raises(SubmissionError, match=r"`s.tar` is damaged or cut off"):
        read_archive("s.tar", data[:kept], SPEC)


def test_a_cut_gzip_is_refused() -> None:
    data = gzip.compress(tarred([(info_of("a.py"), CODE)]))
    for cut in (data[:-4], data[:20], data[:-8] + b"\0" * 8):
        with pytest.raises(SubmissionError, match="damaged or cut off"):
            read_archive("s.tgz", cut, SPEC)


def tar_header(name: bytes, size: bytes, kind: bytes = b"0") -> bytes:
    header = bytearray(512)
    header[: len(name)] = name
    header[124 : 124 + len(size)] = size
    header[148:156] = b" " * 8
    header[156:157] = kind
    header[257:265] = b"ustar\x0000"
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header)


@pytest.mark.parametrize(
    "data",
    [
        tar_header(b"a.py", b"\xff" * 12),  # GNU's base 256, negative in its two's complement
        tar_header(b"a.py", b"77777777777"),
        tar_header(b"a.py", b"-0000000001"),
        tar_header(b"a.py", b"nonsense"),
        tar_header(b"x", b"00000000020", b"x") + b"99999 path=a\n".ljust(512, b"\0"),
        tar_header(b"x", b"00000000020", b"x") + b"0 path=a\n".ljust(512, b"\0"),
        tar_header(b"x", b"00000000020", b"x") + b"-5 path=a\n".ljust(512, b"\0"),
        b"".join(tar_header(b"x", b"00000000000", b"x") for _ in range(5000)),
    ],
    ids=["negative", "huge", "minus", "nonsense", "long pax", "zero pax", "minus pax", "chain"],
)
def test_a_crafted_tar_header_is_refused(data: bytes) -> None:
    with pytest.raises(SubmissionError, match="damaged or cut off"):
        read_archive("s.tar", data, SPEC)


def test_extended_tar_headers_are_bounded() -> None:
    spec = SubmissionSpec(max_bytes=20_000_000)
    record = b"1000000 comment=" + b"x" * 999_983 + b"\n"
    block = tar_header(b"x", b"%011o" % len(record), b"x") + record.ljust(1_000_448, b"\0")
    with pytest.raises(SubmissionError, match="damaged or cut off"):
        read_archive("s.tar", block * 5 + tarred([(info_of("a.py"), CODE)]), spec)


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("s.zip", b"Rar!\x1a\x07\x01\x00", "RAR"),
        ("s.zip", b"7z\xbc\xaf\x27\x1c\x00\x04", "7z"),
        ("s.zip", gzip.compress(b"x"), "gzip"),
        ("s.zip", b"<!DOCTYPE html><html>", "HTML"),
        ("s.tar.gz", zipped([("a.py", CODE)]), "zip"),
        ("s.tgz", tarred([(info_of("a.py"), CODE)]), "tar"),
        ("s.tar", b"BZh91AY&SY", "bzip2"),
        ("s.tar", b"\xfd7zXZ\x00", "xz"),
    ],
    ids=["RAR", "7z", "gzip", "HTML", "zip", "tar", "bzip2", "xz"],  # no id may hold the time
)
def test_an_archive_under_a_wrong_name_is_called_what_it_is(
    name: str, data: bytes, kind: str
) -> None:
    with pytest.raises(SubmissionError, match=f"its content is `{kind}`"):
        read_archive(name, data, SPEC)


def test_endings_and_kinds() -> None:
    assert [ending(name) for name in ("a.TAR.GZ", "a.tgz", "a.zip", "a.gz", "zip")] == [
        ".tar.gz",
        ".tgz",
        ".zip",
        "",
        "",
    ]
    assert kind_of(b"import numpy as np\n") == ""
    assert kind_of(b'\n{"cells": [], "nbformat": 4}') == ".ipynb"
    assert kind_of(b"{\\rtf1\\ansi") == "RTF"
    assert kind_of(b"%PDF-1.7") == "PDF"
