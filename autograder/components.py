"""Which of a student's functions is which known component, with its known wrong versions.

An assignment may hold `checks/components.py`, which defines `COMPONENTS`::

    from autograder.components import Component, wrong_versions
    from reference.misconceptions import COMPONENTS as KNOWN

    def svm(loss):  # a version of the reference's function, in the student's signature
        return lambda W, X, y, reg: loss(W, X, y, strength=reg)

    COMPONENTS = [
        Component(
            "svm_loss_naive",
            question="svm",
            right=svm(KNOWN["svm_loss"].right),
            wrong=wrong_versions(KNOWN["svm_loss"], svm),
            probe=lambda rng: [(*batch(rng), reg) for reg in (0.0, 0.3)],
        ),
    ]

Two things are made of it: the named cause in a report (`autograder.diagnosis`), and the kill
matrix, which shows that the checks catch every wrong version (`autograder.authoring.kill`).
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, TypeAlias

import numpy as np

from autograder.assignment import Assignment
from autograder.checks.calls import Call
from autograder.checks.student import Student
from autograder.errors import AssignmentError
from autograder.records import Misconception
from autograder.texts import LANGUAGES, Text

FILE = "components.py"

Version: TypeAlias = Callable[..., Any] | Mapping[str, Callable[..., Any]]
"""What stands for the student's function or class; a mapping replaces several names at once."""

Arguments: TypeAlias = tuple[Any, ...] | Call
"""The positional arguments of one call, or a `Call` of any name with keywords too."""

Probe: TypeAlias = Callable[[np.random.Generator], Sequence[Arguments]]

Session: TypeAlias = Callable[[Student, np.random.Generator], Iterator[Any]]
"""Uses the student's code as a check does, and yields each answer to be compared."""


class KnownWrong(Protocol):
    """A wrong version in a catalogue, such as `reference.misconceptions.Misconception`."""

    @property
    def id(self) -> str:
        """`component.mistake`."""

    @property
    def name(self) -> Text:
        """What is wrong."""

    @property
    def hint(self) -> Text:
        """What would be right."""

    @property
    def function(self) -> Callable[..., Any]:
        """The wrong version, in the signature of the catalogue."""


class Catalogued(Protocol):
    """A component in a catalogue, such as `reference.misconceptions.Component`."""

    @property
    def known(self) -> Iterable[KnownWrong]:
        """Its wrong versions."""


@dataclass(frozen=True, eq=False)
class WrongVersion:
    """A known wrong version of a student's function, in the student's signature."""

    misconception: Misconception
    version: Version

    @property
    def id(self) -> str:
        """The misconception's id."""
        return self.misconception.id


@dataclass(frozen=True, eq=False)
class Component:
    """One function or class of the student's, what is right, and what is known to go wrong.

    Either `probe` or `session` says on which inputs the wrong versions differ, from the right
    version and from each other. `probe` is for functions: a list of arguments. `session` is for
    objects and for pairs of functions that share a cache: a generator. Several of them are
    stages: plain inputs first, then awkward ones (uint8, ties, huge numbers), so that a mistake
    that shows on plain inputs has its name whatever happens on the awkward ones.
    """

    name: str
    question: str
    right: Version
    wrong: Sequence[WrongVersion]
    probe: Probe | Sequence[Probe] = ()
    session: Session | Sequence[Session] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Ids of versions that cannot show in the student's signature -> the reason, in English."""
    builds_on: Sequence[str] = ()
    """Other functions of the student's that this one calls: where one of them is wrong, the
    answers of this one say nothing about it alone."""
    built: Callable[..., Version] | None = None
    """The right version of this one, built on given versions of those, passed by their names.
    With it, the cause of a wrong part is also the cause of what is wrong here, if nothing else is.
    """

    def __post_init__(self) -> None:
        if bool(self.probe) == bool(self.session):
            raise ValueError(f"{self.name}: a component has a probe or a session; give one of them")
        if unknown := sorted(set(self.left_out) - {each.id for each in self.wrong}):
            raise ValueError(
                f"{self.name}: left_out names {unknown[0]}, which is none of its wrong versions"
            )

    @property
    def known(self) -> tuple[WrongVersion, ...]:
        """The wrong versions that can show."""
        return tuple(each for each in self.wrong if each.id not in self.left_out)

    def names(self, version: Version) -> Mapping[str, Callable[..., Any]]:
        """What `version` puts in the place of the student's code, by name."""
        return version if isinstance(version, Mapping) else {self.name: version}

    @property
    def stages(self) -> tuple[Session, ...]:
        """The sessions, or the probes as sessions, in order."""
        if self.session:
            return (self.session,) if callable(self.session) else tuple(self.session)
        probes = (self.probe,) if callable(self.probe) else tuple(self.probe)
        return tuple(self._session(probe) for probe in probes)

    def _session(self, probe: Probe) -> Session:
        def ask(student: Student, rng: np.random.Generator) -> Iterator[Any]:
            made = (
                each if isinstance(each, Call) else Call(self.name, each) for each in probe(rng)
            )
            yield from student.answers(list(made))

        return ask


