"""A reader of submissions as one writes it without a thought: the canary of the hostile files.

    python reader.py SUBMISSION FOLDER

It unpacks an archive into FOLDER, follows links, and parses what it finds. It prints what went
wrong with it, or nothing: `escaped`, `large` (on disk or in memory), `secret`, `twice`, `fooled`,
`stuck`, `crashed`.
"""

import json
import os
import resource
import stat
import subprocess
import sys
import tarfile
import time
import tomllib
import unicodedata
import zipfile
from pathlib import Path

LARGE = 40 << 20
SLOW_SECONDS = 1.0


def main(submission, folder):
    try:
        read(Path(submission), Path(folder))
    except (RecursionError, MemoryError, ValueError):  # of a parser whose stack is full, either
        print("crashed")
    if (Path(folder).parent / "escaped.txt").exists():
        print("escaped")
    look_at(Path(folder))


def read(path, folder):
    if path.suffix == ".zip":
        unzip(path, folder)
    elif path.suffix in (".tar", ".tgz"):
        with tarfile.open(path) as archive:
            archive.extractall(folder, filter="fully_trusted")
    elif path.suffix == ".ipynb":
        for cell in json.loads(path.read_text())["cells"]:
            run_magic(cell["source"], folder)
            if cell.get("input", cell["source"]) != cell["source"]:
                print("fooled")
    elif path.suffix == ".toml":
        read_answers(path)
    elif path.is_dir():
        for child in path.iterdir():
            os.symlink(child.resolve() if child.is_symlink() else child, folder / child.name)
    else:
        code = path.read_text()
        (folder / "tiny.py").write_text(code)
        started, before = time.process_time(), peak()
        resource.setrlimit(resource.RLIMIT_STACK, (8 << 20, resource.RLIM_INFINITY))
        try:
            compile(code, "tiny.py", "exec", 1024)  # ast.PyCF_ONLY_AST
        except SyntaxError:
            return
        if time.process_time() - started > SLOW_SECONDS:
            print("stuck")
        if peak() - before > LARGE:
            print("large")


def shown(answer):
    if isinstance(answer, list):
        return "\n".join(shown(part) for part in answer)
    return str(answer)


def read_answers(path):
    """Show every answer; work formulas out by Python, for as long as a patient grader waits."""
    for answer in tomllib.loads(path.read_text()).values():
        shown(answer)
        if isinstance(answer, str):
            formula = subprocess.Popen([sys.executable, "-c", f"from math import *; {answer}"])
            try:
                formula.wait(SLOW_SECONDS)
            except subprocess.TimeoutExpired:
                print("stuck")
                formula.kill()
                formula.wait()


def peak():
    """The largest resident set so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def unzip(path, folder):
    """As `unzip` did before it learnt to refuse: names are paths, links are links."""
    seen = set()
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            name = info.orig_filename.replace("\\", "/")
            if name.casefold() in seen:
                print("twice")
            seen.add(name.casefold())
            if name != name.partition("\0")[0]:
                print("fooled")
                name = name.partition("\0")[0]
            if any(unicodedata.bidirectional(one) == "RLO" for one in name):
                print("fooled")
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            info.file_size = info.compress_size * 2000  # the stated size is not looked at
            try:
                content = archive.read(info)
            except zipfile.BadZipFile:
                content = bytes(LARGE + 1)  # the whole was unpacked before the sum was wrong
            if stat.S_ISLNK(info.external_attr >> 16):
                target.symlink_to(content.decode())
            else:
                target.write_bytes(content)


def run_magic(source, folder):
    first, _, rest = str(source).partition("\n")
    if first.startswith("%%writefile "):
        (folder / first.split()[1]).write_text(rest)


def look_at(folder):
    sizes = 0
    for path in sorted(folder.rglob("*")):
        if stat.S_ISFIFO(path.stat().st_mode):
            print("stuck")
        elif path.is_file():
            sizes += path.stat().st_size
            if path.stat().st_size < 1000 and "the secret" in path.read_text(errors="replace"):
                print("secret")
    if sizes > LARGE:
        print("large")


if __name__ == "__main__":
    main(*sys.argv[1:])
