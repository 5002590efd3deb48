"""Training: the two-layer network, settings, early stopping, the loop, the search."""

import math
from types import SimpleNamespace

import numpy as np
import torch

from right_versions import losses
from right_versions.registry import enter, right

# --- the two-layer network ----------------------------------------------------------------------


def network(gradients):
    class Version:
        def __init__(self, inputs, hidden, classes, weight_scale=1e-4):
            self.sizes = (inputs, hidden, classes)

        def loss(self, parameters, images, labels, *, regularization=0.0, rng=None):
            loss, found = gradients(parameters, images, labels)
            for name in ("W1", "W2"):
                loss += regularization / 2 * np.linalg.norm(parameters[name]) ** 2
                found[name] = found[name] + regularization * parameters[name]
            return loss, found

    return Version


def network_torch(parameters, images, labels):
    p = {name: torch.tensor(value, requires_grad=True) for name, value in parameters.items()}
    hidden = torch.relu(torch.tensor(images) @ p["W1"] + p["b1"])
    loss = torch.nn.functional.cross_entropy(hidden @ p["W2"] + p["b2"], torch.tensor(labels))
    loss.backward()
    return loss.item(), {name: value.grad.numpy() for name, value in p.items()}


def network_by_examples(parameters, images, labels):
    total, found = 0.0, {name: np.zeros(value.shape) for name, value in parameters.items()}
    for x, label in zip(images, labels, strict=True):
        hidden = np.maximum(x @ parameters["W1"] + parameters["b1"], 0)
        scores = hidden @ parameters["W2"] + parameters["b2"]
        loss, d = losses.cross_entropy_loops(scores[None], np.array([label]))
        dhidden = np.where(hidden > 0, parameters["W2"] @ d[0], 0)
        total += loss / len(images)
        pieces = (np.outer(x, dhidden), dhidden, np.outer(hidden, d[0]), d[0])
        for name, piece in zip(("W1", "b1", "W2", "b2"), pieces, strict=True):
            found[name] += piece / len(images)
    return total, found


def network_einsum(parameters, images, labels):
    before = np.einsum("nd,dh->nh", images, parameters["W1"]) + parameters["b1"]
    on = before > 0
    scores = np.einsum("nh,nh,hc->nc", before, on, parameters["W2"]) + parameters["b2"]
    loss, d = losses.cross_entropy_one_hot(scores, labels)
    dhidden = np.einsum("nc,hc,nh->nh", d, parameters["W2"], on)
    return loss, {
        "W1": np.einsum("nd,nh->dh", images, dhidden),
        "b1": np.einsum("nh->h", dhidden),
        "W2": np.einsum("nh,nh,nc->hc", before, on, d),
        "b2": np.einsum("nc->c", d),
    }


def network_bias_trick(parameters, images, labels):
    ones = np.ones((len(images), 1))
    first = np.vstack([parameters["W1"], parameters["b1"]])
    second = np.vstack([parameters["W2"], parameters["b2"]])
    x = np.hstack([images, ones])
    hidden = np.hstack([np.clip(x @ first, 0, None), ones])
    loss, d = losses.cross_entropy_take(hidden @ second, labels)
    dhidden = (d @ second.T) * (hidden > 0)
    dfirst, dsecond = x.T @ dhidden[:, :-1], hidden.T @ d
    return loss, {"W1": dfirst[:-1], "b1": dfirst[-1], "W2": dsecond[:-1], "b2": dsecond[-1]}


def network_complex_steps(parameters, images, labels):
    """Every derivative by a step into the complex numbers."""

    def loss_of(p):
        before = images @ p["W1"] + p["b1"]
        scores = np.where(before.real > 0, before, 0) @ p["W2"] + p["b2"]
        true = scores[np.arange(len(labels)), labels]
        return np.mean(np.log(np.exp(scores - true[:, None]).sum(1)))

    found = {}
    for name, value in parameters.items():
        found[name] = np.zeros(value.shape)
        for at in np.ndindex(*value.shape):
            moved = value.astype(complex)
            moved[at] += 1e-30j
            found[name][at] = loss_of({**parameters, name: moved}).imag * 1e30
    return float(loss_of(parameters).real), found


NETWORKS = (
    network_torch,
    network_by_examples,
    network_einsum,
    network_bias_trick,
    network_complex_steps,
)
for each in NETWORKS:
    enter("TwoLayerNet", each.__name__, network(each))

# --- settings of a run --------------------------------------------------------------------------


def settings(name, rate_of):
    class Version:
        def __init__(self, learning_rate, **options):
            self.learning_rate = learning_rate

        def rate(self, epoch):
            return rate_of(self.learning_rate, epoch)

    enter("Solver", f"solver_{name}", Version)


def by_trying(given, epoch):
    try:
        return given(epoch)
    except TypeError:
        return given


settings("callable", lambda given, epoch: given(epoch) if callable(given) else given)
settings("number", lambda given, epoch: given if isinstance(given, int | float) else given(epoch))
settings("tried", by_trying)
settings(
    "table",
    lambda given, epoch: [given(e) if callable(given) else given for e in range(epoch + 1)][-1],
)
settings("scheduled", lambda given, epoch: (given if callable(given) else lambda _: given)(epoch))
settings("types", lambda given, epoch: given if np.isscalar(given) else float(given(int(epoch))))

