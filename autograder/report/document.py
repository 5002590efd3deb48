"""Grades as JSON: `result.json` (schema 1), and the whole record for the gradebook."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import msgspec

from autograder.errors import FailureDetails
from autograder.protection import not_protected
from autograder.records import CheckResult, Grade, Misconception, Outcome
from autograder.report.language import check_language, in_language, translate
from autograder.report.untrusted import one_line, readable, readable_end
from autograder.texts import Text

SCHEMA = 1

Document = dict[str, Any]


def result_document(grade: Grade, language: str) -> Document:
    """`result.json`, schema 1, with its sentences in `language`.

    It is the instructor's copy: it holds every check, whatever its visibility. Raises ValueError
    for an unknown language and for a score or time that is not finite.
    """
    check_language(language)
    require_finite(grade)
    environment = grade.environment
    return {
        "schema": SCHEMA,
        "assignment": _assignment(grade, language),
        "submission": {"id": one_line(grade.submission_id), "sha256": grade.submission_sha256},
        "language": language,
        "status": grade.status.value,
        "score": _points(grade.score),
        "max_score": _points(grade.max_score),
        "penalty": _penalty(grade),
        "seconds": _seconds(grade.seconds),
        "checks": [_check(result, language) for result in grade.checks],
        "environment": {
            "python": environment.python,
            "numpy": environment.numpy,
            "torch": environment.torch,
            "autograder": environment.autograder,
            "seed": environment.seed,
            "isolation": environment.isolation.value,
            "not_protected": [
                in_language(gap, language) for gap in not_protected(environment.isolation)
            ],
        },
        "message": _sentence(grade.message, language),
        "notes": [readable(in_language(note, language)) for note in grade.notes],
    }


def encode(document: Document) -> bytes:
    """`document` as UTF-8 JSON: keys in the schema's order, two spaces, a newline at the end.

    Equal documents give equal bytes.
    """
    return msgspec.json.format(_json(document), indent=2) + b"\n"


def grade_to_json(grade: Grade) -> str:
    """The whole record, every language included, on one line.

    Raises ValueError for a score or time that is not finite: JSON has no word for it.
    """
    require_finite(grade)
    return _json(grade).decode()


def grade_from_json(document: str | bytes) -> Grade:
    """The record that `grade_to_json` wrote; ValueError where it is not one."""
    try:
        return _decoder.decode(document)
    except msgspec.MsgspecError as error:
        raise ValueError(f"not a stored grade: {error}; grade the submission again") from error


_decoder = msgspec.json.Decoder(Grade)


def require_finite(grade: Grade) -> None:
    """Refuse a grade with NaN or infinite points or seconds (ValueError)."""
    for name, value in _figures(grade):
        if not math.isfinite(value):
            raise ValueError(
                f"{name} must be a finite number, not {value}; mend the scoring of this check"
            )


def failure_lines(details: FailureDetails, language: str) -> list[str]:
    """The lines that every plain-text form of a failure starts with: message, call, values."""
    lines = [readable(in_language(details.message, language))]
    for label, value in (
        ("called: {value}", details.call),
        ("expected: {value}", details.expected),
        ("got: {value}", details.got),
        ("first wrong index: {value}", details.where),
        ("largest error: {value}", details.error),
    ):
        if value is not None:
            shown = readable(value)
            beside = "\n" + shown if "\n" in shown else shown
            lines.append(translate(label, language, value=beside))
    return lines


def hint_of(result: CheckResult) -> Text | None:
    """The hint of this failure, or else the one that the check has for its wrong answers.

    The check's own hint was written for an answer that is wrong for the usual reason. It says
    nothing of an exception, a crash or a time limit, and a cause that is known says it better.
    """
    if result.details is None or result.outcome is Outcome.NOT_RUN:
        return None
    if result.details.hint is not None:
        return result.details.hint
    usual = result.outcome in (Outcome.FAILED, Outcome.PARTIAL) and result.misconception is None
    return result.spec.hint if usual else None


def _assignment(grade: Grade, language: str) -> Document:
    info = grade.assignment
    document: Document = {"id": info.id, "version": info.version}
    if info.edition is not None:
        document["edition"] = {
            "id": info.edition.id,
            "title": in_language(info.edition.title, language),
            "without": list(info.edition.without),
            "resembles": grade.resembles,
        }
    return document


def _check(result: CheckResult, language: str) -> Document:
    spec, details = result.spec, result.details
    document = {
        "id": spec.id,
        "title": in_language(spec.title, language),
        "question": spec.question,
        "visibility": spec.visibility.value,
        "outcome": result.outcome.value,
        "points": _points(result.points),
        "max_points": _points(spec.points),
        "message": "\n".join(failure_lines(details, language)) if details else None,
        "example": _readable(details.example) if details else None,
        "misconception": _misconception(result.misconception, language),
        "hint": _sentence(hint_of(result), language),
        "traceback": _traceback(details),
        "seconds": _seconds(result.seconds),
    }
    if result.training is not None:
        document["training"] = msgspec.to_builtins(result.training)
    return document


def _penalty(grade: Grade) -> Document | None:
    """What lateness cost; `score` is what is left of `score_before`."""
    found = grade.penalty
    if found is None:
        return None
    return {
        "submitted": found.submitted,
        "days_late": found.days,
        "share": round(found.share, 6),
        "points": _points(found.points),
        "score_before": _points(grade.score + found.points),
    }


def _misconception(found: Misconception | None, language: str) -> Document | None:
    if found is None:
        return None
    return {
        "id": found.id,
        "name": in_language(found.name, language),
        "hint": in_language(found.hint, language),
    }


def _traceback(details: FailureDetails | None) -> str | None:
    return readable_end(details.traceback) if details and details.traceback else None


def _sentence(words: Text | None, language: str) -> str | None:
    return None if words is None else readable(in_language(words, language))


def _readable(untrusted: str | None) -> str | None:
    return readable(untrusted) if untrusted else None


def _points(value: float) -> float:
    # Sums of thirds and tenths differ in their last bits from one order of adding to another.
    return round(float(value), 4) + 0.0


def _seconds(value: float) -> float:
    return round(float(value), 3)


def _figures(grade: Grade) -> Iterator[tuple[str, float]]:
    yield "score", grade.score
    yield "max_score", grade.max_score
    yield "seconds", grade.seconds
    if grade.penalty is not None:
        yield "points lost for lateness", grade.penalty.points
    for result in grade.checks:
        yield f"points of {result.spec.id}", result.points
        yield f"max_points of {result.spec.id}", result.spec.points
        yield f"seconds of {result.spec.id}", result.seconds


def _json(record: object) -> bytes:
    try:
        return msgspec.json.encode(record)
    except UnicodeEncodeError:
        # A file name that is not UTF-8 reaches Python with lone surrogates in it.
        return msgspec.json.encode(_without_surrogates(msgspec.to_builtins(record)))


def _without_surrogates(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_without_surrogates(k): _without_surrogates(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_without_surrogates(item) for item in value]
    return value
