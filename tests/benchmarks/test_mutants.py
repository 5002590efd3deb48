"""The mutation engine, and the table of mutants that count for nothing."""

import ast
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from mutants.component_suites import check_component  # noqa: E402
from mutants.definitions import Source  # noqa: E402
from mutants.judging import by_module, component_suites, judged, outcome  # noqa: E402
from mutants.local_student import LocalStudent, TookTooLong, time_limit  # noqa: E402
from mutants.mutations import mutants_of  # noqa: E402
from mutants.set_aside import (  # noqa: E402
    SetAside,
    read_table,
    same_component_answers,
    untrue_entries,
)

from reference.misconceptions import COMPONENTS  # noqa: E402

CODE = '''
def mean_loss(x: int, scale: float = 2.0) -> float:
    """The docstring says 1 + 1."""
    if scale < 0:
        raise ValueError(f"scale must be at least 0, got {scale}")
    total = 0.0
    for i in range(len(x)):
        total += max(x[i], 0) * scale
    return total / len(x)
'''


def changes(code):
    (definition,) = ast.parse(code).body
    return list(mutants_of("m", definition))


def test_each_kind_of_mistake_is_made_and_no_two_are_the_same():
    made = changes(CODE)
    assert len({mutant.digest for mutant in made}) == len(made) > 12
    assert {mutant.kind for mutant in made} == {
        "operator",
        "overwrites",
        "dropped term",
        "swapped sides",
        "constant",
        "off by one",
        "other function",
        "removed statement",
        "sign",
    }
    assert ("total += max(x[i], 0) * scale", "nothing") in {(m.before, m.after) for m in made}


def test_signature_docstring_and_refusals_are_left_alone():
    lines = {mutant.line for mutant in changes(CODE)}
    assert lines == {6, 7, 8, 9}


def test_the_original_comes_out_whole():
    (definition,) = ast.parse(CODE).body
    before = ast.unparse(definition)
    list(mutants_of("m", definition))
    assert ast.unparse(definition) == before


def test_a_mutant_keeps_its_id_where_other_code_moves():
    shifted = [mutant.id for mutant in changes("\n\n# a comment\n" + CODE)]
    assert shifted == [mutant.id for mutant in changes(CODE)]


def test_what_is_made_of_a_mutant_is_renewed_and_nothing_else():
    source = Source("reference.losses")
    right = source.namespace["softmax"]
    mutants = source.mutants({"softmax"})
    mutant = next(each for each in mutants if each.name == "_shifted_exponentials")
    namespace = source.namespace_of(mutant)
    assert namespace["softmax"] is not right and namespace["hinge"] is source.namespace["hinge"]
    assert source.namespace["softmax"] is right
    assert "softmax_loss" in source.affected("_shifted_exponentials")


def test_left_out_definitions_and_methods_have_no_mutants():
    source = Source("reference.gates")
    every = {mutant.line for mutant in source.mutants({"Add"})}
    fewer = {mutant.line for mutant in source.mutants({"Add"}, {"reference.gates:Add.forward"})}
    none = list(source.mutants({"Add"}, {"reference.gates:Add", "reference.gates:unbroadcast"}))
    assert fewer < every and none == []


@pytest.mark.parametrize("module", ["reference.regularization", "reference.schedules"])
def test_every_mutant_of_a_small_module_is_caught(module):
    components = by_module(frozenset())[module]
    source = Source(module)
    verdicts = [
        judged(mutant, source.namespace_of(mutant), component_suites(components))
        for mutant in source.mutants({each.id for each in components})
    ]
    assert len(verdicts) > 20
    assert [verdict.mutant.id for verdict in verdicts if verdict.killed_by is None] == []


@pytest.mark.parametrize("component", COMPONENTS)
def test_the_checks_of_a_component_pass_it_and_catch_its_misconceptions(component):
    known = COMPONENTS[component]
    namespace = dict(vars(sys.modules[known.right.__module__]))
    with np.errstate(all="ignore"):
        check_component(namespace, known)
    for misconception in known.known:
        namespace[component] = misconception.function
        ((_, suite),) = component_suites([known])
        assert outcome(namespace, suite) != "passed", misconception.id


def test_the_table_names_mutants_that_are_there():
    table = read_table()
    made = {
        mutant.id
        for module, components in by_module(table.left_out).items()
        for mutant in Source(module).mutants({each.id for each in components}, table.left_out)
    }
    generic = {mutant for mutant in table.reasons if mutant.startswith("reference.")}
    assert len(made) > 2000 and generic <= made


def test_an_entry_that_is_not_true_is_found():
    source, components = Source("reference.schedules"), by_module(frozenset())
    suites = component_suites(components["reference.schedules"])
    mutant = next(source.mutants({"step_decay"}))
    verdict = judged(mutant, source.namespace_of(mutant), suites)
    table = SetAside(frozenset(), {mutant.id: "?", "m:f:0": "?"}, {mutant.id: 1e-9, "m:f:0": 1e-9})
    same = same_component_answers(frozenset())
    assert [problem.split(": ")[1] for problem in untrue_entries(table, [verdict], same)] == [
        f"it is not equivalent, {verdict.killed_by} caught it",
        "there is no such mutant",
    ]
    passed = type(verdict)(mutant, None, "passed")
    assert "answers otherwise" in untrue_entries(table, [passed], same)[0]


def test_a_call_that_never_ends_is_stopped():
    def forever():
        while True:
            pass

    with pytest.raises(TookTooLong), time_limit(0.05):
        LocalStudent({"forever": forever}).forever()
