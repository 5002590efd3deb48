r"""Hostile submissions against other graders and against this one, in one run.

    python benchmarks/compare_attacks.py --environments /tmp/graders \
        --output docs/attack-comparison.md

Every grader gets the four functions and eight checks of `small_assignment`, set up as
`compare_graders.py` sets it up: it must first give a right submission 8 points and garbage 0.
Then it grades a class of hostile submissions (`graders/attacks.py`), all of them garbage with a
trick. An attack succeeds if it gets a point, if what it should not see is found where it puts its
loot, or if the thing it breaks is broken. Run it on a machine where that does no harm.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from compare_graders import FULL_SCORE, GRADERS, set_up
from graders.attacks import ATTACKS, Attack, file_of
from graders.grader import Grader
from graders.nbgrader import Nbgrader
from graders.otter import Otter
from graders.ours import ASSIGNMENT, Autograder
from small_assignment.submissions import submission

PASSWORD = "correct horse battery staple"
NOTE = "\n# the neighbor's own idea\n"
GARBAGE = Attack("no trick", "gain", "def answer():\n    return 0.5\n\n\nzeros = answer\n")

HEAD = """\
# Attacks, grader by grader

Made by `benchmarks/compare_attacks.py`, all graders with the same four functions and eight checks
and set up as for one machine (for Otter: `otter run`, what runs inside of its containers). Every
submission is garbage, worth 0 of 8, with one trick. A number is the points that it got; "yes" says
that it saw or broke what it was after; "–" says that it did not. A container around a grader can
keep part of what is seen or broken from leaving it; what is gained it cannot stop, because checks
and submission share a process. All attacks were run with all graders; a run of Otter that has not
ended after 120 seconds is ended, and has given no points.

"""


@dataclass
class Traps:
    """What the attacks of one grader's class are after."""

    folder: Path
    port: int
    heard: list[bytes]
    sleepers: dict[str, subprocess.Popen[bytes]]

    def places(self, grader: Grader, number: int) -> dict[str, object]:
        """What attack `number` is told."""
        return {
            "checks": str(checks_of(grader)),
            "neighbor": str(neighbor_of(grader)),
            "loot": str(self.folder / f"loot-{number}"),
            "victim": str(self.folder / "victim"),
            "pid": str(self.sleepers[str(number)].pid),
            "port": self.port,
        }


@contextmanager
def traps(folder: Path) -> Iterator[Traps]:
    """Lay everything out; take it away at the end, with what the attacks left running."""
    folder.mkdir()
    folder.chmod(0o777)
    (folder / "victim").write_text("precious\n")
    os.environ["GRADEBOOK_PASSWORD"] = PASSWORD
    code = "import time; time.sleep(3600)"
    sleepers = {
        str(number): subprocess.Popen([sys.executable, "-c", code, PASSWORD])
        for number in range(len(ATTACKS))
    }
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_listen, args=(server, heard), daemon=True).start()
        try:
            yield Traps(folder, server.getsockname()[1], heard, sleepers)
        finally:
            del os.environ["GRADEBOOK_PASSWORD"]
            for sleeper in sleepers.values():
                sleeper.kill()
                sleeper.wait()


def _listen(server: socket.socket, heard: list[bytes]) -> None:
    with suppress(OSError):
        while True:
            with server.accept()[0] as line:
                heard.append(line.recv(100))


def checks_of(grader: Grader) -> Path:
    """Where the grader has its checks when it grades."""
    if isinstance(grader, Autograder):
        return ASSIGNMENT / "checks" / "test_losses.py"
    if isinstance(grader, Nbgrader):
        return grader.work / "course-0" / "source" / "small" / "small.ipynb"
    if isinstance(grader, Otter):
        return grader.work / "tests" / "check_svm_value.py"
    return grader.work / "neighbor" / "plain_checks.py"


def neighbor_of(grader: Grader) -> Path:
    """Where another student's submission lies."""
    if isinstance(grader, Autograder):
        return grader.work / "submissions" / "neighbor.py"
    if isinstance(grader, Nbgrader):
        return grader.work / "course-0" / "submitted" / "neighbor" / "small" / "small.ipynb"
    if isinstance(grader, Otter):
        return grader.work / "neighbor" / "small.ipynb"
    return grader.work / "neighbor" / "losses.py"


