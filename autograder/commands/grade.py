"""`autograder grade`: a class, with progress, a closing table and a summary page."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from autograder.assignment import Assignment, load_assignment
from autograder.errors import Interrupted, UsageError
from autograder.records import Isolation, Status
from autograder.submission import find_submissions
from autograder.workers import BatchOptions, Worker, start_workers

if TYPE_CHECKING:
    from autograder.batch import BatchResult
    from autograder.report.summary import SummaryRow


@dataclass(frozen=True)
class GradeRequest:
    """The command's arguments."""

    assignment: Path
    submissions: Path
    output: Path | None
    gradebook: str | None
    jobs: int
    language: str
    isolation: str
    regrade: bool
    reviews: Path | None
    timings: bool
    json: bool


def run_grade(request: GradeRequest) -> int:
    """Grade a class; the exit status."""
    assignment = load_assignment(request.assignment)
    paths = find_submissions(request.submissions)
    options = _options(request, assignment)
    workers = start_workers(options, len(paths))  # they get ready while this process imports
    console = Console(stderr=True)
    try:
        result = _run_with_progress(options, paths, workers, console)
    except KeyboardInterrupt as interrupt:
        raise Interrupted(
            f"interrupted; what is graded is stored in {options.gradebook}, "
            "and the same command goes on from there"
        ) from interrupt
    # these pull in the templates and the database: the workers have started before them
    from autograder.commands.closing import closing_table, timing_table
    from autograder.outputs import SUMMARY

    _write_summary(result, options)
    console.print(closing_table(result, options.language))
    if request.timings:
        console.print(timing_table(result))
    console.print(f"Reports: {options.output / SUMMARY}", soft_wrap=True, highlight=False)
    if request.json:
        _print_json(result, options, sys.stdout)
    return 3 if any(row.status is Status.INTERNAL_ERROR for row in result.rows) else 0


def _options(request: GradeRequest, assignment: Assignment) -> BatchOptions:
    output = request.output or Path("graded") / assignment.id
    submissions = request.submissions.resolve()
    if submissions == output.resolve() or submissions in output.resolve().parents:
        raise UsageError(
            f"--output {output} lies in the folder of submissions; choose a place outside it"
        )
    return BatchOptions(
        assignment=assignment,
        submissions=request.submissions,
        output=output,
        gradebook=request.gradebook or f"sqlite:///{(output / 'gradebook.sqlite').resolve()}",
        isolation=request.isolation,
        language=request.language,
        jobs=request.jobs,
        regrade=request.regrade,
        reviews=request.reviews,
    )


def _announce(console: Console, options: BatchOptions, number: int, level: Isolation) -> None:
    title = options.assignment.title["en"]
    console.print(
        f"{title} ({options.assignment.id}): {number} submissions, "
        f"{min(options.jobs, number)} jobs, isolation {level}",
        highlight=False,
    )
    if level is not Isolation.FULL:
        console.print(
            f"warning: isolation is only {level}; `autograder doctor` says why",
            style="yellow",
        )


def _run_with_progress(
    options: BatchOptions, paths: list[Path], workers: list[Worker], console: Console
) -> BatchResult:
    from autograder.batch import Batch

    progress = Progress(
        TextColumn("grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
        console=console,
        transient=False,
        disable=not console.is_terminal,
    )
    announced: list[Isolation] = []

    def announce(level: Isolation) -> None:
        if not announced:
            announced.append(level)
            _announce(console, options, len(paths), level)

    with progress:
        task = progress.add_task("grading", total=len(paths))

        def advance(row: SummaryRow) -> None:
            progress.advance(task)

        return Batch(options, on_ready=announce, on_row=advance).run(paths, workers)


def _write_summary(result: BatchResult, options: BatchOptions) -> None:
    from autograder.outputs import SUMMARY, write_whole
    from autograder.report.summary import render_summary

    if result.assignment is None:
        return  # every submission ended in an internal error: the closing table says it
    page = render_summary(
        result.rows,
        language=options.language,
        assignment=result.assignment,
        checks=result.checks,
    )
    write_whole(options.output / SUMMARY, page.encode())


def _print_json(result: BatchResult, options: BatchOptions, stream: TextIO) -> None:
    """The whole run as one document; the results are streamed from their files."""
    from autograder.outputs import RESULT

    head = {
        "schema": 1,
        "assignment": {"id": options.assignment.id, "version": options.assignment.version},
        "graded": result.count(Status.GRADED),
        "ungradable": result.count(Status.UNGRADABLE),
        "internal_errors": result.count(Status.INTERNAL_ERROR),
        "skipped": len(result.skipped),
        "seconds": round(result.seconds, 3),
    }
    stream.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "results": [')
    separator = ""
    for row in result.rows:
        path = options.output / row.submission_id / RESULT
        if os.path.exists(path):
            document = json.loads(path.read_bytes())
            stream.write(separator + json.dumps(document, ensure_ascii=False))
            separator = ",\n"
    stream.write("]}\n")
    stream.flush()
