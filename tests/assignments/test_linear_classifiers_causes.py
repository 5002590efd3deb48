"""Causes of mistakes written in another style than the catalogue's: never named wrongly."""

from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.components import load_components
from autograder.diagnosis import Diagnosis, Standing
from autograder.records import Source
from autograder.sandbox.trusted import TrustedSubject

FOLDER = Path(__file__).parents[2] / "assignments" / "linear_classifiers"
LOOPS = Path(__file__).with_name("linear_classifiers_in_loops.py").read_text(encoding="utf-8")
RIGHT = ("student-01", "student-02", "student-03", "student-04", "student-08", "student-10")

L1, L2, LABELS = "l1_distances_two_loops", "l2_distances_two_loops", "predict_labels"
SVM, SOFTMAX, TRAIN = "svm_loss_naive", "softmax_loss_naive", "LinearClassifier"
TOP, SHIFT = "top = max(s)", "(s[label] - top)"
BACK = "dW[:, label] -= violated * x / N"
SLOPE = "(p[c] - (c == label))"
DATA_LOSS = "(math.log(sum(e)) - (s[label] - top)) / N"

# Function, misconception, and what is replaced by what in the function's lines.
EDITS = [
    (L1, "distances_vectorized.uint8_wraps", [(".astype(float)", "")]),
    (L1, "distances_vectorized.abs_missing", [("abs(a[p] - b[p])", "a[p] - b[p]")]),
    (L1, "distances_vectorized.metrics_swapped",
     [("abs(a[p] - b[p])", "(a[p] - b[p]) ** 2"), ("append(total)", "append(total ** 0.5)")]),
    (L1, "distances_vectorized.transposed", [("np.array(table)", "np.array(table).T")]),
    (L1, "distances_vectorized.mean_for_sum", [("append(total)", "append(total / len(a))")]),
    (L1, "distances_vectorized.axis_missing", [("np.array(table)", "float(np.sum(table))")]),
    (L2, "distances_vectorized.root_missing", [("math.sqrt(total)", "total")]),
    (L2, "l2_distances.l1_for_l2", [("(a[p] - b[p]) ** 2", "math.sqrt((a[p] - b[p]) ** 2)"),
                                    ("math.sqrt(total)", "total")]),
    (L2, "distances_vectorized.mean_for_sum", [("sqrt(total)", "sqrt(total / len(a))")]),
    (L2, "distances_vectorized.cross_term_once",
     [("(a[p] - b[p]) ** 2", "a[p] ** 2 - a[p] * b[p] + b[p] ** 2")]),
    (L2, "distances_vectorized.transposed", [("np.array(table)", "np.array(list(zip(*table)))")]),
    (LABELS, "k_smallest.largest", [("order[:k]", "order[::-1][:k]")]),
    (LABELS, "k_smallest.k_ignored", [("order[:k]", "order[:1]")]),
    (LABELS, "k_smallest.nearest_skipped", [("order[:k]", "order[1 : k + 1]")]),
    (LABELS, "k_smallest.later_of_equals", [("(row[j], j)", "(row[j], -j)")]),
    (LABELS, "majority_vote.largest_of_equals", [("(-labels.count(label), label)",
                                                  "(-labels.count(label), -label)")]),
    (LABELS, "majority_vote.first_seen_of_equals",
     [("(-labels.count(label), label)", "(-labels.count(label), labels.index(label))")]),
    (LABELS, "majority_vote.mean_label", [("append(best)", "append(round(sum(labels) / k))")]),
    (LABELS, "majority_vote.count_for_label", [("append(best)", "append(labels.count(best))")]),
    (LABELS, "majority_vote.code_for_label",
     [("append(best)", "append(sorted(set(y_train)).index(best))")]),
    (LABELS, "predict_labels.index_for_label", [("append(best)", "append(nearest[0])")]),
    (LABELS, "predict_labels.column_of_labels", [("append(best)", "append([best])")]),
    (LABELS, "predict_labels.all_within_the_kth_distance",
     [("order[:k]", "[j for j in order if row[j] <= row[order[k - 1]]]")]),
    ("linear_scores", "affine_forward.bias_forgotten", [(" + b[c]", "")]),
    ("linear_scores", "affine_forward.weight_transposed", [("W[d, c]", "W[c, d]")]),
    ("add_bias", "append_ones.ones_first", [("[*row, 1.0]", "[1.0, *row]")]),
    ("add_bias", "append_ones.zeros_for_ones", [("[*row, 1.0]", "[*row, 0.0]")]),
    ("add_bias", "append_ones.row_of_ones", [("[[*row, 1.0] for row in X]",
                                              "[*X, [1.0] * X.shape[1]]")]),
    ("add_bias", "add_bias.nothing_appended", [("[*row, 1.0]", "list(row)")]),
    (SVM, "svm_loss.true_class_not_zeroed",
     [("violated = 0", "violated = 0\n        loss += 1 / N")]),
    (SVM, "svm_loss.gradient_counts_true_class", [("violated = 0", "violated = 1")]),
    (SVM, "svm_loss.sign_swapped", [("s[c] - s[label] + 1", "s[label] - s[c] + 1")]),
    (SVM, "svm_loss.mean_missing", [("margin / N", "margin"), ("+= x / N", "+= x"),
                                    ("violated * x / N", "violated * x")]),
    (SVM, "svm_loss.gradient_mean_missing", [("+= x / N", "+= x"),
                                             ("violated * x / N", "violated * x")]),
    (SVM, "svm_loss.label_count_missing", [(BACK, "dW[:, label] -= x / N")]),
    (SVM, "svm_loss.label_gradient_missing", [(BACK, "pass")]),
    (SVM, "svm_loss.mean_over_classes",
     [("/ N", "/ (N * (C - 1))")]),
    (SVM, "svm_loss.always_squared",
     [("loss += margin / N", "loss += margin * margin / N"),
      ("violated += 1", "violated += 2 * margin"), ("+= x / N", "+= 2 * margin * x / N")]),
    (SVM, "svm_loss.delta_missing", [("s[c] - s[label] + 1", "s[c] - s[label]")]),
    (SVM, "svm_loss.delta_subtracted", [("s[c] - s[label] + 1", "s[c] - s[label] - 1")]),
    (SVM, "svm_loss.not_clamped", [("if margin > 0:", "if True:")]),
    (SVM, "svm_loss.largest_violation_alone",
     [("s[c] - s[label] + 1",
       "(s[c] - s[label] + 1) if s[c] == max(s[:label] + s[label + 1:]) else 0")]),
    (SVM, "svm_loss.penalty_gradient_without_2", [("2 * reg * W[d, c]", "reg * W[d, c]")]),
    (SVM, "svm_loss.penalty_half_convention", [("2 * reg * W[d, c]", "reg * W[d, c]"),
                                               ("reg * penalty", "0.5 * reg * penalty")]),
    (SVM, "svm_loss.penalty_value_halved", [("reg * penalty", "reg * penalty / 2")]),
    (SVM, "svm_loss.penalty_gradient_missing", [("dW[d, c] += 2 * reg * W[d, c]", "pass")]),
    (SVM, "svm_loss.penalty_missing", [("dW[d, c] += 2 * reg * W[d, c]", "pass"),
                                       (" + reg * penalty", "")]),
    (SVM, "svm_loss.penalty_subtracted", [("dW[d, c] += 2", "dW[d, c] -= 2"),
                                          ("loss + reg * penalty", "loss - reg * penalty")]),
    (SVM, "svm_loss.penalty_divided_by_n", [("2 * reg * W[d, c]", "2 * reg * W[d, c] / N"),
                                            ("reg * penalty", "reg * penalty / N")]),
    (SVM, "svm_loss.penalty_absolute_values", [("W[d, c] ** 2", "abs(W[d, c])"),
                                               ("2 * reg * W[d, c]", "reg * np.sign(W[d, c])")]),
    (SVM, "svm_loss.gradient_transposed", [("penalty, dW", "penalty, dW.T")]),
    (SVM, "svm_loss.gradient_descends", [("penalty, dW", "penalty, -dW")]),
    (SVM, "svm_loss.gradient_before_loss", [("return loss + reg * penalty, dW",
                                             "return dW, loss + reg * penalty")]),
    (SVM, "svm_loss.penalty_without_last_row",
     [("for d in range(D):\n        for", "for d in range(D - 1):\n        for")]),
    (SOFTMAX, "softmax_loss.not_shifted", [(TOP, "top = 0.0"), ("math.log", "np.log")]),
    (SOFTMAX, "softmax_loss.shifted_in_one_term", [(SHIFT, "s[label]")]),
    (SOFTMAX, "softmax_loss.log10", [("math.log(sum(e)) - (s[label] - top)",
                                      "-math.log10(p[label])")]),
    (SOFTMAX, "softmax_loss.mean_missing", [(DATA_LOSS, DATA_LOSS[:-4]), ("* x / N", "* x")]),
    (SOFTMAX, "softmax_loss.gradient_mean_missing", [("* x / N", "* x")]),
    (SOFTMAX, "softmax_loss.minus_missing",
     [("math.log(sum(e)) - (s[label] - top)", "(s[label] - top) - math.log(sum(e))")]),
    (SOFTMAX, "softmax_loss.one_not_subtracted", [(SLOPE, "p[c]")]),
    (SOFTMAX, "softmax_loss.gradient_at_label_alone", [(SLOPE, "(p[c] - 1) * (c == label)")]),
    (SOFTMAX, "softmax_loss.penalty_half_convention", [("2 * reg * W[d, c]", "reg * W[d, c]"),
                                                       ("reg * penalty", "reg / 2 * penalty")]),
    (SOFTMAX, "softmax_loss.penalty_gradient_without_2", [("2 * reg * W", "reg * W")]),
    (SOFTMAX, "softmax_loss.penalty_missing", [("dW[d, c] += 2 * reg * W[d, c]", "pass"),
                                               (" + reg * penalty", "")]),
    (SOFTMAX, "softmax_loss.gradient_descends", [(SLOPE, "((c == label) - p[c])")]),
    (SOFTMAX, "softmax_loss.gradient_transposed", [("penalty, dW", "penalty, dW.T")]),
    (SOFTMAX, "softmax_loss.divided_by_maximum", [("value - top", "value / top"),
                                                  (SHIFT, "s[label] / top")]),
    (SOFTMAX, "softmax_loss.gradient_before_loss", [("return loss + reg * penalty, dW",
                                                     "return dW, loss + reg * penalty")]),
    (TRAIN, "LinearClassifier.ascends", [("W -= learning_rate", "W += learning_rate")]),
    (TRAIN, "LinearClassifier.learning_rate_ignored", [("learning_rate * slope", "slope")]),
    (TRAIN, "LinearClassifier.step_averaged_again",
     [("learning_rate * slope", "learning_rate * slope / batch_size")]),
    (TRAIN, "LinearClassifier.never_steps", [("self.W = W\n", "pass\n")]),
    (TRAIN, "LinearClassifier.bias_not_trained",
     [("W -= learning_rate * slope", "W[:-1] -= learning_rate * slope[:-1]")]),
    (TRAIN, "LinearClassifier.reg_ignored", [("y[picked], reg)", "y[picked], 0)")]),
    (TRAIN, "LinearClassifier.always_svm",
     [('"softmax": softmax_loss_v', '"softmax": svm_loss_v')]),
    (TRAIN, "LinearClassifier.losses_swapped",
     [('"svm": svm_loss_v', '"other": svm_loss_v'), ('"softmax":', '"svm":'),
      ('"other":', '"softmax":')]),
    (TRAIN, "LinearClassifier.starts_anew", [("if self.W is None:", "if True:")]),
    (TRAIN, "LinearClassifier.starts_large", [("random.gauss(0, 0.001)", "random.gauss(0, 1)")]),
    (TRAIN, "LinearClassifier.last_loss_alone", [("return losses", "return losses[-1]")]),
    (TRAIN, "LinearClassifier.nothing_returned", [("return losses", "pass")]),
    (TRAIN, "LinearClassifier.one_step_short", [("range(num_iters)", "range(1, num_iters)")]),
    (TRAIN, "LinearClassifier.first_rows_alone", [("random.randrange(len(data)) for i in",
                                                   "i for i in")]),
    (TRAIN, "LinearClassifier.bias_left_out", [("row @ self.W", "row[:-1] @ self.W[:-1]")]),
    (TRAIN, "LinearClassifier.smallest_score_wins", [("s.index(max(s))", "s.index(min(s))")]),
    (TRAIN, "LinearClassifier.score_for_class", [("s.index(max(s))", "max(s)")]),
]  # fmt: skip

