"""The report's fixed words: outcomes, statuses, isolation, what is not shown and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from autograder.protection import not_protected
from autograder.records import AssignmentInfo, Isolation, LatePenalty, Outcome, Status, Visibility
from autograder.report.language import counted, date, in_language, percent, points, translate
from autograder.report.visibility import Withheld, due_date

OUTCOMES: Mapping[str, str] = {
    Outcome.PASSED: "Passed",
    Outcome.PARTIAL: "Partly right",
    Outcome.FAILED: "Wrong answer",
    Outcome.ERROR: "Your code raised an error",
    Outcome.TIMEOUT: "Took too long",
    Outcome.CRASHED: "Your program stopped",
    Outcome.NOT_RUN: "Not run",
    Outcome.PENDING: "Waiting for a person to read it",
    Outcome.INTERNAL_ERROR: "Not judged yet",
}

STATUSES: Mapping[str, str] = {
    Status.GRADED: "Graded",
    Status.UNGRADABLE: "Could not be graded",
    Status.INTERNAL_ERROR: "Waiting for the instructor",
}

VISIBILITIES: Mapping[str, str] = {
    Visibility.VISIBLE: "visible",
    Visibility.AFTER_DUE_DATE: "shown after the due date",
    Visibility.AFTER_PUBLISHED: "shown after publishing",
    Visibility.HIDDEN: "hidden from students",
}

# What a student does about a submission or a check that has no result of its own.
ADVICE: Mapping[str, tuple[str, ...]] = {
    Status.UNGRADABLE: (
        "Mend what the message names and submit again.",
        "Before you submit, run `autograder check` in the assignment's folder: it reads your "
        "file exactly as the grader does.",
        "If you think the file is right, show this page to your teaching assistant.",
    ),
    Status.INTERNAL_ERROR: (
        "There is nothing for you to do: the fault is on the grader's side, and your submission "
        "is kept.",
        "Your instructor sees this submission in the list of those that need attention, and will "
        "grade it again.",
    ),
}

# What the instructor does about it instead.
INSTRUCTOR_ADVICE: Mapping[str, tuple[str, ...]] = {
    Status.UNGRADABLE: (
        "The student reads the message above and can submit again.",
        "If the file is right after all, mend it and grade this submission again.",
    ),
    Status.INTERNAL_ERROR: (
        "This is neither a zero nor full marks: the submission has no score yet.",
        "Run `autograder doctor` to see whether this machine has a fault, then grade again with "
        "`--regrade`.",
    ),
}

# Why a check that builds on one that is not shown did not run: its name must not be told.
WAITS_FOR_WITHHELD = "Not run: it builds on a check that is not shown."

NOT_JUDGED = "The grader had a fault here, not your code. A person will look at it."


def isolation_warning(isolation: Isolation, language: str) -> str | None:
    """What this level does not protect, or None for `full`."""
    gaps = [in_language(gap, language) for gap in not_protected(isolation)]
    if not gaps:
        return None
    return translate(
        "Graded with isolation `{level}`. Not protected: {gaps}",
        language,
        level=isolation.value,
        gaps=" ".join(gaps),
    )


def late_line(penalty: LatePenalty, language: str) -> str:
    """What a reader learns of a late submission: how late, and which part of the points is lost.

    The points themselves are told beside it, where the whole score is shown.
    """
    return translate(
        "Handed in {days} late, on {date}: {share} of the points are taken off.",
        language,
        days=counted(penalty.days, "day", language),
        date=date(datetime.fromisoformat(penalty.submitted), language),
        share=percent(penalty.share, 1.0, language),
    )


def withheld_line(withheld: Withheld, assignment: AssignmentInfo, language: str) -> str:
    """What a reader learns of checks that are not shown: how many, worth how much, until when."""
    fields = {
        "checks": counted(withheld.count, "check", language),
        "points": points(withheld.points, language),
    }
    if withheld.visibility is Visibility.AFTER_PUBLISHED:
        sentence = "Shown when the grades are published: {checks} ({points})."
        return translate(sentence, language, **fields)
    if withheld.visibility is Visibility.HIDDEN:
        return translate("Not shown to students: {checks} ({points}).", language, **fields)
    due = due_date(assignment)
    if due is None:
        return translate("Not shown yet: {checks} ({points}).", language, **fields)
    sentence = "Shown after the due date, {date}: {checks} ({points})."
    return translate(sentence, language, **fields, date=date(due, language))
