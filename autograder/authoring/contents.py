"""What can be seen of an assignment without running anything: texts, points, names, markers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from autograder.assignment import Assignment
from autograder.authoring.findings import Finding, counted, finding
from autograder.authoring.public_checks import hidden_prerequisites
from autograder.authoring.release import HANDOUTS
from autograder.authoring.solution import Solution, Starter, make_starter, solution_code
from autograder.errors import AssignmentError
from autograder.questions.items import QUESTIONS, Item, read_items
from autograder.records import CheckSpec
from autograder.scoring import total
from autograder.source import SyntaxProblem, defined_names, parse
from autograder.texts import LANGUAGES, Text

_PERSIAN = re.compile("[\u0600-\u06ff]")
_UNWRITTEN = re.compile(r"\bTODO\b|\bFIXME\b|\bXXX\b")
_SHORTEST_HANDOUT = 80


def contents_findings(
    assignment: Assignment, specs: Sequence[CheckSpec], solution: Solution
) -> list[Finding]:
    """Every finding that needs no run."""
    return [
        source_finding(assignment, solution),
        points_finding(assignment, specs),
        prerequisites_finding(specs),
        texts_finding(assignment, specs),
    ]


def source_finding(assignment: Assignment, solution: Solution) -> Finding:
    """The markers pair, and solution and starter define every name that is graded."""
    wrong: list[str] = []
    names = assignment.submission.names
    try:
        starter = make_starter(assignment, solution)
        if assignment.submission.package is not None:
            wrong += _missing_in_package(solution, starter, names)
        else:
            for what, code in (("solution", solution_code(solution)), ("starter", starter.shown)):
                wrong += [f"the {what} does not define {name}" for name in _missing(code, names)]
    except (AssignmentError, SyntaxProblem) as error:
        wrong.append(str(error))
    if not names:
        wrong.append("submission.names is empty, so a missing name cannot be said")
    return finding(
        "source",
        "One source",
        wrong,
        right=f"{counted(len(names), 'name')} in solution and starter, markers in pairs",
        mend="mend the solution's markers, or the names in assignment.toml",
    )


def _missing(code: str, names: Iterable[str]) -> list[str]:
    defined = defined_names(parse(code))
    if defined.everything:
        return []
    return [name for name in names if name not in defined.own | defined.imported]


def _missing_in_package(
    solution: Solution, starter: Starter, names: Sequence[str]
) -> Iterator[str]:
    """Names that a file does not define; files of other editions need not be there."""
    found = 0
    for name in names:
        module, _, attribute = name.rpartition(".")
        path = f"{module.replace('.', '/')}.py"
        if path not in starter.files:
            continue
        found += 1
        solved = (solution.folder / path).read_text(encoding="utf-8-sig")
        for what, code in (("solution", solved), ("starter", starter.files[path].decode())):
            if _missing(code, [attribute]):
                yield f"the {what} does not define {name}"
    if not found:
        yield f"the solution has none of the files of {names[0]} and the other names"


def points_finding(assignment: Assignment, specs: Sequence[CheckSpec]) -> Finding:
    """Every question has points, every check too, and the sum is a whole number."""
    wrong = []
    for question in assignment.questions:
        points = total(spec.points for spec in specs if spec.question == question.id)
        if points <= 0:
            wrong.append(f"question {question.id} has no points")
        elif points % 0.5:
            wrong.append(f"question {question.id} has {points:g} points, no half or whole number")
    wrong += [f"{spec.id} is worth nothing" for spec in specs if spec.points <= 0]
    whole = total(spec.points for spec in specs)
    if whole != int(whole):
        wrong.append(f"all checks together have {whole:g} points, not a whole number")
    wrong += list(_promises(assignment, specs))
    return finding(
        "points",
        "Points add up",
        wrong,
        right=f"{whole:g} points in {counted(len(specs), 'check')}, "
        f"{counted(len(assignment.questions), 'question')}",
        mend="change the points of the checks, or what the handout promises",
    )


def question_points(
    assignment: Assignment, specs: Sequence[CheckSpec]
) -> list[tuple[str, str, int, float]]:
    """(id, title, checks, points) of each question."""
    return [
        (
            question.id,
            question.title["en"],
            sum(spec.question == question.id for spec in specs),
            total(spec.points for spec in specs if spec.question == question.id),
        )
        for question in assignment.questions
    ]


_TO_LATIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٫", "0123456789.")
_PROMISE = re.compile(r"\(([\d۰-۹٫.]+) (?:points?|نمره)\)\s*$")


def _promises(assignment: Assignment, specs: Sequence[CheckSpec]) -> Iterator[str]:
    """Headings `## … (26 points)` that say other points than the checks give.

    They are held against the questions in order, where there is one for each.
    """
    given = [points for *_, points in question_points(assignment, specs)]
    for name in HANDOUTS:
        path = assignment.root / name
        if not path.is_file():
            continue
        lines = path.read_text(encoding="utf-8").split("\n")
        found = [_PROMISE.search(line) for line in lines if line.startswith("## ")]
        said = [float(match[1].translate(_TO_LATIN)) for match in found if match]
        if len(said) != len(given):
            continue
        for question, promised, points in zip(assignment.questions, said, given, strict=True):
            if promised != points:
                yield (
                    f"{name} promises {promised:g} points for {question.id}, "
                    f"its checks give {points:g}"
                )


def prerequisites_finding(specs: Sequence[CheckSpec]) -> Finding:
    """No visible check builds on one that is not."""
    wrong = [
        f"{check} is visible and requires {required}, which is not"
        for check, required in hidden_prerequisites(specs)
    ]
    return finding(
        "prerequisites",
        "Visible checks stand alone",
        wrong,
        right="no visible check requires a hidden one",
        mend="make both visible or take the requires out: its `not run` would tell",
    )


def texts_finding(assignment: Assignment, specs: Sequence[CheckSpec]) -> Finding:
    """Titles, hints and handouts exist in English and in Persian."""
    wrong: list[str] = []
    for question in assignment.questions:
        wrong += _text_problems(f"question {question.id}, title", question.title)
    wrong += _text_problems("the assignment's title", assignment.title)
    functions: dict[str, CheckSpec] = {spec.id.partition("[")[0]: spec for spec in specs}
    for name, spec in functions.items():
        wrong += _text_problems(f"{name}, title", spec.title)
        if spec.hint is not None:
            wrong += _text_problems(f"{name}, hint", spec.hint)
    for item in _items(assignment):
        for what, text in _item_texts(item):
            wrong += _text_problems(f"{item.id}, {what}", text)
    for name in HANDOUTS:
        wrong += _handout_problems(assignment, name)
    return finding(
        "texts",
        "English and Persian complete",
        wrong,
        right=f"titles, hints and handouts in {' and '.join(LANGUAGES)}",
        mend="write `fa:` and `hint-fa:` in docstrings, and both handouts",
    )


def _items(assignment: Assignment) -> tuple[Item, ...]:
    path = assignment.checks / QUESTIONS
    return read_items(path).items if path.is_file() else ()


def _item_texts(item: Item) -> Iterator[tuple[str, Text]]:
    """What students and the person who reads their answers see of a question."""
    yield "prompt", item.prompt
    for mistake in item.mistakes:
        yield "mistake", mistake.name
    for criterion in item.rubric:
        yield "rubric", {"en": criterion.en, "fa": criterion.fa}


def _text_problems(where: str, text: Text) -> Iterator[str]:
    for language in LANGUAGES:
        if not text.get(language, "").strip():
            yield f"{where}: no text in {language}"
    if not _PERSIAN.search(text.get("fa", "")):
        yield f"{where}: no Persian text"
    if _PERSIAN.search(text.get("en", "")):
        yield f"{where}: Persian in the English text"
    if _UNWRITTEN.search(" ".join(text.values())):
        yield f"{where}: TODO left in it"


def _handout_problems(assignment: Assignment, name: str) -> Iterator[str]:
    path = assignment.root / name
    if not path.is_file():
        yield f"{name} is missing"
        return
    words = path.read_text(encoding="utf-8", errors="replace")
    if len(words) < _SHORTEST_HANDOUT:
        yield f"{name} has next to nothing in it"
    if name.endswith(".fa.md") and not _PERSIAN.search(words):
        yield f"{name} has no Persian in it"
    if _UNWRITTEN.search(words):
        yield f"{name}: TODO left in it"
    package = assignment.submission.package is not None
    for graded in assignment.submission.names:
        graded = graded.rpartition(".")[2] if package else graded
        if not re.search(rf"(?<!\w){re.escape(graded)}(?!\w)", words):
            yield f"{name} does not mention {graded}"
