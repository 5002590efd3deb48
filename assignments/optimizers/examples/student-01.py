"""Optimizers: update rules, learning-rate schedules, second order, a race along a ravine.

Write your code where a function raises NotImplementedError. Keep the names and the arguments.
You may add functions of your own. Only numpy is needed; torch and scipy may not be imported.

An update rule takes the parameters `x`, their gradient `dx` (arrays of one shape (D,)) and the
`state` that it returned at the step before, and returns the new x and the new state. The state of
the first step is None. What the state holds is your affair: None, numbers, arrays, or a list, a
tuple or a dict of these. `x` and `dx` stay as they are: `x -= ...` would change the caller's array.
"""

import numpy as np

# ---------------------------------------------------------------- 1. one learning rate for all


def sgd(x, dx, state, learning_rate):
    """Gradient descent: x - learning_rate * dx. Returns x, state."""
    return x - learning_rate * dx, None


def momentum(x, dx, state, learning_rate, mu=0.9):
    """Momentum: v = mu * v - learning_rate * dx, then x + v; v starts at 0.

    mu is the part of the velocity that is kept. Returns x, state.
    """
    v = np.zeros_like(x) if state is None else state["v"]
    v = mu * v - learning_rate * dx
    return x + v, {"v": v}


def nesterov(x, dx, state, learning_rate, mu=0.9):
    """Nesterov momentum, rewritten so that the gradient at x is enough.

    v_prev = v, v = mu * v - learning_rate * dx, then x - mu * v_prev + (1 + mu) * v; v starts at 0.
    Returns x, state.
    """
    v_prev = np.zeros_like(x) if state is None else state["v"]
    v = mu * v_prev - learning_rate * dx
    return x - mu * v_prev + (1 + mu) * v, {"v": v}


def nesterov_lookahead(x, gradient, state, learning_rate, mu=0.9):
    """Nesterov momentum as it is drawn: the gradient is taken where the velocity leads.

    v = mu * v - learning_rate * gradient(x + mu * v), then x + v; v starts at 0. gradient is a
    function: it takes an array like x and returns the gradient there. Returns x, state.
    """
    v = np.zeros_like(x) if state is None else state["v"]
    v = mu * v - learning_rate * gradient(x + mu * v)
    return x + v, {"v": v}


# ---------------------------------------------------------------- 2. a rate for each parameter


def adagrad(x, dx, state, learning_rate, eps=1e-7):
    """AdaGrad: cache = cache + dx^2, then x - learning_rate * dx / (sqrt(cache) + eps).

    The cache starts at 0. eps stands outside the root. Returns x, state.
    """
    cache = np.zeros_like(x) if state is None else state["cache"]
    cache = cache + dx**2
    return x - learning_rate * dx / (np.sqrt(cache) + eps), {"cache": cache}


def rmsprop(x, dx, state, learning_rate, decay_rate=0.9, eps=1e-7):
    """RMSProp: cache = decay_rate * cache + (1 - decay_rate) * dx^2, and the step of AdaGrad.

    The cache starts at 0. Returns x, state.
    """
    cache = np.zeros_like(x) if state is None else state["cache"]
    cache = decay_rate * cache + (1 - decay_rate) * dx**2
    return x - learning_rate * dx / (np.sqrt(cache) + eps), {"cache": cache}


def adam(x, dx, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-7, bias_correction=True):
    """Adam, with and without the correction of the bias.

    m = beta1 * m + (1 - beta1) * dx and v = beta2 * v + (1 - beta2) * dx^2, both from 0. With the
    correction mb = m / (1 - beta1^t) and vb = v / (1 - beta2^t), where t is 1 in the first step;
    without it mb = m and vb = v. Then x - learning_rate * mb / (sqrt(vb) + eps). Returns x, state.
    """
    m, v, t = (0.0, 0.0, 0) if state is None else (state["m"], state["v"], state["t"])
    t = t + 1
    m = beta1 * m + (1 - beta1) * dx
    v = beta2 * v + (1 - beta2) * dx**2
    mb = m / (1 - beta1**t) if bias_correction else m
    vb = v / (1 - beta2**t) if bias_correction else v
    return x - learning_rate * mb / (np.sqrt(vb) + eps), {"m": m, "v": v, "t": t}


# ---------------------------------------------------------------- 3. schedules

