"""`autograder grade`: a class, with progress, a closing table and a summary page."""

from __future__ import annotations

import gc
import json
import os
import sys
from dataclasses import dataclass, replace
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
from autograder.commands.devices import require_data
from autograder.errors import Interrupted, UsageError
from autograder.lateness import read_times, times_of, without_time
from autograder.records import Isolation, Status
from autograder.submission import find_submissions, submission_ids
from autograder.workers import BatchOptions, Crew

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
    times: Path | None = None
    edition: str | None = None


def run_grade(request: GradeRequest, crew: Crew) -> int:
    """Grade a class with the processes of `crew`, which are ended; the exit status."""
    try:
        return _grade(request, crew)
    finally:
        crew.close()


def _grade(request: GradeRequest, crew: Crew) -> int:
    assignment = load_assignment(request.assignment, request.edition)
    require_data(assignment.data)
    options = _options(request, assignment)
    crew.configure(options)
    paths = find_submissions(request.submissions)
    console = Console(stderr=True)
    options = _with_times(request, options, paths, console)
    try:
        result = _run_with_progress(options, paths, crew, console)
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


def _with_times(
    request: GradeRequest, options: BatchOptions, paths: list[Path], console: Console
) -> BatchOptions:
    """`options` with the times of submission; what nobody says of them is said here, once."""
    late = options.assignment.late is not None
    if request.times is None:
        if late:
            console.print("note: no --times FILE, so nobody is counted late", style="yellow")
        return options
    if not late:
        raise UsageError(
            f"--times {request.times}: the assignment has no [late] policy; "
            "add one to its assignment.toml, or leave --times out"
        )
    ids = submission_ids(paths)
    times = times_of(ids, read_times(request.times), request.times)
    if missing := without_time(list(ids.values()), times):
        console.print(f"note: {missing}", style="yellow", highlight=False, markup=False)
    return replace(options, times=times)


def _announce(console: Console, options: BatchOptions, number: int, level: Isolation) -> None:
    title = options.assignment.title["en"]
    console.print(
        f"{title} ({options.assignment.id}): {number} submissions, "
        f"{min(options.jobs, number)} jobs, isolation {level}",
        highlight=False,
    )
    if (edition := options.assignment.edition) is not None:
        others = ", ".join(each.id for each in options.assignment.editions)
        console.print(
            f"edition {edition.id} ({edition.title['en']}); --edition chooses among {others}",
            highlight=False,
        )
    if level is not Isolation.FULL:
        console.print(
            f"warning: isolation is only {level}; `autograder doctor` says why",
            style="yellow",
        )


def _run_with_progress(
    options: BatchOptions, paths: list[Path], crew: Crew, console: Console
) -> BatchResult:
    workers = [crew.worker() for _ in range(max(1, min(options.jobs, len(paths))))]
    gc.disable()  # while importing there is no garbage, and what is there now stays
    from autograder.batch import Batch  # the database: it takes its time

    gc.freeze()
    gc.enable()
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

        return Batch(options, crew, on_ready=announce, on_row=advance).run(paths, workers)


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
    ascii_only = "utf" not in (stream.encoding or "").lower()
    stream.write(json.dumps(head, ensure_ascii=ascii_only)[:-1] + ', "results": [')
    separator = ""
    for row in result.rows:
        path = options.output / row.submission_id / RESULT
        if os.path.exists(path):
            document = json.loads(path.read_bytes())
            stream.write(separator + json.dumps(document, ensure_ascii=ascii_only))
            separator = ",\n"
    stream.write("]}\n")
    stream.flush()
