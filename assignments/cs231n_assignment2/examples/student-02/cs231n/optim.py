"""Update rules: (x, dx, config) -> (next_x, config); config remembers what a rule needs."""

import numpy as np


def sgd(x, dx, config=None):
    """Gradient descent."""
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    x = x - config["learning_rate"] * dx
    return x, config


def sgd_momentum(x, dx, config=None):
    """Gradient descent with a velocity."""
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    v = config.get("velocity", np.zeros_like(x))
    next_x = None
    v = config["momentum"] * v - config["learning_rate"] * dx
    next_x = x + v
    config["velocity"] = v
    return next_x, config


def rmsprop(x, dx, config=None):
    """RMSProp."""
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("decay_rate", 0.99)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("cache", np.zeros_like(x))
    next_x = None
    decay = config["decay_rate"]
    config["cache"] = decay * config["cache"] + (1 - decay) * dx**2
    next_x = x - config["learning_rate"] * dx / (np.sqrt(config["cache"]) + config["epsilon"])
    return next_x, config


def adam(x, dx, config=None):
    """Adam with bias correction; t counts the steps."""
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-3)
    config.setdefault("beta1", 0.9)
    config.setdefault("beta2", 0.999)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("m", np.zeros_like(x))
    config.setdefault("v", np.zeros_like(x))
    config.setdefault("t", 0)
    next_x = None
    config["t"] += 1
    b1, b2, t = config["beta1"], config["beta2"], config["t"]
    config["m"] = b1 * config["m"] + (1 - b1) * dx
    config["v"] = b2 * config["v"] + (1 - b2) * dx**2
    m, v = config["m"] / (1 - b1**t), config["v"] / (1 - b2**t)
    next_x = x - config["learning_rate"] * m / (np.sqrt(v) + config["epsilon"])
    return next_x, config
