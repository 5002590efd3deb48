"""Curves of a training run and histograms of activations, as numbers and as figures."""

import io
import math

import numpy as np
import pytest
from matplotlib.figure import Figure

from reference.training import Curves, EpochRecord, Examples, Solver, TwoLayerNet, train
from reference.visualize import (
    activation_histograms,
    draw_activation_histograms,
    draw_loss_curves,
    draw_ratio_curves,
    loss_series,
    ratio_series,
)


@pytest.fixture(scope="module")
def curves():
    rng = np.random.default_rng(0)
    labels = rng.integers(3, size=60)
    images = rng.normal(size=(60, 4)) + 3 * np.eye(4)[labels]
    examples = Examples(images, labels)
    model = TwoLayerNet(inputs=4, hidden=6, classes=3, weight_scale=0.1)
    solver = Solver(learning_rate=0.1, epochs=4, batch_size=20)
    return train(model, examples, examples.take(slice(30)), solver=solver, rng=rng).curves


def drawn(figure: Figure) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=30)
    return file.getvalue()


def record(epoch, **ratios):
    return EpochRecord(epoch, 0.1, 1.0, 0.5, update_ratios=ratios)


def test_the_loss_series_has_a_point_for_every_update(curves):
    series = loss_series(curves)
    assert series.x == tuple(range(1, 13))
    assert series.y == curves.losses
    smoothed = loss_series(curves, window=3)
    assert smoothed.y[2] == pytest.approx(np.mean(curves.losses[:3]))


def test_an_exploded_run_ends_where_its_loss_was_last_finite():
    series = loss_series(Curves((2.3, 5.0, math.inf, math.nan), ()))
    assert series.x == (1, 2)
    assert series.y == (2.3, 5.0)
    with pytest.raises(ValueError, match="got none of 1"):
        loss_series(Curves((math.nan,), ()))


def test_the_ratio_series_has_a_curve_for_every_weight(curves):
    series = ratio_series(curves.epochs)
    assert set(series) == {"W1", "W2"}
    assert series["W1"].x == (1, 2, 3, 4)
    assert series["W1"].y == tuple(each.update_ratios["W1"] for each in curves.epochs)
    with pytest.raises(ValueError, match="got none in 1 epochs"):
        ratio_series([record(1)])


def test_a_weight_that_appears_late_keeps_its_epochs():
    series = ratio_series([record(1, W1=0.1), record(2, W1=0.2, W2=0.3)])
    assert series["W2"].x == (2,)
    assert series["W2"].y == (0.3,)


def test_the_loss_figure_shows_losses_and_both_accuracies(curves):
    figure = draw_loss_curves(curves, window=3, title="run")
    losses, accuracies = figure.axes
    pale, strong = losses.lines
    assert tuple(pale.get_ydata()) == curves.losses
    assert tuple(strong.get_ydata()) == loss_series(curves, window=3).y
    assert losses.get_title() == "run"
    assert [line.get_label() for line in accuracies.lines] == ["training", "validation"]
    validation = [each.validation_accuracy for each in curves.epochs]
    assert list(accuracies.lines[1].get_ydata()) == validation
    assert drawn(figure)


def test_without_validation_there_is_one_accuracy_curve():
    figure = draw_loss_curves(Curves((1.0, 0.5), (record(1), record(2))))
    assert [line.get_label() for line in figure.axes[1].lines] == ["training"]
    assert drawn(figure)


def test_the_ratio_figure_is_logarithmic_and_marks_the_target(curves):
    figure = draw_ratio_curves(curves)
    axes = figure.axes[0]
    assert axes.get_yscale() == "log"
    assert [line.get_label() for line in axes.lines[:2]] == ["W1", "W2"]
    assert set(axes.lines[2].get_ydata()) == {1e-3}
    assert drawn(figure)


def test_each_layer_has_its_histogram():
    layers = {f"h{i}": np.random.default_rng(i).normal(size=(30, 4)) for i in range(6)}
    figure = draw_activation_histograms(activation_histograms(layers, bins=10))
    titles = [axes.get_title() for axes in figure.axes]
    assert [title.partition("\n")[0] for title in titles] == [*layers, "", "", "", ""]
    assert f"std {layers['h2'].std():.2g}" in titles[2]
    heights = figure.axes[0].patches[0].get_data().values
    assert heights.sum() == pytest.approx(1)
    assert drawn(figure)
    with pytest.raises(ValueError, match="at least one histogram"):
        draw_activation_histograms({})
