"""What comes out of a gradebook: plain frozen records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from autograder.records import Status


@dataclass(frozen=True)
class StoredResult:
    """The result of one submission to one version of an assignment."""

    assignment_id: str
    version: str
    submission_id: str
    sha256: str
    """Of the graded submission's bytes."""
    status: Status
    score: float
    max_score: float
    seconds: float
    created: datetime
    """When it was stored, in UTC."""
    document: bytes
    """The whole result, as the caller gave it."""


@dataclass(frozen=True)
class PastResult:
    """One line of a submission's history: what was its result, and until when."""

    version: str
    sha256: str
    status: Status
    score: float
    max_score: float
    created: datetime
    replaced: datetime | None
    """When another result of the same version took its place; None: it is in force."""


@dataclass(frozen=True)
class GradedContent:
    """What was graded, and how that ended."""

    sha256: str
    status: Status
