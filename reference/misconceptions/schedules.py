"""Wrong learning-rate schedules."""

import math

import numpy as np

from reference import schedules as right
from reference.misconceptions.catalogue import Array, Call, Component, call


def _steps(rng: np.random.Generator) -> list[Call]:
    initial, factor = float(rng.uniform(0.1, 1)), float(rng.uniform(0.3, 0.6))
    return [call(initial, t, every=4, factor=factor) for t in (2, 3, 7, 9)]


def _times(rng: np.random.Generator) -> list[Call]:
    initial, k = float(rng.uniform(0.1, 1)), float(rng.uniform(0.2, 0.6))
    return [call(initial, t, k=k) for t in (2, 3, 7)]


def _cosines(rng: np.random.Generator) -> list[Call]:
    initial, final = float(rng.uniform(0.5, 1)), float(rng.uniform(0.01, 0.1))
    return [call(initial, t, total=10, final=final) for t in (2, 3, 7, 13)]


STEP = Component("step_decay", right.step_decay, _steps)
EXPONENTIAL = Component("exponential_decay", right.exponential_decay, _times)
INVERSE = Component("inverse_time_decay", right.inverse_time_decay, _times)
COSINE = Component("cosine_decay", right.cosine_decay, _cosines)


@STEP.wrong(
    "not_floored",
    "D50, s.239",
    "The rate falls all the time instead of in steps",
    "Between two steps it stays: factor ** floor(t / every).",
    "نرخ به جای پله‌ای، پیوسته کم می‌شود",
    "میان دو پله ثابت است: `factor ** floor(t / every)`.",
)
def _not_floored(initial: float, t: float, *, every: int, factor: float = 0.5) -> Array:
    return initial * factor ** (t / every)


@STEP.wrong(
    "every_step",
    "D50, s.239",
    "The rate is multiplied at every t",
    "Only every `every` epochs: factor ** floor(t / every).",
    "نرخ در هر t ضرب شده است",
    "فقط هر `every` دور یک بار: `factor ** floor(t / every)`.",
)
def _every_step(initial: float, t: float, *, every: int, factor: float = 0.5) -> Array:
    return initial * factor**t


@STEP.wrong(
    "linear",
    "D50",
    "The rate is multiplied by the number of steps instead of once for each",
    "After n steps it is initial * factor ** n.",
    "نرخ به جای n بار ضرب، در n ضرب شده است",
    "پس از n پله برابر `initial * factor ** n` است.",
)
def _linear(initial: float, t: float, *, every: int, factor: float = 0.5) -> Array:
    return initial * factor * max(1, math.floor(t / every))


@STEP.wrong(
    "one_early",
    "D50",
    "The steps come one epoch too early",
    "t counts the finished epochs from 0: floor(t / every), not floor((t + 1) / every).",
    "پله‌ها یک دور زود می‌آیند",
    "t دورهای پایان‌یافته را از 0 می‌شمارد: `floor(t / every)`، نه `floor((t + 1) / every)`.",
)
def _one_early(initial: float, t: float, *, every: int, factor: float = 0.5) -> Array:
    return initial * factor ** math.floor((t + 1) / every)


@EXPONENTIAL.wrong(
    "grows",
    "D50, s.239",
    "The minus in the exponent is missing",
    "The rate falls: initial * e^(-k t).",
    "علامت منفی در نما نیامده است",
    "نرخ کم می‌شود: `initial * e^(-k t)`.",
)
def _grows(initial: float, t: float, *, k: float) -> Array:
    return initial * math.exp(k * t)


@EXPONENTIAL.wrong(
    "k_as_base",
    "D50, s.239",
    "k is taken as the factor of one step",
    "k stands in the exponent: e^(-k t); the factor of one step is e^-k.",
    "k ضریب هر گام گرفته شده است",
    "k در نما می‌آید: `e^(-k t)`؛ ضریب هر گام `e^-k` است.",
)
def _k_as_base(initial: float, t: float, *, k: float) -> Array:
    return initial * k**t