# Each returns the learning rate (a number) at time t, counted from 0; `initial` is that of t = 0.


def step_decay(initial, t, every, factor=0.5):
    """The rate is multiplied by factor after each `every` epochs, and stays the same in between."""
    return initial * factor ** (t // every)


def exponential_decay(initial, t, k):
    """Exponential decay: initial * e^(-k t)."""
    return initial * np.exp(-k * t)


def inverse_time_decay(initial, t, k):
    """1/t decay: initial / (1 + k t)."""
    return initial / (1 + k * t)


def cosine_decay(initial, t, total, final=0.0):
    """From initial to final along half a cosine, in the time total; from then on it stays final.

    final + (initial - final) * (1 + cos(pi t / total)) / 2 for t <= total.
    """
    return final + (initial - final) * (1 + np.cos(np.pi * min(t, total) / total)) / 2


# ---------------------------------------------------------------- 4. second order


def newton_step(x, gradient, hessian):
    """Newton's step x - H^-1 gradient; there is no learning rate.

    x, gradient: arrays (D,), hessian: array (D, D). Returns the new x.
    """
    return x - np.linalg.solve(hessian, gradient)


def newton(gradient, hessian, x, steps):
    """Newton's method: as many steps as are asked for, from x. Returns the last x.

    gradient and hessian are functions of x; both are computed anew at every step.
    """
    for _ in range(steps):
        x = newton_step(x, gradient(x), hessian(x))
    return x


def logistic_derivatives(w, X, y, reg):
    """The gradient (D,) and the Hessian (D, D) of the loss of logistic regression at w.

    X (N, D); y (N,), each 0 or 1; p = 1 / (1 + e^-Xw). The loss is the mean over the N examples of
    -y log p - (1 - y) log(1 - p), plus reg / 2 * sum(w * w). Returns gradient, hessian.
    """
    p = 1 / (1 + np.exp(-X @ w))
    gradient = X.T @ (p - y) / len(X) + reg * w
    hessian = (X.T * (p * (1 - p))) @ X / len(X) + reg * np.eye(len(w))
    return gradient, hessian


def bfgs_update(H, s, y):
    """The new estimate (D, D) of the *inverse* Hessian after a step.

    H: the estimate before, symmetric (D, D). s: the step, new x - old x. y: the change of the
    gradient. With rho = 1 / (s'y) it is (I - rho s y') H (I - rho y s') + rho s s'; so the new
    estimate times y is s.
    """
    rho = 1 / (s @ y)
    left = np.eye(len(s)) - rho * np.outer(s, y)
    return left @ H @ left.T + rho * np.outer(s, s)


# ---------------------------------------------------------------- 5. a race along the ravine


def minimize(gradient, x, rule, steps, learning_rate, schedule=None, **options):
    """Follow an update rule from x and note the way.

    gradient: a function of x. rule: one of the names "sgd", "momentum", "nesterov", "adagrad",
    "rmsprop", "adam"; the rule is your function of that name. schedule: None, or a function
    schedule(learning_rate, t) that gives the rate of step t = 0, 1, ..., steps - 1. options are
    handed on to the rule, such as mu=0.5. x stays as it is.
    Returns an array (steps + 1, D): x, and the parameters after each step.
    """
    rules = {
        "sgd": sgd,
        "momentum": momentum,
        "nesterov": nesterov,
        "adagrad": adagrad,
        "rmsprop": rmsprop,
        "adam": adam,
    }
    path, state = [x], None
    for t in range(steps):
        rate = learning_rate if schedule is None else schedule(learning_rate, t)
        x, state = rules[rule](x, gradient(x), state, rate, **options)
        path.append(x)
    return np.array(path)


def race_entries():
    """Your entries for the race: a dict, name of the rule -> dict of its learning rate and options.

    For instance {"sgd": {"learning_rate": 0.001}, "momentum": {"learning_rate": 0.001, "mu": 0.5},
    ...}. What each has to reach stands in the handout. Find the rates by trying.
    """
    return {
        "sgd": {"learning_rate": 0.019},
        "momentum": {"learning_rate": 0.02, "mu": 0.8},
        "nesterov": {"learning_rate": 0.01, "mu": 0.8},
        "adagrad": {"learning_rate": 3.0},
        "rmsprop": {"learning_rate": 0.15},
        "adam": {"learning_rate": 1.0},
    }
