"""Right versions under the checks of components: each failure is a false alarm.

The checks are those that mutants and misconceptions go through: values against the reference, no
change of the arguments, and the gradient check where there is one.
"""

import copy
import warnings
from collections.abc import Iterable, Iterator
from importlib import import_module

import numpy as np
import torch
from mutants.component_suites import NamingStudent, check_gradients, check_values
from mutants.local_student import LocalStudent, raised

from autograder.checks.against_reference import as_plain, check_against_reference
from autograder.checks.calls import Call
from autograder.errors import StudentFailure
from reference.inputs import inputs
from reference.misconceptions import COMPONENTS
from right_versions.ways import FORMS, WAYS, mapped

SEEDS = 50
"""Under how many seeds no right version may fail."""

SHORT = 100.0
"""Of scores near 1000, float32 keeps four digits behind the point, and so does what follows."""


def namespace_of(component, version):
    """The module of the component with the version in its place.

    A forward pass that keeps no cache gets the reference's: the gradient check hands it on to the
    reference's backward pass.
    """
    known = COMPONENTS[component]
    namespace = dict(vars(import_module(known.right.__module__)))

    def with_cache(*arguments, **keywords):
        again = copy.deepcopy((arguments, keywords))
        out, cache = version(*arguments, **keywords)
        return out, known.right(*again[0], **again[1])[1] if cache is None else cache

    namespace[component] = with_cache if component.endswith("_forward") else version
    return namespace


def failures(component, namespace, seed, largest=np.inf) -> Iterator[str]:
    """What the checks of the component say against it."""
    for student, check in (
        (LocalStudent(namespace), check_values),
        (NamingStudent(namespace), check_gradients),
    ):
        try:
            check(student, COMPONENTS[component], seed, largest)
        except StudentFailure as failure:
            yield f"{check.__name__}: {failure.details.message['en']}"


def quietly(function, *arguments):
    """An answer without warnings, on one thread."""
    torch.set_num_threads(1)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return function(*arguments)


def _alarms(component, version, seeds, ways):
    found = []
    for way in ways:
        namespace = namespace_of(component, WAYS[way](version))
        largest = SHORT if way == "in float32" else np.inf
        for seed in seeds:
            found += [
                f"{component}: {version.__name__} {way}, seed {seed}: {each}"
                for each in failures(component, namespace, seed, largest)
            ]
    return found


def alarms_of_algorithm(component, version, seeds: Iterable[int], ways=tuple(WAYS)) -> list[str]:
    """The false alarms of a version in every way of computing it."""
    return quietly(_alarms, component, version, seeds, ways)


class Alone:
    """A student who has nothing but one version, called without a wall."""

    last_call = None

    def __init__(self, version):
        self.version = version

    def call(self, name, *arguments, **keywords):
        return self.version(*arguments, **keywords)

    new = call


def check_form(known, version, form, seed):
    """The value check of a component, on answers that come in one of the forms."""
    drawn = inputs(known.id, np.random.default_rng(seed))

    def observe(make, asked):
        made = type(drawn[0])(tuple(asked.arguments), dict(asked.keywords))
        if make is known.right:
            return as_plain(known.observe(make, made))
        try:
            answer = known.observe(version, made)
        except Exception as error:
            raise raised(error) from None
        return mapped(as_plain(answer), FORMS[form])

    calls = [Call(known.id, made.args, made.kwargs) for made in drawn]
    check_against_reference(Alone(version), calls, known.right, observe=observe)


def _alarms_of_forms(component, version, seeds, forms):
    found = []
    for seed in seeds:
        for form in forms:
            try:
                check_form(COMPONENTS[component], version, form, seed)
            except StudentFailure as failure:
                words = failure.details.message["en"]
                found.append(f"{component}: {version.__name__}, {form}, seed {seed}: {words}")
    return found


def alarms_of_forms(component, version, seeds: Iterable[int], forms=tuple(FORMS)) -> list[str]:
    """The false alarms of a version whose answers come in these forms."""
    return quietly(_alarms_of_forms, component, version, seeds, forms)


def _bits(component, version):
    known, found = COMPONENTS[component], []
    for made in copy.deepcopy(inputs(component, np.random.default_rng(0))):
        try:
            answer = known.observe(version, made)
        except ValueError as error:
            found.append(type(error).__name__)
        else:
            mapped(answer, lambda value: found.append(np.asarray(value, float).tobytes()))
    return found


def _differs(component, version, way):
    return _bits(component, version) != _bits(component, WAYS[way](version))


def is_another_computation(component, versions, way) -> bool:
    """Whether a way of computing changes a bit in the answers of at least one version."""
    return any(quietly(_differs, component, version, way) for version in versions)
