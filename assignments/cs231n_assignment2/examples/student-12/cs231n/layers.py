"""Layers: each forward function returns (out, cache), its backward takes (dout, cache)."""

import numpy as np


def affine_forward(x, w, b):
    """Out = x w + b; x (N, d1, ..., dk), w (D, M), b (M,)."""
    out = None
    ########################################
    # TODO: write this part
    ########################################
    pass
    return out, (x, w, b)


def affine_backward(dout, cache):
    """Gradients dx (the shape of x), dw (D, M), db (M,)."""
    x, w, _ = cache
    dx, dw, db = None, None, None
    ########################################
    # TODO: write this part
    ########################################
    pass
    return dx, dw, db


def relu_forward(x):
    """Out = max(0, x)."""
    out = None
    ########################################
    # TODO: write this part
    ########################################
    pass
    return out, x


def relu_backward(dout, cache):
    """Gradient dx."""
    dx, x = None, cache
    ########################################
    # TODO: write this part
    ########################################
    pass
    return dx


def svm_loss(x, y):
    """Multiclass SVM loss of scores x (N, C), and dx."""
    loss, dx = None, None
    ########################################
    # TODO: write this part
    ########################################
    pass
    return loss, dx


def softmax_loss(x, y):
    """Softmax loss of scores x (N, C), and dx."""
    loss, dx = None, None
    ########################################
    # TODO: write this part
    ########################################
    pass
    return loss, dx


def batchnorm_forward(x, gamma, beta, bn_param):
    """Batch normalization of x (N, D); running averages live in bn_param."""
    mode = bn_param["mode"]
    eps = bn_param.get("eps", 1e-5)
    momentum = bn_param.get("momentum", 0.9)
    running_mean = bn_param.get("running_mean", np.zeros(x.shape[1], dtype=x.dtype))
    running_var = bn_param.get("running_var", np.zeros(x.shape[1], dtype=x.dtype))
    out, cache = None, None
    if mode == "train":
        ########################################
        # TODO: write this part
        ########################################
        pass
    elif mode == "test":
        ########################################
        # TODO: write this part
        ########################################
        pass
    else:
        raise ValueError(f"mode must be train or test, not {mode!r}")
    bn_param["running_mean"] = running_mean
    bn_param["running_var"] = running_var
    return out, cache


def batchnorm_backward(dout, cache):
    """Gradients dx, dgamma, dbeta."""
    dx, dgamma, dbeta = None, None, None
    ########################################
    # TODO: write this part
    ########################################
    pass
    return dx, dgamma, dbeta


def batchnorm_backward_alt(dout, cache):
    """The same, simplified on paper."""
    dx, dgamma, dbeta = None, None, None
    ########################################
    # TODO: write this part
    ########################################
    pass
    return dx, dgamma, dbeta


def layernorm_forward(x, gamma, beta, ln_param):
    """Layer normalization of x (N, D)."""
    out, cache = None, None
    eps = ln_param.get("eps", 1e-5)
    ########################################
    # TODO: write this part
    ########################################
    pass
    return out, cache


def layernorm_backward(dout, cache):
    """Gradients dx, dgamma, dbeta."""
    dx, dgamma, dbeta = None, None, None
    ########################################
    # TODO: write this part
    ########################################
    pass
    return dx, dgamma, dbeta


def dropout_forward(x, dropout_param):
    """Inverted dropout; p is the probability to keep."""
    p, mode = dropout_param["p"], dropout_param["mode"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    mask, out = None, None
    if mode == "train":
        ########################################
        # TODO: write this part
        ########################################
        pass
    elif mode == "test":
        ########################################
        # TODO: write this part
        ########################################
        pass
    return out, (dropout_param, mask)


def dropout_backward(dout, cache):
    """Gradient dx."""
    dropout_param, mask = cache
    dx = None
    ########################################
    # TODO: write this part
    ########################################
    pass
    return dx


def conv_forward_naive(x, w, b, conv_param):
    """Convolution of x (N, C, H, W) with w (F, C, HH, WW), b (F,)."""
    out = None
    ########################################
    # TODO: write this part
    ########################################
    pass
    return out, (x, w, b, conv_param)


def conv_backward_naive(dout, cache):
    """Gradients dx, dw, db."""
    dx, dw, db = None, None, None
    ########################################
    # TODO: write this part
    ########################################
    pass
    return dx, dw, db


def max_pool_forward_naive(x, pool_param):
    """Max pooling of x (N, C, H, W)."""
    out = None
    ########################################
    # TODO: write this part
    ########################################
    pass
    return out, (x, pool_param)


def max_pool_backward_naive(dout, cache):
    """Gradient dx."""
    dx = None
    ########################################
    # TODO: write this part
    ########################################
    pass
    return dx


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    """Batch normalization of each channel of x (N, C, H, W)."""
    out, cache = None, None
    ########################################
    # TODO: write this part
    ########################################
    pass
    return out, cache


def spatial_batchnorm_backward(dout, cache):
    """Gradients dx, dgamma, dbeta."""
    dx, dgamma, dbeta = None, None, None
    ########################################
    # TODO: write this part
    ########################################
    pass
    return dx, dgamma, dbeta


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    """Group normalization of x (N, C, H, W); gamma and beta (1, C, 1, 1)."""
    out, cache = None, None
    eps = gn_param.get("eps", 1e-5)
    ########################################
    # TODO: write this part
    ########################################
    pass
    return out, cache


def spatial_groupnorm_backward(dout, cache):
    """Gradients dx, dgamma, dbeta."""
    dx, dgamma, dbeta = None, None, None
    ########################################
    # TODO: write this part
    ########################################
    pass
    return dx, dgamma, dbeta