# --- early stopping -----------------------------------------------------------------------------


def better(value, best, min_delta, monitor):
    if math.isnan(best):
        return not math.isnan(value)
    return best - value > min_delta if monitor == "validation_loss" else value - best > min_delta


class Stopping:
    """What `watch` returns is passed back to it: subclasses say what that is."""

    def __init__(self, patience=5, min_delta=0.0, monitor="validation_loss"):
        self.patience, self.min_delta, self.monitor = patience, min_delta, monitor

    def improved(self, value, best):
        return better(value, best, self.min_delta, self.monitor)


@right("EarlyStopping")
class StoppingWithANamespace(Stopping):
    """A counter that starts anew."""

    def watch(self, best, epoch, value, parameters):
        if best is None or self.improved(value, best.value):
            return SimpleNamespace(value=value, parameters=parameters, bad=0)
        return SimpleNamespace(value=best.value, parameters=best.parameters, bad=best.bad + 1)

    def exhausted(self, best):
        return best.bad >= self.patience


@right("EarlyStopping")
class StoppingByEpochs(Stopping):
    """No counter: the best epoch and the last one."""

    def watch(self, best, epoch, value, parameters):
        if best is None:
            best = SimpleNamespace(epoch=epoch, value=value, parameters=parameters)
        elif self.improved(value, best.value):
            best.epoch, best.value, best.parameters = epoch, value, parameters
        best.last = epoch
        return best

    def exhausted(self, best):
        return best.last - best.epoch == self.patience


@right("EarlyStopping")
class StoppingFromHistory(Stopping):
    """All values so far; the best is looked for anew each time."""

    def watch(self, best, epoch, value, parameters):
        history = [*(best.history if best else []), (value, parameters)]
        chosen = 0
        for place, (each, _) in enumerate(history):
            if place and self.improved(each, history[chosen][0]):
                chosen = place
        return SimpleNamespace(history=history, chosen=chosen, parameters=history[chosen][1])

    def exhausted(self, best):
        return len(best.history) - 1 - best.chosen >= self.patience


@right("EarlyStopping")
class StoppingByLosses(Stopping):
    """An accuracy is a loss with another sign, and NaN the worst."""

    def watch(self, best, epoch, value, parameters):
        loss = value if self.monitor == "validation_loss" else -value
        loss = math.inf if math.isnan(loss) else loss
        if best is None or (math.isinf(best.loss) and loss < best.loss):
            return SimpleNamespace(loss=loss, parameters=parameters, left=self.patience)
        if best.loss - loss > self.min_delta:
            return SimpleNamespace(loss=loss, parameters=parameters, left=self.patience)
        return SimpleNamespace(loss=best.loss, parameters=best.parameters, left=best.left - 1)

    def exhausted(self, best):
        return not best.left


@right("EarlyStopping")
class StoppingByThreshold(Stopping):
    """The value that the next epoch must beat, and a list of the epochs that did not."""

    def watch(self, best, epoch, value, parameters):
        sign = 1 if self.monitor == "validation_loss" else -1
        good = best is None or self.improved(value, best.value)
        if good:
            return SimpleNamespace(value=value, parameters=parameters, sign=sign, failures=())
        best.failures = (*best.failures, epoch)
        return best

    def exhausted(self, best):
        return len(best.failures) == self.patience


@right("EarlyStopping")
class StoppingRecursive(Stopping):
    """A chain of all epochs, each of which knows the best up to it."""

    def watch(self, best, epoch, value, parameters):
        first = best is None or self.improved(value, best.value)
        return SimpleNamespace(
            before=None if first else best,
            value=value if first else best.value,
            parameters=parameters if first else best.parameters,
        )

    def waited(self, best):
        return 0 if best.before is None else 1 + self.waited(best.before)

    def exhausted(self, best):
        return self.waited(best) >= self.patience


# --- a range in the logarithm -------------------------------------------------------------------


def log_range(name, at):
    class Version:
        def __init__(self, low, high):
            self.ends = (low, high)

        def sample(self, rng):
            return at(*self.ends, rng)

    enter("LogRange", f"log_range_{name}", Version)


log_range("ten", lambda low, high, rng: 10 ** rng.uniform(math.log10(low), math.log10(high)))
log_range("exp", lambda low, high, rng: math.exp(rng.uniform(math.log(low), math.log(high))))
log_range("geometric_mean", lambda low, high, rng: low ** (1 - (u := rng.random())) * high**u)
log_range("two", lambda low, high, rng: low * 2 ** (rng.random() * math.log2(high / low)))
log_range(
    "interpolated",
    lambda low, high, rng: np.exp(np.interp(rng.random(), [0, 1], np.log([low, high]))),
)
log_range(
    "logspace",
    lambda low, high, rng: (
        np.logspace(np.log10(low), np.log10(high), 2)[0]
        * np.power(np.divide(high, low), rng.random())
    ),
)
