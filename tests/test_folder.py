from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from autograder import folder
from autograder.assignment import SubmissionSpec
from autograder.errors import SubmissionError
from autograder.folder import is_folder, read_file, read_folder
from autograder.tree import MAX_DEPTH

SPEC = SubmissionSpec(max_bytes=1000, max_files=5)

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX files")


@pytest.fixture(params=["descriptors", "paths"])
def walk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How folders are walked: by descriptors, and by paths as on Windows."""
    if request.param == "paths":
        monkeypatch.setattr(folder, "_BY_DESCRIPTOR", False)
    elif not folder._BY_DESCRIPTOR:
        pytest.skip("this system walks by path")
    return str(request.param)


def refusal(path: Path, spec: SubmissionSpec = SPEC) -> str:
    before = _open_descriptors()
    with pytest.raises(SubmissionError) as caught:
        read_folder(path, spec)
    assert _open_descriptors() == before
    assert caught.value.message["fa"] != caught.value.message["en"]
    return caught.value.message["en"]


def _open_descriptors() -> int:
    return len(os.listdir("/proc/self/fd")) if os.path.exists("/proc/self/fd") else 0


def test_every_file_is_read_and_what_systems_leave_behind_is_not(tmp_path: Path, walk: str) -> None:
    for name in ("b.py", "a/c/d.txt", "a/پاسخ.py", ".git/config", "__pycache__/b.pyc", "Thumbs.db"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    (tmp_path / "empty").mkdir()
    files = read_folder(tmp_path, SPEC)
    assert list(files) == ["a/c/d.txt", "a/پاسخ.py", "b.py"]
    assert all(content == name.encode() for name, content in files.items())


@posix
@pytest.mark.parametrize(
    "target", ["/etc/passwd", "../outside.py", "real.py", "gone", ".", "loop.py"]
)
def test_a_link_is_never_followed(tmp_path: Path, walk: str, target: str) -> None:
    (tmp_path / "outside.py").write_text("secret")
    inside = tmp_path / "submission"
    inside.mkdir()
    (inside / "real.py").write_text("x = 1")
    (inside / "loop.py").symlink_to(target)
    assert refusal(inside).startswith("`loop.py` is a link, and links are not followed")


@posix
def test_a_link_to_a_folder_is_no_folder(tmp_path: Path, walk: str) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real", target_is_directory=True)
    assert is_folder(tmp_path / "real")
    assert not is_folder(tmp_path / "link")
    assert "`link` is a link" in refusal(tmp_path / "link")


@posix
def test_a_folder_that_turns_into_a_link_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.py").write_text("secret")
    inside = tmp_path / "submission"
    (inside / "sub").mkdir(parents=True)
    really_open = os.open

    def swapping_open(path: Path, flags: int, **more: int) -> int:
        if Path(path).name == "sub":
            (inside / "sub").rmdir()
            (inside / "sub").symlink_to(outside, target_is_directory=True)
        return really_open(path, flags, **more)

    monkeypatch.setattr(folder.os, "open", swapping_open)
    with pytest.raises(SubmissionError, match=r"`sub` cannot be read"):
        read_folder(inside, SPEC)


@posix
def test_a_pipe_or_socket_is_refused_and_not_waited_for(tmp_path: Path, walk: str) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    assert "`pipe.py` is neither a file nor a folder" in refusal(tmp_path)
    with pytest.raises(SubmissionError, match="neither a file"):
        read_file(tmp_path / "pipe.py", SPEC)
    (tmp_path / "pipe.py").unlink()
    with socket.socket(socket.AF_UNIX) as listening:
        here = os.getcwd()
        try:
            os.chdir(tmp_path)
            listening.bind("s.py")
        finally:
            os.chdir(here)
        assert "`s.py` is neither a file nor a folder" in refusal(tmp_path)


@posix
def test_a_device_is_refused() -> None:
    with pytest.raises(SubmissionError, match="neither a file nor a folder"):
        read_file(Path("/dev/zero"), SPEC)


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path, walk: str) -> None:
    with (tmp_path / "weights.bin").open("wb") as file:
        file.truncate(10_000_000_000)
    assert "larger than 0.001 MB unpacked" in refusal(tmp_path)
    with pytest.raises(SubmissionError, match="larger than"):
        read_file(tmp_path / "weights.bin", SPEC)


def test_sizes_and_numbers_are_counted_over_all_folders(tmp_path: Path, walk: str) -> None:
    for name in "abc":
        (tmp_path / name).mkdir()
        (tmp_path / name / "data.bin").write_bytes(bytes(400))
    assert "larger than" in refusal(tmp_path)
    assert "more than 2 files" in refusal(tmp_path, SubmissionSpec(max_files=2))


def test_depth_is_bounded(tmp_path: Path, walk: str) -> None:
    deep = tmp_path.joinpath(*["d"] * MAX_DEPTH)
    deep.mkdir(parents=True)
    (deep / "a.py").write_text("x = 1")
    assert "more than 16 folders deep" in refusal(tmp_path)


@posix
def test_names_that_clash_or_hide_are_refused(tmp_path: Path, walk: str) -> None:
    (tmp_path / "a.py").write_text("x = 1")
    (tmp_path / "A.py").write_text("x = 2")
    if len(os.listdir(tmp_path)) == 1:
        pytest.skip("the file system does not tell case apart")
    assert "same file" in refusal(tmp_path)
    (tmp_path / "A.py").rename(tmp_path / "x\u202egnp.py")
    assert "cannot be seen" in refusal(tmp_path)


@posix
def test_a_name_that_is_not_utf8_is_refused(tmp_path: Path, walk: str) -> None:
    try:
        (tmp_path / os.fsdecode(b"a\xff.py")).write_text("x = 1")
    except OSError:
        pytest.skip("the file system has UTF-8 names only")
    assert "is not UTF-8" in refusal(tmp_path)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission_is_the_submissions_problem(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1")
    (tmp_path / "a.py").chmod(0)
    assert "`a.py` cannot be read: `Permission denied`" in refusal(tmp_path)


def test_a_file_that_is_gone_is_the_submissions_problem(tmp_path: Path) -> None:
    with pytest.raises(SubmissionError, match=r"`gone.py` cannot be read: `No such file"):
        read_file(tmp_path / "gone.py", SPEC)


def test_a_fault_of_the_machine_is_not_the_submissions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.py").write_text("x = 1")

    def failing_open(path: Path, flags: int, **more: int) -> int:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(folder.os, "open", failing_open)
    with pytest.raises(OSError, match="Too many open files"):
        read_file(tmp_path / "a.py", SPEC)
