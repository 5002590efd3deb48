"""Otter's source notebooks: raw cells that begin and end questions, solutions and tests.

Raw cells hold `# BEGIN QUESTION`, `# BEGIN SOLUTION`, `# BEGIN PROMPT`, `# BEGIN TESTS` and their
ends, with a few lines of YAML. In code, `# SOLUTION` ends a line, `# BEGIN SOLUTION` and
`# END SOLUTION` stand around several. A test is a cell; its last expression is compared with the
output that was saved.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.authoring.imported import Imported, ImportedTest, question_id
from autograder.authoring.notebooks import Cell, load_notebook
from autograder.authoring.solved_cells import block, marked
from autograder.errors import AssignmentError
from autograder.ipython import plain_python

_DIRECTIVE = re.compile(
    r"\s*#\s*(ASSIGNMENT CONFIG|(?:BEGIN|END) (?:QUESTION|SOLUTION|PROMPT|TESTS))\s*$",
    re.IGNORECASE,
)
_LINE = re.compile(r"\s*#\s*SOLUTION(\s+NO\s+PROMPT)?\s*$", re.IGNORECASE)
_BEGIN = re.compile(r"\s*#\s*BEGIN SOLUTION(\s+NO\s+PROMPT)?\s*$", re.IGNORECASE)
_END = re.compile(r"\s*#\s*END SOLUTION\s*$", re.IGNORECASE)
_PROMPT = re.compile(r"\s*(\"\"\"|''')\s*#\s*(BEGIN|END) PROMPT\s*$", re.IGNORECASE)
_HIDDEN = re.compile(r"\s*#\s*HIDDEN\s*$", re.IGNORECASE)
_CONFIG = re.compile(r"\s*(\"\"\"|''')\s*#\s*(BEGIN|END) TEST CONFIG\s*$", re.IGNORECASE)

Config = dict[str, Any]


@dataclass
class _Question:
    name: str
    points: object = None
    manual: bool = False
    tests: list[tuple[str, bool, float | None]] = field(default_factory=list)
    """Code, whether it is hidden, its own points."""


def read_otter(path: Path) -> Imported:
    """What an Otter source notebook holds. Raises `AssignmentError`."""
    reader = _Reader()
    for cell in load_notebook(path)["cells"]:
        reader.read(cell)
    if not reader.seen:
        raise AssignmentError(
            f"{path}: no raw cell in it says # BEGIN QUESTION; give the source notebook, from "
            "which `otter assign` makes the students' one"
        )
    reader.close()
    return reader.imported


class _Reader:
    """Goes through the cells, knowing in which block it is."""

    def __init__(self) -> None:
        self.imported = Imported()
        self.question: _Question | None = None
        self.block = ""
        self.prompt: list[str] | None = None
        self.seen = False

    def read(self, cell: Any) -> None:
        """Take in one cell."""
        directive, config = _directive(cell)
        if directive:
            self._enter(directive, config)
        elif cell["cell_type"] == "code" and cell["source"].strip():
            self._code(cell)
        elif cell["cell_type"] == "markdown" and cell["source"].strip():
            self.imported.say_attachments(cell)
            self._markdown(cell["source"])
        elif cell["cell_type"] == "raw":
            self.imported.say_raw(cell)

    def close(self) -> None:
        """End a question that was not ended."""
        if self.question is not None:
            self.imported.lost.append(f"{self.question.name}: # END QUESTION is missing")
            self._end_question()

    def _enter(self, directive: str, config: Config) -> None:
        kind, _, what = directive.partition(" ")
        if directive == "ASSIGNMENT CONFIG":
            for name in sorted(config):
                self.imported.lost.append(f"ASSIGNMENT CONFIG, {name}: {_said(config[name])}")
        elif directive == "BEGIN QUESTION":
            self.seen = True
            self.close()
            number = len(self.imported.tests) + 1
            name = str(config.get("name") or f"question {number}")
            self.question = _Question(name, config.get("points"), config.get("manual") is True)
        elif directive == "END QUESTION":
            self._end_question()
        elif kind == "BEGIN":
            self.block = what
            if what == "SOLUTION":
                self.prompt = None
        else:
            self.block = ""

    def _end_question(self) -> None:
        question, self.question, self.block = self.question, None, ""
        if question is None:
            return
        if question.manual:
            self.imported.lost.append(
                f"{question.name}: marked by hand ({_worded(question.points)}); no check for it"
            )
            return
        shares, told = _shares(question)
        if told:
            self.imported.lost.append(f"{question.name}: {told}")
        if not question.tests:
            self.imported.lost.append(f"{question.name}: no tests ({_worded(question.points)})")
        several = len(question.tests) > 1
        for number, ((code, hidden, _), points) in enumerate(
            zip(question.tests, shares, strict=True), start=1
        ):
            name = f"{question.name} {number}" if several else question.name
            self.imported.tests.append(
                ImportedTest(name, code, points, question_id(question.name), hidden)
            )

    def _markdown(self, source: str) -> None:
        if self.block == "SOLUTION":
            self.imported.cells.append(Cell("markdown", "*Your answer*"))
            return
        if self.block != "PROMPT":
            self.imported.texts.append(source.strip())
        self.imported.cells.append(Cell("markdown", source.strip()))

    def _code(self, cell: Any) -> None:
        source = cell["source"]
        if self.block == "TESTS" and self.question is not None:
            self._test(cell)
        elif self.block == "PROMPT":
            self._give_prompt(source)
        elif self.block == "SOLUTION":
            self.imported.solved.append(_without_prompts(source))
            self.imported.cells.append(Cell("code", marked(solution_lines(source))))
        elif any(_LINE.search(line) or _BEGIN.match(line) for line in source.split("\n")):
            self.imported.solved.append(_without_prompts(source))
            self.imported.cells.append(Cell("code", solution_lines(source)))
        else:
            self.imported.given.append(source)
            self.imported.cells.append(Cell("code", source))

    def _give_prompt(self, source: str) -> None:
        """What students get where the solution is: it belongs to the cell before or after."""
        last = self.imported.cells[-1] if self.imported.cells else None
        if last is not None and last.kind == "code" and self.imported.solved:
            code = self.imported.solved[-1]
            if last.source == marked(solution_lines(code)):
                self.imported.cells[-1] = Cell("code", marked(code, source.split("\n")))
                return
        self.imported.lost.append("a prompt without a solution before it was left out")

    def _test(self, cell: Any) -> None:
        question = self.question
        if question is None:
            return
        lines = cell["source"].split("\n")
        config, lines = _test_config(lines)
        hidden = config.get("hidden") is True
        while lines and (not lines[0].strip() or _HIDDEN.match(lines[0])):
            hidden = hidden or bool(lines[0].strip())
            del lines[0]
        for key in ("success_message", "failure_message"):
            if config.get(key):
                self.imported.lost.append(
                    f"a test of {question.name}, {key}: {config[key]} (a check says such things "
                    "in `hint:`)"
                )
        points = config.get("points")
        own = float(points) if isinstance(points, int | float) else None
        try:
            code = with_output("\n".join(lines), cell.get("outputs", []))
        except AssignmentError as error:
            self.imported.lost.append(f"a test of {question.name}: {error}")
            return
        question.tests.append((code, hidden, own))


def solution_lines(source: str) -> str:
    """Otter's marks inside a cell as our markers."""
    made: list[str] = []
    inside, prompt = False, False
    for line in source.split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        if found := _PROMPT.match(line):
            prompt = found[2].upper() == "BEGIN"
            if not prompt:
                made.append(f"{indent}### END SOLUTION")
            elif made and made[-1].strip() == "### END SOLUTION":
                made = made[: _last_starter(made) + 1]  # it takes the place of the `...`
            else:
                made += [f"{indent}### BEGIN SOLUTION", f"{indent}### STARTER"]
        elif prompt:
            made.append(f"{indent}# {line.lstrip()}".rstrip())
        elif found := _BEGIN.match(line):
            inside = True
            none = bool(found[1])
            made.append(f"{indent}### BEGIN SOLUTION")
        elif _END.match(line) and inside:
            inside = False
            made += [f"{indent}### STARTER", *([] if none else [f"{indent}# ..."])]
            made.append(f"{indent}### END SOLUTION")
        elif (found := _LINE.search(line)) and not inside:
            code = line[: found.start()].rstrip()
            made += block([code], indent, [] if found[1] else [_prompt_of(code)])
        else:
            made.append(line)
    return "\n".join(made)


