"""A realistic grade: a student's linear-classifiers submission with every kind of outcome."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

import pytest

from autograder.errors import FailureDetails
from autograder.records import (
    AssignmentInfo,
    CheckResult,
    CheckSpec,
    Environment,
    Grade,
    Isolation,
    Misconception,
    Outcome,
    Question,
    Status,
    Visibility,
)
from autograder.texts import Text, text

SHIFT = Misconception(
    id="losses/softmax-no-shift",
    name={
        "en": "The scores are not shifted before `np.exp`",
        "fa": "امتیازها پیش از `np.exp` جابه‌جا نشده‌اند",
    },
    hint={
        "en": "`np.exp(1000)` is infinite. Subtract each row's maximum first: the loss stays the "
        "same, and the largest exponent becomes 0.",
        "fa": "مقدار `np.exp(1000)` بی‌نهایت است. نخست بیشینهٔ هر سطر را از آن کم کنید: زیان همان "
        "می‌ماند و بزرگ‌ترین نما 0 می‌شود.",
    },
)

INFO = AssignmentInfo(
    id="linear_classifiers",
    version="2025.1",
    title={
        "en": "Linear classifiers: distances, SVM and softmax",
        "fa": "دسته‌بندهای خطی: فاصله‌ها، SVM و softmax",
    },
    questions=(
        Question("distances", {"en": "Distances between images", "fa": "فاصلهٔ میان تصویرها"}),
        Question("svm", {"en": "Multiclass SVM loss", "fa": "زیان SVM چندکلاسه"}),
        Question("softmax", {"en": "Softmax loss", "fa": "زیان softmax"}),
        Question("training", {"en": "Training", "fa": "آموزش"}),
    ),
    max_score=24.0,
    due="2025-12-01T23:59:00+03:30",
)


def spec(
    name: str,
    question: str,
    points: float,
    title: Text,
    visibility: Visibility = Visibility.VISIBLE,
    *requires: str,
) -> CheckSpec:
    """One collected check of the sample assignment."""
    return CheckSpec(
        id=f"test_{question}.py::test_{name}",
        title=title,
        question=question,
        visibility=visibility,
        points=points,
        requires=tuple(f"test_{question}.py::test_{other}" for other in requires),
    )


def _distances() -> tuple[CheckResult, ...]:
    return (
        CheckResult(
            spec(
                "l1_worked_example",
                "distances",
                2,
                {
                    "en": "The L1 distance of the course's 4x4 images is 456",
                    "fa": "فاصلهٔ L1 تصویرهای 4x4 درس برابر 456 است",
                },
            ),
            Outcome.PASSED,
            2.0,
            0.0021,
        ),
        CheckResult(
            spec(
                "l1_of_bytes",
                "distances",
                2,
                {
                    "en": "L1 distances of `uint8` images do not wrap around",
                    "fa": "فاصلهٔ L1 تصویرهای `uint8` سرریز نمی‌کند",
                },
            ),
            Outcome.FAILED,
            0.0,
            0.0112,
            FailureDetails(
                message={
                    "en": "`l1_distances(X, Y)` gives other values than expected at 4 of 6 places.",
                    "fa": "تابع `l1_distances(X, Y)` در 4 جا از 6 جا مقدار دیگری می‌دهد.",
                },
                call="l1_distances(X, Y)",
                expected="[[ 40.  12.]\n [300. 251.]\n [  7. 510.]]",
                got="[[ 40.  12.]\n [212. 261.]\n [249.   2.]]",
                where="[1, 0]",
                error="max |got - expected| = 508, relative 34.6",
                example="X = np.array([[10, 20], [250, 60], [3, 0]], dtype=np.uint8)\n"
                "Y = np.array([[0, 50], [5, 255]], dtype=np.uint8)",
                hint={
                    "en": "What is `np.uint8(3) - np.uint8(5)`?",
                    "fa": "حاصل `np.uint8(3) - np.uint8(5)` چیست؟",
                },
            ),
        ),
        CheckResult(
            spec(
                "no_loops_agrees",
                "distances",
                2,
                {
                    "en": "The version without loops agrees with the one with two loops",
                    "fa": "نسخهٔ بدون حلقه با نسخهٔ دوحلقه‌ای یکی است",
                },
                Visibility.AFTER_DUE_DATE,
            ),
            Outcome.PASSED,
            2.0,
            0.04,
        ),
    )


def _svm() -> tuple[CheckResult, ...]:
    gradient = {
        "en": "The gradient of the SVM loss agrees with the numeric one",
        "fa": "گرادیان زیان SVM با گرادیان عددی یکی است",
    }
    return (
        CheckResult(
            spec(
                "value",
                "svm",
                3,
                {
                    "en": "The worked example gives 2.9, 0 and 12.9, mean 5.27",
                    "fa": "مثال حل‌شدهٔ درس 2.9، 0 و 12.9 و میانگین 5.27 را می‌دهد",
                },
            ),
            Outcome.PARTIAL,
            1.5,
            0.003,
            FailureDetails(
                message={
                    "en": "The loss is 1 too large: it also counts the true class.",
                    "fa": "زیان 1 واحد بزرگ‌تر است: کلاس درست هم در جمع آمده است.",
                },
                call="svm_loss_naive(W, X, y, 0.0)",
                expected="5.266666666666667",
                got="6.266666666666667",
                error="max |got - expected| = 1, relative 0.19",
                printed="margins: [1.  2.9 0. ]\nmargins: [0. 1. 0.]\n",
            ),
        ),
        CheckResult(
            spec("gradient", "svm", 3, gradient),
            Outcome.ERROR,
            0.0,
            0.002,
            FailureDetails(
                message={
                    "en": "Your code raised `ValueError`: operands could not be broadcast together "
                    "with shapes (3,4) (4,3).",
                    "fa": "کد شما خطای `ValueError` داد: operands could not be broadcast together "
                    "with shapes (3,4) (4,3).",
                },
                call="svm_loss_vectorized(W, X, y, 0.1)",
                traceback='File "linear_classifiers.py", line 48, in svm_loss_vectorized\n'
                "    dW += 2 * reg * W.T\n"
                "ValueError: operands could not be broadcast together with shapes (3,4) (4,3)",
                example="W = np.zeros((3, 4))\nX = np.ones((1, 3))\ny = np.array([0])",
                printed="\x1b[31mshapes\x1b[0m (3, 4) (4, 3)\n",
            ),
        ),
        CheckResult(
            spec(
                "random_batches",
                "svm",
                2,
                {
                    "en": "Gradients of random batches agree",
                    "fa": "گرادیان دسته‌های تصادفی درست است",
                },
                Visibility.VISIBLE,
                "gradient",
            ),
            Outcome.NOT_RUN,
            0.0,
            0.0,
            FailureDetails(
                text(
                    "Not run: it builds on the check “{name}”, which did not pass.",
                    name="The gradient of the SVM loss agrees with the numeric one",
                )
            ),
        ),
        CheckResult(
            spec(
                "input_unchanged",
                "svm",
                1,
                {"en": "SECRET-TITLE-A: the inputs stay unchanged", "fa": "SECRET-TITLE-A"},
                Visibility.HIDDEN,
            ),
            Outcome.FAILED,
            0.0,
            0.001,
            FailureDetails(message={"en": "SECRET-MESSAGE-A", "fa": "SECRET-MESSAGE-A"}),
        ),
    )


def _softmax() -> tuple[CheckResult, ...]:
    return (
        CheckResult(
            spec(
                "start",
                "softmax",
                2,
                {
                    "en": "With `W = 0` the loss is the logarithm of the number of classes",
                    "fa": "با `W = 0` زیان برابر لگاریتم تعداد کلاس‌هاست",
                },
            ),
            Outcome.PASSED,
            2.0,
            0.002,
        ),
        CheckResult(
            spec(
                "shift",
                "softmax",
                3,
                {
                    "en": "Adding a constant to every score leaves the loss unchanged",
                    "fa": "افزودن عددی ثابت به همهٔ امتیازها زیان را تغییر نمی‌دهد",
                },
            ),
            Outcome.FAILED,
            0.0,
            0.34,
            FailureDetails(
                message={
                    "en": "The loss must be a finite number, and it is `nan`.",
                    "fa": "زیان باید عددی متناهی باشد، ولی `nan` است.",
                },
                call="softmax_loss(W, X, y, 0.0)",
                expected="1.0986122886681098",
                got="nan",
                example="W = np.full((2, 3), 512.0)\nX = np.array([[1.0, 1.0]])\ny = np.array([0])",
                hint={
                    "en": "How large may an argument of `np.exp` be?",
                    "fa": "آرگومان `np.exp` تا چه اندازه می‌تواند بزرگ باشد؟",
                },
            ),
            SHIFT,
        ),
        CheckResult(
            spec(
                "large_scores",
                "softmax",
                1,
                {"en": "Large scores do not overflow", "fa": "امتیازهای بزرگ سرریز نمی‌کنند"},
            ),
            Outcome.FAILED,
            0.0,
            0.01,
            FailureDetails(
                message={
                    "en": "2 of 3 losses differ.",
                    "fa": "2 زیان از 3 زیان متفاوت است.",
                },
                call="softmax_loss(W, X, y, 0.0)",
                expected="[0.69314718 0.         1.25      ]",
                got="[       nan        nan 1.25      ]",
                where="[0]",
            ),
            SHIFT,
        ),
    )


def _training() -> tuple[CheckResult, ...]:
    return (
        CheckResult(
            spec(
                "accuracy",
                "training",
                4,
                {
                    "en": "Mini-batch SGD reaches 90 % accuracy on held-out digits",
                    "fa": "SGD دسته‌ای روی رقم‌های کنارگذاشته به دقت 90 درصد می‌رسد",
                },
            ),
            Outcome.TIMEOUT,
            0.0,
            10.0,
            FailureDetails(
                message={
                    "en": "The call took longer than 10 seconds and was stopped.",
                    "fa": "فراخوانی بیش از 10 ثانیه طول کشید و متوقف شد.",
                },
                call="LinearClassifier().train(X, y)",
            ),
        ),
        CheckResult(
            spec(
                "other_seed",
                "training",
                1,
                {"en": "SECRET-TITLE-B", "fa": "SECRET-TITLE-B"},
                Visibility.AFTER_PUBLISHED,
            ),
            Outcome.PASSED,
            1.0,
            1.2,
        ),
    )


@pytest.fixture
def sample() -> Grade:
    """A graded submission: 13 checks, 26 points, 10.5 earned."""
    return sample_grade()


def sample_grade() -> Grade:
    """What the fixture `sample` gives, for scripts that want to look at a report."""
    checks = (*_distances(), *_svm(), *_softmax(), *_training())
    return Grade(
        assignment=INFO,
        submission_id="student-07",
        submission_sha256="9f2c" * 16,
        status=Status.GRADED,
        score=sum(check.points for check in checks),
        max_score=sum(check.spec.points for check in checks),
        seconds=12.3456,
        checks=checks,
        environment=Environment("3.11.9", "2.4.1", None, "0.1.0", 231, Isolation.FULL),
        notes=(
            {
                "en": "Cell 5 does not parse (line 3) and was passed over.",
                "fa": "سلول 5 از نظر نحوی درست نیست (سطر 3) و کنار گذاشته شد.",
            },
        ),
    )


@pytest.fixture
def ungradable(sample: Grade) -> Grade:
    """A submission that could not be read."""
    return replace(
        sample,
        status=Status.UNGRADABLE,
        score=0.0,
        checks=(),
        notes=(),
        message={
            "en": "The notebook `hw1.ipynb` is empty (0 bytes). Save it in Jupyter and submit it "
            "again.",
            "fa": "دفترچهٔ `hw1.ipynb` خالی است (0 بایت). آن را در Jupyter ذخیره کنید و دوباره "
            "بفرستید.",
        },
    )


@pytest.fixture
def poisoned(sample: Grade) -> Callable[[str], Grade]:
    """Give the sample with one text in everything that a student's code or files can reach."""

    def poison(payload: str) -> Grade:
        words = {"en": payload, "fa": payload}
        bilingual = ("message", "hint")
        details = FailureDetails(
            **{f.name: words if f.name in bilingual else payload for f in fields(FailureDetails)}
        )
        checks = tuple(
            result if result.outcome is Outcome.PASSED else replace(result, details=details)
            for result in sample.checks
        )
        return replace(sample, checks=checks, submission_id=payload, notes=(words,), message=words)

    return poison
