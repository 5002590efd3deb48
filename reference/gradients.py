"""Numeric gradients and gradient checks (slides s.74-84).

Everything here works on a float64 copy of x, so neither an array of integers nor a function that
writes into its argument can spoil a check. A function may return a number, or an array together
with an upstream gradient of its shape; the gradient is then that of sum(upstream * f(x)).

    forward   (f(x + h) - f(x)) / h              error O(h)     the slides' definition
    central   (f(x + h) - f(x - h)) / 2h         error O(h^2)
    complex   Im f(x + ih) / h                   error O(h^2), no subtraction: h may be 1e-20

The first two cost one and two evaluations for each input. `directional_check` costs two for each
direction, however many inputs there are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reference.arrays import (
    FloatArray,
    as_float_array,
    check_count,
    check_positive,
    check_same_shape,
)

Function: TypeAlias = Callable[[NDArray[Any]], ArrayLike]

JACOBIAN_ENTRIES = 10_000_000


def forward_difference(
    f: Function, x: ArrayLike, *, h: float = 1e-5, upstream: ArrayLike | None = None
) -> FloatArray:
    """Return (f(x + h e_j) - f(x)) / h for each input j, in the shape of x (s.74-80).

    The slides take h = 1e-4 on s.74 and 1e-5 in the code of s.80.
    Raises ValueError: h <= 0, f not in float64 or not finite, an upstream of another shape.
    """
    point, weigh = _start(f, x, h, upstream)
    base = _values(f(point.copy()))
    return _each_input(point, lambda step: weigh(_values(f(point + step)) - base) / h, h)


def central_difference(
    f: Function, x: ArrayLike, *, h: float = 1e-5, upstream: ArrayLike | None = None
) -> FloatArray:
    """Return (f(x + h e_j) - f(x - h e_j)) / 2h for each input j, in the shape of x.

    Raises ValueError: h <= 0, f not in float64 or not finite, an upstream of another shape.
    """
    point, weigh = _start(f, x, h, upstream)
    return _each_input(
        point,
        lambda step: weigh(_values(f(point + step)) - _values(f(point - step))) / (2 * h),
        h,
    )


def complex_step(
    f: Function, x: ArrayLike, *, h: float = 1e-20, upstream: ArrayLike | None = None
) -> FloatArray:
    """Return Im f(x + ih e_j) / h for each input j: exact to rounding (Squire and Trapp, 1998).

    f must accept complex numbers and be analytic: no abs, max, comparison or conjugate in it.
    Raises ValueError: h <= 0, f that drops the imaginary part, an upstream of another shape.
    """
    point, weigh = _start(f, x, h, upstream)

    def slope(step: FloatArray) -> float:
        values = np.asarray(f(point + 1j * step))
        if not np.iscomplexobj(values):
            raise ValueError(
                f"f must return complex numbers for a complex step, got dtype {values.dtype}: "
                "remove conversions to float, abs and max, or use central_difference"
            )
        return weigh(values.imag) / h

    return _each_input(point, slope, h)


def jacobian(f: Function, x: ArrayLike, *, h: float = 1e-5) -> FloatArray:
    """Return J[i, j] = d f_i / d x_j by central differences, of shape f(x).shape + x.shape.

    For small inputs: a layer of 4096 units already has 16,777,216 entries (s.128).
    Raises ValueError: more than 10 million entries, h <= 0, f not in float64 or not finite.
    """
    point, _ = _start(f, x, h, None, scalar=False)
    shape = _values(f(point.copy())).shape
    entries = point.size * int(np.prod(shape))
    if entries > JACOBIAN_ENTRIES:
        raise ValueError(
            f"a full Jacobian may have {JACOBIAN_ENTRIES} entries, got {entries}: "
            "use directional_check, which needs none of them"
        )
    columns = np.empty((point.size, *shape))
    step = np.zeros_like(point)
    for j in range(point.size):
        step.flat[j] = h
        columns[j] = (_values(f(point + step)) - _values(f(point - step))) / (2 * h)
        step.flat[j] = 0
    return np.moveaxis(columns, 0, -1).reshape(shape + point.shape)


def relative_error(first: ArrayLike, second: ArrayLike, *, floor: float = 1e-8) -> float:
    """Return max |a - b| / max(floor, |a| + |b|) over all entries: 0 for equal, at most 1.

    The measure of the CS231n notebooks that the course follows; `floor` keeps two zeros from
    being 0/0 and two tiny numbers from counting. In float64, below 1e-7 is right, above 1e-4 is
    wrong unless a kink is near.
    Raises ValueError: arrays of different shapes (they would broadcast), NaN or infinity.
    """
    a, b = as_float_array(first, "first"), as_float_array(second, "second")
    check_same_shape(b, "second", a.shape, "first")
    return float(np.max(np.abs(a - b) / np.maximum(floor, np.abs(a) + np.abs(b))))


@dataclass(frozen=True)
class DirectionalCheck:
    """What `directional_check` found, in the direction where the two slopes differ most.

    `error` is |analytic - numeric| / max(|gradient|, |numeric|): a slope that is small because
    its terms cancel is not held against the gradient. `passed` allows `rtol` and the rounding of
    f. `kink` says that f bends within the step, so that no difference quotient can be trusted
    there; it is looked for only where the check fails.
    """

    analytic: float
    numeric: float
    error: float
    kink: bool
    evaluations: int
    passed: bool


def directional_check(
    f: Function,
    x: ArrayLike,
    gradient: ArrayLike,
    *,
    rng: np.random.Generator,
    upstream: ArrayLike | None = None,
    directions: int = 2,
    h: float = 1e-5,
    rtol: float = 1e-6,
) -> DirectionalCheck:
    """Compare <gradient, v> with (f(x + hv) - f(x - hv)) / 2h in a few random directions v.

    Two evaluations a direction, whatever the size of x; seven more where it fails, to tell a kink
    from a wrong gradient. |v_j| is drawn from [0.5, 1.5] with a random sign: no input is left
    out, and two errors do not cancel.
    Raises ValueError: a gradient not in the shape of x, and what `central_difference` refuses.
    """
    check_count(directions, "directions")
    point, weigh = _start(f, x, h, upstream)
    analytic_gradient = as_float_array(gradient, "gradient")
    check_same_shape(analytic_gradient, "gradient", point.shape, "x")
    size = float(np.linalg.norm(analytic_gradient))
    worst, worst_direction, passed = (0.0, 0.0, -1.0), point, True
    for _ in range(directions):
        u = rng.uniform(-1, 1, point.shape)
        v = u + np.copysign(0.5, u)
        analytic = float(np.vdot(analytic_gradient, v))
        right, left = _values(f(point + h * v)), _values(f(point - h * v))
        numeric = weigh(right - left) / (2 * h)
        scale = max(size, abs(numeric), np.finfo(np.float64).tiny)
        error = abs(analytic - numeric) / scale
        passed &= error * scale <= rtol * scale + _rounding(right, upstream) / (2 * h)
        if error > worst[2]:
            worst, worst_direction = (analytic, numeric, error), v
    kink = not passed and has_kink(f, point, worst_direction, h=h, upstream=upstream)
    evaluations = 2 * directions + (0 if passed else 7)
    return DirectionalCheck(*worst, kink=kink, evaluations=evaluations, passed=passed)


def has_kink(
    f: Function,
    x: ArrayLike,
    direction: ArrayLike,
    *,
    h: float = 1e-5,
    upstream: ArrayLike | None = None,
    rtol: float = 1e-5,
) -> bool:
    """Tell whether f bends sharply within h of x along `direction` (ReLU at 0, a hinge, a tie).

    D(h), the slope to the right minus the slope to the left, is h f'' for a smooth f and so halves
    with h; at a kink it does not. Steps h, h/2 and h/4 are compared, since one pair alone is blind
    to a kink at distance h/3. A kink that is missed moves a central difference by less than
    about `rtol` of the slope. Seven evaluations.
    """
    point, weigh = _start(f, x, h, upstream)
    v = as_float_array(direction, "direction")
    check_same_shape(v, "direction", point.shape, "x")
    base = _values(f(point.copy()))
    bends, largest_slope = [], 0.0
    for step in (h, h / 2, h / 4):
        right = weigh(_values(f(point + step * v)) - base) / step
        left = weigh(base - _values(f(point - step * v))) / step
        bends.append(right - left)
        largest_slope = max(largest_slope, abs(right), abs(left))
    unevenness = max(abs(bends[1] - bends[0] / 2), abs(bends[2] - bends[1] / 2))
    return bool(unevenness > rtol * largest_slope + _rounding(base, upstream) / (h / 4))


def kinked_inputs(
    f: Function, x: ArrayLike, *, h: float = 1e-5, upstream: ArrayLike | None = None
) -> NDArray[np.bool_]:
    """Return, in the shape of x, which inputs stand at a kink of f: leave them out of a check.

    Seven evaluations for each input.
    """
    point, _ = _start(f, x, h, upstream)
    kinked = np.zeros(point.shape, np.bool_)
    for j in range(point.size):
        direction = np.zeros_like(point)
        direction.flat[j] = 1
        kinked.flat[j] = has_kink(f, point, direction, h=h, upstream=upstream)
    return kinked


def _start(
    f: Function, x: ArrayLike, h: float, upstream: ArrayLike | None, *, scalar: bool = True
) -> tuple[FloatArray, Callable[[FloatArray], float]]:
    """Return x in float64, and the function that turns a change of f(x) into a number."""
    check_positive(h, "h")
    point = as_float_array(x, "x").astype(np.float64)
    weights = None if upstream is None else as_float_array(upstream, "upstream")

    def weigh(change: FloatArray) -> float:
        if weights is not None:
            check_same_shape(weights, "upstream", change.shape, "f(x)")
            return float(np.vdot(weights, change))
        if change.size != 1:
            raise ValueError(
                f"f must return one number, got shape {change.shape}: "
                "pass an upstream gradient of that shape, or use jacobian"
            )
        return float(change.reshape(()))

    return point, weigh


def _values(result: ArrayLike) -> FloatArray:
    """Return f's result as float64, refusing precisions that a small step would drown in."""
    array = np.asarray(result)
    if array.dtype in (np.float16, np.float32):
        raise ValueError(
            f"f must compute in float64, got dtype {array.dtype}: a step of 1e-5 is lost in its "
            "rounding; convert parameters and data to float64 for the check"
        )
    return as_float_array(array, "f(x)")


def _rounding(values: FloatArray, upstream: ArrayLike | None) -> float:
    """Return how far rounding of f may move the weighed difference of two of its values."""
    weight = 1.0 if upstream is None else float(np.linalg.norm(np.asarray(upstream)))
    return 16 * float(np.finfo(np.float64).eps * np.abs(values).max()) * weight


def _each_input(point: FloatArray, slope: Callable[[FloatArray], float], h: float) -> FloatArray:
    """Return slope(h e_j) for each input j, in the shape of `point`."""
    gradient, step = np.zeros_like(point), np.zeros_like(point)
    for j in range(point.size):
        step.flat[j] = h
        gradient.flat[j] = slope(step)
        step.flat[j] = 0
    return gradient