def with_output(code: str, outputs: Any) -> str:
    """A test cell as asserts: its last expression against the output that was saved."""
    code = plain_python(code).code
    try:
        tree = ast.parse(code)
    except SyntaxError as error:
        raise AssignmentError(f"line {error.lineno} does not parse ({error.msg})") from None
    functions = [s for s in tree.body if isinstance(s, ast.FunctionDef)]
    called = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    for function in functions:  # a test function that Otter itself would call
        if function.name.startswith("test") and function.name not in called:
            arguments = ", ".join(each.arg for each in function.args.args)
            code += f"\n{function.name}({arguments})"
    last = tree.body[-1] if tree.body else None
    if functions or not isinstance(last, ast.Expr) or _asserts(last):
        return code
    shown = _shown(outputs)
    lines = code.split("\n")[: last.lineno - 1]
    expression = ast.unparse(last.value)
    if not shown:
        raise AssignmentError(
            f"the output of {expression!r} was not saved; run the notebook and import it again"
        )
    try:
        expected = ast.literal_eval(shown)
    except (ValueError, SyntaxError):
        raise AssignmentError(
            f"its output {shown[:60]!r} is text that stands for no value; write an assert instead"
        ) from None
    if isinstance(expected, float):
        lines.append(
            f"assert abs(({expression}) - ({expected!r})) <= 1e-8 + 1e-6 * {abs(expected)!r}"
        )
    else:
        lines.append(f"assert ({expression}) == {expected!r}")
    return "\n".join(lines)


