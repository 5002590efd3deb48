"""Holding a submission against the rules of its assignment (`autograder.rules`)."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from autograder.errors import FailureDetails, SubmissionError
from autograder.records import Submission
from autograder.rules import Policy, Rule
from autograder.sandbox.guard import matches, may_import
from autograder.source import SyntaxProblem, decode, parse
from autograder.submission import import_folders
from autograder.texts import Text, clean, text
from autograder.usage import Use, library_uses

_SHOWN = 5


@dataclass(frozen=True)
class Violation:
    """One line that breaks a rule."""

    label: str
    """The file or the cell."""
    line: int
    source: str
    name: str
    rule: Rule
    """Of imports: a rule for all questions."""


@dataclass(frozen=True)
class Judgement:
    """What the rules say of one submission."""

    refused: Mapping[str, FailureDetails] = field(default_factory=dict)
    """The questions that earn nothing, and why."""
    notes: tuple[Text, ...] = ()


def own_modules(submission: Submission) -> list[str]:
    """The top-level modules that come with the submission."""
    names = {PurePosixPath(submission.entry).stem}
    for folder in import_folders(submission):
        for path in submission.files:
            inside = PurePosixPath(path)
            if inside.is_relative_to(folder):
                names.add(inside.relative_to(folder).parts[0].removesuffix(".py"))
    return sorted(names)


def subject_rules(submission: Submission, policy: Policy) -> dict[str, Any] | None:
    """What the subject keeps by itself: the rules that hold for all questions. None: nothing."""
    if not policy:
        return None
    strict = [rule for rule in policy.rules if not rule.questions and not rule.warn]
    return {
        "allowed": None if policy.allowed is None else list(policy.allowed),
        "forbidden": list(policy.forbidden),
        "uses": [pattern for rule in strict for pattern in rule.uses],
        "own": own_modules(submission),
    }


def judge(submission: Submission, policy: Policy, questions: Sequence[str]) -> Judgement:
    """Hold a submission against the rules of its assignment."""
    if not policy:
        return Judgement()
    found = list(violations(submission, policy))
    refused: dict[str, list[Violation]] = {}
    for violation in found:
        if not violation.rule.warn:
            for question in violation.rule.questions or questions:
                refused.setdefault(question, []).append(violation)
    warnings = [violation for violation in found if violation.rule.warn]
    return Judgement(
        {question: _refusal(broken) for question, broken in refused.items()},
        tuple(_warning(violation) for violation in warnings[:_SHOWN]),
    )


def violations(submission: Submission, policy: Policy) -> Iterator[Violation]:
    """Every line that breaks a rule, each rule once a line, in the order of the files."""
    own = own_modules(submission)
    for codes in _sources(submission):
        trees = [_parsed(code) for _, code in codes]
        for (label, code), uses in zip(codes, _all_uses(trees), strict=True):
            lines = code.split("\n")
            seen: set[tuple[int, int]] = set()
            for use in sorted(uses, key=lambda use: (use.line, -len(use.name))):
                for rule in _broken(use, policy, own):
                    key = (use.line, id(rule) if rule in policy.rules else 0)
                    if key not in seen:
                        seen.add(key)
                        source = lines[use.line - 1] if use.line <= len(lines) else ""
                        yield Violation(label, use.line, source.strip(), use.name, rule)


def _sources(submission: Submission) -> Iterator[list[tuple[str, str]]]:
    """Code that shares its names: the entry's sources, and each file beside it."""
    yield [(source.label, source.code) for source in submission.sources]
    for path, content in submission.files.items():
        if path.endswith(".py") and path != submission.entry:
            try:
                yield [(path, decode(path, content))]
            except SubmissionError:
                continue  # it cannot be imported either


def _all_uses(trees: Sequence[ast.Module]) -> list[list[Use]]:
    try:
        return list(library_uses(trees))
    except RecursionError:  # nested beyond what anybody writes: what runs is guarded all the same
        return [[] for _ in trees]


def _parsed(code: str) -> ast.Module:
    try:
        return parse(code)
    except SyntaxProblem:
        return ast.Module([], [])


def _broken(use: Use, policy: Policy, own: Sequence[str]) -> Iterator[Rule]:
    if use.name.partition(".")[0] in own:
        return
    forbidden = policy.forbidden
    if use.imported and not may_import(
        use.name, allowed=policy.allowed, forbidden=forbidden, own=own
    ):
        yield Rule((use.name,))
    elif any(matches(pattern, use.name) for pattern in forbidden):
        yield Rule((use.name,))
    if not use.imported:
        for rule in policy.rules:
            if any(matches(pattern, use.name) for pattern in rule.uses):
                yield rule


def _refusal(broken: Sequence[Violation]) -> FailureDetails:
    first = broken[0]
    lines = [
        f"{clean(one.label, limit=200)}, line {one.line}\n    {clean(one.source, limit=300)}"
        for one in broken[:_SHOWN]
    ]
    if len(broken) > _SHOWN:
        lines.append(f"… {len(broken) - _SHOWN} more")
    return FailureDetails(
        text(
            "`{label}`, line {line}: this assignment does not allow `{name}` here, so this "
            "question earns nothing.",
            **_place(first),
        ),
        hint=first.rule.reason or text("Write this part yourself, without it."),
        traceback="\n".join(lines),
    )


def _warning(violation: Violation) -> Text:
    return text(
        "`{label}`, line {line}: `{name}` should not be used in this assignment. {reason}",
        **_place(violation),
        reason=violation.rule.reason or text("Write this part yourself, without it."),
    )


def _place(violation: Violation) -> dict[str, Any]:
    return {
        "label": clean(violation.label, limit=200).replace("`", "'"),
        "line": violation.line,
        "name": violation.name,
    }
