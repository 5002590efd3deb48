"""Chaos: a class graded while its grader is killed again and again, and the disk and memory end.

    python benchmarks/chaos.py --count 300 --kills 50

One submission in five is hostile. Undisturbed, the class is graded once. Then it is graded again
while, at random moments, `kill -9` hits the zygote, a subject (as the kernel does when memory
runs out), a worker or the whole program; a worker gets almost no memory to go on with; the disk
of the reports and the gradebook is full. The same command is started again until it has no more to
do. Afterwards every submission must have exactly one result, equal to the undisturbed run's, and no
process, mount, or half-written file may be left. Linux; the full disk needs root.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chaos_class import write_chaos_class

ROOT = Path(__file__).resolve().parents[1]
SMALL = ROOT / "benchmarks" / "small_assignment"
TARGETS = ("zygote", "subject", "worker", "program", "memory")
_MARKS = {
    "grade_worker": (b"autograder.grade_worker",),
    "zygote": (b"zygote.main", b"nursery.main"),
}


@dataclass
class Chaos:
    """What was done to the grader, and what came of it."""

    kills: collections.Counter[str] = field(default_factory=collections.Counter)
    runs: int = 0
    exits: collections.Counter[int] = field(default_factory=collections.Counter)
    internal_errors: set[str] = field(default_factory=set)
    """Submissions that ended in an error of ours in one of the runs, to be graded again."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the chaos; 0 if nothing was lost, doubled or different."""
    options = _options(argv)
    with tempfile.TemporaryDirectory(prefix="chaos-") as temporary:
        folder = Path(temporary)
        folder.chmod(0o755)
        hostile = write_chaos_class(folder / "class", options.count)
        print(f"{options.count} submissions, {hostile} of them hostile, {options.jobs} jobs")
        started = time.perf_counter()
        calm = results_of(folder, "calm", options.jobs)
        calm_seconds = time.perf_counter() - started
        print(f"undisturbed: {calm_seconds:.1f} s, {statuses(calm)}")
        chaos = Chaos()
        rng = random.Random(options.seed)
        started = time.perf_counter()
        pause = calm_seconds / max(1, options.kills)
        disturb(folder, options, chaos, rng, pause)
        full = fill_disk(folder, options.jobs, chaos) if options.disk else "not tried"
        finish(folder, options.jobs, chaos)
        print(f"disturbed: {time.perf_counter() - started:.1f} s, {chaos.runs} runs")
        print(f"  kill -9 and memory: {dict(chaos.kills)}, {sum(chaos.kills.values())} in all")
        print(f"  disk full: {full}; exit statuses of the runs: {dict(chaos.exits)}")
        print(f"  results that were internal errors for a while: {len(chaos.internal_errors)}")
        return verdict(folder, calm, documents(folder / "chaos"), options.count)


def command(folder: Path, name: str, jobs: int) -> list[str]:
    """`autograder grade` into the folder `name`."""
    grade = [sys.executable, "-m", "autograder", "grade", str(SMALL), str(folder / "class")]
    return [*grade, "--jobs", str(jobs), "--output", str(folder / name), "--json"]