def _asserts(statement: ast.Expr) -> bool:
    """Whether the last expression is a call that raises by itself, and shows nothing."""
    call = statement.value
    return isinstance(call, ast.Call) and "assert" in ast.unparse(call.func)


def _shown(outputs: Any) -> str:
    parts = []
    for output in outputs or []:
        text = output.get("data", {}).get("text/plain") or output.get("text") or ""
        parts.append(text if isinstance(text, str) else "".join(text))
    return "".join(parts).strip()


def _prompt_of(code: str) -> str:
    target, equals, _ = code.strip().partition("=")
    simple = equals and re.fullmatch(r"[\w\s,.\[\]]+", target)
    return f"{target.strip()} = ..." if simple else "..."


def _without_prompts(source: str) -> str:
    """The solution alone, without what students get instead."""
    made, prompt = [], False
    for line in source.split("\n"):
        if found := _PROMPT.match(line):
            prompt = found[2].upper() == "BEGIN"
        elif not prompt:
            made.append(line)
    return "\n".join(made)


def _last_starter(lines: list[str]) -> int:
    return max(at for at, line in enumerate(lines) if "### STARTER" in line)


# --- configuration ------------------------------------------------------------------------------


def _directive(cell: Any) -> tuple[str, Config]:
    if cell["cell_type"] != "raw":
        return "", {}
    lines = cell["source"].strip().split("\n")
    found = _DIRECTIVE.match(lines[0])
    return (found[1].upper(), flat_yaml(lines[1:])) if found else ("", {})


def _test_config(lines: list[str]) -> tuple[Config, list[str]]:
    starts = [at for at, line in enumerate(lines) if _CONFIG.match(line)]
    if len(starts) < 2:
        return {}, list(lines)
    first, last = starts[0], starts[1]
    return flat_yaml(lines[first + 1 : last]), [*lines[:first], *lines[last + 1 :]]


def flat_yaml(lines: list[str]) -> Config:
    """`key: value` lines, lists below a key, and no more of YAML than that."""
    config: Config = {}
    key = ""
    for line in lines:
        bare = line.split(" #")[0].strip()
        if bare.startswith("- ") and key:
            config[key] = [*_listed(config.get(key)), _scalar(bare[2:])]
        elif ":" in bare and not bare.startswith("#"):
            name, _, value = bare.partition(":")
            if line[:1] in (" ", "\t") and key:
                inner = config.get(key)
                config[key] = {**(inner if isinstance(inner, dict) else {}), name: _scalar(value)}
            else:
                key = name.strip()
                config[key] = _scalar(value)
    return config


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _scalar(word: str) -> Any:
    word = word.strip().strip("\"'")
    if word.startswith("[") and word.endswith("]"):
        return [_scalar(item) for item in word[1:-1].split(",") if item.strip()]
    if word.lower() in ("true", "yes", "false", "no"):
        return word.lower() in ("true", "yes")
    if word.lower() in ("", "null", "~"):
        return None
    try:
        return int(word) if re.fullmatch(r"-?\d+", word) else float(word)
    except ValueError:
        return word


def _shares(question: _Question) -> tuple[list[float], str]:
    """The points of each test, and what has to be said about them."""
    count, points = len(question.tests), question.points
    own = [test[2] for test in question.tests]
    if any(own):
        return _with_rest(own, points)
    if isinstance(points, list) and len(points) == count:
        return [float(each) for each in points], ""
    if isinstance(points, dict) and isinstance(points.get("each"), int | float):
        return [float(points["each"])] * count, ""
    if isinstance(points, int | float) and not isinstance(points, bool):
        told = f"its {points:g} points are shared equally by {count} tests" if count > 1 else ""
        return [round(points / count, 9)] * count if count else [], told
    several = " (Otter gives the question 1 in all)" if count > 1 else ""
    return [1.0] * count, f"no points are given; each test has 1{several}"


def _with_rest(own: list[float | None], points: object) -> tuple[list[float], str]:
    """Points of its own for some tests; the others share what is left of the question's."""
    without = own.count(None)
    given = sum(each for each in own if each is not None)
    if isinstance(points, bool) or not isinstance(points, int | float) or not without:
        return [each or 0.0 for each in own], ""
    if given > points:
        return [each or 0.0 for each in own], (
            f"its tests have {given:g} points of their own, more than its {points:g}"
        )
    rest = round((points - given) / without, 9)
    told = f"{points - given:g} of its {points:g} points are shared equally by {without} tests"
    return [rest if each is None else each for each in own], told if without > 1 else ""


def _said(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} = {_said(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(_said(item) for item in value)
    return "" if value is None else str(value)


def _worded(points: object) -> str:
    return f"{points:g} points" if isinstance(points, int | float) else "points not given"
