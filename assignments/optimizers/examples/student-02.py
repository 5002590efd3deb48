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
    new = x.copy()
    for i in range(len(x)):
        new[i] = x[i] - learning_rate * dx[i]
    return new, state


def momentum(x, dx, state, learning_rate, mu=0.9):
    if state is None:
        state = [0.0] * len(x)
    v = [mu * old - learning_rate * g for old, g in zip(state, dx)]
    return np.array([a + b for a, b in zip(x, v)]), v


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


def adagrad(x, dx, state, learning_rate, eps=1e-8):
    cache = list(state) if state is not None else [0.0 for _ in x]
    new = []
    for i in range(len(x)):
        cache[i] += dx[i] ** 2
        new.append(x[i] - learning_rate * dx[i] / (cache[i] ** 0.5 + eps))
    return np.array(new), tuple(cache)


def rmsprop(x, dx, state, learning_rate, decay_rate=0.9, eps=1e-7):
    """RMSProp: cache = decay_rate * cache + (1 - decay_rate) * dx^2, and the step of AdaGrad.

    The cache starts at 0. Returns x, state.
    """
    cache = np.zeros_like(x) if state is None else state["cache"]
    cache = decay_rate * cache + (1 - decay_rate) * dx**2
    return x - learning_rate * dx / (np.sqrt(cache) + eps), {"cache": cache}


def adam(x, dx, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8, bias_correction=True):
    m, v, t = state or (np.zeros(x.shape), np.zeros(x.shape), 1)
    m = m * beta1 + dx * (1 - beta1)
    v = v * beta2 + dx * dx * (1 - beta2)
    rate = learning_rate
    if bias_correction:
        m_hat, v_hat = m / (1 - beta1 ** t), v / (1 - beta2 ** t)
    else:
        m_hat, v_hat = m, v
    return x - rate * m_hat / (v_hat ** 0.5 + eps), (m, v, t + 1)


# ---------------------------------------------------------------- 3. schedules

# Each returns the learning rate (a number) at time t, counted from 0; `initial` is that of t = 0.


def step_decay(initial, t, every, factor=0.5):
    rate = initial
    for epoch in range(1, int(t) + 1):
        if epoch % every == 0:
            rate *= factor
    return rate


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
    N, D = X.shape
    g, H = reg * w, reg * np.eye(D)
    for i in range(N):
        p = 1.0 / (1.0 + np.exp(-sum(X[i] * w)))
        g = g + (p - y[i]) * X[i] / N
        H = H + p * (1 - p) * np.outer(X[i], X[i]) / N
    return g, H


def bfgs_update(H, s, y):
    sy, Hy = s @ y, H @ y
    return H + (sy + y @ Hy) * np.outer(s, s) / sy ** 2 - (np.outer(Hy, s) + np.outer(s, Hy)) / sy


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
