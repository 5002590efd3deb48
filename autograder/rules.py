"""An assignment's rules: what a submission may import and use, and what breaking one costs.

In the manifest::

    [imports]
    allowed = ["numpy"]                  # of what does not come with Python; default: anything
    forbidden = ["torch", "scipy.signal"]

    [[rules]]
    uses = ["numpy.convolve", "numpy.linalg.*"]
    questions = ["conv"]                 # default: all
    warn = false                         # true: a note in the report, no points lost
    reason.en = "The convolution is what you are to write."
    reason.fa = "پیچش همان چیزی است که باید بنویسید."

The questions that a broken rule concerns earn nothing, and the report names the line. Judged on
the syntax tree (`autograder.usage`), and kept in the subject (`autograder.sandbox.guard`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from autograder.sandbox.guard import may_import
from autograder.texts import LANGUAGES, Text

_PATTERN = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*(\.\*)?")


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Names that a submission must not use."""

    uses: tuple[str, ...]
    questions: tuple[str, ...] = ()
    """The questions that the rule holds for; none: all."""
    warn: bool = False
    reason: Text | None = None


@dataclass(frozen=True)
class Policy:
    """All rules of one assignment."""

    rules: tuple[Rule, ...] = ()
    allowed: tuple[str, ...] | None = None
    forbidden: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.rules or self.forbidden or self.allowed is not None)


def policy_problem(policy: Policy, preload: Sequence[str], questions: Sequence[str]) -> str | None:
    """What is wrong with the rules as the manifest has them, with the mend; None: nothing."""
    patterns = [*(policy.allowed or ()), *policy.forbidden]
    for rule in policy.rules:
        patterns += rule.uses
        if unknown := sorted(set(rule.questions) - set(questions)):
            return f"rules.questions: {unknown[0]!r} is none of: {', '.join(questions)}"
        if rule.reason is not None and set(rule.reason) != set(LANGUAGES):
            return "rules.reason: give it as reason.en and reason.fa"
    for pattern in patterns:
        if not _PATTERN.fullmatch(pattern):
            return f"{pattern!r} is no name; write it as numpy.linalg.norm or numpy.linalg.*"
    for name in preload:
        if not may_import(name, allowed=policy.allowed, forbidden=policy.forbidden, own=()):
            return f"imports.preload has {name!r}, which the submission may not import; take it out"
    return None
