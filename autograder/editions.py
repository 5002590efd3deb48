"""The editions of an assignment: years that asked for less than all of it.

::

    edition = "2021"                     # by which `grade` goes without --edition

    [[editions]]
    id = "2015"
    title.en = "2015"
    title.fa = "۲۰۱۵"
    without = ["dropout", "test_sgd"]    # questions and checks that it did not ask for
    signs = { "classifiers/convnet.py" = "two_layer_convnet" }   # a word that no other year has

The edition is the instructor's choice and never the submission's: no file that a student leaves
out or adds changes what is asked. What a folder looks like is only said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import msgspec

from autograder.errors import AssignmentError
from autograder.records import CheckSpec
from autograder.scoring import total
from autograder.texts import Text, text


class Edition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One year's assignment, or that of several years alike."""

    id: str
    title: Text
    without: tuple[str, ...] = ()
    """Questions, check functions and single cases that it did not ask for."""
    signs: dict[str, str] = {}
    """File of the package -> a word in it that shows this edition; one such file is enough."""


def chosen_edition(
    editions: Sequence[Edition], default: str | None, wanted: str | None
) -> Edition | None:
    """The edition `wanted`, else the manifest's own; None where there are none.

    Raises ValueError for one that there is not, and for editions without a default.
    """
    known = {edition.id: edition for edition in editions}
    if len(known) < len(editions):
        raise ValueError("two [[editions]] have the same id; rename one")
    if not editions:
        if wanted or default:
            raise ValueError(f"edition {wanted or default!r}: the assignment has no [[editions]]")
        return None
    for name in (default, wanted or default):
        if name not in known:
            raise ValueError(f"edition = {name!r}; it is one of {', '.join(known)}")
    return known[wanted or default or ""]


def asked(
    specs: Sequence[CheckSpec], editions: Sequence[Edition], edition: Edition | None
) -> tuple[CheckSpec, ...]:
    """The checks that `edition` asks for, worth as much together as all of them.

    A check's points are its own times (points of all) / (points of those that are asked).
    Raises `AssignmentError` where an edition names what is not there, or asks for nothing.
    """
    for each in editions:
        known = {name for spec in specs for name in _names_of(spec)}
        if unknown := [name for name in each.without if name not in known]:
            raise AssignmentError(
                f"editions: {each.id}: without {unknown[0]!r}, and no question or check has that "
                "name; name a question, test_name or test_name[case]"
            )
    if edition is None:
        return tuple(specs)
    kept = [spec for spec in specs if not _names_of(spec) & set(edition.without)]
    whole, rest = (total(spec.points for spec in each) for each in (specs, kept))
    if rest <= 0:
        raise AssignmentError(f"editions: {edition.id} asks for nothing; take out some of without")
    ids = {spec.id for spec in kept}
    return tuple(
        replace(
            spec,
            points=spec.points * whole / rest if rest < whole else spec.points,
            requires=tuple(name for name in spec.requires if name in ids),
        )
        for spec in kept
    )


def edition_notes(edition: Edition | None, other: Edition | None) -> tuple[Text, ...]:
    """By which edition a submission was graded, and which other one it looks like."""
    if edition is None:
        return ()
    said = "This was graded by the edition “{edition}”."
    less = (
        "This was graded by the edition “{edition}”. What that edition did not ask for is left "
        "out, and the points of the other checks are scaled up to the same sum."
    )
    first = (
        text(less, edition=edition.title) if edition.without else text(said, edition=edition.title)
    )
    if other is None:
        return (first,)
    hint = text(
        "The files look like those of another edition, “{edition}”. If that is the one you were "
        "given, tell your instructor, who grades by it with `--edition {id}`.",
        edition=other.title,
        id=other.id,
    )
    return first, hint


def looks_like(
    edition: Edition, editions: Sequence[Edition], files: Mapping[str, bytes], package: str
) -> Edition | None:
    """The first other edition that the files show a sign of; None where they show `edition`'s."""

    def shown(each: Edition) -> bool:
        return any(
            re.search(rf"\b{re.escape(word)}\b".encode(), files.get(f"{package}/{path}", b""))
            for path, word in each.signs.items()
        )

    if shown(edition):
        return None
    return next((each for each in editions if each is not edition and shown(each)), None)


def _names_of(spec: CheckSpec) -> set[str]:
    """The question, and `test_a.py::test_b[c]` as `test_b[c]` and `test_b`."""
    name = spec.id.partition("::")[2]
    return {spec.question, name, name.partition("[")[0]}
