"""Training curves: the drawing, its words, and its place in each form of a report."""

import json
import re
from dataclasses import replace

import pytest

from autograder.records import Curve, CurveKind, Training
from autograder.report.curves import HEIGHT, WIDTH, curves_line, training_view
from autograder.report.document import (
    encode,
    grade_from_json,
    grade_to_json,
    result_document,
)
from autograder.report.html import render_html
from autograder.report.markdown import render_markdown

LOSS = Curve(CurveKind.LOSS, (0, 1, 2, 3), (2.3, 1.15, None, 0.0))
TRAIN = Curve(CurveKind.TRAIN_ACCURACY, (2, 4), (0.5, 0.95))
TEST = Curve(CurveKind.TEST_ACCURACY, (2, 4), (0.5, 0.9))
RATIO = Curve(CurveKind.UPDATE_RATIO, (1, 3), (0.1, 0.001))
TRAINING = Training((0.9, 0.92), (0.871, 0.949), 99.9, 0.9, True, "cpu", (LOSS, TRAIN, TEST, RATIO))


@pytest.fixture
def trained(sample):
    """The sample grade, whose first failed and first passed check have trained."""
    failed = next(c for c in sample.checks if c.outcome == "failed")
    passed = next(c for c in sample.checks if c.outcome == "passed")
    checks = tuple(
        replace(c, training=replace(TRAINING, passed=c is passed)) if c in (failed, passed) else c
        for c in sample.checks
    )
    return replace(sample, checks=checks)


def points(piece):
    return [tuple(map(float, point.split(","))) for point in piece.split()]


def test_a_loss_is_drawn_from_its_highest_to_zero_and_broken_where_it_is_not_finite():
    loss = training_view(TRAINING, "en").panels[0]
    assert (loss.title, loss.top, loss.bottom, loss.last_step) == ("Loss", "2.3", "0", "3")
    (line,) = loss.lines
    assert [points(piece) for piece in line.pieces] == [[(0, 0), (WIDTH / 3, HEIGHT / 2)]]
    assert line.dots == (("240.0", "96.0"),)


def test_accuracies_share_a_drawing_with_the_threshold_in_it():
    accuracy = training_view(TRAINING, "en").panels[1]
    assert [(line.name, line.style) for line in accuracy.lines] == [
        ("training samples", "train"),
        ("held-out samples", "test"),
    ]
    assert (accuracy.top, accuracy.bottom, accuracy.last_step) == ("100%", "0%", "4")
    assert float(accuracy.mark) == pytest.approx(HEIGHT * 0.1)
    assert points(accuracy.lines[1].pieces[0])[1] == (WIDTH, pytest.approx(HEIGHT * 0.1))


def test_ratios_are_drawn_on_a_log_scale_with_the_wanted_one():
    ratio = training_view(TRAINING, "en").panels[2]
    (first, last) = points(ratio.lines[0].pieces[0])
    decades = 2 / 2.301  # of those from 0.0005, half of the wanted one, to 0.1
    assert last[1] - first[1] == pytest.approx(HEIGHT * decades, abs=0.1)
    assert float(ratio.mark) == last[1]


@pytest.mark.parametrize(
    "values",
    [(1.0,), (0.0, 0.0), (5.0, 5.0), (-1.0, 2.0), (1e300, 1e-300), (1e308, -1e308), (None, 3.0)],
)
@pytest.mark.parametrize("kind", list(CurveKind), ids=str)
def test_every_curve_stays_within_its_axes(kind, values):
    curve = Curve(kind, tuple(range(len(values))), values)
    if kind in (CurveKind.TRAIN_ACCURACY, CurveKind.TEST_ACCURACY):
        curve = replace(curve, values=tuple(v and min(1.0, max(0.0, v)) for v in values))
    for panel in training_view(replace(TRAINING, curves=(curve,)), "fa").panels:
        for line in panel.lines:
            at = [p for piece in line.pieces for p in points(piece)]
            at += [(float(x), float(y)) for x, y in line.dots]
            assert at and all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in at)


def test_a_curve_without_a_number_is_not_drawn():
    nothing = Curve(CurveKind.LOSS, (0, 1), (None, None))
    view = training_view(replace(TRAINING, curves=(nothing,)), "en")
    assert view.panels == () and view.caption


def test_the_caption_says_accuracies_interval_and_decision():
    assert training_view(TRAINING, "en").caption == (
        "Accuracy on held-out samples in each run: 90%, 92%. With 99.9% confidence it lies between "
        "87.1% and 94.9%; at least 90% was needed: passed."
    )
    assert training_view(replace(TRAINING, passed=False), "fa").caption == (
        "دقت روی نمونه‌های کنارگذاشته در هر بار آموزش: ۹۰٪، ۹۲٪. با اطمینان ۹۹٫۹٪ دقت بین ۸۷٫۱٪ و "
        "۹۴٫۹٪ است و دست‌کم ۹۰٪ لازم بود: رد."
    )


def test_the_drawings_in_a_line_of_text():
    assert curves_line(TRAINING, "en") == (
        "Loss: from 2.3 to 0, lowest 0, highest 2.3; "
        "Accuracy (training samples): from 50% to 95%, lowest 50%, highest 95%; "
        "Accuracy (held-out samples): from 50% to 90%, lowest 50%, highest 90%; "
        "Size of a step over size of the weights: from 0.1 to 0.001, lowest 0.001, highest 0.1"
    )
    assert "هزینه: از ۲٫۳ تا ۰" in curves_line(TRAINING, "fa")


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_page_draws_passed_and_failed_trainings_and_says_the_same_in_words(trained, language):
    page = render_html(trained, language=language)
    assert page.count('<figure class="curves">') == 2
    drawings = re.findall(r'<svg class="curve"[^>]*role="img" aria-label="([^"]+)"', page)
    assert len(drawings) == 6
    for panel in training_view(TRAINING, language).panels:
        assert drawings.count(panel.summary) == 2
    for passed in (True, False):
        caption = training_view(replace(TRAINING, passed=passed), language).caption
        assert f"<figcaption>{caption}</figcaption>" in page
    assert "style=" not in page.partition("</style>")[2]  # the page's policy forbids it


@pytest.mark.parametrize("language", ["en", "fa"])
def test_markdown_says_it_in_lines_of_text(trained, language):
    report = render_markdown(trained, language=language)
    assert training_view(replace(TRAINING, passed=False), language).caption in report
    assert "<svg" not in report


def test_a_report_without_training_has_no_drawing(sample):
    assert "<figure" not in render_html(sample, language="en")
    assert all("training" not in check for check in result_document(sample, "en")["checks"])


def test_result_json_and_the_gradebook_hold_the_curves(trained):
    found = [c for c in json.loads(encode(result_document(trained, "en")))["checks"]]
    (document, _) = (c["training"] for c in found if "training" in c)
    assert document["accuracies"] == [0.9, 0.92] and document["interval"] == [0.871, 0.949]
    assert document["curves"][0] == {
        "kind": "loss",
        "steps": [0, 1, 2, 3],
        "values": [2.3, 1.15, None, 0.0],
    }
    assert grade_from_json(grade_to_json(trained)) == trained


def test_results_stored_before_there_were_trainings_are_still_read(sample):
    stored = json.loads(grade_to_json(sample))
    for check in stored["checks"]:
        del check["training"]
    assert grade_from_json(json.dumps(stored)) == sample
