"""`autograder examples`: what the sample submissions get, written into `examples.toml`."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from autograder.assignment import load_assignment
from autograder.authoring.examples import Proposal, propose_examples
from autograder.authoring.expectations import UNREAD
from autograder.authoring.findings import SHOWN
from autograder.commands.devices import require_data
from autograder.commands.interrupting import interruptible
from autograder.commands.progress import authoring_progress
from autograder.texts import clean

_LINE = 300


def run_examples(folder: Path, *, jobs: int, isolation: str) -> int:
    """Write or mend the table; 0, or 1 where a submission got nothing that a row could say."""
    assignment = load_assignment(folder)
    require_data(assignment.data)
    with interruptible("nothing was written"), authoring_progress() as report:
        proposal = propose_examples(assignment, jobs=jobs, isolation=isolation, report=report)
    proposal.write()
    _show(Console(), proposal)
    return 1 if proposal.left else 0


def _show(console: Console, proposal: Proposal) -> None:
    def say(line: str) -> None:
        shown = clean(line, limit=_LINE)
        console.print(shown, markup=False, highlight=False, soft_wrap=True)

    for id, wrong in proposal.changed.items():
        say(f"{id}: changed")
        for line in wrong[:SHOWN]:
            say(f"    {line}")
        if len(wrong) > SHOWN:
            say(f"    and {len(wrong) - SHOWN} more")
    for id in proposal.new:
        say(f"{id}: new")
    for id, reason in proposal.left.items():
        say(f"{id}: left as it is ({reason})")
    say(
        f"{len(proposal.same)} rows as they were, {len(proposal.changed)} changed, "
        f"{len(proposal.new)} new"
    )
    if proposal.new:
        say(
            f'read each new row, and say in place of about = "{UNREAD}" what the submission is; '
            "until then `autograder validate` finds the assignment not fit"
        )
    if proposal.changed:
        say("read each change: where the check is wrong and not the row, mend the check")
