"""What a comparison is about, and the sentences that every failure is built from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from autograder.errors import CheckFailure, FailureDetails
from autograder.texts import LANGUAGES, Text, text

Wording = str | Text
"""Words for a student: an English sentence (translated where the catalogue has it) or a `Text`."""

NAMES = (
    "the answer",
    "the loss",
    "the losses",
    "the gradient",
    "the gradients",
    "the output",
    "the scores",
    "the probabilities",
    "the distances",
    "the distance",
    "the weights",
    "the predictions",
    "the predicted labels",
    "the accuracy",
    "the mean",
    "the variance",
)
"""What comparisons are mostly about, with a translation each; other names come as a `Text`."""


def worded(words: Wording) -> Text:
    """`words` in every language; a plain string is looked up in the catalogue."""
    return text(words) if isinstance(words, str) else words


def listed(names: Iterable[str]) -> Text:
    """Names in code, with the commas of each language between them."""
    shown = [f"`{name}`" for name in names]
    return {"en": ", ".join(shown), "fa": "، ".join(shown)}


def joined(*parts: Text | None) -> Text:
    """The sentences one after another, absent ones left out."""
    present = [part for part in parts if part is not None]
    return {language: " ".join(part[language] for part in present) for language in LANGUAGES}


@dataclass(frozen=True)
class Topic:
    """What is compared (`the loss`), the hint to give and the call that answered."""

    what: Text
    hint: Text | None = None
    call: str | None = None
    among: bool = False
    """It is one of several values that came back together."""

    def failure(
        self,
        message: Text,
        *,
        expected: str | None = None,
        got: str | None = None,
        where: str | None = None,
        error: str | None = None,
    ) -> CheckFailure:
        """The failure to raise."""
        return CheckFailure(
            FailureDetails(
                message=message,
                call=self.call,
                expected=expected,
                got=got,
                where=where,
                error=error,
                hint=self.hint,
            )
        )

    def wrong(self) -> Text:
        """That it, a single value, is wrong."""
        if self.what["en"] == "the answer":
            return text("The answer is wrong.")
        return text("The value of {what} is wrong.", what=self.what)

    def part(self, name: Wording) -> Topic:
        """The same call under another name for what is looked at."""
        return replace(self, what=worded(name))

    def member(self, name: Wording) -> Topic:
        """The topic of one of several values that came back together."""
        return replace(self, what=worded(name), among=True)


def topic(what: Wording, hint: Wording | None = None, call: str | None = None) -> Topic:
    """A `Topic` from what an instructor wrote."""
    return Topic(worded(what), None if hint is None else worded(hint), call)
