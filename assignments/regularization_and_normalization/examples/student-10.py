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
    mask = (rng.random(x.shape) >= p_keep).astype(float)
    return x * mask, mask


def dropout_predict_vanilla(x, p_keep):
    """Vanilla dropout at test time: x times p_keep, the mean of what training gives."""
    return x * (1 - p_keep)


def dropout_forward_inverted(x, p_keep, rng):
    """Inverted dropout in training: divide a value by p_keep, or make it 0.

    x: array of any shape. Returns out, cache; out has x's shape.
    """
    mask = (rng.random(x.shape) >= p_keep) / (1 - p_keep)
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
    """Batch normalization of x (N, D), with gamma (D,) and beta (D,).

    running: a dict with the running averages "mean" (D,) and "var" (D,).
    train=True: normalize with the batch's own mean and variance, and move the averages:
        running = momentum * running + (1 - momentum) * batch
    for the mean and for the variance (the one that the batch is normalized with).
    train=False: normalize with the running averages, and leave them as they are.
    Returns out (N, D), cache, running: a new dict with the same keys.
    """
    mean, var = running["mean"], running["var"]
    if train:
        mean, var = x.mean(axis=0), x.var(axis=0)
        running = {
            "mean": momentum * running["mean"] + (1 - momentum) * mean,
            "var": momentum * running["var"] + (1 - momentum) * var,
        }
    std = np.sqrt(var + eps)
    xhat = (x - mean) / std
    return gamma * xhat + beta, (xhat, std, gamma), dict(running)


def batchnorm_backward(dout, cache):
    """The gradients of batchnorm_forward with train=True; mean and variance depend on x too.

    dout (N, D). Returns dx (N, D), dgamma (D,), dbeta (D,).
    """
    xhat, std, gamma = cache
    dxhat = dout * gamma
    dx = (dxhat - dxhat.mean(axis=0) - xhat * (dxhat * xhat).mean(axis=0)) / std
    return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)


def spatial_batchnorm_forward(x, gamma, beta, running, train, momentum=0.9, eps=1e-5):
    """Batch normalization of images x (N, C, H, W): one mean and variance for each channel.

    gamma, beta, running["mean"] and running["var"] are (C,). All else as in batchnorm_forward.
    Returns out (N, C, H, W), cache, running.
    """
    N, C, H, W = x.shape
    flat = x.transpose(0, 2, 3, 1).reshape(-1, C)
    out, cache, running = batchnorm_forward(flat, gamma, beta, running, train, momentum, eps)
    return out.reshape(N, H, W, C).transpose(0, 3, 1, 2), cache, running


def spatial_batchnorm_backward(dout, cache):
    """The gradients of spatial_batchnorm_forward with train=True.

    dout (N, C, H, W). Returns dx (N, C, H, W), dgamma (C,), dbeta (C,).
    """
    N, C, H, W = dout.shape
    flat = dout.transpose(0, 2, 3, 1).reshape(-1, C)
    dx, dgamma, dbeta = batchnorm_backward(flat, cache)
    return dx.reshape(N, H, W, C).transpose(0, 3, 1, 2), dgamma, dbeta


# ---------------------------------------------------------------- 4. layer and group normalization


def layernorm_forward(x, gamma, beta, eps=1e-5):
    """Layer normalization of x (N, D): each example by itself, over its D features.

    gamma, beta (D,): one for each feature. Returns out (N, D), cache.
    """
    std = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    xhat = (x - x.mean(axis=1, keepdims=True)) / std
    return gamma * xhat + beta, (xhat, std, gamma)


def layernorm_backward(dout, cache):
    """The gradients of layernorm_forward: dx (N, D), dgamma (D,), dbeta (D,)."""
    xhat, std, gamma = cache
    dxhat = dout * gamma
    by_mean = dxhat.mean(axis=1, keepdims=True)
    by_var = (dxhat * xhat).mean(axis=1, keepdims=True)
    return (dxhat - by_mean - xhat * by_var) / std, (dout * xhat).sum(axis=0), dout.sum(axis=0)


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