# Another mistake than any that is known, or two at once.
UNKNOWN = [
    (L1, [("abs(a[p] - b[p])", "abs(a[p] - b[p]) ** 3")]),
    (L2, [("range(len(a))", "range(1, len(a))")]),
    (LABELS, [("order[:k]", "order[: k + 2]")]),
    ("linear_scores", [("+ b[c]", "- b[c]")]),
    ("add_bias", [("1.0", "2.0")]),
    (SVM, [("+ 1\n", "+ 0.5\n")]),
    (SVM, [("margin / N", "margin"), (BACK, "pass")]),
    (SVM, [("if c == label:", "if c <= label:")]),
    (SOFTMAX, [("p[c] - (c == label)", "p[c] - 2 * (c == label)")]),
    (SOFTMAX, [("math.log(sum(e))", "math.log1p(sum(e))")]),
    (SOFTMAX, [("W[d, c] ** 2", "W[d, c] ** 4")]),
    (TRAIN, [("learning_rate * slope", "learning_rate * np.sign(slope)")]),
    (TRAIN, [("learning_rate * slope", "learning_rate * slope * float('nan')")]),
    (TRAIN, [("data = add_bias(X)", "data = add_bias(X) / 0.5")]),
    (TRAIN, [("losses.append(value)", "losses.append(value / 2)")]),
]


