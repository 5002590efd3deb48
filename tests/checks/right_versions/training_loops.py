"""The training loop, written in other ways around the same model, rule and settings."""

from types import SimpleNamespace

import numpy as np

from right_versions.registry import enter


def batches(count, size, rng):
    order, size = rng.permutation(count), size or count
    return [order[start : start + size] for start in range(0, count, size)]


def rule_by_rule(model, parameters, states, x, y, settings, rate):
    """One parameter after the other."""
    _, gradients = model.loss(parameters, x, y, regularization=settings.regularization)
    new = {}
    for name, value in parameters.items():
        new[name], states[name] = settings.rule(
            value, gradients[name], states.get(name), learning_rate=rate
        )
    return new


def one_vector(model, parameters, states, x, y, settings, rate):
    """All parameters in one long vector, which has one state."""
    _, gradients = model.loss(parameters, x, y, regularization=settings.regularization)
    names = sorted(parameters)
    flat = np.concatenate([parameters[name].ravel() for name in names])
    slope = np.concatenate([gradients[name].ravel() for name in names])
    flat, states["all"] = settings.rule(flat, slope, states.get("all"), learning_rate=rate)
    cuts = np.cumsum([parameters[name].size for name in names])[:-1]
    parts = np.split(flat, cuts)
    return {n: part.reshape(parameters[n].shape) for n, part in zip(names, parts, strict=True)}


def decay_by_hand(model, parameters, states, x, y, settings, rate):
    """The gradient of the penalty is added by hand."""
    _, gradients = model.loss(parameters, x, y, regularization=0.0)
    new = {}
    for name in reversed(parameters):
        slope = gradients[name]
        if parameters[name].ndim > 1:
            slope = slope + settings.regularization * parameters[name]
        new[name], states[name] = settings.rule(
            parameters[name], slope, states.get(name), learning_rate=rate
        )
    return new


def example_by_example(model, parameters, states, x, y, settings, rate):
    """The gradient of the batch as the mean over its examples."""
    found = [
        model.loss(parameters, x[i : i + 1], y[i : i + 1], regularization=settings.regularization)[
            1
        ]
        for i in range(len(y))
    ]
    new = {}
    for name, value in parameters.items():
        slope = np.mean([each[name] for each in found], axis=0)
        new[name], states[name] = settings.rule(value, slope, states.get(name), learning_rate=rate)
    return new


def scaled_steps(model, parameters, states, x, y, settings, rate):
    """A rate of 1 and gradients times the rate: the same for SGD and momentum."""
    _, gradients = model.loss(parameters, x, y, regularization=settings.regularization)
    moved = {
        name: settings.rule(value, rate * gradients[name], states.get(name), learning_rate=1.0)
        for name, value in parameters.items()
    }
    states.update({name: state for name, (_, state) in moved.items()})
    return {name: value for name, (value, _) in moved.items()}


def loop(step):
    def version(
        model,
        training,
        validation=None,
        *,
        solver,
        rng,
        parameters=None,
        states=None,
        on_epoch=None,
    ):
        current = {name: np.array(value) for name, value in parameters.items()}
        rng.permutation(len(training))  # the sample on which the accuracy is taken
        states, records, best = dict(states or {}), [], None
        for epoch in range(solver.epochs):
            for rows in batches(len(training), solver.batch_size, rng):
                x, y = training.images[rows], training.labels[rows]
                current = step(model, current, states, x, y, solver, solver.rate(epoch))
            loss = model.data_loss(model.scores(current, validation.images), validation.labels)
            records.append(SimpleNamespace(validation_loss=loss))
            if solver.early_stopping is None:
                continue
            if best is None or best[0] - loss > solver.early_stopping.min_delta:
                best = (loss, current, epoch)
            if epoch - best[2] >= solver.early_stopping.patience:
                break
        curves = SimpleNamespace(epochs=records)
        return SimpleNamespace(parameters=best[1] if best else current, curves=curves)

    return version


for step in (rule_by_rule, one_vector, decay_by_hand, example_by_example, scaled_steps):
    enter("train", f"train_{step.__name__}", loop(step))
