"""A fully connected network of any depth, with normalization and dropout."""

import numpy as np

from ..layers import *


class TwoLayerNet(object):
    def __init__(self, input_dim=3 * 32 * 32, hidden_dim=100, num_classes=10,
                 weight_scale=1e-3, reg=0.0):
        self.reg = reg
        self.params = dict(
            W1=weight_scale * np.random.randn(input_dim, hidden_dim), b1=np.zeros(hidden_dim),
            W2=weight_scale * np.random.randn(hidden_dim, num_classes), b2=np.zeros(num_classes))

    def loss(self, X, y=None):
        p, grads = self.params, {}
        hidden, first = affine_forward(X, p["W1"], p["b1"])
        active, relu = relu_forward(hidden)
        scores, second = affine_forward(active, p["W2"], p["b2"])
        if y is None:
            return scores
        loss, d = softmax_loss(scores, y)
        loss += 0.5 * self.reg * (np.sum(p["W1"] ** 2) + np.sum(p["W2"] ** 2))
        d, grads["W2"], grads["b2"] = affine_backward(d, second)
        _, grads["W1"], grads["b1"] = affine_backward(relu_backward(d, relu), first)
        grads["W1"] += self.reg * p["W1"]
        grads["W2"] += self.reg * p["W2"]
        return loss, grads


class FullyConnectedNet:
    """{affine - [normalization] - ReLU - [dropout]} x (L - 1) - affine - softmax."""

    def __init__(
        self,
        hidden_dims,
        input_dim=3 * 32 * 32,
        num_classes=10,
        dropout=0,
        use_batchnorm=False,
        reg=0.0,
        weight_scale=1e-2,
        dtype=np.float32,
        seed=None,
    ):
        self.normalization = 'batchnorm' if use_batchnorm else None
        normalization = self.normalization
        self.use_dropout = dropout > 0
        self.reg = reg
        self.num_layers = 1 + len(hidden_dims)
        self.dtype = dtype
        self.params = {}
        sizes = [input_dim, *hidden_dims, num_classes]
        for i in range(self.num_layers):
            self.params[f"W{i + 1}"] = weight_scale * np.random.randn(sizes[i], sizes[i + 1])
            self.params[f"b{i + 1}"] = np.zeros(sizes[i + 1])
            if normalization and i < self.num_layers - 1:
                self.params[f"gamma{i + 1}"] = np.ones(sizes[i + 1])
                self.params[f"beta{i + 1}"] = np.zeros(sizes[i + 1])
        self.dropout_param = {}
        if self.use_dropout:
            self.dropout_param = {"mode": "train", "p": dropout}
            if seed is not None:
                self.dropout_param["seed"] = seed
        self.bn_params = [{"mode": "train"} for _ in range(self.num_layers - 1)]
        for name, value in self.params.items():
            self.params[name] = value.astype(dtype)

    def loss(self, X, y=None):
        """Scores without y; else the loss and the gradients."""
        X = X.astype(self.dtype)
        mode = "test" if y is None else "train"
        self.dropout_param["mode"] = mode
        for bn_param in self.bn_params:
            bn_param["mode"] = mode
        scores = None
        out, caches = X, []
        for i in range(1, self.num_layers):
            out, affine = affine_forward(out, self.params[f"W{i}"], self.params[f"b{i}"])
            norm = drop = None
            if self.normalization:
                forward = layernorm_forward
                if self.normalization == "batchnorm":
                    forward = batchnorm_forward
                scale, shift = self.params[f"gamma{i}"], self.params[f"beta{i}"]
                out, norm = forward(out, scale, shift, self.bn_params[i - 1])
            out, relu = relu_forward(out)
            if self.use_dropout:
                out, drop = dropout_forward(out, self.dropout_param)
            caches.append((affine, norm, relu, drop))
        last = str(self.num_layers)
        scores, cache = affine_forward(out, self.params["W" + last], self.params["b" + last])
        if mode == "test":
            return scores
        loss, grads = 0.0, {}
        loss, dout = softmax_loss(scores, y)
        dout, grads["W" + last], grads["b" + last] = affine_backward(dout, cache)
        for i in range(self.num_layers - 1, 0, -1):
            affine, norm, relu, drop = caches[i - 1]
            if self.use_dropout:
                dout = dropout_backward(dout, drop)
            dout = relu_backward(dout, relu)
            if self.normalization:
                backward = layernorm_backward
                if self.normalization == "batchnorm":
                    backward = batchnorm_backward
                dout, grads[f"gamma{i}"], grads[f"beta{i}"] = backward(dout, norm)
            dout, grads[f"W{i}"], grads[f"b{i}"] = affine_backward(dout, affine)
        for i in range(1, self.num_layers + 1):
            W = self.params[f"W{i}"]
            loss += 0.5 * self.reg * np.sum(W * W)
            grads[f"W{i}"] = grads[f"W{i}"] + self.reg * W
        return loss, grads
