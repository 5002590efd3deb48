"""Penalties, early stopping, dropout, and batch, layer and group normalization.

Write your code where a function raises NotImplementedError. Keep the names and the arguments.
You may add functions of your own. Only numpy is needed, and only numpy may be used.

Change no argument in place. What a `cache` holds is up to you: it is given to your own backward
function and to nothing else. Make it of arrays, numbers, tuples and dicts.
"""

import numpy as np

# ---------------------------------------------------------------- 1. penalties, early stopping


def l1_penalty(W, reg):
    """Return reg * sum |W| and its gradient, of W's shape; where a weight is 0 it is 0."""
    return reg * np.abs(W).sum(), reg * np.sign(W)


def l2_penalty(W, reg):
    """Return reg * sum W^2 and its gradient, of W's shape. There is no factor 1/2 here."""
    return reg * np.sum(W * W), 2 * reg * W


def elastic_net_penalty(W, reg, beta):
    """Return reg * sum (beta * W^2 + |W|) and its gradient, of W's shape."""
    value = reg * np.sum(beta * W * W + np.abs(W))
    return value, reg * (2 * beta * W + np.sign(W))


def early_stopping(losses, patience):
    """When training stops, and which epoch's parameters are kept.

    losses: a list, the validation loss after each epoch; epochs count from 0. An improvement is
    a loss lower than all before it; the first epoch is one. Training stops after the epoch that
    is the `patience`-th in a row without improvement, or after the last epoch.
    Returns (stop, best): the epoch after which training stops, and the epoch with the lowest
    loss up to then. What would have come after the stop is never seen.
    """
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        if epoch - best >= patience:
            return epoch, best
    return len(losses) - 1, best


# ---------------------------------------------------------------- 2. dropout
#
# p_keep is the probability to KEEP a value, 0 < p_keep <= 1. rng is a numpy Generator
# (np.random.default_rng(seed)): draw from it and from nothing else, so that one seed gives one
# mask, such as rng.random(x.shape) < p_keep. Every value has a chance of its own.


def dropout_forward_vanilla(x, p_keep, rng):
    """Vanilla dropout in training: keep a value as it is, or make it 0.

    x: array of any shape. Returns out, cache; out has x's shape.
    """
    mask = (rng.random(x.shape) < p_keep).astype(float)
    return x * mask, mask


def dropout_predict_vanilla(x, p_keep):
    """Vanilla dropout at test time: x times p_keep, the mean of what training gives."""
    return x * p_keep


def dropout_forward_inverted(x, p_keep, rng):
    """Inverted dropout in training: divide a value by p_keep, or make it 0.

    x: array of any shape. Returns out, cache; out has x's shape.
    """
    mask = (rng.random(x.shape) < p_keep) / p_keep
    return x * mask, mask


def dropout_predict_inverted(x, p_keep):
    """Inverted dropout at test time: x as it is."""
    return x


def dropout_backward(dout, cache):
    """Return dx, for the cache of either forward pass in training."""
    return dout * cache


# ---------------------------------------------------------------- 3. batch normalization
#
# xhat = (x - mean) / sqrt(var + eps), out = gamma * xhat + beta. eps stands under the root; var
# is divided by the number m of the values averaged, not by m - 1.


def batchnorm_forward(x, gamma, beta, running, train, momentum=0.9, eps=1e-5):
    if train:
        mu = 1.0 / x.shape[0] * np.sum(x, axis=0, keepdims=True)
        xmu = x - mu
        var = np.mean(xmu**2, axis=0, keepdims=True)
        sqrtvar = np.sqrt(var + eps)
        ivar = 1.0 / sqrtvar
        xhat = xmu * ivar
        out = xhat * gamma[np.newaxis, :] + beta[np.newaxis, :]
        cache = {"xhat": xhat, "gamma": gamma, "xmu": xmu, "ivar": ivar, "sqrtvar": sqrtvar, "var": var, "eps": eps}
        running = {
            "mean": running["mean"] * momentum + mu[0] * (1.0 - momentum),
            "var": running["var"] * momentum + var[0] * (1.0 - momentum),
        }
        return out, cache, running
    out = (x - running["mean"]) * (running["var"] + eps) ** -0.5 * gamma + beta
    return out, None, running


def batchnorm_backward(dout, cache):
    """Backpropagation through the graph, gate by gate."""
    xhat, gamma, xmu, ivar, sqrtvar, var, eps = cache.values()
    N, D = dout.shape
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * gamma
    divar = np.sum(dxhat * xmu, axis=0)
    dxmu1 = dxhat * ivar
    dsqrtvar = -1.0 / (sqrtvar**2) * divar
    dvar = 0.5 * 1.0 / np.sqrt(var + eps) * dsqrtvar
    dsq = 1.0 / N * np.ones((N, D)) * dvar
    dxmu2 = 2 * xmu * dsq
    dx1 = dxmu1 + dxmu2
    dmu = -1 * np.sum(dxmu1 + dxmu2, axis=0)
    dx2 = 1.0 / N * np.ones((N, D)) * dmu
    return dx1 + dx2, dgamma, dbeta


