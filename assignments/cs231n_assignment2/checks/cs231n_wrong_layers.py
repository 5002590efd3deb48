"""Layers of the catalogue in the assignment's signatures, for `components.py`."""

import numpy as np
from cs231n_layers import LAYERS

from autograder.components import Component, wrong_version, wrong_versions
from reference.dropout import DropoutCache
from reference.misconceptions import COMPONENTS as KNOWN
from reference.normalization import RunningStatistics

BATCH_NORMS = ("batchnorm_backward", "batchnorm_backward_alt")
_NAMES = {
    "affine": "affine",
    "relu": "relu",
    "layer_norm": "layernorm",
    "conv2d": "conv",
    "max_pool2d": "max_pool",
    "group_norm": "spatial_groupnorm",
}


def rights(name):
    """The right function of the catalogue, or the cache of dropout."""
    return DropoutCache if name == "dropout_cache" else KNOWN[name].right


def first(answer):
    """The output of a forward pass, with or without its cache."""
    return answer[0] if isinstance(answer, tuple) else answer


class Layer:
    """A layer of the catalogue; `call(layer, *arguments)` calls it as the student's is called.

    The cache holds the student's arguments.
    """

    def __init__(self, known, call, suffix=""):
        self.known, self.call, self.suffix = known, call, suffix
        name = f"{LAYERS}{_NAMES[known]}"
        self.forward, self.backward = f"{name}_forward{suffix}", f"{name}_backward{suffix}"

    def wrong_forward(self, version):
        return {
            self.forward: self.going(version),
            self.backward: self.back(rights(f"{self.known}_backward")),
        }

    def wrong_backward(self, version):
        return {
            self.forward: self.going(rights(f"{self.known}_forward")),
            self.backward: self.back(version),
        }

    def going(self, version):
        return lambda *arguments: (first(self.call(version, *arguments)), arguments)

    def back(self, version):
        right = rights(f"{self.known}_forward")

        def backward(dout, arguments):
            cache = self.call(right, *arguments)[1]
            return self.gradients(version(dout, cache), arguments)

        return backward

    def gradients(self, found, arguments):
        if not isinstance(found, tuple):
            return found
        dx, *others = found
        dx = np.reshape(dx, np.shape(arguments[0])) if np.size(dx) == arguments[0].size else dx
        return (dx, *others)


# --- batch normalization ------------------------------------------------------------------------


def _remember(how, x, *, new=0.1, statistic=np.var):
    """Update the running averages in `bn_param`."""
    for name, value in (("running_mean", x.mean(axis=0)), ("running_var", statistic(x, axis=0))):
        old = how.get(name, np.zeros(x.shape[1]))
        how[name] = (1 - new) * old + new * value


def batch_norm(training, testing, remember):
    """`batchnorm_forward` with these parts; the cache is (x, gamma, beta)."""

    def batchnorm_forward(x, gamma, beta, how):
        if how["mode"] == "train":
            out = first(training(x, gamma, beta))
            remember(how, x)
        else:
            running = RunningStatistics(how["running_mean"], how["running_var"])
            out = first(testing(x, gamma, beta, running))
        return out, (x, gamma, beta)

    return batchnorm_forward


def _gradients_by(backward):
    def batchnorm_backward(dout, cache):
        return tuple(backward(dout, rights("batch_norm_forward")(*cache)[1]))

    return batchnorm_backward


def as_batch_norm(training=None, testing=None, remember=_remember):
    """All of batch normalization, with one part that may be wrong."""
    right = _gradients_by(rights("batch_norm_backward"))
    return {
        f"{LAYERS}batchnorm_forward": batch_norm(
            training or rights("batch_norm_forward"),
            testing or rights("batch_norm_inference_forward"),
            remember,
        ),
        **{f"{LAYERS}{name}": right for name in BATCH_NORMS},
    }