def start(folder: Path, name: str, jobs: int) -> subprocess.Popen[bytes]:
    """Start grading in a session of its own."""
    return subprocess.Popen(
        command(folder, name, jobs),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def results_of(folder: Path, name: str, jobs: int) -> dict[str, Any]:
    """Grade undisturbed; every result without its times."""
    process = start(folder, name, jobs)
    if process.wait() not in (0, 3):
        sys.exit(f"autograder grade: exit {process.returncode}")
    return documents(folder / name)


def disturb(
    folder: Path, options: argparse.Namespace, chaos: Chaos, rng: random.Random, pause: float
) -> None:
    """Grade while one process after another is hit, until that happened often enough."""
    process = start(folder, "chaos", options.jobs)
    chaos.runs += 1
    while sum(chaos.kills.values()) < options.kills:
        time.sleep(rng.expovariate(1 / pause))
        if process.poll() is not None:
            chaos.exits[process.returncode] += 1
            chaos.internal_errors |= internal_errors(folder / "chaos")
            if process.returncode == 0:  # all done before all kills: take some results away
                forget(folder / "chaos", rng)
            process = start(folder, "chaos", options.jobs)
            chaos.runs += 1
            continue
        target = rng.choice(TARGETS)
        if hit(process.pid, target, rng):
            chaos.kills[target] += 1
    process.kill()
    chaos.exits[process.wait()] += 1


def hit(program: int, target: str, rng: random.Random) -> bool:
    """Hit one process of kind `target`; False if there was none at this moment."""
    family = descendants(program)
    kinds = {
        "program": [program],
        "worker": of_kind(family, "grade_worker"),
        "memory": of_kind(family, "grade_worker"),
        "zygote": first_of_each(family, "zygote"),
        "subject": others(family, "zygote"),
    }
    if not kinds[target]:
        return False
    victim = rng.choice(kinds[target])
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if target == "memory":
            size = int(Path(f"/proc/{victim}/statm").read_text().split()[0]) * 4096
            room = rng.randrange(0, 4 << 20)
            resource.prlimit(victim, resource.RLIMIT_AS, (size + room, resource.RLIM_INFINITY))
        else:
            os.kill(victim, signal.SIGKILL)
        return True
    return False


def descendants(root: int) -> dict[int, tuple[int, bytes]]:
    """Every process below `root`: pid -> parent and command line."""
    found: dict[int, tuple[int, bytes]] = {}
    waiting = [root]
    while waiting:
        parent = waiting.pop()
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{parent}/task"):
                children = Path(f"/proc/{parent}/task/{task}/children").read_text().split()
                for child in map(int, children):
                    with contextlib.suppress(OSError):
                        found[child] = (parent, Path(f"/proc/{child}/cmdline").read_bytes())
                        waiting.append(child)
    return found


def of_kind(family: dict[int, tuple[int, bytes]], kind: str) -> list[int]:
    """The processes whose command line says `kind`."""
    return [pid for pid, (_, line) in family.items() if any(m in line for m in _MARKS[kind])]


def first_of_each(family: dict[int, tuple[int, bytes]], kind: str) -> list[int]:
    """The processes of `kind` whose parent is none: zygotes, without the forks of them."""
    same = set(of_kind(family, kind))
    return [pid for pid in same if family[pid][0] not in same]


def others(family: dict[int, tuple[int, bytes]], kind: str) -> list[int]:
    """The forks of the processes of `kind`: subjects."""
    return list(set(of_kind(family, kind)) - set(first_of_each(family, kind)))


def forget(output: Path, rng: random.Random) -> None:
    """Take the results of some submissions out of the gradebook, so that there is more to do."""
    import sqlite3

    with contextlib.closing(sqlite3.connect(output / "gradebook.sqlite")) as book, book:
        keys = [row[0] for row in book.execute("SELECT submission_key FROM result")]
        chosen = rng.sample(sorted(keys), k=len(keys) // 2)
        book.executemany("DELETE FROM result WHERE submission_key = ?", [(k,) for k in chosen])


def internal_errors(output: Path) -> set[str]:
    """The submissions whose results are internal errors at this moment."""
    found = documents(output).items()
    return {name for name, document in found if document["status"] == "internal_error"}


def fill_disk(folder: Path, jobs: int, chaos: Chaos) -> str:
    """Go on where the disk ends after a little, then give room, in a mount of this run's own."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        return "not tried (needs root and unshare)"
    import sqlite3

    output = folder / "chaos"
    with contextlib.closing(sqlite3.connect(output / "gradebook.sqlite")) as book, book:
        book.execute("DELETE FROM result WHERE submission_key % 3 = 0")
    used = sum(path.stat().st_size for path in output.rglob("*") if path.is_file())
    grade = " ".join(command(folder, "chaos", jobs))
    script = (
        f"mkdir {folder}/small && mount -t tmpfs -o size=64m none {folder}/small && "
        f"cp -a {output}/. {folder}/small/ && rm -rf {folder}/small/student-*[05] && "
        f"used=$(du -sk {folder}/small | cut -f1) && "
        f"mount -o remount,size=$((used + 160))k {folder}/small && "
        f"mount --bind {folder}/small {output} && "
        f"{grade} > {folder}/first.json; echo $? > {folder}/first; "
        f"mount -o remount,size=256m {folder}/small; "
        f"{grade} > {folder}/second.json; echo $? > {folder}/second; "
        f"umount {output}; cp -a {folder}/small/. {output}/"
    )
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script], cwd=ROOT, capture_output=True, text=True
    )
    first, second = ((folder / name).read_text().strip() for name in ("first", "second"))
    chaos.runs += 2
    chaos.exits[int(first)] += 1
    chaos.exits[int(second)] += 1
    said = [line for line in done.stderr.splitlines() if "disk is full" in line or "ENOSPC" in line]
    words = said[0][-120:] if said else "internal errors for a human"
    return f"{used >> 10} KiB used, exit {first} ({words}), with room exit {second}"


def finish(folder: Path, jobs: int, chaos: Chaos) -> None:
    """The same command until there is nothing left to do, at most five times."""
    for _ in range(5):
        process = start(folder, "chaos", jobs)
        chaos.runs += 1
        chaos.exits[process.wait()] += 1
        if process.returncode == 0:
            return
        chaos.internal_errors |= internal_errors(folder / "chaos")


def documents(output: Path) -> dict[str, Any]:
    """Every result.json, without what differs from run to run: the times."""
    found = {}
    for path in sorted(output.glob("*/result.json")):
        document = json.loads(path.read_bytes())
        del document["seconds"]
        for check in document["checks"]:
            del check["seconds"]
        found[path.parent.name] = document
    return found


def statuses(results: dict[str, Any]) -> dict[str, int]:
    """How many results of each status."""
    return dict(collections.Counter(document["status"] for document in results.values()))


def verdict(folder: Path, calm: dict[str, Any], chaotic: dict[str, Any], count: int) -> int:
    """Compare, look for what was left behind, and say so."""
    stored = stored_results(folder / "chaos")
    different = sorted(name for name in calm if chaotic.get(name) != calm[name])
    problems = {
        "lost": sorted(set(calm) - set(chaotic)) + sorted(set(calm) - set(stored)),
        "doubled": [name for name, times in stored.items() if times != 1],
        "different": different,
        "internal errors": [n for n, d in chaotic.items() if d["status"] == "internal_error"],
        "left behind": list(left_behind(folder)),
        "unexpected": [] if len(calm) == count else [f"{len(calm)} results of {count}"],
    }
    for name, found in problems.items():
        print(f"  {name}: {len(found)}" + (f" {found[:5]}" if found else ""))
    for name in different[:3]:
        print(json.dumps({"calm": calm[name], "chaos": chaotic.get(name)}, indent=1)[:4000])
    return 1 if any(problems.values()) else 0


def stored_results(output: Path) -> collections.Counter[str]:
    """How many results in force the gradebook has for each submission."""
    import sqlite3

    with contextlib.closing(sqlite3.connect(output / "gradebook.sqlite")) as book:
        query = (
            "SELECT submission.id FROM result JOIN submission "
            "ON submission.key = result.submission_key"
        )
        return collections.Counter(row[0] for row in book.execute(query))


def left_behind(folder: Path) -> Iterator[str]:
    """Processes, mounts and half-written files of this run."""
    time.sleep(0.5)
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            line = (entry / "cmdline").read_bytes()
            if entry.name.isdigit() and str(folder).encode() in line:
                yield f"process {entry.name}"
    with contextlib.suppress(OSError):
        for line in Path("/proc/mounts").read_text().splitlines():
            if str(folder) in line:
                yield f"mount {line}"
    for path in (folder / "chaos").rglob(".*"):
        yield str(path.relative_to(folder))


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=300, help="submissions")
    parser.add_argument("--kills", type=int, default=50, help="moments at which something is hit")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--no-disk", dest="disk", action="store_false", help="no full disk")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
