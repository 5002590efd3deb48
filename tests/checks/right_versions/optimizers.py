"""Update rules: number by number, from the whole history, in one step size, by the library."""

import numpy as np
import torch

from right_versions.registry import enter, right

# --- the whole history: sums over all gradients so far ------------------------------------------


def from_history(step):
    """A rule whose state is the list of all gradients so far, and the first parameter."""

    def version(x, dx, state=None, **options):
        gradients = np.array([*(state or []), dx])
        return x + step(gradients, **options), list(gradients)

    return version


def decayed(values, rate):
    """The sum of rate^(t - i) values[i]."""
    powers = rate ** np.arange(len(values) - 1.0, -1.0, -1.0)
    return np.tensordot(powers, values, 1)


def velocity(gradients, learning_rate, mu):
    return -learning_rate * decayed(gradients, mu) if len(gradients) else 0.0


def history_nesterov(gradients, *, learning_rate, mu=0.9):
    before, now = (velocity(g, learning_rate, mu) for g in (gradients[:-1], gradients))
    return now + mu * (now - before)


def history_adagrad(gradients, *, learning_rate, eps=1e-7):
    return -learning_rate * gradients[-1] / (np.linalg.norm(gradients, axis=0) + eps)


def history_rmsprop(gradients, *, learning_rate, decay_rate=0.9, eps=1e-7):
    cache = (1 - decay_rate) * decayed(gradients**2, decay_rate)
    return -learning_rate * gradients[-1] / (cache**0.5 + eps)


def history_adam(
    gradients, *, learning_rate, beta1=0.9, beta2=0.999, eps=1e-7, bias_correction=True
):
    """With the correction the moments are weighted means, whose weights add up to 1."""
    weights = [b ** np.arange(len(gradients) - 1.0, -1.0, -1.0) for b in (beta1, beta2)]
    moments = [
        np.tensordot(w, g, 1) for w, g in zip(weights, (gradients, gradients**2), strict=True)
    ]
    norms = [
        w.sum() if bias_correction else 1 / (1 - b)
        for w, b in zip(weights, (beta1, beta2), strict=True)
    ]
    m, v = (moment / norm for moment, norm in zip(moments, norms, strict=True))
    return -learning_rate * m / (np.sqrt(v) + eps)


enter(
    "momentum",
    "momentum_history",
    from_history(lambda g, *, learning_rate, mu=0.9: velocity(g, learning_rate, mu)),
)
enter("nesterov", "nesterov_history", from_history(history_nesterov))
enter("adagrad", "adagrad_history", from_history(history_adagrad))
enter("rmsprop", "rmsprop_history", from_history(history_rmsprop))
enter("adam", "adam_history", from_history(history_adam))

# --- number by number ---------------------------------------------------------------------------


def number_by_number(step):
    """A rule on Python's own numbers; the state is one small list for each of them."""

    def version(x, dx, state=None, **options):
        states = state or [None] * len(x)
        numbers = zip(x.tolist(), dx.tolist(), states, strict=True)
        rows = [step(a, g, s, **options) for a, g, s in numbers]
        return np.array([row[0] for row in rows]), [row[1:] for row in rows]

    return version


def one_sgd(x, g, state, *, learning_rate):
    return (x - g * learning_rate,)


def one_momentum(x, g, state, *, learning_rate, mu=0.9):
    v = mu * (state[0] if state else 0.0) - learning_rate * g
    return x + v, v


def one_nesterov(x, g, state, *, learning_rate, mu=0.9):
    v = mu * (state[0] if state else 0.0) - learning_rate * g
    return x + mu * v - learning_rate * g, v


def one_adagrad(x, g, state, *, learning_rate, eps=1e-7):
    cache = (state[0] if state else 0.0) + g * g
    return x - learning_rate * g / (cache**0.5 + eps), cache


def one_rmsprop(x, g, state, *, learning_rate, decay_rate=0.9, eps=1e-7):
    cache = (state[0] if state else 0.0) * decay_rate + g * g * (1 - decay_rate)
    return x - learning_rate * g / (cache**0.5 + eps), cache


def one_adam(x, g, state, *, learning_rate, beta1=0.9, beta2=0.999, eps=1e-7, bias_correction=True):
    m, v, t = state or (0.0, 0.0, 0)
    m, v, t = m + (1 - beta1) * (g - m), v + (1 - beta2) * (g * g - v), t + 1
    a, b = (m / (1 - beta1**t), v / (1 - beta2**t)) if bias_correction else (m, v)
    return x - learning_rate * a / (b**0.5 + eps), m, v, t


