"""Training curves of a check: what the page draws, and the same in a line of text.

Small line drawings of our own, without script or colour of their own: the page's variables colour
them, for light and dark. Time runs from left to right in Persian pages too, as in its textbooks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from autograder.records import Curve, CurveKind, Training
from autograder.report.language import digits, enumerated, translate

WIDTH, HEIGHT = 240, 96
"""Of the area inside the axes, in the drawing's own units."""

_WANTED_RATIO = 1e-3  # slides s.209
_STEEP = 1000.0
"""Positive values whose largest is so many times the smallest are drawn on a log scale."""


@dataclass(frozen=True)
class Line:
    """One curve within a panel: pieces of `x,y` points, broken where a number is not finite."""

    name: str
    style: str
    """`train`, `test` or `plain`."""
    pieces: tuple[str, ...]
    dots: tuple[tuple[str, str], ...]
    """Points without a neighbour."""


@dataclass(frozen=True)
class Panel:
    """One drawing."""

    title: str
    summary: str
    """The drawing in words, for those who do not see it."""
    lines: tuple[Line, ...]
    top: str
    bottom: str
    last_step: str
    mark: str | None
    """The height of the threshold, or of the ratio that is wanted."""


@dataclass(frozen=True)
class TrainingView:
    """What a report shows of a training."""

    caption: str
    panels: tuple[Panel, ...]


def training_view(training: Training, language: str) -> TrainingView:
    """The drawings and their caption in one language."""
    curves = {curve.kind: curve for curve in training.curves if _finite(curve)}
    panels = []
    loss = curves.get(CurveKind.LOSS)
    if loss is not None:
        title = translate("Loss", language)
        panels.append(_panel(title, [(title, "plain", loss)], language))
    accuracies = [
        (translate(name, language), style, curves[kind])
        for kind, name, style in (
            (CurveKind.TRAIN_ACCURACY, "training samples", "train"),
            (CurveKind.TEST_ACCURACY, "held-out samples", "test"),
        )
        if kind in curves
    ]
    if accuracies:
        title = translate("Accuracy", language)
        panels.append(_panel(title, accuracies, language, unit=True, mark=training.at_least))
    ratio = curves.get(CurveKind.UPDATE_RATIO)
    if ratio is not None:
        title = translate("Size of a step over size of the weights", language)
        panels.append(_panel(title, [(title, "plain", ratio)], language, mark=_WANTED_RATIO))
    return TrainingView(caption(training, language), tuple(panels))


def caption(training: Training, language: str) -> str:
    """The accuracies, the interval and the decision, in one sentence."""
    low, high = training.interval
    sentence = (
        "Accuracy on held-out samples in each run: {accuracies}. With {confidence}% confidence it "
        "lies between {low} and {high}; at least {wanted} was needed: passed."
        if training.passed
        else "Accuracy on held-out samples in each run: {accuracies}. With {confidence}% "
        "confidence it lies between {low} and {high}; at least {wanted} was needed: not passed."
    )
    return translate(
        sentence,
        language,
        accuracies=enumerated(
            (_percent(part, language) for part in training.accuracies), language, comma=True
        ),
        confidence=digits(f"{training.confidence:g}", language),
        low=_percent(low, language),
        high=_percent(high, language),
        wanted=_percent(training.at_least, language),
    )


def curves_line(training: Training, language: str) -> str:
    """The drawings in a line of text, for Markdown."""
    panels = training_view(training, language).panels
    return enumerated((panel.summary for panel in panels), language)


def _panel(
    title: str,
    named: Sequence[tuple[str, str, Curve]],
    language: str,
    *,
    unit: bool = False,
    mark: float | None = None,
) -> Panel:
    values = [value for _, _, curve in named for value in _finite(curve)]
    scale = _scale([0.0, 1.0] if unit else values, mark)
    last = max(curve.steps[-1] for _, _, curve in named)
    height = None if mark is None else f"{scale.height(mark):.1f}"
    shown = partial(_percent if unit else _short, language=language)
    summaries = [
        translate(
            "{name}: from {first} to {last}, lowest {low}, highest {high}",
            language,
            name=title if len(named) == 1 else f"{title} ({name})",
            first=shown(_finite(curve)[0]),
            last="NaN" if curve.values[-1] is None else shown(curve.values[-1]),
            low=shown(min(_finite(curve))),
            high=shown(max(_finite(curve))),
        )
        for name, _, curve in named
    ]
    return Panel(
        title=title,
        summary=enumerated(summaries, language),
        lines=tuple(_line(name, style, curve, scale, last) for name, style, curve in named),
        top=shown(scale.high),
        bottom=shown(scale.low),
        last_step=digits(str(last), language),
        mark=height,
    )


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float
    logarithmic: bool

    def height(self, value: float) -> float:
        """The place of `value` from the top, 0 to HEIGHT."""
        low, high, at = self.low, self.high, value
        if self.logarithmic:
            low, high, at = math.log(low), math.log(high), math.log(max(value, low))
        # halved first: the difference of two huge numbers may overflow
        return HEIGHT * (1 - (at / 2 - low / 2) / (high / 2 - low / 2))


def _scale(values: Sequence[float], mark: float | None) -> _Scale:
    low, high = min(values), max(values)
    logarithmic = low > 0 and (high > _STEEP * low or mark == _WANTED_RATIO)
    if mark is not None:
        margin = 2.0 if logarithmic else 1.0
        low, high = min(low, mark / margin), max(high, mark * margin)
    if not logarithmic:
        low = min(low, 0.0)
    if high <= low:
        high = low + (abs(low) or 1.0)
    return _Scale(low, high, logarithmic)


def _line(name: str, style: str, curve: Curve, scale: _Scale, last: int) -> Line:
    pieces: list[list[tuple[str, str]]] = [[]]
    for step, value in zip(curve.steps, curve.values, strict=True):
        if value is None:
            pieces.append([])
            continue
        x = WIDTH * step / last if last else 0.0
        pieces[-1].append((f"{x:.1f}", f"{scale.height(value):.1f}"))
    return Line(
        name,
        style,
        tuple(" ".join(f"{x},{y}" for x, y in piece) for piece in pieces if len(piece) > 1),
        tuple(piece[0] for piece in pieces if len(piece) == 1),
    )


def _finite(curve: Curve) -> list[float]:
    return [value for value in curve.values if value is not None]


def _short(value: float, language: str) -> str:
    """Three significant digits: “2.3”, “0.00103”, “4.5e+12”."""
    if value and not 1e-4 <= abs(value) < 1e5:
        return f"{value:.2g}"
    return digits(f"{float(f'{value:.3g}'):g}", language)


def _percent(part: float, language: str) -> str:
    shown = f"{100 * part:.1f}".removesuffix(".0")
    return digits(shown, language) + ("٪" if language == "fa" else "%")
