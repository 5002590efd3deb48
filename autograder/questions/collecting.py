"""`questions.toml` as pytest items: each question is one check, named `questions.toml::<id>`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import CheckFailure, FailureDetails
from autograder.questions.items import Item, Items, read_items
from autograder.questions.judging import Verdict, judge, read_form, shown
from autograder.questions.reviews import Review, Reviews
from autograder.questions.variants import Draw, for_student, load_variants
from autograder.records import CheckSpec, Misconception, Submission, Visibility
from autograder.texts import Text, text


class NeedsReview(CheckFailure):
    """An answer that a human has to read; `fraction` is what it earns without one."""


class KnownMistake(CheckFailure):
    """A wrong answer whose cause is known."""

    def __init__(self, details: FailureDetails, misconception: Misconception) -> None:
        super().__init__(details)
        self.misconception = misconception


@dataclass
class Sheet:
    """One student's answers, as the questions find them."""

    student: str = ""
    answers: Mapping[str, object] = field(default_factory=dict)
    reviews: Mapping[str, Review] = field(default_factory=dict)


class QuestionsFile(pytest.File):
    """The questions of an assignment."""

    def collect(self) -> Iterator[pytest.Item]:
        """One item for each question."""
        items = read_items(self.path)
        draws = load_variants(self.path.parent, items)
        for item in items.items:
            question = QuestionItem.from_parent(self, name=item.id)
            question.ask(item, items, draws)
            yield question


class QuestionItem(pytest.Item):
    """One question."""

    item: Item
    items: Items
    draws: Mapping[str, Draw]

    def ask(self, item: Item, items: Items, draws: Mapping[str, Draw]) -> None:
        """What this item asks."""
        self.item, self.items, self.draws = item, items, draws

    def spec(self, name: str) -> CheckSpec:
        """The check that this question is."""
        item = self.item
        points = 0.0 if self.items.form_only else item.points
        return CheckSpec(
            id=name,
            title=_form_title(item) if self.items.form_only else _title(item),
            question=item.question,
            visibility=Visibility(item.visibility),
            points=points,
            hint=None,
        )

    def runtest(self) -> None:
        """Judge the answer on the sheet of the submission that is being graded."""
        from autograder.plugin import SESSION

        checks: Any = self.config.stash[SESSION]
        sheet: Sheet = checks.sheet
        item = for_student(self.item, self.draws, sheet.student, checks.assignment.seed)
        written = sheet.answers.get(item.id)
        if self.items.form_only:
            _look_at_form(item, written)
        else:
            _judge(item, written, sheet.reviews.get(item.id))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where pytest says this item is."""
        return self.path, 0, self.name


def _title(item: Item) -> Text:
    """What reports call the question: its title, else the first line of its prompt."""
    if item.title is not None:
        return item.title
    return {language: prompt.strip().splitlines()[0] for language, prompt in item.prompt.items()}


def _form_title(item: Item) -> Text:
    return text("Can be read: {title}", title=_title(item))


def _look_at_form(item: Item, written: object) -> None:
    problem = read_form(item, written)
    if problem is not None:
        got = None if written is None else shown(written)
        raise CheckFailure(FailureDetails(problem, got=got))


def _judge(item: Item, written: object, review: Review | None) -> None:
    """Raise what the answer does not earn; return where it earns everything."""
    verdict = judge(item, written)
    if item.variant is not None:
        verdict = _with_prompt(verdict, item)
    if item.for_a_human == 0:
        if verdict.fraction < 1:
            raise _failure(verdict)
        return
    answered = verdict.readable and item.points > 0
    if not answered:
        raise _failure(verdict)
    by_machine = verdict.fraction * (item.points - item.for_a_human)
    if review is not None:
        earned = (by_machine + min(review.points, item.for_a_human)) / item.points
        if earned < 1 - 1e-9:
            raise _reviewed(review, item, written, earned)
        return
    raise NeedsReview(_waiting(item, written, verdict), fraction=by_machine / item.points)


def _with_prompt(verdict: Verdict, item: Item) -> Verdict:
    """The verdict, saying what this student was asked."""
    message = text(
        "{verdict} You were asked: “{prompt}”",
        verdict=verdict.details.message,
        prompt=item.prompt,
    )
    return replace(verdict, details=replace(verdict.details, message=message))


def _failure(verdict: Verdict) -> CheckFailure:
    if verdict.misconception is not None and verdict.fraction == 0:
        return KnownMistake(verdict.details, verdict.misconception)
    return CheckFailure(verdict.details, fraction=verdict.fraction)


def _reviewed(review: Review, item: Item, written: object, earned: float) -> CheckFailure:
    message = text(
        "Read by a person: {points} of {of} points. {comment}",
        points=f"{review.points:g}",
        of=f"{item.for_a_human:g}",
        comment=review.comment,
    )
    message = {language: words.strip() for language, words in message.items()}
    return CheckFailure(
        FailureDetails(message, got=shown(written), hint=item.hint), fraction=earned
    )


def _waiting(item: Item, written: object, verdict: Verdict) -> FailureDetails:
    message = text(
        "A person will read this answer; up to {points} points wait for it.",
        points=f"{item.for_a_human:g}",
    )
    got = shown(written)
    if item.type == "true_false" and verdict.fraction < 1:
        wrong = verdict.details.message
        message = {language: f"{wrong[language]} {words}" for language, words in message.items()}
    return FailureDetails(message, got=got, hint=None)


def sheet_of(submission: Submission, reviews: Reviews) -> Sheet:
    """The answers and reviews of one submission."""
    return Sheet(submission.id, submission.answers, reviews.of(submission.id))