for one in (one_sgd, one_momentum, one_nesterov, one_adagrad, one_rmsprop, one_adam):
    component = one.__name__.removeprefix("one_")
    enter(component, f"{component}_numbers", number_by_number(one))

# --- by the library -----------------------------------------------------------------------------


def by_torch(optimizer, settings):
    """The state is the library's optimizer with the parameter that it moves."""

    def version(x, dx, state=None, **options):
        if state is None:
            parameter = torch.nn.Parameter(torch.tensor(x))
            state = parameter, optimizer([parameter], **settings(**options))
        parameter, steps = state
        with torch.no_grad():
            parameter.copy_(torch.tensor(x))
        parameter.grad = torch.tensor(dx)
        steps.step()
        return parameter.detach().numpy().copy(), state

    return version


# Torch's velocity is ours divided by -learning_rate.
enter("sgd", "sgd_torch", by_torch(torch.optim.SGD, lambda *, learning_rate: {"lr": learning_rate}))
enter(
    "momentum",
    "momentum_torch",
    by_torch(
        torch.optim.SGD, lambda *, learning_rate, mu=0.9: {"lr": learning_rate, "momentum": mu}
    ),
)
enter(
    "nesterov",
    "nesterov_torch",
    by_torch(
        torch.optim.SGD,
        lambda *, learning_rate, mu=0.9: {"lr": learning_rate, "momentum": mu, "nesterov": True},
    ),
)
enter(
    "adagrad",
    "adagrad_torch",
    by_torch(
        torch.optim.Adagrad, lambda *, learning_rate, eps=1e-7: {"lr": learning_rate, "eps": eps}
    ),
)
enter(
    "rmsprop",
    "rmsprop_torch",
    by_torch(
        torch.optim.RMSprop,
        lambda *, learning_rate, decay_rate=0.9, eps=1e-7: {
            "lr": learning_rate,
            "alpha": decay_rate,
            "eps": eps,
        },
    ),
)

# --- rearranged ---------------------------------------------------------------------------------


@right("sgd")
def sgd_einsum(x, dx, state=None, *, learning_rate):
    return np.einsum("ki,k->i", np.stack([x, dx]), [1.0, -learning_rate]), None


@right("sgd")
def sgd_added(x, dx, state=None, *, learning_rate):
    return np.add(x, np.negative(dx) * learning_rate), {}


@right("sgd")
def sgd_scaled(x, dx, state=None, *, learning_rate):
    return learning_rate * (x / learning_rate - dx), None


@right("momentum")
def momentum_other_sign(x, dx, state=None, *, learning_rate, mu=0.9):
    velocity = np.zeros_like(x) if state is None else state
    velocity = mu * velocity + learning_rate * dx
    return x - velocity, velocity


@right("momentum")
def momentum_heavy_ball(x, dx, state=None, *, learning_rate, mu=0.9):
    """The last step again, mu times: the state is the point before."""
    before = x if state is None else state
    return x - learning_rate * dx + mu * (x - before), x.copy()


@right("momentum")
def momentum_in_place(x, dx, state=None, *, learning_rate, mu=0.9):
    x, v = x.copy(), np.zeros_like(x) if state is None else state.copy()
    v *= mu
    v -= learning_rate * dx
    x += v
    return x, v


@right("nesterov")
def nesterov_of_the_slides(x, dx, state=None, *, learning_rate, mu=0.9):
    """phi - mu v_prev is theta; theta + v is the next theta, and mu v ahead of it phi."""
    before = np.zeros(x.shape) if state is None else state
    v = mu * before - learning_rate * dx
    return (x - mu * before) + v + mu * v, v


@right("nesterov")
def nesterov_other_sign(x, dx, state=None, *, learning_rate, mu=0.9):
    v = learning_rate * dx + (0 if state is None else mu * state)
    return x - (learning_rate * dx + mu * v), v


@right("nesterov")
def nesterov_with_theta(x, dx, state=None, *, learning_rate, mu=0.9):
    """The state is theta, from which the gradient was looked ahead."""
    theta = x if state is None else state
    after = x - learning_rate * dx
    return after + mu * (after - theta), after


def look(name, combine):
    def version(x, gradient, state=None, *, learning_rate, mu=0.9):
        v = np.zeros_like(x) if state is None else state
        return combine(x, gradient, v, learning_rate, mu)

    enter("nesterov_lookahead", name, version)