def grade_attacks(grader: Grader, folder: Path) -> list[str]:
    """What came of each attack with one grader."""
    check_that_it_grades(grader)
    with traps(folder / f"traps-{grader.name.replace(' ', '-')}") as laid:
        names = [f"attacker-{number:02}" for number in range(len(ATTACKS))]
        files = {
            name: file_of(attack, laid.places(grader, number))
            for number, (name, attack) in enumerate(zip(names, ATTACKS, strict=True))
        }
        grader.prepare({**files, "neighbor": submission(1) + NOTE}, 1)
        before = neighbor_of(grader).read_bytes()
        scores = grade(grader)
        changed = neighbor_of(grader).read_bytes() != before
        return [
            _judge(attack, number, scores.get(name, 0.0), laid, changed)
            for number, (name, attack) in enumerate(zip(names, ATTACKS, strict=True))
        ]


def check_that_it_grades(grader: Grader) -> None:
    """Full marks for the right, none for garbage."""
    grader.prepare({"right": submission(1), "garbage": file_of(GARBAGE, {})}, 1)
    scores = grade(grader)
    if scores != {"right": FULL_SCORE, "garbage": 0.0}:
        sys.exit(f"{grader.name} does not grade as it should: {scores}")


def grade(grader: Grader) -> dict[str, float]:
    """The scores; a grader that ends with an error has given none."""
    with suppress(SystemExit):
        grader.grade(1)
    try:
        return grader.scores()
    except (OSError, ValueError, SystemExit):
        return {}


def _judge(attack: Attack, number: int, score: float, laid: Traps, changed: bool) -> str:
    if attack.kind == "gain":
        return f"{score:g}" if score > 0 else "–"
    loot = laid.folder / f"loot-{number}"
    taken = loot.read_text() if loot.exists() else ""
    succeeded = {
        "reads the checks' file": "check_svm_value" in taken or "test_svm_value" in taken,
        "reads another student's submission": NOTE.strip() in taken,
        "reads the grader's environment variables": PASSWORD in taken,
        "sends what it knows over the network": bool(laid.heard),
        "reads the command lines of all processes": PASSWORD in taken,
        "rewrites another student's submission": changed,
        "deletes a file of the grader's user": not (laid.folder / "victim").exists(),
        "kills another process of the grader": laid.sleepers[str(number)].poll() is not None,
        "leaves a process behind": _still_runs(taken),
        "takes 1.5 GB of memory that no limit counts (`memfd`)": taken.isdigit(),
    }
    return "yes" if succeeded[attack.name] else "–"


def _still_runs(taken: str) -> bool:
    if not taken.isdigit():
        return False
    try:
        os.kill(int(taken), signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def table(results: dict[str, list[str]]) -> str:
    """One row an attack, one column a grader, and how many succeeded."""
    names = [name for name in results if name != Autograder.name]
    columns = [*names, Autograder.name]
    lines = [
        f"| attack | after | {' | '.join([*names, 'this project'])} |",
        f"| --- | --- |{' --- |' * len(columns)}",
    ]
    for number, attack in enumerate(ATTACKS):
        cells = [results[name][number] for name in columns]
        lines.append(f"| {attack.name} | {attack.kind} | {' | '.join(cells)} |")
    for kind in ("gain", "see", "break"):
        numbers = [number for number, attack in enumerate(ATTACKS) if attack.kind == kind]
        counts = [sum(results[name][number] != "–" for number in numbers) for name in columns]
        cells = [f"**{count} of {len(numbers)}**" for count in counts]
        lines.append(f"| **attacks that {kind}** | | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main(argv: Sequence[str] | None = None) -> None:
    """Set all graders up, run the attacks, write the table."""
    others = [kind.name for kind in GRADERS if kind is not Autograder]
    parser = argparse.ArgumentParser(description="Attacks against this grader and others.")
    parser.add_argument("--environments", type=Path, help="keep the virtual environments here")
    parser.add_argument("--graders", nargs="*", choices=others, default=others)
    parser.add_argument("--output", type=Path, help="write the page here; default: print it")
    options = parser.parse_args(argv)
    results = {}
    with tempfile.TemporaryDirectory(prefix="attacks-") as temporary:
        folder = Path(temporary)
        folder.chmod(0o755)
        environments = options.environments or folder / "environments"
        for kind in GRADERS:
            if kind is Autograder or kind.name in options.graders:
                grader = set_up(kind, folder / "work", environments.resolve())
                results[grader.name] = grade_attacks(grader, folder)
                print(f"{grader.name}: {results[grader.name]}", file=sys.stderr, flush=True)
    page = HEAD + table(results)
    if options.output:
        options.output.write_text(page, encoding="utf-8")
    else:
        print(page)


if __name__ == "__main__":
    main()
