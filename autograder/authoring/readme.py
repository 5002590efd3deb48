"""The README that students get with an assignment, in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from autograder import __version__
from autograder.assignment import Assignment
from autograder.authoring.public_checks import released
from autograder.records import CheckSpec
from autograder.scoring import total
from autograder.texts import LANGUAGES, text

FILE = "README.md"

WHEEL = f"autograder-{__version__}-py3-none-any.whl"
"""What students install, as `pip wheel` names it."""


def student_readme(
    assignment: Assignment,
    specs: Sequence[CheckSpec],
    *,
    starters: Sequence[str],
    versions: str,
) -> str:
    """What is in the folder, how to work and how to hand in; English first, then Persian."""
    return "\n---\n\n".join(
        _readme(assignment, specs, list(starters), versions, language) for language in LANGUAGES
    )


def _readme(
    assignment: Assignment,
    specs: Sequence[CheckSpec],
    starters: list[str],
    versions: str,
    language: str,
) -> str:
    visible = released(specs)
    files = ", ".join(f"`{name}`" for name in sorted(starters))
    wanted = ", ".join(f"`{name}`" for name in assignment.submission.files) or files
    python = [name for name in starters if name.endswith(".py")]
    sentences = [
        text(
            "Start from one of {files}: both hold the same, choose the form you like.", files=files
        )
        if len(starters) > 1 and len(python) == 1
        else text("Start from {files}.", files=files),
        text("What to do stands in `handout.{language}.md`.", language=language),
        text("Write your code in place of each `raise NotImplementedError(…)`."),
        text(
            "Keep the names and the arguments: your code is found by the names that it defines. "
            "You may add functions, and in a notebook add, move and delete cells."
        ),
    ]
    install = [
        text(
            "Get the file `{wheel}` from your course, put it into this folder and install it. A "
            "package index has another program of that name: do not install that one.",
            wheel=WHEEL,
        )
    ]
    own = [
        text("Check your work as often as you like, in this folder:"),
        text(
            "It runs the {count} checks of this folder, worth {points} of {total} points, on the "
            "file that you saved last. More checks run when your work is graded.",
            count=len(visible),
            points=_short(total(spec.points for spec in visible)),
            total=_short(total(spec.points for spec in specs)),
        ),
        text("`autograder check --watch` checks again whenever you save."),
    ]
    end = [
        text("Hand in one of {files}.", files=wanted)
        if "," in wanted
        else text("Hand in {files}.", files=wanted)
    ]
    if assignment.due is not None:
        end.append(text("It is due on {date}.", date=f"{assignment.due:%Y-%m-%d %H:%M %z}"))
    heading = [f"# {assignment.title[language]}"]
    return "\n".join(
        [
            *heading,
            "",
            *_paragraph(sentences, language),
            *_paragraph(install, language),
            "```sh",
            f"pip install {WHEEL}{versions}",
            "```",
            "",
            *_paragraph(own[:1], language),
            "```sh",
            f"autograder check --lang {language}",
            "```",
            "",
            *_paragraph(own[1:], language),
            *_paragraph(end, language),
        ]
    )


def _paragraph(sentences: Sequence[dict[str, str]], language: str) -> list[str]:
    return [" ".join(sentence[language] for sentence in sentences), ""]


def _short(points: float) -> str:
    return f"{points:g}"
