"""The command line: every command's options; the commands are in `autograder.commands`."""

from __future__ import annotations

import io
import os
import signal
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from autograder import __version__
from autograder.commands import authoring
from autograder.commands.devices import use_devices
from autograder.errors import AutograderError, Interrupted, SandboxError, SubmissionError

USAGE = 2
INTERNAL = 3
INTERRUPTED = 130


class Language(StrEnum):
    """The languages of reports."""

    EN = "en"
    FA = "fa"


class Wall(StrEnum):
    """The isolation levels that one can ask for."""

    AUTO = "auto"
    FULL = "full"
    REDUCED = "reduced"
    CONTAINER = "container"
    NONE = "none"


class Audience(StrEnum):
    """Who a report is for."""

    STUDENT = "student"
    INSTRUCTOR = "instructor"


class Names(StrEnum):
    """How a leaderboard calls the submissions."""

    PSEUDONYMS = "pseudonyms"
    IDS = "ids"


class By(StrEnum):
    """What decides the places of a leaderboard."""

    ACCURACY = "accuracy"
    PARAMETERS = "parameters"
    SECONDS = "seconds"


app = typer.Typer(
    name="autograder",
    help="Grade deep-learning assignments: the student's code answers, it never judges.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

_AssignmentFolder = Annotated[Path, typer.Argument(help="The folder that holds assignment.toml.")]
_Lang = Annotated[Language, typer.Option("--lang", help="The language of reports.")]
_Isolation = Annotated[Wall, typer.Option("--isolation", help="The wall around submitted code.")]
_Device = Annotated[
    list[str] | None,
    typer.Option("--device", help="A GPU to train on (cuda:0); may be repeated."),
]
_JobsPerDevice = Annotated[
    int | None,
    typer.Option("--jobs-per-device", min=1, help="Trainings on one GPU at a time (default: 4)."),
]
_Edition = Annotated[
    str | None,
    typer.Option("--edition", help="Which year's assignment it is, where it has editions."),
]
_Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"autograder {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    debug: Annotated[
        bool, typer.Option("--debug", help="Show a traceback when the program fails.")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Options before the command."""


@app.command()
def grade(
    assignment: _AssignmentFolder,
    submissions: Annotated[
        Path, typer.Argument(help="The folder whose every child is one student's submission.")
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where results go (default: graded/ASSIGNMENT)."),
    ] = None,
    gradebook: Annotated[
        str | None,
        typer.Option("--gradebook", help="A database URL (default: a SQLite file in --output)."),
    ] = None,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=1, help="Worker processes (default: the cores).")
    ] = os.cpu_count() or 1,
    lang: _Lang = Language.EN,
    isolation: _Isolation = Wall.AUTO,
    regrade: Annotated[
        bool, typer.Option("--regrade", help="Grade also what is graded already.")
    ] = False,
    times: Annotated[
        Path | None,
        typer.Option("--times", help="A CSV file: when each submission was handed in (id, time)."),
    ] = None,
    reviews: Annotated[
        Path | None,
        typer.Option("--reviews", help="The table of `review`, with the points filled in."),
    ] = None,
    timings: Annotated[bool, typer.Option("--timings", help="Say where the time went.")] = False,
    device: _Device = None,
    jobs_per_device: _JobsPerDevice = None,
    edition: _Edition = None,
    json: _Json = False,
) -> None:
    """Grade a class: every child of SUBMISSIONS is one student's submission."""
    use_devices(device or [], jobs_per_device, isolation.value)
    from autograder import workers

    if device or jobs_per_device is not None:
        workers.stop_early()  # those were started without these devices
    crew = workers.crew()  # it gets ready while this process imports
    from autograder.commands.grade import GradeRequest, run_grade

    request = GradeRequest(
        assignment=assignment,
        submissions=submissions,
        output=output,
        gradebook=gradebook,
        jobs=jobs,
        language=lang.value,
        isolation=isolation.value,
        regrade=regrade,
        reviews=reviews,
        timings=timings,
        json=json,
        times=times,
        edition=edition,
    )
    raise typer.Exit(run_grade(request, crew))


@app.command()
def check(
    assignment: Annotated[
        Path, typer.Argument(help="The assignment's folder (default: this one).")
    ] = Path("."),
    submission: Annotated[
        Path | None, typer.Argument(help="The submission (default: the assignment's own file).")
    ] = None,
    lang: _Lang = Language.EN,
    isolation: _Isolation = Wall.AUTO,
    watch: Annotated[
        bool, typer.Option("--watch", help="Check again whenever the file is saved.")
    ] = False,
    device: _Device = None,
    jobs_per_device: _JobsPerDevice = None,
    edition: _Edition = None,
    json: _Json = False,
) -> None:
    """Check one submission and show the result on the terminal."""
    from autograder.commands.check import run_check, told_apart

    assignment, submission = told_apart(assignment, submission)
    use_devices(device or [], jobs_per_device, isolation.value)
    if watch:
        from autograder.commands.watch import run_watch

        raise typer.Exit(
            run_watch(
                assignment,
                submission,
                language=lang.value,
                isolation=isolation.value,
                as_json=json,
                edition=edition,
            )
        )
    raise typer.Exit(
        run_check(
            assignment,
            submission,
            language=lang.value,
            isolation=isolation.value,
            as_json=json,
            edition=edition,
        )
    )


@app.command()
def report(
    output: Annotated[Path, typer.Argument(help="The folder of an earlier `grade`.")],
    gradebook: Annotated[
        str | None, typer.Option("--gradebook", help="A database URL (default: OUTPUT's own).")
    ] = None,
    assignment: Annotated[
        str | None, typer.Option("--assignment", help="The assignment's id, if there are several.")
    ] = None,
    lang: _Lang = Language.EN,
    audience: Annotated[
        Audience, typer.Option("--audience", help="For whom: an instructor sees every check.")
    ] = Audience.STUDENT,
    published: Annotated[
        bool, typer.Option("--published", help="Show `after_published` checks too.")
    ] = False,
    json: _Json = False,
) -> None:
    """Write reports anew from the gradebook, without grading (another language, a later day)."""
    from autograder.commands.report import run_report

    raise typer.Exit(
        run_report(
            output,
            gradebook=gradebook,
            assignment_id=assignment,
            language=lang.value,
            audience=audience.value,
            published=published,
            as_json=json,
        )
    )


@app.command()
def calibrate(
    assignment: _AssignmentFolder,
    runs: Annotated[
        int, typer.Option("--runs", min=10, help="Trainings of each solution in each check.")
    ] = 200,
    isolation: _Isolation = Wall.AUTO,
    device: _Device = None,
    jobs_per_device: _JobsPerDevice = None,
    json: _Json = False,
) -> None:
    """Recommend the thresholds of training checks, and say how often a right solution fails."""
    use_devices(device or [], jobs_per_device, isolation.value)
    from autograder.commands.calibrate import run_calibrate

    raise typer.Exit(run_calibrate(assignment, runs=runs, isolation=isolation.value, as_json=json))


@app.command()
def export(
    output: Annotated[Path, typer.Argument(help="The folder of an earlier `grade`.")],
    gradebook: Annotated[
        str | None, typer.Option("--gradebook", help="A database URL (default: OUTPUT's own).")
    ] = None,
    assignment: Annotated[
        str | None, typer.Option("--assignment", help="The assignment's id, if there are several.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", "-f", help="Where to (default: standard output).")
    ] = None,
    json: _Json = False,
) -> None:
    """Write the grades of a class as a CSV table."""
    from autograder.commands.export import run_export

    raise typer.Exit(
        run_export(output, gradebook=gradebook, assignment_id=assignment, file=file, as_json=json)
    )


@app.command()
def leaderboard(
    output: Annotated[Path, typer.Argument(help="The folder of an earlier `grade`.")],
    gradebook: Annotated[
        str | None, typer.Option("--gradebook", help="A database URL (default: OUTPUT's own).")
    ] = None,
    assignment: Annotated[
        str | None, typer.Option("--assignment", help="The assignment's id, if there are several.")
    ] = None,
    check: Annotated[
        str | None, typer.Option("--check", help="The training check, if there are several.")
    ] = None,
    names: Annotated[
        Names, typer.Option("--names", help="Chosen names and codes, or the submissions' ids.")
    ] = Names.PSEUDONYMS,
    by: Annotated[By, typer.Option("--by", help="What decides the places.")] = By.ACCURACY,
    lang: _Lang = Language.EN,
    json: _Json = False,
) -> None:
    """Rank those who passed a training check: a page, a CSV file and a table."""
    from autograder.commands.leaderboard import run_leaderboard
    from autograder.report.leaderboard import Naming, Order

    raise typer.Exit(
        run_leaderboard(
            output,
            gradebook=gradebook,
            assignment_id=assignment,
            check=check,
            naming=Naming(names.value),
            order=Order(by.value),
            language=lang.value,
            as_json=json,
        )
    )


@app.command()
def questions(
    assignment: _AssignmentFolder,
    output: Annotated[Path, typer.Option("--output", "-o", help="Where the sheets go.")],
    student: Annotated[
        list[str] | None, typer.Option("--student", help="A student's id; may be repeated.")
    ] = None,
    roster: Annotated[
        Path | None, typer.Option("--roster", help="A file with one student's id on each line.")
    ] = None,
) -> None:
    """Write the question sheets: one, or one for each student where numbers differ."""
    from autograder.commands.questions import run_questions

    raise typer.Exit(run_questions(assignment, output, students=student or [], roster=roster))


@app.command()
def review(
    assignment: _AssignmentFolder,
    submissions: Annotated[Path, typer.Argument(help="The folder of submissions.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The CSV file to fill in.")],
) -> None:
    """Gather the answers that a person must read into a table for `grade --reviews`."""
    from autograder.commands.review import run_review

    raise typer.Exit(run_review(assignment, submissions, output))


@app.command()
def doctor(json: _Json = False) -> None:
    """Say which isolation this machine gives, and why not a stronger one."""
    from autograder.commands.doctor import run_doctor

    raise typer.Exit(run_doctor(as_json=json))


authoring.register(app)


def main() -> None:
    """The console script `autograder`: one line for every error, unless --debug."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal may not know Persian
    signal.signal(signal.SIGTERM, _terminate)
    try:
        app()
    except AutograderError as error:
        _fail(str(error), USAGE, error)
    except SubmissionError as error:
        _fail(str(error), USAGE, error)
    except Interrupted as error:
        _fail(str(error), INTERRUPTED, error)
    except SandboxError as error:
        _fail(f"the grader itself failed: {error}", INTERNAL, error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        what = f"{type(error).__name__}: {error}"
        _fail(f"the grader itself failed ({what}); --debug shows where", INTERNAL, error)


def _terminate(number: int, frame: Any) -> None:
    raise KeyboardInterrupt


def _fail(message: str, status: int, error: BaseException) -> None:
    if "--debug" in sys.argv[1:2]:
        raise error
    print(f"autograder: {message}", file=sys.stderr)
    sys.exit(status)


if __name__ == "__main__":
    main()
