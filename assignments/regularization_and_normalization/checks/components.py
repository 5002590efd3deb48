"""The wrong versions known of each function of the assignment, in the student's signatures.

The grader reads this file to name the cause of a failure, and `autograder validate` to see that
the checks catch every wrong version. Students never get it. Those of running averages and of
the homework's proofs are in `wrong_statistics.py` and `wrong_proofs.py`.
"""

import numpy as np
from wrong_proofs import PROOFS
from wrong_statistics import moved, wrong_averages

from autograder.components import Component, wrong_versions
from reference import normalization as right
from reference.dropout import DropoutCache, dropout_backward
from reference.misconceptions import COMPONENTS as KNOWN
from reference.normalization import RunningStatistics

NO_IMAGES = "the student's function takes features, not images"
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


# --- batch normalization ------------------------------------------------------------------------


def batch_norm(name):
    """Makes the student's pair of functions from the parts of it that may be wrong."""

    def made(
        train=right.batch_norm_forward,
        test=right.batch_norm_inference_forward,
        move=moved,
        backward=right.batch_norm_backward,
    ):
        def forward(x, gamma, beta, running, train_now, momentum=0.9, eps=1e-5):
            if train_now:
                out = train(x, gamma, beta, eps=eps)[0]
            else:
                statistics = RunningStatistics(running["mean"], running["var"])
                out = test(x, gamma, beta, statistics, eps=eps)[0]
            return out, (x, gamma, beta, eps), move(running, x, momentum, train_now)

        def back(dout, cache):
            x, gamma, beta, eps = cache
            return tuple(backward(dout, right.batch_norm_forward(x, gamma, beta, eps=eps)[1]))

        return {f"{name}_forward": forward, f"{name}_backward": back}

    return made


def batch(rng, shape):
    channels = shape[1]
    running = {"mean": rng.normal(size=channels), "var": rng.uniform(2, 3, channels)}
    x = 0.3 * rng.normal(size=shape) + 2
    return x, rng.uniform(1, 2, channels), rng.uniform(1, 2, channels), running


def normalized(name, shape):
    def session(student, rng):
        values = batch(rng, shape)
        for train in (True, False):
            out, _, running = student.call(f"{name}_forward", *values, train, 0.8, 1e-2)
            yield out
            yield running["mean"]
            yield running["var"]

    return session


def normalized_back(name, shape):
    def session(student, rng):
        out, cache, _ = student.call(f"{name}_forward", *batch(rng, shape), True, 0.8, 1e-2)
        yield student.call(f"{name}_backward", rng.normal(size=np.shape(out)) + 0.5, cache)

    return session


def batch_norm_of(name, shape, no_images=None, builds_on=()):
    made = batch_norm(name)
    return [
        Component(
            f"{name}_forward",
            question="batchnorm",
            right=made(),
            wrong=(
                *wrong_versions(KNOWN["batch_norm_forward"], lambda f: made(train=f)),
                *wrong_versions(KNOWN["batch_norm_inference_forward"], lambda f: made(test=f)),
                *wrong_averages(lambda f: made(move=f)),
            ),
            session=normalized(name, shape),
            left_out=no_images or {},
            builds_on=builds_on[:1],
        ),
        Component(
            f"{name}_backward",
            question="batchnorm",
            right=made(),
            wrong=wrong_versions(KNOWN["batch_norm_backward"], lambda f: made(backward=f)),
            session=normalized_back(name, shape),
            builds_on=(f"{name}_forward", *builds_on),
        ),
    ]


BATCH_NORM = [
    *batch_norm_of("batchnorm", (6, 4), {"batch_norm_forward.pixels_apart": NO_IMAGES}),
    *batch_norm_of(
        "spatial_batchnorm", (3, 4, 2, 5), builds_on=("batchnorm_forward", "batchnorm_backward")
    ),
]


# --- layer and group normalization --------------------------------------------------------------


def layer_norm(forward=right.layer_norm_forward, backward=right.layer_norm_backward):
    def run(x, gamma, beta, eps=1e-5):
        return forward(x, gamma, beta, eps=eps)[0], (x, gamma, beta, eps)

    def back(dout, cache):
        x, gamma, beta, eps = cache
        return tuple(backward(dout, right.layer_norm_forward(x, gamma, beta, eps=eps)[1]))

    return {"layernorm_forward": run, "layernorm_backward": back}


def group_norm(forward=right.group_norm_forward, backward=right.group_norm_backward):
    def run(x, gamma, beta, groups, eps=1e-5):
        out = forward(x, gamma, beta, groups=groups, eps=eps)[0]
        return out, (x, gamma, beta, groups, eps)

    def back(dout, cache):
        x, gamma, beta, groups, eps = cache
        made = right.group_norm_forward(x, gamma, beta, groups=groups, eps=eps)
        return tuple(backward(dout, made[1]))

    return {"groupnorm_forward": run, "groupnorm_backward": back}


def single(name, shape, *extra):
    """An example at a time, as many examples as features, and back."""

    def values(rng):
        x = 0.3 * rng.normal(size=shape) + rng.normal(size=(*shape[:2], *[1] * (len(shape) - 2)))
        return x, rng.uniform(1, 2, shape[1]), rng.uniform(1, 2, shape[1]), *extra, 1e-2

    def forward(student, rng):
        yield student.call(f"{name}_forward", *values(rng))[0]

    def backward(student, rng):
        out, cache = student.call(f"{name}_forward", *values(rng))
        yield student.call(f"{name}_backward", rng.normal(size=np.shape(out)) + 0.5, cache)

    return forward, backward


def by_example(name, known, made, sessions):
    forward, backward = sessions
    return [
        Component(
            f"{name}_forward",
            question="layernorm",
            right=made(),
            wrong=wrong_versions(KNOWN[f"{known}_forward"], lambda f: made(forward=f)),
            session=forward,
        ),
        Component(
            f"{name}_backward",
            question="layernorm",
            right=made(),
            wrong=wrong_versions(KNOWN[f"{known}_backward"], lambda f: made(backward=f)),
            session=backward,
            builds_on=(f"{name}_forward",),
        ),
    ]


LAYER_AND_GROUP_NORM = [
    *by_example("layernorm", "layer_norm", layer_norm, single("layernorm", (4, 4))),
    *by_example("groupnorm", "group_norm", group_norm, single("groupnorm", (3, 6, 2, 3), 3)),
]

COMPONENTS = [*PENALTIES, *DROPOUT, *BATCH_NORM, *LAYER_AND_GROUP_NORM, *PROOFS]