@pytest.fixture(scope="module")
def diagnosis():
    assignment = load_assignment(FOLDER)
    return Diagnosis(load_components(assignment), seed=assignment.seed)


def edited(function, edits):
    """The source with `edits` made in the lines of one function or class."""
    start = min(LOOPS.index(f"{kind} {function}") for kind in ("def", "class")
                if f"{kind} {function}" in LOOPS)  # fmt: skip
    end = LOOPS.find("\n\n\n", start)
    body = LOOPS[start : end if end > 0 else None]
    for old, new in edits:
        assert old in body, old
        body = body.replace(old, new)
    return LOOPS[:start] + body + (LOOPS[end:] if end > 0 else "")


def verdict_on(diagnosis, source, function):
    subject = TrustedSubject({}, sources=[Source("loops.py", source)])
    return diagnosis.verdicts(subject, [function])[function]


def test_nine_in_ten_are_named_and_none_wrongly(diagnosis):
    found = {}
    for function, misconception, edits in EDITS:
        cause = verdict_on(diagnosis, edited(function, edits), function).cause
        found[function, misconception] = cause and cause.id
    wrongly = {key: name for key, name in found.items() if name not in (None, key[1])}
    unnamed = [key for key, name in found.items() if name is None]
    assert wrongly == {}
    assert len(found) >= 85
    assert len(unnamed) <= 0.1 * len(found), unnamed


@pytest.mark.parametrize(("function", "edits"), UNKNOWN, ids=range(len(UNKNOWN)))
def test_a_mistake_that_nobody_knows_has_no_name(diagnosis, function, edits):
    verdict = verdict_on(diagnosis, edited(function, edits), function)
    assert verdict.standing is Standing.WRONG
    assert verdict.cause is None


def test_loops_are_right_and_have_no_cause(diagnosis):
    for function in {each[0] for each in EDITS}:
        verdict = verdict_on(diagnosis, LOOPS, function)
        assert (verdict.standing, verdict.cause) == (Standing.RIGHT, None), function


@pytest.mark.parametrize("submission", RIGHT)
def test_right_submissions_of_any_style_have_no_cause(diagnosis, submission):
    code = (FOLDER / "examples" / f"{submission}.py").read_text(encoding="utf-8")
    subject = TrustedSubject({}, sources=[Source("right.py", code)])
    verdicts = diagnosis.verdicts(subject, diagnosis.tables)
    assert {each.standing for each in verdicts.values()} == {Standing.RIGHT}