def batch_norm_with(name, backward):
    """The right forward pass, and a version of one of the two backward passes."""
    return {**as_batch_norm(), f"{LAYERS}{name}": _gradients_by(backward)}


def _running(id, remember, name_en, hint_en, name_fa, hint_fa):
    return wrong_version(id, name_en, hint_en, name_fa, hint_fa)(as_batch_norm(remember=remember))


RUNNING = (
    _running(
        "batchnorm_forward.momentum_swapped",
        lambda how, x: _remember(how, x, new=0.9),
        "`momentum` weighs the new batch instead of the running average",
        "`running = momentum * running + (1 - momentum) * sample`.",
        "`momentum` به جای میانگین متحرک، وزن دستهٔ تازه است",
        "`running = momentum * running + (1 - momentum) * sample`.",
    ),
    _running(
        "batchnorm_forward.last_batch_kept",
        lambda how, x: _remember(how, x, new=1.0),
        "The running averages are those of the last batch alone",
        "Mix the new mean and variance into the old ones.",
        "میانگین‌های متحرک تنها از آخرین دسته‌اند",
        "میانگین و واریانس تازه را با پیشین‌ها بیامیزید.",
    ),
    _running(
        "batchnorm_forward.deviation_kept",
        lambda how, x: _remember(how, x, statistic=np.std),
        "`running_var` holds standard deviations",
        "Keep the variance, and take its root where you divide.",
        "`running_var` انحراف معیار را در بر دارد",
        "واریانس را نگه دارید و هنگام تقسیم جذر بگیرید.",
    ),
    _running(
        "batchnorm_forward.nothing_kept",
        lambda how, x: _remember(how, x, new=0.0),
        "The running averages never change",
        "Update them in training, and store them in `bn_param`.",
        "میانگین‌های متحرک هرگز تغییر نمی‌کنند",
        "در آموزش به‌روزشان کنید و در `bn_param` بگذارید.",
    ),
)


# --- spatial batch normalization ----------------------------------------------------------------


def _spatial(forward, backward):
    def spatial_batchnorm_forward(x, gamma, beta, how):
        return first(forward(x, gamma, beta)), (x, gamma, beta)

    return {
        f"{LAYERS}spatial_batchnorm_forward": spatial_batchnorm_forward,
        f"{LAYERS}spatial_batchnorm_backward": _gradients_by(backward),
    }


def _images(rng):
    x = 2 * rng.normal(size=(3, 4, 2, 5)) + 1
    return x, rng.normal(size=4), rng.normal(size=4), {"mode": "train"}


def _spatial_once(student, rng):
    yield student.call(f"{LAYERS}spatial_batchnorm_forward", *_images(rng))[0]


def _spatial_back(student, rng):
    pair = student.new(f"{LAYERS}spatial_batchnorm_forward", *_images(rng))
    cache = pair.keep("__getitem__", 1)
    dout = rng.normal(size=(3, 4, 2, 5))
    yield student.call(f"{LAYERS}spatial_batchnorm_backward", dout, cache)


def _as_spatial(norm):
    return _spatial(norm, rights("batch_norm_backward"))


def _as_spatial_back(backward):
    return _spatial(rights("batch_norm_forward"), backward)


SPATIAL = [
    Component(
        f"{LAYERS}spatial_batchnorm_forward",
        question="spatial",
        right=_as_spatial(rights("batch_norm_forward")),
        wrong=wrong_versions(KNOWN["batch_norm_forward"], _as_spatial),
        session=_spatial_once,
        left_out={
            "batch_norm_forward.eps_missing": "shows in constant features alone, see batchnorm",
        },
    ),
    Component(
        f"{LAYERS}spatial_batchnorm_backward",
        question="spatial",
        right=_as_spatial_back(rights("batch_norm_backward")),
        wrong=wrong_versions(KNOWN["batch_norm_backward"], _as_spatial_back),
        session=_spatial_back,
    ),
]