def wrong_version(
    id: str, name: str, hint: str, name_fa: str, hint_fa: str
) -> Callable[[Version], WrongVersion]:
    """Enter a wrong version that no catalogue has, in the student's signature.

    A decorator, or called with the version. `name` says what is wrong, `hint` what would be right.
    """

    def enter(version: Version) -> WrongVersion:
        return WrongVersion(
            Misconception(id, {"en": name, "fa": name_fa}, {"en": hint, "fa": hint_fa}), version
        )

    return enter


def wrong_versions(
    known: Catalogued,
    adapt: Callable[[Callable[..., Any]], Version] | None = None,
    *,
    words: Mapping[str, str] | None = None,
) -> tuple[WrongVersion, ...]:
    """The wrong versions of a catalogue's component, in the student's signature.

    `adapt` takes a function (or class) of the catalogue's signature and returns one of the
    student's; None: they are the same. For a pair with a cache it may return a mapping:
    `lambda backward: {"relu_forward": relu_forward, "relu_backward": backward}`. `words` are
    replaced in the texts, where the student's name of something is another: `{"strength": "reg"}`.
    """
    said = words or {}
    return tuple(
        WrongVersion(
            Misconception(each.id, _reworded(each.name, said), _reworded(each.hint, said)),
            each.function if adapt is None else adapt(each.function),
        )
        for each in known.known
    )


def _reworded(text: Text, words: Mapping[str, str]) -> Text:
    reworded = dict(text)
    for ours, students in words.items():
        whole = re.compile(rf"\b{re.escape(ours)}\b")
        reworded = {language: whole.sub(students, said) for language, said in reworded.items()}
    return reworded


def load_components(assignment: Assignment) -> tuple[Component, ...]:
    """The `COMPONENTS` of the assignment's `checks/components.py`; none without that file.

    Raises `AssignmentError` for a file that cannot be used.
    """
    path = assignment.checks / FILE
    if not path.is_file():
        return ()
    for folder in (*assignment.import_paths, assignment.checks):
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    try:
        found = tuple(_run(path).COMPONENTS)
    except Exception as error:
        raise AssignmentError(f"{path}: {type(error).__name__}: {error}") from error
    _validate(found, assignment, path)
    return found


def _run(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"components of {path.parents[1]}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _validate(found: Sequence[Component], assignment: Assignment, path: Path) -> None:
    questions = {question.id for question in assignment.questions}
    names: set[str] = set()
    for component in found:
        if not isinstance(component, Component):
            raise AssignmentError(f"{path}: COMPONENTS holds {component!r}, which is no Component")
        if component.name in names:
            raise AssignmentError(f"{path}: two components are called {component.name!r}")
        names.add(component.name)
        if component.question not in questions:
            raise AssignmentError(
                f"{path}: {component.name}: question={component.question!r} is none of the "
                f"manifest's: {', '.join(sorted(questions))}"
            )
        for each in component.wrong:
            for text in (each.misconception.name, each.misconception.hint):
                if missing := [lang for lang in LANGUAGES if not text.get(lang)]:
                    raise AssignmentError(
                        f"{path}: {each.id} has no text in {missing[0]!r}; add it"
                    )
