"""The known wrong versions of batch, layer and group normalization, in the student's signatures.

A pair of functions shares a cache, so that one is wrong and the other fits it: here the cache is
plain data, the arguments of the forward pass.
"""

import numpy as np
from wrong_statistics import moved, wrong_averages, wrong_groups, wrong_rows

from autograder.components import Component, wrong_versions
from reference import normalization as right
from reference.misconceptions import COMPONENTS as KNOWN
from reference.normalization import RunningStatistics

NO_IMAGES = "the student's function takes features, not images"


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
    """In training, what becomes of the running averages, at test time: a mistake in each."""

    def passed(student, rng, train):
        return student.call(f"{name}_forward", *batch(rng, shape), train, 0.8, 1e-2)

    def training(student, rng):
        yield passed(student, rng, True)[0]

    def averages(student, rng):
        for train in (True, False):
            running = passed(student, rng, train)[2]
            yield running["mean"]
            yield running["var"]

    def testing(student, rng):
        yield passed(student, rng, False)[0]

    return training, averages, testing


def normalized_back(name, shape):
    def session(student, rng):
        out, cache, _ = student.call(f"{name}_forward", *batch(rng, shape), True, 0.8, 1e-2)
        yield student.call(f"{name}_backward", rng.normal(size=np.shape(out)) + 0.5, cache)

    return session


def spatial_on(batchnorm_forward, batchnorm_backward=None, **others):
    """Right functions of images on the student's functions of features, wrong ones perhaps."""
    forward = batchnorm_forward["batchnorm_forward"]
    backward = (batchnorm_backward or batchnorm_forward)["batchnorm_backward"]

    def flat(x):
        return x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])

    def images(values, shape):
        N, C, H, W = shape
        return values.reshape(N, H, W, C).transpose(0, 3, 1, 2)

    def run(x, *rest):
        out, cache, running = forward(flat(x), *rest)
        return images(out, x.shape), cache, running

    def back(dout, cache):
        dx, dgamma, dbeta = backward(flat(dout), cache)
        return images(dx, dout.shape), dgamma, dbeta

    return {"spatial_batchnorm_forward": run, "spatial_batchnorm_backward": back}


def batch_norm_of(name, shape, *, no_images=None, more=(), parts=((), ()), built=None):
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
                *more,
            ),
            session=normalized(name, shape),
            left_out=no_images or {},
            builds_on=parts[0],
            built=built,
        ),
        Component(
            f"{name}_backward",
            question="batchnorm",
            right=made(),
            wrong=wrong_versions(KNOWN["batch_norm_backward"], lambda f: made(backward=f)),
            session=normalized_back(name, shape),
            builds_on=(f"{name}_forward", *parts[1]),
            built=built,
        ),
    ]


BATCH_NORM = [
    *batch_norm_of("batchnorm", (6, 4), no_images={"batch_norm_forward.pixels_apart": NO_IMAGES}),
    *batch_norm_of(
        "spatial_batchnorm",
        (3, 4, 2, 5),
        more=wrong_rows(lambda f: batch_norm("spatial_batchnorm")(train=f)),
        parts=(("batchnorm_forward",), ("batchnorm_forward", "batchnorm_backward")),
        built=spatial_on,
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


def by_example(name, known, made, sessions, more=()):
    forward, backward = sessions
    return [
        Component(
            f"{name}_forward",
            question="layernorm",
            right=made(),
            wrong=(*wrong_versions(KNOWN[f"{known}_forward"], lambda f: made(forward=f)), *more),
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


NORMALIZATION = [
    *BATCH_NORM,
    *by_example("layernorm", "layer_norm", layer_norm, single("layernorm", (4, 4))),
    *by_example(
        "groupnorm",
        "group_norm",
        group_norm,
        single("groupnorm", (3, 6, 2, 3), 3),
        wrong_groups(lambda f: group_norm(forward=f)),
    ),
]
