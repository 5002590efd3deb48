from functools import partial
from itertools import chain
from typing import Any

import numpy as np
import pytest

from reference.optim import adam, momentum
from reference.schedules import step_decay
from reference.training import (
    EarlyStopping,
    EpochRecord,
    Examples,
    Solver,
    StopReason,
    TwoLayerNet,
    train,
)

Split = tuple[Examples, Examples]
NET = TwoLayerNet(64, 20, 10, weight_scale=0.1)


def run(digits: Split, validate: bool = True, seed: int = 0, **settings: Any) -> Any:
    training, validation = digits
    return train(
        NET,
        training,
        validation if validate else None,
        solver=Solver(**settings),
        rng=np.random.default_rng(seed),
    )


def test_network_learns_the_digits(digits: Split) -> None:
    rule = partial(momentum, mu=0.9)
    result = run(digits, learning_rate=0.1, rule=rule, epochs=12, regularization=1e-4)
    last = result.curves.epochs[-1]
    assert result.stop is StopReason.FINISHED and len(result.curves.epochs) == 12
    assert last.validation_accuracy is not None and last.validation_accuracy > 0.94
    assert last.training_loss < 0.2 * result.curves.losses[0]


def test_every_epoch_visits_every_example_once_in_a_new_order() -> None:
    seen: list[list[float]] = []

    class Recorder(TwoLayerNet):
        def loss(self, parameters: Any, images: Any, labels: Any, **settings: Any) -> Any:
            seen.append(images[:, 0].tolist())
            return super().loss(parameters, images, labels, **settings)

    examples = Examples(np.arange(10.0).reshape(10, 1), np.arange(10) % 2)
    train(
        Recorder(1, 2, 2),
        examples,
        solver=Solver(learning_rate=0.01, epochs=2, batch_size=4),
        rng=np.random.default_rng(0),
    )
    assert [len(batch) for batch in seen] == [4, 4, 2, 4, 4, 2]
    first, second = list(chain(*seen[:3])), list(chain(*seen[3:]))
    assert sorted(first) == sorted(second) == list(range(10))
    assert first != second


def test_full_batch_gradient_descent_is_the_formula() -> None:
    rng = np.random.default_rng(0)
    model = TwoLayerNet(5, 4, 3, weight_scale=0.5)
    examples = Examples(rng.normal(size=(7, 5)), rng.integers(3, size=7))
    start = model.initialize(rng)
    result = train(
        model,
        examples,
        solver=Solver(learning_rate=0.3, epochs=1, batch_size=None, regularization=0.2),
        rng=rng,
        parameters=start,
    )
    _, gradients = model.loss(start, examples.images, examples.labels, regularization=0.2)
    for name, value in result.parameters.items():
        np.testing.assert_allclose(value, start[name] - 0.3 * gradients[name], rtol=1e-14)
    expected = 0.3 * np.linalg.norm(gradients["W1"]) / np.linalg.norm(start["W1"])
    assert result.curves.epochs[0].update_ratios["W1"] == pytest.approx(expected)


def test_start_parameters_stay_as_they_are(digits: Split) -> None:
    start = NET.initialize(np.random.default_rng(0))
    before = {name: value.copy() for name, value in start.items()}
    solver = Solver(learning_rate=0.1, epochs=1)
    train(NET, digits[0], solver=solver, rng=np.random.default_rng(0), parameters=start)
    for name, value in before.items():
        np.testing.assert_array_equal(start[name], value)


def test_same_seed_gives_the_same_run_and_another_seed_another(digits: Split) -> None:
    first, again, other = (
        run(digits, seed=seed, learning_rate=0.05, rule=adam, epochs=1).curves.losses
        for seed in (1, 1, 2)
    )
    assert first == again != other


def test_a_resumed_run_needs_the_optimizers_states(digits: Split) -> None:
    def go(epochs: int, **resumed: Any) -> Any:
        solver = Solver(learning_rate=0.05, rule=momentum, epochs=epochs, batch_size=None)
        return train(NET, digits[0], solver=solver, rng=np.random.default_rng(0), **resumed)

    start = NET.initialize(np.random.default_rng(1))
    whole = go(6, parameters=start)
    half = go(3, parameters=start)
    resumed = go(3, parameters=half.parameters, states=half.states)
    forgetful = go(3, parameters=half.parameters)
    np.testing.assert_array_equal(resumed.parameters["W1"], whole.parameters["W1"])
    assert np.abs(forgetful.parameters["W1"] - whole.parameters["W1"]).max() > 1e-4


def test_schedule_sets_the_rate_of_each_epoch(digits: Split) -> None:
    schedule = partial(step_decay, 0.1, every=2)
    epochs = run(digits, learning_rate=schedule, epochs=4).curves.epochs
    assert [record.learning_rate for record in epochs] == [0.1, 0.1, 0.05, 0.05]


