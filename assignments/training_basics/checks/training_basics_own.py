"""How a wrong version is entered: one that no catalogue has, or a part of a catalogue's."""

from autograder.components import Component, WrongVersion, wrong_versions
from autograder.records import Misconception
from reference.misconceptions import COMPONENTS as KNOWN


def some(known, adapt, *mistakes):
    """The wrong versions of a catalogue's component that are named, in the student's signature."""
    wanted = {f"{known}.{mistake}" for mistake in mistakes}
    chosen = tuple(each for each in wrong_versions(KNOWN[known], adapt) if each.id in wanted)
    if len(chosen) != len(wanted):
        raise ValueError(f"{known} must have {sorted(wanted)}; look at its catalogue")
    return chosen


def worded(id, version):
    """A version of one's own under the words that the catalogue has for this mistake."""
    (known,) = (each for each in KNOWN[id.partition(".")[0]].known if each.id == id)
    return WrongVersion(Misconception(known.id, known.name, known.hint), version)


def component(name, question, known, adapt, probe, *, more=(), builds_on=()):
    """A function that is a catalogue's component but for its signature."""
    return Component(
        name,
        question=question,
        right=adapt(KNOWN[known].right),
        wrong=(*wrong_versions(KNOWN[known], adapt), *more),
        probe=probe,
        builds_on=builds_on,
    )
