"""Plots of numbers: activation histograms, and the curves of a training run.

Each function returns a `matplotlib.figure.Figure` of its own and touches no global state.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from reference.training import TARGET_UPDATE_RATIO, Curves, EpochRecord, smooth
from reference.visualize.activity import Histogram

MOST_COLUMNS = 5


@dataclass(frozen=True)
class Series:
    """Points of one curve: where they stand and their values."""

    x: tuple[float, ...]
    y: tuple[float, ...]


def loss_series(curves: Curves, *, window: int = 1) -> Series:
    """Return the loss of every mini-batch over the number of updates, smoothed over `window`.

    NaN and infinity are left out: a run that exploded ends where it exploded.

    Raises ValueError: no finite loss.
    """
    losses = list(curves.losses)
    finite = [loss for loss in losses if math.isfinite(loss)]
    if not finite:
        raise ValueError(
            f"a loss curve needs a finite loss, got none of {len(losses)}: lower the learning rate"
        )
    # Only the end of a run can be infinite: the solver stops there.
    updates = tuple(float(step) for step, loss in enumerate(losses, 1) if math.isfinite(loss))
    return Series(updates, smooth(finite, window=window))


def ratio_series(epochs: Sequence[EpochRecord]) -> dict[str, Series]:
    """Return for each weight its update-to-weight ratio over the epochs (s.209).

    Raises ValueError: no epoch with a ratio.
    """
    points: dict[str, list[tuple[float, float]]] = {}
    for record in epochs:
        for name, ratio in record.update_ratios.items():
            points.setdefault(name, []).append((float(record.epoch), float(ratio)))
    if not points:
        raise ValueError(
            f"ratio curves need update ratios, got none in {len(epochs)} epochs: train for at "
            "least one epoch"
        )
    return {
        name: Series(tuple(epoch for epoch, _ in each), tuple(ratio for _, ratio in each))
        for name, each in points.items()
    }


def draw_activation_histograms(histograms: Mapping[str, Histogram]) -> Figure:
    """Draw one histogram for each layer, with its mean and standard deviation (s.182-187).

    Raises ValueError: no histograms.
    """
    if not histograms:
        raise ValueError("a figure needs at least one histogram, got none: name some layers")
    columns = min(MOST_COLUMNS, len(histograms))
    rows = math.ceil(len(histograms) / columns)
    figure = Figure(figsize=(1.8 * columns, 1.7 * rows), layout="constrained")
    grid = figure.subplots(rows, columns, squeeze=False, sharex=True).ravel()
    for axes, (name, each) in zip(grid, histograms.items(), strict=False):
        axes.stairs(each.counts / each.counts.sum(), each.edges, fill=True)
        statistics = each.statistics
        axes.set_title(f"{name}\nmean {statistics.mean:.1g}, std {statistics.std:.2g}", fontsize=7)
        axes.tick_params(labelsize=6)
        axes.set_yticks([])
    for empty in grid[len(histograms) :]:
        empty.set_axis_off()
    return figure


def draw_loss_curves(curves: Curves, *, window: int = 1, title: str = "") -> Figure:
    """Draw the loss of every update, and the accuracies of every epoch beside it (s.205-208).

    Every loss is pale where `window` > 1, its running mean strong. A gap between the training and
    the validation accuracy is overfitting.

    Raises ValueError: no finite loss.
    """
    figure = Figure(figsize=(8, 3), layout="constrained")
    losses, accuracies = figure.subplots(1, 2)
    every, smoothed = loss_series(curves), loss_series(curves, window=window)
    if window > 1:
        losses.plot(every.x, every.y, color="C0", alpha=0.3, linewidth=0.8)
    losses.plot(smoothed.x, smoothed.y, color="C0", label="training loss")
    losses.set(xlabel="update", ylabel="loss", title=title)
    epochs = [record.epoch for record in curves.epochs]
    training = [record.training_accuracy for record in curves.epochs]
    accuracies.plot(epochs, training, marker=".", label="training")
    checked = [
        (record.epoch, record.validation_accuracy)
        for record in curves.epochs
        if record.validation_accuracy is not None
    ]
    if checked:
        accuracies.plot(*zip(*checked, strict=True), marker=".", label="validation")
    accuracies.set(xlabel="epoch", ylabel="accuracy", ylim=(0, 1.02))
    accuracies.legend()
    return figure


def draw_ratio_curves(curves: Curves, *, title: str = "") -> Figure:
    """Draw the update-to-weight ratio of every weight; the dashed line is the target, 1e-3 (s.209).

    Raises ValueError: no epoch with a ratio.
    """
    figure = Figure(figsize=(4.5, 3), layout="constrained")
    axes = figure.subplots()
    for name, series in ratio_series(curves.epochs).items():
        axes.plot(series.x, series.y, marker=".", label=name)
    axes.axhline(TARGET_UPDATE_RATIO, color="black", linestyle="--", linewidth=0.8)
    axes.set(xlabel="epoch", ylabel="update / weight", yscale="log", title=title)
    axes.legend()
    return figure