def spatial_batchnorm_forward(x, gamma, beta, running, train, momentum=0.9, eps=1e-5):
    axes, shape = (0, 2, 3), (1, -1, 1, 1)
    if train:
        mean, var = np.mean(x, axes), np.var(x, axes)
        new = {
            "mean": momentum * running["mean"] + (1 - momentum) * mean,
            "var": momentum * running["var"] + (1 - momentum) * var,
        }
    else:
        mean, var, new = running["mean"], running["var"], running
    inv = 1 / np.sqrt(var + eps).reshape(shape)
    xhat = (x - mean.reshape(shape)) * inv
    return xhat * gamma.reshape(shape) + beta.reshape(shape), (xhat, inv, gamma.reshape(shape)), new


def spatial_batchnorm_backward(dout, cache):
    xhat, inv, gamma = cache
    axes = (0, 2, 3)
    m = dout.size / dout.shape[1]
    dgamma, dbeta = (dout * xhat).sum(axes), dout.sum(axes)
    shape = (1, -1, 1, 1)
    dx = gamma * inv * (dout - dbeta.reshape(shape) / m - xhat * dgamma.reshape(shape) / m)
    return dx, dgamma, dbeta


# ---------------------------------------------------------------- 4. layer and group normalization


def layernorm_forward(x, gamma, beta, eps=1e-5):
    running = {"mean": np.zeros(len(x)), "var": np.ones(len(x))}
    xhat, cache, _ = batchnorm_forward(x.T, np.ones(len(x)), np.zeros(len(x)), running, True, eps=eps)
    return gamma * xhat.T + beta, (cache, gamma, xhat.T)


def layernorm_backward(dout, cache):
    inner, gamma, xhat = cache
    dx, _, _ = batchnorm_backward((dout * gamma).T, inner)
    return dx.T, np.sum(dout * xhat, 0), np.sum(dout, 0)


def groupnorm_forward(x, gamma, beta, groups, eps=1e-5):
    """Group normalization of images x (N, C, H, W).

    The channels form `groups` groups of C / groups neighbours each; one mean and variance for
    each group of each image. gamma, beta (C,). Returns out (N, C, H, W), cache.
    """
    N, C, H, W = x.shape
    grouped = x.reshape(N, groups, C // groups * H * W)
    std = np.sqrt(grouped.var(axis=2, keepdims=True) + eps)
    xhat = ((grouped - grouped.mean(axis=2, keepdims=True)) / std).reshape(x.shape)
    out = gamma[:, None, None] * xhat + beta[:, None, None]
    return out, (xhat, std, gamma, groups)


def groupnorm_backward(dout, cache):
    """The gradients of groupnorm_forward: dx (N, C, H, W), dgamma (C,), dbeta (C,)."""
    xhat, std, gamma, groups = cache
    N = len(dout)
    dxhat = (dout * gamma[:, None, None]).reshape(N, groups, -1)
    flat = xhat.reshape(N, groups, -1)
    by_mean = dxhat.mean(axis=2, keepdims=True)
    by_var = (dxhat * flat).mean(axis=2, keepdims=True)
    dx = ((dxhat - by_mean - flat * by_var) / std).reshape(dout.shape)
    return dx, (dout * xhat).sum(axis=(0, 2, 3)), dout.sum(axis=(0, 2, 3))


# ---------------------------------------------------------------- 5. the homework's proofs


def subtract_mean_image_by_bn(x, eps=1e-5):
    """The gamma and beta with which batch normalization subtracts the mean image.

    x (N, D): the whole data set as one batch, one image in each row. With your gamma (D,) and
    beta (D,), `batchnorm_forward` in training with this eps gives x - x.mean(axis=0).
    Returns gamma, beta.
    """
    return np.sqrt(x.var(axis=0) + eps), np.zeros(x.shape[1])


def scale_to_sum_one_by_ln(x, eps=1e-5):
    """The gamma and beta with which layer normalization scales an image to the sum 1.

    x (D,): the values of one image, of a positive sum and not all equal. gamma and beta are one
    number each, the same for every pixel: gamma * (x - mean) / sqrt(var + eps) + beta is then
    x / sum(x). Returns gamma, beta.
    """
    return np.sqrt(x.var() + eps) / x.sum(), 1 / len(x)
