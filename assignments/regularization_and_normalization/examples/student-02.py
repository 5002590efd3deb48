"""Penalties, early stopping, dropout, and batch, layer and group normalization.

Write your code where a function raises NotImplementedError. Keep the names and the arguments.
You may add functions of your own. Only numpy is needed, and only numpy may be used.

Change no argument in place. What a `cache` holds is up to you: it is given to your own backward
function and to nothing else. Make it of arrays, numbers, tuples and dicts.
"""

import numpy as np

# ---------------------------------------------------------------- 1. penalties, early stopping


def l1_penalty(W, reg):
    value, grad = 0.0, np.zeros(W.shape)
    for i in range(W.shape[0]):
        for j in range(W.shape[1]):
            value += reg * abs(W[i, j])
            if W[i, j] > 0:
                grad[i, j] = reg
            elif W[i, j] < 0:
                grad[i, j] = -reg
    return value, grad


def l2_penalty(W, reg):
    """Return reg * sum W^2 and its gradient, of W's shape. There is no factor 1/2 here."""
    return reg * np.sum(W * W), 2 * reg * W


def elastic_net_penalty(W, reg, beta):
    v1, g1 = l1_penalty(W, reg)
    v2, g2 = l2_penalty(W, reg)
    return v1 + beta * v2, g1 + beta * g2


def early_stopping(losses, patience):
    best_loss, best, waited = float("inf"), 0, 0
    for epoch in range(len(losses)):
        if losses[epoch] < best_loss:
            best_loss, best, waited = losses[epoch], epoch, 0
        else:
            waited += 1
            if waited == patience:
                break
    return epoch, best


# ---------------------------------------------------------------- 2. dropout
#
# p_keep is the probability to KEEP a value, 0 < p_keep <= 1. rng is a numpy Generator
# (np.random.default_rng(seed)): draw from it and from nothing else, so that one seed gives one
# mask, such as rng.random(x.shape) < p_keep. Every value has a chance of its own.


def dropout_forward_vanilla(x, p_keep, rng):
    mask = rng.binomial(1, p_keep, size=x.shape)
    return mask * x, mask


def dropout_predict_vanilla(x, p_keep):
    """Vanilla dropout at test time: x times p_keep, the mean of what training gives."""
    return x * p_keep


def dropout_forward_inverted(x, p_keep, rng):
    keep = rng.uniform(size=x.shape) <= p_keep
    return np.where(keep, x / p_keep, 0), {"keep": keep, "p": p_keep}


def dropout_predict_inverted(x, p_keep):
    """Inverted dropout at test time: x as it is."""
    return x


def dropout_backward(dout, cache):
    if isinstance(cache, dict):
        return np.where(cache["keep"], dout / cache["p"], 0)
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
    out, cache = np.zeros(x.shape), []
    for i in range(len(x)):
        mu = sum(x[i]) / len(x[i])
        var = sum((x[i] - mu) ** 2) / len(x[i])
        xhat = (x[i] - mu) / (var + eps) ** 0.5
        out[i] = xhat * gamma + beta
        cache.append((xhat, var + eps, gamma))
    return out, cache


def layernorm_backward(dout, cache):
    dx, dgamma, dbeta = np.zeros(dout.shape), 0, 0
    D = dout.shape[1]
    for i, (xhat, v, gamma) in enumerate(cache):
        d = dout[i] * gamma
        dx[i] = (D * d - sum(d) - xhat * sum(d * xhat)) / (D * v**0.5)
        dgamma = dgamma + dout[i] * xhat
        dbeta = dbeta + dout[i]
    return dx, dgamma, dbeta


def groupnorm_forward(x, gamma, beta, groups, eps=1e-5):
    size = x.shape[1] // groups
    out, xhat, std = np.empty(x.shape), np.empty(x.shape), np.empty((len(x), groups))
    for n in range(len(x)):
        for g in range(groups):
            own = slice(g * size, (g + 1) * size)
            part = x[n, own]
            std[n, g] = np.sqrt(part.var() + eps)
            xhat[n, own] = (part - part.mean()) / std[n, g]
    for c in range(x.shape[1]):
        out[:, c] = gamma[c] * xhat[:, c] + beta[c]
    return out, (xhat, std, gamma, size)


def groupnorm_backward(dout, cache):
    xhat, std, gamma, size = cache
    dx = np.empty(dout.shape)
    for n in range(std.shape[0]):
        for g in range(std.shape[1]):
            own = slice(g * size, (g + 1) * size)
            d = dout[n, own] * gamma[own].reshape(-1, 1, 1)
            dx[n, own] = (d - d.mean() - xhat[n, own] * (d * xhat[n, own]).mean()) / std[n, g]
    return dx, np.einsum("nchw,nchw->c", dout, xhat), np.einsum("nchw->c", dout)


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
