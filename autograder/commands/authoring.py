"""The instructor's commands: `new`, `validate`, `examples`, `release`, `import`."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class _Wall(StrEnum):
    AUTO = "auto"
    FULL = "full"
    REDUCED = "reduced"
    NONE = "none"


_Assignment = Annotated[Path, typer.Argument(help="The folder that holds assignment.toml.")]
_Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
_CORES = os.cpu_count() or 1
_Jobs = Annotated[
    int, typer.Option("--jobs", "-j", min=1, help="Worker processes (default: the cores).")
]
_Isolation = Annotated[
    _Wall, typer.Option("--isolation", help="The wall around sample submissions.")
]
_Notebook = Annotated[Path, typer.Argument(help="The instructor's notebook.")]
_NewFolder = Annotated[Path, typer.Option("--output", "-o", help="The folder to make.")]

importing = typer.Typer(
    name="import",
    help="Turn an assignment of another tool into one of ours.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def register(app: typer.Typer) -> None:
    """Add the instructor's commands to the command line."""
    app.command()(new)
    app.command()(validate)
    app.command()(examples)
    app.command()(release)
    app.add_typer(importing)


def new(
    folder: Annotated[Path, typer.Argument(help="The folder to make.")],
    small: Annotated[
        bool,
        typer.Option("--small", help="One function and three checks, to put your own in place of."),
    ] = False,
) -> None:
    """Make an assignment that validates at once, with one check of each kind, explained."""
    from autograder.commands.new import run_new

    raise typer.Exit(run_new(folder, small=small))


def validate(
    assignment: _Assignment,
    jobs: _Jobs = _CORES,
    isolation: _Isolation = _Wall.AUTO,
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="Seeds for the solution.")] = 20,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write what was found as a page, too.")
    ] = None,
    json: _Json = False,
) -> None:
    """Say whether an assignment can be published, and what to mend; exit status 1 if not."""
    from autograder.commands.validate import run_validate

    raise typer.Exit(
        run_validate(
            assignment,
            jobs=jobs,
            isolation=isolation.value,
            seeds=seeds,
            html=html,
            as_json=json,
        )
    )


def examples(
    assignment: _Assignment, jobs: _Jobs = _CORES, isolation: _Isolation = _Wall.AUTO
) -> None:
    """Grade the sample submissions and write into examples.toml what they got, to be read."""
    from autograder.commands.examples import run_examples

    raise typer.Exit(run_examples(assignment, jobs=jobs, isolation=isolation.value))


def release(
    assignment: _Assignment,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Where the folder and the zip go.")
    ] = Path("released"),
    json: _Json = False,
) -> None:
    """Make what students get: starter, handout, visible checks, as a folder and a zip."""
    from autograder.commands.release import run_release

    raise typer.Exit(run_release(assignment, output, as_json=json))


@importing.command()
def nbgrader(notebook: _Notebook, output: _NewFolder) -> None:
    """Turn an nbgrader source notebook into an assignment, and say what is left to do."""
    from autograder.commands.importing import run_import

    raise typer.Exit(run_import("nbgrader", notebook, output))


@importing.command()
def otter(notebook: _Notebook, output: _NewFolder) -> None:
    """Turn an Otter source notebook into an assignment, and say what is left to do."""
    from autograder.commands.importing import run_import

    raise typer.Exit(run_import("otter", notebook, output))
