"""Dropout: the same random mask, applied in other ways."""

import numpy as np
import torch

from right_versions.registry import enter, right


def where(x, kept, factor):
    return np.where(kept, x * factor, 0.0)


def masked(x, kept, factor):
    out = x.copy()
    out[~kept] = 0
    return out * factor


def loops(x, kept, factor):
    return np.array(
        [
            [v * factor if k else 0.0 for v, k in zip(*r, strict=True)]
            for r in zip(x, kept, strict=True)
        ]
    )


def chosen(x, kept, factor):
    """Only what is kept is written."""
    out, places = np.zeros(x.size), np.flatnonzero(kept)
    out[places] = x.ravel()[places] * factor
    return out.reshape(x.shape)


def in_torch(x, kept, factor):
    return torch.tensor(x).masked_fill(torch.tensor(~kept), 0.0).mul(factor).numpy()


def inverted(apply):
    def version(x, keep_probability, *, training, rng=None):
        if not training:
            return x.copy(), None
        return apply(x, rng.random(x.shape) < keep_probability, 1 / keep_probability), None

    return version


def vanilla(apply):
    def version(x, keep_probability, *, training, rng=None):
        if not training:
            return apply(x, np.ones(x.shape, bool), keep_probability), None
        return apply(x, ~(rng.random(x.shape) >= keep_probability), 1.0), None

    return version


for kind in (inverted, vanilla):
    for apply in (where, masked, loops, chosen, in_torch):
        name = f"{kind.__name__}_{apply.__name__}"
        enter(f"{kind.__name__}_dropout_forward", name, kind(apply))


@right("dropout_backward")
def dropout_backward_loops(dout, cache):
    dx = np.zeros(dout.shape)
    for at, factor in np.ndenumerate(cache.factor):
        dx[at] = float(factor) * float(dout[at])
    return dx


@right("dropout_backward")
def dropout_backward_where(dout, cache):
    return np.where(cache.factor > 0, dout * cache.factor.max(), 0.0)


@right("dropout_backward")
def dropout_backward_jacobian(dout, cache):
    return (dout.ravel() @ np.diag(cache.factor.ravel())).reshape(dout.shape)


@right("dropout_backward")
def dropout_backward_einsum(dout, cache):
    return np.einsum("ij,ij->ij", cache.factor, dout)


@right("dropout_backward")
def dropout_backward_torch(dout, cache):
    x = torch.zeros(dout.shape, dtype=torch.float64, requires_grad=True)
    (x * torch.tensor(cache.factor)).backward(torch.tensor(dout, dtype=torch.float64))
    return x.grad.numpy()
