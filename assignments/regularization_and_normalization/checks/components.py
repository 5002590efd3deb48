"""The wrong versions known of each function of the assignment, in the student's signatures.

The grader reads this file to name the cause of a failure, and `autograder validate` to see that
the checks catch every wrong version. Students never get it. Here are penalties, early stopping and
dropout; `normalization_components.py` and `wrong_proofs.py` hold the rest.
"""

import numpy as np
from normalization_components import NORMALIZATION
from wrong_proofs import PROOFS

from autograder.components import Component, wrong_versions
from reference.dropout import DropoutCache, dropout_backward
from reference.misconceptions import COMPONENTS as KNOWN

IN_TRAINING = "shows in the function for test time alone"
AT_TEST_TIME = "shows in the function for training alone"


def component(name, question, known, adapt, probe, **more):
    return Component(
        name,
        question=question,
        right=adapt(KNOWN[known].right),
        wrong=wrong_versions(KNOWN[known], adapt, words={"strength": "reg"}),
        probe=probe,
        **more,
    )


# --- penalties and early stopping ---------------------------------------------------------------


def as_penalty(penalty):
    return lambda W, reg: penalty(W, strength=reg)


def as_elastic_net(penalty):
    return lambda W, reg, beta: penalty(W, strength=reg, beta=beta)


def weights(rng, *extra):
    return [(rng.normal(size=(4, 3)), float(rng.uniform(0.5, 2)), *extra)]


def as_early_stopping(kind):
    """The reference watches an epoch at a time; its parameters carry the number of the epoch."""

    def early_stopping(losses, patience):
        stopping, best, epoch = kind(patience), None, 0
        for epoch, loss in enumerate(losses):
            best = stopping.watch(best, epoch, loss, {"epoch": np.array(epoch)})
            if stopping.exhausted(best):
                break
        return epoch, int(best.parameters["epoch"])

    return early_stopping


def curves(rng):
    # Short spells without improvement, a long one, and the best too late.
    curve = np.array([1.0, 0.8, 0.85, 0.6, 0.62, 0.64, 0.5, 0.495, 0.7, 0.8, 0.9, 0.4])
    return [((curve + rng.uniform(0, 0.002, 12)).tolist(), patience) for patience in (3, 1, 9)]


PENALTIES = [
    component("l1_penalty", "penalties", "l1", as_penalty, weights),
    component("l2_penalty", "penalties", "l2", as_penalty, weights),
    component(
        "elastic_net_penalty",
        "penalties",
        "elastic_net",
        as_elastic_net,
        lambda rng: weights(rng, float(rng.uniform(2, 3))),
    ),
    component(
        "early_stopping",
        "penalties",
        "EarlyStopping",
        as_early_stopping,
        curves,
        left_out={
            "EarlyStopping.min_delta_ignored": "the student's function has no min_delta",
        },
    ),
]


# --- dropout ------------------------------------------------------------------------------------


def backward_by(backward):
    return lambda dout, cache: backward(dout, DropoutCache(cache))


def in_training(name):
    """A wrong forward pass, and a backward pass that fits it; the cache is the factor."""

    def adapt(layer):
        def forward(x, p_keep, rng):
            out = layer(x, p_keep, training=True, rng=rng)[0]
            return out, np.divide(out, x, out=np.zeros(x.shape), where=x != 0)

        return {name: forward, "dropout_backward": backward_by(dropout_backward)}

    return adapt


def at_test_time(layer):
    return lambda x, p_keep: layer(x, p_keep, training=False)[0]


def dropped(name):
    def session(student, rng):
        x = rng.normal(size=(8, 9)) + 3
        generator = student.define(f"np.random.default_rng({rng.integers(1000)})")
        yield student.call(name, x, float(rng.uniform(0.6, 0.8)), generator)[0]

    return session


def predicted(rng):
    return [(rng.normal(size=(8, 9)) + 3, float(rng.uniform(0.6, 0.8)))]


def dropped_and_back(student, rng):
    x, seed = rng.normal(size=(8, 9)) + 3, rng.integers(1000)
    for name in ("dropout_forward_inverted", "dropout_forward_vanilla"):
        generator = student.define(f"np.random.default_rng({seed})")
        _, cache = student.call(name, x, 0.7, generator)
        yield student.dropout_backward(rng.normal(size=x.shape), cache)


def as_dropout_backward(backward):
    return {
        **in_training("dropout_forward_inverted")(KNOWN["inverted_dropout_forward"].right),
        **in_training("dropout_forward_vanilla")(KNOWN["vanilla_dropout_forward"].right),
        "dropout_backward": backward_by(backward),
    }


def left_out(known, mistakes, reason):
    return {f"{known}.{mistake}": reason for mistake in mistakes}


def dropout_of(kind, testing, training):
    """The two functions of one kind; `testing` and `training` show in one of them alone."""
    known, forward = f"{kind}_dropout_forward", f"dropout_forward_{kind}"
    adapt = in_training(forward)
    return [
        Component(
            forward,
            question="dropout",
            right=adapt(KNOWN[known].right),
            wrong=wrong_versions(KNOWN[known], adapt),
            session=dropped(forward),
            left_out=left_out(known, testing, IN_TRAINING),
        ),
        component(
            f"dropout_predict_{kind}",
            "dropout",
            known,
            at_test_time,
            predicted,
            left_out=left_out(known, training, AT_TEST_TIME),
        ),
    ]


DROPOUT = [
    *dropout_of(
        "vanilla",
        testing=("not_scaled_at_test", "divided_at_test", "active_at_test"),
        training=("inverted_and_scaled",),
    ),
    *dropout_of(
        "inverted",
        testing=("active_at_test", "scaled_twice"),
        training=(
            "not_scaled",
            "keep_and_drop_swapped",
            "mask_inverted",
            "multiplied_by_p",
            "one_mask_for_all",
        ),
    ),
    Component(
        "dropout_backward",
        question="dropout",
        right=as_dropout_backward(KNOWN["dropout_backward"].right),
        wrong=wrong_versions(KNOWN["dropout_backward"], as_dropout_backward),
        session=dropped_and_back,
        builds_on=("dropout_forward_vanilla", "dropout_forward_inverted"),
    ),
]


COMPONENTS = [*PENALTIES, *DROPOUT, *NORMALIZATION, *PROOFS]