def test_learning_rate_1e6_ends_in_an_explosion_or_nan(pixels: Examples) -> None:
    # The slides print NaN: their log(0) is infinite, a stable softmax explodes first.
    model = TwoLayerNet(3072, 50, 10)
    solver = Solver(learning_rate=1e6, regularization=1e-6, epochs=10)
    result = train(model, pixels, solver=solver, rng=np.random.default_rng(0))
    assert result.stop is StopReason.EXPLODED
    assert len(result.curves.losses) == 2
    unguarded = Solver(learning_rate=1e6, regularization=1e-6, epochs=100, abort_ratio=None)
    result = train(model, pixels, solver=unguarded, rng=np.random.default_rng(0))
    assert result.stop is StopReason.NOT_FINITE
    assert all(np.isfinite(value).all() for value in result.parameters.values())


def test_learning_rate_1e_6_hardly_moves_the_loss(pixels: Examples) -> None:
    # The slides: 2.302576 to 2.302420 in 10 epochs.
    model = TwoLayerNet(3072, 50, 10)
    solver = Solver(learning_rate=1e-6, regularization=1e-6, epochs=5)
    result = train(model, pixels, solver=solver, rng=np.random.default_rng(0))
    losses = [record.training_loss for record in result.curves.epochs]
    assert losses == pytest.approx([np.log(10)] * 5, abs=1e-3)
    assert losses[-1] < losses[0]


def test_run_is_aborted_at_three_times_the_first_loss(digits: Split) -> None:
    result = run(digits, learning_rate=60.0, epochs=20, abort_ratio=3.0)
    assert result.stop is StopReason.EXPLODED
    *before, last = result.curves.losses
    assert last > 3 * before[0]
    assert max(before) <= 3 * before[0]


def test_nan_from_the_model_ends_the_run_with_finite_parameters() -> None:
    class Broken(TwoLayerNet):
        def loss(self, *arguments: Any, **settings: Any) -> Any:
            _, gradients = super().loss(*arguments, **settings)
            return float("nan"), gradients

    examples = Examples(np.ones((4, 2)), np.array([0, 1, 0, 1]))
    result = train(
        Broken(2, 3, 2), examples, solver=Solver(learning_rate=0.1), rng=np.random.default_rng(0)
    )
    assert result.stop is StopReason.NOT_FINITE and result.curves.epochs == ()


def test_early_stopping_restores_the_best_parameters(digits: Split) -> None:
    training, validation = digits
    few = training.take(slice(60))
    stopping = EarlyStopping(patience=3)
    result = train(
        TwoLayerNet(64, 100, 10, weight_scale=0.1),
        few,
        validation,
        solver=Solver(
            learning_rate=0.01, rule=adam, epochs=200, batch_size=20, early_stopping=stopping
        ),
        rng=np.random.default_rng(0),
    )
    assert result.stop is StopReason.EARLY and result.best is not None
    losses = [record.validation_loss for record in result.curves.epochs]
    assert result.best.epoch == 1 + int(np.argmin(losses)) == len(losses) - 3
    model = TwoLayerNet(64, 100, 10)
    scores = model.scores(result.parameters, validation.images)
    assert model.data_loss(scores, validation.labels) == pytest.approx(min(losses))


def test_validation_accuracy_can_be_monitored(digits: Split) -> None:
    stopping = EarlyStopping(patience=2, monitor="validation_accuracy")
    result = run(digits, learning_rate=0.05, rule=adam, epochs=40, early_stopping=stopping)
    accuracies = [record.validation_accuracy for record in result.curves.epochs]
    assert result.best.value == max(accuracies)


def test_on_epoch_sees_each_record_and_the_slides_line(digits: Split) -> None:
    records: list[EpochRecord] = []
    training, validation = digits
    train(
        NET,
        training,
        validation,
        solver=Solver(learning_rate=1e-3, epochs=2),
        rng=np.random.default_rng(0),
        on_epoch=records.append,
    )
    assert [record.epoch for record in records] == [1, 2]
    line = records[0].format(2)
    assert line.startswith("Finished epoch 1 / 2: cost 2.2") and line.endswith("lr 1.000000e-03")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"learning_rate": -1.0}, "learning_rate must be a finite number at least 0"),
        ({"epochs": 0}, "epochs must be at least 1"),
        ({"batch_size": 0}, "batch_size must be at least 1"),
        ({"regularization": -1.0}, "regularization must be a finite number at least 0"),
        ({"abort_ratio": 1.0}, "abort_ratio must be above 1, got 1.0"),
        ({"accuracy_examples": 0}, "accuracy_examples must be at least 1"),
    ],
)
def test_wrong_settings_are_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Solver(**({"learning_rate": 0.1} | settings))


def test_wrong_examples_are_refused() -> None:
    with pytest.raises(ValueError, match="labels must be at least 0, got -1"):
        Examples(np.ones((2, 3)), np.array([0, -1]))
    with pytest.raises(ValueError, match=r"labels must have shape \(2,\)"):
        Examples(np.ones((2, 3)), np.zeros((2, 1), dtype=int))
    solver = Solver(learning_rate=0.1, early_stopping=EarlyStopping())
    examples = Examples(np.ones((2, 3)), np.array([0, 1]))
    with pytest.raises(ValueError, match="early stopping needs validation examples"):
        train(TwoLayerNet(3, 2, 2), examples, solver=solver, rng=np.random.default_rng(0))