def look_loops(x, gradient, v, lr, mu):
    ahead = np.array([a + mu * b for a, b in zip(x.tolist(), v.tolist(), strict=True)])
    new = [mu * b - lr * g for b, g in zip(v.tolist(), gradient(ahead).tolist(), strict=True)]
    return np.array([a + b for a, b in zip(x.tolist(), new, strict=True)]), np.array(new)


def look_two_steps(x, gradient, v, lr, mu):
    ahead = x + mu * v
    after = ahead - lr * gradient(ahead)
    return after, after - x


def look_other_sign(x, gradient, v, lr, mu):
    """v points downhill in the course; here it is kept in units of gradients, uphill."""
    uphill = -v / lr
    uphill = mu * uphill + gradient(x - lr * mu * uphill)
    return x - lr * uphill, -lr * uphill


def look_weighted(x, gradient, v, lr, mu):
    new = np.average([v, gradient(np.add(x, np.multiply(mu, v)))], axis=0, weights=[mu, -lr])
    new = new * (mu - lr)
    return x + new, new


def look_by_torch(x, gradient, v, lr, mu):
    x, v = torch.tensor(x), torch.tensor(v)
    slope = torch.tensor(gradient(torch.add(x, v, alpha=mu).numpy()))
    v = v.mul(mu).sub(slope, alpha=lr)
    return (x + v).numpy(), v.numpy()


for way in (look_loops, look_two_steps, look_other_sign, look_weighted, look_by_torch):
    look(way.__name__, way)


@right("adagrad")
def adagrad_two_factors(x, dx, state=None, *, learning_rate, eps=1e-7):
    cache = np.square(dx) + (0 if state is None else state)
    rates = learning_rate / (eps + np.sqrt(cache))
    return x - rates * dx, cache


@right("adagrad")
def adagrad_of_the_root(x, dx, state=None, *, learning_rate, eps=1e-7):
    """The state is the root, by the theorem of Pythagoras."""
    root = np.hypot(0 if state is None else state, dx)
    return x - learning_rate * (dx / (root + eps)), root


@right("rmsprop")
def rmsprop_step(x, dx, state=None, *, learning_rate, decay_rate=0.9, eps=1e-7):
    old = np.zeros(x.shape) if state is None else state
    cache = old + (1 - decay_rate) * (dx * dx - old)
    return x - dx * (learning_rate / (eps + cache**0.5)), cache


@right("rmsprop")
def rmsprop_of_the_root(x, dx, state=None, *, learning_rate, decay_rate=0.9, eps=1e-7):
    root = np.hypot(
        np.sqrt(decay_rate) * (0 if state is None else state), np.sqrt(1 - decay_rate) * dx
    )
    return x - learning_rate * dx / (root + eps), root


@right("adam")
def adam_in_one_step_size(
    x, dx, state=None, *, learning_rate, beta1=0.9, beta2=0.999, eps=1e-7, bias_correction=True
):
    m, v, t = (0.0, 0.0, 0) if state is None else state
    m, v, t = m + (1 - beta1) * (dx - m), v + (1 - beta2) * (dx**2 - v), t + 1
    root = np.sqrt(1 - beta2**t) if bias_correction else 1.0
    size = learning_rate * root / (1 - beta1**t) if bias_correction else learning_rate
    return x - size * m / (np.sqrt(v) + eps * root), (m, v, t)


@right("adam")
def adam_unscaled(
    x, dx, state=None, *, learning_rate, beta1=0.9, beta2=0.999, eps=1e-7, bias_correction=True
):
    """Sums instead of means: the factors 1 - beta enter at the step."""
    m, v, t = (0.0, 0.0, 0) if state is None else state
    m, v, t = beta1 * m + dx, beta2 * v + dx * dx, t + 1
    first = (1 - beta1) / (1 - beta1**t if bias_correction else 1)
    second = (1 - beta2) / (1 - beta2**t if bias_correction else 1)
    return x - learning_rate * first * m / (np.sqrt(second * v) + eps), (m, v, t)


@right("adam")
def adam_with_shrinking_rates(
    x, dx, state=None, *, learning_rate, beta1=0.9, beta2=0.999, eps=1e-7, bias_correction=True
):
    """The corrected means themselves are carried, with rates that shrink with t."""
    m, v, t = (np.zeros(x.shape), np.zeros(x.shape), 0) if state is None else state
    t += 1
    rates = [(1 - b) / (1 - b**t if bias_correction else 1) for b in (beta1, beta2)]
    m, v = m + rates[0] * (dx - m), v + rates[1] * (dx**2 - v)
    return x - learning_rate * m / (v**0.5 + eps), (m, v, t)