@EXPONENTIAL.wrong(
    "k_and_t_confused",
    "D50, s.239",
    "t is divided by k",
    "k is a rate, not a time: e^(-k t).",
    "t بر k تقسیم شده است",
    "k نرخ است نه زمان: `e^(-k t)`.",
)
def _k_and_t_confused(initial: float, t: float, *, k: float) -> Array:
    return initial * math.exp(-t / k)


@EXPONENTIAL.wrong(
    "time_missing",
    "D50, s.239",
    "The time is left out",
    "The exponent is -k t; without t the rate never changes.",
    "زمان به حساب نیامده است",
    "نما `-k t` است؛ بدون t نرخ هرگز تغییر نمی‌کند.",
)
def _time_missing(initial: float, t: float, *, k: float) -> Array:
    return initial * math.exp(-k)


@INVERSE.wrong(
    "one_missing",
    "D50, s.239",
    "The 1 in the denominator is missing",
    "initial / (1 + k t): at t = 0 it is the initial rate.",
    "عدد 1 در مخرج نیامده است",
    "`initial / (1 + k t)`: در `t = 0` همان نرخ آغازین است.",
)
def _one_missing(initial: float, t: float, *, k: float) -> Array:
    return initial / (k * t)


@INVERSE.wrong(
    "k_missing",
    "D50, s.239",
    "k is left out",
    "initial / (1 + k t): k says how fast the rate falls.",
    "k به حساب نیامده است",
    "`initial / (1 + k t)`: k می‌گوید نرخ با چه تندی کم می‌شود.",
)
def _k_missing(initial: float, t: float, *, k: float) -> Array:
    return initial / (1 + t)


@INVERSE.wrong(
    "compounded",
    "D50, s.239",
    "The rate is divided by 1 + k once for each step",
    "That is exponential decay; here it is initial / (1 + k t).",
    "نرخ در هر گام یک بار بر `1 + k` تقسیم شده است",
    "این کاهش نمایی است؛ این‌جا `initial / (1 + k t)` است.",
)
def _compounded(initial: float, t: float, *, k: float) -> Array:
    return initial / (1 + k) ** t


@COSINE.wrong(
    "rises_again",
    "D50",
    "After `total` the rate rises again",
    "The decay ends there: take min(t, total).",
    "پس از `total` نرخ دوباره بالا می‌رود",
    "کاهش آن‌جا پایان می‌یابد: min(t, total) بگیرید.",
)
def _rises_again(initial: float, t: float, *, total: float, final: float = 0.0) -> Array:
    return final + (initial - final) * (1 + math.cos(math.pi * t / total)) / 2


@COSINE.wrong(
    "final_ignored",
    "D50",
    "The rate falls to 0 instead of to `final`",
    "Only the part above it decays: `final + (initial - final) * (1 + cos(pi t / total)) / 2`.",
    "نرخ به جای `final` تا 0 کم می‌شود",
    "فقط بخش بالای آن کم می‌شود: `final + (initial - final) * (1 + cos(pi t / total)) / 2`.",
)
def _final_ignored(initial: float, t: float, *, total: float, final: float = 0.0) -> Array:
    return right.cosine_decay(initial, t, total=total)


@COSINE.wrong(
    "half_missing",
    "D50",
    "The 1/2 is missing",
    "1 + cos lies between 0 and 2: halve it, or training starts at twice the rate.",
    "ضریب `1/2` نیامده است",
    "`1 + cos` میان 0 و 2 است: نصف کنید، وگرنه آموزش با نرخ دو برابر آغاز می‌شود.",
)
def _half_missing(initial: float, t: float, *, total: float, final: float = 0.0) -> Array:
    return final + 2 * (right.cosine_decay(initial, t, total=total, final=final) - final)


SCHEDULES = (STEP, EXPONENTIAL, INVERSE, COSINE)
